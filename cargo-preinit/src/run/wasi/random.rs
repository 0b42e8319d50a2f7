//! Random numbers, from a fixed seed.

use super::HostWasi;
use super::abi::{Answer, GuestMemory, Span};

/// A generator whose numbers are the same in every bake: `SplitMix64` ([Steele, Lea and Flood 2014][paper]).
///
/// [paper]: https://doi.org/10.1145/2714064.2660195
#[derive(Debug, Default)]
pub(super) struct FixedRandom {
    state: u64,
    /// How many bytes were drawn.
    draws: u64,
    /// The last draw, if it was of as many bytes as the keys of a hash map have.
    last: Option<Keys>,
}

/// The keys of std's hash maps, as they are drawn: two numbers of eight bytes.
pub(crate) type Keys = [u8; 16];

impl FixedRandom {
    /// Numbers that have nothing to do with those of a bake.
    pub(super) fn other() -> Self {
        Self {
            state: 0x6a09_e667_f3bc_c908,
            ..Self::default()
        }
    }

    /// The draw of a hash map's keys that [`HostWasi::record`] has not seen yet.
    pub(super) fn take_keys(&mut self) -> Option<Keys> {
        self.last.take()
    }

    pub(super) fn draws(&self) -> u64 {
        self.draws
    }

    fn next(&mut self) -> u64 {
        self.draws += 1;
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Takes each byte from a number of its own, so that one call for many bytes gives the same bytes as many calls.
    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        for byte in &mut *bytes {
            *byte = self.next().to_le_bytes()[4];
        }
        self.last = (&*bytes).try_into().ok();
    }

    /// Two numbers, as [`fill`](Self::fill) gives them.
    pub(super) fn seed(&mut self) -> (u64, u64) {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        let both = u128::from_le_bytes(bytes);
        let [low, high] =
            [both, both >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0));
        (low, high)
    }

    /// A number of eight bytes, as [`fill`](Self::fill) gives them.
    pub(super) fn number(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
}

impl HostWasi {
    pub(super) fn random_get(&mut self, memory: &mut GuestMemory<'_>, buffer: Span) -> Answer {
        self.random.fill(memory.bytes_mut(buffer)?);
        Ok(())
    }
}
