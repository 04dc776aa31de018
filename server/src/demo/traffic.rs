//! Who drives where at a moment: a timetable that repeats, and a delay that wanders.
//!
//! Owns: trips and the motion between stops. Must not know: how any of it is written down as a feed.
//!
//! Every vehicle shuttles between the ends of its line. A full round takes a whole fraction of a day, so that the timetable is the same
//! every day and the static GTFS can name every trip. The seed only decides how late everybody is.

use super::city::{Line, Point, along, chance, city, moved};
use app::model::Time;
use std::sync::LazyLock;

const DAY: i64 = 86_400;
const DWELL: f64 = 18.0; // seconds at a stop
const LAYOVER: f64 = 150.0; // seconds at an end, a stop's apart
/// How many vehicles deliver late.
const LAGGARDS: usize = 5;

/// A vehicle's place in the timetable.
#[derive(Clone, Copy)]
pub struct Block {
    /// The line it serves.
    pub line: &'static Line,
    /// Which of the line's vehicles it is.
    pub number: usize,
    /// Counted over all lines.
    pub serial: usize,
    /// Seconds of a round, both ways.
    pub round: i64,
    /// Seconds after midnight UTC of its first round.
    pub first: i64,
    // Seconds a metre takes, stops apart.
    pace: f64,
}

// A function of constant data, worked out once.
static FLEET: LazyLock<Vec<Block>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for line in &city().lines {
        // The fastest pace, as a mean between stops (the way a leg is driven makes its peak half as fast again). The round is
        // then rounded up to a whole fraction of a day, and the driving stretched to fill it, so that nobody idles at the ends.
        let fastest = if line.is_tram() { 8.2 } else { 7.2 };
        let standing = line.stops.len() as f64 * DWELL + LAYOVER;
        let natural = 2.0 * (line.length() / fastest + standing);
        let round = (natural.ceil() as i64..DAY).find(|s| DAY % s == 0).unwrap_or(DAY);
        let pace = (round as f64 / 2.0 - standing) / line.length().max(1.0);
        let count = ((line.length() / 1180.0).round() as usize).max(4);
        for number in 0..count {
            let first = round * number as i64 / count as i64;
            all.push(Block { line, number, serial: all.len(), round, first, pace });
        }
    }
    all
});

/// All vehicles of the city.
pub fn fleet() -> &'static [Block] {
    &FLEET
}

/// Where a vehicle is, and on which trip.
pub struct Seen {
    /// The moment it is of: the vehicle's own last message.
    pub at: Time,
    /// GTFS `trip_id`.
    pub trip: String,
    /// GTFS `start_date`.
    pub start_date: String,
    /// True on the way back.
    pub back: bool,
    /// Longitude and latitude.
    pub point: Point,
    /// Degrees clockwise from north.
    pub bearing: f64,
    /// Metres a second.
    pub speed: f64,
    /// Index, in the order of the trip, of the stop it stands at or drives to.
    pub next: usize,
    /// Whether it stands there.
    pub stopped: bool,
    /// Seconds behind the timetable.
    pub delay: i64,
    /// When this trip was to start, by the timetable.
    pub start: Time,
}

impl Block {
    /// GTFS vehicle id.
    pub fn vehicle(&self) -> String {
        format!("fi-{}", self.fleet_number())
    }
    /// What is painted on it.
    pub fn label(&self) -> String {
        format!("{} {}", if self.line.is_tram() { "Tram" } else { "Bus" }, self.fleet_number())
    }
    fn fleet_number(&self) -> usize {
        self.serial + if self.line.is_tram() { 1001 } else { 3001 }
    }
    /// The trip of round `k` of a day.
    pub fn trip(&self, k: i64, back: bool) -> String {
        format!("{}-{}-{}-{k}", self.line.id, if back { "b" } else { "a" }, self.number)
    }
    /// Arrival and departure at each stop, seconds after the trip's start, in the order of the trip.
    pub fn times(&self, back: bool) -> Vec<(f64, f64)> {
        let places = self.places(back);
        let mut t = 0.0;
        let mut all = Vec::with_capacity(places.len());
        for (i, at) in places.iter().enumerate() {
            if i > 0 {
                t += (at - places[i - 1]) * self.pace;
            }
            all.push((t, t + DWELL));
            t += DWELL;
        }
        all
    }
    /// Metres along the way of the trip of each of its stops.
    pub fn places(&self, back: bool) -> Vec<f64> {
        let stops = &self.line.stops;
        let end = stops.last().map_or(0.0, |s| s.at);
        if back { stops.iter().rev().map(|s| end - s.at).collect() } else { stops.iter().map(|s| s.at).collect() }
    }
    /// Index in the line's stops of the stop that is `i`th in the order of the trip.
    pub fn stop(&self, i: usize, back: bool) -> usize {
        if back { self.line.stops.len().saturating_sub(1 + i) } else { i }
    }

    /// What is known at `now` of this vehicle.
    pub fn seen(&self, seed: u64, now: Time) -> Seen {
        let id = self.vehicle();
        let dice = |what: &str| chance(seed, &format!("{what} {id}"));
        // Each vehicle speaks every ten seconds or so; a few, deep in a valley, get through minutes late.
        let behind = if self.lags(seed) { 180_000.0 + dice("lag") * 300_000.0 } else { dice("phase") * 9_000.0 };
        let at = now.shifted(-(behind as i64));
        // The delay wanders slowly enough that nobody drives backwards or flies.
        let wave = (at.millis() as f64 / 1000.0 / 1500.0 + dice("wave")) * std::f64::consts::TAU;
        let late = dice("late").powi(2) * 300.0 - 30.0 + wave.sin() * 45.0;

        let clock = at.millis() as f64 / 1000.0 - late - self.first as f64;
        let day = (clock / DAY as f64).floor();
        let within = clock - day * DAY as f64;
        let k = (within / self.round as f64).floor();
        let half = self.round as f64 / 2.0;
        let in_round = within - k * self.round as f64;
        let back = in_round >= half;
        let t = if back { in_round - half } else { in_round };

        let (way, next, stopped, speed) = self.drive(t, back);
        let (point, bearing) = self.place(way, back);
        let start_date = Time::from_secs(day as i64 * DAY);
        let (y, m, d) = start_date.civil();
        Seen {
            at,
            trip: self.trip(k as i64, back),
            start_date: format!("{y:04}{m:02}{d:02}"),
            back,
            point,
            bearing,
            speed,
            next,
            stopped,
            delay: late.round() as i64,
            start: start_date.shifted((self.first + k as i64 * self.round + if back { self.round / 2 } else { 0 }) * 1000),
        }
    }

    /// Whether it is one of the few that deliver late.
    pub fn lags(&self, seed: u64) -> bool {
        let count = fleet().len().max(1);
        let first = (chance(seed, "laggards") * count as f64) as usize;
        (0..LAGGARDS).any(|i| (first + i * count / LAGGARDS) % count == self.serial)
    }

    // Metres along the way `t` seconds into the trip, the stop ahead, whether it stands there, and the speed.
    fn drive(&self, t: f64, back: bool) -> (f64, usize, bool, f64) {
        let (places, times) = (self.places(back), self.times(back));
        for i in 0..times.len() {
            if t < times[i].0 {
                // A smooth step from stop to stop: pulls away, cruises, brakes.
                let from = i.saturating_sub(1);
                let (leg, took) = (places[i] - places[from], (times[i].0 - times[from].1).max(1.0));
                let u = ((t - times[from].1) / took).clamp(0.0, 1.0);
                return (places[from] + leg * u * u * (3.0 - 2.0 * u), i, false, leg / took * 6.0 * u * (1.0 - u));
            }
            if t < times[i].1 {
                return (places[i], i, true, 0.0);
            }
        }
        // Arrived, and waiting for the way back.
        (places.last().copied().unwrap_or(0.0), times.len().saturating_sub(1), true, 0.0)
    }

    fn place(&self, way: f64, back: bool) -> (Point, f64) {
        let end = self.line.stops.last().map_or(0.0, |s| s.at);
        let (on, forward) = along(&self.line.path, if back { end - way } else { way });
        let bearing = if back { (forward + 180.0).rem_euclid(360.0) } else { forward };
        // Four metres to the right of the middle line, so that the two directions pass beside each other.
        let (sin, cos) = bearing.to_radians().sin_cos();
        (moved(on, 4.0 * cos, -4.0 * sin), bearing)
    }
}
