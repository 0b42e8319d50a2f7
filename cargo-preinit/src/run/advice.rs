//! What to do about a run that was stopped, by its cause and by what init had asked until then.

use super::trap::{Cause, Stopped, is_wasi};
use super::wasi::WasiUse;
use crate::shown;

const POSITION_INDEPENDENT: &str = "the module is position-independent, so its loader decides where its data and functions go: link \
     it as a program of its own, without `-shared` or `-pie` (Emscripten: without `-sSIDE_MODULE` and `-sMAIN_MODULE`)";

impl Stopped {
    /// What to do about it, a line each.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        let of_cause = match &self.cause {
            Cause::Timeout(_) => self.wait(),
            Cause::External(_) if self.linking.is_position_independent => {
                Some(POSITION_INDEPENDENT.to_owned())
            }
            Cause::Import { module, .. } if !is_wasi(module) => self.option.as_ref().map(|option| {
                format!(
                    "call it after start-up, keep the call out of what runs at build time, or have it do nothing and answer with \
                     zero there: `{option}`"
                )
            }),
            Cause::Import { .. } if self.is_wasi_allowed => Some(
                "WASI preview 1 has no function of that name and type: call it after start-up, or let init do without".to_owned(),
            ),
            Cause::Exit(code) if *code != 0 => Some(match self.output.is_empty() {
                true => "init itself ended with that code, and printed nothing that says why".to_owned(),
                false => "init itself ended with that code: what it printed says why".to_owned(),
            }),
            _ => None,
        };
        let of_cause = of_cause.or_else(|| self.cause.help().map(str::to_owned));
        let lines = of_cause.into_iter().chain(self.promise());
        lines.chain(self.missing_file()).collect()
    }

    /// What there is to promise of an imported memory.
    fn promise(&self) -> Option<String> {
        match (&self.cause, &self.option) {
            (Cause::External(_), Some(option)) => Some(format!(
                "if every host hands in a memory that is all zeros, and to no other instance, promise that: `{option}`"
            )),
            _ => None,
        }
    }

    /// What there is to say of an init that did little else than ask for the time.
    fn wait(&self) -> Option<String> {
        /// Whoever measures something reads the clock a few times.
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

    /// What there is to say of an init that failed, and may have done so for want of a file.
    fn missing_file(&self) -> Option<String> {
        let text = match &self.cause {
            Cause::Panic(text) | Cause::Failed(text) => text.as_str(),
            Cause::Exit(code) if *code != 0 => "",
            Cause::Status(_) | Cause::Trap(_) | Cause::Unset | Cause::Exception => "",
            Cause::Import { .. }
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

/// What Rust's std looked for: for long it gave up without a call to WASI where no directory is open, and named the file in its
/// error. Today it names nothing.
fn named_by_std(text: &str) -> Option<String> {
    let (_, rest) = text.rsplit_once("pre-opened file descriptor through which ")?;
    // In the debug output of the error the quotes are escaped.
    let rest = rest.trim_start_matches('\\').strip_prefix('"')?;
    let (name, _) = rest.split_once('"')?;
    Some(name.trim_end_matches('\\').to_owned())
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
