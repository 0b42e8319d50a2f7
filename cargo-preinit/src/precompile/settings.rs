//! What a user asks of the compilation: the targets, and what differs in the engine that loads the images.

use super::target::Target;

/// What a module is compiled for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Precompile {
    /// The targets. Each gets an image.
    pub targets: Vec<Target>,
    /// How the engine that loads the images differs from a default one.
    pub engine: Vec<EngineSetting>,
}

/// A setting of the loading engine that compiled code depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum EngineSetting {
    /// `Config::consume_fuel(true)`
    ConsumeFuel,
    /// `Config::epoch_interruption(true)`
    EpochInterruption,
    /// wasmtime without its Cargo feature `component-model-async`, or `Config::concurrency_support(false)`
    NoConcurrencySupport,
}
