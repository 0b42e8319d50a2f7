//! What the C library of WASI keeps of the host.

/// Makes the C library of WASI forget the directories that the host gave the guest, so that it asks for them again when it needs
/// one.
///
/// An item that reads files leaves them behind: a component then holds a handle of the bake's directories, which no instance has, and
/// `cargo preinit` refuses it; a module for preview 1 has their names. Call this when the last file was read and closed.
///
/// ```no_run
/// use std::sync::LazyLock;
/// use preinit_guest::{preinit, reset_preopens};
///
/// #[preinit]
/// static WORDS: LazyLock<String> = LazyLock::new(|| {
///     let words = std::fs::read_to_string("data/words.txt").expect("the bake has `--dir data`");
///     reset_preopens();
///     words
/// });
/// ```
///
/// Without WASI it does nothing. No other thread may use files at the same time.
pub fn reset_preopens() {
    #[cfg(target_os = "wasi")]
    {
        unsafe extern "C" {
            /// It is part of [wasi-libc](https://github.com/WebAssembly/wasi-libc), whose header does not list it.
            fn __wasilibc_reset_preopens();
        }
        // SAFETY: it takes nothing, and frees what only the library itself knows.
        unsafe { __wasilibc_reset_preopens() }
    }
}

/// Makes the C library of WASI forget the environment that the host gave the guest, so that it asks for it again when it needs a variable.
///
/// The library keeps the environment from the first question on: after an item that read a variable, every instance would find the variables
/// of the bake. Call this when the last one was read.
///
/// ```
/// use std::sync::LazyLock;
/// use preinit_guest::{preinit, reset_environment};
///
/// #[preinit]
/// static STAGE: LazyLock<String> = LazyLock::new(|| {
///     let stage = std::env::var("STAGE").unwrap_or_default();
///     reset_environment();
///     stage
/// });
/// ```
///
/// What `std::env::set_var` has set is forgotten, too. Without WASI it does nothing. No other thread may use the environment at the same
/// time.
pub fn reset_environment() {
    #[cfg(target_os = "wasi")]
    {
        unsafe extern "C" {
            /// It is part of [wasi-libc](https://github.com/WebAssembly/wasi-libc), in `wasi/libc-environ.h`.
            fn __wasilibc_deinitialize_environ();
        }
        // SAFETY: it takes nothing, and leaves what was handed out where it is.
        unsafe { __wasilibc_deinitialize_environ() }
    }
}
