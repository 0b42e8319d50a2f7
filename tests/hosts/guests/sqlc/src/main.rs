//! A plugin of sqlc: a command of WASI that reads a request from standard input and writes a response to standard output,
//! both as protocol buffers.

use std::io::{Read as _, Write as _, stdin, stdout};

fn main() {
    let mut request = Vec::new();
    stdin().read_to_end(&mut request).expect("there is a request");
    let answer = routes::answer("/ROUTE-17/kiosk/42");
    // Field 1 of a `plugin.GenerateResponse` is a file, of which field 1 is the name, and 2 are the contents.
    let file = [field(1, b"answer.txt"), field(2, answer.as_bytes())].concat();
    stdout().write_all(&field(1, &file)).expect("the host reads");
}

/// A field that has a length, which is short enough for a byte.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).expect("it is short");
    assert!(length < 0x80, "it is short");
    let mut field = vec![number << 3 | 2, length];
    field.extend(bytes);
    field
}
