//! Writing the bytes of modules, for the run copy and the output.

pub(crate) mod splice;
