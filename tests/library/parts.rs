//! Bakes whose functions are compiled as init reaches them. That each case of `bake/` and each random module comes to the same either way
//! is tested there.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use cargo_preinit::run::Compiler;
use cargo_preinit::{
    BakeOptions, Baked, CompilationCache, CompiledFunctions, CompilerChoice, Prepared, Profile, Wasi, bake,
};

fn options() -> BakeOptions {
    BakeOptions {
        init_functions: vec!["init".to_owned()],
        compile: CompiledFunctions::Reached,
        ..BakeOptions::default()
    }
}

fn cached(dir: &Path) -> BakeOptions {
    BakeOptions {
        cache: CompilationCache::At(dir.to_owned()),
        ..options()
    }
}

/// How many functions were compiled, and how many there are.
fn compiled(guest: &str) -> Result<(Baked, Option<(usize, usize)>)> {
    let baked = bake(guest.as_bytes(), &options())?;
    let compiled = baked.report.run.compiled;
    Ok((baked, compiled))
}

/// Init calls `$called`, which puts `$referenced` into a table and calls it there. What each calls is near enough to come along; `$far` and
/// what nothing calls is not.
const GUEST: &str = r#"(module
  (type $t (func (result i32)))
  (memory (export "memory") 1)
  (table (export "table") 3 funcref)
  (global $g (mut i32) (i32.const 0))
  (elem (i32.const 1) $never $also_never)
  (elem declare func $referenced)
  (func $referenced (type $t) (call $leaf))
  (func $leaf (type $t) (i32.const 40))
  (func $never (type $t) (call $far))
  (func $also_never (type $t) (i32.const 2))
  (func $far (type $t) (i32.const 3))
  (func $called
    (table.set (i32.const 0) (ref.func $referenced))
    (global.set $g (i32.add (i32.const 2) (call_indirect (type $t) (i32.const 0)))))
  (func (export "init") (call $called))
  (func (export "get") (result i32) (global.get $g))
  (func (export "call") (param i32) (result i32) (call_indirect (type $t) (local.get 0))))
"#;

#[test]
fn what_init_does_not_reach_is_not_compiled() -> Result<()> {
    let (baked, compiled) = compiled(GUEST)?;
    let text = wasmprinter::print_bytes(&baked.wasm).map_err(anyhow::Error::msg)?;
    assert!(text.contains("(mut i32) i32.const 42"), "{text}");
    // `init` and `$called`, `$referenced` and `$leaf`.
    assert_eq!(compiled, Some((4, 9)));
    let all = BakeOptions {
        compile: CompiledFunctions::All,
        ..options()
    };
    let all = bake(GUEST.as_bytes(), &all)?;
    assert_eq!(all.report.run.compiled, None);
    assert_eq!(all.wasm, baked.wasm);
    Ok(())
}

#[test]
fn small_modules_are_compiled_as_a_whole() -> Result<()> {
    let auto = BakeOptions {
        compile: CompiledFunctions::Auto,
        ..options()
    };
    assert_eq!(bake(GUEST.as_bytes(), &auto)?.report.run.compiled, None);
    Ok(())
}

#[test]
fn what_cannot_be_split_is_compiled_as_a_whole() -> Result<()> {
    for guest in [
        // A typed reference to a function.
        r#"(module (type $f (func)) (func $f (type $f)) (elem declare func $f)
            (func (export "init") (call_ref $f (ref.func $f))))"#,
        // A structure.
        r#"(module (type $s (struct (field i32))) (global $g (mut (ref null $s)) (ref.null $s))
            (func (export "init") (global.set $g (struct.new $s (i32.const 1)))))"#,
        // A table of typed references.
        r#"(module (type $f (func)) (func $f (type $f)) (table 1 (ref null $f)) (elem declare func $f)
            (func (export "init") (table.set (i32.const 0) (ref.func $f))))"#,
    ] {
        assert_eq!(compiled(guest)?.1, None, "{guest}");
    }
    Ok(())
}

#[test]
fn segments_are_copied_and_dropped() -> Result<()> {
    let (baked, compiled) = compiled(
        r#"(module
          (memory (export "memory") 1)
          (memory $other (export "other") i64 1)
          (table (export "table") 2 funcref)
          (data $a "abc")
          (data $b "def")
          (elem $e func $f)
          (func $f (export "f") (result i32) (i32.const 7))
          (func (export "init")
            (memory.init $a (i32.const 8) (i32.const 1) (i32.const 2))
            (memory.init $other $b (i64.const 16) (i32.const 0) (i32.const 3))
            (data.drop $a)
            (table.init $e (i32.const 1) (i32.const 0) (i32.const 1))
            (elem.drop $e)))"#,
    )?;
    assert_eq!(compiled, Some((1, 2)));
    let text = wasmprinter::print_bytes(&baked.wasm).map_err(anyhow::Error::msg)?;
    for part in [
        r#"(i32.const 8) "bc""#,
        r#"(i64.const 16) "def""#,
        "(elem (;0;) (i32.const 1) func $f)",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    Ok(())
}

/// A chain of calls through references, each of which leads through the host until it is loaded. `bake/code-tail-calls` has one of tail
/// calls.
#[test]
fn calls_nest() -> Result<()> {
    let mut functions = String::new();
    for depth in 0..200 {
        let next = depth + 1;
        write!(
            functions,
            "(func $f{depth} (type $t) (i32.add (i32.const 1) (call_indirect (type $t) (i32.const {next}))))"
        )?;
    }
    let names: String = (0..200).map(|depth| format!("$f{depth} ")).collect();
    let (baked, compiled) = compiled(&format!(
        r#"(module
          (type $t (func (result i32)))
          (table 201 funcref)
          (global $g (export "g") (mut i32) (i32.const 0))
          (elem (i32.const 0) {names} $last)
          {functions}
          (func $last (type $t) (i32.const 1000))
          (func (export "init") (global.set $g (call_indirect (type $t) (i32.const 0)))))"#
    ))?;
    assert_eq!(compiled, Some((202, 202)));
    let text = wasmprinter::print_bytes(&baked.wasm).map_err(anyhow::Error::msg)?;
    assert!(text.contains("(mut i32) i32.const 1200"), "{text}");
    Ok(())
}

/// A table of so many functions that none of them has a reference of its own, since no instruction changes the table.
#[test]
fn a_large_table_that_nothing_changes_takes_no_imports() -> Result<()> {
    const MANY: usize = 60_000;
    let functions = "(func (type $t) (i32.const 1))".repeat(MANY);
    let names: String = (0..MANY).map(|index| format!("{} ", index + 3)).collect();
    let guest = format!(
        r#"(module
          (type $t (func (result i32)))
          (type $u (func (param i32) (result i32)))
          (table {size} funcref)
          (global $g (export "g") (mut i32) (i32.const 0))
          (func $add (type $u) (i32.add (local.get 0) (call_indirect (type $t) (i32.const 10))))
          (func $chain (export "chain") (type $u) (call_indirect (type $u) (local.get 0) (i32.const 0)))
          (func (export "init")
            (global.set $g (call_indirect (type $u) (i32.const 40) (i32.const 1)))
            (global.set $g (call_indirect (type $u) (global.get $g) (i32.const 1))))
          {functions}
          (elem (i32.const 0) $add $chain {names}))"#,
        size = MANY + 2
    );
    let (baked, compiled) = compiled(&guest)?;
    assert_eq!(compiled, Some((4, MANY + 3)));
    let text = wasmprinter::print_bytes(&baked.wasm).map_err(anyhow::Error::msg)?;
    assert!(
        text.contains("(mut i32) i32.const 42"),
        "what init left is missing"
    );
    // A slot that has nothing, and one with a function of another type.
    for (index, trap) in [
        ("60002", "undefined element"),
        ("0", "indirect call type mismatch"),
    ] {
        let guest = guest.replace(
            "(i32.const 40) (i32.const 1)",
            &format!("(i32.const 40) (i32.const {index})"),
        );
        let guest = guest.replace(
            "call_indirect (type $u) (i32.const 40) (i32.const 0)",
            "call_indirect (type $t) (i32.const 0)",
        );
        let error = bake(guest.as_bytes(), &options())
            .err()
            .context("it traps")?
            .to_string();
        assert!(error.contains(trap), "{error}");
    }
    Ok(())
}

/// A table from which init takes a reference has references, however large it is, and one that is as large as can be takes no memory.
#[test]
fn a_large_table_that_is_read_has_references() -> Result<()> {
    const MANY: usize = 50_000;
    let functions = "(func (type $t) (i32.const 1))".repeat(MANY);
    let names: String = (0..MANY).map(|index| format!("{} ", index + 1)).collect();
    let guest = format!(
        r#"(module
          (type $t (func (result i32)))
          (table $t 50010 funcref)
          (global $r (export "r") (mut funcref) (ref.null func))
          (func $init (export "init")
            (drop (call_indirect (type $t) (i32.const 7)))
            (global.set $r (table.get $t (i32.const 9))))
          {functions}
          (elem (i32.const 1) func {names}))"#
    );
    let (baked, compiled) = compiled(&guest)?;
    assert!(compiled.is_some());
    let text = wasmprinter::print_bytes(&baked.wasm).map_err(anyhow::Error::msg)?;
    assert!(
        text.contains("(mut funcref) ref.func 9"),
        "the reference is another"
    );
    let huge = guest.replace("(table $t 50010 funcref)", "(table $t 4294967295 funcref)");
    let huge = huge.replace("(global.set $r (table.get $t (i32.const 9)))", "");
    let error = bake(huge.as_bytes(), &options())
        .err()
        .context("it is too large")?;
    assert!(error.to_string().contains("table elements"), "{error}");
    Ok(())
}

/// What is between parts takes stack, so a recursion that fills it is run anew with all functions.
#[test]
fn a_deep_recursion_through_references_of_init_ends_as_it_does_otherwise() -> Result<()> {
    let guest = |depth: u32| {
        format!(
            r#"(module (type $t (func (param i32) (result i32))) (memory (export "memory") 1)
              (table $t 4 funcref) (elem declare func $f)
              (func $f (type $t) (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1))
                (else (i32.add (i32.const 1)
                  (call_indirect (type $t) (i32.sub (local.get 0) (i32.const 1)) (i32.const 2))))))
              (func (export "init")
                (table.set (i32.const 2) (ref.func $f))
                (i32.store (i32.const 8) (call_indirect (type $t) (i32.const {depth}) (i32.const 2)))))"#
        )
    };
    let (_, few) = compiled(&guest(100))?;
    assert_eq!(few, Some((2, 2)));
    // The whole has a function that Winch refuses, and that init does not reach.
    let refused = guest(30_000).replace("(module", "(module (func (export \"never\") (local externref))");
    assert_eq!(compiled(&refused)?.0.report.run.compiler, Compiler::Cranelift);
    // More than fits if each call goes through the host.
    let (baked, many) = compiled(&guest(30_000))?;
    assert_eq!(many, None);
    let text = wasmprinter::print_bytes(&baked.wasm).map_err(anyhow::Error::msg)?;
    assert!(text.contains(r#"(i32.const 8) "1u""#), "{text}");
    Ok(())
}

#[test]
fn an_init_that_reaches_most_of_a_guest_compiles_all_of_it() -> Result<()> {
    const MANY: usize = 1200;
    let functions: String = (0..MANY)
        .map(|number| format!("(func (i32.store8 (i32.const {number}) (i32.const 1)))"))
        .collect();
    let names: String = (0..MANY).map(|index| format!("{index} ")).collect();
    let (baked, compiled) = compiled(&format!(
        r#"(module (memory (export "memory") 1) (table {MANY} funcref) {functions} (elem (i32.const 0) func {names})
          (func (export "init") (local i32)
            (loop (call_indirect (local.get 0))
              (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const {MANY}))))))"#
    ))?;
    assert_eq!((compiled, baked.report.run.compiler), (None, Compiler::Winch));
    Ok(())
}

/// A cache that inits fill which go different ways, and one whose code the engine does not take.
#[test]
fn other_ways_through_a_guest_share_a_cache() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let guest = |way: u32| {
        let mut options = cached(dir.path());
        options.init_functions = vec![format!("init({way})")];
        let functions: String = (0..40)
            .map(|number| format!("(func $f{number} (global.set $g (i32.const {number})))"))
            .collect();
        let names: String = (0..40).map(|number| format!("$f{number} ")).collect();
        let guest = format!(
            r#"(module (table 40 funcref) (global $g (export "g") (mut i32) (i32.const 0)) {functions}
              (elem (i32.const 0) func {names})
              (func (export "init") (param i32) (call_indirect (local.get 0))))"#
        );
        bake(guest.as_bytes(), &options)
    };
    guest(1)?;
    guest(2)?;
    let of_both = files(dir.path())?;
    for way in [1, 1, 2, 1] {
        let run = guest(way)?.report.run;
        // What one way does not use stays for the other.
        assert!(files(dir.path())? == of_both, "{way}");
        assert_eq!(
            (run.compiled, run.compiler),
            (Some((2, 41)), Compiler::Winch),
            "{way}"
        );
    }
    let [(name, before)] = files(dir.path())?
        .try_into()
        .map_err(|_| anyhow::anyhow!("one file"))?;
    // Code that is whole, and of another engine.
    let mut other = before.clone();
    let mut place = 0;
    let end = other.len() - 4;
    while place < end {
        let length = u64::from_le_bytes(other[place + 32..place + 40].try_into()?);
        // The list of parts stays.
        if other[place] != 1 {
            other[place + 40] ^= 1;
        }
        place += 40 + usize::try_from(length)?;
    }
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(name.as_bytes());
    hasher.update(&other[..end]);
    other.splice(end.., hasher.finalize().to_le_bytes());
    fs_err::write(dir.path().join(&name), &other)?;
    let run = guest(1)?.report.run;
    assert_eq!((run.compiled, run.compiler), (Some((2, 41)), Compiler::Winch));
    let [(_, after)] = files(dir.path())?
        .try_into()
        .map_err(|_| anyhow::anyhow!("one file"))?;
    assert!(after != other, "it is replaced");
    Ok(())
}

/// A part that calls what was loaded before it does not fit an init that reaches it first.
#[test]
fn a_part_is_used_again_only_where_it_fits() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let guest = r#"(module (type $t (func)) (table 2 funcref) (global $g (export "g") (mut i32) (i32.const 0))
      (elem (i32.const 0) $f $calls)
      (func $f (type $t) (global.set $g (i32.add (global.get $g) (i32.const 1))))
      (func $calls (type $t) (call $f))
      (func (export "init") (param i32)
        (if (local.get 0) (then (call_indirect (type $t) (i32.const 0))))
        (call_indirect (type $t) (i32.const 1))))"#;
    for way in [1, 0, 1, 0] {
        let mut options = cached(dir.path());
        options.init_functions = vec![format!("init({way})")];
        let run = bake(guest.as_bytes(), &options)?.report.run;
        assert_eq!(
            (run.compiled, run.compiler),
            (Some((3, 3)), Compiler::Winch),
            "{way}"
        );
    }
    Ok(())
}

/// Before it is loaded a function has another reference than afterwards, and both are the same function.
#[test]
fn references_from_before_and_after_loading_are_to_one_function() -> Result<()> {
    let guest = r#"(module (type $t (func (result i32))) (table $t (export "t") 3 funcref)
      (elem (i32.const 0) $f $f)
      (func $f (type $t) (i32.const 7))
      (func (export "init")
        (table.set $t (i32.const 2) (ref.func $f))
        (drop (call_indirect (type $t) (i32.const 0)))))"#;
    let (baked, compiled) = compiled(guest)?;
    assert_eq!(compiled, Some((2, 2)));
    let all = BakeOptions {
        compile: CompiledFunctions::All,
        ..options()
    };
    assert_eq!(baked.wasm, bake(guest.as_bytes(), &all)?.wasm);
    Ok(())
}

/// Two functions with the same code are two parts of one module each; the stack of a trap has the right one.
#[test]
fn functions_with_the_same_code_are_told_apart_in_a_backtrace() -> Result<()> {
    let guest = r#"(module
      (type $t (func))
      (table 2 funcref)
      (global $n (mut i32) (i32.const 0))
      (elem (i32.const 0) $first $second)
      (func $trap (if (i32.eq (global.get $n) (i32.const 2)) (then (unreachable))))
      (func $first (type $t)
        (global.set $n (i32.add (global.get $n) (i32.const 1))) (call $trap))
      (func $second (type $t)
        (global.set $n (i32.add (global.get $n) (i32.const 1))) (call $trap))
      (func $init (export "init")
        (call_indirect (type $t) (i32.const 0))
        (call_indirect (type $t) (i32.const 1))))"#;
    let text = |compile| -> Result<String> {
        let options = BakeOptions { compile, ..options() };
        match bake(guest.as_bytes(), &options) {
            Ok(_) => bail!("init traps"),
            Err(error) => Ok(error.to_string()),
        }
    };
    let reached = text(CompiledFunctions::Reached)?;
    assert_eq!(reached, text(CompiledFunctions::All)?);
    assert!(
        reached.contains("0: trap\n     1: second\n     2: init"),
        "{reached}"
    );
    Ok(())
}

/// Winch refuses a function that init reaches late: the run begins anew with Cranelift.
#[test]
fn a_function_that_winch_refuses_is_compiled_by_cranelift() -> Result<()> {
    // A local of a type that Winch does not have, and of no proposal that is known to lack in it.
    let guest = r#"(module
      (memory 1)
      (table 1 funcref)
      (global $g (export "g") (mut i32) (i32.const 0))
      (type $t (func (result i32)))
      (elem (i32.const 0) $late)
      (func $late (type $t) (local externref) (i32.const 1))
      (func (export "init")
        (global.set $g (i32.add (global.get $g) (i32.const 1)))
        (drop (call_indirect (type $t) (i32.const 0)))))"#;
    let winch = BakeOptions {
        compiler: CompilerChoice::Winch,
        ..options()
    };
    let (baked, compiled) = compiled(guest)?;
    let text = wasmprinter::print_bytes(&baked.wasm).map_err(anyhow::Error::msg)?;
    assert!(text.contains("(mut i32) i32.const 1"), "init ran once: {text}");
    assert!(bake(guest.as_bytes(), &winch).is_err());
    assert_eq!(
        (compiled, baked.report.run.compiler),
        (Some((2, 2)), Compiler::Cranelift)
    );
    Ok(())
}

#[test]
fn loading_does_not_count_as_the_time_of_init() -> Result<()> {
    const TIMEOUT: Duration = Duration::from_millis(300);
    // A body of many instructions, which takes longer to compile by Cranelift, and next to no time to run.
    let body = "(local.set 0 (i32.mul (local.get 0) (i32.add (local.get 0) (i32.const 3))))".repeat(400_000);
    let guest = format!(
        r#"(module (global $g (export "g") (mut i32) (i32.const 0))
          (func (export "init") (local i32) {body} (global.set $g (i32.const 1))))"#
    );
    let mut options = BakeOptions {
        compiler: CompilerChoice::Cranelift,
        ..options()
    };
    options.limits.timeout = TIMEOUT;
    let guest = wat::parse_str(guest)?;
    let started = Instant::now();
    let baked = bake(&guest, &options)?;
    assert!(
        started.elapsed() > TIMEOUT,
        "it is compiled too fast to show anything"
    );
    assert_eq!(baked.report.run.compiled, Some((1, 1)));
    let of_item = baked.report.run.items[0].elapsed;
    assert!(of_item < TIMEOUT, "{of_item:?}");
    // Without an end it is stopped.
    let endless = r#"(module (func $f (loop (br 0))) (table 1 funcref) (elem (i32.const 0) $f)
        (func (export "init") (call_indirect (i32.const 0))))"#;
    let error = bake(endless.as_bytes(), &options)
        .err()
        .context("it does not end")?;
    assert!(error.to_string().contains("still running after"), "{error}");
    Ok(())
}

/// The files in a directory, and how many bytes each has.
fn files(dir: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs_err::read_dir(dir)? {
        let entry = entry?;
        files.push((
            entry.file_name().to_string_lossy().into_owned(),
            fs_err::read(entry.path())?,
        ));
    }
    files.sort();
    Ok(files)
}

#[test]
fn the_next_version_of_a_guest_takes_the_code_of_the_last() -> Result<()> {
    let dir = tempfile::tempdir()?;
    // A table that nothing changes has no probe, which would have the number of each function.
    let guest = |added: &str, number: u32| {
        format!(
            r#"(module
              (type $t (func (result i32)))
              (table 1 funcref)
              (global $g (mut i32) (i32.const 0))
              (elem (i32.const 0) $f)
              {added}
              (func $leaf (type $t) (i32.const 40))
              (func $f (type $t) (call $leaf))
              (func (export "init")
                (global.set $g (i32.add (i32.const {number}) (call_indirect (type $t) (i32.const 0)))))
              (func (export "get") (result i32) (global.get $g)))"#
        )
    };
    let (guest, next) = (guest("", 2), guest("(func $new (type $t) (i32.const 9))", 3));
    let first = bake(guest.as_bytes(), &cached(dir.path()))?;
    let one = files(dir.path())?;
    assert_eq!(one.len(), 1);
    // The same again: nothing is written.
    assert_eq!(bake(guest.as_bytes(), &cached(dir.path()))?.wasm, first.wasm);
    assert_eq!(files(dir.path())?, one);
    // A function more in front, and another one changed: what init calls by the table is as it was.
    let baked = bake(next.as_bytes(), &cached(dir.path()))?;
    assert_eq!(baked.wasm, bake(next.as_bytes(), &options())?.wasm);
    let both = files(dir.path())?;
    let [a, b] = both.as_slice() else {
        bail!("{} files", both.len())
    };
    // The part of `$f` and `$leaf` is in both.
    let hashes = |(_, bytes): &(String, Vec<u8>)| hashes(bytes);
    let common = hashes(a)?
        .into_iter()
        .filter(|hash| hashes(b).is_ok_and(|b| b.contains(hash)));
    assert_eq!(
        common.count(),
        3,
        "the part, and the keys of the state and of the list of parts"
    );
    // A damaged file is as none.
    for (name, bytes) in &both {
        let mut bytes = bytes.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs_err::write(dir.path().join(name), bytes)?;
    }
    assert_eq!(bake(next.as_bytes(), &cached(dir.path()))?.wasm, baked.wasm);
    Ok(())
}

/// The keys of the entries of a file.
fn hashes(mut file: &[u8]) -> Result<Vec<[u8; 32]>> {
    let mut hashes = Vec::new();
    while let Some((hash, rest)) = file.split_first_chunk::<32>() {
        let (length, rest) = rest.split_first_chunk::<8>().context("a length")?;
        let length = usize::try_from(u64::from_le_bytes(*length))?;
        file = rest.get(length..).context("the code")?;
        hashes.push(*hash);
    }
    Ok(hashes)
}

#[test]
fn a_preparation_runs_again_with_other_inputs() -> Result<()> {
    let guest = wat::parse_str(GUEST)?;
    let prepared = Prepared::new(&guest, &options())?;
    let expected = bake(&guest, &options())?.wasm;
    for _ in 0..3 {
        assert_eq!(prepared.bake(&Wasi::Denied)?.wasm, expected);
    }
    // What is serialized is all of the code, also where the engine that loads it counts fuel, which parts do not.
    for profile in [Profile::Off, Profile::Items] {
        let options = BakeOptions { profile, ..options() };
        let bytes = Prepared::new(&guest, &options)?.to_bytes()?;
        // SAFETY: they were serialized just now.
        let again = unsafe { Prepared::from_bytes(&guest, &bytes, &options) }?;
        assert_eq!(again.bake(&Wasi::Denied)?.wasm, expected);
    }
    Ok(())
}
