//! A guest that is prepared in one process, and baked in another.

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use cargo_preinit::{
    AnsweredImport, BakeOptions, ImportAnswer, Prepared, PreparedError, Wasi, WasiOptions, bake,
};

/// Init stores the sizes of its environment and arguments, and a function in a table.
const GUEST: &str = r#"(module
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environment (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $arguments (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (func $f (export "f") (result i32) (i32.const 7))
  (func (export "other"))
  (func $only (drop (call $environment (i32.const 0) (i32.const 4))))
  (func (export "wizer-initialize")
    (call $only)
    (drop (call $arguments (i32.const 8) (i32.const 12)))
    (table.set (i32.const 1) (ref.func $f))))
"#;

/// The variable that gives the other process its directory.
const PREPARED: &str = "PREINIT_TEST_PREPARED";

fn variants() -> [Wasi; 3] {
    let wasi = |env: &[(&str, &str)], args: &[&str]| {
        Wasi::Allowed(WasiOptions {
            env: env
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            ..WasiOptions::default()
        })
    };
    [
        wasi(&[], &[]),
        wasi(&[("STAGE", "test")], &[]),
        wasi(&[("STAGE", "test")], &["guest", "--fast"]),
    ]
}

#[test]
fn in_another_process() -> Result<()> {
    let guest = wat::parse_str(GUEST)?;
    let dir = tempfile::tempdir()?;
    let prepared = Prepared::new(&guest, &BakeOptions::default())?;
    fs_err::write(dir.path().join("prepared"), prepared.to_bytes()?)?;
    let output = Command::new(std::env::current_exe()?)
        .args(["--exact", "prepared::the_other_process", "--ignored"])
        .env(PREPARED, dir.path())
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    let mut outputs = Vec::new();
    for (number, wasi) in variants().into_iter().enumerate() {
        let here = prepared.bake(&wasi)?.wasm;
        let options = BakeOptions {
            wasi,
            ..BakeOptions::default()
        };
        let alone = bake(&guest, &options)?.wasm;
        let there = fs_err::read(dir.path().join(number.to_string()))?;
        assert!(here == alone && there == alone, "variant {number}");
        assert!(!outputs.contains(&alone), "variant {number} is that of another");
        outputs.push(alone);
    }
    Ok(())
}

/// Not a test by itself: [`in_another_process`] runs it.
#[test]
#[ignore = "run by another test, in a process of its own"]
fn the_other_process() -> Result<()> {
    let dir = std::env::vars_os().find_map(|(name, value)| (name == PREPARED).then_some(value));
    let dir = std::path::PathBuf::from(dir.context("it is run by another test")?);
    let guest = wat::parse_str(GUEST)?;
    let bytes = fs_err::read(dir.join("prepared"))?;
    // SAFETY: the other process wrote the bytes that `to_bytes` returned.
    let prepared = unsafe { Prepared::from_bytes(&guest, &bytes, &BakeOptions::default()) }?;
    for (number, wasi) in variants().iter().enumerate() {
        fs_err::write(dir.join(number.to_string()), prepared.bake(wasi)?.wasm)?;
    }
    Ok(())
}

#[test]
fn what_does_not_fit_is_refused() -> Result<()> {
    let guest = wat::parse_str(GUEST)?;
    let options = BakeOptions::default();
    let bytes = Prepared::new(&guest, &options)?.to_bytes()?;
    let check = |guest: &[u8], bytes: &[u8], options: &BakeOptions| {
        // SAFETY: changes to the bytes that `to_bytes` returned are in front of the machine code, or remove all of it.
        let read = unsafe { Prepared::from_bytes(guest, bytes, options) };
        let Err(error) = read else { bail!("it was taken") };
        Ok(error)
    };
    let other = wat::parse_str(GUEST.replace("i32.const 7", "i32.const 8"))?;
    let error = check(&other, &bytes, &options)?;
    assert!(matches!(error, PreparedError::Guest), "{error}");
    let named = BakeOptions {
        init_functions: vec!["other".to_owned()],
        ..BakeOptions::default()
    };
    let error = check(&guest, &bytes, &named)?;
    assert!(matches!(error, PreparedError::InitFunctions), "{error}");
    let unknown = BakeOptions {
        imports: vec![AnsweredImport {
            import: "env.none".to_owned(),
            answer: ImportAnswer::Zero,
        }],
        ..BakeOptions::default()
    };
    let error = check(&guest, &bytes, &unknown)?;
    assert!(matches!(error, PreparedError::Bake(_)), "{error}");
    let end = bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .context("there is a head")?;
    let head = std::str::from_utf8(&bytes[..end])?.replace(env!("CARGO_PKG_VERSION"), "0.0.1");
    let older = [head.as_bytes(), &bytes[end..]].concat();
    assert_eq!(
        check(&guest, &older, &options)?.to_string(),
        format!(
            "it was prepared by cargo-preinit 0.0.1, and this is {}",
            env!("CARGO_PKG_VERSION")
        )
    );
    for bytes in [&[][..], b"\n", &guest] {
        let error = check(&guest, bytes, &options)?;
        assert!(matches!(error, PreparedError::Format), "{error}");
    }
    let error = check(&guest, &bytes[..=end], &options)?;
    assert!(matches!(error, PreparedError::Engine(_)), "{error}");
    Ok(())
}

/// Bakes of one preparation share an engine, but a deadline stops only its own bake.
#[test]
fn a_deadline_is_one_variants_own() -> Result<()> {
    // Init counts to fifty million, or for ever if its environment is not empty.
    const COUNTS: &str = r#"(module
      (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environment (param i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "wizer-initialize") (local $count i32)
        (drop (call $environment (i32.const 0) (i32.const 4)))
        (loop $more
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (br_if $more (i32.load (i32.const 0)))
          (br_if $more (i32.lt_u (local.get $count) (i32.const 50000000))))))"#;
    let guest = wat::parse_str(COUNTS)?;
    let mut options = BakeOptions::default();
    options.limits.timeout = Duration::from_secs(2);
    let prepared = Prepared::new(&guest, &options)?;
    let [short, long, _] = variants();
    thread::scope(|scope| {
        let long = scope.spawn(|| prepared.bake(&long));
        let mut bakes = 0;
        while !long.is_finished() {
            prepared.bake(&short)?;
            bakes += 1;
        }
        assert!(bakes > 0);
        let Ok(Err(error)) = long.join() else {
            bail!("it came to an end")
        };
        assert!(error.to_string().contains("2 s"), "{error}");
        Ok(())
    })
}

/// A preparation holds the answers of imports: those of functions are used in the bake, and fresh memories before compilation.
#[test]
fn imports_are_answered() -> Result<()> {
    let guest = wat::parse_str(
        r#"(module
          (import "env" "now" (func $now (result v128 i32)))
          (import "env" "memory" (memory 1))
          (global $number (export "number") (mut i32) (i32.const 1))
          (global $vector (export "vector") (mut v128) (v128.const i64x2 1 1))
          (func (export "wizer-initialize")
            (call $now)
            (global.set $number)
            (global.set $vector)
            (i32.store (i32.const 8) (i32.const 41))))"#,
    )?;
    let answered = |import: &str, answer| AnsweredImport {
        import: import.to_owned(),
        answer,
    };
    let now = answered("env.now", ImportAnswer::Zero);
    let options = BakeOptions {
        imports: vec![now.clone(), answered("env.memory", ImportAnswer::Fresh)],
        ..BakeOptions::default()
    };
    let bytes = Prepared::new(&guest, &options)?.to_bytes()?;
    // SAFETY: these are the bytes that `to_bytes` returned.
    let prepared = unsafe { Prepared::from_bytes(&guest, &bytes, &options) }?;
    let baked = prepared.bake(&Wasi::Denied)?;
    assert_eq!(baked.wasm, bake(&guest, &options)?.wasm);
    assert_eq!(baked.report.run.answered.len(), 1);
    let text = wasmprinter::print_bytes(&baked.wasm)?;
    assert!(text.contains("(mut i32) i32.const 0"), "{text}");
    assert!(
        text.contains("v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000"),
        "{text}"
    );
    assert!(text.contains(r#"(data (;0;) (i32.const 8) ")")"#), "{text}");
    let without = BakeOptions {
        imports: vec![now],
        ..BakeOptions::default()
    };
    // SAFETY: as above.
    let read = unsafe { Prepared::from_bytes(&guest, &bytes, &without) };
    let Err(error) = read else { bail!("it was taken") };
    assert!(
        matches!(error, PreparedError::InitFunctions | PreparedError::Bake(_)),
        "{error}"
    );
    Ok(())
}

/// A component is prepared, serialized and baked like a module.
#[test]
fn a_component() -> Result<()> {
    let guest = wat::parse_str(preinit_tests::component::SMALL)?;
    let options = BakeOptions::default();
    let baked = bake(&guest, &options)?;
    let prepared = Prepared::new(&guest, &options)?;
    assert!(prepared.bake(&Wasi::Denied)?.wasm == baked.wasm);
    let bytes = prepared.to_bytes()?;
    // SAFETY: `to_bytes` returned the bytes.
    let prepared = unsafe { Prepared::from_bytes(&guest, &bytes, &options) }?;
    assert!(prepared.bake(&Wasi::Denied)?.wasm == baked.wasm);
    Ok(())
}
