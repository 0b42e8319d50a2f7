//! Checks the functions by which a host enters the instance where something is to run then: see [`EditPlan::resume`](crate::emit::EditPlan).

use std::collections::BTreeSet;

use wasmparser::{BlockType, Operator, ValType};

use super::{Check, Result, differs};
use crate::guest::constant;
use crate::guest::index::{FunctionIndex, GlobalIndex};

/// What an entry names: the flag, and the function that it calls unless that is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    flag: GlobalIndex,
    resume: FunctionIndex,
}

impl Check<'_> {
    /// The entry that a function of the output is, which has to call this function of the guest with its own arguments.
    pub(super) fn entry(&self, found: FunctionIndex, called: FunctionIndex) -> Option<Entry> {
        let ty = self.guest.functions.get(called.position())?;
        let parameters = self.guest.signature(called)?.params().len();
        let is_same_type = self.module.functions.get(found.position()).copied() == self.indices.ty(*ty);
        let code = self.instructions(found)?;
        let [
            Operator::Block {
                blockty: BlockType::Empty,
            },
            Operator::GlobalGet { global_index },
            Operator::BrIf { relative_depth: 0 },
            Operator::Call {
                function_index: resume,
            },
            Operator::End,
            rest @ ..,
        ] = &code[..]
        else {
            return None;
        };
        let (arguments, end) = rest.split_at_checked(parameters)?;
        let are_own = (0..).zip(arguments).all(
            |(position, argument)| matches!(argument, Operator::LocalGet { local_index } if *local_index == position),
        );
        let calls = match end {
            [Operator::Call { function_index }, Operator::End] => Some(FunctionIndex(*function_index)),
            _ => None,
        };
        let is_entry = is_same_type && are_own && calls.is_some() && calls == self.indices.function(called);
        is_entry.then_some(Entry {
            flag: GlobalIndex(*global_index),
            resume: FunctionIndex(*resume),
        })
    }

    /// All entries have to name the same flag, which nothing else does, and the same function, which sets it and runs what is planned.
    pub(super) fn entries(&self, entries: &BTreeSet<Entry>) -> Result {
        let mut entries = entries.iter();
        let (Some(entry), rest) = (entries.next(), entries.next()) else {
            return Ok(());
        };
        let Entry { flag, resume } = *entry;
        let is_added = !self.indices.globals.contains(&Some(flag.0))
            && !self.indices.functions.contains(&Some(resume.0));
        let is_flag = self.module.globals.get(flag.position()).is_some_and(|global| {
            let ty = global.ty;
            let initial = global.init.as_ref().and_then(constant);
            (ty.content_type, ty.mutable, ty.shared, initial) == (ValType::I32, true, false, Some(0))
        });
        let is_resume = self.instructions(resume).is_some_and(|code| {
            let [
                Operator::I32Const { value: 1 },
                Operator::GlobalSet { global_index },
                calls @ ..,
                Operator::End,
            ] = &code[..]
            else {
                return false;
            };
            let called = calls.iter().map(|operator| match operator {
                Operator::Call { function_index } => Some(FunctionIndex(*function_index)),
                _ => None,
            });
            let planned = self.plan.resume.iter();
            *global_index == flag.0 && called.eq(planned.map(|function| self.indices.function(*function)))
        });
        match rest.is_none() && is_added && is_flag && is_resume {
            true => Ok(()),
            false => differs("what runs when it is entered is something else"),
        }
    }

    /// The instructions of a function of the output that has no locals.
    fn instructions(&self, function: FunctionIndex) -> Option<Vec<Operator<'_>>> {
        let body = self.module.body(function)?;
        // Without locals, the code starts behind one byte.
        (body.code_start == body.range.start + 1).then(|| self.module.instructions(function))
    }
}
