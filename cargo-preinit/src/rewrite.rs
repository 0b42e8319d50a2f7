//! The output: the original guest, with the snapshot in place of its start state.
//!
//! **In** the guest, the plan, the [`Snapshot`] and its [`Image`]. **Out** the bytes of the baked module. **Keeps** all
//! code and every export that is not init's. **Refuses** nothing by itself; a module that walrus cannot take is an
//! error. This file and those in `rewrite/` are the only ones that name walrus, and each guest goes through it once.
//!
//! Before and after, for a guest whose `init` stores 42 and appends to a table:
//!
//! ```wat
//! (module                                        (module
//!   (memory 1)                                     (memory 1)
//!   (table 1 funcref)                              (table 2 funcref)
//!   (global $calls (mut i32) (i32.const 0))        (global $calls (mut i32) (i32.const 1))
//!   (func $f)                                      (func $f)
//!   (func (export "init")                          (func
//!     (i32.store (i32.const 8) (i32.const 42))       ...)
//!     (table.grow (ref.func $f) (i32.const 1))
//!     drop
//!     (global.set $calls (i32.const 1)))
//!   (elem declare func $f))                        (elem (i32.const 1) func $f)
//!                                                  (data (i32.const 8) "\2a"))
//! ```

mod exports;
mod globals;
mod memories;
mod parse;
mod tables;

use std::panic::{AssertUnwindSafe, catch_unwind};

use walrus::{ExportItem, FunctionBuilder, FunctionId, FunctionKind};

use crate::image::Image;
use crate::index::FunctionIndex;
use crate::init::{INITIALIZE_EXPORT, InitPlan};
use crate::module::GuestModule;
use crate::options::BakeOptions;
use crate::snapshot::Snapshot;

/// Why the output could not be made. Neither is the guest's fault.
#[derive(Debug, thiserror::Error)]
pub enum RewriteError {
    /// walrus refuses a module that the engine ran.
    #[error("the module cannot be rewritten: {0}")]
    Unsupported(String),
    /// A bug, in walrus or here.
    #[error("{0}")]
    Bug(String),
}

/// A module under the knife, and the way from the guest's indices to walrus's ids.
struct Subject {
    module: walrus::Module,
    ids: parse::Ids,
}

impl Subject {
    fn function(&self, index: FunctionIndex) -> FunctionId {
        self.ids.functions[index.position()]
    }
}

/// Makes the output.
pub fn rewrite(
    guest: &GuestModule<'_>,
    plan: &InitPlan,
    snapshot: &Snapshot,
    image: &Image,
    options: &BakeOptions,
) -> Result<Vec<u8>, RewriteError> {
    // walrus answers some modules with a panic; to the user that is a bug to report like any other.
    catch_unwind(AssertUnwindSafe(|| {
        let mut subject = parse::parse(guest)?;
        memories::bake(&mut subject, guest, snapshot, image);
        tables::bake(&mut subject, guest, snapshot);
        globals::bake(&mut subject, snapshot);
        never_again(&mut subject, plan);
        exports::bake(&mut subject, plan, options);
        drop_positions(&mut subject);
        Ok(subject.module.emit_wasm())
    }))
    .unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no text");
        Err(RewriteError::Bug(format!("the rewrite panicked: {text}")))
    })
}

/// What ran at start has run: the start function is gone, and the constructors do nothing.
///
/// `_initialize` stays exported, since hosts call it by its name, and does nothing under that name. The function itself
/// is left as it is: whoever can call it otherwise finds what the guest has there.
fn never_again(subject: &mut Subject, plan: &InitPlan) {
    subject.module.start = None;
    let types = &mut subject.module.types;
    if let Some(constructors) = plan.constructors {
        let empty = FunctionBuilder::new(types, &[], &[]).local_func(vec![]);
        let id = subject.ids.functions[constructors.position()];
        subject.module.funcs.get_mut(id).kind = FunctionKind::Local(empty);
    }
    if plan.initialize.is_some() {
        let empty = FunctionBuilder::new(&mut subject.module.types, &[], &[]);
        let id = empty.finish(vec![], &mut subject.module.funcs);
        for export in subject.module.exports.iter_mut() {
            if export.name == INITIALIZE_EXPORT {
                export.item = ExportItem::Function(id);
            }
        }
    }
}

/// Removes the custom sections that name functions or positions in the code, both of which the rewrite changes: branch
/// hints and other code metadata, and what a linker would need. walrus carries them over as they are, and wrong.
fn drop_positions(subject: &mut Subject) {
    let is_stale =
        |name: &str| name.starts_with("metadata.code.") || name.starts_with("reloc.") || name == "linking";
    let stale: Vec<_> = subject
        .module
        .customs
        .iter()
        .filter(|(_, section)| is_stale(section.name()))
        .map(|(id, _)| id)
        .collect();
    for id in stale {
        subject.module.customs.delete(id);
    }
}
