//! Works with cargo: finds out which packages of a workspace are guests and for which target each is built, and builds them.
//!
//! No other module starts programs.

pub mod artifact;
pub mod build;
pub(crate) mod create;
pub(crate) mod plan_cache;
pub(crate) mod runner;
pub mod target;
pub mod workspace;
