//! What the journal holds: one sequence of everything that came in and everything people did.

use app::model::feed::FeedId;
use app::model::{Command, Finding, Outcome, Report, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Entry {
    /// A feed's message was read.
    Batch(Batch),
    /// An attempt to hear from a feed ended without a message.
    Heard {
        /// The feed.
        feed: FeedId,
        /// When.
        at: Time,
        /// How.
        outcome: Outcome,
        /// SHA-256 of the message, when one came and was refused.
        raw: Option<Arc<str>>,
    },
    /// Somebody did something.
    Command(Command),
}

impl Entry {
    /// When it happened, by our clock.
    pub fn at(&self) -> Time {
        match self {
            Self::Batch(b) => b.received_at,
            Self::Heard { at, .. } => *at,
            Self::Command(c) => c.at,
        }
    }
    /// As bytes for the journal.
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_extend(self, Vec::new()).unwrap_or_default()
    }
    /// From the journal's bytes.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// What one poll of a feed brought: mostly one message, sometimes an index and the messages it lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// The feed.
    pub feed: Option<FeedId>,
    /// When it came.
    pub received_at: Time,
    /// SHA-256 of the raw messages.
    pub raws: Vec<Arc<str>>,
    /// What they say.
    pub reports: Vec<Report>,
    /// Which of `raws` each report stands in; empty when there is only one.
    pub raw_of: Vec<u16>,
    /// What is wrong in them: the first few.
    pub findings: Vec<Finding>,
    /// How many findings in all.
    pub finding_count: u32,
    /// Records set aside.
    pub rejected: u32,
    /// Whether they list everything the feed knows.
    pub complete: bool,
    /// The moment their content is of, where they say so.
    pub content_at: Option<Time>,
}
