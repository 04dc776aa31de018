//! A feed that does not keep its promise.

use super::AlarmRule;
use crate::ledger::City;
use app::model::{Alarm, AlarmState, Certainty, Freshness, Severity, Time, Urgency, time::ago};

/// Feed silent.
pub const RULE: AlarmRule = AlarmRule { id: "feed", title: "A feed is silent for longer than it promised", find };

fn find(city: &City, now: Time, out: &mut Vec<Alarm>) {
    for f in &city.feeds {
        let freshness = f.health.judge(&f.feed.promise, now);
        // A feed never heard of is not yet silent: it counts from its first attempt that failed.
        let Some(since) = f.health.basis().map(|t| t.shifted(f.feed.promise.stale_after.as_millis() as i64)) else {
            if let Some(since) = f.health.failing_since.filter(|_| f.health.failures > 2) {
                push(out, f, Severity::Moderate, since, format!("Never heard; {}", f.health.failure.as_deref().unwrap_or("no answer")));
            }
            continue;
        };
        if freshness == Freshness::Fresh {
            continue;
        }
        let severity = if freshness == Freshness::Unknown { Severity::Moderate } else { Severity::Minor };
        let why = f.health.failure.as_deref().map_or(String::new(), |w| format!("; {w}"));
        push(out, f, severity, since.min(now), format!("Promised every {}{why}", ago(f.feed.promise.every)));
    }
}

fn push(out: &mut Vec<Alarm>, f: &crate::ledger::city::FeedState, severity: Severity, since: Time, reason: String) {
    out.push(Alarm {
        id: format!("{}:{}", RULE.id, f.feed.id).into(),
        rule: RULE.title.into(),
        title: format!("{} is silent", f.feed.title).into(),
        reason: reason.into(),
        severity,
        urgency: Urgency::Expected,
        certainty: Certainty::Observed,
        since,
        position: None,
        subject: ("feed".into(), f.feed.id.as_str().into()),
        state: AlarmState::Standing,
        incident: None,
    });
}
