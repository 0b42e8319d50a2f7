//! One bake in a process of its own, so that its time and its memory are those of a tool that starts, bakes and ends.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use cargo_preinit::cli::{Messages, ModuleTask, Repeat, Request, ShellConfig, Task, Variant};
use cargo_preinit::report::Human;
use cargo_preinit::shell::{Color, Shell, Verbosity};
use cargo_preinit::{
    BakeOptions, CompilationCache, CompiledFunctions, Impurity, Limits, MappedDir, MemoryScan, Stdin, Wasi,
    WasiOptions, commands, env,
};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use serde::{Deserialize, Serialize};

use crate::wizer;

/// Who bakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tool {
    Ours,
    Wizer,
}

/// The cache of compiled code, which is where the environment's `XDG_CACHE_HOME` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cache {
    /// There is none.
    Off,
    /// There is one, and it is empty: what is compiled is stored.
    Empty,
    /// It has what earlier bakes stored.
    Filled,
}

/// How our tool reads memories.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scan {
    #[default]
    Auto,
    Portable,
}

/// Whether our tool runs init again with other answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Again {
    /// Where it asked something.
    #[default]
    IfAsked,
    Never,
}

/// Which functions our tool compiles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Functions {
    /// Where a module is large, those that init reaches.
    #[default]
    Auto,
    All,
}

/// What init gets to see of the outside.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct World {
    /// Environment variables.
    pub env: Vec<(String, String)>,
    /// A directory, which the guest sees as `/`.
    pub dir: Option<Utf8PathBuf>,
    /// What standard input is read from; otherwise it is empty.
    pub stdin: Option<Utf8PathBuf>,
}

/// A bake.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    pub tool: Tool,
    pub input: Utf8PathBuf,
    pub output: Utf8PathBuf,
    /// The function to run; otherwise the marked items, or Wizer's default.
    pub init: Option<String>,
    pub world: World,
    pub cache: Cache,
    /// How memories are read.
    pub scan: Scan,
    pub again: Again,
    pub functions: Functions,
    /// In how many variants, if not only as it is.
    pub variants: usize,
}

/// What a bake cost.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Cost {
    /// From the start of the process to its end.
    pub wall: Duration,
    /// What all threads used, in user and system mode. It wobbles less where others use the machine.
    pub cpu: Duration,
    /// The most that was resident, in KiB.
    pub peak_kib: u64,
}

impl Cost {
    /// The least of each.
    pub fn least(self, other: Self) -> Self {
        Self {
            wall: self.wall.min(other.wall),
            cpu: self.cpu.min(other.cpu),
            peak_kib: self.peak_kib.min(other.peak_kib),
        }
    }
}

/// The subcommand that a process started by [`spawn`] runs.
pub const SUBCOMMAND: &str = "bake";

/// Bakes in another process, which keeps its caches in `cache`.
pub fn spawn(job: &Job, cache: &Utf8Path) -> Result<Cost> {
    let started = Instant::now();
    let output = start(SUBCOMMAND, job, cache)?;
    let wall = started.elapsed();
    let (cpu, peak_kib) = serde_json::from_slice(&output).context("the child's report")?;
    Ok(Cost { wall, cpu, peak_kib })
}

/// Runs a subcommand of this program on a job, and returns what it printed.
pub fn start(subcommand: &str, job: &Job, cache: &Utf8Path) -> Result<Vec<u8>> {
    let output = Command::new(std::env::current_exe()?)
        .args([subcommand, &serde_json::to_string(job)?])
        .env("XDG_CACHE_HOME", cache)
        .stdin(match &job.world.stdin {
            Some(path) => Stdio::from(std::fs::File::open(path)?),
            None => Stdio::null(),
        })
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "{:?} failed on {}", job.tool, job.input);
    Ok(output.stdout)
}

/// What the started process does.
pub fn run(job: &str) -> Result<()> {
    let job: Job = serde_json::from_str(job)?;
    match job.tool {
        Tool::Ours => ours(&job)?,
        Tool::Wizer => fs_err::write(&job.output, wizer::bake(&job)?)?,
    }
    println!("{}", serde_json::to_string(&used()?)?);
    Ok(())
}

/// What this process has used so far: time of all processors, and the most memory in KiB.
pub fn used() -> Result<(Duration, u64)> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    // `max_rss` would count what the parent had when it forked.
    let status = fs_err::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak
        .and_then(|peak| peak.trim().strip_suffix(" kB"))
        .context("Linux tells the peak")?;
    Ok((Duration::from_micros(micros.try_into()?), peak.parse()?))
}

/// `cargo preinit bake`, quietly.
fn ours(job: &Job) -> Result<()> {
    let shell = ShellConfig {
        verbosity: Verbosity::Quiet,
        color: Color::Never,
        messages: Messages::default(),
    };
    let request = Request {
        shell,
        task: Task::Module(Box::new(ModuleTask {
            input: job.input.clone().into(),
            output: job.output.clone().into(),
            repeat: Repeat::Always,
            variants: variants(job),
            timeout: None,
            options: options(job),
        })),
    };
    Ok(commands::execute(
        request,
        &mut Human::new(Shell::new(shell.verbosity, shell.color)),
    )?)
}

/// Variants that differ in a variable.
fn variants(job: &Job) -> Vec<Variant> {
    let Wasi::Allowed(world) = options(job).wasi else {
        return Vec::new();
    };
    let variant = |number: usize| {
        let mut world = world.clone();
        world.env.push(("VARIANT".to_owned(), number.to_string()));
        Variant {
            name: number.to_string(),
            wasi: Wasi::Allowed(world),
        }
    };
    (0..job.variants).map(variant).collect()
}

/// A job's options in the library's words.
pub fn options(job: &Job) -> BakeOptions {
    BakeOptions {
        init_functions: job.init.iter().cloned().collect(),
        wasi: Wasi::Allowed(WasiOptions {
            args: Vec::new(),
            env: job.world.env.clone(),
            dirs: job
                .world
                .dir
                .iter()
                .map(|host| MappedDir {
                    host: host.clone().into(),
                    guest: "/".to_owned(),
                })
                .collect(),
            stdin: match job.world.stdin {
                Some(_) => Stdin::Inherited,
                None => Stdin::Closed,
            },
            wall_clock_start: None,
        }),
        memory_scan: match job.scan {
            Scan::Auto => MemoryScan::Auto,
            Scan::Portable => MemoryScan::Portable,
        },
        impurity: match job.again {
            Again::IfAsked => Impurity::Warn,
            Again::Never => Impurity::Off,
        },
        compile: match job.functions {
            Functions::Auto => CompiledFunctions::Auto,
            Functions::All => CompiledFunctions::All,
        },
        limits: Limits {
            // Under load the longest init takes a while.
            timeout: Duration::from_secs(600),
            ..Limits::default()
        },
        cache: match job.cache {
            Cache::Off => CompilationCache::Off,
            Cache::Empty | Cache::Filled => {
                env::cache_dir().map_or(CompilationCache::Off, CompilationCache::At)
            }
        },
        ..BakeOptions::default()
    }
}
