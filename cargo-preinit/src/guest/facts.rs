//! The indices that the code and the constant expressions of a module refer to.

use wasmparser::{ConstExpr, Operator, RefType};

use crate::guest::Droppable;
use crate::guest::index::{DataIndex, ElementIndex, GlobalIndex};

/// A `data.drop` or `elem.drop` instruction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DropSite {
    /// The position in the file of the first byte after the instruction.
    pub(crate) end: usize,
    pub(crate) segment: Droppable,
}

/// What the instructions of a module can touch, whether or not they ever run.
#[derive(Debug, Clone, Default)]
pub(crate) struct CodeFacts {
    /// In ascending order of position.
    pub(crate) drops: Vec<DropSite>,
    /// Instructions that copy from an element segment: the position of the byte after each, and the segment.
    pub(crate) element_uses: Vec<(usize, ElementIndex)>,
    /// Instructions that inspect a reference which may be an imported one: the position of each, and the reference's type on
    /// the stack.
    pub(crate) inspections: Vec<(usize, RefType)>,
    /// Tables that some instruction can change.
    pub(crate) written_tables: Vec<bool>,
    /// Globals that some instruction can set.
    pub(crate) written_globals: Vec<bool>,
    /// Data segments that some instruction names.
    pub(crate) used_data: Vec<bool>,
    /// Element segments that some instruction names.
    pub(crate) used_elements: Vec<bool>,
    /// Functions that a `call` or `return_call` names.
    pub(crate) called_functions: Vec<bool>,
    /// Functions that a `ref.func` in code names.
    pub(crate) functions_by_code: Vec<bool>,
    /// Functions that become a reference anywhere: in code, an element segment or a constant expression.
    pub(crate) referenced_functions: Vec<bool>,
}

pub(super) fn mark(flags: &mut Vec<bool>, index: u32) {
    let index = index as usize;
    if flags.len() <= index {
        flags.resize(index + 1, false);
    }
    flags[index] = true;
}

/// Whether the flag of `index` is set; an index that was never marked is not.
pub(crate) fn is_marked(flags: &[bool], index: u32) -> bool {
    flags.get(index as usize).copied().unwrap_or(false)
}

/// The value of an expression that is one constant integer, zero-extended.
pub(crate) fn constant(expr: &ConstExpr<'_>) -> Option<u64> {
    let mut operators = expr.get_operators_reader().into_iter();
    let value = match operators.next()?.ok()? {
        Operator::I32Const { value } => u64::from(value.cast_unsigned()),
        Operator::I64Const { value } => value.cast_unsigned(),
        _ => return None,
    };
    matches!(operators.next()?, Ok(Operator::End)).then_some(value)
}

/// What a constant expression refers to, and whether it allocates a structure or an array.
#[derive(Debug, Default)]
pub(super) struct ConstFacts {
    pub(super) globals: Vec<GlobalIndex>,
    pub(super) allocates: bool,
}

impl CodeFacts {
    /// Adds the facts about code that follows this code.
    pub(super) fn merge(&mut self, later: Self) {
        let Self {
            drops,
            element_uses,
            inspections,
            written_tables,
            written_globals,
            used_data,
            used_elements,
            called_functions,
            functions_by_code,
            referenced_functions,
        } = later;
        self.drops.extend(drops);
        self.element_uses.extend(element_uses);
        self.inspections.extend(inspections);
        for (all, flags) in [
            (&mut self.written_tables, written_tables),
            (&mut self.written_globals, written_globals),
            (&mut self.used_data, used_data),
            (&mut self.used_elements, used_elements),
            (&mut self.called_functions, called_functions),
            (&mut self.functions_by_code, functions_by_code),
            (&mut self.referenced_functions, referenced_functions),
        ] {
            all.resize(all.len().max(flags.len()), false);
            for (all, flag) in all.iter_mut().zip(flags) {
                *all |= flag;
            }
        }
    }

    pub(super) fn note_operator(&mut self, operator: &Operator<'_>, end: usize) {
        match *operator {
            Operator::ElemDrop { elem_index } => {
                mark(&mut self.used_elements, elem_index);
                let segment = Droppable::Element(ElementIndex(elem_index));
                self.drops.push(DropSite { end, segment });
            }
            Operator::DataDrop { data_index } => {
                mark(&mut self.used_data, data_index);
                let segment = Droppable::Data(DataIndex(data_index));
                self.drops.push(DropSite { end, segment });
            }
            Operator::MemoryInit { data_index, .. } => mark(&mut self.used_data, data_index),
            Operator::ArrayNewData { array_data_index, .. }
            | Operator::ArrayInitData { array_data_index, .. } => mark(&mut self.used_data, array_data_index),
            Operator::ArrayNewElem { array_elem_index, .. }
            | Operator::ArrayInitElem { array_elem_index, .. } => {
                mark(&mut self.used_elements, array_elem_index);
                self.element_uses.push((end, ElementIndex(array_elem_index)));
            }
            Operator::TableInit { elem_index, table } => {
                mark(&mut self.used_elements, elem_index);
                self.element_uses.push((end, ElementIndex(elem_index)));
                mark(&mut self.written_tables, table);
            }
            Operator::TableSet { table } | Operator::TableGrow { table } | Operator::TableFill { table } => {
                mark(&mut self.written_tables, table);
            }
            Operator::TableCopy { dst_table, .. } => mark(&mut self.written_tables, dst_table),
            Operator::GlobalSet { global_index } => mark(&mut self.written_globals, global_index),
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                mark(&mut self.called_functions, function_index);
            }
            Operator::RefFunc { function_index } => {
                mark(&mut self.referenced_functions, function_index);
                mark(&mut self.functions_by_code, function_index);
            }
            _ => {}
        }
    }

    pub(super) fn note_const(&mut self, expr: &ConstExpr<'_>) -> wasmparser::Result<ConstFacts> {
        let mut facts = ConstFacts::default();
        for operator in expr.get_operators_reader() {
            match operator? {
                Operator::RefFunc { function_index } => {
                    mark(&mut self.referenced_functions, function_index);
                }
                Operator::GlobalGet { global_index } => facts.globals.push(GlobalIndex(global_index)),
                Operator::StructNew { .. }
                | Operator::StructNewDefault { .. }
                | Operator::ArrayNew { .. }
                | Operator::ArrayNewDefault { .. }
                | Operator::ArrayNewFixed { .. } => facts.allocates = true,
                _ => {}
            }
        }
        Ok(facts)
    }
}
