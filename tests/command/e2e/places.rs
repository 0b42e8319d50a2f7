//! The places of items in messages, which do not depend on where the guest is checked out.

use std::path::Path;

use crate::e2e::sandbox::Sandbox;
use crate::tool::Said;

/// A guest in a workspace, a library outside of it, and items from every kind of source file.
const FILES: [(&str, &str); 9] = [
    (
        "workspace/Cargo.toml",
        r#"
        [workspace]
        members = ["guest", "member"]
        resolver = "3"
        [profile.release]
        strip = true
        "#,
    ),
    (
        "workspace/guest/Cargo.toml",
        r#"
        package = { name = "guest", edition = "2024" }
        lib.crate-type = ["cdylib"]
        [dependencies]
        library.path = "../../library"
        member.path = "../member"
        preinit-guest.path = "../../../preinit-guest"
        "#,
    ),
    (
        "workspace/guest/build.rs",
        r##"
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let file = std::path::Path::new(&std::env::var_os("OUT_DIR").expect("cargo says")).join("generated.rs");
    std::fs::write(file, "#[preinit_guest::preinit]\nfn generated() {}\n").expect("it is writable");
}
"##,
    ),
    (
        "workspace/guest/src/lib.rs",
        r#"
use std::sync::LazyLock;

#[path = "../../shared/shared.rs"]
mod shared;
mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

#[preinit_guest::preinit]
static OWN: LazyLock<Vec<Own>> = LazyLock::new(|| vec![Own(1)]);

struct Own(u32);

library::table!();
library::squares!(SQUARES);
library::cubes! {
    |n| n * n * n
}

#[unsafe(no_mangle)]
pub extern "C" fn sum() -> u32 {
    let own: u32 = OWN.iter().map(|own| own.0).sum();
    own + library::LIBRARY.len() as u32 + member::MEMBER.len() as u32 + TABLE[0] + SQUARES[0] + CUBES[0]
}
"#,
    ),
    (
        "workspace/shared/shared.rs",
        "#[preinit_guest::preinit]\nfn shared() {}\n",
    ),
    (
        "workspace/member/Cargo.toml",
        r#"
        package = { name = "member", edition = "2024" }
        dependencies.preinit-guest.path = "../../../preinit-guest"
        "#,
    ),
    (
        "workspace/member/src/lib.rs",
        r#"
#[preinit_guest::preinit]
pub static MEMBER: std::sync::LazyLock<String> = std::sync::LazyLock::new(String::new);
"#,
    ),
    (
        "library/Cargo.toml",
        r#"
        workspace = {}
        package = { name = "library", edition = "2024" }
        dependencies.preinit-guest.path = "../../../preinit-guest"
        "#,
    ),
    (
        "library/src/lib.rs",
        r#"
#[doc(hidden)]
pub use preinit_guest;

pub struct Entry(pub u32);

#[preinit_guest::preinit]
pub static LIBRARY: std::sync::LazyLock<Vec<Entry>> = std::sync::LazyLock::new(|| vec![Entry(1), Entry(2)]);

#[preinit_guest::preinit]
fn load() -> Result<(), String> {
    Ok(())
}

#[macro_export]
macro_rules! table {
    () => {
        #[$crate::preinit_guest::preinit(crate = $crate::preinit_guest)]
        static TABLE: std::sync::LazyLock<[u32; 3]> = std::sync::LazyLock::new(|| [7, 8, 9]);
    };
}

#[macro_export]
macro_rules! squares {
    ($name:ident) => {
        #[$crate::preinit_guest::preinit(crate = $crate::preinit_guest)]
        static $name: std::sync::LazyLock<[u32; 3]> = std::sync::LazyLock::new(|| [1, 2, 3].map(|n| n * n));
    };
}

#[macro_export]
macro_rules! cubes {
    ($cube:expr) => {
        #[$crate::preinit_guest::preinit(crate = $crate::preinit_guest)]
        static CUBES: std::sync::LazyLock<[u32; 3]> = std::sync::LazyLock::new(|| [1, 2, 3].map($cube));
    };
}
"#,
    ),
];

/// A smaller guest, of which all bytes are compared. rustc orders instances of a generic function by names that contain the paths of
/// dependencies, so no crate has two lazy statics.
const SMALL: [(&str, &str); 2] = [
    (
        "workspace/guest/src/lib.rs",
        r#"
#[preinit_guest::preinit]
static OWN: std::sync::LazyLock<Vec<u32>> = std::sync::LazyLock::new(|| vec![1, 2, 3]);

#[preinit_guest::preinit]
fn check() {
    assert_eq!(OWN.len(), 3);
}

#[unsafe(no_mangle)]
pub extern "C" fn sum() -> u32 {
    check();
    OWN.iter().sum::<u32>() + library::sum()
}
"#,
    ),
    (
        "library/src/lib.rs",
        r#"
struct Entry(u32);

#[preinit_guest::preinit]
static LIBRARY: std::sync::LazyLock<Vec<Entry>> = std::sync::LazyLock::new(|| vec![Entry(4)]);

#[preinit_guest::preinit]
fn load() -> Result<(), String> {
    Ok(())
}

#[inline(never)]
pub fn sum() -> u32 {
    load().map_or(0, |()| LIBRARY.iter().map(|entry| entry.0).sum())
}
"#,
    ),
];

/// The items of [`FILES`], in the order in which they run.
const PLACES: [&str; 9] = [
    // The path has no directory of the guest in it.
    "`guest::TABLE` (.../lib.rs:19)",
    "`guest::shared::shared` (../shared/shared.rs:2)",
    "`guest::generated::generated` (OUT_DIR/generated.rs:2)",
    "`guest::OWN` (src/lib.rs:11)",
    "`guest::SQUARES` (src/lib.rs:16)",
    "`guest::CUBES` (src/lib.rs:18)",
    "`library::LIBRARY` (src/lib.rs:8)",
    "`library::load` (src/lib.rs:11)",
    "`member::MEMBER` (src/lib.rs:3)",
];

/// Writes the guest to a directory of the sandbox, with some files replaced.
fn check_out(sandbox: &Sandbox, directory: &str, replaced: &[(&str, &str)]) {
    for (path, text) in FILES.iter().chain(replaced) {
        sandbox.write(&format!("{directory}/{path}"), text);
    }
    let lock = sandbox.dir().join(directory).join("workspace/Cargo.lock");
    fs_err::copy(sandbox.dir().join("Cargo.lock"), lock).expect("the directory is writable");
}

/// Bakes a checkout.
fn bake(sandbox: &Sandbox, directory: &str, rustflags: &str) -> Said {
    let args = "preinit --release -v --target wasm32-unknown-unknown --manifest-path";
    let mut command = sandbox.command(&format!("{args} {directory}/workspace/Cargo.toml"));
    command
        .env("CARGO_TARGET_DIR", sandbox.dir().join(directory).join("target"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", rustflags);
    let said = sandbox.run(command);
    said.succeeds();
    said
}

fn names(module: &[u8], path: &Path) -> bool {
    let path = path.to_str().expect("the tests' directory has such a name");
    module.windows(path.len()).any(|window| window == path.as_bytes())
}

#[test]
fn two_checkouts_are_baked_alike() {
    let sandbox = Sandbox::empty("two-checkouts");
    let [one, other] = ["one", "another/place"].map(|directory| {
        check_out(&sandbox, directory, &SMALL);
        bake(&sandbox, directory, "");
        let release = format!("{directory}/target/wasm32-unknown-unknown/release");
        ["guest.wasm", "preinit/guest.wasm"].map(|module| sandbox.read(&format!("{release}/{module}")))
    });
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../preinit-guest");
    let sdk = fs_err::canonicalize(sdk).expect("the SDK is in the repository");
    for module in one.iter().chain(&other) {
        assert!(!names(module, sandbox.dir()) && !names(module, &sdk));
    }
    assert!(one == other, "they differ");
}

/// Places are the same if paths are remapped, or the guest's directory is a link.
#[test]
fn an_item_is_where_it_is_by_any_way() {
    let sandbox = Sandbox::empty("by-any-way");
    let check = |directory: &str, rustflags: &str| {
        let said = bake(&sandbox, directory, rustflags);
        let ran = said.stderr.lines().filter_map(|line| {
            let item = line.strip_prefix("         Ran ")?;
            item.strip_suffix(" in [TIME]")
        });
        assert_eq!(ran.collect::<Vec<_>>(), PLACES, "{directory} {rustflags}");
    };
    check_out(&sandbox, "place", &[]);
    check("place", "");
    let dir = sandbox.dir().display();
    check_out(&sandbox, "remapped", &[]);
    check(
        "remapped",
        &format!("--remap-path-prefix={dir}=/remapped --remap-path-prefix=guest/src=/guest"),
    );
    #[cfg(unix)]
    {
        fs_err::os::unix::fs::symlink("place", sandbox.dir().join("link"))
            .expect("the directory is writable");
        check("link", "");
    }
}
