//! What feeds say. The narrow waist: every format above makes these four, every screen below reads these four.

use super::{Certainty, Geometry, Position, Quantity, Severity, Time, Unit, Urgency};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// A thing's identity in the whole city: `namespace/local id`. Feeds of one namespace talk about the same things (a bus in
/// the positions and in the trip updates of one agency); feeds of different namespaces never do.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(Arc<str>);

impl Key {
    /// The key of `id` in `namespace`.
    pub fn new(namespace: &str, id: &str) -> Self {
        Self(format!("{namespace}/{id}").into())
    }
    /// As text, `namespace/id`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The id within its namespace.
    pub fn local(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(_, id)| id)
    }
    /// The namespace.
    pub fn namespace(&self) -> &str {
        self.0.split_once('/').map_or("", |(ns, _)| ns)
    }
}
impl From<&str> for Key {
    fn from(s: &str) -> Self {
        Self(s.into())
    }
}
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A stretch of bytes in a raw message: where a record stands. Empty when it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}
impl Span {
    /// From byte offsets.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start.try_into().unwrap_or(u32::MAX), end: end.try_into().unwrap_or(u32::MAX) }
    }
    /// The bytes of `raw` it stands for; all of them when the span is empty or does not fit.
    pub fn of(self, raw: &[u8]) -> &[u8] {
        match raw.get(self.start as usize..self.end as usize) {
            Some(part) if !part.is_empty() => part,
            _ => raw,
        }
    }
}

/// One thing a feed's message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The publisher's own id of the thing, unique in its kind and namespace.
    pub id: Arc<str>,
    /// When it was so, by the publisher's clock; `None` when the message does not say.
    pub observed_at: Option<Time>,
    /// Where in the raw message it stands.
    pub span: Span,
    /// What is said.
    pub body: Body,
}

/// The four kinds of report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// Something stands here.
    Place(Place),
    /// Something moves and is now here.
    Fix(Fix),
    /// A quantity at a place or a mover.
    Reading(Reading),
    /// Something goes on, from-to, somewhere.
    Situation(Situation),
}
impl Body {
    /// The kind's name, as in `decode`'s output and the API.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Place(_) => "place",
            Self::Fix(_) => "fix",
            Self::Reading(_) => "reading",
            Self::Situation(_) => "situation",
        }
    }
}

/// Whatever else a standard says about a thing, kept in its own words for the details: field name, value.
pub type Attributes = Vec<(Arc<str>, Arc<str>)>;

macro_rules! kinds {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $v:ident = $token:literal, $title:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $token)] $v),+ }
        impl $name {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$v),+];
            /// The token used in class names, filters and JSON.
            pub const fn token(self) -> &'static str { match self { $(Self::$v => $token),+ } }
            /// The word for people.
            pub const fn title(self) -> &'static str { match self { $(Self::$v => $title),+ } }
        }
    };
}

kinds! {
    /// What stands somewhere.
    PlaceKind {
        /// A hospital or other care facility.
        Hospital = "hospital", "Hospital";
        /// A measuring site.
        Sensor = "sensor", "Sensor";
        /// A stretch of road.
        RoadSegment = "road-segment", "Road segment";
        /// Electric-vehicle charging.
        ChargingSite = "charging-site", "Charging site";
        /// A place of refuge.
        Shelter = "shelter", "Shelter";
        /// A camera.
        Camera = "camera", "Camera";
        /// A part of the city.
        District = "district", "District";
        /// The path a transit route takes (GTFS shape).
        Route = "route", "Transit route";
        /// Where transit stops (GTFS stop).
        Stop = "stop", "Stop";
    }
}
kinds! {
    /// What moves.
    MoverKind {
        /// GTFS route type 0.
        Tram = "tram", "Tram";
        /// GTFS route type 1.
        Subway = "subway", "Metro";
        /// GTFS route type 2.
        Rail = "rail", "Train";
        /// GTFS route type 3 and trolleybus.
        Bus = "bus", "Bus";
        /// GTFS route type 4.
        Ferry = "ferry", "Ferry";
        /// A transit vehicle whose route type is not known.
        Transit = "transit", "Transit vehicle";
        /// An ambulance.
        Ambulance = "ambulance", "Ambulance";
        /// A fire engine.
        Fire = "fire", "Fire engine";
        /// A police car.
        Police = "police", "Police car";
        /// A service vehicle: gritter, sweeper, van.
        Service = "service", "Service vehicle";
    }
}
kinds! {
    /// What goes on.
    SituationKind {
        /// A public warning (CAP).
        Alert = "alert", "Alert";
        /// Road works (WZDx).
        WorkZone = "work-zone", "Road works";
        /// Other trouble on a road.
        RoadEvent = "road-event", "Road event";
        /// Trouble of a transit service (GTFS-Realtime alert).
        ServiceAlert = "service-alert", "Service alert";
        /// An emergency call or incident.
        Emergency = "emergency", "Emergency";
        /// A resident's request (311).
        Request = "request", "Service request";
    }
}
kinds! {
    /// CAP 1.2 `status`: whether it is real. Anything but [`Status::Actual`] is kept visibly apart and never raises an alarm.
    Status {
        /// Real.
        Actual = "actual", "Actual";
        /// A drill.
        Exercise = "exercise", "Exercise";
        /// For the alerting system itself.
        System = "system", "System";
        /// A technical test.
        Test = "test", "Test";
        /// Not in force yet.
        Draft = "draft", "Draft";
    }
}

/// Something stands here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// What it is.
    pub kind: PlaceKind,
    /// Its name.
    pub name: Arc<str>,
    /// Where; empty when the message gives only an address.
    pub geometry: Geometry,
    /// The rest, in the standard's words.
    pub attributes: Attributes,
}

/// Something moves and is now here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// What it is.
    pub kind: MoverKind,
    /// What people call it: GTFS vehicle label, radio call sign.
    pub label: Option<Arc<str>>,
    /// Where it is.
    pub position: Position,
    /// Where it heads, degrees clockwise from north, 0 up to 360.
    pub heading: Option<f32>,
    /// How fast, metres a second.
    pub speed: Option<f32>,
    /// The transit trip it serves.
    pub trip: Option<Trip>,
    /// The rest, in the standard's words.
    pub attributes: Attributes,
}

/// A transit trip, as far as the message and its static GTFS say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    /// GTFS `trip_id`.
    pub trip_id: Option<Arc<str>>,
    /// GTFS `route_id`.
    pub route_id: Option<Arc<str>>,
    /// The route's short name, else its long one.
    pub route: Option<Arc<str>>,
    /// GTFS `trip_headsign`.
    pub headsign: Option<Arc<str>>,
}

/// A quantity at a place or a mover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The id (in the same namespace) of the place, mover or trip it is of.
    pub of: Arc<str>,
    /// What is measured.
    pub quantity: Quantity,
    /// Which of several, in the standard's words: a bed type, a stop.
    pub qualifier: Option<Arc<str>>,
    /// The value in `unit`; `None` when the source says it does not know. Never NaN.
    pub value: Option<f64>,
    /// The unit.
    pub unit: Unit,
}

/// Something goes on, from-to, somewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Situation {
    /// What it is.
    pub kind: SituationKind,
    /// One line for people.
    pub headline: Arc<str>,
    /// More, when there is more.
    pub description: Option<Arc<str>>,
    /// BCP 47 tag of the texts, when known.
    pub language: Option<Arc<str>>,
    /// Whether it is real.
    pub status: Status,
    /// How bad.
    pub severity: Severity,
    /// How soon to act.
    pub urgency: Urgency,
    /// How sure.
    pub certainty: Certainty,
    /// Where; empty when only words say it.
    pub geometry: Geometry,
    /// Where, in words.
    pub area: Option<Arc<str>>,
    /// From when; `None` is "already".
    pub from: Option<Time>,
    /// Until when; `None` is "until further notice".
    pub to: Option<Time>,
    /// Ids of earlier situations (same namespace) that this one replaces or cancels.
    pub replaces: Vec<Arc<str>>,
    /// True when it only withdraws what it replaces.
    pub cancels: bool,
    /// The rest, in the standard's words.
    pub attributes: Attributes,
}

impl Situation {
    /// Whether it goes on at `now`.
    pub fn in_force(&self, now: Time) -> bool {
        !self.cancels && self.from.is_none_or(|t| t <= now) && self.to.is_none_or(|t| now < t)
    }
}

impl Report {
    /// Moves every time in it by `ms`: a capture played as if it were now.
    pub fn shift(&mut self, ms: i64) {
        let by = |t: &mut Option<Time>| *t = t.map(|t| t.shifted(ms));
        by(&mut self.observed_at);
        if let Body::Situation(s) = &mut self.body {
            by(&mut s.from);
            by(&mut s.to);
        }
    }
}
