//! Writes the output, section by section.

use std::borrow::Cow;

use wasm_encoder::reencode::Error;
use wasm_encoder::{Encode, SectionId};

use super::custom::{self, CustomEdit};
use super::draft::Draft;
use super::layout::{Gone, Layout, Relinked, Style};
use super::strategy::Strategy;
use super::{code, data, elements, exports, globals, names, tables};
use crate::guest::{CUSTOM_SECTION, RawSection};
use crate::wasm::splice::{Output, SECTION_ORDER, contents, encoded};

/// The output's bytes, before the stamp is added.
pub(super) struct Written {
    pub(super) wasm: Vec<u8>,
    /// The custom sections of the guest that the output does not have because they would be wrong.
    pub(super) left_out: Vec<String>,
}

/// Writes the output.
pub(super) fn write(draft: &Draft<'_>, strategy: &Strategy) -> Relinked<Written> {
    let guest = draft.context.guest;
    let layout = &strategy.layout;
    let alive = strategy.alive.as_ref().ok();
    let code = match layout.style {
        Style::Splice => code::spliced(draft, layout)?.into_iter().collect(),
        Style::SpliceBehindGlobals | Style::Relink => {
            let parts = code::relinked(draft, layout)?;
            parts.into_iter().map(Cow::Owned).collect()
        }
    };
    let elements = elements::section(draft, layout, alive)?;
    let data = data::section(draft, layout)?.finish();
    let are_positions_kept = layout.style == Style::Splice && code::keeps_positions(draft);
    let mut writer = Writer {
        draft,
        layout,
        elements: (!elements.is_empty()).then(|| contents(&elements)),
        code,
        data,
        // Code and data take most of a module, so the output is about as large as the guest.
        output: Output::with_capacity(guest.wasm.len()),
    };
    // The guest's sections keep their order, with custom sections between them. New sections go where the format requires.
    let last = guest
        .sections
        .iter()
        .rposition(|section| section.id != CUSTOM_SECTION);
    let mut left_out = Vec::new();
    let mut has_producers = false;
    let mut has_names = false;
    let mut next = 0;
    if last.is_none() {
        writer.sections(&SECTION_ORDER)?;
    }
    for (position, section) in guest.sections.iter().enumerate() {
        if section.id != CUSTOM_SECTION {
            let rank = SECTION_ORDER
                .iter()
                .position(|id| u8::from(*id) == section.id)
                .map_or(0, |rank| rank + 1);
            let rank = match Some(position) == last {
                true => SECTION_ORDER.len(),
                false => rank,
            };
            writer.sections(&SECTION_ORDER[next.min(rank)..rank])?;
            next = next.max(rank);
            continue;
        }
        match custom::edit(draft, layout, guest.bytes(&section.range), are_positions_kept) {
            CustomEdit::Keep(contents) => {
                has_producers |= custom::is_producers(&contents);
                has_names |= custom::is_names(&contents);
                writer.output.section(CUSTOM_SECTION, [&*contents]);
            }
            CustomEdit::Drop(name) => left_out.push(name),
            CustomEdit::Replace => {}
        }
    }
    // Without names, those of what stands for imports are the only ones.
    if let Some(names) = names::of_stubs(draft, layout).filter(|_| !has_names) {
        let names = contents(&names);
        writer.output.section(CUSTOM_SECTION, [names.as_slice()]);
    }
    if !has_producers {
        let producers = contents(&custom::producers(None));
        writer.output.section(CUSTOM_SECTION, [producers.as_slice()]);
    }
    Ok(Written {
        wasm: writer.output.finish(),
        left_out,
    })
}

struct Writer<'d, 'a> {
    draft: &'d Draft<'a>,
    layout: &'d Layout,
    elements: Option<Vec<u8>>,
    code: Vec<Cow<'a, [u8]>>,
    data: Vec<u8>,
    output: Output,
}

impl<'a> Writer<'_, 'a> {
    fn sections(&mut self, ids: &[SectionId]) -> Relinked {
        for id in ids {
            self.section(*id)?;
        }
        Ok(())
    }

    fn section(&mut self, id: SectionId) -> Relinked {
        let (draft, layout) = (self.draft, self.layout);
        let contents: Option<Cow<'_, [u8]>> = match id {
            SectionId::Type if self.is_spliced() => code::spliced_types(draft, self.old(id)),
            SectionId::Function if self.is_spliced() => code::spliced_functions(draft, self.old(id)),
            SectionId::Import | SectionId::Tag if self.is_spliced() => self.old(id).map(Cow::Borrowed),
            SectionId::Table if self.is_spliced() && draft.context.instance.tables.is_empty() => {
                match layout.style {
                    Style::Splice => self.old(id).map(Cow::Borrowed),
                    _ => some(&tables::section(draft, layout)?),
                }
            }
            SectionId::Type => some(&code::types(draft, layout)?),
            SectionId::Import => some(&code::imports(draft, layout)?),
            SectionId::Function => some(&code::functions(draft, layout)?),
            SectionId::Table => some(&tables::section(draft, layout)?),
            SectionId::Memory => some(&data::memories(draft, layout)?),
            SectionId::Tag => some(&code::tags(draft, layout)?),
            SectionId::Global => some(&globals::section(draft, layout)?),
            SectionId::Export => some(&exports::section(draft, layout)?),
            SectionId::Start => draft
                .start
                .and_then(|start| layout.indices.function(start))
                .map(|start| encoded(&start.0).into()),
            SectionId::Element => self.elements.take().map(Cow::Owned),
            SectionId::DataCount => {
                let count = layout.indices.data_segments();
                let is_needed = match layout.style {
                    Style::Relink => count > 0,
                    Style::Splice | Style::SpliceBehindGlobals => true,
                };
                let is_there = self.old(id).is_some() || !draft.added_data.is_empty();
                (is_there && is_needed).then(|| encoded(&count).into())
            }
            SectionId::Code => {
                let code = std::mem::take(&mut self.code);
                if !code.is_empty() {
                    self.output.section(id.into(), code.iter().map(|part| &**part));
                }
                return Ok(());
            }
            SectionId::Data => {
                (layout.indices.data_segments() > 0).then(|| std::mem::take(&mut self.data).into())
            }
            SectionId::Custom => None,
        };
        if let Some(contents) = contents {
            self.output.section(id.into(), [&*contents]);
        }
        Ok(())
    }

    /// Whether everything of the guest except globals keeps its index.
    fn is_spliced(&self) -> bool {
        match self.layout.style {
            Style::Splice | Style::SpliceBehindGlobals => true,
            Style::Relink => false,
        }
    }

    /// The contents of a section of the guest.
    fn old(&self, id: SectionId) -> Option<&'a [u8]> {
        let guest = self.draft.context.guest;
        let mut sections = guest.sections.iter();
        let RawSection { range, .. } = sections.find(|section| section.id == u8::from(id))?;
        Some(guest.bytes(range))
    }
}

/// The contents of a section, if it has entries: these sections begin with the number of entries.
fn some(section: &impl Encode) -> Option<Cow<'static, [u8]>> {
    let contents = contents(section);
    (contents.first() != Some(&0)).then(|| contents.into())
}

/// The text of an error.
pub(super) fn describe(error: &Error<Gone>) -> String {
    format!("the output cannot be written: {error}")
}
