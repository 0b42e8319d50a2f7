//! How the instances of a component are wired: where imports come from, and what the functions of the canonical ABI name.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmparser::{CanonicalFunction, CanonicalOption};

use super::index::{InstanceId, ScopeId};
use super::module::ImportKind;

/// Where an import of an instance comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// An instance, which defines it.
    Instance(InstanceId, ImportKind),
    /// The component itself, by the position in [`Wiring::made`].
    Component(usize),
}

/// The functions of the canonical ABI, with what each of them names.
#[derive(Debug, Default)]
pub(crate) struct Wiring<'a> {
    /// The functions that are lifted from core functions.
    pub(crate) lifted: Vec<Lifted>,
    /// The core functions that are made: lowered functions and built-in ones.
    pub(crate) made: Vec<Made<'a>>,
    /// The destructors of the resources.
    pub(crate) destructors: Vec<(ScopeId, Option<Source>)>,
}

/// A function that is lifted from a core function.
#[derive(Debug)]
pub(crate) struct Lifted {
    pub(crate) scope: ScopeId,
    /// The index of its type.
    pub(crate) ty: u32,
    pub(crate) core: Source,
    pub(crate) options: Vec<(CanonicalOption, Option<Source>)>,
}

/// A core function that is made.
#[derive(Debug)]
pub(crate) struct Made<'a> {
    pub(crate) scope: ScopeId,
    /// What it lowers; otherwise it is this built-in function.
    pub(crate) what: Result<Function<'a>, CanonicalFunction>,
    pub(crate) options: Vec<(CanonicalOption, Option<Source>)>,
}

/// A function of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Function<'a> {
    /// One of the host's: the name of the import, and those of exports of instances.
    Host(Arc<[&'a str]>),
    /// One that is lifted, by its position in [`Wiring::lifted`].
    Lifted(usize),
}

/// An export of the whole component.
#[derive(Debug)]
pub(crate) enum Exported<'a> {
    Function(Function<'a>),
    /// An instance, and the functions that it exports.
    Instance(BTreeMap<&'a str, Function<'a>>),
    /// A module or a component that is defined here.
    Code,
    Other,
}
