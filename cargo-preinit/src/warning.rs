//! What is sound in a bake, but may not be intended.

use crate::emit::stubs::ReachedStub;
use crate::guest::answers::named;
use crate::impurity::{Effect, Tainted};
use crate::options::{AllowedImpurity, WarningKind};
use crate::run::{AnsweredCalls, LeftLazy, Site, Step, Through, WasiWarning};
use crate::scrub::HeapKept;
use crate::shown;

/// Something that is sound, but may not be intended.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// About init's use of WASI.
    Wasi {
        /// What init did.
        warning: WasiWarning,
        /// The steps that did, in the order in which they ran. Empty for what init left open or closed.
        by: Vec<Asker>,
        /// What of the baked state follows from the answers.
        effect: Effect,
    },
    /// Init had keys of hash maps made, and Rust's standard library has no random numbers on its target.
    HashKeys {
        /// The steps that did, in the order in which they ran.
        by: Vec<Asker>,
    },
    /// A memory holds a secret, or a text of the build machine, that init left there.
    Leak {
        /// What it is.
        what: String,
        /// Where it is.
        parts: Vec<Tainted>,
    },
    /// An item was left for run time.
    LeftLazy(LeftLazy),
    /// [`BakeOptions::allow_impure`](crate::BakeOptions::allow_impure) names an item that no warning is about.
    AllowUnused(AllowedImpurity),
    /// Init called an import that the options answer.
    Answered(AnsweredCalls),
    /// No export of the baked module gives the host a function that still does something.
    NothingToCall {
        /// Whether `_start`, the whole program, was an init function.
        is_program: bool,
    },
    /// Calls of these exports run an init function again.
    RunsAgain {
        /// The init function's export.
        init: String,
        /// The exports, by their names in the baked module.
        exports: Vec<String>,
    },
    /// An init function stays exported: hosts bind the instance that has it as a whole, or another item needs its type.
    InitKept(String),
    /// These custom sections were left out, since they describe code positions that have changed.
    LeftOut(Vec<String>),
    /// Functions that the baked module has in place of imports, and that can still be reached.
    Stubs(Vec<ReachedStub>),
    /// The heap could not be scrubbed.
    HeapKept(HeapKept),
    /// A program that loads the compiled module has to enable these settings of wasmtime, which are off by default.
    ToEnable(Vec<&'static str>),
}

/// A step of init that asked WASI for what a warning is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// The step; `None` for the instantiation of a component.
    pub step: Option<Step>,
    /// The core instance, in a component.
    pub place: Option<String>,
    /// Where in the guest the first calls were made, each place once.
    pub sites: Vec<Site>,
}

impl std::fmt::Display for Asker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.step {
            Some(step) => write!(f, "in {step}")?,
            None => f.write_str("in the component's start")?,
        }
        write!(f, "{}", places(self.step.as_ref(), &self.sites))
    }
}

/// The functions that these places are in, and what they went through, as ` by A and B, through C`.
pub(crate) fn places(step: Option<&Step>, sites: &[Site]) -> String {
    let name = step.map(Step::name);
    let is_step = |function: &str| name.as_deref() == Some(function);
    let mut functions: Vec<&str> = Vec::new();
    for function in sites.iter().filter_map(|site| site.function.as_deref()) {
        if !is_step(function) && !functions.contains(&function) {
            functions.push(function);
        }
    }
    let functions: Vec<String> = functions
        .into_iter()
        .map(|name| shown::name(name).to_string())
        .collect();
    let mut text = match functions.is_empty() {
        true => String::new(),
        false => format!(" by {}", functions.join(" and ")),
    };
    if let Some(through) = sites.iter().find_map(|site| site.through) {
        text.push_str(&format!(", through {through}"));
    }
    text
}

/// The steps that asked, as a part of a sentence.
fn all(by: &[Asker]) -> String {
    /// If many steps did, the first few show that.
    const SHOWN: usize = 3;
    let shown: Vec<String> = by.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = match by.len().saturating_sub(SHOWN) {
        0 => String::new(),
        1 => ", and in 1 more step".to_owned(),
        more => format!(", and in {more} more steps"),
    };
    match shown.is_empty() {
        true => String::new(),
        false => format!(", {}{more}", shown.join(", and ")),
    }
}

/// What follows from the answers: a line for each part.
fn write_effect(f: &mut std::fmt::Formatter<'_>, effect: &Effect) -> std::fmt::Result {
    match effect {
        Effect::Unknown => Ok(()),
        Effect::Fails(how) => write!(f, "; with other answers init fails: {}", shown::text(how)),
        Effect::State(parts) => write_parts(f, parts),
    }
}

/// Parts of the state, a line for each.
fn write_parts(f: &mut std::fmt::Formatter<'_>, parts: &[Tainted]) -> std::fmt::Result {
    /// The first few show where it is.
    const SHOWN: usize = 5;
    for part in parts.iter().take(SHOWN) {
        write!(f, "\n  - {part}")?;
    }
    match parts.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(f, "\n  - and {more} more"),
    }
}

impl Warning {
    /// What to do about it, where the text does not say that.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        let (warning, by) = match self {
            Self::Wasi { warning, by, .. } => (warning, by),
            Self::HashKeys { .. } => {
                let line = "where their keys come from outside, a hasher that the host seeds is safe from chosen collisions; where they do not, a \
                            `BTreeMap` or a hasher without keys says that nothing depends on them";
                return vec![line.to_owned()];
            }
            Self::LeftLazy(left) => return left.cause.help().map(str::to_owned).into_iter().collect(),
            Self::Leak { .. } => {
                let line = "read it at run time, or keep it in a `preinit_guest::PerInstance`; `--allow-impure 'ITEM=REASON'` if it may be there";
                return vec![line.to_owned()];
            }
            _ => return Vec::new(),
        };
        let mut sites = by.iter().flat_map(|asker| &asker.sites);
        let at_run_time = "move what must differ between instances out of what runs at build time";
        let lines: &[&str] = match warning {
            WasiWarning::Random if sites.any(|site| site.through == Some(Through::HashKeys)) => &[
                "a `HashMap` or `HashSet` of std draws keys once it is made, and here they are the same in every instance: where its keys \
                 come from outside, make it at run time; else a `BTreeMap`, or a hasher without random keys, draws none",
                at_run_time,
            ],
            WasiWarning::Clock { reads: 0, .. } => &["nothing that waits has to run at build time"],
            WasiWarning::Random => &[
                "if these are the keys of std's hash maps, a build with names and without `lto = \"fat\"` shows it, and has each instance draw \
                 its own",
                at_run_time,
            ],
            WasiWarning::Clock { .. } | WasiWarning::Arguments(_) | WasiWarning::Input(_) => &[at_run_time],
            WasiWarning::Environment(_) => &[
                "`--env` says what init is shown; after `preinit_guest::reset_environment()`, an instance asks its own host for later reads",
                at_run_time,
            ],
            WasiWarning::Directories(_) => &["`--dir` says what init is shown", at_run_time],
            WasiWarning::LeftOpen(_) => &["close it before init ends"],
            WasiWarning::Closed(_) => &["leave it open"],
        };
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    /// What kind of warning it is.
    #[must_use]
    pub fn kind(&self) -> WarningKind {
        match self {
            Self::Wasi { warning, .. } => match warning {
                WasiWarning::Random => WarningKind::Random,
                WasiWarning::Clock { .. } => WarningKind::Clock,
                WasiWarning::Environment(_) => WarningKind::Environment,
                WasiWarning::Arguments(_) => WarningKind::Arguments,
                WasiWarning::Directories(_) => WarningKind::Directories,
                WasiWarning::Input(_) => WarningKind::Stdin,
                WasiWarning::LeftOpen(_) => WarningKind::LeftOpen,
                WasiWarning::Closed(_) => WarningKind::Closed,
            },
            Self::HashKeys { .. } => WarningKind::HashKeys,
            Self::Leak { .. } => WarningKind::Leaks,
            Self::LeftLazy(_) => WarningKind::LeftLazy,
            Self::AllowUnused(_) => WarningKind::AllowUnused,
            Self::Answered(_) => WarningKind::AnsweredImport,
            Self::NothingToCall { .. } => WarningKind::NothingToCall,
            Self::RunsAgain { .. } => WarningKind::RunsAgain,
            Self::InitKept(_) => WarningKind::InitKept,
            Self::LeftOut(_) => WarningKind::LeftOut,
            Self::Stubs(_) => WarningKind::StubReached,
            Self::HeapKept(_) => WarningKind::HeapKept,
            Self::ToEnable(_) => WarningKind::ToEnable,
        }
    }
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wasi { warning, by, effect } => {
                write!(f, "{}{}: {}", warning.deed(), all(by), warning.consequence())?;
                write_effect(f, effect)
            }
            Self::Leak { what, parts } => {
                write!(
                    f,
                    "the baked module holds {}, for whoever has the file to read",
                    shown::line(what)
                )?;
                write_parts(f, parts)
            }
            Self::LeftLazy(LeftLazy {
                item, place, cause, ..
            }) => {
                write!(f, "{} is left for run time", Step::Item(item.clone()))?;
                if let Some(place) = place {
                    write!(f, " in {place}")?;
                }
                write!(f, ": at build time it {cause}")
            }
            Self::AllowUnused(AllowedImpurity { item, reason }) => write!(
                f,
                "`--allow-impure` names {} ({}), and no warning is about that",
                shown::name(item),
                shown::line(reason)
            ),
            Self::HashKeys { by } => write!(
                f,
                "init made hash maps with std's keys (`RandomState`){}: without random numbers on this target these follow from addresses, \
                 and are the same in every instance, baked or not",
                all(by)
            ),
            Self::Answered(AnsweredCalls {
                module,
                name,
                answer,
                calls,
                is_asked_for: false,
            }) => write!(
                f,
                "init called the import {} ({calls}x), which answers with {} while a module is baked: each instance sees what init made \
                 of that",
                named(module, name),
                shown::line(answer)
            ),
            Self::Answered(AnsweredCalls {
                module,
                name,
                answer,
                calls,
                is_asked_for: true,
            }) => write!(
                f,
                "init called the import {} ({calls}x), which was answered with {} by `--import`: each instance sees what init made \
                 of that",
                named(module, name),
                shown::line(answer)
            ),
            Self::NothingToCall { is_program } => {
                f.write_str("the baked module exports no function that its host could call: ")?;
                f.write_str(if *is_program {
                    "`_start` is the program itself, and has run; export a function that does the init alone, and name that \
                     with `--init-func`"
                } else {
                    "export what is to be called after init"
                })
            }
            Self::RunsAgain { init, exports } => {
                /// If many exports call init, the first few show that.
                const SHOWN: usize = 3;
                let shown = shown::names(&exports[..exports.len().min(SHOWN)]);
                let more = match exports.len().saturating_sub(SHOWN) {
                    0 => String::new(),
                    more => format!(" (and {more} more)"),
                };
                write!(
                    f,
                    "{}, which has run in the bake, runs again where the host calls {shown}{more}, unless it looks whether it \
                     has run: let it set a flag, and return at once where that is set",
                    shown::name(init)
                )
            }
            Self::HeapKept(reason) => write!(f, "nothing of the heap was scrubbed: {reason}"),
            Self::InitKept(call) => write!(
                f,
                "{} stays exported, since hosts bind an exported instance as a whole, or another export needs its type",
                shown::name(call)
            ),
            Self::Stubs(stubs) => {
                f.write_str("what stands for these imports can still be reached:")?;
                stubs.iter().try_for_each(|stub| write!(f, "\n  - {stub}"))
            }
            Self::LeftOut(sections) => {
                write!(
                    f,
                    "left out of the baked module, since what it says of the code would be wrong there: {}",
                    shown::names(sections)
                )
            }
            Self::ToEnable(methods) => {
                write!(
                    f,
                    "what loads the compiled module has to enable in its `wasmtime::Config`: {}",
                    shown::names(methods)
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker(step: Option<&str>, functions: &[&str], through: Option<Through>) -> Asker {
        let sites = functions.iter().map(|function| Site {
            function: (!function.is_empty()).then(|| (*function).to_owned()),
            through,
            ..Site::default()
        });
        Asker {
            step: step.map(|name| Step::Function(name.to_owned())),
            place: None,
            sites: sites.collect(),
        }
    }

    fn check(by: Vec<Asker>, expected: &str) {
        let warning = WasiWarning::Random;
        let end = format!(": {}", warning.consequence());
        let text = Warning::Wasi {
            warning,
            by,
            effect: Effect::Unknown,
        }
        .to_string();
        let text = text
            .strip_prefix("init drew random numbers")
            .and_then(|text| text.strip_suffix(&end));
        assert_eq!(text, Some(expected));
    }

    #[test]
    fn who_asked() {
        check(Vec::new(), "");
        check(vec![asker(Some("a"), &["a"], None)], ", in `a`");
        check(vec![asker(None, &[""], None)], ", in the component's start");
        check(
            vec![asker(Some("a"), &["f", "g", "f", ""], Some(Through::HashKeys))],
            ", in `a` by `f` and `g`, through std's hash keys (`RandomState`)",
        );
        let many = ["a", "b", "c", "d\u{1b}"].map(|name| asker(Some(name), &[], None));
        check(many[..2].to_vec(), ", in `a`, and in `b`");
        check(
            many.to_vec(),
            ", in `a`, and in `b`, and in `c`, and in 1 more step",
        );
        check(many[3..].to_vec(), ", in `d\\u{1b}`");
    }
}
