//! The city in memory: what is known, from whom, how old. A pure function of the journal: [`City::apply`] is its only way
//! forward, and takes no clock, no network, no chance.
//!
//! Its maps share structure, so that a frozen copy for readers costs nothing.

use super::entry::{Batch, Entry};
use app::model::feed::FeedId;
use app::model::{
    Act, AlarmState, Body, Bounds, Command, Feed, FeedHealth, Fix, Incident, IncidentState, Key, LogEntry, Observed, Outcome, Place,
    Reading, Refused, Situation, Source, Time,
};
use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc, time::Duration};

type Known<T> = OrdMap<Key, Arc<Observed<T>>>;

/// Everything the city knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct City {
    /// Its feeds, in the order of the configuration.
    pub feeds: Vec<FeedState>,
    /// Where what moves was last.
    pub fixes: Known<Fix>,
    /// What stands.
    pub places: Known<Place>,
    /// What was last measured.
    pub readings: Known<Reading>,
    /// What goes on.
    pub situations: Known<Situation>,
    /// The readings of each place, mover or trip.
    pub readings_of: OrdMap<Key, OrdSet<Key>>,
    /// What people did about alarms, by alarm id, with when.
    pub alarm_acts: OrdMap<Arc<str>, (Time, AlarmState)>,
    /// What people work on.
    pub incidents: OrdMap<Arc<str>, Arc<Incident>>,
    /// Situations that were replaced or cancelled, with when: an alert that arrives after its update must not come back to life.
    withdrawn: OrdMap<Key, Time>,
    opened: u32,
    /// Ids of commands that were done, with what they concerned: doing one again does nothing.
    done: OrdMap<Arc<str>, Arc<str>>,
    done_order: imbl::Vector<Arc<str>>,
    #[serde(skip)]
    dirty: Dirty,
}

/// A feed and how it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedState {
    /// What it is.
    pub feed: Feed,
    /// How it does.
    pub health: FeedHealth,
    /// What kinds of report it ever gave.
    pub gives: Gives,
    /// The box around the places and movers of its last message.
    pub bounds: Option<Bounds>,
    places: OrdSet<Key>,
    situations: OrdSet<Key>,
}

/// Which of the four kinds of report a feed gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gives {
    /// Places.
    pub places: bool,
    /// Fixes.
    pub fixes: bool,
    /// Readings.
    pub readings: bool,
    /// Situations.
    pub situations: bool,
}

/// What changed since it was last taken: the publisher looks only at this.
#[derive(Clone, Debug, Default)]
pub struct Dirty {
    /// Feeds, by place in the list.
    pub feeds: BTreeSet<usize>,
    /// Movers.
    pub fixes: BTreeSet<Key>,
    /// Places.
    pub places: BTreeSet<Key>,
    /// Situations.
    pub situations: BTreeSet<Key>,
    /// Incidents.
    pub incidents: BTreeSet<Arc<str>>,
    /// Whether alarms may read differently though nothing else changed.
    pub acts: bool,
}
impl Dirty {
    /// Whether anything changed.
    pub fn any(&self) -> bool {
        self.acts
            || !(self.feeds.is_empty()
                && self.fixes.is_empty()
                && self.places.is_empty()
                && self.situations.is_empty()
                && self.incidents.is_empty())
    }
}
// What waits to be published is no part of what is known.
impl PartialEq for Dirty {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A situation that ended this long ago is forgotten.
const ENDED_FOR: Duration = Duration::from_secs(3600);
/// A withdrawn situation is remembered for so long.
const WITHDRAWN_FOR: Duration = Duration::from_secs(7 * 86_400);
/// So many done commands are remembered.
const REMEMBERED: usize = 10_000;
/// An alarm may be shelved for so long (ISA-18.2: shelving is temporary).
const LONGEST_SHELF: Duration = Duration::from_secs(86_400);

// Whether two say the same to a screen, which shows the feed too.
fn same<T: PartialEq>(a: &Observed<T>, b: &Observed<T>) -> bool {
    a.dated() == b.dated() && a.source().feed == b.source().feed
}
// What a reading is of.
fn of(key: &Key, o: &Observed<Reading>) -> Key {
    Key::new(key.namespace(), &o.dated().0.of)
}

impl City {
    /// A city with these feeds and nothing known yet.
    pub fn new(feeds: Vec<Feed>) -> Self {
        let mut city = Self::default();
        city.configure(feeds);
        city
    }

    /// Takes these feeds for its own, keeping the health of those it knew; what others reported stays until it is too old.
    pub fn configure(&mut self, feeds: Vec<Feed>) {
        let mut old = std::mem::take(&mut self.feeds);
        self.feeds = feeds
            .into_iter()
            .map(|feed| match old.iter().position(|f| f.feed.id == feed.id) {
                Some(i) => FeedState { feed, ..old.swap_remove(i) },
                None => FeedState {
                    feed,
                    health: FeedHealth::default(),
                    gives: Gives::default(),
                    bounds: None,
                    places: OrdSet::new(),
                    situations: OrdSet::new(),
                },
            })
            .collect();
        // A feed that is no longer configured keeps nothing up: what it said would stay for ever.
        for gone in old {
            for k in &gone.places {
                if self.places.get(k).is_some_and(|o| o.source().feed == gone.feed.id) {
                    self.places.remove(k);
                }
            }
            for k in &gone.situations {
                if self.situations.get(k).is_some_and(|o| o.source().feed == gone.feed.id) {
                    self.situations.remove(k);
                }
            }
        }
        let known: BTreeSet<&FeedId> = self.feeds.iter().map(|f| &f.feed.id).collect();
        self.fixes = self.fixes.iter().filter(|(_, o)| known.contains(&o.source().feed)).map(|(k, o)| (k.clone(), o.clone())).collect();
        self.readings =
            self.readings.iter().filter(|(_, o)| known.contains(&o.source().feed)).map(|(k, o)| (k.clone(), o.clone())).collect();
        self.dirty.feeds = (0..self.feeds.len()).collect();
        self.dirty.fixes = self.fixes.keys().cloned().collect();
        self.dirty.places = self.places.keys().cloned().collect();
        self.dirty.situations = self.situations.keys().cloned().collect();
        self.dirty.incidents = self.incidents.keys().cloned().collect();
    }

    /// The place of a feed in the list.
    pub fn feed_index(&self, id: &FeedId) -> Option<usize> {
        self.feeds.iter().position(|f| f.feed.id == *id)
    }
    /// A feed.
    pub fn feed(&self, id: &FeedId) -> Option<&FeedState> {
        self.feeds.iter().find(|f| f.feed.id == *id)
    }
    /// What changed since the last call.
    pub fn take_dirty(&mut self) -> Dirty {
        std::mem::take(&mut self.dirty)
    }
    /// Whether anything changed since the last [`City::take_dirty`].
    pub fn is_dirty(&self) -> bool {
        self.dirty.any()
    }

    /// Takes in what happened. For a command: what it concerned, or why it was not done.
    pub fn apply(&mut self, entry: Entry) -> Result<Arc<str>, Refused> {
        match entry {
            Entry::Batch(batch) => self.take_batch(batch),
            Entry::Heard { feed, at, outcome, raw } => {
                if let Some(i) = self.feed_index(&feed) {
                    self.feeds[i].health.record(&outcome, at);
                    if raw.is_some() {
                        self.feeds[i].health.last_raw = raw;
                    }
                    self.dirty.feeds.insert(i);
                }
            }
            Entry::Command(command) => return self.obey(command),
        }
        Ok("".into())
    }

    fn take_batch(&mut self, batch: Batch) {
        let Some(i) = batch.feed.as_ref().and_then(|id| self.feed_index(id)) else { return };
        let feed = self.feeds[i].feed.clone();
        let at = batch.received_at;
        let key = |id: &str| Key::new(&feed.namespace, id);
        for report in &batch.reports {
            let Body::Situation(s) = &report.body else { continue };
            for k in s.replaces.iter().map(|id| key(id)) {
                if self.situations.remove(&k).is_some() {
                    self.dirty.situations.insert(k.clone());
                }
                self.withdrawn.insert(k, at);
            }
        }
        let (mut places, mut situations) = (OrdSet::new(), OrdSet::new());
        let mut gives = self.feeds[i].gives;
        let mut seen = Vec::new();
        let count = batch.reports.len();
        for (n, report) in batch.reports.into_iter().enumerate() {
            let raw = batch.raw_of.get(n).copied().unwrap_or(0);
            let Some(raw) = batch.raws.get(usize::from(raw)).or(batch.raws.first()) else { continue };
            let source = Arc::new(Source { feed: feed.id.clone(), raw: raw.clone(), span: report.span });
            let k = key(&report.id);
            match report.body {
                Body::Fix(fix) => {
                    gives.fixes = true;
                    seen.push(fix.position);
                    let o = Observed::new(fix, report.observed_at, at, source);
                    if self.fixes.get(&k).is_none_or(|old| old.yields_to(&o) || self.outlived(old, &o, at)) {
                        let same = self.fixes.get(&k).is_some_and(|old| same(old, &o));
                        self.fixes.insert(k.clone(), Arc::new(o));
                        if !same {
                            self.dirty.fixes.insert(k);
                        }
                    }
                }
                Body::Place(place) => {
                    gives.places = true;
                    seen.extend(place.geometry.positions());
                    places.insert(k.clone());
                    if !self.places.contains_key(&k) {
                        // What was measured before it stood here is kept no longer than what is measured of a trip.
                        let readings: Vec<Key> = self.readings_of.get(&k).into_iter().flatten().cloned().collect();
                        for r in readings {
                            if self.readings.get(&r).is_some_and(|o| self.is_old(o, at)) {
                                self.drop_reading(&r);
                            }
                        }
                    }
                    let o = Observed::new(place, report.observed_at, at, source);
                    if self.places.get(&k).is_none_or(|old| !same(old, &o)) {
                        self.dirty.places.insert(k.clone());
                    }
                    self.places.insert(k, Arc::new(o));
                }
                Body::Reading(reading) => {
                    gives.readings = true;
                    let of = key(&reading.of);
                    let o = Observed::new(reading, report.observed_at, at, source);
                    if self.readings.get(&k).is_none_or(|old| old.yields_to(&o) || self.outlived(old, &o, at)) {
                        if self.readings.get(&k).is_none_or(|old| old.dated().0.value != o.dated().0.value) {
                            self.dirty.places.insert(of.clone());
                        }
                        // It may have been of something else before: then it is no longer that one's.
                        if let Some(was) = self.readings.get(&k).map(|old| self::of(&k, old)).filter(|was| *was != of) {
                            self.drop_reading(&k);
                            self.dirty.places.extend([was, of.clone()]);
                        }
                        self.readings.insert(k.clone(), Arc::new(o));
                        let of_it = self.readings_of.entry(of).or_default();
                        of_it.insert(k);
                    }
                }
                Body::Situation(s) => {
                    gives.situations = true;
                    let ended = s.to.is_some_and(|t| t.age(at) > ENDED_FOR);
                    if ended || self.withdrawn.get(&k).is_some_and(|t| t.age(at) <= WITHDRAWN_FOR) {
                        continue;
                    }
                    seen.extend(s.geometry.positions());
                    situations.insert(k.clone());
                    let o = Observed::new(s, report.observed_at, at, source);
                    if self.situations.get(&k).is_none_or(|old| !same(old, &o)) {
                        self.dirty.situations.insert(k.clone());
                    }
                    self.situations.insert(k, Arc::new(o));
                }
            }
        }
        let state = &mut self.feeds[i];
        if batch.complete {
            for k in state.places.clone().relative_complement(places.clone()) {
                // Another feed of the namespace may be the one that keeps it up.
                if self.places.get(&k).is_some_and(|o| o.source().feed == feed.id) {
                    self.places.remove(&k);
                    self.dirty.places.insert(k);
                }
            }
            for k in state.situations.clone().relative_complement(situations.clone()) {
                if self.situations.get(&k).is_some_and(|o| o.source().feed == feed.id) {
                    self.situations.remove(&k);
                    self.dirty.situations.insert(k);
                }
            }
            (state.places, state.situations) = (places, situations);
        } else {
            state.places = std::mem::take(&mut state.places).union(places);
            state.situations = std::mem::take(&mut state.situations).union(situations);
        }
        state.gives = gives;
        if let Some(b) = Bounds::of(seen) {
            state.bounds = Some(b);
        }
        let health = &mut state.health;
        health.record(&Outcome::Good, at);
        health.content_at = batch.content_at;
        health.reports = u32::try_from(count).unwrap_or(u32::MAX);
        health.rejected = batch.rejected;
        health.findings = batch.findings;
        health.finding_count = batch.finding_count;
        health.last_raw = batch.raws.first().cloned();
        self.dirty.feeds.insert(i);
    }

    /// Forgets what says nothing about now any more: movers and trip readings beyond their feed's promise tenfold, situations
    /// that ended an hour ago. Doing it twice, sooner or later, leads to the same city: [`City::apply`] treats what could be
    /// forgotten as if it were, so that a replay, which forgets only at its end, tells the same.
    pub fn forget(&mut self, now: Time) {
        let gone: Vec<Key> = self.fixes.iter().filter(|(_, o)| self.is_old(o, now)).map(|(k, _)| k.clone()).collect();
        for k in gone {
            self.fixes.remove(&k);
            self.dirty.fixes.insert(k);
        }
        let gone: Vec<Key> = self
            .readings
            .iter()
            .filter(|(_, o)| self.is_old(o, now))
            // The last known state of a place is worth a dash and an age; that of a trip which ended is not.
            .filter(|(k, o)| !self.places.contains_key(&of(k, o)))
            .map(|(k, _)| k.clone())
            .collect();
        for k in gone {
            self.drop_reading(&k);
        }
        let gone: Vec<Key> = self
            .situations
            .iter()
            .filter(|(_, o)| {
                let (s, _) = o.dated();
                let end = s.to.or(s.cancels.then_some(o.received_at()));
                end.is_some_and(|t| t.age(now) > ENDED_FOR)
            })
            .map(|(k, _)| k.clone())
            .collect();
        for k in gone {
            self.situations.remove(&k);
            self.dirty.situations.insert(k);
        }
        self.forget_withdrawn(now);
    }

    // Whether it says nothing about `now` any more, by its feed's promise. A time ahead of its arrival counts as its arrival.
    fn is_old<T>(&self, o: &Observed<T>, now: Time) -> bool {
        let limit = self.feed(&o.source().feed).map_or(Duration::ZERO, |f| f.feed.promise.forgotten_after());
        o.observed_at().unwrap_or(o.received_at()).min(o.received_at()).age(now) > limit
    }
    // Whether `old` may already be forgotten at `at`, and `new` may not.
    fn outlived<T>(&self, old: &Observed<T>, new: &Observed<T>, at: Time) -> bool {
        self.is_old(old, at) && !self.is_old(new, at)
    }

    fn drop_reading(&mut self, k: &Key) {
        let Some(of) = self.readings.remove(k).map(|o| of(k, &o)) else { return };
        let empty = self.readings_of.get_mut(&of).is_some_and(|set| {
            set.remove(k);
            set.is_empty()
        });
        if empty {
            self.readings_of.remove(&of);
        }
    }

    fn forget_withdrawn(&mut self, now: Time) {
        let gone: Vec<Key> = self.withdrawn.iter().filter(|(_, at)| at.age(now) > WITHDRAWN_FOR).map(|(k, _)| k.clone()).collect();
        for k in gone {
            self.withdrawn.remove(&k);
        }
    }

    /// The readings of a thing.
    pub fn readings_of(&self, of: &Key) -> impl Iterator<Item = &Arc<Observed<Reading>>> {
        self.readings_of.get(of).into_iter().flatten().filter_map(|k| self.readings.get(k))
    }

    /// Whether a command of that id was done, and what it concerned.
    pub fn done(&self, id: &str) -> Option<Arc<str>> {
        self.done.get(id).cloned()
    }

    /// Whether a command can be done as things stand. Journal first, then [`City::apply`]: what passes here is done there.
    pub fn check(&self, command: &Command) -> Result<(), Refused> {
        let text = |what: &str, t: &str, max: usize| match t.trim().chars().count() {
            0 => Err(Refused::Invalid(format!("{what} is empty.").into())),
            n if n > max => Err(Refused::Invalid(format!("{what} is longer than {max} characters.").into())),
            _ => Ok(()),
        };
        let find = |id: &Arc<str>| self.incidents.get(id).ok_or_else(|| Refused::Unknown(format!("incident {id}").into()));
        let active = |id: &Arc<str>| match find(id)? {
            i if i.is_active() => Ok(i),
            i => Err(Refused::Conflict(format!("Incident {} is resolved.", i.id).into())),
        };
        text("The name of who does it", &command.by, 80)?;
        text("The id of the act", &command.id, 80)?;
        match &command.act {
            Act::Open { title, alarm, .. } => {
                // A publisher may write a headline of any length: it is cut where the incident is made, not refused.
                text("The title", title, if alarm.is_some() { usize::MAX } else { 300 })?;
                match alarm.as_ref().and_then(|a| self.incidents.values().find(|i| i.is_active() && i.alarm.as_ref() == Some(a))) {
                    Some(i) => Err(Refused::Conflict(format!("Incident {} is already open for this alarm.", i.id).into())),
                    None => Ok(()),
                }
            }
            Act::Acknowledge { incident } => match active(incident)? {
                i if i.state == IncidentState::Open => Ok(()),
                i => Err(Refused::Conflict(format!("{} already has it.", i.owner.as_deref().unwrap_or("Somebody")).into())),
            },
            Act::Note { incident, text: note } => {
                text("The note", note, 4000)?;
                find(incident).map(drop)
            }
            Act::Resolve { incident } => active(incident).map(drop),
            Act::TakeAlarm { alarm } => text("The alarm's id", alarm, 2000),
            Act::ShelveAlarm { alarm, until } => {
                text("The alarm's id", alarm, 2000)?;
                match until.ahead(command.at) {
                    d if d.is_zero() => Err(Refused::Invalid("A shelf needs an end that lies ahead.".into())),
                    d if d > LONGEST_SHELF => Err(Refused::Invalid("An alarm may be shelved for a day at most.".into())),
                    _ => Ok(()),
                }
            }
        }
    }

    fn obey(&mut self, command: Command) -> Result<Arc<str>, Refused> {
        if let Some(about) = self.done(&command.id) {
            return Ok(about);
        }
        self.check(&command)?;
        let Command { id, by, at, act } = command;
        let log = |text: &str| LogEntry { at, by: by.clone(), text: text.into() };
        let about: Arc<str> = match act {
            Act::Open { title, severity, position, alarm } => {
                self.opened += 1;
                let incident: Arc<str> = format!("I-{}", self.opened).into();
                let first = log(if alarm.is_some() { "Opened from an alarm" } else { "Opened" });
                let it = Incident {
                    id: incident.clone(),
                    title: title.chars().take(300).collect::<String>().into(),
                    severity,
                    state: IncidentState::Open,
                    owner: None,
                    opened_at: at,
                    position,
                    alarm,
                    log: vec![first],
                };
                self.incidents.insert(incident.clone(), Arc::new(it));
                self.dirty.incidents.insert(incident.clone());
                incident
            }
            Act::Acknowledge { incident } => self.change(incident, |i| {
                i.state = IncidentState::Acknowledged;
                i.owner = Some(by.clone());
                i.log.push(log("Acknowledged"));
            }),
            Act::Note { incident, text } => self.change(incident, |i| i.log.push(log(text.trim()))),
            Act::Resolve { incident } => self.change(incident, |i| {
                i.state = IncidentState::Resolved;
                i.log.push(log("Resolved"));
            }),
            Act::TakeAlarm { alarm } => {
                self.alarm_acts.insert(alarm.clone(), (at, AlarmState::Acknowledged { by: by.clone(), at }));
                alarm
            }
            Act::ShelveAlarm { alarm, until } => {
                self.alarm_acts.insert(alarm.clone(), (at, AlarmState::Shelved { by: by.clone(), until }));
                alarm
            }
        };
        self.dirty.acts = true;
        self.done.insert(id.clone(), about.clone());
        self.done_order.push_back(id);
        if self.done_order.len() > REMEMBERED
            && let Some(oldest) = self.done_order.pop_front()
        {
            self.done.remove(&oldest);
        }
        Ok(about)
    }

    fn change(&mut self, id: Arc<str>, f: impl FnOnce(&mut Incident)) -> Arc<str> {
        if let Some(i) = self.incidents.get_mut(&id) {
            f(Arc::make_mut(i));
            self.dirty.incidents.insert(id.clone());
        }
        id
    }
}
