//! Bounds the time that a command takes and the memory of its process.
//!
//! The engine interrupts init, but nothing interrupts parsers and compilers, and some modules of a few kilobytes keep these busy for
//! hours or make them take all memory. So the command does its work on another thread, and waits for it within bounds. At a bound
//! it returns [`Error::Overrun`], and the process ends with the exit code of all failures; the work runs on until then. No
//! unfinished file is left, since the waiting thread writes the files (see [`write_while`](crate::write::write_while)).
//!
//! Calls of the library are not watched: see [`bake`](fn@crate::bake).

pub(crate) mod overrun;

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) use overrun::{Bound, Overrun};

use crate::clock::{Clock, Stage, Timer};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::options::{BakeOptions, Check, Impurity, Limits, Profile, Wasi};
use crate::stack::STACK_OF_STAGES;

/// The bytes of memory that the process may take for any input. Four million fields of objects and ten million table slots fit.
const MEMORY: u64 = 1 << 30;

/// The bytes of memory for each byte of the input. Real modules took up to 40, when Cranelift compiled them.
const MEMORY_PER_BYTE: u64 = 100;

/// How many copies of init's memory a bake may hold: the instance, the snapshot, and the output before and after it is shrunk.
/// 3.2 were measured.
const COPIES: u64 = 4;

/// The same for a replay, which has three instances and reads each. A bake with a replay was measured to hold 8.3.
const COPIES_OF_REPLAY: u64 = 8;

/// The same for compiling images ahead of time.
const COPIES_OF_IMAGE: u64 = 4;

/// The same for a profile: a second copy of what is in the memories, and two bytes for each byte that say which step wrote it last.
const COPIES_OF_PROFILE: u64 = 3;

/// How often init may run again with other answers: once for each kind, and where something follows from them, three times.
const SECOND_RUNS: u32 = 12;

/// The same for them: what three runs left, and of two, which step wrote what.
const COPIES_OF_SECOND_RUN: u64 = 3 + 2 * COPIES_OF_PROFILE;

/// How long a compilation may take without `--timeout`, in addition to [`COMPILE_PER_MIB`].
const COMPILE: Duration = Duration::from_secs(60);

/// How long a compilation may take for each MiB of input. The slowest real module took 6 s, with Cranelift on two cores.
const COMPILE_PER_MIB: Duration = Duration::from_secs(20);

/// The interval at which clocks and memory are checked. A check takes some microseconds.
const POLL: Duration = Duration::from_millis(100);

/// How long past its bound init may run, until the engine interrupts it, and a program of the user's, until it is ended: their errors say
/// more than an overrun, and nothing is left running.
const GRACE: Duration = Duration::from_secs(1);

/// How long the command may take to report an overrun, before the process is ended.
const STUCK: Duration = Duration::from_secs(2);

/// What the time and the memory bounds of a command are computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// The time bound that the user gave.
    timeout: Option<Duration>,
    limits: Limits,
    /// The number of compilations without optimisation. One with optimisation counts as two.
    compiles: u32,
    /// The number of runs that may take as long as init.
    runs: u32,
    /// The number of copies of init's memory that may exist at once.
    copies: u64,
}

impl Bounds {
    /// The bounds of a bake, or of several variants, of which `together` are baked at once. `timeout` is the user's.
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
        if options.impurity != Impurity::Off && matches!(options.wasi, Wasi::Allowed(_)) {
            bounds.runs += SECOND_RUNS;
            bounds.copies += COPIES_OF_SECOND_RUN;
        }
        if options.check == Check::Replay {
            bounds.compiles = bounds.compiles.saturating_add(2);
            bounds.runs += 3;
            bounds.copies += COPIES_OF_REPLAY;
        }
        if options.profile == Profile::Items {
            bounds.copies += COPIES_OF_PROFILE;
        }
        bounds.copies = bounds.copies.saturating_mul(together as u64);
        bounds
    }

    /// The bounds of `cargo preinit verify`, where the user's `--timeout` applies to each run.
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

    /// How long the work may take, for an input of that many bytes.
    fn time(&self, input: u64) -> Duration {
        self.timeout.unwrap_or_else(|| {
            let mib = u32::try_from(input.div_ceil(1 << 20)).unwrap_or(u32::MAX);
            let compile = COMPILE.saturating_add(COMPILE_PER_MIB.saturating_mul(mib));
            let run = self.limits.timeout.saturating_mul(self.runs);
            compile.saturating_mul(self.compiles).saturating_add(run)
        })
    }

    /// How many bytes of memory the process may have, for an input of that many bytes.
    fn memory(&self, input: u64) -> u64 {
        let of_run = self.limits.memory_bytes.saturating_mul(self.copies);
        input
            .saturating_mul(MEMORY_PER_BYTE)
            .saturating_add(MEMORY)
            .saturating_add(of_run)
    }
}

/// Watches over work, with a clock for each piece that has its own time bound.
#[derive(Debug, Clone)]
pub(crate) struct Watch(Arc<Watched>);

/// All work of the process. Memory is the process's, so its bound is the sum of the bounds of what is under way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Process(Arc<Mutex<Vec<Weak<Watched>>>>);

impl Process {
    fn add(&self, watched: &Arc<Watched>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|watched| watched.strong_count() > 0);
        all.push(Arc::downgrade(watched));
    }

    /// The bound on the memory of the process, and how many pieces of work it is for.
    fn memory(&self) -> (u64, usize) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<Arc<Watched>> = all.iter().filter_map(Weak::upgrade).collect();
        let bounds = all
            .iter()
            .map(|watched| watched.bounds.memory(watched.input.load(Ordering::Relaxed)));
        (bounds.fold(0, u64::saturating_add), all.len())
    }
}

#[derive(Debug)]
struct Watched {
    /// The failure that an overrun reports, such as "`guest.wasm` was not baked".
    failure: String,
    bounds: Bounds,
    /// The size of the input in bytes, once it is known.
    input: AtomicU64,
    clocks: Mutex<Vec<Weak<Running>>>,
    process: Process,
    /// Whether an overrun of it was reported.
    is_reported: AtomicBool,
}

impl Watch {
    /// `failure` is what an overrun reports, such as "`guest.wasm` was not baked".
    pub(crate) fn new(failure: String, bounds: Bounds, process: &Process) -> Self {
        let watched = Arc::new(Watched {
            failure,
            bounds,
            input: AtomicU64::new(0),
            clocks: Mutex::new(Vec::new()),
            process: process.clone(),
            is_reported: AtomicBool::new(false),
        });
        process.add(&watched);
        Self(watched)
    }

    /// Starts a clock, which runs until it is dropped. It has the whole time bound for itself.
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

    /// Ends the process [`STUCK`] after an overrun: the thread that should report it may be blocked, say on a pipe that is not read.
    pub(crate) fn end_what_is_stuck(&self) {
        let watched = Arc::downgrade(&self.0);
        // If no thread can be started, a blocked command stays blocked.
        let _ = thread::Builder::new().spawn(move || {
            let mut since: Option<Instant> = None;
            while let Some(watched) = watched.upgrade() {
                if watched.is_reported.load(Ordering::Relaxed) {
                    break;
                }
                let is_over = Self(watched).overrun().is_some();
                since = is_over.then(|| since.unwrap_or_else(Instant::now));
                if since.is_some_and(|since| since.elapsed() > STUCK) {
                    std::process::exit(Exit::Failed.code().into());
                }
                thread::sleep(POLL);
            }
        });
    }

    /// Says that the overrun was reported, so that nothing is stuck, and the process may go on with other work.
    pub(crate) fn set_reported(&self) {
        self.0.is_reported.store(true, Ordering::Relaxed);
    }

    /// Sets the input's size, which raises the bounds.
    pub(crate) fn input_is(&self, bytes: usize) {
        self.0.input.store(bytes as u64, Ordering::Relaxed);
    }

    /// Runs `work` on another thread, and waits for it within the bounds.
    ///
    /// # Errors
    ///
    /// [`Error::Overrun`] at a bound; the work still runs then, and the process has to end. Also if no thread can be started.
    pub(crate) fn over<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.over_each(|_: &dyn Fn(())| work(), |()| Ok(()))
    }

    /// As [`over`](Self::over), for work that returns results one by one, each of which is passed to `each`.
    pub(crate) fn over_each<T: Send + 'static, R: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Fn(T)) -> R + Send + 'static,
        mut each: impl FnMut(T) -> Result<(), Error>,
    ) -> Result<R, Error> {
        // Results that wait take memory, so the work waits until each is taken.
        let (send, receive) = mpsc::sync_channel(0);
        let worker = thread::Builder::new()
            .stack_size(STACK_OF_STAGES)
            .spawn(move || {
                work(&|result| {
                    // After an overrun there is no receiver, and the process is about to end.
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

    /// The error for an overrun.
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

    /// The shortest time that is left of any clock.
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
        let (bound, together) = self.0.process.memory();
        let stage = clocks.first()?.stage();
        (resident()? > bound).then_some(Overrun {
            stage,
            bound: match together {
                1 => Bound::Memory(bound),
                together => Bound::MemoryOfAll {
                    bytes: bound,
                    bakes: together,
                },
            },
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
    /// The overrun of time, if the clock's time is over.
    pub(crate) fn overrun(&self) -> Option<Overrun> {
        let timer = self.timer()?;
        timer.left().is_zero().then(|| Overrun {
            stage: self.stage(),
            bound: Bound::Time(timer.total()),
        })
    }
}

impl Running {
    /// The time until an overrun. What is interrupted by itself gets [`GRACE`] more.
    fn left_to_watch(&self) -> Duration {
        let time = match self.stage() {
            Stage::Init | Stage::PostProcess => self.total().saturating_add(GRACE),
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

/// How many bytes of physical memory the process has, if the system tells.
#[cfg(target_os = "linux")]
fn resident() -> Option<u64> {
    // The first two numbers are the process's virtual and resident size, in pages.
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
