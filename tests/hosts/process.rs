//! Processes in groups of their own, which end with everything that they started, whatever becomes of the test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

/// How long a program may take to end, or to be ready. The slowest, `wash`, is ready after five seconds.
const TIMEOUT: Duration = Duration::from_secs(120);

/// How often one looks.
const PAUSE: Duration = Duration::from_millis(2);

/// A process that runs.
pub struct Running {
    child: Child,
    begun: Instant,
    stdout: PathBuf,
    stderr: PathBuf,
}

/// What a process left.
pub struct Ended {
    /// What it printed to standard output.
    pub stdout: String,
    /// How long it ran.
    pub seconds: f64,
}

impl Running {
    /// Starts a program, which writes what it says to files in a directory.
    pub fn start(command: &mut Command, directory: &Path) -> Result<Self> {
        let (stdout, stderr) = (directory.join("stdout"), directory.join("stderr"));
        command
            .stdin(Stdio::null())
            .stdout(fs_err::File::create(&stdout)?.into_parts().0)
            .stderr(fs_err::File::create(&stderr)?.into_parts().0);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let begun = Instant::now();
        let child = command.spawn();
        let child =
            child.with_context(|| format!("{} cannot be started", command.get_program().display()))?;
        Ok(Self {
            child,
            begun,
            stdout,
            stderr,
        })
    }

    /// What it said so far.
    fn said(&self) -> String {
        let said = [&self.stdout, &self.stderr].map(|file| fs_err::read(file).unwrap_or_default());
        String::from_utf8_lossy(&said.concat()).into_owned()
    }

    /// Waits until something is there, as long as the process runs.
    pub fn until<T>(&mut self, mut look: impl FnMut() -> Option<T>) -> Result<T> {
        let begun = Instant::now();
        loop {
            if let Some(found) = look() {
                return Ok(found);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended with {status}: {}", self.said());
            }
            ensure!(
                begun.elapsed() < TIMEOUT,
                "nothing came of it in {TIMEOUT:?}: {}",
                self.said()
            );
            thread::sleep(PAUSE);
        }
    }

    /// Waits until it prints a line that begins so, and returns the rest.
    pub fn until_line(&mut self, begin: &str) -> Result<String> {
        let stdout = self.stdout.clone();
        self.until(|| {
            let said = fs_err::read_to_string(&stdout).ok()?;
            // The last line may not be complete.
            let (complete, _) = said.rsplit_once('\n')?;
            let rest = complete.lines().find_map(|line| line.strip_prefix(begin))?;
            Some(rest.to_owned())
        })
    }

    /// Waits until it ends.
    fn wait(&mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            ensure!(self.begun.elapsed() < TIMEOUT, "it does not end: {}", self.said());
            thread::sleep(PAUSE);
        }
    }
}

impl Drop for Running {
    /// Ends the process, and whatever it started.
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        // There may be nothing left to end.
        let _ = Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program to its end, which has to be a good one. The directory gets what it says.
pub fn run(command: &mut Command, directory: &Path) -> Result<Ended> {
    let mut running = Running::start(command, directory)?;
    let status = running.wait()?;
    let seconds = running.begun.elapsed().as_secs_f64();
    ensure!(status.success(), "it ended with {status}: {}", running.said());
    Ok(Ended {
        stdout: fs_err::read_to_string(&running.stdout)?,
        seconds,
    })
}
