//! What a guest's imports and custom sections tell of how it was linked.

use super::module::{CUSTOM_SECTION, GuestModule};

/// What a guest's imports and custom sections tell of how it was linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Linking {
    /// The guest is a [dynamic library][abi], or is linked like one: its loader chooses the addresses of its data and the
    /// table slots of its functions.
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
        // A custom section's contents begin with the length of its name and the name.
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
