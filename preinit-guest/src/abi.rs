//! The names and layouts that a guest and `cargo-preinit` share.
//!
//! This file is the only place that defines them: the guest side exports these names, and the host side imports the same
//! constants. The version is part of every name, so a newer tool finds the exports of an older guest under the older prefix,
//! and never mistakes one layout for another.
//!
//! # What a guest exports
//!
//! | Export | Kind | Meaning |
//! |---|---|---|
//! | [`ARMED`], [`SLOT`] | static, `u32` | the probe: an armed function stores its number in the slot and returns |
//! | [`PHASE`] | static, `u32` | written by the tool: one of the `PHASE_*` values |
//! | [`MESSAGE`] | static, [`Message`] | the text of the `Err` or the panic that stopped an item |
//! | [`LAYOUT`] | static, [`Layout`], except for Emscripten | where the linker put the stack and the heap |
//! | [`VERSION_FUNCTION`] | function `() -> u32` | returns [`VERSION`] and does nothing else |
//! | [`CONSTRUCTORS_FUNCTION`] | function `()`, in a WASI binary with an item of its own | calls the linker's `__wasm_call_ctors` and does nothing else |
//! | [`ITEM_PREFIX`] + id | static, [`Item`] | describes an item |
//! | [`RUN_PREFIX`] + id | function `() -> u32` | runs the item; returns one of the `RUN_*` values |
//! | [`RESUME_PREFIX`] + id | function `()` | in place of the former: what runs in each baked instance |
//!
//! An exported static is, in the module, an immutable global that holds the static's address in memory 0.
//!
//! `VERSION_FUNCTION` also reveals wrappers: if the linker wrapped every export to call the constructors first (wasm-ld's
//! "command" exports), the wrapper around its known body shows which functions are called, even in a module without names.

/// The version of this interface; part of every exported name.
pub const VERSION: u32 = 1;

/// The prefix of every exported name of this version.
pub const PREFIX: &str = "__preinit_v1_";

/// The static that arms the probe. Non-zero only while the tool asks functions for their indices.
pub const ARMED: &str = "__preinit_v1_armed";
/// The static into which an armed function writes its index.
pub const SLOT: &str = "__preinit_v1_slot";
/// The static that holds the phase.
pub const PHASE: &str = "__preinit_v1_phase";
/// The static of type [`Message`].
pub const MESSAGE: &str = "__preinit_v1_message";
/// The static of type [`Layout`].
pub const LAYOUT: &str = "__preinit_v1_layout";
/// The function that returns [`VERSION`].
pub const VERSION_FUNCTION: &str = "__preinit_v1_version";
/// The function that calls the constructors which the linker collected.
///
/// Only binaries for WASI have it, and only if their own crate has an item. In a `cdylib` it would do harm: an object that
/// names `__wasm_call_ctors` keeps wasm-ld from wrapping the exports, so without the tool the constructors would not run at
/// all.
pub const CONSTRUCTORS_FUNCTION: &str = "__preinit_v1_constructors";
/// The prefix of the descriptor of an item; the item's id follows.
pub const ITEM_PREFIX: &str = "__preinit_v1_item_";
/// The prefix of the function that runs an item; the item's id follows.
pub const RUN_PREFIX: &str = "__preinit_v1_run_";
/// The prefix of the function that runs in each baked instance, before the first exported function does anything else; the item's id
/// follows.
pub const RESUME_PREFIX: &str = "__preinit_v1_resume_";

/// The module has not been preinitialised: it came straight from the compiler.
pub const PHASE_PLAIN: u32 = 0;
/// The tool is running the items right now.
pub const PHASE_RUNNING: u32 = 1;
/// The module's state comes from a bake.
pub const PHASE_DONE: u32 = 2;

/// The item ran to its end.
pub const RUN_DONE: u32 = 0;
/// The item's function returned an `Err`; its text is in [`MESSAGE`].
pub const RUN_FAILED: u32 = 1;
/// The static reports that it is not initialised after it was forced.
pub const RUN_UNSET: u32 = 2;

/// [`Item::kind`] of a function.
pub const KIND_FUNCTION: u32 = 0;
/// [`Item::kind`] of a static.
pub const KIND_STATIC: u32 = 1;

/// A piece of UTF-8 text in the guest's memory.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// The address of the first byte.
    pub start: *const u8,
    /// The length in bytes.
    pub len: usize,
}

/// The descriptor of an item, which the tool reads.
///
/// The layout is C's, with the guest's pointer width: on wasm32 the offsets are those of twelve 4-byte fields in this
/// order; on wasm64 four bytes of padding follow `column`.
#[repr(C)]
#[derive(Debug)]
pub struct Item {
    /// The size of this struct in bytes. A later minor version may append fields.
    pub size: u32,
    /// [`KIND_FUNCTION`] or [`KIND_STATIC`].
    pub kind: u32,
    /// The `order = N` of the attribute, 0 without one. Lower runs first.
    pub order: i32,
    /// The line of the item's name in the file, from 1.
    pub line: u32,
    /// The column of the item's name, from 1.
    pub column: u32,
    /// The item's path, such as `my_guest::routes::TABLE`.
    pub name: Text,
    /// The source file, the same on every machine: its path relative to the item's package, with `/` between its parts, such
    /// as `src/lib.rs`.
    ///
    /// `OUT_DIR/…` is a file that the package's build script wrote, and `../…` one that `#[path]` or `include!` found outside
    /// of the package. If a macro of another crate wrote the item's name, file, line and column are those of the item's first
    /// token in the package's own files. If there is none, they are the macro's, and only the name of its file is kept:
    /// `.../macros.rs`.
    pub file: Text,
    /// The static's address; null for a function.
    pub address: *const (),
    /// The static's size in bytes; 0 for a function.
    pub bytes: usize,
    /// The function that does the item's work, if nothing calls it once the item has run: the body of a function, or the
    /// initialiser of a static whose type promises that ([`Calls::until_preinit`](crate::Calls::until_preinit)). In a module,
    /// a function's address is a slot of table 0. Null if there is none.
    pub initialiser: *const (),
}

// SAFETY: an `Item` is never written to, and its pointers lead only to statics and functions.
unsafe impl Sync for Item {}

/// The text of the last failure. Empty unless an item has failed.
#[repr(C)]
#[derive(Debug)]
pub struct Message {
    /// The address of the first byte.
    pub start: core::sync::atomic::AtomicPtr<u8>,
    /// The length in bytes.
    pub len: core::sync::atomic::AtomicUsize,
}

/// Addresses that only the linker knows.
///
/// With the stack's bounds, the tool can leave out of the output what finished calls left on the stack.
#[repr(C)]
#[derive(Debug)]
pub struct Layout {
    /// The lowest address of the shadow stack.
    pub stack_low: *const u8,
    /// The address behind the shadow stack, which the stack pointer starts with.
    pub stack_high: *const u8,
    /// The first address that is neither stack nor static data.
    pub heap_base: *const u8,
}

// SAFETY: a `Layout` is never written to, and its pointers are never followed.
unsafe impl Sync for Layout {}
