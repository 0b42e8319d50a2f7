//! A bake whose functions are compiled as init reaches them must come to the same as one that compiles all of them.

use cargo_preinit::{BakeError, Baked, CompiledFunctions};
use wasmtime::error::{Result, bail, ensure};

/// How a bake was compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compiled {
    AsAWhole,
    InParts,
}

/// Bakes in the way that the other bake was not told to, and checks that the output, the warnings and errors are the same. Returns how
/// the functions of the new bake were compiled.
pub fn check(
    all: &Result<Baked, BakeError>,
    bake: impl FnOnce(CompiledFunctions) -> Result<Baked, BakeError>,
) -> Result<Compiled> {
    let reached = bake(CompiledFunctions::Reached);
    match (all, &reached) {
        (Ok(all), Ok(reached)) => {
            ensure!(
                all.wasm == reached.wasm,
                "other bytes if functions are compiled as they are reached"
            );
            let warnings = |baked: &Baked| -> Vec<String> {
                baked.report.warnings.iter().map(ToString::to_string).collect()
            };
            let (all, reached_warnings) = (warnings(all), warnings(reached));
            ensure!(
                all == reached_warnings,
                "other warnings if functions are compiled as they are reached: {reached_warnings:?} in place of {all:?}"
            );
            Ok(match reached.report.run.compiled {
                Some(_) => Compiled::InParts,
                None => Compiled::AsAWhole,
            })
        }
        (Err(all), Err(reached)) => {
            let text = |error: &BakeError| format!("{error}\n{:?}", error.help());
            ensure!(
                text(all) == text(reached),
                "another error if functions are compiled as they are reached: {} in place of {}",
                text(reached),
                text(all)
            );
            Ok(Compiled::AsAWhole)
        }
        (Ok(_), Err(error)) => bail!("not baked if functions are compiled as they are reached: {error}"),
        (Err(error), Ok(_)) => bail!("baked only if functions are compiled as they are reached: {error}"),
    }
}
