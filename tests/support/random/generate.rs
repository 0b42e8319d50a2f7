//! Random modules: wasm-smith's, with init functions, more exports to observe state by, and parts that linkers add.

mod constructors;
mod foreign;
mod init;
mod reencode;
mod shape;
mod stack;

use std::borrow::Cow;
use std::collections::BTreeSet;

use arbitrary::Unstructured;
use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_encoder::{ConstExpr, CustomSection, ExportKind, NameMap, NameSection, Section as _};
use wasm_smith::{Config, InstructionKind, InstructionKinds, MemoryOffsetChoices, Module};
use wasmparser::{AbstractHeapType, CompositeInnerType, GlobalType, RefType, StorageType, ValType};

use super::{Choices, Special};
use constructors::{CONSTRUCT, Constructors, INITIALIZE};
use init::init_body;
pub(super) use reencode::mute;
use reencode::{unshare, with_function_in_front, with_imported_globals};
use shape::{Additions, Exports, Shape};
pub(super) use stack::{MEMORY, POINTER, Stack};

/// The export that is init if none is named.
const WIZER: &str = "wizer.initialize";
/// How many candidates for init are added to a module.
const INITS: usize = 4;

/// A module to bake.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) wasm: Vec<u8>,
    /// The module that runs in the original's place: it behaves the same, but its constructors are called once by the harness, and
    /// functions that the engine does not compile trap.
    pub(super) oracle: Vec<u8>,
    /// The exports of the oracle to call before init.
    pub(super) first: Vec<&'static str>,
    /// The candidates for init, in the order to try. Empty if init is what starts the module.
    pub(super) inits: Vec<Init>,
    pub(super) stack: Option<Stack>,
    pub(super) specials: BTreeSet<Special>,
    pub(super) has_shared_memory: bool,
}

/// An exported function that can be init.
#[derive(Debug, Clone)]
pub(super) struct Init {
    pub(super) export: String,
    pub(super) arguments: Vec<String>,
    pub(super) specials: BTreeSet<Special>,
}

impl Init {
    /// The text by which options name it.
    pub(super) fn text(&self) -> String {
        match self.arguments.as_slice() {
            [] => self.export.clone(),
            arguments => format!("{}({})", self.export, arguments.join(", ")),
        }
    }
}

/// Whether an export is one that only oracles have.
pub(super) fn is_of_oracle(name: &str) -> bool {
    [CONSTRUCT, INITIALIZE, POINTER].contains(&name)
}

/// Makes a module of bytes; `None` if wasm-smith cannot make one of them.
pub(super) fn generate(choices: &mut Choices, body: &[u8]) -> Option<Guest> {
    let mut source = Unstructured::new(body);
    let module = Module::new(config(choices), &mut source).ok()?;
    let wasm = module.to_bytes();
    let wasm = if choices.chance(1, 40) {
        wasm
    } else {
        unshare(&wasm)?
    };
    if !choices.chance(1, 5) {
        return extend(&wasm, &[], choices);
    }
    let (wasm, types) = import_references(&wasm, choices)?;
    extend(&wasm, &types, choices)
}

/// Swarm testing: each module leaves some features out, so that it uses the others more.
fn config(choices: &mut Choices) -> Config {
    let mut on = |of, out_of| choices.chance(of, out_of);
    let all_kinds = [
        InstructionKind::Numeric,
        InstructionKind::Vector,
        InstructionKind::Reference,
        InstructionKind::Parametric,
        InstructionKind::Variable,
        InstructionKind::Table,
        InstructionKind::Memory,
        InstructionKind::Control,
        InstructionKind::Aggregate,
    ];
    let kinds: Vec<InstructionKind> = all_kinds.into_iter().filter(|_| on(3, 4)).collect();
    let imports = on(2, 5);
    Config {
        allowed_instructions: InstructionKinds::new(&kinds),
        allow_floats: on(3, 4),
        allow_start_export: on(1, 6),
        bulk_memory_enabled: on(7, 8),
        reference_types_enabled: on(7, 8),
        simd_enabled: on(1, 2),
        relaxed_simd_enabled: on(1, 3),
        tail_call_enabled: on(1, 2),
        multi_value_enabled: on(3, 4),
        gc_enabled: on(2, 5),
        exceptions_enabled: on(1, 3),
        threads_enabled: on(1, 4),
        memory64_enabled: on(1, 2),
        custom_page_sizes_enabled: on(1, 3),
        wide_arithmetic_enabled: on(1, 2),
        extended_const_enabled: on(3, 4),
        saturating_float_to_int_enabled: on(3, 4),
        sign_extension_ops_enabled: on(3, 4),
        shared_everything_threads_enabled: false,
        custom_descriptors_enabled: false,
        generate_custom_sections: on(1, 8),
        disallow_traps: on(5, 6),
        memory_max_size_required: on(7, 8),
        table_max_size_required: on(7, 8),
        memory_offset_choices: MemoryOffsetChoices(98, 1, 1),
        limit_arrays_in_const_exprs: true,
        const_expr_fuel: 20,
        min_uleb_size: if on(1, 8) { 3 } else { 1 },
        max_imports: if imports { 6 } else { 0 },
        max_types: 12,
        max_type_size: 200,
        min_types: 2,
        min_funcs: 3,
        max_funcs: 12,
        max_instructions: if on(1, 8) { 300 } else { 60 },
        max_globals: 8,
        max_tags: 3,
        max_exports: 8,
        max_memories: 3,
        min_memories: u32::from(on(3, 4)),
        max_memory32_bytes: 1 << 18,
        max_memory64_bytes: 1 << 18,
        max_data_segments: 5,
        min_data_segments: usize::from(on(1, 2)),
        max_tables: 4,
        min_tables: u32::from(on(7, 8)),
        max_table_elements: if on(1, 8) { 4000 } else { 24 },
        max_element_segments: 6,
        min_element_segments: usize::from(on(3, 4)),
        max_elements: 8,
        ..Config::default()
    }
}

/// Adds imports of immutable globals that hold references, of types that the module can store elsewhere.
fn import_references(wasm: &[u8], choices: &mut Choices) -> Option<(Vec<u8>, Vec<RefType>)> {
    let shape = Shape::read(wasm).ok()?;
    let globals = shape.globals.iter().filter(|global| global.mutable);
    let mut used: Vec<ValType> = globals.map(|global| global.content_type).collect();
    used.extend(shape.tables.iter().map(|table| ValType::Ref(table.element_type)));
    let elements = shape.types.iter().flat_map(|ty| match ty {
        CompositeInnerType::Struct(ty) => ty.fields.to_vec(),
        CompositeInnerType::Array(ty) => vec![ty.0],
        CompositeInnerType::Func(_) | CompositeInnerType::Cont(_) => Vec::new(),
    });
    used.extend(elements.filter_map(|field| match field.element_type {
        StorageType::Val(ty) => Some(ty),
        StorageType::I8 | StorageType::I16 => None,
    }));
    let mut types: Vec<RefType> = used.iter().filter_map(ValType::as_reference_type).collect();
    types.extend([RefType::EXTERNREF, RefType::FUNCREF, RefType::EXTERN]);
    // The host cannot make an exception, or a value of a bottom type.
    types.retain(|ty| {
        use AbstractHeapType::{Any, Array, Eq, Extern, Func, I31, Struct};
        match ty.heap_type() {
            wasmparser::HeapType::Abstract { ty, .. } => {
                matches!(ty, Any | Array | Eq | Extern | Func | I31 | Struct)
            }
            wasmparser::HeapType::Concrete(_) | wasmparser::HeapType::Exact(_) => true,
        }
    });
    let types: Vec<RefType> = (0..1 + choices.below(3))
        .map(|_| choices.pick(&types).copied())
        .collect::<Option<_>>()?;
    let wasm = with_imported_globals(wasm, types.clone(), shape.imported_globals)?;
    Some((wasm, types))
}

/// Adds parts that wasm-smith does not make. `references` are the types of the imported references that init uses.
fn extend(wasm: &[u8], references: &[RefType], choices: &mut Choices) -> Option<Guest> {
    let mut shape = Shape::read(wasm).ok()?;
    let mut additions = Additions::default();
    let mut specials = BTreeSet::new();
    // Most modules export everything, so that everything can be compared. Private state of the others shows only in the
    // answers of their functions.
    let shows_everything = choices.chance(4, 5);
    let mut exports: Exports = shape
        .exports
        .iter()
        .map(|(name, kind, index)| ((*name).to_owned(), (ExportKind::from(*kind), *index)))
        .collect();
    if choices.chance(1, 3) {
        stack::add(wasm, &mut shape, &mut additions, &mut exports, choices);
    }
    for ty in references {
        hold(&mut shape, &mut additions, *ty)?;
    }
    let mut inits = add_inits(
        &mut shape,
        &mut additions,
        &mut exports,
        shows_everything,
        choices,
    )?;
    if shows_everything {
        show_everything(&shape, &mut exports)?;
        inits.extend(own_inits(&shape, choices)?);
    }
    // The last candidate that is added calls nothing, so it ends even if no other does.
    let quiet = inits.remove(INITS - 1);
    let start = choices.below(inits.len());
    inits.rotate_left(start);
    inits.truncate(5);
    inits.push(quiet);

    if choices.chance(1, 8) {
        foreign::add(&mut shape, &mut additions, &mut exports, choices)?;
        specials.insert(Special::ForeignCode);
    }
    let is_start_only = choices.chance(1, 10);
    if is_start_only {
        exports.remove(WIZER);
        if !shape.has_start && choices.chance(1, 2) {
            let ty = additions.ty(&mut shape, &[], &[])?;
            let (body, _) = init_body(&shape, false, true, &[], choices)?;
            additions.start = Some(additions.function(&shape, ty, body)?);
        }
    }
    let constructors = match choices.chance(1, 3) {
        true => Some(constructors::add(
            &mut shape,
            &mut additions,
            &mut exports,
            choices,
        )?),
        false => None,
    };
    let starts_itself = shape.has_start
        || additions.start.is_some()
        || exports.contains_key("_initialize")
        || exports.contains_key("__wasm_call_ctors");
    if is_start_only && starts_itself {
        specials.insert(Special::StartOnly);
        inits.clear();
    } else if is_start_only {
        inits.retain(|init| init.export != WIZER);
    }
    let has_build_id = choices.chance(1, 10);
    if has_build_id {
        specials.insert(Special::BuildId);
    }
    let (oracle_exports, oracle_additions) = match &constructors {
        Some(constructors) => (
            constructors.exports.clone(),
            constructors.additions.as_ref().unwrap_or(&additions),
        ),
        None => (exports.clone(), &additions),
    };
    let mut oracle_exports = oracle_exports;
    if let Some(stack) = &shape.stack {
        let is_stated = stack.stated.is_some();
        specials.insert(if is_stated {
            Special::StackStated
        } else {
            Special::StackUnstated
        });
        oracle_exports.insert(POINTER.to_owned(), (ExportKind::Global, stack.pointer));
    }
    let mut wasm = additions.write(&shape, &exports)?;
    let mut oracle = oracle_additions.write(&shape, &oracle_exports)?;
    let mut first = Vec::new();
    if let Some(constructors) = constructors {
        let imported = shape.imported_functions;
        wasm = with_function_in_front(&wasm, constructors.function, imported)?;
        oracle = with_function_in_front(&oracle, constructors.function, imported)?;
        specials.insert(constructors.special);
        append_names(&mut wasm, &constructors, imported);
        first = constructors.first;
    }
    if has_build_id {
        let id = CustomSection {
            name: Cow::Borrowed("build_id"),
            data: Cow::Owned([vec![16], choices.bytes(16)].concat()),
        };
        id.append_to(&mut wasm);
    }
    Some(Guest {
        oracle: mute(&oracle).ok()?.0,
        wasm,
        first,
        inits,
        specials,
        has_shared_memory: shape.memories.iter().any(|memory| memory.shared),
        stack: shape.stack,
    })
}

/// Adds the names of the constructors, whose function is now the first, to the name section.
fn append_names(wasm: &mut Vec<u8>, constructors: &Constructors, imported: u32) {
    if constructors.names.is_empty() {
        return;
    }
    let mut names: Vec<(u32, &str)> = Vec::new();
    for (function, name) in &constructors.names {
        let is_behind = *function > constructors.function;
        names.push(match *function == constructors.function {
            true => (imported, name),
            false => (function + u32::from(!is_behind), name),
        });
    }
    names.sort_unstable();
    let mut map = NameMap::new();
    for (function, name) in names {
        map.append(function, name);
    }
    let mut section = NameSection::new();
    section.functions(&map);
    section.append_to(wasm);
}

/// Adds a global in which init can store a reference of this type.
fn hold(shape: &mut Shape<'_>, additions: &mut Additions, ty: RefType) -> Option<()> {
    let ty = RefType::new(true, ty.heap_type())?;
    let null = ConstExpr::ref_null(RoundtripReencoder.heap_type(ty.heap_type()).ok()?);
    let ty = GlobalType {
        content_type: ValType::Ref(ty),
        mutable: true,
        shared: false,
    };
    additions.global(shape, ty, &null)?;
    Some(())
}

/// The types that added functions can have, apart from the one without parameters and results.
const TYPES: [(&[ValType], &[ValType]); 6] = [
    (&[], &[ValType::I32]),
    (&[ValType::I32, ValType::I64], &[]),
    (&[ValType::F64], &[ValType::I32]),
    (&[], &[ValType::I32]),
    (&[], &[ValType::I64, ValType::F32]),
    (&[ValType::V128, ValType::F32], &[ValType::I32, ValType::I32]),
];

fn add_inits(
    shape: &mut Shape<'_>,
    additions: &mut Additions,
    exports: &mut Exports,
    may_name_functions: bool,
    choices: &mut Choices,
) -> Option<Vec<Init>> {
    let mut inits = Vec::new();
    for number in 0..INITS {
        let export = if number == 1 {
            WIZER.to_owned()
        } else {
            format!("init-{number}")
        };
        let (params, results) = match choices.pick(&TYPES) {
            Some(ty) if choices.chance(1, 3) => *ty,
            _ => (&[][..], &[][..]),
        };
        let ty = additions.ty(shape, params, results)?;
        let may_call = number + 1 < INITS;
        let (body, specials) = init_body(shape, may_name_functions, may_call, results, choices)?;
        let function = additions.function(shape, ty, body)?;
        exports.insert(export.clone(), (ExportKind::Func, function));
        inits.push(Init {
            export,
            arguments: arguments(params, choices)?,
            specials,
        });
    }
    Some(inits)
}

/// The module's own exported functions that can be called with numbers.
fn own_inits(shape: &Shape<'_>, choices: &mut Choices) -> Option<Vec<Init>> {
    let mut inits = Vec::new();
    let functions = u32::try_from(shape.functions.len()).ok()?;
    for function in shape.imported_functions..functions {
        let parameters = shape.signature(function)?.params();
        if let Some(arguments) = arguments(parameters, choices) {
            inits.push(Init {
                export: format!("f{function}"),
                arguments,
                specials: BTreeSet::new(),
            });
        }
    }
    Some(inits)
}

/// Arguments as text in options; `None` if one is a non-nullable reference.
fn arguments(types: &[ValType], choices: &mut Choices) -> Option<Vec<String>> {
    let mut argument = |ty: &ValType| {
        let value = choices.value();
        Some(match ty {
            ValType::I32 if choices.chance(1, 2) => (value >> 32).to_string(),
            ValType::I32 => (value.cast_signed() >> 32).to_string(),
            ValType::I64 if choices.chance(1, 2) => value.to_string(),
            ValType::I64 => value.cast_signed().to_string(),
            ValType::F32 | ValType::F64 => {
                let numbers = ["0", "-0.0", "1.5", "-1e30", "inf", "-inf", "NaN", "16777217"];
                (*choices.pick(&numbers)?).to_owned()
            }
            ValType::V128 => (u128::from(value) << 32 | 1).to_string(),
            ValType::Ref(ty) if ty.is_nullable() => "null".to_owned(),
            ValType::Ref(_) => return None,
        })
    };
    types.iter().map(&mut argument).collect()
}

fn show_everything(shape: &Shape<'_>, exports: &mut Exports) -> Option<()> {
    let spaces = [
        ("f", ExportKind::Func, shape.functions.len()),
        ("t", ExportKind::Table, shape.tables.len()),
        ("m", ExportKind::Memory, shape.memories.len()),
        ("g", ExportKind::Global, shape.globals.len()),
        ("e", ExportKind::Tag, shape.tags.len()),
    ];
    for (prefix, kind, count) in spaces {
        for index in 0..u32::try_from(count).ok()? {
            exports.insert(format!("{prefix}{index}"), (kind, index));
        }
    }
    Some(())
}
