//! The operands of a body that a rewritten body may encode in another way: indices, and LEB128 numbers that are longer than
//! necessary.
//!
//! They are recorded while the body is validated, so that later stages need not decode it again: to follow its references, to
//! write it with other indices, and to compare it with what was written.

use wasmparser::{BinaryReader, BlockType, HeapType, Operator, OperatorsReader, RefType, ValType};

use super::proposals::features;

/// An operand, or a whole instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operand {
    /// Its offset from the start of the body, in bytes.
    pub(crate) offset: u32,
    /// Its value; `kind` says which.
    pub(crate) value: u32,
    /// Its length in bytes.
    pub(crate) len: u16,
    pub(crate) kind: OperandKind,
}

/// The kinds of operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperandKind {
    /// The index of a function that is called.
    Callee,
    /// The index of a function in `ref.func`.
    Function,
    /// The index of a global.
    Global,
    /// The type index and the table index of an indirect call; the value is the type index.
    TypeAndTable,
    /// The number of an `i32.const` that takes more bytes than necessary; the value is its bits.
    Number,
    /// The offset of a memory instruction that takes more bytes than necessary.
    Offset,
    /// The whole instruction `nop`.
    Nop,
    /// A whole instruction with other indices, or with another number that may be longer than necessary.
    Instruction,
}

impl Operand {
    /// The offset of its end from the start of the body, in bytes.
    pub(crate) fn end(self) -> usize {
        self.offset as usize + usize::from(self.len)
    }

    /// Its bytes in its body.
    pub(crate) fn bytes(self, body: &[u8]) -> &[u8] {
        &body[self.offset as usize..self.end()]
    }

    /// The instruction, if it is [`OperandKind::Instruction`].
    pub(crate) fn instruction(self, body: &[u8]) -> wasmparser::Result<Operator<'_>> {
        OperatorsReader::new(BinaryReader::new_features(self.bytes(body), 0, features())).read()
    }

    /// The indices of the type and the table, if it is [`OperandKind::TypeAndTable`].
    pub(crate) fn type_and_table(self, body: &[u8]) -> wasmparser::Result<(u32, u32)> {
        let mut reader = BinaryReader::new(self.bytes(body), 0);
        Ok((reader.read_var_u32()?, reader.read_var_u32()?))
    }
}

/// Collects the operands of one body.
#[derive(Debug, Default)]
pub(super) struct Operands {
    pub(super) operands: Vec<Operand>,
    /// Whether an instruction works on memory 0.
    pub(super) uses_memory: bool,
    /// Whether the body has an operand that `operands` lacks.
    pub(super) is_incomplete: bool,
}

impl Operands {
    /// Notes an instruction. `bytes` are those of the body, and `bytes[start..end]` those of the instruction.
    pub(super) fn note(&mut self, operator: &Operator<'_>, bytes: &[u8], start: usize, end: usize) {
        /// The instructions that are matched one by one have opcodes of one byte.
        const OPCODE: usize = 1;
        let operand = start + OPCODE;
        match *operator {
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                self.add(OperandKind::Callee, function_index, operand, end);
            }
            Operator::RefFunc { function_index } => {
                self.add(OperandKind::Function, function_index, operand, end);
            }
            Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                self.add(OperandKind::Global, global_index, operand, end);
            }
            Operator::CallIndirect { type_index, .. } | Operator::ReturnCallIndirect { type_index, .. } => {
                self.add(OperandKind::TypeAndTable, type_index, operand, end);
            }
            Operator::I32Const { value } => {
                if end - operand > signed_leb128_len(value) {
                    self.add(OperandKind::Number, value.cast_unsigned(), operand, end);
                }
            }
            Operator::Nop => self.add(OperandKind::Nop, 0, start, end),
            // A `catch` cannot be decoded by itself, as an [`OperandKind::Instruction`] must be.
            Operator::Catch { .. } => self.is_incomplete = true,
            Operator::CatchAll | Operator::Delegate { .. } | Operator::Else | Operator::End => {}
            _ => match class(operator) {
                Class::Plain => self.note_long(bytes, start, end),
                Class::Memory(offset) => self.note_memory(0, offset, bytes, start, end),
                Class::Naming => self.add(OperandKind::Instruction, 0, start, end),
            },
        }
    }

    /// Notes an instruction on a memory, which has no other index.
    pub(super) fn note_memory(&mut self, memory: u32, offset: u64, bytes: &[u8], start: usize, end: usize) {
        /// The places of the alignment and the offset behind an opcode of one byte.
        const ALIGNMENT: usize = 1;
        const OFFSET: usize = 2;
        if memory != 0 {
            self.add(OperandKind::Instruction, 0, start, end);
            return;
        }
        self.uses_memory = true;
        // The alignment is less than 64, and takes a byte.
        let is_short = (0x28..=0x3e).contains(&bytes[start]) && bytes[start + ALIGNMENT] < 0x40;
        match u32::try_from(offset) {
            Ok(offset) if is_short => {
                let place = start + OFFSET;
                if end - place > leb128_len(offset) {
                    self.add(OperandKind::Offset, offset, place, end);
                }
            }
            _ => self.note_long(bytes, start, end),
        }
    }

    /// Notes an instruction without indices, if its last number may be longer than necessary.
    pub(super) fn note_long(&mut self, bytes: &[u8], start: usize, end: usize) {
        let may_be_long = end - start > 2 && matches!(bytes[end - 2..end], [0x80..=0xff, 0x00 | 0x7f]);
        if may_be_long {
            self.add(OperandKind::Instruction, 0, start, end);
        }
    }

    fn add(&mut self, kind: OperandKind, value: u32, start: usize, end: usize) {
        match (u32::try_from(start), u16::try_from(end - start)) {
            (Ok(offset), Ok(len)) => self.operands.push(Operand {
                offset,
                value,
                len,
                kind,
            }),
            _ => self.is_incomplete = true,
        }
    }
}

/// Which indices an instruction has, apart from those of locals, labels and fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// None.
    Plain,
    /// Memory 0 only, with this offset.
    Memory(u64),
    /// Any others.
    Naming,
}

impl Class {
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Plain, class) | (class, Self::Plain) => class,
            (Self::Memory(offset), Self::Memory(other)) => Self::Memory(offset.max(other)),
            (Self::Naming, _) | (_, Self::Naming) => Self::Naming,
        }
    }

    fn of_memory(memory: u32, offset: u64) -> Self {
        if memory == 0 {
            Self::Memory(offset)
        } else {
            Self::Naming
        }
    }

    fn naming_if(names: bool) -> Self {
        if names { Self::Naming } else { Self::Plain }
    }
}

/// Which indices an operand has, by the operand's name in the parser. An operand whose name is not listed counts as an index.
macro_rules! class_of {
    (memarg $x:ident) => {
        Class::of_memory($x.memory, $x.offset)
    };
    (mem $x:ident) => {
        Class::of_memory(*$x, 0)
    };
    (dst_mem $x:ident) => {
        Class::of_memory(*$x, 0)
    };
    (src_mem $x:ident) => {
        Class::of_memory(*$x, 0)
    };
    (blockty $x:ident) => {
        Class::naming_if(match $x {
            BlockType::Empty => false,
            BlockType::Type(ty) => is_indexed(*ty),
            BlockType::FuncType(_) => true,
        })
    };
    (ty $x:ident) => {
        Class::naming_if(is_indexed(*$x))
    };
    (tys $x:ident) => {
        Class::naming_if($x.iter().any(|ty| is_indexed(*ty)))
    };
    (hty $x:ident) => {
        Class::naming_if(is_indexed_heap_type(*$x))
    };
    (from_ref_type $x:ident) => {
        Class::naming_if(is_indexed_ref_type(*$x))
    };
    (to_ref_type $x:ident) => {
        Class::naming_if(is_indexed_ref_type(*$x))
    };
    (value $x:ident) => {{
        let _ = $x;
        Class::Plain
    }};
    (local_index $x:ident) => {{
        let _ = $x;
        Class::Plain
    }};
    (relative_depth $x:ident) => {{
        let _ = $x;
        Class::Plain
    }};
    (targets $x:ident) => {{
        let _ = $x;
        Class::Plain
    }};
    (lane $x:ident) => {{
        let _ = $x;
        Class::Plain
    }};
    (lanes $x:ident) => {{
        let _ = $x;
        Class::Plain
    }};
    ($other:ident $x:ident) => {{
        let _ = $x;
        Class::Naming
    }};
}

macro_rules! define_class {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($types:tt)*))*) => {
        fn class(operator: &Operator<'_>) -> Class {
            match operator {
                $(Operator::$op $({ $($arg),* })? => Class::Plain $($(.or(class_of!($arg $arg)))*)?,)*
                // The parser's list has every instruction, but the type is `#[non_exhaustive]`.
                _ => Class::Naming,
            }
        }
    };
}

wasmparser::for_each_operator!(define_class);

/// Whether a type refers to another by its index.
pub(super) fn is_indexed(ty: ValType) -> bool {
    match ty {
        ValType::Ref(ty) => is_indexed_ref_type(ty),
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => false,
    }
}

fn is_indexed_ref_type(ty: RefType) -> bool {
    is_indexed_heap_type(ty.heap_type())
}

fn is_indexed_heap_type(ty: HeapType) -> bool {
    match ty {
        HeapType::Abstract { .. } => false,
        HeapType::Concrete(_) | HeapType::Exact(_) => true,
    }
}

/// The length of the shortest LEB128 encoding, in bytes: seven bits go into each.
pub(crate) fn leb128_len(number: u32) -> usize {
    let bits = u32::BITS - number.leading_zeros();
    bits.div_ceil(7).max(1) as usize
}

/// The length of the shortest signed LEB128 encoding, in bytes: the sign takes one bit.
fn signed_leb128_len(number: i32) -> usize {
    let bits = i32::BITS - (if number < 0 { !number } else { number }).leading_zeros() + 1;
    bits.div_ceil(7) as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::convert::Infallible;

    use wasm_encoder::Encode as _;
    use wasm_encoder::reencode::{Error, Reencode};

    use super::*;

    /// Records the indices of an instruction.
    #[derive(Default)]
    struct Asked(BTreeSet<(&'static str, u32)>);

    macro_rules! asked {
        ($($method:ident)*) => {$(
            fn $method(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
                self.0.insert((stringify!($method), index));
                Ok(index)
            }
        )*};
    }

    impl Reencode for Asked {
        type Error = Infallible;

        asked! { type_index function_index table_index memory_index global_index tag_index element_index data_index }
    }

    /// Checks that the instruction at the start of these bytes is noted as one with indices if, and only if, a reencoder is
    /// asked for an index, memory 0 aside. Returns whether there is an instruction.
    fn check(bytes: &[u8]) -> bool {
        let mut reader = OperatorsReader::new(BinaryReader::new_features(bytes, 0, features()));
        let Ok(operator) = reader.read() else {
            return false;
        };
        let bytes = &bytes[..reader.original_position()];
        let mut asked = Asked::default();
        if asked.instruction(operator.clone()).is_err() {
            return false;
        }
        let uses_memory = asked.0.remove(&("memory_index", 0));
        let mut found = Operands::default();
        found.note(&operator, bytes, 0, bytes.len());
        let names = found
            .operands
            .iter()
            .any(|operand| operand.kind != OperandKind::Nop);
        assert_eq!(names, !asked.0.is_empty(), "{operator:?} names {:?}", asked.0);
        assert!(found.uses_memory || names || !uses_memory, "{operator:?}");
        true
    }

    #[test]
    fn what_a_reencoder_is_asked_for_is_noted() {
        let plain = (0x00..=0xfa).map(|opcode: u8| vec![opcode]);
        let prefixed = (0xfb..=0xfe).flat_map(|prefix: u8| {
            (0..=0x1ff).map(move |opcode: u32| {
                let mut bytes = vec![prefix];
                opcode.encode(&mut bytes);
                bytes
            })
        });
        let mut checked = 0;
        for opcode in plain.chain(prefixed) {
            // Fillers that make operands indices, counts and types.
            let is_checked = [0x00, 0x01, 0x05, 0x40, 0x70].map(|filler| {
                let mut bytes = opcode.clone();
                bytes.extend([filler; 32]);
                check(&bytes)
            });
            checked += usize::from(is_checked.contains(&true));
        }
        assert!(checked > 580, "only {checked} instructions were read");
    }

    #[track_caller]
    fn operands_of(bytes: &[u8]) -> Vec<(OperandKind, u32, &[u8])> {
        let mut reader = OperatorsReader::new(BinaryReader::new_features(bytes, 0, features()));
        let mut found = Operands::default();
        while !reader.eof() {
            let (operator, start) = reader.read_with_offset().expect("it is an instruction");
            found.note(&operator, bytes, start, reader.original_position());
        }
        let operands = found.operands.into_iter();
        operands
            .map(|operand| (operand.kind, operand.value, operand.bytes(bytes)))
            .collect()
    }

    #[test]
    fn numbers_are_noted_if_they_are_longer_than_need_be() {
        assert_eq!(operands_of(&[0x41, 0x3f, 0x41, 0x40, 0x41, 0xc0, 0x00]), []);
        let padded = [0x41, 0xc0, 0x80, 0x80, 0x80, 0x00];
        assert_eq!(operands_of(&padded), [(OperandKind::Number, 0x40, &padded[1..])]);
        let negative = [0x41, 0xff, 0x7f];
        assert_eq!(
            operands_of(&negative),
            [(OperandKind::Number, u32::MAX, &negative[1..])]
        );
        // i32.load offset=8
        assert_eq!(operands_of(&[0x28, 0x02, 0x08]), []);
        let padded = [0x28, 0x02, 0x88, 0x80, 0x80, 0x80, 0x00];
        assert_eq!(operands_of(&padded), [(OperandKind::Offset, 8, &padded[2..])]);
        // The same with an explicit memory index.
        let padded = [0x28, 0x42, 0x00, 0x88, 0x00];
        assert_eq!(operands_of(&padded), [(OperandKind::Instruction, 0, &padded[..])]);
        // i64.const 64, local.get 1, v128.load offset=8
        for padded in [
            &[0x42, 0xc0, 0x80, 0x00][..],
            &[0x20, 0x81, 0x00],
            &[0xfd, 0x00, 0x04, 0x88, 0x00],
        ] {
            assert_eq!(operands_of(padded), [(OperandKind::Instruction, 0, padded)]);
        }
    }

    #[test]
    fn indices_are_noted_with_their_values() {
        // call 3, ref.func 4, global.get 5, call_indirect (type 2) (table 1), nop
        let bytes = [0x10, 0x83, 0x00, 0xd2, 0x04, 0x23, 0x05, 0x11, 0x02, 0x01, 0x01];
        assert_eq!(
            operands_of(&bytes),
            [
                (OperandKind::Callee, 3, &bytes[1..3]),
                (OperandKind::Function, 4, &bytes[4..5]),
                (OperandKind::Global, 5, &bytes[6..7]),
                (OperandKind::TypeAndTable, 2, &bytes[8..10]),
                (OperandKind::Nop, 0, &bytes[10..]),
            ]
        );
    }
}
