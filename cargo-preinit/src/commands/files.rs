//! The files that a command reads and writes, or the streams that stand for them.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::cli::Repeat;
use crate::error::Error;
use crate::options::BakeOptions;
use crate::{fingerprint, write};

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
/// output that is a special file. There is no `input` where the output is to replace it.
pub(super) fn refuse_same<'a>(
    input: Option<&Path>,
    outputs: impl IntoIterator<Item = (&'a Path, &'a BakeOptions)>,
    repeat: Repeat,
) -> Result<(), Error> {
    let mut written: Vec<PathBuf> = Vec::new();
    for (output, options) in outputs {
        let all = options.written(output);
        if all.len() > 1 && write::is_special(output) {
            return Err(Error::NothingBeside(output.to_owned()));
        }
        written.extend(all);
        if repeat == Repeat::IfChanged {
            written.push(fingerprint::beside(output));
        }
    }
    let input = input.filter(|input| !is_stream(input));
    let input = input.and_then(|input| input.canonicalize().ok());
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
