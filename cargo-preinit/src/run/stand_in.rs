//! What stand-ins for the guest's imports hold, and the errors that they stop init with.

use crate::guest::index::GlobalIndex;
use crate::instrument::ExternalPlace;

/// The error of a call to an import that does not exist at build time, or must not be called.
#[derive(Debug, thiserror::Error)]
#[error("call to the import `{module}` `{name}`")]
pub(super) struct ImportCalled {
    pub(super) module: String,
    pub(super) name: String,
    /// Whether the options say that it must not be called.
    pub(super) is_forbidden: bool,
}

/// The error of a host function that would use external state for init.
#[derive(Debug, thiserror::Error)]
#[error("{0} was touched")]
pub(super) struct ExternalTouched(pub(super) ExternalPlace);

/// The data of an `externref` that stands in for the reference an imported immutable global holds.
pub(super) struct Token(pub(super) GlobalIndex);
