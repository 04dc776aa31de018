//! A hospital with hardly a bed left.

use super::AlarmRule;
use crate::{ledger::City, rules::badge};
use app::model::{Alarm, AlarmState, Certainty, Freshness, PlaceKind, Time, Urgency};

/// Hospital nearly full.
pub const RULE: AlarmRule = AlarmRule { id: "beds", title: "A hospital reports under one bed in twenty free", find };

fn find(city: &City, now: Time, out: &mut Vec<Alarm>) {
    for (key, o) in &city.places {
        let (place, _) = o.dated();
        if place.kind != PlaceKind::Hospital {
            continue;
        }
        let Some(beds) = badge::beds(city, key, now) else { continue };
        let Some(severity) = badge::beds_severity(&beds) else { continue };
        let of = beds.total.map_or(String::new(), |t| format!(" of {t:.0}"));
        out.push(Alarm {
            id: format!("{}:{key}", RULE.id).into(),
            rule: RULE.title.into(),
            title: format!("{} nearly full", place.name).into(),
            reason: format!("{:.0}{of} beds free", beds.free).into(),
            severity,
            urgency: Urgency::Expected,
            // An old figure may no longer hold: the alarm stays, less sure of itself.
            certainty: if beds.freshness == Freshness::Fresh { Certainty::Observed } else { Certainty::Possible },
            since: beds.observed_at.unwrap_or(o.received_at()).min(now),
            position: place.geometry.anchor(),
            subject: ("place".into(), key.as_str().into()),
            state: AlarmState::Standing,
            incident: None,
        });
    }
}
