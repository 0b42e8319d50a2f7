//! What the custom section `preinit` says: see [`crate::emit::stamp`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::read::Section;
use crate::emit::stamp;

/// What a bake says that it did. It is as true as whoever wrote the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stamp {
    /// The tool.
    pub tool: String,
    /// Its version.
    pub version: String,
    /// The steps of init in their order: names of items and exported functions, and `start`, `constructors` and `_initialize`.
    pub ran: Vec<String>,
    /// The memories that it captured.
    pub memories: Vec<StampedMemory>,
    /// The tables that it captured.
    pub tables: Vec<StampedTable>,
    /// How many globals it captured.
    pub globals: u64,
    /// How many structures and arrays it captured.
    pub objects: u64,
    /// What answered imports while init ran, by import.
    pub imports: BTreeMap<String, String>,
}

/// A memory that was captured, by its index in the original.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StampedMemory {
    /// Its index.
    pub index: u32,
    /// Its size in pages after init.
    pub pages: u64,
    /// How many bytes of it are listed; all others are zero.
    pub bytes: u64,
}

/// A table that was captured, by its index in the original.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StampedTable {
    /// Its index.
    pub index: u32,
    /// How many slots it has after init.
    pub slots: u64,
}

/// What a section says, if it is a stamp of this tool.
pub(crate) fn stamp(section: &Section<'_>) -> Option<Stamp> {
    let custom = section.custom()?;
    let is_ours = custom.name() == stamp::NAME && stamp::is_ours(custom.data());
    is_ours
        .then(|| serde_json::from_slice(custom.data()).ok())
        .flatten()
}
