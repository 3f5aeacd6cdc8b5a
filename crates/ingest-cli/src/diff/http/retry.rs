//! When a request is repeated.

use std::time::{Duration, SystemTime};

/// The longest that a host may ask to wait. If it asks for more, its reply counts as final.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// The first pause before a request is repeated. Each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest of these pauses.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What to do after a reply with a status that may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Repeat the request after a pause.
    Pause(Duration),
    /// Send nothing to the host for as long as it asks for, then repeat the request.
    HostPause(Duration),
    /// Take the reply as it is.
    Stop,
}

/// Whether a request with this status may be repeated.
pub fn may_change(status: u16) -> bool {
    status == 429 || (500..600).contains(&status)
}

/// What to do after the reply to a request that has been repeated so many times.
pub fn after(repeats: u8, retry_after: Option<&str>, now: SystemTime) -> Next {
    match retry_after.and_then(|text| wait(text, now)) {
        Some(wait) if wait > LONGEST_WAIT => Next::Stop,
        Some(wait) => Next::HostPause(wait),
        None => Next::Pause(pause(repeats)),
    }
}

/// The pause before a request is repeated for the next time.
pub fn pause(repeats: u8) -> Duration {
    FIRST_PAUSE.saturating_mul(1 << repeats.min(16)).min(LONGEST_PAUSE)
}

/// The time of a `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
fn wait(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_host_says_how_long_to_wait() {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_700);
        let seconds = Duration::from_secs;
        let after = |text| after(1, Some(text), now);
        assert_eq!(after(" 7 "), Next::HostPause(seconds(7)));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Next::HostPause(seconds(77)));
        assert_eq!(after("Sun, 06 Nov 1994 08:00:00 GMT"), Next::HostPause(seconds(0)));
        assert_eq!(after("86400"), Next::Stop);
        assert_eq!(after("soon"), Next::Pause(seconds(2)));
    }

    #[test]
    fn pauses_double_up_to_a_bound() {
        let pauses: Vec<u64> = (0..7).map(|repeats| pause(repeats).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(pause(255), LONGEST_PAUSE);
    }
}
