//! Short names of errors, for programs. A code stays when the text changes.

use crate::bake_error::BakeError;
use crate::emit::EmitError;
use crate::error::Error;
use crate::fingerprint::Dirty;
use crate::refusal::{ComponentRefusal, Refusal};
use crate::run::{Cause, RunError};
use crate::verify::ReplayError;

/// The code of an error.
pub(super) fn of_error(error: &Error) -> &'static str {
    match error {
        Error::Metadata(_) => "workspace",
        Error::NoAnswer => "bug",
        Error::Settings { .. } | Error::Together { .. } => "settings",
        Error::NoGuests(_) => "no-guests",
        Error::NotAGuest(_) => "not-a-guest",
        Error::NoModule(_) => "no-module",
        Error::NotWasm(_) => "not-wasm",
        Error::TargetMissing { .. } => "target-missing",
        Error::Spawn { .. } => "program-missing",
        Error::Cargo { .. } => "cargo",
        Error::NothingBuilt => "nothing-built",
        Error::LockOutdated { .. } => "lock-outdated",
        Error::NoLock(_) | Error::NotRecorded(_) => "lock",
        Error::SameArtifact(_) | Error::SameName { .. } | Error::SameOutput { .. } => "same-artifact",
        Error::Bake { source, .. } | Error::InitNotRun { source, .. } => of_bake_error(source),
        Error::Replay(error) => match error {
            ReplayError::Original(error) | ReplayError::Baked(error) => of_bake_error(error),
            ReplayError::Forms => "forms",
            ReplayError::AfterTrap { .. } => "after-trap",
            ReplayError::ResumeBehindArguments(_) => "resume-behind-arguments",
            ReplayError::OutOfTime(_) => "timeout",
            ReplayError::Call(_) => "call",
        },
        Error::Differs { .. } => "differs",
        Error::Unreadable { .. } => "input",
        Error::Question(_) => "question",
        Error::FilesDiffer => "files-differ",
        Error::File(_) => "file",
        Error::NoOutput(_)
        | Error::NothingToReplace(_)
        | Error::TextToReplace(_)
        | Error::FolderElsewhere(_)
        | Error::OutputIsInput(_)
        | Error::OneOutput(..)
        | Error::NothingBeside(_) => "output",
        Error::NoModules(_) => "no-modules",
        Error::AllExcluded => "all-excluded",
        Error::Overrun { .. } => "overrun",
        Error::SeveralPrograms(_) => "several-programs",
        Error::NotAProgram { .. } => "not-a-program",
        Error::NotRun { .. } => "not-run",
        Error::Stopped { .. } => "stopped",
        Error::Guest { .. } => "program",
        Error::SomeFailed { .. } => "some-failed",
    }
}

fn of_bake_error(error: &BakeError) -> &'static str {
    match error {
        error if error.is_bug() => "bug",
        BakeError::Input(_) => "input",
        BakeError::Init(_) => "init",
        BakeError::Refused(_) | BakeError::Emit(EmitError::Refused(_)) => "refused",
        BakeError::Run(RunError::Stopped(stopped)) => of_cause(&stopped.cause),
        BakeError::Run(RunError::Dir { .. }) => "directory",
        BakeError::Run(_) => "engine",
        BakeError::Emit(_) => "emit",
        BakeError::Differs(_) => "differs",
        BakeError::Denied(_) => "denied",
        BakeError::Oversize(_) => "oversize",
        BakeError::PostProcess(_) => "post-process",
        BakeError::Precompile(_) => "precompile",
        BakeError::CheckOutput(_) | BakeError::Report(_) | BakeError::Panic { .. } => "bug",
    }
}

/// The code of what stopped init.
pub(super) fn of_cause(cause: &Cause) -> &'static str {
    match cause {
        Cause::Trap(_) => "trap",
        Cause::Panic(_) => "panic",
        Cause::Failed(_) => "failed",
        Cause::Unset => "unset",
        Cause::Import { .. } | Cause::Forbidden { .. } => "import",
        Cause::External(_) => "external-state",
        Cause::Unsupported(_) => "unsupported",
        Cause::Status(_) => "status",
        Cause::NoMemory => "no-memory",
        Cause::Exit(_) => "exit",
        Cause::Unreadable { .. } => "unreadable",
        Cause::Exception => "exception",
        Cause::Timeout(_) => "timeout",
        Cause::Memory(_) | Cause::Tables(_) | Cause::Stack(_) | Cause::Output(_) => "limit",
        Cause::Machine(_) => "machine",
    }
}

/// The code of what cannot be baked.
pub(super) fn of_refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::ImportedState { .. } | Refusal::GrownImport { .. } => "imported-state",
        Refusal::PositionIndependent => "position-independent",
        Refusal::SharedMemory(_) => "shared-memory",
        Refusal::ImportedSubtype { .. } => "imported-subtype",
        Refusal::ReservedName(_) => "reserved-name",
        Refusal::Reference { .. } => "reference",
        Refusal::SegmentOfObjects(_) => "segment-of-objects",
        Refusal::NonNullableCycle(_) => "cycle",
        Refusal::LongArray { .. } | Refusal::LongTable { .. } | Refusal::TooManyObjects(_) => "too-long",
        Refusal::EngineLimit { .. } => "engine-limit",
        Refusal::ForeignFunction(_) => "foreign-function",
        Refusal::RenameOfNothing(_)
        | Refusal::RenamedTwice(_)
        | Refusal::RenameClash(_)
        | Refusal::RenameInvalid(_) => "rename",
        Refusal::StubOfNothing(_) | Refusal::StubInComponent => "stub",
        Refusal::NeverEntered(_) => "never-entered",
        Refusal::Answer(_) => "import-answer",
        Refusal::Component(refusal) => match refusal {
            ComponentRefusal::Handles { .. } => "handles",
            ComponentRefusal::Order => "handle-order",
            ComponentRefusal::Full => "handles-unknown",
            ComponentRefusal::ChangesTable(_) => "changes-table",
            ComponentRefusal::Segment => "segment",
            ComponentRefusal::Function { .. } => "foreign-function",
            ComponentRefusal::Derived(_) => "derived",
            ComponentRefusal::Objects => "objects",
            ComponentRefusal::SdkMemory => "sdk-memory",
            ComponentRefusal::ExportsCode => "exports-code",
            ComponentRefusal::ImportsCode(_) => "imports-code",
            ComponentRefusal::ExportsOfHost(_) => "exports-of-host",
            ComponentRefusal::Differ => "differ",
            ComponentRefusal::TooLarge(_) => "engine-limit",
        },
    }
}

/// The code of why a module is baked again.
pub(super) fn of_dirty(reason: &Dirty) -> &'static str {
    match reason {
        Dirty::Tool => "tool",
        Dirty::Guest => "guest",
        Dirty::Option(_) => "options",
        Dirty::File(_) => "files",
        Dirty::Output => "output",
        Dirty::Report => "report",
    }
}
