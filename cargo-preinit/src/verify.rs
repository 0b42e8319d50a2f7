//! The last look at the bytes that are about to be written.
//!
//! **In** those bytes, and the snapshot that they are made from. **Out** nothing, or what is wrong: any difference is a
//! bug of this tool, and nothing is written then. The module is validated as a whole, in release builds too; memories
//! and numbers are compared bit by bit, tables by size and by which slots are null.

use wasmparser::{ConstExpr, DataKind, ElementItems, ElementKind, Operator, Parser, Payload};

use crate::index::{MemoryIndex, TableIndex};
use crate::module::GuestModule;
use crate::snapshot::{GlobalState, MemoryState, Reference, Run, Snapshot, TableState, Value};

/// What the output has that it should not have, or the other way round.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the baked module is not what was captured: {0}")]
pub struct VerifyError(pub String);

type Result<T = ()> = std::result::Result<T, VerifyError>;

fn differs<T>(what: impl Into<String>) -> Result<T> {
    Err(VerifyError(what.into()))
}

/// Checks that the output is valid and holds the snapshot.
pub fn verify(output: &[u8], snapshot: &Snapshot) -> Result {
    let module = GuestModule::parse(output).map_err(|error| VerifyError(format!("{error}")))?;
    let segments = Segments::read(output).map_err(|error| VerifyError(format!("{error}")))?;
    for state in &snapshot.memories {
        check_memory(&module, &segments, state)?;
    }
    for state in &snapshot.globals {
        check_global(&module, state)?;
    }
    for state in &snapshot.tables {
        check_table(&module, &segments, state)?;
    }
    if module.start.is_some() {
        return differs("it has a start function");
    }
    Ok(())
}

/// The active segments, in the order in which they apply.
#[derive(Default)]
struct Segments {
    data: Vec<(MemoryIndex, Run)>,
    /// Table, offset and, for each slot, whether it is null.
    elements: Vec<(TableIndex, u64, Vec<bool>)>,
}

impl Segments {
    fn read(output: &[u8]) -> wasmparser::Result<Self> {
        let mut segments = Self::default();
        for payload in Parser::new(0).parse_all(output) {
            match payload? {
                Payload::DataSection(reader) => {
                    for data in reader {
                        let data = data?;
                        if let DataKind::Active {
                            memory_index,
                            offset_expr,
                        } = data.kind
                            && let Some(offset) = constant(&offset_expr)
                        {
                            let run = Run {
                                offset,
                                bytes: data.data.to_vec(),
                            };
                            segments.data.push((MemoryIndex(memory_index), run));
                        }
                    }
                }
                Payload::ElementSection(reader) => {
                    for element in reader {
                        segments.note_element(element?)?;
                    }
                }
                _ => {}
            }
        }
        Ok(segments)
    }

    fn note_element(&mut self, element: wasmparser::Element<'_>) -> wasmparser::Result<()> {
        let ElementKind::Active {
            table_index,
            offset_expr,
        } = element.kind
        else {
            return Ok(());
        };
        let Some(offset) = constant(&offset_expr) else {
            return Ok(());
        };
        let nulls = match element.items {
            ElementItems::Functions(functions) => vec![false; functions.count() as usize],
            ElementItems::Expressions(_, expressions) => expressions
                .into_iter()
                .map(|expression| Ok(matches!(first(&expression?), Some(Operator::RefNull { .. }))))
                .collect::<wasmparser::Result<_>>()?,
        };
        let table = TableIndex(table_index.unwrap_or(0));
        self.elements.push((table, offset, nulls));
        Ok(())
    }
}

fn first<'a>(expression: &ConstExpr<'a>) -> Option<Operator<'a>> {
    expression.get_operators_reader().into_iter().next()?.ok()
}

fn constant(expression: &ConstExpr<'_>) -> Option<u64> {
    match first(expression)? {
        Operator::I32Const { value } => Some(u64::from(value.cast_unsigned())),
        Operator::I64Const { value } => Some(value.cast_unsigned()),
        _ => None,
    }
}

fn check_memory(module: &GuestModule<'_>, segments: &Segments, state: &MemoryState) -> Result {
    let index = state.index;
    if module.memories[index.position()].initial != state.pages {
        return differs(format!("memory {index} has another size"));
    }
    let written: Vec<&Run> = segments
        .data
        .iter()
        .filter(|(memory, _)| *memory == index)
        .map(|(_, run)| run)
        .collect();
    if written.windows(2).any(|pair| pair[0].end() > pair[1].offset) {
        return differs(format!("segments of memory {index} overlap"));
    }
    let mut runs = state.runs.iter().peekable();
    for segment in written {
        let mut position = 0;
        while let Some(run) = runs.next_if(|run| run.end() <= segment.end()) {
            let Some(start) = run.offset.checked_sub(segment.offset) else {
                return differs(format!("memory {index} misses bytes at {:#x}", run.offset));
            };
            let start = usize::try_from(start).map_err(|error| VerifyError(error.to_string()))?;
            let end = start + run.bytes.len();
            let is_zero = segment.bytes[position..start].iter().all(|byte| *byte == 0);
            if !is_zero || segment.bytes[start..end] != run.bytes {
                return differs(format!("memory {index} differs near {:#x}", run.offset));
            }
            position = end;
        }
        if segment.bytes[position..].iter().any(|byte| *byte != 0) {
            return differs(format!(
                "memory {index} has bytes too many at {:#x}",
                segment.offset
            ));
        }
    }
    match runs.next() {
        Some(run) => differs(format!("memory {index} misses bytes at {:#x}", run.offset)),
        None => Ok(()),
    }
}

fn check_global(module: &GuestModule<'_>, state: &GlobalState) -> Result {
    let index = state.index;
    let init = module.globals[index.position()].init.as_ref();
    let is_same = match (init.and_then(first), state.value) {
        (Some(Operator::I32Const { value }), Value::I32(expected)) => value == expected,
        (Some(Operator::I64Const { value }), Value::I64(expected)) => value == expected,
        (Some(Operator::F32Const { value }), Value::F32(expected)) => value.bits() == expected,
        (Some(Operator::F64Const { value }), Value::F64(expected)) => value.bits() == expected,
        (Some(Operator::V128Const { value }), Value::V128(expected)) => {
            value.i128().cast_unsigned() == expected
        }
        (Some(Operator::RefNull { .. }), Value::Reference(Reference::Null))
        | (Some(Operator::RefFunc { .. }), Value::Reference(Reference::Function(_))) => true,
        _ => false,
    };
    if is_same {
        Ok(())
    } else {
        differs(format!("global {index} starts with another value"))
    }
}

fn check_table(module: &GuestModule<'_>, segments: &Segments, state: &TableState) -> Result {
    let index = state.index;
    let table = &module.tables[index.position()];
    if table.initial != state.slots.len() as u64 {
        return differs(format!("table {index} has another size"));
    }
    let mut is_null = vec![!module.table_has_init[index.position()]; state.slots.len()];
    for (_, offset, nulls) in segments.elements.iter().filter(|(table, ..)| *table == index) {
        let slots = usize::try_from(*offset)
            .ok()
            .and_then(|start| is_null.get_mut(start..start + nulls.len()));
        match slots {
            Some(slots) => slots.copy_from_slice(nulls),
            None => return differs(format!("a segment of table {index} is out of bounds")),
        }
    }
    let expected = state.slots.iter().map(|slot| *slot == Reference::Null);
    if is_null.into_iter().eq(expected) {
        Ok(())
    } else {
        differs(format!("table {index} has other null slots"))
    }
}
