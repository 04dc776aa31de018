//! Public warnings and service alerts in force. Exercises and tests do not count.

use super::{Answer, KpiRule, inputs, missing};
use crate::ledger::City;
use app::model::{Severity, SituationKind, Status, Time, Unit};
use std::collections::BTreeMap;

/// Alerts in force.
pub const KPI: KpiRule = KpiRule {
    id: "alerts-in-force",
    title: "Alerts in force",
    formula: "count of actual alerts and service alerts whose time has come and not passed; exercises and tests left out",
    unit: Unit::One,
    compute,
};

fn compute(city: &City, now: Time) -> Answer {
    let alert = |k| matches!(k, SituationKind::Alert | SituationKind::ServiceAlert);
    let (mut n, mut worst, mut counts) = (0u32, None::<Severity>, BTreeMap::new());
    for o in city.situations.values() {
        let (s, _) = o.dated();
        if alert(s.kind) && s.status == Status::Actual && s.in_force(now) {
            n += 1;
            worst = worst.max(Some(s.severity));
            *counts.entry(&o.source().feed).or_insert(0u32) += 1;
        }
    }
    let inputs = inputs(
        city,
        now,
        |f| f.gives.situations && matches!(&*f.feed.format, "cap" | "gtfs-rt"),
        |f| counts.get(&f.feed.id).copied().unwrap_or(0),
    );
    Answer {
        value: Some(f64::from(n)),
        note: missing(&inputs).unwrap_or_else(|| worst.map_or("none".into(), |w| format!("worst: {}", w.word()))),
        severity: worst.filter(|w| *w >= Severity::Moderate),
        inputs,
        ..Answer::default()
    }
}
