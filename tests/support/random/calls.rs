//! Does the same to two instances as a host, and compares the effects.

use wasmtime::error::{Result, ensure};
use wasmtime::{AsContextMut as _, Extern, Func, Mutability, Ref, Val, ValType};

use super::Choices;
use super::observe::{Graph, memories, state, text};
use super::values::make;
use super::world::{Answer, End, World};

/// How many returned references are kept as arguments for later calls.
const POOL: usize = 12;

/// Whether the comparison can go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Done,
    /// One side reached a bound, so that the rest cannot be compared.
    Over(String),
}

/// Two instances that must look the same.
pub(super) struct Pair {
    pub(super) original: World,
    pub(super) baked: World,
    /// The exports that both have.
    pub(super) names: Vec<String>,
}

impl Pair {
    /// Compares all state.
    pub(super) fn compare(&mut self, when: &str) -> Result<()> {
        let left = state(&mut self.original, &self.names)?;
        let right = state(&mut self.baked, &self.names)?;
        same(&left, &right, when)?;
        let left = memories(&mut self.original, &self.names)?;
        let right = memories(&mut self.baked, &self.names)?;
        for ((name, left), (_, right)) in left.into_iter().zip(right) {
            let left = left.data(&self.original.store);
            let right = right.data(&self.baked.store);
            let position = left.iter().zip(right).position(|(left, right)| left != right);
            if let Some(position) = position.filter(|_| left != right) {
                wasmtime::bail!(
                    "{when}, `{name}` differs at {position:#x}: {:#x} in the original, {:#x} baked",
                    left[position],
                    right[position]
                );
            }
        }
        Ok(())
    }

    /// Calls or writes to one export on both sides.
    pub(super) fn step(&mut self, choices: &mut Choices) -> Result<Step> {
        let Some(name) = choices.pick(&self.names).cloned() else {
            return Ok(Step::Done);
        };
        match self.baked.export(&name)? {
            Extern::Func(_) => self.call(choices, &name, |world, name| {
                Ok(match world.export(name)? {
                    Extern::Func(function) => Some(function),
                    _ => None,
                })
            }),
            Extern::Table(_) if choices.chance(3, 4) => {
                let slot = choices.number();
                self.call(choices, &format!("{name} {slot}"), |world, _| {
                    let Extern::Table(table) = world.export(&name)? else {
                        return Ok(None);
                    };
                    let slot = slot % table.size(&world.store).max(1);
                    let reference = table.get(&mut world.store, slot);
                    Ok(match reference {
                        Some(Ref::Func(function)) => function,
                        _ => None,
                    })
                })
            }
            _ => {
                let seed = choices.number();
                let left = write(&mut self.original, &name, Choices::new(seed))?;
                let right = write(&mut self.baked, &name, Choices::new(seed))?;
                same(&left, &right, &format!("writing to `{name}`"))?;
                Ok(Step::Done)
            }
        }
    }

    fn call(
        &mut self,
        choices: &mut Choices,
        what: &str,
        find: impl Fn(&mut World, &str) -> Result<Option<Func>>,
    ) -> Result<Step> {
        let functions = (find(&mut self.original, what)?, find(&mut self.baked, what)?);
        let (Some(left), Some(right)) = functions else {
            ensure!(
                functions.0.is_none() && functions.1.is_none(),
                "`{what}` is a function on one side only"
            );
            return Ok(Step::Done);
        };
        let seed = choices.number();
        let arguments = (
            arguments(&mut self.original, left, Choices::new(seed)),
            arguments(&mut self.baked, right, Choices::new(seed)),
        );
        let (Some(left_arguments), Some(right_arguments)) = arguments else {
            ensure!(
                arguments.0.is_none() && arguments.1.is_none(),
                "`{what}` takes other arguments"
            );
            return Ok(Step::Done);
        };
        let shown = show_all(&mut self.original, &left_arguments);
        let left = self.original.call(left, &left_arguments)?;
        let right = self.baked.call(right, &right_arguments)?;
        // Both sides run the same code, so they run out of fuel at the same instruction.
        for answer in [&left, &right] {
            if let Answer::Ended(End::Resource(why)) = answer {
                return Ok(Step::Over(why.clone()));
            }
        }
        let left = note(&mut self.original, left);
        let right = note(&mut self.baked, right);
        same(&left, &right, &format!("calling `{what}` with {shown}"))?;
        Ok(Step::Done)
    }
}

/// Compares two texts, and shows the first lines that differ.
fn same(left: &str, right: &str, what: &str) -> Result<()> {
    if left == right {
        return Ok(());
    }
    let pairs = left.lines().zip(right.lines());
    let (left, right) = pairs
        .into_iter()
        .find(|(left, right)| left != right)
        .unwrap_or((left, right));
    wasmtime::bail!("{what}:\n  original: {left}\n  baked:    {right}")
}

fn show_all(world: &mut World, values: &[Val]) -> String {
    let mut graph = Graph::default();
    let mut store = world.store.as_context_mut();
    let shown: Vec<String> = values
        .iter()
        .map(|value| text(&mut store, &mut graph, value))
        .collect();
    format!("({}){}", shown.join(", "), graph.finish(&mut store))
}

/// An answer as text, after the calls of imports that led to it. Returned references go into the pool.
fn note(world: &mut World, answer: Answer) -> String {
    let mut lines: Vec<String> = std::mem::take(&mut world.store.data_mut().log);
    match answer {
        Answer::Values(values) => {
            lines.push(show_all(world, &values));
            for value in values {
                if value.ref_().is_some() && world.pool.len() < POOL {
                    world.pool.push(value);
                }
            }
        }
        Answer::Ended(end) => lines.push(format!("{end:?}")),
    }
    lines.join("\n")
}

/// Arguments for a function; `None` if one cannot be made.
fn arguments(world: &mut World, function: Func, mut choices: Choices) -> Option<Vec<Val>> {
    let types: Vec<ValType> = function.ty(&world.store).params().collect();
    types.iter().map(|ty| argument(world, ty, &mut choices)).collect()
}

/// A reference from the pool, or a new value.
fn argument(world: &mut World, ty: &ValType, choices: &mut Choices) -> Option<Val> {
    if let ValType::Ref(_) = ty {
        let own = choices.chance(1, 2);
        let number = choices.number();
        if own {
            let mut fitting: Vec<Val> = Vec::new();
            for value in &world.pool {
                if value.matches_ty(&world.store, ty).unwrap_or(false) {
                    fitting.push(*value);
                }
            }
            if let Some(value) = Choices::new(number).pick(&fitting) {
                return Some(*value);
            }
        }
    }
    make(&mut world.store.as_context_mut(), ty, choices, 0)
}

/// Writes to a memory, a table or a global, or grows it. Returns the result as text.
fn write(world: &mut World, name: &str, mut choices: Choices) -> Result<String> {
    Ok(match world.export(name)? {
        Extern::Memory(memory) => {
            if choices.chance(1, 2) {
                let pages = choices.number() % 3;
                format!("{:?}", memory.grow(&mut world.store, pages).ok())
            } else {
                let size = memory.data_size(&world.store);
                let bytes = choices.bytes(8);
                let offset = choices.below(size + 4);
                format!("{:?}", memory.write(&mut world.store, offset, &bytes).is_ok())
            }
        }
        Extern::Global(global) => {
            let ty = global.ty(&world.store);
            if ty.mutability() == Mutability::Const {
                return Ok("constant".to_owned());
            }
            match make(&mut world.store.as_context_mut(), ty.content(), &mut choices, 0) {
                Some(value) => format!("{:?}", global.set(&mut world.store, value).is_ok()),
                None => "no value".to_owned(),
            }
        }
        Extern::Table(table) => {
            let element = ValType::Ref(table.ty(&world.store).element().clone());
            let value = make(&mut world.store.as_context_mut(), &element, &mut choices, 0);
            match value.and_then(|value| value.ref_()) {
                Some(value) if choices.chance(1, 2) => {
                    let slot = choices.number() % (table.size(&world.store) + 1);
                    format!("{:?}", table.set(&mut world.store, slot, value).is_ok())
                }
                Some(value) => {
                    let slots = choices.number() % 4;
                    format!("{:?}", table.grow(&mut world.store, slots, value).ok())
                }
                None => "no value".to_owned(),
            }
        }
        _ => String::new(),
    })
}
