//! Whether code is the same apart from its indices.

use wasmparser::{
    BinaryReader, BlockType, BrTable, Catch, ConstExpr, Data, DataKind, Element, ElementItems, ElementKind,
    FromReader as _, FunctionBody, HeapType, MemArg, Operator, OperatorsReader, RefType, TryTable,
    UnpackedIndex, ValType,
};

use crate::emit::index_map::IndexMap;
use crate::guest::index::{
    DataIndex, ElementIndex, FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex,
};
use crate::guest::{Body, OperandKind, features};

/// Compares code of the guest with code of the output, whose indices are those of the map.
pub(super) struct Comparison<'a>(pub(super) &'a IndexMap);

impl Comparison<'_> {
    /// Whether a body is one of the guest's with the output's indices.
    ///
    /// The bytes between the operands that the parser recorded have to be equal, and each operand has to be mapped. That
    /// decides the same as comparing instruction by instruction, in a fraction of the time. With debug assertions, both are
    /// done.
    pub(super) fn is_body(&self, body: &Body, expected: &[u8], found: &[u8]) -> wasmparser::Result<bool> {
        let is_memory_moved = body.uses_memory && !self.is_memory(0, 0);
        if body.is_irregular || is_memory_moved {
            return self.are_same_bodies(expected, found);
        }
        let is_same = self.is_body_by_operands(body, expected, found)?;
        debug_assert!(
            !is_same || self.are_same_bodies(expected, found).is_ok_and(|is_same| is_same),
            "by their instructions these bodies are not the same"
        );
        Ok(is_same)
    }

    fn is_body_by_operands(&self, body: &Body, expected: &[u8], found: &[u8]) -> wasmparser::Result<bool> {
        let mut compared = 0;
        let mut rest = found;
        for operand in &body.operands {
            let between = &expected[compared..operand.offset as usize];
            let Some(behind) = rest.strip_prefix(between) else {
                return Ok(false);
            };
            compared = operand.end();
            let mut reader = BinaryReader::new_features(behind, 0, features());
            let is_same = match operand.kind {
                OperandKind::Callee | OperandKind::Function => {
                    self.is_function(operand.value, reader.read_var_u32()?)
                }
                OperandKind::Global => self.is_global(operand.value, reader.read_var_u32()?),
                OperandKind::TypeAndTable => {
                    let (ty, table) = operand.type_and_table(expected)?;
                    self.is_type(ty, reader.read_var_u32()?) && self.is_table(table, reader.read_var_u32()?)
                }
                OperandKind::Number => operand.value.cast_signed() == reader.read_var_i32()?,
                // An offset for a 32-bit memory, too, may be encoded in as many bytes as one for a 64-bit memory.
                OperandKind::Offset => u64::from(operand.value) == reader.read_var_u64()?,
                // A `nop` may be there or not.
                OperandKind::Nop => {
                    if behind.first() == operand.bytes(expected).first() {
                        reader.read_u8()?;
                    }
                    true
                }
                OperandKind::Instruction => {
                    let mut operators = OperatorsReader::new(reader.clone());
                    let instruction = operators.read()?;
                    reader.read_bytes(operators.original_position())?;
                    self.is_operator(&operand.instruction(expected)?, &instruction)
                }
            };
            if !is_same {
                return Ok(false);
            }
            rest = &behind[reader.original_position()..];
        }
        Ok(rest == &expected[compared..])
    }

    /// Whether two bodies have the same locals and instructions, apart from `nop`. Numbers may be encoded in different lengths.
    pub(super) fn are_same_bodies(&self, expected: &[u8], found: &[u8]) -> wasmparser::Result<bool> {
        let body = |bytes| FunctionBody::new(BinaryReader::new_features(bytes, 0, features()));
        let (expected, found) = (body(expected), body(found));
        let (expected_locals, found_locals) = (expected.get_locals_reader()?, found.get_locals_reader()?);
        if expected_locals.get_count() != found_locals.get_count() {
            return Ok(false);
        }
        for (expected, found) in expected_locals.into_iter().zip(found_locals) {
            let ((expected, ty), (found, found_ty)) = (expected?, found?);
            if expected != found || !self.is_value_type(ty, found_ty) {
                return Ok(false);
            }
        }
        self.are_same_operators(expected.get_operators_reader()?, found.get_operators_reader()?)
    }

    /// Whether two element segments have the same mode, the same offset and the same items.
    pub(super) fn are_same_elements(&self, expected: &[u8], found: &[u8]) -> wasmparser::Result<bool> {
        let segment = |bytes| Element::from_reader(&mut BinaryReader::new_features(bytes, 0, features()));
        let (expected, found) = (segment(expected)?, segment(found)?);
        let is_same_place = match (&expected.kind, &found.kind) {
            (
                ElementKind::Active {
                    table_index: table,
                    offset_expr: offset,
                },
                ElementKind::Active {
                    table_index,
                    offset_expr,
                },
            ) => {
                self.is_table(table.unwrap_or(0), table_index.unwrap_or(0))
                    && self.are_same_constants(offset, offset_expr)?
            }
            (ElementKind::Passive, ElementKind::Passive) | (ElementKind::Declared, ElementKind::Declared) => {
                true
            }
            _ => false,
        };
        Ok(is_same_place && self.are_same_items(expected.items, found.items)?)
    }

    fn are_same_items(
        &self,
        expected: ElementItems<'_>,
        found: ElementItems<'_>,
    ) -> wasmparser::Result<bool> {
        match (expected, found) {
            (ElementItems::Functions(expected), ElementItems::Functions(found)) => {
                let mut is_same = expected.count() == found.count();
                for (expected, found) in expected.into_iter().zip(found) {
                    is_same &= self.0.function(FunctionIndex(expected?)) == Some(FunctionIndex(found?));
                }
                Ok(is_same)
            }
            (ElementItems::Expressions(ty, expected), ElementItems::Expressions(found_ty, found)) => {
                let mut is_same = self.is_ref_type(ty, found_ty) && expected.count() == found.count();
                for (expected, found) in expected.into_iter().zip(found) {
                    is_same &= self.are_same_constants(&expected?, &found?)?;
                }
                Ok(is_same)
            }
            (ElementItems::Functions(_), ElementItems::Expressions(..))
            | (ElementItems::Expressions(..), ElementItems::Functions(_)) => Ok(false),
        }
    }

    /// Whether two data segments have the same mode, the same offset and the same bytes. Their size may be encoded in another
    /// length.
    pub(super) fn are_same_data(&self, expected: &[u8], found: &[u8]) -> wasmparser::Result<bool> {
        let segment = |bytes| Data::from_reader(&mut BinaryReader::new_features(bytes, 0, features()));
        let (expected, found) = (segment(expected)?, segment(found)?);
        let is_same_place = match (&expected.kind, &found.kind) {
            (
                DataKind::Active {
                    memory_index: memory,
                    offset_expr: offset,
                },
                DataKind::Active {
                    memory_index,
                    offset_expr,
                },
            ) => self.is_memory(*memory, *memory_index) && self.are_same_constants(offset, offset_expr)?,
            (DataKind::Passive, DataKind::Passive) => true,
            _ => false,
        };
        Ok(is_same_place && expected.data == found.data)
    }

    /// Whether two initializers are the same, or both absent.
    pub(super) fn are_same_initialisers(
        &self,
        expected: Option<&ConstExpr<'_>>,
        found: Option<&ConstExpr<'_>>,
    ) -> wasmparser::Result<bool> {
        match (expected, found) {
            (Some(expected), Some(found)) => self.are_same_constants(expected, found),
            (expected, found) => Ok(expected.is_none() && found.is_none()),
        }
    }

    fn are_same_constants(
        &self,
        expected: &ConstExpr<'_>,
        found: &ConstExpr<'_>,
    ) -> wasmparser::Result<bool> {
        self.are_same_operators(expected.get_operators_reader(), found.get_operators_reader())
    }

    fn are_same_operators(
        &self,
        mut expected: OperatorsReader<'_>,
        mut found: OperatorsReader<'_>,
    ) -> wasmparser::Result<bool> {
        loop {
            match (next(&mut expected)?, next(&mut found)?) {
                (None, None) => return Ok(true),
                (Some(expected), Some(found)) if self.is_operator(&expected, &found) => {}
                _ => return Ok(false),
            }
        }
    }

    /// Whether two instructions are the same apart from indices. The name of an immediate tells what kind of index it is, as in
    /// wasm-encoder; immediates of other names have to be equal.
    fn is_operator(&self, expected: &Operator<'_>, found: &Operator<'_>) -> bool {
        macro_rules! compare {
            ($(@$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
                match (expected, found) {
                    $((Operator::$op $({ $($arg),* })?, other) => {
                        // Binds the immediates of the other instruction, under the same names.
                        compare!(operands other $op $($($arg)*)?)
                    })*
                    (expected, found) => expected == found,
                }
            };
            (operands $other:ident $op:ident) => { matches!($other, Operator::$op) };
            (operands $other:ident $op:ident $a:ident) => {
                match $other {
                    Operator::$op { $a: a } => compare!(same $a a $a),
                    _ => false,
                }
            };
            (operands $other:ident $op:ident $a:ident $b:ident) => {
                match $other {
                    Operator::$op { $a: a, $b: b } => compare!(same $a a $a) && compare!(same $b b $b),
                    _ => false,
                }
            };
            (operands $other:ident $op:ident $a:ident $b:ident $c:ident) => {
                match $other {
                    Operator::$op { $a: a, $b: b, $c: c } => {
                        compare!(same $a a $a) && compare!(same $b b $b) && compare!(same $c c $c)
                    }
                    _ => false,
                }
            };
            (same $x:ident $y:ident function_index) => { self.is_function(*$x, *$y) };
            (same $x:ident $y:ident table) => { self.is_table(*$x, *$y) };
            (same $x:ident $y:ident table_index) => { self.is_table(*$x, *$y) };
            (same $x:ident $y:ident dst_table) => { self.is_table(*$x, *$y) };
            (same $x:ident $y:ident src_table) => { self.is_table(*$x, *$y) };
            (same $x:ident $y:ident mem) => { self.is_memory(*$x, *$y) };
            (same $x:ident $y:ident dst_mem) => { self.is_memory(*$x, *$y) };
            (same $x:ident $y:ident src_mem) => { self.is_memory(*$x, *$y) };
            (same $x:ident $y:ident global_index) => { self.is_global(*$x, *$y) };
            (same $x:ident $y:ident tag_index) => { self.0.tag(*$x) == Some(*$y) };
            (same $x:ident $y:ident data_index) => { self.is_data(*$x, *$y) };
            (same $x:ident $y:ident array_data_index) => { self.is_data(*$x, *$y) };
            (same $x:ident $y:ident elem_index) => { self.is_element(*$x, *$y) };
            (same $x:ident $y:ident array_elem_index) => { self.is_element(*$x, *$y) };
            (same $x:ident $y:ident type_index) => { self.is_type(*$x, *$y) };
            (same $x:ident $y:ident struct_type_index) => { self.is_type(*$x, *$y) };
            (same $x:ident $y:ident array_type_index) => { self.is_type(*$x, *$y) };
            (same $x:ident $y:ident array_type_index_dst) => { self.is_type(*$x, *$y) };
            (same $x:ident $y:ident array_type_index_src) => { self.is_type(*$x, *$y) };
            (same $x:ident $y:ident blockty) => { self.is_block_type(*$x, *$y) };
            (same $x:ident $y:ident ty) => { self.is_value_type(*$x, *$y) };
            (same $x:ident $y:ident tys) => {
                $x.len() == $y.len() && $x.iter().zip($y).all(|(x, y)| self.is_value_type(*x, *y))
            };
            (same $x:ident $y:ident hty) => { self.is_heap_type(*$x, *$y) };
            (same $x:ident $y:ident from_ref_type) => { self.is_ref_type(*$x, *$y) };
            (same $x:ident $y:ident to_ref_type) => { self.is_ref_type(*$x, *$y) };
            (same $x:ident $y:ident memarg) => { self.is_memory_argument(*$x, *$y) };
            (same $x:ident $y:ident targets) => { are_same_targets($x, $y) };
            (same $x:ident $y:ident try_table) => { self.is_try_table($x, $y) };
            (same $x:ident $y:ident $other:ident) => { $x == $y };
        }
        wasmparser::for_each_operator!(compare)
    }

    fn is_function(&self, expected: u32, found: u32) -> bool {
        self.0.function(FunctionIndex(expected)) == Some(FunctionIndex(found))
    }

    fn is_global(&self, expected: u32, found: u32) -> bool {
        self.0.global(GlobalIndex(expected)) == Some(GlobalIndex(found))
    }

    fn is_type(&self, expected: u32, found: u32) -> bool {
        self.0.ty(TypeIndex(expected)) == Some(TypeIndex(found))
    }

    fn is_table(&self, expected: u32, found: u32) -> bool {
        self.0.table(TableIndex(expected)) == Some(TableIndex(found))
    }

    fn is_memory(&self, expected: u32, found: u32) -> bool {
        self.0.memory(MemoryIndex(expected)) == Some(MemoryIndex(found))
    }

    fn is_data(&self, expected: u32, found: u32) -> bool {
        self.0.data(DataIndex(expected)) == Some(DataIndex(found))
    }

    fn is_element(&self, expected: u32, found: u32) -> bool {
        self.0.element(ElementIndex(expected)) == Some(ElementIndex(found))
    }

    fn is_memory_argument(&self, expected: MemArg, found: MemArg) -> bool {
        let MemArg {
            align,
            max_align,
            offset,
            memory,
        } = found;
        (expected.align, expected.max_align, expected.offset) == (align, max_align, offset)
            && self.is_memory(expected.memory, memory)
    }

    fn is_block_type(&self, expected: BlockType, found: BlockType) -> bool {
        match (expected, found) {
            (BlockType::FuncType(expected), BlockType::FuncType(found)) => self.is_type(expected, found),
            (BlockType::Type(expected), BlockType::Type(found)) => self.is_value_type(expected, found),
            (expected, found) => expected == found,
        }
    }

    pub(super) fn is_value_type(&self, expected: ValType, found: ValType) -> bool {
        match (expected, found) {
            (ValType::Ref(expected), ValType::Ref(found)) => self.is_ref_type(expected, found),
            (expected, found) => expected == found,
        }
    }

    pub(super) fn is_ref_type(&self, expected: RefType, found: RefType) -> bool {
        expected.is_nullable() == found.is_nullable()
            && self.is_heap_type(expected.heap_type(), found.heap_type())
    }

    fn is_heap_type(&self, expected: HeapType, found: HeapType) -> bool {
        match (expected, found) {
            (
                HeapType::Concrete(UnpackedIndex::Module(expected)),
                HeapType::Concrete(UnpackedIndex::Module(found)),
            )
            | (
                HeapType::Exact(UnpackedIndex::Module(expected)),
                HeapType::Exact(UnpackedIndex::Module(found)),
            ) => self.is_type(expected, found),
            (expected, found) => expected == found,
        }
    }

    fn is_try_table(&self, expected: &TryTable, found: &TryTable) -> bool {
        let is_catch = |expected: &Catch, found: &Catch| match (*expected, *found) {
            (
                Catch::One { tag, label },
                Catch::One {
                    tag: new,
                    label: same,
                },
            )
            | (
                Catch::OneRef { tag, label },
                Catch::OneRef {
                    tag: new,
                    label: same,
                },
            ) => self.0.tag(tag) == Some(new) && label == same,
            (expected, found) => expected == found,
        };
        self.is_block_type(expected.ty, found.ty)
            && expected.catches.len() == found.catches.len()
            && expected
                .catches
                .iter()
                .zip(&found.catches)
                .all(|(expected, found)| is_catch(expected, found))
    }
}

/// The next instruction that is not a `nop`.
fn next<'a>(operators: &mut OperatorsReader<'a>) -> wasmparser::Result<Option<Operator<'a>>> {
    while !operators.eof() {
        match operators.read()? {
            Operator::Nop => {}
            operator => return Ok(Some(operator)),
        }
    }
    Ok(None)
}

/// Whether the labels are the same. Their numbers may be encoded in different lengths.
fn are_same_targets(expected: &BrTable<'_>, found: &BrTable<'_>) -> bool {
    let targets = |table: &BrTable<'_>| table.targets().map(Result::ok).collect::<Option<Vec<u32>>>();
    expected.default() == found.default() && targets(expected).is_some_and(|all| targets(found) == Some(all))
}
