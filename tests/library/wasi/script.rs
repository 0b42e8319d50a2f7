//! A guest that calls WASI functions one after the other, and stores the answers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cargo_preinit::{BakeOptions, Baked, MappedDir, Wasi, WasiOptions, bake};
use wasmtime::error::{Context as _, Result, ensure};
use wasmtime::{Engine, Instance, Linker, Module, Store};
use wasmtime_wasi::p1::{WasiP1Ctx, add_to_linker_sync};
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

/// The address of the first result. Bytes that arguments point to begin at [`GIVEN`].
const RESULTS: usize = 16;
const GIVEN: usize = 4 << 20;
const PAGES: usize = 128;

/// An argument.
#[derive(Debug, Clone)]
pub enum Arg {
    I32(u32),
    I64(u64),
    /// Bytes in memory, passed as address and length.
    Bytes(Vec<u8>),
    /// The address of the call's result.
    Result,
    /// An array of one buffer of so many bytes, which lies behind the first eight of the result. Passed as the array's address and
    /// length.
    Buffer(u32),
    /// The first four bytes of another call's result.
    Of(Call),
}

/// A call, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call(usize);

/// A call's error number and result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub errno: u32,
    /// The bytes that were reserved for the result.
    pub result: Vec<u8>,
}

/// A guest that is built call by call.
#[derive(Debug, Default)]
pub struct Script {
    imports: BTreeMap<String, String>,
    body: String,
    given: Vec<u8>,
    /// The address of each call's error number, and the size of its result, which follows eight bytes behind.
    results: Vec<(usize, usize)>,
}

pub fn text(text: &str) -> Arg {
    Arg::Bytes(text.as_bytes().to_vec())
}

impl Script {
    /// The address of the next call's result.
    pub fn next_result(&self) -> u32 {
        u32::try_from(self.next_start() + 8).expect("memory is small")
    }

    fn next_start(&self) -> usize {
        let end = self.results.last().map(|(start, size)| start + 8 + size);
        end.map_or(RESULTS, |end| end.next_multiple_of(8))
    }

    /// Adds a call, whose result takes `size` bytes.
    pub fn call(&mut self, name: &str, args: &[Arg], size: usize) -> Call {
        let start = self.next_start();
        self.results.push((start, size));
        let mut types = String::new();
        let mut values = String::new();
        let mut push = |ty: &str, value: String| {
            let _ = write!(types, " {ty}");
            let _ = write!(values, " {value}");
        };
        for arg in args {
            match arg {
                Arg::I32(value) => push("i32", format!("(i32.const {value})")),
                Arg::I64(value) => push("i64", format!("(i64.const {value})")),
                Arg::Bytes(bytes) => {
                    push("i32", format!("(i32.const {})", GIVEN + self.given.len()));
                    push("i32", format!("(i32.const {})", bytes.len()));
                    self.given.extend(bytes);
                }
                Arg::Result => push("i32", format!("(i32.const {})", start + 8)),
                Arg::Buffer(length) => {
                    let at = self.given.len().next_multiple_of(4);
                    self.given.resize(at, 0);
                    let target = u32::try_from(start + 16).expect("memory is small");
                    self.given.extend(target.to_le_bytes());
                    self.given.extend(length.to_le_bytes());
                    push("i32", format!("(i32.const {})", GIVEN + at));
                    push("i32", "(i32.const 1)".to_owned());
                }
                Arg::Of(call) => {
                    let (start, _) = self.results[call.0];
                    push("i32", format!("(i32.load (i32.const {}))", start + 8));
                }
            }
        }
        self.imports.insert(name.to_owned(), types);
        let _ = writeln!(
            self.body,
            "(i32.store (i32.const {start}) (call ${name}{values}))"
        );
        Call(self.results.len() - 1)
    }

    /// A call as text.
    pub fn text_of(&self, number: usize) -> &str {
        self.body.lines().nth(number).unwrap_or_default()
    }

    /// The module's text. Its function `run` makes the calls.
    fn module(&self) -> String {
        let mut module = "(module\n".to_owned();
        for (name, types) in &self.imports {
            let _ = writeln!(
                module,
                r#"(import "wasi_snapshot_preview1" "{name}" (func ${name} (param{types}) (result i32)))"#
            );
        }
        let given: String = self.given.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let _ = write!(
            module,
            r#"(memory (export "memory") {PAGES}) (data (i32.const {GIVEN}) "{given}") (func (export "run") {}))"#,
            self.body
        );
        module
    }

    /// The calls' answers in a bake.
    pub fn bake(&self, options: WasiOptions) -> Result<(Baked, Vec<Answer>)> {
        let options = BakeOptions {
            init_functions: vec!["run".to_owned()],
            wasi: Wasi::Allowed(options),
            ..BakeOptions::default()
        };
        let baked = bake(self.module().as_bytes(), &options)?;
        let answers = self.answers(&baked.wasm, &[], &[])?;
        Ok((baked, answers))
    }

    /// The calls' answers in wasmtime's WASI.
    pub fn play(&self, dirs: &[MappedDir]) -> Result<Vec<Answer>> {
        self.answers(&wat::parse_str(self.module())?, dirs, &["run"])
    }

    fn answers(&self, wasm: &[u8], dirs: &[MappedDir], calls: &[&str]) -> Result<Vec<Answer>> {
        let engine = Engine::default();
        let module = Module::new(&engine, wasm)?;
        let mut linker = Linker::new(&engine);
        add_to_linker_sync(&mut linker, |context: &mut WasiP1Ctx| context)?;
        let mut builder = WasiCtxBuilder::new();
        for dir in dirs {
            builder.preopened_dir(&dir.host, &dir.guest, FsPerms::ReadOnly)?;
        }
        let mut store = Store::new(&engine, builder.build_p1());
        let instance: Instance = linker.instantiate(&mut store, &module)?;
        for call in calls {
            let function = instance.get_typed_func::<(), ()>(&mut store, call)?;
            function.call(&mut store, ())?;
        }
        let memory = instance
            .get_memory(&mut store, "memory")
            .context("it is exported")?;
        let memory = memory.data(&store);
        ensure!(memory.len() >= GIVEN, "the memory shrank");
        let answers = self.results.iter().map(|(start, size)| {
            let errno = memory[*start..].first_chunk().copied().unwrap_or_default();
            Answer {
                errno: u32::from_le_bytes(errno),
                result: memory[start + 8..start + 8 + size].to_vec(),
            }
        });
        Ok(answers.collect())
    }
}

impl Answer {
    /// A field of the result, at this offset.
    pub fn u64(&self, offset: usize) -> u64 {
        let bytes = self.result[offset..].first_chunk().copied();
        u64::from_le_bytes(bytes.expect("the result is that long"))
    }

    pub fn u32(&self, offset: usize) -> u32 {
        let bytes = self.result[offset..].first_chunk().copied();
        u32::from_le_bytes(bytes.expect("the result is that long"))
    }
}
