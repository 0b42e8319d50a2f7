//! Images of baked modules: their machine, the engines that load them, and their answers, which must be the module's.

use cargo_preinit::run::Compiler;
use cargo_preinit::{BakeOptions, Baked, EngineSetting, Precompile, Target, bake};
use wasmtime::component;
use wasmtime::{Config, Engine, Instance, Module, Precompiled, Store};

/// Init changes a memory, a global and a table; `get` reads all three.
const GUEST: &str = r#"(module
  (type $f (func (result i32)))
  (memory 1)
  (table 2 funcref)
  (global $g (mut i32) (i32.const 0))
  (elem declare func $seven)
  (func $seven (type $f) (i32.const 7))
  (func (export "wizer-initialize")
    (i32.store (i32.const 8) (i32.const 100))
    (global.set $g (i32.const 20))
    (table.set (i32.const 1) (ref.func $seven)))
  (func (export "get") (result i32)
    (i32.add (i32.load (i32.const 8))
      (i32.add (global.get $g) (call_indirect (type $f) (i32.const 1))))))
"#;

/// The ELF header of each image: byte order, machine, and wasmtime's flags, of which 1 stands for a module.
const TARGETS: [(&str, Header); 10] = [
    ("x86_64-unknown-linux-gnu", Header::new(ByteOrder::Little, 62, 1)),
    ("x86_64-pc-windows-msvc", Header::new(ByteOrder::Little, 62, 1)),
    ("x86_64-apple-darwin", Header::new(ByteOrder::Little, 62, 1)),
    (
        "aarch64-unknown-linux-gnu",
        Header::new(ByteOrder::Little, 183, 1),
    ),
    (
        "riscv64gc-unknown-linux-gnu",
        Header::new(ByteOrder::Little, 243, 1),
    ),
    ("s390x-unknown-linux-gnu", Header::new(ByteOrder::Big, 22, 1)),
    ("pulley32", Header::new(ByteOrder::Little, 243, 1 | 4)),
    ("pulley32be", Header::new(ByteOrder::Big, 243, 1 | 4)),
    ("pulley64", Header::new(ByteOrder::Little, 243, 1 | 8)),
    ("pulley64be", Header::new(ByteOrder::Big, 243, 1 | 8)),
];

#[derive(Debug, PartialEq, Eq)]
struct Header {
    order: ByteOrder,
    machine: u16,
    flags: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByteOrder {
    Little,
    Big,
}

impl Header {
    const fn new(order: ByteOrder, machine: u16, flags: u32) -> Self {
        Self {
            order,
            machine,
            flags,
        }
    }

    /// Reads the header at the offsets of the ELF specification, independently of the tool.
    fn read(image: &[u8]) -> Self {
        const CLASS_64: u8 = 2;
        assert_eq!(image[..5], [0x7f, b'E', b'L', b'F', CLASS_64]);
        let (machine, flags) = (
            [image[18], image[19]],
            [image[48], image[49], image[50], image[51]],
        );
        match image[5] {
            1 => Self::new(
                ByteOrder::Little,
                u16::from_le_bytes(machine),
                u32::from_le_bytes(flags),
            ),
            2 => Self::new(
                ByteOrder::Big,
                u16::from_be_bytes(machine),
                u32::from_be_bytes(flags),
            ),
            other => panic!("{other} is no byte order"),
        }
    }
}

fn target(text: &str) -> Target {
    text.parse().expect("wasmtime compiles for it")
}

fn baked(wat: &str, targets: &[&str], engine: &[EngineSetting]) -> Baked {
    let options = BakeOptions {
        precompile: Precompile {
            targets: targets.iter().map(|text| target(text)).collect(),
            engine: engine.to_vec(),
        },
        ..BakeOptions::default()
    };
    bake(wat.as_bytes(), &options).expect("it bakes")
}

/// The one image of a module.
fn image(wat: &str, target: &str, engine: &[EngineSetting]) -> Vec<u8> {
    let mut baked = baked(wat, &[target], engine);
    baked.artifacts.remove(0).image
}

fn load(image: &[u8], config: &Config) -> wasmtime::Result<Module> {
    let engine = Engine::new(config)?;
    // SAFETY: the tests load images that the tool has just made.
    unsafe { Module::deserialize(&engine, image) }
}

fn get(module: &Module) -> i32 {
    let mut store = Store::new(module.engine(), ());
    let instance = Instance::new(&mut store, module, &[]).expect("it needs no imports");
    let get = instance
        .get_typed_func::<(), i32>(&mut store, "get")
        .expect("it is exported");
    get.call(&mut store, ()).expect("it does not trap")
}

#[test]
fn an_image_answers_as_the_module() {
    let Baked { wasm, artifacts, .. } = baked(GUEST, &["host"], &[]);
    let module = Module::new(&Engine::default(), &wasm).expect("it is valid");
    let image = load(&artifacts[0].image, &Config::default()).expect("a default engine loads it");
    assert_eq!((get(&image), get(&module)), (127, 127));
}

#[test]
fn the_interpreter_answers_as_well() {
    let pulley = if cfg!(target_endian = "big") {
        "pulley64be"
    } else {
        "pulley64"
    };
    let mut config = Config::default();
    config.target(pulley).expect("it is a target");
    let image = load(&image(GUEST, pulley, &[]), &config).expect("the interpreter takes it");
    assert!(image.engine().is_pulley());
    assert_eq!(get(&image), 127);
}

#[test]
fn an_image_for_the_hosts_triple_runs_here() {
    let triple = TARGETS
        .iter()
        .map(|(triple, _)| *triple)
        .find(|triple| triple.starts_with(std::env::consts::ARCH) && triple.contains(std::env::consts::OS));
    let Some(triple) = triple else { return };
    let image = load(&image(GUEST, triple, &[]), &Config::default()).expect("a default engine loads it");
    assert_eq!(get(&image), 127);
}

#[test]
fn every_image_is_for_its_target() {
    let triples: Vec<&str> = TARGETS.iter().map(|(triple, _)| *triple).collect();
    let Baked { artifacts, .. } = baked(GUEST, &triples, &[]);
    assert_eq!(artifacts.len(), TARGETS.len());
    for ((triple, header), artifact) in TARGETS.iter().zip(artifacts) {
        assert_eq!(artifact.target, target(triple));
        assert!(
            matches!(
                Engine::detect_precompiled(&artifact.image),
                Some(Precompiled::Module)
            ),
            "{triple}"
        );
        assert_eq!(Header::read(&artifact.image), *header, "{triple}");
    }
}

#[test]
fn the_same_bytes_twice() {
    for triple in ["host", "s390x-unknown-linux-gnu", "pulley32be"] {
        assert!(image(GUEST, triple, &[]) == image(GUEST, triple, &[]), "{triple}");
    }
}

#[test]
fn the_compiler_of_the_run_makes_no_difference() {
    let options = BakeOptions {
        compiler: cargo_preinit::CompilerChoice::Cranelift,
        precompile: Precompile {
            targets: vec![target("host")],
            engine: Vec::new(),
        },
        ..BakeOptions::default()
    };
    let other = bake(GUEST.as_bytes(), &options).expect("it bakes");
    assert_eq!(other.report.run.compiler, Compiler::Cranelift);
    assert!(other.artifacts[0].image == image(GUEST, "host", &[]));
}

/// The configuration of an engine with as few of wasmtime's Cargo features as possible.
fn small() -> Config {
    let mut config = Config::default();
    config
        .concurrency_support(false)
        .gc_support(false)
        .wasm_function_references(false)
        .wasm_gc(false)
        .wasm_exceptions(false)
        .wasm_threads(false)
        .wasm_component_model(false)
        .wasm_component_model_async(false);
    config
}

#[test]
fn an_image_asks_for_what_the_module_uses() {
    let image = image(GUEST, "host", &[EngineSetting::NoConcurrencySupport]);
    assert_eq!(
        get(&load(&image, &small()).expect("a small engine loads it")),
        127
    );
    load(&image, &Config::default()).expect_err("the two differ in how calls are compiled");
}

const COLLECTED: &str = r#"(module
  (type $box (struct (field i32)))
  (global $box (mut (ref null $box)) (ref.null $box))
  (func (export "wizer-initialize") (global.set $box (struct.new $box (i32.const 5))))
  (func (export "get") (result i32) (struct.get $box 0 (global.get $box))))
"#;

#[test]
fn a_module_with_objects_runs_in_a_default_engine() {
    let image = image(COLLECTED, "host", &[]);
    assert_eq!(
        get(&load(&image, &Config::default()).expect("a default engine loads it")),
        5
    );
    let error = load(&image, &small()).expect_err("it has no collector");
    assert!(
        format!("{error:#}").contains("module was compiled with GC"),
        "{error:#}"
    );
}

const PROPOSED: &str = r#"(module
  (memory 1 (pagesize 1))
  (global $g (mut i64) (i64.const 0))
  (func (export "wizer-initialize")
    (drop (memory.grow (i32.const 6)))
    (global.set $g (i64.const 4)))
  (func (export "get") (result i32)
    (i64.mul_wide_u (i64.const 3) (global.get $g))
    drop
    i32.wrap_i64
    (i32.add (memory.size))))
"#;

#[test]
fn what_a_host_has_to_enable_is_said() {
    let Baked {
        artifacts, report, ..
    } = baked(PROPOSED, &["host"], &[]);
    let warnings: Vec<String> = report.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "what loads the compiled module has to enable in its `wasmtime::Config`: `wasm_wide_arithmetic`, \
             `wasm_custom_page_sizes`"
        ]
    );
    load(&artifacts[0].image, &Config::default()).expect_err("neither is enabled");
    let mut config = Config::default();
    config.wasm_wide_arithmetic(true).wasm_custom_page_sizes(true);
    let module = load(&artifacts[0].image, &config).expect("both are enabled");
    assert_eq!(get(&module), 19);
}

#[test]
fn settings_of_the_engine_are_compiled_in() {
    for setting in [
        EngineSetting::ConsumeFuel,
        EngineSetting::EpochInterruption,
        EngineSetting::NoConcurrencySupport,
    ] {
        let mut config = Config::default();
        match setting {
            EngineSetting::ConsumeFuel => config.consume_fuel(true),
            EngineSetting::EpochInterruption => config.epoch_interruption(true),
            EngineSetting::NoConcurrencySupport => config.concurrency_support(false),
        };
        let image = image(GUEST, "host", &[setting]);
        load(&image, &Config::default()).expect_err("the default is otherwise");
        load(&image, &config).expect("it is set the same");
    }
}

#[test]
fn what_is_no_target() {
    let expected = "expected `host`, one of `pulley32`, `pulley32be`, `pulley64`, `pulley64be`, or a triple of \
                    aarch64, riscv64gc, s390x or x86_64 with an operating system, such as `x86_64-unknown-linux-gnu`";
    for (text, reason) in [
        ("", "`` is no target triple"),
        ("nonsense", "`nonsense` is no target triple"),
        (
            "x86_64-a/b-linux-gnu",
            "`x86_64-a/b-linux-gnu` is no target triple",
        ),
        ("wasm32-wasip1", "wasmtime does not compile for `wasm32`"),
        (
            "aarch64_be-unknown-linux-gnu",
            "wasmtime does not compile for `aarch64_be`",
        ),
        ("i686-unknown-linux-gnu", "wasmtime does not compile for `i686`"),
        ("x86_64", "`x86_64` does not say for which operating system"),
        (
            "pulley64-unknown-linux-gnu",
            "the interpreter's code is the same on all operating systems",
        ),
    ] {
        let error = text.parse::<Target>().expect_err(text);
        assert_eq!(error.to_string(), format!("{reason}; {expected}"));
    }
}

/// The image of a component, for this machine and the interpreter.
#[test]
fn a_component() {
    let baked = baked(preinit_tests::component::SMALL, &["host", "pulley64"], &[]);
    assert_eq!(baked.artifacts.len(), 2);
    let engine = Engine::default();
    // SAFETY: the tool has just made the image.
    let component = unsafe { component::Component::deserialize(&engine, &baked.artifacts[0].image) };
    let component = component.expect("a default engine loads it");
    let mut store = Store::new(&engine, ());
    let linker = component::Linker::new(&engine);
    let instance = linker
        .instantiate(&mut store, &component)
        .expect("it needs no imports");
    let get = instance
        .get_typed_func::<(), (u32,)>(&mut store, "get")
        .expect("it is exported");
    assert_eq!(get.call(&mut store, ()).expect("it does not trap"), (5,));
}
