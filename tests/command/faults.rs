//! A hostile surrounding, and a hostile guest: kills, company, full and read-only disks, and a guest that wants out.
//!
//! What is asked of the system is Linux's: `/proc`, and namespaces of `unshare`. Where those are not allowed, the tests
//! that need them say so and pass.

#![cfg(target_os = "linux")]

mod scene;

mod disk;
mod guest;
mod kill;
mod machine;
mod together;
