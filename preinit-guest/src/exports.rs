//! What every guest exports, besides its items.

use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize};

use crate::abi;

/// Exports an item under the name in a constant of [`abi`]. The attribute takes a literal only, so the name is repeated here
/// and compared with the constant.
macro_rules! export {
    ($constant:path = $name:literal; $($item:tt)+) => {
        const _: () = assert!(same($constant, $name));

        #[cfg_attr(target_family = "wasm", unsafe(export_name = $name))]
        $($item)+
    };
}

export! { abi::PHASE = "__preinit_v1_phase"; pub(crate) static PHASE: AtomicU32 = AtomicU32::new(abi::PHASE_PLAIN); }
export! {
    abi::MESSAGE = "__preinit_v1_message";
    pub(crate) static MESSAGE: abi::Message =
        abi::Message { start: AtomicPtr::new(ptr::null_mut()), len: AtomicUsize::new(0) };
}

/// The exports that only the tool uses.
#[cfg(target_family = "wasm")]
mod wasm {
    use core::sync::atomic::AtomicU32;

    use super::same;
    use crate::abi;

    export! { abi::ARMED = "__preinit_v1_armed"; static ARMED: AtomicU32 = AtomicU32::new(0); }
    export! { abi::SLOT = "__preinit_v1_slot"; static SLOT: AtomicU32 = AtomicU32::new(0); }
    export! {
        abi::VERSION_FUNCTION = "__preinit_v1_version";
        extern "C" fn version() -> u32 { abi::VERSION }
    }

    // wasm-ld defines these symbols, except in modules that a loader places, such as Emscripten's.
    #[cfg(not(target_os = "emscripten"))]
    unsafe extern "C" {
        static __stack_low: u8;
        static __stack_high: u8;
        static __heap_base: u8;
    }
    #[cfg(not(target_os = "emscripten"))]
    export! {
        abi::LAYOUT = "__preinit_v1_layout";
        static LAYOUT: abi::Layout = abi::Layout {
            stack_low: &raw const __stack_low,
            stack_high: &raw const __stack_high,
            heap_base: &raw const __heap_base,
        };
    }
}

/// Calls the constructors that the linker collected from `.init_array` sections. Expansions in a WASI binary export it.
///
/// Inlined, so that no object of this crate names `__wasm_call_ctors`: if any object does, wasm-ld expects that object to
/// call the constructors. In a binary the C runtime calls them anyway. In a `cdylib` the linker makes every export call them
/// first, and would no longer do so.
#[cfg(target_os = "wasi")]
#[inline(always)]
pub fn constructors() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // SAFETY: only the tool calls the export, once, and the constructors have not run before.
    unsafe { __wasm_call_ctors() }
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = 0;
    while at < left.len() && at < right.len() && left[at] == right[at] {
        at += 1;
    }
    at == left.len() && at == right.len()
}
