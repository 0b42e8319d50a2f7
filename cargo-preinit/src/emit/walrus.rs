//! Makes the output with walrus, for tools that hold a `walrus::Module` already.
//!
//! It has the same state and the same exports, and no dead code. walrus decodes all code and writes it anew, so it takes more
//! time and memory than splicing or relinking, and loses some custom sections. A guest with something that walrus cannot keep
//! is refused by name, before walrus sees it.
//!
//! Only this file and those in `walrus/` use walrus.

mod entries;
mod ids;
mod places;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;

use ::walrus::ir::Value as Constant;
use ::walrus::{
    ConstExpr, ConstOp, DataKind, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId,
    FunctionKind, GlobalKind, InstrSeqBuilder, Module, ModuleConfig, ValType, passes,
};

use super::depends::{Depends, lost_section};
use super::draft::Context;
use super::edit_plan::{AddedExport, EditPlan};
use super::liveness::are_types_plain;
use super::tables::state;
use super::{EmitError, Emitted, Kept};
use crate::guest::index::{DataIndex, ElementIndex, FunctionIndex, enumerate};
use crate::guest::stubs::returned;
use crate::guest::{Droppable, GuestModule, ImportKind, Node, SegmentMode, is_marked};
use crate::image::{Image, Stretch, takes_any_function};
use crate::init::ExportFate;
use crate::options::DeadCode;
use crate::snapshot::{InstanceState, Reference};
use crate::text::panic_message;
use entries::add_entries;
use ids::Ids;
use places::Places;

/// Why walrus cannot make the output.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WalrusError {
    /// The guest has something that walrus would drop or change.
    #[error("walrus cannot keep {0}")]
    CannotKeep(String),
    /// The `walrus::Module` was not parsed from the guest, or was changed since.
    #[error(
        "the walrus module does not have the functions, tables, memories, globals and segments of the guest"
    )]
    OtherModule,
    /// walrus's error, or the message of its panic.
    #[error("walrus: {0}")]
    Walrus(String),
}

/// Puts the state of an instance into a module that walrus has parsed from the guest, and edits it as planned. Dead code is
/// left to [`walrus::passes::gc`].
///
/// # Errors
///
/// If walrus cannot keep something of the guest, or if the module is not as walrus parsed it from the guest.
pub fn apply(
    module: &mut Module,
    guest: &Node<'_>,
    plan: &EditPlan,
    instance: &InstanceState,
    image: &Image<'_>,
) -> Result<(), WalrusError> {
    let context = Context {
        guest,
        plan,
        instance,
        image,
    };
    refuse(&context)?;
    let ids = Ids::of(module, guest)?;
    edit(module, &context, &ids);
    Ok(())
}

/// Makes the output. A panic of walrus is an error.
pub(super) fn emit(context: &Context<'_>) -> Result<Emitted, EmitError> {
    refuse(context)?;
    let made = catch_unwind(AssertUnwindSafe(|| make(context)));
    match made {
        Ok(made) => made.map_err(EmitError::Walrus),
        Err(panic) => {
            let text = panic_message(&*panic).to_owned();
            Err(EmitError::Walrus(WalrusError::Walrus(text)))
        }
    }
}

fn make(context: &Context<'_>) -> Result<Emitted, WalrusError> {
    let guest = context.guest;
    let mut config = ModuleConfig::new();
    config
        .generate_name_section(true)
        .generate_producers_section(true);
    let mut module = config
        .parse(guest.wasm)
        .map_err(|error| WalrusError::Walrus(format!("{error:#}")))?;
    let ids = Ids::of(&module, guest)?;
    edit(&mut module, context, &ids);
    let left_out = edit_custom_sections(&mut module, guest);
    module
        .producers
        .add_processed_by(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    let places = Places::add(&mut module, &ids, guest);
    if context.plan.dead_code == DeadCode::Remove {
        passes::gc::run(&mut module);
    }
    Places::note_alive(&mut module);
    let has_start = module.start.is_some();
    let mut wasm = module.emit_wasm();
    // The section is empty; its only use was to record the indices.
    let section = Places::bytes();
    if !wasm.ends_with(&section) {
        return Err(WalrusError::Walrus(
            "it wrote sections in another order".to_owned(),
        ));
    }
    wasm.truncate(wasm.len() - section.len());
    let mut indices = std::mem::take(&mut *places.lock().unwrap_or_else(PoisonError::into_inner));
    indices.types = types(guest, &wasm)?;
    let gone = indices.functions.iter().filter(|index| index.is_none()).count();
    Ok(Emitted {
        wasm,
        dead_code: match context.plan.dead_code {
            DeadCode::Remove => Ok(gone),
            DeadCode::Keep => Err(Kept::AsAsked),
        },
        indices,
        left_out,
        has_start,
        is_code_rewritten: true,
    })
}

/// The output's indices of the guest's types: walrus merges equal types.
fn types(guest: &GuestModule<'_>, wasm: &[u8]) -> Result<Vec<Option<u32>>, WalrusError> {
    let output = GuestModule::parse(wasm).map_err(|error| WalrusError::Walrus(error.to_string()))?;
    let types = guest.types.iter().map(|ty| {
        let mut types = enumerate(&output.types);
        types.find(|(_, found)| *found == ty).map(|(index, _)| index)
    });
    Ok(types.collect())
}

/// Refuses a guest with something that walrus cannot keep.
fn refuse(context: &Context<'_>) -> Result<(), WalrusError> {
    let guest = context.guest;
    let cannot_keep = |what: &str| Err(WalrusError::CannotKeep(what.to_owned()));
    if !guest.recursion_groups.is_empty() {
        return cannot_keep("recursion groups");
    }
    if !are_types_plain(guest) {
        return cannot_keep("types that name others, structures and arrays");
    }
    if guest
        .memories
        .iter()
        .any(|memory| memory.page_size_log2.is_some())
    {
        return cannot_keep("pages of another size than 64 KiB");
    }
    if guest.bodies.iter().any(|body| body.unsupported.is_some()) {
        return cannot_keep("instructions that the engine does not have");
    }
    if let Some((name, depends)) = lost_section(guest, true) {
        let why = match depends {
            Depends::OnPositions => "which tells where code is",
            Depends::OnNames => "of which a part has a format that is not known",
            // walrus gives functions other indices.
            Depends::Unknown
            | Depends::OnFile
            | Depends::OnNothing
            | Depends::OnProducers
            | Depends::OnBake => "whose format is not known, so that it may name functions",
        };
        return cannot_keep(&format!("the section {}, {why}", crate::shown::name(name)));
    }
    Ok(())
}

/// Puts the state into the module, and edits functions and exports as planned.
fn edit(module: &mut Module, context: &Context<'_>, ids: &Ids) {
    edit_memories(module, context, ids);
    edit_globals(module, context, ids);
    edit_functions(module, context, ids);
    edit_imports(module, context, ids);
    edit_tables(module, context, ids);
    edit_exports(module, context, ids);
    add_entries(module, context, ids);
    add_exports(module, context, ids);
}

fn edit_memories(module: &mut Module, context: &Context<'_>, ids: &Ids) {
    let Context {
        guest,
        instance,
        image,
        ..
    } = *context;
    for state in &instance.memories {
        module
            .memories
            .get_mut(ids.memories[state.index.position()])
            .initial = state.pages;
    }
    for (index, segment) in enumerate(&guest.data) {
        let id = ids.data[index as usize];
        let is_gone = match segment.mode {
            SegmentMode::Active(memory) if guest.is_captured(memory) => {
                let memory = module.memories.get_mut(ids.memories[memory.position()]);
                memory.data_segments.remove(&id);
                true
            }
            SegmentMode::Active(_) => false,
            SegmentMode::Passive | SegmentMode::Declared => {
                instance.dropped.contains(&Droppable::Data(DataIndex(index)))
            }
        };
        if is_gone && is_marked(&guest.code.used_data, index) {
            let segment = module.data.get_mut(id);
            segment.kind = DataKind::Passive;
            segment.value = Vec::new();
        } else if is_gone {
            module.data.delete(id);
        }
    }
    for (memory, run) in &image.segments {
        let id = ids.memories[memory.position()];
        let offset = if guest.memories[memory.position()].memory64 {
            Constant::I64(run.offset.cast_signed())
        } else {
            let offset = u32::try_from(run.offset).expect("a 32-bit memory has 32-bit offsets");
            Constant::I32(offset.cast_signed())
        };
        let kind = DataKind::Active {
            memory: id,
            offset: ConstExpr::Value(offset),
        };
        let segment = module.data.add(kind, run.bytes.clone());
        module.memories.get_mut(id).data_segments.insert(segment);
    }
}

fn edit_globals(module: &mut Module, context: &Context<'_>, ids: &Ids) {
    for state in &context.instance.globals {
        let global = module.globals.get_mut(ids.globals[state.index.position()]);
        global.kind = GlobalKind::Local(ids.constant(state.value, global.ty));
    }
}

fn edit_functions(module: &mut Module, context: &Context<'_>, ids: &Ids) {
    let plan = context.plan;
    if let Some(constructors) = plan.constructors {
        let builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        let function = module.funcs.get_mut(ids.function(constructors));
        function.kind = FunctionKind::Local(builder.local_func(Vec::new()));
    }
    for function in &plan.dead_initializers {
        let id = ids.function(*function);
        let ty = module.types.get(module.funcs.get(id).ty());
        let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
        let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
        builder.func_body().unreachable();
        let args = params.iter().map(|ty| module.locals.add(*ty)).collect();
        module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(args));
    }
}

/// Puts functions in the place of imports.
fn edit_imports(module: &mut Module, context: &Context<'_>, ids: &Ids) {
    for (function, stub) in &context.plan.stubs {
        let id = ids.function(*function);
        let FunctionKind::Import(import) = &module.funcs.get(id).kind else {
            continue;
        };
        module.imports.delete(import.import);
        let ty = module.types.get(module.funcs.get(id).ty());
        let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
        let of_guest = context.guest.signature(*function);
        let returned = returned(*stub, of_guest.map_or(&[][..], |ty| ty.results()));
        let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
        let mut body = builder.func_body();
        match returned {
            Some(number) => body.i32_const(number),
            None => body.unreachable(),
        };
        let args = params.iter().map(|ty| module.locals.add(*ty)).collect();
        module.funcs.get_mut(id).kind = FunctionKind::Local(builder.local_func(args));
    }
}

fn edit_tables(module: &mut Module, context: &Context<'_>, ids: &Ids) {
    let Context {
        guest,
        instance,
        image,
        ..
    } = *context;
    for state in &instance.tables {
        let table = module.tables.get_mut(ids.tables[state.index.position()]);
        table.initial = state.slots.len() as u64;
        if table.element_ty.nullable {
            table.init = None;
        }
    }
    for (index, segment) in enumerate(&guest.elements) {
        let id = ids.elements[index as usize];
        let is_gone = match segment.mode {
            SegmentMode::Active(table)
                if state(context, table).is_some() || guest.is_captured_elsewhere(table) =>
            {
                let table = module.tables.get_mut(ids.tables[table.position()]);
                table.elem_segments.remove(&id);
                true
            }
            SegmentMode::Active(_) | SegmentMode::Declared => false,
            SegmentMode::Passive => instance
                .dropped
                .contains(&Droppable::Element(ElementIndex(index))),
        };
        if is_gone && is_marked(&guest.code.used_elements, index) {
            let segment = module.elements.get_mut(id);
            segment.kind = ElementKind::Passive;
            match &mut segment.items {
                ElementItems::Functions(functions) => functions.clear(),
                ElementItems::Expressions(_, expressions) => expressions.clear(),
            }
        } else if is_gone {
            module.elements.delete(id);
        }
    }
    for stretch in &image.tables.listed {
        list(module, context, ids, stretch);
    }
    module.start = start(module, context, ids);
}

/// Adds an active segment that lists the slots of a stretch.
fn list(module: &mut Module, context: &Context<'_>, ids: &Ids, stretch: &Stretch) {
    let Some(state) = state(context, stretch.table) else {
        return;
    };
    let slots = &state.slots[stretch.slots.clone()];
    let ty = context.guest.tables[stretch.table.position()].ty;
    let id = ids.tables[stretch.table.position()];
    let table = module.tables.get(id);
    let functions: Option<Vec<FunctionId>> = slots
        .iter()
        .map(|slot| match slot {
            Reference::Function(function) => Some(ids.function(function.index)),
            Reference::Null | Reference::Internal(..) | Reference::Imported(..) => None,
        })
        .collect();
    let items = match functions.filter(|_| takes_any_function(ty.element_type)) {
        Some(functions) => ElementItems::Functions(functions),
        None => {
            let place = ValType::Ref(table.element_ty);
            let items = slots.iter().map(|slot| ids.reference(*slot, place));
            ElementItems::Expressions(table.element_ty, items.collect())
        }
    };
    let offset = ConstExpr::Value(slot(stretch.slots.start, ty.table64));
    let segment = module
        .elements
        .add(ElementKind::Active { table: id, offset }, items);
    module.tables.get_mut(id).elem_segments.insert(segment);
}

fn slot(slot: usize, table64: bool) -> Constant {
    if table64 {
        Constant::I64((slot as u64).cast_signed())
    } else {
        let slot = u32::try_from(slot).expect("a 32-bit table has 32-bit indices");
        Constant::I32(slot.cast_signed())
    }
}

/// The start function, which fills long stretches of equal slots, if there are any.
fn start(module: &mut Module, context: &Context<'_>, ids: &Ids) -> Option<FunctionId> {
    let filled = &context.image.tables.filled;
    if filled.is_empty() {
        return None;
    }
    let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
    let mut body = builder.func_body();
    for stretch in filled {
        let id = ids.tables[stretch.table.position()];
        let table64 = context.guest.tables[stretch.table.position()].ty.table64;
        let state = state(context, stretch.table)?;
        body.const_(slot(stretch.slots.start, table64));
        let place = ValType::Ref(module.tables.get(id).element_ty);
        push(&mut body, &ids.reference(state.slots[stretch.slots.start], place));
        body.const_(slot(stretch.slots.len(), table64));
        body.table_fill(id);
    }
    Some(builder.finish(Vec::new(), &mut module.funcs))
}

/// Adds the instructions that push a constant.
fn push(body: &mut InstrSeqBuilder<'_>, constant: &ConstExpr) {
    match constant {
        ConstExpr::Value(value) => body.const_(*value),
        ConstExpr::Global(global) => body.global_get(*global),
        ConstExpr::RefNull(ty) => body.ref_null(*ty),
        ConstExpr::RefFunc(function) => body.ref_func(*function),
        ConstExpr::Extended(code) => {
            for operation in code {
                match operation {
                    ConstOp::I32Const(value) => body.i32_const(*value),
                    ConstOp::RefI31 => body.ref_i31(),
                    ConstOp::GlobalGet(global) => body.global_get(*global),
                    ConstOp::AnyConvertExtern => body.any_convert_extern(),
                    ConstOp::ExternConvertAny => body.extern_convert_any(),
                    _ => unreachable!("`Ids::reference` makes no other"),
                };
            }
            body
        }
    };
}

fn edit_exports(module: &mut Module, context: &Context<'_>, ids: &Ids) {
    let Context { guest, plan, .. } = *context;
    for ((export, edit), id) in guest.exports.iter().zip(&plan.exports).zip(&ids.exports) {
        let item = match edit.fate {
            ExportFate::Gone => {
                module.exports.delete(*id);
                continue;
            }
            ExportFate::Kept => None,
            ExportFate::Unwrapped(inner) => Some(ids.function(inner)),
            ExportFate::Emptied => {
                let function = ids.function(FunctionIndex(export.index));
                let ty = module.types.get(module.funcs.get(function).ty());
                let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
                let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
                let mut body = builder.func_body();
                for (value, ty) in edit.returned.iter().zip(&results) {
                    push(&mut body, &ids.constant(*value, *ty));
                }
                let args = params.iter().map(|ty| module.locals.add(*ty)).collect();
                Some(builder.finish(args, &mut module.funcs))
            }
        };
        let export = module.exports.get_mut(*id);
        export.name.clone_from(&edit.name);
        if let Some(function) = item {
            export.item = ExportItem::Function(function);
        }
    }
}

fn add_exports(module: &mut Module, context: &Context<'_>, ids: &Ids) {
    for AddedExport { item, edit } in &context.plan.added {
        match *item {
            ImportKind::Function(index) => _ = module.exports.add(&edit.name, ids.function(index)),
            ImportKind::Table(index) => _ = module.exports.add(&edit.name, ids.tables[index.position()]),
            ImportKind::Global(index) => _ = module.exports.add(&edit.name, ids.globals[index.position()]),
            ImportKind::Memory(_) | ImportKind::Tag(_) => {}
        }
    }
}

/// Removes custom sections that would be wrong and returns their names. The stamp of an earlier bake is removed as well.
fn edit_custom_sections(module: &mut Module, guest: &GuestModule<'_>) -> Vec<String> {
    let mut left_out = Vec::new();
    for (name, depends) in Depends::of_all(guest) {
        match depends {
            Depends::OnFile => {
                module.customs.remove_raw(name);
                left_out.push(name.to_owned());
            }
            Depends::OnBake => drop(module.customs.remove_raw(name)),
            Depends::OnPositions
            | Depends::OnNames
            | Depends::OnNothing
            | Depends::OnProducers
            | Depends::Unknown => {}
        }
    }
    left_out
}
