//! Something an operator must know and act on (ISA-18.2: an alarm needs a response; else it is a message).

use super::{Certainty, Position, Severity, Time, Urgency};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What people did about an alarm. It stays until its cause is gone, whatever they did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlarmState {
    /// Nobody took it.
    Standing,
    /// Somebody saw and owns it.
    Acknowledged {
        /// Who.
        by: Arc<str>,
        /// When.
        at: Time,
    },
    /// Out of sight until then (ISA-18.2 `shelve`): always with an end.
    Shelved {
        /// Who.
        by: Arc<str>,
        /// Until when.
        until: Time,
    },
}

/// An alarm: derived from the city at every look, so its cause and its words are always current.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// Its id: the rule's, then the subject's. The same trouble has the same id.
    pub id: Arc<str>,
    /// The rule that raised it, in words.
    pub rule: Arc<str>,
    /// What is the matter.
    pub title: Arc<str>,
    /// Why it is thought so: measured against promised, source, what was folded in.
    pub reason: Arc<str>,
    /// How bad.
    pub severity: Severity,
    /// How soon to act.
    pub urgency: Urgency,
    /// How sure.
    pub certainty: Certainty,
    /// Since when.
    pub since: Time,
    /// Where, if it has a place.
    pub position: Option<Position>,
    /// The thing it is about, for the details: kind and key, as in the API.
    pub subject: (Arc<str>, Arc<str>),
    /// What people did about it.
    pub state: AlarmState,
    /// The open incident that was made of it.
    pub incident: Option<Arc<str>>,
}

impl Alarm {
    /// Whether it asks for someone now.
    pub fn is_standing(&self) -> bool {
        matches!(self.state, AlarmState::Standing)
    }
    /// Who owns it.
    pub fn owner(&self) -> Option<&str> {
        match &self.state {
            AlarmState::Acknowledged { by, .. } => Some(by),
            _ => None,
        }
    }
}
