//! The share of feeds that keep their promise.

use super::{Answer, KpiRule};
use crate::ledger::City;
use app::model::{Freshness, Severity, Time, Unit};

/// Share of fresh feeds.
pub const KPI: KpiRule = KpiRule {
    id: "feeds-fresh",
    title: "Feeds fresh",
    formula: "feeds heard from within what they promised, divided by all configured feeds",
    unit: Unit::Percent,
    compute,
};

fn compute(city: &City, now: Time) -> Answer {
    // What the server lays on the map itself promised nothing, so it cannot break its word.
    let promised = || city.feeds.iter().filter(|f| &*f.feed.format != "static");
    let all = promised().count();
    let fresh = promised().filter(|f| f.health.judge(&f.feed.promise, now) == Freshness::Fresh).count();
    Answer {
        value: (all > 0).then(|| 100.0 * fresh as f64 / all as f64),
        note: format!("{fresh} of {all} feeds"),
        severity: (fresh < all).then_some(if fresh * 2 < all { Severity::Severe } else { Severity::Moderate }),
        own: true, // whether a feed is silent is our own observation: it is never stale
        ..Answer::default()
    }
}
