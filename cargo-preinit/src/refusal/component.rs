//! What a bake cannot carry over of a component.

use std::fmt;

use super::{Place, Space};
use crate::guest::index::TableIndex;
use crate::shown;

/// The handle of a directory that the host gave the guest, in words.
pub(crate) const DIRECTORY_HANDLE: &str = "a directory (`wasi:filesystem/types`)";

/// A property of a component that a bake cannot carry over.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComponentRefusal {
    /// Handles that are alive after init.
    Handles {
        /// How many.
        count: usize,
        /// What the host has given, among them.
        of_host: Vec<String>,
        /// Whose they are, unless it is the component as a whole.
        holder: Option<String>,
    },
    /// Handles that init dropped in an order by which later ones get other numbers.
    Order,
    /// Handles that init made in a component that has no room for the functions that tell which numbers later ones get.
    Full,
    /// Code that changes a table of objects that another instance defines.
    ChangesTable(TableIndex),
    /// Objects that are copied to a table of another instance.
    Segment,
    /// A place that holds a function of another instance, and that no module can put there.
    Function {
        /// Where it is.
        place: Place,
        /// The function, in words.
        function: String,
    },
    /// State that starts as a global of another instance says.
    Derived(Space),
    /// Structures or arrays in several instances.
    Objects,
    /// The SDK's items are in a module whose memory another instance defines.
    SdkMemory,
    /// The component exports a module or a component, which a host could instantiate once more.
    ExportsCode,
    /// An import that is a module or a component, or has one, which only the host of the output has.
    ImportsCode(String),
    /// An export that the host provides itself, or that has a function which it provides. The engine of a bake has none of these.
    ExportsOfHost(String),
    /// The instances of a module are not the same after init, and the module is passed on as a value.
    Differ,
    /// The output would have more than engines take. Holds what the validator says.
    TooLarge(String),
}

impl fmt::Display for ComponentRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handles { count, of_host, holder } => {
                let handles = if *count == 1 { "handle is" } else { "handles are" };
                write!(f, "{count} {handles} alive after init")?;
                if let Some(holder) = holder {
                    write!(f, " in {holder}")?;
                }
                f.write_str(", and no component can bring one along")?;
                match &of_host[..] {
                    [] => Ok(()),
                    of_host => write!(f, ": {}", of_host.join(", ")),
                }
            }
            Self::Order => f.write_str(
                "init dropped handles in an order that decides which numbers later ones get, and no component can start with that",
            ),
            Self::Full => f.write_str(
                "init made handles, and a component of it has as many core instances as engines take, so that nothing can be added that \
                 tells which numbers later ones get",
            ),
            Self::ChangesTable(table) => write!(
                f,
                "an instruction changes table {table}, which holds objects and which another instance of the component defines"
            ),
            Self::Segment => f.write_str(
                "an element segment is copied to a table that holds objects and that another instance of the component defines",
            ),
            Self::Function { place, function } => write!(
                f,
                "{place} holds {function} after init, and no other module can put it there"
            ),
            Self::Derived(space) => {
                let article = if *space == Space::ElementSegment { "an" } else { "a" };
                write!(
                    f,
                    "{article} {space} starts as a global of another instance of the component says"
                )
            }
            Self::Objects => f.write_str(
                "several instances of the component hold structures or arrays after init, and may share them",
            ),
            Self::SdkMemory => f.write_str(
                "the module has items of the SDK, and another instance of the component defines its memory",
            ),
            Self::ExportsCode => f.write_str(
                "the component exports a module or a component, which a host could instantiate once more",
            ),
            Self::ImportsCode(name) => write!(
                f,
                "the import {} is a module or a component, or has one, and only the host has that",
                shown::name(name)
            ),
            Self::ExportsOfHost(name) => write!(
                f,
                "the export {} gives the host something of its own, which the engine of a bake cannot do",
                shown::name(name)
            ),
            Self::Differ => f.write_str(
                "a module or a component has instances that differ after init, and is passed on as an argument or an export",
            ),
            Self::TooLarge(text) => write!(f, "the baked component would be more than engines take: {}", shown::line(text)),
        }
    }
}

impl ComponentRefusal {
    /// Whether it is about the component as a whole, and not about one of its instances.
    pub(super) fn is_of_whole(&self) -> bool {
        match self {
            Self::Handles { .. }
            | Self::Order
            | Self::Full
            | Self::Objects
            | Self::ExportsCode
            | Self::ImportsCode(_)
            | Self::ExportsOfHost(_)
            | Self::Differ
            | Self::TooLarge(_) => true,
            Self::ChangesTable(_)
            | Self::Segment
            | Self::Function { .. }
            | Self::Derived(_)
            | Self::SdkMemory => false,
        }
    }

    /// What to do instead.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Handles { of_host, .. } if of_host.iter().any(|held| held == DIRECTORY_HANDLE) => {
                "let init call `preinit_guest::reset_preopens()` once it has read its files, and close them before"
            }
            Self::Handles { .. } => {
                "keep what prints, opens files or makes resources out of what runs at build time; what a handle leads to has to be opened \
                 when the component runs"
            }
            Self::Order => "drop first what was made last, or keep it out of what runs at build time",
            Self::Full => {
                "let the component have fewer core instances and modules, or keep what makes handles out of init"
            }
            Self::Function { .. } => {
                "let init leave a function of the instance's own there, or null; only slots of a `funcref` table and mutable `funcref` \
                 globals can be filled from outside, and with functions whose type names no other type"
            }
            Self::ChangesTable(_) | Self::Segment | Self::Derived(_) => {
                "link the modules into one, or bake the module alone and make the component from it"
            }
            Self::Objects => "let one instance hold them",
            Self::SdkMemory => {
                "link the module as a program or a library of its own, not as one of several that share a memory"
            }
            Self::ExportsCode => "export instances or functions instead",
            Self::ImportsCode(_) => "link what it imports into the component",
            Self::ExportsOfHost(_) => {
                "export a function that calls the one of the host, or leave the export away"
            }
            Self::Differ => "instantiate it where it is defined, or through an outer alias",
            Self::TooLarge(_) => {
                "let fewer instances differ after init, or fewer places hold functions of other instances"
            }
        }
    }
}
