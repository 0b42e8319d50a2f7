//! `cargo preinit bake --variant`: several modules from one guest, each the same as from a bake of its own.

use snapbox::str;

use super::{WASI, bake, dir, files};

const INIT: &str = "--init-func environment --allow-wasi";

#[test]
fn each_is_the_same_as_a_bake_by_itself() {
    let dir = dir(&[("wasi.wat", WASI)]);
    let variants = "--variant a=env:X=1 --variant b=env:Y=2 --variant a=env:Z=3,4 --variant c";
    bake(
        dir.path(),
        &format!("wasi.wat -o all.wasm --env X=0 {INIT} {variants}"),
    )
    .expect(
        0,
        str![[r#"
      Baking wasi.wat
[wasi.wat (a)] X=1\u{0}Z=3,4\u{0}
warning: wasi.wat (a): init read the environment (`X`, `Z`), in `environment`: each instance sees what init kept of it
  - 7 bytes of memory 0 (0x402) by `environment`
       Baked wasi.wat (a): 1 item in [TIME], [SIZE] -> [SIZE]
[wasi.wat (b)] X=0\u{0}Y=2\u{0}
warning: wasi.wat (b): init read the environment (`X`, `Y`), in `environment`: each instance sees what init kept of it
  - 5 bytes of memory 0 (0x402) by `environment`
       Baked wasi.wat (b): 1 item in [TIME], [SIZE] -> [SIZE]
[wasi.wat (c)] X=0\u{0}
warning: wasi.wat (c): init read the environment (`X`), in `environment`: each instance sees what init kept of it
  - 1 byte of memory 0 (0x402) by `environment`
       Baked wasi.wat (c): 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let singles = [
        ("a", "--env X=1 --env Z=3,4"),
        ("b", "--env X=0 --env Y=2"),
        ("c", "--env X=0"),
    ];
    let read = |name: &str| fs_err::read(dir.path().join(name)).expect("it was written");
    let mut all = Vec::new();
    for (name, env) in singles {
        bake(dir.path(), &format!("wasi.wat -o single.wasm {INIT} {env}")).succeeds();
        let found = read(&format!("all.{name}.wasm"));
        assert!(found == read("single.wasm"), "{name}");
        all.push(found);
    }
    assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
}

#[test]
fn into_a_directory_and_only_if_changed() {
    let dir = dir(&[("wasi.wat", WASI)]);
    fs_err::create_dir(dir.path().join("out")).expect("the directory is writable");
    let args = format!("wasi.wat -o out {INIT} --if-changed --variant a=arg:--fast --variant b");
    bake(dir.path(), &args).succeeds();
    assert_eq!(
        files(&dir.path().join("out")),
        [
            ".wasi.a.wasm.fingerprint",
            ".wasi.b.wasm.fingerprint",
            "wasi.a.wasm",
            "wasi.b.wasm"
        ]
    );
    bake(dir.path(), &args).succeeds();
    bake(dir.path(), &args.replace("--fast", "--slow")).expect(
        0,
        str![[r#"
warning: wasi.wat (b): init read the environment, which was empty, in `environment`: each instance sees what init kept of it
       Fresh wasi.wat (b)
      Baking wasi.wat
warning: wasi.wat (a): init read the environment, which was empty, in `environment`: each instance sees what init kept of it
       Baked wasi.wat (a): 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
}

#[test]
fn one_that_fails_leaves_the_others() {
    // Init asks for the number of environment variables, and fails if it is 0.
    let guest = r#"(module
      (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "wizer-initialize")
        (drop (call $sizes (i32.const 0) (i32.const 4)))
        (if (i32.eqz (i32.load (i32.const 0))) (then unreachable))))"#;
    let dir = dir(&[("guest.wat", guest)]);
    let said = bake(
        dir.path(),
        "guest.wat -o out.wasm --allow-wasi --variant a --variant b=env:A=1",
    );
    assert_eq!(said.code, Some(1), "{}", said.stderr);
    assert!(
        said.stderr.contains("error: `guest.wat (a)` was not baked"),
        "{}",
        said.stderr
    );
    assert_eq!(files(dir.path()), ["guest.wat", "out.b.wasm"]);
}

#[test]
fn mistakes() {
    let dir = dir(&[("wasi.wat", WASI)]);
    let check = |args: &str, text: &str| {
        let said = bake(dir.path(), &format!("wasi.wat {args}"));
        assert_eq!(said.code, Some(2), "{}", said.stderr);
        assert!(said.stderr.contains(text), "{}", said.stderr);
    };
    check("-o - --variant a", "OUTPUT cannot be `-`");
    check("-o out.wasm --variant a=env:A=1", "needs `--allow-wasi`");
    check("-o out.wasm --variant a/b", "expected a NAME of letters");
    check("-o out.wasm --variant a=A=1", "NAME=env:NAME[=VALUE]");
    let same = super::dir(&[("guest.a.wasm", WASI)]);
    let said = bake(same.path(), "guest.a.wasm -o guest.wasm --variant a");
    assert_eq!(said.code, Some(2), "{}", said.stderr);
    assert_eq!(files(same.path()), ["guest.a.wasm"]);
}
