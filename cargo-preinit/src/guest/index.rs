//! Indices into the index spaces of a module, and into the modules and instances of a guest: one type for each, so that they
//! cannot be confused.

use std::fmt;

macro_rules! indices {
    ($vis:vis, $($(#[$meta:meta])* $name:ident)*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl $name {
            /// The index as a position in a `Vec` that is ordered by it.
            #[must_use]
            $vis fn position(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

indices! { pub,
    /// A type of the type section, recursion groups flattened.
    TypeIndex
    /// A function, imported ones first.
    FunctionIndex
    /// A table, imported ones first.
    TableIndex
    /// A memory, imported ones first.
    MemoryIndex
    /// A global, imported ones first.
    GlobalIndex
    /// An element segment.
    ElementIndex
    /// A data segment.
    DataIndex
    /// A module of a guest. A core module is module 0.
    ModuleId
    /// An instance of a core module of a guest, numbered in the order of instantiation.
    InstanceId
}

indices! { pub(crate),
    /// A component of a guest. The whole is component 0.
    ComponentId
    /// An instance of a component of a guest.
    ScopeId
}

/// Pairs the items of an index space with their indices.
///
/// An index space has at most `u32::MAX` entries in a valid module, since its length is a `u32` in the binary format.
pub(crate) fn enumerate<T>(items: &[T]) -> impl Iterator<Item = (u32, &T)> {
    (0_u32..).zip(items)
}
