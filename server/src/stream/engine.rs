//! The single writer. One task owns the city and does everything to it in order: journal, apply, answer, derive, publish.
//!
//! Why one task: there is then one order of things, the same live, after a crash and in a test; and nobody ever waits for a lock
//! on the city. Readers get a frozen copy ([`Frozen`]) that costs a few reference counts.

use super::{frames::Frames, publish::Publisher, trend::Trends};
use crate::{
    clock::SharedClock,
    ledger::{
        City, Entry, Journal,
        journal::{JournalError, KpiSample, RawMessage},
    },
};
use app::live::Link;
use app::model::{Act, Command, Refused, Time};
use app::wire::{CityView, Down, Picture};
use arc_swap::ArcSwap;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until},
};

/// Under load the picture is published at most this often; after quiet, at once.
pub const TICK: Duration = Duration::from_millis(100);
/// KPIs and alarms are derived at most this often.
const DERIVE: Duration = Duration::from_millis(250);
/// The city ages even when nothing comes in.
const IDLE: Duration = Duration::from_millis(500);
/// So many inputs are committed as one group at most.
const GROUP: usize = 256;
/// A checkpoint after so many entries.
const CHECKPOINT_EVERY: i64 = 2_000;
/// Old data is deleted this often.
const PRUNE_EVERY: Duration = Duration::from_secs(600);

/// What the engine takes.
pub enum Input {
    /// Something came in, with the raw messages it came from. `done` is answered when it is committed and applied.
    Entry {
        /// What.
        entry: Entry,
        /// The raw messages.
        raws: Vec<RawMessage>,
        /// Told when it counts.
        done: Option<oneshot::Sender<()>>,
    },
    /// Somebody does something.
    Command {
        /// The sender's id of it.
        id: Arc<str>,
        /// Who.
        by: Arc<str>,
        /// What.
        act: Act,
        /// Answered when it is written down.
        answer: oneshot::Sender<Result<Arc<str>, Refused>>,
    },
}

/// The picture and the city as they were at number `seq`: what readers read.
pub struct Frozen {
    /// The number of the last change.
    pub seq: u64,
    /// When.
    pub at: Time,
    /// What screens show.
    pub picture: Picture,
    /// Everything known.
    pub city: City,
    /// Why the journal cannot be written, when it cannot.
    pub trouble: Option<Arc<str>>,
}

/// The engine, as everybody else sees it.
#[derive(Clone)]
pub struct Handle {
    tx: mpsc::Sender<Input>,
    frozen: Arc<ArcSwap<Frozen>>,
    /// The shared frames.
    pub frames: Arc<Frames>,
}

impl Handle {
    /// Hands in what came; waits when the engine is behind, which slows the feed and nobody else.
    pub async fn take(&self, entry: Entry, raws: Vec<RawMessage>) {
        let _ = self.tx.send(Input::Entry { entry, raws, done: None }).await;
    }
    /// Hands in what came and waits until it counts.
    pub async fn take_and_wait(&self, entry: Entry, raws: Vec<RawMessage>) {
        let (done, wait) = oneshot::channel();
        let _ = self.tx.send(Input::Entry { entry, raws, done: Some(done) }).await;
        let _ = wait.await;
    }
    /// Does something; answers when it is written down.
    pub async fn act(&self, id: &str, by: &str, act: Act) -> Result<Arc<str>, Refused> {
        let (answer, wait) = oneshot::channel();
        let input = Input::Command { id: id.into(), by: by.trim().into(), act, answer };
        let stopped = || Refused::NotKept("the server is stopping".into());
        self.tx.send(input).await.map_err(|_| stopped())?;
        wait.await.map_err(|_| stopped())?
    }
    /// The present picture.
    pub fn frozen(&self) -> Arc<Frozen> {
        self.frozen.load_full()
    }
    /// The number to follow from, and the picture up to it, as one step: what is published later comes as frames after it.
    pub fn snapshot_and_subscribe(&self) -> (Arc<Frozen>, tokio::sync::watch::Receiver<u64>) {
        // Subscribed before it is read: a change between the two is in the picture and announced too, and a cursor skips it.
        let watch = self.frames.watch();
        (self.frozen(), watch)
    }
}

/// The owner of the city.
pub struct Engine {
    city: City,
    journal: Journal,
    publisher: Publisher,
    trends: Trends,
    clock: SharedClock,
    view: Box<dyn Fn(Time) -> CityView + Send>,
    rx: mpsc::Receiver<Input>,
    handle: Handle,
    seq: u64,
    keep: Duration,
    trouble: Option<Arc<str>>,
    derived_at: Option<Instant>,
    checkpoint_at: i64,
    samples: Vec<KpiSample>,
}

/// What an engine is made from.
pub struct Setup {
    /// The city as the journal tells it, with the configured feeds.
    pub city: City,
    /// Where things are written down.
    pub journal: Journal,
    /// What screens know of the city itself, at a moment (its offset changes with summer time).
    pub view: Box<dyn Fn(Time) -> CityView + Send>,
    /// The clock.
    pub clock: SharedClock,
    /// This run's mark.
    pub epoch: u64,
    /// How long things are kept.
    pub keep: Duration,
}

impl Engine {
    /// An engine over `setup`, with its first picture published, and the handle to it.
    pub async fn new(setup: Setup) -> Result<(Self, Handle), JournalError> {
        let Setup { mut city, journal, view, clock, epoch, keep } = setup;
        let now = clock.now();
        let mut trends = Trends::default();
        let archive = journal.archive().await?;
        for rule in crate::rules::kpi::KPIS {
            trends.restore(rule.id, &archive.series(rule.id, now.shifted(-3_600_000), now).await?, now);
        }
        city.forget(now);
        let mut publisher = Publisher::new(view(now));
        publisher.changes(&mut city, &trends, now, true);
        let seq = 1;
        let frozen = Frozen { seq, at: now, picture: publisher.picture.clone(), city: city.clone(), trouble: None };
        let (tx, rx) = mpsc::channel(1024);
        let handle = Handle { tx, frozen: Arc::new(ArcSwap::from_pointee(frozen)), frames: Arc::new(Frames::new(epoch, seq)) };
        let checkpoint_at = journal.seq();
        let engine = Self {
            city,
            journal,
            publisher,
            trends,
            clock,
            view,
            rx,
            handle: handle.clone(),
            seq,
            keep,
            trouble: None,
            derived_at: None,
            checkpoint_at,
            samples: Vec::new(),
        };
        Ok((engine, handle))
    }

    /// Runs until `stop`; then writes a checkpoint, so that the next start is quick.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        // However it ends, by a panic too: screens must not take a picture that stands still for a live one.
        let _ended = self.handle.frames.ended.clone().drop_guard();
        let mut published = Instant::now() - TICK;
        let mut pruned = Instant::now();
        let mut group = Vec::new();
        loop {
            // What waits is published when the last tick is over; an idle city is looked at twice a second.
            let wake = if self.city.is_dirty() { published + TICK } else { published + IDLE };
            tokio::select! {
                biased;
                () = &mut stop => break,
                n = self.rx.recv_many(&mut group, GROUP) => {
                    if n == 0 { break }
                    self.commit(&mut group).await;
                }
                () = sleep_until(wake) => {}
            }
            if published.elapsed() >= if self.city.is_dirty() { TICK } else { IDLE } {
                self.publish();
                published = Instant::now();
            }
            if self.journal.seq() - self.checkpoint_at >= CHECKPOINT_EVERY {
                self.checkpoint().await;
            }
            if pruned.elapsed() >= PRUNE_EVERY {
                pruned = Instant::now();
                let now = self.clock.now();
                self.checkpoint().await;
                if let Err(e) = self.journal.prune(&self.city, now, self.keep).await {
                    tracing::warn!("old data could not be deleted: {e}");
                }
            }
        }
        self.checkpoint().await;
    }

    async fn checkpoint(&mut self) {
        self.checkpoint_at = self.journal.seq();
        if let Err(e) = self.journal.checkpoint(&self.city, self.clock.now()).await {
            tracing::warn!("no checkpoint: {e}");
        }
    }

    /// Journals a group, applies it, answers. What could not be journaled: a command is refused, a feed's message is still
    /// shown (the picture comes first) and the trouble is made visible.
    async fn commit(&mut self, group: &mut Vec<Input>) {
        let now = self.clock.now();
        let (mut entries, mut raws, mut answers, mut told) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for input in group.drain(..) {
            match input {
                Input::Entry { entry, raws: more, done } => {
                    raws.extend(more);
                    told.extend(done);
                    entries.push((entry, None));
                }
                Input::Command { id, by, act, answer } => {
                    if let Some(about) = self.city.done(&id) {
                        answers.push((answer, Ok(about)));
                        continue;
                    }
                    // A command is judged by the city as it is after everything before it: that goes first.
                    if !entries.is_empty() {
                        self.write(&mut entries, &mut raws, &mut answers).await;
                    }
                    let command = Command { id, by, at: now, act };
                    match self.city.check(&command).and_then(|()| self.standing(&command)) {
                        Ok(()) => entries.push((Entry::Command(command), Some(answer))),
                        Err(refused) => answers.push((answer, Err(refused))),
                    }
                }
            }
        }
        self.write(&mut entries, &mut raws, &mut answers).await;
        for done in told {
            let _ = done.send(());
        }
        for (answer, result) in answers {
            let _ = answer.send(result);
        }
    }

    /// Alarms are derived, so the city cannot say whether one stands: the picture people acted on can.
    fn standing(&self, command: &Command) -> Result<(), Refused> {
        let (Act::TakeAlarm { alarm } | Act::ShelveAlarm { alarm, .. }) = &command.act else { return Ok(()) };
        match self.publisher.picture.alarms.get(alarm) {
            None => Err(Refused::Unknown(format!("alarm {alarm}; its cause may be gone").into())),
            Some(a) => match (&command.act, a.owner()) {
                (Act::TakeAlarm { .. }, Some(owner)) => Err(Refused::Conflict(format!("{owner} already has it.").into())),
                _ => Ok(()),
            },
        }
    }

    async fn write(
        &mut self,
        entries: &mut Vec<(Entry, Option<Answer>)>,
        raws: &mut Vec<RawMessage>,
        answers: &mut Vec<(Answer, Result<Arc<str>, Refused>)>,
    ) {
        let bodies: Vec<(Time, Vec<u8>)> = entries.iter().map(|(e, _)| (e.at(), e.encode())).collect();
        let durable = entries.iter().any(|(e, _)| matches!(e, Entry::Command(_)));
        let samples = std::mem::take(&mut self.samples);
        let kept = self.journal.append(&bodies, raws, &samples, durable).await.map_err(|e| Arc::<str>::from(e.to_string()));
        raws.clear();
        if let Err(why) = &kept
            && self.trouble.is_none()
        {
            tracing::error!("the journal cannot be written: {why}");
        }
        self.trouble = kept.clone().err();
        for (entry, answer) in entries.drain(..) {
            let result = match (&kept, &entry) {
                (Err(why), Entry::Command(_)) => Err(Refused::NotKept(why.clone())),
                _ => self.city.apply(entry),
            };
            if let Some(answer) = answer {
                answers.push((answer, result));
            }
        }
    }

    fn publish(&mut self) {
        let now = self.clock.now();
        self.city.forget(now);
        let due = self.derived_at.is_none_or(|t| t.elapsed() >= DERIVE);
        if due {
            self.derived_at = Some(Instant::now());
            self.samples.extend(self.trends.sample(&self.publisher.picture.kpis, now));
        }
        let mut changes = self.publisher.changes(&mut self.city, &self.trends, now, due);
        let view = (self.view)(now);
        if view != self.publisher.picture.city {
            self.publisher.picture.city = view.clone();
            changes.push(app::wire::Change::City(view));
        }
        let (was, trouble) = (self.handle.frozen.load().trouble.clone(), self.trouble.clone());
        if changes.is_empty() && was == trouble {
            return;
        }
        self.seq += 1;
        let frozen = Frozen { seq: self.seq, at: now, picture: self.publisher.picture.clone(), city: self.city.clone(), trouble };
        // Frozen first: whoever is woken by the frame finds a picture at least as new.
        self.handle.frozen.store(Arc::new(frozen));
        self.handle.frames.push(self.seq, &Down::Delta { seq: self.seq, at: now, changes });
    }
}

type Answer = oneshot::Sender<Result<Arc<str>, Refused>>;

/// Silence a client may expect between two frames.
pub const BEAT: Duration = Link::BEAT;
