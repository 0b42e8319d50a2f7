//! Writes a file whole or not at all, and leaves nothing else behind.
//!
//! The bytes go to a new file, which takes the output's name once it is complete. On Linux that file has no name before,
//! so that whoever kills the tool leaves nothing: the system itself frees it. Where an output is replaced, even Linux
//! wants a name to rename from, for a few microseconds; it is in the directory for temporary files, if that is on the same
//! file system. Elsewhere, and on file systems that know no files without a name, the new file is named from the start.
//!
//! A name that is left all the same is removed by the next write to the directory. The writer holds a lock on its file,
//! and the system releases it with the process, so a temporary file that can be locked is nobody's.

use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use crate::shown;

const PREFIX: &str = ".preinit-";
const SUFFIX: &str = ".tmp";

/// How many bytes are written at once. Slow disks take them in less than a second.
const PART: usize = 4 << 20;

/// How many links Linux follows before it calls them a circle. Others follow fewer.
const MAX_LINKS: usize = 40;

/// Replaces `path` by a file with these bytes. A reader sees the old file or the new one, never a part.
///
/// Through a symbolic link the file that it leads to is replaced, or made where there is none yet; the link stays. What
/// exists and is no file, such as `/dev/stdout` or a pipe, is written to as it is. A file that was there keeps its
/// permissions.
///
/// # Errors
///
/// Names the path, and leaves what was there. Links that lead in a circle lead nowhere.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_while(path, bytes, &|| true)
}

/// The same, as long as `goes_on` says so: it is asked again and again while the new file is filled, and once more before it
/// gets its name. What exists and is no file is written to without asking.
///
/// # Errors
///
/// As for [`write()`], and [`TimedOut`](io::ErrorKind::TimedOut) where it does not go on.
pub fn write_while(path: &Path, bytes: &[u8], goes_on: &dyn Fn() -> bool) -> io::Result<()> {
    let named = |error: io::Error| cannot_be_written(&format!("`{}`", shown::path(path)), &error);
    refuse_directory(path)?;
    let old = match path.metadata() {
        Ok(_) if is_descriptor(path) => {
            // The system opens it anew, at its beginning; what others wrote to it stays.
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
        // What a link leads to cannot be reached, and what would be written in its place would cut it off.
        Err(error) if error.kind() != io::ErrorKind::NotFound && path.is_symlink() => {
            return Err(named(error));
        }
        // There is nothing yet, or nothing that can be seen; writing will tell.
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

/// Whether something exists there that is no file, so that writing to it may block for ever.
pub(crate) fn is_special(path: &Path) -> bool {
    let is_special = path
        .metadata()
        .is_ok_and(|found| !found.is_file() && !found.is_dir());
    is_special || is_descriptor(path)
}

/// Whether a path names what the process has open already, as `/dev/stdout` does, whatever that is: a file may be shared with others
/// who write to it, and have no name any more.
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

/// Refuses a path that can only be that of a directory.
///
/// # Errors
///
/// Names the path.
pub(crate) fn refuse_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() || path.file_name().is_none() || ends_in_separator(path) {
        let error = io::ErrorKind::IsADirectory.into();
        return Err(cannot_be_written(&format!("`{}`", shown::path(path)), &error));
    }
    Ok(())
}

/// Whether a path is written as that of a directory.
pub(crate) fn ends_in_separator(path: &Path) -> bool {
    let is_separator = |byte: &u8| std::path::is_separator(char::from(*byte));
    path.as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(is_separator)
}

/// The file that is written for a path, in a way that is the same for all paths to it.
pub(crate) fn place(path: &Path) -> PathBuf {
    let target = target(path);
    let dir = target.parent().filter(|dir| !dir.as_os_str().is_empty());
    let dir = dir.unwrap_or(Path::new(".")).canonicalize();
    match (dir, target.file_name()) {
        (Ok(dir), Some(name)) => dir.join(name),
        _ => target,
    }
}

/// Where the new file gets its name.
fn target(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| follow(path))
}

/// Writes all bytes to standard output, and hears of it if that fails.
///
/// # Errors
///
/// Says that it was standard output.
pub fn to_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(bytes)
        // What is still in the buffer at the end of the process is lost without a word.
        .and_then(|()| stdout.flush())
        .map_err(|error| cannot_be_written("standard output", &error))
}

fn cannot_be_written(what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what} cannot be written: {error}"))
}

/// Where symbolic links end that lead to nothing yet. The new file gets its name there: under that of a link it would be in
/// the place of the link.
fn follow(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match path.read_link() {
            // A relative one starts in the directory of the link.
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => break,
        }
    }
    path
}

/// Fills a new file in `dir`, and gives it the name `target`.
fn replace(
    dir: &Path,
    target: &Path,
    bytes: &[u8],
    old: Option<Permissions>,
    goes_on: &dyn Fn() -> bool,
) -> io::Result<()> {
    // Where the unnamed file cannot be had or not be named, the other way says why, or works.
    #[cfg(target_os = "linux")]
    if let Ok(file) = unnamed::create(dir) {
        fill(&file, bytes, old.clone(), goes_on)?;
        if unnamed::name(&file, dir, target).is_ok() {
            return Ok(());
        }
    }
    let temporary = builder().make_in(dir, |name| {
        let file = File::create_new(name)?;
        // It fails where there are no locks, and there nobody can sweep either.
        let _ = file.lock();
        // Somebody may have swept it before it was locked. This kind of error asks for another name.
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

/// Writes the bytes. The permissions come last: they may be tighter than those that sweeping needs.
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
    // Other systems have a flag in their place, that of a file which cannot be replaced.
    match old {
        Some(permissions) if cfg!(unix) => file.set_permissions(permissions),
        _ => Ok(()),
    }
}

/// Removes temporary files whose writers are dead. It does what it can: a name too many is no reason not to write.
fn sweep(dir: &Path) {
    let Ok(entries) = dir.read_dir() else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX)
            && name.ends_with(SUFFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_file())
            // For writing, because network file systems lock nothing else exclusively.
            && let Ok(file) = File::options().write(true).open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Files without a name.
#[cfg(target_os = "linux")]
mod unnamed {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd as _;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};

    use super::builder;

    /// Creates one, on the file system of `dir`.
    pub(super) fn create(dir: &Path) -> io::Result<File> {
        // As for any new file: what the umask leaves of these.
        let mode = Mode::from_raw_mode(0o666);
        let file = File::from(open(
            dir,
            OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC,
            mode,
        )?);
        // Before it has a name, so nobody who sweeps can come first.
        let _ = file.lock();
        Ok(file)
    }

    /// Gives it the name `target`, which is in `dir`. The target may exist.
    pub(super) fn name(file: &File, dir: &Path, target: &Path) -> io::Result<()> {
        match link(file, target) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            done => return done,
        }
        // A name is given to what has none, or moved over another, but not both at once.
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
        // A socket cannot be opened, unlike a device; what matters is that it is still there.
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
        // Up from where `way` leads to, not from where it is.
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
        // Once for each part, and once before the file gets its name.
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
