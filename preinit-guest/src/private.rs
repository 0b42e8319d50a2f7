//! What the expansion of `#[preinit]` uses. Nothing else may use it.

pub use crate::abi::Item;
#[cfg(target_os = "wasi")]
pub use crate::exports::constructors;
pub use crate::initialiser::{Initialiser, Kind, Mark, Slot, initialise, kind};
pub use crate::item::Label;
pub use crate::once::Once;
pub use crate::outcome::Outcome;
pub use crate::report::{Caller, Code, Report, Run, function, run};
pub use crate::resume::resume;
