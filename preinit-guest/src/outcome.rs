//! What a preinitialised function may return.

use core::fmt::Display;

/// `()`, or a `Result<(), E>` whose error can be shown.
#[diagnostic::on_unimplemented(
    message = "a `#[preinit]` function returns `()` or `Result<(), E>`, not `{Self}`",
    label = "neither `()` nor `Result<(), E>` with `E: Display`"
)]
pub trait Outcome {
    /// What to return when the function has already run.
    fn done() -> Self;

    /// The error for which the function counts as not having run.
    fn failure(&self) -> Option<impl Display>;
}

impl Outcome for () {
    fn done() {}

    fn failure(&self) -> Option<impl Display> {
        None::<&str>
    }
}

impl<E: Display> Outcome for Result<(), E> {
    fn done() -> Self {
        Ok(())
    }

    fn failure(&self) -> Option<impl Display> {
        self.as_ref().err()
    }
}
