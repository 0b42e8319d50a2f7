//! What is measured, and how it is obtained.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;
use wasm_encoder::{Function, Instruction, MemArg, ValType};

use crate::job::World;
use crate::npm::NpmFile;
use crate::splice::{Added, add, exported_function};

/// A module with an init, and an export `run: (i32) -> i32` that answers from what init made.
pub struct Subject {
    pub name: &'static str,
    /// What we bake.
    pub ours: Utf8PathBuf,
    /// What Wizer bakes. The same file, or the same guest with Wizer's export in place of our marks.
    pub wizer: Utf8PathBuf,
    /// The function to run; otherwise what is marked, or Wizer's default.
    pub init: Option<&'static str>,
    /// Whether it is a component. Its init, where it is not marked, is an export.
    pub is_component: bool,
    pub world: World,
    pub takes: InitTakes,
    /// Whether it is so large, and init reaches so little of it, that not all functions are compiled.
    pub reaches_little: bool,
}

/// Whether a bake is mostly compilation or mostly init.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InitTakes {
    Short,
    Long,
}

/// The sources of the guests.
const GUESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/guests");

const STARLING_MONKEY: NpmFile = NpmFile {
    package: "@bytecodealliance/componentize-js",
    version: "0.23.0",
    sha512: "41cdbe96bc091d4ee5ab8081332555604f004b250579e80c61d4673151b4c0da\
             4d8804f318317f996a630cd4de559793f0bf5c8612b7bee2da404f4554036f7f",
    path: "package/lib/starlingmonkey_embedding.wasm",
};

const RUBY: NpmFile = NpmFile {
    package: "@ruby/3.4-wasm-wasi",
    version: "2.10.1",
    sha512: "aabcc827fed3192a6c6691722c96fd3973ba4d802ad7c5e82ddd7559ed7b4abe\
             fc856a5be48186160310f40d98f16c399f493cb8a03f23cfcff0c25dce5257d1",
    path: "package/dist/ruby+stdlib.wasm",
};

/// Builds and fetches all subjects.
pub fn subjects(dir: &Utf8Path) -> Result<Vec<Subject>> {
    let ours = Build::modules(dir.join("guests"), &[])?;
    let wizer = Build::modules(dir.join("guests-wizer"), &["--features", "wizer"])?;
    let our_components = Build::components(dir.join("components"), "component")?;
    let wizer_components = Build::components(dir.join("components-wizer"), "component,wizer")?;
    let guest = |name, file: &str, takes| Subject {
        name,
        ours: ours.guest(file),
        wizer: wizer.guest(file),
        init: None,
        is_component: false,
        world: World::default(),
        takes,
        reaches_little: false,
    };
    let component = |name, file: &str, takes| Subject {
        name,
        ours: our_components.guest(file),
        wizer: wizer_components.guest(file),
        init: None,
        is_component: true,
        world: World::default(),
        takes,
        reaches_little: false,
    };
    Ok(vec![
        guest("regex", "guest_regex", InitTakes::Short),
        guest("user agents", "guest_useragent", InitTakes::Long),
        guest("syntect", "guest_syntect", InitTakes::Short),
        guest("minijinja", "guest_minijinja", InitTakes::Short),
        guest("rhai", "guest_rhai", InitTakes::Short),
        guest("jsonschema", "guest_jsonschema", InitTakes::Short),
        starling_monkey(dir)?,
        ruby(dir)?,
        component("words (component)", "guest_words", InitTakes::Short),
        component("user agents (component)", "guest_useragent", InitTakes::Long),
        component("jsonschema (component)", "guest_jsonschema", InitTakes::Short),
    ])
}

/// The guests in Rust, built in one way.
struct Build(Utf8PathBuf);

impl Build {
    fn modules(target_dir: Utf8PathBuf, arguments: &[&str]) -> Result<Self> {
        Self::new(target_dir, "wasm32-wasip1", arguments)
    }

    fn components(target_dir: Utf8PathBuf, features: &str) -> Result<Self> {
        let arguments = [
            "-p",
            "guest-words",
            "-p",
            "guest-useragent",
            "-p",
            "guest-jsonschema",
            "--features",
        ];
        Self::new(
            target_dir,
            "wasm32-wasip2",
            &[&arguments[..], &[features]].concat(),
        )
    }

    fn new(target_dir: Utf8PathBuf, target: &str, arguments: &[&str]) -> Result<Self> {
        let manifest = format!("{GUESTS}/Cargo.toml");
        let status = Command::new("cargo")
            .args(["build", "--release", "--locked", "--target", target])
            .args(["--manifest-path", &manifest, "--target-dir", target_dir.as_str()])
            .args(arguments)
            .env("UAPARSER_REGEXES", regexes(&manifest)?)
            .status()?;
        ensure!(status.success(), "the guests could not be built");
        Ok(Self(target_dir.join(target).join("release")))
    }

    fn guest(&self, name: &str) -> Utf8PathBuf {
        self.0.join(name).with_extension("wasm")
    }
}

/// The patterns that come with the crate `uaparser`.
fn regexes(manifest: &str) -> Result<Utf8PathBuf> {
    let output = Command::new("cargo")
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--manifest-path",
            manifest,
        ])
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == "uaparser")
        .and_then(|package| package["manifest_path"].as_str())
        .map(|manifest| Utf8Path::new(manifest).with_file_name("src/core/regexes.yaml"))
        .context("the guests depend on `uaparser`")
}

/// The engine as ComponentizeJS bakes it, with a script.
fn starling_monkey(dir: &Utf8Path) -> Result<Subject> {
    let original = fs_err::read(STARLING_MONKEY.fetch(dir)?)?;
    let allocate = exported_function(&original, "cabi_realloc")?;
    let call = exported_function(&original, "call")?;
    let after = exported_function(&original, "post_call")?;
    let mut body = Function::new([(1, ValType::I32)]);
    {
        let mut code = body.instructions();
        let [request, place] = [0, 1];
        // The function that the script exports has the number 0; arguments and result are in memory.
        code.i32_const(0)
            .i32_const(0)
            .i32_const(4)
            .i32_const(4)
            .call(allocate)
            .local_tee(place);
        code.local_get(request).i32_store(WORD);
        code.i32_const(0).local_get(place).call(call).i32_load(WORD);
        code.i32_const(0).call(after).end();
    }
    let path = dir.join("starlingmonkey.wasm");
    fs_err::write(&path, add(&original, &[run(body)])?)?;
    let sources = Utf8PathBuf::from(GUESTS).join("starlingmonkey");
    let env = [
        ("EXPORT_CNT", "1"),
        ("EXPORT0_NAME", "export_run"),
        ("EXPORT0_ARGS", "i32"),
        ("EXPORT0_RET", "i32"),
        ("EXPORT0_RETSIZE", "0"),
        ("IMPORT_CNT", "0"),
        ("SOURCE_NAME", "app.js"),
        ("FEATURE_CLOCKS", ""),
        ("DEBUG", ""),
    ];
    Ok(Subject {
        name: "StarlingMonkey",
        ours: path.clone(),
        wizer: path,
        init: Some("componentize.wizer"),
        is_component: false,
        world: World {
            env: env
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            stdin: Some(sources.join("arguments")),
            dir: Some(sources),
        },
        takes: InitTakes::Short,
        reaches_little: true,
    })
}

/// What Ruby is started with.
const RUBY_ARGUMENTS: [&str; 3] = ["ruby.wasm\0", "-EUTF-8\0", "-e_=0\0"];

/// The program that a call of `run` evaluates, with the request in place of the `N`. It makes a string.
const RUBY_PROGRAM: &str =
    "n = N; (1..9).map { |i| (i * n).to_s(3).rjust(4, 'x') }.sort.join.hash; '%04d' % (7 ** n % 9973)";

/// Ruby, booted; its own init function takes arguments, so a function without any is added that calls it.
fn ruby(dir: &Utf8Path) -> Result<Subject> {
    let original = fs_err::read(RUBY.fetch(dir)?)?;
    let function = |name| exported_function(&original, name);
    let allocate = function("cabi_realloc")?;
    let boot = function("ruby-init: func(args: list<string>) -> ()")?;
    let evaluate = function("rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>")?;
    let string = function("rstring-ptr: func(value: handle<rb-abi-value>) -> string")?;

    let mut init = Function::new([(2, ValType::I32)]);
    let [list, text] = [0, 1];
    new_bytes(&mut init, allocate, list, &[0; 8 * RUBY_ARGUMENTS.len()]);
    for (argument, offset) in RUBY_ARGUMENTS.iter().zip((0..).step_by(8)) {
        new_bytes(&mut init, allocate, text, argument.as_bytes());
        let mut code = init.instructions();
        code.local_get(list).local_get(text).i32_store(at(offset));
        code.local_get(list)
            .i32_const(i32::try_from(argument.len())?)
            .i32_store(at(offset + 4));
    }
    init.instructions()
        .local_get(list)
        .i32_const(i32::try_from(RUBY_ARGUMENTS.len())?)
        .call(boot)
        .end();

    let mut body = Function::new([(2, ValType::I32)]);
    let [request, program, answer] = [0, 1, 2];
    new_bytes(&mut body, allocate, program, RUBY_PROGRAM.as_bytes());
    let digit = RUBY_PROGRAM
        .find('N')
        .context("the program has a place for the request")?;
    let mut code = body.instructions();
    code.local_get(program)
        .local_get(request)
        .i32_const(i32::from(b'0'))
        .i32_add();
    code.i32_store8(MemArg {
        align: 0,
        ..at(digit as u64)
    });
    code.local_get(program)
        .i32_const(i32::try_from(RUBY_PROGRAM.len())?)
        .call(evaluate)
        .local_tee(answer);
    // Anything but zero is an exception.
    code.i32_load(at(4))
        .if_(wasm_encoder::BlockType::Empty)
        .unreachable()
        .end();
    // The first four letters of the string.
    code.local_get(answer)
        .i32_load(WORD)
        .call(string)
        .i32_load(WORD)
        .i32_load(WORD)
        .end();

    let path = dir.join("ruby.wasm");
    let boot = Added {
        export: "wizer-initialize",
        parameters: vec![],
        results: vec![],
        body: init,
    };
    fs_err::write(&path, add(&original, &[boot, run(body)])?)?;
    Ok(Subject {
        name: "Ruby",
        ours: path.clone(),
        wizer: path,
        init: None,
        is_component: false,
        world: World::default(),
        takes: InitTakes::Short,
        reaches_little: true,
    })
}

fn run(body: Function) -> Added {
    Added {
        export: "run",
        parameters: vec![ValType::I32],
        results: vec![ValType::I32],
        body,
    }
}

const WORD: MemArg = MemArg {
    offset: 0,
    align: 2,
    memory_index: 0,
};

const fn at(offset: u64) -> MemArg {
    MemArg { offset, ..WORD }
}

/// Allocates, stores the bytes there, and leaves the address in the local.
fn new_bytes(function: &mut Function, allocate: u32, local: u32, bytes: &[u8]) {
    let mut code = function.instructions();
    let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
    code.i32_const(0)
        .i32_const(0)
        .i32_const(4)
        .i32_const(length)
        .call(allocate)
        .local_set(local);
    for (&byte, offset) in bytes.iter().zip(0..) {
        code.local_get(local).i32_const(i32::from(byte));
        function.instruction(&Instruction::I32Store8(MemArg {
            align: 0,
            ..at(offset)
        }));
        code = function.instructions();
    }
}
