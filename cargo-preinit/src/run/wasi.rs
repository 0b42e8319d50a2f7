//! WASI preview 1 as init sees it: the same on every machine and at every time, and closed unless opened.
//!
//! The clock stands still at the Unix epoch plus nothing, random numbers come from a fixed seed, and there are no
//! arguments, no environment, no file and no network but what the options give. What init did with clock and randomness is counted,
//! since it is frozen into every instance.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rand_core::TryRng;
use wasmtime::{Caller, Linker};
use wasmtime_wasi::p1::{WasiP1Ctx, add_to_linker_sync};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{FsPerms, HostMonotonicClock, HostWallClock, WasiCtxBuilder};

use super::RunError;
use super::state::Host;
use crate::options::{Limits, Stdin, Wasi};
use crate::shown;

/// The module that WASI preview 1's functions are imported from.
pub(super) const MODULE: &str = "wasi_snapshot_preview1";

/// WASI's state, and what init did with it.
pub(crate) struct HostWasi {
    context: Option<WasiP1Ctx>,
    random_draws: Arc<AtomicU64>,
    clock_reads: Arc<AtomicU64>,
    stdout: MemoryOutputPipe,
    stderr: MemoryOutputPipe,
    output_bytes: usize,
}

impl HostWasi {
    pub(super) fn new(wasi: &Wasi, limits: &Limits) -> Result<Self, RunError> {
        let mut this = Self {
            context: None,
            random_draws: Arc::default(),
            clock_reads: Arc::default(),
            // One byte more than allowed tells too much from just enough.
            stdout: MemoryOutputPipe::new(limits.output_bytes.saturating_add(1)),
            stderr: MemoryOutputPipe::new(limits.output_bytes.saturating_add(1)),
            output_bytes: limits.output_bytes,
        };
        let Wasi::Allowed(options) = wasi else {
            return Ok(this);
        };
        let random = || FixedRandom {
            state: 0,
            draws: Arc::clone(&this.random_draws),
        };
        let clock = || FixedClock {
            reads: Arc::clone(&this.clock_reads),
        };
        let mut builder = WasiCtxBuilder::new();
        builder
            .secure_random(random())
            .insecure_random(random())
            .insecure_random_seed(0)
            .wall_clock(clock())
            .monotonic_clock(clock())
            .allow_blocking_current_thread(true)
            .stdout(this.stdout.clone())
            .stderr(this.stderr.clone())
            .args(&options.args)
            .envs(&options.env);
        if options.stdin == Stdin::Inherited {
            builder.inherit_stdin();
        }
        for dir in &options.dirs {
            builder
                .preopened_dir(&dir.host, &dir.guest, FsPerms::ReadOnly)
                .map_err(|error| RunError::Setup(format!("`{}`: {error:#}", shown::path(&dir.host))))?;
        }
        this.context = Some(builder.build_p1());
        Ok(this)
    }

    pub(super) fn is_allowed(&self) -> bool {
        self.context.is_some()
    }

    pub(super) fn random_draws(&self) -> u64 {
        self.random_draws.load(Ordering::Relaxed)
    }

    pub(super) fn clock_reads(&self) -> u64 {
        self.clock_reads.load(Ordering::Relaxed)
    }

    /// What the guest printed: its standard output, then its standard error.
    pub(super) fn output(&self) -> String {
        let mut text = String::from_utf8_lossy(&self.stdout.contents()).into_owned();
        text.push_str(&String::from_utf8_lossy(&self.stderr.contents()));
        text
    }

    /// Whether a pipe holds more than is allowed.
    pub(super) fn is_output_exhausted(&self) -> bool {
        let full = |pipe: &MemoryOutputPipe| pipe.contents().len() > self.output_bytes;
        full(&self.stdout) || full(&self.stderr)
    }
}

/// Defines WASI in a linker.
pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    add_to_linker_sync(linker, |host: &mut Host| {
        host.wasi
            .context
            .as_mut()
            .expect("linked only where WASI is allowed")
    })?;
    // A sleep would be real time spent for nothing, and out of the deadline's reach.
    linker.allow_shadowing(true);
    linker.func_wrap(MODULE, "poll_oneoff", poll)?;
    Ok(())
}

/// `poll_oneoff` where every subscription is ready at once. Time stands still, so nothing is gained by waiting.
///
/// The layouts are those of [`subscription` and `event`][witx]: 48 and 32 bytes.
///
/// [witx]: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md
fn poll(mut caller: Caller<'_, Host>, subscriptions: u32, events: u32, count: u32, written: u32) -> u32 {
    const SUCCESS: u32 = 0;
    const FAULT: u32 = 21;
    const INVALID: u32 = 28;
    const SUBSCRIPTION: usize = 48;
    const EVENT: usize = 32;
    if count == 0 {
        return INVALID;
    }
    caller.data().wasi.clock_reads.fetch_add(1, Ordering::Relaxed);
    let Some(memory) = caller
        .get_export("memory")
        .and_then(wasmtime::Extern::into_memory)
    else {
        return FAULT;
    };
    let data = memory.data_mut(&mut caller);
    for position in 0..count as usize {
        let from = subscriptions as usize + position * SUBSCRIPTION;
        let to = events as usize + position * EVENT;
        let Some(subscription) = data.get(from..from + SUBSCRIPTION) else {
            return FAULT;
        };
        let mut event = [0; EVENT];
        event[..8].copy_from_slice(&subscription[..8]); // userdata
        event[10] = subscription[8]; // eventtype; errno stays 0
        let Some(target) = data.get_mut(to..to + EVENT) else {
            return FAULT;
        };
        target.copy_from_slice(&event);
    }
    match data.get_mut(written as usize..written as usize + 4) {
        Some(target) => {
            target.copy_from_slice(&count.to_le_bytes());
            SUCCESS
        }
        None => FAULT,
    }
}

/// The same numbers in every bake: `SplitMix64` ([Steele, Lea and Flood 2014][paper]) from a fixed seed.
///
/// [paper]: https://doi.org/10.1145/2714064.2660195
struct FixedRandom {
    state: u64,
    draws: Arc<AtomicU64>,
}

impl FixedRandom {
    fn next(&mut self) -> u64 {
        self.draws.fetch_add(1, Ordering::Relaxed);
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl TryRng for FixedRandom {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// A clock that stands still.
struct FixedClock {
    reads: Arc<AtomicU64>,
}

impl FixedClock {
    fn read(&self) {
        self.reads.fetch_add(1, Ordering::Relaxed);
    }
}

impl HostWallClock for FixedClock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        self.read();
        Duration::ZERO
    }
}

impl HostMonotonicClock for FixedClock {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        self.read();
        0
    }
}
