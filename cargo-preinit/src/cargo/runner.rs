//! Starts baked programs: with the runner that cargo is configured to use for the target, or with `wasmtime`.
//!
//! No stable command of cargo prints its configuration, so the files are read here, in [cargo's order]: `--config`, the variable, and
//! the files from the current directory upwards, each before those that it includes. `target.TRIPLE` counts before `target.'cfg(…)'`.
//! cargo has built the guest by then, so what is malformed here was no error to cargo, or has been one.
//!
//! [cargo's order]: https://doc.rust-lang.org/cargo/reference/config.html

use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::str::FromStr as _;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::cargo_platform::{Cfg, Platform};
use toml::{Table, Value};

use crate::cli::BuildArgs;
use crate::env;

/// A program that runs modules, and the arguments before the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Runner {
    pub(crate) program: String,
    pub(crate) args: Vec<String>,
}

impl Runner {
    /// `wasmtime`, with what the program finds.
    pub(crate) fn wasmtime(env: &[(String, String)], dirs: &[(String, String)]) -> Self {
        let env = env.iter().map(|(name, value)| format!("--env={name}={value}"));
        let dirs = dirs.iter().map(|(host, guest)| format!("--dir={host}::{guest}"));
        Self {
            program: "wasmtime".to_owned(),
            args: std::iter::once("run".to_owned()).chain(env).chain(dirs).collect(),
        }
    }

    /// Whether the program can be started.
    pub(crate) fn is_there(&self) -> bool {
        let mut command = Command::new(&self.program);
        command.arg("--version").stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// The command line, for people.
    pub(crate) fn line(&self, module: &Utf8Path, args: &[String]) -> String {
        let words = std::iter::once(&self.program).chain(&self.args);
        let words = words.map(String::as_str).chain([module.as_str()]);
        let words: Vec<&str> = words.chain(args.iter().map(String::as_str)).collect();
        words.join(" ")
    }

    /// Runs a module to its end, with this process's standard streams.
    pub(crate) fn run(&self, module: &Utf8Path, args: &[String]) -> io::Result<ExitStatus> {
        Command::new(&self.program)
            .args(&self.args)
            .arg(module)
            .args(args)
            .stdin(Stdio::inherit())
            .status()
    }
}

/// The runner in cargo's configuration.
pub(crate) fn configured(target: &str, args: &BuildArgs) -> Option<Runner> {
    let here = Utf8PathBuf::from_path_buf(std::env::current_dir().ok()?).ok()?;
    let variable = format!(
        "CARGO_TARGET_{}_RUNNER",
        target.to_uppercase().replace(['-', '.'], "_")
    );
    let layers = layers(&here, args);
    let by_name = |layer: &Layer| layer.runner(|name| name == target);
    let (given, files) = layers.split_at(layers.iter().take_while(|layer| layer.is_argument).count());
    given
        .iter()
        .find_map(by_name)
        .or_else(|| words(env::variable(&variable)?.split_whitespace(), &here))
        .or_else(|| files.iter().find_map(by_name))
        .or_else(|| {
            let has_cfg = |layer: &Layer| layer.targets().any(|(name, _)| name.starts_with("cfg("));
            layers.iter().any(has_cfg).then_some(())?;
            let cfg = cfg(target)?;
            let matches = |name: &str| {
                let platform = Platform::from_str(name).ok();
                name.starts_with("cfg(") && platform.is_some_and(|platform| platform.matches(target, &cfg))
            };
            layers.iter().find_map(|layer| layer.runner(matches))
        })
}

/// What the compiler sets for a target.
fn cfg(target: &str) -> Option<Vec<Cfg>> {
    let output = Command::new(env::rustc())
        .args(["--print", "cfg", "--target", target])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.lines().filter_map(|line| Cfg::from_str(line).ok()).collect())
}

/// One place of the configuration.
struct Layer {
    table: Table,
    /// Where relative paths of programs begin.
    root: Utf8PathBuf,
    /// Whether it is `--config`.
    is_argument: bool,
}

impl Layer {
    /// The tables below `target`, by their names.
    fn targets(&self) -> impl Iterator<Item = (&String, &Table)> {
        let targets = self.table.get("target").and_then(Value::as_table);
        let targets = targets.into_iter().flatten();
        targets.filter_map(|(name, target)| Some((name, target.as_table()?)))
    }

    fn runner(&self, is_it: impl Fn(&str) -> bool) -> Option<Runner> {
        let mut targets = self.targets().filter(|(name, _)| is_it(name));
        targets.find_map(|(_, target)| match target.get("runner")? {
            Value::String(line) => words(line.split_whitespace(), &self.root),
            Value::Array(line) => words(line.iter().filter_map(Value::as_str), &self.root),
            _ => None,
        })
    }
}

/// A program and its arguments. A name without a slash is looked up by the system, and a path begins at `root`.
fn words<'w>(mut words: impl Iterator<Item = &'w str>, root: &Utf8Path) -> Option<Runner> {
    let program = words.next()?;
    let program = if program.contains('/') || (cfg!(windows) && program.contains('\\')) {
        root.join(program).into_string()
    } else {
        program.to_owned()
    };
    Some(Runner {
        program,
        args: words.map(str::to_owned).collect(),
    })
}

/// All places of the configuration, those that count more before the others.
fn layers(here: &Utf8Path, args: &BuildArgs) -> Vec<Layer> {
    let mut found = Vec::new();
    let mut seen = Vec::new();
    // The last argument counts.
    for value in args.config.iter().rev() {
        let file = here.join(value);
        let first = found.len();
        if file.is_file() {
            read(&file, &mut seen, &mut found);
        } else if let Ok(table) = value.parse() {
            let root = here.to_owned();
            found.push(Layer {
                table,
                root,
                is_argument: true,
            });
        }
        for layer in found.iter_mut().skip(first) {
            layer.is_argument = true;
        }
    }
    let dirs = here.ancestors().map(|dir| dir.join(".cargo"));
    for dir in dirs.chain(env::cargo_home()) {
        // If there are both, cargo reads the first.
        let files = ["config", "config.toml"].map(|name| dir.join(name));
        if let Some(file) = files.iter().find(|file| file.is_file()) {
            read(file, &mut seen, &mut found);
        }
    }
    found
}

/// Reads a file, and behind it those that it includes, of which the last counts.
fn read(file: &Utf8Path, seen: &mut Vec<Utf8PathBuf>, found: &mut Vec<Layer>) {
    if seen.iter().any(|other| other == file) {
        return;
    }
    seen.push(file.to_owned());
    let table = fs_err::read_to_string(file)
        .ok()
        .and_then(|text| text.parse::<Table>().ok());
    let (Some(table), Some(dir)) = (table, file.parent()) else {
        return;
    };
    let included: Vec<Utf8PathBuf> = table
        .get("include")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|include| include.as_str().or_else(|| include.get("path")?.as_str()))
        .map(|path| dir.join(path))
        .collect();
    found.push(Layer {
        table,
        root: dir.parent().unwrap_or(dir).to_owned(),
        is_argument: false,
    });
    for file in included.iter().rev() {
        read(file, seen, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(text: &str) -> Layer {
        Layer {
            table: text.parse().expect("it is TOML"),
            root: "/checkout".into(),
            is_argument: false,
        }
    }

    #[test]
    fn programs_are_names_or_paths() {
        let runner = |text: &str| layer(text).runner(|name| name == "wasm32-wasip1");
        for (text, program, args) in [
            (
                "target.wasm32-wasip1.runner = 'wasmtime run'",
                "wasmtime",
                &["run"][..],
            ),
            (
                "target.wasm32-wasip1.runner = ['tools/run it', 'a b']",
                "/checkout/tools/run it",
                &["a b"],
            ),
            (
                "target.wasm32-wasip1.runner = '/usr/bin/wasmtime'",
                "/usr/bin/wasmtime",
                &[],
            ),
        ] {
            let found = runner(text).expect("there is one");
            assert_eq!(
                (found.program.as_str(), found.args.as_slice()),
                (
                    program,
                    &args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>()[..]
                )
            );
        }
        for text in [
            "",
            "target = 1",
            "target.wasm32-wasip1.runner = ''",
            "target.wasm32-wasip2.runner = 'a'",
        ] {
            assert_eq!(runner(text), None, "{text}");
        }
    }

    #[test]
    fn wasmtime_is_shown_what_init_was() {
        let runner = Runner::wasmtime(
            &[("A".to_owned(), "1".to_owned())],
            &[("data".to_owned(), "/d".to_owned())],
        );
        let line = runner.line("a.wasm".into(), &["-x".to_owned()]);
        assert_eq!(line, "wasmtime run --env=A=1 --dir=data::/d a.wasm -x");
    }
}
