//! `cargo preinit run`: builds and bakes guests, and runs one.

mod host;

use std::process::ExitStatus;

use wasmparser::{Encoding, ExternalKind, Parser, Payload};

use super::build::build_and_bake;
use super::guests::BakedGuest;
use crate::cargo::artifact::Kind;
use crate::cargo::build::metadata;
use crate::cargo::runner::{self, Runner};
use crate::cli::{BuildArgs, RunTask, ShellConfig};
use crate::error::Error;
use crate::options::Wasi;
use crate::report::{Event, Observer};

/// Builds, bakes and runs. A program that ends with another code than 0 is an error, which holds the code.
pub(super) fn run(
    task: &RunTask,
    shell: ShellConfig,
    observer: &mut (dyn Observer + Send),
) -> Result<(), Error> {
    let modules = build_and_bake(&task.guests, shell, observer)?;
    let args = &task.guests.build;
    let module = choose(&modules, args)?;
    let shown = match &module.wasi {
        Wasi::Allowed(shown) => shown.clone(),
        Wasi::Denied => Default::default(),
    };
    let name = module.path.file_name().unwrap_or(module.path.as_str());
    let by_itself = |observer: &mut dyn Observer, line: &str| {
        observer.on(&Event::Running {
            module: name,
            command: line,
        });
        let wasm = fs_err::read(&module.path)?;
        let code = host::run(&wasm, name, &task.args, &shown, task.invoke.as_ref())?;
        ended(code)
    };
    if let Some(call) = &task.invoke {
        return by_itself(observer, &format!("{call} of {}", module.path));
    }
    let configured = runner::configured(module.artifact.target_name(), args);
    if configured.is_none() {
        let exports = functions(&fs_err::read(&module.path)?);
        if !exports.iter().any(|export| is_program(export)) {
            return Err(Error::NotAProgram {
                module: name.to_owned(),
                exports,
            });
        }
    }
    let is_configured = configured.is_some();
    let runner = configured.unwrap_or_else(|| {
        let dirs = shown.dirs.iter();
        let dirs = dirs.map(|dir| (dir.host.to_string_lossy().into_owned(), dir.guest.clone()));
        Runner::wasmtime(&shown.env, &dirs.collect::<Vec<_>>())
    });
    if !is_configured && !runner.is_there() {
        return by_itself(observer, module.path.as_str());
    }
    observer.on(&Event::Running {
        module: name,
        command: &runner.line(&module.path, &task.args),
    });
    match runner.run(&module.path, &task.args) {
        Ok(status) => ended(code_of(status)),
        Err(source) => Err(Error::Spawn {
            program: runner.program,
            source,
        }),
    }
}

fn ended(code: u8) -> Result<(), Error> {
    match code {
        0 => Ok(()),
        code => Err(Error::Guest { code }),
    }
}

/// The exit code of a runner, or what a shell makes of a signal.
fn code_of(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let by_signal =
        std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| signal.saturating_add(128));
    #[cfg(not(unix))]
    let by_signal = None;
    let code = status.code().or(by_signal);
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// The module to run: the only program, or else the only module; of several programs, the package's `default-run`.
fn choose<'m>(modules: &'m [BakedGuest], args: &BuildArgs) -> Result<&'m BakedGuest, Error> {
    let programs = modules
        .iter()
        .filter(|module| module.artifact.kind != Kind::Library);
    let mut candidates: Vec<&BakedGuest> = programs.collect();
    if candidates.is_empty() {
        candidates = modules.iter().collect();
    }
    if let [module] = candidates[..] {
        return Ok(module);
    }
    by_default(&candidates, args).ok_or_else(|| {
        let names = candidates.iter().map(|module| module.path.file_name());
        Error::SeveralPrograms(names.flatten().map(str::to_owned).collect())
    })
}

fn by_default<'m>(candidates: &[&'m BakedGuest], args: &BuildArgs) -> Option<&'m BakedGuest> {
    let first = candidates.first()?;
    if candidates
        .iter()
        .any(|module| module.artifact.package != first.artifact.package)
    {
        return None;
    }
    let metadata = metadata(args).ok()?;
    let mut packages = metadata.workspace_packages().into_iter();
    let package = packages.find(|package| package.name == first.artifact.package)?;
    let name = package.default_run.as_deref()?;
    let mut candidates = candidates.iter().copied();
    candidates.find(|module| module.artifact.kind == Kind::Binary && module.path.file_stem() == Some(name))
}

/// Whether a module that exports this is a program.
fn is_program(export: &str) -> bool {
    export == "_start" || export.starts_with("wasi:cli/run@")
}

/// What a module or component exports that can be called: functions, and instances, which have some.
fn functions(wasm: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0_usize;
    let mut is_component = false;
    for payload in Parser::new(0).parse_all(wasm) {
        // A baked module is valid.
        match payload {
            Ok(Payload::Version { encoding, .. }) => {
                depth += 1;
                is_component |= encoding == Encoding::Component;
            }
            Ok(Payload::End(_)) => depth -= 1,
            Ok(Payload::ExportSection(exports)) if !is_component => {
                let exports = exports.into_iter().flatten();
                let functions = exports
                    .filter(|export| matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact));
                names.extend(functions.map(|export| export.name.to_owned()));
            }
            Ok(Payload::ComponentExportSection(exports)) if depth == 1 => {
                names.extend(
                    exports
                        .into_iter()
                        .flatten()
                        .map(|export| export.name.name.to_owned()),
                );
            }
            _ => {}
        }
    }
    names
}
