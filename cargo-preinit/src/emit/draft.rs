//! The output before its indices are assigned and its bytes are written.
//!
//! In a [`Draft`], the entities of the guest keep their indices, and added ones follow. One function encodes each part, and
//! takes its indices from a [`Reencode`]. It is called with different ones to collect references and to write, so the two
//! cannot differ.

use std::borrow::Cow;
use std::collections::BTreeMap;

use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{CompositeInnerType, ExternalKind, RefType, TypeRef, ValType};

use super::edit_plan::EditPlan;
use super::segment_slots::Slot;
use crate::guest::index::{DataIndex, FunctionIndex, GlobalIndex, MemoryIndex, TypeIndex, enumerate};
use crate::guest::{DataSegment, ElementSegment, Export, Import, ImportKind, Node, count};
use crate::image::{Image, Stretch};
use crate::init::ExportFate;
use crate::snapshot::{GlobalState, InstanceState, ObjectIndex, Reference, Run, Value};

/// The result of an encoding. It fails only if the [`Reencode`] fails.
pub(super) type Encoded<T, N> = Result<T, Error<<N as Reencode>::Error>>;

/// What the output is made from.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) guest: &'a Node<'a>,
    pub(super) plan: &'a EditPlan,
    pub(super) instance: &'a InstanceState,
    pub(super) image: &'a Image<'a>,
}

/// The output before its indices are assigned and its bytes are written.
pub(super) struct Draft<'a> {
    pub(super) context: Context<'a>,
    /// The index of the type `() -> ()`, if it is added behind the guest's types.
    pub(super) added_type: Option<TypeIndex>,
    /// The functions that are added behind the guest's.
    pub(super) added_functions: Vec<AddedFunction<'a>>,
    /// The functions that replace exported init functions, by the position of the export in the guest.
    pub(super) emptied: BTreeMap<usize, FunctionIndex>,
    /// The functions that lead a host into the instance, by what they call: see [`ExportEdit::resumes`](super::ExportEdit).
    pub(super) entries: BTreeMap<FunctionIndex, FunctionIndex>,
    pub(super) start: Option<FunctionIndex>,
    pub(super) elements: Vec<Slot<'a, ElementSegment<'a>, Listed<'a>>>,
    pub(super) data: Vec<Slot<'a, DataSegment<'a>, &'a (MemoryIndex, Cow<'a, Run>)>>,
    /// The passive data segments that are added behind `data`.
    pub(super) added_data: Vec<Vec<u8>>,
}

/// A function that is added.
pub(super) struct AddedFunction<'a> {
    pub(super) ty: TypeIndex,
    pub(super) code: AddedCode<'a>,
}

/// What an added function does.
pub(super) enum AddedCode<'a> {
    /// It returns these values, and does nothing else.
    Return(Vec<(Value, ValType)>),
    /// A part of the start function: it runs these steps.
    Steps(Vec<Step<'a>>),
    /// The start function: it calls its parts.
    Calls(Vec<FunctionIndex>),
    /// It notes that the instance has been entered, and runs what is to run then.
    Resume(Vec<FunctionIndex>),
    /// It calls `resume` unless the instance has been entered, and then `function`, which takes so many `parameters`.
    Enter {
        resume: FunctionIndex,
        function: FunctionIndex,
        parameters: u32,
    },
}

/// A step of the start function. The steps run in the order of these variants.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Fill(&'a Stretch),
    MakeObject(ObjectIndex),
    SetField(ObjectIndex, u32),
    /// Copies all elements of an array from a segment.
    FillArray(ObjectIndex, DataIndex),
    SetGlobal(&'a GlobalState),
}

/// The slots of a table that a segment lists.
pub(super) struct Listed<'a> {
    pub(super) stretch: &'a Stretch,
    pub(super) slots: &'a [Reference],
    pub(super) ty: RefType,
    pub(super) table64: bool,
}

/// An export of the output, with an index of the draft.
pub(super) struct DraftExport<'a> {
    pub(super) name: &'a str,
    pub(super) kind: ExternalKind,
    pub(super) index: u32,
}

impl<'a> Draft<'a> {
    /// How many types the draft has.
    pub(super) fn types(&self) -> u32 {
        count(self.context.guest.types.len() + usize::from(self.added_type.is_some()))
    }

    /// How many functions the draft has.
    pub(super) fn functions(&self) -> u32 {
        count(self.context.guest.functions.len() + self.added_functions.len())
    }

    /// How many globals the draft has.
    pub(super) fn globals(&self) -> u32 {
        let is_entered = self.entered_flag().is_some();
        self.context.flag_position().0 + u32::from(is_entered)
    }

    /// The global that is 1 once the instance has been entered, if something is to run then. It is the last.
    pub(super) fn entered_flag(&self) -> Option<GlobalIndex> {
        (!self.entries.is_empty()).then(|| self.context.flag_position())
    }

    /// How many data segments the draft has.
    pub(super) fn data_segments(&self) -> u32 {
        count(self.data.len() + self.added_data.len())
    }

    /// The type of a function of the draft.
    pub(super) fn type_of(&self, function: FunctionIndex) -> TypeIndex {
        let guest = self.context.guest;
        match guest.functions.get(function.position()) {
            Some(ty) => *ty,
            None => self.added_functions[function.position() - guest.functions.len()].ty,
        }
    }

    /// The index of a type `() -> ()`, which is added if the guest has none. Guest code cannot refer to the functions that have
    /// it.
    pub(super) fn procedure_type(&mut self) -> TypeIndex {
        let guest = self.context.guest;
        let mut types = enumerate(&guest.types);
        let found = types.find(|(_, ty)| match &ty.composite_type.inner {
            CompositeInnerType::Func(ty) => ty.params().is_empty() && ty.results().is_empty(),
            CompositeInnerType::Struct(_) | CompositeInnerType::Array(_) | CompositeInnerType::Cont(_) => {
                false
            }
        });
        match found {
            Some((index, _)) => TypeIndex(index),
            None => *self.added_type.get_or_insert(TypeIndex(count(guest.types.len()))),
        }
    }

    /// The imported functions that the output still imports.
    pub(super) fn imported_functions(&self) -> impl Iterator<Item = FunctionIndex> {
        let imported = (0..self.context.guest.imported_functions).map(FunctionIndex);
        imported.filter(|function| !self.context.plan.stubs.contains_key(function))
    }

    /// The imports of the output.
    pub(super) fn imports(&self) -> impl Iterator<Item = &'a Import<'a>> {
        let Context { guest, plan, .. } = self.context;
        guest.imports.iter().filter(|import| plan.keeps(import))
    }

    /// The exports of the output.
    pub(super) fn exports(&self) -> impl Iterator<Item = DraftExport<'a>> {
        let Context { guest, plan, .. } = self.context;
        let exports = guest.exports.iter().zip(&plan.exports).enumerate();
        let added = plan.added.iter().map(|added| {
            let Export { name, kind, index } = added.export();
            DraftExport { name, kind, index }
        });
        let of_guest = exports.filter_map(|(position, (export, edit))| {
            let index = match edit.fate {
                ExportFate::Gone => return None,
                ExportFate::Kept => export.index,
                ExportFate::Unwrapped(inner) => inner.0,
                ExportFate::Emptied => self.emptied[&position].0,
            };
            Some(DraftExport {
                name: &edit.name,
                kind: export.kind,
                index: match edit.resumes {
                    true => self.entries[&FunctionIndex(index)].0,
                    false => index,
                },
            })
        });
        of_guest.chain(added)
    }
}

impl<'a> Context<'a> {
    /// The index of the global that holds an object, if it has one. In the draft these globals follow the guest's. In the
    /// output they precede the guest's own globals, since a constant expression can only name earlier ones.
    pub(super) fn object_global(&self, object: ObjectIndex) -> Option<GlobalIndex> {
        let place = self.image.objects.global_of[object.position()]?;
        Some(GlobalIndex(count(self.guest.globals.len()) + place))
    }

    /// The index of the global that says whether the instance has been entered, where there is one.
    pub(super) fn flag_position(&self) -> GlobalIndex {
        GlobalIndex(count(self.guest.globals.len() + self.image.objects.globals.len()))
    }

    /// The type of an import, as the import section has it.
    pub(super) fn import_type(&self, import: &Import<'_>) -> TypeRef {
        let guest = self.guest;
        match import.kind {
            ImportKind::Function(index) => TypeRef::Func(guest.functions[index.position()].0),
            ImportKind::Table(index) => TypeRef::Table(guest.tables[index.position()].ty),
            ImportKind::Memory(index) => TypeRef::Memory(guest.memories[index.position()]),
            ImportKind::Global(index) => TypeRef::Global(guest.globals[index.position()].ty),
            ImportKind::Tag(index) => TypeRef::Tag(tag_type(guest.tags[index as usize])),
        }
    }
}

/// The type of a tag, as wasmparser has it.
pub(super) fn tag_type(ty: TypeIndex) -> wasmparser::TagType {
    wasmparser::TagType {
        kind: wasmparser::TagKind::Exception,
        func_type_idx: ty.0,
    }
}
