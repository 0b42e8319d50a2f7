//! Virtual time: the same in every bake.
//!
//! Only the guest's calls move it: a reading by [`STEP`], a wait by its duration. So a guest that waits for a time reaches it,
//! whether it sleeps or reads the clock in a loop, and a wait takes no real time. The wall clock starts where the options say, all
//! other clocks at 0. A clock moves before it is read, so no reading is 0: runtimes take 0 for "there is no such clock".

use super::HostWasi;
use super::abi::{Answer, Errno, GuestMemory};

/// How much time a reading takes, in nanoseconds: about as much as on real machines. An init that measures itself gets a small
/// duration that is not 0, and one that reads the clock until five seconds have passed is done within a second.
const STEP: u64 = 1_000;

/// Where the wall clock starts if the options do not say, in seconds since the Unix epoch: 2026-01-01. The date is recent enough to
/// be valid where certificates or tokens are checked, and round, so that one can see that it is not real.
const START: u64 = 1_767_225_600;

const NANOSECONDS: u64 = 1_000_000_000;

/// `clockid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClockId {
    /// The time since the Unix epoch.
    Wall,
    /// The time since the start of virtual time. The CPU-time clocks show the same: a guest that waits counts as working.
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
    /// This long after now.
    After(u64),
    /// When the clock shows this time.
    At(u64),
}

/// All clocks. Every reading and every wait moves all of them.
#[derive(Debug)]
pub(super) struct Clock {
    /// Where the wall clock starts, in nanoseconds since the Unix epoch.
    start: u64,
    /// Where the others start, in nanoseconds.
    running_start: u64,
    /// How much virtual time has passed, in nanoseconds. It saturates, as all times do.
    passed: u64,
    reads: u64,
    waits: u64,
}

impl Clock {
    /// `start` is where the wall clock starts, in seconds since the Unix epoch.
    pub(super) fn new(start: Option<u64>) -> Self {
        Self {
            start: start.unwrap_or(START).saturating_mul(NANOSECONDS),
            running_start: 0,
            passed: 0,
            reads: 0,
            waits: 0,
        }
    }

    /// Has all clocks start at other times: three years, some months, days and hours later, or earlier where time would end. Durations stay
    /// the same.
    pub(super) fn shift(&mut self) {
        const YEARS: u64 = 106_543_210 * NANOSECONDS + 987_654_321;
        let later = self.start.checked_add(2 * YEARS).map(|_| self.start + YEARS);
        self.start = later.unwrap_or_else(|| self.start.saturating_sub(YEARS));
        self.running_start = 12_345 * NANOSECONDS + 678_901_234;
    }

    /// Where the wall clock starts, in nanoseconds since the Unix epoch.
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    /// How often a clock was read.
    pub(super) fn reads(&self) -> u64 {
        self.reads
    }

    /// How often the guest waited for a clock, or polled one for a time that had passed.
    pub(super) fn waits(&self) -> u64 {
        self.waits
    }

    /// What the clocks show that are not the wall clock, in nanoseconds.
    pub(super) fn running(&self) -> u64 {
        self.now(ClockId::Running)
    }

    pub(super) fn read(&mut self, id: ClockId) -> u64 {
        self.reads += 1;
        self.pass(STEP);
        self.now(id)
    }

    fn now(&self, id: ClockId) -> u64 {
        match id {
            ClockId::Wall => self.start.saturating_add(self.passed),
            ClockId::Running => self.running_start.saturating_add(self.passed),
        }
    }

    /// How long a wait takes from now, in nanoseconds.
    pub(super) fn until(&self, id: ClockId, timeout: Timeout) -> u64 {
        match timeout {
            Timeout::After(duration) => duration,
            Timeout::At(time) => time.saturating_sub(self.now(id)),
        }
    }

    /// Waits this many nanoseconds. A wait of 0 moves time as a reading does, so a guest that polls in a loop reaches its time.
    pub(super) fn wait(&mut self, duration: u64) {
        self.waits += 1;
        self.pass(if duration > 0 { duration } else { STEP });
    }

    /// Whether the running clock shows this time. Asking moves time as a reading does, so a guest that asks in a loop gets there.
    pub(super) fn poll(&mut self, time: u64) -> bool {
        self.wait(0);
        self.now(ClockId::Running) >= time
    }

    fn pass(&mut self, duration: u64) {
        self.passed = self.passed.saturating_add(duration);
    }
}

impl HostWasi {
    pub(super) fn clock_res_get(&mut self, memory: &mut GuestMemory<'_>, id: u32, result: u32) -> Answer {
        ClockId::new(id)?;
        // Waits are exact to the nanosecond.
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
