//! The library in a program that provides functions for the imports that init calls.

use anyhow::{Context as _, Result};
use cargo_preinit::emit::walrus::{WalrusError, apply};
use cargo_preinit::guest::Guest;
use cargo_preinit::{
    BakeOptions, Baker, Call, HostFunctions, Wasi, WasiOptions, capture, emit, image, init, instrument, run,
};

/// Init asks the host for a number, and puts an imported function into a table.
const GUEST: &str = r#"(module
  (import "env" "seed" (func $seed (param i32) (result i32)))
  (table (export "table") 1 funcref)
  (global $g (mut i32) (i32.const 0))
  (func (export "init")
    (global.set $g (call $seed (i32.const 3)))
    (table.set (i32.const 0) (ref.func $seed)))
  (func (export "get") (result i32) (global.get $g))
  (elem declare func $seed))
"#;

fn tripled() -> HostFunctions {
    HostFunctions::new(|linker| {
        linker.func_wrap("env", "seed", |number: i32| 3 * number)?;
        Ok(())
    })
}

/// The module in the text format.
fn text(wasm: &[u8]) -> Result<String> {
    wasmprinter::print_bytes(wasm).map_err(|error| anyhow::anyhow!("{error:#}"))
}

/// The error of a bake that must fail.
fn failure(baker: &Baker, guest: &str) -> Result<String> {
    let error = baker.bake(guest.as_bytes()).err();
    Ok(error.context("it must not bake")?.to_string())
}

#[test]
fn what_the_host_answered_is_baked() -> Result<()> {
    let baker = Baker::new().init("init").host(tripled());
    let baked = baker.bake(GUEST.as_bytes())?;
    let text = text(&baked.wasm)?;
    assert!(text.contains("(mut i32) i32.const 9"), "{text}");
    // The import is unchanged, and the table refers to it.
    assert!(text.contains(r#"(import "env" "seed""#), "{text}");
    assert!(text.contains("(elem (;0;) (i32.const 0) func $seed)"), "{text}");
    let calls = ["get()".parse::<Call>().map_err(anyhow::Error::msg)?];
    let replay = baker.verify(&baked.wasm, GUEST.as_bytes(), &calls)?;
    assert_eq!(replay.differences, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_guest_is_prepared_with_the_functions() -> Result<()> {
    let baker = Baker::new().init("init").host(tripled());
    let guest = wat::parse_str(GUEST)?;
    let prepared = baker.prepare(&guest)?;
    for _ in 0..2 {
        assert_eq!(prepared.bake(&Wasi::Denied)?.wasm, baker.bake(&guest)?.wasm);
    }
    Ok(())
}

#[test]
fn a_function_of_another_type_is_refused() -> Result<()> {
    let host = HostFunctions::new(|linker| {
        linker.func_wrap("env", "seed", || 3_i64)?;
        Ok(())
    });
    assert_eq!(
        failure(&Baker::new().init("init").host(host), GUEST)?,
        "the engine could not be set up: the host has no function for the import `env` `seed` of the type that the module \
         imports"
    );
    Ok(())
}

#[test]
fn what_the_host_has_no_function_for_stops_init() -> Result<()> {
    let host = HostFunctions::new(|linker| {
        linker.func_wrap("env", "another", || {})?;
        Ok(())
    });
    assert_eq!(
        failure(&Baker::new().init("init").host(host), GUEST)?,
        "`init` called the import `env` `seed`, which does not exist at build time\nguest backtrace:\n     0: function 1, which has no name"
    );
    Ok(())
}

#[test]
fn a_function_that_fails_says_why() -> Result<()> {
    let host = HostFunctions::new(|linker| {
        linker.func_wrap("env", "seed", |_: i32| -> wasmtime::Result<i32> {
            wasmtime::bail!("the database is away")
        })?;
        Ok(())
    });
    let said = failure(&Baker::new().init("init").host(host), GUEST)?;
    assert!(said.starts_with("`init` trapped: the database is away"), "{said}");
    Ok(())
}

#[test]
fn the_host_counts_before_wasi() -> Result<()> {
    let guest = r#"(module
      (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
      (global $g (export "g") (mut i32) (i32.const 0))
      (func (export "init") (global.set $g (call $yield))))"#;
    let baker = Baker::new().init("init").wasi(WasiOptions::default());
    let of_wasi = text(&baker.bake(guest.as_bytes())?.wasm)?;
    assert!(of_wasi.contains("(mut i32) i32.const 0"), "{of_wasi}");
    let host = HostFunctions::new(|linker| {
        linker.func_wrap("wasi_snapshot_preview1", "sched_yield", || 5_i32)?;
        Ok(())
    });
    let of_host = text(&baker.host(host).bake(guest.as_bytes())?.wasm)?;
    assert!(of_host.contains("(mut i32) i32.const 5"), "{of_host}");
    Ok(())
}

/// Runs init in `guest`, and applies the result to the walrus module that is parsed from `parsed`.
fn apply_to(guest: &[u8], parsed: &[u8]) -> Result<std::result::Result<Vec<u8>, WalrusError>> {
    let options = BakeOptions {
        init_functions: vec!["init".to_owned()],
        ..BakeOptions::default()
    };
    let guest = Guest::parse(guest)?;
    let node = guest.root();
    let plan = init::plan(&guest, &options)?;
    let copy = instrument::instrument(&guest, &plan)?;
    let mut ran = run::run(&guest, &copy, &plan, &options, &HostFunctions::default())?;
    let (snapshot, _) = capture::capture(&guest, &copy, &mut ran.live, options.memory_scan)?;
    let instance = snapshot.instance(&node);
    let image = image::image(&node, instance, options.memory_layout)?;
    let edits = emit::edit_plan(&node, plan.of(&node), &ran.summary, &options);
    let mut module = walrus::Module::from_buffer(parsed)?;
    let applied = apply(&mut module, &node, &edits, instance, &image);
    walrus::passes::gc::run(&mut module);
    Ok(applied.map(|()| module.emit_wasm()))
}

#[test]
fn a_walrus_module_gets_what_init_left() -> Result<()> {
    let guest = wat::parse_str(
        r#"(module
          (memory (export "memory") 1)
          (func $only_init (i32.store (i32.const 8) (i32.const 41)))
          (func (export "init") (call $only_init))
          (func (export "get") (result i32) (i32.load (i32.const 8))))"#,
    )?;
    let wasm = apply_to(&guest, &guest)??;
    let text = text(&wasm)?;
    assert!(text.contains(r#"(data (;0;) (i32.const 8) ")")"#), "{text}");
    assert!(!text.contains("only_init"), "{text}");
    assert!(!text.contains(r#"(export "init""#), "{text}");
    Ok(())
}

#[test]
fn another_walrus_module_is_refused() -> Result<()> {
    let guest = wat::parse_str(r#"(module (func (export "init")))"#)?;
    let other = wat::parse_str(r#"(module (func (export "init")) (func))"#)?;
    let refused = apply_to(&guest, &other)?.err();
    assert_eq!(refused, Some(WalrusError::OtherModule));
    Ok(())
}

/// Init asks the host for a number and for the time.
const COMPONENT: &str = r#"(component
  (import "test:host/numbers" (instance $numbers (export "seed" (func (param "n" u32) (result u32)))))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock (export "now" (func (result u64)))))
  (core func $seed (canon lower (func $numbers "seed")))
  (core func $now (canon lower (func $clock "now")))
  (core module $guest
    (import "" "seed" (func $seed (param i32) (result i32)))
    (import "" "now" (func $now (result i64)))
    (global $g (mut i32) (i32.const 0))
    (func (export "init")
      (global.set $g (i32.add (call $seed (i32.const 3)) (i32.wrap_i64 (call $now)))))
    (func (export "get") (result i32) (global.get $g)))
  (core instance $guest (instantiate $guest (with "" (instance
    (export "seed" (func $seed))
    (export "now" (func $now))))))
  (func (export "init") (canon lift (core func $guest "init")))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
"#;

fn numbers() -> HostFunctions {
    HostFunctions::for_components(|linker| {
        let mut numbers = linker.instance("test:host/numbers")?;
        numbers.func_wrap("seed", |_, (number,): (u32,)| Ok((3 * number,)))?;
        let mut clock = linker.instance("wasi:clocks/monotonic-clock@0.2.0")?;
        clock.func_wrap("now", |_, ()| Ok((1000_u64,)))
    })
}

/// The embedder's functions take the place of WASI's as well.
#[test]
fn what_the_host_answered_a_component_is_baked() -> Result<()> {
    let baker = Baker::new()
        .init("init")
        .wasi(WasiOptions::default())
        .host(numbers());
    let guest = wat::parse_str(COMPONENT)?;
    let baked = baker.bake(&guest)?;
    let text = text(&baked.wasm)?;
    assert!(text.contains("(mut i32) i32.const 1009"), "{text}");
    let calls = ["get()".parse::<Call>().map_err(anyhow::Error::msg)?];
    let replay = baker.verify(&baked.wasm, &guest, &calls)?;
    assert_eq!(replay.differences, Vec::<String>::new());
    let prepared = baker.prepare(&guest)?;
    assert_eq!(
        prepared.bake(&Wasi::Allowed(WasiOptions::default()))?.wasm,
        baked.wasm
    );
    Ok(())
}

#[test]
fn functions_of_other_types_are_an_error() -> Result<()> {
    let host = HostFunctions::for_components(|linker| {
        let mut numbers = linker.instance("test:host/numbers")?;
        numbers.func_wrap("seed", |_, (number,): (u64,)| Ok((number,)))
    });
    let baker = Baker::new().init("init").wasi(WasiOptions::default()).host(host);
    let said = failure(&baker, COMPONENT)?;
    assert!(said.contains("test:host/numbers"), "{said}");
    let host = HostFunctions::for_components(|_| Err(wasmtime::format_err!("the host is not ready")));
    let baker = Baker::new().init("init").wasi(WasiOptions::default()).host(host);
    let said = failure(&baker, COMPONENT)?;
    assert!(said.contains("the host is not ready"), "{said}");
    Ok(())
}
