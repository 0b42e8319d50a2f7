//! Where the bytes of a file are: by section, function, crate, data segment and custom section.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;
use wasm_encoder::{ComponentSectionId, SectionId};

use super::crates::crate_of;
use super::expressions::value;
use super::memories::nonzero;
use super::read::{File, PlacedModule};
use crate::guest::index::{DataIndex, FunctionIndex, enumerate};
use crate::guest::{CUSTOM_SECTION, InputError, SegmentMode, constant, to_binary};
use crate::text::demangle;
use crate::wasm::component::PREAMBLE;

/// Where the bytes of a module or a component are. All sizes are in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sizes {
    /// The size of the file, in the binary format.
    pub bytes: u64,
    /// The kinds of sections, in the order of the format; together they are the whole file.
    pub sections: Vec<SectionSize>,
    /// The functions that have code, by module and index.
    pub functions: Vec<FunctionSize>,
    /// The crates of these functions, the largest first.
    pub crates: Vec<CrateSize>,
    /// The data segments, by module and index.
    pub data: Vec<DataSize>,
    /// The custom sections: a component's own, then those of the modules, in the order of the file.
    pub customs: Vec<CustomSize>,
}

/// All sections of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionSize {
    /// The kind, such as `code`. Those of components are `component aliases` and so on; `headers` are the preambles of modules and
    /// components, and the headers of nested ones.
    pub name: String,
    /// Their bytes, with their headers.
    pub bytes: u64,
}

/// A function that has code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunctionSize {
    /// The core module, in the order of the file. A core module is module 0.
    pub module: u32,
    /// The function's index.
    pub index: u32,
    /// Its demangled name: that of the name section, else that of an export.
    pub name: Option<String>,
    /// Its crate, or what stands for it: [`NO_NAME`](super::NO_NAME), [`UNMANGLED`](super::UNMANGLED) or [`CPP`](super::CPP).
    #[serde(rename = "crate")]
    pub crate_name: String,
    /// The bytes of its body.
    pub bytes: u64,
}

/// The functions of a crate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrateSize {
    /// The crate, or what stands for it: see [`FunctionSize::crate_name`].
    pub name: String,
    /// The bytes of their bodies.
    pub bytes: u64,
    /// How many they are.
    pub functions: u32,
}

/// A data segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataSize {
    /// The core module, in the order of the file.
    pub module: u32,
    /// The segment's index.
    pub index: u32,
    /// Its name in the name section, demangled.
    pub name: Option<String>,
    /// The memory that it is copied to at instantiation; `None` if it is passive.
    pub memory: Option<u32>,
    /// The address that it is copied to, if that is a constant.
    pub offset: Option<u64>,
    /// The instructions that make the address, if it is none.
    pub expression: Option<String>,
    /// How many bytes it has.
    pub bytes: u64,
    /// How many of them are not zero.
    pub nonzero: u64,
}

/// A custom section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomSize {
    /// The core module that it is in; `None` if it is a component's own.
    pub module: Option<u32>,
    /// Its name.
    pub name: String,
    /// Its bytes, with its header.
    pub bytes: u64,
}

/// Tells where the bytes of a module or a component are, in the binary or the text format.
///
/// # Errors
///
/// If the input is not a valid module or component. One that a bake refuses is read as far as it is valid.
///
/// ```
/// let wasm = wat::parse_str(r#"(module (func (export "f")) (memory 1) (data (i32.const 8) "abc\00"))"#)?;
/// let sizes = cargo_preinit::inspect::sizes(&wasm)?;
/// assert_eq!(sizes.functions[0].name.as_deref(), Some("f"));
/// assert_eq!((sizes.data[0].bytes, sizes.data[0].nonzero), (4, 3));
/// assert_eq!(sizes.sections.iter().map(|section| section.bytes).sum::<u64>(), wasm.len() as u64);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sizes(input: &[u8]) -> Result<Sizes, InputError> {
    let wasm = to_binary(input)?;
    Ok(of_file(&File::read(&wasm)?))
}

/// The sizes in a file that has been read.
pub(crate) fn of_file(file: &File<'_>) -> Sizes {
    let mut kinds = Kinds::default();
    let mut functions = Vec::new();
    let mut data = Vec::new();
    let mut customs = Vec::new();
    for component in &file.components {
        kinds.add(Kind::Headers, PREAMBLE);
        for section in file.sections_of_component(component) {
            kinds.add(Kind::of_component(section.id), section.bytes);
            customs.extend(section.custom().map(|custom| CustomSize {
                module: None,
                name: custom.name().to_owned(),
                bytes: section.bytes as u64,
            }));
        }
    }
    for (id, placed) in enumerate(&file.modules) {
        kinds.add(Kind::Headers, PREAMBLE);
        for section in File::sections_of(&placed.module) {
            kinds.add(Kind::of_module(section.id), section.bytes);
            customs.extend(section.custom().map(|custom| CustomSize {
                module: Some(id),
                name: custom.name().to_owned(),
                bytes: section.bytes as u64,
            }));
        }
        functions.extend(functions_of(id, placed));
        data.extend(data_of(id, placed));
    }
    Sizes {
        bytes: file.wasm.len() as u64,
        sections: kinds.sections(),
        crates: crates(&functions),
        functions,
        data,
        customs,
    }
}

fn functions_of(module: u32, placed: &PlacedModule<'_>) -> Vec<FunctionSize> {
    let PlacedModule {
        module: read, names, ..
    } = placed;
    let bodies = (read.imported_functions..).map(FunctionIndex).zip(&read.bodies);
    let functions = bodies.map(|(index, body)| FunctionSize {
        module,
        index: index.0,
        name: names.name(index),
        crate_name: crate_of(names.raw(index)),
        bytes: body.range.len() as u64,
    });
    functions.collect()
}

fn data_of(module: u32, placed: &PlacedModule<'_>) -> Vec<DataSize> {
    let read = &placed.module;
    let segments = enumerate(&read.data).map(|(index, segment)| DataSize {
        module,
        index,
        name: read
            .data_names
            .get(&DataIndex(index))
            .map(|name| demangle_within(name)),
        memory: match segment.mode {
            SegmentMode::Active(memory) => Some(memory.0),
            SegmentMode::Passive | SegmentMode::Declared => None,
        },
        offset: segment.offset.as_ref().and_then(constant),
        expression: segment
            .offset
            .as_ref()
            .filter(|offset| constant(offset).is_none())
            .map(|offset| value(offset, &placed.names).text),
        bytes: segment.bytes.len() as u64,
        nonzero: nonzero(segment.bytes),
    });
    segments.collect()
}

/// Demangles a name that ends with a mangled one, as linkers name segments that they did not merge, and entries of a GOT.
pub(super) fn demangle_within(name: &str) -> String {
    match name.find("_ZN").or_else(|| name.find("_R")) {
        Some(start) => format!("{}{}", &name[..start], demangle(&name[start..])),
        None => name.to_owned(),
    }
}

fn crates(functions: &[FunctionSize]) -> Vec<CrateSize> {
    let mut by_name: BTreeMap<&str, (u64, u32)> = BTreeMap::new();
    for function in functions {
        let (bytes, count) = by_name.entry(&function.crate_name).or_default();
        *bytes += function.bytes;
        *count += 1;
    }
    let crates = by_name.into_iter().map(|(name, (bytes, functions))| CrateSize {
        name: name.to_owned(),
        bytes,
        functions,
    });
    let mut crates: Vec<CrateSize> = crates.collect();
    // Those of one size stay in the order of their names.
    crates.sort_by_key(|of_crate| Reverse(of_crate.bytes));
    crates
}

/// The kinds of sections, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Headers,
    /// By its position in [`MODULE_SECTIONS`].
    OfModule(usize),
    OfComponent(u8),
    Custom,
    /// Of an id that this version of the tool does not know.
    Other(u8),
}

impl Kind {
    fn of_module(id: u8) -> Self {
        if id == CUSTOM_SECTION {
            return Self::Custom;
        }
        let position = MODULE_SECTIONS
            .iter()
            .position(|(section, _)| u8::from(*section) == id);
        position.map_or(Self::Other(id), Self::OfModule)
    }

    fn of_component(id: u8) -> Self {
        const MODULE: u8 = ComponentSectionId::CoreModule as u8;
        const COMPONENT: u8 = ComponentSectionId::Component as u8;
        match id {
            MODULE | COMPONENT => Self::Headers,
            CUSTOM_SECTION => Self::Custom,
            id => Self::OfComponent(id),
        }
    }

    fn name(self) -> String {
        match self {
            Self::Headers => "headers".to_owned(),
            Self::Custom => "custom".to_owned(),
            Self::OfModule(position) => MODULE_SECTIONS[position].1.to_owned(),
            Self::OfComponent(id) => COMPONENT_SECTIONS
                .iter()
                .find(|(section, _)| *section as u8 == id)
                .map_or_else(|| Self::Other(id).name(), |(_, name)| (*name).to_owned()),
            Self::Other(id) => format!("section {id}"),
        }
    }
}

/// The bytes of each kind of section.
#[derive(Debug, Default)]
struct Kinds(BTreeMap<Kind, u64>);

impl Kinds {
    fn add(&mut self, kind: Kind, bytes: usize) {
        *self.0.entry(kind).or_default() += bytes as u64;
    }

    fn sections(self) -> Vec<SectionSize> {
        let sections = self.0.into_iter().map(|(kind, bytes)| SectionSize {
            name: kind.name(),
            bytes,
        });
        sections.collect()
    }
}

/// The sections of a module in the order of the format, with their names.
const MODULE_SECTIONS: [(SectionId, &str); 13] = [
    (SectionId::Type, "type"),
    (SectionId::Import, "import"),
    (SectionId::Function, "function"),
    (SectionId::Table, "table"),
    (SectionId::Memory, "memory"),
    (SectionId::Tag, "tag"),
    (SectionId::Global, "global"),
    (SectionId::Export, "export"),
    (SectionId::Start, "start"),
    (SectionId::Element, "element"),
    (SectionId::DataCount, "data count"),
    (SectionId::Code, "code"),
    (SectionId::Data, "data"),
];

/// The sections of a component, with their names.
const COMPONENT_SECTIONS: [(ComponentSectionId, &str); 9] = [
    (ComponentSectionId::CoreInstance, "component core instances"),
    (ComponentSectionId::CoreType, "component core types"),
    (ComponentSectionId::Instance, "component instances"),
    (ComponentSectionId::Alias, "component aliases"),
    (ComponentSectionId::Type, "component types"),
    (
        ComponentSectionId::CanonicalFunction,
        "component canonical functions",
    ),
    (ComponentSectionId::Start, "component start"),
    (ComponentSectionId::Import, "component imports"),
    (ComponentSectionId::Export, "component exports"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sections_are_the_whole_file() {
        for wat in [
            "(module)",
            r#"(module (@custom "a" "b") (import "m" "f" (func)) (func (call 0)) (memory 1) (data "x"))"#,
            r#"(component
                (core module $m (func (export "f")) (@custom "inner" "x"))
                (core instance $i (instantiate $m))
                (component (core module (func)) (component))
                (func (export "f") (canon lift (core func $i "f"))))"#,
        ] {
            let wasm = wat::parse_str(wat).expect("it parses");
            let sizes = sizes(&wasm).expect("it is valid");
            let sum: u64 = sizes.sections.iter().map(|section| section.bytes).sum();
            assert_eq!(sum, wasm.len() as u64, "{wat}: {sizes:?}");
            assert_eq!(sizes.bytes, sum);
        }
    }

    #[test]
    fn functions_belong_to_modules_and_crates() {
        let sizes = sizes(
            br#"(component
                (core module $m
                    (func $_ZN1a1b17h0123456789abcdefE nop) (func $_ZN1a1c17h0123456789abcdefE) (func (export "f"))
                    (func $z (@name "<a::X as b::Y>::z")))
                (core module (func) (@custom "x" "")))"#,
        )
        .expect("it is valid");
        let functions: Vec<_> = sizes
            .functions
            .iter()
            .map(|function| {
                let name = function.name.as_deref();
                (
                    function.module,
                    function.index,
                    name,
                    &*function.crate_name,
                    function.bytes,
                )
            })
            .collect();
        assert_eq!(
            functions,
            [
                (0, 0, Some("a::b"), "a", 3),
                (0, 1, Some("a::c"), "a", 2),
                (0, 2, Some("f"), "(unmangled)", 2),
                (0, 3, Some("<a::X as b::Y>::z"), "a", 2),
                (1, 0, None, "(no name)", 2),
            ]
        );
        let crates: Vec<_> = sizes
            .crates
            .iter()
            .map(|of_crate| (&*of_crate.name, of_crate.bytes, of_crate.functions))
            .collect();
        assert_eq!(crates, [("a", 7, 3), ("(no name)", 2, 1), ("(unmangled)", 2, 1)]);
        let customs: Vec<_> = sizes
            .customs
            .iter()
            .map(|custom| (custom.module, &*custom.name))
            .collect();
        assert_eq!(
            customs,
            [(None, "component-name"), (Some(0), "name"), (Some(1), "x")]
        );
    }

    #[test]
    fn statics_have_names() {
        assert_eq!(
            demangle_within(".rodata._ZN1a1b17h0123456789abcdefE"),
            ".rodata.a::b"
        );
        assert_eq!(demangle_within(".rodata"), ".rodata");
    }
}
