//! A guest in a directory of its own, and the real cargo in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tool::{Said, cargo, run, words};

/// A package or workspace with a target directory of its own. What cargo makes on the way there is shared by all.
pub struct Sandbox {
    dir: PathBuf,
    /// Where cargo puts what it makes on the way.
    build_dir: PathBuf,
}

impl Sandbox {
    /// A copy of a fixture. The name is the test's, and nobody else's.
    pub fn of(fixture: &str, name: &str) -> Self {
        let sandbox = Self::empty(name);
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        copy(&fixtures.join(fixture), &sandbox.dir);
        sandbox
    }

    /// A library that makes a module. The name is the test's, and the package's.
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

    /// A directory with nothing but the project's lock file, so that cargo chooses the versions that are there.
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

    /// Shares nothing with others: for a test to which it matters that nobody builds the same guest in another way.
    pub fn alone(mut self) -> Self {
        self.build_dir = self.dir.join("build");
        self
    }

    /// Where it is.
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

    /// Whether there is such a file.
    pub fn has(&self, path: &str) -> bool {
        self.dir.join(path).exists()
    }

    /// The modules in the target directory, each by its path there.
    pub fn modules(&self) -> Vec<String> {
        let mut files = crate::tool::files(&self.dir.join("target"));
        files.retain(|file| file.ends_with(".wasm"));
        files
    }

    /// The plans that are kept of what cargo said, each by its path in a target directory.
    pub fn plans(&self, target_dir: &str) -> Vec<String> {
        let mut files = crate::tool::files(&self.dir.join(target_dir));
        files.retain(|file| file.starts_with(".preinit_plan_"));
        files
    }

    /// Runs something until a plan is kept of it: that is so as soon as the files that it was made of have been at rest for a
    /// moment.
    pub fn until_plan_is_kept(&self, target_dir: &str, run: impl Fn()) {
        for plan in self.plans(target_dir) {
            fs_err::remove_file(self.dir.join(target_dir).join(plan)).expect("it is ours");
        }
        while self.plans(target_dir).is_empty() {
            run();
        }
    }

    /// `cargo` with these arguments.
    pub fn cargo(&self, args: &str) -> Said {
        self.run(self.command(args))
    }

    /// `cargo preinit` with these arguments.
    pub fn preinit(&self, args: &str) -> Said {
        self.cargo(&format!("preinit {args}"))
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

/// Leads a manifest to the SDK from wherever it is.
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
        // What somebody left who tried the fixture by hand.
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
