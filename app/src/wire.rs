//! What travels between server and browser over `/live`: binary frames, one byte of protocol version, then postcard.
//!
//! A connection starts with a [`Down::Snapshot`] (or, when it resumes in time, goes on with deltas), then [`Down::Delta`]s whose
//! numbers follow without a gap, and a [`Down::Beat`] when the city is quiet. The law that holds it together, tested as a
//! property: a picture with a delta applied equals the picture the server has.

pub mod ordered;

use crate::model::{
    Alarm, Bounds, Certainty, Feed, FeedHealth, Freshness, Geometry, Incident, Key, Kpi, MoverKind, PlaceKind, Position, Severity,
    SituationKind, Status, Time, Urgency,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The wire's version. A browser that meets another one reloads itself: its code is older or newer than the server.
pub const PROTOCOL: u8 = 1;

/// Ordered maps. On the server they share structure, so that freezing a picture of fifty thousand things costs nothing; the
/// browser does without the extra code. Both travel alike.
#[cfg(feature = "ssr")]
pub type Map<K, V> = imbl::OrdMap<K, V>;
/// Ordered maps. On the server they share structure, so that freezing a picture of fifty thousand things costs nothing; the
/// browser does without the extra code. Both travel alike.
#[cfg(not(feature = "ssr"))]
pub type Map<K, V> = ordered::Ordered<K, V>;

/// What a screen must know of the city itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CityView {
    /// Its name.
    pub name: Arc<str>,
    /// What the map shows at first: west, south, east, north.
    pub bounds: Bounds,
    /// IANA time zone.
    pub timezone: Arc<str>,
    /// Seconds east of UTC at present.
    pub offset_s: i32,
    /// Address of the basemap (PMTiles) under this server; none draws the plain ground.
    pub basemap: Option<Arc<str>>,
    /// What the basemap asks to be said about it.
    pub attribution: Arc<str>,
    /// True when everything shown is a demonstration.
    pub demo: bool,
}

/// A feed as screens see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedView {
    /// What it is.
    pub feed: Feed,
    /// How it does; its findings cut to the first few.
    pub health: FeedHealth,
    /// The box around what it reports, to fly to.
    pub bounds: Option<Bounds>,
}
impl FeedView {
    /// Its freshness now.
    pub fn freshness(&self, now: Time) -> Freshness {
        self.health.judge(&self.feed.promise, now)
    }
}

/// A mover as the map needs it. Everything else about it is asked for when somebody selects it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mover {
    /// What it is.
    pub kind: MoverKind,
    /// The short name beside its symbol: route and vehicle.
    pub name: Arc<str>,
    /// Longitude in millionths of a degree (a tenth of a metre).
    pub lon_e6: i32,
    /// Latitude in millionths of a degree.
    pub lat_e6: i32,
    /// Degrees clockwise from north, 0 to 359.
    pub heading: Option<u16>,
    /// Decimetres a second.
    pub speed_dm: Option<u16>,
    /// When it was there, by its own clock.
    pub observed_at: Option<Time>,
    /// Its feed: a place in [`Picture::feeds`].
    pub feed: u16,
}
impl Mover {
    /// Degrees, longitude first.
    pub fn lon_lat(&self) -> (f64, f64) {
        (f64::from(self.lon_e6) / 1e6, f64::from(self.lat_e6) / 1e6)
    }
}

/// A place as screens see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceView {
    /// What it is.
    pub kind: PlaceKind,
    /// Its name.
    pub name: Arc<str>,
    /// Where.
    pub geometry: Geometry,
    /// The number worth a glance beside its symbol, with unit: `4 of 31 beds free`.
    pub badge: Option<Arc<str>>,
    /// How bad that number is.
    pub severity: Option<Severity>,
    /// Colour of a route line, as its agency gives it: six hex digits.
    pub color: Option<Arc<str>>,
    /// Its feed.
    pub feed: u16,
}

/// A situation as screens see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SituationView {
    /// What it is.
    pub kind: SituationKind,
    /// One line.
    pub headline: Arc<str>,
    /// Where, in words.
    pub area: Option<Arc<str>>,
    /// Whether it is real.
    pub status: Status,
    /// How bad.
    pub severity: Severity,
    /// How soon.
    pub urgency: Urgency,
    /// How sure.
    pub certainty: Certainty,
    /// Where.
    pub geometry: Geometry,
    /// From when.
    pub from: Option<Time>,
    /// Until when.
    pub to: Option<Time>,
    /// When it was said.
    pub observed_at: Option<Time>,
    /// Its feed.
    pub feed: u16,
}
impl SituationView {
    /// Whether it goes on at `now`.
    pub fn in_force(&self, now: Time) -> bool {
        self.from.is_none_or(|t| t <= now) && self.to.is_none_or(|t| now < t)
    }
    /// Where to put its symbol.
    pub fn anchor(&self) -> Option<Position> {
        self.geometry.anchor()
    }
}

/// Everything a screen shows. The server holds one, every browser holds one, and they are equal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// The city.
    pub city: CityView,
    /// Its feeds, in the order of the configuration, which never changes while a server runs.
    pub feeds: Vec<FeedView>,
    /// What moves.
    pub movers: Map<Key, Mover>,
    /// What stands.
    pub places: Map<Key, PlaceView>,
    /// What goes on.
    pub situations: Map<Key, SituationView>,
    /// The KPIs, in the order they are shown.
    pub kpis: Vec<Kpi>,
    /// What asks for a response, by id.
    pub alarms: Map<Arc<str>, Alarm>,
    /// What people work on, by id.
    pub incidents: Map<Arc<str>, Incident>,
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// The city itself (its offset at a change of summer time).
    City(CityView),
    /// A feed, by its place in the list.
    Feed(u16, FeedView),
    /// A mover came or moved.
    Mover(Key, Mover),
    /// A mover is gone.
    MoverGone(Key),
    /// A place came or changed.
    Place(Key, PlaceView),
    /// A place is gone.
    PlaceGone(Key),
    /// A situation came or changed.
    Situation(Key, SituationView),
    /// A situation ended.
    SituationGone(Key),
    /// A KPI, by its place in the list.
    Kpi(u16, Kpi),
    /// An alarm came or changed.
    Alarm(Alarm),
    /// An alarm's cause is gone.
    AlarmGone(Arc<str>),
    /// An incident was opened or changed.
    Incident(Incident),
    /// An incident was put away.
    IncidentGone(Arc<str>),
}

/// What the server says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Down {
    /// The whole picture. Also an explicit resync: whatever was held before is void.
    Snapshot {
        /// This run of the server: numbers of another run mean nothing.
        epoch: u64,
        /// The number of the last change in it.
        seq: u64,
        /// The server's clock.
        at: Time,
        /// The picture.
        picture: Picture,
    },
    /// What changed since number `seq - 1`.
    Delta {
        /// Its number.
        seq: u64,
        /// The server's clock.
        at: Time,
        /// The changes, in no order that matters.
        changes: Vec<Change>,
    },
    /// Nothing changed; the server lives.
    Beat {
        /// The number of the last change.
        seq: u64,
        /// The server's clock.
        at: Time,
    },
}

/// Why a frame could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is of another version of the wire.
    Version,
    /// It is damaged.
    Damaged,
}

impl Down {
    /// As a frame.
    pub fn encode(&self) -> Vec<u8> {
        // Writing to a growing vector cannot fail; an empty frame would be refused as damaged.
        postcard::to_extend(self, vec![PROTOCOL]).unwrap_or_default()
    }
    /// From a frame.
    pub fn decode(frame: &[u8]) -> Result<Self, Unreadable> {
        match frame.split_first() {
            Some((&PROTOCOL, body)) => postcard::from_bytes(body).map_err(|_| Unreadable::Damaged),
            Some(_) => Err(Unreadable::Version),
            None => Err(Unreadable::Damaged),
        }
    }
}

/// The longest piece a frame travels in. A socket's buffer grows to its longest piece and stays so, once for each of a thousand
/// screens: small pieces keep them small.
pub const PIECE: usize = 8 * 1024;

/// Cuts a frame into pieces: each starts with a byte that says whether more of the frame follows.
pub fn pieces(frame: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let count = frame.len().div_ceil(PIECE);
    frame.chunks(PIECE).enumerate().map(move |(i, part)| {
        let mut piece = Vec::with_capacity(part.len() + 1);
        piece.push(u8::from(i + 1 < count));
        piece.extend_from_slice(part);
        piece
    })
}

/// Puts pieces together again.
#[derive(Default)]
pub struct Joiner(Vec<u8>);
impl Joiner {
    /// Takes a piece; the whole frame when it was the last one.
    pub fn push(&mut self, piece: &[u8]) -> Option<Vec<u8>> {
        let (more, part) = piece.split_first()?;
        self.0.extend_from_slice(part);
        (*more == 0).then(|| std::mem::take(&mut self.0))
    }
}

impl Picture {
    /// A picture of `city` with nothing in it yet.
    pub fn empty(city: CityView) -> Self {
        Self {
            city,
            feeds: Vec::new(),
            movers: Map::new(),
            places: Map::new(),
            situations: Map::new(),
            kpis: Vec::new(),
            alarms: Map::new(),
            incidents: Map::new(),
        }
    }
    /// Takes a change in.
    pub fn apply(&mut self, change: Change) {
        fn put<T>(list: &mut Vec<T>, i: u16, item: T) {
            match list.get_mut(usize::from(i)) {
                Some(slot) => *slot = item,
                None => list.push(item),
            }
        }
        match change {
            Change::City(c) => self.city = c,
            Change::Feed(i, f) => put(&mut self.feeds, i, f),
            Change::Mover(k, m) => drop(self.movers.insert(k, m)),
            Change::MoverGone(k) => drop(self.movers.remove(&k)),
            Change::Place(k, p) => drop(self.places.insert(k, p)),
            Change::PlaceGone(k) => drop(self.places.remove(&k)),
            Change::Situation(k, s) => drop(self.situations.insert(k, s)),
            Change::SituationGone(k) => drop(self.situations.remove(&k)),
            Change::Kpi(i, k) => put(&mut self.kpis, i, k),
            Change::Alarm(a) => drop(self.alarms.insert(a.id.clone(), a)),
            Change::AlarmGone(id) => drop(self.alarms.remove(&id)),
            Change::Incident(i) => drop(self.incidents.insert(i.id.clone(), i)),
            Change::IncidentGone(id) => drop(self.incidents.remove(&id)),
        }
    }
    /// A number that is equal exactly when two pictures are (FNV-1a over the encoded picture).
    pub fn hash(&self) -> u64 {
        let bytes = postcard::to_extend(self, Vec::new()).unwrap_or_default();
        bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
    }
}

/// What a page is rendered from on the server, and starts from in the browser until the socket takes over: the picture without
/// what only the map shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seed {
    /// The server's clock.
    pub at: Time,
    /// The city.
    pub city: CityView,
    /// Its feeds.
    pub feeds: Vec<FeedView>,
    /// The KPIs.
    pub kpis: Vec<Kpi>,
    /// The alarms.
    pub alarms: Vec<Alarm>,
    /// The incidents.
    pub incidents: Vec<Incident>,
}

impl Seed {
    /// A page of nothing: for listing routes without a request, and for a browser that cannot read what it was given.
    pub fn empty() -> Self {
        Self {
            at: Time::from_millis(0),
            city: CityView {
                name: "Vedetta".into(),
                bounds: Bounds([-180.0, -85.0, 180.0, 85.0]),
                timezone: "UTC".into(),
                offset_s: 0,
                basemap: None,
                attribution: "".into(),
                demo: false,
            },
            feeds: Vec::new(),
            kpis: Vec::new(),
            alarms: Vec::new(),
            incidents: Vec::new(),
        }
    }
}
