//! Pure decoders: bytes in, reports and findings out.
//!
//! A format knows the model and its own standard; it knows no network, no file, no clock (the moment comes in the
//! [`Context`]). It never panics and never trusts a length it did not count. One bad record becomes a [`Finding`] and is set
//! aside; a document that cannot be read at all is a [`Refusal`] with a place. To add one: see CONTRIBUTING.

pub mod cap;
pub mod edxl_have;
pub mod gtfs;
pub mod gtfs_rt;
pub mod wzdx;
pub mod xml;
pub mod zip_guard;

use app::model::{Finding, Judgement, Report, Time};
use std::fmt;

/// Every format Vedetta reads. Adding one is a file and a line here.
pub const FORMATS: &[Format] = &[cap::FORMAT, edxl_have::FORMAT, gtfs_rt::FORMAT, wzdx::FORMAT];

/// A format, as a record of what it is and how it is read.
#[derive(Clone, Copy)]
pub struct Format {
    /// Its short name, used in configurations and on the command line.
    pub id: &'static str,
    /// Its name.
    pub title: &'static str,
    /// The media types it is served as.
    pub media_types: &'static [&'static str],
    /// The rules its messages are judged by.
    pub rules: &'static [Rule],
    /// Reads a message.
    pub decode: fn(&[u8], &Context) -> Result<Decoded, Refusal>,
    /// Shows one record (its bytes, cut from the raw message by its span) as text for people.
    pub show: fn(&[u8]) -> String,
}

/// A numbered rule. Its id is the standard's own where it has them (E026, W001), else `<FORMAT>-NNN`.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its id.
    pub id: &'static str,
    /// How grave a breach is.
    pub severity: Judgement,
    /// What it asks, in a few words.
    pub title: &'static str,
    /// Why it is asked, which section says so, and what Vedetta does about a breach: a paragraph.
    pub text: &'static str,
}

/// What a decoder may know besides the bytes.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The moment to judge times by. For a capture, the moment it was taken.
    pub now: Time,
    /// The static GTFS that names trips and routes, where the feed has one.
    pub gtfs: Option<&'a gtfs::Gtfs>,
}

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// What it reports.
    pub reports: Vec<Report>,
    /// What is wrong in it.
    pub findings: Vec<Finding>,
    /// How many records were set aside because they could not be trusted.
    pub rejected: usize,
    /// Whether it lists everything the feed knows: then what it no longer lists has ended.
    pub complete: bool,
    /// The moment its content is of, where the format says so for the whole message.
    pub content_at: Option<Time>,
    /// Further messages it only points at (an index of alerts): addresses to fetch.
    pub links: Vec<String>,
}

impl Decoded {
    /// Notes a breach of `rule` by `entity`.
    pub fn find(&mut self, rule: &Rule, entity: impl Into<String>, message: impl Into<String>) {
        // A message of a million bad records must not become a million findings: the count is kept, the words are not.
        const MAX: usize = 10_000;
        if self.findings.len() < MAX {
            self.findings.push(Finding {
                rule: rule.id.into(),
                severity: rule.severity,
                entity: clip(&entity.into(), 200).into(),
                message: clip(&message.into(), 500).into(),
            });
        }
    }
    /// Notes a breach that makes the record unusable: it is set aside.
    pub fn reject(&mut self, rule: &Rule, entity: impl Into<String>, message: impl Into<String>) {
        self.rejected += 1;
        self.find(rule, entity, message);
    }
}

/// Why nothing could be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where: a byte offset, a line, an element.
    pub at: String,
    /// Why.
    pub why: String,
}
impl Refusal {
    /// A refusal at `at`, because `why`.
    pub fn new(at: impl Into<String>, why: impl Into<String>) -> Self {
        Self { at: clip(&at.into(), 200), why: clip(&why.into(), 500) }
    }
}
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.why)
    }
}
impl std::error::Error for Refusal {}

/// The format of that id.
pub fn by_id(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|f| f.id == id)
}

/// The first `max` characters of `text`, without control characters: feed text goes to logs and screens.
pub fn clip(text: &str, max: usize) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(max).collect()
}
