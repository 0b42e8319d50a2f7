//! The record of what init asked of WASI, and the warnings about it.

use cargo_preinit::run::{WasiUse, WasiWarning};
use cargo_preinit::{Stdin, WasiOptions};

use crate::wasi::script::{Arg, Script, text};
use crate::wasi::{scene, write};

/// Opens a file for reading.
fn open(script: &mut Script, path: &str) -> crate::wasi::script::Call {
    let rights = Arg::I64(2);
    let args = [
        Arg::I32(3),
        Arg::I32(1),
        text(path),
        Arg::I32(0),
        rights.clone(),
        rights,
        Arg::I32(0),
        Arg::Result,
    ];
    script.call("path_open", &args, 4)
}

fn asked(script: &Script, options: WasiOptions) -> WasiUse {
    script.bake(options).expect("it bakes").0.report.run.wasi
}

#[test]
fn what_was_asked_and_nothing_else() {
    let options = || {
        let (dir, mut options) = scene();
        options.env = vec![
            ("A".to_owned(), "1=2".to_owned()),
            ("B".to_owned(), String::new()),
        ];
        options.args = vec!["guest".to_owned(), "-v".to_owned()];
        (dir, options)
    };
    let check = |name: &str, args: &[Arg], expected: WasiUse| {
        let mut script = Script::default();
        script.call(name, args, 64);
        let (_dir, options) = options();
        assert_eq!(asked(&script, options), expected, "{name} {args:?}");
    };
    let two = [Arg::Result, Arg::Result];
    let (names, directories) = (vec!["A".to_owned(), "B".to_owned()], vec!["data".to_owned()]);
    let nothing = WasiUse::default();
    let environment = WasiUse {
        environment: Some(names),
        ..nothing.clone()
    };
    check("environ_sizes_get", &two, environment.clone());
    check("environ_get", &two, environment);
    let arguments = WasiUse {
        arguments: Some(vec!["guest".to_owned(), "-v".to_owned()]),
        ..nothing.clone()
    };
    check("args_sizes_get", &two, arguments.clone());
    check("args_get", &two, arguments);
    let directories = WasiUse {
        directories: Some(directories),
        ..nothing.clone()
    };
    for fd in [0, 3, 4] {
        check(
            "fd_prestat_get",
            &[Arg::I32(fd), Arg::Result],
            directories.clone(),
        );
    }
    check("fd_fdstat_get", &[Arg::I32(3), Arg::Result], directories.clone());
    check(
        "path_filestat_get",
        &[Arg::I32(3), Arg::I32(0), text("."), Arg::Result],
        directories,
    );
    check(
        "fd_read",
        &[Arg::I32(0), Arg::Buffer(8), Arg::Result],
        WasiUse {
            input: Some(Stdin::Closed),
            ..nothing.clone()
        },
    );
    check(
        "random_get",
        &[Arg::Result, Arg::I32(5)],
        WasiUse {
            random_draws: 5,
            ..nothing.clone()
        },
    );
    check(
        "clock_time_get",
        &[Arg::I32(1), Arg::I64(0), Arg::Result],
        WasiUse {
            clock_reads: 1,
            ..nothing.clone()
        },
    );
    let missing = WasiUse {
        directories: Some(vec!["data".to_owned()]),
        missing: vec!["data/a/none".to_owned()],
        ..nothing.clone()
    };
    check(
        "path_readlink",
        &[Arg::I32(3), text("a/none"), Arg::Result, Arg::I32(8), Arg::Result],
        missing,
    );
    // Calls that reveal nothing of the machine are not recorded.
    check("clock_res_get", &[Arg::I32(1), Arg::Result], nothing.clone());
    for fd in 0..3 {
        check("fd_fdstat_get", &[Arg::I32(fd), Arg::Result], nothing.clone());
        check("fd_filestat_get", &[Arg::I32(fd), Arg::Result], nothing.clone());
    }
}

#[test]
fn what_is_left_open_or_closed() {
    let (dir, options) = scene();
    write(dir.path(), "inner/file", "contents");
    let mut script = Script::default();
    open(&mut script, "inner");
    open(&mut script, "inner/file");
    let closed = open(&mut script, "inner/file");
    script.call("fd_close", &[Arg::Of(closed)], 0);
    script.call("fd_close", &[Arg::I32(0)], 0);
    let file = open(&mut script, "inner/file");
    script.call("fd_renumber", &[Arg::Of(file), Arg::I32(1)], 0);
    let (baked, _) = script.bake(options).expect("it bakes");
    let file = "data/inner/file".to_owned();
    let warnings = baked.report.run.wasi.warnings();
    assert_eq!(
        warnings,
        [
            WasiWarning::Directories(vec!["data".to_owned()]),
            WasiWarning::LeftOpen(vec![file.clone(), "data/inner".to_owned(), file]),
            WasiWarning::Closed(vec!["standard input".to_owned(), "standard output".to_owned()]),
        ]
    );
    let said: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "init used the preopened directories (`data`): each instance sees what init kept of them",
            "init left open what no instance has open: `data/inner/file`, `data/inner`, `data/inner/file`",
            "init closed what every instance has open: `standard input`, `standard output`",
        ]
    );
}
