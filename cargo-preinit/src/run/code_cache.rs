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

use wasmtime::Engine;

use super::code::{Code, Form};
use super::compiler::Compiler;
use crate::cache::{Bounded, CODE_CAPACITY as CAPACITY, CODE_EXTENSION as ENTRY, touch};
use crate::hash::hash;
use crate::options::Profile;

/// An entry of the cache, whether its file exists or not.
#[derive(Debug)]
pub(super) struct Entry {
    path: PathBuf,
    form: Form,
}

impl Entry {
    /// The entry of a run copy, compiled by this compiler.
    pub(super) fn new(dir: &Path, wasm: &[u8], compiler: Compiler, profile: Profile) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        // Code that counts fuel is other code.
        let how = match profile {
            Profile::Off => "",
            Profile::Items => "-profile",
        };
        let name = format!("{version}-{compiler}{how}-{}.{ENTRY}", hash(wasm));
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
        touch(&self.path);
        code.ok()
    }

    /// Writes the entry on another thread. If that fails, the next bake compiles again.
    pub(super) fn store(self, code: &Code) -> Storing {
        let code = code.clone();
        Storing::begin(move || {
            let bytes = code.serialize();
            drop(code);
            let _ = bytes.map(|bytes| self.write(bytes));
        })
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
        let entries = Bounded {
            dir: self.path.parent().unwrap_or(Path::new("")),
            extension: ENTRY,
            capacity: CAPACITY,
        };
        let name = self.path.file_name().unwrap_or_default();
        entries.write(&name.to_string_lossy(), &bytes)
    }
}

/// An entry that is being written. The write is complete when this has been dropped.
#[derive(Debug, Default)]
pub(crate) struct Storing(Option<JoinHandle<()>>);

impl Storing {
    /// Does the work of writing an entry on another thread.
    pub(super) fn begin(write: impl FnOnce() + Send + 'static) -> Self {
        Self(thread::Builder::new().spawn(write).ok())
    }
}

impl Drop for Storing {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            // Without the entry, the next bake compiles again.
            let _ = thread.join();
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
        let entry = || Entry::new(&dir, b"copy", Compiler::Cranelift, Profile::Off);
        assert!(entry().load(&engine).is_none());
        drop(entry().store(&code));
        assert!(entry().load(&engine).is_some());
        let with_fuel = Entry::new(&dir, b"copy", Compiler::Cranelift, Profile::Items);
        assert!(with_fuel.load(&engine).is_none());
        assert!(
            Entry::new(&dir, b"copy", Compiler::Winch, Profile::Off)
                .load(&engine)
                .is_none()
        );
        assert!(
            Entry::new(&dir, b"other", Compiler::Cranelift, Profile::Off)
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
        drop(Entry::new(&dir, b"other", Compiler::Cranelift, Profile::Off).store(&code));
        let other = Entry::new(&dir, b"other", Compiler::Cranelift, Profile::Off).path;
        fs_err::rename(other, &path).expect("it was written");
        assert!(entry().load(&engine).is_none());
        // A damaged entry is replaced.
        drop(entry().store(&code));
        assert!(entry().load(&engine).is_some());
        let files = dir.read_dir().expect("it is there").count();
        assert_eq!(files, 1);
        fs_err::remove_dir_all(&dir).expect("it is there");
    }
}
