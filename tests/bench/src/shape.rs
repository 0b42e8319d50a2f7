//! What of a module's sections decides how it starts.

use anyhow::Result;
use serde::{Deserialize, Serialize};
use wasmparser::{DataKind, ElementItems, ElementKind, Operator, Parser, Payload};

/// A memory whose segments lie closer together is mapped copy-on-write however sparse they are.
const ALWAYS_MAPPED: u64 = 16 << 20;

/// What decides how a module with one memory starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// How many data segments there are.
    pub segments: u32,
    /// The bytes of all active ones.
    pub bytes: u64,
    /// From the first byte of the active ones to their last.
    pub span: u64,
    /// Active element segments that are evaluated at the start: they are not lists of functions.
    pub expressions: u32,
    /// The memory's size at the start, in pages of 64 KiB.
    pub pages: u64,
}

impl Shape {
    pub fn of(wasm: &[u8]) -> Result<Self> {
        let mut shape = Self::default();
        let mut first = u64::MAX;
        let mut end = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::MemorySection(memories) => {
                    for memory in memories {
                        shape.pages += memory?.initial;
                    }
                }
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        shape.segments += 1;
                        let DataKind::Active { offset_expr, .. } = segment.kind else {
                            continue;
                        };
                        let length = segment.data.len() as u64;
                        shape.bytes += length;
                        if let Operator::I32Const { value } = offset_expr.get_operators_reader().read()?
                            && length > 0
                        {
                            let start = u64::from(value.cast_unsigned());
                            first = first.min(start);
                            end = end.max(start + length);
                        }
                    }
                }
                Payload::ElementSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        shape.expressions += u32::from(
                            matches!(segment.kind, ElementKind::Active { .. })
                                && matches!(segment.items, ElementItems::Expressions(..)),
                        );
                    }
                }
                _ => {}
            }
        }
        shape.span = end.saturating_sub(first);
        Ok(shape)
    }

    /// Whether wasmtime maps the memory copy-on-write.
    pub fn is_mapped(&self) -> bool {
        self.span < ALWAYS_MAPPED || 2 * self.bytes > self.span
    }
}

/// A module with nothing but a memory of as many pages, and these bytes in it.
pub fn empty(pages: u64, bytes: &[u8]) -> Vec<u8> {
    let mut memories = wasm_encoder::MemorySection::new();
    memories.memory(wasm_encoder::MemoryType {
        minimum: pages,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = wasm_encoder::ExportSection::new();
    exports.export("memory", wasm_encoder::ExportKind::Memory, 0);
    let mut module = wasm_encoder::Module::new();
    module.section(&memories).section(&exports);
    if !bytes.is_empty() {
        let mut data = wasm_encoder::DataSection::new();
        data.active(0, &wasm_encoder::ConstExpr::i32_const(0), bytes.iter().copied());
        module.section(&data);
    }
    module.finish()
}
