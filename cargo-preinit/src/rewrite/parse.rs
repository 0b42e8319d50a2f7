//! Hands a guest to walrus, and notes which id stands for which index.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use walrus::{DataId, ElementId, FunctionId, GlobalId, IndicesToIds, MemoryId, ModuleConfig, TableId};
use wasm_encoder::{MemorySection, RawSection, SectionId};

use super::{RewriteError, Subject};
use crate::index::enumerate;
use crate::module::GuestModule;

/// walrus's ids, by the guest's indices.
#[derive(Debug, Default)]
pub(super) struct Ids {
    pub(super) functions: Vec<FunctionId>,
    pub(super) tables: Vec<TableId>,
    pub(super) memories: Vec<MemoryId>,
    pub(super) globals: Vec<GlobalId>,
    pub(super) elements: Vec<ElementId>,
    pub(super) data: Vec<DataId>,
}

pub(super) fn parse(guest: &GuestModule<'_>) -> Result<Subject, RewriteError> {
    let ids: Arc<Mutex<Ids>> = Arc::default();
    let counts = [
        guest.functions.len(),
        guest.tables.len(),
        guest.memories.len(),
        guest.globals.len(),
        guest.elements.len(),
        guest.data.len(),
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
    let wasm = without_page_sizes(guest);
    let mut module = config
        .parse(&wasm)
        .map_err(|error| RewriteError::Unsupported(format!("{error:#}")))?;
    drop(config);
    let ids = std::mem::take(&mut *ids.lock().unwrap_or_else(PoisonError::into_inner));
    for (id, memory) in ids.memories.iter().zip(&guest.memories) {
        let parsed = module.memories.get_mut(*id);
        parsed.initial = memory.initial;
        parsed.maximum = memory.maximum;
        parsed.page_size_log2 = memory.page_size_log2;
    }
    Ok(Subject { module, ids })
}

fn read_ids(indices: &IndicesToIds, counts: [usize; 6]) -> walrus::Result<Ids> {
    fn all<T>(count: usize, get: impl Fn(u32) -> walrus::Result<T>) -> walrus::Result<Vec<T>> {
        (0_u32..).take(count).map(get).collect()
    }
    let [functions, tables, memories, globals, elements, data] = counts;
    Ok(Ids {
        functions: all(functions, |index| indices.get_func(index))?,
        tables: all(tables, |index| indices.get_table(index))?,
        memories: all(memories, |index| indices.get_memory(index))?,
        globals: all(globals, |index| indices.get_global(index))?,
        elements: all(elements, |index| indices.get_element(index))?,
        data: all(data, |index| indices.get_data(index))?,
    })
}

/// walrus can write custom page sizes but does not accept them, so it gets to see memories of the usual page size, and
/// their limits are put back once it has parsed them.
fn without_page_sizes<'a>(guest: &GuestModule<'a>) -> Cow<'a, [u8]> {
    let has_custom = guest
        .memories
        .iter()
        .any(|memory| memory.page_size_log2.is_some());
    if !has_custom {
        return Cow::Borrowed(guest.wasm);
    }
    let mut memories = MemorySection::new();
    for (_, memory) in enumerate(&guest.memories).skip(guest.imported_memories as usize) {
        memories.memory(wasm_encoder::MemoryType {
            minimum: 0,
            maximum: memory.shared.then_some(0),
            memory64: memory.memory64,
            shared: memory.shared,
            page_size_log2: None,
        });
    }
    let mut output = wasm_encoder::Module::new();
    for section in &guest.sections {
        if section.id == u8::from(SectionId::Memory) {
            output.section(&memories);
        } else {
            output.section(&RawSection {
                id: section.id,
                data: &guest.wasm[section.range.clone()],
            });
        }
    }
    Cow::Owned(output.finish())
}
