//! A hostile surrounding, and a hostile guest: kills, company, full and read-only disks, and a guest that wants out.
//!
//! What is asked of the system is Linux's: `/proc`, and namespaces of `unshare`. Where those are not allowed, the tests
//! that need them say so and pass.

#![cfg(target_os = "linux")]

#[path = "cli/tool.rs"]
mod tool;

#[path = "faults/scene.rs"]
mod scene;

#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/guest.rs"]
mod guest;
#[path = "faults/kill.rs"]
mod kill;
#[path = "faults/machine.rs"]
mod machine;
#[path = "faults/together.rs"]
mod together;
