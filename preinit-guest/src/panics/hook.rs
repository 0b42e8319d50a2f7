//! A panic hook for as long as an item runs.

use std::boxed::Box;
use std::panic::{self, PanicHookInfo};
use std::ptr;
use std::sync::Arc;

use crate::message;
use crate::phase::{Phase, phase};

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send>;

/// Runs a job; if it panics, leaves the text to the tool. Afterwards the panic hook is what the job would have left
/// without all this: the one from before, or the job's own.
pub(crate) fn watch(job: impl FnOnce()) {
    let watch = Watch::begin();
    job();
    watch.end();
}

struct Watch {
    before: Arc<Before>,
    /// Where our hook is. It owns an `Arc`, so no other hook can be there as long as it lives.
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
            // The job's own, which may call ours.
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
        // Now the default one is in place for sure. It has no data, so its vtable must tell. Should the compiler have
        // made two, the default hook is put back in a box: that differs, but does the same.
        let default = panic::take_hook();
        let is_default = ptr::eq(&raw const *hook, &raw const *default);
        Self { hook, is_default }
    }

    /// Leaves the text to the tool, which shows it: only a hook that somebody set has more to say. If the job's own
    /// hook calls this one after the job, it is just the hook from before.
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
