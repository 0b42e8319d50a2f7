//! Advice for a run that was stopped: by its cause, and by what init had asked WASI for.

use super::error::{Cause, RunError, Step, Stopped};
use super::wasi::asked::WasiUse;
use super::wasi::is_wasi;
use crate::guest::javascript::is_javascript;
use crate::guest::wasi_interface;
use crate::instrument::ExternalPlace;
use crate::refusal::Space;
use crate::shown;

const POSITION_INDEPENDENT: &str = "the module is position-independent, so its loader decides where its data and functions go: link \
     it as a program of its own, without `-shared` or `-pie` (Emscripten: without `-sSIDE_MODULE` and `-sMAIN_MODULE`)";

impl Stopped {
    /// What the user can do about it: an entry for each piece of advice.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        let of_cause = match &self.cause {
            Cause::Timeout(_) => self.wait(),
            Cause::External(_) if self.linking.is_position_independent => {
                Some(POSITION_INDEPENDENT.to_owned())
            }
            Cause::Import { module, .. } if is_javascript(module) => Some(
                "let it be made when it is first needed, or in a function that `#[wasm_bindgen(start)]` marks, which runs in each \
                 instance once JavaScript is there"
                    .to_owned(),
            ),
            Cause::Import { module, .. } if !is_wasi(module) => self.option.as_ref().map(|option| {
                format!(
                    "call it after start-up, keep the call out of what runs at build time, or have it do nothing and answer with \
                     zero there: `{option}`"
                )
            }),
            Cause::Import { module, .. } if self.is_wasi_allowed => Some(match wasi_interface(module) {
                Some(_) => "a bake provides no such function of WASI: call it after start-up, or let init do without".to_owned(),
                None => {
                    "WASI preview 1 has no function of that name and type: call it after start-up, or let init do without".to_owned()
                }
            }),
            Cause::Exit(code) if *code != 0 => Some(match self.output.is_empty() {
                true => "init itself ended with that code, and printed nothing that says why".to_owned(),
                false => "init itself ended with that code: what it printed says why".to_owned(),
            }),
            _ => None,
        };
        let of_cause = of_cause.or_else(|| self.cause.help().map(str::to_owned));
        let lines = of_cause
            .into_iter()
            .chain(self.renamed())
            .chain(self.leave())
            .chain(self.promise());
        lines.chain(self.missing_file()).collect()
    }

    /// Advice for an import whose name was shortened: which function of WASI's it may be.
    fn renamed(&self) -> Option<String> {
        /// How many functions are named at most.
        const SHOWN: usize = 3;
        let options = self.renamed.get(..self.renamed.len().min(SHOWN))?;
        let options: Vec<String> = options.iter().map(|option| format!("`{option}`")).collect();
        let options = match &options[..] {
            [] => return None,
            [only] => only.clone(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        };
        Some(format!(
            "if Emscripten has renamed a function of WASI's, by its type this may be {options}"
        ))
    }

    /// Advice for an item that called an import: the option that leaves it for run time.
    fn leave(&self) -> Option<String> {
        let is_denied = matches!(
            (&self.step, &self.cause),
            (Step::Item(_), Cause::Import { .. } | Cause::Forbidden { .. })
        );
        is_denied
            .then(|| "`--on-denied=leave-lazy` leaves the item for run time, and bakes the others".to_owned())
    }

    /// Advice for an external memory: the option that promises that it is zeroed and not shared.
    fn promise(&self) -> Option<String> {
        match (&self.cause, &self.option) {
            (Cause::External(_), Some(option)) => Some(format!(
                "if every host hands in a memory that is all zeros, and to no other instance, promise that: `{option}`"
            )),
            _ => None,
        }
    }

    /// Advice for an init that timed out and read or waited for the clock very often.
    fn wait(&self) -> Option<String> {
        /// Code that only measures time reads the clock a few times.
        const MANY: u64 = 10_000;
        let WasiUse {
            clock_reads: reads,
            clock_waits: waits,
            ..
        } = self.asked;
        (reads.saturating_add(waits) >= MANY).then(|| {
            format!(
                "init seems to wait for the clock, which it read {reads} times and waited for {waits} times: time in a bake is \
                 virtual, and moves only by what is waited for and by 1 us at each reading; keep the wait out of what runs at \
                 build time, or give it longer with `--timeout SECONDS`, if it does end"
            )
        })
    }

    /// Advice for an init that failed, possibly because it did not find a file.
    fn missing_file(&self) -> Option<String> {
        let text = match &self.cause {
            Cause::Panic(text) | Cause::Failed(text) => text.as_str(),
            Cause::Exit(code) if *code != 0 => "",
            Cause::Status(_) | Cause::Trap(_) | Cause::Unset | Cause::Exception => "",
            Cause::Import { .. }
            | Cause::Forbidden { .. }
            | Cause::External(_)
            | Cause::Unsupported(_)
            | Cause::NoMemory
            | Cause::Exit(_)
            | Cause::Unreadable { .. }
            | Cause::Timeout(_)
            | Cause::Memory(_)
            | Cause::Tables(_)
            | Cause::Machine(_)
            | Cause::Stack(_)
            | Cause::Output(_) => return None,
        };
        let named = [text, &self.output].into_iter().find_map(named_by_std);
        let missing: Vec<String> = self.asked.missing.iter().cloned().chain(named).collect();
        match (missing.as_slice(), self.asked.directories.as_deref()) {
            ([], Some([])) => Some(
                "init asked for directories, and is shown none: if it looks for files, show it a directory with `--dir HOST::GUEST`"
                    .to_owned(),
            ),
            ([], _) => None,
            (missing, _) => Some(format!(
                "init looked for {}: show it a directory with `--dir HOST::GUEST`",
                shown::names(missing)
            )),
        }
    }
}

/// The file that Rust's std looked for. std used to give up without a call to WASI where no directory was open, and named the file
/// in its error; it no longer does.
fn named_by_std(text: &str) -> Option<String> {
    let (_, rest) = text.rsplit_once("pre-opened file descriptor through which ")?;
    // The debug output of the error escapes the quotes.
    let rest = rest.trim_start_matches('\\').strip_prefix('"')?;
    let (name, _) = rest.split_once('"')?;
    Some(name.trim_end_matches('\\').to_owned())
}

impl RunError {
    /// What the user can do about it: an entry for each piece of advice.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        let help = match self {
            Self::Compile(_)
            | Self::Setup(_)
            | Self::NoStandIn(_)
            | Self::NoZero(_)
            | Self::HostFunctions(_)
            | Self::HostFunctionType { .. }
            | Self::Bug(_) => return Vec::new(),
            Self::Answering { .. } => {
                "have it ask for less, or allow more with `--max-memory` and `--max-table-elements`; its start function must not trap"
            }
            Self::Dir { .. } => "check the part before the `::` of `--dir HOST::GUEST`",
            Self::Arguments { .. } => {
                "give the arguments as WAVE text, as in `--init-func 'load(\"en\", [1, 2], some(true))'`"
            }
            Self::ForeignObject => "let the instance that makes it hold it",
            Self::Winch(_) => "use `--compiler auto`, which compiles with Cranelift what Winch does not take",
            Self::TooManyFields(_) => "let init keep smaller objects, or keep the data in a memory",
            Self::NoStack(_) => "allow less with `--max-stack BYTES`",
            Self::Descriptor(_) => "build the guest with the same version of `preinit-guest` throughout",
            Self::Stopped(stopped) => return stopped.help(),
        };
        vec![help.to_owned()]
    }
}

impl Cause {
    /// What the user can do about it, if there is advice.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Import { module, .. } if is_wasi(module) => Some(
                "allow WASI with `--allow-wasi` (its clock and random numbers are fixed), or let init do without",
            ),
            Self::Import { module, .. } if module == "wasm:js-string" => Some(
                "strings of JavaScript do not exist at build time: let init leave them for the first call that needs one",
            ),
            Self::Import { .. } | Self::Forbidden { .. } => {
                Some("call it after start-up, or keep the call out of what runs at build time")
            }
            Self::External(ExternalPlace::Tag { .. }) => {
                Some("let the module define the tag, or keep the exception out of what runs at build time")
            }
            Self::External(ExternalPlace::Reference { .. }) => Some(
                "what the host refers to, such as a string constant of JavaScript, does not exist at build time: let init hand it \
                     on without looking into it, or look into it after start-up",
            ),
            Self::External(place) => Some(match place.space() {
                Some(Space::Memory) => {
                    "let the module define its memory and export it: link without `--import-memory` (Emscripten: without \
                     `-sIMPORTED_MEMORY`; AssemblyScript: without `--importMemory`), or keep it out of what runs at build time"
                }
                Some(Space::Table) => {
                    "let the module define its table and export it: link without `--import-table`, or keep it out of what runs \
                     at build time"
                }
                _ => "let the module define it, or keep it out of what runs at build time",
            }),
            Self::Unsupported(function) if function.is_legacy_exception => Some(
                "convert the module with `wasm-opt --emit-exnref`, or keep the function out of what runs at build time",
            ),
            Self::Unsupported(_) => Some("keep the function out of what runs at build time"),
            Self::Status(_) => Some("take any result with `--init-result ignore`, if it is no status"),
            Self::NoMemory => {
                Some("let the module export its memory as `memory`, or let init do without WASI")
            }
            Self::Exit(0) => Some("let init return instead"),
            Self::Unreadable { .. } => Some(
                "make it a file or a directory that can be read, or show init a directory without it: what is so on this \
                 machine only must not be so in every instance",
            ),
            Self::Timeout(_) => Some("give it longer with `--timeout SECONDS`, if it does end"),
            Self::Memory(_) => Some("allow more with `--max-memory BYTES`"),
            Self::Tables(_) => Some("allow more with `--max-table-elements N`"),
            Self::Machine(_) => Some("let init use less memory, or bake on a machine that has more"),
            Self::Stack(_) => Some("allow more with `--max-stack BYTES`, if the recursion does end"),
            Self::Output(_) => Some("allow more with `--max-output BYTES`"),
            Self::Exit(_)
            | Self::Trap(_)
            | Self::Panic(_)
            | Self::Failed(_)
            | Self::Unset
            | Self::Exception => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::named_by_std;

    #[test]
    fn the_file_is_found_in_what_std_says() {
        let display =
            "failed to find a pre-opened file descriptor through which \"data/x.json\" could be opened";
        assert_eq!(named_by_std(display).as_deref(), Some("data/x.json"));
        let debug = format!(
            "panicked at src/lib.rs:1:1:\nError: Custom {{ kind: Uncategorized, error: {display:?} }}"
        );
        assert_eq!(named_by_std(&debug).as_deref(), Some("data/x.json"));
        assert_eq!(
            named_by_std("failed to find a pre-opened file descriptor through which "),
            None
        );
        assert_eq!(named_by_std("No such file or directory"), None);
    }
}
