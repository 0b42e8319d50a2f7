//! The tool as cargo finds it. `tests/hosts` has this file as well.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// A directory with the tool under the name `cargo-preinit`, by which cargo finds it.
static BIN_DIR: LazyLock<PathBuf> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bin");
    let name = format!("cargo-preinit{}", std::env::consts::EXE_SUFFIX);
    fs_err::create_dir_all(&dir).expect("the temporary directory is writable");
    // Another test process may do the same, so the file is renamed when it is complete.
    let fresh = dir.join(format!("{name}.{}", std::process::id()));
    #[cfg(unix)]
    fs_err::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cargo-preinit-dup"), &fresh).expect("no such name yet");
    #[cfg(not(unix))]
    fs_err::copy(env!("CARGO_BIN_EXE_cargo-preinit-dup"), &fresh).expect("no such name yet");
    fs_err::rename(&fresh, dir.join(&name)).expect("both names are in one directory");
    dir
});

/// Whether the tool's environment keeps a variable. Those that change cargo's or the tool's behaviour are removed.
fn is_kept(name: &str) -> bool {
    let is_of_the_surroundings = ["CARGO", "__CARGO", "RUSTC", "RUSTFLAGS", "RUSTDOC", "CLICOLOR"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || ["CI", "NO_COLOR", "RUST_BACKTRACE", "RUST_LOG", "TERM"].contains(&name);
    name == "CARGO_HOME" || !is_of_the_surroundings
}

/// A variable of the tests' environment.
pub fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the tests that reads the environment"
    )]
    std::env::var(name).ok()
}

/// A `cargo` command that finds the tool, without variables that change its behaviour.
pub fn cargo(dir: &Path) -> Command {
    let mut command = Command::new("cargo");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_none_or(|name| !is_kept(name)) {
            command.env_remove(name);
        }
    }
    let path = variable("PATH").unwrap_or_default();
    let path = std::iter::once(BIN_DIR.clone()).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).expect("no directory has a separator in its name");
    command.current_dir(dir).env("PATH", path).stdin(Stdio::null());
    command
}
