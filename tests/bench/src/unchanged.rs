//! `cargo preinit` and `cargo build` where nothing has changed.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use camino::Utf8Path;

/// How cargo calls a subcommand: with its name as the first argument. This program then is the tool.
pub const SUBCOMMAND: &str = "preinit";

const RUNS: usize = 15;

/// The tool takes what has changed a moment ago for what may change again.
const REST: Duration = Duration::from_secs(4);

/// The least time of each.
pub fn commands(dir: &Utf8Path) -> Result<[Duration; 2]> {
    let bin = dir.join("bin");
    fs_err::create_dir_all(&bin)?;
    let program = bin.join("cargo-preinit");
    if program.is_symlink() {
        fs_err::remove_file(&program)?;
    }
    fs_err::os::unix::fs::symlink(std::env::current_exe()?, &program)?;
    let path = format!("{bin}:{}", std::env::var("PATH")?);
    let time = |subcommand: &str| -> Result<Duration> {
        let started = Instant::now();
        let status = Command::new("cargo")
            .args([
                subcommand,
                "--quiet",
                "--release",
                "--locked",
                "--target",
                "wasm32-wasip1",
            ])
            .args([
                "--package",
                "guest-regex",
                "--target-dir",
                dir.join("unchanged").as_str(),
            ])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/guests"))
            .env("PATH", &path)
            .stdout(Stdio::null())
            .status()?;
        ensure!(status.success(), "`cargo {subcommand}` failed");
        Ok(started.elapsed())
    };
    for _ in 0..2 {
        time(SUBCOMMAND)?;
        time("build")?;
        thread::sleep(REST);
    }
    let mut least = [time(SUBCOMMAND)?, time("build")?];
    for _ in 1..RUNS {
        least[0] = least[0].min(time(SUBCOMMAND)?);
        least[1] = least[1].min(time("build")?);
    }
    Ok(least)
}
