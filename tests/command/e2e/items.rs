//! An item that does not complete: the whole message, the exit code, and no output.

use snapbox::str;

use crate::e2e::modules::fails;
use crate::e2e::sandbox::Sandbox;

const TARGETS: [&str; 2] = ["wasm32-wasip1", "wasm32-unknown-unknown"];

#[test]
fn an_item_panics() {
    let source = r#"
use std::sync::LazyLock;

use preinit_guest::preinit;

#[preinit]
static TABLE: LazyLock<Vec<u32>> = LazyLock::new(|| parse("12 x 7"));

fn parse(text: &str) -> Vec<u32> {
    text.split(' ').map(|number| number.parse().expect("a number")).collect()
}

#[unsafe(no_mangle)]
pub extern "C" fn sum() -> u32 {
    TABLE.iter().sum()
}
"#;
    let sandbox = Sandbox::guest("an-item-panics", source);
    fails(&sandbox, "--target wasm32-wasip1").expect(
        1,
        str![[r#"
      Baking an_item_panics.wasm
error: `an_item_panics.wasm` was not baked: `an_item_panics::TABLE` (src/lib.rs:7) panicked at src/lib.rs:10:49: a number: ParseIntError { kind: InvalidDigit }
guest backtrace:
...
    [..]: an_item_panics::parse[..]
...

"#]],
    );
    fails(&sandbox, "--target wasm32-unknown-unknown --release").expect(
        1,
        str![[r#"
      Baking an_item_panics.wasm
error: `an_item_panics.wasm` was not baked: `an_item_panics::TABLE` (src/lib.rs:7) panicked at src/lib.rs:10:49: a number: ParseIntError { kind: InvalidDigit }
guest backtrace:
...

"#]],
    );
}

#[test]
fn an_item_panics_without_std() {
    let sandbox = Sandbox::of("nostd", "nostd-panics");
    fails(&sandbox, "--features panics").expect(
        1,
        str![[r#"
      Baking nostd.wasm
error: `nostd.wasm` was not baked: `nostd::check` (src/lib.rs:35) panicked at src/lib.rs:38:9: there are 256 of them
guest backtrace:
...
    [..]: nostd::check[..]
...

"#]],
    );
}

#[test]
fn an_item_fails() {
    let source = r#"
#[preinit_guest::preinit]
fn first() {
    println!("loading");
}

mod tables {
    #[preinit_guest::preinit]
    fn load() -> Result<(), String> {
        Err("there is no table".to_owned())
    }
}
"#;
    let sandbox = Sandbox::guest("an-item-fails", source);
    for target in TARGETS {
        let said = fails(&sandbox, &format!("--release --target {target}"));
        assert_eq!(
            said.stderr.contains("[an_item_fails.wasm] loading\n"),
            target == TARGETS[0]
        );
        let error = r#"error: `an_item_fails.wasm` was not baked: `an_item_fails::tables::load` (src/lib.rs:9) failed: there is no table
"#;
        assert!(said.stderr.ends_with(error), "{}", said.stderr);
        assert_eq!(said.code, Some(1));
    }
}

#[test]
fn an_item_traps() {
    let source = r#"
pub struct Deep;

impl Deep {
    #[inline(never)]
    pub fn dig(depth: u32) {
        match std::hint::black_box(depth) {
            0 => core::arch::wasm32::unreachable(),
            _ => Self::dig(depth - 1),
        }
        std::hint::black_box(());
    }
}

#[preinit_guest::preinit]
fn load() {
    Deep::dig(2);
}
"#;
    let sandbox = Sandbox::guest("an-item-traps", source);
    fails(&sandbox, "").expect(
        1,
        str![[r#"
      Baking an_item_traps.wasm
error: `an_item_traps.wasm` was not baked: `an_item_traps::load` (src/lib.rs:16) trapped: wasm `unreachable` instruction executed
guest backtrace:
...
    [..]: an_item_traps::Deep::dig
...

"#]],
    );
}

#[test]
fn an_item_does_not_end() {
    let source = r#"
#[preinit_guest::preinit]
fn wait() {
    loop {
        std::hint::black_box(());
    }
}
"#;
    let sandbox = Sandbox::guest("an-item-does-not-end", source);
    fails(&sandbox, "--timeout 5").expect(
        1,
        str![[r#"
      Baking an_item_does_not_end.wasm
error: `an_item_does_not_end.wasm` was not baked: `an_item_does_not_end::wait` (src/lib.rs:3) was still running after 5 s
guest backtrace:
...
    [..]: an_item_does_not_end::wait[..]
...
help: give it longer with `--timeout SECONDS`, if it does end

"#]],
    );
}

#[test]
fn an_item_wants_too_much() {
    let source = r#"
#[preinit_guest::preinit]
fn hoard() {
    let mut hoard = Vec::new();
    loop {
        hoard.push(std::hint::black_box(vec![1_u8; 1 << 20]));
    }
}
"#;
    let sandbox = Sandbox::guest("an-item-wants-too-much", source);
    fails(&sandbox, "--max-memory 16MiB").expect(
        1,
        str![[r#"
      Baking an_item_wants_too_much.wasm
error: `an_item_wants_too_much.wasm` was not baked: `an_item_wants_too_much::hoard` (src/lib.rs:3) asked for more than 16777216 bytes of memory
guest backtrace:
...
    [..]: an_item_wants_too_much::hoard[..]
...
help: allow more with `--max-memory BYTES`

"#]],
    );
}

#[test]
fn an_item_prints_too_much() {
    let source = r#"
#[preinit_guest::preinit]
fn chat() {
    loop {
        println!("and so on");
    }
}
"#;
    let sandbox = Sandbox::guest("an-item-prints-too-much", source);
    let said = fails(&sandbox, "-q --max-output 1KiB");
    said.expect(
        1,
        str![[r#"
error: `an_item_prints_too_much.wasm` was not baked: `an_item_prints_too_much::chat` (src/lib.rs:3) printed more than 1024 bytes
guest backtrace:
...
    [..]: an_item_prints_too_much::chat[..]
...
help: allow more with `--max-output BYTES`

"#]],
    );
}

#[test]
fn an_item_recurses_too_deeply() {
    let source = r#"
#[preinit_guest::preinit]
fn load() {
    load();
}
"#;
    let sandbox = Sandbox::guest("an-item-recurses", source);
    fails(&sandbox, "").expect(
        1,
        str![[r#"
      Baking an_item_recurses.wasm
error: `an_item_recurses.wasm` was not baked: `an_item_recurses::load` (src/lib.rs:3) panicked at [..]/library/[..]: a `#[preinit]` function called itself while it was being preinitialised: "an_item_recurses::load"
guest backtrace:
...
    [..]: an_item_recurses::load
...

"#]],
    );
}

#[test]
fn an_item_exits() {
    let source = r#"
#[preinit_guest::preinit]
fn load() {
    std::process::exit(3);
}
"#;
    let sandbox = Sandbox::guest("an-item-exits", source);
    fails(&sandbox, "").expect(
        1,
        str![[r#"
      Baking an_item_exits.wasm
error: `an_item_exits.wasm` was not baked: `an_item_exits::load` (src/lib.rs:3) ended the program with exit code 3
guest backtrace:
...
    [..]: an_item_exits::load[..]
...
help: init itself ended with that code, and printed nothing that says why

"#]],
    );
}

#[test]
fn an_item_calls_an_import() {
    let source = r#"
#[link(wasm_import_module = "host")]
unsafe extern "C" {
    fn log(number: u32);
}

#[preinit_guest::preinit]
fn load() {
    // SAFETY: the host's function takes any number.
    unsafe { log(1) }
}
"#;
    let sandbox = Sandbox::guest("an-item-calls-an-import", source);
    fails(&sandbox, "").expect(
        1,
        str![[r#"
      Baking an_item_calls_an_import.wasm
error: `an_item_calls_an_import.wasm` was not baked: `an_item_calls_an_import::load` (src/lib.rs:8) called the import `host` `log`, which does not exist at build time
guest backtrace:
...
    [..]: an_item_calls_an_import::load[..]
...
help: call it after start-up, keep the call out of what runs at build time, or have it do nothing and answer with zero there: `--import 'host.log=zero'`
help: `--on-denied=leave-lazy` leaves the item for run time, and bakes the others

"#]],
    );
}

/// A type whose implementation of the trait does not initialise it.
#[test]
fn an_item_stays_uninitialised() {
    let source = r#"
struct Never;

impl preinit_guest::Preinit for Never {
    fn preinit(&'static self) {}
    fn is_preinit(&self) -> bool {
        false
    }
}

#[preinit_guest::preinit]
static NEVER: Never = Never;
"#;
    let sandbox = Sandbox::guest("an-item-stays-uninitialised", source);
    fails(&sandbox, "").expect(
        1,
        str![[r#"
      Baking an_item_stays_uninitialised.wasm
error: `an_item_stays_uninitialised.wasm` was not baked: `an_item_stays_uninitialised::NEVER` (src/lib.rs:12) was forced, but says that it is still not initialised

"#]],
    );
}
