use std::time::{Duration, SystemTime};

use camino::Utf8PathBuf;
use tempfile::TempDir;

use super::*;
use crate::options::{MappedDir, WasiOptions};

const NO_WARNINGS: Freshness = Freshness::Fresh { warnings: Vec::new() };

struct Scene {
    _dir: TempDir,
    dir: Utf8PathBuf,
    output: Utf8PathBuf,
    options: BakeOptions,
}

/// An output that was written for the guest `guest`, which is shown the directory `shown`.
fn scene() -> Scene {
    let guard = tempfile::tempdir().expect("there is a place for temporary files");
    let dir = Utf8PathBuf::from_path_buf(guard.path().to_owned()).expect("its name is UTF-8");
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
        let image = (self.dir.join("out.cwasm"), b"compiled".as_slice());
        let module = (self.output.clone(), b"baked".as_slice());
        inputs.keep(&self.output, [image, module], warnings);
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
    let mut scene = scene();
    let Wasi::Allowed(wasi) = &mut scene.options.wasi else {
        panic!("it is allowed");
    };
    wasi.env.push(("A".to_owned(), "1".to_owned()));
    assert_eq!(scene.compare(), Freshness::Dirty(Dirty::Options));
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
    // Whoever writes shows, be it the same length at the same time.
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

#[test]
fn a_file_that_is_edited_added_renamed_or_touched() {
    let check = |change: &dyn Fn(&Scene)| {
        let scene = scene();
        change(&scene);
        assert_eq!(scene.compare(), Freshness::Dirty(Dirty::Files));
    };
    check(&|scene| scene.write("shown/deep/file", "new"));
    check(&|scene| scene.write("shown/deep/another", ""));
    check(&|scene| {
        let deep = scene.dir.join("shown/deep");
        fs_err::rename(deep.join("file"), deep.join("elif")).expect("it is ours");
    });
    check(&|scene| {
        let file = std::fs::File::options()
            .write(true)
            .open(scene.dir.join("shown/deep/file"))
            .expect("it is ours");
        let later = SystemTime::now() + Duration::from_secs(9);
        file.set_modified(later).expect("it is ours");
    });
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
    let Wasi::Allowed(wasi) = &mut scene.options.wasi else {
        panic!("it is allowed");
    };
    wasi.stdin = Stdin::Inherited;
    assert!(Inputs::read(b"guest", &scene.options).is_none());
}
