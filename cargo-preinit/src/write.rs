//! Writes a file whole or not at all.

use std::io::Write as _;

use camino::Utf8Path;
use tempfile::Builder;

/// Replaces `path` by a file with these bytes. A reader sees the old file or the new one, never a part.
///
/// Through a symbolic link the file that it leads to is replaced. What exists and is no file, such as `/dev/stdout` or a
/// pipe, is written to as it is.
///
/// # Errors
///
/// Names the path, and leaves what was there.
pub fn write(path: &Utf8Path, bytes: &[u8]) -> std::io::Result<()> {
    let named = |error: std::io::Error| {
        std::io::Error::new(error.kind(), format!("`{path}` cannot be written: {error}"))
    };
    match path.metadata() {
        Ok(found) if found.is_dir() => return Err(named(std::io::ErrorKind::IsADirectory.into())),
        Ok(found) if !found.is_file() => {
            let mut special = fs_err::OpenOptions::new().write(true).open(path)?;
            return special.write_all(bytes);
        }
        // With an error there is nothing yet, or nothing that can be seen; writing will tell.
        Ok(_) | Err(_) => {}
    }
    let target = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    let dir = match target.parent() {
        Some(dir) if !dir.as_str().is_empty() => dir,
        _ => Utf8Path::new("."),
    };
    fs_err::create_dir_all(dir)?;
    let mut builder = Builder::new();
    builder.prefix(".preinit-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As for any new file: what the umask leaves of it.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(dir).map_err(named)?;
    file.write_all(bytes).map_err(named)?;
    file.persist(&target).map_err(|error| named(error.error))?;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{FileTypeExt as _, symlink};
    use std::os::unix::net::UnixListener;

    use camino::Utf8PathBuf;

    use super::write;

    fn scratch() -> (tempfile::TempDir, Utf8PathBuf) {
        let dir = tempfile::tempdir().expect("the temporary directory is writable");
        let path = Utf8PathBuf::from_path_buf(dir.path().to_owned()).expect("it is UTF-8");
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
}
