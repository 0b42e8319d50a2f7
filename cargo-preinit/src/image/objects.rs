//! Plans how the output makes the objects of an instance: structures and arrays, with their sharing and their cycles.
//!
//! A constant expression can make an object from values and from what earlier globals hold. So an object with one reference
//! to it is made in place, and one with several gets a global of its own: the *object's global*. These globals precede all
//! globals of the guest, each after those that it needs.
//!
//! A cycle has no such order. One of its fields was set after its object was made, and so is mutable; if that field can be
//! null, it starts as null and the start function sets it, which is a *fix-up*. The start function also fills arrays that are
//! too long to be listed: numbers from a passive segment, references one by one. [binaryen's wasm-ctor-eval] does it in the
//! same way.
//!
//! If there are many globals to initialise, the start function initialises those that can be null at first, too: such
//! objects' globals and globals of the guest are *late*.
//!
//! [binaryen's wasm-ctor-eval]: https://github.com/WebAssembly/binaryen/blob/main/src/tools/wasm-ctor-eval.cpp

use std::collections::BTreeSet;

use wasmparser::{CompositeInnerType, FieldType, StorageType, ValType};

use crate::guest::GuestModule;
use crate::guest::index::GlobalIndex;
use crate::refusal::{MAX_LISTED, MAX_LISTED_REFERENCES, MAX_OBJECTS, Refusal};
use crate::snapshot::{InstanceState, Internal, Object, ObjectIndex, Reference, Value};

/// How deep objects nest in one expression before one gets a global of its own.
const MAX_NESTING: u32 = 30;

/// How many globals constant expressions initialise with objects. wasmtime compiles all initialisers of a module as one
/// function, in a time that grows with the cube of the globals: 0.3 s for 250, 20 s for 1,000.
const MAX_INITIALISED: usize = 100;

/// How the objects of an instance are made.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Objects {
    /// The objects with a global of their own, in the order of these globals.
    pub(crate) globals: Vec<ObjectIndex>,
    /// By object: its place in `globals`.
    pub(crate) global_of: Vec<Option<u32>>,
    /// By object: whether its global is null until the start function has made it.
    is_late: Vec<bool>,
    /// The fix-ups that the start function makes after that, in this order.
    pub(crate) fix_ups: Vec<FixUp>,
    /// The globals of the guest that are null until the start function sets them, after the fix-ups.
    pub(crate) late_globals: BTreeSet<GlobalIndex>,
}

/// A part of an object that no constant expression can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FixUp {
    /// This field or element has another value at first.
    Field(ObjectIndex, u32),
    /// All elements of this array are numbers that are copied from a segment.
    Numbers(ObjectIndex),
}

impl Objects {
    /// Whether the start function sets a field.
    pub(crate) fn is_set_later(&self, object: ObjectIndex, field: u32) -> bool {
        self.fix_ups.binary_search(&FixUp::Field(object, field)).is_ok()
    }

    /// Whether an object's global is null until the start function has made it.
    pub(crate) fn is_late(&self, object: ObjectIndex) -> bool {
        self.is_late[object.position()]
    }

    /// The objects whose globals are late, each after those that it needs.
    pub(crate) fn late(&self) -> impl Iterator<Item = ObjectIndex> {
        self.globals
            .iter()
            .copied()
            .filter(|object| self.is_late(*object))
    }

    /// Whether the start function makes objects, or sets fields, elements or globals of the guest.
    pub(crate) fn are_in_code(&self) -> bool {
        !self.fix_ups.is_empty() || !self.late_globals.is_empty() || self.late().next().is_some()
    }

    /// Makes globals late if there are many and they can be null at first.
    fn put_off(&mut self, module: &GuestModule<'_>, instance: &InstanceState) {
        let of_guest = instance.globals.iter().filter_map(|global| {
            let object = target(global.value)?;
            Some((global.index, object))
        });
        let of_guest: Vec<(GlobalIndex, ObjectIndex)> = of_guest.collect();
        if self.globals.len() + of_guest.len() <= MAX_INITIALISED {
            return;
        }
        let (late, early): (Vec<_>, Vec<_>) = of_guest.into_iter().partition(|(global, _)| {
            let ty = module.globals[global.position()].ty;
            ty.mutable && is_nullable(ty.content_type)
        });
        // Constant expressions initialise tables and all other globals, and so everything that these refer to.
        let slots = instance.tables.iter().flat_map(|state| &state.slots);
        let slots = slots.filter_map(|slot| target(Value::Reference(*slot)));
        let mut open: Vec<ObjectIndex> = early.into_iter().map(|(_, object)| object).chain(slots).collect();
        let mut is_early = vec![false; instance.heap.len()];
        while let Some(object) = open.pop() {
            if std::mem::replace(&mut is_early[object.position()], true) {
                continue;
            }
            let fields = &instance.heap[object.position()].fields;
            let fields = (0_u32..)
                .zip(fields)
                .filter(|(field, _)| !self.is_set_later(object, *field));
            open.extend(fields.filter_map(|(_, value)| target(*value)));
        }
        for object in &self.globals {
            self.is_late[object.position()] = !is_early[object.position()];
        }
        self.late_globals = late.into_iter().map(|(global, _)| global).collect();
    }
}

/// The type of a field or an element.
pub(crate) fn field_type(module: &GuestModule<'_>, object: &Object, field: usize) -> FieldType {
    match &module.types[object.ty.position()].composite_type.inner {
        CompositeInnerType::Struct(ty) => ty.fields[field],
        CompositeInnerType::Array(ty) => ty.0,
        CompositeInnerType::Func(_) | CompositeInnerType::Cont(_) => {
            unreachable!("objects are structures and arrays")
        }
    }
}

pub(crate) fn is_array(module: &GuestModule<'_>, object: &Object) -> bool {
    matches!(
        module.types[object.ty.position()].composite_type.inner,
        CompositeInnerType::Array(_)
    )
}

/// Whether all elements are equal, so that one value makes them all.
pub(crate) fn is_uniform(object: &Object) -> bool {
    object.fields.len() > 1 && object.fields.windows(2).all(|pair| pair[0] == pair[1])
}

/// Whether an array has more elements than a constant expression can list, so that the start function has to fill it. Until
/// then all its elements are [`first_element`].
pub(crate) fn is_long(module: &GuestModule<'_>, object: &Object) -> bool {
    if !is_array(module, object) || is_uniform(object) || object.fields.is_empty() {
        return false;
    }
    let element = field_type(module, object, 0);
    let is_reference = matches!(element.element_type, StorageType::Val(ValType::Ref(_)));
    let most = if is_reference && element.mutable {
        MAX_LISTED_REFERENCES
    } else {
        MAX_LISTED
    };
    object.fields.len() > most
}

/// What all elements of a long array are at first: null if they can be.
pub(crate) fn first_element(module: &GuestModule<'_>, object: &Object) -> Value {
    match field_type(module, object, 0).element_type {
        StorageType::Val(ValType::Ref(ty)) if ty.is_nullable() => Value::Reference(Reference::Null),
        _ => object.fields[0],
    }
}

fn target(value: Value) -> Option<ObjectIndex> {
    match value {
        Value::Reference(Reference::Internal(Internal::Object(object), _)) => Some(object),
        Value::Reference(
            Reference::Null
            | Reference::Function(_)
            | Reference::Imported(..)
            | Reference::Internal(Internal::I31(_), _),
        )
        | Value::I32(_)
        | Value::I64(_)
        | Value::F32(_)
        | Value::F64(_)
        | Value::V128(_) => None,
    }
}

/// Whether the field can be null at first, and set later.
fn can_wait(ty: FieldType) -> bool {
    ty.mutable && matches!(ty.element_type, StorageType::Val(ty) if is_nullable(ty))
}

fn is_nullable(ty: ValType) -> bool {
    matches!(ty, ValType::Ref(ty) if ty.is_nullable())
}

/// Decides which objects get globals, and what the start function does.
pub(super) fn lay_out(module: &GuestModule<'_>, instance: &InstanceState) -> Result<Objects, Vec<Refusal>> {
    let heap = &instance.heap;
    if heap.len() > MAX_OBJECTS {
        return Err(vec![Refusal::TooManyObjects(heap.len() as u64)]);
    }
    let mut fix_ups = BTreeSet::new();
    let mut refusals = Vec::new();
    for (number, object) in numbered(heap) {
        if !is_long(module, object) {
            continue;
        }
        let element = field_type(module, object, 0);
        if !element.mutable {
            refusals.push(Refusal::LongArray {
                ty: object.ty,
                len: object.fields.len() as u64,
            });
        } else if matches!(element.element_type, StorageType::Val(ValType::Ref(_))) {
            let first = first_element(module, object);
            let others = (0_u32..)
                .zip(&object.fields)
                .filter(|(_, value)| **value != first);
            fix_ups.extend(others.map(|(field, _)| FixUp::Field(number, field)));
        } else {
            fix_ups.insert(FixUp::Numbers(number));
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let edges = Edges::new(module, heap, &fix_ups);
    let order = match edges.sort(|_| true) {
        Some((order, cut)) => {
            fix_ups.extend(cut);
            order
        }
        // The order failed at a cycle closed by a field that cannot wait, while another of the cycle may wait. So only fields
        // that cannot wait count now, and those that contradict the resulting order become fix-ups.
        None => {
            let (order, _) = edges
                .sort(|edge| !edge.can_wait)
                .ok_or_else(|| vec![Refusal::NonNullableCycle(cycle(module, heap, &edges))])?;
            let mut position = vec![0; heap.len()];
            for (place, object) in order.iter().enumerate() {
                position[object.position()] = place;
            }
            for edge in &edges.all {
                if position[edge.to.position()] >= position[edge.from.position()] {
                    fix_ups.insert(FixUp::Field(edge.from, edge.field));
                }
            }
            order
        }
    };
    let mut objects = Objects::new(instance, fix_ups, &order);
    objects.put_off(module, instance);
    Ok(objects)
}

fn numbered(heap: &[Object]) -> impl Iterator<Item = (ObjectIndex, &Object)> {
    (0_u32..).map(ObjectIndex).zip(heap)
}

/// The type of an object in a cycle that cannot be opened.
fn cycle(module: &GuestModule<'_>, heap: &[Object], edges: &Edges) -> crate::guest::index::TypeIndex {
    let stuck = edges.all.iter().find(|edge| {
        !edge.can_wait && {
            let object = &heap[edge.from.position()];
            field_type(module, object, edge.field as usize).mutable
        }
    });
    heap[stuck.map_or(0, |edge| edge.from.position())].ty
}

/// A reference from one object to another.
#[derive(Debug, Clone, Copy)]
struct Edge {
    from: ObjectIndex,
    field: u32,
    to: ObjectIndex,
    can_wait: bool,
}

struct Edges {
    /// Sorted by `from`.
    all: Vec<Edge>,
    /// By object: where its edges begin in `all`, and in the last entry, where they end.
    starts: Vec<usize>,
}

impl Edges {
    /// The edges that matter to the order of the objects: all but those of existing fix-ups.
    fn new(module: &GuestModule<'_>, heap: &[Object], fix_ups: &BTreeSet<FixUp>) -> Self {
        let mut edges = Self {
            all: Vec::new(),
            starts: vec![0],
        };
        for (from, object) in numbered(heap) {
            for (field, value) in (0_u32..).zip(&object.fields) {
                if let Some(to) = target(*value)
                    && !fix_ups.contains(&FixUp::Field(from, field))
                {
                    let can_wait = can_wait(field_type(module, object, field as usize));
                    edges.all.push(Edge {
                        from,
                        field,
                        to,
                        can_wait,
                    });
                }
            }
            edges.starts.push(edges.all.len());
        }
        edges
    }

    /// The objects, each after those that it refers to by the edges that count, and the fields that have to wait for that.
    /// `None` if an edge that cannot wait closes a cycle.
    fn sort(&self, counts: impl Fn(&Edge) -> bool) -> Option<(Vec<ObjectIndex>, Vec<FixUp>)> {
        #[derive(Clone, Copy, PartialEq, Eq)]
        enum State {
            Unseen,
            Open,
            Done,
        }
        let len = self.starts.len() - 1;
        let mut states = vec![State::Unseen; len];
        let mut order = Vec::with_capacity(len);
        let mut cut = Vec::new();
        // A linked list can be longer than the stack is deep, so the path is kept here.
        let mut path: Vec<(usize, usize)> = Vec::new();
        for root in 0..len {
            if states[root] != State::Unseen {
                continue;
            }
            states[root] = State::Open;
            path.push((root, self.starts[root]));
            while let Some((object, next)) = path.last_mut() {
                let Some(edge) = (*next < self.starts[*object + 1]).then(|| self.all[*next]) else {
                    states[*object] = State::Done;
                    order.push(ObjectIndex(u32::try_from(*object).ok()?));
                    path.pop();
                    continue;
                };
                *next += 1;
                if !counts(&edge) {
                    continue;
                }
                let to = edge.to.position();
                match states[to] {
                    State::Done => {}
                    State::Open if edge.can_wait => cut.push(FixUp::Field(edge.from, edge.field)),
                    State::Open => return None,
                    State::Unseen => {
                        states[to] = State::Open;
                        path.push((to, self.starts[to]));
                    }
                }
            }
        }
        Some((order, cut))
    }
}

impl Objects {
    fn new(instance: &InstanceState, fix_ups: BTreeSet<FixUp>, order: &[ObjectIndex]) -> Self {
        let heap = &instance.heap;
        let mut uses = vec![0_u32; heap.len()];
        let in_globals = instance.globals.iter().map(|state| state.value);
        let in_slots = instance.tables.iter().flat_map(|state| &state.slots);
        let in_fields = heap.iter().flat_map(|object| object.fields.iter().copied());
        let all = in_globals
            .chain(in_slots.map(|slot| Value::Reference(*slot)))
            .chain(in_fields);
        for object in all.filter_map(target) {
            uses[object.position()] += 1;
        }
        let mut needs_home: Vec<bool> = uses.iter().map(|uses| *uses > 1).collect();
        for fix_up in &fix_ups {
            match *fix_up {
                FixUp::Numbers(object) => needs_home[object.position()] = true,
                // The fix-up makes the object that the field refers to, unless something else refers to that as well.
                FixUp::Field(object, _) => needs_home[object.position()] = true,
            }
        }
        let mut nesting = vec![0_u32; heap.len()];
        let mut objects = Self {
            globals: Vec::new(),
            global_of: vec![None; heap.len()],
            is_late: vec![false; heap.len()],
            fix_ups: fix_ups.into_iter().collect(),
            late_globals: BTreeSet::new(),
        };
        for &number in order {
            let object = &heap[number.position()];
            let inner = object.fields.iter().copied().filter_map(target);
            let deepest = inner.map(|inner| nesting[inner.position()]).max();
            let depth = deepest.map_or(0, |depth| depth + 1);
            if needs_home[number.position()] || depth >= MAX_NESTING {
                let place = u32::try_from(objects.globals.len()).expect("there are at most MAX_OBJECTS");
                objects.global_of[number.position()] = Some(place);
                objects.globals.push(number);
            } else {
                nesting[number.position()] = depth;
            }
        }
        objects
    }
}
