//! State that follows from what init asked of the outside: it is found, named, and mended as the documentation says.

use preinit_tests::skip::skipped;
use serde_json::{Value, json};
use wasmtime::Result;

use crate::e2e::host::Guest;
use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;
use crate::tool::Said;

/// The warning with this code; `null` if there is none.
fn warning(said: &Said, code: &str) -> Value {
    said.succeeds();
    let warnings = with_reason(said, "preinit-warning");
    let found = warnings.into_iter().find(|warning| warning["code"] == code);
    found.unwrap_or_default()
}

/// The items whose state a warning says to follow from answers, each once.
fn items(warning: &Value) -> Vec<&str> {
    let parts = warning["state"].as_array().map_or(&[][..], Vec::as_slice);
    let mut items: Vec<&str> = parts
        .iter()
        .filter_map(|part| part["item"]["name"].as_str())
        .collect();
    items.sort_unstable();
    items.dedup();
    items
}

/// One item for each source, and some that have asked, and made nothing of the answers.
const GALLERY: &str = r#"
use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

use preinit_guest::preinit;

#[preinit]
static STARTED: LazyLock<Duration> =
    LazyLock::new(|| SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default());

#[preinit]
static MEASURED: LazyLock<u32> = LazyLock::new(|| {
    let begun = Instant::now();
    u32::from(begun.elapsed() < Duration::from_secs(1))
});

#[preinit]
static RULES: LazyLock<HashMap<u32, u32>> = LazyLock::new(|| (0..100).map(|n| (n, n * n)).collect());

#[preinit]
static COUNTED: LazyLock<u32> = LazyLock::new(|| {
    let map: HashMap<u32, u32> = (0..50).map(|n| (n, n)).collect();
    map.values().sum()
});

#[preinit]
static STAGE: LazyLock<String> = LazyLock::new(|| std::env::var("STAGE").unwrap_or_default());

#[preinit]
static ADDRESSES: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let boxes: Vec<Box<u64>> = (0..20).map(Box::new).collect();
    let mut addresses: Vec<usize> = boxes.iter().map(|one| &raw const **one as usize).collect();
    addresses.sort_unstable_by_key(|address| address.wrapping_mul(0x9e37_79b9));
    addresses
});

fn sum() -> u64 {
    let all = RULES.values().sum::<u32>() + *MEASURED + *COUNTED + STAGE.len() as u32 + ADDRESSES.len() as u32;
    u64::from(all) + STARTED.as_secs()
}

/// What a new map hashes a number to: it follows from the keys.
fn hash() -> u64 {
    use std::hash::BuildHasher as _;
    std::hash::RandomState::new().hash_one(7)
}
"#;

/// What crates and caches ask for.
const MORE: &str = r#"
#[preinit]
static ID: LazyLock<[u8; 8]> = LazyLock::new(|| {
    let mut id = [0; 8];
    getrandom::fill(&mut id).expect("there are random numbers");
    id
});

#[preinit]
static ZONE: LazyLock<String> = LazyLock::new(|| std::env::var("TZ").unwrap_or_default());

#[preinit]
static LISTING: LazyLock<Vec<String>> = LazyLock::new(list);

#[inline(never)]
fn list() -> Vec<String> {
    let entries = std::fs::read_dir("/data").expect("it is shown");
    let names = entries.map(|entry| entry.expect("it can be read").file_name().into_string().unwrap_or_default());
    let names = names.collect();
    preinit_guest::reset_preopens();
    names
}

fn more() -> usize {
    ID.len() + ZONE.len() + LISTING.iter().map(String::len).sum::<usize>()
}
"#;

const EXPORTS: &str = r#"
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> u64 {
    sum()
}

#[unsafe(no_mangle)]
pub extern "C" fn hash_of_new_map() -> u64 {
    hash()
}

#[unsafe(no_mangle)]
pub extern "C" fn rule(n: u32) -> u32 {
    RULES[&n]
}
"#;

/// Checks what is said of [`GALLERY`], for any target with WASI.
fn check(said: &Said, krate: &str) {
    let path = |name: &str| format!("{krate}::{name}");
    assert_eq!(items(&warning(said, "clock")), [path("STARTED")]);
    // The map keeps its keys, and what it does with them; those for the next map are not in the image.
    let random = warning(said, "random");
    assert_eq!(items(&random), [path("ID"), path("RULES")], "{random}");
    let parts = random["state"].as_array().expect("it was found out");
    let keys: Vec<&Value> = parts.iter().filter(|part| part["part"] == "map-keys").collect();
    assert_eq!((keys.len(), &keys[0]["count"]), (1, &json!(16)), "{random}");
    let environment = warning(said, "environment");
    for name in ["STAGE", "ZONE"] {
        assert!(
            items(&environment).contains(&path(name).as_str()),
            "{environment}"
        );
    }
    let directories = warning(said, "directories");
    assert_eq!(directories["item"]["name"], path("LISTING"), "{directories}");
    assert_eq!(directories["function"], path("list"), "{directories}");
    assert_eq!(items(&directories), [path("LISTING")], "{directories}");
}

/// Adds a directory to list, and the crate that draws random numbers.
fn with_more(sandbox: &Sandbox) {
    sandbox.write("data/a.txt", "");
    sandbox.write("data/b.txt", "");
    sandbox.configure("dependencies.getrandom = \"0.3\"");
}

#[test]
fn of_a_module() -> Result<()> {
    let export = "#[unsafe(no_mangle)] pub extern \"C\" fn more_answers() -> u64 { more() as u64 }";
    let sandbox = Sandbox::guest("gallery", &format!("{GALLERY}{MORE}{EXPORTS}{export}"));
    with_more(&sandbox);
    let show = "--env STAGE=live --env TZ=Europe/Oslo --dir data::/data";
    let bake = |args: &str| sandbox.cargo(&format!("preinit --release {show} --verify {args}"));
    let said = bake("--message-format json");
    check(&said, "gallery");
    let baked = sandbox.read("target/wasm32-wasip1/release/preinit/gallery.wasm");
    // Each instance draws keys of its own.
    let hash = || Guest::new(&baked, &[])?.call("hash_of_new_map", &[]);
    let hashes = [hash()?, hash()?, hash()?];
    assert!(
        hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2],
        "{hashes:?}"
    );
    assert_eq!(Guest::new(&baked, &[])?.call("rule", &[9])?, 81);
    // Without a second run nobody knows where they are.
    let off = bake("--impurity off --message-format json");
    assert_eq!(warning(&off, "random")["state"], json!(null));
    let baked = sandbox.read("target/wasm32-wasip1/release/preinit/gallery.wasm");
    let hash = || Guest::new(&baked, &[])?.call("hash_of_new_map", &[]);
    assert_eq!(hash()?, hash()?);
    let denied = bake("--impurity deny");
    assert!(denied.code != Some(0), "{}", denied.stderr);
    assert!(denied.stderr.contains("`gallery::STARTED`"), "{}", denied.stderr);
    Ok(())
}

#[test]
fn what_is_allowed() {
    let sandbox = Sandbox::guest("allowed", &format!("{GALLERY}{EXPORTS}"));
    sandbox.configure(
        r#"package.metadata.preinit = { impurity = "deny", allow-impure = ["RULES=its keys need not be secret", "allowed::STARTED=it is the time of the build", "STAGE=each stage is baked by itself", "MEASURED=nothing follows"] }"#,
    );
    let said = sandbox.cargo("preinit --release --env STAGE=live");
    said.succeeds();
    assert_eq!(said.stderr.matches("warning: ").count(), 1, "{}", said.stderr);
    assert!(
        said.stderr
            .contains("`--allow-impure` names `MEASURED` (nothing follows)"),
        "{}",
        said.stderr
    );
}

#[test]
fn of_a_component() {
    let main = "fn main() { println!(\"{} {}\", sum() + more() as u64, hash()); }";
    let sandbox = Sandbox::component("gallery-component", &format!("{GALLERY}{MORE}{main}"));
    with_more(&sandbox);
    let show = "--env STAGE=live --env TZ=Europe/Oslo --dir data::/data";
    let said = sandbox.cargo(&format!(
        "preinit --release {show} --verify --message-format json"
    ));
    if said.stderr.contains("could not be added") {
        return skipped(&said.stderr);
    }
    check(&said, "gallery_component");
    let run = || {
        let said = sandbox.cargo(&format!("preinit run --release -q {show}"));
        said.succeeds();
        String::from_utf8(said.stdout).expect("it is text")
    };
    let [first, second] = [run(), run()];
    assert_eq!(first.split(' ').next(), second.split(' ').next());
    assert_ne!(first, second);
}

/// Statics that are no items, which the debug information names, and a number that WASI gave to a file.
#[test]
fn statics_that_only_debug_information_names() {
    let source = r#"
        use std::os::fd::AsRawFd as _;
        use std::sync::atomic::{AtomicI32, AtomicU64, Ordering::Relaxed};
        use std::time::SystemTime;

        static HANDLE: AtomicI32 = AtomicI32::new(0);
        static SEEN: [AtomicU64; 3] = [const { AtomicU64::new(0) }; 3];

        #[preinit_guest::preinit]
        fn load() {
            let file = std::fs::File::open("/data/a.txt").expect("it is shown");
            HANDLE.store(file.as_raw_fd(), Relaxed);
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            SEEN[now.as_secs() as usize % 3].store(now.as_secs(), Relaxed);
            preinit_guest::reset_preopens();
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn get(n: usize) -> u64 { HANDLE.load(Relaxed) as u64 + SEEN[n].load(Relaxed) }
    "#;
    let sandbox = Sandbox::guest("named", source);
    sandbox.write("data/a.txt", "");
    sandbox.configure("profile.release.debug = 2");
    let said = sandbox.cargo("preinit --release --dir data::/data --message-format json");
    let statics = |code: &str| {
        let warning = warning(&said, code);
        let parts = warning["state"].as_array().cloned().unwrap_or_default();
        let statics = parts.iter().filter(|part| part["part"] == "static");
        let names: Vec<Value> = statics.map(|part| part["of"].clone()).collect();
        (names, items(&warning).join(" "))
    };
    let by_load = "named::load".to_owned();
    assert_eq!(statics("clock"), (vec![json!("named::SEEN")], by_load.clone()));
    assert_eq!(statics("directories"), (vec![json!("named::HANDLE")], by_load));
}

/// A name of the guest's own leads to the same file, whatever other names entries have.
#[test]
fn what_directories_do_not_decide() {
    let source = r#"
        static mut KEPT: [u8; 8] = [0; 8];

        #[preinit_guest::preinit]
        fn load() {
            let names = std::fs::read_dir("/data").expect("it is shown").count();
            assert_eq!(names, 3);
            let text = std::fs::read("/data/b").expect("it is shown");
            assert_eq!(std::fs::read("/data/latest").expect("it leads to `b`"), text);
            let (kept, rest) = text.split_first_chunk().expect("it is long enough");
            assert!(rest.is_empty());
            // SAFETY: nothing else runs.
            unsafe { KEPT = *kept }
            preinit_guest::reset_preopens();
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn get() -> u8 { unsafe { KEPT[0] } }
    "#;
    let sandbox = Sandbox::guest("decided", source);
    sandbox.write("data/a", "12345678");
    sandbox.write("data/b", "abcdefgh");
    #[cfg(unix)]
    std::os::unix::fs::symlink("b", sandbox.dir().join("data/latest")).expect("it can be made");
    sandbox.configure("profile.release.debug = 2");
    let said = sandbox.cargo("preinit --release --dir data::/data --message-format json");
    let directories = warning(&said, "directories");
    let state = directories["state"].as_array().map_or(&[][..], Vec::as_slice);
    assert!(directories["fails"].is_null(), "{directories}");
    assert!(
        state.iter().all(|part| part["of"] != "decided::KEPT"),
        "{directories}"
    );
}

/// An init that takes other answers for an error.
#[test]
fn an_init_that_fails_with_other_answers() {
    let source = r#"
        #[preinit_guest::preinit]
        fn check() {
            assert_eq!(std::env::var("LEVEL").as_deref(), Ok("3"), "there is no such level");
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn get() -> u32 { 7 }
    "#;
    let sandbox = Sandbox::guest("level", source);
    let said = sandbox.cargo("preinit --release --env LEVEL=3 --message-format json");
    let environment = warning(&said, "environment");
    let fails = environment["fails"].as_str().unwrap_or_default();
    assert!(fails.contains("there is no such level"), "{environment}");
}

#[test]
fn secrets_and_texts_of_the_machine() {
    let source = r#"
        use std::hint::black_box;
        use std::sync::LazyLock;

        use preinit_guest::preinit;

        #[preinit]
        static TOKEN: LazyLock<String> =
            LazyLock::new(|| black_box("GHP_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789").to_lowercase());

        #[preinit]
        static PLACE: LazyLock<String> = LazyLock::new(|| std::env::var("PLACE").unwrap_or_default());

        /// What the source has is the author's affair.
        static KEY: &str = "-----BEGIN PRIVATE KEY-----";

        #[unsafe(no_mangle)]
        pub extern "C" fn get() -> u32 { (TOKEN.len() + PLACE.len() + black_box(KEY).len()) as u32 }
    "#;
    let sandbox = Sandbox::guest("leaks", source);
    let place = sandbox.dir().join("data").display().to_string();
    let said = sandbox.cargo(&format!(
        "preinit --release --env PLACE={place} --message-format json"
    ));
    said.succeeds();
    let warnings = with_reason(&said, "preinit-warning");
    let leaks: Vec<&Value> = warnings
        .iter()
        .filter(|warning| warning["code"] == "leaks")
        .collect();
    let found: Vec<(&str, Vec<&str>)> = leaks
        .iter()
        .map(|warning| (warning["message"].as_str().unwrap_or_default(), items(warning)))
        .collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].0.contains("a token of GitHub"), "{found:?}");
    assert_eq!(found[0].1, ["leaks::TOKEN"]);
    assert!(
        found[1].0.contains("the path of the working directory"),
        "{found:?}"
    );
    assert!(found[1].1.contains(&"leaks::PLACE"), "{found:?}");
    let said = sandbox.cargo("preinit --release --deny leaks");
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    let said = sandbox
        .cargo("preinit --release --deny leaks --allow-impure TOKEN=example --allow-impure PLACE=example");
    said.succeeds();
}

/// An item that calls what only a real host has.
#[test]
fn an_item_is_left_for_run_time() {
    let source = r#"
        use std::sync::LazyLock;
        use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

        use preinit_guest::preinit;

        #[link(wasm_import_module = "env")]
        unsafe extern "C" { safe fn level() -> u32; }

        static BEGUN: AtomicU32 = AtomicU32::new(0);

        #[preinit(order = -1)]
        static LEVEL: LazyLock<u32> = LazyLock::new(|| { BEGUN.fetch_add(1, Relaxed); level() });

        #[preinit]
        static NEXT: LazyLock<u32> = LazyLock::new(|| *LEVEL + 1);

        #[preinit]
        static SQUARE: LazyLock<u32> = LazyLock::new(|| { BEGUN.fetch_add(10, Relaxed); 81 });

        #[unsafe(no_mangle)]
        pub extern "C" fn begun() -> u32 { BEGUN.load(Relaxed) }

        #[unsafe(no_mangle)]
        pub extern "C" fn sum() -> u32 { *LEVEL + *NEXT + *SQUARE + begun() }
    "#;
    let sandbox = Sandbox::guest("left", source);
    let said = sandbox.cargo("preinit --release --target wasm32-unknown-unknown");
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    assert!(said.stderr.contains("--on-denied=leave-lazy"), "{}", said.stderr);
    let said = sandbox.cargo("preinit --release --target wasm32-unknown-unknown --on-denied leave-lazy --verify --message-format json");
    said.succeeds();
    let warnings = with_reason(&said, "preinit-warning");
    let messages: Vec<&str> = warnings
        .iter()
        .filter_map(|warning| warning["message"].as_str())
        .collect();
    let why = "is left for run time: at build time it called the import `env` `level`, which does not exist at build time";
    assert_eq!(
        messages,
        [
            format!("`left::LEVEL` (src/lib.rs:13) {why}"),
            format!("`left::NEXT` (src/lib.rs:16) {why}")
        ]
    );
    let baked = sandbox
        .dir()
        .join("target/wasm32-unknown-unknown/release/preinit/left.wasm");
    // What LEVEL had begun is not in the module, and what it makes is made once.
    let engine = wasmtime::Engine::default();
    let module = wasmtime::Module::from_file(&engine, baked).expect("it is valid");
    let mut linker = wasmtime::Linker::new(&engine);
    linker
        .func_wrap("env", "level", || 5_u32)
        .expect("it is defined once");
    let mut store = wasmtime::Store::new(&engine, ());
    let instance = linker
        .instantiate(&mut store, &module)
        .expect("nothing else is imported");
    let mut call = |name: &str| {
        let function = instance
            .get_typed_func::<(), u32>(&mut store, name)
            .expect("it is exported");
        function.call(&mut store, ()).expect("it returns")
    };
    assert_eq!(
        [call("begun"), call("sum"), call("sum")],
        [10, 5 + 6 + 81 + 11, 5 + 6 + 81 + 11]
    );
}

/// What a first call makes.
#[test]
fn a_warm_up() -> Result<()> {
    let source = r#"
        use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

        static CALLS: AtomicU32 = AtomicU32::new(0);
        static MADE: AtomicU32 = AtomicU32::new(0);

        #[preinit_guest::preinit]
        fn load() { CALLS.store(100, Relaxed); }

        /// It returns what would be a status of an init function.
        #[unsafe(no_mangle)]
        pub extern "C" fn render(n: u32) -> u32 {
            load();
            MADE.store(n * n, Relaxed);
            CALLS.fetch_add(1, Relaxed)
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn made() -> u32 { MADE.load(Relaxed) }
    "#;
    let sandbox = Sandbox::guest("warm", source);
    let said = sandbox.cargo("preinit --release --warm-up render(3) --warm-up render(4) --verify -v");
    said.succeeds();
    assert!(
        said.stderr.contains("         Ran `render(4)` in [TIME]"),
        "{}",
        said.stderr
    );
    let baked = sandbox.read("target/wasm32-wasip1/release/preinit/warm.wasm");
    let mut guest = Guest::new(&baked, &[])?;
    assert_eq!((guest.call("made", &[])?, guest.call("render", &[2])?), (16, 102));
    let said = sandbox.cargo("preinit --release --warm-up rendr(3)");
    assert_eq!(said.code, Some(1));
    assert!(said.stderr.contains("did you mean `render`?"), "{}", said.stderr);
    Ok(())
}
