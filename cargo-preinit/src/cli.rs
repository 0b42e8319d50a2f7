//! Parses the arguments into a [`Request`]. The stages decide what a request means.

mod args;
mod build;
mod command;
mod inspect;
mod measured;
mod messages;
mod new;
mod report;
mod run;
mod settings;
mod task;
mod values;
mod variant;

use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args as _, CommandFactory, FromArgMatches};

use crate::env;
use crate::options::{
    BakeOptions, Check, CompilationCache, DeadCode, KeepInit, Limits, MemoryScan, Profile, Report, ScrubHeap,
    Stamp, Stdin, Stub, StubbedImport, WarningKind, Wasi, WasiOptions,
};
use crate::precompile::{Precompile, Target};
use crate::shell::{Color, Verbosity};

use args::{Allocator, BakeArgs, GuestsArgs, KeptInit, OutputArgs, ShellArgs};
pub use build::BuildArgs;
use command::{Cargo, Command};
pub use inspect::{Asked, DiffTask, WhyTask};
pub use messages::Messages;
pub use new::{PackageArgs, Template};
pub use settings::{GuestOptions, Setting, Settings, Shape, check_values, settings};
pub use task::{
    CleanTask, Cleaned, GuestsTask, InPlaceTask, ModuleTask, NewTask, Repeat, Request, RunTask, ShellConfig,
    Task, VerifyTask,
};
pub(crate) use values::file_of_answer;
use values::{Denied, show};
pub use variant::Variant;

/// The definition of `cargo preinit`, under the name of its program.
pub(crate) fn definition() -> clap::Command {
    // Not as a command of cargo, so that the names of its own commands begin with it.
    command::Preinit::augment_args(clap::Command::new("cargo-preinit"))
}

/// Reads the arguments of the process. cargo passes on the subcommand's name; whoever calls the program by its own name need not.
///
/// # Errors
///
/// clap's error; help and version are among them.
pub fn parse(args: impl IntoIterator<Item = OsString>, color: Color) -> Result<Request, clap::Error> {
    let choice = match color {
        Color::Auto => clap::ColorChoice::Auto,
        Color::Always => clap::ColorChoice::Always,
        Color::Never => clap::ColorChoice::Never,
    };
    let mut cargo = Cargo::command().color(choice);
    cargo = cargo.mut_subcommand("preinit", |preinit| {
        let preinit = preinit.args(settings::switches_off());
        let preinit = preinit.mut_subcommand("report", |report| report.args(settings::switches_off()));
        preinit.mut_subcommand("run", |run| run.args(settings::switches_off()))
    });
    let mut args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_none_or(|first| first != "preinit") {
        args.insert(args.len().min(1), "preinit".into());
    }
    let matches = cargo.try_get_matches_from(args)?;
    let Cargo::Preinit(preinit) = Cargo::from_arg_matches(&matches)?;
    match preinit.command {
        None => Ok(Request {
            shell: shell(&preinit.guests.shell, color),
            task: Task::Guests(Box::new(GuestsTask {
                is_dry: preinit.dry_run,
                ..guests_task(preinit.guests, &matches, "preinit")?
            })),
        }),
        Some(Command::Clean(command)) => Ok(Request {
            shell: shell(&command.shell, color),
            task: Task::Clean(Box::new(CleanTask {
                what: match command.cache {
                    true => Cleaned::Caches,
                    false => Cleaned::Outputs(Box::new(BuildArgs {
                        target_dir: command.target_dir,
                        manifest_path: command.manifest_path,
                        ..BuildArgs::default()
                    })),
                },
                is_dry: command.dry_run,
            })),
        }),
        Some(Command::Inspect(command)) => Ok(Request {
            shell: shell(&command.shell, color),
            task: Task::Inspect(command.file),
        }),
        Some(Command::Diff(command)) => Ok(Request {
            shell: shell(&command.shell, color),
            task: Task::Diff(DiffTask {
                old: command.old,
                new: command.new,
                exit_code: command.exit_code,
            }),
        }),
        Some(Command::Why(command)) => Ok(Request {
            shell: shell(&command.shell, color),
            task: Task::Why(Box::new(command.task()?)),
        }),
        Some(Command::Run(command)) => Ok(Request {
            shell: shell(&command.guests.shell, color),
            task: Task::Run(Box::new(RunTask {
                guests: guests_task(command.guests, &matches, "run")?,
                invoke: command.invoke,
                args: command.args,
            })),
        }),
        Some(Command::Report(command)) => {
            let shell = shell(&command.guests.shell, color);
            let mut task = guests_task(command.guests, &matches, "report")?;
            task.settings.switch_on("report");
            Ok(Request {
                shell,
                task: Task::Report(Box::new(task)),
            })
        }
        Some(Command::New(command)) => Ok(Request {
            shell: shell(&command.shell, color),
            task: Task::New(Box::new(NewTask {
                template: command.template(),
                path: command.path,
                package: command.package,
            })),
        }),
        Some(Command::Completions(command)) => Ok(Request {
            shell: shell(&command.shell, color),
            task: Task::Completions(command.for_shell),
        }),
        Some(Command::Man(command)) => Ok(Request {
            shell: shell(&command.shell, color),
            task: Task::Man(command.dir),
        }),
        Some(Command::Verify(command)) => {
            let allow = if command.allow_wasi {
                Allow::Wasi(Stdin::Closed)
            } else {
                Allow::Nothing
            };
            Ok(Request {
                shell: shell(&command.shell, color),
                task: Task::Verify(Box::new(VerifyTask {
                    baked: command.baked,
                    original: command.original,
                    calls: command.call,
                    options: options(command.bake, OutputArgs::default(), allow)
                        .map_err(|(kind, text)| usage("verify", kind, &text))?,
                })),
            })
        }
        Some(Command::Bake(command)) => {
            let repeat = match command.if_changed {
                true => Repeat::IfChanged,
                false => Repeat::Always,
            };
            let has_stream = command
                .output
                .as_ref()
                .is_some_and(|output| output.as_os_str() == "-");
            if has_stream && command.output_args.report {
                return Err(usage(
                    "bake",
                    ErrorKind::ArgumentConflict,
                    "`--report` writes a file beside the output, and standard output has no place beside it",
                ));
            }
            if has_stream && !command.output_args.precompile.is_empty() {
                return Err(usage(
                    "bake",
                    ErrorKind::ArgumentConflict,
                    "`--precompile` writes files beside the output, and standard output has no place beside it",
                ));
            }
            let allow = if command.allow_wasi {
                let is_read_once = command.variant.is_empty() && command.input.as_os_str() != "-";
                Allow::Wasi(match repeat {
                    Repeat::Always if is_read_once => Stdin::Inherited,
                    Repeat::Always | Repeat::IfChanged => Stdin::Closed,
                })
            } else {
                Allow::Nothing
            };
            let are_json = Messages::new(&command.shell.message_format).are_json;
            if are_json && has_stream {
                return Err(usage(
                    "bake",
                    ErrorKind::ArgumentConflict,
                    "`--message-format json` writes to standard output, so OUTPUT cannot be `-`",
                ));
            }
            if !command.variant.is_empty() && has_stream {
                let text = "`--variant` writes several modules, so OUTPUT cannot be `-`";
                return Err(usage("bake", ErrorKind::ArgumentConflict, text));
            }
            if !command.allow_wasi && command.variant.iter().any(variant::VariantArg::needs_wasi) {
                let text = "what `--variant` shows to init needs `--allow-wasi`";
                return Err(usage("bake", ErrorKind::MissingRequiredArgument, text));
            }
            if !command.output_args.precompile_engine.is_empty() && command.output_args.precompile.is_empty()
            {
                let text = "`--precompile-engine` says what the engine of `--precompile` sets, so it needs that option";
                return Err(usage("bake", ErrorKind::MissingRequiredArgument, text));
            }
            let timeout = command.bake.timeout;
            let options = options(command.bake, command.output_args, allow)
                .map_err(|(kind, text)| usage("bake", kind, &text))?;
            let task = match command.output {
                Some(output) => Task::Module(Box::new(ModuleTask {
                    input: command.input,
                    output,
                    repeat,
                    variants: variant::variants(command.variant, &options.wasi),
                    timeout,
                    options,
                })),
                None if command.if_changed || !command.variant.is_empty() => {
                    let text = "`--if-changed` and `--variant` need `--output`";
                    return Err(usage("bake", ErrorKind::MissingRequiredArgument, text));
                }
                None => Task::InPlace(Box::new(InPlaceTask {
                    input: command.input,
                    is_asked_for: command.in_place,
                    timeout,
                    options,
                })),
            };
            Ok(Request {
                shell: shell(&command.shell, color),
                task,
            })
        }
    }
}

/// What is asked of `preinit` itself, or of its subcommand `command`: what to build, and what the command line says of the bakes.
fn guests_task(args: GuestsArgs, matches: &ArgMatches, command: &str) -> Result<GuestsTask, clap::Error> {
    if let Some(text) = args.refused.reason() {
        return Err(usage(command, ErrorKind::UnknownArgument, text));
    }
    let mut given = matches.subcommand_matches("preinit");
    if command != "preinit" {
        given = given.and_then(|given| given.subcommand_matches(command));
    }
    let settings = given.map(Settings::of_arguments).unwrap_or_default();
    settings
        .check()
        .map_err(|(kind, text)| usage(command, kind, &text))?;
    Ok(GuestsTask {
        build: args.build,
        settings,
        profile: Profile::Off,
        is_dry: false,
    })
}

fn shell(args: &ShellArgs, color: Color) -> ShellConfig {
    let verbosity = match (args.quiet, args.verbose) {
        (true, _) => Verbosity::Quiet,
        (false, 0) => Verbosity::Normal,
        (false, _) => Verbosity::Verbose,
    };
    ShellConfig {
        verbosity,
        color,
        messages: Messages::new(&args.message_format),
    }
}

#[derive(Clone, Copy)]
enum Allow {
    Nothing,
    Wasi(Stdin),
}

/// An error about arguments that clap itself accepts. It shows the usage of the subcommand `command`, or of `preinit` itself.
fn usage(command: &str, kind: ErrorKind, message: &str) -> clap::Error {
    let mut cargo = Cargo::command();
    cargo.build();
    let mut preinit = cargo.find_subcommand_mut("preinit").expect("the only one");
    if command != "preinit" {
        preinit = preinit
            .find_subcommand_mut(command)
            .expect("the command that was parsed");
    }
    preinit.error(kind, message)
}

/// Removes repeated targets, and keeps the order.
fn each_once(targets: Vec<Target>) -> Vec<Target> {
    let mut found = Vec::new();
    for target in targets {
        if !found.contains(&target) {
            found.push(target);
        }
    }
    found
}

/// The kinds of warnings that `--deny` names, each once.
fn denied(named: Vec<Denied>) -> Vec<WarningKind> {
    let kinds = named.into_iter().flat_map(|denied| match denied {
        Denied::Warnings => WarningKind::ALL.to_vec(),
        Denied::Kind(kind) => vec![kind],
    });
    kinds.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The environment that `--env` gives. The last entry for a name counts.
fn environment(entries: Vec<String>) -> Vec<(String, String)> {
    let mut env: Vec<(String, String)> = Vec::new();
    for entry in entries {
        show(&mut env, entry);
    }
    env
}

/// Makes bake options from the arguments, or says why these do not go together.
fn options(args: BakeArgs, output: OutputArgs, allow: Allow) -> Result<BakeOptions, (ErrorKind, String)> {
    let of_wizer = [
        (
            args.inherit_env.is_some(),
            "init sees no variable of this machine unless it is named: give `--env NAME` for each",
        ),
        (
            args.inherit_stdio.is_some(),
            "what init prints is shown in any case, and `bake --allow-wasi` hands standard input through",
        ),
    ];
    if let Some((_, text)) = of_wizer.into_iter().find(|(is_given, _)| *is_given) {
        return Err((ErrorKind::UnknownArgument, text.to_owned()));
    }
    let dirs: Vec<_> = args.dir.into_iter().chain(args.mapdir).collect();
    let guests: BTreeSet<&str> = dirs.iter().map(|dir| dir.guest.as_str()).collect();
    if guests.len() < dirs.len() {
        let text = "`--dir` shows two directories in one place";
        return Err((ErrorKind::ArgumentConflict, text.to_owned()));
    }
    let wasi = match allow {
        Allow::Nothing if args.env.is_empty() && dirs.is_empty() && args.arg.is_empty() => Wasi::Denied,
        Allow::Nothing => {
            let text =
                "`--env`, `--dir` and `--arg` say what WASI shows to init, so they need `--allow-wasi`";
            return Err((ErrorKind::MissingRequiredArgument, text.to_owned()));
        }
        Allow::Wasi(stdin) => Wasi::Allowed(WasiOptions {
            args: args.arg,
            env: environment(args.env),
            dirs,
            stdin,
            wall_clock_start: env::source_date_epoch().map_err(|text| (ErrorKind::ValueValidation, text))?,
        }),
    };
    Ok(BakeOptions {
        init_functions: args.init_func,
        on_denied: args.on_denied,
        warm_up: args.warm_up,
        keep_init_functions: match args.keep_init_func {
            None | Some(KeptInit::Removed) => KeepInit::Remove,
            Some(KeptInit::Callable) => KeepInit::Keep,
            Some(KeptInit::Empty) => KeepInit::Empty,
        },
        init_result: args.init_result,
        renames: args.rename,
        memory_layout: output.memory_layout,
        rewriter: output.rewriter,
        scrub_heap: match args.scrub_heap {
            Some(Allocator::Dlmalloc) => ScrubHeap::Dlmalloc,
            None => ScrubHeap::Off,
        },
        dead_code: if output.keep_dead_code {
            DeadCode::Keep
        } else {
            DeadCode::Remove
        },
        check: if output.verify { Check::Replay } else { Check::Read },
        post_process: output.post_process,
        size_budget: output.check_size,
        stamp: if output.stamp { Stamp::Add } else { Stamp::Omit },
        wasi,
        imports: args.import,
        stubs: stubs(args.stub_wasi, args.stub),
        impurity: args.impurity,
        allow_impure: output.allow_impure,
        machine_texts: env::machine_texts(),
        deny: denied(output.deny),
        limits: Limits {
            timeout: args.timeout.unwrap_or(Limits::default().timeout),
            memory_bytes: args.max_memory,
            table_elements: args.max_table_elements,
            stack_bytes: usize::try_from(args.max_stack).unwrap_or(usize::MAX),
            output_bytes: usize::try_from(args.max_output).unwrap_or(usize::MAX),
        },
        compiler: args.compiler,
        compile: args.compile,
        precompile: Precompile {
            targets: each_once(output.precompile),
            engine: output.precompile_engine,
        },
        // Without a cache directory nothing is cached.
        cache: env::cache_dir().map_or(CompilationCache::Off, CompilationCache::At),
        memory_scan: MemoryScan::Auto,
        profile: match output.report {
            true => Profile::Items,
            false => Profile::Off,
        },
        report: match output.report {
            true => Report::Page,
            false => Report::Omit,
        },
    })
}

/// The stubs of all of WASI come first, since of several patterns the last counts.
fn stubs(of_wasi: Option<Stub>, others: Vec<StubbedImport>) -> Vec<StubbedImport> {
    let of_wasi = of_wasi.map(|stub| StubbedImport {
        import: StubbedImport::WASI.to_owned(),
        stub,
    });
    of_wasi.into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Cargo::command().debug_assert();
    }

    fn check(args: &str) -> Result<Request, String> {
        let args = args.split_whitespace().map(OsString::from);
        parse(args, Color::Never).map_err(|error| error.to_string())
    }

    #[test]
    fn cargos_options_are_understood() {
        let request = check(
            "cargo preinit --release -p a -p b --features x,y --target wasm32-wasip1 -j 2 --locked -Z flag -vv",
        )
        .expect("these are valid");
        assert_eq!(request.shell.verbosity, Verbosity::Verbose);
        let Task::Guests(task) = request.task else {
            panic!("not a task for cargo");
        };
        assert_eq!(task.build.package, ["a", "b"]);
        assert!(task.build.release && task.build.locked);
    }

    #[test]
    fn env_without_wasi_is_an_error() {
        let error = check("cargo preinit bake a.wasm -o b.wasm --env A=B").expect_err("this is not valid");
        assert!(error.contains("--allow-wasi"), "{error}");
        assert!(check("cargo preinit bake a.wasm -o b.wasm --allow-wasi --env A=B").is_ok());
    }
}
