//! `cargo preinit run`: by the tool itself, by a runner of cargo's configuration, and by `wasmtime`.

use std::path::{Path, PathBuf};

use preinit_tests::skip::skipped;
use snapbox::str;

use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;
use crate::tool::Said;

/// A program that says what it finds, and ends with the code that it is told.
const PROGRAM: &str = r#"
use std::sync::LazyLock;

#[preinit_guest::preinit]
static STATE: LazyLock<String> = LazyLock::new(|| format!("{:?}", preinit_guest::phase()));

fn main() {
    let args: Vec<String> = std::env::args().collect();
    println!("{} {args:?} {:?}", *STATE, std::env::var("SHOWN"));
    if let Ok(text) = std::fs::read_to_string("/data/text") {
        println!("{text}");
    }
    match args.get(1).map(String::as_str) {
        Some("trap") => panic!("asked to"),
        Some(code) => std::process::exit(code.parse().unwrap_or(0)),
        None => {}
    }
}
"#;

fn program(name: &str, target: &str) -> Sandbox {
    let sandbox = Sandbox::empty(name);
    sandbox.write(
        "Cargo.toml",
        &format!(
            r#"
            workspace = {{}}
            package.name = "{name}"
            package.edition = "2024"
            package.metadata.preinit.target = "{target}"
            dependencies.preinit-guest.path = "../../../preinit-guest"
            "#
        ),
    );
    sandbox.write("src/main.rs", PROGRAM);
    sandbox
}

/// Runs with no `wasmtime` on the path.
fn by_itself(sandbox: &Sandbox, args: &str) -> Said {
    let mut command = sandbox.command(&format!("preinit run --release {args}"));
    command.env("PATH", path_without_wasmtime(&command));
    sandbox.run(command)
}

fn path_of(command: &std::process::Command) -> Vec<PathBuf> {
    let path = command.get_envs().find(|(name, _)| *name == "PATH");
    let path = path.and_then(|(_, path)| path).expect("it is set");
    std::env::split_paths(path).collect()
}

fn path_without_wasmtime(command: &std::process::Command) -> std::ffi::OsString {
    let name = format!("wasmtime{}", std::env::consts::EXE_SUFFIX);
    let mut path = path_of(command);
    // cargo's own directory may have it.
    path.retain(|dir| !dir.join(&name).exists() || dir.join("cargo").exists());
    std::env::join_paths(path).expect("no directory has a separator in its name")
}

#[test]
fn a_program() {
    let sandbox = program("run-program", "wasm32-wasip1");
    by_itself(&sandbox, "-- a -b")
        .prints("BeingPreinitialised [\"run-program.wasm\", \"a\", \"-b\"] Err(NotPresent)\n");
    sandbox.write("data/text", "the text");
    let said = by_itself(&sandbox, "--env SHOWN=yes --dir data::/data -- 3");
    said.prints("BeingPreinitialised [\"run-program.wasm\", \"3\"] Ok(\"yes\")\nthe text\n");
    // The program's exit code, about which there is no more to say.
    assert_eq!(said.code, Some(3));
    assert!(said.stderr.ends_with("SIZE]\n"), "{}", said.stderr);
    let said = by_itself(&sandbox, "-- trap");
    assert_eq!(said.code, Some(134));
    assert!(said.stderr.contains("asked to"), "{}", said.stderr);
    assert!(
        said.stderr.contains("error: `run-program.wasm` stopped: "),
        "{}",
        said.stderr
    );
    assert!(said.stderr.contains("unreachable"), "{}", said.stderr);
    // Standard output is the program's, but for events that were asked for.
    let said = by_itself(&sandbox, "--message-format json -- 7");
    assert_eq!(
        with_reason(&said, "preinit-running")[0]["module"],
        "run-program.wasm"
    );
    assert_eq!(with_reason(&said, "preinit-failed")[0]["code"], "program");
    assert_eq!(with_reason(&said, "preinit-finished")[0]["exit_code"], 7);
}

#[test]
fn a_program_that_is_a_component() {
    let sandbox = program("run-component", "wasm32-wasip2");
    let said = by_itself(&sandbox, "-- 1");
    if said.stderr.contains("could not be added") {
        return skipped(&said.stderr);
    }
    said.prints("BeingPreinitialised [\"run-component.wasm\", \"1\"] Err(NotPresent)\n");
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    assert_eq!(by_itself(&sandbox, "-- trap").code, Some(134));
    assert_eq!(by_itself(&sandbox, "").code, Some(0));
}

const REACTOR: &str = r#"
#[preinit_guest::preinit]
static SQUARES: std::sync::LazyLock<Vec<u64>> = std::sync::LazyLock::new(|| (0..100).map(|n| n * n).collect());

#[unsafe(no_mangle)]
pub extern "C" fn square(n: u32) -> u64 {
    SQUARES[n as usize]
}

#[unsafe(no_mangle)]
pub extern "C" fn half(n: f64) -> f64 {
    println!("half of {n}");
    n / 2.0
}
"#;

#[test]
fn exports_are_called() {
    let sandbox = Sandbox::guest("run-exports", REACTOR);
    let run = |args: &str| {
        let mut command = sandbox.command("preinit run --release --quiet");
        command.args(args.split_terminator(';'));
        sandbox.run(command)
    };
    run("--invoke;square(9)").expect(0, "").prints("81\n");
    run("--invoke;half(5)").expect(0, "").prints("half of 5\n2.5\n");
    run("--invoke;square()").expect(
        1,
        str![[r#"
error: `run_exports.wasm` could not be run: `square` takes the arguments `(i32)`, and is given 0

"#]],
    );
    run("--invoke;cube(2)").expect(
        1,
        str![[r#"
error: `run_exports.wasm` could not be run: it exports no function `cube`

"#]],
    );
    assert_eq!(run("--invoke;square(100)").code, Some(134));
    run("").expect(
        1,
        str![[r#"
error: `run_exports.wasm` is no program, and exports `half`, `square`
help: call one with `--invoke 'NAME(ARGS)'`, or have cargo's `target.TRIPLE.runner` run it

"#]],
    );
    assert_eq!(run("--invoke;square").code, Some(2));
}

/// Two programs: one has to be named, or be the package's default.
#[test]
fn one_of_several() {
    let sandbox = Sandbox::empty("run-several");
    let manifest = r#"
        workspace = {}
        package.name = "run-several"
        package.edition = "2024"
        dependencies.preinit-guest.path = "../../../preinit-guest"
    "#;
    sandbox.write("Cargo.toml", manifest);
    for name in ["one", "two"] {
        sandbox.write(
            &format!("src/bin/{name}.rs"),
            &PROGRAM.replace("{} {args:?}", &format!("{name} {{}} {{args:?}}")),
        );
    }
    by_itself(&sandbox, "--quiet").expect(
        1,
        str![[r#"
error: nothing says which is to run: `one.wasm`, `two.wasm`
help: name one with `--bin` or `--example`, its package with `--package`, or set `default-run` in the package

"#]],
    );
    by_itself(&sandbox, "--quiet --bin two")
        .expect(0, "")
        .prints("two BeingPreinitialised [\"two.wasm\"] Err(NotPresent)\n");
    sandbox.write(
        "Cargo.toml",
        &format!("{manifest}\npackage.default-run = \"one\"\n"),
    );
    by_itself(&sandbox, "--quiet")
        .expect(0, "")
        .prints("one BeingPreinitialised [\"one.wasm\"] Err(NotPresent)\n");
    assert_eq!(by_itself(&sandbox, "--tests").code, Some(2));
}

/// Programs that print what they are given.
#[cfg(unix)]
fn script(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = path.parent().expect("it is in a directory");
    fs_err::create_dir_all(dir).expect("the directory is writable");
    fs_err::write(path, format!("#!/bin/sh\n{text}\n")).expect("the directory is writable");
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
}

/// cargo's runner, from the places of its configuration in their order, and then `wasmtime`.
#[cfg(unix)]
#[test]
fn runners() {
    let sandbox = program("run-runners", "wasm32-wasip1");
    let dir = sandbox.dir().to_owned();
    let module = dir.join("target/wasm32-wasip1/release/preinit/run-runners.wasm");
    script(
        &dir.join("tools/wasmtime"),
        "[ \"$1\" = --version ] || echo wasmtime \"$@\"; exit 5",
    );
    script(&dir.join("runner"), "echo \"$@\"; exit 6");
    let run = |args: &str, variable: Option<&str>| {
        let mut command = sandbox.command("preinit run --release --quiet");
        let path = std::iter::once(dir.join("tools")).chain(path_of(&command));
        let path = std::env::join_paths(path).expect("no directory has a separator in its name");
        command.env("PATH", path).args(args.split_terminator(';'));
        if let Some(variable) = variable {
            command.env("CARGO_TARGET_WASM32_WASIP1_RUNNER", variable);
        }
        let said = sandbox.run(command);
        let printed = String::from_utf8_lossy(&said.stdout).replace(&module.display().to_string(), "MODULE");
        (printed, said.code)
    };
    // A `wasmtime` that does not work is none.
    let (printed, code) = run("", None);
    assert!(printed.starts_with("BeingPreinitialised"), "{printed}");
    assert_eq!(code, Some(0));
    script(
        &dir.join("tools/wasmtime"),
        "[ \"$1\" = --version ] && exit; echo wasmtime \"$@\"; exit 5",
    );
    assert_eq!(
        run("--env;A=1;--dir;src::/src;--;x;-y", None),
        (
            "wasmtime run --env=A=1 --dir=src::/src MODULE x -y\n".to_owned(),
            Some(5)
        )
    );
    sandbox.write(
        ".cargo/config.toml",
        "target.'cfg(target_os = \"wasi\")'.runner = ['./runner', 'of cfg']\n",
    );
    assert_eq!(run("--;x", None), ("of cfg MODULE x\n".to_owned(), Some(6)));
    sandbox.write(
        ".cargo/config.toml",
        "include = ['more.toml']\ntarget.'cfg(unix)'.runner = 'false'\n",
    );
    sandbox.write(
        ".cargo/more.toml",
        "target.wasm32-wasip1.runner = './runner included'\n",
    );
    // cargo before 1.94 knows no `include`.
    let (printed, code) = run("", None);
    assert_eq!((printed.as_str(), code), ("included MODULE\n", Some(6)));
    sandbox.write(
        ".cargo/config.toml",
        "target.wasm32-wasip1.runner = './runner of file'\n",
    );
    assert_eq!(run("", None), ("of file MODULE\n".to_owned(), Some(6)));
    assert_eq!(
        run("", Some("./runner of variable")),
        ("of variable MODULE\n".to_owned(), Some(6))
    );
    let argument = "--config;target.wasm32-wasip1.runner = './runner of argument'";
    assert_eq!(
        run(argument, Some("false")),
        ("of argument MODULE\n".to_owned(), Some(6))
    );
    let (_, code) = run("--config;target.wasm32-wasip1.runner = './missing'", None);
    assert_eq!(code, Some(1));
}
