//! Faults of the machine, and hostile guests: kills, concurrent bakes, full and read-only disks, little memory, and a guest that
//! tries to leave its sandbox.
//!
//! The tests use Linux's `/proc`, and namespaces by `unshare`. If namespaces are not allowed, the tests that need them print that and
//! pass.

#![cfg(target_os = "linux")]

mod scene;

mod disk;
mod guest;
mod kill;
mod machine;
mod together;
