//! Mark the initialisation of a WebAssembly guest that `cargo preinit` runs at build time.
//!
//! A guest pays for its initialisation at every start: tables are parsed, patterns compiled, routes built. With `cargo
//! preinit --release` it pays once. The tool builds the guest, runs what is marked with [`#[preinit]`](macro@preinit), and
//! writes a module whose memory, globals and tables start with the state that this left.
//!
//! # Statics
//!
//! A marked static is initialised at build time. Use it as usual:
//!
//! ```
//! # #[cfg(feature = "std")] {
//! use std::sync::LazyLock;
//! use preinit_guest::preinit;
//!
//! #[preinit]
//! static SQUARES: LazyLock<Vec<u32>> = LazyLock::new(|| (0..100).map(|n| n * n).collect());
//!
//! assert_eq!(SQUARES[9], 81);
//! # }
//! ```
//!
//! A `OnceLock` does not contain the function that makes its value, so name that function in both places:
//!
//! ```
//! # #[cfg(feature = "std")] {
//! use std::sync::OnceLock;
//! use preinit_guest::preinit;
//!
//! struct Config { depth: u32 }
//!
//! fn make() -> Config {
//!     Config { depth: 3 }
//! }
//!
//! #[preinit(with = make)]
//! static CONFIG: OnceLock<Config> = OnceLock::new();
//!
//! assert_eq!(CONFIG.get_or_init(make).depth, 3);
//! # }
//! ```
//!
//! The feature `once_cell` adds `Lazy` and `OnceCell` of `once_cell::sync`, and the traits [`Preinit`] and [`PreinitWith`]
//! are for types of your own. The baked module has neither the function that makes the value of a `LazyLock` or of
//! `once_cell`'s `Lazy`, nor what only that function needed. A type of your own that is called `Lazy` or `LazyLock` keeps its
//! function, unless it promises never to call it again: see [`Lazy`].
//!
//! # Functions
//!
//! A marked function runs once: at build time, or else when it is first called. Call it from every entry point that
//! needs what it does. Once it has run, a call costs next to nothing.
//!
//! ```
//! use std::sync::atomic::{AtomicU32, Ordering};
//! use preinit_guest::preinit;
//!
//! static WARM: AtomicU32 = AtomicU32::new(0);
//!
//! #[preinit]
//! fn warm_up() {
//!     WARM.fetch_add(1, Ordering::Relaxed);
//! }
//!
//! pub extern "C" fn handle() -> u32 {
//!     warm_up();
//!     WARM.load(Ordering::Relaxed)
//! }
//!
//! assert_eq!(handle(), 1);
//! assert_eq!(handle(), 1);
//! ```
//!
//! A marked function may fail. At build time an `Err` fails the build, with the error's text. At run time the caller gets it,
//! and the next call tries again, as it does after a panic:
//!
//! ```
//! use std::num::ParseIntError;
//! use std::sync::atomic::{AtomicU32, Ordering};
//! use preinit_guest::preinit;
//!
//! static LIMIT: AtomicU32 = AtomicU32::new(0);
//!
//! #[preinit]
//! fn load() -> Result<(), ParseIntError> {
//!     LIMIT.store("64".parse()?, Ordering::Relaxed);
//!     Ok(())
//! }
//!
//! fn handle() -> Result<u32, ParseIntError> {
//!     load()?;
//!     Ok(LIMIT.load(Ordering::Relaxed))
//! }
//!
//! assert_eq!(handle(), Ok(64));
//! ```
//!
//! When several threads call it at once, one runs it and the others wait. If it calls itself, it panics; without the feature
//! `std`, which it needs to tell threads apart, only on single-threaded targets.
//!
//! # Order
//!
//! Items run by their `order`, lower first; the default is 0. Items of equal order run by crate name, then file, line and
//! column. An item that needs another uses the static or calls the function: what has run already does not run again.
//!
//! # Without the tool
//!
//! Built by `cargo build`, or natively for `cargo test`, the same code initialises itself lazily. [`phase`] tells which case
//! it is.
//!
//! # What must differ between instances
//!
//! What an item asks of the outside, such as the time, a random number or a variable of the environment, is the same in every instance of
//! the baked module. The tool runs items again with other answers, and names the state that follows from them. A `PerInstance` (with the
//! feature `std`) is a value that each instance makes for itself, and [`runtime_only!`] in a function fails the build if an item reaches it.
//!
//! A function that is marked with `#[preinit(resume)]` does not run at build time. It runs once in each instance of the baked module,
//! before the first exported function that the host calls does anything else:
//!
//! ```
//! use std::sync::atomic::{AtomicU32, Ordering};
//! use preinit_guest::preinit;
//!
//! static SEED: AtomicU32 = AtomicU32::new(0);
//!
//! #[preinit(resume)]
//! fn reseed() {
//!     SEED.store(random(), Ordering::Relaxed);
//! }
//! # fn random() -> u32 { 4 }
//! ```
//!
//! Without the tool nothing calls it but your own code, for which it is an ordinary function. If it returns an `Err`, that is a panic. Not
//! counted as functions of the host's are those that only prepare a call: `cabi_realloc`, and an `_initialize` that has run at build time.
//!
//! # What items leave behind
//!
//! Memory that an item allocates and frees again keeps its bytes, which would be part of the module. [`ZeroFreed`] around the
//! allocator zeroes it: the module gets smaller, and reveals nothing that only the build used.
//!
//! # Dependencies
//!
//! Items of a guest's libraries run like its own. A library that is listed in `Cargo.toml` but never named in code is not
//! linked, and its items do not run.
//!
//! # Features
//!
//! | Feature | By default | What it gives |
//! |---|---|---|
//! | `std` | yes | the statics of the standard library; the text of a panic in the tool's report |
//! | `once_cell` | no | the statics of `once_cell::sync` |
//!
//! Without `std` the crate needs only `core`; see [`Preinit`] for a static, and [`report_panic`] for panics.
#![no_std]
#![warn(missing_docs)]

#[cfg(any(test, feature = "std"))]
extern crate std;

pub mod abi;

mod exports;
mod initialiser;
mod item;
#[cfg(feature = "std")]
mod libc;
mod message;
mod once;
mod outcome;
mod panics;
#[cfg(feature = "std")]
mod per_instance;
mod phase;
mod report;
mod resume;
mod runtime_only;
mod statics;
mod zero_freed;

#[cfg(feature = "std")]
pub use libc::{reset_environment, reset_preopens};
pub use panics::report_panic;
#[cfg(feature = "std")]
pub use per_instance::PerInstance;
pub use phase::{Phase, phase};
/// Marks a static or a function that `cargo preinit` runs at build time. The [crate] shows how.
///
/// # Arguments
///
/// | Argument | On | Meaning |
/// |---|---|---|
/// | `order = N` | both | an `i32`; lower runs first, 0 if not given |
/// | `with = path` | a static | the function that makes the value, for types that implement [`PreinitWith`] |
/// | `resume` | a function | it runs in each instance of the baked module, not at build time |
/// | `crate = path` | both | where this crate is, if it is not `::preinit_guest` |
///
/// ```
/// mod sdk {
///     pub use preinit_guest::*;
/// }
///
/// #[sdk::preinit(order = -1, crate = sdk)]
/// fn first() {}
///
/// first();
/// ```
///
/// # What it refuses
///
/// A static must have a type that can initialise itself, and must not be `mut`:
///
/// ```compile_fail
/// # use preinit_guest::preinit;
/// #[preinit]
/// static TABLE: u32 = 1; // error: `#[preinit]` does not know how to initialise a static of type `u32`
/// ```
///
/// ```compile_fail
/// # use preinit_guest::preinit;
/// # use std::sync::LazyLock;
/// #[preinit]
/// static mut TABLE: LazyLock<u32> = LazyLock::new(|| 1); // error: must not be `mut`
/// ```
///
/// A function takes nothing and returns `()` or `Result<(), E>` with `E: Display`:
///
/// ```compile_fail
/// # use preinit_guest::preinit;
/// #[preinit]
/// fn load(path: &str) {} // error: must not take arguments
/// ```
///
/// ```compile_fail
/// # use preinit_guest::preinit;
/// #[preinit]
/// fn load() -> u32 { 1 } // error: returns `()` or `Result<(), E>`, not `u32`
/// ```
///
/// There is exactly one such function, and the tool calls it as a safe, ordinary one. So it must not be generic, `async`,
/// `const` or `unsafe`, nor have an ABI other than `"Rust"` or `"C"`:
///
/// ```compile_fail
/// # use preinit_guest::preinit;
/// #[preinit]
/// fn load<T>() {} // error: must not be generic
/// ```
///
/// ```compile_fail
/// # use preinit_guest::preinit;
/// #[preinit]
/// async fn load() {} // error: must not be `async`
/// ```
///
/// ```compile_fail
/// # use preinit_guest::preinit;
/// #[preinit]
/// const fn load() {} // error: must not be `const`
/// ```
///
/// ```compile_fail
/// # use preinit_guest::preinit;
/// #[preinit]
/// unsafe fn load() {} // error: must not be `unsafe`
/// ```
///
/// ```compile_fail
/// # use preinit_guest::preinit;
/// #[preinit]
/// extern "system" fn load() {} // error: must have the ABI "Rust" or "C"
/// ```
///
/// It must be a free function, not one of an `impl` or a `trait`:
///
/// ```compile_fail
/// # use preinit_guest::preinit;
/// # struct Guest;
/// impl Guest {
///     #[preinit]
///     fn load() {} // error: cannot find function `load` in this scope
/// }
/// ```
///
/// Only functions and statics can be marked:
///
/// ```compile_fail
/// # use preinit_guest::preinit;
/// #[preinit]
/// const TABLE: u32 = 1; // error: goes on a `fn` or a `static`
/// ```
pub use preinit_macros::preinit;
#[doc(hidden)]
pub use runtime_only::runtime_only as __runtime_only;
pub use statics::{Calls, Lazy, Preinit, PreinitWith};
pub use zero_freed::ZeroFreed;

/// The name has the version in it, so that the attribute of another version cannot use the module.
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private0_1_0;
