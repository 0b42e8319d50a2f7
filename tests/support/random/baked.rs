//! Compares a baked module with its original, through exports and imports.

use std::collections::BTreeSet;

use cargo_preinit::KeepInit;
use wasmtime::error::{Context as _, Result, bail, ensure};
use wasmtime::{AsContextMut as _, Extern, Module, Val};

use super::calls::{Pair, Step};
use super::generate::{Guest, MEMORY, POINTER, is_of_oracle};
use super::values::make;
use super::world::{Answer, World, engine};
use super::{Choices, Original, Outcome, Plan, Special};

/// The two modules to compare.
pub(super) struct Sides<'a> {
    pub(super) guest: &'a Guest,
    /// The original.
    pub(super) module: &'a Module,
    /// The baked module.
    pub(super) baked: &'a [u8],
    pub(super) plan: &'a Plan,
}

impl Sides<'_> {
    fn is_init(&self, name: &str) -> bool {
        self.plan.inits.iter().any(|init| init.export == name)
    }

    /// Checks the exports of the baked module, and returns them without emptied init functions, sorted.
    fn names(&self, output: &Module) -> Result<Vec<String>> {
        let keep = self.plan.keep;
        let mut found: Vec<&str> = output.exports().map(|export| export.name()).collect();
        found.sort_unstable();
        let wanted = self.module.exports().map(|export| export.name());
        let mut wanted: Vec<&str> = wanted
            .filter(|name| !is_of_oracle(name) && (keep != KeepInit::Remove || !self.is_init(name)))
            .collect();
        wanted.sort_unstable();
        ensure!(
            found == wanted,
            "the exports are {found:?}, and must be {wanted:?}"
        );
        let mut names: Vec<String> = found.into_iter().map(str::to_owned).collect();
        names.retain(|name| keep != KeepInit::Empty || !self.is_init(name));
        Ok(names)
    }
}

/// Compares the two modules through exports and imports. Adds to `specials` if stack bytes were dropped.
pub(super) fn compare(
    sides: &Sides<'_>,
    original: Original,
    specials: &mut BTreeSet<Special>,
    choices: &mut Choices,
) -> Result<Outcome> {
    let output = Module::new(engine()?, sides.baked).context("the baked module does not compile")?;
    let names = sides.names(&output)?;
    let imports = |module: &Module| -> Vec<String> {
        let imports = module.imports();
        imports
            .map(|import| format!("{} {} {:?}", import.module(), import.name(), import.ty()))
            .collect()
    };
    ensure!(imports(&output) == imports(sides.module), "other imports");
    let mut hidden = BTreeSet::new();
    if sides.plan.keep == KeepInit::Empty {
        hidden.extend(sides.plan.inits.iter().map(|init| init.export.clone()));
    }
    let baked = match World::new(&output, &sides.plan.seed, &hidden)? {
        Ok(world) => world,
        Err(end) => bail!("the baked module cannot be instantiated: {end:?}"),
    };
    ensure!(
        baked.store.data().log.is_empty(),
        "to instantiate the baked module calls imports"
    );
    let Original { world, results } = original;
    let mut pair = Pair {
        original: world,
        baked,
        names,
    };
    if drop_stack(sides.guest, &mut pair)? {
        specials.insert(Special::StackDropped);
    }
    if sides.plan.keep == KeepInit::Empty {
        call_emptied(&mut pair.baked, &results, choices)?;
    }
    pair.compare("at the start")?;
    let steps = 4 + choices.below(16);
    for number in 0..steps {
        if let Step::Over(why) = pair.step(choices).with_context(|| format!("step {number}"))? {
            return Ok(Outcome::BakedUntil(why));
        }
        if number % 4 == 3 {
            pair.compare(&format!("after step {number}"))?;
        }
    }
    pair.compare("at the end")?;
    Ok(Outcome::Baked)
}

/// Zeroes in the original the bytes of the unused stack that the bake has zeroed. Returns whether there were such bytes.
fn drop_stack(guest: &Guest, pair: &mut Pair) -> Result<bool> {
    let Some(stack) = &guest.stack else {
        return Ok(false);
    };
    let Extern::Global(pointer) = pair.original.export(POINTER)? else {
        bail!("the stack pointer is no global");
    };
    let Val::I32(pointer) = pointer.get(&mut pair.original.store) else {
        bail!("the stack pointer is no address");
    };
    let Some(dead) = stack.dead(u64::from(pointer.cast_unsigned())) else {
        return Ok(false);
    };
    let (Extern::Memory(original), Extern::Memory(baked)) =
        (pair.original.export(MEMORY)?, pair.baked.export(MEMORY)?)
    else {
        bail!("the memory is none");
    };
    let dead = usize::try_from(dead.start)?..usize::try_from(dead.end)?;
    let original = &mut original.data_mut(&mut pair.original.store)[dead.clone()];
    let baked = &baked.data(&pair.baked.store)[dead];
    let mut has_dropped = false;
    for (original, baked) in original.iter_mut().zip(baked) {
        if *baked == 0 && *original != 0 {
            *original = 0;
            has_dropped = true;
        }
    }
    Ok(has_dropped)
}

/// Calls the emptied init functions, which must only return what init returned.
fn call_emptied(world: &mut World, results: &[(String, Vec<Val>)], choices: &mut Choices) -> Result<()> {
    for (name, wanted) in results {
        let Extern::Func(function) = world.export(name)? else {
            bail!("`{name}` is no function any more");
        };
        let types: Vec<_> = function.ty(&world.store).params().collect();
        let arguments: Option<Vec<Val>> = types
            .iter()
            .map(|ty| make(&mut world.store.as_context_mut(), ty, choices, 0))
            .collect();
        let Some(arguments) = arguments else {
            continue;
        };
        match world.call(function, &arguments)? {
            Answer::Values(values) => ensure!(
                format!("{values:?}") == format!("{wanted:?}"),
                "`{name}` returned {wanted:?}, and emptied it returns {values:?}"
            ),
            Answer::Ended(end) => bail!("`{name}` is not empty: {end:?}"),
        }
    }
    Ok(())
}
