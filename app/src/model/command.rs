//! What people do. Every act is a command: named, timed, journaled before it is answered.

use super::{Position, Severity, Time};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Act {
    /// Open an incident, from an alarm or by hand.
    Open {
        /// What is the matter.
        title: Arc<str>,
        /// How bad.
        severity: Severity,
        /// Where.
        position: Option<Position>,
        /// The alarm it comes from.
        alarm: Option<Arc<str>>,
    },
    /// Take an incident: I work on it.
    Acknowledge {
        /// Which.
        incident: Arc<str>,
    },
    /// Say something about an incident.
    Note {
        /// Which.
        incident: Arc<str>,
        /// What.
        text: Arc<str>,
    },
    /// The incident is over.
    Resolve {
        /// Which.
        incident: Arc<str>,
    },
    /// Take an alarm: I have seen it and act on it.
    TakeAlarm {
        /// Which.
        alarm: Arc<str>,
    },
    /// Put an alarm out of sight until then.
    ShelveAlarm {
        /// Which.
        alarm: Arc<str>,
        /// Until when; at most a day ahead.
        until: Time,
    },
}

/// An act, by whom, when. `id` is chosen by the sender, so that sending again over a bad network does nothing twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// The sender's own id of this act.
    pub id: Arc<str>,
    /// Who.
    pub by: Arc<str>,
    /// When the server took it.
    pub at: Time,
    /// What.
    pub act: Act,
}

/// Why a command was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// There is no such incident or alarm.
    Unknown(Arc<str>),
    /// It makes no sense as things stand, and why.
    Conflict(Arc<str>),
    /// The request itself is wrong, and how.
    Invalid(Arc<str>),
    /// It could not be written down, so it was not done.
    NotKept(Arc<str>),
}
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(what) => write!(f, "There is no {what}."),
            Self::Conflict(why) | Self::Invalid(why) => f.write_str(why),
            Self::NotKept(why) => write!(f, "Not done, because it could not be written down: {why}"),
        }
    }
}
impl std::error::Error for Refused {}
