//! Writes events as JSON to standard output, one object on a line, as cargo does with its own.
//!
//! `reason` says what an object is; those of cargo have no `preinit-` at its beginning. `version` is that of the format: a field or a
//! reason may be added to a version, and nothing else changes in it. `json-schema.json` beside the manifest of this crate describes
//! each object.

mod effect;
mod failure;
pub(super) mod item;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;

use super::codes;
use super::{Event, Observer, Sizes};
use crate::exit_code::Exit;
use crate::inspect::{Comparison, Explanation, Inspection};
use crate::pipeline::BakeReport;
use crate::run::ReadInputs;
use crate::verify::Compared;
use effect::EffectLine;
use failure::Failure;
use item::{AskedAt, GrowthLine, Item, ItemStep};

/// The version of the format.
const VERSION: u32 = 1;

/// Writes events to standard output.
#[derive(Debug, Default)]
pub struct Json {
    /// Why a line could not be written.
    failure: Option<io::Error>,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    message: Message<'a>,
    version: u32,
}

#[derive(Serialize)]
#[serde(tag = "reason")]
enum Message<'a> {
    #[serde(rename = "preinit-adding-target")]
    AddingTarget { target: &'a str, command: &'a str },
    #[serde(rename = "preinit-left-out")]
    LeftOut { packages: &'a [String] },
    #[serde(rename = "preinit-target-chosen")]
    TargetChosen { package: &'a str, dependency: &'a str },
    #[serde(rename = "preinit-planned")]
    Planned {
        target: &'a str,
        command: &'a str,
        packages: Vec<PlannedPackage<'a>>,
    },
    #[serde(rename = "preinit-removed")]
    Removed {
        files: usize,
        bytes: u64,
        paths: Vec<String>,
        dry_run: bool,
    },
    #[serde(rename = "preinit-created")]
    Created {
        package: &'a str,
        path: String,
        next: &'a str,
    },
    #[serde(rename = "preinit-running")]
    Running { module: &'a str, command: &'a str },
    #[serde(rename = "preinit-baking")]
    Baking { module: &'a str },
    #[serde(rename = "preinit-output")]
    Output { module: &'a str, text: &'a str },
    #[serde(rename = "preinit-warning")]
    Warning {
        module: &'a str,
        code: &'static str,
        message: String,
        help: Vec<String>,
        #[serde(flatten)]
        asked: AskedAt<'a>,
        #[serde(flatten)]
        effect: EffectLine<'a>,
    },
    #[serde(rename = "preinit-skipped")]
    Skipped { module: &'a str, message: &'a str },
    #[serde(rename = "preinit-fresh")]
    Fresh(Kept<'a>),
    #[serde(rename = "preinit-restored")]
    Restored(Kept<'a>),
    #[serde(rename = "preinit-dirty")]
    Dirty {
        module: &'a str,
        code: &'static str,
        message: String,
    },
    #[serde(rename = "preinit-precompiled")]
    Precompiled {
        module: &'a str,
        target: String,
        path: String,
        bytes: usize,
    },
    #[serde(rename = "preinit-reported")]
    Reported { module: &'a str, path: String },
    #[serde(rename = "preinit-baked")]
    Baked {
        module: &'a str,
        target: Option<&'a str>,
        path: String,
        bytes_before: usize,
        bytes_after: usize,
        data_bytes_before: u64,
        data_bytes_after: u64,
        seconds: f64,
        compiler: String,
        functions_compiled: Option<usize>,
        items: Vec<Item<'a>>,
        resumes: Vec<ItemStep>,
        inputs: &'a ReadInputs,
        functions_removed: usize,
        bytes_scrubbed: u64,
        growth: Option<GrowthLine>,
        warnings: usize,
    },
    #[serde(rename = "preinit-verified")]
    Verified { module: String, compared: Amounts },
    #[serde(rename = "preinit-inspected")]
    Inspected {
        file: &'a str,
        #[serde(flatten)]
        found: &'a Inspection,
    },
    #[serde(rename = "preinit-compared")]
    Compared {
        old: &'a str,
        new: &'a str,
        #[serde(flatten)]
        found: &'a Comparison,
    },
    #[serde(rename = "preinit-explained")]
    Explained {
        file: &'a str,
        #[serde(flatten)]
        found: &'a Explanation,
    },
    #[serde(rename = "preinit-failed")]
    Failed(Failure),
    #[serde(rename = "preinit-finished")]
    Finished { success: bool, exit_code: u8 },
}

#[derive(Serialize)]
struct PlannedPackage<'a> {
    name: &'a str,
    /// The options that are set.
    settings: BTreeMap<&'a str, Vec<String>>,
}

/// A module that did not have to be baked.
#[derive(Serialize)]
struct Kept<'a> {
    module: &'a str,
    target: Option<&'a str>,
    path: String,
    bytes_before: u64,
    bytes_after: u64,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Amounts {
    calls: usize,
    calls_failed: usize,
    memories: usize,
    globals: usize,
    tables: usize,
    objects: usize,
    bytes_scrubbed: u64,
    is_all: bool,
}

impl From<Compared> for Amounts {
    fn from(compared: Compared) -> Self {
        let Compared {
            calls,
            failed,
            memories,
            globals,
            tables,
            objects,
            scrubbed,
            is_all,
        } = compared;
        Self {
            calls,
            calls_failed: failed,
            memories,
            globals,
            tables,
            objects,
            bytes_scrubbed: scrubbed,
            is_all,
        }
    }
}

fn baked<'a>(module: &'a str, target: Option<&'a str>, output: &Path, report: &'a BakeReport) -> Message<'a> {
    let items = report.run.items.iter().map(Item::from);
    let resumes = report.run.resumes.iter();
    let resumes = resumes.map(|resume| ItemStep::of(&resume.item));
    Message::Baked {
        module,
        target,
        path: path(output),
        bytes_before: report.size_before,
        bytes_after: report.size_after,
        data_bytes_before: report.data.before,
        data_bytes_after: report.data.after,
        seconds: report.run.elapsed.as_secs_f64(),
        compiler: report.run.compiler.to_string(),
        functions_compiled: report.run.compiled.map(|(compiled, _)| compiled),
        items: items.collect(),
        resumes: resumes.collect(),
        inputs: &report.run.inputs,
        functions_removed: *report.dead_code.as_ref().unwrap_or(&0),
        bytes_scrubbed: report.scrubbed,
        growth: report.growth.as_ref().map(GrowthLine::from),
        warnings: report.warnings.len(),
    }
}

fn kept<'a>(
    module: &'a str,
    target: Option<&'a str>,
    output: &Path,
    sizes: Sizes,
    warnings: &'a [String],
) -> Kept<'a> {
    Kept {
        module,
        target,
        path: path(output),
        bytes_before: sizes.before,
        bytes_after: sizes.after,
        warnings,
    }
}

/// A path as text. What is not Unicode in it is replaced.
fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

impl Json {
    /// Writes the last line: whether the command succeeded.
    ///
    /// # Errors
    ///
    /// If a line could not be written, unless its reader has gone.
    pub(crate) fn finish(mut self, exit: Exit) -> io::Result<()> {
        let exit_code = exit.code();
        self.write(Message::Finished {
            success: exit == Exit::Done,
            exit_code,
        });
        match self.failure {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            // Whoever read has seen enough.
            Some(_) | None => Ok(()),
        }
    }

    fn write(&mut self, message: Message<'_>) {
        let line = Line {
            message,
            version: VERSION,
        };
        // Every part of it has a form in JSON.
        if let Ok(text) = serde_json::to_string(&line) {
            self.write_line(&text);
        }
    }

    /// Writes a line, unless one is missing before it.
    fn write_line(&mut self, text: &str) {
        if self.failure.is_none() {
            let mut stdout = io::stdout().lock();
            self.failure = writeln!(stdout, "{text}").and_then(|()| stdout.flush()).err();
        }
    }
}

impl Observer for Json {
    fn on(&mut self, event: &Event<'_>) {
        self.write(match *event {
            Event::AddingTarget { target, command } => Message::AddingTarget { target, command },
            Event::LeftOut { packages } => Message::LeftOut { packages },
            Event::WithoutWasi { package, dependency } => Message::TargetChosen { package, dependency },
            Event::OfCargo { line } => return self.write_line(line),
            Event::Planned {
                target,
                command,
                packages,
            } => Message::Planned {
                target,
                command,
                packages: packages
                    .iter()
                    .map(|(name, settings)| PlannedPackage {
                        name,
                        settings: settings.shown().into_iter().collect(),
                    })
                    .collect(),
            },
            Event::Removed {
                files,
                bytes,
                dirs,
                is_dry,
            } => Message::Removed {
                files,
                bytes,
                paths: dirs.iter().map(|dir| path(dir)).collect(),
                dry_run: is_dry,
            },
            Event::Created {
                package,
                path: dir,
                next,
            } => Message::Created {
                package,
                path: path(dir),
                next,
            },
            Event::Running { module, command } => Message::Running { module, command },
            Event::Baking { module, .. } => Message::Baking { module },
            Event::Output { module, text } => Message::Output { module, text },
            Event::Warning { module, warning } => Message::Warning {
                module,
                code: warning.kind().code(),
                message: warning.to_string(),
                help: warning.help(),
                asked: AskedAt::of(warning),
                effect: EffectLine::of(warning),
            },
            Event::Skipped { module, reason } => Message::Skipped {
                module,
                message: reason,
            },
            Event::Fresh {
                module,
                target,
                output,
                sizes,
                warnings,
                ..
            } => Message::Fresh(kept(module, target, output, sizes, warnings)),
            Event::Restored {
                module,
                target,
                output,
                sizes,
                warnings,
            } => Message::Restored(kept(module, target, output, sizes, warnings)),
            Event::Dirty { module, reason } => Message::Dirty {
                module,
                code: codes::of_dirty(reason),
                message: reason.to_string(),
            },
            Event::Precompiled {
                module,
                output,
                artifact,
            } => Message::Precompiled {
                module,
                target: artifact.target.to_string(),
                path: path(output),
                bytes: artifact.image.len(),
            },
            Event::Baked {
                module,
                target,
                output,
                report,
            } => baked(module, target, output, report),
            Event::Reported { module, page } => Message::Reported {
                module,
                path: path(page),
            },
            Event::Verified { module, compared } => Message::Verified {
                module: path(module),
                compared: compared.into(),
            },
            Event::Inspected { file, found } => Message::Inspected { file, found },
            Event::Compared { files, found } => Message::Compared {
                old: files.old,
                new: files.new,
                found,
            },
            Event::Explained { file, found } => Message::Explained { file, found },
            Event::Failed { error } => Message::Failed(error.into()),
        });
    }
}
