//! Writes the visible state of an instance as text, by which two instances can be compared.

use std::fmt::Write as _;

use wasmtime::error::{Context as _, Result};
use wasmtime::{AnyRef, Extern, ExternRef, Func, Ref, Rooted, Store, Table, Val};

use crate::world::World;

/// Writes all state that is exported or imported: memories byte by byte, globals bit by bit, tables slot by slot, objects
/// field by field. `names` pairs the name to print with the export that it is read from.
///
/// A function in a table or a global is identified by its behaviour: if its parameters have default values, it is called, and its
/// answer is written. An object gets a number at its first occurrence, by which later occurrences refer to it.
pub fn state(world: &mut World, names: &[(String, String)]) -> Result<String> {
    let mut text = String::new();
    let mut objects = Objects::default();
    for (name, export) in names {
        let external = world
            .instance
            .get_export(&mut world.store, export)
            .with_context(|| format!("there is no export `{export}`"))?;
        describe(world, &mut objects, name, external, &mut text)?;
    }
    for (name, external) in world.imports.clone() {
        describe(
            world,
            &mut objects,
            &format!("import {name}"),
            external,
            &mut text,
        )?;
    }
    Ok(text)
}

fn describe(
    world: &mut World,
    objects: &mut Objects,
    name: &str,
    external: Extern,
    text: &mut String,
) -> Result<()> {
    match external {
        Extern::Memory(memory) => {
            let size = memory.size(&world.store);
            writeln!(text, "memory `{name}`: {size} pages")?;
            bytes(memory.data(&world.store), text)?;
        }
        Extern::Global(global) => {
            let found = global.get(&mut world.store);
            let shown = objects.value(&mut world.store, found)?;
            writeln!(text, "global `{name}`: {shown}")?;
            if let Val::FuncRef(Some(function)) = found {
                writeln!(text, "  called: {}", ask(world, function)?)?;
            }
        }
        Extern::Table(table) => slots(world, objects, name, table, text)?,
        Extern::Func(_) | Extern::SharedMemory(_) | Extern::Tag(_) => {}
    }
    Ok(())
}

/// Writes rows of 16 bytes, without rows of zeros.
fn bytes(data: &[u8], text: &mut String) -> Result<()> {
    for (row, bytes) in data.chunks(16).enumerate() {
        if bytes.iter().any(|byte| *byte != 0) {
            write!(text, "  {:08x}:", row * 16)?;
            for byte in bytes {
                write!(text, " {byte:02x}")?;
            }
            text.push('\n');
        }
    }
    Ok(())
}

fn slots(
    world: &mut World,
    objects: &mut Objects,
    name: &str,
    table: Table,
    text: &mut String,
) -> Result<()> {
    let size = table.size(&world.store);
    writeln!(text, "table `{name}`: {size} slots")?;
    for slot in 0..size {
        let reference = table
            .get(&mut world.store, slot)
            .with_context(|| format!("`{name}` has no slot {slot}"))?;
        let function = match &reference {
            Ref::Func(function) => *function,
            _ => None,
        };
        let shown = objects.value(&mut world.store, reference.into())?;
        write!(text, "  {slot}: {shown}")?;
        if let Some(function) = function {
            write!(text, ", called: {}", ask(world, function)?)?;
        }
        text.push('\n');
    }
    Ok(())
}

/// Calls a function with default arguments.
fn ask(world: &mut World, function: Func) -> Result<String> {
    let ty = function.ty(&world.store);
    let arguments: Option<Vec<Val>> = ty.params().map(|ty| Val::default_for_ty(&ty)).collect();
    match arguments {
        Some(arguments) => world.call(function, &arguments),
        None => Ok("cannot be".to_owned()),
    }
}

/// Shows one value.
pub fn value(store: &mut Store<Vec<String>>, value: Val) -> Result<String> {
    Objects::default().value(store, value)
}

/// The structures and arrays found so far; their position is their number.
#[derive(Default)]
struct Objects(Vec<Rooted<AnyRef>>);

impl Objects {
    /// Shows a value: integers in decimal, floats as bits, references by their visible properties.
    fn value(&mut self, store: &mut Store<Vec<String>>, value: Val) -> Result<String> {
        Ok(match value {
            Val::I32(value) => format!("i32 {value}"),
            Val::I64(value) => format!("i64 {value}"),
            Val::F32(bits) => format!("f32 {bits:#x}"),
            Val::F64(bits) => format!("f64 {bits:#x}"),
            Val::V128(value) => format!("v128 {:#x}", value.as_u128()),
            Val::FuncRef(None) | Val::ExternRef(None) | Val::AnyRef(None) | Val::ExnRef(None) => {
                "null".to_owned()
            }
            Val::FuncRef(Some(function)) => format!("{}", function.ty(&*store)),
            Val::AnyRef(Some(reference)) => self.reference(store, reference)?,
            Val::ExternRef(Some(reference)) => {
                let reference = AnyRef::convert_extern(&mut *store, reference)?;
                format!("extern {}", self.reference(store, reference)?)
            }
            other => format!("{:?}", other.ty(&*store)?),
        })
    }

    fn reference(&mut self, store: &mut Store<Vec<String>>, reference: Rooted<AnyRef>) -> Result<String> {
        if let Some(i31) = reference.as_i31(&*store)? {
            return Ok(format!("i31 {}", i31.get_i32()));
        }
        for (number, known) in self.0.iter().enumerate() {
            if Rooted::ref_eq(&*store, known, &reference)? {
                return Ok(format!("#{number}"));
            }
        }
        let number = self.0.len();
        self.0.push(reference);
        let (kind, fields): (&str, Vec<Val>) = if let Some(object) = reference.as_struct(&*store)? {
            ("struct", object.fields(&mut *store)?.collect())
        } else if let Some(object) = reference.as_array(&*store)? {
            ("array", object.elems(&mut *store)?.collect())
        } else {
            let value = ExternRef::convert_any(&mut *store, reference)?;
            let name = value
                .data(&*store)?
                .and_then(|data| data.downcast_ref::<String>());
            return Ok(match name {
                Some(name) => format!("#{number} of the host's: {name}"),
                None => format!("#{number} of the host's"),
            });
        };
        let mut text = format!("#{number} {kind}(");
        for field in fields {
            write!(text, " {}", self.value(store, field)?)?;
        }
        text.push_str(" )");
        Ok(text)
    }
}
