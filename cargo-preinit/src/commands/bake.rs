//! `cargo preinit bake`: bakes one module.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::deliver::{Module, Task, bake_if_changed, bake_one};
use super::variants::bake_variants;
use crate::cli::{ModuleTask, Repeat};
use crate::error::Error;
use crate::options::BakeOptions;
use crate::pipeline::variants::together;
use crate::report::Observer;
use crate::watch::{Bounds, Watch};
use crate::{fingerprint, shown, write};

/// `cargo preinit bake`.
pub(super) fn bake_module(task: &ModuleTask, observer: &mut dyn Observer) -> Result<(), Error> {
    refuse_same(task, [(&*task.output, &task.options)])?;
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

/// Starts a watch over a bake of `together` variants at the same time.
pub(super) fn watch_bake(
    name: &str,
    timeout: Option<Duration>,
    options: &BakeOptions,
    together: usize,
) -> Watch {
    let bounds = Bounds::of_bake(timeout, options, together);
    let watch = Watch::new(format!("`{name}` was not baked"), bounds);
    watch.end_what_is_stuck();
    watch
}

/// Reads a whole module, from a file or from standard input.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    if is_stream(path) {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes)?;
        Ok(bytes)
    } else {
        fs_err::read(path)
    }
}

/// Whether a path stands for standard input or output.
pub(super) fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Refuses outputs, images and fingerprints that would replace the guest, and any two that are one file. Also refuses images beside an
/// output that is a special file.
pub(super) fn refuse_same<'a>(
    task: &ModuleTask,
    outputs: impl IntoIterator<Item = (&'a Path, &'a BakeOptions)>,
) -> Result<(), Error> {
    let mut written: Vec<PathBuf> = Vec::new();
    for (output, options) in outputs {
        let all = options.written(output);
        if all.len() > 1 && write::is_special(output) {
            return Err(Error::NothingBeside(output.to_owned()));
        }
        written.extend(all);
        if task.repeat == Repeat::IfChanged {
            written.push(fingerprint::beside(output));
        }
    }
    let input = (!is_stream(&task.input))
        .then(|| task.input.canonicalize().ok())
        .flatten();
    let mut places: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for path in written.into_iter().filter(|path| !is_stream(path)) {
        let place = write::place(&path);
        if input.as_ref() == Some(&place) {
            return Err(Error::OutputIsInput(path));
        }
        if let Some(other) = places.insert(place, path.clone()) {
            return Err(Error::OneOutput(other, path));
        }
    }
    Ok(())
}
