//! Init's view of a directory depends on names and contents only.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use cargo_preinit::run::{Cause, RunError};
use cargo_preinit::{BakeError, WasiOptions};

use crate::wasi::script::{Answer, Arg, Call, Script, text};
use crate::wasi::{scene, write};

const BADF: u32 = 8;
const ILSEQ: u32 = 25;
const LOOP: u32 = 32;
const NOENT: u32 = 44;
const PERM: u32 = 63;

/// The first mapped directory.
const DATA: Arg = Arg::I32(3);

const FILESTAT: usize = 64;
const DIRENT: usize = 24;

fn filestat(script: &mut Script, lookup: u32, path: &str) -> Call {
    let args = [DATA, Arg::I32(lookup), text(path), Arg::Result];
    script.call("path_filestat_get", &args, FILESTAT)
}

fn open(script: &mut Script, path: &str) -> Call {
    let (follow, rights) = (1, 1 << 1);
    let args = [
        DATA,
        Arg::I32(follow),
        text(path),
        Arg::I32(0),
        Arg::I64(rights),
        Arg::I64(rights),
        Arg::I32(0),
        Arg::Result,
    ];
    script.call("path_open", &args, 4)
}

/// Lists a directory from a cookie on, into a buffer of `size` bytes.
fn list(script: &mut Script, fd: Arg, size: u32, cookie: u64) -> Call {
    // The entries stand behind the number of bytes used.
    let place = script.next_result() + 8;
    let args = [fd, Arg::I32(place), Arg::I32(size), Arg::I64(cookie), Arg::Result];
    script.call("fd_readdir", &args, 8 + size as usize)
}

fn answers(script: &Script, options: &WasiOptions) -> Vec<Answer> {
    script.bake(options.clone()).expect("it bakes").1
}

/// A directory entry: its name, its type, its inode number, and the cookie of the next entry.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    name: String,
    ty: u8,
    number: u64,
    next: u64,
}

/// The entries in an answer that are complete.
fn entries(answer: &Answer) -> Vec<Entry> {
    assert_eq!(answer.errno, 0);
    let used = answer.u32(0) as usize;
    let bytes = &answer.result[8..8 + used];
    let mut entries = Vec::new();
    let mut at = 0;
    while let Some(head) = bytes.get(at..at + DIRENT) {
        let number = |range: std::ops::Range<usize>| {
            u64::from_le_bytes(head[range].try_into().expect("it is eight bytes"))
        };
        let length = u32::from_le_bytes(head[16..20].try_into().expect("it is four bytes")) as usize;
        let Some(name) = bytes.get(at + DIRENT..at + DIRENT + length) else {
            break;
        };
        entries.push(Entry {
            name: String::from_utf8(name.to_vec()).expect("names are UTF-8"),
            ty: head[20],
            number: number(8..16),
            next: number(0..8),
        });
        at += DIRENT + length;
    }
    entries
}

/// Writes files in the order of `order`, with modification times `day` days after the epoch.
fn fill(dir: &Path, order: &mut dyn Iterator<Item = u64>, day: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(day * 86_400);
    for number in order {
        let name = format!("many/{}", number * 7919 % 1009);
        write(dir, &name, "the same");
        touch(&dir.join(name), time);
    }
    write(dir, "deep/er/file", "contents");
    touch(&dir.join("deep"), time);
}

fn touch(path: &Path, time: SystemTime) {
    let file = File::open(path).expect("it was just written");
    file.set_modified(time).expect("it is ours");
}

/// Lists the directories, and asks for the metadata of files and descriptors.
fn look(script: &mut Script) {
    let many = open(script, "many");
    let mut cookie = 0;
    for size in [100, 333, 4096] {
        list(script, DATA, size, 0);
        for _ in 0..3 {
            list(script, Arg::Of(many), size, cookie);
            cookie += 5;
        }
    }
    list(script, Arg::Of(many), 65_536, 0);
    let deep = open(script, "deep");
    let file = open(script, "deep/er/file");
    for path in [".", "many", "many/1", "many/2", "deep", "deep/er/file", "none"] {
        filestat(script, 0, path);
        filestat(script, 1, path);
    }
    for fd in [DATA, Arg::Of(many), Arg::Of(deep), Arg::Of(file)] {
        script.call("fd_filestat_get", &[fd.clone(), Arg::Result], FILESTAT);
        script.call("fd_fdstat_get", &[fd, Arg::Result], 24);
    }
    for fd in 0..3 {
        script.call("fd_filestat_get", &[Arg::I32(fd), Arg::Result], FILESTAT);
        script.call("fd_fdstat_get", &[Arg::I32(fd), Arg::Result], 24);
    }
}

#[test]
fn what_the_system_keeps_of_files_is_not_seen() {
    let mut script = Script::default();
    look(&mut script);
    let (first, options) = scene();
    fill(first.path(), &mut (0..600), 1000);
    let (baked, _) = script.bake(options).expect("it bakes");
    let (second, options) = scene();
    // The directory had other entries before, and some files are hard links to one file.
    fill(second.path(), &mut (0..900).rev(), 2000);
    for number in 600..900 {
        let name = format!("many/{}", number * 7919 % 1009);
        fs_err::remove_file(second.path().join(name)).expect("it was just written");
    }
    let name = |number: u64| second.path().join(format!("many/{}", number * 7919 % 1009));
    for number in 1..300 {
        fs_err::remove_file(name(number)).expect("it was just written");
        fs_err::hard_link(name(0), name(number)).expect("the file system has hard links");
    }
    let (other, _) = script.bake(options).expect("it bakes");
    assert!(baked.wasm == other.wasm, "the same files are seen in another way");
}

#[test]
fn what_is_told_of_files() {
    let (dir, mut options) = scene();
    options.wall_clock_start = Some(7);
    write(dir.path(), "file", "12345");
    write(dir.path(), "inner/file", "");
    let mut script = Script::default();
    for path in ["file", "inner", "."] {
        filestat(&mut script, 0, path);
    }
    for fd in 0..3 {
        script.call("fd_filestat_get", &[Arg::I32(fd), Arg::Result], FILESTAT);
    }
    let answers = answers(&script, &options);
    for (answer, (ty, size)) in answers.iter().zip([(4, 5), (3, 0), (3, 0)]) {
        assert_eq!(answer.errno, 0);
        let (device, links) = (answer.u64(0), answer.u64(24));
        assert_eq!(
            (device, u64::from(answer.result[16]), links, answer.u64(32)),
            (1, ty, 1, size)
        );
        let times = [40, 48, 56].map(|offset| answer.u64(offset));
        assert_eq!(times, [7_000_000_000; 3]);
    }
    for stream in &answers[3..] {
        assert_eq!(
            (stream.errno, stream.result.as_slice()),
            (0, [0; FILESTAT].as_slice())
        );
    }
}

#[test]
fn entries_come_by_name_whatever_the_buffer() {
    let (dir, options) = scene();
    for name in ["b", "a", "long-enough-a-name-to-be-cut", "Z", "é"] {
        write(dir.path(), name, "");
    }
    write(dir.path(), "directory/file", "");
    let expected = [
        ".",
        "..",
        "Z",
        "a",
        "b",
        "directory",
        "long-enough-a-name-to-be-cut",
        "é",
    ];
    let mut script = Script::default();
    list(&mut script, DATA, 4096, 0);
    let mut cut = Vec::new();
    for cookie in 0..expected.len() + 2 {
        for size in 0..80 {
            list(&mut script, DATA, size, cookie as u64);
            cut.push((cookie, size));
        }
    }
    list(&mut script, DATA, 100, u64::MAX);
    let answers = answers(&script, &options);
    let all = entries(&answers[0]);
    let names: Vec<&str> = all.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, expected);
    let types: Vec<u8> = all.iter().map(|entry| entry.ty).collect();
    assert_eq!(types, [3, 3, 4, 4, 4, 3, 4, 4]);
    let next: Vec<u64> = all.iter().map(|entry| entry.next).collect();
    assert_eq!(next, [1, 2, 3, 4, 5, 6, 7, 8]);
    let whole = |cookie: usize| -> Vec<u8> {
        let skipped: usize = expected.iter().take(cookie).map(|name| DIRENT + name.len()).sum();
        answers[0].result[8 + skipped..8 + answers[0].u32(0) as usize].to_vec()
    };
    for ((cookie, size), answer) in cut.iter().zip(&answers[1..]) {
        let whole = whole(*cookie);
        let seen = &whole[..whole.len().min(*size as usize)];
        assert_eq!(answer.errno, 0);
        assert_eq!(
            answer.u32(0) as usize,
            seen.len(),
            "{size} bytes from {cookie} on"
        );
        assert_eq!(
            &answer.result[8..8 + seen.len()],
            seen,
            "{size} bytes from {cookie} on"
        );
    }
    let last = answers.last().expect("there are answers");
    assert_eq!((last.errno, last.u32(0)), (0, 0));
}

#[cfg(unix)]
#[test]
fn a_file_has_one_number_and_no_other_file_has_it() {
    use fs_err::os::unix::fs::symlink;
    let (dir, mut options) = scene();
    let path = dir.path();
    write(path, "a/file", "the same");
    write(path, "b/file", "the same");
    write(path, "ab/file", "the same");
    fs_err::hard_link(path.join("a/file"), path.join("a/other")).expect("there are hard links");
    symlink("a/file", path.join("to-file")).expect("it is writable");
    symlink("../a", path.join("b/to-a")).expect("it is writable");
    // A second mapping with the same name and contents is another directory.
    options.dirs.extend(options.dirs.clone());
    let same = [
        "a/file",
        "./a/file",
        "a/./file",
        "a//file",
        "b/../a/file",
        "to-file",
        "b/to-a/file",
        "b/to-a/../a/file",
        "b/to-a/../to-file",
    ];
    let others = ["a/other", "b/file", "ab/file", "a", "b", "ab", "."];
    let mut script = Script::default();
    for path in same.iter().chain(&others) {
        filestat(&mut script, 1, path);
    }
    filestat(&mut script, 0, "to-file");
    filestat(&mut script, 0, "b/to-a");
    let second = [Arg::I32(4), Arg::I32(0), text("a/file"), Arg::Result];
    script.call("path_filestat_get", &second, FILESTAT);
    let file = open(&mut script, "b/to-a/file");
    script.call("fd_filestat_get", &[Arg::Of(file), Arg::Result], FILESTAT);
    let directory = open(&mut script, "b/to-a");
    list(&mut script, Arg::Of(directory), 200, 0);
    let answers = answers(&script, &options);
    let number = |answer: &Answer| {
        assert_eq!(answer.errno, 0);
        answer.u64(8)
    };
    let (same, rest) = answers.split_at(same.len());
    let file = number(&same[0]);
    assert!(same.iter().all(|answer| number(answer) == file));
    let (others, rest) = rest.split_at(others.len() + 3);
    let mut numbers: BTreeSet<u64> = others.iter().map(number).collect();
    assert_eq!(numbers.len(), others.len());
    assert!(numbers.insert(file));
    assert_eq!(number(&rest[1]), file);
    let listed = entries(&rest[3]);
    let find = |name: &str| {
        listed
            .iter()
            .find(|entry| entry.name == name)
            .map(|entry| entry.number)
    };
    assert_eq!(find("file"), Some(file));
    assert_eq!(find("other"), Some(number(&others[0])));
    assert_eq!(find("."), Some(number(&others[3])));
    assert_eq!(find(".."), Some(number(&others[6])));
}

#[cfg(unix)]
#[test]
fn links_are_what_their_names_and_targets_say() {
    use fs_err::os::unix::fs::symlink;
    let (dir, options) = scene();
    write(dir.path(), "file", "12345");
    for (target, name) in [
        ("file", "link"),
        ("none", "dangling"),
        ("self", "self"),
        ("../file", "out"),
        ("/etc", "absolute"),
    ] {
        symlink(target, dir.path().join(name)).expect("it is writable");
    }
    let mut script = Script::default();
    for path in ["link", "dangling", "self", "out", "absolute"] {
        filestat(&mut script, 0, path);
        filestat(&mut script, 1, path);
    }
    let answers = answers(&script, &options);
    let kept: Vec<(u32, u8, u64)> = answers
        .iter()
        .step_by(2)
        .map(|answer| (answer.errno, answer.result[16], answer.u64(32)))
        .collect();
    // The guest does not see the target of an absolute link.
    assert_eq!(kept, [(0, 7, 4), (0, 7, 4), (0, 7, 4), (0, 7, 7), (0, 7, 0)]);
    let followed: Vec<u32> = answers
        .iter()
        .skip(1)
        .step_by(2)
        .map(|answer| answer.errno)
        .collect();
    assert_eq!(followed, [0, NOENT, LOOP, PERM, PERM]);
    assert_eq!(answers[1].u64(32), 5);
}

#[cfg(unix)]
#[test]
fn what_has_no_contents_of_its_own_is_seen_and_not_read() {
    let (dir, options) = scene();
    let socket = dir.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("the directory is writable");
    write(dir.path(), "file", "");
    let mut script = Script::default();
    filestat(&mut script, 0, "socket");
    list(&mut script, DATA, 200, 0);
    let answers = answers(&script, &options);
    assert_eq!((answers[0].errno, answers[0].result[16]), (0, 0));
    let types: Vec<u8> = entries(&answers[1]).iter().map(|entry| entry.ty).collect();
    assert_eq!(types, [3, 3, 4, 0]);
    open(&mut script, "socket");
    let error = script.bake(options).expect_err("nobody knows what would be read");
    let Some(BakeError::Run(RunError::Stopped(stopped))) = error.downcast_ref() else {
        panic!("{error}");
    };
    assert_eq!(
        stopped.cause,
        Cause::Unreadable {
            path: "data/socket".to_owned(),
            reason: "it is neither a file nor a directory".to_owned(),
        }
    );
}

#[cfg(unix)]
#[test]
fn what_this_machine_does_not_let_be_read_is_not_said_to_be_missing() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, options) = scene();
    write(dir.path(), "file", "");
    let path = dir.path().join("file");
    fs_err::set_permissions(&path, PermissionsExt::from_mode(0o000)).expect("it is ours");
    let mut script = Script::default();
    filestat(&mut script, 0, "file");
    open(&mut script, "file");
    match (File::open(&path), script.bake(options)) {
        // Root can read every file.
        (Ok(_), baked) => assert!(baked.is_ok()),
        (Err(_), baked) => {
            let error = baked.expect_err("elsewhere it may be read").to_string();
            assert!(
                error.contains("asked for `data/file`, which cannot be read here: "),
                "{error}"
            );
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text() {
    use std::os::unix::ffi::OsStrExt as _;
    let (dir, options) = scene();
    write(dir.path(), "file", "");
    let name = std::ffi::OsStr::from_bytes(b"\xff");
    fs_err::write(dir.path().join(name), "").expect("the directory is writable");
    let mut script = Script::default();
    list(&mut script, DATA, 200, 0);
    filestat(&mut script, 0, "file");
    let args = [DATA, Arg::I32(0), Arg::Bytes(vec![0xff]), Arg::Result];
    script.call("path_filestat_get", &args, FILESTAT);
    list(&mut script, Arg::I32(9), 200, 0);
    let errors: Vec<u32> = answers(&script, &options)
        .iter()
        .map(|answer| answer.errno)
        .collect();
    assert_eq!(errors, [ILSEQ, 0, ILSEQ, BADF]);
}
