//! A guest that tries to leave its sandbox. It stores WASI's answer to each attempt; files outside must not change.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::os::unix::fs::symlink;

use snapbox::{Assert, IntoData, str};

use crate::faults::scene::Scene;

/// A module whose init calls WASI functions, and stores each answer in a global.
///
/// Each line has a function and its arguments: `1` is an `i32`, `1L` an `i64`, `'text'` the address and the length of a text.
fn guest(attempts: &str) -> String {
    let mut imports = String::new();
    let mut state = String::from("(memory (export \"memory\") 1)\n");
    let mut init = String::new();
    let mut free = 1024;
    for (number, attempt) in attempts.lines().enumerate() {
        let mut words = attempt.split_whitespace();
        let function = words.next().expect("no line is empty");
        let (mut types, mut values) = (String::new(), String::new());
        let mut push = |ty: &str, value: &str| {
            types += &format!(" {ty}");
            values += &format!(" ({ty}.const {value})");
        };
        for word in words {
            if let Some(text) = word.strip_prefix('\'').and_then(|word| word.strip_suffix('\'')) {
                state += &format!("(data (i32.const {free}) \"{text}\")\n");
                push("i32", &free.to_string());
                push("i32", &text.len().to_string());
                free += text.len();
            } else if let Some(number) = word.strip_suffix('L') {
                push("i64", number);
            } else {
                push("i32", word);
            }
        }
        imports += &format!(
            "(import \"wasi_snapshot_preview1\" \"{function}\" (func $f{number} (param{types}) (result i32)))\n"
        );
        state += &format!("(global $g{number} (export \"{number}\") (mut i32) (i32.const -1))\n");
        init += &format!("(global.set $g{number} (call $f{number}{values}))\n");
    }
    format!("(module\n{imports}{state}(func (export \"wizer-initialize\")\n{init}))\n")
}

/// Bakes the guest, and returns each attempt with its answer.
fn answers(scene: &Scene, attempts: &str, args: &str) -> String {
    fs_err::write(scene.path("in.wat"), guest(attempts)).expect("the directory is writable");
    scene
        .script(&["env"], &format!("bake in.wat -o out/out.wasm -q {args}"))
        .expect(0, "");
    let wasm = scene.output().expect("it was written");
    let text = wasmprinter::print_bytes(wasm).expect("the module is valid");
    let answers: Vec<&str> = text
        .lines()
        .filter_map(|line| Some(line.split_once("(mut i32) i32.const ")?.1.trim_end_matches(')')))
        .collect();
    assert_eq!(answers.len(), attempts.lines().count());
    let mut table = String::new();
    for (attempt, answer) in attempts.lines().zip(answers) {
        let answer = match answer {
            "0" => "success",
            "2" => "access",
            "8" => "badf",
            "32" => "loop",
            "44" => "noent",
            "54" => "notdir",
            "57" => "notsock",
            "58" => "notsup",
            "63" => "perm",
            "70" => "spipe",
            "76" => "notcapable",
            other => other,
        };
        // Writing to a `String` does not fail.
        let _ = writeln!(table, "{attempt} => {answer}");
    }
    table
}

fn golden(actual: String, expected: impl IntoData) {
    Assert::new()
        .action_env("SNAPSHOTS")
        .normalize_paths(false)
        .eq(actual, expected);
}

/// A secret file, and beside it a directory that is shown to the guest, with links that lead out of it.
fn scene() -> Scene {
    let scene = Scene::of("");
    let write = |name: &str| fs_err::write(scene.path(name), name).expect("the directory is writable");
    fs_err::create_dir(scene.path("open")).expect("the directory is writable");
    write("secret");
    write("open/inside");
    symlink("../secret", scene.path("open/file-outside")).expect("links are supported");
    symlink("..", scene.path("open/directory-outside")).expect("links are supported");
    symlink("/etc/passwd", scene.path("open/absolute")).expect("links are supported");
    scene
}

#[test]
fn no_directory_is_open() {
    let attempts = "\
fd_prestat_get 3 64
path_open 3 1 'in.wat' 0 2L 0L 0 64
path_open 0 1 'in.wat' 0 2L 0L 0 64
fd_read 3 0 1 64
fd_readdir 3 128 64 0L 64
fd_seek 0 0L 0 64
fd_filestat_get 4 128
fd_renumber 3 0";
    golden(
        answers(&scene(), attempts, "--allow-wasi"),
        str![[r#"
fd_prestat_get 3 64 => badf
path_open 3 1 'in.wat' 0 2L 0L 0 64 => badf
path_open 0 1 'in.wat' 0 2L 0L 0 64 => badf
fd_read 3 0 1 64 => badf
fd_readdir 3 128 64 0L 64 => badf
fd_seek 0 0L 0 64 => spipe
fd_filestat_get 4 128 => badf
fd_renumber 3 0 => badf

"#]],
    );
}

#[test]
fn ways_out_of_a_directory() {
    // The second argument of `path_open` is 1 if a link at the end is followed.
    let attempts = "\
path_open 3 0 'inside' 0 2L 0L 0 64
fd_read 4 0 1 64
path_open 3 0 './inside' 0 2L 0L 0 64
path_open 3 0 '../secret' 0 2L 0L 0 64
path_open 3 0 '../open/inside' 0 2L 0L 0 64
path_open 3 0 '..' 2 0L 0L 0 64
path_open 3 0 '/etc/passwd' 0 2L 0L 0 64
path_open 3 1 'file-outside' 0 2L 0L 0 64
path_open 3 0 'file-outside' 0 2L 0L 0 64
path_open 3 1 'directory-outside' 2 0L 0L 0 64
path_open 3 1 'directory-outside/secret' 0 2L 0L 0 64
path_open 3 0 'directory-outside/open/inside' 0 2L 0L 0 64
path_open 3 1 'absolute' 0 2L 0L 0 64
path_filestat_get 3 1 '../secret' 128
path_filestat_get 3 1 'file-outside' 128
path_readlink 3 'absolute' 256 64 64
path_open 4 0 'inside' 0 2L 0L 0 64";
    golden(
        answers(&scene(), attempts, "--allow-wasi --dir open::/"),
        str![[r#"
path_open 3 0 'inside' 0 2L 0L 0 64 => success
fd_read 4 0 1 64 => success
path_open 3 0 './inside' 0 2L 0L 0 64 => success
path_open 3 0 '../secret' 0 2L 0L 0 64 => perm
path_open 3 0 '../open/inside' 0 2L 0L 0 64 => perm
path_open 3 0 '..' 2 0L 0L 0 64 => perm
path_open 3 0 '/etc/passwd' 0 2L 0L 0 64 => perm
path_open 3 1 'file-outside' 0 2L 0L 0 64 => perm
path_open 3 0 'file-outside' 0 2L 0L 0 64 => loop
path_open 3 1 'directory-outside' 2 0L 0L 0 64 => perm
path_open 3 1 'directory-outside/secret' 0 2L 0L 0 64 => perm
path_open 3 0 'directory-outside/open/inside' 0 2L 0L 0 64 => perm
path_open 3 1 'absolute' 0 2L 0L 0 64 => perm
path_filestat_get 3 1 '../secret' 128 => perm
path_filestat_get 3 1 'file-outside' 128 => perm
path_readlink 3 'absolute' 256 64 64 => perm
path_open 4 0 'inside' 0 2L 0L 0 64 => notdir

"#]],
    );
}

#[test]
fn writing_into_a_directory() {
    let scene = scene();
    // The flag 64 is the right to write, 1 asks for creation, and 8 for truncation.
    let attempts = "\
path_open 3 0 'inside' 0 64L 64L 0 64
path_open 3 0 'inside' 8 64L 0L 0 64
path_open 3 0 'inside' 8 2L 0L 0 64
path_open 3 0 'new' 1 64L 0L 0 64
path_open 3 0 'new' 1 2L 0L 0 64
path_open 3 0 'inside' 0 2L 0L 1 64
path_open 3 0 'inside' 0 2L 0L 0 64
fd_write 4 0 1 64
fd_write 5 0 1 64
fd_filestat_set_size 4 0L
fd_filestat_set_size 5 0L
fd_filestat_set_times 4 0L 0L 5
fd_filestat_set_times 5 0L 0L 5
fd_allocate 4 0L 100L
fd_allocate 5 0L 100L
path_create_directory 3 'new'
path_filestat_set_times 3 0 'inside' 0L 0L 5
path_link 3 0 'inside' 3 'new'
path_remove_directory 3 'inside'
path_rename 3 'inside' 3 'new'
path_symlink 'inside' 3 'new'
path_unlink_file 3 'inside'";
    // The names in the directory, without those behind its links.
    let names = || {
        let entries = fs_err::read_dir(scene.path("open")).expect("it is there");
        let names = entries.map(|entry| entry.expect("it can be listed").file_name());
        names.collect::<BTreeSet<_>>()
    };
    let before = names();
    let metadata = |name: &str| fs_err::metadata(scene.path(name)).expect("it is there");
    let changed = metadata("open/inside").modified().expect("it is known");
    golden(
        answers(&scene, attempts, "--allow-wasi --dir open::/"),
        str![[r#"
path_open 3 0 'inside' 0 64L 64L 0 64 => perm
path_open 3 0 'inside' 8 64L 0L 0 64 => perm
path_open 3 0 'inside' 8 2L 0L 0 64 => perm
path_open 3 0 'new' 1 64L 0L 0 64 => perm
path_open 3 0 'new' 1 2L 0L 0 64 => perm
path_open 3 0 'inside' 0 2L 0L 1 64 => success
path_open 3 0 'inside' 0 2L 0L 0 64 => success
fd_write 4 0 1 64 => badf
fd_write 5 0 1 64 => badf
fd_filestat_set_size 4 0L => perm
fd_filestat_set_size 5 0L => perm
fd_filestat_set_times 4 0L 0L 5 => perm
fd_filestat_set_times 5 0L 0L 5 => perm
fd_allocate 4 0L 100L => notsup
fd_allocate 5 0L 100L => notsup
path_create_directory 3 'new' => perm
path_filestat_set_times 3 0 'inside' 0L 0L 5 => perm
path_link 3 0 'inside' 3 'new' => perm
path_remove_directory 3 'inside' => perm
path_rename 3 'inside' 3 'new' => perm
path_symlink 'inside' 3 'new' => perm
path_unlink_file 3 'inside' => perm

"#]],
    );
    assert_eq!(names(), before);
    assert_eq!(metadata("open/inside").modified().expect("it is known"), changed);
    let inside = fs_err::read_to_string(scene.path("open/inside")).expect("it is there");
    assert_eq!(inside, "open/inside");
}

#[test]
fn sockets_and_signals() {
    let attempts = "\
sock_accept 0 0 64
sock_accept 3 0 64
sock_recv 0 0 1 0 64 68
sock_recv 3 0 1 0 64 68
sock_send 1 0 1 0 64
sock_send 3 0 1 0 64
sock_shutdown 0 2
sock_shutdown 3 2
proc_raise 9";
    let scene = scene();
    golden(
        answers(&scene, attempts, "--allow-wasi --dir open::/"),
        str![[r#"
sock_accept 0 0 64 => notsock
sock_accept 3 0 64 => notsock
sock_recv 0 0 1 0 64 68 => notsock
sock_recv 3 0 1 0 64 68 => notsock
sock_send 1 0 1 0 64 => notsock
sock_send 3 0 1 0 64 => notsock
sock_shutdown 0 2 => notsock
sock_shutdown 3 2 => notsock
proc_raise 9 => notsup

"#]],
    );
}

/// The guest sees neither the tool's arguments nor its environment.
#[test]
fn nothing_of_the_process_is_seen() {
    let attempts = "\
args_sizes_get 64 68
args_get 1024 2048
environ_sizes_get 72 76
environ_get 1024 2048";
    let scene = scene();
    golden(
        answers(&scene, attempts, "--allow-wasi"),
        str![[r#"
args_sizes_get 64 68 => success
args_get 1024 2048 => success
environ_sizes_get 72 76 => success
environ_get 1024 2048 => success

"#]],
    );
    let text = wasmprinter::print_bytes(scene.output().expect("it was written")).expect("it is valid");
    // The four sizes are zero, and no text was written.
    assert!(!text.contains("(data"), "{text}");
}

#[test]
fn nothing_at_all_without_leave() {
    for attempt in [
        "path_open 3 1 'in.wat' 0 2L 0L 0 64",
        "environ_sizes_get 64 68",
        "clock_time_get 0 0L 64",
        "random_get 64 8",
        "fd_write 1 0 0 64",
        "sock_accept 3 0 64",
    ] {
        let scene = Scene::of(&guest(attempt));
        let function = attempt.split_whitespace().next().expect("a function");
        let said = scene.script(&["env"], "bake in.wat -o out/out.wasm");
        assert_eq!(said.code, Some(1));
        let named = format!("called the import `wasi_snapshot_preview1` `{function}`");
        assert!(said.stderr.contains(&named), "{}", said.stderr);
        assert!(scene.beside().is_empty());
    }
}
