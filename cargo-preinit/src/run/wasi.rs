//! WASI preview 1 as init sees it: the same on every machine and at every time, and without access to anything that the options do
//! not give.
//!
//! Time is virtual and random numbers come from a fixed seed. There are no arguments, environment variables, files or network
//! beyond what the options give. Of a directory the guest sees names and contents only, and cannot write to it. What init asked
//! is recorded, since the answers are in the baked module, and so in every instance.
//!
//! wasmtime's own WASI host passes on the answers of the system, and these differ from system to system; here every answer is
//! defined by this module. The functions are those of [`wasi_snapshot_preview1.witx`][witx]. Where it leaves an answer open, the
//! answer is that of wasmtime's host.
//!
//! [witx]: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/witx/wasi_snapshot_preview1.witx

mod abi;
pub(super) mod asked;
mod clock;
mod descriptors;
mod fd;
mod files;
mod input;
mod inputs;
pub(super) mod link;
pub(super) mod p2;
mod paths;
mod poll;
mod process;
mod random;
pub(super) mod reads;
mod resources;
mod status;
pub(super) mod vary;

use super::error::RunError;
use super::limits::LimitReached;
use crate::guest::wasi_interface;
use crate::options::{Limits, Stdin, Wasi, WasiOptions};

pub(super) use abi::NoMemory;
use abi::{Answer, stop};
use asked::Asked;
pub use asked::{WasiUse, WasiWarning};
use clock::Clock;
use descriptors::Descriptors;
use files::Files;
pub(super) use files::Unreadable;
use input::Input;
pub use inputs::ReadInputs;
pub(super) use process::Exited;
use random::FixedRandom;
pub(crate) use random::Keys;
use reads::Reads;
pub use reads::{Read, Source};
pub(super) use resources::Held;
use resources::Resources;

/// The module name of the imports of WASI preview 1.
pub(super) const MODULE: &str = "wasi_snapshot_preview1";

/// Whether this is the module name of WASI preview 1, or an interface of preview 2.
pub(crate) fn is_wasi(module: &str) -> bool {
    module == MODULE || wasi_interface(module).is_some()
}

/// The state of WASI, and what init asked for.
#[derive(Debug)]
pub(crate) struct HostWasi {
    is_allowed: bool,
    arguments: Vec<String>,
    /// Each entry is `NAME=VALUE`.
    environment: Vec<String>,
    random: FixedRandom,
    clock: Clock,
    files: Files,
    descriptors: Descriptors,
    asked: Asked,
    reads: Reads,
    stdin: Stdin,
    input: Input,
    stdout: Pipe,
    stderr: Pipe,
    /// What the guest holds, in preview 2.
    resources: Resources,
}

/// A stream that the guest prints to.
#[derive(Debug)]
struct Pipe {
    bytes: Vec<u8>,
    /// How many bytes the guest may print.
    limit: usize,
}

impl Pipe {
    /// Keeps the bytes up to the limit, and ends the run if there are more.
    fn write(&mut self, bytes: &[u8]) -> Answer {
        self.print(bytes).map_err(stop)
    }

    fn print(&mut self, bytes: &[u8]) -> Result<(), LimitReached> {
        let room = self.limit - self.bytes.len();
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if bytes.len() > room {
            return Err(LimitReached::Output);
        }
        Ok(())
    }
}

impl HostWasi {
    pub(super) fn new(wasi: &Wasi, limits: &Limits) -> Result<Self, RunError> {
        let closed = WasiOptions::default();
        let (is_allowed, options) = match wasi {
            Wasi::Denied => (false, &closed),
            Wasi::Allowed(options) => (true, options),
        };
        let pipe = || Pipe {
            bytes: Vec::new(),
            limit: limits.output_bytes,
        };
        let variables = options.env.iter();
        let files = Files::new(&options.dirs)?;
        Ok(Self {
            is_allowed,
            arguments: options.args.clone(),
            environment: variables.map(|(name, value)| format!("{name}={value}")).collect(),
            random: FixedRandom::default(),
            clock: Clock::new(options.wall_clock_start),
            descriptors: Descriptors::new(&files),
            files,
            asked: Asked::default(),
            reads: Reads::default(),
            stdin: options.stdin,
            input: Input::default(),
            stdout: pipe(),
            stderr: pipe(),
            resources: Resources::default(),
        })
    }

    pub(super) fn is_allowed(&self) -> bool {
        self.is_allowed
    }

    /// Starts anew, as `initial` is, but for what the guest holds.
    pub(super) fn restart(&mut self, initial: Self) {
        let resources = std::mem::take(&mut self.resources);
        *self = Self { resources, ..initial };
    }

    /// What the guest printed: its standard output, then its standard error.
    pub(super) fn output(&self) -> String {
        let mut text = String::from_utf8_lossy(&self.stdout.bytes).into_owned();
        text.push_str(&String::from_utf8_lossy(&self.stderr.bytes));
        text
    }
}
