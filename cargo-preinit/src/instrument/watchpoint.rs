//! Counts how often the guest's code changes one byte of a memory, and stops behind a chosen change.
//!
//! Whatever can write to the byte is between two calls of added functions. The first passes the operands on, and notes what the byte
//! holds if it is among those that will be written; the second compares. Before and after, for the byte at address 100:
//!
//! ```wat
//! (i32.store offset=8              (call $before
//!   (local.get $to)                  (local.get $to) (local.get $value)
//!   (local.get $value))              (i32.const 92) (i32.const 4))    ;; 100 - offset, and how many bytes are written
//!                                  i32.store offset=8
//!                                  (call $behind)
//! ```
//!
//! The host's functions write as well, and are not seen: then the byte holds something else than what the last change left.

use std::collections::BTreeMap;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{BlockType, ConstExpr, Function, Instruction as I, MemArg, ValType};
use wasmparser::{BinaryReader, Operator, OperatorsReader};

use super::exports::{Injected, export_global};
use super::{AddedFunction, Additions};
use crate::guest::features;
use crate::guest::index::{FunctionIndex, GlobalIndex, InstanceId, MemoryIndex, enumerate};
use crate::guest::wiring::Source;
use crate::guest::{Guest, ImportKind, Node};

/// A byte of a memory whose changes are counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watchpoint {
    /// The instance that defines the memory.
    pub(crate) instance: InstanceId,
    pub(crate) memory: MemoryIndex,
    pub(crate) address: u64,
    /// The instance whose code traps behind a change, and behind which, counted from 1.
    pub(crate) stop: Option<(InstanceId, u64)>,
}

/// The watchpoint as one instance sees it.
#[derive(Debug)]
pub(super) struct Watched {
    /// The indices of the memory, in ascending order.
    memories: Vec<MemoryIndex>,
    address: u64,
    stop_at: Option<u64>,
}

impl Watchpoint {
    /// What the code of an instance can write to. `None` if it cannot reach the memory, or shares its code with another instance, which
    /// would be taken for it.
    pub(super) fn in_node(&self, guest: &Guest<'_>, node: &Node<'_>) -> Option<Watched> {
        if guest
            .nodes()
            .filter(|other| other.module_id == node.module_id)
            .count()
            > 1
        {
            return None;
        }
        let watched = Source::Instance(self.instance, ImportKind::Memory(self.memory));
        let memories = enumerate(&node.memories).map(|(index, _)| MemoryIndex(index));
        let memories =
            memories.filter(|index| guest.source_of((node.id, ImportKind::Memory(*index))) == watched);
        let memories: Vec<MemoryIndex> = memories.collect();
        (!memories.is_empty()).then_some(Watched {
            memories,
            address: self.address,
            stop_at: self
                .stop
                .filter(|(id, _)| *id == node.id)
                .map(|(_, change)| change),
        })
    }
}

/// An instruction that writes to a memory.
#[derive(Debug, PartialEq, Eq)]
struct Write {
    memory: MemoryIndex,
    /// The types of its operands, of which the first is an address.
    operands: Vec<ValType>,
    extent: Extent,
}

/// Which bytes an instruction writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// So many bytes from an offset to the address on.
    Fixed { offset: u64, bytes: u8 },
    /// As many as its last operand says, from the address on.
    LastOperand,
}

/// What is added once for all instructions.
struct Added {
    /// Non-zero between an instruction that writes the byte and the function behind it.
    is_written: GlobalIndex,
    /// What the byte held before.
    before: GlobalIndex,
    /// The function behind each instruction.
    behind: FunctionIndex,
    /// The functions before instructions, by the memory, the operands, and whether the last of these says how many bytes are written.
    functions: BTreeMap<(MemoryIndex, Vec<u8>, bool), FunctionIndex>,
}

/// Adds the functions and the calls.
pub(super) fn watch(module: &Node<'_>, watched: &Watched, additions: &mut Additions) {
    let mut added = Added::new(module, watched, additions);
    for body in &module.bodies {
        let bytes = &module.wasm[body.code_start..body.range.end];
        let reader = BinaryReader::new_features(bytes, body.code_start, features());
        let mut operators = OperatorsReader::new(reader);
        while let Ok((operator, position)) = operators.read_with_offset() {
            let opcode = &module.wasm[position..];
            let Some(write) =
                write(module, operator, opcode).filter(|write| watched.memories.contains(&write.memory))
            else {
                continue;
            };
            let call = added.before(module, watched, &write, additions);
            additions.insert(position, &call);
            additions.insert(operators.original_position(), &[I::Call(added.behind.0)]);
        }
    }
}

impl Added {
    fn new(module: &Node<'_>, watched: &Watched, additions: &mut Additions) -> Self {
        let changes = wasm_encoder::GlobalType {
            val_type: ValType::I64,
            mutable: true,
            shared: false,
        };
        let changes = additions.global(module, changes, &ConstExpr::i64_const(0));
        export_global(additions, Injected::Changes, changes);
        let last = additions.flag(module);
        export_global(additions, Injected::LastChange, last);
        let (is_written, before) = (additions.flag(module), additions.flag(module));
        let mut function = Function::new([(1, ValType::I32)]);
        let code = [
            I::GlobalGet(is_written.0),
            I::If(BlockType::Empty),
            I::I32Const(0),
            I::GlobalSet(is_written.0),
        ];
        let load = load(module, watched.memories[0], watched.address);
        let compare = [
            I::LocalTee(0),
            I::GlobalGet(before.0),
            I::I32Ne,
            I::If(BlockType::Empty),
            I::LocalGet(0),
            I::GlobalSet(last.0),
            I::GlobalGet(changes.0),
            I::I64Const(1),
            I::I64Add,
            I::GlobalSet(changes.0),
        ];
        for instruction in code.iter().chain(&load).chain(&compare) {
            function.instruction(instruction);
        }
        if let Some(stop_at) = watched.stop_at {
            let stop = [
                I::GlobalGet(changes.0),
                I::I64Const(stop_at.cast_signed()),
                I::I64Eq,
                I::If(BlockType::Empty),
                I::Unreachable,
                I::End,
            ];
            for instruction in &stop {
                function.instruction(instruction);
            }
        }
        for _ in 0..3 {
            function.instruction(&I::End);
        }
        let ty = additions.add_type(module, [], []);
        Self {
            is_written,
            before,
            behind: additions.add_function(module, AddedFunction::Code(ty, function)),
            functions: BTreeMap::new(),
        }
    }

    /// The code before an instruction. Behind it, the operands are on the stack as before.
    fn before(
        &mut self,
        module: &Node<'_>,
        watched: &Watched,
        write: &Write,
        additions: &mut Additions,
    ) -> Vec<I<'static>> {
        let is_last_operand = write.extent == Extent::LastOperand;
        let mut key = Vec::new();
        for operand in &write.operands {
            wasm_encoder::Encode::encode(operand, &mut key);
        }
        let known = self.functions.entry((write.memory, key, is_last_operand));
        let (is_written, before) = (self.is_written, self.before);
        let function = *known.or_insert_with(|| {
            let load = load(module, write.memory, watched.address);
            let (parameters, function) = function_before(write, is_written, before, &load);
            let ty = additions.add_type(module, parameters, write.operands.iter().copied());
            additions.add_function(module, AddedFunction::Code(ty, function))
        });
        let address_type = write.operands[0];
        let mut code = Vec::new();
        match write.extent {
            Extent::Fixed { offset, bytes } => {
                code.push(number(address_type, watched.address.wrapping_sub(offset)));
                code.push(number(address_type, bytes.into()));
            }
            Extent::LastOperand => code.push(number(address_type, watched.address)),
        }
        code.push(I::Call(function.0));
        code
    }
}

/// The function before an instruction, and its parameters: the operands, the address less the offset, and, unless the last operand says
/// it, how many bytes are written. The byte is among them if `0 <= address - offset - to < bytes`, where a wrapped difference is too large.
fn function_before(
    write: &Write,
    is_written: GlobalIndex,
    before: GlobalIndex,
    load: &[I<'static>],
) -> (Vec<ValType>, Function) {
    let operands = crate::guest::count(write.operands.len());
    let address_type = write.operands[0];
    let is_64_bit = address_type == ValType::I64;
    let mut parameters = write.operands.clone();
    parameters.push(address_type);
    let mut code = vec![I::LocalGet(operands), I::LocalGet(0)];
    code.push(if is_64_bit { I::I64Sub } else { I::I32Sub });
    match write.extent {
        Extent::Fixed { .. } => {
            parameters.push(address_type);
            code.push(I::LocalGet(operands + 1));
        }
        Extent::LastOperand => {
            code.push(I::LocalGet(operands - 1));
            // From a memory with addresses of 32 bits to one with 64.
            if is_64_bit && write.operands.last() == Some(&ValType::I32) {
                code.push(I::I64ExtendI32U);
            }
        }
    }
    code.push(if is_64_bit { I::I64LtU } else { I::I32LtU });
    code.extend([
        I::If(BlockType::Empty),
        I::I32Const(1),
        I::GlobalSet(is_written.0),
    ]);
    code.extend_from_slice(load);
    code.extend([I::GlobalSet(before.0), I::End]);
    code.extend((0..operands).map(I::LocalGet));
    code.push(I::End);
    let mut function = Function::new([]);
    for instruction in &code {
        function.instruction(instruction);
    }
    (parameters, function)
}

/// The address type of a memory.
fn address_type(module: &Node<'_>, memory: MemoryIndex) -> ValType {
    match module.memories[memory.position()].memory64 {
        true => ValType::I64,
        false => ValType::I32,
    }
}

/// A constant of an address type. What does not fit is wrapped.
fn number(ty: ValType, number: u64) -> I<'static> {
    match ty {
        ValType::I64 => I::I64Const(number.cast_signed()),
        _ => {
            let [a, b, c, d, ..] = number.to_le_bytes();
            I::I32Const(i32::from_le_bytes([a, b, c, d]))
        }
    }
}

/// Loads a byte.
fn load(module: &Node<'_>, memory: MemoryIndex, address: u64) -> [I<'static>; 2] {
    let place = MemArg {
        offset: 0,
        align: 0,
        memory_index: memory.0,
    };
    [number(address_type(module, memory), address), I::I32Load8U(place)]
}

/// What an instruction writes, if it writes to a memory. `opcode` begins with its opcode.
fn write(module: &Node<'_>, operator: Operator<'_>, opcode: &[u8]) -> Option<Write> {
    use ValType::{F32, F64, I32, I64, V128};
    let (value, bytes) = match operator {
        Operator::I32Store { .. } => (I32, 4),
        Operator::I64Store { .. } => (I64, 8),
        Operator::F32Store { .. } => (F32, 4),
        Operator::F64Store { .. } => (F64, 8),
        Operator::I32Store8 { .. } => (I32, 1),
        Operator::I32Store16 { .. } => (I32, 2),
        Operator::I64Store8 { .. } => (I64, 1),
        Operator::I64Store16 { .. } => (I64, 2),
        Operator::I64Store32 { .. } => (I64, 4),
        Operator::V128Store { .. } => (V128, 16),
        Operator::V128Store8Lane { .. } => (V128, 1),
        Operator::V128Store16Lane { .. } => (V128, 2),
        Operator::V128Store32Lane { .. } => (V128, 4),
        Operator::V128Store64Lane { .. } => (V128, 8),
        Operator::MemoryFill { mem } => {
            let address = address_type(module, MemoryIndex(mem));
            return Some(bulk(mem, vec![address, I32, address]));
        }
        Operator::MemoryInit { mem, .. } => {
            let address = address_type(module, MemoryIndex(mem));
            return Some(bulk(mem, vec![address, I32, I32]));
        }
        Operator::MemoryCopy { dst_mem, src_mem } => {
            let [to, from] = [dst_mem, src_mem].map(|mem| address_type(module, MemoryIndex(mem)));
            let count = if (to, from) == (I64, I64) { I64 } else { I32 };
            return Some(bulk(dst_mem, vec![to, from, count]));
        }
        operator => return atomic(module, operator, opcode),
    };
    fixed(module, operator, value, 1, bytes)
}

fn bulk(memory: u32, operands: Vec<ValType>) -> Write {
    Write {
        memory: MemoryIndex(memory),
        operands,
        extent: Extent::LastOperand,
    }
}

/// An atomic instruction that writes: its opcode says what it does, of which type and width. `memory.discard` and the like are not among
/// the proposals that a bake takes.
///
/// Source: the table of opcodes in the overview of the threads proposal.
fn atomic(module: &Node<'_>, operator: Operator<'_>, opcode: &[u8]) -> Option<Write> {
    use ValType::{I32, I64};
    const FIRST_STORE: u32 = 0x17;
    const FIRST_EXCHANGE: u32 = 0x48;
    const LAST: u32 = 0x4e;
    /// Each operation has one instruction for each of these types and widths, in this order.
    const FORMS: [(ValType, u8); 7] = [
        (I32, 4),
        (I64, 8),
        (I32, 1),
        (I32, 2),
        (I64, 1),
        (I64, 2),
        (I64, 4),
    ];
    let (0xfe, rest) = opcode.split_first()? else {
        return None;
    };
    let opcode = BinaryReader::new(rest, 0).read_var_u32().ok()?;
    if !(FIRST_STORE..=LAST).contains(&opcode) {
        return None;
    }
    let (value, bytes) = FORMS[(opcode - FIRST_STORE) as usize % FORMS.len()];
    // A comparison with what is expected takes that, too.
    let values = if opcode >= FIRST_EXCHANGE { 2 } else { 1 };
    fixed(module, operator, value, values, bytes)
}

/// An instruction whose offset and memory are in its argument.
fn fixed(
    module: &Node<'_>,
    operator: Operator<'_>,
    value: ValType,
    values: usize,
    bytes: u8,
) -> Option<Write> {
    let mut argument = Argument(None);
    argument.instruction(operator).ok()?;
    let MemArg {
        offset, memory_index, ..
    } = argument.0?;
    let memory = MemoryIndex(memory_index);
    let mut operands = vec![address_type(module, memory)];
    operands.extend(std::iter::repeat_n(value, values));
    Some(Write {
        memory,
        operands,
        extent: Extent::Fixed { offset, bytes },
    })
}

/// Takes the memory argument of an instruction by re-encoding it.
struct Argument(Option<MemArg>);

impl Reencode for Argument {
    type Error = std::convert::Infallible;

    fn mem_arg(
        &mut self,
        argument: wasmparser::MemArg,
    ) -> Result<MemArg, wasm_encoder::reencode::Error<Self::Error>> {
        let argument = RoundtripReencoder.mem_arg(argument)?;
        self.0 = Some(argument);
        Ok(argument)
    }
}
