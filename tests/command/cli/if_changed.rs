//! `cargo preinit bake --if-changed`: when a bake is skipped, from any working directory.

use std::path::Path;

use snapbox::str;
use tempfile::TempDir;

use super::{COUNTER, WASI, bake, bake_with_input, baked, cargo, dir, files, run, words};

#[test]
fn only_if_something_changed() {
    let dir = dir(&[("counter.wat", COUNTER)]);
    let bake = || bake(dir.path(), "counter.wat -o out/counter.wasm --if-changed -v");
    bake().succeeds();
    assert_eq!(
        files(&dir.path().join("out")),
        [".counter.wasm.fingerprint", "counter.wasm"]
    );
    bake().expect(
        0,
        str![[r#"
warning: counter.wat: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
       Fresh counter.wat (out/counter.wasm)

"#]],
    );
    let other = COUNTER.replace("i32.const 0", "i32.const 10");
    fs_err::write(dir.path().join("counter.wat"), other).expect("the directory is writable");
    let said = bake();
    said.succeeds();
    let reason = "       Dirty counter.wat: the guest changed\n";
    assert!(said.stderr.starts_with(reason), "{}", said.stderr);
    assert!(baked(&dir, "out/counter.wasm").contains("i32.const 11"));
    // A bake of standard input, which cannot be read twice, is not skipped.
    for _ in 0..2 {
        let said = bake_with_input(dir.path(), "- -o out.wasm --if-changed", COUNTER);
        assert!(said.stderr.contains("Baked"), "{}", said.stderr);
    }
    assert_eq!(files(dir.path()).len(), 4);
}

/// Runs a bake, and returns the verb that it prints: `Fresh` or `Baked`.
fn verb(dir: &Path, args: &str) -> String {
    let said = bake(dir, &format!("{args} --if-changed"));
    said.succeeds();
    let last = said.stderr.lines().last().unwrap_or_default();
    last.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Two directories with the same guest, and an empty one.
fn two_places() -> TempDir {
    let dir = dir(&[]);
    for place in ["here/data", "there/data", "nowhere"] {
        fs_err::create_dir_all(dir.path().join(place)).expect("the directory is writable");
    }
    for place in ["here", "there"] {
        let write = |name: &str, text: &str| fs_err::write(dir.path().join(place).join(name), text);
        write("counter.wat", COUNTER).expect("the directory is writable");
        write("data/file", "text").expect("the directory is writable");
    }
    dir
}

/// Working directories, and the prefix that leads from each to `here`.
const NAMES: [(&str, &str); 3] = [("here", ""), ("nowhere", "../here/"), ("", "./here/../here/")];

/// An output is fresh from every working directory. A damaged one is not, even if the working directory has an intact one of the same
/// name.
#[test]
fn from_several_directories() {
    let dir = two_places();
    let path = |name: &str| dir.path().join(name);
    let args = "--precompile=pulley32 --precompile";
    let ask = |(place, prefix): (&str, &str)| {
        verb(
            &path(place),
            &format!("{prefix}counter.wat -o {prefix}out.wasm {args}"),
        )
    };
    for place in ["here", "there"] {
        assert_eq!(ask((place, "")), "Baked");
    }
    let absolute = format!("{}/here/", dir.path().display());
    for (place, prefix) in NAMES.into_iter().chain([("there", absolute.as_str())]) {
        assert_eq!(ask((place, prefix)), "Fresh", "{place}, {prefix}");
        for name in ["out.wasm", "out.cwasm", "out.pulley32.cwasm"] {
            let file = path("here").join(name);
            let whole = fs_err::read(&file).expect("it was written");
            fs_err::write(&file, "damaged").expect("it is ours");
            assert_eq!(ask(("there", "../here/")), "Baked", "{place}, {prefix}, {name}");
            assert!(fs_err::read(&file).expect("it was written") == whole);
            fs_err::remove_file(&file).expect("it is ours");
            assert_eq!(ask((place, prefix)), "Baked", "{place}, {prefix}, {name}");
            assert_eq!(ask((place, prefix)), "Fresh", "{place}, {prefix}, {name}");
        }
    }
    // The bakes of `here` from `there` did not touch the output in `there`.
    assert_eq!(ask(("there", "")), "Fresh");
    fs_err::rename(path("here"), path("moved")).expect("it is ours");
    assert_eq!(ask(("nowhere", "../moved/")), "Fresh");
}

#[test]
fn variants_from_several_directories() {
    let dir = two_places();
    let path = |name: &str| dir.path().join(name);
    let ask = |(place, prefix): (&str, &str)| {
        let guest = format!("{prefix}counter.wat -o {prefix}out.wasm --variant a --variant b");
        let said = bake(&path(place), &format!("{guest} --if-changed"));
        said.succeeds();
        said.stderr.matches("Fresh").count()
    };
    for place in ["here", "there"] {
        assert_eq!(ask((place, "")), 0);
    }
    for name in NAMES {
        assert_eq!(ask(name), 2);
        fs_err::write(path("here/out.b.wasm"), "damaged").expect("it is ours");
        assert_eq!(ask(("there", "../here/")), 1);
        assert_eq!(ask(name), 2);
    }
}

/// The host path and the modification times of a mapped directory do not matter.
#[test]
fn what_init_is_shown() {
    let dir = two_places();
    fs_err::write(dir.path().join("wasi.wat"), WASI).expect("the directory is writable");
    let path = |name: &str| dir.path().join(name);
    let init = "--init-func environment --allow-wasi";
    let ask = |place: &str, prefix: &str, shown: &str| {
        verb(
            &path(place),
            &format!("{prefix}wasi.wat -o {prefix}out.wasm {init} --dir {shown}::/data"),
        )
    };
    assert_eq!(ask("here", "../", "data"), "Baked");
    assert_eq!(ask("there", "../", "data"), "Fresh");
    assert_eq!(ask("", "", "there/data"), "Fresh");
    let absolute = path("here/data").display().to_string();
    assert_eq!(ask("nowhere", "../", &absolute), "Fresh");
    fs_err::write(path("here/data/file"), "text").expect("it is ours");
    assert_eq!(ask("here", "../", "data"), "Fresh");
    fs_err::write(path("here/data/file"), "TEXT").expect("it is ours");
    assert_eq!(ask("there", "../", "data"), "Fresh");
    assert_eq!(ask("here", "../", "data"), "Baked");
    assert_eq!(ask("there", "../", "data"), "Baked");
}

#[cfg(unix)]
#[test]
fn through_links() {
    use fs_err::os::unix::fs::symlink;

    let dir = two_places();
    let path = |name: &str| dir.path().join(name);
    symlink("here", path("way")).expect("links are supported");
    symlink("../here/out.wasm", path("there/link.wasm")).expect("links are supported");
    assert_eq!(verb(&path("way"), "counter.wat -o out.wasm"), "Baked");
    assert_eq!(verb(&path("here"), "counter.wat -o out.wasm"), "Fresh");
    assert_eq!(verb(dir.path(), "way/counter.wat -o way/out.wasm"), "Fresh");
    // A link to the output has its own fingerprint. Both fingerprints hold the hash of the output.
    let by_link = |args: &str| verb(&path("there"), &format!("counter.wat -o link.wasm {args}"));
    assert_eq!(by_link("--stamp"), "Baked");
    assert_eq!(by_link("--stamp"), "Fresh");
    assert_eq!(verb(&path("here"), "counter.wat -o out.wasm"), "Baked");
    assert_eq!(by_link("--stamp"), "Baked");
    assert!(path("there/link.wasm").is_symlink());
}

/// The shared cache has what was baked elsewhere, but for images for this machine, whose processor another may not have.
#[test]
fn from_the_shared_cache() {
    let cache = dir(&[]);
    let verb = |args: &str| {
        let dir = dir(&[("counter.wat", COUNTER)]);
        let mut command = cargo(dir.path());
        command.env("CARGO_PREINIT_CACHE_DIR", cache.path());
        command.args(words(&format!(
            "preinit bake counter.wat -o out.wasm --if-changed {args}"
        )));
        let said = run(&mut command, dir.path());
        said.succeeds();
        let last = said.stderr.lines().last().unwrap_or_default();
        last.split_whitespace().next().unwrap_or_default().to_owned()
    };
    for (args, second) in [
        ("", "Restored"),
        ("--stamp", "Restored"),
        ("--precompile=pulley64", "Restored"),
        ("--precompile", "Baked"),
        ("--precompile=pulley64 --precompile", "Baked"),
    ] {
        assert_eq!(verb(args), "Baked", "{args}");
        assert_eq!(verb(args), second, "{args}");
    }
    // What cannot change the output is found, too.
    assert_eq!(verb("--compiler cranelift --timeout 30"), "Restored");
    // What is somebody else's stays when the cache is emptied.
    for file in ["notes.txt", "outputs/notes.txt"] {
        fs_err::write(cache.path().join(file), "mine").expect("the directory is writable");
    }
    let here = dir(&[]);
    let mut command = cargo(here.path());
    command.env("CARGO_PREINIT_CACHE_DIR", cache.path());
    command.args(["preinit", "clean", "--cache"]);
    run(&mut command, here.path()).succeeds();
    assert_eq!(files(cache.path()), ["notes.txt", "outputs/notes.txt"]);
}
