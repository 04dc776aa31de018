//! Reads the zip's files into the index, row by row, straight from the inflating reader.

use super::{
    super::{
        Decoded, Refusal, clip,
        zip_guard::{Archive, Limits},
    },
    BAD_VALUE, DANGLING, Gtfs, MISSING_FILE, NONE, Route, Rule, SUB_FOLDER, Stop, StopTime, TAKEN, TOO_MANY, Trip, UNUSABLE_ROW,
    places::simplify,
    rows::Rows,
};
use app::model::{Finding, MoverKind, Position};
use std::{collections::HashMap, io::Read, sync::Arc};

const ROUTES: usize = 100_000;
const TRIPS: usize = 1_000_000;
const STOPS: usize = 500_000;
const SHAPE_POINTS: usize = 4_000_000;
const STOP_TIMES: usize = 2_000_000;

impl Gtfs {
    /// Reads a static GTFS zip: the index, and what is wrong in it.
    pub fn read(bytes: &[u8]) -> Result<(Gtfs, Vec<Finding>), Refusal> {
        let mut archive = Archive::open(bytes, Limits::default())?;
        let mut notes = Notes::default();
        let folder = folder(archive.names(), &mut notes)?;
        let mut gtfs = Gtfs::default();
        for (file, needed, read) in FILES {
            let path = format!("{folder}{file}");
            if archive.names().contains(&path) {
                let mut note = |rule, line, what: &str| notes.add(rule, file, line, what);
                let broken = |e: std::io::Error| Refusal::new(path.clone(), e.to_string());
                let reader: &mut dyn Read = &mut archive.read(&path)?;
                let mut rows = Rows::new(reader).map_err(broken)?;
                read(&mut gtfs, &mut rows, &mut note).map_err(broken)?;
            } else if *needed {
                return Err(Refusal::new(path, "this file is missing; without it nothing can be named"));
            } else {
                notes.add(&MISSING_FILE, file, 0, "is not in the archive");
            }
        }
        gtfs.times.shrink_to_fit();
        gtfs.draw();
        Ok((gtfs, notes.findings()))
    }
}

type Note<'n> = &'n mut dyn FnMut(&'static Rule, u64, &str);
type ReadFile = fn(&mut Gtfs, &mut Rows<&mut dyn Read>, Note<'_>) -> std::io::Result<()>;
// In an order in which every file finds what it points at.
const FILES: &[(&str, bool, ReadFile)] = &[
    ("agency.txt", false, agencies),
    ("routes.txt", true, routes),
    ("stops.txt", false, stops),
    ("shapes.txt", false, shapes),
    ("trips.txt", true, trips),
    ("stop_times.txt", false, stop_times),
];

// The folder the files stand in, with its slash; empty for the root.
fn folder(names: &[String], notes: &mut Notes) -> Result<String, Refusal> {
    let mut found: Vec<&str> =
        names.iter().filter_map(|n| n.strip_suffix("routes.txt")).filter(|f| f.is_empty() || f.ends_with('/')).collect();
    // What a Mac adds beside every file is no second feed.
    found.retain(|f| !f.starts_with("__MACOSX"));
    match found.as_slice() {
        [] => Err(Refusal::new("routes.txt", "not a GTFS: this file is missing")),
        all if all.contains(&"") => Ok(String::new()),
        [one] => {
            notes.add(&SUB_FOLDER, "routes.txt", 0, &format!("the files stand in `{}`, not at the root", clip(one, 80)));
            Ok((*one).to_owned())
        }
        many => Err(Refusal::new("routes.txt", format!("{} folders hold one; which feed is meant?", many.len()))),
    }
}

// Findings by rule and file: a timetable that is wrong in one way is wrong in it a million times.
#[derive(Default)]
struct Notes(Vec<(&'static Rule, String, String, u64)>);
impl Notes {
    fn add(&mut self, rule: &'static Rule, file: &str, line: u64, what: &str) {
        match self.0.iter_mut().find(|(r, f, ..)| r.id == rule.id && f == file) {
            Some((.., count)) => *count += 1,
            None => {
                let place = if line == 0 { String::new() } else { format!("line {line}: ") };
                self.0.push((rule, file.to_owned(), format!("{place}{what}"), 1));
            }
        }
    }
    fn findings(self) -> Vec<Finding> {
        let mut out = Decoded::default();
        for (rule, file, first, count) in self.0 {
            let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
            out.find(rule, file, format!("{first}{more}"));
        }
        out.findings
    }
}

fn text(field: &str) -> Option<Arc<str>> {
    (!field.is_empty()).then(|| field.into())
}

fn agencies(gtfs: &mut Gtfs, rows: &mut Rows<&mut dyn Read>, note: Note<'_>) -> std::io::Result<()> {
    let [id, name, zone] = ["agency_id", "agency_name", "agency_timezone"].map(|c| rows.column(c));
    while rows.advance()? {
        if gtfs.agencies.len() >= 10_000 {
            note(&TOO_MANY, rows.line(), "the agencies from here on are left out");
            break;
        }
        gtfs.agencies.push((rows.get(id).as_ref().into(), rows.get(name).as_ref().into()));
        if gtfs.zone.is_none() {
            // The bundled zones, because a format reads no files.
            match jiff::tz::TimeZoneDatabase::bundled().get(&rows.get(zone)) {
                Ok(found) => gtfs.zone = Some(found),
                Err(_) => note(&BAD_VALUE, rows.line(), &format!("agency_timezone `{}`", rows.get(zone))),
            }
        }
    }
    Ok(())
}

fn routes(gtfs: &mut Gtfs, rows: &mut Rows<&mut dyn Read>, note: Note<'_>) -> std::io::Result<()> {
    let [id, agency, short, long, kind, colour, text_colour, url] =
        ["route_id", "agency_id", "route_short_name", "route_long_name", "route_type", "route_color", "route_text_color", "route_url"]
            .map(|c| rows.column(c));
    while rows.advance()? {
        let line = rows.line();
        let Some(key) = text(&rows.get(id)) else {
            note(&UNUSABLE_ROW, line, "no route_id");
            continue;
        };
        if gtfs.routes.rows.len() >= ROUTES {
            note(&TOO_MANY, line, "the routes from here on are left out");
            break;
        }
        let route_type = rows.get(kind).parse().ok();
        if route_type.is_none() {
            note(&BAD_VALUE, line, &format!("route_type `{}`", rows.get(kind)));
        }
        let mut hex = |column| {
            let field = rows.get(column);
            let sound = field.len() == 6 && field.bytes().all(|b| b.is_ascii_hexdigit());
            if !sound && !field.is_empty() {
                note(&BAD_VALUE, line, &format!("colour `{field}`"));
            }
            sound.then(|| Arc::from(field.to_ascii_uppercase()))
        };
        let (colour, text_colour) = (hex(colour), hex(text_colour));
        let (short, long) = (text(&rows.get(short)), text(&rows.get(long)));
        let agency_id = rows.get(agency);
        // With one agency its id may be left out.
        let alone = if agency_id.is_empty() { gtfs.agencies.first() } else { None };
        let route = Route {
            id: key.clone(),
            name: short.clone().or_else(|| long.clone()).unwrap_or_else(|| key.clone()),
            short_name: short,
            long_name: long,
            kind: kind_of(route_type.unwrap_or(-1)),
            route_type: route_type.unwrap_or(-1),
            colour,
            text_colour,
            url: text(&rows.get(url)),
            agency: gtfs.agencies.iter().find(|(a, _)| **a == *agency_id).or(alone).map(|(_, name)| name.clone()),
        };
        if gtfs.routes.add(key, route).is_none() {
            note(&TAKEN, line, "route_id is taken");
        }
    }
    Ok(())
}

/// What runs on a route of that `route_type`, the extended types (100 to 1799) included.
fn kind_of(route_type: i32) -> MoverKind {
    match route_type {
        0 | 5 | 900..=999 => MoverKind::Tram,
        1 | 12 | 400..=404 | 500..=699 => MoverKind::Subway,
        2 | 7 | 100..=199 | 405 | 1400..=1499 => MoverKind::Rail,
        3 | 11 | 200..=299 | 700..=899 => MoverKind::Bus,
        4 | 1000..=1099 | 1200..=1299 => MoverKind::Ferry,
        _ => MoverKind::Transit,
    }
}

fn stops(gtfs: &mut Gtfs, rows: &mut Rows<&mut dyn Read>, note: Note<'_>) -> std::io::Result<()> {
    let [id, name, lat, lon, kind, code] =
        ["stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "stop_code"].map(|c| rows.column(c));
    while rows.advance()? {
        let line = rows.line();
        let Some(key) = text(&rows.get(id)) else {
            note(&UNUSABLE_ROW, line, "no stop_id");
            continue;
        };
        if gtfs.stops.rows.len() >= STOPS {
            note(&TOO_MANY, line, "the stops from here on are left out");
            break;
        }
        let position = position(&rows.get(lon), &rows.get(lat));
        if position.is_none() && !(rows.get(lon).is_empty() && rows.get(lat).is_empty()) {
            note(&BAD_VALUE, line, &format!("stop_lat, stop_lon `{}, {}`", rows.get(lat), rows.get(lon)));
        }
        let stop = Stop {
            id: key.clone(),
            name: text(&rows.get(name)).unwrap_or_else(|| key.clone()),
            position,
            location_type: rows.get(kind).parse().unwrap_or(0),
            code: text(&rows.get(code)),
        };
        if gtfs.stops.add(key, stop).is_none() {
            note(&TAKEN, line, "stop_id is taken");
        }
    }
    Ok(())
}

fn position(lon: &str, lat: &str) -> Option<Position> {
    Position::new(lon.parse().ok()?, lat.parse().ok()?).filter(|p| !p.is_null_island())
}

fn shapes(gtfs: &mut Gtfs, rows: &mut Rows<&mut dyn Read>, note: Note<'_>) -> std::io::Result<()> {
    let [id, lat, lon, sequence] = ["shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"].map(|c| rows.column(c));
    // Points come in any order, so all are read before any shape can be simplified: 24 bytes each until then.
    let mut ids: Vec<Arc<str>> = Vec::new();
    let mut places: HashMap<Arc<str>, u32> = HashMap::new();
    let mut points: Vec<(u32, u32, Position)> = Vec::new();
    let mut last = None;
    while rows.advance()? {
        let line = rows.line();
        let (key, sequence) = (rows.get(id), rows.get(sequence).parse::<u32>());
        let (false, Ok(sequence)) = (key.is_empty(), sequence) else {
            note(&UNUSABLE_ROW, line, "no shape_id or shape_pt_sequence");
            continue;
        };
        let Some(position) = position(&rows.get(lon), &rows.get(lat)) else {
            note(&BAD_VALUE, line, "the point is not on the globe");
            continue;
        };
        if points.len() >= SHAPE_POINTS {
            note(&TOO_MANY, line, "the shape points from here on are left out");
            break;
        }
        // Nearly always the row before was of the same shape.
        let place = match last {
            Some(place) if ids.get(place as usize).is_some_and(|l| **l == *key) => place,
            _ => match places.get(key.as_ref()) {
                Some(place) => *place,
                None => {
                    let (place, key) = (ids.len() as u32, Arc::<str>::from(key));
                    ids.push(key.clone());
                    places.insert(key, place);
                    place
                }
            },
        };
        last = Some(place);
        points.push((place, sequence, position));
    }
    points.sort_by_key(|(shape, sequence, _)| (*shape, *sequence));
    for shape in points.chunk_by(|a, b| a.0 == b.0) {
        let line: Vec<Position> = shape.iter().map(|(.., p)| *p).collect();
        if let Some(id) = shape.first().and_then(|(place, ..)| ids.get(*place as usize)) {
            gtfs.shapes.add(id.clone(), simplify(&line, 10.0).into());
        }
    }
    Ok(())
}

fn trips(gtfs: &mut Gtfs, rows: &mut Rows<&mut dyn Read>, note: Note<'_>) -> std::io::Result<()> {
    let [id, route, shape, headsign, direction] =
        ["trip_id", "route_id", "shape_id", "trip_headsign", "direction_id"].map(|c| rows.column(c));
    // A few hundred headsigns serve a hundred thousand trips: each text is kept once.
    let mut headsigns: HashMap<Arc<str>, ()> = HashMap::new();
    while rows.advance()? {
        let line = rows.line();
        let Some(key) = text(&rows.get(id)) else {
            note(&UNUSABLE_ROW, line, "no trip_id");
            continue;
        };
        if gtfs.trips.rows.len() >= TRIPS {
            note(&TOO_MANY, line, "the trips from here on are left out");
            break;
        }
        let (route, shape) = (gtfs.routes.place(&rows.get(route)), gtfs.shapes.place(&rows.get(shape)));
        if route.is_none() {
            note(&DANGLING, line, "its route_id is not in routes.txt");
        }
        let headsign = rows.get(headsign);
        let headsign = match headsigns.get_key_value(headsign.as_ref()) {
            Some((kept, ())) => Some(kept.clone()),
            None => text(&headsign).inspect(|new| {
                headsigns.insert(new.clone(), ());
            }),
        };
        let direction = match rows.get(direction).as_ref() {
            "0" => Some(false),
            "1" => Some(true),
            _ => None,
        };
        if gtfs.trips.add(key, Trip { route, shape, headsign, direction }).is_none() {
            note(&TAKEN, line, "trip_id is taken");
        }
    }
    Ok(())
}

fn stop_times(gtfs: &mut Gtfs, rows: &mut Rows<&mut dyn Read>, note: Note<'_>) -> std::io::Result<()> {
    let [trip, stop, sequence, arrival, departure] =
        ["trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"].map(|c| rows.column(c));
    let mut times = Vec::new();
    while rows.advance()? {
        let line = rows.line();
        let Ok(sequence) = rows.get(sequence).parse() else {
            note(&UNUSABLE_ROW, line, "no stop_sequence");
            continue;
        };
        let (Some(trip), stop) = (gtfs.trips.place(&rows.get(trip)), gtfs.stops.place(&rows.get(stop))) else {
            note(&DANGLING, line, "its trip_id is not in trips.txt");
            continue;
        };
        if times.len() >= STOP_TIMES {
            note(&TOO_MANY, line, "too many stop times: none is kept");
            return Ok(());
        }
        let mut clock = |column| {
            let field = rows.get(column);
            let read = seconds(&field);
            if read.is_none() && !field.is_empty() {
                note(&BAD_VALUE, line, &format!("time `{field}`"));
            }
            read.unwrap_or(NONE)
        };
        let (arrival, departure) = (clock(arrival), clock(departure));
        times.push(StopTime { trip, sequence, stop: stop.unwrap_or(NONE), arrival, departure });
    }
    times.sort_by_key(|t| (t.trip, t.sequence));
    gtfs.times = times;
    Ok(())
}

/// Seconds of `HH:MM:SS`, where the hours may pass 24 for trips after midnight; at most four weeks.
pub(super) fn seconds(text: &str) -> Option<u32> {
    let mut parts = text.split(':').map(|p| p.trim().parse::<u32>().ok());
    let (h, m, s) = (parts.next()??, parts.next()??, parts.next()??);
    (parts.next().is_none() && h < 24 * 28 && m < 60 && s < 60).then(|| h * 3600 + m * 60 + s)
}

/// A date as GTFS writes it, `YYYYMMDD`.
pub(super) fn date(text: &str) -> Option<jiff::civil::Date> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let small = |n: i16| i8::try_from(n).ok();
    jiff::civil::Date::new(number(0..4)?, small(number(4..6)?)?, small(number(6..8)?)?).ok()
}
