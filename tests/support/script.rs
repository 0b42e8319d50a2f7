//! Runs the scripts of the spec's test suite: instances by name, actions, and their expected results.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use wasmtime::error::{Context as _, Result, bail};
use wasmtime::{
    AnyRef, Config, Engine, Extern, ExternRef, Func, FuncType, Global, GlobalType, Instance, Linker, Memory,
    MemoryType, Module, Mutability, OptLevel, Ref, RefType, SharedMemory, Store, Table, TableType,
    ThrownException, Trap, Val, ValType,
};
use wast::core::{NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::token::Id;
use wast::{WastArg, WastInvoke, WastRet};

/// An engine with every proposal that wasmtime supports. Legacy exceptions are left out, since its compilers do not support them.
pub fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config
        .wasm_custom_page_sizes(true)
        .wasm_exceptions(true)
        .wasm_extended_const(true)
        .wasm_function_references(true)
        .wasm_gc(true)
        .wasm_memory64(true)
        .wasm_multi_memory(true)
        .wasm_relaxed_simd(true)
        .wasm_tail_call(true)
        .wasm_threads(true)
        .wasm_wide_arithmetic(true)
        .shared_memory(true)
        .relaxed_simd_deterministic(true)
        .cranelift_nan_canonicalization(true)
        // The suite has thousands of small modules, each called a few times.
        .cranelift_opt_level(OptLevel::None);
    Engine::new(&config)
}

/// The answer of an action, or a description of what is wrong.
pub type Verdict = std::result::Result<String, String>;

/// An instance, and whether its module was baked.
#[derive(Clone, Copy)]
pub struct Placed {
    pub instance: Instance,
    pub is_baked: bool,
}

/// A store with the instances of one run of a script. The store's data holds the lines that are printed.
pub struct World {
    store: Store<Vec<String>>,
    linker: Linker<Vec<String>>,
    named: BTreeMap<String, Placed>,
    current: Option<Placed>,
}

impl World {
    pub fn new(engine: &Engine) -> Result<Self> {
        let mut world = Self {
            store: Store::new(engine, Vec::new()),
            linker: Linker::new(engine),
            named: BTreeMap::new(),
            current: None,
        };
        world.linker.allow_shadowing(true);
        world.link_spectest()?;
        Ok(world)
    }

    /// Defines the module `spectest`, which every script may import from.
    fn link_spectest(&mut self) -> Result<()> {
        let (store, linker) = (&mut self.store, &mut self.linker);
        let engine = store.engine().clone();
        let mut define = |store: &mut Store<Vec<String>>, name: &str, item: Extern| {
            linker.define(store, "spectest", name, item).map(drop)
        };
        use ValType::{F32, F64, I32, I64};
        let functions: [(&str, &[ValType]); 7] = [
            ("print", &[]),
            ("print_i32", &[I32]),
            ("print_i64", &[I64]),
            ("print_f32", &[F32]),
            ("print_f64", &[F64]),
            ("print_i32_f32", &[I32, F32]),
            ("print_f64_f64", &[F64, F64]),
        ];
        for (name, parameters) in functions {
            let ty = FuncType::new(&engine, parameters.iter().cloned(), []);
            let function = Func::new(&mut *store, ty, move |mut caller, arguments, _| {
                caller.data_mut().push(format!("{name}{arguments:?}"));
                Ok(())
            });
            define(store, name, function.into())?;
        }
        let globals = [
            ("global_i32", I32, Val::I32(666)),
            ("global_i64", I64, Val::I64(666)),
            ("global_f32", F32, Val::F32(666.6_f32.to_bits())),
            ("global_f64", F64, Val::F64(666.6_f64.to_bits())),
        ];
        for (name, ty, value) in globals {
            let global = Global::new(&mut *store, GlobalType::new(ty, Mutability::Const), value)?;
            define(store, name, global.into())?;
        }
        let tables = [
            ("table", TableType::new(RefType::FUNCREF, 10, Some(20))),
            ("table64", TableType::new64(RefType::FUNCREF, 10, Some(20))),
        ];
        for (name, ty) in tables {
            let table = Table::new(&mut *store, ty, Ref::Func(None))?;
            define(store, name, table.into())?;
        }
        let memory = Memory::new(&mut *store, MemoryType::new(1, Some(2)))?;
        define(store, "memory", memory.into())?;
        let memory = SharedMemory::new(&engine, MemoryType::shared(1, 2))?;
        define(store, "shared_memory", memory.into())
    }

    /// Instantiates a module with the registered instances as its imports.
    pub fn instantiate(&mut self, module: &Module, is_baked: bool) -> Result<Placed> {
        let instance = self.linker.instantiate(&mut self.store, module);
        let instance = self.forget_exception(instance)?;
        Ok(Placed { instance, is_baked })
    }

    /// The exported state of an instance as text: memories byte by byte, globals bit by bit, tables slot by slot.
    pub fn state(&mut self, placed: Placed) -> Result<BTreeMap<String, String>> {
        /// Of a table with more slots only the size is compared.
        const SLOTS: u64 = 1000;
        let exports: Vec<(String, Extern)> = placed
            .instance
            .exports(&mut self.store)
            .map(|export| (export.name().to_owned(), export.into_extern()))
            .collect();
        let mut state = BTreeMap::new();
        for (name, export) in exports {
            let text = match export {
                Extern::Memory(memory) => bytes(memory.data(&self.store))?,
                Extern::Global(global) => {
                    let value = global.get(&mut self.store);
                    self.show(value)?
                }
                Extern::Table(table) => {
                    let size = table.size(&self.store);
                    let mut text = format!("{size} slots:");
                    for slot in 0..size.min(SLOTS) {
                        let value = table.get(&mut self.store, slot).context("no such slot")?;
                        write!(text, " {}", self.show(value.into())?)?;
                    }
                    text
                }
                Extern::Func(function) => function.ty(&self.store).to_string(),
                Extern::SharedMemory(_) | Extern::Tag(_) => String::new(),
            };
            state.insert(name, text);
        }
        Ok(state)
    }

    /// Makes an instance the current one, and names it. With `None`, following actions have no instance.
    pub fn place(&mut self, name: Option<Id<'_>>, placed: Option<Placed>) {
        if let Some(name) = name {
            match placed {
                Some(placed) => self.named.insert(name.name().to_owned(), placed),
                None => self.named.remove(name.name()),
            };
        }
        self.current = placed;
    }

    pub fn find(&self, name: Option<Id<'_>>) -> Result<Placed> {
        match name {
            Some(name) => self.named.get(name.name()).copied(),
            None => self.current,
        }
        .context("there is no such instance")
    }

    pub fn register(&mut self, name: Option<Id<'_>>, under: &str) -> Result<()> {
        let placed = self.find(name)?;
        self.linker.instance(&mut self.store, under, placed.instance)?;
        Ok(())
    }

    pub fn get(&mut self, name: Option<Id<'_>>, global: &str) -> Result<Vec<Val>> {
        let instance = self.find(name)?.instance;
        let global = instance
            .get_global(&mut self.store, global)
            .context("there is no such global")?;
        Ok(vec![global.get(&mut self.store)])
    }

    pub fn invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Vec<Val>> {
        let instance = self.find(invoke.module)?.instance;
        let function = instance
            .get_func(&mut self.store, invoke.name)
            .context("there is no such function")?;
        let ty = function.ty(&self.store);
        let arguments: Vec<Val> = invoke
            .args
            .iter()
            .zip(ty.params())
            .map(|(argument, ty)| self.argument(argument, &ty))
            .collect::<Result<_>>()?;
        let mut results = vec![Val::I32(0); ty.results().len()];
        let called = function.call(&mut self.store, &arguments, &mut results);
        self.forget_exception(called)?;
        Ok(results)
    }

    /// Takes an uncaught exception out of the store, where it would stay.
    fn forget_exception<T>(&mut self, result: Result<T>) -> Result<T> {
        if let Err(error) = &result
            && error.is::<ThrownException>()
        {
            let _ = self.store.take_pending_exception();
        }
        result
    }

    fn argument(&mut self, argument: &WastArg<'_>, ty: &ValType) -> Result<Val> {
        let WastArg::Core(argument) = argument else {
            bail!("only arguments of core modules are known");
        };
        Ok(match argument {
            WastArgCore::I32(value) => Val::I32(*value),
            WastArgCore::I64(value) => Val::I64(*value),
            WastArgCore::F32(value) => Val::F32(value.bits),
            WastArgCore::F64(value) => Val::F64(value.bits),
            WastArgCore::V128(value) => Val::V128(u128::from_le_bytes(value.to_le_bytes()).into()),
            WastArgCore::RefNull(_) => {
                let ty = ty.as_ref().context("null for something that is no reference")?;
                Val::null_ref(ty.heap_type())
            }
            WastArgCore::RefExtern(value) => Val::ExternRef(Some(ExternRef::new(&mut self.store, *value)?)),
            WastArgCore::RefHost(value) => {
                let value = ExternRef::new(&mut self.store, *value)?;
                Val::AnyRef(Some(AnyRef::convert_extern(&mut self.store, value)?))
            }
        })
    }

    /// The answer of an action: the lines that it printed, and the bits of its results.
    pub fn answer(&mut self, result: Result<Vec<Val>>) -> Verdict {
        let mut words = std::mem::take(self.store.data_mut());
        match result {
            Ok(values) => {
                for value in values {
                    words.push(self.show(value).map_err(|error| explain(&error))?);
                }
                Ok(words.join(" "))
            }
            Err(error) => {
                words.push(explain(&error));
                Err(words.join(" "))
            }
        }
    }

    /// Checks that an action returned the expected results.
    pub fn returns(&mut self, result: Result<Vec<Val>>, expected: &[WastRet<'_>]) -> Verdict {
        let values = match result {
            Ok(values) => values,
            error @ Err(_) => return self.answer(error),
        };
        let mut is_expected = values.len() == expected.len();
        for (value, expected) in values.iter().zip(expected) {
            let WastRet::Core(expected) = expected else {
                return Err("only results of core modules are known".to_owned());
            };
            is_expected &= self.matches(*value, expected).map_err(|error| explain(&error))?;
        }
        let answer = self.answer(Ok(values))?;
        if is_expected {
            Ok(answer)
        } else {
            Err(format!("answered {answer}"))
        }
    }

    /// Checks that an action trapped with the expected message.
    pub fn traps(&mut self, result: Result<Vec<Val>>, message: &str) -> Verdict {
        // Messages about null references and table elements differ between the suite and wasmtime.
        let is_same = |text: &str| {
            text.contains(message)
                || (message.contains("uninitialized element") && text.contains("uninitialized element"))
                || (message.contains("null")
                    && (text.contains("null reference") || text.contains("uninitialized element")))
        };
        let has_trapped = result.as_ref().is_err_and(|error| error.is::<Trap>());
        match self.answer(result) {
            Err(text) if has_trapped && is_same(&text) => Ok(text),
            Err(text) => Err(format!("not the trap `{message}`, but: {text}")),
            Ok(answer) => Err(format!("not the trap `{message}`, but an answer: {answer}")),
        }
    }

    /// Checks that an action ended with an uncaught exception.
    pub fn throws(&mut self, result: Result<Vec<Val>>) -> Verdict {
        let has_thrown = result.as_ref().is_err_and(|error| error.is::<ThrownException>());
        match self.answer(result) {
            Err(text) if has_thrown => Ok(text),
            Err(text) => Err(format!("not an exception, but: {text}")),
            Ok(answer) => Err(format!("not an exception, but an answer: {answer}")),
        }
    }

    fn show(&mut self, value: Val) -> Result<String> {
        Ok(match value {
            Val::I32(value) => format!("i32 {value}"),
            Val::I64(value) => format!("i64 {value}"),
            Val::F32(bits) => format!("f32 {bits:#x}"),
            Val::F64(bits) => format!("f64 {bits:#x}"),
            Val::V128(value) => format!("v128 {:#x}", value.as_u128()),
            Val::FuncRef(None) | Val::ExternRef(None) | Val::AnyRef(None) | Val::ExnRef(None) => {
                "null".to_owned()
            }
            Val::FuncRef(Some(_)) => "a function".to_owned(),
            Val::ExternRef(Some(_)) => match self.host_value(value)? {
                Some(value) => format!("host {value}"),
                None => "extern".to_owned(),
            },
            Val::AnyRef(Some(reference)) => {
                if let Some(i31) = reference.as_i31(&self.store)? {
                    format!("i31 {}", i31.get_i32())
                } else if reference.is_struct(&self.store)? {
                    "a structure".to_owned()
                } else if reference.is_array(&self.store)? {
                    "an array".to_owned()
                } else {
                    match self.host_value(value)? {
                        Some(value) => format!("host {value}"),
                        None => "any".to_owned(),
                    }
                }
            }
            Val::ExnRef(Some(_)) => "an exception".to_owned(),
            Val::ContRef(_) => "a continuation".to_owned(),
        })
    }

    /// The number that a script made a host reference from.
    fn host_value(&mut self, value: Val) -> Result<Option<u32>> {
        let reference = match value {
            Val::ExternRef(Some(reference)) => reference,
            Val::AnyRef(Some(reference)) => ExternRef::convert_any(&mut self.store, reference)?,
            _ => return Ok(None),
        };
        let data = reference.data(&self.store)?;
        Ok(data.and_then(|data| data.downcast_ref::<u32>()).copied())
    }

    fn matches(&mut self, value: Val, expected: &WastRetCore<'_>) -> Result<bool> {
        Ok(match (value, expected) {
            (_, WastRetCore::Either(cases)) => {
                for case in cases {
                    if self.matches(value, case)? {
                        return Ok(true);
                    }
                }
                false
            }
            (Val::I32(value), WastRetCore::I32(expected)) => value == *expected,
            (Val::I64(value), WastRetCore::I64(expected)) => value == *expected,
            (Val::F32(bits), WastRetCore::F32(pattern)) => is_f32(bits, pattern),
            (Val::F64(bits), WastRetCore::F64(pattern)) => is_f64(bits, pattern),
            (Val::V128(value), WastRetCore::V128(pattern)) => is_v128(value.as_u128(), pattern),
            (
                Val::FuncRef(None) | Val::ExternRef(None) | Val::AnyRef(None) | Val::ExnRef(None),
                WastRetCore::RefNull(_),
            )
            | (Val::FuncRef(Some(_)), WastRetCore::RefFunc(_))
            | (Val::ExternRef(Some(_)), WastRetCore::RefExtern(None))
            | (Val::AnyRef(Some(_)), WastRetCore::RefAny) => true,
            (Val::ExternRef(Some(_)), WastRetCore::RefExtern(Some(expected)))
            | (Val::AnyRef(Some(_)), WastRetCore::RefHost(expected)) => {
                self.host_value(value)? == Some(*expected)
            }
            (Val::AnyRef(Some(value)), WastRetCore::RefEq) => value.is_eqref(&self.store)?,
            (Val::AnyRef(Some(value)), WastRetCore::RefArray) => value.is_array(&self.store)?,
            (Val::AnyRef(Some(value)), WastRetCore::RefStruct) => value.is_struct(&self.store)?,
            (Val::AnyRef(Some(value)), WastRetCore::RefI31) => value.is_i31(&self.store)?,
            _ => false,
        })
    }
}

/// The size as text, and the rows of 16 bytes that are not all zero.
fn bytes(data: &[u8]) -> Result<String> {
    let mut text = format!("{} bytes", data.len());
    // Most pages are zero, and a check of a whole page is much faster than one of its rows.
    for (page, data) in data.chunks(4096).enumerate() {
        if data.iter().all(|byte| *byte == 0) {
            continue;
        }
        for (row, bytes) in data.chunks(16).enumerate() {
            if bytes.iter().any(|byte| *byte != 0) {
                write!(text, ", {:#x}: {bytes:02x?}", page * 4096 + row * 16)?;
            }
        }
    }
    Ok(text)
}

/// An error without its backtrace, since function indices and code positions differ.
pub fn explain(error: &wasmtime::Error) -> String {
    if let Some(trap) = error.downcast_ref::<Trap>() {
        trap.to_string()
    } else if error.is::<ThrownException>() {
        "an exception that nobody caught".to_owned()
    } else {
        format!("{error:#}")
    }
}

fn is_f32(bits: u32, pattern: &NanPattern<wast::token::F32>) -> bool {
    match pattern {
        NanPattern::CanonicalNan => bits & 0x7fff_ffff == 0x7fc0_0000,
        NanPattern::ArithmeticNan => bits & 0x7fc0_0000 == 0x7fc0_0000,
        NanPattern::Value(value) => bits == value.bits,
    }
}

fn is_f64(bits: u64, pattern: &NanPattern<wast::token::F64>) -> bool {
    match pattern {
        NanPattern::CanonicalNan => bits & 0x7fff_ffff_ffff_ffff == 0x7ff8_0000_0000_0000,
        NanPattern::ArithmeticNan => bits & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
        NanPattern::Value(value) => bits == value.bits,
    }
}

fn is_v128(value: u128, pattern: &V128Pattern) -> bool {
    let bytes = value.to_le_bytes();
    match pattern {
        V128Pattern::I8x16(lanes) => lanes.iter().flat_map(|lane| lane.to_le_bytes()).eq(bytes),
        V128Pattern::I16x8(lanes) => lanes.iter().flat_map(|lane| lane.to_le_bytes()).eq(bytes),
        V128Pattern::I32x4(lanes) => lanes.iter().flat_map(|lane| lane.to_le_bytes()).eq(bytes),
        V128Pattern::I64x2(lanes) => lanes.iter().flat_map(|lane| lane.to_le_bytes()).eq(bytes),
        V128Pattern::F32x4(lanes) => {
            let (chunks, _) = bytes.as_chunks();
            let found = chunks.iter().map(|bytes| u32::from_le_bytes(*bytes));
            found.zip(lanes).all(|(bits, pattern)| is_f32(bits, pattern))
        }
        V128Pattern::F64x2(lanes) => {
            let (chunks, _) = bytes.as_chunks();
            let found = chunks.iter().map(|bytes| u64::from_le_bytes(*bytes));
            found.zip(lanes).all(|(bits, pattern)| is_f64(bits, pattern))
        }
    }
}
