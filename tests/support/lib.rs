//! Code that the tests and the fuzz targets share.

pub mod browser;
pub mod case;
pub mod component;
pub mod equivalence;
pub mod figures;
pub mod garbage;
pub mod graphs;
pub mod names;
pub mod no_op;
pub mod observe;
pub mod parts;
pub mod random;
pub mod script;
pub mod seeds;
pub mod skip;
pub mod splice;
pub mod world;
