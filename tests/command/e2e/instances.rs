//! What each instance of a baked module makes, or asks for, itself.

use preinit_tests::skip::skipped;
use wasmtime::Result;

use crate::e2e::host::Guest;
use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;

/// After an item that read a variable, the C library would know no others.
#[test]
fn the_environment_is_asked_for_again() -> Result<()> {
    for (reset, expected) in [("", 4), ("preinit_guest::reset_environment();", 7)] {
        let source = format!(
            r#"
            use std::sync::LazyLock;

            fn stage() -> u32 {{ std::env::var("STAGE").map_or(0, |stage| stage.len() as u32) }}

            #[preinit_guest::preinit]
            static STAGE: LazyLock<u32> = LazyLock::new(|| {{
                let stage = stage();
                {reset}
                stage
            }});

            #[unsafe(no_mangle)]
            pub extern "C" fn built() -> u32 {{ *STAGE }}

            #[unsafe(no_mangle)]
            pub extern "C" fn now() -> u32 {{ stage() }}
            "#
        );
        let sandbox = Sandbox::guest("stages", &source);
        sandbox.cargo("preinit --release --env STAGE=test").succeeds();
        let baked = sandbox.read("target/wasm32-wasip1/release/preinit/stages.wasm");
        let mut guest = Guest::with_env(&baked, &[], &[("STAGE", "staging")])?;
        assert_eq!(
            (guest.call("built", &[])?, guest.call("now", &[])?),
            (4, expected),
            "{reset}"
        );
    }
    Ok(())
}

/// A value that each instance makes, and a secret of the build.
#[test]
fn what_each_instance_makes() -> Result<()> {
    let source = r#"
        use std::hash::BuildHasher as _;
        use std::hint::black_box;
        use std::sync::LazyLock;

        use preinit_guest::{PerInstance, preinit};

        static ID: PerInstance<u64> = PerInstance::new(|| std::hash::RandomState::new().hash_one(1));
        static NAME: PerInstance<String> = PerInstance::new(|| black_box("left behind by init").to_uppercase());

        #[preinit]
        static LENGTH: LazyLock<usize> = LazyLock::new(|| {
            assert!(ID.with(|id| *id == ID.with(|again| *again)));
            NAME.with(String::len)
        });

        #[unsafe(no_mangle)]
        pub extern "C" fn id() -> u64 { ID.with(|id| *id) }

        #[unsafe(no_mangle)]
        pub extern "C" fn length() -> u32 { (NAME.with(String::len) + *LENGTH) as u32 }
    "#;
    let sandbox = Sandbox::guest("per-instance", source);
    let said = sandbox.cargo("preinit --release --verify --impurity deny");
    said.succeeds();
    assert!(!said.stderr.contains("warning: "), "{}", said.stderr);
    let baked = sandbox.read("target/wasm32-wasip1/release/preinit/per_instance.wasm");
    let mut guest = Guest::new(&baked, &[])?;
    let id = guest.call("id", &[])?;
    assert_eq!(guest.call("id", &[])?, id);
    assert_ne!(Guest::new(&baked, &[])?.call("id", &[])?, id);
    assert_eq!(guest.call("length", &[])?, 2 * 19);
    Ok(())
}

/// What is drawn anew, and what init made before.
const RESEEDED: &str = r#"
use std::hash::BuildHasher as _;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use preinit_guest::preinit;

static SEED: AtomicU64 = AtomicU64::new(0);
static TIMES: AtomicU64 = AtomicU64::new(0);

#[preinit]
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| (0..7).map(|n| n.to_string()).collect());

#[preinit(resume)]
fn reseed() -> Result<(), std::num::TryFromIntError> {
    assert_eq!(WORDS.len(), 7, "init has run");
    SEED.store(std::hash::RandomState::new().hash_one(1), Ordering::Relaxed);
    TIMES.fetch_add(1, Ordering::Relaxed);
    u8::try_from(TIMES.load(Ordering::Relaxed)).map(drop)
}

/// Behind the other, by its order.
#[preinit(resume, order = 1)]
fn count() {
    TIMES.fetch_add(10 * TIMES.load(Ordering::Relaxed), Ordering::Relaxed);
}

fn seed() -> u64 {
    SEED.load(Ordering::Relaxed)
}

fn times() -> u64 {
    TIMES.load(Ordering::Relaxed)
}
"#;

#[test]
fn what_runs_in_each_instance() -> Result<()> {
    let exports = r#"
#[unsafe(no_mangle)]
pub extern "C" fn seed_of_instance() -> u64 { seed() }

#[unsafe(no_mangle)]
pub extern "C" fn times_it_ran(more: u32) -> u64 { times() + u64::from(more) + WORDS.len() as u64 }
"#;
    let sandbox = Sandbox::guest("reseeded", &format!("{RESEEDED}{exports}"));
    let said = sandbox.cargo("preinit --release --verify --impurity deny --message-format json");
    said.succeeds();
    let baked = &with_reason(&said, "preinit-baked")[0];
    let resumes = baked["resumes"].as_array().expect("it is a list");
    let resumes = resumes.iter().map(|item| item["name"].as_str());
    assert!(
        resumes.eq([Some("reseeded::reseed"), Some("reseeded::count")]),
        "{baked}"
    );
    let output = "target/wasm32-wasip1/release/preinit/reseeded.wasm";
    let baked = sandbox.read(output);
    let mut guest = Guest::new(&baked, &[])?;
    assert_eq!(guest.call("times_it_ran", &[100])?, 118);
    let seed = guest.call("seed_of_instance", &[])?;
    assert_eq!(guest.call("seed_of_instance", &[])?, seed);
    assert_eq!(guest.call("times_it_ran", &[0])?, 18);
    assert_ne!(Guest::new(&baked, &[])?.call("seed_of_instance", &[])?, seed);
    // The original has it run behind init, too.
    let original = "target/wasm32-wasip1/release/reseeded.wasm";
    let verify = format!(
        "preinit verify {output} {original} --allow-wasi --call seed_of_instance() --call times_it_ran(3)"
    );
    sandbox.cargo(&verify).succeeds();
    // Without a bake nobody calls it.
    let mut lazy = Guest::new(&sandbox.read(original), &[])?;
    assert_eq!(lazy.call("times_it_ran", &[0])?, 7);
    let said = sandbox.cargo("preinit --release -v --rewriter walrus");
    assert!(
        said.stderr
            .contains("        Left `reseeded::reseed` (src/lib.rs:15) to each instance, when it is entered"),
        "{}",
        said.stderr
    );
    let mut guest = Guest::new(&sandbox.read(output), &[])?;
    assert_eq!(guest.call("times_it_ran", &[1])?, 19);
    Ok(())
}

#[test]
fn what_runs_in_each_run_of_a_program() -> Result<()> {
    let main = "fn main() { println!(\"{} {} {}\", WORDS.len(), times(), seed()); }";
    let source = format!("{RESEEDED}{main}");
    let of_module = Sandbox::component("reseeded-program", &source);
    let manifest = String::from_utf8(of_module.read("Cargo.toml"))?;
    of_module.write("Cargo.toml", &manifest.replace("wasm32-wasip2", "wasm32-wasip1"));
    for sandbox in [of_module, Sandbox::component("reseeded-component", &source)] {
        let said = sandbox.cargo("preinit --release --verify --impurity deny");
        if said.stderr.contains("could not be added") {
            skipped(&said.stderr);
            break;
        }
        said.succeeds();
        let run = || {
            let said = sandbox.cargo("preinit run --release -q");
            said.succeeds();
            String::from_utf8(said.stdout).expect("it is text")
        };
        let [first, second] = [run(), run()];
        assert!(first.starts_with("7 11 "), "{first}");
        assert_ne!(first, second);
    }
    Ok(())
}

#[test]
fn what_is_for_run_time_only() -> Result<()> {
    let source = |calls: &str| {
        format!(
            "fn connect() -> u32 {{\n    preinit_guest::runtime_only!();\n    7\n}}\n\n#[preinit_guest::preinit]\nfn load() {{ {calls} }}\n\n\
             #[unsafe(no_mangle)]\npub extern \"C\" fn get() -> u32 {{ connect() }}\n"
        )
    };
    let sandbox = Sandbox::guest("runtime-only", &source("connect();"));
    let said = sandbox.cargo("preinit --release");
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    let text = "`runtime_only::load` (src/lib.rs:7) panicked at src/lib.rs:2:5:";
    assert!(said.stderr.contains(text), "{}", said.stderr);
    assert!(
        said.stderr
            .contains("an item reached `runtime_only!` at build time"),
        "{}",
        said.stderr
    );
    sandbox.write("src/lib.rs", &source(""));
    sandbox.cargo("preinit --release").succeeds();
    let baked = sandbox.read("target/wasm32-wasip1/release/preinit/runtime_only.wasm");
    assert_eq!(Guest::new(&baked, &[])?.call("get", &[])?, 7);
    Ok(())
}
