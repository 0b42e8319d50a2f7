use crate::run::ReadInputs;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::*;
use crate::options::{MappedDir, WasiOptions};
use crate::precompile::{Precompile, Target};

const NO_WARNINGS: Freshness = Freshness::Fresh { warnings: Vec::new() };

struct Scene {
    _dir: TempDir,
    dir: PathBuf,
    output: PathBuf,
    options: BakeOptions,
}

/// An output that was baked from the guest `guest`, whose init is shown the directory `shown`.
fn scene() -> Scene {
    let guard = tempfile::tempdir().expect("there is a place for temporary files");
    let dir = guard.path().to_owned();
    let shown = dir.join("shown");
    fs_err::create_dir_all(shown.join("deep")).expect("the directory is writable");
    fs_err::write(shown.join("deep/file"), "old").expect("the directory is writable");
    let output = dir.join("out.wasm");
    fs_err::write(&output, "baked").expect("the directory is writable");
    let options = BakeOptions {
        wasi: Wasi::Allowed(WasiOptions {
            dirs: vec![MappedDir {
                host: shown,
                guest: "/".to_owned(),
            }],
            ..WasiOptions::default()
        }),
        precompile: Precompile {
            targets: vec![Target::host().expect("wasmtime compiles for it")],
            ..Precompile::default()
        },
        ..BakeOptions::default()
    };
    let scene = Scene {
        _dir: guard,
        dir,
        output,
        options,
    };
    scene.write("guest.wasm", "guest");
    scene.write("out.cwasm", "compiled");
    scene.keep(scene.inputs(), Vec::new());
    assert_eq!(scene.compare(), NO_WARNINGS);
    scene
}

impl Scene {
    fn inputs(&self) -> Inputs {
        Inputs::read(b"guest", &self.options).expect("all is known")
    }

    fn keep(&self, inputs: Inputs, warnings: Vec<String>) {
        let written = [b"compiled".as_slice(), b"baked"];
        inputs.keep(&self.output, written, warnings, ReadInputs::default());
    }

    fn wasi(&mut self) -> &mut WasiOptions {
        match &mut self.options.wasi {
            Wasi::Allowed(wasi) => wasi,
            Wasi::Denied => panic!("it is allowed"),
        }
    }

    fn compare(&self) -> Freshness {
        compare(&self.dir.join("guest.wasm"), &self.output, &self.options)
    }

    fn write(&self, name: &str, text: &str) {
        fs_err::write(self.dir.join(name), text).expect("the directory is writable");
    }
}

#[test]
fn warnings_are_kept() {
    let scene = scene();
    let warnings = vec!["beware".to_owned()];
    scene.keep(scene.inputs(), warnings.clone());
    assert_eq!(scene.compare(), Freshness::Fresh { warnings });
}

#[test]
fn another_guest() {
    let scene = scene();
    scene.write("guest.wasm", "Guest");
    assert_eq!(scene.compare(), Freshness::Dirty(Dirty::Guest));
    scene.write("guest.wasm", "guest");
    assert_eq!(scene.compare(), NO_WARNINGS);
}

#[test]
fn other_options() {
    let check = |name: &str, change: &dyn Fn(&mut Scene)| {
        let mut scene = scene();
        change(&mut scene);
        assert_eq!(scene.compare(), Freshness::Dirty(Dirty::Option(name.to_owned())));
    };
    check("env", &|scene| {
        scene.wasi().env.push(("A".to_owned(), "1".to_owned()));
    });
    check("dir", &|scene| {
        scene.wasi().dirs[0].guest = "/elsewhere".to_owned();
    });
    check("precompile", &|scene| scene.options.precompile.targets.clear());
    check("precompile", &|scene| {
        let another = "pulley64".parse().expect("it is a target");
        scene.options.precompile.targets.push(another);
    });
}

#[test]
fn another_tool() {
    let scene = scene();
    let mut inputs = scene.inputs();
    inputs.tool.push('+');
    scene.keep(inputs, Vec::new());
    assert_eq!(scene.compare(), Freshness::Dirty(Dirty::Tool));
}

#[test]
fn an_output_that_is_edited_or_gone() {
    let scene = scene();
    scene.write("out.wasm", "bakeD");
    assert_eq!(scene.compare(), Freshness::Dirty(Dirty::Output));
    scene.write("out.wasm", "baked");
    assert_eq!(scene.compare(), NO_WARNINGS);
    fs_err::remove_file(scene.dir.join("out.cwasm")).expect("it is ours");
    assert_eq!(scene.compare(), Freshness::Dirty(Dirty::Output));
    fs_err::remove_file(&scene.output).expect("it is ours");
    assert_eq!(scene.compare(), Freshness::Unknown);
}

#[cfg(unix)]
#[test]
fn what_was_at_rest_is_not_read_again() {
    use std::os::unix::fs::PermissionsExt as _;
    let scene = scene();
    let state = || Fingerprint::read(&scene.output).and_then(|kept| kept.outputs[1].state);
    assert_eq!(state(), None);
    std::thread::sleep(Duration::from_millis(3100));
    assert_eq!(scene.compare(), NO_WARNINGS);
    assert!(state().is_some());
    assert_eq!(scene.compare(), NO_WARNINGS);
    // A write is noticed even if length and modification time stay the same.
    let before = scene.output.metadata().and_then(|found| found.modified());
    scene.write("out.wasm", "bakeD");
    let file = std::fs::File::options().write(true).open(&scene.output);
    let reset = file.and_then(|file| file.set_modified(before?));
    reset.expect("it is ours");
    assert_eq!(scene.compare(), Freshness::Dirty(Dirty::Output));
    scene.write("out.wasm", "baked");
    let permissions = std::fs::Permissions::from_mode(0o644);
    fs_err::set_permissions(&scene.output, permissions).expect("it is ours");
    assert_eq!(scene.compare(), NO_WARNINGS);
}

#[test]
fn a_broken_fingerprint() {
    let scene = scene();
    scene.write(".out.wasm.fingerprint", "{");
    assert_eq!(scene.compare(), Freshness::Unknown);
}

/// What [`Scene::compare`] returns if a file has changed.
fn file(path: &str) -> Freshness {
    Freshness::Dirty(Dirty::File(Some(path.to_owned())))
}

/// Changes the directory that init is shown, and compares.
fn changed(change: impl Fn(&Path)) -> Freshness {
    let scene = scene();
    change(&scene.dir.join("shown"));
    scene.compare()
}

#[test]
fn a_file_that_is_edited_added_or_renamed() {
    let check = |name: &str, change: &dyn Fn(&Path)| {
        assert_eq!(changed(change), file(name));
    };
    let write = |path: PathBuf, text: &str| fs_err::write(path, text).expect("it is ours");
    check("/deep/file", &|shown| write(shown.join("deep/file"), "new"));
    check("/deep/another", &|shown| write(shown.join("deep/another"), ""));
    check("/empty", &|shown| {
        fs_err::create_dir(shown.join("empty")).expect("it is ours");
    });
    check("/deep/elif", &|shown| {
        fs_err::rename(shown.join("deep/file"), shown.join("deep/elif")).expect("it is ours");
    });
    // The same names and contents, at other paths.
    check("/file", &|shown| {
        fs_err::rename(shown.join("deep/file"), shown.join("file")).expect("it is ours");
    });
    check("/deep/file", &|shown| {
        fs_err::remove_file(shown.join("deep/file")).expect("it is ours");
        fs_err::create_dir(shown.join("deep/file")).expect("it is ours");
    });
}

/// The guest cannot see any of these changes.
#[test]
fn a_file_that_is_touched_or_written_again() {
    let check = |change: &dyn Fn(&Path)| assert_eq!(changed(change), NO_WARNINGS);
    check(&|shown| {
        let file = std::fs::File::options().write(true).open(shown.join("deep/file"));
        let later = SystemTime::now() + Duration::from_secs(9);
        file.and_then(|file| file.set_modified(later))
            .expect("it is ours");
    });
    check(&|shown| {
        fs_err::write(shown.join("deep/copy"), "old").expect("it is ours");
        fs_err::rename(shown.join("deep/copy"), shown.join("deep/file")).expect("it is ours");
    });
    check(&|shown| {
        fs_err::hard_link(shown.join("deep/file"), shown.with_file_name("another name")).expect("it is ours");
    });
}

#[cfg(unix)]
#[test]
fn a_link_is_known_by_where_it_leads() {
    use fs_err::os::unix::fs::symlink;
    let scene = scene();
    let link = scene.dir.join("shown/link");
    symlink("deep/file", &link).expect("links are supported");
    scene.keep(scene.inputs(), Vec::new());
    assert_eq!(scene.compare(), NO_WARNINGS);
    fs_err::remove_file(&link).expect("it is ours");
    symlink("deep/elif", &link).expect("links are supported");
    assert_eq!(scene.compare(), file("/link"));
    // A file whose contents are the link's target differs from the link.
    fs_err::remove_file(&link).expect("it is ours");
    fs_err::write(&link, "deep/file").expect("it is ours");
    assert_eq!(scene.compare(), file("/link"));
}

#[test]
fn the_same_directory_elsewhere() {
    let mut scene = scene();
    let elsewhere = scene.dir.join("elsewhere");
    fs_err::create_dir_all(elsewhere.join("deep")).expect("it is ours");
    fs_err::write(elsewhere.join("deep/file"), "old").expect("it is ours");
    scene.wasi().dirs[0].host = elsewhere.clone();
    assert_eq!(scene.compare(), NO_WARNINGS);
    fs_err::write(elsewhere.join("deep/file"), "new").expect("it is ours");
    assert_eq!(scene.compare(), file("/deep/file"));
}

/// A fingerprint describes the files beside it, in any directory.
#[test]
fn an_output_that_is_copied_or_moved() {
    let scene = scene();
    let elsewhere = scene.dir.join("elsewhere");
    fs_err::create_dir(&elsewhere).expect("it is ours");
    for name in ["out.wasm", "out.cwasm", ".out.wasm.fingerprint"] {
        fs_err::copy(scene.dir.join(name), elsewhere.join(name)).expect("it is ours");
    }
    let there = || {
        compare(
            &scene.dir.join("guest.wasm"),
            &elsewhere.join("out.wasm"),
            &scene.options,
        )
    };
    assert_eq!(there(), NO_WARNINGS);
    for name in ["out.wasm", "out.cwasm"] {
        let path = elsewhere.join(name);
        let whole = fs_err::read(&path).expect("it is there");
        fs_err::write(&path, "damaged").expect("it is ours");
        assert_eq!(there(), Freshness::Dirty(Dirty::Output), "{name}");
        assert_eq!(scene.compare(), NO_WARNINGS);
        fs_err::write(&path, whole).expect("it is ours");
    }
    for name in ["out.wasm", "out.cwasm"] {
        fs_err::remove_file(scene.dir.join(name)).expect("it is ours");
    }
    assert_eq!(there(), NO_WARNINGS);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_known() {
    let mut scene = scene();
    let socket = std::os::unix::net::UnixListener::bind(scene.dir.join("shown/socket"));
    assert!(Inputs::read(b"guest", &scene.options).is_none());
    drop(socket);
    fs_err::remove_file(scene.dir.join("shown/socket")).expect("it is ours");
    assert!(Inputs::read(b"guest", &scene.options).is_some());
    scene.wasi().stdin = Stdin::Inherited;
    assert!(Inputs::read(b"guest", &scene.options).is_none());
}

/// Each option that a manifest can set counts, apart from those on which neither the output nor the outcome depends.
#[test]
fn names_are_those_of_options() {
    const DO_NOT_COUNT: [&str; 5] = ["timeout", "compiler", "compile", "report", "lock"];
    // A variant is a bake with what it shows to init, and the name is where the fingerprint is.
    const ELSEWHERE: [&str; 2] = ["variant", "output-name"];
    let scene = scene();
    let counted = by_name(&scene.options);
    let settings = crate::cli::settings();
    for name in settings.iter().map(|setting| setting.name.as_str()) {
        let counts = !DO_NOT_COUNT.contains(&name) && !ELSEWHERE.contains(&name);
        assert_eq!(counted.contains_key(name), counts, "{name}");
    }
    let mut others: Vec<&str> = counted.keys().map(String::as_str).collect();
    others.retain(|name| settings.iter().all(|setting| setting.name != *name));
    assert_eq!(others, ["SOURCE_DATE_EPOCH", "allow-wasi"]);
}
