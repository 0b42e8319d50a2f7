//! Watches over the command from outside: how long it takes, and how much memory the process has.
//!
//! Init is interrupted by the engine. The rest is not: parsers and compilers run until they are done, and there are modules of a
//! few kilobytes that keep them busy for hours or take all memory. So the command works on another thread, and waits for it no
//! longer than it may. What is given up on goes on until the process ends, which is at once: [`Error::Overrun`] comes back, and
//! the exit code is as for all failures. Nothing is left on the disk, since files are written by the thread that waits
//! (see [`write_while`](crate::write::write_while)).
//!
//! Who calls the library is not watched: see [`bake`](fn@crate::bake).

use std::fmt;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use crate::clock::{Clock, Stage, Timer};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::options::{BakeOptions, Check, Limits};
use crate::pipeline::STACK_OF_STAGES;

/// What the process may take of memory, whatever it does: four million fields of objects and ten million slots of tables are
/// within it.
const MEMORY: u64 = 1 << 30;

/// For each byte of the input. The most that real modules took was 40, when Cranelift compiled them.
const MEMORY_PER_BYTE: u64 = 100;

/// How often what init may use can be there in a bake: the instance, the snapshot, and the output before and after it is
/// shrunk. It is there 3.2 times.
const COPIES: u64 = 4;

/// The same of a replay, which has three instances and reads each. Together it is 8.3.
const COPIES_OF_REPLAY: u64 = 8;

/// The same of what an engine's image is made of.
const COPIES_OF_IMAGE: u64 = 4;

/// How long a compiler may take where `--timeout` does not say: so much, and more for each MiB.
const COMPILE: Duration = Duration::from_secs(60);

/// The slowest real module took 6 s a MiB, when it was compiled by Cranelift on two cores.
const COMPILE_PER_MIB: Duration = Duration::from_secs(20);

/// How often the clocks and the memory are looked at. A look takes some microseconds.
const POLL: Duration = Duration::from_millis(100);

/// How long init's own interruption may take to come through. It says more than this module can.
const GRACE: Duration = Duration::from_secs(1);

/// How long what is given up on may take to be told.
const STUCK: Duration = Duration::from_secs(2);

/// What the command took too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overrun {
    /// What it was doing.
    pub stage: Stage,
    /// What it reached.
    pub bound: Bound,
}

/// A bound of the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// On its time.
    Time(Duration),
    /// On the bytes of memory that the process has.
    Memory(u64),
}

impl fmt::Display for Overrun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = self.stage;
        match self.bound {
            Bound::Time(limit) => write!(f, "still {stage} after {} s in all", limit.as_secs_f64()),
            Bound::Memory(limit) => {
                write!(f, "{stage} took more than {limit} bytes of this machine's memory")
            }
        }
    }
}

impl Overrun {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self.bound {
            Bound::Time(_) => "give all of it longer with `--timeout SECONDS`, if it does end",
            Bound::Memory(_) => {
                "allow more with `--max-memory BYTES`: the tool itself may take several times as much, and more for a large module"
            }
        }
    }
}

/// What the command may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// How long, where the user said so.
    timeout: Option<Duration>,
    limits: Limits,
    /// How often modules are compiled; without optimisation, or half as often with it.
    compiles: u32,
    /// How often something runs that may take as long as init.
    runs: u32,
    /// How often what a run may use is there.
    copies: u64,
}

impl Bounds {
    /// Those of a bake, or of each of several variants; `together` are baked at once. `timeout` is what the user said.
    pub(crate) fn of_bake(timeout: Option<Duration>, options: &BakeOptions, together: usize) -> Self {
        let images = options.precompile.targets.len();
        let mut bounds = Self {
            timeout,
            limits: options.limits,
            compiles: u32::try_from(images)
                .unwrap_or(u32::MAX)
                .saturating_mul(2)
                .saturating_add(1),
            runs: 1,
            copies: if images > 0 {
                COPIES + COPIES_OF_IMAGE
            } else {
                COPIES
            },
        };
        if options.check == Check::Replay {
            bounds.compiles = bounds.compiles.saturating_add(2);
            bounds.runs += 3;
            bounds.copies += COPIES_OF_REPLAY;
        }
        bounds.copies = bounds.copies.saturating_mul(together as u64);
        bounds
    }

    /// Those of `cargo preinit verify`, where the time that the user says is for each run.
    pub(crate) fn of_verify(options: &BakeOptions, calls: usize) -> Self {
        Self {
            timeout: None,
            limits: options.limits,
            compiles: 2,
            runs: u32::try_from(calls)
                .unwrap_or(u32::MAX)
                .saturating_add(1)
                .saturating_mul(3),
            copies: COPIES_OF_REPLAY,
        }
    }

    /// How long it may take, for an input of that many bytes.
    fn time(&self, input: u64) -> Duration {
        self.timeout.unwrap_or_else(|| {
            let mib = u32::try_from(input.div_ceil(1 << 20)).unwrap_or(u32::MAX);
            let compile = COMPILE.saturating_add(COMPILE_PER_MIB.saturating_mul(mib));
            let run = self.limits.timeout.saturating_mul(self.runs);
            compile.saturating_mul(self.compiles).saturating_add(run)
        })
    }

    /// How many bytes of memory the process may have.
    fn memory(&self, input: u64) -> u64 {
        let of_run = self.limits.memory_bytes.saturating_mul(self.copies);
        input
            .saturating_mul(MEMORY_PER_BYTE)
            .saturating_add(MEMORY)
            .saturating_add(of_run)
    }
}

/// Watches over some work. There can be several clocks in it.
#[derive(Debug, Clone)]
pub(crate) struct Watch(Arc<Watched>);

#[derive(Debug)]
struct Watched {
    /// What did not come about, should it be ended.
    failure: String,
    bounds: Bounds,
    /// The size of the input in bytes, once it is known.
    input: AtomicU64,
    clocks: Mutex<Vec<Weak<Running>>>,
}

impl Watch {
    /// `failure` says what did not come about, should it be ended.
    pub(crate) fn new(failure: String, bounds: Bounds) -> Self {
        Self(Arc::new(Watched {
            failure,
            bounds,
            input: AtomicU64::new(0),
            clocks: Mutex::new(Vec::new()),
        }))
    }

    /// A clock that runs from now on until it is dropped. Whatever works by it has the whole time.
    pub(crate) fn start(&self) -> Clock {
        let stage = Stage::Read.shared();
        let running = Arc::new(Running {
            watched: Arc::clone(&self.0),
            began: Instant::now(),
            stage: Arc::clone(&stage),
        });
        let mut clocks = self.0.clocks.lock().unwrap_or_else(PoisonError::into_inner);
        clocks.retain(|clock| clock.strong_count() > 0);
        clocks.push(Arc::downgrade(&running));
        Clock::new(stage, running)
    }

    /// Ends the process where an overrun does not: whoever waits for the work may itself wait, to print to a pipe that nobody reads.
    pub(crate) fn end_what_is_stuck(&self) {
        let watched = Arc::downgrade(&self.0);
        // Without a thread to spare, that is what happens.
        let _ = thread::Builder::new().spawn(move || {
            let mut since: Option<Instant> = None;
            while let Some(watched) = watched.upgrade() {
                let is_over = Self(watched).overrun().is_some();
                since = is_over.then(|| since.unwrap_or_else(Instant::now));
                if since.is_some_and(|since| since.elapsed() > STUCK) {
                    std::process::exit(Exit::Failed.code().into());
                }
                thread::sleep(POLL);
            }
        });
    }

    /// A larger input may take more.
    pub(crate) fn input_is(&self, bytes: usize) {
        self.0.input.store(bytes as u64, Ordering::Relaxed);
    }

    /// Does something on another thread, and waits for it within the bounds.
    ///
    /// # Errors
    ///
    /// What it took too much of; then it still goes on, and the process has to end.
    pub(crate) fn over<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.over_each(|_: &dyn Fn(())| work(), |()| Ok(()))
    }

    /// The same for work that hands out results on the way.
    pub(crate) fn over_each<T: Send + 'static, R: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Fn(T)) -> R + Send + 'static,
        mut each: impl FnMut(T) -> Result<(), Error>,
    ) -> Result<R, Error> {
        // A result that waits takes memory, so the work does not run ahead.
        let (send, receive) = mpsc::sync_channel(0);
        let worker = thread::Builder::new()
            .stack_size(STACK_OF_STAGES)
            .spawn(move || {
                work(&|result| {
                    // Nobody waits any more where the process is about to end.
                    let _ = send.send(result);
                })
            })?;
        loop {
            match receive.recv_timeout(POLL.min(self.left())) {
                Ok(result) => each(result)?,
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(overrun) = self.overrun() {
                        return Err(self.error(overrun));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Ok(worker
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
                }
            }
        }
    }

    /// The end of the work, in words.
    pub(crate) fn error(&self, overrun: Overrun) -> Error {
        Error::Overrun {
            failure: self.0.failure.clone(),
            overrun,
        }
    }

    fn clocks(&self) -> Vec<Arc<Running>> {
        let clocks = self.0.clocks.lock().unwrap_or_else(PoisonError::into_inner);
        clocks.iter().filter_map(Weak::upgrade).collect()
    }

    /// How long the first of the clocks may still run.
    fn left(&self) -> Duration {
        let left = self.clocks().into_iter().map(|clock| clock.left_to_watch());
        left.min().unwrap_or(Duration::MAX)
    }

    fn overrun(&self) -> Option<Overrun> {
        let clocks = self.clocks();
        let late = clocks.iter().find(|clock| clock.left_to_watch().is_zero());
        if let Some(late) = late {
            return Some(late.overrun_of_time());
        }
        let bound = self.0.bounds.memory(self.0.input.load(Ordering::Relaxed));
        let stage = clocks.first()?.stage();
        (resident()? > bound).then_some(Overrun {
            stage,
            bound: Bound::Memory(bound),
        })
    }
}

#[derive(Debug)]
struct Running {
    watched: Arc<Watched>,
    began: Instant,
    stage: Arc<AtomicU8>,
}

impl Timer for Running {
    fn total(&self) -> Duration {
        let input = self.watched.input.load(Ordering::Relaxed);
        self.watched.bounds.time(input)
    }

    fn left(&self) -> Duration {
        self.total().saturating_sub(self.began.elapsed())
    }
}

impl Clock {
    /// What the work took too much of, if its time is over.
    pub(crate) fn overrun(&self) -> Option<Overrun> {
        let timer = self.timer()?;
        timer.left().is_zero().then(|| Overrun {
            stage: self.stage(),
            bound: Bound::Time(timer.total()),
        })
    }
}

impl Running {
    /// How long it may go on before it is given up on: init ends by itself.
    fn left_to_watch(&self) -> Duration {
        let time = match self.stage() {
            Stage::Init => self.total().saturating_add(GRACE),
            _ => self.total(),
        };
        time.saturating_sub(self.began.elapsed())
    }

    fn stage(&self) -> Stage {
        Stage::of(&self.stage)
    }

    fn overrun_of_time(&self) -> Overrun {
        Overrun {
            stage: self.stage(),
            bound: Bound::Time(self.total()),
        }
    }
}

/// How many bytes of the machine's memory the process has, where the system tells.
#[cfg(target_os = "linux")]
fn resident() -> Option<u64> {
    // In pages: the size of the process, and what of it is resident.
    let text = fs_err::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split_whitespace().nth(1)?.parse().ok()?;
    pages.checked_mul(u64::try_from(rustix::param::page_size()).ok()?)
}

#[cfg(not(target_os = "linux"))]
fn resident() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests;
