//! `poll_oneoff`: waits that take no real time.
//!
//! Files, output and standard input are always ready. If one of the subscriptions is to one of these or to a time that has passed,
//! the call returns at once. If all are to times in the future, the clocks move to the earliest one. Every subscription that is
//! due then gets an event.

use super::HostWasi;
use super::abi::{Answer, Errno, Failure, GuestMemory, Span, field, length};
use super::clock::{ClockId, Timeout};
use super::descriptors::Descriptor;

/// The sizes of `subscription` and `event`, in bytes.
const SUBSCRIPTION: u32 = 48;
const EVENT: usize = 32;

/// `eventtype`.
const CLOCK: u8 = 0;
const FD_READ: u8 = 1;
const FD_WRITE: u8 = 2;

/// `subclockflags`.
const ABSOLUTE: u16 = 1 << 0;

/// `eventrwflags`: there is nothing more to read.
const HANGUP: u16 = 1 << 0;

/// What the guest waits for: a clock, or a descriptor that is ready.
#[derive(Debug, Clone, Copy)]
struct Subscription {
    user_data: [u8; 8],
    ty: u8,
    /// The number of the clock or of the descriptor.
    number: u32,
    timeout: u64,
    flags: u16,
}

/// The result of a subscription, as the guest sees it.
#[derive(Debug, Clone, Copy, Default)]
struct Event {
    error: u16,
    /// How many bytes can be read or written.
    bytes: u64,
    flags: u16,
}

/// When a subscription has an event.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    Now(Event),
    /// In this many nanoseconds.
    In(u64),
}

impl Subscription {
    fn read(bytes: &[u8]) -> Self {
        let [ty] = field(bytes, 8);
        Self {
            user_data: field(bytes, 0),
            ty,
            number: u32::from_le_bytes(field(bytes, 16)),
            timeout: u64::from_le_bytes(field(bytes, 24)),
            flags: u16::from_le_bytes(field(bytes, 40)),
        }
    }

    fn event(&self, event: Event) -> [u8; EVENT] {
        let mut bytes = [0; EVENT];
        bytes[0..8].copy_from_slice(&self.user_data);
        bytes[8..10].copy_from_slice(&event.error.to_le_bytes());
        bytes[10] = self.ty;
        bytes[16..24].copy_from_slice(&event.bytes.to_le_bytes());
        bytes[24..26].copy_from_slice(&event.flags.to_le_bytes());
        bytes
    }
}

impl HostWasi {
    pub(super) fn poll_oneoff(
        &mut self,
        memory: &mut GuestMemory<'_>,
        subscriptions: Span,
        events: u32,
        result: u32,
    ) -> Answer {
        if subscriptions.length == 0 {
            return Err(Errno::Inval.into());
        }
        let subscriptions = memory.array(subscriptions, SUBSCRIPTION)?;
        let subscriptions: Vec<Subscription> = subscriptions.map(Subscription::read).collect();
        let mut outcomes = Vec::new();
        for subscription in &subscriptions {
            // An error of one subscription is its event; the others do not fail.
            outcomes.push(match self.outcome(subscription) {
                Err(Failure::Errno(errno)) => Outcome::Now(Event {
                    error: errno as u16,
                    ..Event::default()
                }),
                outcome => outcome?,
            });
        }
        let waits = outcomes.iter().map(|outcome| match outcome {
            Outcome::Now(_) => 0,
            Outcome::In(duration) => *duration,
        });
        let slept = waits.min().unwrap_or(0);
        if subscriptions.iter().any(|subscription| subscription.ty == CLOCK) {
            self.clock.wait(slept);
        }
        let mut written = Vec::new();
        for (subscription, outcome) in subscriptions.iter().zip(outcomes) {
            match outcome {
                Outcome::Now(event) => written.extend(subscription.event(event)),
                Outcome::In(duration) if duration <= slept => {
                    written.extend(subscription.event(Event::default()));
                }
                Outcome::In(_) => {}
            }
        }
        memory.write(events, &written)?;
        memory.write_u32(result, length(written.len() / EVENT)?)
    }

    fn outcome(&mut self, subscription: &Subscription) -> Answer<Outcome> {
        match subscription.ty {
            CLOCK => {
                let id = ClockId::new(subscription.number)?;
                let timeout = match subscription.flags {
                    0 => Timeout::After(subscription.timeout),
                    ABSOLUTE => Timeout::At(subscription.timeout),
                    _ => return Err(Errno::Inval.into()),
                };
                Ok(Outcome::In(self.clock.until(id, timeout)))
            }
            FD_READ => self.readable(subscription.number).map(Outcome::Now),
            FD_WRITE => self.writable(subscription.number).map(Outcome::Now),
            _ => Err(Errno::Inval.into()),
        }
    }

    fn readable(&mut self, fd: u32) -> Answer<Event> {
        let bytes = match self.descriptors.get(fd)? {
            Descriptor::File(file) => file.size(&self.files)?.saturating_sub(file.position),
            // How much input there is, is not known before it is read.
            Descriptor::Input => 1,
            Descriptor::Output | Descriptor::ErrorOutput | Descriptor::Directory { .. } => {
                return Err(Errno::Badf.into());
            }
        };
        Ok(Event {
            error: 0,
            bytes,
            flags: if bytes == 0 { HANGUP } else { 0 },
        })
    }

    fn writable(&mut self, fd: u32) -> Answer<Event> {
        match self.descriptors.get(fd)? {
            Descriptor::Output | Descriptor::ErrorOutput => Ok(Event {
                bytes: 1,
                ..Event::default()
            }),
            Descriptor::Input | Descriptor::Directory { .. } | Descriptor::File(_) => Err(Errno::Badf.into()),
        }
    }
}
