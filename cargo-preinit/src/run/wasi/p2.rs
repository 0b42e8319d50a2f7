//! WASI preview 2, with the answers of preview 1: virtual time, a fixed random seed, and nothing that the options do not give.
//!
//! The functions are those of the interfaces `wasi:cli`, `wasi:clocks`, `wasi:filesystem`, `wasi:io` and `wasi:random` in
//! [version 0.2][wit]. Every other function of WASI stops init.
//!
//! A resource that the guest holds has a number, under which [`Resources`](super::resources::Resources) knows what it is.
//!
//! [wit]: https://github.com/WebAssembly/WASI/tree/v0.2.0

use wasmtime::StoreContextMut;
use wasmtime::component::{ComponentType, LinkerInstance, Lower, Resource, ResourceType};

use super::abi::Failure;
use super::clock::{ClockId, Timeout};
use super::process::Exited;
use super::resources::{FileStream, Held, Wait};
use super::{HostWasi, Pipe};
use crate::options::Stdin;
use crate::run::host::Host;
use crate::run::trap::stack_of;

/// The type of a resource that no function of this module makes.
struct Unknown;

/// `input-stream`
struct InputStream;
/// `output-stream`
struct OutputStream;
/// `pollable`
struct Pollable;
/// `error`
struct IoError;
/// `terminal-input`
struct TerminalInput;
/// `terminal-output`
struct TerminalOutput;
/// `descriptor`
struct Descriptor;
/// `directory-entry-stream`
struct DirectoryEntryStream;

/// `datetime`
#[derive(ComponentType, Lower)]
#[component(record)]
struct Datetime {
    seconds: u64,
    nanoseconds: u32,
}

/// `stream-error`
#[derive(ComponentType, Lower)]
#[component(variant)]
enum StreamError {
    #[component(name = "last-operation-failed")]
    #[expect(dead_code, reason = "no operation fails")]
    LastOperationFailed(Resource<IoError>),
    #[component(name = "closed")]
    Closed,
}

type Store<'a> = StoreContextMut<'a, Host>;

/// The type of a resource of an interface.
pub(in crate::run) fn resource_type(interface: Option<&str>, name: &str) -> ResourceType {
    match (interface, name) {
        (Some(_), "input-stream") => ResourceType::host::<InputStream>(),
        (Some(_), "output-stream") => ResourceType::host::<OutputStream>(),
        (Some(_), "pollable") => ResourceType::host::<Pollable>(),
        (Some("wasi:io/error" | "wasi:io/streams"), "error") => ResourceType::host::<IoError>(),
        (Some(_), "terminal-input") => ResourceType::host::<TerminalInput>(),
        (Some(_), "terminal-output") => ResourceType::host::<TerminalOutput>(),
        (Some("wasi:filesystem/types" | "wasi:filesystem/preopens"), "descriptor") => {
            ResourceType::host::<Descriptor>()
        }
        (Some("wasi:filesystem/types"), "directory-entry-stream") => {
            ResourceType::host::<DirectoryEntryStream>()
        }
        _ => ResourceType::host::<Unknown>(),
    }
}

/// Forgets a resource that the guest dropped.
pub(in crate::run) fn dropped(mut store: Store<'_>, number: u32) {
    store.data_mut().wasi.resources.remove(number);
}

/// Defines a function of an interface. Returns whether there is such a function.
pub(in crate::run) fn define(
    linker: &mut LinkerInstance<'_, Host>,
    interface: &str,
    name: &str,
) -> wasmtime::Result<bool> {
    match interface {
        "wasi:cli/environment" => environment(linker, name),
        "wasi:cli/exit" => exit(linker, name),
        "wasi:cli/stdin" | "wasi:cli/stdout" | "wasi:cli/stderr" => standard_streams(linker, name),
        "wasi:cli/terminal-stdin" | "wasi:cli/terminal-stdout" | "wasi:cli/terminal-stderr" => {
            terminals(linker, name)
        }
        "wasi:clocks/monotonic-clock" => monotonic_clock(linker, name),
        "wasi:clocks/wall-clock" => wall_clock(linker, name),
        "wasi:filesystem/preopens" => files::preopens(linker, name),
        "wasi:filesystem/types" => files::functions(linker, name),
        "wasi:io/poll" => poll(linker, name),
        "wasi:io/streams" => match name.starts_with("[method]input-stream.") {
            true => input_stream(linker, name),
            false => output_stream(linker, name),
        },
        "wasi:random/random" | "wasi:random/insecure" | "wasi:random/insecure-seed" => random(linker, name),
        _ => Ok(false),
    }
}

/// Defines a function, if its name is the one asked for. Each line has a name, the parameters, and what the function does with
/// the state of WASI.
macro_rules! functions {
    ($linker:ident, $asked:ident: $($name:literal ($($argument:ident: $ty:ty),*) |$wasi:ident| $body:expr;)*) => {
        match $asked {
            $($name => {
                $linker.func_wrap($name, |mut store: Store<'_>, ($($argument,)*): ($($ty,)*)| {
                    // A closure, since the function may return early.
                    let mut answer_it = || {
                        let $wasi = &mut store.data_mut().wasi;
                        // Some functions do not use it.
                        let _ = &$wasi;
                        $body
                    };
                    let answer = answer_it();
                    if store.data_mut().wasi.record() {
                        let stack = stack_of(&store);
                        store.data_mut().wasi.record_stack(stack);
                    }
                    answer
                })?;
                Ok(true)
            })*
            _ => Ok(false),
        }
    };
}

// It uses the macro.
mod files;

fn environment(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    functions! { linker, name:
        "get-environment" () |wasi| {
            wasi.asked.environment += 1;
            let variables = wasi.environment.iter();
            let variables = variables.filter_map(|variable| variable.split_once('='));
            let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
            Ok((variables.collect::<Vec<(String, String)>>(),))
        };
        "get-arguments" () |wasi| {
            wasi.asked.arguments += 1;
            Ok((wasi.arguments.clone(),))
        };
        "initial-cwd" () |wasi| Ok((None::<String>,));
    }
}

fn exit(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    functions! { linker, name:
        "exit" (status: Result<(), ()>) |wasi| Err::<(), _>(Exited(i32::from(status.is_err())).into());
        "exit-with-code" (code: u8) |wasi| Err::<(), _>(Exited(code.into()).into());
    }
}

fn standard_streams(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    functions! { linker, name:
        "get-stdin" () |wasi| Ok((wasi.resources.add::<InputStream>(Held::Stdin),));
        "get-stdout" () |wasi| Ok((wasi.resources.add::<OutputStream>(Held::Stdout),));
        "get-stderr" () |wasi| Ok((wasi.resources.add::<OutputStream>(Held::Stderr),));
    }
}

fn terminals(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    functions! { linker, name:
        "get-terminal-stdin" () |wasi| Ok((None::<Resource<TerminalInput>>,));
        "get-terminal-stdout" () |wasi| Ok((None::<Resource<TerminalOutput>>,));
        "get-terminal-stderr" () |wasi| Ok((None::<Resource<TerminalOutput>>,));
    }
}

fn monotonic_clock(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    functions! { linker, name:
        "now" () |wasi| Ok((wasi.clock.read(ClockId::Running),));
        "resolution" () |wasi| Ok((1_u64,));
        "subscribe-instant" (time: u64) |wasi| {
            let wait = Held::Wait(Wait { nanoseconds: time });
            Ok((wasi.resources.add::<Pollable>(wait),))
        };
        "subscribe-duration" (duration: u64) |wasi| {
            let time = wasi.clock.running().saturating_add(duration);
            let wait = Held::Wait(Wait { nanoseconds: time });
            Ok((wasi.resources.add::<Pollable>(wait),))
        };
    }
}

/// A number of nanoseconds as a `datetime`.
fn datetime(nanoseconds: u64) -> Datetime {
    const NANOSECONDS: u64 = 1_000_000_000;
    Datetime {
        seconds: nanoseconds / NANOSECONDS,
        nanoseconds: u32::try_from(nanoseconds % NANOSECONDS).unwrap_or(0),
    }
}

fn wall_clock(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    functions! { linker, name:
        "now" () |wasi| Ok((datetime(wasi.clock.read(ClockId::Wall)),));
        "resolution" () |wasi| Ok((datetime(1),));
    }
}

fn poll(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    functions! { linker, name:
        "[method]pollable.ready" (pollable: Resource<Pollable>) |wasi| {
            let wait = wasi.wait_of(&pollable)?;
            Ok((wait.is_none_or(|time| wasi.clock.poll(time)),))
        };
        "[method]pollable.block" (pollable: Resource<Pollable>) |wasi| {
            if let Some(time) = wasi.wait_of(&pollable)? {
                wasi.wait_until(time);
            }
            Ok(())
        };
        "poll" (pollables: Vec<Resource<Pollable>>) |wasi| {
            if pollables.is_empty() {
                return Err(wasmtime::format_err!("nothing to wait for"));
            }
            let waits = pollables.iter().map(|pollable| wasi.wait_of(pollable));
            let waits = waits.collect::<wasmtime::Result<Vec<Option<u64>>>>()?;
            // If nothing is ready at once, time passes until the first wait ends.
            if let Some(first) = waits.iter().copied().collect::<Option<Vec<u64>>>()
                && let Some(first) = first.into_iter().min()
            {
                wasi.wait_until(first);
            }
            let passed = wasi.clock.running();
            let ready = (0_u32..).zip(&waits).filter(|(_, wait)| wait.is_none_or(|time| passed >= time));
            Ok((ready.map(|(position, _)| position).collect::<Vec<u32>>(),))
        };
    }
}

type Read = Result<Vec<u8>, StreamError>;

fn input_stream(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    functions! { linker, name:
        "[method]input-stream.read" (stream: Resource<InputStream>, len: u64) |wasi| {
            let read: Read = wasi.read(&stream, len)?;
            Ok((read,))
        };
        "[method]input-stream.blocking-read" (stream: Resource<InputStream>, len: u64) |wasi| {
            let read: Read = wasi.read(&stream, len)?;
            Ok((read,))
        };
        "[method]input-stream.skip" (stream: Resource<InputStream>, len: u64) |wasi| {
            let read: Read = wasi.read(&stream, len)?;
            Ok((read.map(|bytes| bytes.len() as u64),))
        };
        "[method]input-stream.blocking-skip" (stream: Resource<InputStream>, len: u64) |wasi| {
            let read: Read = wasi.read(&stream, len)?;
            Ok((read.map(|bytes| bytes.len() as u64),))
        };
        "[method]input-stream.subscribe" (stream: Resource<InputStream>) |wasi| {
            wasi.resources.get(&stream)?;
            Ok((wasi.resources.add::<Pollable>(Held::Ready(stream.rep())),))
        };
    }
}

/// How many bytes may be read or written at once: what wasmtime's own host allows.
const WRITABLE: u64 = 1 << 20;

fn output_stream(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    functions! { linker, name:
        "[method]output-stream.check-write" (stream: Resource<OutputStream>) |wasi| {
            wasi.pipe(&stream)?;
            Ok((Ok::<u64, StreamError>(WRITABLE),))
        };
        "[method]output-stream.write" (stream: Resource<OutputStream>, bytes: Vec<u8>) |wasi| {
            wasi.print(&stream, &bytes)?;
            Ok((Ok::<(), StreamError>(()),))
        };
        "[method]output-stream.blocking-write-and-flush"
            (stream: Resource<OutputStream>, bytes: Vec<u8>) |wasi| {
            wasi.print(&stream, &bytes)?;
            Ok((Ok::<(), StreamError>(()),))
        };
        "[method]output-stream.flush" (stream: Resource<OutputStream>) |wasi| {
            wasi.pipe(&stream)?;
            Ok((Ok::<(), StreamError>(()),))
        };
        "[method]output-stream.blocking-flush" (stream: Resource<OutputStream>) |wasi| {
            wasi.pipe(&stream)?;
            Ok((Ok::<(), StreamError>(()),))
        };
        "[method]output-stream.write-zeroes" (stream: Resource<OutputStream>, len: u64) |wasi| {
            wasi.print_zeros(&stream, len)?;
            Ok((Ok::<(), StreamError>(()),))
        };
        "[method]output-stream.blocking-write-zeroes-and-flush"
            (stream: Resource<OutputStream>, len: u64) |wasi| {
            wasi.print_zeros(&stream, len)?;
            Ok((Ok::<(), StreamError>(()),))
        };
        "[method]output-stream.subscribe" (stream: Resource<OutputStream>) |wasi| {
            wasi.pipe(&stream)?;
            Ok((wasi.resources.add::<Pollable>(Held::Ready(stream.rep())),))
        };
    }
}

fn random(linker: &mut LinkerInstance<'_, Host>, name: &str) -> wasmtime::Result<bool> {
    functions! { linker, name:
        "get-random-bytes" (len: u64) |wasi| Ok((wasi.random_bytes(len)?,));
        "get-insecure-random-bytes" (len: u64) |wasi| Ok((wasi.random_bytes(len)?,));
        "get-random-u64" () |wasi| Ok((wasi.random.number(),));
        "get-insecure-random-u64" () |wasi| Ok((wasi.random.number(),));
        "insecure-seed" () |wasi| Ok((wasi.random.seed(),));
    }
}

impl HostWasi {
    /// What the guest holds of the host.
    pub(in crate::run) fn held(&self) -> impl Iterator<Item = &Held> {
        self.resources.held.values()
    }

    /// How many handles the guest was ever given.
    pub(in crate::run) fn given_handles(&self) -> usize {
        self.resources.given()
    }

    /// What the guest dropped last, and its number.
    pub(in crate::run) fn take_dropped(&mut self) -> Option<(u32, Held)> {
        self.resources.dropped.take()
    }

    /// When a wait ends; `None` for what is ready at once.
    fn wait_of(&self, pollable: &Resource<Pollable>) -> wasmtime::Result<Option<u64>> {
        match self.resources.get(pollable)? {
            Held::Wait(wait) => Ok(Some(wait.nanoseconds)),
            Held::Ready(_) => Ok(None),
            _ => Err(wasmtime::format_err!("there is nothing to wait for")),
        }
    }

    fn wait_until(&mut self, time: u64) {
        let duration = self.clock.until(ClockId::Running, Timeout::At(time));
        self.clock.wait(duration);
    }

    fn pipe(&mut self, stream: &Resource<OutputStream>) -> wasmtime::Result<&mut Pipe> {
        match self.resources.get(stream)? {
            Held::Stdout => Ok(&mut self.stdout),
            Held::Stderr => Ok(&mut self.stderr),
            _ => Err(wasmtime::format_err!("there is nothing to write to")),
        }
    }

    fn print(&mut self, stream: &Resource<OutputStream>, bytes: &[u8]) -> wasmtime::Result<()> {
        Ok(self.pipe(stream)?.print(bytes)?)
    }

    fn print_zeros(&mut self, stream: &Resource<OutputStream>, len: u64) -> wasmtime::Result<()> {
        let len = usize::try_from(len.min(WRITABLE)).unwrap_or(usize::MAX);
        Ok(self.pipe(stream)?.print(&vec![0; len])?)
    }

    fn read(&mut self, stream: &Resource<InputStream>, len: u64) -> wasmtime::Result<Read> {
        if let Held::FileStream(file) = self.resources.get(stream)? {
            let FileStream { place, position } = file.clone();
            let read = match self.read_file(&place, len, position) {
                Ok(read) => read,
                Err(Failure::Stop(error)) => return Err(error),
                Err(Failure::Errno(_)) => Vec::new(),
            };
            if let Held::FileStream(file) = self.resources.get_mut(stream)? {
                file.position = position.saturating_add(read.len() as u64);
            }
            return Ok(match read.is_empty() && len > 0 {
                true => Err(StreamError::Closed),
                false => Ok(read),
            });
        }
        self.asked.input += 1;
        let mut bytes = vec![0; usize::try_from(len.min(WRITABLE))?];
        let count = match self.stdin {
            Stdin::Closed => 0,
            Stdin::Inherited => self.input.read(&mut bytes)?,
        };
        bytes.truncate(count);
        Ok(match count {
            0 if len > 0 => Err(StreamError::Closed),
            _ => Ok(bytes),
        })
    }

    fn random_bytes(&mut self, len: u64) -> wasmtime::Result<Vec<u8>> {
        /// A guest asks for a few bytes at a time.
        const MAX: u64 = 64 << 20;
        if len > MAX {
            return Err(wasmtime::format_err!(
                "{len} random bytes are more than a bake gives at once"
            ));
        }
        let mut bytes = vec![0; usize::try_from(len)?];
        self.random.fill(&mut bytes);
        Ok(bytes)
    }
}
