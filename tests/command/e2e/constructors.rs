//! Constructors run once, before the items, and not again in the baked module. Destructors run at the end of a program only.

use wasmtime::Result;

use crate::e2e::host::{Guest, output};
use crate::e2e::sandbox::Sandbox;

/// Each profile and its directory.
const PROFILES: [(&str, &str); 3] = [("dev", "debug"), ("release", "release"), ("smallest", "smallest")];

#[test]
fn in_a_library() -> Result<()> {
    for target in ["wasm32-wasip1", "wasm32-unknown-unknown"] {
        for (profile, directory) in PROFILES {
            let sandbox = Sandbox::of("constructors", &format!("constructors-{target}-{profile}"));
            sandbox
                .preinit(&format!("--lib --target {target} --profile {profile}"))
                .succeeds();
            let plain = sandbox.read(&format!("target/{target}/{directory}/constructors.wasm"));
            let baked = sandbox.read(&format!("target/{target}/{directory}/preinit/constructors.wasm"));
            let (mut plain, mut baked) = (Guest::new(&plain, &[])?, Guest::new(&baked, &[])?);
            for _ in 0..3 {
                assert_eq!(plain.call("initialised", &[])?, 1);
                assert_eq!(baked.call("constructed", &[])?, 1);
                assert_eq!(baked.call("initialised", &[])?, 1);
            }
        }
    }
    Ok(())
}

#[test]
fn in_a_program() -> Result<()> {
    for (profile, directory) in PROFILES {
        let sandbox = Sandbox::of("constructors", &format!("constructors-bin-{profile}"));
        sandbox
            .preinit(&format!("--bin with-main --profile {profile}"))
            .succeeds();
        let plain = sandbox.read(&format!("target/wasm32-wasip1/{directory}/with-main.wasm"));
        let baked = sandbox.read(&format!(
            "target/wasm32-wasip1/{directory}/preinit/with-main.wasm"
        ));
        assert_eq!(output(&plain, &[])?, "constructed 1x, initialised 0x, then 1x\n");
        assert_eq!(output(&baked, &[])?, "constructed 1x, initialised 1x, then 1x\n");
    }
    Ok(())
}

/// Names are stripped, and the program's own crate has no item: the constructors are found by the shape of `_start` only.
#[test]
fn in_a_library_of_a_program() -> Result<()> {
    let sandbox = Sandbox::guest("constructors-of-library", "pub mod constructor;\n");
    let source = fs_err::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/constructors/src/constructor.rs"),
    )?;
    sandbox.write("src/constructor.rs", &source);
    sandbox.write(
        "Cargo.toml",
        r#"
            workspace = {}
            package.name = "constructors-of-library"
            package.edition = "2024"
            dependencies.preinit-guest.path = "../../../preinit-guest"
            profile.smallest = { inherits = "release", lto = "fat", strip = true, codegen-units = 1 }
        "#,
    );
    sandbox.write(
        "src/main.rs",
        r#"
            use constructors_of_library::constructor::{constructed, init, initialised};
            fn main() {
                let before = initialised();
                init();
                println!("constructed {}x, initialised {before}x, then {}x", constructed(), initialised());
            }
        "#,
    );
    for (profile, directory) in PROFILES {
        sandbox.preinit(&format!("--profile {profile}")).succeeds();
        let baked = sandbox.read(&format!(
            "target/wasm32-wasip1/{directory}/preinit/constructors-of-library.wasm"
        ));
        assert_eq!(output(&baked, &[])?, "constructed 1x, initialised 1x, then 1x\n");
    }
    Ok(())
}

#[test]
fn with_destructors() -> Result<()> {
    for (profile, directory) in PROFILES {
        let sandbox = Sandbox::of("destructors", &format!("destructors-{profile}"));
        let said = sandbox.preinit(&format!("--profile {profile} --verify"));
        said.succeeds();
        let baked = sandbox.read(&format!(
            "target/wasm32-wasip1/{directory}/preinit/destructors.wasm"
        ));
        let mut baked = Guest::new(&baked, &[])?;
        for _ in 0..3 {
            assert_eq!(baked.call("state", &[])?, 42);
            assert_eq!(baked.call("x", &[])?, 42);
        }
    }
    Ok(())
}

/// In a baked program destructors still run at its end.
#[test]
fn destructors_of_a_program() -> Result<()> {
    let sandbox = Sandbox::guest("destructors-of-program", "");
    sandbox.write(
        "src/main.rs",
        r#"
            unsafe extern "C" { fn atexit(f: extern "C" fn()) -> i32; }
            extern "C" fn construct() { unsafe { atexit(destroy) }; }
            extern "C" fn destroy() { println!("destroyed"); }
            #[used]
            #[unsafe(link_section = ".init_array")]
            static CTOR: extern "C" fn() = construct;
            #[preinit_guest::preinit]
            fn prepare() {}
            fn main() { prepare(); println!("main"); }
        "#,
    );
    sandbox.preinit("--bins --release").succeeds();
    let baked = sandbox.read("target/wasm32-wasip1/release/preinit/destructors-of-program.wasm");
    assert_eq!(output(&baked, &[])?, "main\ndestroyed\n");
    Ok(())
}
