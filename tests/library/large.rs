//! Modules with a hundred thousand of one kind of entry: the time of a bake must not grow with the square of their number.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use cargo_preinit::{BakeOptions, Check, KeepInit, bake};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
    Instruction, Module, TypeSection, ValType,
};

const MANY: u32 = 200_000;

/// How many times longer a bake of four times as many entries may take. With a quadratic algorithm it takes sixteen times as long.
const GROWTH: f64 = 9.0;

/// A shorter time counts as this, since other load on the machine would distort it.
const NOISE: Duration = Duration::from_millis(50);

/// How often the times are taken at most. Other tests run beside, and a pause that they cause can only be in one of them.
const TRIES: usize = 3;

/// Checks how the time of a bake grows from a quarter of the entries to all. It is enough if it grows little once.
fn check_growth(bake_many: impl Fn(u32) -> Duration) {
    let mut growths = (0..TRIES).map(|_| {
        let (part, all) = (bake_many(MANY / 4), bake_many(MANY));
        let growth = all.as_secs_f64() / part.max(NOISE).as_secs_f64();
        println!("{part:?}, {all:?}: {growth:.1} times");
        growth
    });
    assert!(
        growths.any(|growth| growth < GROWTH),
        "four times as much takes more than {GROWTH} times as long, {TRIES} times"
    );
}

/// Bakes modules with an init and the text that `what` makes for a number of entries, and checks how the time grows.
fn check(what: impl Fn(u32) -> String) {
    let bake_many = |many: u32| {
        let wat = format!(r#"(module {} (func (export "wizer-initialize")))"#, what(many));
        let wasm = wat::parse_str(wat).expect("it parses");
        let start = Instant::now();
        bake(&wasm, &BakeOptions::default()).expect("it bakes");
        start.elapsed()
    };
    check_growth(bake_many);
}

/// The texts for all numbers below `many`, with spaces between.
fn each(many: u32, text: impl Fn(u32) -> String) -> String {
    let mut all = String::new();
    for index in 0..many {
        let _ = write!(all, "{} ", text(index));
    }
    all
}

/// A table larger than wasmtime's table images, in which all slots are the same: one instruction fills it.
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
    check(|many| {
        let exports = each(many, |index| format!(r#"(export "{index}" (func $f))"#));
        format!("(func $f) {exports}")
    });
}

#[test]
fn imports_of_functions_with_types() {
    check(|many| {
        let types = each(many, |_| "(type (func))".to_owned());
        let imports = each(many, |index| format!(r#"(import "" "" (func (type {index})))"#));
        let references = each(many, |index| index.to_string());
        format!("{types} {imports} (table {many} funcref) (elem (i32.const 0) func {references})")
    });
}

#[test]
fn functions_that_refer_to_functions() {
    check(|many| {
        let bodies = many / 10;
        let imports = each(many, |_| r#"(import "" "" (func (type $f)))"#.to_owned());
        let references = each(many, |index| index.to_string());
        let all = each(many, |index| format!("(drop (ref.func {index}))"));
        let calls = each(bodies, |index| format!("(call {})", many + 1 + index));
        let bodies = each(bodies, |index| format!("(func (drop (ref.func {index})))"));
        let dead = each(many, |_| "nop".to_owned());
        format!(
            r#"(type $f (func)) {imports} (elem declare func {references})
               (func $all {all}) {bodies} (func (export "run") {calls} (call $all)) (func {dead})"#
        )
    });
}

/// A module with these numbers of types, functions, globals and exports.
struct Crowd {
    types: u32,
    functions: u32,
    globals: u32,
    exports: u32,
    /// The code of init.
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

/// The output needs no more globals, and those of the run copy do not count.
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
        // wasmparser bounds the type size of a module: 1 for the module, 2 for a function and 1 for a global must be less in all.
        exports: ENGINES_TAKE - 3,
        code: vec![Instruction::I32Const(7), Instruction::GlobalSet(0)],
    };
    bake(&guest.wasm(), &BakeOptions::default()).expect("it bakes");
}

/// If the run copy would exceed an engine's limit, the error names what there are too many of.
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

/// An emptied export needs one more function than engines take.
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

/// How many globals of a module are initialised with an object.
fn globals_with_objects(wasm: &[u8]) -> usize {
    use wasmparser::{Operator, Parser, Payload};
    let sections = Parser::new(0).parse_all(wasm);
    let globals = sections.filter_map(|payload| match payload.expect("it is valid") {
        Payload::GlobalSection(section) => Some(section),
        _ => None,
    });
    let makes_object = |init: &wasmparser::ConstExpr<'_>| {
        let mut operators = init.get_operators_reader().into_iter().flatten();
        operators.any(|operator| {
            matches!(
                operator,
                Operator::StructNew { .. } | Operator::ArrayNewFixed { .. }
            )
        })
    };
    globals
        .flatten()
        .filter(|global| makes_object(&global.as_ref().expect("it is valid").init_expr))
        .count()
}

/// Engines compile all constant expressions as one function, in a time that grows with the cube of the globals that hold objects. So the
/// output has few of these.
#[test]
fn objects_that_are_shared() {
    const OBJECTS: u32 = 3_000;
    let globals = each(OBJECTS, |_| {
        "(global (mut (ref null $node)) (ref.null $node))".to_owned()
    });
    let set = each(OBJECTS, |index| {
        format!(
            "(func (global.set {index} (struct.new $node (i32.const {index}) (global.get $last))) (call $link (global.get {index})))"
        )
    });
    let calls = each(OBJECTS, |index| format!("(call {})", index + 1));
    let guest = format!(
        r#"(module
            (rec (type $node (struct (field i32) (field $before (ref null $node)))))
            (type $index (array (mut (ref null $node))))
            (type $pair (struct (field (ref $node)) (field (mut (ref null $pair)))))
            {globals}
            (global $last (mut (ref null $node)) (ref.null $node))
            (global $index (mut (ref null $index)) (ref.null $index))
            (global $pairs (mut (ref null $pair)) (ref.null $pair))
            (global $never_null (export "never null") (mut (ref $pair)) (struct.new $pair (struct.new $node (i32.const -1) (ref.null $node)) (ref.null $pair)))
            (global $count (mut i32) (i32.const 0))
            (table $table (export "table") 2 (ref null $node))
            (func $link (param $node (ref null $node))
                (global.set $last (local.get $node))
                (array.set $index (global.get $index) (global.get $count) (local.get $node))
                (global.set $pairs (struct.new $pair (ref.as_non_null (local.get $node)) (global.get $pairs)))
                (global.set $count (i32.add (global.get $count) (i32.const 1))))
            {set}
            (func $close (param $pair (ref null $pair))
                (local $first (ref null $pair))
                (local.set $first (local.get $pair))
                (loop (if (i32.eqz (ref.is_null (struct.get $pair 1 (local.get $pair))))
                    (then (local.set $pair (struct.get $pair 1 (local.get $pair))) (br 1))))
                (struct.set $pair 1 (local.get $pair) (local.get $first)))
            (func (export "wizer-initialize")
                (global.set $index (array.new_default $index (i32.const {OBJECTS})))
                {calls}
                (call $close (global.get $pairs))
                (global.set $never_null (struct.new $pair (ref.as_non_null (array.get $index (global.get $index) (i32.const 7))) (ref.null $pair)))
                (table.set $table (i32.const 1) (array.get $index (global.get $index) (i32.const 9))))
            (func (export "sum") (result i32) (local $sum i32) (local $pair (ref null $pair))
                (local.set $pair (struct.get $pair 1 (global.get $pairs)))
                (loop
                    (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31))
                        (struct.get $node 0 (struct.get $pair 0 (local.get $pair)))))
                    (local.set $pair (struct.get $pair 1 (local.get $pair)))
                    (br_if 0 (i32.eqz (ref.eq (local.get $pair) (global.get $pairs)))))
                (local.get $sum))
            (func (export "same") (result i32)
                (i32.and (ref.eq (struct.get $pair 0 (global.get $never_null)) (global.get 7))
                    (i32.and (ref.eq (table.get $table (i32.const 1)) (global.get 9))
                        (ref.eq (struct.get $node $before (global.get 9)) (global.get 8))))))"#
    );
    let options = BakeOptions {
        check: Check::Replay,
        ..BakeOptions::default()
    };
    let baked = bake(guest.as_bytes(), &options).expect("it bakes").wasm;
    assert!(globals_with_objects(&baked) <= 100);
    let engine = wasmtime::Engine::default();
    let module = wasmtime::Module::new(&engine, &baked).expect("it is valid");
    let mut store = wasmtime::Store::new(&engine, ());
    let instance = wasmtime::Instance::new(&mut store, &module, &[]).expect("it starts");
    let mut call = |name| {
        let function = instance
            .get_typed_func::<(), i32>(&mut store, name)
            .expect("it is exported");
        function.call(&mut store, ()).expect("it returns")
    };
    // The sum of all objects but the last, with which the ring begins.
    let sum = (0..OBJECTS - 1)
        .rev()
        .fold(0_u32, |sum, value| sum.wrapping_mul(31).wrapping_add(value));
    assert_eq!(call("sum"), sum.cast_signed());
    assert_eq!(call("same"), 1);
}

/// The start function that makes the objects has a `ref.func` for the function in them, which must be declared.
#[test]
fn globals_with_objects_of_functions() {
    let globals = each(101, |_| {
        "(global (mut (ref null $s)) (struct.new $s (ref.func $f)))".to_owned()
    });
    let guest = format!(
        r#"(module (type $s (struct (field funcref))) (func $f) {globals}
            (func (export "wizer-initialize"))
            (func (export "get") (result (ref null $s)) (global.get 100)))"#
    );
    let options = BakeOptions {
        check: Check::Replay,
        ..BakeOptions::default()
    };
    bake(guest.as_bytes(), &options).expect("it bakes");
}
