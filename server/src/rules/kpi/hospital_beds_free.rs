//! Beds free over all hospitals that report.

use super::{Answer, KpiRule};
use crate::{ledger::City, rules::badge};
use app::model::{KpiInput, PlaceKind, Severity, Time, Unit};
use std::collections::BTreeMap;

/// Hospital beds free.
pub const KPI: KpiRule = KpiRule {
    id: "hospital-beds-free",
    title: "Hospital beds free",
    formula: "sum of beds free over hospitals that report them; as old as the oldest report that goes in",
    unit: Unit::One,
    compute,
};

fn compute(city: &City, now: Time) -> Answer {
    let (mut free, mut total, mut whole, mut reporting, mut hospitals) = (0.0, 0.0, true, 0u32, 0u32);
    let mut by_feed: BTreeMap<_, KpiInput> = BTreeMap::new();
    for (key, place) in &city.places {
        if place.dated().0.kind != PlaceKind::Hospital {
            continue;
        }
        hospitals += 1;
        let Some(beds) = badge::beds(city, key, now) else { continue };
        let Some(feed) = city.feed(&place.source().feed) else { continue };
        reporting += 1;
        free += beds.free;
        match beds.total {
            Some(t) => total += t,
            None => whole = false,
        }
        // An input is as old as the feed's silence or its oldest figure, whichever is worse.
        let (silence, basis) = (feed.health.judge(&feed.feed.promise, now), feed.health.basis());
        let input =
            by_feed.entry(feed.feed.id.clone()).or_insert(KpiInput { feed: feed.feed.id.clone(), count: 0, freshness: silence, at: basis });
        input.count += 1;
        input.freshness = input.freshness.and(beds.freshness);
        input.at = match (input.at, beds.observed_at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    Answer {
        value: (reporting > 0).then_some(free),
        of: (whole && total > 0.0).then_some(total),
        note: format!("{reporting} of {hospitals} hospitals reporting"),
        severity: (whole && total > 0.0 && free / total < 0.1).then_some(if free / total < 0.05 {
            Severity::Severe
        } else {
            Severity::Moderate
        }),
        inputs: by_feed.into_values().collect(),
        ..Answer::default()
    }
}
