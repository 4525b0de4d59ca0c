//! The clock of this computer, with the time zone that it is set to.

use kosha::{Clock, SystemClock};

/// Tells the time, and how far the clock on the wall is from UTC.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LocalClock;

impl Clock for LocalClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms()
    }

    fn offset_minutes(&self) -> Option<i16> {
        i16::try_from(chrono::Local::now().offset().local_minus_utc() / 60).ok()
    }
}
