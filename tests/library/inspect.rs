//! `inspect`: whatever is valid can be looked at, and whatever is not is an error.

use std::path::{Path, PathBuf};

use cargo_preinit::inspect::{
    By, Explanation, FunctionReason, PathItem, compare, inspect, sizes, why_address, why_function,
};
use cargo_preinit::{BakeOptions, bake};
use preinit_tests::garbage::mutate;
use preinit_tests::random::{Choices, input, module};

/// The guests of `bake/`, and what is baked of them, by path.
fn cases() -> Vec<(PathBuf, Vec<u8>)> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("bake");
    let mut paths: Vec<PathBuf> = fs_err::read_dir(cases)
        .expect("the cases are there")
        .flat_map(|entry| {
            let case = entry.expect("the directory is readable").path();
            [case.join("guest.wat"), case.join("out.wat")]
        })
        .filter(|path| path.exists())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = fs_err::read(&path).expect("it is there");
        (path, bytes)
    };
    paths.into_iter().map(read).collect()
}

/// Asks everything about an input. What is valid is told of without contradictions.
fn look(bytes: &[u8]) -> bool {
    let Ok(found) = inspect(bytes) else {
        assert!(sizes(bytes).is_err() && compare(bytes, bytes).is_err());
        assert!(why_function(bytes, "0", None).is_err() && why_address(bytes, 0, None).is_err());
        return false;
    };
    let sum: u64 = found.sizes.sections.iter().map(|section| section.bytes).sum();
    assert_eq!(sum, found.sizes.bytes);
    let of_crates: u64 = found.sizes.crates.iter().map(|of_crate| of_crate.bytes).sum();
    let of_functions: u64 = found.sizes.functions.iter().map(|function| function.bytes).sum();
    assert_eq!(of_crates, of_functions);
    assert_eq!(sizes(bytes).expect("it is valid"), found.sizes);
    let comparison = compare(bytes, bytes).expect("it is valid");
    assert!(comparison.is_same);
    for module in &comparison.modules {
        let functions = &module.functions;
        assert!(functions.added.is_empty() && functions.removed.is_empty() && functions.changed.is_empty());
        assert!(module.memories.is_empty() && module.tables.is_empty() && module.globals.is_empty());
        assert!(module.start.is_none());
    }
    for function in found.sizes.functions.iter().take(20) {
        let reason = why_function(bytes, &function.index.to_string(), Some(function.module));
        check_reason(&reason.expect("there is such a function"));
    }
    for module in found.modules.iter().filter(|module| !module.memories.is_empty()) {
        for address in [0, 16, u64::MAX] {
            let reason = why_address(bytes, address, Some(module.index)).expect("there is a memory");
            assert_eq!(reason.found.len(), module.memories.len());
        }
    }
    let json = serde_json::to_value(&found).expect("all of it has a form in JSON");
    assert_eq!(json["sizes"]["bytes"], found.sizes.bytes);
    true
}

fn check_reason(reason: &FunctionReason) {
    let Some(path) = &reason.path else { return };
    assert_eq!(
        path.last().map(|step| &step.what),
        Some(&PathItem::Function(reason.function.clone()))
    );
    let is_root = |by: &By| matches!(by, By::Export { .. } | By::Start | By::Import | By::Segment);
    let (first, others) = path.split_first().expect("it has the function at least");
    assert!(is_root(&first.by), "{path:?}");
    for step in others {
        assert!(!is_root(&step.by), "{path:?}");
        let is_vague =
            matches!(&step.by, By::Instruction { instruction } if instruction == "another instruction");
        assert!(!is_vague, "{path:?}");
    }
}

#[test]
fn every_case() {
    let mut valid = 0;
    let cases = cases();
    for (path, bytes) in &cases {
        let is_valid = look(bytes);
        // Some cases are about inputs that cannot be read, and some outputs are text that has no way back.
        let may_fail = path.to_string_lossy().contains("error-") || wat::parse_bytes(bytes).is_err();
        assert!(
            is_valid || may_fail,
            "{}: {:?}",
            path.display(),
            inspect(bytes).err()
        );
        valid += usize::from(is_valid);
    }
    // Few inputs of refusals are not valid.
    assert!(valid * 20 > cases.len() * 19, "{valid} of {}", cases.len());
}

/// What each case becomes is compared with what it was.
#[test]
fn every_case_with_its_output() {
    let cases = cases();
    let mut compared = 0;
    for (path, old) in &cases {
        let new = fs_err::read(path.with_file_name("out.wat"));
        let new = new.ok().filter(|new| wat::parse_bytes(new).is_ok());
        if let (true, Some(new)) = (path.ends_with("guest.wat"), new) {
            let comparison = compare(old, &new).expect("both are valid");
            assert_eq!(comparison.bytes.old, sizes(old).expect("it is valid").bytes);
            compared += 1;
        }
    }
    assert!(compared > 100);
}

#[test]
fn broken_bytes() {
    const MUTANTS: u64 = 3000;
    let cases = cases();
    let binary: Vec<Vec<u8>> = cases
        .iter()
        .filter_map(|(_, bytes)| wat::parse_bytes(bytes).ok())
        .map(|bytes| bytes.into_owned())
        .chain((0..30).filter_map(|seed| module(&input(seed))))
        .collect();
    let mut valid = 0;
    for seed in 0..MUTANTS {
        let mut choices = Choices::new(seed);
        let wasm = choices.pick(&binary).expect("there are some");
        valid += u64::from(look(&mutate(wasm, &mut choices)));
    }
    println!("{valid} of {MUTANTS} mutants are valid");
    assert!(valid > 0 && valid < MUTANTS);
    for cut in 0..binary[0].len() {
        look(&binary[0][..cut]);
    }
}

/// What a bake would refuse is shown as far as it is valid, with a note.
#[test]
fn what_no_bake_takes() {
    let shared = br#"(module (memory (export "m") 1 4 shared) (data (i32.const 8) "abc"))"#;
    assert!(bake(shared, &BakeOptions::default()).is_err());
    let found = inspect(shared).expect("it is valid");
    assert!(found.modules[0].memories[0].is_shared);
    assert_eq!(found.modules[0].memories[0].bytes_initialised, 3);
    let tag = br#"(module (type $f (func)) (type $c (cont $f)) (func (export "f") (param (ref null $c))))"#;
    let found = inspect(tag).expect("it is valid");
    assert!(found.notes[0].contains("stack switching"), "{:?}", found.notes);
    assert!(why_function(tag, "f", None).expect("it is there").path.is_some());
    let imported = br#"(component
        (import "code" (core module $m (export "f" (func))))
        (core module $own (func $g (export "g")))
        (core instance (instantiate $m)))"#;
    assert!(bake(imported, &BakeOptions::default()).is_err());
    let found = inspect(imported).expect("it is valid");
    assert_eq!(found.modules.len(), 1);
    assert!(found.notes[0].contains("imports"), "{:?}", found.notes);
}

/// In what a bake wrote without dead code, something leads to each function.
#[test]
fn what_is_left_has_a_reason() {
    let mut checked = 0;
    for (path, bytes) in cases() {
        let options = BakeOptions {
            init_functions: vec!["init".to_owned()],
            ..BakeOptions::default()
        };
        if !path.ends_with("guest.wat") {
            continue;
        }
        let Ok(baked) = bake(&bytes, &options) else {
            continue;
        };
        if baked.report.dead_code.is_err() {
            continue;
        }
        let found = inspect(&baked.wasm).expect("it is valid");
        if found.is_component {
            continue;
        }
        for function in &found.sizes.functions {
            let reason = why_function(&baked.wasm, &function.index.to_string(), None);
            let reason = reason.expect("there is such a function");
            assert!(reason.path.is_some(), "{}: {function:?}", path.display());
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked}");
}

/// Of those that use a table, the function is named that can call one of the type.
#[test]
fn an_indirect_call_of_the_type() {
    let wat = r#"(module
        (type $unary (func (param i32) (result i32))) (type $other (func))
        (table $t 2 funcref) (elem (table $t) (i32.const 0) func $wanted $plain)
        (func $near (export "near") (call_indirect (type $other) (i32.const 1)))
        (func $far (call_indirect (type $unary) (i32.const 1) (i32.const 0)) drop)
        (func $run (export "run") (call $far))
        (func $wanted (type $unary) (local.get 0)) (func $plain))"#;
    let names = |wanted: &str| -> Vec<String> {
        let reason = why_function(wat.as_bytes(), wanted, None).expect("it is there");
        let path = reason.path.expect("it is alive").into_iter();
        path.map(|step| match step.what {
            PathItem::Function(function) => function.name.unwrap_or_default(),
            PathItem::Table { index } => format!("table {index}"),
            other => format!("{other:?}"),
        })
        .collect()
    };
    assert_eq!(names("wanted"), ["run", "far", "table 0", "wanted"]);
    assert_eq!(names("plain"), ["near", "table 0", "plain"]);
}

#[test]
fn answers_have_subjects() {
    let wat = br#"(module (memory 1) (func $f))"#;
    let function = Explanation::Function(why_function(wat, "f", None).expect("it is there"));
    let json = serde_json::to_value(&function).expect("it has a form in JSON");
    assert_eq!(
        (&json["subject"], &json["path"]),
        (&"function".into(), &serde_json::Value::Null)
    );
}
