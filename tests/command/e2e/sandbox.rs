//! A directory with a guest, in which the tests run cargo.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::messages::with_events;
use crate::tool::{Said, cargo, run, words};

/// A package or workspace with its own target directory. cargo's build directory for intermediate files is shared by all.
pub struct Sandbox {
    dir: PathBuf,
    /// cargo's build directory, for intermediate files.
    build_dir: PathBuf,
}

impl Sandbox {
    /// A copy of a fixture, in a directory whose name no other test uses.
    pub fn of(fixture: &str, name: &str) -> Self {
        let sandbox = Self::empty(name);
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        copy(&fixtures.join(fixture), &sandbox.dir);
        sandbox
    }

    /// A `cdylib` package. Its name is that of the directory, which no other test uses.
    pub fn guest(name: &str, source: &str) -> Self {
        let manifest = format!(
            r#"
                workspace = {{}}
                package.name = "{name}"
                package.edition = "2024"
                lib.crate-type = ["cdylib"]
                dependencies.preinit-guest.path = "../../../preinit-guest"
            "#
        );
        let sandbox = Self::empty(name);
        sandbox.write("Cargo.toml", &manifest);
        sandbox.write("src/lib.rs", source);
        sandbox
    }

    /// A package whose program becomes a component. Its name is that of the directory, which no other test uses.
    pub fn component(name: &str, source: &str) -> Self {
        let manifest = format!(
            r#"
                workspace = {{}}
                package.name = "{name}"
                package.edition = "2024"
                package.metadata.preinit.target = "wasm32-wasip2"
                dependencies.preinit-guest.path = "../../../preinit-guest"
            "#
        );
        let sandbox = Self::empty(name);
        sandbox.write("Cargo.toml", &manifest);
        sandbox.write("src/main.rs", source);
        sandbox
    }

    /// A directory with only the project's lock file, so that cargo uses versions that are already downloaded.
    pub fn empty(name: &str) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("e2e").join(name);
        if dir.exists() {
            fs_err::remove_dir_all(&dir).expect("it is the tests' own");
        }
        fs_err::create_dir_all(&dir).expect("the temporary directory is writable");
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs_err::copy(lock, dir.join("Cargo.lock")).expect("the project has a lock file");
        let build_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("e2e-build");
        Self { dir, build_dir }
    }

    /// Gives the sandbox its own build directory, for a test that other builds of the same guest would disturb.
    pub fn alone(mut self) -> Self {
        self.build_dir = self.dir.join("build");
        self
    }

    /// Its path.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.dir.join(path);
        let parent = path.parent().expect("it is below the directory");
        fs_err::create_dir_all(parent).expect("the directory is writable");
        fs_err::write(path, with_sdk(text)).expect("the directory is writable");
    }

    /// Adds a line to the manifest of a [`guest`](Self::guest).
    pub fn configure(&self, line: &str) {
        let manifest = String::from_utf8(self.read("Cargo.toml")).expect("manifests are UTF-8");
        self.write("Cargo.toml", &format!("{manifest}\n{line}\n"));
    }

    /// Reads a file.
    pub fn read(&self, path: &str) -> Vec<u8> {
        fs_err::read(self.dir.join(path)).expect("it was written")
    }

    /// Whether a file exists.
    pub fn has(&self, path: &str) -> bool {
        self.dir.join(path).exists()
    }

    /// The paths of all modules in the target directory, relative to it.
    pub fn modules(&self) -> Vec<String> {
        let mut files = crate::tool::files(&self.dir.join("target"));
        files.retain(|file| file.ends_with(".wasm"));
        files
    }

    /// The paths of the cached plans in a target directory, relative to it.
    pub fn plans(&self, target_dir: &str) -> Vec<String> {
        let mut files = crate::tool::files(&self.dir.join(target_dir));
        files.retain(|file| file.starts_with(".preinit_plan_"));
        files
    }

    /// Runs something until its plan is cached, which needs the plan's files to be at rest for two seconds.
    pub fn until_plan_is_kept(&self, target_dir: &str, run: impl Fn()) {
        for plan in self.plans(target_dir) {
            fs_err::remove_file(self.dir.join(target_dir).join(plan)).expect("it is ours");
        }
        while self.plans(target_dir).is_empty() {
            run();
        }
    }

    /// Runs `cargo` with these arguments.
    pub fn cargo(&self, args: &str) -> Said {
        self.run(self.command(args))
    }

    /// Runs `cargo preinit` with these arguments. Its events are on standard output, and checked.
    pub fn preinit(&self, args: &str) -> Said {
        with_events(|more| self.cargo(&format!("preinit {args} {more}")))
    }

    /// `cargo` with these arguments, not yet started.
    pub fn command(&self, args: &str) -> Command {
        let mut command = cargo(&self.dir);
        command
            .env("CARGO_TARGET_DIR", self.dir.join("target"))
            .env("CARGO_BUILD_BUILD_DIR", &self.build_dir)
            .args(words(args));
        command
    }

    /// Runs a command that [`command`](Self::command) made.
    pub fn run(&self, mut command: Command) -> Said {
        run(&mut command, &self.dir)
    }
}

/// Makes the path to the SDK in a manifest absolute.
fn with_sdk(text: &str) -> String {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../preinit-guest");
    let sdk = fs_err::canonicalize(sdk).expect("the SDK is in the repository");
    text.replace(
        "../../../preinit-guest",
        &sdk.display().to_string().replace('\\', "/"),
    )
}

fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).expect("the temporary directory is writable");
    for entry in fs_err::read_dir(from).expect("there is such a fixture") {
        let entry = entry.expect("it can be listed");
        let name = entry.file_name();
        let (from, to) = (entry.path(), to.join(&name));
        // These are left over if the fixture was built by hand.
        if name == "target" || name == "Cargo.lock" {
            continue;
        }
        if from.is_dir() {
            copy(&from, &to);
        } else {
            let text = fs_err::read_to_string(&from).expect("fixtures are text");
            fs_err::write(to, with_sdk(&text)).expect("the directory is writable");
        }
    }
}
