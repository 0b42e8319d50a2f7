//! Finds where Rust's standard library keeps the keys for the next hash map, so that each instance draws its own.
//!
//! std draws 16 bytes once for each thread, and counts up from them: each map gets the numbers, of which the first is then one more. With
//! those of a bake, an attacker would know the keys of every map that any instance ever makes, and could have its keys collide. So the baked
//! module has them as they were before init, not drawn yet. Where they are is not guessed:
//!
//! 1. They are where a memory holds what was drawn, and the first number as much more as maps were made. Copies of it are in the maps, each with
//!    a smaller number.
//! 2. A byte beside them that init set from zero says that they are drawn. To see which, init runs again, and finds that byte set, and keys of
//!    ours: it must not draw any, and must count up from ours. Since that gives its maps other keys, it is at the same time the run with other random
//!    numbers.
//!
//! ```text
//! static KEYS:  k0 + maps (8 bytes)  k1 (8 bytes)  1 = "drawn"
//! ```
//!
//! Source: `library/std/src/hash/random.rs`, and `library/std/src/sys/thread_local/no_threads.rs`.

use std::collections::BTreeMap;
use std::ops::Range;

use super::captured::{Captured, Runnable};
use crate::guest::Node;
use crate::guest::index::InstanceId;
use crate::inspect::Contents;
use crate::run::Keys;
use crate::scrub::MEMORY;
use crate::snapshot::{MemoryState, Snapshot};

/// Addresses of the keys are a multiple of this, as those of all numbers of eight bytes.
const ALIGNMENT: usize = 8;

/// No init makes so many maps.
const MOST_MAPS: u64 = 1 << 32;

/// How far from the keys the byte may be that says that they are drawn.
const NEAR: u64 = 16;

/// How many bytes are tried for it.
const MOST_FLAGS: usize = 4;

/// Keys that no draw has.
pub(super) const OURS: Keys = *b"\x11preinit\x22preinit";

/// The keys that are in memories 0.
#[derive(Debug, Default)]
pub(crate) struct HashKeys {
    /// What is as before init, so that std draws keys anew.
    pub(crate) forgotten: Vec<(InstanceId, Range<u64>)>,
    /// The keys that maps have.
    pub(crate) of_maps: Vec<(InstanceId, Range<u64>)>,
}

/// Where the keys for the next map may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    instance: InstanceId,
    address: u64,
    /// How many maps were made: how much more than what was drawn the first number is.
    maps: u64,
    /// The byte that may say that they are drawn.
    flag: u64,
    /// What it is then.
    set: u8,
}

/// What a memory has of what was drawn.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// What to try, one after the other: a place for each draw.
    pub(super) tries: Vec<Vec<Place>>,
    /// All keys, those for the next map among them.
    all: Vec<(InstanceId, Range<u64>)>,
}

/// Finds the keys in what init left.
pub(super) fn candidates(runnable: &Runnable<'_>, captured: &Captured) -> Candidates {
    let drawn = &captured.summary.hash_keys;
    let mut candidates = Candidates::default();
    // The places of each draw, each with the bytes that may say that they are drawn.
    let mut places: Vec<Vec<Place>> = Vec::new();
    let mut is_each_found = true;
    for keys in drawn {
        let mut found = Vec::new();
        for node in runnable.guest.nodes() {
            let Some(memory) = memory(&node, &captured.snapshot) else {
                continue;
            };
            for (address, maps) in places_of(memory, keys) {
                candidates.all.push((node.id, address..address + 16));
                found.push((maps, node, memory, address));
            }
        }
        found.sort_by_key(|(maps, ..)| *maps);
        let last = found.pop();
        let is_only = found.last().map(|found| found.0) < last.as_ref().map(|last| last.0);
        match last {
            Some((maps, node, memory, address)) if is_only && maps > 0 => {
                let flags = flags(&node, memory, address);
                is_each_found &= !flags.is_empty();
                places.push(
                    flags
                        .into_iter()
                        .map(|(flag, set)| Place {
                            instance: node.id,
                            address,
                            maps,
                            flag,
                            set,
                        })
                        .collect(),
                );
            }
            _ => is_each_found = false,
        }
    }
    // What is called before the instances are known cannot find other keys.
    if is_each_found && !places.is_empty() && runnable.plan.calls.is_empty() {
        // Several draws are of several instances, and all have the same std: what is right for one is right for all.
        let most = places.iter().map(Vec::len).min().unwrap_or(0);
        let tries = (0..most).map(|nth| places.iter().map(|places| places[nth]).collect());
        candidates.tries = tries.collect();
    }
    candidates
}

impl Candidates {
    /// The keys, where nothing is known of those for the next map, or where they are at these places.
    pub(super) fn keys(self, proven: &[Place]) -> HashKeys {
        let mut keys = HashKeys {
            forgotten: Vec::new(),
            of_maps: self.all,
        };
        for place in proven {
            keys.of_maps
                .retain(|(instance, range)| (*instance, range.start) != (place.instance, place.address));
            keys.forgotten
                .push((place.instance, place.address..place.address + 16));
            keys.forgotten.push((place.instance, place.flag..place.flag + 1));
        }
        keys
    }
}

/// What a run finds at these places, so that it need not draw keys.
pub(super) fn patches(places: &[Place]) -> Vec<(InstanceId, u64, Vec<u8>)> {
    let patches = places.iter().flat_map(|place| {
        let keys = (place.instance, place.address, OURS.to_vec());
        [keys, (place.instance, place.flag, vec![place.set])]
    });
    patches.collect()
}

/// Whether a run that found the patches drew no keys, and counted up from ours. What is beside them has to be as it is where they were drawn:
/// a second byte that says so would not be.
pub(super) fn are_proven(
    runnable: &Runnable<'_>,
    places: &[Place],
    captured: &Captured,
    (snapshot, drawn): (&Snapshot, &[Keys]),
) -> bool {
    let [low, high] = numbers(&OURS);
    let mut places = places.iter();
    drawn.is_empty()
        && places.all(|place| {
            let node = runnable.guest.instance(place.instance);
            let memory = node.and_then(|node| memory(&node, snapshot));
            let first = runnable.guest.instance(place.instance);
            let first = first.and_then(|node| self::memory(&node, &captured.snapshot));
            memory.zip(first).is_some_and(|(memory, first)| {
                let is_beside = |address: u64| u64_at(memory, address) == u64_at(first, address);
                u64_at(memory, place.address) == low.wrapping_add(place.maps)
                    && u64_at(memory, place.address + 8) == high
                    && is_beside(place.address + 16)
                    && place.address.checked_sub(8).is_none_or(is_beside)
            })
        })
}

/// The addresses that hold what was drawn, and how much more than that the first number is.
fn places_of(memory: &MemoryState, keys: &Keys) -> Vec<(u64, u64)> {
    let [low, high] = numbers(keys);
    let high_bytes = high.to_le_bytes();
    let mut found = Vec::new();
    for run in &memory.runs {
        let first = usize::try_from(run.offset.next_multiple_of(8) - run.offset).unwrap_or(usize::MAX);
        let words = run.bytes.get(first..).unwrap_or_default().chunks_exact(ALIGNMENT);
        for (nth, word) in words.enumerate() {
            let second = run.offset + (first + nth * ALIGNMENT) as u64;
            if word != high_bytes || second < 8 {
                continue;
            }
            let address = second - 8;
            let maps = u64_at(memory, address).wrapping_sub(low);
            if maps < MOST_MAPS {
                found.push((address, maps));
            }
        }
    }
    found
}

/// The two numbers of keys.
fn numbers(keys: &Keys) -> [u64; 2] {
    let both = u128::from_le_bytes(*keys);
    [both, both >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0))
}

fn u64_at(memory: &MemoryState, address: u64) -> u64 {
    u64::from(memory.u32(address)) | (u64::from(memory.u32(address + 4)) << 32)
}

/// The memory 0 of an instance, if it is captured.
fn memory<'s>(node: &Node<'_>, snapshot: &'s Snapshot) -> Option<&'s MemoryState> {
    let memories = &snapshot.instance(node).memories;
    memories.iter().find(|memory| memory.index == MEMORY)
}

/// The bytes that may say that the keys at an address are drawn, and what they are: those near it that init set from zero. None if the
/// keys themselves were not zero before init.
fn flags(node: &Node<'_>, memory: &MemoryState, address: u64) -> Vec<(u64, u8)> {
    let contents = Contents::of(node, MEMORY);
    let starts_as_zero = |address: u64| {
        contents.elsewhere.is_empty()
            && contents.at(address).is_none_or(|piece| {
                let place = usize::try_from(address - piece.start).unwrap_or(usize::MAX);
                piece.bytes.get(place) == Some(&0)
            })
    };
    let end = address + 16;
    if !(address..end).all(starts_as_zero) {
        return Vec::new();
    }
    // What is behind the keys is tried first.
    let near = (end..end + NEAR).chain(address.saturating_sub(NEAR)..address);
    let near = near.map(|address| (address, memory.u32(address).to_le_bytes()[0]));
    let set = near.filter(|(address, set)| *set != 0 && starts_as_zero(*address));
    set.take(MOST_FLAGS).collect()
}

impl HashKeys {
    /// What is as before init, by instance and in ascending order.
    pub(super) fn by_instance(&self) -> BTreeMap<InstanceId, Vec<Range<u64>>> {
        let mut by_instance: BTreeMap<InstanceId, Vec<Range<u64>>> = BTreeMap::new();
        for (instance, range) in &self.forgotten {
            by_instance.entry(*instance).or_default().push(range.clone());
        }
        for ranges in by_instance.values_mut() {
            ranges.sort_by_key(|range| range.start);
        }
        by_instance
    }
}

#[cfg(test)]
mod tests {
    use crate::impurity::{Effect, Part};
    use crate::options::{BakeOptions, Wasi, WasiOptions};
    use crate::pipeline::bake;
    use crate::verify::verify_with;
    use crate::warning::Warning;

    /// A guest that makes two maps as std does: the keys are at 1024, the byte that says so behind them, and the maps keep theirs at 2048 and
    /// 2064. `$is_drawn` returns whether keys are there.
    fn guest(is_drawn: &str, data: &str) -> String {
        format!(
            r#"(module
                (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
                (memory (export "memory") 1) {data}
                (func $is_drawn (result i32) {is_drawn})
                (func $std::sys::random::hashmap_random_keys
                    (drop (call $random_get (i32.const 1024) (i32.const 16)))
                    (i32.store8 (i32.const 1040) (i32.const 1)))
                (func $make (param $map i32)
                    (if (i32.eqz (call $is_drawn)) (then (call $std::sys::random::hashmap_random_keys)))
                    (i64.store (local.get $map) (i64.load (i32.const 1024)))
                    (i64.store offset=8 (local.get $map) (i64.load (i32.const 1032)))
                    (i64.store (i32.const 1024) (i64.add (i64.load (i32.const 1024)) (i64.const 1))))
                (func (export "init") (call $make (i32.const 2048)) (call $make (i32.const 2064)))
                (func (export "make") (call $make (i32.const 3072))))"#
        )
    }

    /// The parts of the state that follow from random numbers, with the number of bytes of each; and whether the keys are in the output.
    fn baked(guest: &str) -> (Vec<(Part, u64)>, bool) {
        let options = BakeOptions {
            init_functions: vec!["init".to_owned()],
            wasi: Wasi::Allowed(WasiOptions::default()),
            ..BakeOptions::default()
        };
        let baked = bake(guest.as_bytes(), &options).expect("it can be baked");
        let parts = baked.report.warnings.iter().find_map(|warning| match warning {
            Warning::Wasi {
                effect: Effect::State(parts),
                ..
            } => Some(parts.iter().map(|part| (part.part.clone(), part.count)).collect()),
            _ => None,
        });
        let module = crate::guest::GuestModule::parse(&baked.wasm).expect("it is valid");
        let has_keys = crate::inspect::Contents::of(&module, super::MEMORY)
            .at(1024)
            .is_some();
        // Without a word about the keys, the two differ if these are gone.
        let replay = verify_with(
            &baked.wasm,
            guest.as_bytes(),
            &[],
            &[],
            &options,
            &super::super::HostFunctions::default(),
        );
        assert_eq!(replay.expect("both run").differences.is_empty(), has_keys);
        let replay = crate::pipeline::verify(
            &baked.wasm,
            guest.as_bytes(),
            &["make()".parse().expect("a call")],
            &options,
        );
        assert_eq!(replay.expect("both run").differences, [] as [String; 0]);
        (parts.unwrap_or_default(), has_keys)
    }

    const OF_STD: &str = "(i32.load8_u (i32.const 1040))";

    #[test]
    fn keys_are_forgotten_and_those_of_maps_are_told() {
        assert_eq!(baked(&guest(OF_STD, "")), (vec![(Part::MapKeys, 32)], false));
    }

    #[test]
    fn what_is_not_proven_stays() {
        let all = (vec![(Part::MapKeys, 48)], true);
        // They are drawn whatever the byte says.
        assert!(baked(&guest("(i32.const 0)", "")).1);
        // Another byte says it, which is too far away.
        let far = "(i32.load8_u (i32.const 1040)) (i32.store8 (i32.const 1) (i32.const 1)) (i32.and (i32.load8_u (i32.const 2056)))";
        assert_eq!(baked(&guest(far, "")), all);
        // There are two such bytes.
        let two = "(i32.load16_u (i32.const 1040))";
        let drawing = guest(two, "").replace(
            "(i32.store8 (i32.const 1040) (i32.const 1))",
            "(i32.store16 (i32.const 1040) (i32.const 0x0101))",
        );
        assert!(baked(&drawing).1);
        // They would not be zero before init.
        assert_eq!(baked(&guest(OF_STD, r#"(data (i32.const 1024) "\07")"#)), all);
    }
}
