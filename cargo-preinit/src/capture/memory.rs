//! Finds what is not zero in a memory.

use crate::snapshot::Run;

/// How many zero bytes end a run. A segment costs some eight bytes of header, and engines copy few long segments
/// faster than many short ones; the image may merge more, and never less.
const GAP: usize = 64;

/// The bytes that a zero test takes at once.
const CHUNK: usize = 64;

/// The runs of bytes that are not zero, in ascending order, with fewer than [`GAP`] zero bytes inside.
pub(super) fn runs(memory: &[u8]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut position = 0;
    while let Some(start) = next_non_zero(memory, position) {
        let mut end = start + 1;
        while let Some(next) = next_non_zero(memory, end) {
            if next - end >= GAP {
                break;
            }
            end = next + 1;
        }
        runs.push(Run {
            offset: start as u64,
            bytes: memory[start..end].to_vec(),
        });
        position = end;
    }
    runs
}

fn next_non_zero(memory: &[u8], from: usize) -> Option<usize> {
    let mut position = from;
    while position < memory.len() {
        let end = memory.len().min(position + CHUNK);
        let chunk = &memory[position..end];
        // The compiler makes a few vector instructions of this, where a byte-wise search is one branch a byte.
        if chunk.iter().fold(0, |any, byte| any | byte) != 0 {
            let offset = chunk.iter().position(|byte| *byte != 0)?;
            return Some(position + offset);
        }
        position = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(non_zero: &[usize], expected: &[(u64, usize)]) {
        let mut memory = vec![0; 4096];
        for &position in non_zero {
            memory[position] = 1;
        }
        let found: Vec<(u64, usize)> = runs(&memory)
            .iter()
            .map(|run| (run.offset, run.bytes.len()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn runs_are_apart_by_the_gap() {
        check(&[], &[]);
        check(&[0], &[(0, 1)]);
        check(&[4095], &[(4095, 1)]);
        check(&[10, 11, 13], &[(10, 4)]);
        check(&[10, 10 + GAP], &[(10, 65)]);
        check(&[10, 11 + GAP], &[(10, 1), (75, 1)]);
    }
}
