//! Static GTFS: the timetable that gives a live feed's ids their names, shapes and scheduled times.
//!
//! Owns: a compact index of one GTFS zip, its rules ([`RULES`]), and what of it stands on the map ([`Gtfs::places`]). Must not
//! know: live feeds. It is kept in memory as long as its feed lives, so texts are shared, shapes are simplified while they are
//! read, and calendars and fares are not read at all.
//!
//! The rows are read by [`rows`], not by a GTFS library: one bad row is a finding here and costs that row alone, a row has a
//! limit, and no text (a colour, a time) can stop the process.

mod places;
mod read;
mod rows;

use super::Rule;
use app::model::{Judgement, MoverKind, Position};
use jiff::tz::TimeZone;
use std::{collections::HashMap, sync::Arc};

/// An index of a static GTFS. Everything is looked up by the ids the live feed uses.
#[derive(Debug, Default)]
pub struct Gtfs {
    routes: Table<Route>,
    trips: Table<Trip>,
    stops: Table<Stop>,
    shapes: Table<Box<[Position]>>,
    // Sorted by trip, then sequence; empty when the feed has too many of them.
    times: Vec<StopTime>,
    // By route: the shapes that draw it.
    drawn: Vec<Vec<u32>>,
    agencies: Vec<(Arc<str>, Arc<str>)>,
    zone: Option<TimeZone>,
}

/// A row of `routes.txt`.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// `route_id`.
    pub id: Arc<str>,
    /// `route_short_name`, else `route_long_name`, else the id.
    pub name: Arc<str>,
    /// `route_short_name`.
    pub short_name: Option<Arc<str>>,
    /// `route_long_name`.
    pub long_name: Option<Arc<str>>,
    /// What runs on it.
    pub kind: MoverKind,
    /// `route_type` as it stands.
    pub route_type: i32,
    /// `route_color`, six hexadecimal digits.
    pub colour: Option<Arc<str>>,
    /// `route_text_color`.
    pub text_colour: Option<Arc<str>>,
    /// `route_url`.
    pub url: Option<Arc<str>>,
    /// The agency's name.
    pub agency: Option<Arc<str>>,
}

/// A row of `trips.txt`; other tables by their place.
#[derive(Clone, Debug)]
struct Trip {
    route: Option<u32>,
    shape: Option<u32>,
    headsign: Option<Arc<str>>,
    direction: Option<bool>,
}

/// A row of `stops.txt`.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// `stop_id`.
    pub id: Arc<str>,
    /// `stop_name`, else the id.
    pub name: Arc<str>,
    /// Where it is.
    pub position: Option<Position>,
    /// `location_type`: 0 a stop, 1 a station, 2 an entrance, 3 a node, 4 a boarding area.
    pub location_type: u8,
    /// `stop_code`, which people read on the pole.
    pub code: Option<Arc<str>>,
}

#[derive(Clone, Copy, Debug)]
struct StopTime {
    trip: u32,
    sequence: u32,
    stop: u32,
    // Seconds after noon minus 12 h of the service day; NONE when the row leaves it open.
    arrival: u32,
    departure: u32,
}
const NONE: u32 = u32::MAX;

// Rows and the place of each id. The map is only ever asked, never walked, so nothing depends on its order.
#[derive(Debug)]
struct Table<T> {
    places: HashMap<Arc<str>, u32>,
    rows: Vec<T>,
}
impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { places: HashMap::new(), rows: Vec::new() }
    }
}
impl<T> Table<T> {
    // `None` when the id is taken: the first row of an id counts.
    fn add(&mut self, id: Arc<str>, row: T) -> Option<u32> {
        let place = u32::try_from(self.rows.len()).ok()?;
        if self.places.contains_key(&id) {
            return None;
        }
        self.places.insert(id, place);
        self.rows.push(row);
        Some(place)
    }
    fn place(&self, id: &str) -> Option<u32> {
        self.places.get(id).copied()
    }
    fn at(&self, place: u32) -> Option<&T> {
        self.rows.get(place as usize)
    }
    fn get(&self, id: &str) -> Option<&T> {
        self.at(self.place(id)?)
    }
}

/// What a trip id says.
#[derive(Clone, Copy, Debug)]
pub struct TripFacts<'a> {
    /// Its route.
    pub route: Option<&'a Route>,
    /// `trip_headsign`.
    pub headsign: Option<&'a Arc<str>>,
    /// `direction_id`.
    pub direction: Option<u32>,
    place: u32,
}

impl Gtfs {
    /// The route of that `route_id`.
    pub fn route(&self, id: &str) -> Option<&Route> {
        self.routes.get(id)
    }
    /// What is known of that `trip_id`.
    pub fn trip(&self, id: &str) -> Option<TripFacts<'_>> {
        let place = self.trips.place(id)?;
        let trip = self.trips.at(place)?;
        Some(TripFacts {
            route: trip.route.and_then(|r| self.routes.at(r)),
            headsign: trip.headsign.as_ref(),
            direction: trip.direction.map(u32::from),
            place,
        })
    }
    /// The stop of that `stop_id`.
    pub fn stop(&self, id: &str) -> Option<&Stop> {
        self.stops.get(id)
    }
    /// The agency's name of that `agency_id`.
    pub fn agency(&self, id: &str) -> Option<&Arc<str>> {
        self.agencies.iter().find(|(a, _)| **a == *id).map(|(_, name)| name)
    }
    /// How many routes, trips, stops, shapes and stop times are kept.
    pub fn counts(&self) -> [usize; 5] {
        [self.routes.rows.len(), self.trips.rows.len(), self.stops.rows.len(), self.shapes.rows.len(), self.times.len()]
    }

    /// When a trip is to arrive at and leave a stop, in seconds of its service day, found by its sequence, else by its stop.
    pub fn scheduled(&self, trip: TripFacts<'_>, sequence: Option<u32>, stop: Option<&str>) -> Option<(Option<u32>, Option<u32>)> {
        let from = self.times.partition_point(|t| t.trip < trip.place);
        let row = match (sequence, stop.and_then(|s| self.stops.place(s))) {
            (Some(sequence), _) => {
                let ahead = self.times.get(from..)?.partition_point(|t| t.trip == trip.place && t.sequence < sequence);
                self.times.get(from + ahead).filter(|t| t.sequence == sequence)
            }
            (None, Some(stop)) => self.times.get(from..)?.iter().take_while(|t| t.trip == trip.place).find(|t| t.stop == stop),
            (None, None) => None,
        }?;
        let open = |s: u32| (s != NONE).then_some(s);
        (row.trip == trip.place).then_some((open(row.arrival), open(row.departure)))
    }

    /// How late, in seconds, something scheduled `seconds` into a service day is when it happens at `at` (POSIX seconds). Without
    /// a service date the one is taken that makes the delay smallest, since a trip is seldom half a day late.
    pub fn delay(&self, seconds: u32, at: i64, service_date: Option<&str>) -> Option<i64> {
        let zone = self.zone.as_ref()?;
        let late = |day| at.checked_sub(self.on_day(seconds, day)?);
        if let Some(date) = service_date.and_then(read::date) {
            return late(date);
        }
        let today = jiff::Timestamp::from_second(at).ok()?.to_zoned(zone.clone()).date();
        [today.yesterday().ok(), Some(today), today.tomorrow().ok()].into_iter().flatten().filter_map(late).min_by_key(|d| d.abs())
    }
    /// The moment, in POSIX seconds, `seconds` into the service day of that date (`YYYYMMDD`).
    pub fn instant(&self, seconds: u32, service_date: &str) -> Option<i64> {
        self.on_day(seconds, read::date(service_date)?)
    }
    fn on_day(&self, seconds: u32, day: jiff::civil::Date) -> Option<i64> {
        // GTFS counts from noon minus twelve hours, so that a clock change at night shifts nothing in the day.
        let noon = day.at(12, 0, 0, 0).to_zoned(self.zone.clone()?).ok()?.timestamp().as_second();
        Some(noon - 43_200 + i64::from(seconds))
    }
}

const fn rule(id: &'static str, severity: Judgement, title: &'static str, text: &'static str) -> Rule {
    Rule { id, severity, title, text }
}
const UNUSABLE_ROW: Rule = rule(
    "GTFS-001",
    Judgement::Error,
    "A row lacks what identifies it",
    "Every row of routes, trips, stops and shapes is named by an id, and a time of a trip by its trip and sequence (GTFS Schedule \
     reference, field definitions). A row without them can belong to nothing, so it is left out; the rest of the file counts. One \
     finding speaks for all such rows of a file and gives the first one's line.",
);
const SUB_FOLDER: Rule = rule(
    "GTFS-002",
    Judgement::Warning,
    "The files stand in a folder inside the zip",
    "GTFS asks for the files at the root of the archive (GTFS Schedule reference, dataset files). Zipping a folder instead of its \
     contents is the commonest slip, and many readers then see an empty feed. Vedetta reads the one folder that holds routes.txt and \
     says so here; it refuses an archive with two such folders, because it cannot know which one is meant.",
);
const TOO_MANY: Rule = rule(
    "GTFS-003",
    Judgement::Warning,
    "More rows than are kept",
    "The index of a timetable lives in memory beside everything else, so each table has a limit far above what a city needs: a \
     hundred thousand routes, a million trips, half a million stops, four million shape points, two million stop times. Of a longer \
     table the first rows are kept; of stop times, none, because half a timetable would give wrong delays instead of unknown ones.",
);
const DANGLING: Rule = rule(
    "GTFS-004",
    Judgement::Error,
    "A row points at something that is not there",
    "A trip names its route and shape, and a stop time its trip and stop; those must exist in their own files (GTFS Schedule \
     reference, foreign ids). A trip with an unknown route keeps its headsign but gets no route name; a stop time of an unknown trip \
     is left out. One finding speaks for all such rows of a file.",
);
const MISSING_FILE: Rule = rule(
    "GTFS-005",
    Judgement::Warning,
    "A file that would help is missing",
    "Without stops.txt stops have no names, without shapes.txt no route can be drawn, without stop_times.txt a delay cannot be worked \
     out from absolute times, and without agency.txt the time zone is unknown. What the other files say is still used.",
);
const TAKEN: Rule = rule(
    "GTFS-006",
    Judgement::Error,
    "An id is used twice",
    "Ids are unique within their file (GTFS Schedule reference, unique ids). Of several rows with one id the first counts and the \
     others are left out, so that the outcome does not depend on chance.",
);
const BAD_VALUE: Rule = rule(
    "GTFS-007",
    Judgement::Error,
    "A value cannot be read",
    "A position off the globe, a route type that is no number, a colour that is not six hexadecimal digits, a time that is not \
     HH:MM:SS or a time zone nobody knows is treated as if it were left empty; the row's other fields count. One finding speaks for \
     all such values of a file.",
);

/// What a static GTFS is judged by.
pub const RULES: &[Rule] = &[UNUSABLE_ROW, SUB_FOLDER, TOO_MANY, DANGLING, MISSING_FILE, TAKEN, BAD_VALUE];

#[cfg(test)]
pub(super) mod tests;
