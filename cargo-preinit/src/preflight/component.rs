//! Refuses what cannot be carried over of a component.

use crate::guest::index::{ElementIndex, GlobalIndex, InstanceId, MemoryIndex, TableIndex, enumerate};
use crate::guest::wiring::Exported;
use crate::guest::{Around, Guest, Node, SegmentMode, is_marked, sdk};
use crate::instrument::{can_global_differ, is_function_type};
use crate::options::BakeOptions;
use crate::refusal::{ComponentRefusal, Refusal, Refusals, Space, found_in};

/// The refusals that need no run.
pub(super) fn unsupported(guest: &Guest<'_>, around: &Around<'_>, options: &BakeOptions) -> Refusals {
    let mut whole = Vec::new();
    if around
        .exports
        .values()
        .any(|exported| matches!(exported, Exported::Code))
    {
        whole.push(ComponentRefusal::ExportsCode);
    }
    let imported = around.imported_code.iter();
    whole.extend(imported.map(|name| ComponentRefusal::ImportsCode((*name).to_owned())));
    let of_host = around.of_host.iter();
    whole.extend(of_host.map(|name| ComponentRefusal::ExportsOfHost((*name).to_owned())));
    let renames = super::of_renames(options, |name| around.exports.contains_key(name));
    let stubs = (!options.stubs.is_empty()).then_some(Refusal::StubInComponent);
    let whole = whole
        .into_iter()
        .map(Refusal::Component)
        .chain(renames)
        .chain(stubs);
    let mut refusals = found_in(InstanceId(0), whole.collect());
    for node in guest.nodes() {
        refusals.0.extend(found_in(node.id, of_node(&node)).0);
    }
    refusals
}

fn of_node(node: &Node<'_>) -> Vec<Refusal> {
    let mut refusals = super::of_any(node);
    let imported = enumerate(&node.tables).take(node.imported_tables as usize);
    // References to objects are not known from one instance to the other.
    let of_objects = imported.filter(|(_, table)| !is_function_type(node, table.ty.element_type));
    let of_objects: Vec<TableIndex> = of_objects.map(|(index, _)| TableIndex(index)).collect();
    for table in &of_objects {
        if is_marked(&node.code.written_tables, table.0) {
            refusals.push(Refusal::Component(ComponentRefusal::ChangesTable(*table)));
        }
    }
    let is_copied = node
        .elements
        .iter()
        .any(|segment| matches!(segment.mode, SegmentMode::Active(table) if of_objects.contains(&table)));
    if node.external.memory(MemoryIndex(0)) && sdk::find(node).is_some_and(|sdk| !sdk.items.is_empty()) {
        refusals.push(Refusal::Component(ComponentRefusal::SdkMemory));
    }
    let segments = is_copied.then_some(ComponentRefusal::Segment);
    let all = segments.into_iter().chain(derived(node));
    refusals.extend(all.map(Refusal::Component));
    refusals
}

/// The state that starts as an imported global says. It is not captured, so init must not be able to change it.
fn derived(node: &Node<'_>) -> Vec<ComponentRefusal> {
    let is_own = |index: u32, imported: u32| index >= imported;
    let memories = (0..).zip(&node.memories).any(|(index, _)| {
        is_own(index, node.imported_memories) && node.external.is_placed(MemoryIndex(index))
    });
    let tables = enumerate(&node.tables)
        .any(|(index, _)| is_own(index, node.imported_tables) && node.external.table(TableIndex(index)));
    let globals = enumerate(&node.globals).any(|(index, _)| {
        let index = GlobalIndex(index);
        is_own(index.0, node.imported_globals)
            && node.external.global(index)
            && can_global_differ(node, index)
    });
    let elements = enumerate(&node.elements).any(|(index, _)| node.external.element(ElementIndex(index)));
    [
        (memories, Space::Memory),
        (tables, Space::Table),
        (globals, Space::Global),
        (elements, Space::ElementSegment),
    ]
    .into_iter()
    .filter(|(is_derived, _)| *is_derived)
    .map(|(_, space)| ComponentRefusal::Derived(space))
    .collect()
}
