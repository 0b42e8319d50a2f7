//! The pipeline from bytes to bytes, which `cargo preinit` runs for each guest, and embedders call without cargo.
//!
//! [`prepare`] runs the stages before init, and [`finish`] those after it. A [`Prepared`] is the state between the two.

mod baker;
pub(crate) mod prepared;
mod report;
#[cfg(feature = "cli")]
pub(crate) mod variants;
mod warnings;

use crate::bake_error::BakeError;
use crate::capture::capture;
use crate::check_output::check_output;
use crate::clock::{Clock, Stage};
use crate::emit::{edit_plan, emit, stamp};
use crate::guest::{Guest, to_binary};
use crate::image::image;
use crate::init::{InitPlan, plan};
use crate::instrument::{RunCopy, instrument};
use crate::options::{BakeOptions, Check, Stamp};
use crate::precompile::{Precompiled, precompile};
use crate::preflight::preflight;
use crate::refusal::refuse;
use crate::run::Ran;
use crate::run::host::HostFunctions;
use crate::scrub::{Scrubbed, scrub};
use crate::stack::with_stack;
use crate::verify::verify_with;

pub use baker::Baker;
use prepared::Prepared;
pub use report::{BakeReport, Baked, Warning};
use warnings::of_exports;

/// Runs a module's init and returns the module with the state that init left.
///
/// `input` is a core module in the binary or the text format.
///
/// [`Limits`](crate::Limits) bounds init, but not parsing and compilation: small modules can keep a compiler busy for hours, and make
/// it take all memory. The subcommand watches itself and ends its process. A program that bakes untrusted modules should do so in a
/// separate process, which it can end.
///
/// # Errors
///
/// If the module cannot be parsed, run or baked soundly; see [`BakeError`]. An output that fails its check is not returned.
///
/// # Examples
///
/// ```
/// use cargo_preinit::{BakeOptions, bake};
///
/// let guest = br#"(module
///     (global (export "answer") (mut i32) (i32.const 0))
///     (func (export "wizer-initialize") (global.set 0 (i32.const 42))))"#;
/// let baked = bake(guest, &BakeOptions::default())?;
/// let text = wasmprinter::print_bytes(&baked.wasm).expect("the output is valid");
/// assert!(text.contains("(mut i32) i32.const 42"));
/// # Ok::<(), cargo_preinit::BakeError>(())
/// ```
pub fn bake(input: &[u8], options: &BakeOptions) -> Result<Baked, BakeError> {
    bake_by(&Clock::unwatched(), input, options, &HostFunctions::default())
}

/// [`bake`] with a clock, and with host functions that init may call.
pub(crate) fn bake_by(
    clock: &Clock,
    input: &[u8],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<Baked, BakeError> {
    clock.enter(Stage::Parse);
    let wasm = to_binary(input)?;
    with_stack(options, clock, || {
        Prepared::new_here(&wasm, options, host, clock)?.bake_once(clock)
    })
}

/// The stages from parsing to the run copy.
pub(crate) fn prepare<'a>(
    wasm: &'a [u8],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<(Guest<'a>, InitPlan, RunCopy), BakeError> {
    let mut guest = Guest::parse(wasm)?;
    guest.answer(&options.imports)?;
    let node = guest.root();
    let plan = plan(&node, options)?;
    preflight(&node, &plan, options, host)?;
    let copy = instrument(&node, &plan)?;
    Ok((guest, plan, copy))
}

/// The stages after the run, from capture to precompilation.
pub(crate) fn finish(
    guest: &Guest<'_>,
    copy: &RunCopy,
    plan: &InitPlan,
    mut ran: Ran,
    options: &BakeOptions,
    host: &HostFunctions,
    clock: &Clock,
) -> Result<Baked, BakeError> {
    clock.enter(Stage::Capture);
    let (snapshot, refusals) = capture(guest, copy, &mut ran.live, options.memory_scan)?;
    refuse(refusals)?;
    let summary = ran.summary;
    drop(ran.live);
    clock.enter(Stage::Emit);
    let Scrubbed {
        snapshot,
        bytes: scrubbed,
        heap_kept,
    } = scrub(guest, snapshot, options.scrub_heap);
    let node = &guest.root();
    let instance = snapshot.instance(node);
    let image = image(node, instance)?;
    let edits = edit_plan(node, plan, &summary, options);
    let mut output = emit(node, &edits, instance, &image)?;
    clock.enter(Stage::CheckOutput);
    check_output(&output, node, &edits, instance)?;
    if options.check == Check::Replay {
        clock.enter(Stage::Replay);
        check_by_replay(&output.wasm, guest.wasm, options, host)?;
    }
    if options.stamp == Stamp::Add {
        stamp::add(&mut output.wasm, node, &summary, instance);
    }
    clock.enter(Stage::Precompile);
    let Precompiled { artifacts, to_enable } = precompile(&output.wasm, &options.precompile)?;
    let mut warnings: Vec<Warning> = summary.wasi.warnings().into_iter().map(Warning::Wasi).collect();
    warnings.extend(summary.answered.iter().cloned().map(Warning::Answered));
    warnings.extend(of_exports(node, plan, instance, options));
    if !output.left_out.is_empty() {
        warnings.push(Warning::LeftOut(output.left_out));
    }
    warnings.extend(heap_kept.map(Warning::HeapKept));
    if !to_enable.is_empty() {
        warnings.push(Warning::ToEnable(to_enable));
    }
    Ok(Baked {
        report: BakeReport {
            run: summary,
            mapping: image.mapping,
            dead_code: output.dead_code,
            has_start: output.has_start,
            scrubbed,
            size_before: guest.wasm.len(),
            size_after: output.wasm.len(),
            warnings,
        },
        wasm: output.wasm,
        artifacts,
    })
}

fn check_by_replay(
    baked: &[u8],
    original: &[u8],
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<(), BakeError> {
    let differences = match verify_with(baked, original, &[], options, host) {
        Ok(replay) => replay.differences,
        Err(error) => vec![error.to_string()],
    };
    if differences.is_empty() {
        Ok(())
    } else {
        Err(BakeError::Differs(differences))
    }
}
