//! What wasm-smith does not make, and a test has to count, since what never comes up is not tested.

/// A shape that a random module can have, or something that is asked of its bake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Special {
    /// The linker wraps every export, and names tell the constructors.
    CommandExports,
    /// The same, with names that tell nothing: what is there is what counts.
    CommandExportsUntold,
    /// The same without names, which is refused.
    CommandExportsStripped,
    /// `_initialize` calls the constructors.
    Initialize,
    /// `_start` calls the constructors, and there are names.
    Start,
    /// `_start` calls the constructors, and there are none.
    StartStripped,
    /// The host is to call the constructors.
    ExportedConstructors,
    /// A shadow stack whose bounds are exported.
    StackStated,
    /// A shadow stack whose bounds nobody knows, or which something contradicts.
    StackUnstated,
    /// Bytes of a stack that the bake dropped.
    StackDropped,
    /// Init hands on references that imported immutable globals hold.
    ImportedReferences,
    /// A function that the engine does not take.
    ForeignCode,
    /// Init asks a memory or a table for more than its maximum.
    FailedGrow,
    /// Init fills a long table.
    LongFill,
    /// Init takes arguments.
    Arguments,
    /// Init returns a status of 0.
    StatusZero,
    /// Init returns a status that is ignored.
    StatusIgnored,
    /// Init returns something else.
    Results,
    /// The export of init stays, and does nothing.
    KeptEmpty,
    /// What starts the module is its init.
    StartOnly,
    /// What comes out is baked once more.
    BakedAgain,
    /// An id of the build.
    BuildId,
    /// walrus writes the output.
    ByWalrus,
}

impl Special {
    /// All of them.
    pub const ALL: [Self; 23] = [
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
    ];

    /// Whether there can be no baked module with it.
    #[must_use]
    pub fn is_refused(self) -> bool {
        self == Self::CommandExportsStripped
    }
}
