use std::collections::HashMap;
use std::fs::File;
use std::sync::{LazyLock, OnceLock};
use std::time::Instant;

use preinit_guest::preinit;

#[preinit]
static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);

#[preinit(with = files)]
static FILES: OnceLock<HashMap<String, (u32, Option<File>)>> = OnceLock::new();

#[preinit]
static THREAD: LazyLock<std::thread::JoinHandle<()>> = LazyLock::new(|| std::thread::spawn(|| {}));

fn files() -> HashMap<String, (u32, Option<File>)> {
    HashMap::new()
}

/// It has the name of another.
pub struct ThreadId(u32);

#[preinit]
static OWN: LazyLock<crate::ThreadId> = LazyLock::new(|| ThreadId(1));

fn main() {
    let _ = OWN.0;
}
