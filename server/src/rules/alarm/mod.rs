//! The alarms: what an operator must know and act on. One rule a file, one line each in [`RULES`].
//!
//! An alarm is derived anew at every look, so it is gone when its cause is gone. What people did about it is kept beside it and
//! holds only for the same occurrence: an act before the alarm's `since` was about an earlier one.

mod beds;
mod feeds;
mod situations;

use crate::ledger::City;
use app::model::{Alarm, AlarmState, Time};

/// Every rule.
pub const RULES: &[AlarmRule] = &[situations::RULE, beds::RULE, feeds::RULE];

/// A rule, as a record of what it is and how it finds alarms.
pub struct AlarmRule {
    /// Its id, the first part of its alarms' ids.
    pub id: &'static str,
    /// What it watches for, in words.
    pub title: &'static str,
    /// Finds its alarms, all [`AlarmState::Standing`].
    pub find: fn(&City, Time, &mut Vec<Alarm>),
}

/// All alarms at `now`, with what people did about them.
pub fn alarms(city: &City, now: Time) -> Vec<Alarm> {
    let mut all = Vec::new();
    for rule in RULES {
        (rule.find)(city, now, &mut all);
    }
    for alarm in &mut all {
        if let Some((at, state)) = city.alarm_acts.get(&alarm.id) {
            let over = matches!(state, AlarmState::Shelved { until, .. } if *until <= now);
            if *at >= alarm.since && !over {
                alarm.state = state.clone();
            }
        }
        alarm.incident = city.incidents.values().find(|i| i.is_active() && i.alarm.as_ref() == Some(&alarm.id)).map(|i| i.id.clone());
    }
    all
}
