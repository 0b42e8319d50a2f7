//! `cargo preinit verify`: compares a baked module with its original.

use crate::cli::VerifyTask;
use crate::clock::Stage;
use crate::error::Error;
use crate::report::{Event, Observer};
use crate::shown;
use crate::watch::{Bounds, Process, Watch};

/// `cargo preinit verify`.
pub(super) fn verify(task: &VerifyTask, observer: &mut dyn Observer) -> Result<(), Error> {
    let failure = format!("`{}` was not compared", shown::path(&task.baked));
    let bounds = Bounds::of_verify(&task.options, task.calls.len());
    let watch = Watch::new(failure, bounds, &Process::default());
    watch.end_what_is_stuck();
    let clock = watch.start();
    let (baked, original) = (task.baked.clone(), task.original.clone());
    let (calls, options) = (task.calls.clone(), task.options.clone());
    let replay = {
        let watched = watch.clone();
        watch.over(move || -> Result<_, Error> {
            let baked = fs_err::read(&baked)?;
            let original = fs_err::read(&original)?;
            watched.input_is(baked.len() + original.len());
            clock.enter(Stage::Replay);
            crate::pipeline::verify(&baked, &original, &calls, &options).map_err(Error::Replay)
        })??
    };
    if replay.differences.is_empty() {
        observer.on(&Event::Verified {
            module: &task.baked,
            compared: replay.compared,
        });
        Ok(())
    } else {
        Err(Error::Differs {
            baked: task.baked.clone(),
            differences: replay.differences,
        })
    }
}
