//! The test clock of a sandbox, and the only place that reads the machine's time.

use std::time::{Instant, SystemTime};

use crate::loyalty::time::{Period, Time};

/// The machine's time, to the millisecond.
pub fn real_now() -> Time {
    #[allow(clippy::disallowed_methods)] // this is the module that reads the time
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).ok().and_then(Time::from_millis).unwrap_or(Time::MAX)
}

/// A point on the machine's monotonic clock: for durations that are measured and deadlines that are real.
pub fn stopwatch() -> Instant {
    #[allow(clippy::disallowed_methods)] // this is the module that reads the time
    Instant::now()
}

/// A sandbox's time: follows the machine's clock, or is frozen and advanced by hand. Never goes back.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    mode: Mode,
    /// The latest time it has shown: a machine's clock that is set back does not take it back.
    latest: Time,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    /// The machine's time and so many milliseconds.
    Live { offset_ms: i64 },
    /// A moment, and how far it was moved by hand since.
    Frozen { at: Time, advanced_ms: i64 },
}

/// Why a clock cannot be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// The time asked for is before the clock's own.
    #[error("time never goes back: the sandbox's clock shows {now}, and {asked} is earlier")]
    Backwards {
        /// What the clock shows.
        now: Time,
        /// What was asked for.
        asked: Time,
    },
    /// The time asked for is after the year 9999.
    #[error("the clock cannot go beyond the year 9999")]
    TooFar,
}

/// What a clock shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockReading {
    /// The sandbox's time.
    pub now: Time,
    /// Whether it stands still.
    pub frozen: bool,
    /// How far it was moved: live, from the machine's clock; frozen, from where it was frozen.
    pub offset_ms: i64,
}

impl Clock {
    /// A clock that follows the machine's.
    pub fn live() -> Clock {
        Clock { mode: Mode::Live { offset_ms: 0 }, latest: real_now() }
    }

    /// A clock that stands at `at`.
    pub fn frozen(at: Time) -> Clock {
        Clock { mode: Mode::Frozen { at, advanced_ms: 0 }, latest: at }
    }

    /// The sandbox's time.
    pub fn now(&mut self) -> Time {
        let shown = match self.mode {
            Mode::Live { offset_ms } => shifted(real_now(), offset_ms),
            Mode::Frozen { at, advanced_ms } => shifted(at, advanced_ms),
        };
        self.latest = self.latest.max(shown);
        self.latest
    }

    /// The latest time it has shown.
    pub fn latest(&self) -> Time {
        self.latest
    }

    /// All that the clock shows.
    pub fn reading(&mut self) -> ClockReading {
        let now = self.now();
        let (frozen, offset_ms) = match self.mode {
            Mode::Live { offset_ms } => (false, offset_ms),
            Mode::Frozen { advanced_ms, .. } => (true, advanced_ms),
        };
        ClockReading { now, frozen, offset_ms }
    }

    /// Moves the clock on by `period`.
    pub fn advance_by(&mut self, period: Period) -> Result<(), ClockError> {
        let to = self.now().checked_add(period).ok_or(ClockError::TooFar)?;
        self.advance_to(to)
    }

    /// Moves the clock on to `to`; a live one goes on from there.
    pub fn advance_to(&mut self, to: Time) -> Result<(), ClockError> {
        let now = self.now();
        if to < now {
            return Err(ClockError::Backwards { now, asked: to });
        }
        let by = to.millis() - now.millis();
        match &mut self.mode {
            Mode::Live { offset_ms } => *offset_ms += by,
            Mode::Frozen { advanced_ms, .. } => *advanced_ms += by,
        }
        self.latest = to;
        Ok(())
    }

    /// Stops the clock where it stands, or at `at`.
    pub fn freeze(&mut self, at: Option<Time>) -> Result<(), ClockError> {
        let now = self.now();
        let at = at.unwrap_or(now);
        if at < now {
            return Err(ClockError::Backwards { now, asked: at });
        }
        *self = Clock::frozen(at);
        Ok(())
    }

    /// Lets the clock go on from its own now. A live one just goes on.
    pub fn resume(&mut self) {
        if let Mode::Frozen { .. } = self.mode {
            let offset_ms = self.now().millis() - real_now().millis();
            self.mode = Mode::Live { offset_ms };
        }
    }
}

fn shifted(time: Time, by_ms: i64) -> Time {
    Time::from_millis(time.millis().saturating_add(by_ms)).unwrap_or(Time::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    #[test]
    fn a_frozen_clock_moves_only_by_hand() {
        let mut clock = Clock::frozen(time("2026-01-01T00:00:00Z"));
        assert_eq!(clock.now(), time("2026-01-01T00:00:00Z"));
        clock.advance_by(Period::minutes(11)).unwrap();
        let reading = clock.reading();
        assert_eq!((reading.now, reading.frozen), (time("2026-01-01T00:11:00Z"), true));
        assert_eq!(reading.offset_ms, 660_000);
    }

    #[test]
    fn time_never_goes_back() {
        let now = time("2026-01-01T00:00:00Z");
        let mut clock = Clock::frozen(now);
        let asked = time("2025-12-31T23:59:59.999Z");
        assert_eq!(clock.advance_to(asked), Err(ClockError::Backwards { now, asked }));
        assert_eq!(clock.freeze(Some(asked)), Err(ClockError::Backwards { now, asked }));
        assert_eq!(clock.advance_to(now), Ok(()));
        assert_eq!(clock.advance_by(Period::days(4_000_000)), Err(ClockError::TooFar));
        assert_eq!(clock.now(), now);
    }

    #[test]
    fn a_resumed_clock_goes_on_from_its_own_now() {
        let start = time("2040-01-01T00:00:00Z");
        let mut clock = Clock::frozen(start);
        clock.resume();
        let reading = clock.reading();
        assert!(!reading.frozen);
        assert!(reading.now >= start && reading.now < start + Period::minutes(1));
    }

    #[test]
    fn a_live_clock_can_run_ahead() {
        let mut clock = Clock::live();
        clock.advance_by(Period::days(30)).unwrap();
        assert_eq!(clock.reading().offset_ms, Period::days(30).millis());
    }
}
