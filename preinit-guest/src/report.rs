//! Running an item for the tool.

use crate::initialiser::{Kind, Mark};
use crate::once::Once;
use crate::outcome::Outcome;
use crate::statics::{Preinit, PreinitWith};
use crate::{abi, message, panics};

/// What the function that runs an item returns: one of the `RUN_*` values.
pub type Code = u32;

/// The function that runs an item.
pub type Run = extern "C" fn() -> Code;

/// Runs an item, and tells the tool how it went.
pub fn run(item: impl FnOnce(&mut Report)) -> Code {
    let mut report = Report { code: abi::RUN_DONE };
    panics::watch(|| item(&mut report));
    #[cfg(feature = "std")]
    crate::per_instance::forget_all();
    report.code
}

/// Runs a function's body for a caller of the function, or the function for the tool.
#[inline]
pub fn function<R: Outcome>(caller: impl Caller, body: impl FnOnce(&mut Mark) -> R) -> R {
    caller.call(body)
}

/// The caller of a `#[preinit]` function: code of the guest, or the tool.
pub trait Caller {
    /// Calls `body`, unless the function has already run.
    fn call<R: Outcome>(self, body: impl FnOnce(&mut Mark) -> R) -> R;
}

/// The code of the guest.
impl Caller for &Once {
    #[inline]
    fn call<R: Outcome>(self, body: impl FnOnce(&mut Mark) -> R) -> R {
        self.run(body)
    }
}

/// The tool.
impl Caller for &mut Report {
    fn call<R: Outcome>(self, function: impl FnOnce(&mut Mark) -> R) -> R {
        let outcome = function(&mut Mark::none());
        if let Some(failure) = outcome.failure() {
            // The alternate form, in which `anyhow` and similar crates also show an error's causes.
            message::set(format_args!("{failure:#}"));
            self.code = abi::RUN_FAILED;
        }
        outcome
    }
}

/// The result of the item that is running.
#[derive(Debug)]
pub struct Report {
    code: Code,
}

impl Report {
    /// Initialises a static.
    pub fn force<T: Preinit>(&mut self, it: &'static T) {
        it.preinit();
        self.expect(it.is_preinit());
    }

    /// Initialises a static that has an initialiser of its own.
    pub fn force_lazy<L, V>(&mut self, it: &'static L, kind: Kind<L, V, impl Fn(&'static L) -> bool>) {
        self.expect((kind.force)(it));
    }

    /// Initialises a static with what a function makes.
    pub fn force_with<T: PreinitWith>(&mut self, it: &'static T, make: fn() -> T::Value) {
        it.preinit_with(make);
        self.expect(it.is_preinit());
    }

    fn expect(&mut self, is_preinit: bool) {
        if !is_preinit {
            self.code = abi::RUN_UNSET;
        }
    }
}
