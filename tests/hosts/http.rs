//! As much of HTTP as a test needs: requests to a host, and a server for a page.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

/// How long a host may take to answer. The slowest cold start takes a second.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A port that nobody listens on.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// An answer.
pub struct Reply {
    pub status: u16,
    pub body: String,
    /// How long it took from the request to the last byte.
    pub seconds: f64,
}

impl Reply {
    /// The answer, if its status is 200.
    pub fn succeeded(self) -> Result<Self> {
        ensure!(self.status == 200, "it answered {}: {}", self.status, self.body);
        Ok(self)
    }
}

/// Asks a host on this machine.
pub fn get(port: u16, path: &str) -> Result<Reply> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let begun = Instant::now();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    )?;
    let mut reader = BufReader::new(stream);
    let head = head(&mut reader)?;
    let status = head
        .first
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.with_context(|| format!("it answered {}", head.first))?;
    let mut body = Vec::new();
    if head.is_chunked {
        loop {
            let size = line(&mut reader)?;
            let size = usize::from_str_radix(&size, 16).with_context(|| format!("a chunk of {size}"))?;
            let chunk = exactly(&mut reader, size)?;
            body.extend(chunk);
            line(&mut reader)?;
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = head.length {
        body = exactly(&mut reader, length)?;
    } else {
        reader.read_to_end(&mut body)?;
    }
    Ok(Reply {
        status,
        body: String::from_utf8(body)?,
        seconds: begun.elapsed().as_secs_f64(),
    })
}

/// What is before a body.
struct Head {
    first: String,
    length: Option<usize>,
    is_chunked: bool,
}

fn head(reader: &mut impl BufRead) -> Result<Head> {
    let first = line(reader)?;
    let (mut length, mut is_chunked) = (None, false);
    loop {
        let line = line(reader)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').with_context(|| format!("a header {line}"))?;
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = Some(value.trim().parse()?),
            "transfer-encoding" => is_chunked = value.trim() == "chunked",
            _ => {}
        }
    }
    Ok(Head {
        first,
        length,
        is_chunked,
    })
}

/// A line, without its end.
fn line(reader: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    ensure!(line.ends_with('\n'), "it ended early, with {line:?}");
    Ok(line.trim_end().to_owned())
}

fn exactly(reader: &mut impl BufRead, length: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A server for one browser, which is to load pages one after another and to say of each what it saw.
pub struct Server {
    address: SocketAddr,
    seen: Receiver<String>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What the threads of a server share.
struct Shared {
    /// What it serves.
    root: PathBuf,
    /// The pages that are still to be loaded.
    pages: Mutex<VecDeque<String>>,
    seen: Sender<String>,
}

impl Server {
    /// Serves a directory.
    pub fn start(root: &Path, pages: VecDeque<String>) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let (sender, seen) = channel();
        let shared = Arc::new(Shared {
            root: root.to_owned(),
            pages: Mutex::new(pages),
            seen: sender,
        });
        let address = listener.local_addr()?;
        let is_over = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let is_over = Arc::clone(&is_over);
            move || {
                while !is_over.load(Ordering::Relaxed) {
                    match listener.accept() {
                        Ok((stream, _)) => {
                            let shared = Arc::clone(&shared);
                            // A browser also connects only to be ready, so that others must not wait. A page that
                            // goes away does not read on, and then nothing is missing.
                            thread::spawn(move || drop(shared.serve(stream)));
                        }
                        Err(_) => thread::sleep(Duration::from_millis(1)),
                    }
                }
            }
        });
        Ok(Self {
            address,
            seen,
            is_over,
            thread: Some(thread),
        })
    }

    /// The address of a page.
    pub fn address(&self, page: &str) -> String {
        format!("http://{}{page}", self.address)
    }

    /// What another page said it saw, if any did.
    pub fn seen(&self) -> Option<String> {
        self.seen.try_recv().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It does not panic.
            let _ = thread.join();
        }
    }
}

impl Shared {
    /// Answers one request. Who says what it saw is told what to load next.
    fn serve(&self, stream: TcpStream) -> Result<()> {
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        let mut reader = BufReader::new(stream);
        let head = head(&mut reader)?;
        let path = head.first.split([' ', '?']).nth(1).unwrap_or_default();
        if path == "/seen" {
            let body = exactly(&mut reader, head.length.context("it has a length")?)?;
            self.seen.send(String::from_utf8(body)?)?;
            let next = self.pages.lock().ok().and_then(|mut pages| pages.pop_front());
            let next = next.unwrap_or_default();
            return reply(&mut reader.into_inner(), "200 OK", "text/plain", next.as_bytes());
        }
        let file = fs_err::read(self.root.join(path.trim_start_matches('/')));
        let (status, file) = file.map_or_else(|_| ("404 Not Found", Vec::new()), |file| ("200 OK", file));
        let kind = match path.rsplit('.').next() {
            Some("html") => "text/html",
            Some("js" | "mjs") => "text/javascript",
            Some("wasm") => "application/wasm",
            _ => "text/plain",
        };
        reply(&mut reader.into_inner(), status, kind, &file)
    }
}

fn reply(stream: &mut TcpStream, status: &str, kind: &str, body: &[u8]) -> Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)?;
    Ok(())
}
