//! Puts functions of one instance where another one holds them after init.
//!
//! A module can only name functions that it defines or imports. So a core module at the end of the component imports the table or
//! global from the instance that defines it, and the function from its own instance, and brings the two together:
//!
//! ```wat
//! (module
//!   (import "" "0" (table 0 funcref))
//!   (import "" "1" (func))
//!   (elem (table 0) (i32.const 3) func 0))
//! ```
//!
//! It is what the linker of components does for the functions that a component lowers. It runs last, and no other code runs when a
//! baked component is instantiated. Both instances are in one component instance, since no core item leaves it.

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_encoder::{
    Alias, CodeSection, ComponentAliasSection, ComponentSection as _, ConstExpr, ElementSection, Elements,
    EntityType, ExportKind, Function, FunctionSection, GlobalType, ImportSection, InstanceSection,
    Instruction, Module, ModuleArg, RawSection, RefType, StartSection, TableType, TypeSection, ValType,
};

use crate::emit::edit_plan::{AddedExport, ExportEdit};
use crate::guest::counts::Counts;
use crate::guest::index::{FunctionIndex, InstanceId, ScopeId};
use crate::guest::{Guest, GuestModule, ImportKind, Node};
use crate::init::ExportFate;
use crate::snapshot::{Foreign, ForeignPlace, Snapshot};

/// The modules that put functions into places of other instances.
#[derive(Debug, Default)]
pub(crate) struct Fixups {
    /// By the scope that they are at the end of.
    scopes: BTreeMap<ScopeId, Fixup>,
    /// What they import, and the export that has it.
    exports: BTreeMap<Item, String>,
    /// Those of the exports that the guest does not have.
    added: BTreeSet<Item>,
}

/// Something that an instance has.
type Item = (InstanceId, ImportKind);

/// A module, and what it imports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fixup {
    pub(crate) module: Vec<u8>,
    /// Where each import comes from: the position of the instance in its scope, what it is, and the export that has it.
    imports: Vec<(usize, ImportKind, String)>,
    /// What each import is, in terms of the guest.
    pub(crate) items: Vec<Item>,
}

impl Fixups {
    /// Plans the modules for a snapshot. The exports of functions that are `entered` lead to others, so that these need new ones.
    pub(crate) fn of(
        guest: &Guest<'_>,
        snapshot: &Snapshot,
        entered: &BTreeSet<(InstanceId, FunctionIndex)>,
    ) -> Self {
        let mut by_scope: BTreeMap<ScopeId, Vec<Foreign>> = BTreeMap::new();
        let mut fixups = Self::default();
        for foreign in &snapshot.foreign {
            let Some(place) = guest.instance(foreign.instance).and_then(|node| node.place) else {
                continue;
            };
            by_scope.entry(place.scope).or_default().push(*foreign);
            for (instance, item) in [place_of(foreign), function_of(foreign)] {
                if let Some(node) = guest.instance(instance) {
                    let is_entered =
                        matches!(item, ImportKind::Function(index) if entered.contains(&(instance, index)));
                    fixups.name(&node, item, is_entered);
                }
            }
        }
        for (scope, foreign) in by_scope {
            let fixup = fixups.fixup(guest, scope, &foreign);
            fixups.scopes.insert(scope, fixup);
        }
        fixups
    }

    /// Finds the export of an item, or chooses a name for a new one.
    fn name(&mut self, node: &Node<'_>, item: ImportKind, is_entered: bool) {
        let key = (node.id, item);
        if self.exports.contains_key(&key) {
            return;
        }
        let (kind, index) = item.external();
        let mut exports = node.exports.iter().filter(|_| !is_entered);
        let name = match exports.find(|export| (export.kind, export.index) == (kind, index)) {
            Some(export) => export.name.to_owned(),
            None => {
                self.added.insert(key);
                let mut name = format!("fixup-{}-{index}", item.word());
                while node.export(&name).is_some() {
                    name.push('\'');
                }
                name
            }
        };
        self.exports.insert(key, name);
    }

    /// The module of a scope.
    fn fixup(&self, guest: &Guest<'_>, scope: ScopeId, foreign: &[Foreign]) -> Fixup {
        let items = foreign
            .iter()
            .flat_map(|foreign| [place_of(foreign), function_of(foreign)]);
        let items: BTreeSet<Item> = items.collect();
        let items: Vec<Item> = items.into_iter().collect();
        let position = |id: InstanceId| guest.position_in(scope, id).unwrap_or_default();
        let imports = items
            .iter()
            .map(|item| (position(item.0), item.1, self.exports[item].clone()));
        Fixup {
            imports: imports.collect(),
            module: module(guest, &items, foreign),
            items,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.scopes.is_empty()
    }

    /// The module at the end of a scope.
    pub(crate) fn at(&self, scope: ScopeId) -> Option<&Fixup> {
        self.scopes.get(&scope)
    }

    /// Whether a module imports this export of an instance.
    pub(crate) fn names(&self, id: InstanceId, export: &str) -> bool {
        let mut of_instance = self.of_instance(id);
        of_instance.any(|(item, name)| name == export && !self.added.contains(item))
    }

    /// The exports that an instance does not have yet.
    pub(crate) fn added(&self, id: InstanceId) -> Vec<AddedExport> {
        let added = self
            .of_instance(id)
            .filter(|(item, _)| self.added.contains(*item));
        let added = added.map(|((_, item), name)| AddedExport {
            item: *item,
            edit: ExportEdit {
                name: name.clone(),
                fate: ExportFate::Kept,
                returned: Vec::new(),
                resumes: false,
            },
        });
        added.collect()
    }

    fn of_instance(&self, id: InstanceId) -> impl Iterator<Item = (&Item, &String)> {
        self.exports
            .iter()
            .filter(move |((instance, _), _)| *instance == id)
    }
}

fn place_of(foreign: &Foreign) -> Item {
    let item = match foreign.place {
        ForeignPlace::Slot(table, _) => ImportKind::Table(table),
        ForeignPlace::Global(global) => ImportKind::Global(global),
    };
    (foreign.instance, item)
}

fn function_of(foreign: &Foreign) -> Item {
    (
        foreign.function.instance,
        ImportKind::Function(foreign.function.index),
    )
}

impl Fixup {
    /// What the sections of two fix-ups have in common if they are the same.
    pub(super) fn sections(&self) -> (&[u8], &[(usize, ImportKind, String)]) {
        (&self.module, &self.imports)
    }

    /// The sections that instantiate the module behind a component of these `counts`.
    pub(super) fn append_to(&self, counts: &mut Counts<'_>, output: &mut Vec<u8>) {
        let mut aliases = ComponentAliasSection::new();
        let mut arguments = Vec::new();
        for (number, (instance, item, name)) in self.imports.iter().enumerate() {
            let (kind, next) = match item {
                ImportKind::Table(_) => (ExportKind::Table, &mut counts.core_tables),
                ImportKind::Global(_) => (ExportKind::Global, &mut counts.core_globals),
                _ => (ExportKind::Func, &mut counts.core_functions),
            };
            aliases.alias(Alias::CoreInstanceExport {
                instance: counts.instantiated.get(*instance).copied().unwrap_or_default(),
                kind,
                name,
            });
            arguments.push((number.to_string(), kind, *next));
            *next += 1;
        }
        let mut instances = InstanceSection::new();
        let arguments = arguments.iter();
        instances.export_items(arguments.map(|(name, kind, index)| (name.as_str(), *kind, *index)));
        instances.instantiate(counts.modules, [("", ModuleArg::Instance(counts.core_instances))]);
        counts.modules += 1;
        counts.core_instances += 2;
        let data = &self.module;
        RawSection { id: 1, data }.append_to_component(output);
        aliases.append_to_component(output);
        instances.append_to_component(output);
    }
}

/// The bytes of the module that imports these items.
fn module(guest: &Guest<'_>, items: &[Item], foreign: &[Foreign]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut imports = ImportSection::new();
    let mut indices: BTreeMap<Item, u32> = BTreeMap::new();
    let mut next = [0; 3];
    for (number, item) in items.iter().enumerate() {
        let Some(node) = guest.instance(item.0) else {
            continue;
        };
        let (space, ty) = match item.1 {
            ImportKind::Table(table) => {
                let ty = TableType {
                    element_type: RefType::FUNCREF,
                    table64: node.tables[table.position()].ty.table64,
                    minimum: 0,
                    maximum: None,
                    shared: false,
                };
                (1, EntityType::Table(ty))
            }
            ImportKind::Global(_) => {
                let ty = GlobalType {
                    val_type: ValType::Ref(RefType::FUNCREF),
                    mutable: true,
                    shared: false,
                };
                (2, EntityType::Global(ty))
            }
            ImportKind::Function(function) => {
                let (params, results) = signature(&node, function);
                types.ty().function(params, results);
                (0, EntityType::Function(types.len() - 1))
            }
            ImportKind::Memory(_) | ImportKind::Tag(_) => continue,
        };
        imports.import("", &number.to_string(), ty);
        indices.insert(*item, next[space]);
        next[space] += 1;
    }
    let mut elements = ElementSection::new();
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    let mut body = Function::new([]);
    let mut of_globals = Vec::new();
    for run in runs(foreign) {
        let function = |foreign: &Foreign| indices.get(&function_of(foreign)).copied().unwrap_or_default();
        let place = indices.get(&place_of(&run[0])).copied().unwrap_or_default();
        match run[0].place {
            ForeignPlace::Slot(table, slot) => {
                let node = guest.instance(run[0].instance);
                let is_wide = node.is_some_and(|node| node.tables[table.position()].ty.table64);
                let offset = match is_wide {
                    true => ConstExpr::i64_const(slot.cast_signed()),
                    false => ConstExpr::i32_const(u32::try_from(slot).unwrap_or(u32::MAX).cast_signed()),
                };
                let functions: Vec<u32> = run.iter().map(function).collect();
                elements.active(Some(place), &offset, Elements::Functions(functions.into()));
            }
            ForeignPlace::Global(_) => {
                body.instruction(&Instruction::RefFunc(function(&run[0])));
                body.instruction(&Instruction::GlobalSet(place));
                of_globals.push(function(&run[0]));
            }
        }
    }
    let mut module = Module::new();
    module.section(&types).section(&imports);
    if of_globals.is_empty() {
        module.section(&elements);
        return module.finish();
    }
    // A function that code refers to has to be declared.
    elements.declared(Elements::Functions(of_globals.into()));
    body.instruction(&Instruction::End);
    functions.function(0);
    code.function(&body);
    let start = StartSection {
        function_index: next[0],
    };
    module
        .section(&functions)
        .section(&start)
        .section(&elements)
        .section(&code);
    module.finish()
}

/// Groups slots that follow one another.
fn runs(foreign: &[Foreign]) -> impl Iterator<Item = &[Foreign]> {
    foreign.chunk_by(|one, next| match (one.place, next.place) {
        (ForeignPlace::Slot(table, slot), ForeignPlace::Slot(other, next_slot)) => {
            (one.instance, table, slot + 1) == (next.instance, other, next_slot)
        }
        _ => false,
    })
}

/// The parameters and results of a function, whose type names no other type.
fn signature(node: &GuestModule<'_>, function: FunctionIndex) -> (Vec<ValType>, Vec<ValType>) {
    let Some(ty) = node.signature(function) else {
        return (Vec::new(), Vec::new());
    };
    let types = |types: &[wasmparser::ValType]| {
        let types = types.iter().map(|ty| RoundtripReencoder.val_type(*ty));
        types.collect::<Result<Vec<_>, _>>().unwrap_or_default()
    };
    (types(ty.params()), types(ty.results()))
}
