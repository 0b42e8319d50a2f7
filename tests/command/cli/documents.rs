//! What comes of the definition of the command line: help, completions, man pages.

use std::process::Command;

use snapbox::{file, str};

use super::{Said, bake, cargo, dir, files, preinit, run};

#[test]
fn help() {
    let dir = dir(&[]);
    preinit(dir.path(), "--help").succeeds().prints(file!["help.txt"]);
}

#[test]
fn short_help() {
    let dir = dir(&[]);
    preinit(dir.path(), "-h")
        .succeeds()
        .prints(file!["help-short.txt"]);
}

#[test]
fn help_of_bake() {
    let dir = dir(&[]);
    bake(dir.path(), "--help")
        .succeeds()
        .prints(file!["help-bake.txt"]);
}

/// Whatever cargo takes is taken, or refused with a reason. A cargo that gains a flag fails this.
#[test]
fn every_flag_of_cargo_build() {
    let dir = dir(&[]);
    let of = |said: &Said| String::from_utf8_lossy(&said.stdout).into_owned();
    let (theirs, ours) = (
        run(cargo(dir.path()).args(["build", "--help"]), dir.path()),
        preinit(dir.path(), "--help"),
    );
    let (theirs, ours) = (of(&theirs), of(&ours));
    let is_listed = |help: &str, flag: &str| {
        let mut words = help
            .split_whitespace()
            .map(|word| word.trim_end_matches([',', '.']));
        words.any(|word| word == flag)
    };
    let lines = theirs.lines().filter(|line| line.trim_start().starts_with('-'));
    let flags = lines.flat_map(|line| {
        let words = line
            .split_whitespace()
            .take(2)
            .map(|word| word.trim_matches([',', '.']));
        words.filter(|word| word.starts_with('-')).collect::<Vec<_>>()
    });
    let mut refused = Vec::new();
    for flag in flags {
        if is_listed(&ours, flag) || flag == "--all" {
            continue;
        }
        let said = preinit(dir.path(), flag);
        assert_eq!(said.code, Some(2), "{flag}: {}", said.stderr);
        assert!(!said.stderr.contains("unexpected argument"), "{}", said.stderr);
        refused.push(flag);
    }
    assert_eq!(
        refused,
        [
            "--tests",
            "--test",
            "--benches",
            "--bench",
            "--all-targets",
            "--unit-graph"
        ]
    );
    preinit(dir.path(), "--test a --release").expect(
        2,
        str![[r#"
error: tests and benchmarks are no guests: build them with `cargo build`, and bake one of the modules with `cargo preinit bake`
...
"#]],
    );
}

#[test]
fn completions_and_man_pages() {
    let dir = dir(&[]);
    for (shell, named) in [
        ("bash", "--precompile-engine"),
        ("zsh", "--precompile-engine"),
        ("fish", "precompile-engine"),
    ] {
        let said = preinit(dir.path(), &format!("completions {shell}"));
        let script = String::from_utf8_lossy(&said.succeeds().stdout).into_owned();
        assert!(script.contains(named) && script.contains("verify"), "{script}");
    }
    let script = preinit(dir.path(), "completions bash").stdout;
    fs_err::write(dir.path().join("script"), script).expect("the directory is writable");
    let complete = "source ./script; COMP_WORDS=(cargo-preinit bake --den); COMP_CWORD=2; \
        _cargo__preinit cargo-preinit --den bake; echo ${COMPREPLY[@]}";
    if let Ok(output) = std::process::Command::new("bash")
        .args(["-c", complete])
        .current_dir(dir.path())
        .output()
    {
        assert_eq!(String::from_utf8_lossy(&output.stdout), "--deny\n");
    }
    preinit(dir.path(), "man pages").succeeds();
    assert_eq!(
        files(&dir.path().join("pages")),
        [
            "cargo-preinit-bake.1",
            "cargo-preinit-clean.1",
            "cargo-preinit-completions.1",
            "cargo-preinit-diff.1",
            "cargo-preinit-inspect.1",
            "cargo-preinit-man.1",
            "cargo-preinit-new.1",
            "cargo-preinit-report.1",
            "cargo-preinit-run.1",
            "cargo-preinit-verify.1",
            "cargo-preinit-why.1",
            "cargo-preinit.1"
        ]
    );
    let page = fs_err::read_to_string(dir.path().join("pages/cargo-preinit-bake.1")).expect("it was written");
    assert!(page.contains(r"\fB\-\-scrub\-heap\fR"), "{page}");
}

#[test]
fn version() {
    let dir = dir(&[]);
    let expected = format!("cargo-preinit {}\n", env!("CARGO_PKG_VERSION"));
    preinit(dir.path(), "--version")
        .succeeds()
        .prints(expected.clone());
    // Called by its own name.
    run(
        Command::new(env!("CARGO_BIN_EXE_cargo-preinit-dup")).arg("--version"),
        dir.path(),
    )
    .succeeds()
    .prints(expected);
}
