//! What init read of what the options show: files, listings of directories, variables and arguments, by hashes.

use std::collections::BTreeMap;
use std::io::{self, Read as _};

use sha2::{Digest as _, Sha256};

use super::HostWasi;
use super::files::Place;
use crate::hash::{digits, hash};

/// What init read of what the options show, each with its SHA-256 in hexadecimal digits. Init that is shown the same again leaves the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ReadInputs {
    /// The contents of the files that it opened, by their paths in the guest.
    pub files: BTreeMap<String, String>,
    /// The names and kinds in the directories that it listed, by their paths in the guest.
    pub directories: BTreeMap<String, String>,
    /// The values of the variables that it was shown, if it asked for any: which of them it used is not known.
    pub variables: BTreeMap<String, String>,
    /// Its arguments, if it asked for them.
    pub arguments: Option<String>,
}

impl ReadInputs {
    /// Whether init read nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl HostWasi {
    /// What init has read so far.
    ///
    /// # Errors
    ///
    /// If a file cannot be read any more.
    pub(in crate::run) fn inputs(&self) -> io::Result<ReadInputs> {
        let mut inputs = ReadInputs::default();
        for place in self.files.opened() {
            inputs
                .files
                .insert(self.files.shown(place, ""), self.hash_of_file(place)?);
        }
        for (place, listing) in self.files.listed() {
            let entries = listing.entries.iter();
            let lines = entries.map(|(name, kind)| format!("{kind:?} {}:{name}\n", name.len()));
            let text: String = lines.collect();
            inputs
                .directories
                .insert(self.files.shown(place, ""), hash(text.as_bytes()));
        }
        if self.asked.environment > 0 {
            let variables = self.environment.iter().filter_map(|entry| entry.split_once('='));
            let variables = variables.map(|(name, value)| (name.to_owned(), hash(value.as_bytes())));
            inputs.variables = variables.collect();
        }
        if self.asked.arguments > 0 && !self.arguments.is_empty() {
            let arguments = self.arguments.iter();
            let text: String = arguments
                .map(|argument| format!("{}:{argument}\n", argument.len()))
                .collect();
            inputs.arguments = Some(hash(text.as_bytes()));
        }
        Ok(inputs)
    }

    fn hash_of_file(&self, place: &Place) -> io::Result<String> {
        let mut file = fs_err::File::open(self.files.host(place))?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(digits(hash.finalize().as_slice())),
                len => hash.update(&buffer[..len]),
            }
        }
    }
}
