//! What is where in the memories of the output: the stack, the guest's data, and what each step left.

use std::collections::BTreeMap;
use std::ops::Range;

use super::profile::filled;
use crate::guest::index::InstanceId;
use crate::guest::{Guest, Node};
use crate::run::MemoryOwners;
use crate::run::owners::Owners;
use crate::scrub;
use crate::snapshot::{MemoryState, Snapshot};

/// How many cells a memory is divided into, at most.
const MOST_CELLS: u64 = 4096;

/// The least bytes of a cell.
const LEAST: u64 = 16;

/// What is where in a memory, as the output has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryMap {
    /// The instance that defines it.
    pub instance: InstanceId,
    /// The instance in words; `None` if there is no other.
    pub place: Option<String>,
    /// Its index in the instance's module.
    pub memory: u32,
    /// Its size in bytes.
    pub bytes: u64,
    /// The part that is the shadow stack, if the linker tells.
    pub stack: Option<Range<u64>>,
    /// Where the heap begins, if the linker tells.
    pub heap: Option<u64>,
    /// How many bytes there are of each kind. Together they are all bytes.
    pub amounts: Vec<(Contents, u64)>,
    /// How many bytes a cell has; the last one may have fewer.
    pub cell: u64,
    /// The cells in ascending order of address, joined where neighbours have the same: how many, and what.
    pub cells: Vec<(u64, Contents)>,
}

/// What is in some bytes of a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contents {
    /// The stack: zeros.
    Stack,
    /// What the guest's own segments have there, zeros among it.
    Data,
    /// Static variables that are zero.
    Statics,
    /// The heap: zeros.
    Heap,
    /// Zeros, where the linker does not tell what they are for.
    Zeros,
    /// Bytes that are not zero and that a step wrote last: its position among those that ran.
    Step(usize),
}

/// Maps the memories that have state. One whose writers are not known is left out.
pub(super) fn map(guest: &Guest<'_>, snapshot: &Snapshot, owners: &MemoryOwners) -> Vec<MemoryMap> {
    let mut maps = Vec::new();
    for node in guest.nodes() {
        for memory in &snapshot.instance(&node).memories {
            if let Some(owners) = owners.get(&(node.id, memory.index)) {
                maps.push(of_memory(guest, &node, memory, owners));
            }
        }
    }
    maps
}

fn of_memory(guest: &Guest<'_>, node: &Node<'_>, memory: &MemoryState, owners: &Owners) -> MemoryMap {
    let page = node.memories.get(memory.index.position());
    let page = page.and_then(|ty| ty.page_size_log2).unwrap_or(16);
    let bytes = memory.pages.checked_shl(page).unwrap_or(u64::MAX);
    let (stack, heap) = match memory.index == scrub::MEMORY {
        true => scrub::layout(node, memory),
        false => (None, None),
    };
    let regions = regions(
        bytes,
        stack.as_ref(),
        heap,
        &filled(node, memory.index).unwrap_or_default(),
    );
    let cell = bytes.div_ceil(MOST_CELLS).next_power_of_two().max(LEAST);
    let mut count = Count::new(&regions, cell);
    for run in &memory.runs {
        for (address, byte) in (run.offset..).zip(&run.bytes) {
            if *byte != 0 {
                let step = usize::from(owners.of(address)).checked_sub(1);
                count.add(address, step.map(Contents::Step));
            }
        }
    }
    let (amounts, cells) = count.finish(bytes);
    MemoryMap {
        instance: node.id,
        place: guest.name_of(node.id),
        memory: memory.index.0,
        bytes,
        stack,
        heap,
        amounts,
        cell,
        cells,
    }
}

/// How many bytes there are of each kind.
type Amounts = Vec<(Contents, u64)>;

/// How many cells in a row have the same.
type Cells = Vec<(u64, Contents)>;

/// What zeros in a part of a memory are.
type Region = (Range<u64>, Contents);

/// Divides a memory by what its zeros are, in ascending order and without gaps. `filled` is in ascending order.
fn regions(bytes: u64, stack: Option<&Range<u64>>, heap: Option<u64>, filled: &[Range<u64>]) -> Vec<Region> {
    let mut cuts = vec![0, bytes];
    cuts.extend(
        stack
            .into_iter()
            .chain(filled)
            .flat_map(|range| [range.start, range.end]),
    );
    cuts.extend(heap);
    cuts.retain(|cut| *cut <= bytes);
    cuts.sort_unstable();
    cuts.dedup();
    let parts = cuts.windows(2).map(|ends| {
        let start = ends[0];
        let position = filled.partition_point(|range| range.end <= start);
        let contents = if stack.is_some_and(|stack| stack.contains(&start)) {
            Contents::Stack
        } else if filled.get(position).is_some_and(|range| range.contains(&start)) {
            Contents::Data
        } else {
            match heap {
                Some(heap) if heap <= start => Contents::Heap,
                Some(_) => Contents::Statics,
                None => Contents::Zeros,
            }
        };
        (start..ends[1], contents)
    });
    parts.collect()
}

/// Counts bytes by what they are, in all and in each cell.
struct Count<'r> {
    regions: &'r [Region],
    /// The region of the last byte.
    region: usize,
    cell: u64,
    amounts: BTreeMap<Contents, u64>,
    /// The cells with bytes that are not zero, and what most of these are.
    filled: Vec<(u64, Contents)>,
    /// The cell of the last byte.
    current: Option<(u64, BTreeMap<Contents, u64>)>,
    /// The last bytes, which are alike.
    alike: Option<Alike>,
}

/// Bytes that are not zero, in one cell and one region.
struct Alike {
    contents: Contents,
    /// What zeros would be there.
    zeros: Contents,
    cell: u64,
    count: u64,
    /// Where the cell or the region ends.
    end: u64,
}

impl<'r> Count<'r> {
    fn new(regions: &'r [Region], cell: u64) -> Self {
        let mut amounts = BTreeMap::new();
        for (range, contents) in regions {
            *amounts.entry(*contents).or_default() += range.end - range.start;
        }
        Self {
            regions,
            region: 0,
            cell,
            amounts,
            filled: Vec::new(),
            current: None,
            alike: None,
        }
    }

    /// Adds a byte that is not zero. Addresses ascend. Without a step the guest has it from the start, or this tool wrote it.
    fn add(&mut self, address: u64, step: Option<Contents>) {
        let contents = step.unwrap_or(Contents::Data);
        if let Some(alike) = &mut self.alike
            && alike.contents == contents
            && address < alike.end
        {
            alike.count += 1;
            return;
        }
        self.take_alike();
        while self
            .regions
            .get(self.region)
            .is_some_and(|(range, _)| range.end <= address)
        {
            self.region += 1;
        }
        let cell = address / self.cell;
        self.alike = self.regions.get(self.region).map(|(range, zeros)| Alike {
            contents,
            zeros: *zeros,
            cell,
            count: 1,
            end: range.end.min((cell + 1).saturating_mul(self.cell)),
        });
    }

    fn take_alike(&mut self) {
        let Some(alike) = self.alike.take() else {
            return;
        };
        if let Some(amount) = self.amounts.get_mut(&alike.zeros) {
            *amount -= alike.count;
        }
        *self.amounts.entry(alike.contents).or_default() += alike.count;
        if self
            .current
            .as_ref()
            .is_none_or(|(number, _)| *number != alike.cell)
        {
            self.close();
            self.current = Some((alike.cell, BTreeMap::new()));
        }
        if let Some((_, amounts)) = &mut self.current {
            *amounts.entry(alike.contents).or_default() += alike.count;
        }
    }

    fn close(&mut self) {
        if let Some((cell, amounts)) = self.current.take()
            && let Some(most) = most(amounts)
        {
            self.filled.push((cell, most));
        }
    }

    fn finish(mut self, bytes: u64) -> (Amounts, Cells) {
        self.take_alike();
        self.close();
        let mut cells: Vec<(u64, Contents)> = Vec::new();
        let mut filled = self.filled.iter().peekable();
        let mut first = 0;
        for cell in 0..bytes.div_ceil(self.cell) {
            let range = cell * self.cell..bytes.min((cell + 1).saturating_mul(self.cell));
            while self
                .regions
                .get(first)
                .is_some_and(|(region, _)| region.end <= range.start)
            {
                first += 1;
            }
            let contents = match filled.next_if(|(number, _)| *number == cell) {
                Some((_, contents)) => *contents,
                None => zeros_of(&range, &self.regions[first..]),
            };
            match cells.last_mut() {
                Some((count, last)) if *last == contents => *count += 1,
                _ => cells.push((1, contents)),
            }
        }
        let amounts = self.amounts.into_iter().filter(|(_, amount)| *amount > 0);
        (amounts.collect(), cells)
    }
}

/// What most of a cell is whose bytes are all zero.
fn zeros_of(cell: &Range<u64>, regions: &[Region]) -> Contents {
    let mut amounts = BTreeMap::new();
    for (region, contents) in regions.iter().take_while(|(region, _)| region.start < cell.end) {
        let overlap = region
            .end
            .min(cell.end)
            .saturating_sub(region.start.max(cell.start));
        *amounts.entry(*contents).or_default() += overlap;
    }
    most(amounts).unwrap_or(Contents::Zeros)
}

/// What there is most of; of equal amounts the first.
fn most(amounts: BTreeMap<Contents, u64>) -> Option<Contents> {
    let most = amounts.into_iter().rev().max_by_key(|(_, amount)| *amount);
    most.map(|(contents, _)| contents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::{BakeOptions, Profile};
    use crate::pipeline::bake;

    #[test]
    fn zeros_belong_to_regions() {
        use Contents::{Data, Heap, Stack, Statics, Zeros};
        let parts = |stack, heap, filled: &[Range<u64>]| {
            let parts = regions(100, stack, heap, filled);
            parts
                .into_iter()
                .map(|(range, contents)| (range.start, range.end, contents))
                .collect::<Vec<_>>()
        };
        assert_eq!(parts(None, None, &[]), [(0, 100, Zeros)]);
        assert_eq!(
            parts(Some(&(0..10)), Some(50), &[20..30, 40..45]),
            [
                (0, 10, Stack),
                (10, 20, Statics),
                (20, 30, Data),
                (30, 40, Statics),
                (40, 45, Data),
                (45, 50, Statics),
                (50, 100, Heap),
            ]
        );
        // What is beyond the end does not count.
        let beyond = 90..120;
        assert_eq!(
            parts(None, Some(200), std::slice::from_ref(&beyond)),
            [(0, 90, Statics), (90, 100, Data)]
        );
    }

    #[test]
    fn amounts_and_cells_are_those_of_the_bytes() {
        use Contents::{Data, Step, Zeros};
        let text = r#"(module (memory (export "memory") 1) (data (i32.const 16) "\01\01\01\00")
            (func (export "one") (i32.store (i32.const 4096) (i32.const 0x01010101)))
            (func (export "other") (i32.store16 (i32.const 4098) (i32.const 0x0202)) (i32.store8 (i32.const 17) (i32.const 9))))"#;
        let options = BakeOptions {
            init_functions: vec!["one".to_owned(), "other".to_owned()],
            profile: Profile::Items,
            ..BakeOptions::default()
        };
        let baked = bake(text.as_bytes(), &options).expect("it can be baked");
        let [map] = &baked.report.memories[..] else {
            panic!("there is one memory: {:?}", baked.report.memories);
        };
        assert_eq!((map.bytes, map.cell), (65536, 16));
        assert_eq!(
            map.amounts,
            [(Data, 3), (Zeros, 65536 - 8), (Step(0), 2), (Step(1), 3)]
        );
        // Of two that have as much of a cell, the first is shown.
        assert_eq!(
            map.cells,
            [(1, Zeros), (1, Data), (254, Zeros), (1, Step(0)), (3839, Zeros)]
        );
    }
}
