//! Something people work on, from opened to resolved, with everything they said and did.

use super::{Position, Severity, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IncidentState {
    /// Nobody has taken it.
    Open,
    /// Somebody works on it.
    Acknowledged,
    /// Done.
    Resolved,
}
impl IncidentState {
    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Acknowledged => "Acknowledged",
            Self::Resolved => "Resolved",
        }
    }
}

/// One line of an incident's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// When.
    pub at: Time,
    /// Who.
    pub by: Arc<str>,
    /// What was done, or said.
    pub text: Arc<str>,
}

/// An incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Its id, `I-` and a number.
    pub id: Arc<str>,
    /// What is the matter.
    pub title: Arc<str>,
    /// How bad.
    pub severity: Severity,
    /// Where it stands.
    pub state: IncidentState,
    /// Who works on it.
    pub owner: Option<Arc<str>>,
    /// When it was opened.
    pub opened_at: Time,
    /// Where, if it has a place.
    pub position: Option<Position>,
    /// The alarm it was opened from.
    pub alarm: Option<Arc<str>>,
    /// Everything done and said, oldest first.
    pub log: Vec<LogEntry>,
}

impl Incident {
    /// When the last thing was done or said.
    pub fn last_at(&self) -> Time {
        self.log.last().map_or(self.opened_at, |e| e.at)
    }
    /// Whether it still needs work.
    pub fn is_active(&self) -> bool {
        self.state != IncidentState::Resolved
    }
}
