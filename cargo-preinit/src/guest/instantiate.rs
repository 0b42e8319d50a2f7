//! Instantiates a component on paper: which core modules it instantiates, in which order, and where each import of an instance
//! comes from.
//!
//! Definitions are evaluated in the order of the file, as the [specification's elaboration][spec] has it. A component that is
//! instantiated twice is evaluated twice; each evaluation is a scope with its own index spaces. A nested component is a
//! closure: its outer aliases look into the scope that it was defined in.
//!
//! [spec]: https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#instance-definitions

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use wasmparser::{
    CanonicalFunction, CanonicalOption, ComponentAlias, ComponentExternalKind, ComponentInstance,
    ComponentOuterAliasKind, ComponentType, ExternalKind, Instance,
};

use super::component::{Component, Definitions};
use super::index::{
    ComponentId, FunctionIndex, GlobalIndex, InstanceId, MemoryIndex, ModuleId, ScopeId, TableIndex,
};
use super::module::{Export, GuestModule, ImportKind, count};

/// How many core instances and component instances a graph may have: as many core instances as an engine takes by default.
pub(crate) const MAX_INSTANCES: usize = 10_000;

/// How many definitions all instances of components may have together.
const MAX_DEFINITIONS: usize = 10_000_000;

/// How many components may be instantiated inside one another.
const MAX_DEPTH: usize = 100;

/// How a component is instantiated.
#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    /// By [`ScopeId`].
    pub(super) scopes: Vec<Scope>,
    /// By [`InstanceId`].
    pub(super) instances: Vec<CoreInstance>,
    /// What the component exports.
    pub(super) exports: BTreeMap<&'a str, Exported<'a>>,
    pub(super) wiring: Wiring<'a>,
    /// The exports of each module that something names.
    pub(super) used: BTreeSet<(ModuleId, &'a str)>,
    /// The modules that are passed on as values: their types may name exports that nothing else does.
    pub(super) used_as_a_whole: BTreeSet<ModuleId>,
    /// Whether a component is never instantiated, so that nobody knows what it uses.
    pub(super) is_all_used: bool,
    /// Whether a built-in function makes handles: those of resources, streams and the like.
    pub(super) makes_handles: bool,
}

/// The functions of the canonical ABI, with what each of them names.
#[derive(Debug, Default)]
pub(crate) struct Wiring<'a> {
    /// The functions that are lifted from core functions.
    pub(crate) lifted: Vec<Lifted>,
    /// The core functions that are made: lowered functions and built-in ones.
    pub(crate) made: Vec<Made<'a>>,
    /// The destructors of the resources.
    pub(crate) destructors: Vec<(ScopeId, Option<Source>)>,
}

/// A function that is lifted from a core function.
#[derive(Debug)]
pub(crate) struct Lifted {
    pub(crate) scope: ScopeId,
    /// The index of its type.
    pub(crate) ty: u32,
    pub(crate) core: Source,
    pub(crate) options: Vec<(CanonicalOption, Option<Source>)>,
}

/// A core function that is made.
#[derive(Debug)]
pub(crate) struct Made<'a> {
    pub(crate) scope: ScopeId,
    /// What it lowers; otherwise it is this built-in function.
    pub(crate) what: Result<Function<'a>, CanonicalFunction>,
    pub(crate) options: Vec<(CanonicalOption, Option<Source>)>,
}

/// A function of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Function<'a> {
    /// One of the host's: the name of the import, and those of exports of instances.
    Host(Arc<[&'a str]>),
    /// One that is lifted, by its position in [`Wiring::lifted`].
    Lifted(usize),
}

/// An export of the whole component.
#[derive(Debug)]
pub(crate) enum Exported<'a> {
    Function(Function<'a>),
    /// An instance, and the functions that it exports.
    Instance(BTreeMap<&'a str, Function<'a>>),
    /// A module or a component that is defined here.
    Code,
    Other,
}

/// An instance of a component.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) component: ComponentId,
    /// The scope that its component is defined in; `None` for the whole component.
    pub(crate) closure: Option<ScopeId>,
    /// The core instances that it makes, in the order of their definitions.
    pub(crate) instances: Vec<InstanceId>,
    /// The scopes that it makes, in the order of their definitions.
    pub(crate) children: Vec<ScopeId>,
}

/// An instance of a core module.
#[derive(Debug)]
pub(super) struct CoreInstance {
    pub(super) module: ModuleId,
    /// The scope that the module is defined in.
    pub(super) defined_in: ScopeId,
    /// The scope that instantiated it.
    pub(super) scope: ScopeId,
    /// Where its imports come from, in the order of the import section.
    pub(super) sources: Vec<Source>,
}

/// Where an import of an instance comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// An instance, which defines it.
    Instance(InstanceId, ImportKind),
    /// The component itself, by the position in [`Wiring::made`].
    Component(usize),
}

/// Why a component has no graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// A core module that is instantiated is imported.
    #[error("the component instantiates a core module that it imports")]
    ImportedModule,
    /// A component that is instantiated is imported.
    #[error("the component instantiates a component that it imports")]
    ImportedComponent,
    /// There are too many instances.
    #[error("the component makes more than {MAX_INSTANCES} instances")]
    TooMany,
    /// The instances are made of too much.
    #[error("the instances that the component makes have more than {MAX_DEFINITIONS} definitions")]
    TooLarge,
    /// Components are instantiated inside one another too often.
    #[error("the component instantiates components inside one another more than {MAX_DEPTH} times")]
    TooDeep,
    /// The validator accepted what is not valid.
    #[error("the component names something that is not there")]
    Invalid,
}

/// An item of a component.
#[derive(Debug, Clone)]
enum Item<'a> {
    Function(Function<'a>),
    Instance(Exports<'a>),
    Module(Module),
    Component(Closure),
    /// A type or a value.
    Other,
}

/// What an instance of a component exports.
#[derive(Debug, Clone)]
enum Exports<'a> {
    Known(Rc<BTreeMap<&'a str, Item<'a>>>),
    /// What the host provides: the name of the import, and those of exports of instances.
    Host(Arc<[&'a str]>),
}

#[derive(Debug, Clone, Copy)]
enum Module {
    Defined(ModuleId, ScopeId),
    Imported,
}

#[derive(Debug, Clone, Copy)]
enum Closure {
    Defined(ComponentId, ScopeId),
    Imported,
}

/// What a core instance exports.
#[derive(Debug, Clone)]
enum CoreExports<'a> {
    Instance(InstanceId),
    /// An instance that is made of exports.
    Listed(Rc<BTreeMap<&'a str, Source>>),
}

/// The index spaces of a scope, without those of types and values, which nothing here depends on.
#[derive(Debug, Default)]
struct Spaces<'a> {
    core_functions: Vec<Source>,
    core_tables: Vec<Source>,
    core_memories: Vec<Source>,
    core_globals: Vec<Source>,
    core_tags: Vec<Source>,
    core_instances: Vec<CoreExports<'a>>,
    modules: Vec<Module>,
    functions: Vec<Function<'a>>,
    instances: Vec<Exports<'a>>,
    components: Vec<Closure>,
}

struct Evaluation<'g, 'a> {
    components: &'g [Component<'a>],
    modules: &'g [GuestModule<'a>],
    /// By [`ScopeId`].
    spaces: Vec<Spaces<'a>>,
    graph: Graph<'a>,
    /// How many definitions were evaluated.
    definitions: usize,
    /// By [`ModuleId`].
    known: Vec<Known<'a>>,
}

/// The exports of a module by name, and the positions of its imports by what they are.
struct Known<'a> {
    exports: BTreeMap<&'a str, Export<'a>>,
    imports: BTreeMap<ImportKind, usize>,
}

impl<'a> Known<'a> {
    fn of(module: &GuestModule<'a>) -> Self {
        let exports = module.exports.iter().map(|export| (export.name, *export));
        let imports = module.imports.iter().enumerate();
        Self {
            exports: exports.collect(),
            imports: imports
                .map(|(position, import)| (import.kind, position))
                .collect(),
        }
    }
}

/// Evaluates a component, the first of `components`.
///
/// # Errors
///
/// If a module or a component that it instantiates is imported, or if it makes too many instances.
pub(super) fn instantiate<'a>(
    components: &[Component<'a>],
    modules: &[GuestModule<'a>],
) -> Result<Graph<'a>, GraphError> {
    let mut evaluation = Evaluation {
        components,
        modules,
        spaces: Vec::new(),
        graph: Graph::default(),
        definitions: 0,
        known: modules.iter().map(Known::of).collect(),
    };
    let root = Scope {
        component: ComponentId(0),
        closure: None,
        instances: Vec::new(),
        children: Vec::new(),
    };
    let exports = evaluation.component(root, None, 0)?;
    let mut graph = evaluation.graph;
    let evaluated: BTreeSet<ComponentId> = graph.scopes.iter().map(|scope| scope.component).collect();
    graph.is_all_used = evaluated.len() < components.len();
    if let Exports::Known(exports) = exports {
        let exports = exports.iter().map(|(name, item)| (*name, exported(item)));
        graph.exports = exports.collect();
    }
    Ok(graph)
}

fn exported<'a>(item: &Item<'a>) -> Exported<'a> {
    match item {
        Item::Function(function) => Exported::Function(function.clone()),
        Item::Instance(Exports::Known(items)) if items.values().any(is_code) => Exported::Code,
        Item::Instance(Exports::Known(items)) => {
            let functions = items.iter().filter_map(|(name, item)| match item {
                Item::Function(function) => Some((*name, function.clone())),
                _ => None,
            });
            Exported::Instance(functions.collect())
        }
        item if is_code(item) => Exported::Code,
        Item::Instance(Exports::Host(_)) | Item::Module(_) | Item::Component(_) | Item::Other => {
            Exported::Other
        }
    }
}

/// Whether an item is a module or a component that is defined here, or an instance with one.
fn is_code(item: &Item<'_>) -> bool {
    match item {
        Item::Module(Module::Defined(..)) | Item::Component(Closure::Defined(..)) => true,
        Item::Instance(Exports::Known(items)) => items.values().any(is_code),
        Item::Function(_)
        | Item::Instance(Exports::Host(_))
        | Item::Module(Module::Imported)
        | Item::Component(Closure::Imported)
        | Item::Other => false,
    }
}

/// The items of an index space, or the error for an index that is beyond it.
fn at<T: Clone>(space: &[T], index: u32) -> Result<T, GraphError> {
    space.get(index as usize).cloned().ok_or(GraphError::Invalid)
}

impl<'a> Evaluation<'_, 'a> {
    /// Evaluates an instance of a component, and returns its exports. Without `arguments`, the host provides its imports.
    fn component(
        &mut self,
        scope: Scope,
        arguments: Option<&BTreeMap<&'a str, Item<'a>>>,
        depth: usize,
    ) -> Result<Exports<'a>, GraphError> {
        if depth > MAX_DEPTH {
            return Err(GraphError::TooDeep);
        }
        if self.graph.scopes.len() + self.graph.instances.len() >= MAX_INSTANCES {
            return Err(GraphError::TooMany);
        }
        let id = ScopeId(count(self.graph.scopes.len()));
        let component = scope.component;
        self.graph.scopes.push(scope);
        self.spaces.push(Spaces::default());
        let components = self.components;
        let mut exports = BTreeMap::new();
        for section in &components[component.position()].sections {
            self.definitions += section.definitions.len();
            if self.definitions > MAX_DEFINITIONS {
                return Err(GraphError::TooLarge);
            }
            match &section.definitions {
                Definitions::Custom | Definitions::CoreTypes => {}
                Definitions::Types(types) => {
                    for ty in types.clone() {
                        let Ok(ComponentType::Resource { dtor, .. }) = ty else {
                            continue;
                        };
                        let spaces = &self.spaces[id.position()];
                        let destructor = dtor.map(|index| at(&spaces.core_functions, index)).transpose()?;
                        self.graph.wiring.destructors.push((id, destructor));
                    }
                }
                Definitions::Module(module) => {
                    let module = Module::Defined(*module, id);
                    self.spaces(id).modules.push(module);
                }
                Definitions::Component(nested) => {
                    let nested = Closure::Defined(*nested, id);
                    self.spaces(id).components.push(nested);
                }
                Definitions::CoreInstances(instances) => {
                    for instance in instances {
                        let instance = self.core_instance(id, instance)?;
                        self.spaces(id).core_instances.push(instance);
                    }
                }
                Definitions::Instances(instances) => {
                    for instance in instances {
                        let instance = self.instance(id, instance, depth)?;
                        self.spaces(id).instances.push(instance);
                    }
                }
                Definitions::Aliases(aliases) => {
                    for alias in aliases {
                        self.alias(id, alias)?;
                    }
                }
                Definitions::Canonicals(canonicals) => {
                    self.graph.makes_handles |= canonicals.iter().any(makes_handles);
                    for canonical in canonicals {
                        self.canonical(id, canonical)?;
                    }
                }
                Definitions::Imports(imports) => {
                    for import in imports {
                        let name = import.name.name;
                        let item = match arguments {
                            Some(arguments) => arguments.get(name).cloned(),
                            None => Some(of_host(import.ty.kind(), Arc::from([name]))),
                        };
                        // Types need not be among the arguments.
                        self.add(id, item.unwrap_or(Item::Other));
                    }
                }
                Definitions::Exports(listed) => {
                    for export in listed {
                        let item = self.item(id, export.kind, export.index)?;
                        exports.insert(export.name.name, item.clone());
                        self.add(id, item);
                    }
                }
            }
        }
        Ok(Exports::Known(Rc::new(exports)))
    }

    fn spaces(&mut self, scope: ScopeId) -> &mut Spaces<'a> {
        &mut self.spaces[scope.position()]
    }

    /// Adds an item to the index space of its sort.
    fn add(&mut self, scope: ScopeId, item: Item<'a>) {
        let spaces = self.spaces(scope);
        match item {
            Item::Instance(exports) => spaces.instances.push(exports),
            Item::Module(module) => spaces.modules.push(module),
            Item::Component(component) => spaces.components.push(component),
            Item::Function(function) => spaces.functions.push(function),
            Item::Other => {}
        }
    }

    fn item(
        &mut self,
        scope: ScopeId,
        kind: ComponentExternalKind,
        index: u32,
    ) -> Result<Item<'a>, GraphError> {
        let spaces = self.spaces(scope);
        Ok(match kind {
            ComponentExternalKind::Func => Item::Function(at(&spaces.functions, index)?),
            ComponentExternalKind::Instance => Item::Instance(at(&spaces.instances, index)?),
            ComponentExternalKind::Module => {
                let module = at(&spaces.modules, index)?;
                if let Module::Defined(module, _) = module {
                    self.graph.used_as_a_whole.insert(module);
                }
                Item::Module(module)
            }
            ComponentExternalKind::Component => Item::Component(at(&spaces.components, index)?),
            ComponentExternalKind::Type | ComponentExternalKind::Value => Item::Other,
        })
    }

    fn core_space(&mut self, scope: ScopeId, kind: ExternalKind) -> &mut Vec<Source> {
        let spaces = self.spaces(scope);
        match kind {
            ExternalKind::Func | ExternalKind::FuncExact => &mut spaces.core_functions,
            ExternalKind::Table => &mut spaces.core_tables,
            ExternalKind::Memory => &mut spaces.core_memories,
            ExternalKind::Global => &mut spaces.core_globals,
            ExternalKind::Tag => &mut spaces.core_tags,
        }
    }

    /// What a core instance exports under this name.
    fn core_export(&mut self, exports: &CoreExports<'a>, name: &'a str) -> Result<Source, GraphError> {
        match exports {
            CoreExports::Listed(listed) => listed.get(name).copied().ok_or(GraphError::Invalid),
            CoreExports::Instance(id) => {
                let instance = &self.graph.instances[id.position()];
                self.graph.used.insert((instance.module, name));
                let known = &self.known[instance.module.position()];
                let export = known.exports.get(name).ok_or(GraphError::Invalid)?;
                let kind = match export.kind {
                    ExternalKind::Func | ExternalKind::FuncExact => {
                        ImportKind::Function(FunctionIndex(export.index))
                    }
                    ExternalKind::Table => ImportKind::Table(TableIndex(export.index)),
                    ExternalKind::Memory => ImportKind::Memory(MemoryIndex(export.index)),
                    ExternalKind::Global => ImportKind::Global(GlobalIndex(export.index)),
                    ExternalKind::Tag => ImportKind::Tag(export.index),
                };
                Ok(match known.imports.get(&kind) {
                    Some(position) => instance.sources[*position],
                    None => Source::Instance(*id, kind),
                })
            }
        }
    }

    fn core_instance(
        &mut self,
        scope: ScopeId,
        instance: &Instance<'a>,
    ) -> Result<CoreExports<'a>, GraphError> {
        let (module, arguments) = match instance {
            Instance::FromExports(listed) => {
                let mut exports = BTreeMap::new();
                for export in listed {
                    let source = at(self.core_space(scope, export.kind), export.index)?;
                    exports.insert(export.name, source);
                }
                return Ok(CoreExports::Listed(Rc::new(exports)));
            }
            Instance::Instantiate { module_index, args } => (*module_index, args),
        };
        if self.graph.scopes.len() + self.graph.instances.len() >= MAX_INSTANCES {
            return Err(GraphError::TooMany);
        }
        let Module::Defined(module, defined_in) = at(&self.spaces(scope).modules, module)? else {
            return Err(GraphError::ImportedModule);
        };
        let mut providers = BTreeMap::new();
        for argument in arguments {
            let provider = at(&self.spaces(scope).core_instances, argument.index)?;
            providers.insert(argument.name, provider);
        }
        let modules = self.modules;
        let mut sources = Vec::new();
        for import in &modules[module.position()].imports {
            let provider = providers.get(import.module).ok_or(GraphError::Invalid)?;
            sources.push(self.core_export(provider, import.name)?);
        }
        let id = InstanceId(count(self.graph.instances.len()));
        self.graph.instances.push(CoreInstance {
            module,
            defined_in,
            scope,
            sources,
        });
        self.graph.scopes[scope.position()].instances.push(id);
        Ok(CoreExports::Instance(id))
    }

    fn instance(
        &mut self,
        scope: ScopeId,
        instance: &ComponentInstance<'a>,
        depth: usize,
    ) -> Result<Exports<'a>, GraphError> {
        match instance {
            ComponentInstance::FromExports(listed) => {
                let mut exports = BTreeMap::new();
                for export in listed {
                    let item = self.item(scope, export.kind, export.index)?;
                    exports.insert(export.name.name, item);
                }
                Ok(Exports::Known(Rc::new(exports)))
            }
            ComponentInstance::Instantiate {
                component_index,
                args,
            } => {
                let component = at(&self.spaces(scope).components, *component_index)?;
                let Closure::Defined(component, closure) = component else {
                    return Err(GraphError::ImportedComponent);
                };
                let mut arguments = BTreeMap::new();
                for argument in args {
                    let item = self.item(scope, argument.kind, argument.index)?;
                    arguments.insert(argument.name, item);
                }
                let nested = Scope {
                    component,
                    closure: Some(closure),
                    instances: Vec::new(),
                    children: Vec::new(),
                };
                let child = ScopeId(count(self.graph.scopes.len()));
                self.graph.scopes[scope.position()].children.push(child);
                self.component(nested, Some(&arguments), depth + 1)
            }
        }
    }

    fn canonical(&mut self, scope: ScopeId, canonical: &CanonicalFunction) -> Result<(), GraphError> {
        let spaces = &mut self.spaces[scope.position()];
        let wiring = &mut self.graph.wiring;
        let (what, options) = match canonical {
            CanonicalFunction::Lift {
                core_func_index,
                type_index,
                options: listed,
            } => {
                let lifted = Lifted {
                    scope,
                    ty: *type_index,
                    core: at(&spaces.core_functions, *core_func_index)?,
                    options: options(spaces, listed)?,
                };
                spaces.functions.push(Function::Lifted(wiring.lifted.len()));
                wiring.lifted.push(lifted);
                return Ok(());
            }
            CanonicalFunction::Lower {
                func_index,
                options: listed,
            } => (Ok(at(&spaces.functions, *func_index)?), options(spaces, listed)?),
            built_in => (Err(built_in.clone()), Vec::new()),
        };
        spaces.core_functions.push(Source::Component(wiring.made.len()));
        wiring.made.push(Made { scope, what, options });
        Ok(())
    }

    fn alias(&mut self, scope: ScopeId, alias: &ComponentAlias<'a>) -> Result<(), GraphError> {
        match *alias {
            ComponentAlias::CoreInstanceExport {
                kind,
                instance_index,
                name,
            } => {
                let exports = at(&self.spaces(scope).core_instances, instance_index)?;
                let source = self.core_export(&exports, name)?;
                self.core_space(scope, kind).push(source);
            }
            ComponentAlias::InstanceExport {
                kind,
                instance_index,
                name,
            } => {
                let item = match at(&self.spaces(scope).instances, instance_index)? {
                    Exports::Known(exports) => exports.get(name).cloned().ok_or(GraphError::Invalid)?,
                    Exports::Host(path) => of_host(kind, path.iter().copied().chain([name]).collect()),
                };
                self.add(scope, item);
            }
            ComponentAlias::Outer { kind, count, index } => {
                let mut outer = scope;
                for _ in 0..count {
                    let closure = self.graph.scopes[outer.position()].closure;
                    outer = closure.ok_or(GraphError::Invalid)?;
                }
                let spaces = self.spaces(outer);
                let item = match kind {
                    ComponentOuterAliasKind::CoreModule => Item::Module(at(&spaces.modules, index)?),
                    ComponentOuterAliasKind::Component => Item::Component(at(&spaces.components, index)?),
                    ComponentOuterAliasKind::CoreType | ComponentOuterAliasKind::Type => Item::Other,
                };
                self.add(scope, item);
            }
        }
        Ok(())
    }
}

/// The options of a function of the canonical ABI, without indices, with what each of them names.
fn options(
    spaces: &Spaces<'_>,
    options: &[CanonicalOption],
) -> Result<Vec<(CanonicalOption, Option<Source>)>, GraphError> {
    let named = options.iter().map(|option| {
        let function = |index: u32| at(&spaces.core_functions, index).map(Some);
        Ok(match *option {
            CanonicalOption::Memory(index) => (
                CanonicalOption::Memory(0),
                Some(at(&spaces.core_memories, index)?),
            ),
            CanonicalOption::Realloc(index) => (CanonicalOption::Realloc(0), function(index)?),
            CanonicalOption::PostReturn(index) => (CanonicalOption::PostReturn(0), function(index)?),
            CanonicalOption::Callback(index) => (CanonicalOption::Callback(0), function(index)?),
            option @ (CanonicalOption::UTF8
            | CanonicalOption::UTF16
            | CanonicalOption::CompactUTF16
            | CanonicalOption::Async
            | CanonicalOption::CoreType(_)
            | CanonicalOption::Gc) => (option, None),
        })
    });
    named.collect()
}

/// The item of this kind that the host provides.
fn of_host(kind: ComponentExternalKind, path: Arc<[&str]>) -> Item<'_> {
    match kind {
        ComponentExternalKind::Func => Item::Function(Function::Host(path)),
        ComponentExternalKind::Instance => Item::Instance(Exports::Host(path)),
        ComponentExternalKind::Module => Item::Module(Module::Imported),
        ComponentExternalKind::Component => Item::Component(Closure::Imported),
        ComponentExternalKind::Type | ComponentExternalKind::Value => Item::Other,
    }
}

/// Whether a function makes handles that the host knows nothing of.
fn makes_handles(canonical: &CanonicalFunction) -> bool {
    !matches!(
        canonical,
        CanonicalFunction::Lift { .. }
            | CanonicalFunction::Lower { .. }
            | CanonicalFunction::ResourceDrop { .. }
            | CanonicalFunction::ResourceRep { .. }
    )
}
