//! WASI in a bake: what init is told of the directories that it is shown, and beside wasmtime's own host.

mod script;

mod asked;

mod directories;

mod random;

use std::path::Path;

use cargo_preinit::{MappedDir, WasiOptions};
use tempfile::TempDir;

/// A directory, and WASI's options that show it as `data`.
fn scene() -> (TempDir, WasiOptions) {
    let dir = tempfile::tempdir().expect("there is a place for temporary files");
    let dirs = vec![MappedDir {
        host: dir.path().to_owned(),
        guest: "data".to_owned(),
    }];
    let options = WasiOptions {
        dirs,
        ..WasiOptions::default()
    };
    (dir, options)
}

/// Writes a file, and the directories that lead there.
fn write(dir: &Path, name: &str, contents: &str) {
    let path = dir.join(name);
    let parent = path.parent().expect("it is in a directory");
    fs_err::create_dir_all(parent).expect("the directory is writable");
    fs_err::write(path, contents).expect("the directory is writable");
}
