//! An instance of a run.

use wasmtime::Instance;

use crate::guest::Node;
use crate::init::InitPlan;
use crate::instrument::RunCopy;

/// An instance, and what runs in it.
#[derive(Clone, Copy)]
pub(super) struct Running<'a> {
    pub(super) node: Node<'a>,
    pub(super) copy: &'a RunCopy,
    pub(super) plan: &'a InitPlan,
    pub(super) instance: Instance,
}
