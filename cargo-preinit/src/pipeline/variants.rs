//! Bakes several variants of one guest: prepared once, and baked on as many threads as there are processors.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use super::prepared::Prepared;
use super::with_stack;
use crate::clock::Clock;
use crate::options::{BakeOptions, Wasi};
use crate::pipeline::{BakeError, Baked};
use crate::watch::Watch;

/// A bake of a large module takes hundreds of megabytes while it lasts.
const MAX_THREADS: usize = 4;

/// How many of so many variants are baked at the same time.
pub(crate) fn together(variants: usize) -> usize {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    threads.min(MAX_THREADS).min(variants)
}

/// Bakes a guest once for each of these, and hands the results to `done` in their order.
///
/// `wasm` is in the binary format. What is done once for all goes by this clock, and each variant by one of its own.
///
/// # Errors
///
/// What kept the guest from being prepared, so that none was baked.
pub(crate) fn bake_all(
    wasm: &[u8],
    variants: &[Wasi],
    options: &BakeOptions,
    watch: &Watch,
    clock: Clock,
    mut done: impl FnMut(usize, Result<Baked, BakeError>),
) -> Result<(), BakeError> {
    let prepared = with_stack(options, &clock, || Prepared::new_here(wasm, options, &clock))?;
    drop(clock);
    let threads = together(variants.len());
    let next = AtomicUsize::new(0);
    // A result that waits for its turn takes memory, so nobody runs far ahead.
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
