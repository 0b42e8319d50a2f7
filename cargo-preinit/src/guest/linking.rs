//! How a guest was linked, as far as it tells.

use super::module::{CUSTOM_SECTION, GuestModule};

/// How a guest was linked, as far as it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Linking {
    /// Its data and functions go wherever its loader says: it is a [dynamic library][abi], or is linked like one.
    ///
    /// [abi]: https://github.com/WebAssembly/tool-conventions/blob/main/DynamicLinking.md
    pub(crate) is_position_independent: bool,
}

impl GuestModule<'_> {
    pub(crate) fn linking(&self) -> Linking {
        let is_base = |name: &str| matches!(name, "__memory_base" | "__table_base");
        let is_import = self
            .imports
            .iter()
            .any(|import| is_base(import.name) || matches!(import.module, "GOT.mem" | "GOT.func"));
        // The name of a custom section stands first, behind its length.
        let is_section = self.sections.iter().any(|section| {
            let contents = self.bytes(&section.range);
            let is_named = contents.starts_with(b"\x08dylink.0") || contents.starts_with(b"\x06dylink");
            section.id == CUSTOM_SECTION && is_named
        });
        Linking {
            is_position_independent: is_import || is_section,
        }
    }
}
