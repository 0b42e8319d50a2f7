//! Reads a run copy that is to be split.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{EntityType, HeapType, ValType};
use wasmparser::{
    CompositeInnerType, ElementItems, ExternalKind, KnownCustom, Name, Operator, Parser, Payload, TypeRef,
    WasmFeatures,
};

use super::{MAX_GLOBALS, SegmentUse, Split};
use crate::guest::index::{FunctionIndex, TableIndex};
use crate::guest::{Node, OperandKind, SegmentMode, constant, count};

/// From how many functions in element segments on a table is made still, where it can be. Engines take a million imports and exports, and
/// each costs some time.
const MANY_REFERENCES: usize = 50_000;

/// The functions that references lead to.
#[derive(Default)]
struct References {
    by_elements: BTreeSet<u32>,
    elsewhere: BTreeSet<u32>,
}

pub(super) fn read(node: &Node<'_>, wasm: &Arc<Vec<u8>>) -> wasmparser::Result<Option<Split>> {
    let mut this = Split {
        wasm: Arc::clone(wasm),
        sections: Vec::new(),
        types: Vec::new(),
        imported_functions: 0,
        functions: Vec::new(),
        bodies: Vec::new(),
        memories: Vec::new(),
        tables: Vec::new(),
        globals: Vec::new(),
        tags: Vec::new(),
        exports: Vec::new(),
        referenced: Vec::new(),
        segment_uses: BTreeSet::new(),
        calls: Vec::new(),
        entries: None,
        has_tail_calls: node.proposals.contains(WasmFeatures::TAIL_CALL),
        operands: Vec::new(),
        names: OnceLock::new(),
    };
    let mut references = References::default();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        this.sections.extend(payload.as_section());
        if this.note(payload, &mut references)?.is_none() {
            return Ok(None);
        }
    }
    let exported = this
        .exports
        .iter()
        .filter(|(_, kind, _)| *kind == ExternalKind::Func);
    references.elsewhere.extend(exported.map(|(.., index)| *index));
    if references.by_elements.len() >= MANY_REFERENCES {
        this.entries = entries(node, &this);
    }
    let mut referenced = references.elsewhere;
    if this.entries.is_none() {
        referenced.extend(references.by_elements);
    }
    this.referenced = referenced.into_iter().map(FunctionIndex).collect();
    this.segment_uses = segment_uses(node)?;
    this.operands = this.bodies.iter().map(|_| OnceLock::new()).collect();
    this.calls = calls(node, &this);
    let of_tables = this.tables.iter().map(|table| ValType::Ref(table.element_type));
    let of_globals = this.globals.iter().map(|global| global.val_type);
    let mut of_state = of_tables.chain(of_globals);
    let is_simple = this.globals.len() <= MAX_GLOBALS && of_state.all(is_simple);
    Ok(is_simple.then_some(this))
}

impl Split {
    /// Notes what a section has; `None` if it cannot be split.
    fn note(&mut self, payload: Payload<'_>, references: &mut References) -> wasmparser::Result<Option<()>> {
        let mut types = RoundtripReencoder;
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.into_types() {
                        let CompositeInnerType::Func(function) = ty.composite_type.inner else {
                            return Ok(None);
                        };
                        match types.func_type(function) {
                            Ok(function)
                                if function
                                    .params()
                                    .iter()
                                    .chain(function.results())
                                    .copied()
                                    .all(is_simple) =>
                            {
                                self.types.push(function);
                            }
                            _ => return Ok(None),
                        }
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                            self.imported_functions += 1;
                            self.functions.push(ty);
                        }
                        ty => match types.entity_type(ty) {
                            Ok(EntityType::Table(ty)) => self.tables.push(ty),
                            Ok(EntityType::Memory(ty)) => self.memories.push(ty),
                            Ok(EntityType::Global(ty)) => self.globals.push(ty),
                            Ok(EntityType::Tag(ty)) => self.tags.push(ty),
                            _ => return Ok(None),
                        },
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    let table = table?;
                    if let wasmparser::TableInit::Expr(init) = table.init {
                        note_references(&init, &mut references.elsewhere)?;
                    }
                    let Ok(ty) = types.table_type(table.ty) else {
                        return Ok(None);
                    };
                    self.tables.push(ty);
                }
            }
            Payload::MemorySection(section) => {
                for ty in section {
                    let Ok(ty) = types.memory_type(ty?) else {
                        return Ok(None);
                    };
                    self.memories.push(ty);
                }
            }
            Payload::TagSection(section) => {
                for ty in section {
                    let Ok(ty) = types.tag_type(ty?) else {
                        return Ok(None);
                    };
                    self.tags.push(ty);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global?;
                    note_references(&global.init_expr, &mut references.elsewhere)?;
                    let Ok(ty) = types.global_type(global.ty) else {
                        return Ok(None);
                    };
                    self.globals.push(ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    self.exports
                        .push((export.name.to_owned(), export.kind, export.index));
                }
            }
            Payload::ElementSection(section) => {
                for segment in section {
                    match segment?.items {
                        ElementItems::Functions(functions) => {
                            for function in functions {
                                references.by_elements.insert(function?);
                            }
                        }
                        ElementItems::Expressions(_, items) => {
                            for item in items {
                                note_references(&item?, &mut references.by_elements)?;
                            }
                        }
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body.range()),
            _ => {}
        }
        Ok(Some(()))
    }
}

/// The functions of the guest's only table, by its slots; `None` if it is not still.
fn entries(node: &Node<'_>, split: &Split) -> Option<Vec<u32>> {
    let [table] = split.tables.as_slice() else {
        return None;
    };
    let is_still = !table.table64
        && node.imported_tables == 0
        && !node.code.written_tables.contains(&true)
        && !node.code.functions_by_code.contains(&true)
        && !node.code.used_elements.contains(&true)
        && !reads_table(node);
    if !is_still {
        return None;
    }
    let size = usize::try_from(table.minimum).unwrap_or(usize::MAX);
    let mut entries: Vec<u32> = Vec::new();
    for segment in &node.elements {
        match segment.mode {
            SegmentMode::Declared => continue,
            SegmentMode::Active(TableIndex(0)) => {}
            SegmentMode::Active(_) | SegmentMode::Passive => return None,
        }
        let mut functions = Vec::new();
        match segment.items.clone() {
            ElementItems::Functions(items) => {
                for function in items {
                    functions.push(function.ok()?);
                }
            }
            ElementItems::Expressions(_, items) => {
                for item in items {
                    let mut operators = item.ok()?.get_operators_reader();
                    functions.push(match operators.read().ok()? {
                        Operator::RefFunc { function_index } => function_index,
                        Operator::RefNull { .. } => u32::MAX,
                        _ => return None,
                    });
                }
            }
        }
        let start = usize::try_from(segment.offset.as_ref().and_then(constant)?).ok()?;
        // A segment that does not fit traps, whatever it has.
        let end = start.checked_add(functions.len())?;
        if end > size {
            return None;
        }
        // A table may be as large as engines take, and nearly empty.
        entries.resize(entries.len().max(end), u32::MAX);
        entries[start..end].copy_from_slice(&functions);
    }
    Some(entries)
}

/// Whether an instruction takes a reference out of a table: that would be a stub.
fn reads_table(node: &Node<'_>) -> bool {
    let reads = |operator: wasmparser::Result<Operator<'_>>| match operator {
        Ok(operator) => matches!(operator, Operator::TableGet { .. } | Operator::TableCopy { .. }),
        // Of what cannot be read nothing is known.
        Err(_) => true,
    };
    node.bodies.iter().any(|body| {
        let bytes = node.bytes(&body.range);
        let operands = body.operands.iter();
        let mut instructions = operands.filter(|operand| operand.kind == OperandKind::Instruction);
        instructions.any(|operand| reads(operand.instruction(bytes)))
    })
}

/// Where the names of functions are in the name section, in ascending order of the functions. As in the engine, what is in front of a
/// mistake counts.
pub(super) fn names(wasm: &[u8]) -> Vec<(u32, Range<usize>)> {
    let mut names = Vec::new();
    let _ = note_names(wasm, &mut names);
    names.sort_by_key(|(index, _)| *index);
    names
}

fn note_names(wasm: &[u8], names: &mut Vec<(u32, Range<usize>)>) -> wasmparser::Result<()> {
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CustomSection(section) = payload? else {
            continue;
        };
        let KnownCustom::Name(subsections) = section.as_known() else {
            continue;
        };
        for subsection in subsections {
            let Name::Function(functions) = subsection? else {
                continue;
            };
            for naming in functions {
                let naming = naming?;
                let start = naming.name.as_ptr().addr() - wasm.as_ptr().addr();
                names.push((naming.index, start..start + naming.name.len()));
            }
        }
    }
    Ok(())
}

/// Notes the functions that a constant expression refers to.
fn note_references(
    expression: &wasmparser::ConstExpr<'_>,
    referenced: &mut BTreeSet<u32>,
) -> wasmparser::Result<()> {
    for operator in expression.get_operators_reader() {
        if let Operator::RefFunc { function_index } = operator? {
            referenced.insert(function_index);
        }
    }
    Ok(())
}

/// The uses of segments by the instructions of a guest. The run copy adds none.
fn segment_uses(node: &Node<'_>) -> wasmparser::Result<BTreeSet<SegmentUse>> {
    let mut uses = BTreeSet::new();
    if !node.code.used_data.contains(&true) && !node.code.used_elements.contains(&true) {
        return Ok(uses);
    }
    for body in &node.bodies {
        let bytes = node.bytes(&body.range);
        for operand in &body.operands {
            if operand.kind == OperandKind::Instruction {
                uses.extend(SegmentUse::of(&operand.instruction(bytes)?));
            }
        }
    }
    Ok(uses)
}

/// How many instructions call each function that is not imported: those of the guest, and of what is added.
fn calls(node: &Node<'_>, split: &Split) -> Vec<u32> {
    let mut calls = vec![0_u32; split.own_functions()];
    let added = count(node.bodies.len())..count(split.own_functions());
    let of_added = added.flat_map(|slot| split.callees(slot).collect::<Vec<u32>>());
    let of_guest = node.bodies.iter().flat_map(|body| body.callees());
    let of_guest = of_guest.filter_map(|callee| split.slot(callee));
    for callee in of_guest.chain(of_added) {
        if let Some(calls) = calls.get_mut(callee as usize) {
            *calls = calls.saturating_add(1);
        }
    }
    calls
}

/// Whether a type is no typed reference to functions, which a reference that is read from a global would not be.
fn is_simple(ty: ValType) -> bool {
    match ty {
        ValType::Ref(ty) => ty.nullable && matches!(ty.heap_type, HeapType::Abstract { .. }),
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => true,
    }
}
