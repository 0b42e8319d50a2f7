//! Names what differs: by the step that wrote it, and by what it is of.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::guest::index::{InstanceId, MemoryIndex};
use crate::guest::sdk::ItemKind;
use crate::guest::{Guest, debug_info};
use crate::impurity::{Difference, Part, Place, Tainted};
use crate::pipeline::hash_keys::HashKeys;
use crate::run::owners::Owners;
use crate::run::{ItemRun, MemoryOwners, Step};
use crate::scrub::{self, MEMORY};
use crate::snapshot::Snapshot;

/// What is known of the places that differ.
pub(super) struct Known<'k> {
    pub(super) guest: &'k Guest<'k>,
    pub(super) snapshot: &'k Snapshot,
    pub(super) items: &'k [ItemRun],
    /// Who wrote what in one of the runs. A byte that was zero in one of them has an owner in another.
    pub(super) owners: Vec<&'k MemoryOwners>,
    /// The step that wrote all that differs, by its position, counted from 1, if there is only one.
    pub(super) only: Option<usize>,
    pub(super) keys: &'k HashKeys,
}

impl Known<'_> {
    /// The parts of the state that differ: what is of one kind, and was written by one step, is one part.
    pub(super) fn tainted(&self, found: &[Difference]) -> Vec<Tainted> {
        let mut parts: BTreeMap<(InstanceId, Part, usize), (u64, u64)> = BTreeMap::new();
        let mut add = |instance: InstanceId, part: Part, owner: usize, count: u64, first: u64| {
            let (sum, least) = parts.entry((instance, part, owner)).or_insert((0, first));
            *sum += count;
            *least = first.min(*least);
        };
        let mut known: BTreeMap<(InstanceId, MemoryIndex), (Vec<&Owners>, Regions<'_>)> = BTreeMap::new();
        for Difference { instance, place } in found {
            let instance = *instance;
            match place {
                Place::Bytes(memory, range) => {
                    let key = (instance, *memory);
                    let (owners, regions) = known.entry(key).or_insert_with(|| {
                        let owners = self.owners.iter().filter_map(|owners| owners.get(&key));
                        (owners.collect(), Regions::new(self, instance, *memory, found))
                    });
                    for (part, owner, range) in self.divided(owners, regions, range) {
                        add(instance, part, owner, range.end - range.start, range.start);
                    }
                }
                Place::Size(memory) => add(instance, Part::Size(memory.0), 0, 1, 0),
                Place::Global(global) => add(instance, Part::Globals, 0, 1, global.0.into()),
                Place::Slot(table, slot) => add(instance, Part::Slots(table.0), 0, 1, *slot),
                Place::Slots(table) => add(instance, Part::Length(table.0), 0, 1, 0),
                Place::Objects => add(instance, Part::Objects, 0, 1, 0),
                Place::Other => add(instance, Part::Other, 0, 1, 0),
            }
        }
        let parts = parts
            .into_iter()
            .map(|((instance, part, owner), (count, first))| {
                let item = owner.checked_sub(1).and_then(|owner| self.items.get(owner));
                Tainted {
                    part,
                    step: item.map(|item| item.step.clone()),
                    place: self.guest.name_of(instance),
                    count,
                    first,
                }
            });
        parts.collect()
    }

    /// A range of bytes, divided by what it is of and by the step that wrote it.
    fn divided(
        &self,
        owners: &[&Owners],
        regions: &Regions<'_>,
        range: &Range<u64>,
    ) -> Vec<(Part, usize, Range<u64>)> {
        let mut found: Vec<(Part, usize, Range<u64>)> = Vec::new();
        for address in range.clone() {
            // Where another step wrote it last in each run, the earlier one did the same in both.
            let known = owners.iter().map(|owners| usize::from(owners.of(address)));
            let owner = self.only.or(known.max()).unwrap_or(0);
            // A byte without an owner is a part of what is before it.
            match found.last_mut() {
                Some((known, by, range))
                    if (owner == 0 || *by == owner || *by == 0) && regions.is_in(known, address) =>
                {
                    *by = if *by == 0 { owner } else { *by };
                    range.end = address + 1;
                }
                _ => found.push((regions.part(address), owner, address..address + 1)),
            }
        }
        found
    }
}

/// What is where in a memory.
struct Regions<'k> {
    memory: MemoryIndex,
    /// The keys of hash maps, in ascending order.
    keys: Vec<Range<u64>>,
    /// The statics of items, and those that the debug information names, in ascending order.
    statics: Vec<(Range<u64>, Cow<'k, str>)>,
    heap: Option<u64>,
}

impl<'k> Regions<'k> {
    /// What is where in a memory, as far as the places that differ need it.
    fn new(known: &Known<'k>, instance: InstanceId, memory: MemoryIndex, found: &[Difference]) -> Self {
        let is_first = memory == MEMORY;
        let items = known
            .items
            .iter()
            .filter(|item| is_first && item.instance == instance);
        let statics = items.filter_map(|item| match &item.step {
            Step::Item(item) => match item.kind {
                ItemKind::Static { address, bytes } => Some((
                    address..address.saturating_add(bytes),
                    Cow::from(item.name.as_str()),
                )),
                ItemKind::Function => None,
            },
            _ => None,
        });
        let mut statics: Vec<_> = statics.collect();
        let node = known.guest.instance(instance).filter(|_| is_first);
        if let Some(node) = &node {
            let mut wanted: Vec<Range<u64>> = found
                .iter()
                .filter_map(|difference| match &difference.place {
                    Place::Bytes(of, range) if difference.instance == instance && *of == memory => {
                        Some(range.clone())
                    }
                    _ => None,
                })
                .collect();
            wanted.sort_by_key(|range| range.start);
            let named = debug_info::statics(node, &wanted).into_iter();
            let is_of_item = |range: &Range<u64>| {
                let mut of_items = statics.iter();
                of_items.any(|(item, _)| item.start < range.end && range.start < item.end)
            };
            let named: Vec<_> = named.filter(|(range, _)| !is_of_item(range)).collect();
            statics.extend(named.into_iter().map(|(range, name)| (range, name.into())));
        }
        statics.sort_by_key(|(range, _)| range.start);
        let heap = node.and_then(|node| {
            let memories = &known.snapshot.instance(&node).memories;
            let state = memories.iter().find(|state| state.index == memory)?;
            scrub::layout(&node, state).1
        });
        let keys = known.keys.of_maps.iter();
        let keys = keys
            .filter(|(of, _)| is_first && *of == instance)
            .map(|(_, range)| range.clone());
        let mut keys: Vec<_> = keys.collect();
        keys.sort_by_key(|range| range.start);
        Self {
            memory,
            keys,
            statics,
            heap,
        }
    }

    fn is_key(&self, address: u64) -> bool {
        let next = self.keys.partition_point(|range| range.start <= address);
        next.checked_sub(1)
            .is_some_and(|last| self.keys[last].contains(&address))
    }

    fn static_at(&self, address: u64) -> Option<&str> {
        let next = self.statics.partition_point(|(range, _)| range.start <= address);
        let (range, name) = &self.statics[next.checked_sub(1)?];
        range.contains(&address).then_some(&**name)
    }

    /// Whether an address is in a part.
    fn is_in(&self, part: &Part, address: u64) -> bool {
        match part {
            Part::MapKeys => self.is_key(address),
            Part::Static(name) => !self.is_key(address) && self.static_at(address) == Some(name),
            part => self.part(address) == *part,
        }
    }

    fn part(&self, address: u64) -> Part {
        if self.is_key(address) {
            return Part::MapKeys;
        }
        match (self.static_at(address), self.heap) {
            (Some(name), _) => Part::Static(name.to_owned()),
            (None, None) => Part::Memory(self.memory.0),
            (None, Some(heap)) if address >= heap => Part::Heap,
            (None, Some(_)) => Part::Data,
        }
    }
}
