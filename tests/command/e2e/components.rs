//! Guests that are components, built by cargo for `wasm32-wasip2`.

use preinit_tests::component::World;
use preinit_tests::skip::skipped;
use snapbox::str;

use crate::e2e::modules::fails;
use crate::e2e::sandbox::Sandbox;

/// A program whose item is a map, which it prints of. wasi-libc draws random numbers for the map.
const PROGRAM: &str = r#"
use std::collections::HashMap;
use std::sync::LazyLock;

#[preinit_guest::preinit]
static WORDS: LazyLock<HashMap<String, u32>> = LazyLock::new(|| {
    (0..500_u32).map(|n| (format!("word{n}"), n)).collect()
});

#[preinit_guest::preinit]
fn check() -> Result<(), String> {
    match WORDS.len() {
        500 => Ok(()),
        len => Err(format!("{len} words")),
    }
}

fn main() {
    let is_baked = preinit_guest::phase() == preinit_guest::Phase::Preinitialised;
    println!("{} {:?} {is_baked}", WORDS.len(), WORDS.get("word77"));
}
"#;

/// A package with a program. `None` if the target cannot be added on this machine.
fn program(name: &str, source: &str) -> Option<Sandbox> {
    let sandbox = Sandbox::component(name, source);
    // The first run may print that it added the target.
    let said = sandbox.preinit("--release");
    if said.stderr.contains("could not be added") {
        skipped(&said.stderr);
        return None;
    }
    Some(sandbox)
}

/// Runs a program, and returns what it printed.
fn printed(wasm: &[u8]) -> String {
    let mut world = World::new(wasm).expect("the component can be instantiated");
    let exports = world.exports();
    let run = exports.iter().find(|name| name.starts_with("wasi:cli/run@"));
    let run = format!("{}#run", run.expect("a program exports it"));
    let answer = world.call(&run, "").expect("it can be called");
    assert_eq!(answer, "ok");
    world.printed()
}

#[test]
fn a_program() {
    let Some(sandbox) = program("component-program", PROGRAM) else {
        return;
    };
    sandbox.preinit("--release --offline").expect(
        0,
        str![[r#"
warning: component-program.wasm: init drew random numbers, in `component_program::WORDS` (src/main.rs:6), through std's hash keys (`RandomState`): they come from a fixed seed, and are the same in every instance
  - the keys of a hash map (0x[..]) in core instance 1 (`component_program`) by `component_program::WORDS` (src/main.rs:6)
  - [..] bytes of the heap (0x[..]) in core instance 1 (`component_program`) by `component_program::WORDS` (src/main.rs:6)
       Fresh component-program.wasm

"#]],
    );
    let original = sandbox.read("target/wasm32-wasip2/release/component-program.wasm");
    let baked = sandbox.read("target/wasm32-wasip2/release/preinit/component-program.wasm");
    assert_eq!(printed(&original), "500 Some(77) false\n");
    assert_eq!(printed(&baked), "500 Some(77) true\n");
}

/// A handle of standard output is alive once it was printed to. The baked component opens it again, under the same number.
#[test]
fn what_prints_in_init_prints_again() {
    let source = r#"
#[preinit_guest::preinit]
fn hello() {
    println!("hello");
    eprintln!("hello, too");
}

fn main() {
    println!("main");
    eprintln!("main, too");
}
"#;
    let Some(sandbox) = program("component-prints", source) else {
        return;
    };
    let baked = sandbox.read("target/wasm32-wasip2/release/preinit/component-prints.wasm");
    assert_eq!(printed(&baked), "main\nmain, too\n");
}

/// A handle that is not of a standard stream cannot be had again.
#[test]
fn what_holds_the_clock_is_refused() {
    let source = r#"
#[link(wasm_import_module = "wasi:clocks/monotonic-clock@0.2.0")]
unsafe extern "C" {
    #[link_name = "subscribe-duration"]
    fn subscribe_duration(duration: u64) -> u32;
}

#[preinit_guest::preinit]
fn hold() {
    println!("hello");
    // SAFETY: the function has this type.
    unsafe { subscribe_duration(1) };
}

fn main() {}
"#;
    let Some(sandbox) = program("component-holds", source) else {
        return;
    };
    fails(&sandbox, "--release").expect(1, str![[r#"
      Baking component-holds.wasm
error: `component-holds.wasm` was not baked: the component cannot be baked
  - 1 handle is alive after init, and no component can bring one along: a wait for a clock (`wasi:clocks/monotonic-clock`)
help: keep what prints, opens files or makes resources out of what runs at build time; what a handle leads to has to be opened when the component runs

"#]]);
}

/// The item, its place in the source and the instance are named.
#[test]
fn an_item_fails() {
    let source = r#"
#[preinit_guest::preinit]
fn load() -> Result<(), &'static str> {
    Err("no luck")
}

fn main() {}
"#;
    let Some(sandbox) = program("component-fails", source) else {
        return;
    };
    fails(&sandbox, "--release").expect(1, str![[r#"
      Baking component-fails.wasm
error: `component-fails.wasm` was not baked: in core instance 1 (`component_fails`), `component_fails::load` (src/main.rs:3) failed: no luck

"#]]);
}
