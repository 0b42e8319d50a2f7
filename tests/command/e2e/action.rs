//! The action for GitHub's service: its file, and its scripts as the service runs them, with the real cargo.

#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use yaml_rust2::{Yaml, YamlLoader};

use crate::e2e::sandbox::Sandbox;
use crate::tool::Said;

const GUEST: &str = r#"
#[preinit_guest::preinit]
static SQUARES: std::sync::LazyLock<Vec<u64>> = std::sync::LazyLock::new(|| (0..1000).map(|n| n * n).collect());

#[unsafe(no_mangle)]
pub extern "C" fn square(n: usize) -> u64 {
    SQUARES[n]
}
"#;

fn directory() -> PathBuf {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/actions/preinit");
    fs_err::canonicalize(dir).expect("the action is in the repository")
}

fn action() -> Yaml {
    let text = fs_err::read_to_string(directory().join("action.yml")).expect("it is there");
    let mut documents = YamlLoader::load_from_str(&text).expect("it is YAML");
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

/// The script of a step.
fn script_of(step: &Yaml) -> Option<PathBuf> {
    let run = step["run"].as_str()?;
    let name = run
        .strip_prefix("\"$GITHUB_ACTION_PATH/")
        .and_then(|rest| rest.strip_suffix('"'));
    Some(directory().join(name.expect("a step runs a script, and nothing else")))
}

/// A step runs a script that exists or uses an action of a version, and what steps name is there.
#[test]
fn the_file_is_whole() {
    use std::os::unix::fs::PermissionsExt as _;

    let action = action();
    assert_eq!(action["runs"]["using"].as_str(), Some("composite"));
    let steps = action["runs"]["steps"].as_vec().expect("it has steps");
    let ids: Vec<&str> = steps.iter().filter_map(|step| step["id"].as_str()).collect();
    let mut scripts = Vec::new();
    for step in steps {
        match script_of(step) {
            Some(script) => {
                let metadata = fs_err::metadata(&script).expect("the script is there");
                assert!(
                    metadata.permissions().mode() & 0o111 != 0,
                    "{script:?} can be executed"
                );
                assert_eq!(step["shell"].as_str(), Some("bash"));
                scripts.push(script);
            }
            None => assert!(
                step["uses"].as_str().is_some_and(|uses| uses.contains('@')),
                "{step:?}"
            ),
        }
    }
    assert_eq!(scripts.len(), 3);
    // Expressions name inputs and steps that exist.
    let text = fs_err::read_to_string(directory().join("action.yml")).expect("it is there");
    for part in text.split("${{ ").skip(1) {
        let (expression, _) = part.split_once(" }}").expect("it ends");
        let parts: Vec<&str> = expression.split('.').collect();
        let is_known = match parts[..] {
            ["inputs", name] => !action["inputs"][name].is_badvalue(),
            ["steps", id, "outputs", "key" | "events"] => ids.contains(&id),
            ["runner", "os" | "arch" | "temp"] | ["github", "run_id" | "run_attempt"] => true,
            _ => false,
        };
        assert!(is_known, "{expression}");
    }
}

/// What the service sets for the steps of one run.
struct Service<'s> {
    sandbox: &'s Sandbox,
    temp: PathBuf,
}

impl<'s> Service<'s> {
    fn new(sandbox: &'s Sandbox) -> Self {
        let temp = sandbox.dir().join("temp");
        // What the cache brought back: the tool, as `cargo install --root` lays it out.
        fs_err::create_dir_all(temp.join("cargo-preinit/bin")).expect("the directory is writable");
        symlink(
            env!("CARGO_BIN_EXE_cargo-preinit-dup"),
            temp.join("cargo-preinit/bin/cargo-preinit"),
        )
        .expect("no such name yet");
        Self { sandbox, temp }
    }

    fn file(&self, name: &str) -> String {
        fs_err::read_to_string(self.temp.join(name)).unwrap_or_default()
    }

    /// Runs the step with this script.
    fn step(&self, name: &str, inputs: &[(&str, &str)]) -> Said {
        let action = action();
        let steps = action["runs"]["steps"].as_vec().expect("it has steps");
        let is_it = |step: &&Yaml| script_of(step).is_some_and(|script| script.ends_with(name));
        let step = steps.iter().find(is_it).expect("there is such a step");
        let mut shell = Command::new("bash");
        shell.args(["-c", step["run"].as_str().expect("it runs a script")]);
        shell.current_dir(self.sandbox.dir());
        for (name, value) in self.sandbox.command("").get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        for (name, value) in step["env"].as_hash().into_iter().flatten() {
            let (name, mut value) = (
                name.as_str().expect("a name"),
                value.as_str().expect("a text").to_owned(),
            );
            for (input, default) in action["inputs"].as_hash().expect("it has inputs") {
                let input = input.as_str().expect("a name");
                let given = inputs
                    .iter()
                    .find(|(name, _)| *name == input)
                    .map(|(_, value)| *value);
                let given = given.unwrap_or_else(|| default["default"].as_str().expect("it has a default"));
                value = value.replace(&format!("${{{{ inputs.{input} }}}}"), given);
            }
            let temp = self.temp.display().to_string();
            shell.env(name, value.replace("${{ runner.temp }}", &temp));
        }
        shell
            .env("GITHUB_ACTION_PATH", directory())
            .env("RUNNER_TEMP", &self.temp);
        for name in ["GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"] {
            shell.env(name, self.temp.join(name));
        }
        self.sandbox.run(shell)
    }
}

#[test]
fn a_job() {
    let sandbox = Sandbox::guest("action", GUEST);
    let service = Service::new(&sandbox);
    service.step("key.sh", &[]).succeeds();
    let key = service.file("GITHUB_OUTPUT");
    let digits = key.strip_prefix("key=").expect("it is the output").trim_end();
    assert!(
        digits
            .split('-')
            .all(|part| part.parse::<u64>().is_ok_and(|number| number > 0)),
        "{key}"
    );
    let said = service.step("install.sh", &[]);
    said.succeeds();
    assert_eq!(
        service.file("GITHUB_PATH"),
        format!("{}/cargo-preinit/bin\n", service.temp.display())
    );

    let bake = |inputs: &[(&str, &str)]| {
        fs_err::write(service.temp.join("GITHUB_STEP_SUMMARY"), "").expect("the directory is writable");
        let said = service.step("bake.sh", inputs);
        (
            said.code,
            said.stderr.clone(),
            service.file("GITHUB_STEP_SUMMARY"),
        )
    };
    let size = |path: &str| {
        sandbox
            .read(&format!("target/wasm32-wasip1/release/{path}"))
            .len()
    };
    let table = || {
        let (before, after) = (size("action.wasm"), size("preinit/action.wasm"));
        #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
        let times = after as f64 / before as f64;
        format!(
            "| Module | cargo (bytes) | baked (bytes) | times |\n| --- | --: | --: | --: |\n| `action.wasm` | {before} | {after} | {times:.2} |\n"
        )
    };
    let (code, stderr, summary) = bake(&[]);
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(summary, table());
    assert!(
        service
            .file("GITHUB_OUTPUT")
            .ends_with("temp/preinit-events.jsonl\n")
    );
    // What is fresh has the same sizes, and the same limit.
    let (code, stderr, summary) = bake(&[("max-growth", "1.5")]);
    assert!(stderr.contains("Fresh action.wasm"), "{stderr}");
    assert_eq!((code, summary), (Some(0), table()), "{stderr}");
    // 400 KiB of values are several times what the module had before.
    sandbox.write("src/lib.rs", &GUEST.replace("1000", "50_000"));
    for _ in 0..2 {
        let (code, stderr, summary) = bake(&[("max-growth", "1.5")]);
        assert_eq!((code, summary), (Some(1), table()), "{stderr}");
        assert!(
            stderr.contains("::error::action.wasm is ") && stderr.contains(", and 1.5 is the limit\n"),
            "{stderr}"
        );
    }
    let (code, stderr, summary) = bake(&[("max-growth", "1,5")]);
    assert_eq!((code, summary.as_str()), (Some(1), ""));
    assert!(
        stderr.contains("::error::max-growth is no number: 1,5\n"),
        "{stderr}"
    );
    // A bake that fails fails the job, with the tool's exit code.
    let (code, _, _) = bake(&[("args", "--release --no-such-option")]);
    assert_eq!(code, Some(2));
    sandbox.write("src/lib.rs", "error");
    let (code, _, _) = bake(&[]);
    assert_eq!(code, Some(101));
}
