//! The compiled parts of a run copy, and those that earlier bakes left in the cache.
//!
//! The cache has one file for each run copy: the code of each module that was compiled, behind the hash of the module and the length of the
//! code; which parts there are, as JSON; and a CRC-32 checksum at the end, as in `run/code_cache.rs`. Since a part whose functions did not
//! change has the same bytes, the code is also that of the guest's next version: where there is no file for a copy, the newest ones of
//! copies with the same imports and exports are read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use wasmtime::{Engine, Module};

use super::super::compiler::Compiler;
use super::{Hash, Made};
use crate::cache::{Bounded, CODE_CAPACITY, CODE_EXTENSION, touch};
use crate::hash::{digits, hash};
use crate::instrument::{Part, Split};
use crate::options::CompilationCache;

/// How many files of other copies are read at most.
const MOST_OTHERS: usize = 4;

/// The bytes of the checksum at the end.
const CHECKSUM: usize = size_of::<u32>();

/// The modules of a run copy by their hashes, compiled in this process or before.
#[derive(Default)]
pub(super) struct Archive {
    /// A module is in here several times if a run instantiates it for several functions with the same code, since a backtrace tells modules
    /// apart, not instances.
    modules: BTreeMap<(Hash, u32), Module>,
    /// Where the code of a module is in which of the files that were read.
    stored: BTreeMap<Hash, (Arc<Vec<u8>>, Range<usize>)>,
    /// The file for this copy; `None` if nothing is cached.
    path: Option<PathBuf>,
    /// The parts that runs have loaded, by the slots that they were for: the next run is likely to load them, too.
    parts: BTreeMap<u32, Vec<Arc<Made>>>,
    /// Whether the file lacks something.
    is_new: bool,
}

/// What a file says of another copy: nothing but the code of parts is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    This,
    Another,
}

impl Archive {
    /// In place of a hash, says that it is the state module, which is not the same for any two copies.
    pub(super) const STATE: Hash = [0; 32];

    /// In place of a hash, says that it is the list of parts.
    const PARTS: Hash = [1; 32];

    pub(super) fn open(cache: &CompilationCache, split: &Split, compiler: Compiler) -> Self {
        let CompilationCache::At(dir) = cache else {
            return Self::default();
        };
        let version = env!("CARGO_PKG_VERSION");
        let interface = split.interface_hash();
        let prefix = format!("{version}-{compiler}-parts-{}-", digits(&interface[..8]));
        let path = dir.join(format!("{prefix}{}.{CODE_EXTENSION}", hash(split.wasm())));
        let mut this = Self::default();
        if this.read(&path, Whose::This) {
            touch(&path);
        } else {
            let others = others(dir, &prefix);
            for other in others.iter().take(MOST_OTHERS) {
                this.read(other, Whose::Another);
            }
            this.is_new = true;
        }
        this.path = Some(path);
        this
    }

    /// Reads a file, if there is one and it is whole.
    fn read(&mut self, path: &Path, whose: Whose) -> bool {
        let Ok(bytes) = fs_err::read(path) else {
            return false;
        };
        let Some(end) = bytes.len().checked_sub(CHECKSUM) else {
            return false;
        };
        if checksum(path, &bytes[..end]).to_le_bytes() != bytes[end..] {
            return false;
        }
        let bytes = Arc::new(bytes);
        let mut place = 0;
        while let Some((hash, rest)) = bytes[place..end].split_first_chunk()
            && let Some((length, rest)) = rest.split_first_chunk()
        {
            let Ok(length) = usize::try_from(u64::from_le_bytes(*length)) else {
                break;
            };
            if length > rest.len() {
                break;
            }
            let start = end - rest.len();
            place = start + length;
            match (*hash, whose) {
                (Self::STATE | Self::PARTS, Whose::Another) => {}
                (Self::PARTS, Whose::This) => {
                    let parts: BTreeMap<u32, Vec<Made>> =
                        serde_json::from_slice(&bytes[start..place]).unwrap_or_default();
                    let shared = parts
                        .into_iter()
                        .map(|(slot, made)| (slot, made.into_iter().map(Arc::new).collect()));
                    self.parts = shared.collect();
                }
                (hash, _) => {
                    self.stored
                        .entry(hash)
                        .or_insert_with(|| (Arc::clone(&bytes), start..place));
                }
            }
        }
        true
    }

    /// The code of a module, if it is there. `copy` counts those of one run that are the same.
    pub(super) fn find(&mut self, engine: &Engine, hash: Hash, copy: u32) -> Option<Module> {
        if let Some(module) = self.modules.get(&(hash, copy)) {
            return Some(module.clone());
        }
        let module = match self.stored.get(&hash) {
            // SAFETY: only this crate writes the files, each before it gets its name, and their checksums are right.
            Some((bytes, range)) => unsafe { Module::deserialize(engine, &bytes[range.clone()]) },
            None => {
                let code = self.modules.get(&(hash, 0))?.serialize().ok()?;
                // SAFETY: it was serialized just now.
                unsafe { Module::deserialize(engine, code) }
            }
        };
        let Ok(module) = module else {
            // It is of another engine, or for another machine: it is compiled, and replaced.
            self.stored.remove(&hash);
            return None;
        };
        self.modules.insert((hash, copy), module.clone());
        Some(module)
    }

    /// Keeps a module that was compiled.
    pub(super) fn keep(&mut self, hash: Hash, module: &Module) {
        self.modules.insert((hash, 0), module.clone());
        self.is_new = true;
    }

    /// A part for a slot that fits.
    pub(super) fn made(&self, slot: u32, fits: impl Fn(&Part) -> bool) -> Option<Arc<Made>> {
        let mut made = self.parts.get(&slot)?.iter();
        made.find(|made| fits(&made.part)).cloned()
    }

    /// Keeps a part that was made.
    pub(super) fn keep_part(&mut self, slot: u32, made: Arc<Made>) {
        let of_slot = self.parts.entry(slot).or_default();
        // It may be one whose code had to be compiled again.
        of_slot.retain(|known| known.hash != made.hash);
        of_slot.push(made);
        self.is_new = true;
    }

    /// Writes the file, if it would be another one. If that fails, the next bake compiles again.
    pub(super) fn store(&self) {
        let Some(path) = self.path.as_ref().filter(|_| self.is_new) else {
            return;
        };
        // The code of parts that this process did not use stays, as long as the parts are known.
        let mut bytes = Vec::new();
        let mut written = BTreeSet::new();
        let of_parts = self.parts.values().flatten().map(|made| made.hash);
        for hash in [Self::STATE].into_iter().chain(of_parts) {
            if written.contains(&hash) {
                continue;
            }
            let stored = self.stored.get(&hash);
            if let Some((stored, range)) = stored {
                add(&mut bytes, hash, &stored[range.clone()]);
            } else if let Some(Ok(code)) = self.modules.get(&(hash, 0)).map(Module::serialize) {
                add(&mut bytes, hash, &code);
            } else {
                continue;
            }
            written.insert(hash);
        }
        let mut parts: BTreeMap<u32, Vec<&Made>> = BTreeMap::new();
        for (slot, made) in &self.parts {
            let of_slot = made
                .iter()
                .map(|made| &**made)
                .filter(|made| written.contains(&made.hash));
            parts.insert(*slot, of_slot.collect());
        }
        let Ok(parts) = serde_json::to_vec(&parts) else {
            return;
        };
        add(&mut bytes, Self::PARTS, &parts);
        bytes.extend(checksum(path, &bytes).to_le_bytes());
        let entries = Bounded {
            dir: path.parent().unwrap_or(Path::new("")),
            extension: CODE_EXTENSION,
            capacity: CODE_CAPACITY,
        };
        let name = path.file_name().unwrap_or_default();
        let _ = entries.write(&name.to_string_lossy(), &bytes);
    }
}

/// Adds an entry to a file.
fn add(file: &mut Vec<u8>, hash: Hash, bytes: &[u8]) {
    file.extend(hash);
    file.extend((bytes.len() as u64).to_le_bytes());
    file.extend_from_slice(bytes);
}

/// The files whose names begin so, the newest first.
fn others(dir: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<(SystemTime, PathBuf)> = Vec::new();
    for file in dir.read_dir().into_iter().flatten().flatten() {
        let name = file.file_name();
        let is_one =
            name.to_string_lossy().starts_with(prefix) && name.to_string_lossy().ends_with(CODE_EXTENSION);
        if let (true, Ok(used)) = (is_one, file.metadata().and_then(|metadata| metadata.modified())) {
            found.push((used, file.path()));
        }
    }
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}

/// The checksum begins with the file's name, so that the code of another module is never taken for this one's.
fn checksum(path: &Path, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(path.file_name().unwrap_or_default().as_encoded_bytes());
    hasher.update(bytes);
    hasher.finalize()
}
