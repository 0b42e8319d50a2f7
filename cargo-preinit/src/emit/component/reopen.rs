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

use wasm_encoder::{
    Alias, BlockType, CanonicalFunctionSection, CodeSection, ComponentAliasSection, ComponentExportKind,
    ComponentSection as _, EntityType, ExportKind, Function, FunctionSection, ImportSection, InstanceSection,
    Instruction, Module, ModuleArg, StartSection, TypeSection, ValType,
};

use crate::guest::component::Component;
use crate::guest::counts::Counts;
use crate::snapshot::{Stream, Streams};

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

/// The core module, and the sections around it.
#[derive(Debug)]
pub(crate) struct Reopen {
    /// The bytes of the core module.
    pub(crate) module: Vec<u8>,
    /// The sections to append to the component.
    pub(crate) sections: Vec<u8>,
}

/// What opens the streams again; `None` if there is no way to get their numbers.
pub(crate) fn reopen(component: &Component<'_>, streams: &Streams) -> Option<Reopen> {
    let counts = Counts::of(component);
    let mut kinds = [Stream::Stdout, Stream::Stderr, Stream::Stdin].into_iter();
    let placeholder = kinds.find(|kind| match getter(*kind) {
        Some(Import::Get(interface, name)) => counts.exporting(interface, name).is_some(),
        _ => false,
    })?;
    let steps = steps(streams, placeholder)?;
    let mut imports = Vec::new();
    for step in &steps {
        match step {
            Step::Open(import, _) | Step::Subscribe(import, ..) => {
                imports.push(*import);
                // Without it there is no way to go on if a lower number is given.
                let dropping = Import::Drop(import.resource());
                imports.extend(counts.has(dropping).then_some(dropping));
            }
            Step::Drop(import, _) => imports.push(*import),
        }
    }
    imports.sort();
    imports.dedup();
    let module = module(&imports, &steps);
    let sections = counts.sections(&imports, &module)?;
    Some(Reopen { module, sections })
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
        section.import("", &name(*import), EntityType::Function(ty));
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

/// The name of an import of the module.
fn name(import: Import) -> String {
    match import {
        Import::Get(_, name) | Import::Subscribe(name) => name.to_owned(),
        Import::Drop(resource) => format!("[resource-drop]{resource}"),
    }
}

/// What an import is made of: an interface, and a function or a resource in it.
fn needs(import: Import) -> (&'static str, ComponentExportKind, &'static str) {
    match import {
        Import::Get(interface, name) => (interface, ComponentExportKind::Func, name),
        Import::Subscribe(name) => (STREAMS, ComponentExportKind::Func, name),
        Import::Drop("pollable") => ("wasi:io/poll", ComponentExportKind::Type, "pollable"),
        Import::Drop(resource) => (STREAMS, ComponentExportKind::Type, resource),
    }
}

impl Counts<'_> {
    /// The imported instance of an interface, if it is the only one and certain to export this.
    fn exporting(&self, interface: &str, item: &str) -> Option<u32> {
        match self.interfaces.get(interface).map(Vec::as_slice) {
            Some(&[instance]) => self.named.contains(&(instance, item)).then_some(instance),
            _ => None,
        }
    }

    /// Whether the component imports what a function needs.
    fn has(&self, import: Import) -> bool {
        let (interface, _, item) = needs(import);
        self.exporting(interface, item).is_some()
    }

    /// The sections that instantiate the module; `None` if the component does not import what it needs.
    fn sections(mut self, imports: &[Import], module: &[u8]) -> Option<Vec<u8>> {
        let (mut aliases, mut canonicals) = (ComponentAliasSection::new(), CanonicalFunctionSection::new());
        let mut arguments = Vec::new();
        for import in imports {
            let (interface, kind, item) = needs(*import);
            let instance = self.exporting(interface, item)?;
            aliases.alias(Alias::InstanceExport {
                instance,
                kind,
                name: item,
            });
            if kind == ComponentExportKind::Type {
                canonicals.resource_drop(self.types);
                self.types += 1;
            } else {
                canonicals.lower(self.functions, []);
                self.functions += 1;
            }
            arguments.push((name(*import), ExportKind::Func, self.core_functions));
            self.core_functions += 1;
        }
        let mut instances = InstanceSection::new();
        instances.export_items(
            arguments
                .iter()
                .map(|(name, kind, index)| (name.as_str(), *kind, *index)),
        );
        instances.instantiate(self.modules, [("", ModuleArg::Instance(self.core_instances))]);
        let mut bytes = Vec::new();
        aliases.append_to_component(&mut bytes);
        canonicals.append_to_component(&mut bytes);
        wasm_encoder::RawSection { id: 1, data: module }.append_to_component(&mut bytes);
        instances.append_to_component(&mut bytes);
        Some(bytes)
    }
}
