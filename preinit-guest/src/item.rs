//! The descriptor of an item.

use core::ptr;

use crate::abi::{self, Item, Text};
use crate::initialiser::{Initialiser, Kind, Mark};

/// The part of a descriptor that the item's tokens determine.
#[derive(Debug)]
pub struct Label {
    /// The `order = N` of the attribute.
    pub order: i32,
    /// The line of the item's name.
    pub line: u32,
    /// The column of the item's name.
    pub column: u32,
    /// The item's path.
    pub name: &'static str,
    /// The source file.
    pub file: &'static str,
}

impl Label {
    /// The descriptor of a function with this body.
    #[must_use]
    pub const fn function<R>(self, body: fn(&mut Mark) -> R) -> Item {
        self.describe(abi::KIND_FUNCTION, ptr::null(), 0, body as *const ())
    }

    /// The descriptor of a function that runs in each baked instance.
    #[must_use]
    pub const fn resume(self) -> Item {
        self.describe(abi::KIND_FUNCTION, ptr::null(), 0, ptr::null())
    }

    /// The descriptor of a static.
    #[must_use]
    pub const fn of<T>(self, it: &'static T) -> Item {
        self.describe(
            abi::KIND_STATIC,
            ptr::from_ref(it).cast(),
            size_of::<T>(),
            ptr::null(),
        )
    }

    /// The descriptor of a static with an initialiser of its own. The tool removes an initialiser that a descriptor names
    /// from the baked module, so only a type that promises not to call it again has it named.
    #[must_use]
    pub const fn lazy<L, V, F: Copy>(
        self,
        it: &'static L,
        kind: Kind<L, V, F>,
        initialiser: Initialiser,
    ) -> Item {
        Item {
            initialiser: match kind.calls.until_preinit {
                true => initialiser as *const (),
                false => ptr::null(),
            },
            ..self.of(it)
        }
    }

    const fn describe(self, kind: u32, address: *const (), bytes: usize, initialiser: *const ()) -> Item {
        let Self {
            order,
            line,
            column,
            name,
            file,
        } = self;
        Item {
            size: SIZE,
            kind,
            order,
            line,
            column,
            name: text(name),
            file: text(file),
            address,
            bytes,
            initialiser,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a constant: at most twelve fields of 8 bytes"
)]
const SIZE: u32 = size_of::<Item>() as u32;

const fn text(text: &'static str) -> Text {
    Text {
        start: text.as_ptr(),
        len: text.len(),
    }
}
