//! Imports that no host has, neither at build time nor at run time.

use wasmtime::{Engine, Instance, Module, Result, Store, ensure};

use crate::e2e::host::Guest;
use crate::e2e::sandbox::Sandbox;

/// Calls an export of a module whose host provides nothing.
fn call_without_host(wasm: &[u8], export: &str) -> Result<i32> {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &Module::new(&engine, wasm)?, &[])?;
    let function = instance.get_typed_func::<(), i32>(&mut store, export)?;
    function.call(&mut store, ())
}

const PRINTS: &str = r#"
use std::sync::LazyLock;

#[preinit_guest::preinit]
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    println!("loading");
    std::env::args().chain(["a", "bb", "ccc"].map(str::to_owned)).collect()
});

#[unsafe(no_mangle)]
pub extern "C" fn letters() -> u32 {
    WORDS.iter().map(|word| word.len() as u32).sum()
}
"#;

/// A guest that only needs WASI while it is built, for a host that has none.
#[test]
fn without_wasi_at_run_time() -> Result<()> {
    let sandbox = Sandbox::guest("stubbed", PRINTS);
    let output = "target/wasm32-wasip1/release/preinit/stubbed.wasm";
    sandbox.cargo("preinit --release").succeeds();
    let plain = sandbox.read(output);
    assert!(call_without_host(&plain, "letters").is_err());
    let said = sandbox.cargo("preinit --release --stub-wasi --verify");
    said.succeeds();
    let baked = sandbox.read(output);
    assert_eq!(call_without_host(&baked, "letters")?, 6);
    assert!(baked.len() <= plain.len());
    // What std has for a panic still leads to WASI, and is named.
    let reached = said
        .stderr
        .contains("what stands for these imports can still be reached:");
    let denied = sandbox.cargo("preinit --release --stub-wasi --deny stub-reached");
    assert_eq!(denied.code == Some(0), !reached, "{}", denied.stderr);
    // A manifest says the same.
    sandbox.configure("package.metadata.preinit = { stub-wasi = \"nosys\" }");
    sandbox.cargo("preinit --release").succeeds();
    assert_eq!(call_without_host(&sandbox.read(output), "letters")?, 6);
    Ok(())
}

/// What traps is named.
#[test]
fn a_stub_that_is_called() -> Result<()> {
    let source = format!(
        "{PRINTS}
#[unsafe(no_mangle)]
pub extern \"C\" fn shout() -> u32 {{ println!(\"at run time\"); 1 }}
"
    );
    let sandbox = Sandbox::guest("stubbed-and-called", &source);
    let output = "target/wasm32-wasip1/release/preinit/stubbed_and_called.wasm";
    let said = sandbox.cargo("preinit --release --stub-wasi");
    said.succeeds();
    let expected = "  - `wasi_snapshot_preview1` `fd_write` by `";
    assert!(said.stderr.contains(expected), "{}", said.stderr);
    let baked = sandbox.read(output);
    let error = call_without_host(&baked, "shout").expect_err("it traps");
    let text = format!("{error:?}");
    ensure!(text.contains("wasi_snapshot_preview1.fd_write (stub)"), "{text}");
    assert_eq!(call_without_host(&baked, "letters")?, 6);
    // A comparison has the same stubs in the original, once init has run.
    let original = "target/wasm32-wasip1/release/stubbed_and_called.wasm";
    let verify = format!("preinit verify {output} {original} --allow-wasi");
    let calls = "--call letters() --call shout()";
    sandbox.cargo(&format!("{verify} --stub-wasi {calls}")).succeeds();
    let said = sandbox.cargo(&format!("{verify} {calls}"));
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    Ok(())
}

/// An import that another module answers, as a manifest says.
#[test]
fn answers_of_a_file() -> Result<()> {
    let source = r#"
        use std::sync::LazyLock;

        #[link(wasm_import_module = "env")]
        unsafe extern "C" {
            fn level() -> u32;
        }

        #[preinit_guest::preinit]
        static LEVEL: LazyLock<u32> = LazyLock::new(|| unsafe { level() });

        #[unsafe(no_mangle)]
        pub extern "C" fn get() -> u32 { *LEVEL }
    "#;
    let sandbox = Sandbox::guest("answered-by-a-file", source);
    sandbox.write(
        "host/answers.wat",
        r#"(module (func (export "level") (result i32) (i32.const 7)))"#,
    );
    sandbox.configure("package.metadata.preinit.import = { \"env.level\" = \"host/answers.wat\" }");
    let output = "target/wasm32-wasip1/release/preinit/answered_by_a_file.wasm";
    // The stub is in the place of what answered.
    sandbox
        .cargo("preinit --release --stub env.level --verify")
        .succeeds();
    assert_eq!(Guest::new(&sandbox.read(output), &[])?.call("get", &[])?, 7);
    // What the file has is part of what the module is made of.
    sandbox.write(
        "host/answers.wat",
        r#"(module
            (table 1 externref)
            (func $eight (result i32) (i32.const 8))
            (func (export "level") (result i32) (return_call $eight)))"#,
    );
    let said = sandbox.cargo("preinit --release --stub env.level -v");
    said.succeeds();
    assert!(
        said.stderr
            .contains("Dirty answered_by_a_file.wasm: option `import` changed"),
        "{}",
        said.stderr
    );
    assert_eq!(Guest::new(&sandbox.read(output), &[])?.call("get", &[])?, 8);
    sandbox.write("host/answers.wat", "(module)");
    let said = sandbox.cargo("preinit --release");
    assert!(
        said.stderr.contains("`answers.wat` exports no function `level`"),
        "{}",
        said.stderr
    );
    Ok(())
}
