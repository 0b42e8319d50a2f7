//! What knows cargo: which packages of a workspace are guests, for which target each is built, and the build.
//!
//! Nothing else starts programs.

pub mod build;
pub(crate) mod plan_cache;
pub mod target;
pub mod workspace;
