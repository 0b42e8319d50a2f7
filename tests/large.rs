//! Modules with a hundred thousand of something: nothing that a bake does may take time that grows with the square.

use std::fmt::{Display, Write as _};
use std::time::{Duration, Instant};

use cargo_preinit::{BakeOptions, KeepInit, bake};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
    Instruction, Module, TypeSection, ValType,
};

const MANY: u32 = 200_000;

/// Several times what the slowest takes. With a loop over all for each, the fastest took twice as long.
const BOUND: Duration = Duration::from_secs(12);

/// A module with an init, an instruction for which there are many.
fn check(what: &dyn Display) {
    let wat = format!(r#"(module {what} (func (export "wizer-initialize")))"#);
    let wasm = wat::parse_str(wat).expect("it parses");
    let start = Instant::now();
    bake(&wasm, &BakeOptions::default()).expect("it bakes");
    let time = start.elapsed();
    println!("{time:?}");
    assert!(time < BOUND, "it took {time:?}");
}

/// A text for each of many.
fn each(many: u32, text: impl Fn(u32) -> String) -> String {
    let mut all = String::new();
    for index in 0..many {
        let _ = write!(all, "{} ", text(index));
    }
    all
}

/// A table beyond what wasmtime keeps as an image, in which all slots are the same: one instruction fills it.
#[test]
fn a_uniform_table() {
    let guest = r#"(module (table (export "table") 1048577 funcref)
        (func (export "wizer-initialize") (table.fill (i32.const 0) (ref.func 0) (i32.const 1048577))))"#;
    let baked = bake(guest.as_bytes(), &BakeOptions::default())
        .expect("it bakes")
        .wasm;
    assert!(baked.len() < 200, "{} bytes", baked.len());
    let engine = wasmtime::Engine::default();
    let module = wasmtime::Module::new(&engine, &baked).expect("it is valid");
    let mut store = wasmtime::Store::new(&engine, ());
    let instance = wasmtime::Instance::new(&mut store, &module, &[]).expect("it starts");
    let table = instance.get_table(&mut store, "table").expect("it is exported");
    for slot in [0, 1 << 19, 1 << 20] {
        let reference = table.get(&mut store, slot).expect("it has the slot");
        assert!(!reference.is_null(), "slot {slot}");
    }
}

#[test]
fn exports() {
    let exports = each(MANY, |index| format!(r#"(export "{index}" (func $f))"#));
    check(&format!("(func $f) {exports}"));
}

#[test]
fn imports_of_functions_with_types() {
    let types = each(MANY, |_| "(type (func))".to_owned());
    let imports = each(MANY, |index| format!(r#"(import "" "" (func (type {index})))"#));
    let references = each(MANY, |index| index.to_string());
    check(&format!(
        "{types} {imports} (table {MANY} funcref) (elem (i32.const 0) func {references})"
    ));
}

#[test]
fn functions_that_refer_to_functions() {
    const BODIES: u32 = 20_000;
    let imports = each(MANY, |_| r#"(import "" "" (func (type $f)))"#.to_owned());
    let references = each(MANY, |index| index.to_string());
    let all = each(MANY, |index| format!("(drop (ref.func {index}))"));
    let bodies = each(BODIES, |index| format!("(func (drop (ref.func {index})))"));
    let calls = each(BODIES, |index| format!("(call {})", MANY + 1 + index));
    let dead = each(MANY, |_| "nop".to_owned());
    check(&format!(
        r#"(type $f (func)) {imports} (elem declare func {references})
           (func $all {all}) {bodies} (func (export "run") {calls} (call $all)) (func {dead})"#
    ));
}

/// A module of functions, globals and exports, as many of each as it takes.
struct Crowd {
    types: u32,
    functions: u32,
    globals: u32,
    exports: u32,
    /// What an init does: each sets the global before its number.
    code: Vec<Instruction<'static>>,
}

impl Crowd {
    fn wasm(&self) -> Vec<u8> {
        let mut types = TypeSection::new();
        for _ in 0..self.types {
            types.ty().function([], []);
        }
        let mut functions = FunctionSection::new();
        let mut bodies = CodeSection::new();
        let mut init = Function::new([]);
        for instruction in &self.code {
            init.instruction(instruction);
        }
        init.instruction(&Instruction::End);
        for function in 0..self.functions {
            functions.function(0);
            if function == 0 {
                bodies.function(&init);
            } else {
                let mut empty = Function::new([]);
                empty.instruction(&Instruction::End);
                bodies.function(&empty);
            }
        }
        let mut globals = GlobalSection::new();
        let ty = GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        };
        for global in 0..self.globals {
            globals.global(ty, &ConstExpr::i32_const(global.cast_signed()));
        }
        let mut exports = ExportSection::new();
        exports.export("wizer-initialize", ExportKind::Func, 0);
        for export in 1..self.exports {
            exports.export(&export.to_string(), ExportKind::Global, self.globals - 1);
        }
        let mut module = Module::new();
        module
            .section(&types)
            .section(&functions)
            .section(&globals)
            .section(&exports)
            .section(&bodies);
        module.finish()
    }
}

const ENGINES_TAKE: u32 = 1_000_000;

/// Nothing has to be added to the output, and what the run needs does not count as the guest's.
#[test]
fn as_many_globals_as_there_can_be() {
    let last = ENGINES_TAKE - 1;
    let guest = Crowd {
        types: 1,
        functions: 1,
        globals: ENGINES_TAKE,
        exports: 2,
        code: vec![
            Instruction::I32Const(-7),
            Instruction::GlobalSet(0),
            Instruction::I32Const(-8),
            Instruction::GlobalSet(last),
        ],
    };
    let baked = bake(&guest.wasm(), &BakeOptions::default()).expect("it bakes");
    let mut found = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(&baked.wasm) {
        if let wasmparser::Payload::GlobalSection(section) = payload.expect("it is valid") {
            for global in section {
                let mut init = global.expect("it is valid").init_expr.get_operators_reader();
                match init.read().expect("it is valid") {
                    wasmparser::Operator::I32Const { value } => found.push(value),
                    other => panic!("{other:?}"),
                }
            }
        }
    }
    let mut expected: Vec<i32> = (0..ENGINES_TAKE.cast_signed()).collect();
    expected[0] = -7;
    expected[last as usize] = -8;
    assert!(found == expected, "the globals are not what init made of them");
}

/// The run copy needs none of the guest's exports but those that declare a function.
#[test]
fn as_many_exports_as_there_can_be() {
    let guest = Crowd {
        types: 1,
        functions: 1,
        globals: 1,
        // wasmparser counts the module as one and a function as two, and all have to be less than that.
        exports: ENGINES_TAKE - 3,
        code: vec![Instruction::I32Const(7), Instruction::GlobalSet(0)],
    };
    bake(&guest.wasm(), &BakeOptions::default()).expect("it bakes");
}

/// Where something has to be added and there is no room for it, that is said of what there is too much of.
#[test]
fn no_room_for_the_run_copy() {
    let guest = Crowd {
        types: ENGINES_TAKE,
        functions: 1,
        globals: ENGINES_TAKE,
        exports: 1,
        code: Vec::new(),
    };
    let error = bake(&guest.wasm(), &BakeOptions::default()).expect_err("there is no room");
    assert!(!error.is_bug(), "{error}");
    assert_eq!(
        error.to_string(),
        "the module cannot be baked\n  - the module has 1000000 types, and the copy of it that is run would have 1001000, \
         where engines take 1000000"
    );
}

/// An export that does nothing needs a function.
#[test]
fn no_room_for_the_output() {
    let guest = Crowd {
        types: 1,
        functions: ENGINES_TAKE,
        globals: 1,
        exports: 1,
        code: Vec::new(),
    };
    let options = BakeOptions {
        keep_init_functions: KeepInit::Empty,
        ..BakeOptions::default()
    };
    let error = bake(&guest.wasm(), &options).expect_err("there is no room");
    assert!(!error.is_bug(), "{error}");
    assert_eq!(
        error.to_string(),
        "the module cannot be baked\n  - the module has 1000000 functions, and the baked module would have 1000001, where engines \
         take 1000000"
    );
}
