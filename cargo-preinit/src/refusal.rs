//! What cannot be baked soundly: one table of what, where, why, and what to do instead.

mod component;

use std::borrow::Cow;
use std::fmt;

use crate::engine_limits::{Countable, Made};
use crate::guest::Guest;
use crate::guest::answers::{AnswerError, named};
use crate::guest::index::{ElementIndex, GlobalIndex, InstanceId, MemoryIndex, TableIndex, TypeIndex};
use crate::shown;
pub use component::ComponentRefusal;
pub(crate) use component::DIRECTORY_HANDLE;

/// How many elements `array.new_fixed` may list: V8's limit.
pub(crate) const MAX_LISTED: usize = 10_000;

/// The limit if the elements are references: engines compile all initialisers as one function, and are slow to compile many
/// references that are live at once.
pub(crate) const MAX_LISTED_REFERENCES: usize = 200;

/// How many objects the output can have globals for: engines take 1,000,000 globals, and some are the guest's own.
pub(crate) const MAX_OBJECTS: usize = 900_000;

/// A property of a guest that a bake cannot carry over without changing the guest's behaviour.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// An imported memory, table or global, whose contents are unknown at build time.
    ImportedState {
        /// What is imported.
        what: Space,
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
        /// The option that would promise what it holds, if there is one.
        option: Option<String>,
    },
    /// An imported memory that is promised to be fresh, and that init has grown.
    GrownImport {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
        /// How many pages the import asks for.
        asked: u64,
        /// How many it has after init.
        pages: u64,
    },
    /// A position-independent module with the SDK: its loader decides where the items are.
    PositionIndependent,
    /// A shared memory.
    SharedMemory(MemoryIndex),
    /// An imported function whose type has subtypes in the module, so that the host may provide a function of a subtype.
    ImportedSubtype {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// An export whose name has the prefix that the tool reserves.
    ReservedName(String),
    /// A reference that is not null and that no constant expression can make.
    Reference {
        /// Where the reference is.
        place: Place,
        /// What it refers to.
        kind: ReferenceKind,
    },
    /// A passive element segment of objects, which init copied from and did not drop.
    SegmentOfObjects(ElementIndex),
    /// A cycle of objects whose fields cannot be null at first.
    NonNullableCycle(TypeIndex),
    /// An array that is longer than a constant expression can list, and immutable, so that no instruction can fill it.
    LongArray {
        /// Its type.
        ty: TypeIndex,
        /// How many elements it has.
        len: u64,
    },
    /// A table with more slots than an engine loads in reasonable time.
    LongTable {
        /// The table.
        table: TableIndex,
        /// How many of its slots an engine would compile code for.
        slots: u64,
    },
    /// More objects than a module can have globals for. Holds their number.
    TooManyObjects(u64),
    /// The run copy or the output would exceed a limit of engines, with what the tool adds.
    EngineLimit {
        /// The module that would exceed it.
        made: Made,
        /// What the limit counts.
        what: Countable,
        /// How many the guest has.
        has: u64,
        /// How many that module would have.
        needs: u64,
    },
    /// A reference to a function that does not belong to the module.
    ForeignFunction(Place),
    /// An import to be stubbed that does not exist.
    StubOfNothing(String),
    /// Imports of a component that are to be stubbed.
    StubInComponent,
    /// An export to be renamed that does not exist.
    RenameOfNothing(String),
    /// An export that is to get two names.
    RenamedTwice(String),
    /// Two exports that are to get the same name.
    RenameClash(String),
    /// A component that is not valid with its exports renamed. Holds what the validator says.
    RenameInvalid(String),
    /// What is to run in each instance, where no exported function enters the instance. Holds its name and place.
    NeverEntered(String),
    /// An import that cannot be answered as asked.
    Answer(AnswerError),
    /// A property of a component.
    Component(ComponentRefusal),
}

/// A kind of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Space {
    /// A memory.
    Memory,
    /// A table.
    Table,
    /// A global.
    Global,
    /// An element segment.
    ElementSegment,
}

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "memory",
            Self::Table => "table",
            Self::Global => "global",
            Self::ElementSegment => "element segment",
        })
    }
}

/// Where a reference can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a global.
    Global(GlobalIndex),
    /// In a table.
    Slot {
        /// The table.
        table: TableIndex,
        /// The position in it.
        slot: u64,
    },
    /// In a structure or an array of this type.
    Object(TypeIndex),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Global(index) => write!(f, "global {index}"),
            Self::Slot { table, slot } => write!(f, "slot {slot} of table {table}"),
            Self::Object(ty) => write!(f, "a live object of type {ty}"),
        }
    }
}

/// What a reference refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    /// A value of the host.
    Extern,
    /// An exception.
    Exception,
    /// A continuation.
    Continuation,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ImportedState {
                what, module, name, ..
            } => write!(
                f,
                "the {what} {} {} is imported, so what it holds when the module starts is not known at build time",
                shown::name(module),
                shown::name(name)
            ),
            Self::GrownImport {
                module,
                name,
                asked,
                pages,
            } => write!(
                f,
                "the imported memory {} has {pages} pages after init, and the module asks for {asked}, so a host may hand in no more",
                named(module, name)
            ),
            Self::PositionIndependent => f.write_str(
                "the module is position-independent, so its loader decides where its data and functions go",
            ),
            Self::SharedMemory(index) => write!(
                f,
                "memory {index} is shared: threads that start later would initialise it again"
            ),
            Self::ImportedSubtype { module, name } => write!(
                f,
                "the function {} {} is imported and referred to, and the host may give one of a subtype, which casts in \
                 init could tell",
                shown::name(module),
                shown::name(name)
            ),
            Self::ReservedName(name) => {
                write!(
                    f,
                    "the export {} has a name that is kept for this tool",
                    shown::name(name)
                )
            }
            Self::Reference { place, kind } => {
                let what = match kind {
                    ReferenceKind::Extern => "a reference to something of the host's",
                    ReferenceKind::Exception => "a reference to an exception",
                    ReferenceKind::Continuation => "a reference to a continuation",
                };
                write!(f, "{place} holds {what} after init")
            }
            Self::SegmentOfObjects(index) => write!(
                f,
                "init copied from element segment {index}, which holds objects of its own that may have changed since"
            ),
            Self::NonNullableCycle(ty) => write!(
                f,
                "objects of type {ty} hold each other after init, in fields that cannot be null and so cannot be \
                 filled in later"
            ),
            Self::LongArray { ty, len } => write!(
                f,
                "an array of type {ty} has {len} elements after init and cannot be changed, but a constant can \
                 only list {MAX_LISTED} elements"
            ),
            Self::LongTable { table, slots } => write!(
                f,
                "table {table} has {slots} references after init that engines compile code for, one by one, since they are \
                 beyond slot 1048576 or no plain functions"
            ),
            Self::TooManyObjects(count) => write!(
                f,
                "{count} objects are alive after init, and a module has room for {MAX_OBJECTS}"
            ),
            Self::EngineLimit {
                made,
                what,
                has,
                needs,
            } => write!(
                f,
                "the module has {has} {what}, and {made} would have {needs}, where engines take {}",
                what.most()
            ),
            Self::ForeignFunction(place) => write!(
                f,
                "{place} holds a function that is none of the module's after init"
            ),
            Self::RenameOfNothing(name) => {
                write!(
                    f,
                    "there is no export {} that could be renamed",
                    shown::name(name)
                )
            }
            Self::StubOfNothing(name) => {
                write!(
                    f,
                    "there is no imported function {} that could be stubbed",
                    shown::name(name)
                )
            }
            Self::StubInComponent => {
                f.write_str("a component imports what its world says, and no stub can take its place")
            }
            Self::RenamedTwice(name) => write!(f, "the export {} would be renamed twice", shown::name(name)),
            Self::RenameInvalid(text) => {
                write!(
                    f,
                    "with its exports renamed the component is not valid: {}",
                    shown::line(text)
                )
            }
            Self::RenameClash(name) => write!(f, "two exports would be named {}", shown::name(name)),
            Self::NeverEntered(item) => write!(
                f,
                "{item} is to run before the first exported function, and the host can call none"
            ),
            Self::Answer(error) => error.fmt(f),
            Self::Component(refusal) => refusal.fmt(f),
        }
    }
}

impl Refusal {
    /// Whether it is about a component as a whole, and not about one of its instances.
    pub(crate) fn is_of_whole(&self) -> bool {
        match self {
            Self::Component(refusal) => refusal.is_of_whole(),
            Self::RenameOfNothing(_)
            | Self::StubOfNothing(_)
            | Self::StubInComponent
            | Self::RenamedTwice(_)
            | Self::RenameClash(_)
            | Self::RenameInvalid(_)
            | Self::Answer(_) => true,
            _ => false,
        }
    }

    /// What to do instead.
    #[must_use]
    pub fn help(&self) -> Cow<'static, str> {
        let text = match self {
            Self::Answer(error) => return error.help(),
            Self::Component(refusal) => refusal.help(),
            Self::GrownImport { .. } => {
                "ask for more: link with a larger initial memory (wasm-ld: `--initial-memory=BYTES`; Emscripten: `-sINITIAL_MEMORY=BYTES`; \
                 AssemblyScript: `--initialMemory PAGES`), or keep what grows it out of what runs at build time"
            }
            Self::ImportedState {
                option: Some(option), ..
            } => {
                return format!(
                    "define it in the module and export it, for instance by linking without `--import-memory`, or promise that it \
                     is handed in all zeros, and to no other instance: `{option}`"
                )
                .into();
            }
            Self::ImportedState { .. } => {
                "define it in the module and export it, for instance by linking without `--import-memory` or \
                 `--import-table`"
            }
            Self::SharedMemory(_) => {
                "build the guest without threads: without `-pthread`, without `-C target-feature=+atomics`"
            }
            Self::PositionIndependent => {
                "link it as a program of its own, without `-shared` or `-pie` (Emscripten: without `-sSIDE_MODULE` and \
                 `-sMAIN_MODULE`)"
            }
            Self::ImportedSubtype { .. } => {
                "give the import a final type, or refer to a function of the module that calls it"
            }
            Self::ReservedName(_) => "rename the export",
            Self::Reference {
                kind: ReferenceKind::Extern,
                ..
            } => {
                "let init leave null there, and have the value made when it is first needed; a `JsValue` of wasm-bindgen is such a \
                 reference"
            }
            Self::Reference { .. } => {
                "let init leave null there, and have the value made when it is first needed"
            }
            Self::SegmentOfObjects(_) => "let init drop the segment with `elem.drop` when it is done with it",
            Self::NonNullableCycle(_) => "make the field nullable, or let init leave the objects apart",
            Self::LongArray { .. } => "make the array's elements mutable, or split it",
            Self::LongTable { .. } => {
                "let init use fewer slots, or leave the table to be filled after start-up"
            }
            Self::TooManyObjects(_) => "let init keep fewer objects, or keep the data in a memory",
            Self::EngineLimit {
                what: Countable::FunctionBytes,
                ..
            } => "split the function",
            Self::EngineLimit { .. } => "let the module have fewer of them, to leave room for a few more",
            Self::ForeignFunction(_) => "let init leave a function of the module there, or null",
            Self::RenamedTwice(_) => "rename each export once",
            Self::StubOfNothing(_) => {
                "name a function that the module imports, as `MODULE.NAME`; `cargo preinit inspect` lists them"
            }
            Self::StubInComponent => {
                "leave `--stub` and `--stub-wasi` out, or bake a core module (`wasm32-wasip1`)"
            }
            Self::NeverEntered(_) => "export a function, or let the function be called where it is needed",
            Self::RenameInvalid(_) => {
                "give each export a name that no other has, and that is one of components; only functions make way for others"
            }
            Self::RenameClash(_) => "give each `--rename NEW=OLD` a name of its own",
            Self::RenameOfNothing(_) => "check the part behind the `=` of `--rename NEW=OLD`",
        };
        text.into()
    }
}

/// A refusal, and the instance that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The instance to which the indices and places in the refusal belong. A core module is instance 0.
    pub instance: InstanceId,
    /// The instance in words; `None` if there is no other.
    pub place: Option<String>,
    /// What cannot be baked.
    pub refusal: Refusal,
}

/// All refusals of a guest, so that they can be fixed in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusals(pub Vec<Refused>);

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// How many refusals are shown at most.
        const SHOWN: usize = 10;
        let is_component = self.0.iter().any(|Refused { place, refusal, .. }| {
            place.is_some() || matches!(refusal, Refusal::Component(_))
        });
        let what = if is_component { "component" } else { "module" };
        write!(f, "the {what} cannot be baked")?;
        for Refused { place, refusal, .. } in self.0.iter().take(SHOWN) {
            f.write_str("\n  - ")?;
            match place {
                Some(place) if !refusal.is_of_whole() => write!(f, "{place}: {refusal}")?,
                Some(_) | None => refusal.fmt(f)?,
            }
        }
        let more = self.0.len().saturating_sub(SHOWN);
        if more > 0 {
            write!(f, "\n  - and {more} more")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusals {}

impl Refusals {
    /// Names the instances of a component.
    pub(crate) fn in_terms_of(mut self, guest: &Guest<'_>) -> Self {
        for refused in &mut self.0 {
            refused.place = guest.name_of(refused.instance);
        }
        self
    }
}

/// The limits that a module exceeds. `counts` has, for each limit, the guest's number and that of the module made from it.
pub(crate) fn engine_limits_exceeded(
    made: Made,
    counts: impl IntoIterator<Item = (Countable, usize, usize)>,
) -> Vec<Refusal> {
    let beyond = counts
        .into_iter()
        .filter(|(what, _, count)| *count as u64 > what.most());
    beyond
        .map(|(what, has, count)| Refusal::EngineLimit {
            made,
            what,
            has: has as u64,
            needs: count as u64,
        })
        .collect()
}

/// The refusals of one instance, with its id.
pub(crate) fn found_in(instance: InstanceId, refusals: Vec<Refusal>) -> Refusals {
    let refusals = refusals.into_iter();
    let refused = refusals.map(|refusal| Refused {
        instance,
        place: None,
        refusal,
    });
    Refusals(refused.collect())
}

/// Returns the refusals as an error, if there are any.
pub(crate) fn refuse(refusals: Refusals) -> Result<(), Refusals> {
    if refusals.0.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}
