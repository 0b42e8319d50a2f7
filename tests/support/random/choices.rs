//! A stream of random decisions from one seed.

/// `SplitMix64`, which is small and gives the same numbers on every machine.
#[derive(Debug, Clone)]
pub struct Choices {
    state: u64,
    /// The next decisions, before those that the seed makes.
    given: std::vec::IntoIter<u8>,
}

impl Choices {
    /// A stream from a seed. The same seed makes the same decisions.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed,
            given: Vec::new().into_iter(),
        }
    }

    /// A stream from the hash of bytes (FNV-1a).
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self::new(hash(bytes))
    }

    /// A stream of decisions that are the bytes, one after the other, and then those of a seed. So a small change of the bytes is
    /// a small change of what is decided.
    #[must_use]
    pub fn following(bytes: &[u8]) -> Self {
        let given: Vec<u8> = bytes.into();
        Self {
            given: given.into_iter(),
            ..Self::new(0)
        }
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        if let Some(number) = self.given.next() {
            return u64::from(number);
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 if `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let number = self.number() % (end.max(1) as u64);
        usize::try_from(number).unwrap_or_default()
    }

    /// True with a probability of `of / out_of`.
    pub fn chance(&mut self, of: u64, out_of: u64) -> bool {
        self.number() % out_of < of
    }

    /// One element; `None` of an empty slice.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let position = self.below(from.len());
        from.get(position)
    }

    /// A number that is often small or near a boundary.
    pub fn value(&mut self) -> u64 {
        match self.below(6) {
            0 => self.number() % 4,
            1 => self.number() % 300,
            2 => u64::MAX - self.number() % 4,
            3 => 1 << (self.number() % 64),
            4 => u64::from(u32::MAX >> (self.number() % 32)),
            _ => self.number(),
        }
    }

    /// `count` random bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = std::iter::repeat_with(|| self.number().to_le_bytes())
            .take(count.div_ceil(8))
            .flatten()
            .collect();
        bytes.truncate(count);
        bytes
    }
}

/// The 64-bit FNV-1a hash.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
