//! What custom sections depend on, and so when they are still right in an output.

use wasmparser::{BinaryReader, CustomSectionReader, KnownCustom, Name};

use super::stamp;
use crate::guest::{CUSTOM_SECTION, GuestModule};

/// The section with which wasm-bindgen tells what it is to bind. Functions that belong to it say of which table slots closures are.
const DESCRIPTORS: &str = "__wasm_bindgen_unstable";

/// What a custom section depends on, and so when it is still right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depends {
    /// On the bytes of the whole file, or on a linker that will not come: it is never right.
    OnFile,
    /// On positions in the code. A debugger that looks up the `build_id` finds debug information of the code as the linker wrote it.
    OnPositions,
    /// On indices, by entries that can be written anew: the name section.
    OnNames,
    /// On nothing in the module.
    OnNothing,
    /// On the tools that made the module: the producers section.
    OnProducers,
    /// On an earlier bake, whose stamp it is.
    OnBake,
    /// Its format is not known, so it may have indices or positions.
    Unknown,
}

impl Depends {
    /// What a section depends on, by its name, and a stamp by its contents.
    pub(super) fn of(name: &str, data: &[u8]) -> Self {
        match name {
            "name" => Self::OnNames,
            "producers" => Self::OnProducers,
            "target_features" => Self::OnNothing,
            stamp::NAME if stamp::is_ours(data) => Self::OnBake,
            // They are for a linker, and a baked module cannot be linked.
            "linking" => Self::OnFile,
            // wasmsign2 signs the bytes of the file, and a source map has positions that count from its start.
            "signature" | "signature_delimiter" | "sourceMappingURL" => Self::OnFile,
            "external_debug_info" | "build_id" => Self::OnPositions,
            _ if name.starts_with("reloc.") => Self::OnFile,
            _ if name.starts_with(".debug_") || name.starts_with("metadata.code.") => Self::OnPositions,
            _ if name.starts_with("component-type") => Self::OnNothing,
            // wasm-bindgen's descriptions of what it is to bind, which name exports and imports, and no indices.
            DESCRIPTORS => Self::OnNothing,
            _ => Self::Unknown,
        }
    }

    /// What each custom section of a guest depends on, with its name.
    pub(super) fn of_all<'a>(guest: &GuestModule<'a>) -> impl Iterator<Item = (&'a str, Self)> {
        custom_sections(guest).map(|section| (section.name(), Self::of(section.name(), section.data())))
    }
}

/// Whether a core module describes the world of the component that is to be made of it, as wit-bindgen has it do.
pub(crate) fn has_world(guest: &GuestModule<'_>) -> bool {
    custom_sections(guest).any(|section| section.name().starts_with("component-type"))
}

/// Whether wasm-bindgen has yet to bind a module.
pub(super) fn has_descriptors(guest: &GuestModule<'_>) -> bool {
    custom_sections(guest).any(|section| section.name() == DESCRIPTORS)
}

fn custom_sections<'a>(guest: &GuestModule<'a>) -> impl Iterator<Item = CustomSectionReader<'a>> {
    let sections = guest.sections.iter();
    sections
        .filter(|section| section.id == CUSTOM_SECTION)
        .filter_map(|section| {
            CustomSectionReader::new(BinaryReader::new(guest.bytes(&section.range), 0)).ok()
        })
}

/// A custom section that would be wrong if functions had other indices or positions, by its name and what it depends on. If
/// positions change anyway, there is none: what depends on them is dropped.
pub(super) fn lost_section<'a>(
    guest: &GuestModule<'a>,
    are_positions_kept: bool,
) -> Option<(&'a str, Depends)> {
    let mut sections = custom_sections(guest).filter(|_| are_positions_kept);
    sections.find_map(|section| {
        let depends = Depends::of(section.name(), section.data());
        let is_lost = match depends {
            Depends::OnPositions | Depends::Unknown => true,
            Depends::OnNames => match section.as_known() {
                // Readers stop at a subsection that does not parse.
                KnownCustom::Name(names) => names
                    .map_while(Result::ok)
                    .any(|name| matches!(name, Name::Unknown { .. })),
                _ => false,
            },
            Depends::OnFile | Depends::OnNothing | Depends::OnProducers | Depends::OnBake => false,
        };
        is_lost.then_some((section.name(), depends))
    })
}
