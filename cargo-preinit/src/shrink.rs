//! Removes the code that only init reached, and writes the rest shorter: linkers leave room in the numbers of code.
//!
//! **In** the baked module as the rewrite made it. **Out** a smaller one, or why there is none. **Keeps** whatever an
//! export, the start function or a table that is still used can reach. **Refuses** modules whose custom sections would
//! not be right afterwards, such as debug information: their code stays as it is.
//!
//! This is walrus's work: parse, collect garbage, emit, once per guest. This file is the only one that names walrus. It
//! renumbers what is left, so it is asked for the new indices, and with those the result is compared with the snapshot
//! once more (see [`crate::verify`](mod@crate::verify)). A module that walrus cannot take, or that it would make larger,
//! keeps its code as well.

mod gain;
mod skeleton;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use walrus::passes::Roots;
use walrus::{
    CustomSection, FunctionId, GlobalId, IdsToIndices, ImportKind, IndicesToIds, MemoryId, ModuleConfig,
    TableId, TagId,
};
use wasm_encoder::{MemorySection, RawSection};
use wasmparser::{KnownCustom, Name, Parser, Payload};

use crate::index::{FunctionIndex, GlobalIndex, MemoryIndex, TableIndex, enumerate};
use crate::module::GuestModule;
use crate::snapshot::Snapshot;

pub(crate) use skeleton::Memo;
use skeleton::Skeleton;

/// Why a module keeps code that nothing reaches any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It was asked for.
    AsAsked,
    /// A custom section would be wrong or lost: it tells positions in the code, or names of locals.
    Section(String),
    /// Structures, arrays, or imported state: walrus is not trusted with these.
    State(&'static str),
    /// It would not be smaller by a hundredth, its data aside.
    NoGain,
    /// walrus does not take the module, and says why.
    Walrus(String),
}

impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AsAsked => f.write_str("as asked for"),
            Self::Section(name) => write!(f, "since `{name}` depends on it"),
            Self::State(what) => write!(f, "since the module has {what}"),
            Self::NoGain => f.write_str("since little would be gained"),
            Self::Walrus(error) => write!(f, "since walrus does not take the module: {error}"),
        }
    }
}

/// A module without the code that only init reached.
#[derive(Debug)]
pub struct Shrunk {
    pub(crate) wasm: Vec<u8>,
    pub(crate) indices: Indices,
    /// How many functions are gone.
    pub(crate) removed: usize,
}

/// Where things of the guest are in a baked module, by their index in the guest; `None` where they are gone.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Indices {
    functions: Vec<Option<u32>>,
    tables: Vec<Option<u32>>,
    memories: Vec<Option<u32>>,
    globals: Vec<Option<u32>>,
}

impl Indices {
    /// Everything where it is in the guest, apart from globals, which come after `room` new ones.
    pub(crate) fn unchanged(guest: &GuestModule<'_>, room: u32) -> Self {
        let same = |len: usize| (0_u32..).take(len).map(Some).collect();
        let global = |index: u32| {
            Some(if index < guest.imported_globals {
                index
            } else {
                index + room
            })
        };
        Self {
            functions: same(guest.functions.len()),
            tables: same(guest.tables.len()),
            memories: same(guest.memories.len()),
            globals: enumerate(&guest.globals)
                .map(|(index, _)| global(index))
                .collect(),
        }
    }

    pub(crate) fn function(&self, index: FunctionIndex) -> Option<FunctionIndex> {
        self.functions
            .get(index.position())
            .copied()
            .flatten()
            .map(FunctionIndex)
    }

    pub(crate) fn table(&self, index: TableIndex) -> Option<TableIndex> {
        self.tables
            .get(index.position())
            .copied()
            .flatten()
            .map(TableIndex)
    }

    pub(crate) fn memory(&self, index: MemoryIndex) -> Option<MemoryIndex> {
        self.memories
            .get(index.position())
            .copied()
            .flatten()
            .map(MemoryIndex)
    }

    pub(crate) fn global(&self, index: GlobalIndex) -> Option<GlobalIndex> {
        self.globals
            .get(index.position())
            .copied()
            .flatten()
            .map(GlobalIndex)
    }
}

/// Makes the smaller module, if there is one.
pub fn shrink(baked: &GuestModule<'_>, snapshot: &Snapshot) -> Result<Shrunk, Kept> {
    shrink_like(baked, snapshot, &Memo::default())
}

/// The same where a module like this one may have been shrunk before.
pub(crate) fn shrink_like(baked: &GuestModule<'_>, snapshot: &Snapshot, memo: &Memo) -> Result<Shrunk, Kept> {
    if let Some(kept) = obstacle(baked, snapshot) {
        return Err(kept);
    }
    if !gain::is_worth_while(baked) {
        return Err(Kept::NoGain);
    }
    let shrunk = match Skeleton::of(baked.wasm) {
        Some(skeleton) => match &*memo.get(&skeleton.wasm, |wasm| without_dead_code(baked, wasm)) {
            Ok(shrunk) => skeleton
                .fill(shrunk)
                .ok_or_else(|| Kept::Walrus("it lost a data segment".to_owned()))?,
            Err(kept) => return Err(kept.clone()),
        },
        None => without_dead_code(baked, baked.wasm)?,
    };
    if shrunk.wasm.len() < baked.wasm.len() {
        Ok(shrunk)
    } else {
        Err(Kept::NoGain)
    }
}

/// What keeps dead code from being removed, as far as that can be told without trying.
pub(crate) fn obstacle(module: &GuestModule<'_>, snapshot: &Snapshot) -> Option<Kept> {
    if !snapshot.heap.is_empty() {
        return Some(Kept::State("objects"));
    }
    if !module.external.is_empty() {
        return Some(Kept::State("imported memories, tables or globals"));
    }
    // walrus 0.28 takes a type that stands alone for an equal one in a recursion group, and these are not the same.
    if !module.types.iter().all(is_plain) || module.has_recursion_groups {
        return Some(Kept::State("types of structures, subtypes or recursion groups"));
    }
    section_that_is_lost(module.wasm).map(Kept::Section)
}

/// `wasm` is the module, but for its data.
fn without_dead_code(module: &GuestModule<'_>, wasm: &[u8]) -> Result<Shrunk, Kept> {
    // walrus answers some modules with a panic; their code stays.
    catch_unwind(AssertUnwindSafe(|| collect_garbage(module, wasm)))
        .unwrap_or_else(|_| Err(Kept::Walrus("it panicked".to_owned())))
}

/// Whether a type is one of functions without subtypes.
fn is_plain(ty: &wasmparser::SubType) -> bool {
    let is_function = matches!(ty.composite_type.inner, wasmparser::CompositeInnerType::Func(_));
    is_function && ty.is_final && ty.supertype_idx.is_none()
}

/// A custom section that walrus would carry over wrong, or not at all. Names of locals it reads before there are any, and
/// those of tags it writes in the wrong place.
fn section_that_is_lost(wasm: &[u8]) -> Option<String> {
    Parser::new(0).parse_all(wasm).flatten().find_map(|payload| {
        let Payload::CustomSection(section) = payload else {
            return None;
        };
        let name = section.name();
        // What is not known may tell indices or positions.
        let is_harmless = matches!(
            name,
            "name" | "producers" | "target_features" | "build_id" | crate::stamp::NAME
        ) || name.starts_with("component-type");
        let is_lost = !is_harmless
            || match section.as_known() {
                KnownCustom::Name(mut names) => names.any(|name| {
                    !matches!(
                        name,
                        Ok(Name::Module { .. }
                            | Name::Function(_)
                            | Name::Type(_)
                            | Name::Table(_)
                            | Name::Memory(_)
                            | Name::Global(_)
                            | Name::Element(_)
                            | Name::Data(_))
                    )
                }),
                _ => false,
            };
        is_lost.then(|| name.to_owned())
    })
}

/// walrus's ids, by index.
#[derive(Debug, Default)]
struct Ids {
    functions: Vec<FunctionId>,
    tables: Vec<TableId>,
    memories: Vec<MemoryId>,
    globals: Vec<GlobalId>,
}

fn collect_garbage(guest: &GuestModule<'_>, wasm: &[u8]) -> Result<Shrunk, Kept> {
    let ids: Arc<Mutex<Ids>> = Arc::default();
    let counts = [
        guest.functions.len(),
        guest.tables.len(),
        guest.memories.len(),
        guest.globals.len(),
    ];
    let mut config = ModuleConfig::new();
    config
        .generate_name_section(true)
        .generate_producers_section(true)
        .generate_dwarf(false)
        .generate_synthetic_names_for_anonymous_items(false)
        .only_stable_features(false)
        .on_parse({
            let ids = Arc::clone(&ids);
            move |_, indices| {
                *ids.lock().unwrap_or_else(PoisonError::into_inner) = read_ids(indices, counts)?;
                Ok(())
            }
        });
    let wasm = without_page_sizes(guest, wasm);
    let mut module = config
        .parse(&wasm)
        .map_err(|error| Kept::Walrus(format!("{error:#}")))?;
    drop(config);
    let ids = std::mem::take(&mut *ids.lock().unwrap_or_else(PoisonError::into_inner));
    for (id, memory) in ids.memories.iter().zip(&guest.memories) {
        let parsed = module.memories.get_mut(*id);
        parsed.initial = memory.initial;
        parsed.maximum = memory.maximum;
        parsed.page_size_log2 = memory.page_size_log2;
    }
    let places = module.customs.add(Places::new(guest, &module, &ids));
    walrus::passes::gc::run(&mut module);
    let removed = ids.functions.len() - module.funcs.iter().count();
    module.customs.delete(places);
    module.customs.add(Places::new(guest, &module, &ids));
    let mut wasm = module.emit_wasm();
    let indices = take_places(&mut wasm, counts)
        .ok_or_else(|| Kept::Walrus("it does not tell the new indices".to_owned()))?;
    Ok(Shrunk {
        wasm,
        indices,
        removed,
    })
}

fn read_ids(indices: &IndicesToIds, counts: [usize; 4]) -> walrus::Result<Ids> {
    fn all<T>(count: usize, get: impl Fn(u32) -> walrus::Result<T>) -> walrus::Result<Vec<T>> {
        (0_u32..).take(count).map(get).collect()
    }
    let [functions, tables, memories, globals] = counts;
    Ok(Ids {
        functions: all(functions, |index| indices.get_func(index))?,
        tables: all(tables, |index| indices.get_table(index))?,
        memories: all(memories, |index| indices.get_memory(index))?,
        globals: all(globals, |index| indices.get_global(index))?,
    })
}

/// A custom section that has walrus write down where everything has gone, and is removed again.
#[derive(Debug)]
struct Places {
    functions: Vec<Option<FunctionId>>,
    tables: Vec<Option<TableId>>,
    memories: Vec<Option<MemoryId>>,
    globals: Vec<Option<GlobalId>>,
    imported_functions: usize,
    imported_tags: Vec<TagId>,
}

impl Places {
    const NAME: &str = "cargo-preinit places";

    fn new(guest: &GuestModule<'_>, module: &walrus::Module, ids: &Ids) -> Self {
        fn alive<T: Copy + Ord>(ids: &[T], alive: impl Iterator<Item = T>) -> Vec<Option<T>> {
            let alive: std::collections::BTreeSet<T> = alive.collect();
            ids.iter().map(|id| alive.contains(id).then_some(*id)).collect()
        }
        Self {
            functions: alive(&ids.functions, module.funcs.iter().map(walrus::Function::id)),
            tables: alive(&ids.tables, module.tables.iter().map(walrus::Table::id)),
            memories: alive(&ids.memories, module.memories.iter().map(walrus::Memory::id)),
            globals: alive(&ids.globals, module.globals.iter().map(walrus::Global::id)),
            imported_functions: guest.imported_functions as usize,
            imported_tags: module
                .imports
                .iter()
                .filter_map(|import| match import.kind {
                    ImportKind::Tag(tag) => Some(tag),
                    _ => None,
                })
                .collect(),
        }
    }
}

impl CustomSection for Places {
    fn name(&self) -> &str {
        Self::NAME
    }

    /// What is imported stays imported: a host can see it.
    fn add_gc_roots(&self, roots: &mut Roots) {
        for function in self.functions.iter().take(self.imported_functions).flatten() {
            roots.push_func(*function);
        }
        for tag in &self.imported_tags {
            roots.push_tag(*tag);
        }
    }

    /// Four bytes for each: the new index, or all ones.
    fn data(&self, indices: &IdsToIndices) -> Cow<'_, [u8]> {
        fn write<T: Copy>(ids: &[Option<T>], get: impl Fn(T) -> u32, bytes: &mut Vec<u8>) {
            for id in ids {
                bytes.extend(id.map_or(u32::MAX, &get).to_le_bytes());
            }
        }
        let mut bytes = Vec::new();
        write(&self.functions, |id| indices.get_func_index(id), &mut bytes);
        write(&self.tables, |id| indices.get_table_index(id), &mut bytes);
        write(&self.memories, |id| indices.get_memory_index(id), &mut bytes);
        write(&self.globals, |id| indices.get_global_index(id), &mut bytes);
        Cow::Owned(bytes)
    }
}

/// Reads that section, and removes it. It is the last one.
fn take_places(wasm: &mut Vec<u8>, counts: [usize; 4]) -> Option<Indices> {
    let mut last = None;
    let mut end_of_others = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.ok()? {
            Payload::CustomSection(section) if section.name() == Places::NAME => {
                last = Some((end_of_others, section.data().to_vec()));
            }
            other => {
                if let Some((_, range)) = other.as_section() {
                    end_of_others = range.end;
                }
            }
        }
    }
    let (start, data) = last?;
    wasm.truncate(start);
    let mut all = data
        .chunks_exact(4)
        .map(|bytes| bytes.try_into().map_or(u32::MAX, u32::from_le_bytes))
        .map(|index| (index != u32::MAX).then_some(index));
    let [functions, tables, memories, globals] = counts.map(|count| all.by_ref().take(count).collect());
    Some(Indices {
        functions,
        tables,
        memories,
        globals,
    })
}

/// walrus can write custom page sizes but does not accept them, so it gets to see memories of the usual page size, and
/// their limits are put back once it has parsed them.
fn without_page_sizes<'a>(guest: &GuestModule<'_>, wasm: &'a [u8]) -> Cow<'a, [u8]> {
    let has_custom = guest
        .memories
        .iter()
        .any(|memory| memory.page_size_log2.is_some());
    if !has_custom {
        return Cow::Borrowed(wasm);
    }
    let mut memories = MemorySection::new();
    for memory in &guest.memories {
        memories.memory(wasm_encoder::MemoryType {
            minimum: 0,
            maximum: memory.shared.then_some(0),
            memory64: memory.memory64,
            shared: memory.shared,
            page_size_log2: None,
        });
    }
    let mut output = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(wasm).flatten() {
        if let Payload::MemorySection(_) = payload {
            output.section(&memories);
        } else if let Some((id, range)) = payload.as_section() {
            let data = &wasm[range];
            output.section(&RawSection { id, data });
        }
    }
    Cow::Owned(output.finish())
}
