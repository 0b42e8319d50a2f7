//! Tests of the library.

mod components;
mod embedder;
mod figures;
mod guide;
mod inspect;
mod large;
mod padding;
mod parts;
mod precompile;
mod prepared;
mod random;
mod shrink;
mod tables;
mod wasi;
