//! Makes room for the homes of objects: globals in front of those that the guest defines.
//!
//! A constant expression can only name earlier globals, so homes have to come first, and every index of a global that
//! the guest defines grows. Nothing else changes.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{ConstExpr, GlobalSection, GlobalType, ValType};
use wasmparser::Parser;

use super::EmitError;
use crate::guest::{GuestModule, features};

struct Room {
    /// How many globals are imported; these stay where they are.
    imported: u32,
    room: u32,
    is_made: bool,
}

/// Inserts that many globals of type `i32`, to be replaced.
pub(crate) fn reserve(guest: &GuestModule<'_>, room: u32) -> Result<Vec<u8>, EmitError> {
    let mut reencoder = Room {
        imported: guest.imported_globals,
        room,
        is_made: false,
    };
    let mut output = wasm_encoder::Module::new();
    let mut parser = Parser::new(0);
    parser.set_features(features());
    reencoder
        .parse_core_module(&mut output, parser, guest.wasm)
        .map_err(|error| EmitError::Bug(format!("no room can be made for globals: {error}")))?;
    Ok(output.finish())
}

impl Room {
    fn placeholders(&mut self, globals: &mut GlobalSection) {
        self.is_made = true;
        let ty = GlobalType {
            val_type: ValType::I32,
            mutable: false,
            shared: false,
        };
        for _ in 0..self.room {
            globals.global(ty, &ConstExpr::i32_const(0));
        }
    }
}

impl Reencode for Room {
    type Error = Infallible;

    fn global_index(&mut self, global: u32) -> Result<u32, Error<Infallible>> {
        Ok(if global < self.imported {
            global
        } else {
            global + self.room
        })
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        self.placeholders(globals);
        utils::parse_global_section(self, globals, section)
    }

    /// Names of globals move with them. Names that nobody can read are left out, and other sections kept.
    fn parse_custom_section(
        &mut self,
        module: &mut wasm_encoder::Module,
        section: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        match section.as_known() {
            wasmparser::KnownCustom::Name(names) => {
                if let Ok(names) = self.custom_name_section(names) {
                    module.section(&names);
                }
            }
            _ => {
                module.section(&wasm_encoder::CustomSection {
                    name: section.name().into(),
                    data: section.data().into(),
                });
            }
        }
        Ok(())
    }

    /// A guest without globals gets a section of them.
    fn intersperse_section_hook(
        &mut self,
        module: &mut wasm_encoder::Module,
        _after: Option<wasm_encoder::SectionId>,
        before: Option<wasm_encoder::SectionId>,
    ) -> Result<(), Error<Infallible>> {
        use wasm_encoder::SectionId;
        let is_past = match before {
            None => true,
            Some(
                SectionId::Export
                | SectionId::Start
                | SectionId::Element
                | SectionId::DataCount
                | SectionId::Code
                | SectionId::Data,
            ) => true,
            Some(_) => false,
        };
        if is_past && !self.is_made {
            let mut globals = GlobalSection::new();
            self.placeholders(&mut globals);
            module.section(&globals);
        }
        Ok(())
    }
}
