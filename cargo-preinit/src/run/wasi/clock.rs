//! Virtual time: the same in every bake.
//!
//! Nothing but the guest moves it. A reading moves it by [`STEP`] and a wait by what was waited for, so that whoever waits for
//! time to pass gets there, be it by sleeping or by asking again and again, and no time is spent on it. The clocks start at
//! nothing, or where the options say, and are moved before they are read: no reading is 0, which runtimes take for "there is
//! no such clock".

use super::HostWasi;
use super::abi::{Answer, Errno, GuestMemory};

/// What a reading takes, in nanoseconds: about what it takes on a machine. An init that measures itself finds a time that is
/// small and not 0, and one that asks until five seconds have passed is done within a second.
const STEP: u64 = 1_000;

/// Where the wall clock starts unless the options say, in seconds since the Unix epoch: at the beginning of 2026. It is a date
/// of these days, which passes for one where certificates or tokens are looked at, and a round one, which shows that it is made up.
const START: u64 = 1_767_225_600;

const NANOSECONDS: u64 = 1_000_000_000;

/// `clockid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClockId {
    /// Counts from the Unix epoch.
    Wall,
    /// Counts from where time starts, as do those of the processor: who waits is taken to work.
    Running,
}

impl ClockId {
    pub(super) fn new(number: u32) -> Answer<Self> {
        match number {
            0 => Ok(Self::Wall),
            1..=3 => Ok(Self::Running),
            _ => Err(Errno::Inval.into()),
        }
    }
}

/// When a wait ends, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timeout {
    /// So long after now.
    After(u64),
    /// When the clock shows this.
    At(u64),
}

/// All clocks: they go together.
#[derive(Debug)]
pub(super) struct Clock {
    /// Where the wall clock starts, in nanoseconds since the Unix epoch.
    start: u64,
    /// How much time has passed, in nanoseconds. As all times it saturates.
    passed: u64,
    reads: u64,
    waits: u64,
}

impl Clock {
    /// `start` is where the wall clock starts, in seconds since the Unix epoch.
    pub(super) fn new(start: Option<u64>) -> Self {
        Self {
            start: start.unwrap_or(START).saturating_mul(NANOSECONDS),
            passed: 0,
            reads: 0,
            waits: 0,
        }
    }

    /// Where the wall clock starts, in nanoseconds since the Unix epoch.
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    /// How often a clock was read.
    pub(super) fn reads(&self) -> u64 {
        self.reads
    }

    /// How often something waited for a clock, or asked whether a time had come.
    pub(super) fn waits(&self) -> u64 {
        self.waits
    }

    fn read(&mut self, id: ClockId) -> u64 {
        self.reads += 1;
        self.pass(STEP);
        self.now(id)
    }

    fn now(&self, id: ClockId) -> u64 {
        match id {
            ClockId::Wall => self.start.saturating_add(self.passed),
            ClockId::Running => self.passed,
        }
    }

    /// How long it is until then, in nanoseconds.
    pub(super) fn until(&self, id: ClockId, timeout: Timeout) -> u64 {
        match timeout {
            Timeout::After(duration) => duration,
            Timeout::At(time) => time.saturating_sub(self.now(id)),
        }
    }

    /// Waits for so many nanoseconds. To ask whether a time has come is to read a clock, so who asks again and again gets there.
    pub(super) fn wait(&mut self, duration: u64) {
        self.waits += 1;
        self.pass(if duration > 0 { duration } else { STEP });
    }

    fn pass(&mut self, duration: u64) {
        self.passed = self.passed.saturating_add(duration);
    }
}

impl HostWasi {
    pub(super) fn clock_res_get(&mut self, memory: &mut GuestMemory<'_>, id: u32, result: u32) -> Answer {
        ClockId::new(id)?;
        // What is slept is slept to the nanosecond.
        memory.write_u64(result, 1)
    }

    pub(super) fn clock_time_get(&mut self, memory: &mut GuestMemory<'_>, id: u32, result: u32) -> Answer {
        let now = self.clock.read(ClockId::new(id)?);
        memory.write_u64(result, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = NANOSECONDS;

    #[test]
    fn readings_and_waits_move_all_clocks() {
        let mut clock = Clock::new(Some(7));
        assert_eq!(clock.read(ClockId::Running), STEP);
        assert_eq!(clock.read(ClockId::Wall), 7 * SECOND + 2 * STEP);
        clock.wait(SECOND);
        assert_eq!(clock.read(ClockId::Running), SECOND + 3 * STEP);
        assert_eq!(clock.read(ClockId::Wall), 8 * SECOND + 4 * STEP);
        clock.wait(0);
        assert_eq!(clock.read(ClockId::Running), SECOND + 6 * STEP);
        assert_eq!((clock.reads(), clock.waits(), clock.start()), (5, 2, 7 * SECOND));
    }

    #[test]
    fn no_clock_reads_zero_even_at_the_epoch() {
        let mut clock = Clock::new(Some(0));
        assert_eq!(clock.read(ClockId::Wall), STEP);
    }

    #[test]
    fn the_date_is_the_first_of_a_year() {
        let days = START / 86_400;
        assert_eq!((START % 86_400, days), (0, 56 * 365 + 14));
    }

    #[test]
    fn how_long_it_is_until_then() {
        let mut clock = Clock::new(Some(1));
        clock.wait(5);
        assert_eq!(clock.until(ClockId::Wall, Timeout::After(3)), 3);
        assert_eq!(clock.until(ClockId::Running, Timeout::At(12)), 7);
        assert_eq!(clock.until(ClockId::Running, Timeout::At(5)), 0);
        assert_eq!(clock.until(ClockId::Running, Timeout::At(1)), 0);
        assert_eq!(clock.until(ClockId::Wall, Timeout::At(SECOND + 12)), 7);
        assert_eq!(clock.until(ClockId::Wall, Timeout::At(12)), 0);
    }

    #[test]
    fn time_ends_and_does_not_start_anew() {
        let mut clock = Clock::new(Some(u64::MAX));
        assert_eq!(clock.read(ClockId::Wall), u64::MAX);
        assert_eq!(
            clock.until(ClockId::Running, Timeout::At(u64::MAX)),
            u64::MAX - STEP
        );
        clock.wait(u64::MAX);
        assert_eq!(clock.read(ClockId::Running), u64::MAX);
        assert_eq!(clock.until(ClockId::Running, Timeout::At(u64::MAX)), 0);
        assert_eq!(clock.until(ClockId::Running, Timeout::After(9)), 9);
    }
}
