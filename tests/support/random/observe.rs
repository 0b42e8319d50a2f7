//! Writes the visible state of values and of an instance as text, by which two sides can be compared.
//!
//! Objects are numbered in the order in which they are found, and described behind the values that refer to them. So two texts
//! are the same only if the object graphs are equal, including sharing.

use std::fmt::Write as _;

use wasmtime::error::Result;
use wasmtime::{
    AnyRef, AsContext as _, AsContextMut as _, ExnRef, Extern, ExternRef, HeapType, Rooted, StoreContextMut,
    Tag, Val,
};

use super::world::{Host, World};

/// How many objects are described at most.
const OBJECTS: usize = 400;
/// How many elements of an array are shown at most.
const ELEMENTS: u32 = 300;

/// The objects found so far.
#[derive(Default)]
pub(super) struct Graph {
    objects: Vec<Object>,
    described: usize,
}

#[derive(Clone, Copy)]
enum Object {
    Any(Rooted<AnyRef>),
    Exception(Rooted<ExnRef>),
}

impl Graph {
    fn number(&mut self, store: &mut StoreContextMut<'_, Host>, object: Object) -> String {
        let known = self.objects.iter().position(|known| match (known, &object) {
            (Object::Any(known), Object::Any(object)) => {
                Rooted::ref_eq(store.as_context(), known, object).unwrap_or(false)
            }
            (Object::Exception(known), Object::Exception(object)) => {
                Rooted::ref_eq(store.as_context(), known, object).unwrap_or(false)
            }
            _ => false,
        });
        match known {
            Some(number) => format!("#{number}"),
            None if self.objects.len() >= OBJECTS => "one more object".to_owned(),
            None => {
                self.objects.push(object);
                format!("#{}", self.objects.len() - 1)
            }
        }
    }

    /// Describes the objects that are not described yet, and those that they refer to.
    pub(super) fn finish(&mut self, store: &mut StoreContextMut<'_, Host>) -> String {
        let mut shown = String::new();
        while let Some(object) = self.objects.get(self.described).copied() {
            let described = match object {
                Object::Any(any) => self.describe(store, any),
                Object::Exception(exception) => self.describe_exception(store, exception),
            };
            // Writing to a `String` does not fail.
            let _ = match described {
                Ok(text) => write!(shown, "\n#{} = {text}", self.described),
                Err(error) => write!(shown, "\n#{} cannot be read: {error:#}", self.described),
            };
            self.described += 1;
        }
        shown
    }

    fn describe(&mut self, store: &mut StoreContextMut<'_, Host>, any: Rooted<AnyRef>) -> Result<String> {
        let ty = any.ty(&*store)?;
        let mut length = String::new();
        let values: Vec<Val> = if let Some(structure) = any.as_struct(&*store)? {
            structure.fields(&mut *store)?.collect()
        } else if let Some(array) = any.as_array(&*store)? {
            let elements = array.len(&*store)?;
            length = format!(" of {elements}");
            let mut values = Vec::new();
            for index in 0..elements.min(ELEMENTS) {
                values.push(array.get(&mut *store, index)?);
            }
            values
        } else {
            Vec::new()
        };
        let values: Vec<String> = values.iter().map(|value| text(store, self, value)).collect();
        Ok(format!("{ty}{length} [{}]", values.join(", ")))
    }

    fn describe_exception(
        &mut self,
        store: &mut StoreContextMut<'_, Host>,
        exception: Rooted<ExnRef>,
    ) -> Result<String> {
        let tag = exception.tag(&mut *store)?;
        let tag = tag_text(store, &tag);
        let values: Vec<Val> = exception.fields(&mut *store)?.collect();
        let values: Vec<String> = values.iter().map(|value| text(store, self, value)).collect();
        Ok(format!("exception of {tag} [{}]", values.join(", ")))
    }
}

fn tag_text(store: &mut StoreContextMut<'_, Host>, tag: &Tag) -> String {
    let ty = HeapType::ConcreteFunc(tag.ty(&*store).ty().clone());
    let known = store
        .data()
        .tags
        .iter()
        .find(|(known, _)| Tag::eq(known, tag, &*store));
    let name = known.map_or("no name", |(_, name)| name.as_str());
    format!("tag {name} {ty}")
}

/// A value as text: numbers bit by bit, functions by their identity, objects by their number.
pub(super) fn text(store: &mut StoreContextMut<'_, Host>, graph: &mut Graph, value: &Val) -> String {
    match value {
        Val::I32(value) => format!("i32 {value}"),
        Val::I64(value) => format!("i64 {value}"),
        Val::F32(bits) => format!("f32 {bits:#x}"),
        Val::F64(bits) => format!("f64 {bits:#x}"),
        Val::V128(value) => format!("v128 {:#x}", value.as_u128()),
        Val::FuncRef(Some(function)) => {
            let identity = function.to_raw(store.as_context_mut()) as usize;
            let ty = HeapType::ConcreteFunc(function.ty(&*store));
            let name = store.data().functions.get(&identity);
            format!("function {} {ty}", name.map_or("without a name", String::as_str))
        }
        Val::ExternRef(Some(external)) => extern_text(store, graph, *external),
        Val::AnyRef(Some(any)) => any_text(store, graph, *any),
        Val::ExnRef(Some(exception)) => graph.number(store, Object::Exception(*exception)),
        Val::ContRef(Some(_)) => "a continuation".to_owned(),
        Val::FuncRef(None)
        | Val::ExternRef(None)
        | Val::AnyRef(None)
        | Val::ExnRef(None)
        | Val::ContRef(None) => "null".to_owned(),
    }
}

fn host_number(store: &StoreContextMut<'_, Host>, external: Rooted<ExternRef>) -> Option<u64> {
    let data = external.data(store).ok()??;
    data.downcast_ref::<u64>().copied()
}

fn extern_text(
    store: &mut StoreContextMut<'_, Host>,
    graph: &mut Graph,
    external: Rooted<ExternRef>,
) -> String {
    match host_number(store, external) {
        Some(number) => format!("extern {number}"),
        None => match AnyRef::convert_extern(store.as_context_mut(), external) {
            Ok(any) => format!("extern of {}", any_text(store, graph, any)),
            Err(error) => format!("extern that cannot be read: {error:#}"),
        },
    }
}

fn any_text(store: &mut StoreContextMut<'_, Host>, graph: &mut Graph, any: Rooted<AnyRef>) -> String {
    if let Ok(Some(i31)) = any.as_i31(&*store) {
        return format!("i31 {}", i31.get_i32());
    }
    if any.is_eqref(&*store).unwrap_or(false) {
        return graph.number(store, Object::Any(any));
    }
    let number = ExternRef::convert_any(store.as_context_mut(), any)
        .ok()
        .and_then(|external| host_number(store, external));
    format!("any of extern {number:?}")
}

/// All state but the bytes of memories: of exports, by name, and of imports, by position.
pub(super) fn state(world: &mut World, names: &[String]) -> Result<String> {
    let mut shown = String::new();
    let mut graph = Graph::default();
    let mut externals: Vec<(String, Extern)> = Vec::new();
    for name in names {
        externals.push((name.clone(), world.export(name)?));
    }
    for (number, external) in world.imports.iter().enumerate() {
        externals.push((format!("import {number}"), external.clone()));
    }
    for (name, external) in externals {
        let text = show(&mut world.store.as_context_mut(), &mut graph, &external);
        writeln!(shown, "{name}: {text}")?;
    }
    for (number, value) in world.pool.iter().enumerate() {
        let text = text(&mut world.store.as_context_mut(), &mut graph, value);
        writeln!(shown, "returned {number}: {text}")?;
    }
    shown.push_str(&graph.finish(&mut world.store.as_context_mut()));
    Ok(shown)
}

fn show(store: &mut StoreContextMut<'_, Host>, graph: &mut Graph, external: &Extern) -> String {
    match external {
        Extern::Memory(memory) => {
            let ty = memory.ty(&*store);
            // The baked memory's minimum is the size to which init grew it, which the host sees as its size anyway.
            format!(
                "memory of {} pages of {}, at most {:?}, 64 bit: {}",
                memory.size(&*store),
                memory.page_size(&*store),
                ty.maximum(),
                ty.is_64()
            )
        }
        Extern::Global(global) => {
            let value = global.get(&mut *store);
            let ty = global.ty(&*store);
            let value = text(store, graph, &value);
            format!("{:?} global of {}: {value}", ty.mutability(), ty.content())
        }
        Extern::Table(table) => {
            let ty = table.ty(&*store);
            let size = table.size(&*store);
            let slots: Vec<String> = (0..size)
                .map(|slot| match table.get(&mut *store, slot) {
                    Some(reference) => text(store, graph, &Val::from(reference)),
                    None => "nothing".to_owned(),
                })
                .collect();
            format!(
                "table of {} of {size} slots, at most {:?}, 64 bit: {}: {}",
                ty.element(),
                ty.maximum(),
                ty.is_64(),
                slots.join(", ")
            )
        }
        Extern::Func(function) => text(store, graph, &Val::FuncRef(Some(*function))),
        Extern::Tag(tag) => tag_text(store, tag),
        Extern::SharedMemory(_) => "a shared memory".to_owned(),
    }
}

/// The memories, in the same order as in [`state`].
pub(super) fn memories(world: &mut World, names: &[String]) -> Result<Vec<(String, wasmtime::Memory)>> {
    let mut found = Vec::new();
    for name in names {
        if let Extern::Memory(memory) = world.export(name)? {
            found.push((name.clone(), memory));
        }
    }
    for (number, external) in world.imports.iter().enumerate() {
        if let Extern::Memory(memory) = external {
            found.push((format!("import {number}"), *memory));
        }
    }
    Ok(found)
}
