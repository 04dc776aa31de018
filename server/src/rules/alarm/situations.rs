//! A situation in force that is at least Moderate and real.

use super::AlarmRule;
use crate::ledger::City;
use app::model::{Alarm, AlarmState, Severity, Status, Time};

/// Situations in force.
pub const RULE: AlarmRule =
    AlarmRule { id: "situation", title: "A warning, closure or disruption of at least moderate severity is in force", find };

fn find(city: &City, now: Time, out: &mut Vec<Alarm>) {
    for (key, o) in &city.situations {
        let (s, said) = o.dated();
        if s.severity < Severity::Moderate || s.status != Status::Actual || !s.in_force(now) {
            continue;
        }
        let feed = city.feed(&o.source().feed);
        let title = feed.map_or("an unknown feed", |f| &*f.feed.title);
        let area = s.area.as_deref().map_or(String::new(), |a| format!("{a} · "));
        out.push(Alarm {
            id: format!("{}:{key}", RULE.id).into(),
            rule: RULE.title.into(),
            title: s.headline.clone(),
            reason: format!("{area}{} from {title}", s.kind.title()).into(),
            severity: s.severity,
            urgency: s.urgency,
            certainty: s.certainty,
            since: s.from.or(said).unwrap_or(o.received_at()).min(now),
            position: s.geometry.anchor(),
            subject: ("situation".into(), key.as_str().into()),
            state: AlarmState::Standing,
            incident: None,
        });
    }
}
