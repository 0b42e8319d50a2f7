//! The bodies of functions, which are most of a module: they are validated on all cores.

use std::ops::Range;

use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;
use wasmparser::{FuncToValidate, FuncValidatorAllocations, FunctionBody, ValidatorResources};

use super::facts::CodeFacts;

/// The body of a function that the module defines.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    /// The whole body, from its local declarations to its `end`.
    pub(crate) range: Range<usize>,
    /// Where the first instruction stands, after the local declarations.
    pub(crate) code_start: usize,
}

/// How many bodies one core validates before it looks for more.
const AT_ONCE: usize = 256;

/// A body, and what it is to be validated against.
pub(super) type ToValidate<'a> = (FuncToValidate<ValidatorResources>, FunctionBody<'a>);

/// Validates the bodies, and notes what they refer to.
pub(super) fn read(functions: Vec<ToValidate<'_>>) -> wasmparser::Result<(Vec<Body>, CodeFacts)> {
    let parts: Vec<wasmparser::Result<Part>> = functions.par_chunks(AT_ONCE).map(Part::read).collect();
    let mut bodies = Vec::with_capacity(functions.len());
    let mut facts = CodeFacts::default();
    for part in parts {
        let part = part?;
        bodies.extend(part.bodies);
        facts.merge(part.facts);
    }
    Ok((bodies, facts))
}

/// Bodies that follow each other, and what they refer to.
#[derive(Default)]
struct Part {
    bodies: Vec<Body>,
    facts: CodeFacts,
}

impl Part {
    fn read(functions: &[ToValidate<'_>]) -> wasmparser::Result<Self> {
        let mut part = Self::default();
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
            while !operators.eof() {
                let (operator, offset) = operators.read_with_offset()?;
                function.op(offset, &operator)?;
                part.facts.note_operator(&operator, operators.original_position());
            }
            operators.finish()?;
            allocations = function.into_allocations();
            part.bodies.push(Body {
                range: body.range(),
                code_start,
            });
        }
        Ok(part)
    }
}
