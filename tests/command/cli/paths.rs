//! Paths that are not UTF-8, and paths with control characters.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use snapbox::str;

use super::{COUNTER, WASI, dir, preinit, text};
use crate::tool::{Said, cargo, run};

/// A name in which each `%` becomes the byte 0xff, which does not occur in UTF-8.
fn odd(name: &str) -> OsString {
    let bytes = name.bytes().map(|byte| if byte == b'%' { 0xff } else { byte });
    OsString::from_vec(bytes.collect())
}

fn at(dir: &Path, name: &str) -> PathBuf {
    dir.join(odd(name))
}

fn write(dir: &Path, name: &str, text: &str) {
    let path = at(dir, name);
    fs_err::create_dir_all(path.parent().expect("it is below the directory")).expect("it is writable");
    fs_err::write(path, text).expect("the directory is writable");
}

/// Runs `cargo preinit` with these arguments, in which `%` becomes the byte 0xff.
fn oddly(dir: &Path, args: &str) -> Said {
    run(cargo(dir).arg("preinit").args(args.split(' ').map(odd)), dir)
}

#[test]
fn names_that_are_no_utf_8() {
    let dir = dir(&[]);
    let dir = dir.path();
    write(dir, "in%/a%.wat", COUNTER);
    let args = "bake in%/a%.wat -o out%/b%.wasm --precompile=pulley64 --if-changed";
    oddly(dir, args).expect(
        0,
        str![[r#"
      Baking a�.wat
warning: a�.wat: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
    Compiled a�.wat for `pulley64`: out�/b�.pulley64.cwasm, [SIZE]
       Baked a�.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let baked = fs_err::read(at(dir, "out%/b%.wasm")).expect("it was written");
    assert!(text(&baked).contains("(mut i32) i32.const 1"));
    let fresh = "       Fresh a�.wat\n";
    assert!(oddly(dir, args).succeeds().stderr.ends_with(fresh));
    let from_there = args.replace("in%", "../in%").replace("out%/", "");
    let said = oddly(&at(dir, "out%"), &from_there);
    assert!(said.succeeds().stderr.ends_with(fresh));
    write(dir, "out%/b%.pulley64.cwasm", "damaged");
    oddly(dir, args).succeeds();
    assert!(fs_err::read(at(dir, "out%/b%.pulley64.cwasm")).expect("it was written") != b"damaged");
    oddly(dir, "verify out%/b%.wasm in%/a%.wat").expect(
        0,
        str![[r#"
    Verified out�/b�.wasm: 1 global the same

"#]],
    );
    let said = oddly(dir, "verify out%/b%.wasm out%/b%.wasm --init-func up");
    let text = "error: `out�/b�.wasm` is not what its original is after init";
    assert!(said.stderr.starts_with(text), "{}", said.stderr);
    oddly(dir, "bake in%/a%.wat -o ./in%/a%.wat").expect(
        2,
        str![[r#"
error: the output `./in�/a�.wat` is the input itself
help: `--in-place` replaces the input; the modules of a directory, such as wasm-pack's `pkg/`, are always baked in their places

"#]],
    );
    oddly(dir, "bake missing% -o out").expect(
        1,
        str![[r#"
      Baking missing�
error: failed to open file `missing�`: No such file or directory (os error 2)

"#]],
    );
}

#[test]
fn directories_and_variants() {
    let dir = dir(&[]);
    let dir = dir.path();
    write(dir, "a.b%.wat", WASI);
    write(dir, "data%/%/file%", "text");
    let variants = "--variant a=dir:data%::/data --variant b";
    let init = "--init-func environment --allow-wasi --if-changed";
    let args = format!("bake a.b%.wat -o out% --dir data%/%::/% {init}");
    oddly(dir, &args).expect(
        2,
        str![[r#"
error: invalid value 'data�/�::/�' for '--dir <HOST[::GUEST]>': expected HOST::GUEST, where GUEST is UTF-8

For more information, try '--help'.

"#]],
    );
    fs_err::create_dir(at(dir, "out%")).expect("the directory is writable");
    let args = format!("bake a.b%.wat -o out% --dir data%/%::/ {init} {variants}");
    oddly(dir, &args).succeeds();
    for name in ["out%/a.b%.a.wasm", "out%/a.b%.b.wasm"] {
        assert!(at(dir, name).is_file(), "{name}");
    }
    oddly(dir, &args).expect(
        0,
        str![[r#"
warning: a.b�.wat (a): init read the environment, which was empty, in `environment`: each instance sees what init kept of it
       Fresh a.b�.wat (a)
warning: a.b�.wat (b): init read the environment, which was empty, in `environment`: each instance sees what init kept of it
       Fresh a.b�.wat (b)

"#]],
    );
    write(dir, "data%/%/more%", "");
    let said = oddly(dir, &args);
    said.succeeds();
    assert!(!said.stderr.contains("Fresh"), "{}", said.stderr);
    fs_err::remove_dir_all(at(dir, "data%")).expect("it is ours");
    oddly(
        dir,
        "bake a.b%.wat -o out.wasm --init-func input --allow-wasi --dir data%::/",
    )
    .expect(
        1,
        str![[r#"
      Baking a.b�.wat
error: `a.b�.wat` was not baked: the directory `data�` of `--dir` cannot be listed: No such file or directory (os error 2)
help: check the part before the `::` of `--dir HOST::GUEST`

"#]],
    );
}

/// Paths that cargo does not accept are refused, and not passed on.
#[test]
fn paths_for_cargo() {
    let dir = dir(&[]);
    for option in ["--target-dir", "--manifest-path"] {
        let said = oddly(dir.path(), &format!("{option} a%"));
        let text = "cargo takes no path that is not UTF-8";
        assert!(said.stderr.contains(text), "{}", said.stderr);
        assert_eq!(said.code, Some(2));
    }
    preinit(dir.path(), "--target-dir ä").expect(
        101,
        str![[r#"
error: could not find `Cargo.toml` in `[DIR]` or any parent directory

"#]],
    );
}

#[test]
fn names_do_not_drive_the_terminal() {
    let dir = dir(&[]);
    let dir = dir.path();
    let name = "\u{1b}[31m\r\nerror:\u{9b}.wat";
    write(dir, name, COUNTER);
    oddly(dir, &format!("bake {name} -o {name}.wasm -v --if-changed")).expect(
        0,
        str![[r#"
      Baking \u{1b}[31m\r\nerror:\u{9b}.wat
warning: \u{1b}[31m\r\nerror:\u{9b}.wat: `wizer-initialize`, which has run in the bake, runs again where the host calls `up`, unless it looks whether it has run: let it set a flag, and return at once where that is set
         Ran `wizer-initialize` in [TIME]
     Changed [FIGURES]
     Loading \u{1b}[31m\r\nerror:\u{9b}.wat: instances will share its memory copy-on-write
        Kept \u{1b}[31m\r\nerror:\u{9b}.wat: the code stays as it is, since little would be gained
       Wrote \u{1b}[31m\r\nerror:\u{9b}.wat.wasm (compiled by winch)
       Baked \u{1b}[31m\r\nerror:\u{9b}.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    for args in [
        format!("bake {name} -o {name}"),
        format!("bake {name}.missing -o out.wasm"),
        format!("bake {name} -o {name}/out.wasm"),
        format!("verify {name}.wasm {name}"),
        format!("verify {name} {name}"),
    ] {
        let said = oddly(dir, &args);
        assert!(
            !said.stderr.contains(['\u{1b}', '\r', '\u{9b}']),
            "{}",
            said.stderr
        );
    }
}
