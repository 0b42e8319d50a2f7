//! The scripts of component suites: as they are, with every component baked through an init that does nothing, and with the
//! first call of each component as its init. All three must end alike.
//!
//! The suites are those of the [component model][spec] and of [wasmtime]. No crate carries them, so they are read from the folders
//! that `PREINIT_COMPONENT_SUITES` names, between colons. `spec/COMPONENTS.md` says what came of it.
//!
//! [spec]: https://github.com/WebAssembly/component-model/tree/main/test
//! [wasmtime]: https://github.com/bytecodealliance/wasmtime/tree/main/tests/misc_testsuite/component-model

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cargo_preinit::run::RunError;
use cargo_preinit::{BakeError, BakeOptions, InputError, KeepInit, bake};
use snapbox::{Assert, Data, assert};
use wasmparser::{Parser, WasmFeatures};
use wasmtime::error::{Context as _, Result, ensure};
use wasmtime::{Config, Engine};
use wasmtime_wast::{Async, SpectestConfig, WastContext};
use wast::component::WastVal;
use wast::lexer::{Lexer, TokenKind};
use wast::parser::{ParseBuffer, parse};
use wast::{QuoteWat, Wast, WastArg, WastDirective, WastExecute, WastInvoke};

use preinit_tests::no_op;

/// What came of the scripts of a suite.
#[derive(Default)]
struct Outcome {
    scripts: u64,
    /// Scripts that the engine runs to their end.
    passing: u64,
    components: u64,
    /// Components that were baked through an init that does nothing.
    baked: u64,
    /// Components that were baked after their first call.
    called: u64,
    /// Components that the engine does not take.
    untaken: u64,
    /// Why components are refused.
    refused: BTreeMap<String, u64>,
}

/// The folders that the suites are in, if somebody says.
#[expect(
    clippy::disallowed_methods,
    reason = "tests read the environment where they need it"
)]
pub(crate) fn folders() -> Option<OsString> {
    env::var_os("PREINIT_COMPONENT_SUITES")
}

/// Runs the suites that are there, and compares what came of them with the report.
pub(crate) fn check() -> Result<()> {
    let folders = folders().context("`PREINIT_COMPONENT_SUITES` names the folders")?;
    let mut outcomes = BTreeMap::new();
    let mut defects = Vec::new();
    for folder in env::split_paths(&folders) {
        let name = folder.file_name().context("it has a name")?;
        let outcome = outcomes
            .entry(name.to_string_lossy().into_owned())
            .or_insert_with(Outcome::default);
        for path in scripts(&folder)? {
            let text = fs_err::read_to_string(&path)?;
            let name = path.display().to_string();
            script(&name, &text, outcome, &mut defects).with_context(|| name.clone())?;
        }
    }
    ensure!(defects.is_empty(), "{}", defects.join("\n"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/COMPONENTS.md");
    Assert::new()
        .action_env(assert::DEFAULT_ACTION_ENV)
        .normalize_paths(false)
        .try_eq(
            Some(&path.display()),
            Data::text(report(&outcomes)?).raw(),
            Data::read_from(&path, None).raw(),
        )
        .map_err(|difference| wasmtime::format_err!("{difference}"))
}

/// All scripts in a folder and below it.
fn scripts(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(scripts(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "wast") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// What is baked into the components of a script.
#[derive(Clone, Copy, PartialEq)]
enum Init {
    Nothing,
    FirstCall,
}

fn script(name: &str, text: &str, outcome: &mut Outcome, defects: &mut Vec<String>) -> Result<()> {
    outcome.scripts += 1;
    let expected = run(name, text)?;
    outcome.passing += u64::from(expected.is_ok());
    for init in [Init::Nothing, Init::FirstCall] {
        let (baked, count) =
            baked_script(text, init, outcome).with_context(|| "the script cannot be baked")?;
        if count == 0 {
            continue;
        }
        let found = run(name, &baked)?;
        if found.is_ok() != expected.is_ok() {
            let what = match init {
                Init::Nothing => "an init that does nothing",
                Init::FirstCall => "the first call as init",
            };
            defects.push(format!(
                "{name}, with {what}: the original ends with {expected:?}, and baked with {found:?}"
            ));
        }
    }
    Ok(())
}

/// Runs a script. The inner error is that of the script.
fn run(name: &str, text: &str) -> Result<std::result::Result<(), String>> {
    let mut config = Config::new();
    config
        .wasm_component_model_async(true)
        .wasm_component_model_more_async_builtins(true)
        .wasm_component_model_async_stackful(true)
        .wasm_component_model_error_context(true)
        .wasm_component_model_map(true)
        .wasm_component_model_fixed_length_lists(true)
        .wasm_multi_memory(true)
        .wasm_memory64(true)
        .wasm_tail_call(true)
        .wasm_function_references(true)
        .wasm_gc(true)
        .wasm_exceptions(true)
        .shared_memory(true);
    let engine = Engine::new(&config)?;
    let asynchronous = match text.contains("async") {
        true => Async::Yes,
        false => Async::No,
    };
    let mut context = WastContext::new(&engine, asynchronous, |_| {});
    context.generate_dwarf(false);
    let spectest = SpectestConfig {
        use_shared_memory: false,
        suppress_prints: true,
    };
    context.register_spectest(&spectest)?;
    context.register_wasmtime()?;
    let ran = context.run_wast(name, text.as_bytes());
    Ok(ran.map_err(|error| format!("{error:#}")))
}

/// The script with baked components, and how many there are. Those that are refused stay as they are.
fn baked_script(text: &str, init: Init, outcome: &mut Outcome) -> Result<(String, u64)> {
    let parsed = |error: wast::Error| wasmtime::format_err!("{error}");
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let forms = forms(text, &lexer)?;
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(parsed)?;
    let Ok(script) = parse::<Wast<'_>>(&buffer) else {
        return Ok((String::new(), 0));
    };
    ensure!(
        script.directives.len() == forms.len(),
        "the forms are not the directives"
    );
    let mut output = String::new();
    let mut count = 0;
    let mut directives = script.directives.into_iter().zip(forms).peekable();
    while let Some((directive, form)) = directives.next() {
        let (mut wat, keyword) = match directive {
            WastDirective::Module(wat) => (wat, "component"),
            WastDirective::ModuleDefinition(wat) => (wat, "component definition"),
            _ => {
                writeln!(output, "{}", &text[form])?;
                continue;
            }
        };
        let call = match directives.peek() {
            Some((directive, _)) if keyword == "component" => first_call(directive),
            _ => None,
        };
        let baked = match bake_component(&mut wat, init, call.as_deref(), outcome) {
            Some(baked) => baked,
            None => {
                writeln!(output, "{}", &text[form])?;
                continue;
            }
        };
        if init == Init::FirstCall {
            directives.next();
        }
        count += 1;
        let id = wat
            .name()
            .map_or_else(String::new, |id| format!("${} ", id.name()));
        write!(output, "({keyword} {id}binary \"")?;
        for byte in baked {
            write!(output, "\\{byte:02x}")?;
        }
        writeln!(output, "\")")?;
    }
    Ok((output, count))
}

/// A component with the state after its init; `None` if it stays as it is.
fn bake_component(
    wat: &mut QuoteWat<'_>,
    init: Init,
    call: Option<&str>,
    outcome: &mut Outcome,
) -> Option<Vec<u8>> {
    let wasm = wat.encode().ok().filter(|wasm| Parser::is_component(wasm))?;
    if init == Init::Nothing {
        outcome.components += 1;
    }
    let mut options = BakeOptions::default();
    let guest = match init {
        Init::Nothing => match no_op::add_to_component(&wasm, WasmFeatures::all()) {
            Ok((guest, name)) => {
                options.init_functions = vec![name];
                guest
            }
            Err(_) => {
                outcome.untaken += 1;
                return None;
            }
        },
        Init::FirstCall => {
            options.init_functions = vec![call?.to_owned()];
            options.keep_init_functions = KeepInit::Keep;
            wasm
        }
    };
    match (bake(&guest, &options), init) {
        (Ok(baked), Init::Nothing) => {
            outcome.baked += 1;
            Some(baked.wasm)
        }
        (Ok(baked), Init::FirstCall) => {
            outcome.called += 1;
            Some(baked.wasm)
        }
        (Err(error), Init::Nothing) => {
            *outcome.refused.entry(reason(&error)).or_default() += 1;
            None
        }
        (Err(_), Init::FirstCall) => None,
    }
}

/// Why a component is refused, without names and numbers.
fn reason(error: &BakeError) -> String {
    match error {
        BakeError::Input(InputError::ComponentModel(names)) => format!("it uses {names}"),
        BakeError::Refused(refusals) => {
            let first = refusals.0.first().map(|refused| refused.refusal.clone());
            variants(&format!("{first:?}"))
        }
        BakeError::Run(RunError::Stopped(stopped)) => {
            format!("Cause::{}", variants(&format!("{:?}", stopped.cause)))
        }
        error => error.to_string().lines().next().unwrap_or_default().to_owned(),
    }
}

/// The names of an enum's variants in debug output, without what they hold.
fn variants(debug: &str) -> String {
    let words = debug.split(|c: char| !c.is_alphanumeric() && c != '_');
    let variants = words.filter(|word| word.starts_with(char::is_uppercase) && *word != "Some");
    variants.take(2).collect::<Vec<_>>().join("::")
}

/// A directive as a call in WAVE, if it is one of the current component, and has to return.
fn first_call(directive: &WastDirective<'_>) -> Option<String> {
    let invoke: &WastInvoke<'_> = match directive {
        WastDirective::Invoke(invoke) => invoke,
        WastDirective::AssertReturn {
            exec: WastExecute::Invoke(invoke),
            ..
        } => invoke,
        _ => return None,
    };
    let arguments = invoke.args.iter().map(|argument| match argument {
        WastArg::Component(value) => wave(value),
        _ => None,
    });
    let arguments = arguments.collect::<Option<Vec<_>>>()?.join(", ");
    let is_plain = invoke.module.is_none() && !invoke.name.contains(['#', '(']);
    is_plain.then(|| format!("{}({arguments})", invoke.name))
}

/// A value in WAVE; `None` for what is rare.
fn wave(value: &WastVal<'_>) -> Option<String> {
    let all = |values: &[WastVal<'_>]| Some(values.iter().map(wave).collect::<Option<Vec<_>>>()?.join(", "));
    let inner = |value: &Option<Box<WastVal<'_>>>| value.as_deref().map(wave);
    Some(match value {
        WastVal::Bool(value) => value.to_string(),
        WastVal::U8(value) => value.to_string(),
        WastVal::S8(value) => value.to_string(),
        WastVal::U16(value) => value.to_string(),
        WastVal::S16(value) => value.to_string(),
        WastVal::U32(value) => value.to_string(),
        WastVal::S32(value) => value.to_string(),
        WastVal::U64(value) => value.to_string(),
        WastVal::S64(value) => value.to_string(),
        WastVal::F32(value) => format!("{:?}", f32::from_bits(value.bits)),
        WastVal::F64(value) => format!("{:?}", f64::from_bits(value.bits)),
        WastVal::Char(value) => format!("'\\u{{{:x}}}'", u32::from(*value)),
        WastVal::String(text) => {
            let escaped = text.chars().map(|c| format!("\\u{{{:x}}}", u32::from(c)));
            format!("\"{}\"", escaped.collect::<String>())
        }
        WastVal::List(values) => format!("[{}]", all(values)?),
        WastVal::Tuple(values) => format!("({})", all(values)?),
        WastVal::Enum(name) => format!("%{name}"),
        WastVal::Option(value) => match inner(value) {
            Some(value) => format!("some({})", value?),
            None => "none".to_owned(),
        },
        WastVal::Result(Ok(value)) => match inner(value) {
            Some(value) => format!("ok({})", value?),
            None => "ok".to_owned(),
        },
        WastVal::Flags(names) => format!("{{{}}}", names.join(", ")),
        WastVal::Record(_) | WastVal::Variant(..) | WastVal::Result(Err(_)) => return None,
    })
}

/// Where the outermost forms of a script are.
fn forms(text: &str, lexer: &Lexer<'_>) -> Result<Vec<std::ops::Range<usize>>> {
    let (mut forms, mut depth, mut start, mut position) = (Vec::new(), 0_u32, 0, 0);
    while let Some(token) = lexer
        .parse(&mut position)
        .map_err(|error| wasmtime::format_err!("{error}"))?
    {
        match token.kind {
            TokenKind::LParen => {
                if depth == 0 {
                    start = token.offset;
                }
                depth += 1;
            }
            TokenKind::RParen => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    forms.push(start..position);
                }
            }
            _ => {}
        }
    }
    ensure!(position <= text.len(), "the lexer went too far");
    Ok(forms)
}

fn report(outcomes: &BTreeMap<String, Outcome>) -> Result<String> {
    let mut text = String::from(INTRODUCTION);
    for (suite, outcome) in outcomes {
        writeln!(
            text,
            "| {suite} | {} | {} | {} | {} | {} | {} | {} |",
            outcome.scripts,
            outcome.passing,
            outcome.components,
            outcome.baked,
            outcome.called,
            outcome.untaken,
            outcome.refused.values().sum::<u64>(),
        )?;
    }
    text.push_str("\n## Refused\n\n| Suite | Reason | Components |\n| --- | --- | --- |\n");
    for (suite, outcome) in outcomes {
        for (reason, count) in &outcome.refused {
            writeln!(text, "| {suite} | {} | {count} |", reason.replace('|', "\\|"))?;
        }
    }
    Ok(text)
}

const INTRODUCTION: &str = "\
# The suites of the component model, baked

Written by `SNAPSHOTS=overwrite PREINIT_COMPONENT_SUITES=component-model/test:wasmtime/tests/misc_testsuite/component-model
cargo test --workspace --test spec`, with checkouts of these repositories; the test compares it where they are there.

Every script runs three times on wasmtime: as it is, with each component baked through an init that does nothing, and with
the first call of each component as its init, where the script goes on with a call. All three end alike.

- *Passing*: scripts that this engine runs to their end; the rest need what it does not have, and end with an error in all three.
- *After a call*: components that were baked with the first call as init. Others begin with a trap, return a handle, or are never called.
- *Not taken*: components that are no valid ones, or that use what the validator does not know.

| Suite | Scripts | Passing | Components | Baked | After a call | Not taken | Refused |
| --- | --- | --- | --- | --- | --- | --- | --- |
";
