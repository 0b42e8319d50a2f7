//! What the tests and the fuzz targets share.

pub mod garbage;
pub mod random;
pub mod seeds;
pub mod splice;
