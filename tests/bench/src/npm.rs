//! Modules that come in npm packages, fetched once and checked against the hash that the registry publishes.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha512};

/// A file of a package.
pub struct NpmFile {
    /// With its scope.
    pub package: &'static str,
    pub version: &'static str,
    /// SHA-512 of the package's archive, in hexadecimal digits.
    pub sha512: &'static str,
    /// Where the file is in the archive.
    pub path: &'static str,
}

impl NpmFile {
    /// Where the file is, fetched if it is not there yet.
    pub fn fetch(&self, dir: &Utf8Path) -> Result<Utf8PathBuf> {
        let dir = dir.join(self.package.replace('/', "-")).join(self.version);
        let file = dir.join(self.path);
        if file.exists() {
            return Ok(file);
        }
        fs_err::create_dir_all(&dir)?;
        let (package, version) = (self.package, self.version);
        // npm's name for it.
        let scoped = package.trim_start_matches('@').replace('/', "-");
        let archive = dir.join(format!("{scoped}-{version}.tgz"));
        eprintln!("fetching {package} {version}");
        run(Command::new("npm")
            .args(["pack", "--silent", "--pack-destination", dir.as_str()])
            .arg(format!("{package}@{version}"))
            .stdout(Stdio::null()))?;
        let hash = format!("{:x}", Sha512::digest(fs_err::read(&archive)?));
        ensure!(hash == self.sha512, "{archive} has the SHA-512 {hash}");
        // Unpacked aside: a file that is there is whole.
        let aside = tempfile::tempdir_in(&dir)?;
        run(Command::new("tar")
            .args(["--extract", "--gzip", "--file", archive.as_str(), "--directory"])
            .arg(aside.path())
            .arg(self.path))?;
        fs_err::create_dir_all(file.parent().context("a file is in a directory")?)?;
        fs_err::rename(aside.path().join(self.path), &file)?;
        fs_err::remove_file(archive)?;
        Ok(file)
    }
}

fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("{:?}", command.get_program()))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}
