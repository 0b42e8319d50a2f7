//! The thread that a bake runs on.

use std::thread;

use crate::bake_error::BakeError;
use crate::clock::Clock;
use crate::options::BakeOptions;
use crate::run::RunError;
use crate::text::panic_message;

/// The bytes of stack that the stages themselves may use; compilers recurse over nested blocks.
pub(crate) const STACK_OF_STAGES: usize = 8 << 20;

/// Runs `work` on a new thread, whose stack has the bytes that the guest's calls may use and [`STACK_OF_STAGES`].
///
/// # Errors
///
/// Those of `work`. A panic in it becomes [`BakeError::Panic`], which names the clock's stage. [`RunError::NoStack`] if the thread
/// cannot be started.
pub(crate) fn with_stack<T: Send, E: From<BakeError> + Send>(
    options: &BakeOptions,
    clock: &Clock,
    work: impl FnOnce() -> Result<T, E> + Send,
) -> Result<T, E> {
    let stack = options.limits.stack_bytes.saturating_add(STACK_OF_STAGES);
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .name("bake".to_owned())
            .stack_size(stack)
            .spawn_scoped(scope, work)
            .map_err(|_| BakeError::Run(RunError::NoStack(stack)))?;
        thread.join().unwrap_or_else(|panic| {
            Err(E::from(BakeError::Panic {
                stage: clock.stage(),
                message: panic_message(&*panic).to_owned(),
            }))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Stage;

    #[test]
    fn a_panic_says_in_which_stage_it_was_and_what() {
        let clock = Clock::unwatched();
        let result: Result<(), BakeError> = with_stack(&BakeOptions::default(), &clock, || {
            clock.enter(Stage::Capture);
            panic!("{} is wrong", "it");
        });
        let error = result.expect_err("it panicked");
        assert_eq!(
            error.to_string(),
            "panicked while reading the state that init left: it is wrong"
        );
        assert!(error.is_bug());
    }
}
