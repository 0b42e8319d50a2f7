//! A directory with a guest and a place for its output, and ways to start a bake there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use preinit_tests::skip::skipped;
use tempfile::TempDir;

use crate::tool::{Said, cargo, files, run};

/// Init makes 1 MiB that is not zero, so that the output takes a while to write, and the rest of the bake not much longer.
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
    /// With the guest that makes a large output.
    pub fn large() -> Self {
        Self::of(LARGE)
    }

    /// With a guest.
    pub fn of(guest: &str) -> Self {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the directory is writable");
        for name in ["out", "tmp"] {
            fs_err::create_dir(dir.path().join(name)).expect("the directory is writable");
        }
        let scene = Self { dir };
        fs_err::write(scene.path("in.wat"), guest).expect("the directory is writable");
        scene
    }

    /// Something in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The names beside the output.
    pub fn beside(&self) -> Vec<String> {
        files(&self.path("out"))
    }

    /// The output.
    pub fn output(&self) -> Option<Vec<u8>> {
        fs_err::read(self.path("out/out.wasm")).ok()
    }

    /// The tool itself, without cargo between: whoever kills that does not kill the tool. Ready to bake.
    pub fn tool(&self) -> Command {
        self.prefixed(&[])
    }

    /// The same, started by another program, which becomes the tool.
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

    /// Runs a script of bash in the directory. `bake ARGUMENTS…` is `cargo preinit bake`.
    pub fn script(&self, prefix: &[&str], script: &str) -> Said {
        // cargo's own messages are none of this, but its environment is.
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

/// For tests that keep a processor busy: one at a time, so that the tool gets its share of a small machine.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The tool under its own name, as cargo would start it.
pub const TOOL: &str = env!("CARGO_BIN_EXE_cargo-preinit-dup");

/// Root in namespaces of its own, who can mount what nobody else sees. `None` where that is not allowed.
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

/// Whether the tests run as root, whom permissions do not keep from writing.
pub fn is_root(dir: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs_err::metadata(dir).is_ok_and(|metadata| metadata.uid() == 0)
}
