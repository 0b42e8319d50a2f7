//! The state that a module starts with, evaluated from its initializers, segments and start function.
//!
//! The evaluator supports only the instructions of constant expressions, and those of the start functions that this tool makes.
//! Apart from look-ups of types it shares no code with the stages that it checks.

mod objects;

use wasmparser::{ConstExpr, ElementItems, Operator, OperatorsReader, RefType, ValType};

use super::{CheckError, Result};
use crate::guest::index::{FunctionIndex, GlobalIndex, InstanceId, MemoryIndex, TableIndex, enumerate};
use crate::guest::{ElementSegment, GuestModule, Node, SegmentMode, features};
use crate::instrument::is_function_type;
use crate::snapshot::{FunctionRef, Hierarchy, Internal, Object, Reference, Value};
use objects::struct_len;

/// The state that a module starts with. `None` stands for a value that depends on imports.
pub(super) struct Start<'a> {
    instance: InstanceId,
    pub(super) globals: Vec<Option<Value>>,
    /// The slots of each table.
    pub(super) tables: Vec<Vec<Option<Reference>>>,
    pub(super) heap: Vec<Object>,
    /// The active data segments, in the order in which they apply.
    pub(super) data: Vec<(MemoryIndex, Filled<'a>)>,
}

/// The bytes that a data segment writes, and their address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filled<'a> {
    pub(super) offset: u64,
    pub(super) bytes: &'a [u8],
}

impl Filled<'_> {
    pub(super) fn end(&self) -> u64 {
        self.offset.saturating_add(self.bytes.len() as u64)
    }
}

fn unknown<T>(what: impl std::fmt::Debug) -> Result<T> {
    Err(CheckError(format!(
        "it starts with {what:?}, which nothing here writes"
    )))
}

fn malformed(error: wasmparser::Error) -> CheckError {
    CheckError(error.to_string())
}

/// The value of an imported global: a reference to the import, if the global is immutable and its type allows that.
fn imported(module: &Node<'_>, index: GlobalIndex) -> Option<Value> {
    let hierarchy = match module.globals[index.position()].ty.content_type {
        _ if !module.external.is_token(index) => return None,
        ValType::Ref(ty) if ty.heap_type() == RefType::EXTERNREF.heap_type() => Hierarchy::Extern,
        ValType::Ref(ty) if ty.heap_type() == RefType::ANYREF.heap_type() => Hierarchy::Any,
        ValType::Ref(ty) if is_function_type(module, ty) => Hierarchy::Func,
        _ => return None,
    };
    Some(Value::Reference(Reference::Imported(index, hierarchy)))
}

/// The results of a function that only pushes constants.
pub(super) fn results(module: &GuestModule<'_>, function: FunctionIndex) -> Result<Vec<Value>> {
    let operators = module.instructions(function);
    let mut stack = Vec::new();
    for operator in operators {
        stack.push(match operator {
            Operator::I32Const { value } => Value::I32(value),
            Operator::I64Const { value } => Value::I64(value),
            Operator::F32Const { value } => Value::F32(value.bits()),
            Operator::F64Const { value } => Value::F64(value.bits()),
            Operator::V128Const { value } => Value::V128(value.i128().cast_unsigned()),
            Operator::End => continue,
            operator => return unknown(operator),
        });
    }
    Ok(stack)
}

impl<'a> Start<'a> {
    /// Evaluates instantiation. Only the tables in `tables` are evaluated.
    pub(super) fn of(module: &Node<'a>, tables: &[TableIndex]) -> Result<Self> {
        let mut start = Self {
            instance: module.id,
            globals: Vec::new(),
            tables: Vec::new(),
            heap: Vec::new(),
            data: Vec::new(),
        };
        for (index, global) in enumerate(&module.globals) {
            let value = match &global.init {
                Some(init) => start.evaluate(module, init)?,
                None => imported(module, GlobalIndex(index)),
            };
            start.globals.push(value);
        }
        for (index, table) in enumerate(&module.tables) {
            if !tables.contains(&TableIndex(index)) {
                start.tables.push(Vec::new());
                continue;
            }
            let slot = match &table.init {
                None => Some(Reference::Null),
                Some(init) => start.evaluate(module, init)?.and_then(reference),
            };
            let len = usize::try_from(table.ty.initial).map_err(|error| CheckError(error.to_string()))?;
            start.tables.push(vec![slot; len]);
        }
        start.apply_segments(module, tables)?;
        if let Some(function) = module.start {
            start.run(module, function)?;
        }
        Ok(start)
    }

    fn apply_segments(&mut self, module: &GuestModule<'a>, tables: &[TableIndex]) -> Result {
        for segment in &module.elements {
            let (SegmentMode::Active(index), Some(offset)) = (segment.mode, &segment.offset) else {
                continue;
            };
            if !tables.contains(&index) {
                continue;
            }
            let Some(offset) = self.offset(module, offset)? else {
                return unknown("an unknown offset");
            };
            let items = self.items(module, segment)?;
            let target = usize::try_from(offset)
                .ok()
                .and_then(|start| self.tables[index.position()].get_mut(start..start + items.len()));
            match target {
                Some(slots) => slots.copy_from_slice(&items),
                None => {
                    return Err(CheckError(format!("a segment of table {index} is out of bounds")));
                }
            }
        }
        for segment in &module.data {
            if let (SegmentMode::Active(memory), Some(offset)) = (segment.mode, &segment.offset)
                && let Some(offset) = self.offset(module, offset)?
            {
                let bytes = segment.bytes;
                self.data.push((memory, Filled { offset, bytes }));
            }
        }
        Ok(())
    }

    fn offset(&mut self, module: &GuestModule<'a>, expression: &ConstExpr<'a>) -> Result<Option<u64>> {
        Ok(match self.evaluate(module, expression)? {
            Some(Value::I32(value)) => Some(u64::from(value.cast_unsigned())),
            Some(Value::I64(value)) => Some(value.cast_unsigned()),
            _ => None,
        })
    }

    fn items(
        &mut self,
        module: &GuestModule<'a>,
        segment: &ElementSegment<'a>,
    ) -> Result<Vec<Option<Reference>>> {
        match &segment.items {
            ElementItems::Functions(functions) => functions
                .clone()
                .into_iter()
                .map(|function| {
                    let function = self.function(function.map_err(malformed)?);
                    Ok(Some(function))
                })
                .collect(),
            ElementItems::Expressions(_, expressions) => expressions
                .clone()
                .into_iter()
                .map(|expression| {
                    let value = self.evaluate(module, &expression.map_err(malformed)?)?;
                    Ok(value.and_then(reference))
                })
                .collect(),
        }
    }

    /// A reference to a function of this instance.
    fn function(&self, index: u32) -> Reference {
        Reference::Function(FunctionRef {
            instance: self.instance,
            index: FunctionIndex(index),
        })
    }

    /// The value of a constant expression.
    fn evaluate(&mut self, module: &GuestModule<'a>, expression: &ConstExpr<'a>) -> Result<Option<Value>> {
        let mut stack = Vec::new();
        self.execute(module, expression.get_operators_reader(), &mut stack)?;
        stack
            .pop()
            .ok_or_else(|| CheckError("an expression has no value".to_owned()))
    }

    fn run(&mut self, module: &GuestModule<'a>, function: FunctionIndex) -> Result {
        let Some(body) = module.body(function) else {
            return unknown("a start function that is imported");
        };
        let bytes = &module.wasm[body.code_start..body.range.end];
        let reader = wasmparser::BinaryReader::new_features(bytes, body.code_start, features());
        self.execute(module, OperatorsReader::new(reader), &mut Vec::new())
    }

    /// Runs instructions. Supported are those that push a value, and those with an effect that start functions have.
    fn execute(
        &mut self,
        module: &GuestModule<'a>,
        operators: OperatorsReader<'a>,
        stack: &mut Vec<Option<Value>>,
    ) -> Result {
        let short = || CheckError("an expression takes more than there is".to_owned());
        for operator in operators {
            let operator = operator.map_err(malformed)?;
            let value = match operator {
                Operator::End => continue,
                Operator::I32Const { value } => Some(Value::I32(value)),
                Operator::I64Const { value } => Some(Value::I64(value)),
                Operator::F32Const { value } => Some(Value::F32(value.bits())),
                Operator::F64Const { value } => Some(Value::F64(value.bits())),
                Operator::V128Const { value } => Some(Value::V128(value.i128().cast_unsigned())),
                Operator::RefNull { .. } => Some(Value::Reference(Reference::Null)),
                Operator::RefFunc { function_index } => Some(Value::Reference(self.function(function_index))),
                Operator::GlobalGet { global_index } => self
                    .globals
                    .get(global_index as usize)
                    .copied()
                    .ok_or_else(short)?,
                Operator::RefI31 => match stack.pop().ok_or_else(short)? {
                    Some(Value::I32(value)) => {
                        let bits = value.cast_unsigned() & (u32::MAX >> 1);
                        Some(internal(Internal::I31(bits)))
                    }
                    _ => None,
                },
                Operator::ExternConvertAny | Operator::AnyConvertExtern => {
                    match (stack.pop().ok_or_else(short)?, operator) {
                        (Some(Value::Reference(Reference::Internal(it, _))), Operator::ExternConvertAny) => {
                            Some(Value::Reference(Reference::Internal(it, Hierarchy::Extern)))
                        }
                        (Some(Value::Reference(Reference::Internal(it, _))), _) => Some(internal(it)),
                        (Some(Value::Reference(Reference::Imported(it, _))), operator) => {
                            let hierarchy = match operator {
                                Operator::ExternConvertAny => Hierarchy::Extern,
                                _ => Hierarchy::Any,
                            };
                            Some(Value::Reference(Reference::Imported(it, hierarchy)))
                        }
                        (value, _) => value,
                    }
                }
                Operator::I32Add
                | Operator::I32Sub
                | Operator::I32Mul
                | Operator::I64Add
                | Operator::I64Sub
                | Operator::I64Mul => {
                    let right = stack.pop().ok_or_else(short)?;
                    let left = stack.pop().ok_or_else(short)?;
                    left.zip(right)
                        .and_then(|(left, right)| arithmetic(&operator, left, right))
                }
                Operator::StructNew {
                    struct_type_index: ty,
                } => {
                    let count = struct_len(module, ty);
                    self.make(module, ty, count, stack)?
                }
                Operator::ArrayNewFixed {
                    array_type_index: ty,
                    array_size,
                } => self.make(module, ty, array_size as usize, stack)?,
                Operator::ArrayNew { array_type_index: ty } => {
                    let len = stack.pop().ok_or_else(short)?;
                    let element = stack.pop().ok_or_else(short)?;
                    match len {
                        Some(Value::I32(len)) => {
                            let len = len.cast_unsigned() as usize;
                            stack.extend(std::iter::repeat_n(element, len));
                            self.make(module, ty, len, stack)?
                        }
                        _ => None,
                    }
                }
                Operator::StructNewDefault {
                    struct_type_index: ty,
                } => {
                    let count = struct_len(module, ty);
                    self.make_default(module, ty, count, stack)?
                }
                Operator::ArrayNewDefault { array_type_index: ty } => match stack.pop().ok_or_else(short)? {
                    Some(Value::I32(len)) => {
                        self.make_default(module, ty, len.cast_unsigned() as usize, stack)?
                    }
                    _ => None,
                },
                Operator::RefAsNonNull => match stack.pop().ok_or_else(short)? {
                    Some(Value::Reference(Reference::Null)) => return unknown(operator),
                    value => value,
                },
                Operator::GlobalSet { global_index } => {
                    let value = stack.pop().ok_or_else(short)?;
                    *self.globals.get_mut(global_index as usize).ok_or_else(short)? = value;
                    continue;
                }
                Operator::StructSet { field_index, .. } => {
                    let value = stack.pop().ok_or_else(short)?;
                    let object = stack.pop().ok_or_else(short)?;
                    self.set(module, object, field_index as usize, value)?;
                    continue;
                }
                Operator::ArraySet { .. } => {
                    let value = stack.pop().ok_or_else(short)?;
                    let Some(Value::I32(index)) = stack.pop().ok_or_else(short)? else {
                        return unknown(operator);
                    };
                    let object = stack.pop().ok_or_else(short)?;
                    self.set(module, object, index.cast_unsigned() as usize, value)?;
                    continue;
                }
                Operator::ArrayInitData { array_data_index, .. } => {
                    let (array, len) = filled(stack)?;
                    let bytes = module.data[array_data_index as usize].bytes;
                    self.fill_from_bytes(module, array, len, bytes)?;
                    continue;
                }
                Operator::TableFill { table } => {
                    let len = stack.pop().ok_or_else(short)?;
                    let value = stack.pop().ok_or_else(short)?;
                    let first = stack.pop().ok_or_else(short)?;
                    self.fill_table(TableIndex(table), first, value, len)?;
                    continue;
                }
                Operator::DataDrop { .. } => continue,
                Operator::Call { function_index } => {
                    self.run(module, FunctionIndex(function_index))?;
                    continue;
                }
                operator => return unknown(operator),
            };
            stack.push(value);
        }
        Ok(())
    }

    /// Runs `table.fill`.
    fn fill_table(
        &mut self,
        table: TableIndex,
        first: Option<Value>,
        value: Option<Value>,
        len: Option<Value>,
    ) -> Result {
        let number = |value| match value {
            Some(Value::I32(value)) => usize::try_from(value.cast_unsigned()).ok(),
            Some(Value::I64(value)) => usize::try_from(value.cast_unsigned()).ok(),
            _ => None,
        };
        let slots = number(first)
            .zip(number(len))
            .and_then(|(first, len)| Some(first..first.checked_add(len)?))
            .and_then(|slots| self.tables.get_mut(table.position())?.get_mut(slots));
        match slots {
            Some(slots) => slots.fill(value.and_then(reference)),
            None => return Err(CheckError(format!("table {table} is filled out of bounds"))),
        }
        Ok(())
    }
}

/// Pops the operands of an `array.init_data` from offset 0 to element 0, and returns the array and the number of elements.
fn filled(stack: &mut Vec<Option<Value>>) -> Result<(Option<Value>, u32)> {
    match stack.as_slice() {
        [
            ..,
            array,
            Some(Value::I32(0)),
            Some(Value::I32(0)),
            Some(Value::I32(len)),
        ] => {
            let found = (*array, len.cast_unsigned());
            stack.truncate(stack.len() - 4);
            Ok(found)
        }
        _ => unknown("a part of an array that is filled"),
    }
}

/// The result of an arithmetic instruction of extended constant expressions.
fn arithmetic(operator: &Operator<'_>, left: Value, right: Value) -> Option<Value> {
    Some(match (left, right) {
        (Value::I32(left), Value::I32(right)) => Value::I32(match operator {
            Operator::I32Add => left.wrapping_add(right),
            Operator::I32Sub => left.wrapping_sub(right),
            _ => left.wrapping_mul(right),
        }),
        (Value::I64(left), Value::I64(right)) => Value::I64(match operator {
            Operator::I64Add => left.wrapping_add(right),
            Operator::I64Sub => left.wrapping_sub(right),
            _ => left.wrapping_mul(right),
        }),
        _ => return None,
    })
}

fn internal(internal: Internal) -> Value {
    Value::Reference(Reference::Internal(internal, Hierarchy::Any))
}

fn reference(value: Value) -> Option<Reference> {
    match value {
        Value::Reference(reference) => Some(reference),
        _ => None,
    }
}
