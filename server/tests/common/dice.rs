//! Random cities. A number from proptest becomes a die, so that what it shrinks is the list of numbers: fewer things happening.

use app::model::feed::FeedId;
use app::model::{
    Act, Alarm, AlarmState, Body, Bounds, Certainty, Command, Feed, FeedHealth, Finding, Fix, Freshness, Geometry, Incident, IncidentState,
    Judgement, Key, Kpi, KpiInput, LogEntry, MoverKind, Outcome, Place, PlaceKind, Position, Promise, Quantity, Reading, Report, Severity,
    Shape, Situation, SituationKind, Span, Status, Time, Trip, Unit, Urgency,
};
use app::wire::{Change, CityView, Down, FeedView, Mover, Picture, PlaceView, SituationView};
use server::ledger::{Batch, Entry};
use std::{sync::Arc, time::Duration};

/// A die.
pub struct Dice(fastrand::Rng);

/// The feeds of the random city: two talk about the same things, one is on its own, one is there to stay silent.
pub fn feeds() -> Vec<Feed> {
    [("a", "n", "gtfs-rt", 2), ("b", "n", "cap", 30), ("c", "m", "wzdx", 600), ("d", "m", "edxl-have", 600)]
        .map(|(id, namespace, format, every)| Feed {
            id: id.into(),
            title: format!("Feed {id}").into(),
            department: "Dept".into(),
            format: format.into(),
            namespace: namespace.into(),
            licence: "CC0".into(),
            classification: "public".into(),
            promise: Promise::every(Duration::from_secs(every)),
        })
        .to_vec()
}

impl Dice {
    /// The die of that number.
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }
    /// A number under `n`.
    pub fn under(&mut self, n: usize) -> usize {
        self.0.usize(..n)
    }
    /// Once in `n`.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.under(n) == 0
    }
    /// One of these.
    pub fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.under(all.len())].clone()
    }
    /// Something, or nothing.
    pub fn maybe<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (!self.once_in(3)).then(|| f(self))
    }
    /// Up to `max` of something.
    pub fn some<T>(&mut self, max: usize, mut f: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.under(max + 1)).map(|_| f(self)).collect()
    }
    fn text(&mut self) -> Arc<str> {
        self.of(&["", "Tram T1", "Città di Firenze · 消防", "a\u{202e}b", "a long text that says the same again and again"]).into()
    }
    /// A moment around `at`: mostly just before it, sometimes far off.
    fn around(&mut self, at: Time) -> Time {
        match self.under(12) {
            0 => at.shifted(self.0.i64(0..900_000)),
            1 => at.shifted(-self.0.i64(0..10_000_000)),
            2 => at,
            _ => at.shifted(-self.0.i64(0..40_000)),
        }
    }
    fn any_time(&mut self) -> Time {
        Time::from_millis(self.of(&[i64::MIN, i64::MAX, 0, 1_795_000_000_123, -1]))
    }
    fn number(&mut self) -> f64 {
        self.of(&[0.0, -0.0, 1.5, -40.0, f64::MAX, f64::MIN_POSITIVE, 63.0])
    }
    fn position(&mut self) -> Position {
        Position::new(11.0 + self.0.f64(), 43.0 + self.0.f64()).unwrap()
    }
    fn geometry(&mut self) -> Geometry {
        Geometry(self.some(2, |d| match d.under(4) {
            0 => Shape::Point(d.position()),
            1 => Shape::Line(d.some(4, Self::position)),
            2 => Shape::Polygon(d.some(5, Self::position)),
            _ => Shape::Circle { center: d.position(), radius: 100.0 },
        }))
    }
    fn attributes(&mut self) -> Vec<(Arc<str>, Arc<str>)> {
        self.some(2, |d| (d.of(&["route_color", "note"]).into(), d.text()))
    }
    fn unit(&mut self) -> Unit {
        self.of(Unit::ALL)
    }
    fn id(&mut self) -> Arc<str> {
        self.of(&["1", "2", "3", "t/4"]).into()
    }
    fn key(&mut self) -> Key {
        let namespace = self.of(&["n", "m"]);
        Key::new(namespace, &self.id())
    }
    fn feed_id(&mut self) -> FeedId {
        self.of(&["a", "b", "c", "d", "gone"]).into()
    }
    fn freshness(&mut self) -> Freshness {
        self.of(&[Freshness::Fresh, Freshness::Stale, Freshness::Unknown])
    }
    fn severity(&mut self) -> Severity {
        self.of(Severity::ALL)
    }
    fn finding(&mut self) -> Finding {
        let severity = self.of(&[Judgement::Warning, Judgement::Error]);
        Finding { rule: "E001".into(), severity, entity: self.text(), message: self.text() }
    }

    /// A report of any of the four kinds, about few things.
    pub fn report(&mut self, at: Time) -> Report {
        let body = match self.under(4) {
            0 => Body::Fix(Fix {
                kind: self.of(MoverKind::ALL),
                label: self.maybe(Self::text),
                position: self.position(),
                heading: self.maybe(|d| d.of(&[0.0, 359.9, 90.0])),
                speed: self.maybe(|d| d.of(&[0.0, 13.9])),
                trip: self.maybe(|d| Trip { route: d.maybe(Self::text), ..Trip::default() }),
                attributes: self.attributes(),
            }),
            1 => Body::Place(Place {
                kind: self.of(&[PlaceKind::Hospital, PlaceKind::Hospital, PlaceKind::Sensor]),
                name: self.text(),
                geometry: self.geometry(),
                attributes: self.attributes(),
            }),
            2 => Body::Reading(Reading {
                of: self.id(),
                quantity: self.of(&[Quantity::BedsFree, Quantity::BedsFree, Quantity::BedsTotal, Quantity::Delay]),
                qualifier: self.maybe(|d| d.of(&["ICU", "Ward"]).into()),
                value: self.maybe(|d| d.of(&[0.0, 1.0, 40.0])),
                unit: Unit::One,
            }),
            _ => Body::Situation(Situation {
                kind: self.of(SituationKind::ALL),
                headline: self.text(),
                description: self.maybe(Self::text),
                language: None,
                status: self.of(Status::ALL),
                severity: self.severity(),
                urgency: self.of(Urgency::ALL),
                certainty: self.of(Certainty::ALL),
                geometry: self.geometry(),
                area: self.maybe(Self::text),
                from: self.maybe(|d| d.around(at)),
                to: self.maybe(|d| d.around(at.shifted(20_000))),
                replaces: if self.once_in(4) { self.some(2, Self::id) } else { Vec::new() },
                cancels: self.once_in(8),
                attributes: self.attributes(),
            }),
        };
        Report { id: self.id(), observed_at: self.maybe(|d| d.around(at)), span: Span::new(0, self.under(9)), body }
    }
    /// A batch of one of the feeds, received at `at`.
    pub fn batch(&mut self, at: Time) -> Batch {
        Batch {
            feed: self.maybe(Self::feed_id),
            received_at: at,
            raws: vec![self.text(), self.text()],
            reports: self.some(6, |d| d.report(at)),
            raw_of: self.some(6, |d| d.under(3) as u16),
            findings: self.some(5, Self::finding),
            finding_count: 5,
            rejected: 1,
            complete: self.once_in(2),
            content_at: self.maybe(|d| d.around(at)),
        }
    }
    fn outcome(&mut self) -> Outcome {
        match self.under(4) {
            0 => Outcome::Good,
            1 => Outcome::Unchanged,
            2 => Outcome::Unreachable(self.text()),
            _ => Outcome::Refused(self.text()),
        }
    }
    /// Anything people may ask, sensible or not.
    pub fn command(&mut self, at: Time) -> Command {
        let incident: Arc<str> = self.of(&["I-1", "I-1", "I-2", "I-3"]).into();
        let alarm: Arc<str> = self.of(&["situation:n/1", "beds:n/1", "feed:a", "feed:d"]).into();
        let act = match self.under(8) {
            0 | 1 => Act::Open {
                title: self.text(),
                severity: self.severity(),
                position: self.maybe(Self::position),
                alarm: self.maybe(|_| alarm.clone()),
            },
            2 | 3 => Act::Acknowledge { incident },
            4 => Act::Note { incident, text: self.text() },
            5 => Act::Resolve { incident },
            6 => Act::TakeAlarm { alarm },
            _ => Act::ShelveAlarm { alarm, until: at.shifted(self.of(&[-1, 1000, 30_000, 90_000_000])) },
        };
        Command { id: format!("c{}", self.under(30)).into(), by: self.of(&["ada", "bo", ""]).into(), at, act }
    }
    /// Anything that can happen, at `at`.
    pub fn entry(&mut self, at: Time) -> Entry {
        match self.under(8) {
            0 | 1 => Entry::Heard { feed: self.feed_id(), at, outcome: self.outcome(), raw: self.maybe(Self::text) },
            2 | 3 => Entry::Command(self.command(at)),
            _ => Entry::Batch(self.batch(at)),
        }
    }

    /// What screens know of a city.
    pub fn city_view(&mut self) -> CityView {
        CityView {
            name: self.text(),
            bounds: Bounds([11.0, 43.0, 12.0, 44.0]),
            timezone: self.text(),
            offset_s: self.of(&[0, 3600, -43_200, i32::MAX]),
            basemap: self.maybe(Self::text),
            attribution: self.text(),
            demo: self.once_in(2),
        }
    }
    fn mover(&mut self) -> Mover {
        Mover {
            kind: self.of(MoverKind::ALL),
            name: self.text(),
            lon_e6: self.of(&[-180_000_000, 180_000_000, 11_250_000]),
            lat_e6: self.of(&[-90_000_000, 90_000_000, 43_770_000]),
            heading: self.maybe(|d| d.of(&[0, 359])),
            speed_dm: self.maybe(|d| d.of(&[0, u16::MAX])),
            observed_at: self.maybe(Self::any_time),
            feed: self.of(&[0, 3, u16::MAX]),
        }
    }
    fn feed_view(&mut self) -> FeedView {
        let health = FeedHealth {
            last_good: self.maybe(Self::any_time),
            last_contact: self.maybe(Self::any_time),
            content_at: self.maybe(Self::any_time),
            failure: self.maybe(Self::text),
            failing_since: self.maybe(Self::any_time),
            failures: self.of(&[0, u32::MAX]),
            messages: self.of(&[0, u64::MAX]),
            reports: 3,
            rejected: 1,
            findings: self.some(3, Self::finding),
            finding_count: 9,
            last_raw: self.maybe(Self::text),
        };
        let feed = self.of(&feeds());
        FeedView { feed, health, bounds: self.maybe(|_| Bounds([1.0, 2.0, 3.0, 4.0])) }
    }
    fn place_view(&mut self) -> PlaceView {
        PlaceView {
            kind: self.of(PlaceKind::ALL),
            name: self.text(),
            geometry: self.geometry(),
            badge: self.maybe(Self::text),
            severity: self.maybe(Self::severity),
            color: self.maybe(Self::text),
            feed: 1,
        }
    }
    fn situation_view(&mut self) -> SituationView {
        SituationView {
            kind: self.of(SituationKind::ALL),
            headline: self.text(),
            area: self.maybe(Self::text),
            status: self.of(Status::ALL),
            severity: self.severity(),
            urgency: self.of(Urgency::ALL),
            certainty: self.of(Certainty::ALL),
            geometry: self.geometry(),
            from: self.maybe(Self::any_time),
            to: self.maybe(Self::any_time),
            observed_at: self.maybe(Self::any_time),
            feed: 2,
        }
    }
    fn kpi(&mut self) -> Kpi {
        Kpi {
            id: self.id(),
            title: self.text(),
            formula: self.text(),
            value: self.maybe(Self::number),
            unit: self.unit(),
            of: self.maybe(Self::number),
            note: self.text(),
            severity: self.maybe(Self::severity),
            freshness: self.freshness(),
            observed_at: self.maybe(Self::any_time),
            inputs: self.some(2, |d| KpiInput {
                feed: d.feed_id(),
                count: d.of(&[0, u32::MAX]),
                freshness: d.freshness(),
                at: d.maybe(Self::any_time),
            }),
            trend: self.some(40, |d| d.maybe(|d| d.number() as f32)),
        }
    }
    fn alarm(&mut self) -> Alarm {
        Alarm {
            id: self.id(),
            rule: self.text(),
            title: self.text(),
            reason: self.text(),
            severity: self.severity(),
            urgency: self.of(Urgency::ALL),
            certainty: self.of(Certainty::ALL),
            since: self.any_time(),
            position: self.maybe(Self::position),
            subject: (self.text(), self.text()),
            state: match self.under(3) {
                0 => AlarmState::Standing,
                1 => AlarmState::Acknowledged { by: self.text(), at: self.any_time() },
                _ => AlarmState::Shelved { by: self.text(), until: self.any_time() },
            },
            incident: self.maybe(Self::id),
        }
    }
    fn incident(&mut self) -> Incident {
        Incident {
            id: self.id(),
            title: self.text(),
            severity: self.severity(),
            state: self.of(&[IncidentState::Open, IncidentState::Acknowledged, IncidentState::Resolved]),
            owner: self.maybe(Self::text),
            opened_at: self.any_time(),
            position: self.maybe(Self::position),
            alarm: self.maybe(Self::text),
            log: self.some(3, |d| LogEntry { at: d.any_time(), by: d.text(), text: d.text() }),
        }
    }
    /// The change of variant `which` modulo their number.
    pub fn change(&mut self, which: usize) -> Change {
        match which % 13 {
            0 => Change::City(self.city_view()),
            1 => Change::Feed(self.of(&[0, 1, 2]), self.feed_view()),
            2 => Change::Mover(self.key(), self.mover()),
            3 => Change::MoverGone(self.key()),
            4 => Change::Place(self.key(), self.place_view()),
            5 => Change::PlaceGone(self.key()),
            6 => Change::Situation(self.key(), self.situation_view()),
            7 => Change::SituationGone(self.key()),
            8 => Change::Kpi(self.of(&[0, 1, 2]), self.kpi()),
            9 => Change::Alarm(self.alarm()),
            10 => Change::AlarmGone(self.id()),
            11 => Change::Incident(self.incident()),
            _ => Change::IncidentGone(self.id()),
        }
    }
    /// A frame of each kind: a snapshot, a delta that holds every kind of change, a beat.
    pub fn downs(&mut self) -> [Down; 3] {
        let changes: Vec<Change> = (0..26).map(|i| self.change(i)).collect();
        let mut picture = Picture::empty(self.city_view());
        changes.iter().for_each(|c| picture.apply(c.clone()));
        let (epoch, seq, at) = (self.of(&[0, u64::MAX]), self.of(&[1, u64::MAX]), self.any_time());
        [Down::Snapshot { epoch, seq, at, picture }, Down::Delta { seq, at, changes }, Down::Beat { seq, at }]
    }
}
