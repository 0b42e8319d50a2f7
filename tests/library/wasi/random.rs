//! Random calls with valid values of preview 1, in a bake and in wasmtime's WASI: both must answer the same, apart from the system's
//! metadata of files.

use std::path::Path;

use preinit_tests::seeds;

use crate::wasi::script::{Answer, Arg, Call, Script, text};
use crate::wasi::{scene, write};

/// The number of scripts in a normal test run, and of calls in each.
const SCRIPTS: u64 = 60;
const CALLS: usize = 60;

/// The part of a call's result that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    All,
    /// Of a `filestat` the type and, for files, the size.
    Filestat,
    /// Directory entries, sorted.
    Entries,
}

/// `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end)).expect("it is below a small number")
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        let position = self.below(u32::try_from(of.len()).expect("there are few"));
        of[position as usize].clone()
    }
}

fn fill(dir: &Path) {
    write(dir, "a", "contents");
    write(dir, "d/b", "12345");
    write(dir, "d/e/c", "");
    write(dir, "d/é", "é");
    #[cfg(unix)]
    for (target, name) in [
        ("a", "to-a"),
        ("d", "to-d"),
        ("d/", "to-d-slash"),
        ("../a", "d/up"),
        ("..", "d/parent"),
        ("to-d/b", "chain"),
        ("none", "dangling"),
        ("two", "one"),
        ("one", "two"),
        ("../outside", "escape"),
        ("/etc/passwd", "absolute"),
    ] {
        fs_err::os::unix::fs::symlink(target, dir.join(name)).expect("the directory is writable");
    }
}

fn path(dice: &mut Dice) -> String {
    const NAMES: [&str; 21] = [
        "a",
        "d",
        "b",
        "e",
        "c",
        "é",
        "to-a",
        "to-d",
        "to-d-slash",
        "up",
        "parent",
        "chain",
        "dangling",
        "one",
        "escape",
        "absolute",
        "none",
        ".",
        "..",
        "",
        "d/e",
    ];
    let names: Vec<&str> = (0..=dice.below(4)).map(|_| dice.one(&NAMES)).collect();
    names.join("/")
}

fn random_script(seed: u64) -> (Script, Vec<Kept>) {
    let mut dice = Dice(seed);
    let mut script = Script::default();
    let mut opened: Vec<Call> = Vec::new();
    let mut kept = Vec::new();
    for _ in 0..CALLS {
        let fd = match opened.last() {
            _ if dice.below(3) == 0 => Arg::I32(dice.one(&[0, 1, 2, 3, 3, 3, 99])),
            None => Arg::I32(3),
            Some(_) => Arg::Of(dice.one(&opened)),
        };
        let directory = if dice.below(3) == 0 {
            fd.clone()
        } else {
            Arg::I32(3)
        };
        let path = path(&mut dice);
        // After `/` or `/.` at the end POSIX always follows a link, but wasmtime does not for a `filestat`, so the flag is set.
        let lookup = Arg::I32(if path.ends_with('/') || path.ends_with("/.") {
            1
        } else {
            dice.one(&[0, 1, 1])
        });
        let path = text(&path);
        let number = Arg::I64(dice.one(&[0, 1, 3, 5, 100]));
        let mut how = Kept::All;
        match dice.below(23) {
            0..6 => {
                let flags = Arg::I32(dice.one(&[0, 0, 0, 0, 0, 0, 2, 2, 1, 4, 8, 9, 3]));
                let rights = Arg::I64(dice.one(&[0, 2, 2, 2, 2, 0x3fff_ffbf, 66]));
                let fd_flags = Arg::I32(dice.one(&[0, 0, 0, 0, 0, 1, 4, 5, 2]));
                let args = [
                    directory,
                    lookup,
                    path,
                    flags,
                    rights,
                    Arg::I64(0),
                    fd_flags,
                    Arg::Result,
                ];
                opened.push(script.call("path_open", &args, 4));
            }
            6..10 => {
                how = Kept::Filestat;
                script.call("path_filestat_get", &[directory, lookup, path, Arg::Result], 64);
            }
            10 => {
                how = Kept::Filestat;
                script.call("fd_filestat_get", &[fd, Arg::Result], 64);
            }
            11 => {
                let place = script.next_result() + 8;
                let size = dice.one(&[0, 1, 5, 100]);
                let args = [directory, path, Arg::I32(place), Arg::I32(size), Arg::Result];
                script.call("path_readlink", &args, 108);
            }
            12 => {
                how = Kept::Entries;
                let place = script.next_result() + 8;
                let args = [
                    directory,
                    Arg::I32(place),
                    Arg::I32(4096),
                    Arg::I64(0),
                    Arg::Result,
                ];
                script.call("fd_readdir", &args, 8 + 4096);
            }
            13 => {
                script.call("fd_fdstat_get", &[fd, Arg::Result], 24);
            }
            14 => {
                let size = dice.one(&[0, 1, 3, 100]);
                script.call("fd_read", &[fd, Arg::Buffer(size), Arg::Result], 108);
            }
            15 => {
                let size = dice.one(&[0, 1, 3, 100]);
                script.call("fd_pread", &[fd, Arg::Buffer(size), number, Arg::Result], 108);
            }
            16 => {
                let (offset, whence) = (dice.one(&[0, 1, 4, u64::MAX, u64::MAX - 3]), dice.below(3));
                script.call(
                    "fd_seek",
                    &[fd, Arg::I64(offset), Arg::I32(whence), Arg::Result],
                    8,
                );
            }
            17 => {
                script.call("fd_tell", &[fd, Arg::Result], 8);
            }
            18 => {
                // The host may choose among free descriptor numbers, so only one is free at a time.
                let rights = Arg::I64(2);
                let args = [
                    Arg::I32(3),
                    lookup,
                    text("a"),
                    Arg::I32(0),
                    rights.clone(),
                    rights,
                    Arg::I32(0),
                    Arg::Result,
                ];
                let closed = script.call("path_open", &args, 4);
                kept.push(how);
                script.call("fd_close", &[Arg::Of(closed)], 0);
            }
            19 => {
                let place = script.next_result();
                match dice.below(2) {
                    0 => script.call("fd_prestat_get", &[fd, Arg::Result], 8),
                    _ => script.call(
                        "fd_prestat_dir_name",
                        &[fd, Arg::I32(place), Arg::I32(dice.below(9))],
                        8,
                    ),
                };
            }
            20 => {
                match dice.below(5) {
                    0 => script.call("path_create_directory", &[directory, path], 0),
                    1 => script.call("path_unlink_file", &[directory, path], 0),
                    2 => script.call("path_remove_directory", &[directory, path], 0),
                    3 => script.call("path_symlink", &[text("a"), directory, path], 0),
                    _ => script.call("path_rename", &[directory, path, fd, text("new")], 0),
                };
            }
            21 => {
                script.call(dice.one(&["fd_sync", "fd_datasync"]), &[fd], 0);
            }
            _ => {
                match dice.below(8) {
                    0 => script.call(
                        "fd_advise",
                        &[fd, number.clone(), number, Arg::I32(dice.below(6))],
                        0,
                    ),
                    1 => script.call("fd_allocate", &[fd, number.clone(), number], 0),
                    2 => script.call("fd_filestat_set_size", &[fd, number], 0),
                    3 => script.call(
                        "fd_filestat_set_times",
                        &[fd, number.clone(), number, Arg::I32(0)],
                        0,
                    ),
                    4 => script.call(
                        "fd_fdstat_set_flags",
                        &[fd, Arg::I32(dice.one(&[0, 1, 4, 5, 2]))],
                        0,
                    ),
                    5 => script.call("fd_fdstat_set_rights", &[fd, number.clone(), number], 0),
                    6 => script.call("fd_renumber", &[fd.clone(), fd], 0),
                    _ => script.call("sock_shutdown", &[fd, Arg::I32(1)], 0),
                };
            }
        }
        kept.push(how);
    }
    (script, kept)
}

/// The part of an answer that does not depend on the host.
fn comparable(answer: Answer, kept: Kept) -> Answer {
    let Answer { errno, mut result } = answer;
    match kept {
        Kept::All => {}
        Kept::Filestat => {
            let (ty, size) = (result[16], result[32..40].to_vec());
            result = vec![ty];
            if ty == 4 {
                result.extend(size);
            }
        }
        Kept::Entries => {
            let (head, mut rest) = result.split_at(8);
            let mut entries: Vec<Vec<u8>> = Vec::new();
            while let Some(length) = rest.get(16).filter(|length| **length > 0) {
                let entry = &rest[16..24 + usize::from(*length)];
                entries.push(entry.to_vec());
                rest = &rest[24 + usize::from(*length)..];
            }
            entries.sort();
            result = [head.to_vec(), entries.concat()].concat();
        }
    }
    Answer { errno, result }
}

#[test]
fn answers_are_those_of_wasmtimes_host() {
    let (dir, options) = scene();
    fill(dir.path());
    let seeds = seeds::from_environment("PREINIT_SCRIPTS", SCRIPTS);
    let (_, failures) = seeds::check_all(&seeds, |seed| {
        let (script, kept) = random_script(seed);
        let wanted = script.play(&options.dirs).map_err(|error| format!("{error:#}"))?;
        let (_, found) = script
            .bake(options.clone())
            .map_err(|error| format!("{error:#}"))?;
        for (number, ((found, wanted), kept)) in found.into_iter().zip(wanted).zip(kept).enumerate() {
            let (found, wanted) = (comparable(found, kept), comparable(wanted, kept));
            if found != wanted {
                let call = script.text_of(number);
                return Err(format!("{call}\n  here {found:?}\n there {wanted:?}"));
            }
        }
        Ok(())
    });
    assert!(
        failures.is_empty(),
        "{} differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
