//! A source of the picture, and how it does.

use super::{Freshness, Promise, Time};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// A feed's short name, unique in the city: lower-case letters, digits and dashes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FeedId(Arc<str>);
impl FeedId {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl From<&str> for FeedId {
    fn from(s: &str) -> Self {
        Self(s.into())
    }
}
impl fmt::Display for FeedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for FeedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What a feed is: who owns it, on what terms, and what it promised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    /// Its short name.
    pub id: FeedId,
    /// Its name for people.
    pub title: Arc<str>,
    /// The department that owns it.
    pub department: Arc<str>,
    /// The format it speaks (an id of `vedetta formats`).
    pub format: Arc<str>,
    /// Whose things it talks about; feeds of one namespace talk about the same things.
    pub namespace: Arc<str>,
    /// Terms of use.
    pub licence: Arc<str>,
    /// Who may see it: `public`, `internal`, …
    pub classification: Arc<str>,
    /// What it promised.
    pub promise: Promise,
}

/// How one attempt to hear from a feed ended. Every outcome is data; none is a crash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// A message came and was read.
    Good,
    /// The source says nothing changed since the last message (HTTP 304, an unchanged file).
    Unchanged,
    /// No message could be had; why, in one line.
    Unreachable(Arc<str>),
    /// A message came and could not be read; why and where, in one line.
    Refused(Arc<str>),
}

/// How a feed does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedHealth {
    /// The last message that was read.
    pub last_good: Option<Time>,
    /// The last time the source answered at all, if only "nothing changed".
    pub last_contact: Option<Time>,
    /// The moment its content is of, where the format says so (GTFS-Realtime header timestamp).
    pub content_at: Option<Time>,
    /// Why the last attempt failed; `None` when it did not.
    pub failure: Option<Arc<str>>,
    /// When attempts began to fail.
    pub failing_since: Option<Time>,
    /// Failed attempts in a row.
    pub failures: u32,
    /// Messages read since the journal began.
    pub messages: u64,
    /// Reports in the last message read.
    pub reports: u32,
    /// Records set aside in the last message read.
    pub rejected: u32,
    /// Findings in the last message read; the first [`FeedHealth::KEPT_FINDINGS`] of them.
    pub findings: Vec<Finding>,
    /// How many findings there were in all in it.
    pub finding_count: u32,
    /// SHA-256 of the last message, good or refused.
    pub last_raw: Option<Arc<str>>,
}

impl FeedHealth {
    /// How many findings of the last message are kept.
    pub const KEPT_FINDINGS: usize = 20;

    /// The moment this feed last spoke for: its last contact, or its content's own time when that is older, since a server
    /// that keeps answering with yesterday's file is not fresh.
    pub fn basis(&self) -> Option<Time> {
        let contact = self.last_contact?;
        Some(self.content_at.map_or(contact, |c| c.min(contact)))
    }
    /// Its freshness.
    pub fn judge(&self, promise: &Promise, now: Time) -> Freshness {
        promise.judge(self.basis(), now)
    }
    /// Takes in how an attempt at `at` ended.
    pub fn record(&mut self, outcome: &Outcome, at: Time) {
        match outcome {
            Outcome::Good | Outcome::Unchanged => {
                self.last_contact = Some(at);
                self.failures = 0;
                self.failing_since = None;
                self.failure = None;
                if *outcome == Outcome::Good {
                    self.last_good = Some(at);
                    self.messages += 1;
                }
            }
            Outcome::Unreachable(why) | Outcome::Refused(why) => {
                self.failures = self.failures.saturating_add(1);
                self.failing_since.get_or_insert(at);
                self.failure = Some(why.clone());
            }
        }
    }
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Judgement {
    /// The standard says "should".
    Warning,
    /// The standard says "must".
    Error,
}

/// What a rule found wrong in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id: the format's own where it has them, else `<FORMAT>-NNN`.
    pub rule: Arc<str>,
    /// How grave.
    pub severity: Judgement,
    /// The record it is about: its id, else its place in the message.
    pub entity: Arc<str>,
    /// What is wrong, in one line.
    pub message: Arc<str>,
}
