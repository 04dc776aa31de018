//! A value that cannot lose its age.
//!
//! [`Observed`] keeps its value private: the only ways to it hand the age out too. [`Promise::judge`] is the one function, on
//! both sides, that says whether something is still good. [`Freshness`] combines only downwards: nothing computed from an old
//! input can come out fresh.

use super::{Time, feed::FeedId};
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};

/// How far a value may be trusted as a picture of now. Ordered from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Freshness {
    /// Within what its feed promised.
    Fresh,
    /// Older than promised; the last good value is still shown, marked, with its age.
    Stale,
    /// Never known, without a time, from the future, or so old that it says nothing about now.
    Unknown,
}

impl Freshness {
    /// Of two inputs, the freshness of what is made from both: the worse one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
    /// Of any number of inputs; nothing known about no inputs.
    pub fn of_all(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().reduce(Self::and).unwrap_or(Self::Unknown)
    }
    /// The word shown to people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Unknown => "not known",
        }
    }
    /// The token used in class names and JSON.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Unknown => "unknown",
        }
    }
}

/// What a feed promised about its own rhythm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// How often a new message is promised.
    pub every: Duration,
    /// The age from which a value is stale. Unless configured, one and a half of `every`.
    pub stale_after: Duration,
}

impl Promise {
    /// A clock that runs ahead by more than this says nothing about now.
    pub const SKEW: Duration = Duration::from_secs(300);
    /// After so many times `stale_after`, a value no longer says anything about now.
    pub const FORGET: u32 = 10;

    /// The promise of a feed that delivers `every` so often, stale after one and a half periods.
    pub fn every(every: Duration) -> Self {
        Self { every, stale_after: every.mul_f64(1.5) }
    }

    /// The one judgement of freshness: of something last known good at `at`, seen at `now`.
    pub fn judge(&self, at: Option<Time>, now: Time) -> Freshness {
        let Some(at) = at else { return Freshness::Unknown };
        if at.ahead(now) > Self::SKEW {
            return Freshness::Unknown;
        }
        match at.age(now) {
            age if age <= self.stale_after => Freshness::Fresh,
            age if age <= self.stale_after.saturating_mul(Self::FORGET) => Freshness::Stale,
            _ => Freshness::Unknown,
        }
    }

    /// The age from which [`Promise::judge`] says [`Freshness::Unknown`].
    pub fn forgotten_after(&self) -> Duration {
        self.stale_after.saturating_mul(Self::FORGET)
    }
}

/// Where a value came from: enough to lead from any number on a screen to the bytes it was in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The feed that reported it.
    pub feed: FeedId,
    /// SHA-256 (hex) of the raw message, under which it is kept.
    pub raw: Arc<str>,
    /// Where in the raw message the record stands, in bytes.
    pub span: super::report::Span,
}

/// A value, when it was true, when we heard it, and from whom.
///
/// The value is private, so code that drops the age does not compile:
/// ```compile_fail
/// # use app::model::{Observed, Time};
/// fn show(o: &Observed<f64>) -> f64 { o.value }
/// ```
/// It is reached together with its age, or with a judgement of it:
/// ```
/// # use app::model::{Freshness, Observed, Promise, Time};
/// fn show(o: &Observed<f64>, promise: &Promise, now: Time) -> String {
///     let (value, fresh) = o.judged(promise, now);
///     format!("{value} ({})", fresh.word())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observed<T> {
    value: T,
    observed_at: Option<Time>,
    received_at: Time,
    source: Arc<Source>,
}

impl<T> Observed<T> {
    /// `value` was so at `observed_at` (by the source's own clock, if it said), and reached us at `received_at`.
    pub fn new(value: T, observed_at: Option<Time>, received_at: Time, source: Arc<Source>) -> Self {
        Self { value, observed_at, received_at, source }
    }
    /// The value with the moment it was true, by its source.
    pub fn dated(&self) -> (&T, Option<Time>) {
        (&self.value, self.observed_at)
    }
    /// The value with its freshness.
    pub fn judged(&self, promise: &Promise, now: Time) -> (&T, Freshness) {
        (&self.value, promise.judge(self.observed_at, now))
    }
    /// The value of something that stays true until withdrawn (a place, a situation), with the freshness of its last confirmation.
    pub fn confirmed(&self, promise: &Promise, now: Time) -> (&T, Freshness) {
        (&self.value, promise.judge(Some(self.received_at), now))
    }
    /// When it was true, by the source's clock; `None` when the source did not say.
    pub fn observed_at(&self) -> Option<Time> {
        self.observed_at
    }
    /// When we last received it.
    pub fn received_at(&self) -> Time {
        self.received_at
    }
    /// The message it came in.
    pub fn source(&self) -> &Source {
        &self.source
    }
    /// Another value derived from this one alone: it keeps the age and the source.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Observed<U> {
        Observed { value: f(self.value), observed_at: self.observed_at, received_at: self.received_at, source: self.source }
    }
    /// Whether `self` should give way to `newer`: the later observation wins, whatever order they arrived in, so that
    /// nothing jumps back in time. Without times, the later arrival wins.
    pub fn yields_to(&self, newer: &Self) -> bool {
        match (self.observed_at, newer.observed_at) {
            (Some(old), Some(new)) => new >= old,
            (Some(_), None) => false,
            _ => newer.received_at >= self.received_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fresh() -> impl Strategy<Value = Freshness> {
        prop_oneof![Just(Freshness::Fresh), Just(Freshness::Stale), Just(Freshness::Unknown)]
    }

    proptest! {
        #[test]
        fn combining_is_a_semilattice(a in fresh(), b in fresh(), c in fresh()) {
            prop_assert_eq!(a.and(b), b.and(a));
            prop_assert_eq!(a.and(b).and(c), a.and(b.and(c)));
            prop_assert_eq!(a.and(a), a);
            prop_assert!(a.and(b) >= a, "nothing becomes fresher by being combined");
        }
        #[test]
        fn time_only_makes_things_worse(every in 1u64..100_000, at in 0i64..1_000_000_000, d1 in 0i64..10_000_000, d2 in 0i64..10_000_000) {
            let p = Promise::every(Duration::from_millis(every));
            let at = Time::from_millis(at);
            let (sooner, later) = (d1.min(d2), d1.max(d2));
            prop_assert!(p.judge(Some(at), at.shifted(sooner)) <= p.judge(Some(at), at.shifted(later)));
        }
        #[test]
        fn a_shift_of_both_clocks_changes_nothing(every in 1u64..100_000, at in 0i64..1_000_000_000, d in -1_000_000i64..10_000_000, by in 0i64..1_000_000_000) {
            let p = Promise::every(Duration::from_millis(every));
            let (at, now) = (Time::from_millis(at), Time::from_millis(at + d));
            prop_assert_eq!(p.judge(Some(at), now), p.judge(Some(at.shifted(by)), now.shifted(by)));
        }
    }

    #[test]
    fn no_time_no_inputs_and_the_future_are_unknown() {
        let p = Promise::every(Duration::from_secs(10));
        let now = Time::from_secs(1_000_000);
        assert_eq!(p.judge(None, now), Freshness::Unknown);
        assert_eq!(Freshness::of_all([]), Freshness::Unknown);
        assert_eq!(p.judge(Some(now.shifted(301_000)), now), Freshness::Unknown);
        assert_eq!(p.judge(Some(now.shifted(-15_000)), now), Freshness::Fresh);
        assert_eq!(p.judge(Some(now.shifted(-15_001)), now), Freshness::Stale);
        assert_eq!(p.judge(Some(now.shifted(-150_001)), now), Freshness::Unknown);
    }
}
