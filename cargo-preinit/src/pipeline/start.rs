//! How much work it is to start the output.

use std::time::Duration;

use crate::bake_error::BakeError;
use crate::clock::{Clock, Stage};
use crate::init::GuestPlan;
use crate::instrument::{Guard, instrument_with};
use crate::options::{BakeOptions, Profile};
use crate::run::host::HostFunctions;
use crate::run::{Instantiation, LaterCalls, run_with};
use crate::stack::with_stack;
use crate::verify::answered_baked;

/// The start of a baked module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) instantiation: Instantiation,
    /// What starts a core module, if it has a start function.
    pub(crate) function: Option<Instantiation>,
}

/// Starts a baked module as its guest was started in the bake, with the same engine and the same imports, and measures that. `options` are
/// those of the bake.
///
/// # Errors
///
/// If it cannot be started here: for instance, where its start calls an import that nothing answers.
pub(crate) fn measure_start(
    wasm: &[u8],
    options: &BakeOptions,
    host: &HostFunctions,
    clock: &Clock,
) -> Result<Start, BakeError> {
    clock.enter(Stage::Replay);
    let options = &BakeOptions {
        profile: Profile::Items,
        ..options.clone()
    };
    with_stack(options, clock, || {
        let guest = answered_baked(wasm, options)?;
        let plan = GuestPlan::nothing(&guest, options.profile);
        let copy =
            instrument_with(&guest, &plan, Guard::Off).map_err(|refusals| refusals.in_terms_of(&guest))?;
        let summary = run_with(&guest, &copy, &plan, options, host, LaterCalls::None)?.summary;
        let function = (!summary.items.is_empty()).then(|| {
            let items = summary.items.iter();
            let fuel = items.clone().map(|item| item.figures.fuel);
            Instantiation {
                elapsed: items.map(|item| item.elapsed).sum::<Duration>(),
                fuel: fuel.sum(),
            }
        });
        Ok(Start {
            instantiation: summary.instantiation,
            function,
        })
    })
}
