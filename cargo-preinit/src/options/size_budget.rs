//! How large an output may be.

use std::fmt;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::text::size;

/// How large an output may be, before it is compiled ahead of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeBudget {
    /// In bytes.
    pub bytes: u64,
    /// What is measured.
    pub of: Measured,
}

/// What of an output is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// The file.
    File,
    /// The file, compressed by gzip as its default is.
    Compressed,
}

impl SizeBudget {
    /// A limit for the file.
    #[must_use]
    pub fn of_file(bytes: u64) -> Self {
        Self {
            bytes,
            of: Measured::File,
        }
    }

    /// The limit of a host, by its name:
    ///
    /// - `shopify`: 256 kB, [Shopify Functions](https://shopify.dev/docs/apps/build/functions#limitations-and-considerations)
    /// - `workers` and `workers-free`: 10 and 3 MB once compressed, JavaScript included, [Cloudflare
    ///   Workers](https://developers.cloudflare.com/workers/platform/limits/#worker-size)
    #[must_use]
    pub fn of_host(name: &str) -> Option<Self> {
        let compressed = |bytes| Self {
            bytes,
            of: Measured::Compressed,
        };
        Some(match name {
            "shopify" => Self::of_file(256_000),
            "workers" => compressed(10_000_000),
            "workers-free" => compressed(3_000_000),
            _ => return None,
        })
    }

    /// What an output has of what is measured, in bytes.
    pub(crate) fn measure(self, wasm: &[u8]) -> u64 {
        match self.of {
            Measured::File => wasm.len() as u64,
            Measured::Compressed => compressed(wasm),
        }
    }
}

impl fmt::Display for SizeBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&size(self.bytes))?;
        match self.of {
            Measured::File => Ok(()),
            Measured::Compressed => f.write_str(" compressed"),
        }
    }
}

fn compressed(wasm: &[u8]) -> u64 {
    let mut encoder = GzEncoder::new(Counter(0), Compression::default());
    // Counting does not fail.
    let written = encoder.write_all(wasm).and_then(|()| encoder.finish());
    written.map_or(u64::MAX, |counter| counter.0)
}

/// Counts what is written.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured() {
        let wasm = [7; 100_000];
        assert_eq!(SizeBudget::of_file(1).measure(&wasm), 100_000);
        let workers = SizeBudget::of_host("workers").expect("it is known");
        assert!(
            (20..1000).contains(&workers.measure(&wasm)),
            "{}",
            workers.measure(&wasm)
        );
        assert_eq!(workers.to_string(), "9.54 MiB compressed");
        assert_eq!(SizeBudget::of_host("Shopify"), None);
    }
}
