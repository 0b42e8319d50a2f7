//! Keeps init from touching external state: imported memories, tables and globals, and state that is initialised from an
//! imported global.
//!
//! External state is unknown at build time, so an init that reads or writes it cannot be baked, and one that does not can. In
//! the run copy, a trap precedes each instruction that touches it:
//!
//! ```wat
//! (global.get $imported)      (global.set $touched (i32.const 1))
//!                             unreachable
//!                             (global.get $imported)
//! ```
//!
//! An imported memory that is promised to be fresh is known: it holds zeros, and what the module's own segments write.
//!
//! So an init that returns has touched no external state.
//!
//! An imported immutable global of a reference type never changes, so the output can name it as the source of its reference.
//! Init may copy such a reference, and is stopped where it inspects one: see `instrument/inspections.rs`.
//!
//! The host may provide the same tag for two imports, and then a handler for one catches an exception thrown with the other.
//! So if several tags are imported, throwing one of them traps as well.

use std::fmt;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{EntityType, ImportSection, Instruction};
use wasmparser::{BinaryReader, ImportSectionReader, Operator};

use super::exports::{Injected, export_global};
use super::{Additions, Guard};
use crate::guest::index::{ElementIndex, GlobalIndex, MemoryIndex, TableIndex};
use crate::guest::{ImportKind, Node, features};
use crate::refusal::Space;
use crate::shown;
use crate::wasm::splice::contents;

/// What init must not use, since the host decides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExternalPlace {
    /// Imported state.
    Imported {
        /// The kind of state.
        space: Space,
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// State of the module's own that is initialised from an imported global.
    Derived {
        /// The kind of state.
        space: Space,
        /// Its index.
        index: u32,
    },
    /// A reference in an imported global, which was inspected.
    Reference {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// One of several imported tags, to throw an exception with.
    Tag {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
}

impl ExternalPlace {
    /// The kind of state, if an index leads to it.
    pub(crate) fn space(&self) -> Option<Space> {
        match self {
            Self::Imported { space, .. } | Self::Derived { space, .. } => Some(*space),
            Self::Reference { .. } | Self::Tag { .. } => None,
        }
    }
}

const UNKNOWN: &str = "what that holds when the module starts is not known at build time";

impl fmt::Display for ExternalPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Imported { space, module, name } => {
                let (module, name) = (shown::name(module), shown::name(name));
                write!(f, "the imported {space} {module} {name}, and {UNKNOWN}")
            }
            Self::Derived { space, index } => {
                write!(
                    f,
                    "{space} {index}, which starts as an imported global says, and {UNKNOWN}"
                )
            }
            Self::Reference { module, name } => write!(
                f,
                "what the imported global {} {} refers to, by a cast or a test for null, and {UNKNOWN}",
                shown::name(module),
                shown::name(name)
            ),
            Self::Tag { module, name } => write!(
                f,
                "the imported tag {} {} to throw an exception, and the host may give the same tag for another import",
                shown::name(module),
                shown::name(name)
            ),
        }
    }
}

/// An index that an instruction has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Touch {
    Memory(MemoryIndex),
    Table(TableIndex),
    Global(GlobalIndex),
    Element(ElementIndex),
    Throw(u32),
}

/// Collects the indices of an instruction by re-encoding it, so that none can be forgotten.
#[derive(Default)]
struct Touches(Vec<Touch>);

impl Reencode for Touches {
    type Error = std::convert::Infallible;

    fn memory_index(&mut self, memory: u32) -> Result<u32, Error> {
        self.0.push(Touch::Memory(MemoryIndex(memory)));
        Ok(memory)
    }

    fn table_index(&mut self, table: u32) -> Result<u32, Error> {
        self.0.push(Touch::Table(TableIndex(table)));
        Ok(table)
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Error> {
        self.0.push(Touch::Global(GlobalIndex(global)));
        Ok(global)
    }

    fn element_index(&mut self, element: u32) -> Result<u32, Error> {
        self.0.push(Touch::Element(ElementIndex(element)));
        Ok(element)
    }
}

type Error = wasm_encoder::reencode::Error<std::convert::Infallible>;

/// The import section in the encoding that every engine reads. For a bake, tables and external memories have a minimum size
/// of zero, so that their stand-ins take no room.
pub(super) fn imports(module: &Node<'_>, section: &[u8], guard: Guard) -> Vec<u8> {
    let reader = ImportSectionReader::new(BinaryReader::new_features(section, 0, features()));
    let mut imports = ImportSection::new();
    let mut memories = 0..;
    for import in reader.expect("the module is valid").into_imports() {
        let import = import.expect("the module is valid");
        let mut ty = RoundtripReencoder
            .entity_type(import.ty)
            .expect("a valid module has no types that cannot be written");
        match &mut ty {
            EntityType::Memory(ty) => {
                let is_used = memories
                    .next()
                    .map(MemoryIndex)
                    .is_none_or(|index| !module.external.memory(index));
                if guard == Guard::On && !is_used {
                    ty.minimum = 0;
                }
            }
            EntityType::Table(ty) if guard == Guard::On => ty.minimum = 0,
            _ => {}
        }
        imports.import(import.module, import.name, ty);
    }
    contents(&imports)
}

/// Adds the traps, and returns the state that each number stands for.
pub(super) fn guard(module: &Node<'_>, additions: &mut Additions) -> Vec<ExternalPlace> {
    if module.external.is_empty() {
        return Vec::new();
    }
    let touched = additions.flag(module);
    export_global(additions, Injected::Touched, touched);
    let mut touches: Vec<Touch> = Vec::new();
    for body in &module.bodies {
        let bytes = &module.wasm[body.code_start..body.range.end];
        let reader = BinaryReader::new_features(bytes, body.code_start, features());
        let mut operators = wasmparser::OperatorsReader::new(reader);
        while let Ok((operator, position)) = operators.read_with_offset() {
            let Some(touch) = external_touch(module, operator) else {
                continue;
            };
            let number = touches
                .iter()
                .position(|known| *known == touch)
                .unwrap_or_else(|| {
                    touches.push(touch);
                    touches.len() - 1
                });
            let number = i32::try_from(number + 1).unwrap_or(i32::MAX);
            additions.insert(
                position,
                &[
                    Instruction::I32Const(number),
                    Instruction::GlobalSet(touched.0),
                    Instruction::Unreachable,
                ],
            );
        }
    }
    touches.into_iter().map(|touch| place(module, touch)).collect()
}

/// The external state that an instruction touches, if any.
pub(crate) fn touched(module: &Node<'_>, operator: Operator<'_>) -> Option<ExternalPlace> {
    external_touch(module, operator).map(|touch| place(module, touch))
}

fn external_touch(module: &Node<'_>, operator: Operator<'_>) -> Option<Touch> {
    // `elem.drop` has no effect outside of the instance, and the snapshot has the segments that were dropped.
    if matches!(operator, Operator::ElemDrop { .. }) {
        return None;
    }
    if let Operator::Throw { tag_index } = operator {
        return module.external.tag(tag_index).then_some(Touch::Throw(tag_index));
    }
    let mut touches = Touches::default();
    // A valid module has no instruction that cannot be re-encoded.
    let _ = touches.instruction(operator);
    let external = &module.external;
    touches.0.into_iter().find(|touch| match *touch {
        Touch::Memory(index) => external.memory(index),
        Touch::Table(index) => external.table(index),
        Touch::Global(index) => external.global(index) && !external.is_token(index),
        Touch::Element(index) => external.element(index),
        Touch::Throw(index) => external.tag(index),
    })
}

fn place(module: &Node<'_>, touch: Touch) -> ExternalPlace {
    let import = module.imports.iter().find(|import| match (import.kind, touch) {
        (ImportKind::Memory(import), Touch::Memory(index)) => import == index,
        (ImportKind::Table(import), Touch::Table(index)) => import == index,
        (ImportKind::Global(import), Touch::Global(index)) => import == index,
        (ImportKind::Tag(import), Touch::Throw(index)) => import == index,
        _ => false,
    });
    let (space, index) = match touch {
        Touch::Memory(MemoryIndex(index)) => (Space::Memory, index),
        Touch::Table(TableIndex(index)) => (Space::Table, index),
        Touch::Global(GlobalIndex(index)) => (Space::Global, index),
        Touch::Element(ElementIndex(index)) => (Space::ElementSegment, index),
        Touch::Throw(_) => {
            let import = import.expect("only an imported tag is external");
            return ExternalPlace::Tag {
                module: import.module.to_owned(),
                name: import.name.to_owned(),
            };
        }
    };
    match import {
        Some(import) => ExternalPlace::Imported {
            space,
            module: import.module.to_owned(),
            name: import.name.to_owned(),
        },
        None => ExternalPlace::Derived { space, index },
    }
}
