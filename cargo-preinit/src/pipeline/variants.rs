//! Bakes several variants of one guest, which is prepared once, on up to [`MAX_THREADS`] threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use super::prepared::Prepared;
use crate::bake_error::BakeError;
use crate::clock::Clock;
use crate::options::{BakeOptions, Wasi};
use crate::pipeline::Baked;
use crate::run::host::HostFunctions;
use crate::stack::with_stack;
use crate::watch::Watch;

/// The most threads. Each bake of a large module takes hundreds of megabytes.
const MAX_THREADS: usize = 4;

/// How many of this number of variants are baked at the same time.
pub(crate) fn together(variants: usize) -> usize {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    threads.min(MAX_THREADS).min(variants)
}

/// Bakes a guest once for each variant, and passes the results to `done` in the order of the variants.
///
/// `wasm` is in the binary format. `clock` bounds the preparation; each variant has a clock of its own.
///
/// # Errors
///
/// If the guest could not be prepared; then no variant was baked.
pub(crate) fn bake_all(
    wasm: &[u8],
    variants: &[Wasi],
    options: &BakeOptions,
    watch: &Watch,
    clock: Clock,
    mut done: impl FnMut(usize, Result<Baked, BakeError>),
) -> Result<(), BakeError> {
    let host = HostFunctions::default();
    let prepared = with_stack(options, &clock, || {
        Prepared::new_here(wasm, options, &host, &clock)
    })?;
    drop(clock);
    let threads = together(variants.len());
    let next = AtomicUsize::new(0);
    // Results that wait for their turn take memory, so the channel is bounded.
    let (send, receive) = mpsc::sync_channel(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            let (send, next, prepared) = (send.clone(), &next, &prepared);
            scope.spawn(move || {
                loop {
                    let position = next.fetch_add(1, Ordering::Relaxed);
                    let Some(wasi) = variants.get(position) else { break };
                    let baked = prepared.bake_by(&watch.start(), wasi);
                    if send.send((position, baked)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let mut waiting: Vec<Option<Result<Baked, BakeError>>> = variants.iter().map(|_| None).collect();
        let mut turn = 0;
        for (position, result) in receive {
            waiting[position] = Some(result);
            while let Some(result) = waiting.get_mut(turn).and_then(Option::take) {
                done(turn, result);
                turn += 1;
            }
        }
    });
    Ok(())
}
