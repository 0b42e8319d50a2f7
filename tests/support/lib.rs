//! What the tests and the fuzz targets share.

pub mod case;
pub mod figures;
pub mod garbage;
pub mod host;
pub mod law;
pub mod names;
pub mod no_op;
pub mod observe;
pub mod random;
pub mod script;
pub mod seeds;
pub mod splice;
