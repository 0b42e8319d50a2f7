//! Libraries for JavaScript, bound by the crate that the command `wasm-bindgen` is made of.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::guests::{Said, bake_folder};
use crate::suite::Suite;

/// The folder of a library that is not baked.
pub const ORIGINAL: &str = "original";

/// The folders of one that is, in the order in which it was baked and bound.
pub const ORDERS: [&str; 2] = ["bake-then-bind", "bind-then-bake"];

/// Binds a guest in each order, and returns a directory with the folders.
pub fn bound(suite: &Suite, guest: &str) -> Result<PathBuf> {
    let directory = suite.kept(guest);
    if directory.exists() {
        return Ok(directory);
    }
    let guests = suite.guests()?;
    let [bake_then_bind, bind_then_bake] = ORDERS.map(|order| directory.join(order));
    bind(&guests.before(guest)?, &directory.join(ORIGINAL))?;
    bind(&guests.after(guest)?, &bake_then_bind)?;
    bind(&guests.before(guest)?, &bind_then_bake)?;
    let said = bake_bound(&bind_then_bake, guest)?;
    ensure!(
        said.is_done,
        "{guest} cannot be baked once it is bound: {}",
        said.stderr
    );
    Ok(directory)
}

/// Makes JavaScript that hosts of all kinds load.
pub fn bind(module: &Path, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    // As the command does: the page finds the module beside the JavaScript.
    bindgen
        .web(true)?
        .omit_default_module_path(false)
        .typescript(true);
    bindgen.input_path(module).generate(folder)
}

/// Bakes the module that was bound, in its place.
pub fn bake_bound(folder: &Path, guest: &str) -> Result<Said> {
    let said = bake_folder(folder)?;
    if said.is_done {
        let declarations = fs_err::read_to_string(folder.join(format!("{guest}_bg.wasm.d.ts")))?;
        ensure!(
            !declarations.contains("__preinit_"),
            "the SDK is declared: {declarations}"
        );
    }
    Ok(said)
}
