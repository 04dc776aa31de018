//! Movers whose last position is fresh, of all that are known.

use super::{Answer, KpiRule, inputs, missing};
use crate::ledger::City;
use app::model::{Freshness, Time, Unit};
use std::collections::BTreeMap;

/// Movers reporting.
pub const KPI: KpiRule = KpiRule {
    id: "movers-reporting",
    title: "Movers reporting",
    formula: "count of movers whose own position is fresh by the promise of their feed; out of all last positions known",
    unit: Unit::One,
    compute,
};

fn compute(city: &City, now: Time) -> Answer {
    let (mut fresh, mut counts) = (0u32, BTreeMap::new());
    for o in city.fixes.values() {
        let Some(feed) = city.feed(&o.source().feed) else { continue };
        if o.judged(&feed.feed.promise, now).1 == Freshness::Fresh {
            fresh += 1;
        }
        *counts.entry(&feed.feed.id).or_insert(0u32) += 1;
    }
    let inputs = inputs(city, now, |f| f.gives.fixes, |f| counts.get(&f.feed.id).copied().unwrap_or(0));
    let all = city.fixes.len();
    let old = all - fresh as usize;
    Answer {
        value: Some(f64::from(fresh)),
        of: Some(all as f64),
        note: missing(&inputs)
            .unwrap_or_else(|| if old == 0 { "all positions fresh".into() } else { format!("{old} with an old position") }),
        inputs,
        ..Answer::default()
    }
}
