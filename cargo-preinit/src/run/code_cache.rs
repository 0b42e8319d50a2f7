//! A cache of compiled code, for the next bake of the same module.
//!
//! Each entry is a file: the machine code of a run copy as wasmtime serializes it, then a CRC-32 checksum. It is not compressed,
//! since reading it takes less time than decompressing it. It is written while init runs. The compiler and the version of this
//! crate are in the file's name, and wasmtime rejects code of another version or another machine. If an entry is rejected or
//! damaged, the module is compiled and the entry replaced.
//!
//! The directory is trusted as one that programs are run from: the code in it is executed.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use wasmtime::Engine;

use super::code::{Code, Form};
use super::compiler::Compiler;
use crate::hash::hash;

/// How many bytes all entries together may have.
const CAPACITY: u64 = 1 << 30;

/// How long an unfinished file is left alone: another process may still be writing it.
const ABANDONED: Duration = Duration::from_secs(3600);

/// The extensions of entries, and of entries that are still being written.
const ENTRY: &str = "code";
const UNFINISHED: &str = "new";

/// An entry of the cache, whether its file exists or not.
#[derive(Debug)]
pub(super) struct Entry {
    path: PathBuf,
    form: Form,
}

impl Entry {
    /// The entry of a run copy, compiled by this compiler.
    pub(super) fn new(dir: &Path, wasm: &[u8], compiler: Compiler) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let name = format!("{version}-{compiler}-{}.{ENTRY}", hash(wasm));
        Self {
            path: dir.join(name),
            form: Form::of(wasm),
        }
    }

    /// The code, if the entry exists and is valid.
    pub(super) fn load(&self, engine: &Engine) -> Option<Code> {
        if !self.is_whole(&mut File::open(&self.path).ok()?).ok()? {
            return None;
        }
        // SAFETY: only this crate writes entries, each before the file gets its name; the checksum is right, and the engine checks that it
        // can load the code.
        let code = unsafe { Code::map(engine, self.form, &self.path) };
        let code = code.or_else(|_| {
            // Where the file system is mounted `noexec`, code cannot be mapped.
            let bytes = fs_err::read(&self.path)?;
            // SAFETY: as above.
            unsafe { Code::deserialize(engine, self.form, &bytes) }
        });
        // The least recently used entries are removed first. A failure to set the time is ignored.
        let now = File::options().write(true).open(&self.path);
        let _ = now.and_then(|file| file.set_modified(SystemTime::now()));
        code.ok()
    }

    /// Writes the entry on another thread. If that fails, the next bake compiles again.
    pub(super) fn store(self, code: &Code) -> Storing {
        let code = code.clone();
        let thread = thread::Builder::new().spawn(move || {
            let bytes = code.serialize();
            drop(code);
            let _ = bytes.map(|bytes| self.write(bytes));
        });
        Storing(thread.ok())
    }

    /// Whether the checksum at the end of a file is that of the bytes in front of it, and of this entry.
    fn is_whole(&self, file: &mut File) -> std::io::Result<bool> {
        const CHECKSUM: u64 = size_of::<u32>() as u64;
        let Some(mut left) = file.metadata()?.len().checked_sub(CHECKSUM) else {
            return Ok(false);
        };
        let mut hasher = self.hasher();
        let mut buffer = [0; 1 << 16];
        while left > 0 {
            let part = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            file.read_exact(&mut buffer[..part])?;
            hasher.update(&buffer[..part]);
            left -= part as u64;
        }
        let mut checksum = [0; 4];
        file.read_exact(&mut checksum)?;
        Ok(hasher.finalize() == u32::from_le_bytes(checksum))
    }

    /// The checksum begins with the entry's name, so that the code of another module is never taken for this one's.
    fn hasher(&self) -> crc32fast::Hasher {
        let mut hasher = crc32fast::Hasher::new();
        let name = self.path.file_name().unwrap_or_default();
        hasher.update(name.as_encoded_bytes());
        hasher
    }

    fn write(&self, mut bytes: Vec<u8>) -> std::io::Result<()> {
        let mut hasher = self.hasher();
        hasher.update(&bytes);
        bytes.extend(hasher.finalize().to_le_bytes());
        let dir = self.path.parent().unwrap_or(Path::new(""));
        fs_err::create_dir_all(dir)?;
        make_room(dir, bytes.len() as u64);
        // The file gets its final name when it is complete. Two processes may write the same entry at the same time.
        let unfinished = self
            .path
            .with_extension(format!("{}.{UNFINISHED}", std::process::id()));
        let written =
            fs_err::write(&unfinished, bytes).and_then(|()| fs_err::rename(&unfinished, &self.path));
        if written.is_err() {
            let _ = fs_err::remove_file(&unfinished);
        }
        written
    }
}

/// An entry that is being written. The write is complete when this has been dropped.
#[derive(Debug, Default)]
pub(crate) struct Storing(Option<JoinHandle<()>>);

impl Drop for Storing {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            // Without the entry, the next bake compiles again.
            let _ = thread.join();
        }
    }
}

/// Removes abandoned unfinished files, and the least recently used entries until `bytes` more bytes fit.
fn make_room(dir: &Path, bytes: u64) {
    let Ok(files) = dir.read_dir() else { return };
    let mut entries = Vec::new();
    for file in files.flatten() {
        let path = file.path();
        let Ok(metadata) = file.metadata() else { continue };
        let used = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        match path.extension().and_then(|extension| extension.to_str()) {
            Some(ENTRY) => entries.push((used, metadata.len(), path)),
            Some(UNFINISHED) if used.elapsed().is_ok_and(|age| age > ABANDONED) => {
                let _ = fs_err::remove_file(path);
            }
            _ => {}
        }
    }
    entries.sort();
    let mut all = entries
        .iter()
        .map(|(_, len, _)| len)
        .sum::<u64>()
        .saturating_add(bytes);
    for (_, len, path) in entries {
        if all <= CAPACITY {
            break;
        }
        if fs_err::remove_file(path).is_ok() {
            all -= len;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An engine, the code of a module, and a path for a directory that does not exist.
    fn setup(name: &str) -> (Engine, Code, PathBuf) {
        let engine = Engine::default();
        let code = Code::compile(&engine, b"\0asm\x01\0\0\0").expect("it compiles");
        let dir = std::env::temp_dir().join(format!("code-cache-{name}-{}", std::process::id()));
        let _ = fs_err::remove_dir_all(&dir);
        (engine, code, dir)
    }

    #[test]
    fn an_entry_is_found_again_unless_it_is_damaged() {
        let (engine, code, dir) = setup("damaged");
        let entry = || Entry::new(&dir, b"copy", Compiler::Cranelift);
        assert!(entry().load(&engine).is_none());
        drop(entry().store(&code));
        assert!(entry().load(&engine).is_some());
        assert!(Entry::new(&dir, b"copy", Compiler::Winch).load(&engine).is_none());
        assert!(
            Entry::new(&dir, b"other", Compiler::Cranelift)
                .load(&engine)
                .is_none()
        );
        let path = entry().path;
        let whole = fs_err::read(&path).expect("it was written");
        for position in [0, whole.len() / 2, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[position] ^= 1;
            fs_err::write(&path, bytes).expect("it can be written");
            assert!(entry().load(&engine).is_none(), "a bit at {position}");
        }
        fs_err::write(&path, &whole[..3]).expect("it can be written");
        assert!(entry().load(&engine).is_none());
        // Another module's code is no entry of this one.
        drop(Entry::new(&dir, b"other", Compiler::Cranelift).store(&code));
        let other = Entry::new(&dir, b"other", Compiler::Cranelift).path;
        fs_err::rename(other, &path).expect("it was written");
        assert!(entry().load(&engine).is_none());
        // A damaged entry is replaced.
        drop(entry().store(&code));
        assert!(entry().load(&engine).is_some());
        let files = dir.read_dir().expect("it is there").count();
        assert_eq!(files, 1);
        fs_err::remove_dir_all(&dir).expect("it is there");
    }

    #[test]
    fn what_was_not_used_for_longest_makes_room() {
        let (_, _, dir) = setup("room");
        fs_err::create_dir_all(&dir).expect("it can be made");
        let file = |name: &str, len: u64, age: u64| {
            let file = File::create(dir.join(name)).expect("it can be made");
            file.set_len(len).expect("it can be sparse");
            let time = SystemTime::now() - Duration::from_secs(age);
            file.set_modified(time).expect("it is ours");
        };
        file("old.code", CAPACITY / 2, 30);
        file("newer.code", CAPACITY / 4, 20);
        file("newest.code", CAPACITY / 4, 10);
        file("1.new", 1, 2 * ABANDONED.as_secs());
        file("2.new", 1, 1);
        file("another", CAPACITY, 50);
        let left = || {
            let files = dir.read_dir().expect("it is there").flatten();
            let mut names: Vec<_> = files.map(|file| file.file_name()).collect();
            names.sort();
            names
        };
        make_room(&dir, 0);
        assert_eq!(
            left(),
            ["2.new", "another", "newer.code", "newest.code", "old.code"]
        );
        make_room(&dir, 1);
        assert_eq!(left(), ["2.new", "another", "newer.code", "newest.code"]);
        make_room(&dir, CAPACITY);
        assert_eq!(left(), ["2.new", "another"]);
        fs_err::remove_dir_all(&dir).expect("it is there");
    }
}
