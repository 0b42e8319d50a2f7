//! Where a bake of ours spends its time and its memory, stage by stage.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use cargo_preinit::guest::Guest;
use cargo_preinit::{
    BakeOptions, HostFunctions, capture, check_output, emit, image, init, instrument, run, scrub,
};
use serde::{Deserialize, Serialize};

use crate::job::{self, Job};

/// A stage, and what it took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stage {
    pub name: String,
    pub wall: Duration,
    /// The most memory that was resident up to the end of the stage, in KiB.
    pub peak_kib: u64,
}

/// The subcommand that a process started for this runs.
pub const SUBCOMMAND: &str = "stages";

/// What the started process does.
pub fn run_job(job: &str) -> Result<()> {
    let job: Job = serde_json::from_str(job)?;
    let stages = stages(&fs_err::read(&job.input)?, &job::options(&job))?;
    println!("{}", serde_json::to_string(&stages)?);
    Ok(())
}

/// Runs the stages of [`cargo_preinit::bake`], one after the other.
fn stages(wasm: &[u8], options: &BakeOptions) -> Result<Vec<Stage>> {
    // Init's calls use this thread's stack.
    let stack = options.limits.stack_bytes + (8 << 20);
    thread::scope(|scope| {
        thread::Builder::new()
            .stack_size(stack)
            .spawn_scoped(scope, || timed(wasm, options))?
            .join()
            .map_err(|_| anyhow!("a stage panicked"))?
    })
}

fn timed(wasm: &[u8], options: &BakeOptions) -> Result<Vec<Stage>> {
    let mut clock = Clock::new();
    let guest = Guest::parse(wasm)?;
    let node = guest.root();
    let plan = init::plan(&guest, options)?;
    clock.end("parse", Duration::ZERO)?;
    let copy = instrument::instrument(&guest, &plan)?;
    clock.end("instrument", Duration::ZERO)?;
    let mut ran = run::run(&guest, &copy, &plan, options, &HostFunctions::default())?;
    let in_init = ran.summary.elapsed;
    clock.end("compile", in_init)?;
    clock.add("init", in_init)?;
    let (snapshot, refusals) = capture::capture(&guest, &copy, &mut ran.live, options.memory_scan)?;
    ensure!(refusals.0.is_empty(), "{refusals}");
    clock.end("capture", Duration::ZERO)?;
    drop(ran.live);
    clock.end("drop", Duration::ZERO)?;
    let scrub::Scrubbed { snapshot, .. } = scrub::scrub(&guest, snapshot, options.scrub_heap);
    clock.end("scrub", Duration::ZERO)?;
    let instance = snapshot.instance(&node);
    let image = image::image(&node, instance, options.memory_layout)?;
    clock.end("image", Duration::ZERO)?;
    let edits = emit::edit_plan(&node, plan.of(&node), &ran.summary, options);
    let output = emit::emit(&node, &edits, instance, &image)?;
    clock.end("emit", Duration::ZERO)?;
    check_output::check_output(&output, &node, &edits, instance)?;
    clock.end("check output", Duration::ZERO)?;
    Ok(clock.stages)
}

struct Clock {
    started: Instant,
    stages: Vec<Stage>,
}

impl Clock {
    fn new() -> Self {
        Self {
            started: Instant::now(),
            stages: Vec::new(),
        }
    }

    /// The stage since the last one, without what counts for another.
    fn end(&mut self, name: &str, without: Duration) -> Result<()> {
        let wall = self.started.elapsed().saturating_sub(without);
        self.add(name, wall)?;
        self.started = Instant::now();
        Ok(())
    }

    fn add(&mut self, name: &str, wall: Duration) -> Result<()> {
        let (_, peak_kib) = job::used()?;
        self.stages.push(Stage {
            name: name.to_owned(),
            wall,
            peak_kib,
        });
        Ok(())
    }
}
