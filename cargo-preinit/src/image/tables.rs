//! Lays out how tables are filled: segments list references, and the start function fills long runs of one reference.
//!
//! wasmtime keeps the first 2^20 slots of a table as an image, if segments fill them with function indices and come before
//! any other segment. For each slot beyond, and for each expression, it compiles code when it loads the module: some 20 us
//! and 3 KB each. So `table.fill` writes a run of one reference, and a table that needs too many slots listed in this way is
//! refused, unless the guest's own segments list as many.

use std::ops::Range;

use wasmparser::{AbstractHeapType, HeapType, RefType};

use crate::guest::index::TableIndex;
use crate::guest::{GuestModule, SegmentMode};
use crate::snapshot::{InstanceState, Reference, TableState};

/// The slots of a table that wasmtime keeps as an image (`MAX_FUNC_TABLE_SIZE`).
const IMAGE_SLOTS: usize = 1 << 20;

/// From this many slots on, the start function fills a run of one reference, if listing it would only cost bytes.
const FILL_OF_IMAGE: usize = 1 << 16;

/// The same if wasmtime compiles code for each listed slot.
const FILL_OF_CODE: usize = 1 << 10;

/// How many slots for which wasmtime compiles code may be listed in one table.
const MAX_COMPILED: usize = 10_000;

/// How many segments tables may need before those of a table are joined. Engines take 100,000.
const MAX_STRETCHES: usize = 50_000;

/// Consecutive slots of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) table: TableIndex,
    pub(crate) slots: Range<usize>,
}

/// How the tables that init can have changed are filled.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tables {
    /// Slots that segments list. They hold nulls only if stretches were joined. Those in wasmtime's image come first.
    pub(crate) listed: Vec<Stretch>,
    /// Slots of one reference each, which the start function fills.
    pub(crate) filled: Vec<Stretch>,
    /// Tables that would make the output slow to load, with the number of slots for which engines compile code. Liveness may
    /// still remove such a table.
    pub(crate) slow: Vec<(TableIndex, u64)>,
}

/// Lays out the tables of an instance.
pub(super) fn lay_out(module: &GuestModule<'_>, instance: &InstanceState) -> Tables {
    let mut tables = Tables::default();
    for state in &instance.tables {
        let ty = module.tables[state.index.position()].ty.element_type;
        let mut listed = Vec::new();
        for run in runs(state) {
            let is_image = is_image(ty, state, &run);
            let fill = if is_image { FILL_OF_IMAGE } else { FILL_OF_CODE };
            let stretch = Stretch {
                table: state.index,
                slots: run.clone(),
            };
            match state.slots[run.start] {
                Reference::Null => {}
                _ if run.len() >= fill => tables.filled.push(stretch),
                _ => add(&mut listed, stretch),
            }
        }
        if listed.len() + tables.listed.len() > MAX_STRETCHES {
            join_over_nulls(&mut listed);
        }
        let compiled = |stretch: &Stretch| match is_image(ty, state, &stretch.slots) {
            true => 0,
            false => stretch.slots.len(),
        };
        let count: usize = listed.iter().map(compiled).sum();
        if count > MAX_COMPILED.max(listed_by_guest(module, state.index)) {
            tables.slow.push((state.index, count as u64));
        }
        tables.listed.extend(listed);
    }
    tables.listed.sort_by_key(|stretch| {
        let mut states = instance.tables.iter();
        let state = states.find(|state| state.index == stretch.table);
        let ty = module.tables[stretch.table.position()].ty.element_type;
        !state.is_some_and(|state| is_image(ty, state, &stretch.slots))
    });
    tables
}

/// The runs of one reference each, in order, divided where the image ends.
fn runs(state: &TableState) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let runs = state.slots.chunk_by(|a, b| a == b);
    runs.flat_map(move |run| {
        let slots = start..start + run.len();
        start = slots.end;
        let cut = IMAGE_SLOTS.clamp(slots.start, slots.end);
        [slots.start..cut, cut..slots.end]
    })
    .filter(|slots| !slots.is_empty())
}

/// Adds slots, and joins them to the stretch before them if that ends where they begin, within the image or beyond it.
fn add(listed: &mut Vec<Stretch>, stretch: Stretch) {
    match listed.last_mut() {
        Some(last) if last.slots.end == stretch.slots.start && stretch.slots.start != IMAGE_SLOTS => {
            last.slots.end = stretch.slots.end;
        }
        _ => listed.push(stretch),
    }
}

/// Joins all stretches of a table into one, which then lists the nulls between them as well.
fn join_over_nulls(listed: &mut Vec<Stretch>) {
    if let (Some(first), Some(last)) = (listed.first(), listed.last()) {
        let slots = first.slots.start..last.slots.end;
        *listed = vec![Stretch {
            table: first.table,
            slots,
        }];
    }
}

/// Whether wasmtime keeps these slots as an image: they hold functions, in a table that takes any function.
fn is_image(ty: RefType, state: &TableState, slots: &Range<usize>) -> bool {
    let are_functions = || {
        let mut slots = state.slots[slots.clone()].iter();
        slots.all(|slot| matches!(slot, Reference::Function(_)))
    };
    takes_any_function(ty) && slots.end <= IMAGE_SLOTS && are_functions()
}

/// Whether a table of this type takes any function.
pub(crate) fn takes_any_function(ty: RefType) -> bool {
    let function = HeapType::Abstract {
        shared: false,
        ty: AbstractHeapType::Func,
    };
    ty.heap_type() == function
}

/// How many slots for which wasmtime compiles code the guest's own segments list in a table.
fn listed_by_guest(module: &GuestModule<'_>, table: TableIndex) -> usize {
    let segments = module.elements.iter().filter(|segment| {
        let is_compiled = segment.expressions().is_some()
            || module.tables[table.position()].ty.initial > IMAGE_SLOTS as u64;
        segment.mode == SegmentMode::Active(table) && is_compiled
    });
    segments.map(|segment| segment.len() as usize).sum()
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "a list of one range is meant")]
mod tests {
    use super::*;
    use crate::guest::index::{FunctionIndex, InstanceId};
    use crate::snapshot::FunctionRef;

    const NULL: (Reference, usize) = (Reference::Null, 1);

    fn function(index: u32, count: usize) -> (Reference, usize) {
        let function = FunctionRef {
            instance: InstanceId(0),
            index: FunctionIndex(index),
        };
        (Reference::Function(function), count)
    }

    /// Lays out a table of these runs, and returns what is listed and what is filled.
    fn check(ty: &str, slots: &[(Reference, usize)], listed: &[Range<usize>], filled: &[Range<usize>]) {
        let tables = tables(ty, slots);
        assert_eq!(tables.slow, []);
        let slots = |stretches: &[Stretch]| -> Vec<Range<usize>> {
            stretches.iter().map(|stretch| stretch.slots.clone()).collect()
        };
        assert_eq!(slots(&tables.listed), listed);
        assert_eq!(slots(&tables.filled), filled);
    }

    fn tables(ty: &str, slots: &[(Reference, usize)]) -> Tables {
        let wat = format!("(module (type $f (func)) (table 0 {ty}))");
        let wasm = wat::parse_str(&wat).expect("it parses");
        let module = GuestModule::parse(&wasm).expect("it is valid");
        let slots = slots
            .iter()
            .flat_map(|(slot, count)| std::iter::repeat_n(*slot, *count));
        let state = TableState {
            index: TableIndex(0),
            slots: slots.collect(),
        };
        let instance = InstanceState {
            tables: vec![state],
            ..InstanceState::default()
        };
        lay_out(&module, &instance)
    }

    #[test]
    fn functions_are_listed_and_long_runs_are_filled() {
        check("funcref", &[], &[], &[]);
        check(
            "funcref",
            &[NULL, function(1, 2), function(2, 1), NULL],
            &[1..4],
            &[],
        );
        let long = FILL_OF_IMAGE;
        check("funcref", &[function(1, long - 1)], &[0..long - 1], &[]);
        check(
            "funcref",
            &[function(1, 1), function(2, long)],
            &[0..1],
            &[1..1 + long],
        );
        // Behind the image.
        let null = (Reference::Null, IMAGE_SLOTS - 1);
        let end = IMAGE_SLOTS;
        check(
            "funcref",
            &[null, function(1, 1), function(2, 1), function(1, FILL_OF_CODE)],
            &[end - 1..end, end..end + 1],
            &[end + 1..end + 1 + FILL_OF_CODE],
        );
    }

    #[test]
    fn what_is_compiled_is_bounded() {
        let different: Vec<_> = (0..20_000).map(|index| function(index, 1)).collect();
        check("funcref", &different, &[0..20_000], &[]);
        let slow = [(TableIndex(0), 20_000)];
        assert_eq!(tables("(ref null $f)", &different).slow, slow);
        let behind = [vec![(Reference::Null, IMAGE_SLOTS)], different].concat();
        assert_eq!(tables("funcref", &behind).slow, slow);
    }
}
