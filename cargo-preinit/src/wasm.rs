//! Writing the bytes of modules and components, for the run copy and the output.

pub(crate) mod component;
pub(crate) mod splice;
