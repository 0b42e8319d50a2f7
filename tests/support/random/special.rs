//! Features that wasm-smith does not make. A test counts them, since a feature that never occurs is not tested.

/// A feature of a random module, or of its bake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Special {
    /// The linker wraps every export, and the name section names the constructors.
    CommandExports,
    /// The same, with a name section that does not name them.
    CommandExportsUntold,
    /// The same without a name section, which is refused.
    CommandExportsStripped,
    /// `_initialize` calls the constructors.
    Initialize,
    /// `_start` calls the constructors, and there is a name section.
    Start,
    /// `_start` calls the constructors, and there is no name section.
    StartStripped,
    /// The constructors are exported, for the host to call.
    ExportedConstructors,
    /// A shadow stack whose bounds are exported.
    StackStated,
    /// A shadow stack whose bounds are not exported, or contradicted.
    StackUnstated,
    /// Bytes of the stack that the bake zeroed.
    StackDropped,
    /// Init stores references that imported immutable globals hold.
    ImportedReferences,
    /// A function that the engine does not compile.
    ForeignCode,
    /// Init tries to grow a memory or a table beyond its maximum.
    FailedGrow,
    /// Init fills a long table.
    LongFill,
    /// Init takes arguments.
    Arguments,
    /// Init returns a status of 0.
    StatusZero,
    /// Init returns a status that is ignored.
    StatusIgnored,
    /// Init returns other results.
    Results,
    /// The export of init stays, emptied.
    KeptEmpty,
    /// Init is what starts the module.
    StartOnly,
    /// The output is baked again.
    BakedAgain,
    /// A custom section with a build ID.
    BuildId,
    /// walrus writes the output.
    ByWalrus,
    /// Another bake compiles the functions as init reaches them.
    InParts,
}

impl Special {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::CommandExports,
        Self::CommandExportsUntold,
        Self::CommandExportsStripped,
        Self::Initialize,
        Self::Start,
        Self::StartStripped,
        Self::ExportedConstructors,
        Self::StackStated,
        Self::StackUnstated,
        Self::StackDropped,
        Self::ImportedReferences,
        Self::ForeignCode,
        Self::FailedGrow,
        Self::LongFill,
        Self::Arguments,
        Self::StatusZero,
        Self::StatusIgnored,
        Self::Results,
        Self::KeptEmpty,
        Self::StartOnly,
        Self::BakedAgain,
        Self::BuildId,
        Self::ByWalrus,
        Self::InParts,
    ];

    /// Whether every module with it is refused.
    #[must_use]
    pub fn is_refused(self) -> bool {
        self == Self::CommandExportsStripped
    }
}
