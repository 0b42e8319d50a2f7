//! Types and constant expressions as text.

use serde::Serialize;
use wasmparser::{
    CompositeInnerType, ConstExpr, ElementItems, FuncType, GlobalType, MemoryType, Operator, TableType,
};

use super::read::FunctionNames;
use crate::guest::GuestModule;
use crate::guest::index::{FunctionIndex, TypeIndex};

/// A function of a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Function {
    /// Its index.
    pub index: u32,
    /// Its demangled name: that of the name section, else that of an export or an import.
    pub name: Option<String>,
}

impl Function {
    pub(crate) fn new(names: &FunctionNames<'_>, index: FunctionIndex) -> Self {
        Self {
            index: index.0,
            name: names.name(index),
        }
    }
}

/// What a constant expression makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Value {
    /// An integer as a decimal number, `null`, or the instructions.
    pub text: String,
    /// The function, if it is a reference to one.
    pub function: Option<Function>,
}

/// The text of a constant expression. `functions` name what `ref.func` refers to.
pub(crate) fn value(expr: &ConstExpr<'_>, functions: &FunctionNames<'_>) -> Value {
    /// How many instructions are shown.
    const SHOWN: usize = 8;
    let operators = expr.get_operators_reader().into_iter().map_while(Result::ok);
    let mut operators = operators.filter(|operator| !matches!(operator, Operator::End));
    let first: Vec<Operator<'_>> = operators.by_ref().take(SHOWN).collect();
    if let [only] = first.as_slice() {
        return alone(only, functions);
    }
    let mut text: Vec<String> = first.iter().map(instruction).collect();
    if operators.next().is_some() {
        text.push("…".to_owned());
    }
    Value {
        text: text.join(", "),
        function: None,
    }
}

/// The value of an expression of one instruction.
fn alone(operator: &Operator<'_>, functions: &FunctionNames<'_>) -> Value {
    let plain = |text: String| Value { text, function: None };
    match *operator {
        Operator::I32Const { value } => plain(value.to_string()),
        Operator::I64Const { value } => plain(value.to_string()),
        Operator::F32Const { value } => plain(f32::from_bits(value.bits()).to_string()),
        Operator::F64Const { value } => plain(f64::from_bits(value.bits()).to_string()),
        Operator::RefNull { .. } => plain("null".to_owned()),
        Operator::RefFunc { function_index } => {
            let function = Function::new(functions, FunctionIndex(function_index));
            Value {
                text: instruction(operator),
                function: Some(function),
            }
        }
        _ => plain(instruction(operator)),
    }
}

fn instruction(operator: &Operator<'_>) -> String {
    match operator {
        Operator::I32Const { value } => format!("i32.const {value}"),
        Operator::I64Const { value } => format!("i64.const {value}"),
        Operator::F32Const { value } => format!("f32.const {}", f32::from_bits(value.bits())),
        Operator::F64Const { value } => format!("f64.const {}", f64::from_bits(value.bits())),
        Operator::V128Const { value } => format!("v128.const {:#034x}", u128::from_le_bytes(*value.bytes())),
        Operator::GlobalGet { global_index } => format!("global.get {global_index}"),
        Operator::RefFunc { function_index } => format!("ref.func {function_index}"),
        Operator::RefNull { .. } => "ref.null".to_owned(),
        Operator::RefI31 => "ref.i31".to_owned(),
        Operator::StructNew { struct_type_index } => format!("struct.new {struct_type_index}"),
        Operator::StructNewDefault { struct_type_index } => {
            format!("struct.new_default {struct_type_index}")
        }
        Operator::ArrayNew { array_type_index } => format!("array.new {array_type_index}"),
        Operator::ArrayNewDefault { array_type_index } => format!("array.new_default {array_type_index}"),
        Operator::ArrayNewFixed {
            array_type_index,
            array_size,
        } => format!("array.new_fixed {array_type_index} {array_size}"),
        Operator::I32Add => "i32.add".to_owned(),
        Operator::I32Sub => "i32.sub".to_owned(),
        Operator::I32Mul => "i32.mul".to_owned(),
        Operator::I64Add => "i64.add".to_owned(),
        Operator::I64Sub => "i64.sub".to_owned(),
        Operator::I64Mul => "i64.mul".to_owned(),
        Operator::AnyConvertExtern => "any.convert_extern".to_owned(),
        Operator::ExternConvertAny => "extern.convert_any".to_owned(),
        // Only proposals add others.
        other => {
            let text = format!("{other:?}");
            let name = text.split([' ', '{', '(']).next().unwrap_or_default();
            name.to_owned()
        }
    }
}

/// The type of a function, as in `(i32, i32) -> i64`.
pub(crate) fn function_type(module: &GuestModule<'_>, ty: TypeIndex) -> String {
    match module.types.get(ty.position()).map(|ty| &ty.composite_type.inner) {
        Some(CompositeInnerType::Func(ty)) => signature(ty),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn signature(ty: &FuncType) -> String {
    let list = |types: &[wasmparser::ValType]| {
        let types: Vec<String> = types.iter().map(ToString::to_string).collect();
        types.join(", ")
    };
    let params = format!("({})", list(ty.params()));
    match ty.results() {
        [] => params,
        [one] => format!("{params} -> {one}"),
        several => format!("{params} -> ({})", list(several)),
    }
}

pub(crate) fn global_type(ty: GlobalType) -> String {
    let shared = if ty.shared { "shared " } else { "" };
    let mutable = if ty.mutable { "mut " } else { "" };
    format!("{shared}{mutable}{}", ty.content_type)
}

pub(crate) fn memory_type(ty: MemoryType) -> String {
    let shared = if ty.shared { "shared, " } else { "" };
    let max = ty.maximum.map(|max| format!("..={max}")).unwrap_or_default();
    format!(
        "{shared}{}-bit, {}{max} pages of {}",
        bits(ty.memory64),
        ty.initial,
        ty.page_size()
    )
}

pub(crate) fn table_type(ty: TableType) -> String {
    let shared = if ty.shared { "shared, " } else { "" };
    let max = ty.maximum.map(|max| format!("..={max}")).unwrap_or_default();
    format!(
        "{shared}{}-bit, {}{max} of {}",
        bits(ty.table64),
        ty.initial,
        ty.element_type
    )
}

/// The width of addresses, or of the numbers of slots.
pub(crate) fn bits(is_wide: bool) -> u32 {
    if is_wide { 64 } else { 32 }
}

/// The items of an element segment.
pub(crate) fn items_of<'m>(
    items: &'m ElementItems<'_>,
    names: &'m FunctionNames<'_>,
) -> Box<dyn Iterator<Item = Value> + 'm> {
    match items {
        ElementItems::Functions(functions) => {
            let functions = functions.clone().into_iter().map_while(Result::ok);
            Box::new(functions.map(|index| Value {
                text: format!("ref.func {index}"),
                function: Some(Function::new(names, FunctionIndex(index))),
            }))
        }
        ElementItems::Expressions(_, expressions) => {
            let expressions = expressions.clone().into_iter().map_while(Result::ok);
            Box::new(expressions.map(|expression| value(&expression, names)))
        }
    }
}
