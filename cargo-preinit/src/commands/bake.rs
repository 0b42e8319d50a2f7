//! `cargo preinit bake`: bakes one module.

use std::path::Path;

use super::deliver::{Module, Task, bake_if_changed, bake_one, watch_bake};
use super::files::{is_stream, refuse_same};
use super::variants::bake_variants;
use crate::cli::{ModuleTask, Repeat};
use crate::error::Error;
use crate::pipeline::variants::together;
use crate::report::{Observer, Turns};
use crate::watch::Process;
use crate::{shown, write};

/// `cargo preinit bake`.
pub(super) fn bake_module(task: &ModuleTask, observer: &mut (dyn Observer + Send)) -> Result<(), Error> {
    if task.input.is_dir() {
        return Err(Error::FolderElsewhere(task.input.clone()));
    }
    let observer = &Turns::new(observer);
    refuse_same(Some(&task.input), [(&*task.output, &task.options)], task.repeat)?;
    let name = match task.input.file_name() {
        _ if is_stream(&task.input) => "standard input".to_owned(),
        name => shown::path(name.map_or(task.input.as_path(), Path::new)),
    };
    let name = name.as_str();
    let single = Task {
        module: Module { name, target: None },
        guest: &task.input,
        output: &task.output,
        options: &task.options,
    };
    let is_file = task.input.is_file()
        && !is_stream(&task.input)
        && !is_stream(&task.output)
        && !write::is_special(&task.output);
    let watch = watch_bake(
        name,
        task.timeout,
        &task.options,
        together(task.variants.len()).max(1),
        &Process::default(),
    );
    if !task.variants.is_empty() {
        bake_variants(name, task, &watch, observer)
    } else if task.repeat == Repeat::IfChanged && is_file {
        bake_if_changed(single, &watch, observer)
    } else {
        let clock = watch.start();
        bake_one(single, Repeat::Always, &watch, &clock, observer).map(drop)
    }
}
