//! How modules are written, whichever they are.

pub(crate) mod splice;
