//! Which exported functions let a host into an instance, so that they run `#[preinit(resume)]` functions first.

use std::collections::BTreeSet;

use wasmparser::{BlockType, CanonicalOption, ExternalKind, Operator};

use crate::guest::index::{FunctionIndex, InstanceId};
use crate::guest::sdk::Resume;
use crate::guest::wiring::Source;
use crate::guest::{Around, Export, Guest, GuestModule, ImportKind};
use crate::init::ExportFate;

/// Whether an exported function of this name lets a host into the instance. Others only prepare a call or the instance, or clean up behind
/// a call; the canonical ABI lets no function of the host be called while such a one runs, which a `resume` function may need.
fn is_entry(name: &str) -> bool {
    const NONE: [&str; 5] = [
        "_initialize",
        "cabi_realloc",
        "cabi_import_realloc",
        "canonical_abi_realloc",
        "canonical_abi_free",
    ];
    !NONE.contains(&name) && !name.starts_with("cabi_post_") && !name.starts_with("__wasm_")
}

/// Whether an export that is kept lets a host into an instance of a core module.
pub(crate) fn enters(export: Export<'_>, fate: ExportFate) -> bool {
    let is_function = matches!(export.kind, ExternalKind::Func | ExternalKind::FuncExact);
    // What is emptied does nothing: `_initialize` of a reactor.
    is_function && matches!(fate, ExportFate::Kept | ExportFate::Unwrapped(_)) && is_entry(export.name)
}

/// Whether an exported function is as this tool makes those by which a host enters an instance.
pub(super) fn is_added_entry(module: &GuestModule<'_>, function: FunctionIndex) -> bool {
    matches!(
        &module.instructions(function)[..],
        [
            Operator::Block {
                blockty: BlockType::Empty
            },
            Operator::GlobalGet { .. },
            Operator::BrIf { relative_depth: 0 },
            Operator::Call { .. },
            Operator::End,
            ..,
            Operator::Call { .. },
            Operator::End
        ]
    )
}

/// The core functions by which a component lets its host into the instances that have something to resume: those that are lifted, and
/// those that another instance imports, such as the `_start` that an adapter calls.
pub(crate) fn entered(
    guest: &Guest<'_>,
    around: &Around<'_>,
    resumes: &[Resume],
) -> BTreeSet<(InstanceId, FunctionIndex)> {
    let resumed: BTreeSet<InstanceId> = resumes.iter().map(|resume| resume.instance).collect();
    if resumed.is_empty() {
        return BTreeSet::new();
    }
    let wiring = &around.wiring;
    let lifted = wiring.lifted.iter().map(|lifted| lifted.core);
    let imported = guest
        .nodes()
        .filter_map(|node| node.place)
        .flat_map(|place| place.sources.iter().copied());
    let options = wiring.lifted.iter().flat_map(|lifted| &lifted.options);
    let options = options.chain(wiring.made.iter().flat_map(|made| &made.options));
    let prepares = options.filter_map(|(option, source)| match option {
        CanonicalOption::Realloc(_) | CanonicalOption::PostReturn(_) => *source,
        _ => None,
    });
    let destructors = wiring.destructors.iter();
    let destructors = destructors.filter_map(|(_, destructor)| *destructor);
    let prepares: BTreeSet<Source> = prepares.chain(destructors).collect();
    let is_named_as_entry = |id: InstanceId, function: FunctionIndex| {
        guest.instance(id).is_some_and(|node| {
            let mut names = node.exports.iter().filter(|export| export.is_function(function));
            names.any(|export| is_entry(export.name))
        })
    };
    let is_lifted: BTreeSet<Source> = lifted.collect();
    let entered = is_lifted.iter().copied().chain(imported);
    let entered = entered.filter_map(|source| match source {
        Source::Instance(id, ImportKind::Function(function))
            if resumed.contains(&id)
                && !prepares.contains(&source)
                && (is_lifted.contains(&source) || is_named_as_entry(id, function)) =>
        {
            Some((id, function))
        }
        Source::Instance(..) | Source::Component(_) => None,
    });
    entered.collect()
}
