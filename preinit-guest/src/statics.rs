//! The statics that can be preinitialised.
//!
//! The notes on the traits say which types implement them; the compiler's list would only repeat that, for the features
//! that happen to be on.

#[cfg(feature = "std")]
use std::sync::{LazyLock, OnceLock};

/// A static that knows how to initialise itself, for `#[preinit]`.
///
/// Implemented for [`LazyLock`](std::sync::LazyLock) and, with the feature `once_cell`, for `once_cell::sync::Lazy`.
/// Implement it for lazy types of your own, as a guest without the standard library does:
///
/// ```
/// use core::cell::LazyCell;
/// use preinit_guest::{Preinit, preinit};
///
/// /// A lazy static of a guest that has one thread only.
/// pub struct Local<T>(LazyCell<T>);
///
/// // SAFETY: a guest for a single-threaded target has no other thread to share with.
/// unsafe impl<T> Sync for Local<T> {}
///
/// impl<T> Preinit for Local<T> {
///     fn preinit(&'static self) {
///         LazyCell::force(&self.0);
///     }
///     fn is_preinit(&self) -> bool {
///         LazyCell::get(&self.0).is_some()
///     }
/// }
///
/// #[preinit]
/// static SQUARES: Local<[u32; 4]> = Local(LazyCell::new(|| [0, 1, 4, 9]));
///
/// assert_eq!(SQUARES.0[3], 9);
/// ```
#[diagnostic::on_unimplemented(
    message = "`#[preinit]` does not know how to initialise a static of type `{Self}`",
    label = "does not implement `preinit_guest::Preinit`",
    note = "a `LazyLock` initialises itself",
    note = "a `OnceLock` needs a function for its value: `#[preinit(with = function)]`",
    note = "`Lazy` and `OnceCell` of `once_cell::sync` need the feature `once_cell` of `preinit-guest`"
)]
pub trait Preinit {
    /// Initialises the static; does nothing if it is initialised.
    fn preinit(&'static self);

    /// Whether the static is initialised. The tool asks after [`preinit`](Self::preinit), and fails the build if not.
    fn is_preinit(&self) -> bool;
}

/// A static whose `new` takes the function that makes its value.
///
/// `#[preinit]` gives such a static an initialiser of its own, which nothing else can name. So the tool can tell that it
/// has done its work, and leave it out of the baked module with all that only it reached.
///
/// Implemented for [`LazyLock`](std::sync::LazyLock) and, with the feature `once_cell`, for `once_cell::sync::Lazy`. A
/// static is taken for one if it is made by a call of `LazyLock::new` or `Lazy::new`, so a type of your own needs this
/// trait only if it has one of these names.
#[diagnostic::on_unimplemented(
    message = "`#[preinit]` takes `{Self}` for a lazy static, since it is made by `LazyLock::new` or `Lazy::new`",
    label = "does not implement `preinit_guest::Lazy`",
    note = "implement `Lazy`, or call it by another path, such as `<{Self}>::new(…)`"
)]
pub trait Lazy: Preinit {
    /// What the function returns.
    type Value;
}

/// A static that is initialised with a function from elsewhere, for `#[preinit(with = function)]`.
///
/// Implemented for [`OnceLock`](std::sync::OnceLock) and, with the feature `once_cell`, for `once_cell::sync::OnceCell`.
#[diagnostic::on_unimplemented(
    message = "`#[preinit(with = …)]` does not know how to initialise a static of type `{Self}`",
    label = "does not implement `preinit_guest::PreinitWith`",
    note = "a `OnceLock` is initialised with a function; a `LazyLock` has one already, and takes no `with`",
    note = "`OnceCell` of `once_cell::sync` needs the feature `once_cell` of `preinit-guest`"
)]
pub trait PreinitWith {
    /// What the function returns.
    type Value;

    /// Initialises the static with what `make` returns; does nothing if it is initialised.
    fn preinit_with(&'static self, make: fn() -> Self::Value);

    /// Whether the static is initialised. The tool asks after [`preinit_with`](Self::preinit_with), and fails the build
    /// if not.
    fn is_preinit(&self) -> bool;
}

#[cfg(feature = "std")]
#[diagnostic::do_not_recommend]
impl<T, F: FnOnce() -> T> Preinit for LazyLock<T, F> {
    fn preinit(&'static self) {
        Self::force(self);
    }

    fn is_preinit(&self) -> bool {
        Self::get(self).is_some()
    }
}

#[cfg(feature = "std")]
#[diagnostic::do_not_recommend]
impl<T> Lazy for LazyLock<T> {
    type Value = T;
}

#[cfg(feature = "std")]
#[diagnostic::do_not_recommend]
impl<T> PreinitWith for OnceLock<T> {
    type Value = T;

    fn preinit_with(&'static self, make: fn() -> T) {
        self.get_or_init(make);
    }

    fn is_preinit(&self) -> bool {
        self.get().is_some()
    }
}

#[cfg(feature = "once_cell")]
#[diagnostic::do_not_recommend]
impl<T, F: FnOnce() -> T> Preinit for once_cell::sync::Lazy<T, F> {
    fn preinit(&'static self) {
        Self::force(self);
    }

    fn is_preinit(&self) -> bool {
        Self::get(self).is_some()
    }
}

#[cfg(feature = "once_cell")]
#[diagnostic::do_not_recommend]
impl<T> Lazy for once_cell::sync::Lazy<T> {
    type Value = T;
}

#[cfg(feature = "once_cell")]
#[diagnostic::do_not_recommend]
impl<T> PreinitWith for once_cell::sync::OnceCell<T> {
    type Value = T;

    fn preinit_with(&'static self, make: fn() -> T) {
        self.get_or_init(make);
    }

    fn is_preinit(&self) -> bool {
        self.get().is_some()
    }
}
