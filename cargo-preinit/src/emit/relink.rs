//! A module without what is not alive, with new indices for what is.
//!
//! Every number is written as short as it can be: linkers leave room in the numbers of code.

use std::ops::Range;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, CustomSection, DataCountSection, ElementSection, Elements, Encode as _, ExportSection,
    FunctionSection, GlobalSection, ImportSection, Instruction, MemorySection, Module, Section, SectionId,
    StartSection, TableSection, TagSection, TypeSection,
};
use wasmparser::{
    BinaryReader, CustomSectionReader, Data, DataKind, ElementItems, ElementKind, ImportSectionReader,
    KnownCustom, TypeSectionReader,
};

use super::liveness::Alive;
use super::names;
use super::parts::Parts;
use crate::emit::index_map::IndexMap;
use crate::guest::index::{DataIndex, MemoryIndex, TypeIndex, enumerate};
use crate::guest::{RawSection, constant, count, features, is_marked};
use crate::wasm::splice::DataContents;

/// What something alive names is not.
#[derive(Debug, thiserror::Error)]
#[error("{0} {1} is gone, and is used")]
pub(super) struct Gone(&'static str, u32);

type Result<T = ()> = std::result::Result<T, Error<Gone>>;

/// The new indices of what is alive.
///
/// Functions that many instructions name come first, since their numbers are the shorter then; all else keeps its order.
pub(super) fn number(parts: &Parts<'_>, alive: &Alive) -> IndexMap {
    let in_order = |flags: &[bool]| {
        let mut next = 0..;
        let indices = flags.iter().map(|flag| flag.then(|| next.next()).flatten());
        indices.collect::<Vec<Option<u32>>>()
    };
    let elements: Vec<bool> = enumerate(&parts.elements)
        .map(|(index, element)| {
            let is_active = matches!(element.kind, ElementKind::Active { .. });
            is_marked(&alive.elements, index) || (is_active && alive.has_items(&element.kind))
        })
        .collect();
    let data: Vec<bool> = enumerate(&parts.data)
        .map(|(index, data)| {
            is_marked(&alive.data, index)
                || matches!(data.kind, DataKind::Active { memory_index, .. } if is_marked(&alive.memories, memory_index))
        })
        .collect();
    let types = if parts.are_types_plain {
        in_order(&alive.types)
    } else {
        (0..parts.types).map(Some).collect()
    };
    let mut functions = vec![None; alive.functions.len()];
    for (new, old) in (0..).zip(order(parts, alive)) {
        functions[old as usize] = Some(new);
    }
    IndexMap {
        types,
        functions,
        tables: in_order(&alive.tables),
        memories: in_order(&alive.memories),
        globals: in_order(&alive.globals),
        tags: in_order(&alive.tags),
        elements: in_order(&elements),
        data: in_order(&data),
    }
}

/// The functions that are alive, in their new order.
fn order(parts: &Parts<'_>, alive: &Alive) -> Vec<u32> {
    /// How many functions have numbers of one byte.
    const SHORT: usize = 1 << 7;
    let imported = parts.imported.functions;
    let own =
        (imported..count(alive.functions.len())).filter(|function| is_marked(&alive.functions, *function));
    let mut own: Vec<u32> = own.collect();
    let mut often = own.clone();
    often.sort_by_key(|function| std::cmp::Reverse(alive.mentions[*function as usize]));
    often.truncate(SHORT.saturating_sub(imported as usize));
    let mut is_often = vec![false; alive.functions.len()];
    for function in &often {
        is_often[*function as usize] = true;
    }
    own.retain(|function| !is_often[*function as usize]);
    (0..imported).chain(often).chain(own).collect()
}

/// What is alive, written down.
pub(super) struct Relinked {
    front: Vec<u8>,
    /// Where the contents of memories stand that come next, in the module that shrinks: they can be most of it, and stay
    /// where they are.
    data: Option<Range<usize>>,
    back: Vec<u8>,
}

impl Relinked {
    pub(super) fn len(&self) -> usize {
        self.front.len() + self.data.as_ref().map_or(0, Range::len) + self.back.len()
    }

    /// The module, in the bytes of the one that it was made from.
    pub(super) fn into_wasm(self, mut old: Vec<u8>) -> Vec<u8> {
        let Some(data) = self.data else {
            return self.front;
        };
        old.truncate(data.end);
        old.splice(..data.start, self.front);
        old.extend(self.back);
        old
    }
}

/// Writes what is alive.
pub(super) fn relink(parts: &Parts<'_>, alive: &Alive, indices: &IndexMap) -> Result<Relinked> {
    let mut relink = Relink {
        parts,
        indices,
        elements: None,
        front: None,
        output: Module::new(),
    };
    relink.elements = Some(relink.element_section(alive)?).filter(|section| !section.is_empty());
    for section in &parts.sections {
        relink.section(section)?;
    }
    let rest = relink.output.finish();
    Ok(match relink.front {
        None => Relinked {
            front: rest,
            data: None,
            back: Vec::new(),
        },
        Some((front, data)) => Relinked {
            front,
            data: Some(data),
            back: rest[Module::HEADER.len()..].to_vec(),
        },
    })
}

struct Relink<'p, 'a> {
    parts: &'p Parts<'a>,
    indices: &'p IndexMap,
    /// Until it is written: a guest whose functions need not be declared has none, and may need one now.
    elements: Option<ElementSection>,
    /// What comes before contents of memories that stay where they are, and where these are.
    front: Option<(Vec<u8>, Range<usize>)>,
    output: Module,
}

impl<'a> Relink<'_, 'a> {
    fn section(&mut self, section: &RawSection) -> Result {
        let parts = self.parts;
        let bytes = parts.bytes(section);
        let reader = || BinaryReader::new_features(bytes, section.range.start, features());
        let indices = self.indices;
        let is = |id: SectionId| section.id == u8::from(id);
        let is_behind_elements = is(SectionId::DataCount) || is(SectionId::Code) || is(SectionId::Data);
        if (is_behind_elements || is(SectionId::Element))
            && let Some(elements) = self.elements.take()
        {
            self.output.section(&elements);
        }
        if is(SectionId::Custom) {
            self.custom(bytes);
        } else if is(SectionId::Type) {
            let mut types = TypeSection::new();
            for (index, group) in (0..).zip(TypeSectionReader::new(reader())?) {
                // Where types can be left out, each is a group of its own.
                if !parts.are_types_plain || indices.ty(TypeIndex(index)).is_some() {
                    self.names().parse_recursive_type_group(types.ty(), group?)?;
                }
            }
            self.add(&types, types.len());
        } else if is(SectionId::Import) {
            let mut imports = ImportSection::new();
            let reader = ImportSectionReader::new(reader())?;
            self.names().parse_import_section(&mut imports, reader)?;
            self.add(&imports, imports.len());
        } else if is(SectionId::Function) {
            let mut functions = FunctionSection::new();
            for function in self.own_functions() {
                let ty = parts.functions[(function - parts.imported.functions) as usize];
                functions.function(self.names().type_index(ty)?);
            }
            self.add(&functions, functions.len());
        } else if is(SectionId::Table) {
            let mut tables = TableSection::new();
            for table in kept(&parts.tables, parts.imported.tables, &indices.tables) {
                self.names().parse_table(&mut tables, table.clone())?;
            }
            self.add(&tables, tables.len());
        } else if is(SectionId::Memory) {
            let mut memories = MemorySection::new();
            for memory in kept(&parts.memories, parts.imported.memories, &indices.memories) {
                memories.memory(self.names().memory_type(*memory)?);
            }
            self.add(&memories, memories.len());
        } else if is(SectionId::Tag) {
            let mut tags = TagSection::new();
            for tag in kept(&parts.tags, parts.imported.tags, &indices.tags) {
                tags.tag(self.names().tag_type(*tag)?);
            }
            self.add(&tags, tags.len());
        } else if is(SectionId::Global) {
            let mut globals = GlobalSection::new();
            for global in kept(&parts.globals, parts.imported.globals, &indices.globals) {
                self.names().parse_global(&mut globals, global.clone())?;
            }
            self.add(&globals, globals.len());
        } else if is(SectionId::Export) {
            let mut exports = ExportSection::new();
            for export in &parts.exports {
                self.names().parse_export(&mut exports, *export)?;
            }
            self.add(&exports, exports.len());
        } else if let Some(start) = parts.start.filter(|_| is(SectionId::Start)) {
            let function_index = self.names().function_index(start)?;
            self.output.section(&StartSection { function_index });
        } else if is(SectionId::DataCount) {
            let count = count(indices.data.iter().flatten().count());
            self.add(&DataCountSection { count }, count);
        } else if is(SectionId::Code) {
            let code = self.code()?;
            self.add(&code, code.len());
        } else if is(SectionId::Data) {
            self.data(section)?;
        }
        Ok(())
    }

    /// Adds a section of that many entries, if there are any.
    fn add(&mut self, section: &impl Section, entries: u32) {
        if entries > 0 {
            self.output.section(section);
        }
    }

    fn names(&self) -> Renumber<'_> {
        Renumber(self.indices)
    }

    /// The functions that are not imported, in their new order.
    fn own_functions(&self) -> Vec<u32> {
        let mut own: Vec<(u32, u32)> = enumerate(&self.indices.functions)
            .skip(self.parts.imported.functions as usize)
            .filter_map(|(old, new)| new.map(|new| (new, old)))
            .collect();
        own.sort_unstable();
        own.into_iter().map(|(_, old)| old).collect()
    }

    fn code(&self) -> Result<CodeSection> {
        let bodies: Vec<Result<Vec<u8>>> = self
            .own_functions()
            .par_iter()
            .map(|function| self.body(*function))
            .collect();
        let mut code = CodeSection::new();
        for body in bodies {
            code.raw(&body?);
        }
        Ok(code)
    }

    fn body(&self, function: u32) -> Result<Vec<u8>> {
        let body = self.parts.body(function).expect("every function has a body");
        let mut names = self.names();
        let mut function = names.new_function_with_parsed_locals(&body)?;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            // The rewrite fills bodies up that do nothing any more.
            match names.parse_instruction(&mut operators)? {
                Instruction::Nop => {}
                instruction => drop(function.instruction(&instruction)),
            }
        }
        Ok(function.into_raw_body())
    }

    /// A segment whose table is gone stays where an instruction names it, as what it is after instantiation: empty. What
    /// is declared is so for `ref.func` in code, of which there is less.
    fn element_section(&self, alive: &Alive) -> Result<ElementSection> {
        let parts = self.parts;
        let mut section = ElementSection::new();
        for element in kept(&parts.elements, 0, &self.indices.elements) {
            if alive.has_items(&element.kind) {
                self.names().parse_element(&mut section, element.clone())?;
            } else {
                section.passive(match &element.items {
                    ElementItems::Functions(_) => Elements::Functions([].as_slice().into()),
                    ElementItems::Expressions(ty, _) => {
                        Elements::Expressions(self.names().ref_type(*ty)?, [].as_slice().into())
                    }
                });
            }
        }
        let missing = alive.undeclared.iter();
        let missing: Vec<u32> = missing
            .map(|function| self.names().function_index(*function))
            .collect::<Result<_>>()?;
        if !missing.is_empty() {
            section.declared(Elements::Functions(missing.into()));
        }
        Ok(section)
    }

    fn data(&mut self, section: &RawSection) -> Result {
        let parts = self.parts;
        let is_as_it_was = |(index, segment): (u32, &Data<'_>)| {
            self.indices.data(DataIndex(index)) == Some(DataIndex(index))
                && match &segment.kind {
                    DataKind::Active {
                        memory_index,
                        offset_expr,
                    } => {
                        let memory = MemoryIndex(*memory_index);
                        // Others can name globals.
                        constant(offset_expr).is_some() && self.indices.memory(memory) == Some(memory)
                    }
                    DataKind::Passive => true,
                }
        };
        if enumerate(&parts.data).all(is_as_it_was) {
            let mut front = std::mem::take(&mut self.output).finish();
            front.push(section.id);
            section.range.len().encode(&mut front);
            self.front = Some((front, section.range.clone()));
            return Ok(());
        }
        let kept: Vec<_> = kept(&parts.data, 0, &self.indices.data).collect();
        let len = kept.iter().map(|segment| segment.data.len()).sum();
        let count = count(kept.len());
        let mut data = DataContents::new(count, len);
        for segment in kept {
            match &segment.kind {
                DataKind::Active {
                    memory_index,
                    offset_expr,
                } => match self.indices.memory(MemoryIndex(*memory_index)) {
                    Some(memory) => {
                        let offset = self.names().const_expr(offset_expr.clone())?;
                        data.active(memory.0, &offset, segment.data);
                    }
                    // As for elements.
                    None => data.passive(&[]),
                },
                DataKind::Passive => data.passive(segment.data),
            }
        }
        let contents = wasm_encoder::RawSection {
            id: section.id,
            data: &data.finish(),
        };
        self.add(&contents, count);
        Ok(())
    }

    fn custom(&mut self, bytes: &'a [u8]) {
        let section = CustomSectionReader::new(BinaryReader::new(bytes, 0)).expect("it was read before");
        match section.as_known() {
            KnownCustom::Name(names) => {
                let names = names::section(names, self.indices);
                if !names.as_custom().data.is_empty() {
                    self.output.section(&names);
                }
            }
            _ => {
                self.output.section(&CustomSection {
                    name: section.name().into(),
                    data: section.data().into(),
                });
            }
        }
    }
}

/// What is kept of an index space, in its order, without what is imported.
fn kept<'p, T>(own: &'p [T], imported: u32, indices: &'p [Option<u32>]) -> impl Iterator<Item = &'p T> {
    let indices = &indices[imported as usize..];
    own.iter()
        .zip(indices)
        .filter_map(|(it, index)| index.is_some().then_some(it))
}

/// Gives everything its new index.
struct Renumber<'a>(&'a IndexMap);

macro_rules! renumbered {
    ($($method:ident $space:ident $what:literal)*) => {$(
        fn $method(&mut self, index: u32) -> Result<u32> {
            let new = self.0.$space.get(index as usize).copied().flatten();
            new.ok_or(Error::UserError(Gone($what, index)))
        }
    )*};
}

impl Reencode for Renumber<'_> {
    type Error = Gone;

    renumbered! {
        type_index types "type"
        function_index functions "function"
        table_index tables "table"
        memory_index memories "memory"
        global_index globals "global"
        tag_index tags "tag"
        element_index elements "element segment"
        data_index data "data segment"
    }
}
