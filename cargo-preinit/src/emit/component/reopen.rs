//! Opens the standard streams again that init left open, under the numbers that the guest holds.
//!
//! A handle is an index into a table of its component instance, and no component can start with one. But the table is filled by
//! rule: the number that was freed last is given first, else the next one ([`Table` of the Canonical ABI][table]). So a core
//! module at the end of the component opens as many handles as there were numbers, each of the kind that init left, and drops
//! those that were free, in the order in which they were freed. It traps if it is given a higher number.
//!
//! ```wat
//! (start $reopen)
//! (func $reopen
//!   (call $open-stdout (i32.const 1))
//!   (call $subscribe-to-it (i32.const 2) (i32.const 1)))
//! (func $open-stdout (param $wanted i32) (local $found i32)
//!   (local.set $found (call $get-stdout))
//!   (if (i32.eq (local.get $found) (local.get $wanted)) (then return))
//!   (if (i32.gt_u (local.get $found) (local.get $wanted)) (then unreachable))
//!   (call $open-stdout (local.get $wanted))
//!   (call $drop-output-stream (local.get $found)))
//! ```
//!
//! Some hosts, jco among them, have a table for each type of resource, which gives out lower numbers. There it goes on until it gets
//! the number, and drops the others, the last one first.
//!
//! [table]: https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#table-state

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::{
    Alias, BlockType, CanonicalFunctionSection, CodeSection, ComponentAliasSection, ComponentExportKind,
    ComponentSection as _, EntityType, ExportKind, Function, FunctionSection, ImportSection, InstanceSection,
    Instruction, Module, ModuleArg, RawSection, StartSection, TypeSection, ValType,
};

use crate::guest::component::Component;
use crate::guest::counts::Counts;
use crate::guest::index::ScopeId;
use crate::guest::wiring::Function as HostOrLifted;
use crate::guest::{Guest, wasi_interface};
use crate::snapshot::{Snapshot, Stream, Streams};

/// What the module imports, in the order of its imports: the name in WASI, and the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Import {
    Get(&'static str, &'static str),
    Subscribe(&'static str),
    /// Drops a handle of this resource.
    Drop(&'static str),
}

const STREAMS: &str = "wasi:io/streams";

impl Import {
    /// The resource that it makes or drops.
    fn resource(self) -> &'static str {
        match self {
            Self::Get(_, "get-stdin") => "input-stream",
            Self::Get(..) => "output-stream",
            Self::Subscribe(_) => "pollable",
            Self::Drop(resource) => resource,
        }
    }

    /// The name of an import of the module.
    fn name(self) -> String {
        match self {
            Self::Get(_, name) | Self::Subscribe(name) => name.to_owned(),
            Self::Drop(resource) => format!("[resource-drop]{resource}"),
        }
    }

    /// What an import is made of: an interface, and a function or a resource in it.
    fn needs(self) -> (&'static str, ComponentExportKind, &'static str) {
        match self {
            Self::Get(interface, name) => (interface, ComponentExportKind::Func, name),
            Self::Subscribe(name) => (STREAMS, ComponentExportKind::Func, name),
            Self::Drop("pollable") => ("wasi:io/poll", ComponentExportKind::Type, "pollable"),
            Self::Drop(resource) => (STREAMS, ComponentExportKind::Type, resource),
        }
    }

    /// The instance that has what the import is made of.
    fn found_in(self, counts: &Counts<'_>) -> Option<u32> {
        let (interface, _, item) = self.needs();
        counts.exporting(interface, item)
    }
}

/// The function that opens a stream; `None` for what is no stream.
fn getter(stream: Stream) -> Option<Import> {
    Some(match stream {
        Stream::Stdin => Import::Get("wasi:cli/stdin", "get-stdin"),
        Stream::Stdout => Import::Get("wasi:cli/stdout", "get-stdout"),
        Stream::Stderr => Import::Get("wasi:cli/stderr", "get-stderr"),
        Stream::Pollable(_) => return None,
    })
}

/// The resource that a stream is.
fn resource(stream: Stream) -> &'static str {
    match stream {
        Stream::Stdin => "input-stream",
        Stream::Stdout | Stream::Stderr => "output-stream",
        Stream::Pollable(_) => "pollable",
    }
}

/// A step of the module. Numbers of handles begin at 1.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Open(Import, u32),
    /// Subscribes to the stream of the second number.
    Subscribe(Import, u32, u32),
    Drop(Import, u32),
}

/// The modules that open streams again, by the scope that they are at the end of.
#[derive(Debug, Default)]
pub(crate) struct Reopens(BTreeMap<ScopeId, Reopen>);

/// What a function is that such a module imports.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Imported {
    /// The host's function of this name.
    Function(&'static str),
    /// The one that drops handles of the resource of this name.
    Drop(&'static str),
}

/// A core module, and what it imports.
#[derive(Debug)]
pub(crate) struct Reopen {
    /// The bytes of the core module.
    pub(crate) module: Vec<u8>,
    imports: Vec<Import>,
}

impl Reopens {
    /// Plans the modules for a snapshot.
    ///
    /// # Errors
    ///
    /// A scope that has no way to get its numbers.
    pub(crate) fn of(guest: &Guest<'_>, snapshot: &Snapshot) -> Result<Self, ScopeId> {
        let mut reopens = BTreeMap::new();
        for (scope, streams) in &snapshot.streams {
            let reopen = guest.component_of(*scope).and_then(|component| {
                let lowered = of_host(guest, *scope);
                Reopen::of(component, streams, &lowered)
            });
            reopens.insert(*scope, reopen.ok_or(*scope)?);
        }
        Ok(Self(reopens))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The module at the end of a scope.
    pub(crate) fn at(&self, scope: ScopeId) -> Option<&Reopen> {
        self.0.get(&scope)
    }

    /// The scopes that have one.
    pub(crate) fn scopes(&self) -> impl Iterator<Item = ScopeId> {
        self.0.keys().copied()
    }
}

impl Reopen {
    /// What opens the streams again; `None` if there is no way to get their numbers. `of_host` are the functions of the host that
    /// the component calls itself: others may have code of other components behind them.
    fn of(component: &Component<'_>, streams: &Streams, of_host: &BTreeSet<(&str, &str)>) -> Option<Self> {
        let counts = Counts::of(component);
        let is_there = |import: Import| {
            let (interface, kind, name) = import.needs();
            let is_certain = kind == ComponentExportKind::Type || of_host.contains(&(interface, name));
            is_certain && import.found_in(&counts).is_some()
        };
        let mut kinds = [Stream::Stdout, Stream::Stderr, Stream::Stdin].into_iter();
        let placeholder = kinds.find(|kind| getter(*kind).is_some_and(is_there))?;
        let steps = steps(streams, placeholder)?;
        let mut imports = Vec::new();
        for step in &steps {
            match step {
                Step::Open(import, _) | Step::Subscribe(import, ..) => {
                    imports.push(*import);
                    // Without it there is no way to go on if a lower number is given.
                    let dropping = Import::Drop(import.resource());
                    imports.extend(is_there(dropping).then_some(dropping));
                }
                Step::Drop(import, _) => imports.push(*import),
            }
        }
        imports.sort();
        imports.dedup();
        let are_there = imports.iter().copied().all(is_there);
        are_there.then(|| Self {
            module: module(&imports, &steps),
            imports,
        })
    }

    /// The functions that it imports, in order: the interface, and the name of the function, or of the resource of which one drops
    /// handles.
    pub(crate) fn functions(&self) -> impl ExactSizeIterator<Item = (&'static str, Imported)> {
        self.imports.iter().map(|import| match import.needs() {
            (interface, ComponentExportKind::Type, name) => (interface, Imported::Drop(name)),
            (interface, _, name) => (interface, Imported::Function(name)),
        })
    }

    /// The sections that instantiate the module behind a component of these `counts`.
    pub(super) fn append_to(&self, component: &Component<'_>, counts: &mut Counts<'_>, output: &mut Vec<u8>) {
        let of_component = Counts::of(component);
        let (mut aliases, mut canonicals) = (ComponentAliasSection::new(), CanonicalFunctionSection::new());
        let mut arguments = Vec::new();
        for import in &self.imports {
            let (_, kind, name) = import.needs();
            let instance = import.found_in(&of_component).unwrap_or_default();
            aliases.alias(Alias::InstanceExport { instance, kind, name });
            if kind == ComponentExportKind::Type {
                canonicals.resource_drop(counts.types);
                counts.types += 1;
            } else {
                canonicals.lower(counts.functions, []);
                counts.functions += 1;
            }
            arguments.push((import.name(), counts.core_functions));
            counts.core_functions += 1;
        }
        let mut instances = InstanceSection::new();
        let arguments = arguments.iter();
        instances.export_items(arguments.map(|(name, index)| (name.as_str(), ExportKind::Func, *index)));
        instances.instantiate(counts.modules, [("", ModuleArg::Instance(counts.core_instances))]);
        counts.modules += 1;
        counts.core_instances += 2;
        aliases.append_to_component(output);
        canonicals.append_to_component(output);
        let data = &self.module;
        RawSection { id: 1, data }.append_to_component(output);
        instances.append_to_component(output);
    }
}

/// The functions of the host that a scope lowers: the interface and the name.
fn of_host<'a>(guest: &Guest<'a>, scope: ScopeId) -> BTreeSet<(&'a str, &'a str)> {
    let made = guest.around.iter().flat_map(|around| &around.wiring.made);
    let lowered = made.filter(|made| made.scope == scope).map(|made| &made.what);
    lowered
        .filter_map(|what| match what {
            Ok(HostOrLifted::Host(path)) => match path[..] {
                [import, name] => Some((wasi_interface(import)?, name)),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

/// What the module does. A `placeholder` is opened for each number that is free.
fn steps(streams: &Streams, placeholder: Stream) -> Option<Vec<Step>> {
    let (placeholder, held) = (getter(placeholder)?, resource(placeholder));
    let mut steps = Vec::new();
    for (number, slot) in (1..).zip(&streams.slots) {
        steps.push(match *slot {
            None => Step::Open(placeholder, number),
            Some(Stream::Pollable(stream)) if stream < number => {
                let of = streams.slots.get(stream as usize - 1)?.as_ref()?;
                let import = Import::Subscribe(match resource(*of) {
                    "input-stream" => "[method]input-stream.subscribe",
                    _ => "[method]output-stream.subscribe",
                });
                Step::Subscribe(import, number, stream)
            }
            // It was opened before its stream was.
            Some(Stream::Pollable(_)) => return None,
            Some(stream) => Step::Open(getter(stream)?, number),
        });
    }
    let free = streams.free.iter();
    steps.extend(free.map(|number| Step::Drop(Import::Drop(held), *number)));
    Some(steps)
}

fn module(imports: &[Import], steps: &[Step]) -> Vec<u8> {
    let index = |import: Import| {
        let position = imports.iter().position(|known| *known == import);
        position.and_then(|position| u32::try_from(position).ok())
    };
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([], [ValType::I32]);
    types.ty().function([ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32], []);
    types.ty().function([ValType::I32, ValType::I32], []);
    let mut section = ImportSection::new();
    for import in imports {
        let ty = match import {
            Import::Get(..) => 1,
            Import::Subscribe(_) => 2,
            Import::Drop(_) => 3,
        };
        section.import("", &import.name(), EntityType::Function(ty));
    }
    let imported = u32::try_from(imports.len()).unwrap_or_default();
    let openers: Vec<Import> = imports
        .iter()
        .copied()
        .filter(|import| !matches!(import, Import::Drop(_)))
        .collect();
    let opener = |import: Import| {
        let position = openers.iter().position(|known| *known == import);
        let position = position.and_then(|position| u32::try_from(position).ok());
        Instruction::Call(imported + 1 + position.unwrap_or_default())
    };
    let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
    functions.function(0);
    let mut body = Function::new([]);
    for step in steps {
        match *step {
            Step::Open(import, number) => {
                body.instruction(&Instruction::I32Const(number.cast_signed()));
                body.instruction(&opener(import));
            }
            Step::Subscribe(import, number, stream) => {
                body.instruction(&Instruction::I32Const(number.cast_signed()));
                body.instruction(&Instruction::I32Const(stream.cast_signed()));
                body.instruction(&opener(import));
            }
            Step::Drop(import, number) => {
                body.instruction(&Instruction::I32Const(number.cast_signed()));
                body.instruction(&Instruction::Call(index(import).unwrap_or_default()));
            }
        }
    }
    body.instruction(&Instruction::End);
    code.function(&body);
    for import in &openers {
        functions.function(match import {
            Import::Subscribe(_) => 4,
            Import::Get(..) | Import::Drop(_) => 3,
        });
        let make = Instruction::Call(index(*import).unwrap_or_default());
        let dropping = index(Import::Drop(import.resource())).map(Instruction::Call);
        code.function(&opening(*import, &make, &opener(*import), dropping.as_ref()));
    }
    let start = StartSection {
        function_index: imported,
    };
    let mut module = Module::new();
    module
        .section(&types)
        .section(&section)
        .section(&functions)
        .section(&start)
        .section(&code);
    module.finish()
}

/// A function that makes handles until it gets the number that it is given, and drops the others.
fn opening(
    import: Import,
    make: &Instruction<'_>,
    again: &Instruction<'_>,
    dropping: Option<&Instruction<'_>>,
) -> Function {
    const WANTED: u32 = 0;
    const STREAM: u32 = 1;
    let takes_stream = matches!(import, Import::Subscribe(_));
    let found = 1 + u32::from(takes_stream);
    let mut body = Function::new([(1, ValType::I32)]);
    let mut add = |instructions: &[&Instruction<'_>]| {
        for instruction in instructions {
            body.instruction(instruction);
        }
    };
    let stream: &[&Instruction<'_>] = match takes_stream {
        true => &[&Instruction::LocalGet(STREAM)],
        false => &[],
    };
    let (wanted, found_get) = (Instruction::LocalGet(WANTED), Instruction::LocalGet(found));
    add(stream);
    add(&[make, &Instruction::LocalSet(found)]);
    add(&[&found_get, &wanted, &Instruction::I32Eq]);
    add(&[
        &Instruction::If(BlockType::Empty),
        &Instruction::Return,
        &Instruction::End,
    ]);
    match dropping {
        Some(dropping) => {
            add(&[&found_get, &wanted, &Instruction::I32GtU]);
            add(&[
                &Instruction::If(BlockType::Empty),
                &Instruction::Unreachable,
                &Instruction::End,
            ]);
            add(&[&wanted]);
            add(stream);
            add(&[again, &found_get, dropping]);
        }
        None => add(&[&Instruction::Unreachable]),
    }
    add(&[&Instruction::End]);
    body
}
