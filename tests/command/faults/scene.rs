//! A directory with a guest and a directory for its output, and functions that start a bake there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use preinit_tests::skip::skipped;
use tempfile::TempDir;

use crate::tool::{Said, cargo, files, run};

/// Init fills 1 MiB, so that the output takes a while to write, and the rest of the bake not much longer.
const LARGE: &str = r#"(module
  (memory (export "memory") 16)
  (func (export "run"))
  (func (export "wizer-initialize")
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 1048576))))
"#;

/// `in.wat`, a directory `out` for `out/out.wasm`, and `tmp` for temporary files. All on one file system.
pub struct Scene {
    dir: TempDir,
}

impl Scene {
    /// A scene with the guest that makes a large output.
    pub fn large() -> Self {
        Self::of(LARGE)
    }

    /// A scene with this guest.
    pub fn of(guest: &str) -> Self {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the directory is writable");
        for name in ["out", "tmp"] {
            fs_err::create_dir(dir.path().join(name)).expect("the directory is writable");
        }
        let scene = Self { dir };
        fs_err::write(scene.path("in.wat"), guest).expect("the directory is writable");
        scene
    }

    /// The path of a file in the scene.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The names of all files in the output's directory.
    pub fn beside(&self) -> Vec<String> {
        files(&self.path("out"))
    }

    /// The bytes of the output, if it exists.
    pub fn output(&self) -> Option<Vec<u8>> {
        fs_err::read(self.path("out/out.wasm")).ok()
    }

    /// A command that bakes, without cargo in between, since a kill of cargo does not kill the tool.
    pub fn tool(&self) -> Command {
        self.prefixed(&[])
    }

    /// The same, started by another program, which executes the tool in its place.
    pub fn prefixed(&self, prefix: &[&str]) -> Command {
        let args = ["preinit", "bake", "-q", "in.wat", "-o", "out/out.wasm"];
        let words: Vec<&str> = prefix.iter().copied().chain([TOOL]).chain(args).collect();
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .current_dir(self.dir.path())
            .env("TMPDIR", self.path("tmp"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Runs a bash script in the directory, in which `bake ARGUMENTS…` is `cargo preinit bake`.
    pub fn script(&self, prefix: &[&str], script: &str) -> Said {
        // The tool runs without cargo, but in the same environment.
        let environment = cargo(self.dir.path());
        let functions = format!("bake() {{ '{TOOL}' preinit bake \"$@\"; }}\n");
        let words: Vec<&str> = prefix.iter().copied().chain(["bash", "-c"]).collect();
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .arg(functions + script)
            .current_dir(self.dir.path())
            .stdin(Stdio::null());
        for (name, value) in environment.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.env("TMPDIR", self.path("tmp"));
        run(&mut command, self.dir.path())
    }
}

/// A lock for tests that keep a processor busy, so that only one of them competes with the tool.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The tool, as a binary of the tests' package.
pub const TOOL: &str = env!("CARGO_BIN_EXE_cargo-preinit-dup");

/// A command prefix that becomes root in new namespaces, whose mounts other processes do not see. `None` if that is not allowed.
pub fn namespace() -> Option<&'static [&'static str]> {
    const UNSHARE: &[&str] = &["unshare", "--user", "--map-root-user", "--mount"];
    let allowed = Command::new(UNSHARE[0])
        .args(&UNSHARE[1..])
        .args(["mount", "-t", "tmpfs", "none", "/proc"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !allowed {
        skipped("`unshare` or `mount` is missing or not allowed here");
    }
    allowed.then_some(UNSHARE)
}

/// Whether the tests run as root, who may write in spite of permissions.
pub fn is_root(dir: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs_err::metadata(dir).is_ok_and(|metadata| metadata.uid() == 0)
}
