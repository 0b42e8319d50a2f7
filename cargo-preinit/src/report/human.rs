//! Prints events as lines in cargo's style, with a spinner if standard error is a terminal.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::{Event, Observer, figures};
use crate::cargo::workspace::TARGET_WITHOUT_WASI;
use crate::clock::Progress;
use crate::image::Mapping;
use crate::pipeline::{Adapter, BakeReport};
use crate::run::{RunSummary, Step};
use crate::shell::{Color, Shell, Verbosity};
use crate::text::size;
use crate::verify::Compared;
use crate::{init, shown};

/// Prints events to a shell.
#[derive(Debug)]
pub struct Human {
    shell: Shell,
    spinner: Option<ProgressBar>,
}

impl Human {
    /// An observer that prints to `shell`.
    #[must_use]
    pub fn new(shell: Shell) -> Self {
        Self { shell, spinner: None }
    }

    /// Shows that a bake goes on: on a terminal with a spinner and what init is running, else with one line.
    fn baking(&mut self, module: &str, progress: &Progress) {
        if !std::io::stderr().is_terminal() {
            self.shell.status("Baking", module);
            return;
        }
        if self.shell.verbosity() == Verbosity::Quiet {
            return;
        }
        let progress = progress.clone();
        let step = move |_: &ProgressState, text: &mut dyn std::fmt::Write| {
            if let Some(step) = progress.step() {
                // Nothing can be done where the terminal takes no text.
                let _ = write!(text, ": {}", shown::line(&step));
            }
        };
        let spinner = ProgressBar::new_spinner();
        let template = match self.shell.color() {
            Color::Auto | Color::Always => "{spinner:>12.green} {msg}{step} ({elapsed})",
            Color::Never => "{spinner:>12} {msg}{step} ({elapsed})",
        };
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        spinner.set_style(style.with_key("step", step));
        spinner.set_message(format!("baking {}", shown::line(module)));
        spinner.enable_steady_tick(Duration::from_millis(100));
        self.spinner = Some(spinner);
    }

    fn stop_spinning(&mut self) {
        if let Some(spinner) = self.spinner.take() {
            spinner.finish_and_clear();
        }
    }

    fn baked(&self, module: &str, target: Option<&str>, report: &BakeReport, output: &str) {
        if self.shell.verbosity() == Verbosity::Verbose {
            for item in &report.run.items {
                self.shell
                    .status("Ran", &format!("{} in {}", item.step, time(item.elapsed)));
                for (verb, text) in figures::lines(item) {
                    self.shell.status(verb, &text);
                }
            }
            for resume in &report.run.resumes {
                let item = Step::Item(resume.item.clone());
                self.shell
                    .status("Left", &format!("{item} to each instance, when it is entered"));
            }
            for source in &report.harmless {
                self.shell.status(
                    "Compared",
                    &format!("{module}: with other answers from {source} init leaves the same"),
                );
            }
            let mapping = match report.mapping {
                Mapping::CopyOnWrite => "instances will share its memory copy-on-write".to_owned(),
                Mapping::Imported { memory } => {
                    format!("each instance will copy what memory {memory} starts with, since it is imported")
                }
                Mapping::Copied { memory, span } => format!(
                    "each instance will copy memory {memory}, which spans {} and is sparse",
                    size(span)
                ),
            };
            let start = if report.has_start {
                ", and run a start function that fills in what no constant can say"
            } else {
                ""
            };
            self.shell
                .status("Loading", &format!("{module}: {mapping}{start}"));
            match &report.dead_code {
                Ok(removed) => self.shell.status(
                    "Shrunk",
                    &format!("{module}: {removed} functions that only init reached are gone"),
                ),
                Err(kept) => self
                    .shell
                    .status("Kept", &format!("{module}: the code stays as it is, {kept}")),
            }
            if report.scrubbed > 0 {
                let scrubbed = size(report.scrubbed);
                self.shell.status(
                    "Scrubbed",
                    &format!("{module}: {scrubbed} that nothing reads any more are zero"),
                );
            }
            self.shell
                .status("Wrote", &format!("{output} ({})", compiled(&report.run)));
        }
        let named = report
            .run
            .items
            .iter()
            .filter(|item| matches!(item.step, Step::Item(_) | Step::Function(_)));
        // Without items and functions, the steps were what starts the module.
        let count = match named.count() {
            0 => report.run.items.len(),
            named => named,
        };
        let items = match count {
            1 => "1 item".to_owned(),
            count => format!("{count} items"),
        };
        let target = target.map(|target| format!(" ({target})")).unwrap_or_default();
        self.shell.status(
            "Baked",
            &format!(
                "{module}{target}: {items} in {}, {} -> {}",
                time(report.run.elapsed),
                size(report.size_before as u64),
                size(report.size_after as u64)
            ),
        );
        if let Some(adapter) = report.adapter {
            self.shell.note(&componentized(module, output, adapter));
        }
        if let Some(growth) = &report.growth {
            let lines = figures::growth(growth);
            if !lines.is_empty() {
                self.shell
                    .note(&format!("{module} is more than twice as large as before:{lines}"));
            }
        }
    }
}

impl Human {
    fn verified(&self, module: &str, compared: Compared) {
        let counted = |count: usize, one: &str, many: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {many}")),
        };
        let calls = counted(compared.calls, "call", "calls").map(|calls| match compared.failed {
            0 => calls,
            failed if failed == compared.calls => format!("{calls} (failed in both)"),
            failed => format!("{calls} ({failed} failed in both)"),
        });
        let parts: Vec<String> = [
            calls,
            counted(compared.memories, "memory", "memories"),
            counted(compared.globals, "global", "globals"),
            counted(compared.tables, "table", "tables"),
            counted(compared.objects, "object", "objects"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let parts = if parts.is_empty() {
            "nothing to compare".to_owned()
        } else {
            format!("{} the same", parts.join(", "))
        };
        let parts = match compared.scrubbed {
            0 => parts,
            bytes => format!("{parts}, but for {} that a bake scrubs", size(bytes)),
        };
        let scope = if compared.is_all {
            ""
        } else {
            " (of what is exported, since the two have other code; functions by their type)"
        };
        self.shell
            .status("Verified", &format!("{module}: {parts}{scope}"));
    }
}

impl Observer for Human {
    fn on(&mut self, event: &Event<'_>) {
        self.stop_spinning();
        match event {
            Event::AddingTarget { target, command } => self
                .shell
                .status("Adding", &format!("target {target} ({command})")),
            Event::LeftOut { packages } => {
                if self.shell.verbosity() == Verbosity::Verbose {
                    let packages = packages.join(", ");
                    self.shell.note(&format!(
                        "not built, since no guest module comes from it: {packages}"
                    ));
                }
            }
            Event::WithoutWasi { package, dependency } => self.shell.note(&format!(
                "building {} for {TARGET_WITHOUT_WASI}, since it depends on {}",
                shown::name(package),
                shown::name(dependency)
            )),
            Event::Running { command, .. } => self.shell.status("Running", &format!("`{command}`")),
            Event::Created { next, .. } => self.shell.status("Next", next),
            // What cargo has to say to people is on standard error.
            Event::OfCargo { .. } => {}
            Event::Planned {
                target,
                command,
                packages,
            } => {
                self.shell.status("Planned", &format!("{target}: {command}"));
                for (package, settings) in *packages {
                    let settings: Vec<String> = settings
                        .shown()
                        .into_iter()
                        .map(|(name, values)| format!("{name} = {}", shown::line(&values.join(", "))))
                        .collect();
                    let settings = match settings.as_slice() {
                        [] => "with default options".to_owned(),
                        settings => settings.join("; "),
                    };
                    self.shell
                        .plain(&format!("{:13}{}: {settings}", "", shown::line(package)));
                }
            }
            Event::Removed {
                files,
                bytes,
                dirs,
                is_dry,
            } => {
                if self.shell.verbosity() == Verbosity::Verbose || *is_dry {
                    for dir in *dirs {
                        self.shell.plain(&shown::path(dir));
                    }
                }
                let (verb, count) = (if *is_dry { "Summary" } else { "Removed" }, *files);
                let files = if count == 1 { "file" } else { "files" };
                self.shell
                    .status(verb, &format!("{count} {files}, {} total", size(*bytes)));
            }
            // The command writes a text to standard output.
            Event::Inspected { .. } | Event::Compared { .. } | Event::Explained { .. } => {}
            Event::Baking { module, progress } => self.baking(module, progress),
            Event::Output { module, text } => {
                for line in text.lines() {
                    self.shell.plain(&format!("[{module}] {}", shown::line(line)));
                }
            }
            Event::Warning { module, warning } => self.shell.warn(&format!("{module}: {warning}")),
            Event::Skipped { module, reason } => {
                self.shell.status("Skipping", &format!("{module}: {reason}"));
            }
            Event::Fresh {
                module,
                output,
                warnings,
                baked_by,
                ..
            } => {
                for warning in *warnings {
                    self.shell.warn(&format!("{module}: {warning}"));
                }
                let mut text = match self.shell.verbosity() {
                    Verbosity::Verbose => format!("{module} ({})", shown::path(output)),
                    Verbosity::Normal | Verbosity::Quiet => (*module).to_owned(),
                };
                if let Some(version) = baked_by {
                    text.push_str(&format!(
                        ", which is baked already, by cargo-preinit{}",
                        init::version(version)
                    ));
                }
                self.shell.status("Fresh", &text);
            }
            Event::Restored {
                module,
                target,
                sizes,
                warnings,
                ..
            } => {
                for warning in *warnings {
                    self.shell.warn(&format!("{module}: {warning}"));
                }
                let target = target.map(|target| format!(" ({target})")).unwrap_or_default();
                let (before, after) = (size(sizes.before), size(sizes.after));
                self.shell.status(
                    "Restored",
                    &format!("{module}{target}: {before} -> {after}, from the cache"),
                );
            }
            Event::Dirty { module, reason } => {
                if self.shell.verbosity() == Verbosity::Verbose {
                    self.shell.status("Dirty", &format!("{module}: {reason}"));
                }
            }
            Event::Precompiled {
                module,
                output,
                artifact,
            } => self.shell.status(
                "Compiled",
                &format!(
                    "{module} for {}: {}, {}",
                    artifact.target,
                    shown::path(output),
                    size(artifact.image.len() as u64)
                ),
            ),
            Event::Baked {
                module,
                target,
                output,
                report,
            } => self.baked(module, *target, report, &shown::path(output)),
            Event::Reported { page, .. } => self.shell.status("Generated", &shown::path(page)),
            Event::Verified { module, compared } => self.verified(&shown::path(module), *compared),
            Event::Failed { error } => {
                if !error.is_said() {
                    self.shell.error(&error.to_string(), &error.help());
                }
            }
        }
    }
}

/// How a component is made of a core module that describes one.
fn componentized(module: &str, output: &str, adapter: Adapter) -> String {
    let adapter = match adapter {
        Adapter::Unneeded => "",
        Adapter::Command => " --adapt wasi_snapshot_preview1.command.wasm",
        Adapter::Reactor => " --adapt wasi_snapshot_preview1.reactor.wasm",
    };
    format!(
        "{module} is a core module with types of WIT: `wasm-tools component new {output}{adapter} -o COMPONENT` makes a component of it; \
         built for `wasm32-wasip2` it is one, and is baked as it is"
    )
}

/// A duration in seconds, milliseconds or microseconds.
pub(super) fn time(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else if seconds >= 0.001 {
        format!("{:.1} ms", seconds * 1e3)
    } else {
        format!("{:.0} us", seconds * 1e6)
    }
}

/// What was compiled for the run, and by what.
fn compiled(run: &RunSummary) -> String {
    match run.compiled {
        Some((compiled, all)) => format!("{compiled} of {all} functions compiled by {}", run.compiler),
        None => format!("compiled by {}", run.compiler),
    }
}
