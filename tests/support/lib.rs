//! What the random tests and the fuzz targets share: bytes in, a verdict out.

pub mod garbage;
pub mod random;
