//! Validates function bodies on all cores, since they are most of a module.

use std::ops::Range;

use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;
use wasmparser::{
    BinaryReader, FuncToValidate, FuncValidator, FuncValidatorAllocations, FunctionBody, ValType,
    ValidatorResources, WasmFeatures,
};

use super::facts::CodeFacts;
use super::noting::{Kept, Noting};
use super::operands::{Operand, OperandKind, Operands, is_indexed};
use super::proposals::{features, proposal_of};
use super::tokens::Tokens;
use crate::guest::index::FunctionIndex;

/// The body of a function that the module defines.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    /// The whole body, from its local declarations to its `end`.
    pub(crate) range: Range<usize>,
    /// The position of the first instruction, after the local declarations.
    pub(crate) code_start: usize,
    /// The operands that a rewritten body may encode in another way, in ascending order.
    pub(crate) operands: Vec<Operand>,
    /// Whether an instruction works on memory 0.
    pub(crate) uses_memory: bool,
    /// Whether it has indices that `operands` lacks: in the types of its locals, in a legacy `catch`, or in an instruction of
    /// more than 65,535 bytes.
    pub(crate) is_irregular: bool,
    /// The proposals of its instructions, of those that the engine or one of its compilers does not have.
    pub(crate) proposals: WasmFeatures,
    /// If the engine does not take the body: the proposals that it needs and the engine does not have.
    pub(crate) unsupported: Option<WasmFeatures>,
}

impl Body {
    /// The functions that it calls directly, once for each call.
    pub(crate) fn callees(&self) -> impl Iterator<Item = FunctionIndex> {
        let calls = self
            .operands
            .iter()
            .filter(|operand| operand.kind == OperandKind::Callee);
        calls.map(|operand| FunctionIndex(operand.value))
    }
}

/// How many bodies one core validates before it takes more.
const AT_ONCE: usize = 256;

/// A body, and the resources that it is validated against.
pub(super) type ToValidate<'a> = (FuncToValidate<ValidatorResources>, FunctionBody<'a>);

/// Consecutive bodies, and the facts about them.
pub(super) struct Bodies {
    pub(super) bodies: Vec<Body>,
    /// What the bodies refer to.
    pub(super) facts: CodeFacts,
    /// The proposals of their instructions, of those that the engine or one of its compilers does not have.
    pub(super) proposals: WasmFeatures,
}

impl Bodies {
    /// Validates all bodies of a module.
    ///
    /// `tokens` are the types of the imported references that init may copy but not inspect.
    pub(super) fn read(functions: &[ToValidate<'_>], tokens: &[ValType]) -> wasmparser::Result<Self> {
        let Some((first, _)) = functions.first() else {
            return Ok(Self::with_capacity(0));
        };
        let tokens = Tokens::new(&first.resources, tokens)?;
        let parts: Vec<_> = functions
            .par_chunks(AT_ONCE)
            .map(|functions| Self::read_part(functions, &tokens))
            .collect();
        let mut all = Self::with_capacity(functions.len());
        for part in parts {
            let part = part?;
            all.bodies.extend(part.bodies);
            all.facts.merge(part.facts);
            all.proposals |= part.proposals;
        }
        Ok(all)
    }

    fn with_capacity(bodies: usize) -> Self {
        Self {
            bodies: Vec::with_capacity(bodies),
            facts: CodeFacts::default(),
            proposals: WasmFeatures::empty(),
        }
    }

    fn read_part(functions: &[ToValidate<'_>], tokens: &Tokens) -> wasmparser::Result<Self> {
        let mut part = Self::with_capacity(functions.len());
        let mut allocations = FuncValidatorAllocations::default();
        for (function, body) in functions {
            let function = FuncToValidate {
                resources: function.resources.clone(),
                ..*function
            };
            let mut function = function.into_validator(allocations);
            let mut reader = body.get_binary_reader();
            function.read_locals(&mut reader)?;
            let code_start = reader.original_position();
            let mut notes = Notes {
                facts: &mut part.facts,
                operands: Operands::default(),
                proposals: WasmFeatures::empty(),
                bytes: body.as_bytes(),
                start: body.range().start,
            };
            if tokens.is_empty() {
                read_code(&mut function, reader, &mut notes)?;
            } else {
                inspect_code(&mut function, body, tokens, &mut notes)?;
            }
            let Notes {
                operands, proposals, ..
            } = notes;
            // Most bodies are small, and there may be hundreds of thousands.
            let mut operands = operands;
            operands.operands.shrink_to_fit();
            allocations = function.into_allocations();
            part.proposals |= proposals;
            part.bodies.push(Body {
                range: body.range(),
                code_start,
                is_irregular: operands.is_incomplete || has_indexed_locals(body)?,
                uses_memory: operands.uses_memory,
                operands: operands.operands,
                proposals,
                unsupported: None,
            });
        }
        Ok(part)
    }
}

/// What there is to note of one body.
struct Notes<'n> {
    facts: &'n mut CodeFacts,
    operands: Operands,
    proposals: WasmFeatures,
    /// The bytes of the body, and where they begin in the file.
    bytes: &'n [u8],
    start: usize,
}

impl Notes<'_> {
    /// Notes an instruction. `start` and `end` are positions in the file.
    fn note(&mut self, kept: &Kept<'_>, start: usize, end: usize) {
        let place = start - self.start..end - self.start;
        match kept {
            Kept::Nothing => {
                self.operands.note_long(self.bytes, place.start, place.end);
            }
            Kept::Memory(memory) => {
                self.operands
                    .note_memory(memory.memory, memory.offset, self.bytes, place.start, place.end);
            }
            Kept::Operator(operator) => {
                self.facts.note_operator(operator, end);
                self.proposals |= proposal_of(operator);
                self.operands.note(operator, self.bytes, place.start, place.end);
            }
        }
    }
}

/// Validates the instructions of a body.
fn read_code(
    function: &mut FuncValidator<ValidatorResources>,
    mut reader: BinaryReader<'_>,
    notes: &mut Notes<'_>,
) -> wasmparser::Result<()> {
    while !reader.eof() {
        let start = reader.original_position();
        let mut noting = Noting::new(function.visitor(start));
        reader.visit_operator(&mut noting)??;
        let kept = noting.kept;
        notes.note(&kept, start, reader.original_position());
    }
    let end = reader.original_position();
    reader.finish_expression(&function.visitor(end))
}

/// Validates the instructions of a body, and notes those that inspect a reference which may be imported.
fn inspect_code(
    function: &mut FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
    tokens: &Tokens,
    notes: &mut Notes<'_>,
) -> wasmparser::Result<()> {
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        let (operator, start) = operators.read_with_offset()?;
        // In unreachable code, the validator's operand may be one of an enclosing block.
        let is_dead = function
            .get_control_frame(0)
            .is_some_and(|frame| frame.unreachable);
        if !is_dead {
            let operand = function.get_operand_type(0).flatten();
            let inspected = tokens.inspected(function.resources(), &operator, operand);
            notes.facts.inspections.extend(inspected.map(|ty| (start, ty)));
        }
        function.op(start, &operator)?;
        notes.note(&Kept::Operator(operator), start, operators.original_position());
    }
    operators.finish()
}

/// The operands of a body that is known to be valid, from its local declarations to its `end`; `None` if it is irregular, as in [`Body`].
///
/// # Errors
///
/// If an instruction cannot be read.
pub(crate) fn operands_of(bytes: &[u8]) -> wasmparser::Result<Option<Vec<Operand>>> {
    let body = FunctionBody::new(BinaryReader::new_features(bytes, 0, features()));
    if has_indexed_locals(&body)? {
        return Ok(None);
    }
    let mut operators = body.get_operators_reader()?;
    let mut operands = Operands::default();
    while !operators.eof() {
        let (operator, start) = operators.read_with_offset()?;
        operands.note(&operator, bytes, start, operators.original_position());
    }
    Ok((!operands.is_incomplete).then_some(operands.operands))
}

/// Whether the type of a local refers to another type by its index.
fn has_indexed_locals(body: &FunctionBody<'_>) -> wasmparser::Result<bool> {
    for local in body.get_locals_reader()? {
        if is_indexed(local?.1) {
            return Ok(true);
        }
    }
    Ok(false)
}
