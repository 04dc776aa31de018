//! A number an operator steers by, with what it is made of.

use super::{Freshness, Severity, Time, Unit, feed::FeedId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One input of a KPI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KpiInput {
    /// The feed it comes from.
    pub feed: FeedId,
    /// How many values of it went in.
    pub count: u32,
    /// How old it is judged.
    pub freshness: Freshness,
    /// The moment it speaks for.
    pub at: Option<Time>,
}

/// A derived number. Its freshness is that of its worst input: see [`Freshness::and`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kpi {
    /// Its id.
    pub id: Arc<str>,
    /// Its name for people.
    pub title: Arc<str>,
    /// How it is computed, in one line.
    pub formula: Arc<str>,
    /// The value; `None` when it cannot be known.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: Unit,
    /// Out of how many, where it is a part of a whole.
    pub of: Option<f64>,
    /// What stands under the number: a target, a normal, what is missing.
    pub note: Arc<str>,
    /// How bad this is; `None` when it is not bad.
    pub severity: Option<Severity>,
    /// The worst of its inputs' freshness.
    pub freshness: Freshness,
    /// The oldest of its inputs.
    pub observed_at: Option<Time>,
    /// What went in.
    pub inputs: Vec<KpiInput>,
    /// Past values, oldest first, one every [`Kpi::TREND_STEP_S`] seconds; a gap where it was not known.
    pub trend: Vec<Option<f32>>,
}

impl Kpi {
    /// Seconds between two values of [`Kpi::trend`].
    pub const TREND_STEP_S: i64 = 15;
    /// How many past values are shown: ten minutes.
    pub const TREND_LEN: usize = 40;
}
