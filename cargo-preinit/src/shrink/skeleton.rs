//! A baked module without the contents of its memories.
//!
//! Which code is dead does not depend on what is in memory, and variants of a guest differ in little else. So walrus gets
//! to see one empty segment for each memory, and the segments come back into what it made. If the next variant has the
//! same skeleton, walrus has nothing to do.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use wasm_encoder::{ConstExpr, DataCountSection, DataSection, RawSection};
use wasmparser::{DataKind, Operator, Parser, Payload};

use super::{Kept, Shrunk};
use crate::splice::add_active;

pub(super) struct Skeleton<'a> {
    pub(super) wasm: Vec<u8>,
    segments: Vec<Segment<'a>>,
}

struct Segment<'a> {
    memory: u32,
    offset: Offset,
    bytes: &'a [u8],
}

#[derive(Clone, Copy)]
enum Offset {
    I32(i32),
    I64(i64),
}

impl Offset {
    fn expression(self) -> ConstExpr {
        match self {
            Self::I32(value) => ConstExpr::i32_const(value),
            Self::I64(value) => ConstExpr::i64_const(value),
        }
    }

    /// The offset zero in the same memory.
    fn origin(self) -> ConstExpr {
        match self {
            Self::I32(_) => ConstExpr::i32_const(0),
            Self::I64(_) => ConstExpr::i64_const(0),
        }
    }
}

impl<'a> Skeleton<'a> {
    /// `None` where there are passive segments, whose indices code can name, or none at all.
    pub(super) fn of(baked: &'a [u8]) -> Option<Self> {
        let segments = segments(baked)?;
        let mut origins = BTreeMap::new();
        for segment in &segments {
            origins.entry(segment.memory).or_insert(segment.offset.origin());
        }
        let mut data = DataSection::new();
        for (memory, origin) in &origins {
            data.active(*memory, origin, []);
        }
        let wasm = with_data(baked, &data)?;
        Some(Self { wasm, segments })
    }

    /// Puts the contents into what was made of the skeleton.
    pub(super) fn fill(&self, shrunk: &Shrunk) -> Option<Shrunk> {
        let mut memories: Vec<u32> = self.segments.iter().map(|segment| segment.memory).collect();
        memories.sort_unstable();
        memories.dedup();
        let left = segments(&shrunk.wasm)?;
        if left.len() != memories.len() {
            return None;
        }
        let places: BTreeMap<u32, u32> = memories
            .into_iter()
            .zip(left.iter().map(|segment| segment.memory))
            .collect();
        let mut data = DataSection::new();
        for segment in &self.segments {
            let memory = *places.get(&segment.memory)?;
            add_active(&mut data, memory, &segment.offset.expression(), segment.bytes);
        }
        Some(Shrunk {
            wasm: with_data(&shrunk.wasm, &data)?,
            indices: shrunk.indices.clone(),
            removed: shrunk.removed,
        })
    }
}

/// The segments of a module, if all are active and at constant places.
fn segments(wasm: &[u8]) -> Option<Vec<Segment<'_>>> {
    let section = Parser::new(0).parse_all(wasm).find_map(|payload| match payload {
        Ok(Payload::DataSection(section)) => Some(section),
        _ => None,
    })?;
    let segments = section.into_iter().map(|segment| {
        let segment = segment.ok()?;
        let DataKind::Active {
            memory_index: memory,
            offset_expr,
        } = segment.kind
        else {
            return None;
        };
        let mut operators = offset_expr.get_operators_reader();
        let offset = match operators.read().ok()? {
            Operator::I32Const { value } => Offset::I32(value),
            Operator::I64Const { value } => Offset::I64(value),
            _ => return None,
        };
        matches!(operators.read(), Ok(Operator::End)).then_some(Segment {
            memory,
            offset,
            bytes: segment.data,
        })
    });
    segments.collect()
}

/// A module with another data section.
fn with_data(wasm: &[u8], data: &DataSection) -> Option<Vec<u8>> {
    let mut output = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.ok()? {
            Payload::DataSection(_) => {
                output.section(data);
            }
            Payload::DataCountSection { .. } => {
                output.section(&DataCountSection { count: data.len() });
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    let data = wasm.get(range)?;
                    output.section(&RawSection { id, data });
                }
            }
        }
    }
    Some(output.finish())
}

/// What became of the last skeleton.
#[derive(Debug, Default)]
pub(crate) struct Memo(Mutex<Option<Remembered>>);

#[derive(Debug)]
struct Remembered {
    skeleton: Vec<u8>,
    result: Arc<Result<Shrunk, Kept>>,
}

impl Memo {
    /// The result of the work, or that of the last time if it was on the same skeleton. Who comes meanwhile waits: it may
    /// well want the same.
    pub(super) fn get(
        &self,
        skeleton: &[u8],
        work: impl FnOnce(&[u8]) -> Result<Shrunk, Kept>,
    ) -> Arc<Result<Shrunk, Kept>> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = &*last
            && last.skeleton == skeleton
        {
            return Arc::clone(&last.result);
        }
        let result = Arc::new(work(skeleton));
        *last = Some(Remembered {
            skeleton: skeleton.to_vec(),
            result: Arc::clone(&result),
        });
        result
    }
}
