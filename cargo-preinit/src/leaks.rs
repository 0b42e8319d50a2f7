//! Finds what nobody should be able to read in a baked module: secrets by their form, and what names the machine that built it.
//!
//! **In** a snapshot, the guest's bytes, and texts of the machine. **Out** the places in memories that init left there. What the guest's file
//! has already did not come from the bake: constants of the source, and paths that a compiler wrote.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::guest::index::{InstanceId, MemoryIndex, enumerate};
use crate::snapshot::{Run, Snapshot};

/// How many different texts are looked for in the guest's file. A few show that there is something to do.
const MOST: usize = 50;

/// A text of the machine that must not be in a baked module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineText {
    /// What it is, as in `the home directory`.
    pub what: String,
    /// The text.
    pub text: String,
    /// Whether it must not be there even where init is shown it on purpose.
    pub is_secret: bool,
}

/// A text that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leak {
    /// What it is.
    pub(crate) what: String,
    pub(crate) instance: InstanceId,
    pub(crate) memory: MemoryIndex,
    pub(crate) range: Range<u64>,
}

/// A secret that is known by its form: a beginning, and how many characters of a kind follow at least.
struct Form {
    what: &'static str,
    start: &'static str,
    kind: Kind,
    least: usize,
}

#[derive(Clone, Copy)]
enum Kind {
    /// Capital letters and digits.
    Capitals,
    /// Letters and digits.
    Alphanumeric,
    /// Letters, digits, `_` and `-`.
    Base64Url,
    /// Three parts of [`Base64Url`](Self::Base64Url) with dots between them, of which the second begins as an object in JSON does.
    Token,
    /// Anything up to the end of a line of PEM that begins a private key.
    PrivateKey,
}

/// Forms that their issuers document. Each has a beginning that nothing else has.
///
/// Sources: AWS's reference of unique identifiers; "Behind GitHub's new authentication token formats" (2021); GitLab's, Slack's, Stripe's, npm's
/// and Google's documentation of tokens; RFC 7519 (JWT); RFC 7468 (PEM).
const FORMS: [Form; 17] = [
    form("an access key of AWS", "AKIA", Kind::Capitals, 16),
    form("an access key of AWS", "ASIA", Kind::Capitals, 16),
    form("a token of GitHub", "ghp_", Kind::Alphanumeric, 36),
    form("a token of GitHub", "gho_", Kind::Alphanumeric, 36),
    form("a token of GitHub", "ghs_", Kind::Alphanumeric, 36),
    form("a token of GitHub", "ghu_", Kind::Alphanumeric, 36),
    form("a token of GitHub", "github_pat_", Kind::Base64Url, 40),
    form("a token of GitLab", "glpat-", Kind::Base64Url, 20),
    form("a token of npm", "npm_", Kind::Alphanumeric, 36),
    form("a token of Slack", "xoxb-", Kind::Base64Url, 20),
    form("a token of Slack", "xoxp-", Kind::Base64Url, 20),
    form("a key of Stripe", "sk_live_", Kind::Alphanumeric, 20),
    form("a key of Stripe", "rk_live_", Kind::Alphanumeric, 20),
    form("a key of Google", "AIza", Kind::Base64Url, 35),
    form("a secret of Google", "GOCSPX-", Kind::Base64Url, 28),
    form("a JSON web token", "eyJ", Kind::Token, 0),
    form("a private key", "-----BEGIN ", Kind::PrivateKey, 0),
];

const fn form(what: &'static str, start: &'static str, kind: Kind, least: usize) -> Form {
    Form {
        what,
        start,
        kind,
        least,
    }
}

impl Form {
    /// How many bytes of a text that begins with this form's beginning are of it; `None` if they are not.
    fn length(&self, text: &[u8]) -> Option<usize> {
        let rest = &text[self.start.len()..];
        let count = |rest: &[u8], is_of: fn(&u8) -> bool| rest.iter().take_while(|byte| is_of(byte)).count();
        let base64_url = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let length = match self.kind {
            Kind::Capitals => count(rest, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()),
            Kind::Alphanumeric => count(rest, u8::is_ascii_alphanumeric),
            Kind::Base64Url => count(rest, base64_url),
            Kind::Token => {
                let header = count(rest, base64_url);
                let payload = rest.get(header..)?.strip_prefix(b".eyJ")?;
                let claims = count(payload, base64_url);
                let signature = payload.get(claims..)?.strip_prefix(b".")?;
                let signature = count(signature, base64_url);
                return (header > 8 && claims > 4 && signature > 8)
                    .then_some(self.start.len() + header + ".eyJ".len() + claims + 1 + signature);
            }
            Kind::PrivateKey => {
                let kind = count(rest, |byte| {
                    byte.is_ascii_uppercase() || matches!(byte, b' ' | b'0'..=b'9')
                });
                let end = b"PRIVATE KEY";
                return (rest[..kind].ends_with(end) && rest[kind..].starts_with(b"-----"))
                    .then_some(self.start.len() + kind + 5);
            }
        };
        (length >= self.least).then_some(self.start.len() + length)
    }
}

/// Finds texts that are in memories and not in the guest's file.
///
/// `shown` are the values of environment variables that the options show to init.
pub(crate) fn find(snapshot: &Snapshot, guest: &[u8], machine: &[MachineText], shown: &[&str]) -> Vec<Leak> {
    let machine = machine
        .iter()
        .filter(|text| text.is_secret || !shown.contains(&text.text.as_str()));
    let machine: Vec<&MachineText> = machine.collect();
    let mut starts = [false; 256];
    let texts = machine.iter().map(|text| text.text.as_bytes());
    for first in texts
        .chain(FORMS.iter().map(|form| form.start.as_bytes()))
        .filter_map(<[u8]>::first)
    {
        starts[usize::from(*first)] = true;
    }
    let mut found: Vec<Leak> = Vec::new();
    for (position, state) in enumerate(&snapshot.instances) {
        for memory in &state.memories {
            for run in &memory.runs {
                for (what, range) in in_run(run, &starts, &machine) {
                    found.push(Leak {
                        what,
                        instance: InstanceId(position),
                        memory: memory.index,
                        range,
                    });
                }
            }
        }
    }
    let text_of = |leak: &Leak| {
        let mut memories = snapshot.instances[leak.instance.position()].memories.iter();
        let memory = memories.find(|memory| memory.index == leak.memory)?;
        let next = memory.runs.partition_point(|run| run.offset <= leak.range.start);
        bytes_of(memory.runs.get(next.checked_sub(1)?)?, &leak.range)
    };
    let mut known: BTreeMap<&[u8], bool> = BTreeMap::new();
    found.retain(|leak| {
        text_of(leak).is_some_and(|text| {
            if known.len() == MOST {
                return known.get(text).is_some_and(|is_new| *is_new);
            }
            let is_new = || !guest.windows(text.len()).any(|bytes| bytes == text);
            *known.entry(text).or_insert_with(is_new)
        })
    });
    found
}

fn bytes_of<'r>(run: &'r Run, range: &Range<u64>) -> Option<&'r [u8]> {
    let place = |address: u64| usize::try_from(address.checked_sub(run.offset)?).ok();
    run.bytes.get(place(range.start)?..place(range.end)?)
}

/// What is in a run, each with its range.
fn in_run(run: &Run, starts: &[bool; 256], machine: &[&MachineText]) -> Vec<(String, Range<u64>)> {
    let mut found = Vec::new();
    let mut after = 0;
    for (position, byte) in run.bytes.iter().enumerate() {
        if !starts[usize::from(*byte)] || position < after {
            continue;
        }
        let rest = &run.bytes[position..];
        // A word that only ends like this is another one.
        let is_inside = position > 0 && run.bytes[position - 1].is_ascii_alphanumeric();
        let of_machine = || {
            let found = machine.iter().filter(|text| {
                let text = text.text.as_bytes();
                rest.starts_with(text) && !rest.get(text.len()).is_some_and(u8::is_ascii_alphanumeric)
            });
            // The working directory is often below the home directory.
            let text = found.max_by_key(|text| text.text.len());
            text.map(|text| (text.what.clone(), text.text.len()))
        };
        let of_form = || {
            let mut forms = FORMS
                .iter()
                .filter(|form| rest.starts_with(form.start.as_bytes()));
            forms.find_map(|form| Some((form.what.to_owned(), form.length(rest)?)))
        };
        if let Some((what, length)) = (!is_inside).then(|| of_form().or_else(of_machine)).flatten() {
            let start = run.offset + position as u64;
            found.push((what, start..start + length as u64));
            after = position + length;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{InstanceState, MemoryState};

    /// What is found in a memory with this text.
    fn found(text: &str, guest: &str) -> Vec<(String, String)> {
        let text_of = |what: &str, text: &str| MachineText {
            what: what.to_owned(),
            text: text.to_owned(),
            is_secret: false,
        };
        let machine = [
            text_of("the home directory", "/home/ada"),
            text_of("the working directory", "/home/ada/guest"),
        ];
        let snapshot = Snapshot {
            instances: vec![InstanceState {
                memories: vec![MemoryState {
                    index: MemoryIndex(0),
                    pages: 1,
                    runs: vec![Run {
                        offset: 1000,
                        bytes: text.as_bytes().to_vec(),
                    }],
                }],
                ..InstanceState::default()
            }],
            ..Snapshot::default()
        };
        let leaks = find(&snapshot, guest.as_bytes(), &machine, &[]);
        let leaks = leaks.into_iter().map(|leak| {
            let place = |address: u64| usize::try_from(address - 1000).expect("it is small");
            let text = &text[place(leak.range.start)..place(leak.range.end)];
            (leak.what, text.to_owned())
        });
        leaks.collect()
    }

    #[track_caller]
    fn check(text: &str, what: &str, secret: &str) {
        assert_eq!(found(text, ""), [(what.to_owned(), secret.to_owned())], "{text}");
        assert!(found(text, &format!("..{secret}..")).is_empty(), "{text}");
    }

    #[test]
    fn secrets_are_known_by_their_form() {
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";
        check(
            "key=AKIAIOSFODNN7EXAMPLE;",
            "an access key of AWS",
            "AKIAIOSFODNN7EXAMPLE",
        );
        for (start, what) in [
            ("ghp_", "a token of GitHub"),
            ("npm_", "a token of npm"),
            ("sk_live_", "a key of Stripe"),
        ] {
            let secret = format!("{start}{letters}");
            check(&format!("\"{secret}\""), what, &secret);
        }
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
        check(&format!("Bearer {token} "), "a JSON web token", token);
        check(
            "x\n-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE",
            "a private key",
            "-----BEGIN EC PRIVATE KEY-----",
        );
    }

    #[test]
    fn what_only_looks_like_one() {
        for text in [
            "AKIA",
            "AKIAIOSFODNN7EXAMPL",
            "xAKIAIOSFODNN7EXAMPLE",
            "ghp_short",
            "eyJhbGciOiJIUzI1NiJ9.eyJ",
            "eyJhbGciOiJIUzI1NiJ9",
            "-----BEGIN CERTIFICATE-----",
            "-----BEGIN PUBLIC KEY-----",
            "-----BEGIN PRIVATE KEY",
            "/home/adam",
            "x/home/ada",
        ] {
            assert!(found(text, "").is_empty(), "{text}");
        }
    }

    #[test]
    fn texts_of_the_machine() {
        check("in /home/ada/other", "the home directory", "/home/ada");
        check(
            "in /home/ada/guest/src",
            "the working directory",
            "/home/ada/guest",
        );
        assert_eq!(found("/home/ada:/home/ada", "").len(), 2);
    }
}
