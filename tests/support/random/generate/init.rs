//! Candidates for init: functions that change state as real inits do, and wasm-smith's functions rarely do.

use std::collections::BTreeSet;

use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_encoder::{BlockType, Function, Instruction, MemArg};
use wasmparser::{AbstractHeapType, CompositeInnerType, HeapType, RefType, StorageType, ValType};

use super::shape::Shape;
use crate::random::{Choices, Special};

/// The body of a function that calls others, changes tables, globals, memories and segments in between, and makes structures
/// that refer to each other. Also returns its special features. It returns numbers of the types `results`.
pub(super) fn init_body(
    shape: &Shape<'_>,
    may_name_functions: bool,
    may_call: bool,
    results: &[ValType],
    choices: &mut Choices,
) -> Option<(Function, BTreeSet<Special>)> {
    let mut writer = Writer {
        shape,
        may_name_functions,
        choices,
        body: Function::new([]),
        specials: BTreeSet::new(),
    };
    for _ in 0..2 + writer.choices.below(6) {
        // Changes that this module does not allow are left out.
        let _ = match writer.choices.below(17) {
            0 => writer.drop_segment(),
            1 | 2 => writer.set_slot(),
            3 => writer.grow(),
            4 | 5 => writer.set_global(),
            6 => writer.tie(),
            7 | 8 => writer.store(),
            9 => writer.fill(),
            10 | 11 => writer.push(),
            _ if may_call => writer.call(),
            _ => None,
        };
    }
    for ty in results {
        let value = if writer.choices.chance(1, 2) {
            vec![zero(*ty)?]
        } else {
            writer.value(*ty, 0)?
        };
        writer.all(&value);
    }
    writer.body.instruction(&Instruction::End);
    Some((writer.body, writer.specials))
}

fn zero(ty: ValType) -> Option<Instruction<'static>> {
    Some(match ty {
        ValType::I32 => Instruction::I32Const(0),
        ValType::I64 => Instruction::I64Const(0),
        ValType::F32 => Instruction::F32Const(wasm_encoder::Ieee32::new(0)),
        ValType::F64 => Instruction::F64Const(wasm_encoder::Ieee64::new(0)),
        ValType::V128 => Instruction::V128Const(0),
        ValType::Ref(_) => return None,
    })
}

/// The least number of slots of a long table.
const LONG: u64 = 1 << 10;
/// How deep new structures nest.
const DEPTH: u32 = 3;

struct Writer<'a> {
    shape: &'a Shape<'a>,
    /// Whether `ref.func` may name every function, since all are exported.
    may_name_functions: bool,
    choices: &'a mut Choices,
    body: Function,
    specials: BTreeSet<Special>,
}

impl Writer<'_> {
    fn all(&mut self, instructions: &[Instruction<'static>]) {
        for instruction in instructions {
            self.body.instruction(instruction);
        }
    }

    fn index(&mut self, end: usize) -> Option<u32> {
        if end == 0 {
            return None;
        }
        u32::try_from(self.choices.below(end)).ok()
    }

    fn call(&mut self) -> Option<()> {
        let imported = self.shape.imported_functions as usize;
        let defined = self.shape.functions.len() - imported;
        let function = if imported > 0 && self.choices.chance(1, 32) {
            self.index(imported)?
        } else {
            self.index(defined)? + self.shape.imported_functions
        };
        let ty = self.shape.signature(function)?;
        let arguments: Vec<Instruction<'static>> = ty
            .params()
            .iter()
            .map(|ty| self.value(*ty, 0))
            .collect::<Option<Vec<_>>>()?
            .concat();
        self.all(&arguments);
        self.body.instruction(&Instruction::Call(function));
        for _ in ty.results() {
            self.body.instruction(&Instruction::Drop);
        }
        Some(())
    }

    fn drop_segment(&mut self) -> Option<()> {
        let instruction = if self.choices.chance(1, 2) {
            Instruction::DataDrop(self.index(self.shape.data as usize)?)
        } else {
            Instruction::ElemDrop(self.index(self.shape.elements as usize)?)
        };
        self.body.instruction(&instruction);
        Some(())
    }

    fn set_slot(&mut self) -> Option<()> {
        let position = self.index(self.shape.tables.len())?;
        let table = &self.shape.tables[position as usize];
        if table.initial == 0 {
            return None;
        }
        let value = self.reference(table.element_type, 0)?;
        let slot = self.choices.number() % table.initial;
        self.body.instruction(&address(slot, table.table64));
        self.all(&value);
        self.body.instruction(&Instruction::TableSet(position));
        Some(())
    }

    fn set_global(&mut self) -> Option<()> {
        let position = self.index(self.shape.globals.len())?;
        let ty = self.shape.globals[position as usize];
        if !ty.mutable {
            return None;
        }
        let value = self.value(ty.content_type, 0)?;
        self.all(&value);
        self.body.instruction(&Instruction::GlobalSet(position));
        Some(())
    }

    /// Writes to a field of a structure in a global, by which structures get to refer to themselves.
    fn tie(&mut self) -> Option<()> {
        let position = self.index(self.shape.globals.len())?;
        let ValType::Ref(ty) = self.shape.globals[position as usize].content_type else {
            return None;
        };
        let structure = concrete(ty)?;
        let CompositeInnerType::Struct(fields) = &self.shape.types[structure as usize] else {
            return None;
        };
        let field = self.index(fields.fields.len())?;
        let field_type = fields.fields[field as usize];
        let StorageType::Val(value_type) = field_type.element_type else {
            return None;
        };
        if !field_type.mutable {
            return None;
        }
        let value = self.value(value_type, 0)?;
        self.all(&[
            Instruction::GlobalGet(position),
            Instruction::RefIsNull,
            Instruction::I32Eqz,
            Instruction::If(BlockType::Empty),
            Instruction::GlobalGet(position),
        ]);
        self.all(&value);
        self.all(&[
            Instruction::StructSet {
                struct_type_index: structure,
                field_index: field,
            },
            Instruction::End,
        ]);
        Some(())
    }

    fn store(&mut self) -> Option<()> {
        let position = self.index(self.shape.memories.len())?;
        let memory = &self.shape.memories[position as usize];
        let size = memory.initial.checked_shl(memory.page_size_log2.unwrap_or(16))?;
        let offset = self.choices.number() % size.checked_sub(7).filter(|places| *places > 0)?;
        let value = self.value(ValType::I64, 0)?;
        self.body.instruction(&address(offset, memory.memory64));
        self.all(&value);
        self.body.instruction(&Instruction::I64Store(MemArg {
            offset: 0,
            align: 0,
            memory_index: position,
        }));
        Some(())
    }

    /// Grows a memory or a table, or tries to grow it beyond its maximum.
    fn grow(&mut self) -> Option<()> {
        let is_memory = self.choices.chance(1, 2);
        let spaces = if is_memory {
            self.shape.memories.len()
        } else {
            self.shape.tables.len()
        };
        let position = self.index(spaces)?;
        let (maximum, is_64) = if is_memory {
            let memory = &self.shape.memories[position as usize];
            (memory.maximum, memory.memory64)
        } else {
            let table = &self.shape.tables[position as usize];
            (table.maximum, table.table64)
        };
        let mut amount = self.choices.number() % 4;
        if let Some(maximum) = maximum.filter(|_| self.choices.chance(1, 3)) {
            amount = maximum.checked_add(1 + amount)?;
            self.specials.insert(Special::FailedGrow);
        }
        if !is_memory && maximum.is_none_or(|maximum| maximum > 2 * LONG) && self.choices.chance(1, 2) {
            amount += LONG;
            self.specials.insert(Special::LongFill);
        }
        if is_memory {
            self.body.instruction(&address(amount, is_64));
            self.body.instruction(&Instruction::MemoryGrow(position));
        } else {
            let value = self.reference(self.shape.tables[position as usize].element_type, 0)?;
            self.all(&value);
            self.body.instruction(&address(amount, is_64));
            self.body.instruction(&Instruction::TableGrow(position));
        }
        self.body.instruction(&Instruction::Drop);
        Some(())
    }

    /// Fills many slots of a table with one value.
    fn fill(&mut self) -> Option<()> {
        let position = self.index(self.shape.tables.len())?;
        let table = &self.shape.tables[position as usize];
        let slots = table.initial;
        let value = self.reference(table.element_type, 0)?;
        let start = self.choices.number() % slots.max(1) / 4;
        let count = slots - start - self.choices.number() % (slots - start + 1) / 4;
        self.body.instruction(&address(start, table.table64));
        self.all(&value);
        self.body.instruction(&address(count, table.table64));
        self.body.instruction(&Instruction::TableFill(position));
        if count > LONG {
            self.specials.insert(Special::LongFill);
        }
        Some(())
    }

    /// Writes to the shadow stack, and mostly restores the stack pointer.
    fn push(&mut self) -> Option<()> {
        let stack = self.shape.stack.as_ref()?;
        let pointer = stack.pointer;
        let bytes = 16 * (1 + self.choices.number() % 16).min((stack.start - stack.low) / 16);
        if bytes < 16 {
            return None;
        }
        let value = self.value(ValType::I64, 0)?;
        let offset = self.choices.number() % (bytes - 8);
        let bytes = i32::try_from(bytes).ok()?;
        self.all(&[
            Instruction::GlobalGet(pointer),
            Instruction::I32Const(bytes),
            Instruction::I32Sub,
            Instruction::GlobalSet(pointer),
            Instruction::GlobalGet(pointer),
        ]);
        self.all(&value);
        self.body.instruction(&Instruction::I64Store(MemArg {
            offset,
            align: 0,
            memory_index: 0,
        }));
        if self.choices.chance(7, 8) {
            self.all(&[
                Instruction::GlobalGet(pointer),
                Instruction::I32Const(bytes),
                Instruction::I32Add,
                Instruction::GlobalSet(pointer),
            ]);
        }
        Some(())
    }

    #[expect(clippy::cast_possible_truncation, reason = "any bits will do")]
    fn value(&mut self, ty: ValType, depth: u32) -> Option<Vec<Instruction<'static>>> {
        let value = self.choices.value();
        Some(vec![match ty {
            ValType::I32 => Instruction::I32Const((value as u32).cast_signed()),
            ValType::I64 => Instruction::I64Const(value.cast_signed()),
            ValType::F32 => Instruction::F32Const(wasm_encoder::Ieee32::new(value as u32)),
            ValType::F64 => Instruction::F64Const(wasm_encoder::Ieee64::new(value)),
            ValType::V128 => Instruction::V128Const(i128::from(value)),
            ValType::Ref(ty) => return self.reference(ty, depth),
        }])
    }

    /// Null, the value of a global of the type, or a new object.
    fn reference(&mut self, ty: RefType, depth: u32) -> Option<Vec<Instruction<'static>>> {
        let choice = self.choices.below(5);
        if choice == 0 && ty.is_nullable() || depth > DEPTH {
            return null(ty);
        }
        if choice < 3 {
            let globals: Vec<u32> = (0_u32..)
                .zip(&self.shape.globals)
                .filter(|(_, global)| self.fits(global.content_type, ty))
                .map(|(index, _)| index)
                .collect();
            if let Some(global) = self.choices.pick(&globals) {
                let is_imported = *global < self.shape.imported_globals;
                if is_imported && !self.shape.globals[*global as usize].mutable {
                    self.specials.insert(Special::ImportedReferences);
                }
                return Some(vec![Instruction::GlobalGet(*global)]);
            }
        }
        self.fresh(ty, depth).or_else(|| null(ty))
    }

    /// Whether one type is plainly a subtype of the other.
    fn fits(&self, ty: ValType, wanted: RefType) -> bool {
        let ValType::Ref(ty) = ty else {
            return false;
        };
        let is_kind = match wanted.heap_type() {
            HeapType::Abstract {
                ty: AbstractHeapType::Func,
                ..
            } => concrete(ty).is_some_and(|index| self.shape.function_type(index).is_some()),
            _ => false,
        };
        (ty.heap_type() == wanted.heap_type() || is_kind) && (wanted.is_nullable() || !ty.is_nullable())
    }

    fn fresh(&mut self, ty: RefType, depth: u32) -> Option<Vec<Instruction<'static>>> {
        if let Some(index) = concrete(ty) {
            return self.object(index, depth);
        }
        let HeapType::Abstract { shared: false, ty } = ty.heap_type() else {
            return None;
        };
        let is_struct = |ty: &CompositeInnerType| matches!(ty, CompositeInnerType::Struct(_));
        let is_array = |ty: &CompositeInnerType| matches!(ty, CompositeInnerType::Array(_));
        match ty {
            AbstractHeapType::Func if self.may_name_functions => Some(vec![Instruction::RefFunc(
                self.index(self.shape.functions.len())?,
            )]),
            AbstractHeapType::I31 => self.i31(),
            AbstractHeapType::Any | AbstractHeapType::Eq if self.choices.chance(1, 3) => self.i31(),
            AbstractHeapType::Any | AbstractHeapType::Eq => {
                self.object_of(|ty| is_struct(ty) || is_array(ty), depth)
            }
            AbstractHeapType::Struct => self.object_of(is_struct, depth),
            AbstractHeapType::Array => self.object_of(is_array, depth),
            _ => None,
        }
    }

    fn i31(&mut self) -> Option<Vec<Instruction<'static>>> {
        let mut number = self.value(ValType::I32, 0)?;
        number.push(Instruction::RefI31);
        Some(number)
    }

    fn object_of(
        &mut self,
        is_wanted: impl Fn(&CompositeInnerType) -> bool,
        depth: u32,
    ) -> Option<Vec<Instruction<'static>>> {
        let types: Vec<u32> = (0_u32..)
            .zip(&self.shape.types)
            .filter(|(_, ty)| is_wanted(ty))
            .map(|(index, _)| index)
            .collect();
        let index = *self.choices.pick(&types)?;
        self.object(index, depth)
    }

    /// A new structure or array of the type, or a reference to a function of it.
    fn object(&mut self, index: u32, depth: u32) -> Option<Vec<Instruction<'static>>> {
        let mut code = Vec::new();
        match &self.shape.types[index as usize] {
            CompositeInnerType::Struct(ty) => {
                for field in &ty.fields {
                    code.extend(self.element(field.element_type, depth)?);
                }
                code.push(Instruction::StructNew(index));
            }
            CompositeInnerType::Array(ty) => {
                let array_size = u32::try_from(self.choices.below(4)).ok()?;
                for _ in 0..array_size {
                    code.extend(self.element(ty.0.element_type, depth)?);
                }
                code.push(Instruction::ArrayNewFixed {
                    array_type_index: index,
                    array_size,
                });
            }
            CompositeInnerType::Func(_) if self.may_name_functions => {
                let functions: Vec<u32> = (0_u32..)
                    .zip(&self.shape.functions)
                    .filter(|(_, ty)| **ty == index)
                    .map(|(function, _)| function)
                    .collect();
                code.push(Instruction::RefFunc(*self.choices.pick(&functions)?));
            }
            _ => return None,
        }
        Some(code)
    }

    fn element(&mut self, ty: StorageType, depth: u32) -> Option<Vec<Instruction<'static>>> {
        match ty {
            StorageType::I8 | StorageType::I16 => self.value(ValType::I32, depth),
            StorageType::Val(ty) => self.value(ty, depth + 1),
        }
    }
}

fn concrete(ty: RefType) -> Option<u32> {
    match ty.heap_type() {
        HeapType::Concrete(index) | HeapType::Exact(index) => index.as_module_index(),
        HeapType::Abstract { .. } => None,
    }
}

fn null(ty: RefType) -> Option<Vec<Instruction<'static>>> {
    let heap_type = RoundtripReencoder.heap_type(ty.heap_type()).ok()?;
    ty.is_nullable().then(|| vec![Instruction::RefNull(heap_type)])
}

fn address(number: u64, is_64: bool) -> Instruction<'static> {
    if is_64 {
        Instruction::I64Const(number.cast_signed())
    } else {
        Instruction::I32Const(u32::try_from(number).unwrap_or(u32::MAX).cast_signed())
    }
}
