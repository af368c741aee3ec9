//! Signed timestamps.

use core::time::Duration;

use crate::rejection::{Rejection, RejectionKind};

/// The number of digits of `u64::MAX`.
const MAX_DIGITS: usize = 20;

/// Parses decimal digits, without a sign or leading zeros.
pub(super) fn parse(digits: &[u8]) -> Option<u64> {
    let is_number = match digits {
        b"0" => true,
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if !is_number || digits.len() > MAX_DIGITS {
        return None;
    }
    core::str::from_utf8(digits).ok()?.parse().ok()
}

/// Compares a timestamp with the clock, in seconds since 1970. Only the clock is added to or subtracted from,
/// because the timestamp may be any `u64`.
pub(super) fn check(
    timestamp: u64,
    tolerance: Duration,
    now: Option<u64>,
) -> Result<(), Rejection> {
    let now = now.ok_or_else(|| Rejection::new(RejectionKind::NotConfigured))?;
    let tolerance = tolerance.as_secs();
    if timestamp < now.saturating_sub(tolerance) {
        return Err(Rejection::new(RejectionKind::TimestampTooOld));
    }
    if timestamp > now.saturating_add(tolerance) {
        return Err(Rejection::new(RejectionKind::TimestampInFuture));
    }
    Ok(())
}

#[cfg(all(test, not(hubseal_loom)))]
mod tests {
    use super::*;

    #[test]
    fn parses_decimal_digits_only() {
        let parsed = [
            ("0", Some(0)),
            ("7", Some(7)),
            ("1649367553", Some(1_649_367_553)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("99999999999999999999", None),
            ("184467440737095516150", None),
            ("", None),
            ("00", None),
            ("01", None),
            ("+1", None),
            ("-1", None),
            (" 1", None),
            ("1 ", None),
            ("1.0", None),
            ("1e3", None),
            ("0x1", None),
            ("1_0", None),
            ("\u{661}", None),
        ];
        for (text, expected) in parsed {
            assert_eq!(parse(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn compares_with_clock_without_overflow() {
        let kind = |timestamp, tolerance, now| {
            let checked = check(timestamp, Duration::from_millis(tolerance), now);
            checked.err().map(|rejection| rejection.kind())
        };
        let (old, future) = (
            Some(RejectionKind::TimestampTooOld),
            Some(RejectionKind::TimestampInFuture),
        );
        assert_eq!(kind(1_000, 300_999, Some(1_300)), None);
        assert_eq!(kind(999, 300_999, Some(1_300)), old);
        assert_eq!(kind(1_600, 300_999, Some(1_300)), None);
        assert_eq!(kind(1_601, 300_999, Some(1_300)), future);
        assert_eq!(kind(7, 0, Some(7)), None);
        assert_eq!(kind(6, 999, Some(7)), old);
        assert_eq!(kind(8, 999, Some(7)), future);
        assert_eq!(kind(0, 300_000, Some(5)), None);
        assert_eq!(kind(u64::MAX, 300_000, Some(5)), future);
        assert_eq!(kind(u64::MAX, 300_000, Some(u64::MAX)), None);
        assert_eq!(kind(0, u64::MAX, Some(u64::MAX / 1_000)), None);
        assert_eq!(kind(7, 0, None), Some(RejectionKind::NotConfigured));
    }
}
