//! Equivalence of guests in Rust: the baked module, whose init has run, and the original, which runs it lazily, answer the same.

use snapbox::str;
use wasmtime::Result;

use crate::e2e::host::{Guest, exports, output};
use crate::e2e::sandbox::Sandbox;
use crate::tool::Said;

/// A guest before and after the bake.
struct Pair {
    plain: Vec<u8>,
    baked: Vec<u8>,
    said: Said,
}

/// Builds a guest, bakes it twice, and checks the exports, and that cargo's file and the bytes of both bakes are the same.
fn bake(sandbox: &Sandbox, target: &str, profile: &str, name: &str) -> Result<Pair> {
    let args = format!("--profile {profile} --target {target}");
    let directory = if profile == "dev" { "debug" } else { profile };
    let artifact = format!("target/{target}/{directory}/{name}.wasm");
    let output = format!("target/{target}/{directory}/preinit/{name}.wasm");

    sandbox.cargo(&format!("build {args}")).succeeds();
    let plain = sandbox.read(&artifact);
    let said = sandbox.preinit(&args);
    said.succeeds();
    assert!(sandbox.read(&artifact) == plain, "cargo's own file was changed");
    let baked = sandbox.read(&output);
    fs_err::remove_file(sandbox.dir().join(&output)).expect("it was written");
    sandbox.preinit(&args).succeeds();
    assert!(sandbox.read(&output) == baked, "a second run gave other bytes");

    let mut expected = exports(&plain)?;
    expected.retain(|name| !name.starts_with("__preinit"));
    assert_eq!(exports(&baked)?, expected);
    Ok(Pair { plain, baked, said })
}

/// Checks a guest with every kind of item.
fn kinds(target: &str, profile: &str) -> Result<Said> {
    let sandbox = Sandbox::of("kinds", &format!("kinds-{target}-{profile}"));
    let Pair { plain, baked, said } = bake(&sandbox, target, profile, "kinds")?;

    let (mut plain, mut baked) = (Guest::new(&plain, &[])?, Guest::new(&baked, &[])?);
    assert_eq!((plain.call("phase", &[])?, baked.call("phase", &[])?), (0, 2));
    assert_eq!(plain.call("order", &[])?, 0);
    assert_eq!(baked.call("order", &[])?, 0xa8_1234_5679);
    for item in (0..=10).rev() {
        let before = (plain.call("runs", &[item])?, baked.call("runs", &[item])?);
        // Item 8 uses item 1.
        let expected = if item == 1 { (1, 1) } else { (0, 1) };
        assert_eq!(before, expected, "item {item}");
        let answers = (plain.call("answer", &[item])?, baked.call("answer", &[item])?);
        assert_eq!(answers.0, answers.1, "item {item}");
        assert_eq!(plain.call("answer", &[item])?, answers.0, "item {item}");
        assert_eq!(baked.call("answer", &[item])?, answers.0, "item {item}");
        let after = (plain.call("runs", &[item])?, baked.call("runs", &[item])?);
        assert_eq!(after, (1, 1), "item {item}");
    }
    assert_eq!(
        (
            plain.call("phase_in_init", &[])?,
            baked.call("phase_in_init", &[])?
        ),
        (0, 1)
    );
    for count in [1, 1000, 100_000] {
        assert_eq!(plain.call("go_on", &[count])?, baked.call("go_on", &[count])?);
    }
    Ok(said)
}

#[test]
fn kinds_wasip1_debug() -> Result<()> {
    kinds("wasm32-wasip1", "dev")?.expect(
        0,
        str![[r#"
      Baking kinds.wasm
       Baked kinds.wasm (wasm32-wasip1): 12 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    Ok(())
}

#[test]
fn kinds_wasip1_release() -> Result<()> {
    kinds("wasm32-wasip1", "release")?.expect(
        0,
        str![[r#"
      Baking kinds.wasm
       Baked kinds.wasm (wasm32-wasip1): 12 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    Ok(())
}

#[test]
fn kinds_wasip1_smallest() -> Result<()> {
    kinds("wasm32-wasip1", "smallest")?.expect(
        0,
        str![[r#"
      Baking kinds.wasm
       Baked kinds.wasm (wasm32-wasip1): 12 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    Ok(())
}

#[test]
fn kinds_unknown_debug() -> Result<()> {
    kinds("wasm32-unknown-unknown", "dev")?.expect(
        0,
        str![[r#"
      Baking kinds.wasm
       Baked kinds.wasm (wasm32-unknown-unknown): 12 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    Ok(())
}

#[test]
fn kinds_unknown_release() -> Result<()> {
    kinds("wasm32-unknown-unknown", "release")?.expect(
        0,
        str![[r#"
      Baking kinds.wasm
       Baked kinds.wasm (wasm32-unknown-unknown): 12 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    Ok(())
}

#[test]
fn kinds_unknown_smallest() -> Result<()> {
    kinds("wasm32-unknown-unknown", "smallest")?.expect(
        0,
        str![[r#"
      Baking kinds.wasm
       Baked kinds.wasm (wasm32-unknown-unknown): 12 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    Ok(())
}

/// The items by name, file and line, in the order in which they run.
#[test]
fn kinds_in_order() {
    let sandbox = Sandbox::of("kinds", "kinds-in-order");
    sandbox.preinit("-v").expect(
        0,
        str![[r#"
      Baking kinds.wasm
         Ran `kinds::STEPS` (src/lib.rs:118) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
         Ran `kinds::measure` (src/lib.rs:102) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
         Ran `kinds::WORDS` (src/lib.rs:24) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
         Ran `kinds::LIMITS` (src/lib.rs:40) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
         Ran `kinds::ROOTS` (src/lib.rs:44) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
         Ran `kinds::GREETING` (src/lib.rs:55) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
         Ran `kinds::SQUARES` (src/lib.rs:74) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
         Ran `kinds::open_log` (src/lib.rs:83) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
         Ran `kinds::parse` (src/lib.rs:92) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
         Ran `library::PRIMES` (src/lib.rs:12) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
         Ran `kinds::last` (src/lib.rs:110) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
         Ran `kinds::look` (src/lib.rs:132) in [TIME]
   Allocated [FIGURES]
     Changed [FIGURES]
     Loading kinds.wasm: instances will share its memory copy-on-write
        Kept kinds.wasm: the code stays as it is, since `.debug_[..]` depends on it
    Scrubbed kinds.wasm: [..] that nothing reads any more are zero
       Wrote [DIR]/target/wasm32-wasip1/debug/preinit/kinds.wasm (compiled by [..])
       Baked kinds.wasm (wasm32-wasip1): 12 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
}

#[test]
fn kinds_on_the_host() {
    let sandbox = Sandbox::of("kinds", "kinds-on-the-host");
    sandbox.cargo("test").succeeds();
}

/// Checks a program.
fn bin(profile: &str) -> Result<Said> {
    let sandbox = Sandbox::of("bin", &format!("bin-{profile}"));
    let Pair { plain, baked, said } = bake(&sandbox, "wasm32-wasip1", profile, "bin")?;
    let args = ["bin", "/news", "/missing"];
    let answers = "/news: Some(3)\n/missing: None\nstage none, made 1x\n";
    // The random numbers of the original's hash maps do not show in its output.
    assert_eq!(
        output(&plain, &args)?,
        format!("NotPreinitialised, made 0x\n{answers}")
    );
    assert_eq!(
        output(&baked, &args)?,
        format!("Preinitialised, made 1x\n{answers}")
    );
    Ok(said)
}

#[test]
fn bin_debug() -> Result<()> {
    bin("dev")?.expect(
        0,
        str![[r#"
      Baking bin.wasm
[bin.wasm] loading for none
warning: bin.wasm: init drew random numbers, in `bin::ROUTES` (src/main.rs:13)[..]: they come from a fixed seed, and are the same in every instance
  - the keys of a hash map (0x[..]) by `bin::ROUTES` (src/main.rs:13)
  - [..] bytes of the heap (0x[..]) by `bin::ROUTES` (src/main.rs:13)
warning: bin.wasm: init read the environment, which was empty, in `bin::announce` (src/main.rs:21) by `bin::STAGE::{{closure}}`: each instance sees what init kept of it
       Baked bin.wasm (wasm32-wasip1): 2 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    Ok(())
}

#[test]
fn bin_release() -> Result<()> {
    bin("release")?.expect(
        0,
        str![[r#"
      Baking bin.wasm
[bin.wasm] loading for none
warning: bin.wasm: init drew random numbers, in `bin::ROUTES` (src/main.rs:13)[..]: they come from a fixed seed, and are the same in every instance
  - the keys of a hash map (0x[..]) by `bin::ROUTES` (src/main.rs:13)
  - [..] bytes of the heap (0x[..]) by `bin::ROUTES` (src/main.rs:13)
warning: bin.wasm: init read the environment, which was empty, in `bin::announce` (src/main.rs:21): each instance sees what init kept of it
       Baked bin.wasm (wasm32-wasip1): 2 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    Ok(())
}

#[test]
fn bin_smallest() -> Result<()> {
    bin("smallest")?.expect(
        0,
        str![[r#"
      Baking bin.wasm
[bin.wasm] loading for none
warning: bin.wasm: init drew random numbers, in `bin::ROUTES` (src/main.rs:13)[..]: they come from a fixed seed, and are the same in every instance
  - 16 bytes of the static `bin::ROUTES` (0x[..])
  - 16 bytes of static data (0x[..]) by `bin::ROUTES` (src/main.rs:13)
  - [..] bytes of the heap (0x[..]) by `bin::ROUTES` (src/main.rs:13)
warning: bin.wasm: init read the environment, which was empty, in `bin::announce` (src/main.rs:21): each instance sees what init kept of it
       Baked bin.wasm (wasm32-wasip1): 2 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    Ok(())
}

#[test]
fn bin_with_an_environment() -> Result<()> {
    let sandbox = Sandbox::of("bin", "bin-with-an-environment");
    sandbox.preinit("--env STAGE=test").expect(
        0,
        str![[r#"
      Baking bin.wasm
[bin.wasm] loading for test
warning: bin.wasm: init drew random numbers, in `bin::ROUTES` (src/main.rs:13)[..]: they come from a fixed seed, and are the same in every instance
  - the keys of a hash map (0x[..]) by `bin::ROUTES` (src/main.rs:13)
  - [..] bytes of the heap (0x[..]) by `bin::ROUTES` (src/main.rs:13)
warning: bin.wasm: init read the environment (`STAGE`), in `bin::announce` (src/main.rs:21) by `bin::STAGE::{{closure}}`: each instance sees what init kept of it
  - [..] bytes of the heap (0x[..]) by `bin::announce` (src/main.rs:21)
       Baked bin.wasm (wasm32-wasip1): 2 items in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let baked = sandbox.read("target/wasm32-wasip1/debug/preinit/bin.wasm");
    assert_eq!(
        output(&baked, &["bin"])?,
        "Preinitialised, made 1x\nstage test, made 1x\n"
    );
    Ok(())
}

#[test]
fn nostd() -> Result<()> {
    for profile in ["dev", "release"] {
        let sandbox = Sandbox::of("nostd", &format!("nostd-{profile}"));
        let Pair { plain, baked, .. } = bake(&sandbox, "wasm32-unknown-unknown", profile, "nostd")?;
        let (mut plain, mut baked) = (Guest::new(&plain, &[])?, Guest::new(&baked, &[])?);
        assert_eq!((plain.call("runs", &[])?, baked.call("runs", &[])?), (0, 2));
        for byte in 0..256 {
            let ones = (plain.call("ones", &[byte])?, baked.call("ones", &[byte])?);
            assert_eq!(ones, (byte.count_ones().into(), byte.count_ones().into()));
        }
        assert_eq!((plain.call("runs", &[])?, baked.call("runs", &[])?), (1, 2));
    }
    Ok(())
}
