//! A panic hook that is set while an item runs.

use std::boxed::Box;
use std::panic::{self, PanicHookInfo};
use std::ptr;
use std::sync::Arc;

use crate::message;
use crate::phase::{Phase, phase};

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send>;

/// Runs a job; if it panics, passes the text to the tool. Afterwards the panic hook is what the job alone would have left:
/// the previous one, or the job's own.
pub(crate) fn watch(job: impl FnOnce()) {
    let watch = Watch::begin();
    job();
    watch.end();
}

struct Watch {
    before: Arc<Before>,
    /// The address of our hook. That owns an `Arc`, so no other hook can be at the address as long as it lives.
    address: *const (),
}

impl Watch {
    fn begin() -> Self {
        let before = Arc::new(Before::take());
        let hook: Hook = Box::new({
            let before = Arc::clone(&before);
            move |info| before.panicked(info)
        });
        let address = (&raw const *hook).cast();
        panic::set_hook(hook);
        Self { before, address }
    }

    fn end(self) {
        let hook = panic::take_hook();
        let is_alive = Arc::strong_count(&self.before) > 1;
        if !(is_alive && ptr::addr_eq(&raw const *hook, self.address)) {
            // The job has set its own hook, which may call ours.
            panic::set_hook(hook);
            return;
        }
        drop(hook);
        if let Some(before) = Arc::into_inner(self.before)
            && !before.is_default
        {
            panic::set_hook(before.hook);
        }
    }
}

/// The hook from before the job.
struct Before {
    hook: Hook,
    /// Whether it is the standard library's, which is in place whenever no other is set.
    is_default: bool,
}

impl Before {
    /// Takes the current hook, and leaves the default one.
    fn take() -> Self {
        let hook = panic::take_hook();
        // Now the default hook is certainly set. It has no data, so only its vtable identifies it. If the compiler has made
        // two vtables, the default hook is set again in a box: another hook that does the same.
        let default = panic::take_hook();
        let is_default = ptr::eq(&raw const *hook, &raw const *default);
        Self { hook, is_default }
    }

    /// Passes the text to the tool, which shows it, so the default hook is not called. If the job's own hook calls this one
    /// after the job, it only calls the previous hook.
    fn panicked(&self, info: &PanicHookInfo<'_>) {
        let is_watched = phase() == Phase::BeingPreinitialised;
        if is_watched {
            report(info);
        }
        if !(is_watched && self.is_default) {
            (self.hook)(info);
        }
    }
}

fn report(info: &PanicHookInfo<'_>) {
    let text = info.payload_as_str().unwrap_or("Box<dyn Any>");
    match info.location() {
        Some(location) => message::set(format_args!("panicked at {location}: {text}")),
        None => message::set(format_args!("panicked: {text}")),
    }
}

#[cfg(test)]
mod tests;
