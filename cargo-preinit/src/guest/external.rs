//! External state: state that the guest does not decide, so that init must not touch it.

use std::collections::BTreeSet;

use wasmparser::{CompositeInnerType, ConstExpr, Operator, ValType};

use super::facts::{is_marked, mark};
use super::module::{GuestModule, SegmentMode};
use crate::guest::index::{ElementIndex, GlobalIndex, MemoryIndex, TableIndex, enumerate};

/// State of an instance that the guest does not decide: the host provides it, or it is initialised from a global that the
/// host provides.
///
/// External state is unknown until the guest is instantiated in its real host, so init must not touch it, and the output
/// leaves it as the guest defines it.
#[derive(Debug, Default)]
pub(crate) struct External {
    /// Memories that are imported.
    imported_memories: Vec<bool>,
    /// Memories with an active data segment whose offset depends on an imported global.
    placed_memories: Vec<bool>,
    /// The imported memories that are promised to be fresh.
    pub(crate) fresh: BTreeSet<MemoryIndex>,
    tables: Vec<bool>,
    globals: Vec<bool>,
    /// Those of `globals` that are imported, immutable and hold a reference which init may copy but not inspect.
    tokens: Vec<bool>,
    /// Element segments with an item that depends on external state.
    elements: Vec<bool>,
    /// How many tags are imported.
    tags: u32,
}

impl External {
    /// The external state of a module whose imports all come from the host. `fresh` are the imported memories that are
    /// promised to be fresh.
    pub(super) fn of(module: &GuestModule<'_>, fresh: &BTreeSet<MemoryIndex>) -> Self {
        let imported = |count: u32| vec![true; count as usize];
        let mut external = Self {
            imported_memories: imported(module.imported_memories),
            placed_memories: Vec::new(),
            fresh: fresh.clone(),
            tables: imported(module.imported_tables),
            globals: imported(module.imported_globals),
            tokens: Vec::new(),
            elements: Vec::new(),
            tags: module.imported_tags,
        };
        for token in tokens(module) {
            mark(&mut external.tokens, token.0);
        }
        for (index, global) in enumerate(&module.globals) {
            if global.init.as_ref().is_some_and(|init| external.decides(init)) {
                mark(&mut external.globals, index);
            }
        }
        for (index, table) in enumerate(&module.tables) {
            if table.init.as_ref().is_some_and(|init| external.decides(init)) {
                mark(&mut external.tables, index);
            }
        }
        for (index, segment) in enumerate(&module.elements) {
            let is_unknown = external.is_any_unknown(&segment.globals);
            if is_unknown {
                mark(&mut external.elements, index);
            }
            if let (SegmentMode::Active(table), Some(offset)) = (segment.mode, &segment.offset)
                && (is_unknown || external.decides(offset))
            {
                mark(&mut external.tables, table.0);
            }
        }
        for segment in &module.data {
            if let (SegmentMode::Active(memory), Some(offset)) = (segment.mode, &segment.offset)
                && external.decides(offset)
            {
                mark(&mut external.placed_memories, memory.0);
            }
        }
        external
    }

    /// Whether the value of a constant expression is unknown until the guest is instantiated in its real host.
    fn decides(&self, expression: &ConstExpr<'_>) -> bool {
        let operators = expression.get_operators_reader().into_iter();
        let globals = operators.filter_map(|operator| match operator {
            Ok(Operator::GlobalGet { global_index }) => Some(GlobalIndex(global_index)),
            _ => None,
        });
        self.is_any_unknown(&globals.collect::<Vec<_>>())
    }

    fn is_any_unknown(&self, globals: &[GlobalIndex]) -> bool {
        let mut globals = globals.iter();
        globals.any(|global| self.global(*global) && !self.is_token(*global))
    }

    pub(crate) fn memory(&self, index: MemoryIndex) -> bool {
        let is_unknown = is_marked(&self.imported_memories, index.0) && !self.fresh.contains(&index);
        is_unknown || self.is_placed(index)
    }

    /// Whether the place of some data in a memory depends on an imported global.
    pub(crate) fn is_placed(&self, index: MemoryIndex) -> bool {
        is_marked(&self.placed_memories, index.0)
    }

    pub(crate) fn table(&self, index: TableIndex) -> bool {
        is_marked(&self.tables, index.0)
    }

    pub(crate) fn global(&self, index: GlobalIndex) -> bool {
        is_marked(&self.globals, index.0)
    }

    /// Whether init may copy a global's reference without inspecting it: the global is imported and immutable, so the output
    /// can name it as the source of the reference.
    pub(crate) fn is_token(&self, index: GlobalIndex) -> bool {
        is_marked(&self.tokens, index.0)
    }

    pub(crate) fn element(&self, index: ElementIndex) -> bool {
        is_marked(&self.elements, index.0)
    }

    /// Whether a tag may be the same as another: the host can provide one tag for two imports.
    pub(crate) fn tag(&self, index: u32) -> bool {
        self.tags > 1 && index < self.tags
    }

    /// Whether the instance has no external state.
    pub(crate) fn is_empty(&self) -> bool {
        let is_marked = [&self.placed_memories, &self.tables, &self.globals, &self.elements]
            .iter()
            .any(|flags| !flags.is_empty());
        !is_marked && self.fresh.len() == self.imported_memories.len() && self.tags < 2
    }
}

/// The imported immutable globals of a type whose references the run can recognise, so that init may copy them without their
/// value being known.
pub(super) fn tokens<'g>(module: &'g GuestModule<'_>) -> impl Iterator<Item = GlobalIndex> + 'g {
    let imported = enumerate(&module.globals).take(module.imported_globals as usize);
    imported
        .filter(|(_, global)| !global.ty.mutable && can_stand_for_itself(module, global.ty.content_type))
        .map(|(index, _)| GlobalIndex(index))
}

/// Whether the run can make a reference of this type that differs from all others, and so is recognised: a host value or a
/// function.
fn can_stand_for_itself(module: &GuestModule<'_>, ty: ValType) -> bool {
    use wasmparser::{AbstractHeapType as Abstract, HeapType};
    match ty {
        ValType::Ref(ty) => match ty.heap_type() {
            HeapType::Abstract { shared, ty } => {
                !shared && matches!(ty, Abstract::Extern | Abstract::Any | Abstract::Func)
            }
            HeapType::Concrete(index) => index
                .as_module_index()
                .and_then(|index| module.types.get(index as usize))
                .is_some_and(|ty| matches!(ty.composite_type.inner, CompositeInnerType::Func(_))),
            HeapType::Exact(_) => false,
        },
        ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => false,
    }
}
