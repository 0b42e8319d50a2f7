//! Refuses what can be refused before anything is compiled, which takes most of a bake's time.
//!
//! **In** the guest, the plan, the options and the host functions. **Out** nothing. **Refuses** a guest that no run could bake soundly, and an
//! init that is certain to be stopped: see `preflight/certain.rs`.

mod certain;
mod component;

use std::collections::BTreeSet;

use wasmparser::{HeapType, RefType, SubType, ValType};

use crate::bake_error::BakeError;
use crate::guest::answers::{AnswerError, FunctionAnswer, option, written_type};
use crate::guest::index::{FunctionIndex, MemoryIndex, enumerate};
use crate::guest::sdk;
use crate::guest::stubs::unmatched;
use crate::guest::{Guest, GuestModule, ImportKind, Node, is_marked};
use crate::init::{GuestPlan, InitPlan};
use crate::instrument::{INJECTED_PREFIX, is_function_type};
use crate::options::{BakeOptions, ImportAnswer};
use crate::refusal::{Refusal, Space, found_in, refuse};
use crate::run::host::HostFunctions;
use crate::run::wasi_signature;
use crate::shown;
pub(crate) use certain::may_leave;

/// Refuses what can be refused without a run.
pub(crate) fn preflight(
    guest: &Guest<'_>,
    plan: &GuestPlan,
    options: &BakeOptions,
    host: &HostFunctions,
) -> Result<(), BakeError> {
    if let Some(around) = &guest.around {
        return Ok(refuse(component::unsupported(guest, around, options))?);
    }
    let (guest, plan) = (&guest.root(), &plan.nodes[0]);
    refuse(found_in(guest.id, unsupported(guest, plan, options)))?;
    // Only the run shows what an embedder's functions do.
    if host.are_for_modules() {
        return Ok(());
    }
    match certain::stop(guest, plan) {
        Some(stopped) => Err(stopped.into()),
        None => Ok(()),
    }
}

/// Whether the run can make a reference of the type, to stand in for an imported one that init does not touch.
fn has_stand_in(guest: &GuestModule<'_>, ty: RefType) -> bool {
    use wasmparser::AbstractHeapType as Abstract;
    ty.is_nullable()
        || match ty.heap_type() {
            HeapType::Abstract { shared: false, ty } => {
                matches!(
                    ty,
                    Abstract::Func | Abstract::Extern | Abstract::Any | Abstract::Eq | Abstract::I31
                )
            }
            HeapType::Abstract { .. } => false,
            HeapType::Concrete(_) | HeapType::Exact(_) => is_function_type(guest, ty),
        }
}

/// The types that have a subtype.
fn supertypes<'g>(guest: &'g GuestModule<'_>) -> BTreeSet<&'g SubType> {
    let parents = guest
        .types
        .iter()
        .filter_map(|ty| ty.supertype_idx?.as_module_index());
    parents.map(|parent| &guest.types[parent as usize]).collect()
}

/// What is refused of any module, whoever instantiates it.
fn of_any(module: &GuestModule<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for (index, memory) in enumerate(&module.memories) {
        if memory.shared {
            refusals.push(Refusal::SharedMemory(MemoryIndex(index)));
        }
    }
    for export in &module.exports {
        if export.name.starts_with(INJECTED_PREFIX) {
            refusals.push(Refusal::ReservedName(export.name.to_owned()));
        }
    }
    refusals
}

/// The refusals that need no run.
fn unsupported(guest: &Node<'_>, plan: &InitPlan, options: &BakeOptions) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if plan.sdk.is_some() && guest.linking().is_position_independent {
        refusals.push(Refusal::PositionIndependent);
        return refusals;
    }
    for import in &guest.imports {
        // The SDK's cells and descriptors are in memory 0, and the items that it runs have their stack there.
        let what = match import.kind {
            ImportKind::Memory(index @ MemoryIndex(0))
                if plan.sdk.is_some() && guest.external.memory(index) =>
            {
                Space::Memory
            }
            ImportKind::Table(index)
                if !has_stand_in(guest, guest.tables[index.position()].ty.element_type) =>
            {
                Space::Table
            }
            ImportKind::Global(index) if matches!(guest.globals[index.position()].ty.content_type, ValType::Ref(ty) if !has_stand_in(guest, ty)) => {
                Space::Global
            }
            _ => continue,
        };
        refusals.push(Refusal::ImportedState {
            what,
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            option: match what {
                Space::Memory => option(guest, import.module, import.name, ImportAnswer::Fresh),
                Space::Table | Space::Global | Space::ElementSegment => None,
            },
        });
    }
    let supertypes = supertypes(guest);
    for import in &guest.imports {
        if let ImportKind::Function(index) = import.kind
            && is_marked(&guest.code.referenced_functions, index.0)
            && supertypes.contains(&guest.types[guest.functions[index.position()].position()])
        {
            refusals.push(Refusal::ImportedSubtype {
                module: import.module.to_owned(),
                name: import.name.to_owned(),
            });
        }
    }
    refusals.extend(of_wasi_answers(guest));
    let unmatched = unmatched(guest, &options.stubs).into_iter();
    refusals.extend(unmatched.map(|name| Refusal::StubOfNothing(name.to_owned())));
    refusals.extend(of_any(guest));
    refusals.extend(of_renames(options, |name| {
        guest.export(name).is_some() && !sdk::is_sdk_export(name)
    }));
    refusals
}

/// Whether the type of a function is as a host makes it: final, without a supertype, and of no recursion group.
fn is_plain(guest: &GuestModule<'_>, function: FunctionIndex) -> bool {
    let index = guest.functions[function.position()];
    let ty = &guest.types[index.position()];
    let mut groups = guest.recursion_groups.iter();
    ty.is_final && ty.supertype_idx.is_none() && !groups.any(|group| group.contains(&index.0))
}

/// Imports that are to be functions of WASI's, and cannot be.
fn of_wasi_answers(guest: &Node<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for import in &guest.imports {
        let ImportKind::Function(index) = import.kind else {
            continue;
        };
        let Some(FunctionAnswer::Wasi(named)) = guest.answers.of_function(index) else {
            continue;
        };
        let what = match (wasi_signature(named), guest.signature(index)) {
            (None, _) => format!("WASI preview 1 has no function {}", shown::name(named)),
            (Some(_), Some(_)) if !is_plain(guest, index) => {
                "its type has a supertype, may have subtypes, or is of a recursion group, and those of WASI's functions do not".to_owned()
            }
            (Some(expected), Some(ty)) if *ty != expected => format!(
                "it is {}, and WASI's function is {}",
                written_type(ty),
                written_type(&expected)
            ),
            _ => continue,
        };
        refusals.push(Refusal::Answer(AnswerError::NotAnswering {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            what,
        }));
    }
    refusals
}

/// Renames that cannot be made of the exports that there are.
fn of_renames(options: &BakeOptions, is_exported: impl Fn(&str) -> bool) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut names = BTreeSet::new();
    let mut renamed = BTreeSet::new();
    for rename in &options.renames {
        if !is_exported(&rename.old) {
            refusals.push(Refusal::RenameOfNothing(rename.old.clone()));
        }
        if !renamed.insert(&rename.old) {
            refusals.push(Refusal::RenamedTwice(rename.old.clone()));
        }
        if !names.insert(&rename.new) {
            refusals.push(Refusal::RenameClash(rename.new.clone()));
        }
    }
    refusals
}
