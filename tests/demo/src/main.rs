//! The demonstration in the README: bakes the examples, then measures a cold start before and after.
//!
//! A cold start is the instantiation and the first call. Compilation is left out, since hosts compile ahead of time.

mod component;
mod host;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cargo_preinit::cli;
use cargo_preinit::commands;
use cargo_preinit::report::Human;
use cargo_preinit::shell::{Color, Shell, Verbosity};
use wasmtime::error::{Context as _, Result, ensure};
use wasmtime::{Config, Engine, Instance, Linker, Module, Store, Val};

use host::{Exit, Host};

/// A guest, and its first request.
struct Guest {
    name: &'static str,
    /// Relative to the directory of the examples.
    before: &'static str,
    after: &'static str,
    /// The export to call in the original before the first request, if its init is not lazy.
    init: Option<&'static str>,
    call: (&'static str, &'static [i32]),
}

const GUESTS: [Guest; 5] = [
    Guest {
        name: "validator",
        before: "target/wasm32-wasip1/release/validator.wasm",
        after: "target/wasm32-wasip1/release/preinit/validator.wasm",
        init: None,
        call: ("run", &[]),
    },
    Guest {
        name: "templates",
        before: "target/wasm32-wasip1/release/templates.wasm",
        after: "target/wasm32-wasip1/release/preinit/templates.wasm",
        init: None,
        call: ("_start", &[]),
    },
    Guest {
        name: "geo",
        before: "target/wasm32-unknown-unknown/release/geo.wasm",
        after: "target/wasm32-unknown-unknown/release/preinit/geo.wasm",
        init: None,
        call: ("nearest", &[0, 0]),
    },
    Guest {
        name: "shop",
        before: "target/wasm32-wasip2/release/shop.wasm",
        after: "target/wasm32-wasip2/release/preinit/shop.wasm",
        init: None,
        call: ("price", &[]),
    },
    Guest {
        name: "tables",
        before: "tables/tables.wat",
        after: "target/tables.wasm",
        init: Some("wizer-initialize"),
        call: ("call", &[0]),
    },
];

fn main() -> ExitCode {
    if let Some(exit) = cargo_preinit::answer_cargo() {
        return exit;
    }
    match demonstrate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let shell = Shell::new(Verbosity::Normal, Color::Auto);
            shell.error(&format!("{error:#}"), &[]);
            ExitCode::FAILURE
        }
    }
}

fn demonstrate() -> Result<()> {
    // This is a program of two packages: `cargo demo` runs it in release, and `cargo test` as a test.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let examples = above
        .map(|dir| dir.join("examples"))
        .find(|dir| dir.is_dir())
        .context("there are no examples")?;
    let path = |relative: &str| examples.join(relative).display().to_string();
    let manifest = path("Cargo.toml");
    let target = path("target");
    preinit(&[
        "--release",
        "--workspace",
        "--manifest-path",
        &manifest,
        "--target-dir",
        &target,
    ])?;
    preinit(&[
        "bake",
        &path("tables/tables.wat"),
        "-o",
        &path("target/tables.wasm"),
    ])?;
    let mut table = vec![Row::HEADER];
    for guest in &GUESTS {
        table.push(measure(guest, &examples).with_context(|| guest.name)?);
    }
    let lines: Vec<String> = table.iter().map(Row::to_string).collect();
    anstream::println!("\n{}", lines.join("\n"));
    Ok(())
}

/// Runs `cargo preinit` with these arguments, in this process.
fn preinit(args: &[&str]) -> Result<()> {
    let args = ["cargo", "preinit"].iter().chain(args).map(OsString::from);
    let request = cli::parse(args, Color::Auto)?;
    let mut observer = Human::new(Shell::new(request.shell.verbosity, request.shell.color));
    Ok(commands::execute(request, &mut observer)?)
}

struct Row([String; 4]);

impl Row {
    const HEADER: Self = Self([const { String::new() }; 4]);
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [name, size, fuel, time] = &self.0;
        if name.is_empty() {
            return write!(
                f,
                "{:<10} {:>22}  {:>34}  {:>34}",
                "guest", "size (KiB)", "cold start (fuel)", "cold start (us)"
            );
        }
        write!(f, "{name:<10} {size:>22}  {fuel:>34}  {time:>34}")
    }
}

fn measure(guest: &Guest, examples: &Path) -> Result<Row> {
    let before = examples.join(guest.before);
    let after = examples.join(guest.after);
    let (fuel_before, answer_before) = fuel(&before, guest.init, guest.call)?;
    let (fuel_after, answer_after) = fuel(&after, None, guest.call)?;
    ensure!(
        answer_before == answer_after,
        "the baked guest answers {answer_after:?}, the original {answer_before:?}"
    );
    let time_before = time(&before, guest.init, guest.call)?;
    let time_after = time(&after, None, guest.call)?;
    let kib = |path: &Path| -> Result<u64> { Ok(binary_size(path)?.div_ceil(1024)) };
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    Ok(Row([
        guest.name.to_owned(),
        format!("{} -> {}", kib(&before)?, kib(&after)?),
        format!(
            "{fuel_before} -> {fuel_after} ({:.1}x)",
            ratio(fuel_before, fuel_after)
        ),
        format!(
            "{:.1} -> {:.1} ({:.1}x)",
            micros(time_before),
            micros(time_after),
            micros(time_before) / micros(time_after)
        ),
    ]))
}

#[expect(clippy::cast_precision_loss, reason = "a ratio with one decimal is printed")]
fn ratio(before: u64, after: u64) -> f64 {
    before as f64 / after as f64
}

fn binary_size(path: &Path) -> Result<u64> {
    Ok(wat::parse_file(path)?.len() as u64)
}

/// A guest's answer: its results, and what it printed.
#[derive(Debug, PartialEq)]
struct Answer {
    results: Vec<String>,
    output: String,
}

struct Runner {
    engine: Engine,
    module: Module,
    linker: Linker<Host>,
}

impl Runner {
    fn new(path: &PathBuf, config: &Config) -> Result<Self> {
        let engine = Engine::new(config)?;
        let module = Module::new(&engine, wat::parse_file(path)?)?;
        let mut linker = Linker::new(&engine);
        host::link(&mut linker)?;
        linker.define_unknown_imports_as_traps(&module)?;
        Ok(Self {
            engine,
            module,
            linker,
        })
    }

    /// Instantiates the guest, and calls it. Also returns the store, for the fuel and output in it.
    fn cold_start(
        &self,
        init: Option<&str>,
        (call, arguments): (&str, &[i32]),
        prepare: impl FnOnce(&mut Store<Host>) -> Result<()>,
    ) -> Result<(Duration, Store<Host>, Vec<String>)> {
        let mut store = Store::new(&self.engine, Host::default());
        prepare(&mut store)?;
        let pre = self.linker.instantiate_pre(&self.module)?;
        let started = Instant::now();
        let instance = pre.instantiate(&mut store)?;
        if let Some(init) = init {
            call_export(&instance, &mut store, init, &[])?;
        }
        let results = call_export(&instance, &mut store, call, arguments)?;
        Ok((started.elapsed(), store, results))
    }
}

fn call_export(
    instance: &Instance,
    store: &mut Store<Host>,
    name: &str,
    arguments: &[i32],
) -> Result<Vec<String>> {
    let function = instance
        .get_func(&mut *store, name)
        .with_context(|| format!("no export `{name}`"))?;
    let ty = function.ty(&*store);
    let arguments: Vec<Val> = ty
        .params()
        .zip(arguments)
        .map(|(ty, value)| match ty {
            wasmtime::ValType::F64 => Val::F64(f64::from(*value).to_bits()),
            _ => Val::I32(*value),
        })
        .collect();
    let mut results = vec![Val::I32(0); ty.results().len()];
    match function.call(&mut *store, &arguments, &mut results) {
        Ok(()) => {}
        // A program ends by `proc_exit(0)`.
        Err(error) if error.downcast_ref::<Exit>().is_some_and(|exit| exit.0 == 0) => {}
        Err(error) => return Err(error),
    }
    Ok(results.iter().map(|value| format!("{value:?}")).collect())
}

/// The fuel of a cold start, about one per instruction, which is the same on every machine, and the answer.
fn fuel(path: &PathBuf, init: Option<&str>, call: (&str, &[i32])) -> Result<(u64, Answer)> {
    if component::is_component(path)? {
        return component::fuel(path, call.0);
    }
    let runner = Runner::new(path, Config::new().consume_fuel(true))?;
    let prepare = |store: &mut Store<Host>| store.set_fuel(u64::MAX);
    let (_, store, results) = runner.cold_start(init, call, prepare)?;
    let output = String::from_utf8_lossy(&store.data().output).into_owned();
    Ok((u64::MAX - store.get_fuel()?, Answer { results, output }))
}

/// The median time of many cold starts.
fn time(path: &PathBuf, init: Option<&str>, call: (&str, &[i32])) -> Result<Duration> {
    if component::is_component(path)? {
        return component::time(path, call.0);
    }
    let runner = Runner::new(path, &Config::new())?;
    median(|| Ok(runner.cold_start(init, call, |_| Ok(()))?.0))
}

/// The median of many measurements.
fn median(mut measure: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    const RUNS: usize = 51;
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        times.push(measure()?);
    }
    times.sort_unstable();
    Ok(times[RUNS / 2])
}
