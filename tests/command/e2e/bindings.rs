//! Guests with bindings by wit-bindgen, as they are, composed, and with the adapter of preview 1.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use preinit_tests::component::{Host, World};
use preinit_tests::skip::skipped;
use snapbox::str;
use wasm_compose::composer::ComponentComposer;
use wasm_compose::config::Config;
use wasmtime::component::{Resource, ResourceAny, Val};

use crate::e2e::sandbox::Sandbox;
use crate::tool::Said;

/// The guests of `fixtures/components`, baked once for all tests. `None` if the target cannot be added on this machine.
static BUILT: LazyLock<Option<(Sandbox, Said)>> = LazyLock::new(|| {
    let sandbox = Sandbox::of("components", "components");
    let said = sandbox.preinit("--release --features parts/print");
    match said.stderr.contains("could not be added") {
        true => {
            skipped(&said.stderr);
            None
        }
        false => Some((sandbox, said)),
    }
});

/// A guest, and what `cargo preinit` made of it.
fn guest(name: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let (sandbox, _) = BUILT.as_ref()?;
    let original = sandbox.read(&format!("target/wasm32-wasip2/release/{name}.wasm"));
    let baked = sandbox.read(&format!("target/wasm32-wasip2/release/preinit/{name}.wasm"));
    Some((original, baked))
}

fn world(wasm: &[u8]) -> World {
    World::new(wasm).expect("the component can be instantiated")
}

/// Calls a function with values that have no text, such as handles.
fn call(world: &mut World, name: &str, arguments: &[Val]) -> Option<Val> {
    let function = world.function(name).expect("it is exported");
    let results = function.ty(&world.store).results().len();
    let mut results = vec![Val::Bool(false); results];
    let called = function.call(&mut world.store, arguments, &mut results);
    called.expect("it returns");
    results.pop()
}

#[test]
fn all_of_a_workspace() {
    let Some((sandbox, said)) = BUILT.as_ref() else {
        return;
    };
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    sandbox
        .preinit("--release --features parts/print --offline -j1")
        .expect(
            0,
            str![[r#"
       Fresh desk.wasm
       Fresh front.wasm
       Fresh parts.wasm

"#]],
        );
}

/// A library with strings, lists and a resource, whose item prints. Handles of its resource have the same numbers as before.
#[test]
fn strings_lists_and_a_resource() {
    let Some((original, baked)) = guest("parts") else {
        return;
    };
    let answers = |wasm: &[u8]| {
        let mut world = world(wasm);
        let mut answers = Vec::new();
        for (name, argument) in [
            ("price", "\"article 7\""),
            ("price", "\"\""),
            ("find", "\"article 49\""),
        ] {
            let answer = world.call(&format!("example:parts/stock#{name}"), argument);
            answers.push(answer.expect("it returns"));
        }
        for shelf in ["one", "two"] {
            let name = Val::String(shelf.to_owned());
            let shelf = call(&mut world, "example:parts/stock#[constructor]shelf", &[name]);
            let shelf = shelf.expect("it is returned");
            for article in ["a", "b"] {
                let arguments = [shelf.clone(), Val::String(article.to_owned())];
                let count = call(&mut world, "example:parts/stock#[method]shelf.add", &arguments);
                answers.push(format!("{count:?}"));
            }
            let articles = call(&mut world, "example:parts/stock#[method]shelf.articles", &[shelf]);
            answers.push(format!("{articles:?}"));
        }
        (answers, world.printed())
    };
    let (expected, printed) = answers(&original);
    let (found, printed_baked) = answers(&baked);
    assert_eq!(found, expected);
    assert_eq!(found[0], "some(21)");
    assert_eq!(printed.replace("making the prices\n", ""), printed_baked);
    assert_eq!(printed_baked, "asked for article 7\nasked for \n");
}

/// The handler's host is not there when it is baked.
#[test]
fn a_handler_of_requests() {
    let Some((original, baked)) = guest("front") else {
        return;
    };
    let answer = |wasm: &[u8]| {
        let mut world = world(wasm);
        let resource = |world: &mut World| {
            let resource: Resource<Host> = Resource::new_own(7);
            let resource = ResourceAny::try_from_resource(resource, &mut world.store);
            Val::Resource(resource.expect("the host can make one"))
        };
        let arguments = [resource(&mut world), resource(&mut world)];
        call(
            &mut world,
            "example:http/incoming-handler@0.2.0#handle",
            &arguments,
        );
        world.log().join("\n")
    };
    let expected = answer(&original);
    assert!(expected.contains("page 7"), "{expected}");
    assert_eq!(answer(&baked), expected);
}

/// Two components, of which one uses the interface of the other, made into one.
fn composed(sandbox: &Sandbox, folder: &str) -> Vec<u8> {
    let folder = sandbox.dir().join(folder);
    let config = Config {
        dir: folder.clone(),
        definitions: vec!["parts.wasm".into()],
        ..Config::default()
    };
    let desk = folder.join("desk.wasm");
    let composer = ComponentComposer::new(&desk, &config);
    composer.compose().expect("the two fit")
}

/// Both have items. The one prints, and it holds its standard output in its own table; the other holds a resource of it.
#[test]
fn a_composition() {
    let sandbox = Sandbox::of("components", "composition");
    let said = sandbox.preinit("--release -p parts -p desk --features parts/print");
    if said.stderr.contains("could not be added") {
        return skipped(&said.stderr);
    }
    fs_err::write(
        sandbox.dir().join("composed.wasm"),
        composed(&sandbox, "target/wasm32-wasip2/release"),
    )
    .expect("it can be written");
    sandbox
        .preinit("bake composed.wasm -o baked.wasm --allow-wasi")
        .expect(
            0,
            str![[r#"
      Baking composed.wasm
[composed.wasm] making the prices
       Baked composed.wasm: 2 items in [TIME], [SIZE] -> [SIZE]

"#]],
        );
    let answers = |wasm: &[u8]| {
        let mut world = world(wasm);
        let mut order = |articles: &str| world.call("order", articles).expect("it returns");
        let answers = [
            order(r#"["article 1", "article 2"]"#),
            order("[]"),
            order(r#"["article 3"]"#),
        ];
        (answers, world.printed())
    };
    let (expected, printed) = answers(&sandbox.read("composed.wasm"));
    for (name, wasm) in [
        ("baked as a whole", sandbox.read("baked.wasm")),
        (
            "composed of baked parts",
            composed(&sandbox, "target/wasm32-wasip2/release/preinit"),
        ),
    ] {
        let (found, printed_baked) = answers(&wasm);
        assert_eq!(found, expected, "{name}");
        assert_eq!(
            printed_baked,
            printed.replace("making the prices\n", ""),
            "{name}"
        );
    }
    assert!(printed.contains("making the prices\n"), "{printed}");
}

/// jco makes JavaScript of components, and has a table of handles for each type of resource. The baked library answers there as the
/// original does, prints again, and its resource works.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test has no other way to be told")]
fn in_jco() {
    let Some(jco) = std::env::var_os("PREINIT_JCO").map(PathBuf::from) else {
        return skipped("`PREINIT_JCO` does not say where jco is");
    };
    let Some((original, baked)) = guest("parts") else {
        return;
    };
    let answers = |name: &str, wasm: &[u8]| {
        let out = jco.join(name);
        fs_err::create_dir_all(&out).expect("it can be made");
        fs_err::write(out.join("parts.wasm"), wasm).expect("it can be written");
        let run = |program: &Path, arguments: &[&str]| {
            let output = Command::new(program).args(arguments).current_dir(&out).output();
            let output = output.expect("the program runs");
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        run(
            &jco.join("node_modules/.bin/jco"),
            &["transpile", "parts.wasm", "-o", "."],
        );
        fs_err::write(out.join("package.json"), r#"{ "type": "module" }"#).expect("it can be written");
        fs_err::write(out.join("run.js"), IN_JCO).expect("it can be written");
        run(Path::new("node"), &["run.js"])
    };
    let expected = answers("original", &original);
    assert_eq!(
        answers("baked", &baked),
        expected.replace("making the prices\n", "")
    );
    assert!(expected.contains("making the prices"), "{expected}");
    assert!(
        expected.contains("21 undefined 11 1 2 one: a,one: b"),
        "{expected}"
    );
}

/// What a host does with the library.
const IN_JCO: &str = r#"
import { stock } from "./parts.js";
const answers = [stock.price("article 7"), String(stock.price("x")), stock.find("article 49").length];
const shelf = new stock.Shelf("one");
answers.push(shelf.add("a"), shelf.add("b"), String(shelf.articles()));
console.log(answers.join(" "));
"#;

/// A program for preview 1 with the adapter that the linker for components adds. The adapter's state is baked, with the streams
/// that it holds.
#[test]
fn a_program_with_the_adapter_of_preview_1() {
    let sandbox = Sandbox::empty("adapted");
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output();
    let sysroot = String::from_utf8(sysroot.expect("rustc runs").stdout).expect("it is UTF-8");
    let host = Path::new(sysroot.trim()).join("lib/rustlib");
    let linker = fs_err::read_dir(host)
        .expect("there are targets")
        .find_map(|target| {
            let linker = target.ok()?.path().join("bin/wasm-component-ld");
            linker.exists().then_some(linker)
        });
    let Some(linker) = linker else {
        skipped("the toolchain has no linker for components");
        return;
    };
    sandbox.write(
        ".cargo/config.toml",
        &format!("target.wasm32-wasip1.linker = {:?}", linker.display().to_string()),
    );
    sandbox.write(
        "Cargo.toml",
        r#"
            workspace = {}
            package.name = "adapted"
            package.edition = "2024"
            package.metadata.preinit.target = "wasm32-wasip1"
            dependencies.preinit-guest.path = "../../../preinit-guest"
        "#,
    );
    sandbox.write(
        "src/main.rs",
        r#"
use std::collections::HashMap;
use std::sync::LazyLock;

#[preinit_guest::preinit]
static WORDS: LazyLock<HashMap<u32, String>> = LazyLock::new(|| {
    println!("making the words");
    (0..100).map(|n| (n, format!("word {n}"))).collect()
});

fn main() {
    println!("{}", WORDS[&77]);
    eprintln!("done");
}
"#,
    );
    let said = sandbox.preinit("--release");
    if said.stderr.contains("could not be added") {
        return skipped(&said.stderr);
    }
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    let run = |folder: &str| {
        let mut world = world(&sandbox.read(&format!("target/wasm32-wasip1/release/{folder}adapted.wasm")));
        let exports = world.exports();
        let run = exports.iter().find(|name| name.starts_with("wasi:cli/run@"));
        let run = format!("{}#run", run.expect("a program exports it"));
        let answer = world.call(&run, "").expect("it can be called");
        (answer, world.printed())
    };
    assert_eq!(
        run(""),
        ("ok".to_owned(), "making the words\nword 77\ndone\n".to_owned())
    );
    assert_eq!(run("preinit/"), ("ok".to_owned(), "word 77\ndone\n".to_owned()));
}

/// A program sees the same files of a directory under preview 2 as under preview 1, and nothing of them is open in the output.
#[test]
fn files_of_a_directory() {
    let sandbox = Sandbox::empty("files");
    sandbox.write(
        "Cargo.toml",
        r#"
            workspace = {}
            package.name = "files"
            package.edition = "2024"
            features.keep = []
            dependencies.preinit-guest.path = "../../../preinit-guest"
        "#,
    );
    sandbox.write("src/main.rs", FILES);
    sandbox.write("data/words.txt", "one two three");
    sandbox.write("data/deep/er/numbers.txt", &"0123456789".repeat(20_000));
    #[cfg(unix)]
    std::os::unix::fs::symlink("words.txt", sandbox.dir().join("data/link")).expect("it can be made");
    let run = |target: &str, more: &str| {
        sandbox.preinit(&format!("--release --target {target} --dir data::/data {more}"))
    };
    let of_preview_2 = run("wasm32-wasip2", "");
    if of_preview_2.stderr.contains("could not be added") {
        return skipped(&of_preview_2.stderr);
    }
    assert_eq!(of_preview_2.code, Some(0), "{}", of_preview_2.stderr);
    let of_preview_1 = run("wasm32-wasip1", "");
    assert_eq!(of_preview_1.code, Some(0), "{}", of_preview_1.stderr);
    let baked = |target: &str| sandbox.read(&format!("target/{target}/release/preinit/files.wasm"));
    let mut world = world(&baked("wasm32-wasip2"));
    let exports = world.exports();
    let run_export = exports.iter().find(|name| name.starts_with("wasi:cli/run@"));
    let run_export = format!("{}#run", run_export.expect("a program exports it"));
    assert_eq!(world.call(&run_export, "").expect("it can be called"), "ok");
    let printed = world.printed();
    assert!(
        printed.contains("/data/deep/er/numbers.txt: 200000 bytes"),
        "{printed}"
    );
    assert!(
        printed.contains("a file cannot be made: permission denied"),
        "{printed}"
    );
    assert!(
        printed.ends_with("this host shows no directory: true\n"),
        "{printed}"
    );
    let text = |wasm: &[u8]| String::from_utf8_lossy(wasm).into_owned();
    for line in printed.lines().filter(|line| line.starts_with("/data")) {
        assert!(
            text(&baked("wasm32-wasip1")).contains(line),
            "preview 1 says another than {line}"
        );
    }
    run("wasm32-wasip2", "--features keep").expect(
        1,
        str![[r#"
...
error: `files.wasm` was not baked: the component cannot be baked
  - 1 handle is alive after init, and no component can bring one along: a directory (`wasi:filesystem/types`)
help: let init call `preinit_guest::reset_preopens()` once it has read its files, and close them before

"#]],
    );
}

const FILES: &str = r#"
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

#[preinit_guest::preinit]
static FILES: LazyLock<String> = LazyLock::new(|| {
    let mut found = String::new();
    describe(Path::new("/data"), &mut found);
    let missing = fs::read("/data/missing").unwrap_err().kind();
    writeln!(found, "/data/missing: {missing}").unwrap();
    let above = fs::read("/data/../words.txt").unwrap_err().kind();
    writeln!(found, "/data/../words.txt: {above}").unwrap();
    let file = fs::read("/data/words.txt/x").unwrap_err().kind();
    writeln!(found, "/data/words.txt/x: {file}").unwrap();
    let made = fs::write("/data/new", "x").unwrap_err().kind();
    writeln!(found, "a file cannot be made: {made}").unwrap();
    if cfg!(not(feature = "keep")) {
        preinit_guest::reset_preopens();
    }
    found
});

fn describe(path: &Path, found: &mut String) {
    let status = fs::symlink_metadata(path).unwrap();
    let modified = status.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
    let kind = status.file_type();
    write!(found, "{}: {} bytes, {modified:?}, ", path.display(), status.len()).unwrap();
    if kind.is_symlink() {
        writeln!(found, "a link to {}", fs::read_link(path).unwrap().display()).unwrap();
        writeln!(found, "{} leads to {}", path.display(), fs::read_to_string(path).unwrap()).unwrap();
    } else if kind.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        writeln!(found, "{entries:?}").unwrap();
        entries.sort();
        for entry in entries {
            describe(&entry, found);
        }
    } else {
        let text = fs::read(path).unwrap();
        let sum = text.iter().fold(0_u32, |sum, byte| sum.rotate_left(5) ^ u32::from(*byte));
        writeln!(found, "sum {sum}").unwrap();
    }
}

fn main() {
    print!("{}", *FILES);
    println!("this host shows no directory: {}", fs::metadata("/data/words.txt").is_err());
}
"#;
