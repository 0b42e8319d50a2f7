//! `cargo preinit bake pkg/`: a folder that wasm-bindgen has made, and what a guest of wasm-bindgen is told.

use fs_err as fs;
use preinit_tests::skip::skipped;
use snapbox::str;

use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;

const SOURCE: &str = r#"
use std::sync::LazyLock;

#[preinit_guest::preinit]
static SQUARES: LazyLock<Vec<u32>> = LazyLock::new(|| (0..1000).map(|n| n * n).collect());

#[unsafe(no_mangle)]
pub extern "C" fn square(n: usize) -> u32 {
    SQUARES[n]
}
"#;

/// What wasm-bindgen writes beside such a module, as far as it is about exports.
const EXPORTS: &str = "/* tslint:disable */\nexport const memory: WebAssembly.Memory;\nexport const __preinit_v1_armed: WebAssembly.Global;\n\
                       export const square: (a: number) => number;\nexport const __preinit_v1_run_0: () => number;\n";

const INTERFACE: &str = "export interface InitOutput {\n  readonly memory: WebAssembly.Memory;\n  readonly __preinit_v1_run_0: () => number;\n  \
                         readonly square: (a: number) => number;\n}\n";

#[test]
fn a_folder_of_wasm_bindgen() {
    let sandbox = Sandbox::guest("in-place", SOURCE);
    let target = "wasm32-unknown-unknown";
    let built = sandbox.cargo(&format!("build --release --target {target}"));
    if built.stderr.contains("may not be installed") {
        return skipped(&built.stderr);
    }
    built.succeeds();
    let unbaked = sandbox.read(&format!("target/{target}/release/in_place.wasm"));
    fs::create_dir_all(sandbox.dir().join("pkg")).expect("it can be made");
    let module = sandbox.dir().join("pkg/in_place_bg.wasm");
    fs::write(&module, &unbaked).expect("it can be written");
    sandbox.write("pkg/in_place_bg.wasm.d.ts", EXPORTS);
    sandbox.write("pkg/in_place.d.ts", INTERFACE);
    sandbox.write("pkg/other.d.ts", EXPORTS);
    sandbox.cargo("preinit bake pkg").expect(
        0,
        str![[r#"
      Baking in_place_bg.wasm
       Baked in_place_bg.wasm: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let said = sandbox.cargo(&format!(
        "preinit bake target/{target}/release/in_place.wasm -o elsewhere.wasm"
    ));
    said.succeeds();
    assert_eq!(
        sandbox.read("pkg/in_place_bg.wasm"),
        sandbox.read("elsewhere.wasm")
    );
    let text = |path: &str| String::from_utf8(sandbox.read(path)).expect("it is text");
    assert!(!text("pkg/in_place_bg.wasm.d.ts").contains("__preinit_"));
    assert!(text("pkg/in_place_bg.wasm.d.ts").contains("export const square: (a: number) => number;\n"));
    assert_eq!(
        text("pkg/in_place.d.ts"),
        INTERFACE.replace("  readonly __preinit_v1_run_0: () => number;\n", "")
    );
    // That of another module.
    assert_eq!(text("pkg/other.d.ts"), EXPORTS);
    // Once more: nothing is left to do, and nothing changes.
    let baked = sandbox.read("pkg/in_place_bg.wasm");
    let version = env!("CARGO_PKG_VERSION");
    let said = sandbox.cargo("preinit bake pkg --message-format json");
    said.succeeds();
    assert!(
        said.stderr.contains(&format!(
            "       Fresh in_place_bg.wasm, which is baked already, by cargo-preinit {version}\n"
        )),
        "{}",
        said.stderr
    );
    assert_eq!(with_reason(&said, "preinit-fresh").len(), 1);
    assert_eq!(sandbox.read("pkg/in_place_bg.wasm"), baked);
    // What the options want is not done, so it is not passed over.
    let said = sandbox.cargo("preinit bake pkg --check-size 1");
    assert_eq!(said.code, Some(1));
    assert!(
        said.stderr.contains("the module is baked already"),
        "{}",
        said.stderr
    );
    // Declarations are tidied that were not.
    sandbox.write("pkg/in_place.d.ts", INTERFACE);
    sandbox.cargo("preinit bake pkg").succeeds();
    assert!(!text("pkg/in_place.d.ts").contains("__preinit_"));
    // One that is no text does not keep the other from that.
    let declarations = sandbox.dir().join("pkg/in_place_bg.wasm.d.ts");
    fs::write(&declarations, b"\xff\xfe").expect("it can be written");
    sandbox.write("pkg/in_place.d.ts", INTERFACE);
    assert_eq!(sandbox.cargo("preinit bake pkg").code, Some(1));
    assert!(!text("pkg/in_place.d.ts").contains("__preinit_"));
    fs::remove_file(&declarations).expect("it can be removed");
    assert_eq!(sandbox.cargo("preinit bake /dev/stdin --in-place").code, Some(2));
    // A file by itself has to be meant.
    fs::write(&module, &unbaked).expect("it can be written");
    sandbox.cargo("preinit bake pkg/in_place_bg.wasm").expect(
        2,
        str![[r#"
error: `--output` does not say where to write what is baked of `pkg/in_place_bg.wasm`
help: `--in-place` replaces the input; the modules of a directory, such as wasm-pack's `pkg/`, are always baked in their places

"#]],
    );
    assert_eq!(sandbox.read("pkg/in_place_bg.wasm"), unbaked);
    sandbox
        .cargo("preinit bake pkg/in_place_bg.wasm --in-place")
        .succeeds();
    assert_eq!(sandbox.read("pkg/in_place_bg.wasm"), baked);
}

/// A folder with other modules, and folders without any.
#[test]
fn what_is_in_a_folder() {
    let sandbox = Sandbox::empty("in-place-others");
    let write = |path: &str, text: &str| {
        let path = sandbox.dir().join(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(path, wat::parse_str(text).expect("it is a module")).expect("it can be written");
    };
    let init = r#"(module (global (export "g") (mut i32) (i32.const 0)) (func (export "get"))
        (func (export "wizer-initialize") (global.set 0 (i32.const 7))))"#;
    write("dist/app_bg.wasm", init);
    write("dist/library.wasm", "(module (func (export \"f\")))");
    let library = sandbox.read("dist/library.wasm");
    sandbox.cargo("preinit bake dist").expect(
        0,
        str![[r#"
      Baking app_bg.wasm
       Baked app_bg.wasm: 1 item in [TIME], [SIZE] -> [SIZE]
      Baking library.wasm
    Skipping library.wasm: it has nothing to run

"#]],
    );
    assert_eq!(sandbox.read("dist/library.wasm"), library);
    sandbox.write("text.wat", init);
    sandbox.cargo("preinit bake --in-place text.wat").expect(
        2,
        str![[r#"
error: `text.wat` is text, and what is baked of it is not
help: say where to write with `--output`

"#]],
    );
    assert_eq!(sandbox.read("text.wat"), init.as_bytes());
    write("none/library.wasm", "(module (func (export \"f\")))");
    assert_eq!(sandbox.cargo("preinit bake none").code, Some(1));
    sandbox.write("empty/index.html", "");
    sandbox.cargo("preinit bake empty").expect(
        2,
        str![[r#"
error: there is no `.wasm` file in `empty`
help: name the directory that has the module itself, beside its JavaScript

"#]],
    );
    for args in [
        "--if-changed",
        "--variant a",
        "--in-place --variant a",
        "--in-place -o x.wasm",
    ] {
        assert_eq!(
            sandbox.cargo(&format!("preinit bake dist {args}")).code,
            Some(2),
            "{args}"
        );
    }
}

/// A memory that is large and sparse: its gaps are filled for wasmtime, and not for JavaScript.
#[test]
fn gaps_are_filled_where_that_is_of_use() {
    let sandbox = Sandbox::empty("in-place-layout");
    let guest = |export: &str| {
        format!(
            r#"(module (memory (export "memory") 400) (func (export "{export}"))
                (func (export "wizer-initialize") (local $at i32)
                    (loop $next
                        (i64.store (local.get $at) (i64.const -1))
                        (local.set $at (i32.add (local.get $at) (i32.const 65536)))
                        (br_if $next (i32.lt_u (local.get $at) (i32.const 25000000))))))"#
        )
    };
    sandbox.write("any.wat", &guest("get"));
    sandbox.write("bound.wat", &guest("__wbindgen_malloc"));
    let size = |args: &str| {
        let said = sandbox.cargo(&format!("preinit bake {args} -o out.wasm"));
        said.succeeds();
        (sandbox.read("out.wasm").len(), said.stderr)
    };
    let (mapped, said) = size("any.wat");
    assert!(mapped > 10 << 20, "{mapped}");
    assert!(
        said.contains(" are zeros in gaps, so that wasmtime maps the memory: for hosts that do not, `--memory-layout compact`"),
        "{said}"
    );
    for args in ["any.wat --memory-layout compact", "bound.wat"] {
        assert!(size(args).0 < 32 << 10, "{args}");
    }
    assert_eq!(
        size("bound.wat --memory-layout mapped").0,
        size("any.wat").0 + "__wbindgen_malloc".len() - "get".len()
    );
}

/// An init that needs JavaScript.
#[test]
fn javascript_is_not_there() {
    let source = r#"
        #[link(wasm_import_module = "__wbindgen_placeholder__")]
        unsafe extern "C" { safe fn __wbg_new_37eb45aaf5eeb820() -> u32; }

        #[inline(never)]
        fn new_array() -> u32 { std::hint::black_box(__wbg_new_37eb45aaf5eeb820()) }

        #[preinit_guest::preinit]
        fn touch() { new_array(); }

        #[unsafe(no_mangle)]
        pub extern "C" fn get() -> u32 { touch(); 7 }
    "#;
    let sandbox = Sandbox::guest("javascript", source);
    let said = sandbox.cargo("preinit --release --target wasm32-unknown-unknown");
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    for text in [
        "`javascript::touch` (src/lib.rs:9) called JavaScript in `javascript::new_array`, and there is none at build time: the import \
         `__wbindgen_placeholder__` `__wbg_new_37eb45aaf5eeb820`\n",
        "help: let it be made when it is first needed, or in a function that `#[wasm_bindgen(start)]` marks",
    ] {
        assert!(said.stderr.contains(text), "{}", said.stderr);
    }
}
