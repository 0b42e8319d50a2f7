//! The cases of `bake` in another engine: in V8 a baked module must behave as its original after init.
//!
//! One process of Node runs `node/compare.mjs` on all cases. A case with features that V8 does not have is ignored. Without Node
//! all are, or with `PREINIT_NODE=required` in the environment the test fails.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_preinit::AnsweredImport;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use snapbox::{Assert, Data};
use wasmparser::{CompositeInnerType, Parser, Payload, TypeRef, ValType, WasmFeatures};
use wasmtime::error::{Context as _, Result, ensure};

use preinit_tests::case::{Call, Case};

/// How many cases Node has to run. Node 20 runs 80 of 113 and Node 24 110; an older one has fewer features.
const AT_LEAST: usize = 60;

/// V8's switches for features that some version does not enable by default.
const FEATURES: &[&str] = &[
    "--experimental-wasm-branch-hinting",
    "--experimental-wasm-exnref",
    "--experimental-wasm-extended-const",
    "--experimental-wasm-gc",
    "--experimental-wasm-memory64",
    "--experimental-wasm-multi-memory",
    "--experimental-wasm-relaxed-simd",
    "--experimental-wasm-return-call",
    "--experimental-wasm-type-reflection",
    "--experimental-wasm-typed-funcref",
    "--wasm-final-types",
];

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("bake");
    let mut directories: Vec<PathBuf> = fs_err::read_dir(&cases)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    directories.retain(|path| path.is_dir());
    directories.sort();
    let cases: Vec<Case> = directories
        .iter()
        .map(|directory| Case::read(directory))
        .filter(|case| case.as_ref().map_or(true, |case| !case.must_fail))
        .collect::<Result<_>>()?;
    let seen = match version() {
        Some(version) if !arguments.list => {
            let seen = compare(&cases)?;
            let ran = seen
                .iter()
                .filter(|seen| seen["unsupported"] != json!(true))
                .count();
            eprintln!("Node {version} ran {ran} of {} cases", cases.len());
            ensure!(ran >= AT_LEAST, "these are too few; {AT_LEAST} have to run");
            seen
        }
        Some(_) => vec![json!({}); cases.len()],
        None => {
            ensure!(
                !is_required(),
                "`node` cannot be started, and PREINIT_NODE=required"
            );
            eprintln!("`node` is not installed");
            vec![json!({"unsupported": true}); cases.len()]
        }
    };
    let trials = cases.into_iter().zip(seen).map(|(case, seen)| {
        let unsupported = seen["unsupported"] == json!(true);
        Trial::test(name(&case), move || {
            check(&case, &seen).map_err(|error| Failed::from(format!("{error:#}")))
        })
        .with_ignored_flag(unsupported)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit()
}

fn name(case: &Case) -> String {
    let name = case.directory.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn is_required() -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of this test that reads the environment"
    )]
    std::env::var("PREINIT_NODE").is_ok_and(|value| value == "required")
}

/// The version of Node, if it is installed.
fn version() -> Option<String> {
    let output = Command::new("node").arg("--version").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| version.trim().to_owned())
}

/// Bakes all cases, and runs them in Node.
fn compare(cases: &[Case]) -> Result<Vec<Value>> {
    let dir = tempfile::tempdir()?;
    let tasks: Vec<Value> = cases
        .iter()
        .map(|case| task(case, dir.path()).with_context(|| name(case)))
        .collect::<Result<_>>()?;
    let known = Command::new("node").arg("--v8-options").output()?.stdout;
    let known = String::from_utf8_lossy(&known).into_owned();
    let switches = FEATURES
        .iter()
        .filter(|switch| known.split_whitespace().any(|word| word == **switch));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/compare.mjs");
    let mut node = Command::new("node")
        .args(switches)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = node.stdin.take().context("it is piped")?;
    stdin.write_all(&serde_json::to_vec(&tasks)?)?;
    drop(stdin);
    let output = node.wait_with_output()?;
    ensure!(output.status.success(), "node ended with {}", output.status);
    let seen: Vec<Value> = serde_json::from_slice(&output.stdout)?;
    ensure!(seen.len() == cases.len(), "node answered {} times", seen.len());
    Ok(seen)
}

/// A case in the script's input format.
fn task(case: &Case, dir: &Path) -> Result<Value> {
    let original = wat::parse_bytes(&case.guest)?;
    let baked = case.bake(&case.options)?.wasm;
    let write = |kind: &str, wasm: &[u8]| -> Result<PathBuf> {
        let path = dir.join(format!("{}.{kind}.wasm", name(case)));
        fs_err::write(&path, wasm)?;
        Ok(path)
    };
    let mut interface = Interface::of(&baked)?;
    interface.answer(&case.options.imports);
    let calls: Vec<Value> = case.calls.iter().map(|call| interface.call(call)).collect();
    let of_baked = |calls: &[(Call, String)]| -> Vec<Value> {
        calls.iter().map(|(call, _)| interface.call(call)).collect()
    };
    let mut before = Interface::of(&original)?;
    before.answer(&case.options.imports);
    let init = preinit_tests::names::original_init(case, &original)?;
    let init: Vec<Value> = init.iter().map(|call| before.call(call)).collect();
    let names: Vec<(String, String)> = preinit_tests::names::export_names(case, &original)?
        .into_iter()
        .collect();
    let dead = case.dead.iter();
    let dead: Vec<Value> = dead
        .map(|range| json!({"start": range.start, "end": range.end}))
        .collect();
    Ok(json!({
        "original": write("original", &original)?,
        "baked": write("baked", &baked)?,
        "init": init,
        "importsOfOriginal": before.imports,
        "imports": interface.imports,
        "calls": calls,
        "answers": of_baked(&case.answers),
        "expected": of_baked(&case.expected),
        "names": names,
        "dead": dead,
    }))
}

/// The types of a module's imports and parameters, which the JavaScript API does not show.
struct Interface {
    imports: Vec<Value>,
    parameters: BTreeMap<String, Vec<String>>,
}

impl Interface {
    fn of(wasm: &[u8]) -> Result<Self> {
        let mut types = Vec::new();
        let mut functions = Vec::new();
        let mut imports = Vec::new();
        let mut exports = Vec::new();
        let mut parser = Parser::new(0);
        parser.set_features(WasmFeatures::all());
        for payload in parser.parse_all(wasm) {
            match payload? {
                Payload::TypeSection(reader) => {
                    for group in reader {
                        for ty in group?.into_types() {
                            types.push(match ty.composite_type.inner {
                                CompositeInnerType::Func(ty) => {
                                    Some((texts(ty.params()), texts(ty.results())))
                                }
                                _ => None,
                            });
                        }
                    }
                }
                Payload::ImportSection(reader) => {
                    for import in reader.into_imports() {
                        let import = import?;
                        let (module, name) = (import.module, import.name);
                        let signature = |ty: u32| {
                            types
                                .get(ty as usize)
                                .cloned()
                                .flatten()
                                .context("not a function type")
                        };
                        imports.push(match import.ty {
                            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                                functions.push(ty);
                                json!({"module": module, "name": name, "results": signature(ty)?.1})
                            }
                            TypeRef::Tag(tag) => {
                                let (parameters, _) = signature(tag.func_type_idx)?;
                                json!({"module": module, "name": name, "parameters": parameters})
                            }
                            TypeRef::Memory(ty) => {
                                json!({"module": module, "name": name, "pages": ty.initial, "most": ty.maximum})
                            }
                            TypeRef::Table(ty) => {
                                json!({"module": module, "name": name, "slots": ty.initial, "most": ty.maximum,
                                    "element": element(ty.element_type)})
                            }
                            TypeRef::Global(ty) => json!({"module": module, "name": name, "mutable": ty.mutable,
                                "type": match ty.content_type {
                                    ValType::Ref(ty) => element(ty).to_owned(),
                                    ty => ty.to_string(),
                                }}),
                        });
                    }
                }
                Payload::FunctionSection(reader) => {
                    for ty in reader {
                        functions.push(ty?);
                    }
                }
                Payload::ExportSection(reader) => {
                    for export in reader {
                        let export = export?;
                        if matches!(export.kind, wasmparser::ExternalKind::Func) {
                            exports.push((export.name.to_owned(), export.index));
                        }
                    }
                }
                _ => {}
            }
        }
        let parameters = exports.into_iter().filter_map(|(name, function)| {
            let ty = functions.get(function as usize)?;
            let (parameters, _) = types.get(*ty as usize)?.clone()?;
            Some((name, parameters))
        });
        Ok(Self {
            parameters: parameters.collect(),
            imports,
        })
    }

    /// Adds the answers of imports in init.
    fn answer(&mut self, answers: &[AnsweredImport]) {
        for import in &mut self.imports {
            let (Some(module), Some(name)) = (import["module"].as_str(), import["name"].as_str()) else {
                continue;
            };
            let name = format!("{module}.{name}");
            let whole = answers.iter().find(|answer| answer.import == name);
            let matches = |pattern: &str| {
                pattern
                    .strip_suffix('*')
                    .is_some_and(|start| name.starts_with(start))
            };
            if let Some(answer) = whole.or_else(|| answers.iter().find(|answer| matches(&answer.import))) {
                import["answer"] = json!(answer.answer.to_string());
            }
        }
    }

    /// A call, in which each argument has its type.
    fn call(&self, call: &Call) -> Value {
        let types = self.parameters.get(&call.export).into_iter().flatten();
        let arguments: Vec<Value> = types
            .zip(&call.arguments)
            .map(|(ty, value)| json!({"type": ty, "value": value}))
            .collect();
        json!({"export": call.export, "arguments": arguments})
    }
}

/// The JavaScript API's name for a reference type.
fn element(ty: wasmparser::RefType) -> &'static str {
    if ty.is_func_ref() { "anyfunc" } else { "externref" }
}

fn texts(types: &[ValType]) -> Vec<String> {
    types.iter().map(ToString::to_string).collect()
}

/// Compares the states and answers that Node returned for a case.
fn check(case: &Case, seen: &Value) -> Result<()> {
    let text = |key: &str| seen[key].as_str().map(str::to_owned);
    if let Some(error) = text("error") {
        return Err(wasmtime::format_err!("{error}"));
    }
    check_answers(&case.answers, &seen["answers"])?;
    if !case.expected.is_empty() {
        return check_answers(&case.expected, &seen["expected"]);
    }
    let original = text("original").context("the case was not run")?;
    let baked = text("baked").context("the case was not run")?;
    equal(&baked, &original)
}

/// Compares the answers in Node with those that a case states.
fn check_answers(expected: &[(Call, String)], seen: &Value) -> Result<()> {
    let answers = seen.as_array().context("the case was not run")?;
    ensure!(answers.len() == expected.len(), "{} answers", answers.len());
    for ((call, expected), answer) in expected.iter().zip(answers) {
        let answer = answer.as_str().unwrap_or_default();
        let is_expected = match expected.strip_prefix("trap:") {
            // Each engine has its own messages for traps.
            Some(_) => answer.starts_with("trap: "),
            None => answer == in_javascript(expected),
        };
        ensure!(
            is_expected,
            "`{}` answers `{answer}`, not `{expected}`",
            call.export
        );
    }
    Ok(())
}

/// An answer that a case states, in the script's format.
fn in_javascript(expected: &str) -> String {
    if expected.is_empty() {
        return "null".to_owned();
    }
    // The calls of imports come first.
    if let Some((calls, rest)) = expected.strip_prefix('[').and_then(|text| text.split_once("] ")) {
        return format!("{calls}; {}", in_javascript(rest));
    }
    // The script shows a host value as its text; the case's answer also has an object number.
    let of_host = |value: &str| Some(value.split_once(" of the host's: ")?.1.to_owned());
    let values = expected.split(", ").map(|value| match value.split_once(' ') {
        Some(("extern", value)) => of_host(value).unwrap_or_else(|| value.to_owned()),
        Some(("i64", number)) => format!("{number}n"),
        Some((_, number)) => number.to_owned(),
        None => value.to_owned(),
    });
    values.collect::<Vec<_>>().join(", ")
}

fn equal(baked: &str, original: &str) -> Result<()> {
    let what = "the baked module, as against the original after its init";
    Assert::new()
        .try_eq(
            Some(&what),
            Data::text(baked.to_owned()).raw(),
            Data::text(original.to_owned()).raw(),
        )
        .map_err(|difference| wasmtime::format_err!("{difference}"))
}
