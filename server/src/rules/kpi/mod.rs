//! The KPIs: one a file, one line each in [`KPIS`]. A KPI is as fresh as its worst input, which [`Answer::kpi`] computes: a rule
//! cannot say otherwise.

mod alerts_in_force;
mod feeds_fresh;
mod hospital_beds_free;
mod incidents_open;
mod movers_reporting;
mod road_events;

use crate::ledger::{City, city::FeedState};
use app::model::{Freshness, Kpi, KpiInput, Severity, Time, Unit};

/// Every KPI, in the order it is shown.
pub const KPIS: &[KpiRule] =
    &[movers_reporting::KPI, feeds_fresh::KPI, alerts_in_force::KPI, incidents_open::KPI, road_events::KPI, hospital_beds_free::KPI];

/// A KPI, as a record of what it is and how it is computed.
pub struct KpiRule {
    /// Its id.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// How it is computed, in one line.
    pub formula: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Computes it.
    pub compute: fn(&City, Time) -> Answer,
}

/// What a rule computed.
#[derive(Default)]
pub struct Answer {
    /// The value; `None` when it cannot be known.
    pub value: Option<f64>,
    /// Out of how many.
    pub of: Option<f64>,
    /// The line under the number.
    pub note: String,
    /// How bad.
    pub severity: Option<Severity>,
    /// What went in. Empty for what Vedetta knows by itself (its own incidents), which is always fresh.
    pub inputs: Vec<KpiInput>,
    /// True when nothing outside goes in.
    pub own: bool,
}

impl Answer {
    /// The KPI of `rule`, without its trend.
    pub fn kpi(self, rule: &KpiRule, now: Time) -> Kpi {
        let freshness = if self.own { Freshness::Fresh } else { Freshness::of_all(self.inputs.iter().map(|i| i.freshness)) };
        let observed_at = if self.own { Some(now) } else { self.inputs.iter().filter_map(|i| i.at).min() };
        Kpi {
            id: rule.id.into(),
            title: rule.title.into(),
            formula: rule.formula.into(),
            // Nothing known about the inputs: no number, rather than one that means nothing.
            value: self.value.filter(|v| v.is_finite() && freshness != Freshness::Unknown),
            unit: rule.unit,
            of: self.of,
            note: self.note.into(),
            severity: self.severity.filter(|_| freshness != Freshness::Unknown),
            freshness,
            observed_at,
            inputs: self.inputs,
            trend: Vec::new(),
        }
    }
}

/// The feeds that `give` what a KPI is made of, as its inputs, with how many values each puts in.
pub fn inputs(city: &City, now: Time, give: impl Fn(&FeedState) -> bool, count: impl Fn(&FeedState) -> u32) -> Vec<KpiInput> {
    city.feeds
        .iter()
        .filter(|f| give(f))
        .map(|f| KpiInput {
            feed: f.feed.id.clone(),
            count: count(f),
            freshness: f.health.judge(&f.feed.promise, now),
            at: f.health.basis(),
        })
        .collect()
}

/// `3 of 4 feeds fresh`, or nothing when all are.
pub fn missing(inputs: &[KpiInput]) -> Option<String> {
    let fresh = inputs.iter().filter(|i| i.freshness == Freshness::Fresh).count();
    (fresh < inputs.len()).then(|| format!("{fresh} of {} feeds fresh", inputs.len()))
}
