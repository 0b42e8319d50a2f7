//! The reports of bakes, for people: a page beside each baked module.

use std::path::Path;

use crate::bake_error::BakeError;
use crate::clock::Clock;
use crate::options::{BakeOptions, Report};
use crate::pipeline::Baked;
use crate::pipeline::start::measure_start;
use crate::report::{Event, Observer, Subject, page};
use crate::run::host::HostFunctions;

/// A bake's result, and the page about it if one was asked for.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) baked: Baked,
    /// Nothing if none was asked for.
    pub(super) page: Option<Vec<u8>>,
}

/// Makes the page about a bake, if the options ask for one. `guest` is what was baked.
pub(super) fn with_page(
    result: Result<Baked, BakeError>,
    (name, target): (&str, Option<&str>),
    guest: &[u8],
    options: &BakeOptions,
    clock: &Clock,
) -> Result<Made, BakeError> {
    let baked = result?;
    let page = match options.report {
        Report::Omit => None,
        Report::Page => {
            let start = measure_start(&baked.wasm, options, &HostFunctions::default(), clock);
            let text = page(&Subject {
                module: name,
                target,
                guest,
                baked: &baked.wasm,
                report: &baked.report,
                start,
                options,
            });
            Some(
                text.map_err(|error| BakeError::Report(error.to_string()))?
                    .into_bytes(),
            )
        }
    };
    Ok(Made { baked, page })
}

/// Says where the report about a module is, if the options ask for one.
pub(super) fn tell(module: &str, output: &Path, options: &BakeOptions, observer: &mut dyn Observer) {
    if let Some(page) = options.report.page_of(output) {
        observer.on(&Event::Reported { module, page: &page });
    }
}
