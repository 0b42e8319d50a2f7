//! A disk that is full or read-only: the message, the exit code, and the files that are left.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use preinit_tests::skip::skipped;
use snapbox::str;

use crate::faults::scene::{Scene, TOOL, is_root, namespace};
use crate::tool::{cargo, run, words};

/// Prints the names in the directory `out` after a bake, and the output.
const LEFT: &str = "code=$?; ls -A out; cat out/out.wasm; exit $code";

#[test]
fn a_full_disk() {
    let Some(namespace) = namespace() else { return };
    let scene = Scene::large();
    let script = format!(
        "mount -t tmpfs -o size=64k none out; echo old >out/out.wasm
         bake in.wat -o out/out.wasm; {LEFT}"
    );
    let said = scene.script(namespace, &script);
    said.expect(
        1,
        str![[r#"
      Baking in.wat
error: `out/out.wasm` cannot be written: No space left on device (os error 28)

"#]],
    )
    .prints("out.wasm\nold\n");
    let said = scene.script(
        namespace,
        "mount -t tmpfs -o size=64k none out; bake in.wat -o out/out.wasm; code=$?; ls -A out; exit $code",
    );
    said.expect(
        1,
        str![[r#"
      Baking in.wat
error: `out/out.wasm` cannot be written: No space left on device (os error 28)

"#]],
    )
    .prints("");
}

/// The output is on another file system than the directory for temporary files, from which no file can be renamed.
#[test]
fn a_disk_of_its_own() {
    let Some(namespace) = namespace() else { return };
    let scene = Scene::large();
    let script = "mount -t tmpfs none out; echo old >out/out.wasm; chmod 640 out/out.wasm
        bake in.wat -q -o out/out.wasm && ls -A out && stat -c %a out/out.wasm && head -c 4 out/out.wasm | tail -c 3";
    scene
        .script(namespace, script)
        .succeeds()
        .prints("out.wasm\n640\nasm");
}

/// The signal of the limit is ignored, since it would kill the tool before it can report the error.
#[test]
fn a_limit_of_file_sizes() {
    let scene = Scene::large();
    // The compilation cache may hit the limit as well, which does not fail a bake.
    let script =
        format!("trap '' XFSZ; echo old >out/out.wasm; ulimit -f 64; bake in.wat -o out/out.wasm; {LEFT}");
    scene
        .script(&["env"], &script)
        .expect(
            1,
            str![[r#"
      Baking in.wat
error: `out/out.wasm` cannot be written: File too large (os error 27)

"#]],
        )
        .prints("out.wasm\nold\n");
}

#[test]
fn a_device_that_is_full() {
    let scene = Scene::large();
    let command = |args: &str| {
        let mut command = cargo(&scene.path(""));
        command.args(words(args));
        run(&mut command, &scene.path(""))
    };
    command("preinit bake in.wat -o /dev/full").expect(
        1,
        str![[r#"
      Baking in.wat
error: `/dev/full` cannot be written: No space left on device (os error 28)

"#]],
    );
    scene.script(&["env"], "bake in.wat -o - >/dev/full").expect(
        1,
        str![[r#"
      Baking in.wat
error: standard output cannot be written: No space left on device (os error 28)

"#]],
    );
    let json = "bake in.wat -o out/json.wasm --message-format json >/dev/full";
    scene.script(&["env"], json).expect(
        1,
        str![[r#"
      Baking in.wat
       Baked in.wat: 1 item in [TIME], [SIZE] -> [SIZE]
note: in.wat is more than twice as large as before:
  - 1.00 MiB of data by `wizer-initialize`
error: standard output cannot be written: No space left on device (os error 28)

"#]],
    );
    // Whoever reads may have seen enough.
    let json = "bake in.wat -o out/json.wasm --message-format json | true";
    assert_eq!(scene.script(&["env"], json).code, Some(0));
}

#[test]
fn a_disk_that_is_read_only() {
    let Some(namespace) = namespace() else { return };
    let scene = Scene::large();
    let script = format!(
        "echo old >out/out.wasm; mount --bind out out; mount -o remount,ro,bind out
         bake in.wat -o out/out.wasm; {LEFT}"
    );
    let said = scene.script(namespace, &script);
    said.expect(
        1,
        str![[r#"
      Baking in.wat
error: `out/out.wasm` cannot be written: Read-only file system (os error 30)

"#]],
    )
    .prints("out.wasm\nold\n");
    let script = "mount --bind out out; mount -o remount,ro,bind out; bake in.wat -o out/new/out.wasm";
    scene.script(namespace, script).expect(
        1,
        str![[r#"
      Baking in.wat
error: failed to create directory `out/new`: Read-only file system (os error 30)

"#]],
    );
}

/// Root can write to a read-only directory, so the bake runs as another user then.
#[test]
fn a_directory_that_is_read_only() {
    let scene = Scene::large();
    fs_err::write(scene.path("out/out.wasm"), "old\n").expect("the directory is writable");
    for (name, mode) in [("out", 0o555), ("tmp", 0o777), ("", 0o755)] {
        let mode = Permissions::from_mode(mode);
        fs_err::set_permissions(scene.path(name), mode).expect("it is the test's own");
    }
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    let prefix = if is_root(&scene.path("out")) {
        let reaches = scene.script(&nobody, &format!("test -x '{TOOL}' && test -r in.wat"));
        if reaches.code != Some(0) {
            skipped("nobody can read the directory of the tests");
            return;
        }
        &nobody[..]
    } else {
        &["env"]
    };
    let script = format!("HOME=$TMPDIR; bake in.wat -o out/out.wasm; {LEFT}");
    scene
        .script(prefix, &script)
        .expect(
            1,
            str![[r#"
      Baking in.wat
error: `out/out.wasm` cannot be written: Permission denied (os error 13)

"#]],
        )
        .prints("out.wasm\nold\n");
}

#[test]
fn a_directory_of_the_kernel() {
    let scene = Scene::large();
    scene.script(&["env"], "bake in.wat -o /sys/out.wasm").expect(
        1,
        str![[r#"
      Baking in.wat
error: `/sys/out.wasm` cannot be written: Permission denied (os error 13)

"#]],
    );
}
