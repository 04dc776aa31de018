//! A moment, and how it is written.
//!
//! One type for every instant: milliseconds since 1970-01-01T00:00:00Z. People and JSON see RFC 3339; the wire sees an integer.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, time::Duration};

/// A moment in UTC, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// The last moment [`Time`] can write as RFC 3339, which knows four digits of year: 9999-12-31T23:59:59.999Z.
    pub const MAX: Time = Time(253_402_300_799_999);
    /// The first one: 0000-01-01T00:00:00Z.
    pub const MIN: Time = Time(-62_167_219_200_000);

    /// From milliseconds since the epoch, held within [`Time::MIN`] and [`Time::MAX`].
    pub const fn from_millis(ms: i64) -> Self {
        if ms > Self::MAX.0 {
            Self::MAX
        } else if ms < Self::MIN.0 {
            Self::MIN
        } else {
            Self(ms)
        }
    }
    /// From whole seconds since the epoch, as GTFS-Realtime's POSIX times.
    pub const fn from_secs(s: i64) -> Self {
        Self::from_millis(s.saturating_mul(1000))
    }
    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }
    /// How long before `now` this was; zero when it lies ahead.
    pub fn age(self, now: Time) -> Duration {
        Duration::from_millis(now.0.saturating_sub(self.0).max(0) as u64)
    }
    /// How far after `now` this lies; zero when it is past.
    pub fn ahead(self, now: Time) -> Duration {
        now.age(self)
    }
    /// This moment moved by `ms` milliseconds, held within the range.
    pub const fn shifted(self, ms: i64) -> Self {
        Self::from_millis(self.0.saturating_add(ms))
    }

    /// Reads RFC 3339 (`2026-11-22T10:41:32.5+01:00`), leniently: a space for the `T`, lower case, seconds or zone missing
    /// (a missing zone is UTC), which are the slips real feeds make.
    pub fn parse(text: &str) -> Option<Self> {
        let b = text.trim().as_bytes();
        let digits = |range: std::ops::Range<usize>| -> Option<i64> {
            let part = b.get(range)?;
            part.iter().try_fold(0i64, |n, c| c.is_ascii_digit().then(|| n * 10 + i64::from(c - b'0')))
        };
        let is = |i: usize, any: &[u8]| b.get(i).is_some_and(|c| any.contains(c));
        let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
        if !is(4, b"-") || !is(7, b"-") || !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
            return None;
        }
        let mut ms = days_from_civil(year, month, day) * 86_400_000;
        if b.len() == 10 {
            return Some(Self(ms));
        }
        if !is(10, b"Tt ") || !is(13, b":") {
            return None;
        }
        let (hour, minute) = (digits(11..13)?, digits(14..16)?);
        let (mut second, mut at) = (0, 16);
        if is(16, b":") {
            second = digits(17..19)?;
            at = 19;
            if is(19, b".,") {
                let from = 20;
                at = from + b[from..].iter().take_while(|c| c.is_ascii_digit()).count();
                let mut scale = 100;
                for c in &b[from..at.min(from + 3)] {
                    ms += i64::from(c - b'0') * scale;
                    scale /= 10;
                }
            }
        }
        if hour > 24 || minute > 59 || second > 60 {
            return None;
        }
        ms += ((hour * 60 + minute) * 60 + second) * 1000;
        match b.get(at) {
            None => {}
            Some(b'Z' | b'z') if b.len() == at + 1 => {}
            Some(sign @ (b'+' | b'-')) => {
                let h = digits(at + 1..at + 3)?;
                let m = if is(at + 3, b":") { digits(at + 4..at + 6)? } else { digits(at + 3..at + 5).unwrap_or(0) };
                let offset = (h * 60 + m) * 60_000;
                ms += if *sign == b'+' { -offset } else { offset };
            }
            _ => return None,
        }
        Some(Self::from_millis(ms))
    }

    /// Year, month and day of this moment.
    pub fn civil(self) -> (i64, i64, i64) {
        civil_from_days(self.0.div_euclid(86_400_000))
    }
    /// `HH:MM:SS` of this moment, in a zone `offset_s` seconds east of UTC.
    pub fn clock(self, offset_s: i32) -> String {
        let s = (self.0 + i64::from(offset_s) * 1000).div_euclid(1000).rem_euclid(86_400);
        format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    }
    /// `YYYY-MM-DD HH:MM:SS` in a zone `offset_s` seconds east of UTC.
    pub fn local(self, offset_s: i32) -> String {
        let (y, m, d) = self.shifted(i64::from(offset_s) * 1000).civil();
        format!("{y:04}-{m:02}-{d:02} {}", self.clock(offset_s))
    }
}

/// An age in the words people use: `4 s`, `3 min`, `2 h`, `5 d`. Never more than one unit: it is read at a glance.
pub fn ago(age: Duration) -> String {
    match age.as_secs() {
        s if s < 90 => format!("{s} s"),
        s if s < 90 * 60 => format!("{} min", (s + 30) / 60),
        s if s < 36 * 3600 => format!("{} h", (s + 1800) / 3600),
        s => format!("{} d", (s + 43_200) / 86_400),
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// The proleptic Gregorian calendar, counted in eras of 400 years that start on 1 March, so that the leap day ends a year.
fn days_from_civil(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let (era, of_era) = (y.div_euclid(400), y.rem_euclid(400));
    let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
}
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let (era, day) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let of_era = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * of_era + of_era / 4 - of_era / 100);
    let m = (5 * day_of_year + 2) / 153;
    let d = day_of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    (era * 400 + of_era + i64::from(month <= 2), month, d)
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.civil();
        let ms = self.0.rem_euclid(1000);
        write!(f, "{y:04}-{m:02}-{d:02}T{}", self.clock(0))?;
        if ms != 0 {
            write!(f, ".{ms:03}")?;
        }
        f.write_str("Z")
    }
}
impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.collect_str(self) } else { s.serialize_i64(self.0) }
    }
}
impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if d.is_human_readable() {
            let text = String::deserialize(d)?;
            Time::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not an RFC 3339 time")))
        } else {
            i64::deserialize(d).map(Time::from_millis)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_feeds_write() {
        for (text, want) in [
            ("2026-11-22T10:41:32Z", "2026-11-22T10:41:32Z"),
            ("2026-11-22T10:41:32.5+01:00", "2026-11-22T09:41:32.500Z"),
            ("2011-02-07T23:52:00-05:00", "2011-02-08T04:52:00Z"),
            ("2024-02-29 00:00:00", "2024-02-29T00:00:00Z"),
            ("2024-02-29", "2024-02-29T00:00:00Z"),
            ("2020-01-01T00:00+0000", "2020-01-01T00:00:00Z"),
        ] {
            assert_eq!(Time::parse(text).unwrap().to_string(), want, "{text}");
        }
        for text in ["", "2023-02-29", "2023-13-01", "yesterday", "2023-01-01T25:00:00Z", "2023-01-01T00:00:00X", "２０２３-01-01"] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(ms in Time::MIN.0..=Time::MAX.0) {
            let t = Time::from_millis(ms);
            prop_assert_eq!(Time::parse(&t.to_string()), Some(t));
        }
        #[test]
        fn no_text_panics(text in ".{0,40}") { let _ = Time::parse(&text); }
    }
}
