//! A headless browser, in a process group of its own.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use preinit_tests::browser::ARGUMENTS;

/// How long a page may take to load. A browser starts in less than a second.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A browser.
pub struct Browser<'p> {
    program: &'p str,
}

/// What a browser made of a page.
pub struct Seen {
    /// The page's elements once it was loaded, as HTML.
    pub dom: String,
    /// What the browser logged; what the page writes to the console has the word `CONSOLE`.
    pub log: String,
}

impl<'p> Browser<'p> {
    pub fn new(program: &'p str) -> Self {
        Self { program }
    }

    /// Loads a page.
    pub fn open(&self, page: &Path) -> Seen {
        let profile = tempfile::tempdir().expect("there is a place for temporary files");
        let mut command = Command::new(self.program);
        command
            .args(ARGUMENTS)
            .arg("--dump-dom")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(format!("file://{}", page.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().expect("the browser can be started");
        let read = |stream: Option<Box<dyn std::io::Read + Send>>| {
            thread::spawn(move || {
                let mut bytes = Vec::new();
                if let Some(mut stream) = stream {
                    // What could be read until the browser ended is what it said.
                    let _ = stream.read_to_end(&mut bytes);
                }
                String::from_utf8_lossy(&bytes).into_owned()
            })
        };
        let dom = read(child.stdout.take().map(|stream| Box::new(stream) as _));
        let log = read(child.stderr.take().map(|stream| Box::new(stream) as _));
        let is_done = wait(&mut child);
        end(&mut child);
        let dom = dom.join().expect("reading does not panic");
        let log = log.join().expect("reading does not panic");
        assert!(is_done, "the browser does not end: {log}");
        assert!(dom.contains("<html"), "the browser shows no page: {log}");
        Seen { dom, log }
    }
}

/// Whether the browser ends in time.
fn wait(child: &mut Child) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < TIMEOUT {
        if child.try_wait().expect("it is our child").is_some() {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}

/// Ends the browser, and whatever it started.
fn end(child: &mut Child) {
    let group = format!("-{}", child.id());
    // There may be nothing left to end.
    let _ = Command::new("kill")
        .args(["-KILL", "--", &group])
        .stderr(Stdio::null())
        .status();
    let _ = child.kill();
    let _ = child.wait();
}
