//! Why an import cannot be answered as asked.

use std::borrow::Cow;
use std::fmt;

use crate::options::ImportAnswer;
use crate::shown;

/// Why an import cannot be answered as asked.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerError {
    /// No import has this name.
    NoImport {
        /// What was asked for, as `MODULE.NAME`.
        asked: String,
        /// An import whose name is close.
        similar: Option<String>,
        /// The imports that the answer fits, as `MODULE.NAME`.
        imports: Vec<String>,
    },
    /// Different imports have this name, such as `c` of module `a.b` and `b.c` of module `a`.
    Ambiguous {
        /// What was asked for, as `MODULE.NAME`.
        asked: String,
        /// Module and name of each.
        imports: Vec<(String, String)>,
    },
    /// The answer does not fit the kind of import.
    OtherKind {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
        /// The kind of import.
        kind: &'static str,
        /// The answer.
        answer: Box<ImportAnswer>,
        /// The option with the answer that fits the import, if there is one.
        option: Option<String>,
    },
    /// The memory is imported twice. Both imports may be the same memory, so neither is fresh.
    ImportedTwice {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// An imported global decides where the module's data goes in the memory, so its contents are unknown at build time.
    Placed {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// The function does not return one number that the text is.
    NoConst {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
        /// The text.
        text: String,
        /// What it returns.
        results: String,
    },
    /// A function of a component has no such answer.
    OfComponent {
        /// The import's name.
        name: String,
    },
    /// The function that is to answer does not fit.
    NotAnswering {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
        /// Why not.
        what: String,
    },
    /// The function returns a non-nullable reference, which has no zero value.
    NoZero {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
}

/// Module and name of an import, quoted for messages. What the world of a component imports has no module.
pub(crate) fn named(module: &str, name: &str) -> String {
    match module {
        "" => shown::name(name).to_string(),
        module => format!("{} {}", shown::name(module), shown::name(name)),
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoImport { asked, similar, .. } => {
                write!(
                    f,
                    "there is no import {} that could be answered",
                    shown::name(asked)
                )?;
                match similar {
                    Some(similar) => write!(f, "; did you mean {}?", shown::name(similar)),
                    None => Ok(()),
                }
            }
            Self::Ambiguous { asked, imports } => {
                let imports = imports.iter().map(|(module, name)| named(module, name));
                write!(
                    f,
                    "{} can be meant for each of the imports {}",
                    shown::name(asked),
                    imports.collect::<Vec<_>>().join(" and ")
                )
            }
            Self::OtherKind {
                module,
                name,
                kind,
                answer,
                ..
            } => write!(
                f,
                "the import {} is a {kind}, and `{answer}` is an answer for {}",
                named(module, name),
                answer.subject()
            ),
            Self::ImportedTwice { module, name } => write!(
                f,
                "the memory {} is imported twice, and a memory that is another import as well is not fresh",
                named(module, name)
            ),
            Self::Placed { module, name } => write!(
                f,
                "data goes to the memory {} at a place that an imported global says, so what it holds when the module starts is \
                 not known at build time, however fresh it is",
                named(module, name)
            ),
            Self::NoConst {
                module,
                name,
                text,
                results,
            } => write!(
                f,
                "the import {} returns {results}, which {} is none of",
                named(module, name),
                shown::name(text)
            ),
            Self::OfComponent { name } => write!(
                f,
                "the import {} is a component's, which can answer with zeros, or stop init",
                shown::name(name)
            ),
            Self::NotAnswering { module, name, what } => write!(
                f,
                "the import {} cannot be answered as asked: {what}",
                named(module, name)
            ),
            Self::NoZero { module, name } => write!(
                f,
                "the import {} returns a reference that is never null, of which there is no zero",
                named(module, name)
            ),
        }
    }
}

impl AnswerError {
    /// What to do about it.
    pub(crate) fn help(&self) -> Cow<'static, str> {
        /// How many imports the help lists at most.
        const SHOWN: usize = 10;
        match self {
            Self::NoImport { imports, .. } if imports.is_empty() => {
                "the module imports nothing that could be answered".into()
            }
            Self::NoImport { imports, .. } => {
                let more = match imports.len().saturating_sub(SHOWN) {
                    0 => String::new(),
                    more => format!(", and {more} more"),
                };
                let shown = shown::names(&imports[..imports.len().min(SHOWN)]);
                format!("name one of the module's imports: {shown}{more}").into()
            }
            Self::Ambiguous { .. } => "give one of them another name in the module".into(),
            Self::ImportedTwice { .. } => "import it once".into(),
            Self::Placed { .. } => {
                "let the linker place the data: link without `-shared` or `-pie` (Emscripten: without `-sSIDE_MODULE` and \
                 `-sMAIN_MODULE`)"
                    .into()
            }
            Self::OtherKind {
                option: Some(option), ..
            } => format!("what can be said of it is `{option}`").into(),
            Self::OtherKind { option: None, .. } => {
                "let the module define it, or keep it out of what runs at build time".into()
            }
            Self::NoConst { .. } => "give one number of that type, as in `--import 'env.level=const:3'`".into(),
            Self::OfComponent { .. } => "give it `zero` or `trap`".into(),
            Self::NotAnswering { .. } => {
                "name a function of the same type: one of WASI preview 1 (`wasi:fd_write`), or an export of a module that imports nothing \
                 (`FILE.wasm:EXPORT`)"
                    .into()
            }
            Self::NoZero { .. } => "keep the call out of what runs at build time".into(),
        }
    }
}
