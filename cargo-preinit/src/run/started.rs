//! Instances that have just run.

use std::collections::BTreeMap;

use wasmtime::Instance;

use crate::guest::Node;
use crate::guest::index::GlobalIndex;
use crate::instrument::RunCopy;

/// An instance that was just run, whose state is read next.
pub(super) struct Started<'a> {
    pub(super) node: Node<'a>,
    pub(super) copy: &'a RunCopy,
    pub(super) instance: Instance,
    /// What stands in for its imported references.
    pub(super) tokens: BTreeMap<usize, GlobalIndex>,
}
