//! Types, imports, tags, functions and their bodies.
//!
//! The constructors have run, so their body does nothing. Initializers that never run again trap, so that what they called can be
//! removed. All other bodies are the guest's, byte by byte or with other indices.

use std::borrow::Cow;

use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    Encode as _, EntityType, FunctionSection, ImportSection, Instruction, SectionId, TagSection, TypeSection,
};
use wasmparser::{BinaryReader, FunctionBody};

use super::draft::{Draft, tag_type};
use super::layout::{Layout, Relinked, Renumber, Style};
use super::liveness::are_types_plain;
use super::stubs;
use crate::guest::index::{FunctionIndex, MemoryIndex, TypeIndex, enumerate};
use crate::guest::{Body, Operand, OperandKind, count, features, leb128_len};
use crate::wasm::splice::{extended, leading_number};

const NOP: u8 = 0x01;

/// A body without locals and instructions.
const EMPTY: [u8; 2] = [0x00, 0x0b];

/// A body of `unreachable`.
const TRAP: [u8; 3] = [0x00, 0x00, 0x0b];

/// How many bodies a thread writes at a time.
const AT_ONCE: usize = 256;

/// The type section of a relinked output.
pub(super) fn types(draft: &Draft<'_>, layout: &Layout) -> Relinked<TypeSection> {
    let mut section = TypeSection::new();
    let mut names = layout.names();
    let guest = draft.context.guest;
    let are_plain = are_types_plain(guest);
    let mut groups = guest.recursion_groups.iter().peekable();
    let mut next = 0;
    loop {
        // A recursion group may be empty, also behind the last type.
        if let Some(group) = groups.next_if(|group| group.start == next) {
            let types = &guest.types[group.start as usize..group.end as usize];
            let types = types.iter().map(|ty| names.sub_type(ty.clone()));
            let types = types.collect::<Result<Vec<_>, _>>()?;
            section.ty().rec(types);
            next = group.end;
            continue;
        }
        let Some(ty) = guest.types.get(next as usize) else {
            break;
        };
        // Where types can be removed, each is a group of its own.
        if !are_plain || layout.indices.ty(TypeIndex(next)).is_some() {
            section.ty().subtype(&names.sub_type(ty.clone())?);
        }
        next += 1;
    }
    if let Some(added) = draft.added_type
        && layout.indices.ty(added).is_some()
    {
        section.ty().function([], []);
    }
    Ok(section)
}

/// The guest's type section, with the added type.
pub(super) fn spliced_types<'a>(draft: &Draft<'_>, old: Option<&'a [u8]>) -> Option<Cow<'a, [u8]>> {
    let procedure: &[u8] = &[0x60, 0x00, 0x00]; // (func)
    extended(old, u32::from(draft.added_type.is_some()), procedure)
}

/// The import section. All imports stay but those that the output has itself, since a host can see them.
pub(super) fn imports(draft: &Draft<'_>, layout: &Layout) -> Relinked<ImportSection> {
    let mut section = ImportSection::new();
    let mut names = layout.names();
    for import in draft.imports() {
        let ty: EntityType = names.entity_type(draft.context.import_type(import))?;
        section.import(import.module, import.name, ty);
    }
    Ok(section)
}

/// The tag section.
pub(super) fn tags(draft: &Draft<'_>, layout: &Layout) -> Relinked<TagSection> {
    let mut section = TagSection::new();
    let mut names = layout.names();
    let guest = draft.context.guest;
    for (index, ty) in enumerate(&guest.tags).skip(guest.imported_tags as usize) {
        if layout.indices.tag(index).is_some() {
            section.tag(names.tag_type(tag_type(*ty))?);
        }
    }
    Ok(section)
}

/// The function section of a relinked output.
pub(super) fn functions(draft: &Draft<'_>, layout: &Layout) -> Relinked<FunctionSection> {
    let mut section = FunctionSection::new();
    let mut names = layout.names();
    for function in own_functions(draft, layout) {
        section.function(names.type_index(draft.type_of(function).0)?);
    }
    Ok(section)
}

/// The guest's function section, with the added functions.
pub(super) fn spliced_functions<'a>(draft: &Draft<'_>, old: Option<&'a [u8]>) -> Option<Cow<'a, [u8]>> {
    let mut entries = Vec::new();
    for function in &draft.added_functions {
        function.ty.0.encode(&mut entries);
    }
    extended(old, count(draft.added_functions.len()), &entries)
}

/// The functions that are not imported, in the order of the output.
fn own_functions(draft: &Draft<'_>, layout: &Layout) -> Vec<FunctionIndex> {
    let guest = draft.context.guest;
    let stubs = &draft.context.plan.stubs;
    let mut own: Vec<(u32, u32)> = enumerate(&layout.indices.functions)
        .filter(|(old, _)| *old >= guest.imported_functions || stubs.contains_key(&FunctionIndex(*old)))
        .filter_map(|(old, new)| new.map(|new| (new, old)))
        .collect();
    own.sort_unstable();
    own.into_iter().map(|(_, old)| FunctionIndex(old)).collect()
}

/// Whether every body of the guest keeps its position in the code section, if the output is spliced.
pub(super) fn keeps_positions(draft: &Draft<'_>) -> bool {
    let guest = draft.context.guest;
    let code_id = u8::from(SectionId::Code);
    let old = guest.sections.iter().find(|section| section.id == code_id);
    let is_width_kept = old.is_none_or(|old| {
        let (bodies, width) = leading_number(guest.bytes(&old.range));
        let added = count(draft.added_functions.len());
        added == 0 || leb128_len(bodies + added) == width
    });
    is_width_kept && draft.context.image.objects.globals.is_empty()
}

/// The guest's code section, with the added functions. Emptied bodies keep their length, so that all other bodies keep their
/// position.
pub(super) fn spliced<'a>(draft: &Draft<'a>, layout: &Layout) -> Relinked<Option<Cow<'a, [u8]>>> {
    let guest = draft.context.guest;
    let code_id = u8::from(SectionId::Code);
    let old = guest.sections.iter().find(|section| section.id == code_id);
    let mut added = Vec::new();
    for function in &draft.added_functions {
        function
            .body(&draft.context, &mut layout.names())?
            .encode(&mut added);
    }
    let contents = extended(
        old.map(|section| guest.bytes(&section.range)),
        count(draft.added_functions.len()),
        &added,
    );
    let Some(old) = old else { return Ok(contents) };
    let Some(mut contents) = contents else {
        return Ok(None);
    };
    let (_, width) = leading_number(&contents);
    let (_, old_width) = leading_number(guest.bytes(&old.range));
    let plan = draft.context.plan;
    for function in plan.constructors.iter().chain(&plan.dead_initializers) {
        let filled = draft.emptied_body(*function, Style::Splice);
        if let (Some(filled), Some(body)) = (filled, guest.body(*function)) {
            let start = body.range.start - old.range.start + width - old_width;
            contents.to_mut()[start..start + body.range.len()].copy_from_slice(&filled);
        }
    }
    Ok(Some(contents))
}

/// The code section with other indices, as consecutive parts; no parts if there is no code.
pub(super) fn relinked(draft: &Draft<'_>, layout: &Layout) -> Relinked<Vec<Vec<u8>>> {
    let functions = own_functions(draft, layout);
    let parts: Vec<Relinked<Vec<u8>>> = functions
        .par_chunks(AT_ONCE)
        .map(|functions| {
            let mut part = Vec::new();
            let mut body = Vec::new();
            for function in functions {
                body.clear();
                draft.body(*function, layout, &mut body)?;
                body.encode(&mut part); // with its length
            }
            Ok(part)
        })
        .collect();
    let mut contents = Vec::with_capacity(parts.len() + 1);
    if !functions.is_empty() {
        let mut head = Vec::new();
        count(functions.len()).encode(&mut head);
        contents.push(head);
    }
    for part in parts {
        contents.push(part?);
    }
    Ok(contents)
}

impl Draft<'_> {
    /// The body of a function that does nothing any more, or traps. Unless the output is relinked, `nop`s fill it to its old
    /// length.
    fn emptied_body(&self, function: FunctionIndex, style: Style) -> Option<Vec<u8>> {
        let plan = self.context.plan;
        let body = if plan.constructors == Some(function) {
            &EMPTY[..]
        } else if plan.dead_initializers.contains(&function) {
            &TRAP
        } else {
            return None;
        };
        let mut bytes = body.to_vec();
        if style != Style::Relink {
            let len = self.context.guest.body(function)?.range.len();
            let filler = len.saturating_sub(body.len());
            bytes.splice(body.len() - 1..body.len() - 1, std::iter::repeat_n(NOP, filler));
        }
        Some(bytes)
    }

    /// Adds the body of a function with the output's indices.
    fn body(&self, function: FunctionIndex, layout: &Layout, output: &mut Vec<u8>) -> Relinked {
        let guest = self.context.guest;
        if let Some(emptied) = self.emptied_body(function, layout.style) {
            output.extend(emptied);
        } else if let Some(stub) = self.context.plan.stubs.get(&function) {
            let results = guest.signature(function).map_or(&[][..], |ty| ty.results());
            output.extend(stubs::body(*stub, results).into_raw_body());
        } else if let Some(body) = guest.body(function) {
            write_body(body, guest.bytes(&body.range), layout, output)?;
        } else {
            let added = &self.added_functions[function.position() - guest.functions.len()];
            let body = added.body(&self.context, &mut layout.names())?;
            output.extend(body.into_raw_body());
        }
        Ok(())
    }
}

/// Adds a body of the guest with the layout's indices. The bytes between the operands are copied.
fn write_body(body: &Body, bytes: &[u8], layout: &Layout, output: &mut Vec<u8>) -> Relinked {
    let memory = MemoryIndex(0);
    let is_memory_moved = body.uses_memory && layout.indices.memory(memory) != Some(memory);
    if body.is_irregular || is_memory_moved {
        return reencode_body(bytes, layout, output);
    }
    let mut names = layout.names();
    let mut copied = 0;
    for operand in &body.operands {
        if is_kept(*operand, layout) {
            continue;
        }
        output.extend_from_slice(&bytes[copied..operand.offset as usize]);
        copied = operand.end();
        write_operand(*operand, bytes, &mut names, output)?;
    }
    output.extend_from_slice(&bytes[copied..]);
    Ok(())
}

/// Whether an operand is copied.
fn is_kept(operand: Operand, layout: &Layout) -> bool {
    match layout.style {
        Style::Relink => false,
        Style::Splice => true,
        Style::SpliceBehindGlobals => !matches!(operand.kind, OperandKind::Global | OperandKind::Instruction),
    }
}

fn write_operand(operand: Operand, body: &[u8], names: &mut Renumber<'_>, output: &mut Vec<u8>) -> Relinked {
    match operand.kind {
        OperandKind::Callee | OperandKind::Function => names.function_index(operand.value)?.encode(output),
        OperandKind::Global => names.global_index(operand.value)?.encode(output),
        OperandKind::TypeAndTable => {
            let (ty, table) = operand.type_and_table(body)?;
            names.type_index(ty)?.encode(output);
            names.table_index(table)?.encode(output);
        }
        OperandKind::Number => operand.value.cast_signed().encode(output),
        OperandKind::Offset => operand.value.encode(output),
        OperandKind::Nop => {}
        OperandKind::Instruction => names.instruction(operand.instruction(body)?)?.encode(output),
    }
    Ok(())
}

/// As [`write_body`], instruction by instruction.
fn reencode_body(bytes: &[u8], layout: &Layout, output: &mut Vec<u8>) -> Relinked {
    let body = FunctionBody::new(BinaryReader::new_features(bytes, 0, features()));
    let mut names = layout.names();
    let mut function = names.new_function_with_parsed_locals(&body)?;
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        match names.parse_instruction(&mut operators)? {
            Instruction::Nop if layout.style == Style::Relink => {}
            instruction => drop(function.instruction(&instruction)),
        }
    }
    output.extend(function.into_raw_body());
    Ok(())
}
