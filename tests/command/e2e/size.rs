//! `--check-size`: what a bake that is too large says, and whether that is so.

use crate::e2e::sandbox::Sandbox;
use crate::messages::with_reason;

/// Init frees what is most of the image.
const SOURCE: &str = r#"
use std::hint::black_box;
use std::sync::LazyLock;

#[preinit_guest::preinit]
static TABLE: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let draft: Vec<u32> = black_box((1..50_000).collect());
    (1..1000).chain(draft.last().copied()).collect()
});

#[unsafe(no_mangle)]
extern "C" fn last() -> u32 {
    TABLE.last().copied().unwrap_or(0)
}
"#;

#[test]
fn a_bake_that_is_too_large() {
    let sandbox = Sandbox::guest("too-large", SOURCE);
    let output = "target/wasm32-wasip1/release/preinit/too_large.wasm";
    let said = sandbox.preinit("--release --check-size 100KiB");
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    assert!(!sandbox.has(output));
    let failed = &with_reason(&said, "preinit-failed")[0];
    assert_eq!(failed["code"], "oversize");
    let found = &failed["oversize"];
    assert_eq!(found["budget"], 100 << 10);
    let bytes = found["bytes"].as_u64().expect("it is a size");
    assert!(found["bytes_of_data"].as_u64() > Some(190_000), "{found}");
    let saved = |code: &str| {
        let savings = found["savings"].as_array().expect("they are listed");
        let saving = savings.iter().find(|saving| saving["code"] == code);
        saving.and_then(|saving| saving["bytes"].as_u64()).unwrap_or(0)
    };
    assert!(saved("scrub-heap") > 190_000, "{found}");
    assert_eq!(
        found["items"][0]["name"], "`too_large::TABLE` (src/lib.rs:6)",
        "{found}"
    );
    // Also where nothing else asks for figures.
    let plain = sandbox.cargo("preinit --release --check-size 100KiB");
    let item = "  - data of `too_large::TABLE` (src/lib.rs:6): ";
    assert!(plain.stderr.contains(item), "{}", plain.stderr);
    let line = "help: `--scrub-heap=dlmalloc` saves ";
    assert!(said.stderr.contains(line), "{}", said.stderr);
    assert!(said.stderr.contains("code of `std`"), "{}", said.stderr);
    // It is what the option comes to, to the byte.
    let said = sandbox.preinit("--release --check-size 100KiB --scrub-heap dlmalloc");
    said.succeeds();
    let after = &with_reason(&said, "preinit-baked")[0]["bytes_after"];
    assert_eq!(after.as_u64(), Some(bytes - saved("scrub-heap")));
    assert_eq!(after.as_u64(), Some(sandbox.read(output).len() as u64));
    // The names are what `strip` leaves out.
    let said = sandbox.preinit("--release --config profile.release.strip=true");
    said.succeeds();
    let stripped = with_reason(&said, "preinit-baked")[0]["bytes_after"].as_u64();
    let expected = bytes - saved("strip");
    assert!(
        stripped.is_some_and(|stripped| stripped.abs_diff(expected) * 50 < expected),
        "{stripped:?} {expected}"
    );
    // Without a limit, the closing lines say why it has grown.
    let said = sandbox.preinit("--release");
    let note = "note: too_large.wasm is more than twice as large as before:\n  - ";
    assert!(said.stderr.contains(note), "{}", said.stderr);
    assert!(
        said.stderr
            .contains(" of data by `too_large::TABLE` (src/lib.rs:6)\n  - "),
        "{}",
        said.stderr
    );
    assert!(
        said.stderr
            .contains(" is memory that was freed again: `--scrub-heap=dlmalloc`"),
        "{}",
        said.stderr
    );
    let growth = &with_reason(&said, "preinit-baked")[0]["growth"];
    assert_eq!(growth["by"][0]["item"]["name"], "too_large::TABLE");
    assert!(growth["free_bytes"].as_u64() > Some(190_000), "{growth}");
    // The limit of a host that compresses.
    let said = sandbox.preinit("--release --check-size workers-free");
    said.succeeds();
    assert_eq!(sandbox.preinit("--release --check-size 200kB").code, Some(1));
    sandbox.preinit("--release --check-size shopify").succeeds();
    assert_eq!(sandbox.preinit("--release --check-size spotify").code, Some(2));
    // A limit in the manifest, and one that is kept.
    sandbox.configure("package.metadata.preinit.check-size = 1000");
    assert_eq!(sandbox.preinit("--release").code, Some(1));
    sandbox.preinit("--release --no-check-size").succeeds();
    sandbox.preinit("--release --check-size 1MiB").succeeds();
}
