//! Common Alerting Protocol 1.2, section 3.2.2: how bad, how soon, how sure. One vocabulary for every kind of trouble.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $v:ident = $token:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$vdoc])* $v),+ }
        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$v),+];
            /// CAP's own spelling, also the word on screen.
            pub const fn word(self) -> &'static str { match self { $(Self::$v => stringify!($v)),+ } }
            /// The token used in class names and JSON.
            pub const fn token(self) -> &'static str { match self { $(Self::$v => $token),+ } }
            /// Reads CAP's spelling, whatever the case; `None` for anything else.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.word().eq_ignore_ascii_case(text.trim()))
            }
        }
    };
}

words! {
    /// How bad (CAP `severity`). Ordered from least to worst.
    Severity {
        /// Severity not known: drawn as a dashed ring, never as harmless.
        #[default] Unknown = "unknown",
        /// Minimal to no known threat.
        Minor = "minor",
        /// Possible threat.
        Moderate = "moderate",
        /// Significant threat.
        Severe = "severe",
        /// Extraordinary threat.
        Extreme = "extreme",
    }
}
words! {
    /// How soon to act (CAP `urgency`). Ordered from least to most urgent.
    Urgency {
        /// Not known.
        #[default] Unknown = "unknown",
        /// No longer required.
        Past = "past",
        /// In the near future.
        Future = "future",
        /// Within the next hour.
        Expected = "expected",
        /// Now.
        Immediate = "immediate",
    }
}
words! {
    /// How sure (CAP `certainty`). Ordered from least to most certain.
    Certainty {
        /// Not known.
        #[default] Unknown = "unknown",
        /// Not expected to occur.
        Unlikely = "unlikely",
        /// Up to about even.
        Possible = "possible",
        /// More than about even.
        Likely = "likely",
        /// Has occurred or is ongoing.
        Observed = "observed",
    }
}
