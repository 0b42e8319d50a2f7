//! How the modules of a guest are instantiated.
//!
//! A core module is a graph of one node: one module, instantiated once, whose imports all come from the host. A component is a
//! graph of many: its modules import from one another, and call the host through functions that the component makes. Which
//! state of an instance is external depends on who provides its imports, so a node of the graph records that, and not the
//! module.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use wasmparser::{CanonicalFunction, Parser};

use super::answers::{AnswerError, Answers, resolve, resolve_in_component, resolve_pattern};
use super::component::{Component, ComponentSection, Definition, Definitions};
use super::error::InputError;
use super::external::External;
use super::facts::is_marked;
use super::index::{
    ComponentId, FunctionIndex, InstanceId, MemoryIndex, ModuleId, ScopeId, TableIndex, enumerate,
};
use super::instantiate::{CoreInstance, Graph, Scope, instantiate};
use super::module::{GuestModule, ImportKind};
use super::proposals::component_features;
use super::wiring::{Exported, Source, Wiring};
use crate::options::AnsweredImport;
use crate::refusal::{Refusal, Refusals, found_in, refuse};
use crate::shown;

/// A guest: its modules, and the instances made of them.
#[derive(Debug)]
pub struct Guest<'a> {
    pub(crate) wasm: &'a [u8],
    /// By [`ModuleId`].
    modules: Vec<GuestModule<'a>>,
    /// By [`InstanceId`].
    graph: Vec<Instantiation>,
    /// What is around the modules, in a component.
    pub(crate) around: Option<Around<'a>>,
}

/// What is around the modules of a component.
#[derive(Debug)]
pub(crate) struct Around<'a> {
    /// By [`ComponentId`](super::index::ComponentId).
    pub(crate) components: Vec<Component<'a>>,
    /// By [`ScopeId`].
    pub(crate) scopes: Vec<Scope>,
    /// What the component exports.
    pub(crate) exports: BTreeMap<&'a str, Exported<'a>>,
    /// The imports that are modules or components, or have some.
    pub(crate) imported_code: Vec<&'a str>,
    /// The exports that the host provides itself, or something in them.
    pub(crate) of_host: Vec<&'a str>,
    pub(crate) wiring: Wiring<'a>,
    /// The exports of each module that something in the component names.
    used: BTreeSet<(ModuleId, &'a str)>,
    /// The modules whose exports count as used without being named.
    used_as_a_whole: BTreeSet<ModuleId>,
    /// Whether all exports of all modules count as used.
    is_all_used: bool,
    /// Whether a built-in function makes handles of anything but resources: of streams and the like.
    pub(crate) makes_handles: bool,
}

impl Around<'_> {
    /// Whether something in the component needs an export of a module.
    pub(crate) fn is_used(&self, module: ModuleId, export: &str) -> bool {
        self.is_all_used || self.used_as_a_whole.contains(&module) || self.used.contains(&(module, export))
    }
}

/// The instantiation of a module.
#[derive(Debug)]
struct Instantiation {
    module: ModuleId,
    external: External,
    /// The tables that an instruction of this instance can change, or of another one that imports the table.
    changeable_tables: Vec<bool>,
    answers: Answers,
    /// In a component: where it is instantiated, and by what.
    place: Option<Place>,
}

/// Where a module of a component is instantiated, and by what.
#[derive(Debug)]
pub(crate) struct Place {
    /// The scope that the module is defined in.
    pub(crate) defined_in: ScopeId,
    /// The scope that instantiates it.
    pub(crate) scope: ScopeId,
    /// Where its imports come from, in the order of the import section.
    pub(crate) sources: Vec<Source>,
}

/// An instance in its guest's graph. It dereferences to its module.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub(crate) id: InstanceId,
    pub(crate) module_id: ModuleId,
    module: &'a GuestModule<'a>,
    /// The instance's external state.
    pub(crate) external: &'a External,
    changeable_tables: &'a [bool],
    /// What the instance's imports answer at build time: nothing, until [`Guest::answer`] sets it.
    pub(crate) answers: &'a Answers,
    /// In a component: where the module is instantiated, and by what. `None` if the host provides all its imports.
    pub(crate) place: Option<&'a Place>,
}

impl Node<'_> {
    /// Whether the run has to make stand-ins for its external state, since the host provides that. In a component, other instances
    /// provide it, which run as well.
    pub(crate) fn has_stand_ins(&self) -> bool {
        self.place.is_none()
    }

    /// Whether an instruction can change a table: one of this instance, or of another one that imports the table. Any other table
    /// keeps its initial contents, since the host writes to no table.
    pub(crate) fn is_changeable_table(&self, table: TableIndex) -> bool {
        is_marked(self.changeable_tables, table.0)
    }

    /// Whether the snapshot of another instance has the contents of a table.
    pub(crate) fn is_captured_elsewhere(&self, table: TableIndex) -> bool {
        !self.has_stand_ins() && table.0 < self.imported_tables && self.is_changeable_table(table)
    }

    /// Whether a snapshot has the contents of a memory: that of this instance, or, in a component, of the one that defines it.
    pub(crate) fn is_captured(&self, memory: MemoryIndex) -> bool {
        let is_of_another = !self.has_stand_ins() && memory.0 < self.imported_memories;
        is_of_another || !self.external.memory(memory)
    }
}

impl<'a> Deref for Node<'a> {
    type Target = GuestModule<'a>;

    fn deref(&self) -> &Self::Target {
        self.module
    }
}

impl<'a> Guest<'a> {
    /// Reads a core module or a component.
    ///
    /// # Errors
    ///
    /// If the bytes are not a valid module or component, declare something of a proposal that the engine does not have, or make
    /// instances that cannot be followed.
    pub fn parse(wasm: &'a [u8]) -> Result<Self, InputError> {
        if Parser::is_component(wasm) {
            return Self::parse_component(wasm, &[]);
        }
        Ok(Self::of_core(GuestModule::parse(wasm)?))
    }

    /// The guest that is one core module.
    pub(crate) fn of_core(module: GuestModule<'a>) -> Self {
        let answers = Answers::default();
        Self {
            wasm: module.wasm,
            graph: vec![Instantiation {
                module: ModuleId(0),
                external: External::of(&module, &answers.fresh),
                changeable_tables: module.code.written_tables.clone(),
                answers,
                place: None,
            }],
            modules: vec![module],
            around: None,
        }
    }

    /// Reads a component again, some of whose modules have been read before.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse).
    pub(crate) fn parse_again(wasm: &'a [u8], known: &[GuestModule<'a>]) -> Result<Self, InputError> {
        Self::parse_component(wasm, known)
    }

    fn parse_component(wasm: &'a [u8], known: &[GuestModule<'a>]) -> Result<Self, InputError> {
        let definition = Definition::read(wasm, component_features());
        let definition = definition.map_err(|error| error.in_input(wasm))?;
        let modules = definition.modules.iter();
        let modules = modules.map(|range| {
            let wasm = &wasm[range.clone()];
            match known.iter().find(|known| known.wasm == wasm) {
                Some(known) => Ok(known.clone()),
                None => GuestModule::parse(wasm),
            }
        });
        let modules = modules.collect::<Result<Vec<_>, _>>()?;
        let components = definition.components;
        let Graph {
            scopes,
            instances,
            exports,
            imported_code,
            of_host,
            wiring,
            used,
            used_as_a_whole,
            is_all_used,
            makes_handles,
        } = instantiate(&components, &modules, definition.types.as_ref())?;
        let changeable = changeable_tables(&modules, &instances);
        let graph = instances.into_iter().zip(changeable);
        let graph = graph.map(|(instance, changeable_tables)| {
            let answers = Answers::default();
            let module = &modules[instance.module.position()];
            Instantiation {
                module: instance.module,
                external: External::of(module, &answers.fresh),
                changeable_tables,
                answers,
                place: Some(Place {
                    defined_in: instance.defined_in,
                    scope: instance.scope,
                    sources: instance.sources,
                }),
            }
        });
        Ok(Self {
            wasm,
            graph: graph.collect(),
            modules,
            around: Some(Around {
                components,
                scopes,
                exports,
                imported_code,
                of_host,
                wiring,
                used,
                used_as_a_whole,
                is_all_used,
                makes_handles,
            }),
        })
    }

    /// The instance whose exports the host calls. A core module has no other.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        self.node(InstanceId(0), &self.graph[0])
    }

    /// The modules, each once.
    pub(crate) fn modules(&self) -> &[GuestModule<'a>] {
        &self.modules
    }

    /// The instance of a core module; `None` if this is a component.
    pub(crate) fn core(&self) -> Option<Node<'_>> {
        self.around.is_none().then(|| self.root())
    }

    /// All instances, in the order of instantiation.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        enumerate(&self.graph).map(|(id, instantiation)| self.node(InstanceId(id), instantiation))
    }

    /// Whether all handles are in one table, of the host's resources or the component's own: only the component itself has code.
    pub(crate) fn has_one_table_of_handles(&self) -> bool {
        let Some(around) = &self.around else { return false };
        let mut places = self
            .graph
            .iter()
            .filter_map(|instantiation| instantiation.place.as_ref());
        !around.makes_handles && places.all(|place| place.scope == ScopeId(0))
    }

    /// Whether the component makes handles of resources of its own.
    pub(crate) fn makes_resources(&self) -> bool {
        let mut made = self.around.iter().flat_map(|around| &around.wiring.made);
        made.any(|made| matches!(made.what, Err(CanonicalFunction::ResourceNew { .. })))
    }

    /// Whether there can be handles: the component imports something, or defines a resource.
    pub(crate) fn can_have_handles(&self) -> bool {
        self.around.as_ref().is_some_and(|around| {
            let sections = &around.components[0].sections;
            let imports =
                |section: &ComponentSection<'_>| matches!(section.definitions, Definitions::Imports(_));
            !around.wiring.destructors.is_empty() || sections.iter().any(imports)
        })
    }

    /// The scopes in the order in which they are complete: those inside another one before it.
    pub(crate) fn scopes_in_order(&self) -> Vec<ScopeId> {
        fn visit(scopes: &[Scope], id: ScopeId, order: &mut Vec<ScopeId>) {
            for child in &scopes[id.position()].children {
                visit(scopes, *child, order);
            }
            order.push(id);
        }
        let mut order = Vec::new();
        if let Some(around) = &self.around {
            // The depth is bounded: see `GraphError::TooDeep`.
            visit(&around.scopes, ScopeId(0), &mut order);
        }
        order
    }

    /// The component that a scope is an instance of.
    pub(crate) fn component_of(&self, scope: ScopeId) -> Option<&Component<'a>> {
        let around = self.around.as_ref()?;
        let scope = around.scopes.get(scope.position())?;
        around.components.get(scope.component.position())
    }

    /// A component instance in words, by a core instance in it; `None` for the whole component.
    pub(crate) fn name_of_scope(&self, scope: ScopeId) -> Option<String> {
        let instances = &self.around.as_ref()?.scopes.get(scope.position())?.instances;
        let is_of_linker = |id: &&InstanceId| {
            let name = self.instance(**id).and_then(|node| node.name);
            name.is_some_and(|name| name.starts_with("wit-component:"))
        };
        let own = instances.iter().find(|id| !is_of_linker(id));
        let id = own.or(instances.first()).filter(|_| scope != ScopeId(0))?;
        Some(format!("the component of {}", self.name_of(*id)?))
    }

    /// The position of an instance among those that a scope makes.
    pub(crate) fn position_in(&self, scope: ScopeId, id: InstanceId) -> Option<usize> {
        let scope = self.around.as_ref()?.scopes.get(scope.position())?;
        scope.instances.iter().position(|instance| *instance == id)
    }

    /// Where something that an instance has comes from: the instance that defines it, or the component.
    pub(crate) fn source_of(&self, (id, item): (InstanceId, ImportKind)) -> Source {
        let own = Source::Instance(id, item);
        let sources = self
            .instance(id)
            .and_then(|node| node.place.map(|place| (node, place)));
        let Some((node, place)) = sources else { return own };
        let mut imports = node.imports.iter().zip(&place.sources);
        let import = imports.find(|(import, _)| import.kind == item);
        import.map_or(own, |(_, source)| *source)
    }

    /// The index by which an instance can name a function of another one: that of its own, or of one that it imports.
    pub(crate) fn index_in(
        &self,
        node: &Node<'_>,
        (owner, function): (InstanceId, FunctionIndex),
    ) -> Option<FunctionIndex> {
        if owner == node.id {
            return Some(function);
        }
        let wanted = self.source_of((owner, ImportKind::Function(function)));
        if let Source::Instance(id, ImportKind::Function(index)) = wanted
            && id == node.id
        {
            return Some(index);
        }
        let sources = node.place.map_or(&[][..], |place| &place.sources);
        let mut imports = node.imports.iter().zip(sources);
        imports.find_map(|(import, source)| match import.kind {
            ImportKind::Function(index) if *source == wanted => Some(index),
            _ => None,
        })
    }

    /// An instance of a component in words, by its place and the name of its module; `None` in a core module.
    pub(crate) fn name_of(&self, id: InstanceId) -> Option<String> {
        let around = self.around.as_ref()?;
        let instantiation = self.graph.get(id.position())?;
        let place = instantiation.place.as_ref()?;
        let module = &self.modules[instantiation.module.position()];
        let name = module.name.map(without_hash).filter(|name| !name.is_empty());
        let name = name.map_or_else(
            || format!("module {}", instantiation.module),
            |name| shown::name(name).to_string(),
        );
        Some(match around.scopes[place.scope.position()].component {
            ComponentId(0) => format!("core instance {id} ({name})"),
            component => format!("core instance {id} ({name}, in component {component})"),
        })
    }

    /// An instance; `None` if there is none of that number, as in a component without core instances.
    pub(crate) fn instance(&self, id: InstanceId) -> Option<Node<'_>> {
        let instantiation = self.graph.get(id.position())?;
        Some(self.node(id, instantiation))
    }

    fn node<'g>(&'g self, id: InstanceId, instantiation: &'g Instantiation) -> Node<'g> {
        Node {
            id,
            module_id: instantiation.module,
            module: &self.modules[instantiation.module.position()],
            external: &instantiation.external,
            changeable_tables: &instantiation.changeable_tables,
            answers: &instantiation.answers,
            place: instantiation.place.as_ref(),
        }
    }

    /// Sets what imports answer at build time, as [`BakeOptions::imports`](crate::BakeOptions::imports) gives it.
    ///
    /// # Errors
    ///
    /// All answers that cannot be given, at once.
    pub fn answer(&mut self, imports: &[AnsweredImport]) -> Result<(), Refusals> {
        self.answer_but(imports, |_| false)
    }

    /// As [`answer`](Self::answer), of a module that may have fewer imports than the one that the answers are for.
    pub(crate) fn answer_those_left(&mut self, imports: &[AnsweredImport]) -> Result<(), Refusals> {
        self.answer_but(imports, |error| matches!(error, AnswerError::NoImport { .. }))
    }

    /// Gives the answers, but for those whose error is left out.
    fn answer_but(
        &mut self,
        imports: &[AnsweredImport],
        is_left_out: impl Fn(&AnswerError) -> bool,
    ) -> Result<(), Refusals> {
        if let Some(around) = &self.around {
            let refusals = imports
                .iter()
                .filter_map(|asked| resolve_in_component(around, asked).err());
            return refuse(found_in(InstanceId(0), refusals.map(Refusal::Answer).collect()));
        }
        let root = self.root();
        let mut answers = Answers::default();
        let mut refusals = Vec::new();
        // A name that is given as a whole counts for more than a pattern.
        let (patterns, names): (Vec<_>, Vec<_>) = imports.iter().partition(|asked| asked.is_pattern());
        let patterns = patterns
            .into_iter()
            .map(|asked| resolve_pattern(&root, asked, &mut answers));
        refusals.extend(patterns.filter_map(Result::err).map(Refusal::Answer));
        for asked in names {
            if let Err(error) = resolve(&root, asked, &mut answers) {
                refusals.push(Refusal::Answer(error));
            }
        }
        refusals.retain(|refusal| !matches!(refusal, Refusal::Answer(error) if is_left_out(error)));
        refuse(found_in(root.id, refusals))?;
        answers.add_known(&root);
        let external = External::of(&root, &answers.fresh);
        let root = &mut self.graph[0];
        root.external = external;
        root.answers = answers;
        Ok(())
    }
}

/// For each instance, the tables that an instruction of some instance can change.
fn changeable_tables(modules: &[GuestModule<'_>], instances: &[CoreInstance]) -> Vec<Vec<bool>> {
    let tables = |instance: &CoreInstance| {
        let module = &modules[instance.module.position()];
        let imports = module.imports.iter().zip(&instance.sources);
        let imported: BTreeMap<TableIndex, Source> = imports
            .filter_map(|(import, source)| match import.kind {
                ImportKind::Table(table) => Some((table, *source)),
                _ => None,
            })
            .collect();
        (module, imported)
    };
    let definer = |id: u32, imported: &BTreeMap<TableIndex, Source>, table: u32| {
        let own = Source::Instance(InstanceId(id), ImportKind::Table(TableIndex(table)));
        imported.get(&TableIndex(table)).copied().unwrap_or(own)
    };
    let mut changed = Vec::new();
    for (id, instance) in enumerate(instances) {
        let (module, imported) = tables(instance);
        let written = enumerate(&module.code.written_tables).filter(|(_, is_written)| **is_written);
        changed.extend(written.map(|(table, _)| definer(id, &imported, table)));
    }
    enumerate(instances)
        .map(|(id, instance)| {
            let (module, imported) = tables(instance);
            let tables = enumerate(&module.tables);
            tables
                .map(|(table, _)| changed.contains(&definer(id, &imported, table)))
                .collect()
        })
        .collect()
}

/// The name that cargo gives a module, without the hash in it: `guest` for `guest-0123456789abcdef.wasm`.
fn without_hash(name: &str) -> &str {
    const DIGITS: usize = 16;
    let stem = name.strip_suffix(".wasm").unwrap_or(name);
    match stem.rsplit_once('-') {
        Some((package, hash)) if hash.len() == DIGITS && hash.bytes().all(|c| c.is_ascii_hexdigit()) => {
            package
        }
        _ => stem,
    }
}
