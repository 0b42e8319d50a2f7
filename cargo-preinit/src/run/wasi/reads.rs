//! What each step asked WASI for, how often, and where in the guest.
//!
//! A function of WASI changes tallies. Behind each call they are compared with those before it, so no function can be forgotten. Stacks
//! are taken for the first calls of each kind in a step only.

use std::fmt;

use super::HostWasi;
use super::random::Keys;
use crate::guest::Guest;
use crate::guest::index::InstanceId;
use crate::init::GuestPlan;
use crate::options::WarningKind;
use crate::run::guest_stack::GuestStack;
use crate::run::site::Site;

/// How many calls of a kind a step's stacks are taken of.
const SITES: usize = 3;

/// How many paths are kept of a step.
const PATHS: usize = 100;

/// What a step asked WASI for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What it is.
    pub source: Source,
    /// How many calls of WASI were about it.
    pub calls: u64,
    /// How many bytes were drawn, of random numbers; 0 for anything else.
    pub bytes: u64,
    /// The paths that were looked up, in the order in which they were; at most a hundred.
    pub paths: Vec<String>,
    /// Where the first calls were made, each place once.
    pub sites: Vec<Site>,
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Random numbers.
    Random,
    /// Keys of hash maps that Rust's standard library made of addresses, since its target has no random numbers.
    HashKeys,
    /// What a clock shows.
    Clock,
    /// A wait for a clock.
    Wait,
    /// Environment variables.
    Environment,
    /// Arguments.
    Arguments,
    /// Directories, and files in them.
    Directories,
    /// Standard input.
    Stdin,
}

impl Source {
    /// Those that WASI's tallies tell.
    const TALLIED: [Self; 7] = [
        Self::Random,
        Self::Clock,
        Self::Wait,
        Self::Environment,
        Self::Arguments,
        Self::Directories,
        Self::Stdin,
    ];

    /// The kind of the warning about it.
    #[must_use]
    pub fn kind(self) -> WarningKind {
        match self {
            Self::Random => WarningKind::Random,
            Self::HashKeys => WarningKind::HashKeys,
            Self::Clock | Self::Wait => WarningKind::Clock,
            Self::Environment => WarningKind::Environment,
            Self::Arguments => WarningKind::Arguments,
            Self::Directories => WarningKind::Directories,
            Self::Stdin => WarningKind::Stdin,
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            // The warning about it is that about clocks.
            Self::Wait => "wait",
            source => source.kind().code(),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Random => "random numbers",
            Self::HashKeys => "addresses, for the keys of hash maps",
            Self::Clock => "the clock",
            Self::Wait => "the clock, to wait",
            Self::Environment => "the environment",
            Self::Arguments => "the arguments",
            Self::Directories => "directories",
            Self::Stdin => "standard input",
        })
    }
}

impl Read {
    /// Keys that were made of addresses.
    pub(in crate::run) fn of_hash_keys() -> Self {
        Self {
            source: Source::HashKeys,
            calls: 1,
            bytes: 0,
            paths: Vec::new(),
            sites: Vec::new(),
        }
    }

    /// Replaces the run copy's copy of the constructors by the guest's function, in a step of this instance.
    pub(in crate::run) fn in_terms_of(&mut self, guest: &Guest<'_>, plan: &GuestPlan, id: InstanceId) {
        let Some(node) = guest.instance(id) else {
            return;
        };
        for site in &mut self.sites {
            site.backtrace.in_terms_of(&node, plan);
        }
    }
}

/// How often each source was asked so far; of random numbers, how many bytes.
type Tally = [u64; Source::TALLIED.len()];

/// What the steps asked for.
#[derive(Debug, Default)]
pub(super) struct Reads {
    /// What was seen behind the last call.
    seen: Tally,
    /// How often a path was looked up.
    lookups: u64,
    /// The paths that the current call looked up.
    paths: Vec<String>,
    /// Of the step that runs, in the order in which it asked.
    of_step: Vec<Read>,
    /// The entries of `of_step` that want the stack of the last call.
    wanted: Vec<usize>,
    /// What the last call drew, if that may be the keys of a hash map.
    keys: Option<Keys>,
    /// The keys of hash maps that std drew.
    hash_keys: Vec<Keys>,
}

impl Reads {
    /// Records that a path is looked up, as the guest names it.
    pub(super) fn look_up(&mut self, path: String) {
        self.lookups += 1;
        self.paths.push(path);
    }

    /// Compares the tallies with those before the call that has just been answered. Returns whether the guest's stack is wanted.
    fn see(&mut self, now: Tally) -> bool {
        self.wanted.clear();
        for (source, (now, before)) in Source::TALLIED.into_iter().zip(now.into_iter().zip(self.seen)) {
            let more = now.saturating_sub(before);
            if more == 0 {
                continue;
            }
            let position = self.of_step.iter().position(|read| read.source == source);
            let position = position.unwrap_or_else(|| {
                self.of_step.push(Read {
                    source,
                    calls: 0,
                    bytes: 0,
                    paths: Vec::new(),
                    sites: Vec::new(),
                });
                self.of_step.len() - 1
            });
            let read = &mut self.of_step[position];
            read.calls += 1;
            if source == Source::Random {
                read.bytes += more;
            }
            if source == Source::Directories {
                for path in self.paths.drain(..) {
                    if read.paths.len() < PATHS && !read.paths.contains(&path) {
                        read.paths.push(path);
                    }
                }
            }
            if read.calls <= SITES as u64 {
                self.wanted.push(position);
            }
        }
        self.seen = now;
        self.paths.clear();
        !self.wanted.is_empty()
    }

    fn add_site(&mut self, site: &Site) {
        for position in self.wanted.drain(..) {
            let sites = &mut self.of_step[position].sites;
            if !sites.contains(site) {
                sites.push(site.clone());
            }
        }
    }
}

impl HostWasi {
    fn tally(&self) -> Tally {
        Source::TALLIED.map(|source| match source {
            Source::Random => self.random.draws(),
            Source::Clock => self.clock.reads(),
            Source::Wait => self.clock.waits(),
            Source::Environment => self.asked.environment,
            Source::Arguments => self.asked.arguments,
            Source::Directories => self.descriptors.directories_asked_for() + self.reads.lookups,
            Source::Stdin => self.asked.input,
            Source::HashKeys => 0,
        })
    }

    /// Records what the call that has just been answered asked for. Returns whether [`record_stack`](Self::record_stack) is wanted.
    pub(super) fn record(&mut self) -> bool {
        let now = self.tally();
        self.reads.keys = self.random.take_keys();
        let is_wanted = now != self.reads.seen && self.reads.see(now);
        is_wanted || self.reads.keys.is_some()
    }

    /// Records where in the guest the call was made that was recorded last.
    pub(super) fn record_stack(&mut self, stack: GuestStack) {
        let site = Site::of(stack);
        let keys = self.reads.keys.take();
        if site.is_std_drawing_keys() {
            self.reads.hash_keys.extend(keys);
        }
        self.reads.add_site(&site);
    }

    /// The keys of hash maps that std drew, in the order in which it did.
    pub(in crate::run) fn hash_keys(&self) -> &[Keys] {
        &self.reads.hash_keys
    }

    /// What was asked for since this was called last: by the step that has just run.
    pub(in crate::run) fn take_reads(&mut self) -> Vec<Read> {
        std::mem::take(&mut self.reads.of_step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::guest_stack::Frame;

    fn tally(entries: &[(Source, u64)]) -> Tally {
        Source::TALLIED.map(|source| {
            let entry = entries.iter().find(|(of, _)| *of == source);
            entry.map_or(0, |(_, count)| *count)
        })
    }

    #[test]
    fn calls_are_counted_and_the_first_ones_have_stacks() {
        let mut reads = Reads::default();
        for call in 1..=5 {
            let wants = reads.see(tally(&[(Source::Random, 16 * call)]));
            assert_eq!(wants, call <= 3, "{call}");
            if wants {
                let name = if call == 1 { "guest::first" } else { "guest::later" };
                reads.add_site(&Site::of(GuestStack(vec![Frame {
                    index: 0,
                    name: Some(name.to_owned()),
                }])));
            }
        }
        let [read] = &reads.of_step[..] else {
            panic!("{reads:?}");
        };
        assert_eq!((read.source, read.calls, read.bytes), (Source::Random, 5, 80));
        let functions: Vec<_> = read.sites.iter().map(|site| site.function.as_deref()).collect();
        assert_eq!(functions, [Some("guest::first"), Some("guest::later")]);
    }

    #[test]
    fn paths_are_kept_once_and_only_so_many() {
        let mut reads = Reads::default();
        for number in 0..300_u64 {
            reads.look_up((number / 2).to_string());
            reads.see(tally(&[(Source::Directories, number + 1)]));
        }
        let paths = &reads.of_step[0].paths;
        assert_eq!((paths.len(), paths[1].as_str()), (PATHS, "1"));
        assert_eq!(reads.of_step[0].calls, 300);
    }
}
