//! Road works and other road events going on now.

use super::{Answer, KpiRule, inputs, missing};
use crate::ledger::City;
use app::model::{Severity, SituationKind, Status, Time, Unit};
use std::collections::BTreeMap;

/// Road events active.
pub const KPI: KpiRule = KpiRule {
    id: "road-events",
    title: "Road events active",
    formula: "count of actual road works and road events whose time has come and not passed",
    unit: Unit::One,
    compute,
};

fn compute(city: &City, now: Time) -> Answer {
    let road = |k| matches!(k, SituationKind::WorkZone | SituationKind::RoadEvent);
    let (mut n, mut closed, mut counts) = (0u32, 0u32, BTreeMap::new());
    for o in city.situations.values() {
        let (s, _) = o.dated();
        if road(s.kind) && s.status == Status::Actual && s.in_force(now) {
            n += 1;
            closed += u32::from(s.severity >= Severity::Severe);
            *counts.entry(&o.source().feed).or_insert(0u32) += 1;
        }
    }
    let inputs = inputs(city, now, |f| f.gives.situations && &*f.feed.format == "wzdx", |f| counts.get(&f.feed.id).copied().unwrap_or(0));
    Answer {
        value: Some(f64::from(n)),
        note: missing(&inputs)
            .unwrap_or_else(|| if closed == 0 { "no full closure".into() } else { format!("{closed} closed to all traffic") }),
        severity: (closed > 0).then_some(Severity::Moderate),
        inputs,
        ..Answer::default()
    }
}
