//! Writes a file whole or not at all.

use std::io::Write as _;

use camino::Utf8Path;
use tempfile::Builder;

/// Replaces `path` by a file with these bytes. A reader sees the old file or the new one, never a part.
///
/// # Errors
///
/// Names the path, and leaves what was there.
pub fn write(path: &Utf8Path, bytes: &[u8]) -> std::io::Result<()> {
    let dir = match path.parent() {
        Some(dir) if !dir.as_str().is_empty() => dir,
        _ => Utf8Path::new("."),
    };
    let named = |error: std::io::Error| {
        std::io::Error::new(error.kind(), format!("`{path}` cannot be written: {error}"))
    };
    fs_err::create_dir_all(dir)?;
    if path.is_dir() {
        return Err(named(std::io::ErrorKind::IsADirectory.into()));
    }
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
    file.persist(path).map_err(|error| named(error.error))?;
    Ok(())
}
