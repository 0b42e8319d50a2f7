//! What `--import` promises about the guest's imports, which have no provider at build time: what a function returns, or that a
//! memory is fresh (all zeros, and no other import's as well).
//!
//! **In** a guest and the options. **Out** [`Answers`], by index. **Refuses** a name that matches no import or matches
//! different ones, and an answer that does not fit the kind of import.
//!
//! An import is named `MODULE.NAME`. Both parts may contain dots, so a name is not split: it is compared with the whole name
//! of each import. If a module imports the same `NAME` several times, the answer applies to all of these imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use wasmparser::ValType;

use crate::call::value;
use crate::guest::index::{FunctionIndex, MemoryIndex};
use crate::guest::wiring::Function;
use crate::guest::{Around, GuestModule, Import, ImportKind, Node};
use crate::options::{AnsweredImport, AnsweringModule, ImportAnswer};
use crate::shown;
use crate::snapshot::Value;

mod error;
mod known;
mod provided;

pub use error::AnswerError;
pub(crate) use error::named;
use provided::exported;
pub(crate) use provided::written as written_type;

/// The answers that the options give for imports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answers {
    /// The imported functions whose answer is given.
    functions: BTreeMap<FunctionIndex, FunctionAnswer>,
    /// The imported functions that answer by themselves where nothing else does.
    known: BTreeMap<FunctionIndex, FunctionAnswer>,
    /// The imported memories that are promised to be fresh.
    pub(super) fresh: BTreeSet<MemoryIndex>,
    /// Whether a function of WASI's has another name.
    pub(crate) takes_wasi: bool,
}

/// What a call of an imported function comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FunctionAnswer {
    /// It returns zeros.
    Zero,
    /// It returns this value. The text is the user's.
    Const(String, Value),
    /// It stops init.
    Trap,
    /// It does what this function of WASI preview 1 does.
    Wasi(String),
    /// It does what this module's exported function does.
    Module(AnsweringModule, String),
    /// It grows the memory to as many bytes as its argument says, and returns whether it has.
    Grow,
}

impl fmt::Display for FunctionAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero => f.write_str("zero"),
            Self::Const(text, _) => f.write_str(text),
            Self::Trap => f.write_str("trap"),
            Self::Wasi(function) => write!(f, "wasi:{function}"),
            Self::Module(module, export) => write!(f, "{}:{export}", module.file),
            Self::Grow => f.write_str("a larger memory"),
        }
    }
}

impl Answers {
    /// The answer of an imported function, if one is given.
    pub(crate) fn of_function(&self, function: FunctionIndex) -> Option<&FunctionAnswer> {
        self.functions.get(&function)
    }

    /// The answer of an imported function that is known to do no harm, where neither an option nor an embedder answers.
    pub(crate) fn known(&self, function: FunctionIndex) -> Option<&FunctionAnswer> {
        self.known.get(&function)
    }

    /// The modules that answer.
    pub(crate) fn modules(&self) -> impl Iterator<Item = &AnsweringModule> {
        self.functions.values().filter_map(|answer| match answer {
            FunctionAnswer::Module(module, _) => Some(module),
            _ => None,
        })
    }

    /// As [`known`](Self::known), for any import.
    pub(crate) fn known_of(&self, kind: ImportKind) -> Option<&FunctionAnswer> {
        match kind {
            ImportKind::Function(index) => self.known(index),
            ImportKind::Table(_) | ImportKind::Memory(_) | ImportKind::Global(_) | ImportKind::Tag(_) => None,
        }
    }

    /// The answer for an import, if the options give one.
    fn of(&self, kind: ImportKind) -> Option<ImportAnswer> {
        match kind {
            ImportKind::Function(index) => self.of_function(index).map(|answer| match answer {
                FunctionAnswer::Zero | FunctionAnswer::Grow => ImportAnswer::Zero,
                FunctionAnswer::Const(text, _) => ImportAnswer::Const(text.clone()),
                FunctionAnswer::Trap => ImportAnswer::Trap,
                FunctionAnswer::Wasi(function) => ImportAnswer::Wasi(function.clone()),
                FunctionAnswer::Module(module, _) => ImportAnswer::Module(module.clone()),
            }),
            ImportKind::Memory(index) => self.fresh.contains(&index).then_some(ImportAnswer::Fresh),
            ImportKind::Table(_) | ImportKind::Global(_) | ImportKind::Tag(_) => None,
        }
    }

    /// The imports that have an answer, as `MODULE.NAME`, each with its answer.
    pub(crate) fn given(guest: &Node<'_>) -> BTreeMap<String, ImportAnswer> {
        let answered = guest.imports.iter().filter_map(|import| {
            let answer = guest.answers.of(import.kind)?;
            Some((written(import.module, import.name), answer))
        });
        answered.collect()
    }
}

impl Answers {
    /// Adds the answer of a function.
    fn add(
        &mut self,
        guest: &GuestModule<'_>,
        asked: &AnsweredImport,
        import: &Import<'_>,
        function: FunctionIndex,
    ) -> Result<(), AnswerError> {
        let (module, name) = (import.module.to_owned(), import.name.to_owned());
        let results = guest.signature(function).map_or(&[][..], |ty| ty.results());
        let answer = match &asked.answer {
            ImportAnswer::Zero if !has_zero(guest, function) => {
                return Err(AnswerError::NoZero { module, name });
            }
            ImportAnswer::Zero => FunctionAnswer::Zero,
            ImportAnswer::Const(text) => {
                let number = match results {
                    [ty] if !ty.is_reference_type() => value(*ty, text),
                    _ => None,
                };
                let Some(number) = number else {
                    let results = results.iter().map(ToString::to_string).collect::<Vec<String>>();
                    return Err(AnswerError::NoConst {
                        module,
                        name,
                        text: text.clone(),
                        results: match results.is_empty() {
                            true => "nothing".to_owned(),
                            false => format!("`({})`", results.join(" ")),
                        },
                    });
                };
                FunctionAnswer::Const(text.clone(), number)
            }
            ImportAnswer::Trap | ImportAnswer::Fresh => FunctionAnswer::Trap,
            ImportAnswer::Wasi(named) => {
                self.takes_wasi = true;
                FunctionAnswer::Wasi(named.clone())
            }
            ImportAnswer::Module(answering) => exported(guest, import, function, answering)?,
        };
        self.functions.insert(function, answer);
        Ok(())
    }
}

/// The option that gives an import this answer, quoted for a shell; `None` if [`resolve`] would refuse it.
pub(crate) fn option(guest: &Node<'_>, module: &str, name: &str, answer: ImportAnswer) -> Option<String> {
    let asked = AnsweredImport {
        import: written(module, name),
        answer,
    };
    resolve(guest, &asked, &mut Answers::default()).ok()?;
    Some(format!(
        "--import {}",
        shell_word(&format!("{}={}", asked.import, asked.answer))
    ))
}

/// The name of an import as `MODULE.NAME`.
fn written(module: &str, name: &str) -> String {
    format!("{module}.{name}")
}

/// The name of a function that a component imports: `INTERFACE.NAME`, or `NAME` for one that is in no interface.
pub(crate) fn written_in_component(interface: &str, name: &str) -> String {
    match interface {
        "" => name.to_owned(),
        interface => written(interface, name),
    }
}

/// Whether a component imports a function of this name, which can answer with zero.
pub(super) fn resolve_in_component(around: &Around<'_>, asked: &AnsweredImport) -> Result<(), AnswerError> {
    let imports = imported_functions(around).into_iter();
    let imports: Vec<String> = imports
        .map(|(module, name)| written_in_component(&module, &name))
        .collect();
    match asked.answer {
        ImportAnswer::Zero | ImportAnswer::Trap if imports.iter().any(|name| asked.matches(name)) => Ok(()),
        ImportAnswer::Zero | ImportAnswer::Trap => Err(not_among(asked, imports)),
        ImportAnswer::Const(_) | ImportAnswer::Wasi(_) | ImportAnswer::Module(_) => {
            Err(AnswerError::OfComponent {
                name: asked.import.clone(),
            })
        }
        // Components import no memories.
        ImportAnswer::Fresh => Err(not_among(asked, Vec::new())),
    }
}

/// The functions of the host that a component can call, by module and name.
fn imported_functions(around: &Around<'_>) -> BTreeSet<(String, String)> {
    let made = around.wiring.made.iter().filter_map(|made| match &made.what {
        Ok(Function::Host(path)) => path.split_last(),
        Ok(Function::Lifted(_)) | Err(_) => None,
    });
    made.map(|(name, path)| {
        (
            path.last().copied().unwrap_or_default().to_owned(),
            (*name).to_owned(),
        )
    })
    .collect()
}

/// The option by which a function that a component imports answers with zero.
pub(crate) fn option_of_component(around: &Around<'_>, module: &str, name: &str) -> Option<String> {
    let is_known = imported_functions(around).contains(&(module.to_owned(), name.to_owned()));
    let word = shell_word(&format!(
        "{}={}",
        written_in_component(module, name),
        ImportAnswer::Zero
    ));
    is_known.then(|| format!("--import {word}"))
}

/// Adds an answer for the imports that a pattern matches and that it is for.
pub(super) fn resolve_pattern(
    guest: &Node<'_>,
    asked: &AnsweredImport,
    answers: &mut Answers,
) -> Result<(), AnswerError> {
    let mut is_found = false;
    for import in &guest.imports {
        let name = written(import.module, import.name);
        if !asked.matches(&name) || !is_for(&asked.answer, import.kind) {
            continue;
        }
        is_found = true;
        match import.kind {
            ImportKind::Function(index) => answers.add(guest, asked, import, index)?,
            _ => resolve(
                guest,
                &AnsweredImport {
                    import: name,
                    answer: asked.answer.clone(),
                },
                answers,
            )?,
        }
    }
    match is_found {
        true => Ok(()),
        false => Err(no_import(guest, asked)),
    }
}

pub(super) fn resolve(
    guest: &Node<'_>,
    asked: &AnsweredImport,
    answers: &mut Answers,
) -> Result<(), AnswerError> {
    let named: Vec<&Import<'_>> = guest
        .imports
        .iter()
        .filter(|import| written(import.module, import.name) == asked.import)
        .collect();
    // Imports that the answer fits take precedence: a function and a memory may have the same name.
    let fitting: Vec<&Import<'_>> = named
        .iter()
        .copied()
        .filter(|import| is_for(&asked.answer, import.kind))
        .collect();
    let candidates = if fitting.is_empty() { named } else { fitting };
    let Some(first) = candidates.first() else {
        return Err(no_import(guest, asked));
    };
    let (module, name) = (first.module.to_owned(), first.name.to_owned());
    let different: BTreeSet<(&str, &str)> = candidates
        .iter()
        .map(|import| (import.module, import.name))
        .collect();
    if different.len() > 1 {
        let different = different.into_iter();
        return Err(AnswerError::Ambiguous {
            asked: asked.import.clone(),
            imports: different
                .map(|(module, name)| (module.to_owned(), name.to_owned()))
                .collect(),
        });
    }
    let is_twice = candidates.len() > 1;
    for import in candidates {
        match (&asked.answer, import.kind) {
            (
                ImportAnswer::Zero
                | ImportAnswer::Const(_)
                | ImportAnswer::Trap
                | ImportAnswer::Wasi(_)
                | ImportAnswer::Module(_),
                ImportKind::Function(index),
            ) => {
                answers.add(guest, asked, import, index)?;
            }
            (ImportAnswer::Fresh, ImportKind::Memory(_)) if is_twice => {
                return Err(AnswerError::ImportedTwice { module, name });
            }
            (ImportAnswer::Fresh, ImportKind::Memory(index)) if guest.external.is_placed(index) => {
                return Err(AnswerError::Placed { module, name });
            }
            (ImportAnswer::Fresh, ImportKind::Memory(index)) => {
                answers.fresh.insert(index);
            }
            (answer, kind) => {
                let others = [ImportAnswer::Zero, ImportAnswer::Fresh].into_iter();
                let other = others.filter(|other| is_for(other, kind));
                let option = other
                    .filter_map(|other| option(guest, &module, &name, other))
                    .next();
                return Err(AnswerError::OtherKind {
                    module,
                    name,
                    kind: kind.word(),
                    answer: Box::new(answer.clone()),
                    option,
                });
            }
        }
    }
    Ok(())
}

/// Whether the answer can be that of an import of this kind.
fn is_for(answer: &ImportAnswer, kind: ImportKind) -> bool {
    match answer {
        ImportAnswer::Zero
        | ImportAnswer::Const(_)
        | ImportAnswer::Trap
        | ImportAnswer::Wasi(_)
        | ImportAnswer::Module(_) => {
            matches!(kind, ImportKind::Function(_))
        }
        ImportAnswer::Fresh => matches!(kind, ImportKind::Memory(_)),
    }
}

/// Whether every result of a function has a zero value; a non-nullable reference has none.
fn has_zero(guest: &GuestModule<'_>, function: FunctionIndex) -> bool {
    let results = guest.signature(function).map_or(&[][..], |ty| ty.results());
    results
        .iter()
        .all(|ty| !matches!(ty, ValType::Ref(ty) if !ty.is_nullable()))
}

fn no_import(guest: &GuestModule<'_>, asked: &AnsweredImport) -> AnswerError {
    let answerable = guest.imports.iter();
    let answerable = answerable.filter(|import| is_for(&asked.answer, import.kind));
    let mut imports: Vec<String> = Vec::new();
    for import in answerable {
        let name = written(import.module, import.name);
        if !imports.contains(&name) {
            imports.push(name);
        }
    }
    not_among(asked, imports)
}

fn not_among(asked: &AnsweredImport, imports: Vec<String>) -> AnswerError {
    let similar = imports
        .iter()
        .map(|name| (strsim::levenshtein(&asked.import, name), name))
        .min()
        .filter(|(distance, _)| *distance <= asked.import.len() / 3)
        .map(|(_, name)| name.clone());
    AnswerError::NoImport {
        asked: asked.import.clone(),
        similar,
        imports,
    }
}

/// Quotes a text as one word of a shell. A text with characters that could control a terminal is written as `$'…'`, which
/// bash, ksh and zsh share.
fn shell_word(text: &str) -> String {
    if shown::line(text) == text {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut word = String::from("$'");
    for c in text.chars() {
        if c.is_ascii_graphic() && !matches!(c, '\'' | '\\') {
            word.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                // Always three octal digits, since another digit may follow.
                word.push_str(&format!("\\{byte:03o}"));
            }
        }
    }
    word.push('\'');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_for_a_shell() {
        assert_eq!(shell_word("a.H=zero"), "'a.H=zero'");
        assert_eq!(shell_word("it's `$x` é=zero"), r"'it'\''s `$x` é=zero'");
        assert_eq!(shell_word("a\u{1b}'1 é"), r"$'a\033\0471\040\303\251'");
    }
}
