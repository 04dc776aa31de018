//! How good the link to the server is, and how long to wait before trying again.

use std::time::Duration;

/// The state of the link, always visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// Not yet connected since the page came.
    Connecting,
    /// Frames come as promised.
    Live,
    /// Connected, but nothing came for longer than the server promised.
    Late,
    /// No connection: what is shown is the last good picture.
    Lost,
}

impl Link {
    /// The server speaks at least this often.
    pub const BEAT: Duration = Duration::from_secs(2);
    /// Silence for longer than this is late.
    pub const LATE_AFTER: Duration = Duration::from_secs(5);
    /// Silence for longer than this is a dead connection: it is closed and opened anew.
    pub const DEAD_AFTER: Duration = Duration::from_secs(12);

    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Connecting => "Connecting",
            Self::Live => "Live",
            Self::Late => "Late",
            Self::Lost => "Lost",
        }
    }
    /// The token used in class names.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Late => "late",
            Self::Lost => "lost",
        }
    }
    /// Judges silence on an open connection.
    pub fn after_silence(silence: Duration) -> Self {
        match silence {
            s if s > Self::DEAD_AFTER => Self::Lost,
            s if s > Self::LATE_AFTER => Self::Late,
            _ => Self::Live,
        }
    }

    /// How long to wait before the `attempt`th try (from 0): doubling from 250 ms, capped at 2 s, then spread over 50-100 % by
    /// `chance` in 0..1, so that a thousand screens do not return in the same instant.
    pub fn backoff(attempt: u32, chance: f64) -> Duration {
        let full = 250u64.saturating_mul(1 << attempt.min(3)).min(2_000);
        Duration::from_millis((full as f64 * (0.5 + chance.clamp(0.0, 1.0) / 2.0)) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn backoff_is_capped_and_never_zero(attempt: u32, chance in 0.0..1.0f64) {
            let wait = Link::backoff(attempt, chance);
            prop_assert!((125..=2_000).contains(&wait.as_millis()));
        }
    }
}
