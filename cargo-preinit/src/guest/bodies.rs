//! The bodies of functions, which are most of a module: they are validated on all cores.

use std::ops::Range;

use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;
use wasmparser::{
    FuncToValidate, FuncValidatorAllocations, FunctionBody, Operator, ValType, ValidatorResources,
    WasmFeatures,
};

use super::facts::CodeFacts;
use super::proposals::proposal_of;
use super::tokens::Tokens;
use crate::guest::index::FunctionIndex;

/// The body of a function that the module defines.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    /// The whole body, from its local declarations to its `end`.
    pub(crate) range: Range<usize>,
    /// Where the first instruction stands, after the local declarations.
    pub(crate) code_start: usize,
    /// The functions that it calls by name, as often as it does.
    pub(crate) callees: Vec<FunctionIndex>,
    /// How many bytes the numbers of these calls are longer than they need to be: linkers leave room in them.
    pub(crate) padding: usize,
    /// The proposals that its instructions belong to, of those that the engine or one of its compilers does not know.
    pub(crate) proposals: WasmFeatures,
    /// If the engine does not take the body: the proposals that it belongs to.
    pub(crate) unsupported: Option<WasmFeatures>,
}

/// How many bodies one core validates before it looks for more.
const AT_ONCE: usize = 256;

/// A body, and what it is to be validated against.
pub(super) type ToValidate<'a> = (FuncToValidate<ValidatorResources>, FunctionBody<'a>);

/// Bodies that follow each other, and what is known of them.
pub(super) struct Bodies {
    pub(super) bodies: Vec<Body>,
    /// What they refer to.
    pub(super) facts: CodeFacts,
    /// The proposals that their instructions belong to, of those that not every compiler of the engine knows.
    pub(super) proposals: WasmFeatures,
}

impl Bodies {
    /// Validates all bodies of a module.
    ///
    /// `tokens` are the types of imported references that init may hand on, and not look into.
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
            let mut locals = body.get_binary_reader();
            function.read_locals(&mut locals)?;
            let code_start = locals.original_position();
            let mut operators = body.get_operators_reader()?;
            let mut callees = Vec::new();
            let mut padding = 0;
            let mut proposals = WasmFeatures::empty();
            while !operators.eof() {
                let (operator, offset) = operators.read_with_offset()?;
                // Where nothing gets to, the validator's operand may be one of a block around it.
                let is_dead = function
                    .get_control_frame(0)
                    .is_some_and(|frame| frame.unreachable);
                if !tokens.is_empty() && !is_dead {
                    let operand = function.get_operand_type(0).flatten();
                    let inspected = tokens.inspected(function.resources(), &operator, operand);
                    part.facts.inspections.extend(inspected.map(|ty| (offset, ty)));
                }
                function.op(offset, &operator)?;
                let end = operators.original_position();
                part.facts.note_operator(&operator, end);
                proposals |= proposal_of(&operator);
                if let Operator::Call { function_index } | Operator::ReturnCall { function_index } = operator
                {
                    callees.push(FunctionIndex(function_index));
                    padding += (end - offset - 1).saturating_sub(leb128_len(function_index));
                }
            }
            operators.finish()?;
            allocations = function.into_allocations();
            part.proposals |= proposals;
            part.bodies.push(Body {
                range: body.range(),
                code_start,
                callees,
                padding,
                proposals,
                unsupported: None,
            });
        }
        Ok(part)
    }
}

/// How many bytes a number takes at least: seven bits go into each.
fn leb128_len(number: u32) -> usize {
    let bits = u32::BITS - number.leading_zeros();
    bits.div_ceil(7).max(1) as usize
}
