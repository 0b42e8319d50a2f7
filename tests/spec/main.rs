//! The official test suite of WebAssembly, twice side by side: as it is, and with every module baked through an init
//! that does nothing. Whatever a script does must come out the same in both.
//!
//! One file is one trial. A module that is refused runs unbaked in both, and its refusal must be in [`REFUSALS`]. What
//! wasmtime itself gets wrong must be wrong in the same way. `spec/REPORT.md` says what came of it; with
//! `SNAPSHOTS=overwrite` it is written instead of compared.
//!
//! Compared are not only the verdicts, but also the answers behind them, bit by bit, what is printed, and everything
//! that instances export, at their start and at the end.

mod components;
mod report;
mod suites;

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use cargo_preinit::run::{Cause, RunError, Step};
use cargo_preinit::{BakeError, BakeOptions, Refusal, bake};
use libtest_mimic::{Arguments, Failed, Trial};
use wasmparser::{Validator, WasmFeatures};
use wasmtime::error::{Result, bail};
use wasmtime::{Engine, Module, Trap};
use wast::lexer::Lexer;
use wast::parser::{ParseBuffer, parse};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, Wat};

use preinit_tests::script::{Placed, Verdict, World, explain};
use suites::suites;

/// Why a module may stay unbaked, and why that is right. Any other reason is a defect, and so is a line here that no
/// module needs.
const REFUSALS: &[(&str, &str)] = &[
    (
        "Refusal::SharedMemory",
        "every thread instantiates the module, and each would write the segments again",
    ),
    (
        "Cause::Import",
        "the start function calls an import, which only the real host has",
    ),
    (
        "Cause::Memory",
        "the memories are larger than `Limits::memory_bytes`, which bounds what a bake may take",
    ),
    (
        "Cause::Tables",
        "the tables are larger than `Limits::table_elements`, which bounds what a bake may take",
    ),
    (
        "Cause::Trap",
        "instantiation traps; checked: the original does not come to life either",
    ),
];

/// Defects of the tool that are known and not mended yet. A line that does not occur any more is a defect as well.
const KNOWN_BUGS: &[KnownBug] = &[];

struct KnownBug {
    /// Suite and file.
    file: &'static str,
    /// What the description of the defect contains.
    text: &'static str,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::from_args();
    let engine = preinit_tests::script::engine()?;
    let suites = suites();
    let outcomes: Arc<Mutex<BTreeMap<String, Outcome>>> = Arc::default();
    let files = suites.iter().flat_map(|suite| &suite.files);
    let trials = files.map(|(name, text)| {
        let (name, text, engine) = (name.clone(), *text, engine.clone());
        let outcomes = Arc::clone(&outcomes);
        Trial::test(name.clone(), move || {
            let (outcome, defects) =
                run(&engine, &name, text).map_err(|error| Failed::from(explain(&error)))?;
            let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
            outcomes.insert(name, outcome);
            if defects.is_empty() {
                Ok(())
            } else {
                Err(Failed::from(defects.join("\n")))
            }
        })
    });
    let mut trials: Vec<Trial> = trials.collect();
    let count = trials.len();
    trials.push(
        Trial::test("components", || {
            components::check().map_err(|error| Failed::from(format!("{error:#}")))
        })
        .with_ignored_flag(components::folders().is_none()),
    );
    let conclusion = libtest_mimic::run(&arguments, trials);
    if conclusion.has_failed() {
        return Ok(conclusion.exit_code());
    }
    let outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
    // Only a run of all files says anything about the report.
    if outcomes.len() == count {
        report::check(&suites, &outcomes)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What came of a file.
#[derive(Default)]
struct Outcome {
    modules: u64,
    baked: u64,
    /// By reason. A module with several reasons counts for the first.
    refused: BTreeMap<String, Refused>,
    /// Modules that the engine does not take.
    untaken: u64,
    /// Assertions about what runs.
    assertions: u64,
    /// Those of them that act on a baked module.
    on_baked: u64,
    /// Those of them whose verdict is the same in both.
    same: u64,
    /// Assertions that a text is no valid module.
    about_text: u64,
    /// Directives that fail with and without the tool, and what the first of them says.
    failing: u64,
    first_failing: Option<String>,
}

struct Refused {
    modules: u64,
    /// What the user is told, the first time.
    example: String,
}

/// Runs a file, and returns its defects, too.
fn run(engine: &Engine, name: &str, text: &str) -> Result<(Outcome, Vec<String>)> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let parsed = |error: wast::Error| wasmtime::format_err!("the script does not parse: {error}");
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(parsed)?;
    let script: Wast<'_> = parse(&buffer).map_err(parsed)?;
    let mut runner = Runner {
        engine,
        original: World::new(engine)?,
        baked: World::new(engine)?,
        definitions: BTreeMap::new(),
        pairs: Vec::new(),
        line: 0,
        outcome: Outcome::default(),
        defects: Vec::new(),
    };
    for directive in script.directives {
        runner.line = directive.span().linecol_in(text).0 + 1;
        runner.directive(directive);
    }
    for (original, baked) in std::mem::take(&mut runner.pairs) {
        runner.compare_state(original, baked, "at the end of the script");
    }
    let mut defects = runner.defects;
    for bug in KNOWN_BUGS.iter().filter(|bug| bug.file == name) {
        let before = defects.len();
        defects.retain(|defect| !defect.contains(bug.text));
        if defects.len() == before {
            defects.push(format!("the known bug `{}` does not occur any more", bug.text));
        }
    }
    Ok((runner.outcome, defects))
}

/// A module of a script, ready to be instantiated in both worlds.
struct Candidate {
    original: Module,
    baked: Option<Module>,
    /// The trap that ended the bake, which has to end the original as well.
    trap: Option<String>,
}

/// Runs a script in two worlds.
struct Runner<'a> {
    engine: &'a Engine,
    original: World,
    baked: World,
    definitions: BTreeMap<Option<String>, Rc<Candidate>>,
    /// The instances of baked modules, with their originals.
    pairs: Vec<(Placed, Placed)>,
    line: usize,
    outcome: Outcome,
    defects: Vec<String>,
}

impl Runner<'_> {
    fn directive(&mut self, directive: WastDirective<'_>) {
        match directive {
            WastDirective::Module(mut module) => {
                let name = module.name();
                let candidate = self.read(&mut module).and_then(|wasm| self.prepare(&wasm));
                self.instantiate(name, candidate.map(Rc::new));
            }
            WastDirective::ModuleDefinition(mut module) => {
                let name = module.name().map(|name| name.name().to_owned());
                let candidate = self.read(&mut module).and_then(|wasm| self.prepare(&wasm));
                match candidate {
                    Ok(candidate) => drop(self.definitions.insert(name, Rc::new(candidate))),
                    Err(text) => {
                        self.definitions.remove(&name);
                        self.fails(text);
                    }
                }
            }
            WastDirective::ModuleInstance { instance, module, .. } => {
                let module = module.map(|module| module.name().to_owned());
                let candidate = self.definitions.get(&module).cloned();
                self.instantiate(
                    instance,
                    candidate.ok_or_else(|| "there is no such module".to_owned()),
                );
            }
            WastDirective::Register { name, module, .. } => {
                self.act(|world| {
                    let registered = world.register(module, name);
                    world.answer(registered.map(|()| Vec::new()))
                });
            }
            WastDirective::Invoke(invoke) => {
                self.act(|world| {
                    let result = world.invoke(&invoke);
                    world.answer(result)
                });
            }
            WastDirective::AssertReturn { exec, results, .. } => {
                self.assert(exec, |world, result| world.returns(result, &results));
            }
            WastDirective::AssertTrap { exec, message, .. } => {
                self.assert(exec, |world, result| world.traps(result, message));
            }
            WastDirective::AssertExhaustion { call, message, .. } => {
                let exec = WastExecute::Invoke(call);
                self.assert(exec, |world, result| world.traps(result, message));
            }
            WastDirective::AssertException { exec, .. } => {
                self.assert(exec, |world, result| world.throws(result));
            }
            WastDirective::AssertUnlinkable { module, .. } => self.assert_unlinkable(module),
            WastDirective::AssertMalformed { module, .. } | WastDirective::AssertInvalid { module, .. } => {
                self.assert_no_module(module);
            }
            WastDirective::AssertInvalidCustom { .. }
            | WastDirective::AssertMalformedCustom { .. }
            | WastDirective::AssertSuspension { .. }
            | WastDirective::Thread(_)
            | WastDirective::Wait { .. } => {
                self.defects.push(format!(
                    "line {}: this kind of directive is not known here",
                    self.line
                ));
            }
        }
    }

    fn defect(&mut self, text: &str) {
        self.defects.push(format!("line {}: {text}", self.line));
    }

    /// Notes a directive that fails in both worlds.
    fn fails(&mut self, text: String) {
        self.outcome.failing += 1;
        let line = self.line;
        self.outcome
            .first_failing
            .get_or_insert_with(|| format!("line {line}: {}", text.lines().next().unwrap_or_default()));
    }

    /// Compares what came of one directive in both worlds, and says whether it is the same.
    fn compare(&mut self, original: Verdict, baked: &Verdict) -> bool {
        let is_same = original == *baked;
        if !is_same {
            self.defect(&format!("the original gives {original:?}, baked {baked:?}"));
        } else if let Err(text) = original {
            self.fails(text);
        }
        is_same
    }

    /// Does the same in both worlds.
    fn act(&mut self, action: impl Fn(&mut World) -> Verdict) -> bool {
        let original = action(&mut self.original);
        let baked = action(&mut self.baked);
        self.compare(original, &baked)
    }

    fn count_assertion(&mut self, is_same: bool, is_on_baked: bool) {
        self.outcome.assertions += 1;
        self.outcome.same += u64::from(is_same);
        self.outcome.on_baked += u64::from(is_on_baked);
    }

    /// Executes something in both worlds, and has what comes of it judged.
    fn assert(
        &mut self,
        exec: WastExecute<'_>,
        judge: impl Fn(&mut World, Result<Vec<wasmtime::Val>>) -> Verdict,
    ) {
        let of = |world: &World, name: Option<Id<'_>>| world.find(name).is_ok_and(|placed| placed.is_baked);
        let (is_same, is_on_baked) = match exec {
            WastExecute::Invoke(invoke) => {
                let is_same = self.act(|world| {
                    let result = world.invoke(&invoke);
                    judge(world, result)
                });
                (is_same, of(&self.baked, invoke.module))
            }
            WastExecute::Get { module, global, .. } => {
                let is_same = self.act(|world| {
                    let result = world.get(module, global);
                    judge(world, result)
                });
                (is_same, of(&self.baked, module))
            }
            WastExecute::Wat(module) => {
                let candidate = self
                    .read(&mut QuoteWat::Wat(module))
                    .and_then(|wasm| self.prepare(&wasm));
                match candidate {
                    Ok(candidate) => {
                        let (original, baked) = self.bring_to_life(&candidate);
                        let original = judge(&mut self.original, original.map(|_| Vec::new()));
                        let baked = judge(&mut self.baked, baked.map(|_| Vec::new()));
                        (self.compare(original, &baked), candidate.baked.is_some())
                    }
                    Err(text) => {
                        self.fails(text);
                        (true, false)
                    }
                }
            }
        };
        self.count_assertion(is_same, is_on_baked);
    }

    fn assert_unlinkable(&mut self, module: Wat<'_>) {
        let candidate = self
            .read(&mut QuoteWat::Wat(module))
            .and_then(|wasm| self.prepare(&wasm));
        let (is_same, is_on_baked) = match candidate {
            Ok(candidate) => {
                let (original, baked) = self.bring_to_life(&candidate);
                let judge = |world: &mut World, result: Result<Placed>| {
                    let is_trap = result.as_ref().is_err_and(|error| error.is::<Trap>());
                    match world.answer(result.map(|_| Vec::new())) {
                        Err(text) if is_trap => Err(format!("linked, and trapped: {text}")),
                        Err(text) => Ok(text),
                        Ok(_) => Err("linked".to_owned()),
                    }
                };
                let original = judge(&mut self.original, original);
                let baked = judge(&mut self.baked, baked);
                (self.compare(original, &baked), candidate.baked.is_some())
            }
            Err(text) => {
                self.fails(text);
                (true, false)
            }
        };
        self.count_assertion(is_same, is_on_baked);
    }

    /// Nothing can be run, but the tool has to say no as well.
    fn assert_no_module(&mut self, mut module: QuoteWat<'_>) {
        self.outcome.about_text += 1;
        let Ok(wasm) = module.encode() else { return };
        let is_taken = Module::validate(self.engine, &wasm).is_ok();
        if is_taken {
            self.fails("the engine takes what is to be no valid module".to_owned());
        }
        match bake(&wasm, &BakeOptions::default()) {
            Err(error) if error.is_bug() => self.defect(&format!("no valid module: {error}")),
            Err(BakeError::Input(_)) => {}
            _ if is_taken => {}
            // Custom descriptors, which are no part of the suite, allow more casts.
            _ if Validator::new_with_features(WasmFeatures::all())
                .validate_all(&wasm)
                .is_ok() => {}
            Err(error) => self.defect(&format!(
                "the tool takes what the engine does not, and says: {error}"
            )),
            Ok(_) => self.defect("baked, but no valid module"),
        }
    }

    fn read(&mut self, module: &mut QuoteWat<'_>) -> std::result::Result<Vec<u8>, String> {
        self.outcome.modules += 1;
        module.encode().map_err(|error| {
            self.outcome.untaken += 1;
            error.message()
        })
    }

    /// Compiles a module and its baked form. The error is what the engine says of the original.
    fn prepare(&mut self, wasm: &[u8]) -> std::result::Result<Candidate, String> {
        let original = match Module::new(self.engine, wasm) {
            Ok(module) => module,
            Err(error) => {
                self.outcome.untaken += 1;
                match bake(wasm, &BakeOptions::default()) {
                    Err(bake_error) if !bake_error.is_bug() => {}
                    Err(bake_error) => self.defect(&format!("not taken by the engine: {bake_error}")),
                    Ok(_) => self.defect("baked, but not taken by the engine"),
                }
                return Err(explain(&error));
            }
        };
        let mut candidate = Candidate {
            original,
            baked: None,
            trap: None,
        };
        match self.bake(wasm, &mut candidate) {
            Ok(()) => {}
            Err(error) => self.defect(&explain(&error)),
        }
        Ok(candidate)
    }

    fn bake(&mut self, wasm: &[u8], candidate: &mut Candidate) -> Result<()> {
        let (wasm, init) = preinit_tests::no_op::add(wasm)?;
        let options = BakeOptions {
            init_functions: vec![init],
            ..BakeOptions::default()
        };
        let baked = bake(&wasm, &options);
        preinit_tests::parts::check(&baked, |compile| {
            bake(
                &wasm,
                &BakeOptions {
                    compile,
                    ..options.clone()
                },
            )
        })?;
        match baked {
            Ok(baked) => {
                let module = Module::new(self.engine, &baked.wasm).map_err(|error| {
                    let text =
                        wasmprinter::print_bytes(&baked.wasm).unwrap_or_else(|error| error.to_string());
                    error.context(format!("the engine does not take what was baked:\n{text}"))
                })?;
                candidate.baked = Some(module);
                self.outcome.baked += 1;
            }
            Err(BakeError::Refused(refusals)) => {
                for refused in &refusals.0 {
                    self.check_reason(&reason(&refused.refusal))?;
                }
                let Some(first) = refusals.0.first() else {
                    bail!("refused without a reason");
                };
                self.refused(reason(&first.refusal), first.refusal.to_string());
            }
            Err(BakeError::Run(RunError::Stopped(stopped))) if stopped.step == Step::Start => {
                let cause = &stopped.cause;
                if let Cause::Trap(text) = cause {
                    candidate.trap = Some(text.clone());
                }
                let reason = variant("Cause", cause);
                self.check_reason(&reason)?;
                self.refused(reason, format!("{} {cause}", stopped.step));
            }
            Err(error) => {
                let text = wasmprinter::print_bytes(&wasm).unwrap_or_else(|error| error.to_string());
                bail!("not baked: {error:?}: {error}\n{text}");
            }
        }
        Ok(())
    }

    fn check_reason(&self, reason: &str) -> Result<()> {
        if REFUSALS.iter().any(|(known, _)| *known == reason) {
            Ok(())
        } else {
            bail!("refused for a reason that is not listed: {reason}")
        }
    }

    fn refused(&mut self, reason: String, example: String) {
        let refused = self
            .outcome
            .refused
            .entry(reason)
            .or_insert(Refused { modules: 0, example });
        refused.modules += 1;
    }

    /// Instantiates a module in both worlds, and makes it the current one.
    fn instantiate(&mut self, name: Option<Id<'_>>, candidate: std::result::Result<Rc<Candidate>, String>) {
        let candidate = match candidate {
            Ok(candidate) => candidate,
            Err(text) => {
                self.original.place(name, None);
                self.baked.place(name, None);
                return self.fails(text);
            }
        };
        let (original, baked) = self.bring_to_life(&candidate);
        self.original.place(name, original.as_ref().ok().copied());
        self.baked.place(name, baked.as_ref().ok().copied());
        let original = self.original.answer(original.map(|_| Vec::new()));
        let baked = self.baked.answer(baked.map(|_| Vec::new()));
        self.compare(original, &baked);
    }

    fn bring_to_life(&mut self, candidate: &Candidate) -> (Result<Placed>, Result<Placed>) {
        let original = self.original.instantiate(&candidate.original, false);
        let baked = match &candidate.baked {
            Some(module) => self.baked.instantiate(module, true),
            None => self.baked.instantiate(&candidate.original, false),
        };
        if let Some(trap) = &candidate.trap {
            match &original {
                Ok(_) => self.defect(&format!("the bake traps ({trap}), but the original does not")),
                Err(error) if error.is::<Trap>() && !explain(error).ends_with(trap) => {
                    let text = explain(error);
                    self.defect(&format!(
                        "the bake traps ({trap}), but the original otherwise: {text}"
                    ));
                }
                // Where the imports do not fit, the original does not come as far.
                Err(_) => {}
            }
        }
        if let (Ok(original), Ok(baked)) = (&original, &baked)
            && baked.is_baked
        {
            self.pairs.push((*original, *baked));
            self.compare_state(*original, *baked, "at the start");
        }
        (original, baked)
    }

    fn compare_state(&mut self, original: Placed, baked: Placed, when: &str) {
        let states = (self.original.state(original), self.baked.state(baked));
        let (Ok(original), Ok(baked)) = states else {
            return self.defect(&format!("the exports {when} cannot be read"));
        };
        let names: BTreeSet<&String> = original.keys().chain(baked.keys()).collect();
        for name in names {
            let text = |state: &BTreeMap<String, String>| {
                state.get(name).cloned().unwrap_or_else(|| "absent".to_owned())
            };
            let (original, baked) = (text(&original), text(&baked));
            if original != baked {
                self.defect(&format!(
                    "the export `{name}` {when} is {original:.300} in the original, {baked:.300} baked"
                ));
            }
        }
    }
}

/// What a refusal is listed under.
fn reason(refusal: &Refusal) -> String {
    let name = variant("Refusal", refusal);
    match refusal {
        Refusal::ImportedState { what, .. } => format!("{name} {what}"),
        Refusal::Reference { kind, .. } => format!("{name} {kind:?}"),
        _ => name,
    }
}

/// The name of a variant, without its fields.
fn variant(of: &str, value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let name = text.split(['{', '(']).next().unwrap_or_default().trim();
    format!("{of}::{name}")
}
