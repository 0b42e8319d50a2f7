//! A module that cannot be baked or written: the whole message, the exit code, and no output.

use snapbox::str;

use crate::e2e::sandbox::Sandbox;
use crate::tool::Said;

/// Runs `cargo preinit`, which must not write any baked module.
pub fn fails(sandbox: &Sandbox, args: &str) -> Said {
    let said = sandbox.preinit(args);
    expect_nothing_baked(sandbox);
    said
}

fn expect_nothing_baked(sandbox: &Sandbox) {
    let files = crate::tool::files(&sandbox.dir().join("target"));
    let mut leftovers = files.iter().filter(|file| file.contains("preinit/"));
    assert_eq!(leftovers.next(), None);
}

/// The other guest is still baked.
#[test]
fn one_guest_of_two_fails() {
    let sandbox = Sandbox::of("workspace", "one-of-two");
    sandbox.write(
        "command/src/second.rs",
        r#"
#[preinit_guest::preinit]
fn prepare() -> Result<(), &'static str> {
    Err("no luck")
}

fn main() {
    prepare().expect("luck");
}
"#,
    );
    sandbox.preinit("-p command -p idle -j1").expect(
        1,
        str![[r#"
      Baking command.wasm
       Baked command.wasm (wasm32-wasip1): 2 items in [TIME], [SIZE] -> [SIZE]
      Baking idle.wasm
      Baking second.wasm
    Skipping idle.wasm: nothing in it is marked with `#[preinit]`
error: `second.wasm` was not baked: `second::prepare` (src/second.rs:3) failed: no luck
error: 1 of 2 guests could not be baked

"#]],
    );
    assert!(sandbox.has("target/wasm32-wasip1/debug/preinit/command.wasm"));
    assert!(!sandbox.has("target/wasm32-wasip1/debug/preinit/second.wasm"));
}

#[test]
fn nothing_is_marked() {
    let source = r#"
#[unsafe(no_mangle)]
pub extern "C" fn phase() -> bool {
    preinit_guest::phase() == preinit_guest::Phase::Preinitialised
}
"#;
    let sandbox = Sandbox::guest("nothing-is-marked", source);
    fails(&sandbox, "").expect(
        1,
        str![[r#"
      Baking nothing_is_marked.wasm
error: `nothing_is_marked.wasm` was not baked: the module depends on `preinit-guest`, but nothing in it is marked with `#[preinit]`
help: mark a static or a function with `#[preinit]`; if one is marked, check that its crate is used by this artifact, and that no `cfg` removes it

"#]],
    );
}

#[test]
fn the_sdk_is_not_used() {
    let sandbox = Sandbox::guest("the-sdk-is-not-used", "");
    fails(&sandbox, "").expect(
        1,
        str![[r#"
      Baking the_sdk_is_not_used.wasm
error: `the_sdk_is_not_used.wasm` was not baked: the module has nothing to run: no `#[preinit]` item, no export `wizer-initialize` or `wizer.initialize`, and nothing that starts it
help: name the function with `--init-func NAME`, or mark items with `#[preinit]` from the crate `preinit-guest`

"#]],
    );
}

#[test]
fn the_preinit_directory_cannot_be_made() {
    let source = "#[preinit_guest::preinit]\nfn load() {}\n#[unsafe(no_mangle)]\nextern \"C\" fn run() {}\n";
    let sandbox = Sandbox::guest("no-directory", source);
    sandbox.write("target/wasm32-wasip1/debug/preinit", "a file");
    fails(&sandbox, "").expect(
        1,
        str![[r#"
      Baking no_directory.wasm
error: failed to create directory `[DIR]/target/wasm32-wasip1/debug/preinit`: File exists (os error 17)

"#]],
    );
    assert_eq!(sandbox.read("target/wasm32-wasip1/debug/preinit"), b"a file");
}
