//! WASI in a bake: the answers about mapped directories, also compared with wasmtime's WASI.

mod script;

mod asked;

mod directories;

mod random;

use std::path::Path;

use cargo_preinit::{MappedDir, WasiOptions};
use tempfile::TempDir;

/// A directory, and WASI options that map it to `data`.
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

/// Writes a file, and creates its parent directories.
fn write(dir: &Path, name: &str, contents: &str) {
    let path = dir.join(name);
    let parent = path.parent().expect("it is in a directory");
    fs_err::create_dir_all(parent).expect("the directory is writable");
    fs_err::write(path, contents).expect("the directory is writable");
}
