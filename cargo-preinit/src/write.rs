//! Writes a file whole or not at all, and leaves no other files behind.
//!
//! The bytes go to a new file, which gets the output's name once it is complete. On Linux that file has no name until then, so
//! that nothing is left if the process is killed: the system frees the file. To replace an output, Linux needs a name to rename
//! from, for a few microseconds; it is in the directory for temporary files if that is on the same file system, else beside the
//! output. On other systems, and on file systems without unnamed files, the new file has a temporary name from the start.
//!
//! The next write to the directory removes temporary names that were left. A writer holds a lock on its file, which the system
//! releases when the process ends, so a temporary file that can be locked has no writer.

use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use crate::shown;

const PREFIX: &str = ".preinit-";
const SUFFIX: &str = ".tmp";

/// How many bytes are written between two calls of `goes_on`. Slow disks take less than a second for them.
const PART: usize = 4 << 20;

/// How many links Linux follows before it reports a loop. Other systems follow fewer.
const MAX_LINKS: usize = 40;

/// Replaces `path` by a file with these bytes. A reader sees the old file or the new one, never a part.
///
/// If `path` is a symbolic link, the link stays, and its target is replaced or created. A special file such as `/dev/stdout` or a
/// pipe is not replaced, but written to. A file that is replaced passes its permissions on (on Unix).
///
/// # Errors
///
/// An error that names the path; a file at `path` is then unchanged. A loop of links is such an error.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_while(path, bytes, &|| true)
}

/// As [`write()`], while `goes_on` returns true: it is called before each part of the new file, and once more before the file gets
/// its name. A special file is written to without calling it.
///
/// # Errors
///
/// As for [`write()`], and [`TimedOut`](io::ErrorKind::TimedOut) if `goes_on` returns false.
pub fn write_while(path: &Path, bytes: &[u8], goes_on: &dyn Fn() -> bool) -> io::Result<()> {
    let named = |error: io::Error| cannot_be_written(&format!("`{}`", shown::path(path)), &error);
    refuse_directory(path)?;
    let old = match path.metadata() {
        Ok(_) if is_descriptor(path) => {
            // The system opens the file anew, at its beginning. Append, so that what others wrote to it stays.
            let opened = File::options().append(true).open(path);
            return opened
                .and_then(|mut opened| opened.write_all(bytes))
                .map_err(named);
        }
        Ok(found) if found.is_dir() => return Err(named(io::ErrorKind::IsADirectory.into())),
        Ok(found) if !found.is_file() => {
            let special = File::options().write(true).open(path);
            return special
                .and_then(|mut special| special.write_all(bytes))
                .map_err(named);
        }
        Ok(found) => Some(found.permissions()),
        // The link's target cannot be reached, and the new file must not replace the link.
        Err(error) if error.kind() != io::ErrorKind::NotFound && path.is_symlink() => {
            return Err(named(error));
        }
        // There is no file yet, or its metadata cannot be read; then the write reports that.
        Err(_) => None,
    };
    let target = target(path);
    let dir = match target.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    fs_err::create_dir_all(dir)?;
    sweep(dir);
    replace(dir, &target, bytes, old, goes_on).map_err(named)
}

/// Whether a path is an open descriptor or a special file, so that a write to it may block for ever.
pub(crate) fn is_special(path: &Path) -> bool {
    let is_special = path
        .metadata()
        .is_ok_and(|found| !found.is_file() && !found.is_dir());
    is_special || is_descriptor(path)
}

/// Whether a path, such as `/dev/stdout`, names a descriptor that the process has open. Even a regular file behind it must not be
/// replaced: other processes may write to it, and it may have no name any more.
fn is_descriptor(path: &Path) -> bool {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let dir = path.parent().and_then(|dir| dir.canonicalize().ok());
        if dir
            .is_some_and(|dir| dir == Path::new("/dev/fd") || dir.starts_with("/proc") && dir.ends_with("fd"))
        {
            return true;
        }
        match path.read_link() {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return false,
        }
    }
    false
}

/// Refuses a path that is a directory, or can only be one.
///
/// # Errors
///
/// [`IsADirectory`](io::ErrorKind::IsADirectory), with the path.
pub(crate) fn refuse_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() || path.file_name().is_none() || ends_in_separator(path) {
        let error = io::ErrorKind::IsADirectory.into();
        return Err(cannot_be_written(&format!("`{}`", shown::path(path)), &error));
    }
    Ok(())
}

/// Whether a path ends in a separator, as only directories do.
pub(crate) fn ends_in_separator(path: &Path) -> bool {
    let is_separator = |byte: &u8| std::path::is_separator(char::from(*byte));
    path.as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(is_separator)
}

/// The file that is written for a path: the same for all paths that lead to one file, where it can be canonicalized.
pub(crate) fn place(path: &Path) -> PathBuf {
    let target = target(path);
    let dir = target.parent().filter(|dir| !dir.as_os_str().is_empty());
    let dir = dir.unwrap_or(Path::new(".")).canonicalize();
    match (dir, target.file_name()) {
        (Ok(dir), Some(name)) => dir.join(name),
        _ => target,
    }
}

/// The path that the new file gets, with links followed.
fn target(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| follow(path))
}

/// Writes all bytes to standard output, and flushes it.
///
/// # Errors
///
/// An error that names standard output.
pub fn to_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(bytes)
        // Errors of the flush at the end of the process would be lost.
        .and_then(|()| stdout.flush())
        .map_err(|error| cannot_be_written("standard output", &error))
}

fn cannot_be_written(what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what} cannot be written: {error}"))
}

/// The end of a chain of symbolic links whose target does not exist yet. The new file gets that name, since its own name would
/// replace the link.
fn follow(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match path.read_link() {
            // A relative target is relative to the link's directory.
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => break,
        }
    }
    path
}

/// Fills a new file in `dir`, and names it `target`.
fn replace(
    dir: &Path,
    target: &Path,
    bytes: &[u8],
    old: Option<Permissions>,
    goes_on: &dyn Fn() -> bool,
) -> io::Result<()> {
    // If an unnamed file cannot be created or named, the named one below works or reports why.
    #[cfg(target_os = "linux")]
    if let Ok(file) = unnamed::create(dir) {
        fill(&file, bytes, old.clone(), goes_on)?;
        if unnamed::name(&file, dir, target).is_ok() {
            return Ok(());
        }
    }
    let temporary = builder().make_in(dir, |name| {
        let file = File::create_new(name)?;
        // If the file system has no locks, this fails, but then sweeping fails as well.
        let _ = file.lock();
        // Another process may have swept the file before it was locked. `make_in` retries with another name on this kind of error.
        match name.try_exists()? {
            true => Ok(file),
            false => Err(io::ErrorKind::AlreadyExists.into()),
        }
    })?;
    fill(temporary.as_file(), bytes, old, goes_on)?;
    temporary.persist(target).map_err(|error| error.error)?;
    Ok(())
}

fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    builder
}

/// Writes the bytes. The permissions are set last, since sweeping needs write permission.
fn fill(
    mut file: &File,
    bytes: &[u8],
    old: Option<Permissions>,
    goes_on: &dyn Fn() -> bool,
) -> io::Result<()> {
    let ask = || match goes_on() {
        true => Ok(()),
        false => Err(io::Error::from(io::ErrorKind::TimedOut)),
    };
    for part in bytes.chunks(PART) {
        ask()?;
        file.write_all(part)?;
    }
    ask()?;
    // Windows has only a read-only flag instead, with which a file could not be replaced.
    match old {
        Some(permissions) if cfg!(unix) => file.set_permissions(permissions),
        _ => Ok(()),
    }
}

/// Removes temporary files whose writers have ended. Errors are ignored, since a file that is left does not hinder the write.
fn sweep(dir: &Path) {
    let Ok(entries) = dir.read_dir() else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX)
            && name.ends_with(SUFFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_file())
            // Opened for writing, because network file systems need that for an exclusive lock.
            && let Ok(file) = File::options().write(true).open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Unnamed files (`O_TMPFILE`).
#[cfg(target_os = "linux")]
mod unnamed {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd as _;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};

    use super::builder;

    /// Creates an unnamed file on the file system of `dir`, and locks it.
    pub(super) fn create(dir: &Path) -> io::Result<File> {
        // The mode of any new file, which the umask restricts.
        let mode = Mode::from_raw_mode(0o666);
        let file = File::from(open(
            dir,
            OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC,
            mode,
        )?);
        // It has no name yet, so no other process can sweep it before it is locked.
        let _ = file.lock();
        Ok(file)
    }

    /// Links the file to `target`, which is in `dir` and may exist.
    pub(super) fn name(file: &File, dir: &Path, target: &Path) -> io::Result<()> {
        match link(file, target) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            done => return done,
        }
        // `linkat` does not replace a file and `rename` needs a name, so the file gets a temporary name first.
        let through = |place: &Path| -> io::Result<()> {
            let temporary = builder().make_in(place, |name| link(file, name))?;
            temporary.persist(target).map_err(|error| error.error)
        };
        through(&std::env::temp_dir()).or_else(|_| through(dir))
    }

    fn link(file: &File, name: &Path) -> io::Result<()> {
        let unnamed = format!("/proc/self/fd/{}", file.as_raw_fd());
        Ok(linkat(CWD, unnamed, CWD, name, AtFlags::SYMLINK_FOLLOW)?)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{File, Permissions};
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
    use std::os::unix::net::UnixListener;
    use std::path::{Path, PathBuf};

    use super::{PART, write, write_while};

    fn scratch() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().expect("the temporary directory is writable");
        let path = dir.path().to_owned();
        (dir, path)
    }

    #[test]
    fn what_is_no_file_is_not_replaced() {
        let (_guard, dir) = scratch();
        let socket = dir.join("socket");
        let _listener = UnixListener::bind(&socket).expect("sockets are supported");
        // A socket cannot be opened, unlike a device. It must still be there afterwards.
        write(&socket, b"bytes").expect_err("a socket is not written to like this");
        let found = fs_err::metadata(&socket).expect("it is there");
        assert!(found.file_type().is_socket());
    }

    #[test]
    fn a_link_stays_a_link() {
        let (_guard, dir) = scratch();
        let (file, link) = (dir.join("file"), dir.join("link"));
        write(&file, b"old").expect("the directory is writable");
        symlink(&file, &link).expect("links are supported");
        write(&link, b"new").expect("the directory is writable");
        assert!(link.is_symlink());
        assert_eq!(fs_err::read(&file).expect("it is there"), b"new");
        let left: Vec<_> = fs_err::read_dir(&dir).expect("it is there").collect();
        assert_eq!(left.len(), 2);
    }

    #[test]
    fn a_link_to_nothing_yet_leads_to_the_new_file() {
        let (_guard, dir) = scratch();
        let link = |name: &str, to: &Path| symlink(to, dir.join(name)).expect("links are supported");
        fs_err::create_dir_all(dir.join("deep/er")).expect("the directory is writable");
        link("way", "deep/er".as_ref());
        // `..` goes up from the target of `way`, not from the link.
        link("deep/er/up", "../made/by relative".as_ref());
        link("relative", "way/up".as_ref());
        link("absolute", &dir.join("by absolute"));
        link("chain", "relative chain".as_ref());
        link("relative chain", "./absolute chain".as_ref());
        link("absolute chain", &dir.join("new/by chain"));
        for (name, made) in [
            ("relative", "deep/made/by relative"),
            ("absolute", "by absolute"),
            ("chain", "new/by chain"),
        ] {
            for text in [b"old", b"new"] {
                write(&dir.join(name), text).expect("there is a way");
                assert_eq!(fs_err::read(dir.join(made)).expect("it was made"), text);
            }
            assert!(dir.join(name).is_symlink());
        }
        assert!(dir.join("deep/er/up").is_symlink() && dir.join("relative chain").is_symlink());
    }

    #[test]
    fn links_to_nowhere() {
        let (_guard, dir) = scratch();
        let check = |name: &str, to: &str| {
            symlink(to, dir.join(name)).expect("links are supported");
            let path = dir.join(name);
            let error = write(&path, b"new").expect_err("there is no way").to_string();
            assert!(
                error.starts_with(&format!("`{}` cannot be written: ", path.display())),
                "{error}"
            );
            assert!(path.is_symlink());
        };
        check("circle", "circle");
        symlink("there", dir.join("back")).expect("links are supported");
        check("there", "./back");
        fs_err::write(dir.join("file"), b"").expect("the directory is writable");
        check("below a file", "file/out");
        assert_eq!(names(&dir), ["back", "below a file", "circle", "file", "there"]);
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = dir.read_dir().expect("it is there");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("it can be listed").file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_the_dead_left_is_removed() {
        let (_guard, dir) = scratch();
        for name in [".preinit-dead.tmp", ".preinit-alive.tmp", "other.tmp"] {
            fs_err::write(dir.join(name), b"part").expect("the directory is writable");
        }
        fs_err::create_dir(dir.join(".preinit-directory.tmp")).expect("the directory is writable");
        let alive = File::open(dir.join(".preinit-alive.tmp")).expect("it is there");
        alive.lock().expect("locks are supported");
        write(&dir.join("file"), b"new").expect("the directory is writable");
        assert_eq!(
            names(&dir),
            [
                ".preinit-alive.tmp",
                ".preinit-directory.tmp",
                "file",
                "other.tmp"
            ]
        );
    }

    #[test]
    fn what_is_given_up_leaves_nothing() {
        let (_guard, dir) = scratch();
        let file = dir.join("file");
        let bytes = vec![7; 2 * PART + 1];
        // `goes_on` is called once for each of three parts, and once before the file gets its name.
        for most in 0..4 {
            let asked = std::cell::Cell::new(0);
            let goes_on = || asked.replace(asked.get() + 1) < most;
            let error = write_while(&file, &bytes, &goes_on).expect_err("it is given up");
            assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
            assert_eq!(asked.get(), most + 1);
            assert_eq!(names(&dir), [""; 0]);
        }
        write(&file, b"old").expect("the directory is writable");
        write_while(&file, &bytes, &|| false).expect_err("it is given up");
        assert_eq!(fs_err::read(&file).expect("it is there"), b"old");
        assert_eq!(names(&dir), ["file"]);
    }

    #[test]
    fn permissions_are_kept() {
        let (_guard, dir) = scratch();
        let file = dir.join("file");
        let mode = |path| {
            let found = fs_err::metadata(path).expect("it is there");
            found.permissions().mode() & 0o7777
        };
        fs_err::write(dir.join("another"), b"").expect("the directory is writable");
        write(&file, b"first").expect("the directory is writable");
        assert_eq!(mode(file.clone()), mode(dir.join("another")));
        for tight in [0o640, 0o444] {
            fs_err::set_permissions(&file, Permissions::from_mode(tight)).expect("it is ours");
            write(&file, b"second").expect("a file is replaced, not written to");
            assert_eq!(mode(file.clone()), tight);
        }
        assert_eq!(names(&dir), ["another", "file"]);
    }
}
