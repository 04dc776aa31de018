//! Incidents that still need work.

use super::{Answer, KpiRule};
use crate::ledger::City;
use app::model::{IncidentState, Time, Unit};

/// Open incidents.
pub const KPI: KpiRule =
    KpiRule { id: "incidents-open", title: "Open incidents", formula: "count of incidents not resolved", unit: Unit::One, compute };

fn compute(city: &City, _: Time) -> Answer {
    let active: Vec<_> = city.incidents.values().filter(|i| i.is_active()).collect();
    let unowned = active.iter().filter(|i| i.state == IncidentState::Open).count();
    Answer {
        value: Some(active.len() as f64),
        note: if unowned == 0 { "all owned".into() } else { format!("{unowned} without an owner") },
        severity: active.iter().filter(|i| i.state == IncidentState::Open).map(|i| i.severity).max(),
        own: true,
        ..Answer::default()
    }
}
