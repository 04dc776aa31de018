//! One feed's life: ask the source, read the message, hand what it says to the engine, wait, again.
//!
//! Nothing that happens here leaves here but data: a message that cannot be read, a source that hangs, even a decoder that
//! panics becomes an outcome of this feed. Decoding runs on the blocking pool, so that a heavy message delays nobody.

use super::{
    format::{Context, Decoded, Format, Refusal, Rule, gtfs::Gtfs},
    source::{Capture, Polled, Source},
};
use crate::{
    clock::SharedClock,
    ledger::{Batch, Entry, journal::RawMessage},
    stream::Handle,
};
use app::model::{Feed, FeedHealth, Judgement, Outcome, Time};
use arc_swap::ArcSwapOption;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::{fmt::Write, sync::Arc, time::Duration};

/// After so many failures in a row the circuit is open: one probe a minute.
pub const CIRCUIT_OPENS_AT: u32 = 10;
/// The longest wait between two tries of a feed that fails.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// So many further messages of an index are fetched.
const MAX_LINKS: usize = 200;

const LINK: Rule = Rule {
    id: "LINK",
    severity: Judgement::Error,
    title: "a message that an index lists can be had and read",
    text: "Some indexes of alerts only point at them; each is then fetched, two hundred at most. One that cannot be fetched or read counts \
           as set aside, with the reason here. The others are taken in, nothing is taken for ended because this poll did not bring it, and \
           the next poll asks for all of it again.",
};
/// What a poll is judged by, besides the rules of its format.
pub const RULES: &[Rule] = &[LINK];

/// Everything a feed needs to be read.
#[derive(Clone)]
pub struct Intake {
    /// What it is.
    pub feed: Arc<Feed>,
    /// What it speaks.
    pub format: &'static Format,
    /// The static GTFS, once it is there.
    pub gtfs: Arc<ArcSwapOption<Gtfs>>,
    /// Where what it says goes.
    pub engine: Handle,
    /// The clock.
    pub clock: SharedClock,
}

/// What became of a message.
pub struct Taken {
    /// Reports taken in.
    pub reports: usize,
    /// Records set aside.
    pub rejected: usize,
    /// Findings.
    pub findings: usize,
}

impl Intake {
    /// Polls `source` for ever. `chance` gives numbers in 0..1 for the jitter.
    pub async fn run(self, mut source: Box<dyn Source>, mut chance: impl FnMut() -> f64 + Send) {
        let (mut failures, mut last) = (0u32, None);
        loop {
            let mut wait = self.feed.promise.every;
            let started = tokio::time::Instant::now();
            let good = match source.poll().await {
                Polled::Message(m) => {
                    wait = m.next.unwrap_or(wait);
                    self.message(&mut *source, m.bytes, m.capture, &mut last).await.is_ok()
                }
                Polled::Unchanged => {
                    self.heard(Outcome::Unchanged, None, Vec::new()).await;
                    true
                }
                Polled::Failed(why) => {
                    self.heard(Outcome::Unreachable(why.into()), None, Vec::new()).await;
                    false
                }
            };
            failures = if good { 0 } else { failures.saturating_add(1) };
            if failures > 0 {
                wait = backoff(self.feed.promise.every, failures, chance());
            }
            tokio::time::sleep_until(started + wait).await;
        }
    }

    // A message that came from a source: the same bytes again are "unchanged", unless they are a capture played anew.
    async fn message(
        &self,
        source: &mut dyn Source,
        bytes: Bytes,
        capture: Option<Capture>,
        last: &mut Option<Arc<str>>,
    ) -> Result<Taken, Refusal> {
        let sha = sha256(&bytes);
        if capture.is_none() && last.as_ref() == Some(&sha) {
            self.heard(Outcome::Unchanged, None, Vec::new()).await;
            return Ok(Taken { reports: 0, rejected: 0, findings: 0 });
        }
        let mut parts = Vec::new();
        let first = match self.decode(bytes.clone(), capture).await {
            Ok(decoded) => decoded,
            Err(refusal) => {
                // Else its source would say "unchanged" next time, and a feed nobody can read would look well.
                source.again();
                return self.refuse(refusal, sha, bytes).await;
            }
        };
        let links: Vec<String> = first.links.iter().take(MAX_LINKS).cloned().collect();
        let whole = links.is_empty();
        parts.push((sha.clone(), bytes, first));
        let mut broken = 0;
        for link in links {
            let part = match source.follow(&link).await {
                Ok(bytes) => self.decode(bytes.clone(), capture).await.map(|d| (sha256(&bytes), bytes, d)).map_err(|r| r.to_string()),
                Err(why) => Err(why),
            };
            match part {
                Ok(part) => parts.push(part),
                Err(why) => {
                    broken += 1;
                    tracing::info!(feed = %self.feed.id, "{link}: {why}");
                    if let Some((_, _, index)) = parts.first_mut() {
                        index.reject(&LINK, link, why);
                    }
                }
            }
        }
        // An index whose parts did not all come lists less than there is: nothing may be taken for ended.
        if broken > 0 {
            parts.iter_mut().for_each(|p| p.2.complete = false);
        }
        if whole || broken == 0 {
            *last = Some(sha);
        } else {
            source.again();
        }
        Ok(self.take(parts).await)
    }

    /// Reads and takes in a pushed message.
    pub async fn pushed(&self, bytes: Bytes) -> Result<Taken, Refusal> {
        let sha = sha256(&bytes);
        match self.decode(bytes.clone(), None).await {
            Ok(decoded) => Ok(self.take(vec![(sha, bytes, decoded)]).await),
            Err(refusal) => self.refuse(refusal, sha, bytes).await,
        }
    }

    async fn decode(&self, bytes: Bytes, capture: Option<Capture>) -> Result<Decoded, Refusal> {
        let (format, gtfs, now) = (self.format, self.gtfs.load_full(), self.clock.now());
        let work = tokio::task::spawn_blocking(move || {
            let Some(capture) = capture else {
                return (format.decode)(&bytes, &Context { now, gtfs: gtfs.as_deref() });
            };
            // A capture is judged by the moment it was taken, then moved to now.
            let taken = capture.taken_at.or_else(|| {
                let seen = (format.decode)(&bytes, &Context { now, gtfs: gtfs.as_deref() }).ok()?;
                seen.content_at.or_else(|| seen.reports.iter().filter_map(|r| r.observed_at).max())
            });
            let mut decoded = (format.decode)(&bytes, &Context { now: taken.unwrap_or(now), gtfs: gtfs.as_deref() })?;
            let by = taken.map_or(0, |t| now.millis() - t.millis());
            decoded.reports.iter_mut().for_each(|r| r.shift(by));
            decoded.content_at = decoded.content_at.map(|t| t.shifted(by));
            Ok(decoded)
        });
        work.await.unwrap_or_else(|_| Err(Refusal::new("decoder", "the decoder failed on this message; the message is kept")))
    }

    async fn take(&self, parts: Vec<(Arc<str>, Bytes, Decoded)>) -> Taken {
        let at = self.clock.now();
        let mut batch = Batch { feed: Some(self.feed.id.clone()), received_at: at, complete: true, ..Batch::default() };
        let mut raws = Vec::new();
        let several = parts.len() > 1;
        for (n, (sha, bytes, decoded)) in parts.into_iter().enumerate() {
            raws.push(self.raw(&sha, at, bytes));
            batch.raws.push(sha);
            // An index is as complete as itself; the single messages it lists are never complete alone.
            batch.complete &= decoded.complete || (several && n > 0);
            batch.content_at = batch.content_at.or(decoded.content_at);
            batch.rejected += u32::try_from(decoded.rejected).unwrap_or(u32::MAX);
            batch.finding_count += u32::try_from(decoded.findings.len()).unwrap_or(u32::MAX);
            if several {
                batch.raw_of.extend(std::iter::repeat_n(n as u16, decoded.reports.len()));
            }
            batch.reports.extend(decoded.reports);
            let room = FeedHealth::KEPT_FINDINGS.saturating_sub(batch.findings.len());
            batch.findings.extend(decoded.findings.into_iter().take(room));
        }
        let taken = Taken { reports: batch.reports.len(), rejected: batch.rejected as usize, findings: batch.finding_count as usize };
        self.engine.take_and_wait(Entry::Batch(batch), raws).await;
        taken
    }

    async fn refuse(&self, refusal: Refusal, sha: Arc<str>, bytes: Bytes) -> Result<Taken, Refusal> {
        // The refused message is kept too, unless it is absurdly large: somebody must be able to look at it.
        let keep = bytes.len() <= 1 << 20;
        let raws = if keep { vec![self.raw(&sha, self.clock.now(), bytes)] } else { Vec::new() };
        self.heard(Outcome::Refused(refusal.to_string().into()), keep.then_some(sha), raws).await;
        Err(refusal)
    }

    async fn heard(&self, outcome: Outcome, raw: Option<Arc<str>>, raws: Vec<RawMessage>) {
        let entry = Entry::Heard { feed: self.feed.id.clone(), at: self.clock.now(), outcome, raw };
        self.engine.take(entry, raws).await;
    }

    fn raw(&self, sha: &Arc<str>, at: Time, bytes: Bytes) -> RawMessage {
        RawMessage { sha256: sha.clone(), feed: self.feed.id.as_str().into(), received_at: at, bytes }
    }
}

/// How long to wait after the `failures`th failure in a row: doubling from the feed's own interval up to a minute (or its own
/// interval, if that is longer), spread by a fifth, so that a thousand servers do not knock at once.
pub fn backoff(every: Duration, failures: u32, chance: f64) -> Duration {
    let longest = LONGEST_WAIT.max(every);
    let full = every.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(longest);
    // An open circuit keeps its distance in full; before that the wait is spread downwards.
    let spread = if failures >= CIRCUIT_OPENS_AT { 1.0 + chance / 5.0 } else { 1.0 - chance / 5.0 };
    full.mul_f64(spread)
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> Arc<str> {
    let mut hex = String::with_capacity(64);
    for b in Sha256::digest(bytes) {
        let _ = write!(hex, "{b:02x}");
    }
    hex.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_dead_feed_is_asked_at_most_once_a_minute(every_ms in 100u64..600_000, failures in CIRCUIT_OPENS_AT..10_000, chance in 0.0..1.0f64) {
            prop_assert!(backoff(Duration::from_millis(every_ms), failures, chance) >= Duration::from_secs(51).min(Duration::from_millis(every_ms << 9)));
        }
        #[test]
        fn nobody_waits_longer_than_a_minute_and_a_fifth(every_ms in 100u64..60_000, failures in 1u32..10_000, chance in 0.0..1.0f64) {
            prop_assert!(backoff(Duration::from_millis(every_ms), failures, chance) <= Duration::from_secs(72));
        }
    }
}
