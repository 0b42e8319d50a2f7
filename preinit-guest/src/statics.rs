//! The statics that can be preinitialised.
//!
//! The traits' docs list the types that implement them. The compiler's own list would repeat that, for the features that
//! happen to be on.

#[cfg(feature = "std")]
use std::sync::{LazyLock, OnceLock};

/// A static that can initialise itself, for `#[preinit]`.
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
/// `#[preinit]` gives such a static an initialiser of its own: a function that nothing else can name, which calls the one
/// that `new` was given. If the type promises not to call it once the static is initialised, the tool removes the initialiser
/// from the baked module, with all that only it reached. Otherwise it stays, and may be called at any time.
///
/// Implemented for [`LazyLock`](std::sync::LazyLock) and, with the feature `once_cell`, for `once_cell::sync::Lazy`; both
/// promise it. The attribute recognises such a static by a call of `LazyLock::new` or `Lazy::new`, so a type of your own
/// needs this trait only if it has one of these names:
///
/// ```
/// use std::sync::{Mutex, PoisonError};
/// use preinit_guest::preinit;
///
/// /// A number that is made when it is needed, and again when it was thrown away.
/// pub struct Lazy {
///     value: Mutex<Option<u32>>,
///     make: fn() -> u32,
/// }
///
/// impl Lazy {
///     pub const fn new(make: fn() -> u32) -> Self {
///         Self { value: Mutex::new(None), make }
///     }
///     fn value(&self) -> std::sync::MutexGuard<'_, Option<u32>> {
///         self.value.lock().unwrap_or_else(PoisonError::into_inner)
///     }
///     pub fn get(&self) -> u32 {
///         *self.value().get_or_insert_with(self.make)
///     }
///     pub fn throw_away(&self) {
///         *self.value() = None;
///     }
/// }
///
/// impl preinit_guest::Preinit for Lazy {
///     fn preinit(&'static self) {
///         self.get();
///     }
///     fn is_preinit(&self) -> bool {
///         self.value().is_some()
///     }
/// }
///
/// // Nothing is promised: `make` is called again.
/// impl preinit_guest::Lazy for Lazy {
///     type Value = u32;
/// }
///
/// #[preinit]
/// static SEVEN: Lazy = Lazy::new(|| 7);
///
/// assert_eq!(SEVEN.get(), 7);
/// SEVEN.throw_away();
/// assert_eq!(SEVEN.get(), 7);
/// ```
#[diagnostic::on_unimplemented(
    message = "`#[preinit]` takes `{Self}` for a lazy static, since it is made by `LazyLock::new` or `Lazy::new`",
    label = "does not implement `preinit_guest::Lazy`",
    note = "`Lazy` of `once_cell::sync` needs the feature `once_cell` of `preinit-guest`: `cargo add preinit-guest --features once_cell`",
    note = "a type of your own implements `preinit_guest::Lazy`, or is made by another path, such as `<{Self}>::new(…)`"
)]
pub trait Lazy: Preinit {
    /// What the function returns.
    type Value;

    /// When the function may be called: at any time, unless a type promises otherwise.
    const CALLS: Calls = Calls::any_time();
}

/// When a [`Lazy`] static may call the function that its `new` was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calls {
    pub(crate) until_preinit: bool,
}

impl Calls {
    /// At any time, also once the static is initialised: its value may be taken out and made again, for example.
    #[must_use]
    pub const fn any_time() -> Self {
        Self { until_preinit: false }
    }

    /// Never again once [`is_preinit`](Preinit::is_preinit) has returned true.
    ///
    /// ```
    /// # use std::sync::OnceLock;
    /// # use preinit_guest::{Calls, Preinit};
    /// pub struct Lazy<T>(OnceLock<T>, fn() -> T);
    /// # impl<T> Preinit for Lazy<T> {
    /// #     fn preinit(&'static self) { self.0.get_or_init(self.1); }
    /// #     fn is_preinit(&self) -> bool { self.0.get().is_some() }
    /// # }
    ///
    /// impl<T> preinit_guest::Lazy for Lazy<T> {
    ///     type Value = T;
    ///     // SAFETY: only `OnceLock::get_or_init` calls the function, and a shared `OnceLock` keeps its value.
    ///     const CALLS: Calls = unsafe { Calls::until_preinit() };
    /// }
    /// ```
    ///
    /// # Safety
    ///
    /// Once `is_preinit` of a static of the type has returned true,
    ///
    /// - it always returns true: nothing takes the value out again, and
    /// - the function that the static's `new` was given is not called again in any way.
    ///
    /// A type that breaks the promise has undefined behaviour in a baked module, since the tool removes the function from it.
    #[must_use]
    pub const unsafe fn until_preinit() -> Self {
        Self { until_preinit: true }
    }
}

/// A static that is initialised with a function from elsewhere, for `#[preinit(with = function)]`.
///
/// Implemented for [`OnceLock`](std::sync::OnceLock) and, with the feature `once_cell`, for `once_cell::sync::OnceCell`.
#[diagnostic::on_unimplemented(
    message = "`#[preinit(with = …)]` does not know how to initialise a static of type `{Self}`",
    label = "does not implement `preinit_guest::PreinitWith`",
    note = "a `OnceLock` is initialised with a function; a `LazyLock` has one already, and takes no `with`",
    note = "`OnceCell` of `once_cell::sync` needs the feature `once_cell` of `preinit-guest`: `cargo add preinit-guest --features once_cell`"
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
    // SAFETY: a `LazyLock` never loses its value, and drops the function for it, except by unique access, which a static
    // never gives.
    const CALLS: Calls = unsafe { Calls::until_preinit() };
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
    // SAFETY: as for a `LazyLock`.
    const CALLS: Calls = unsafe { Calls::until_preinit() };
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
