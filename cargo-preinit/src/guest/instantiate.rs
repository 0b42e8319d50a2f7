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

use wasmparser::types::Types;
use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind,
    ComponentType, ExternalKind, Instance,
};

use super::component::{Component, Definitions};
use super::error::{GraphError, MAX_DEFINITIONS, MAX_DEPTH, MAX_INSTANCES};
use super::index::{
    ComponentId, FunctionIndex, GlobalIndex, InstanceId, MemoryIndex, ModuleId, ScopeId, TableIndex,
};
use super::items::{
    Closure, CoreExports, Exports, Item, Module, Spaces, at, check_addresses, exported, has_code, is_of_host,
    makes_handles, of_host, options,
};
use super::module::{Export, GuestModule, ImportKind, count};
use super::wiring::{Exported, Function, Lifted, Made, Source, Wiring};

/// How a component is instantiated.
#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    /// By [`ScopeId`].
    pub(super) scopes: Vec<Scope>,
    /// By [`InstanceId`].
    pub(super) instances: Vec<CoreInstance>,
    /// What the component exports.
    pub(super) exports: BTreeMap<&'a str, Exported<'a>>,
    /// The imports that are modules or components, or have some.
    pub(super) imported_code: Vec<&'a str>,
    /// The exports that the host provides itself, or something in them.
    pub(super) of_host: Vec<&'a str>,
    pub(super) wiring: Wiring<'a>,
    /// The exports of each module that something names.
    pub(super) used: BTreeSet<(ModuleId, &'a str)>,
    /// The modules that are passed on as values: their types may name exports that nothing else does.
    pub(super) used_as_a_whole: BTreeSet<ModuleId>,
    /// Whether a component is never instantiated, so that nobody knows what it uses.
    pub(super) is_all_used: bool,
    /// Whether a built-in function makes handles of anything but resources: of streams and the like.
    pub(super) makes_handles: bool,
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
    types: Option<&Types>,
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
    let types = types.map(Types::as_ref);
    if let Some(types) = types {
        let sections = components[0].sections.iter();
        let imports = sections.filter_map(|section| match &section.definitions {
            Definitions::Imports(imports) => Some(imports),
            _ => None,
        });
        let imports = imports.flatten().map(|import| import.name.name);
        let with_code = imports.filter(|name| {
            let import = types.component_item_for_import(name);
            import.is_some_and(|import| has_code(import.ty, types))
        });
        graph.imported_code = with_code.collect();
    }
    if let Exports::Known(exports) = exports {
        if let Some(types) = types {
            let of_host = exports.iter().filter(|(name, item)| {
                let export = types.component_item_for_export(name);
                export.is_some_and(|export| is_of_host(item, export.ty, types))
            });
            graph.of_host = of_host.map(|(name, _)| *name).collect();
        }
        let exports = exports.iter().map(|(name, item)| (*name, exported(item)));
        graph.exports = exports.collect();
    }
    Ok(graph)
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
            let source = self.core_export(provider, import.name)?;
            if let Source::Instance(id, kind) = source {
                let definer = &modules[self.graph.instances[id.position()].module.position()];
                check_addresses((&modules[module.position()], import.kind), (definer, kind))?;
            }
            sources.push(source);
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
