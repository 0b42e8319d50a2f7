//! Standard input, where the guest reads that of this process.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::descriptors::fill;

/// The bytes of standard input that were read so far. Reading consumes them, and a replay has to read the same bytes as init.
static READ: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Standard input from its beginning.
#[derive(Debug, Default)]
pub(super) struct Input {
    position: usize,
}

impl Input {
    /// Reads until the target is full or the input ends.
    pub(super) fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        let known = read.get(self.position..).unwrap_or_default();
        let known = &known[..known.len().min(target.len())];
        let (first, rest) = target.split_at_mut(known.len());
        first.copy_from_slice(known);
        let new = fill(&mut io::stdin().lock(), rest)?;
        read.extend_from_slice(&rest[..new]);
        let count = first.len() + new;
        self.position += count;
        Ok(count)
    }
}
