//! A page about a bake, for people: one HTML file that needs nothing else.
//!
//! **In** the facts that a bake reports, and the modules before and after it. **Out** the text of the page. Pure: what is measured was
//! measured before. The page shows a [`PageData`], and holds it as JSON, so a program can read what the page says. Apart from times, two
//! bakes of the same guest make the same page. Whatever comes from the guest is escaped by the template engine.

mod data;
mod map;
mod parts;
mod set;
mod tables;
mod treemap;
mod trees;
mod words;

use askama::Template;

use super::json::item::Item;
use crate::bake_error::BakeError;
use crate::guest::InputError;
use crate::options::BakeOptions;
use crate::pipeline::BakeReport;
use crate::pipeline::start::Start;
use data::PageData;
use map::MapView;
use tables::{Fact, ItemView, StartView, WarningView};
use trees::TreesView;

/// What a page is about.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    /// How events name the guest.
    pub(crate) module: &'a str,
    /// The target that cargo built it for, if cargo built it.
    pub(crate) target: Option<&'a str>,
    /// The guest, in the binary or the text format.
    pub(crate) guest: &'a [u8],
    /// The baked module.
    pub(crate) baked: &'a [u8],
    /// What the bake reported.
    pub(crate) report: &'a BakeReport,
    /// How the baked module starts, or why that could not be measured.
    pub(crate) start: Result<Start, BakeError>,
    /// How it was baked.
    pub(crate) options: &'a BakeOptions,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    /// A module cannot be read. The bake has read both, so this is a bug.
    #[error("the report could not be made: {0}")]
    Input(#[from] InputError),
    /// The data has no form in JSON, which is a bug as well.
    #[error("the report could not be made: {0}")]
    Json(#[from] serde_json::Error),
    /// The template does not take its data, which is a bug as well.
    #[error("the report could not be made: {0}")]
    Template(#[from] askama::Error),
}

/// Makes the page about a bake.
///
/// # Errors
///
/// If a module cannot be read, which is not expected.
pub(crate) fn page(subject: &Subject<'_>) -> Result<String, PageError> {
    let data = PageData::of(subject)?;
    let json = for_script(&serde_json::to_string(&data)?);
    Ok(Page::of(&data, json).render()?)
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    data: &'a PageData<'a>,
    /// The data, as a script may hold it.
    json: String,
    /// The guest's name.
    title: String,
    facts: Vec<Fact>,
    before: String,
    after: String,
    change: String,
    maps: Vec<MapView>,
    trees: TreesView,
    start: StartView,
    items: Vec<ItemView>,
    warnings: Vec<WarningView>,
    options: Vec<Fact>,
}

impl<'a> Page<'a> {
    fn of(data: &'a PageData<'a>, json: String) -> Self {
        Self {
            data,
            json,
            title: words::line(data.module),
            facts: tables::facts(data),
            before: words::size(data.bytes_before as u64),
            after: words::size(data.bytes_after as u64),
            change: words::change(data.bytes_before as u64, data.bytes_after as u64),
            maps: data
                .memories
                .iter()
                .map(|memory| map::view(memory, &data.items))
                .collect(),
            trees: trees::view(&data.sizes, &data.items),
            start: tables::start(&data.start),
            items: data
                .items
                .iter()
                .enumerate()
                .map(|(position, item)| tables::item(position, item))
                .collect(),
            warnings: data.warnings.iter().map(tables::warning).collect(),
            options: tables::options(&data.options),
        }
    }
}

/// JSON as a script of a page may hold it. A script has no entities; nothing in it that begins with `<` may be there, and JSON writes that
/// character as an escape as well. It occurs in strings only.
fn for_script(json: &str) -> String {
    json.replace('<', "\\u003c")
}

/// The name of a step in the page.
fn name(items: &[Item<'_>], position: usize) -> String {
    let item = items.get(position);
    item.map_or_else(|| "a step".to_owned(), |item| words::line(item.step.name()))
}

/// The colour of a step, by its position: the name of a CSS class.
fn colour(position: usize) -> String {
    const COLOURS: usize = 8;
    format!("i{}", position % COLOURS)
}

#[cfg(test)]
mod tests;
