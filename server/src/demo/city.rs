//! The demo city's ground: lines, streets and the river, read from `routes.json`, and how to walk along them.
//!
//! Owns: geometry and names. Must not know: time, seeds, or any feed format.

use std::sync::LazyLock;

/// West, south, east, north: the extract that the basemap covers. Nothing the demo emits lies outside.
pub const BOUNDS: [f64; 4] = [11.154, 43.727, 11.329, 43.833];

/// A longitude and a latitude.
pub type Point = [f64; 2];

/// The demo city.
#[derive(Debug, Default, serde::Deserialize)]
pub struct City {
    /// Its transit lines.
    pub lines: Vec<Line>,
    /// Stretches of street that can be dug up.
    pub works: Vec<Street>,
    /// The Arno, west to east.
    pub river: Vec<Point>,
}

/// A stretch of a named street.
#[derive(Debug, serde::Deserialize)]
pub struct Street {
    /// Its name.
    pub street: String,
    /// Its middle line.
    pub path: Vec<Point>,
}

/// A transit line.
#[derive(Debug, serde::Deserialize)]
pub struct Line {
    /// Its number: `6`, `T1`.
    pub id: String,
    /// `bus` or `tram`.
    pub kind: String,
    /// Its one end.
    pub from: String,
    /// Its other end.
    pub to: String,
    /// GTFS `route_color`.
    pub colour: String,
    /// From one end to the other.
    pub path: Vec<Point>,
    /// Where it stops, in order of the path.
    pub stops: Vec<Stop>,
}

/// A stop of a line.
#[derive(Debug, serde::Deserialize)]
pub struct Stop {
    /// Its name.
    pub name: String,
    /// Metres along the line's path.
    pub at: f64,
}

// Constant data, parsed once. A test proves that it parses; should it ever not, the city is empty and no process dies of it.
static CITY: LazyLock<City> = LazyLock::new(|| serde_json::from_str(include_str!("routes.json")).unwrap_or_default());

/// The demo city.
pub fn city() -> &'static City {
    &CITY
}

impl Line {
    /// Whether it is a tram.
    pub fn is_tram(&self) -> bool {
        self.kind == "tram"
    }
    /// Metres from end to end.
    pub fn length(&self) -> f64 {
        self.path.windows(2).map(|w| metres(w[0], w[1])).sum()
    }
}

/// Metres between two points: plane enough within one city.
pub fn metres(a: Point, b: Point) -> f64 {
    let [dx, dy] = offset(a, b);
    dx.hypot(dy)
}

/// Metres east and north from `a` to `b`.
pub fn offset(a: Point, b: Point) -> Point {
    [(b[0] - a[0]) * lon_metres(a[1]), (b[1] - a[1]) * 111_195.0]
}

/// The point `east` and `north` metres from `a`.
pub fn moved(a: Point, east: f64, north: f64) -> Point {
    [a[0] + east / lon_metres(a[1]), a[1] + north / 111_195.0]
}

fn lon_metres(lat: f64) -> f64 {
    111_195.0 * lat.to_radians().cos()
}

/// The point `at` metres along `path`, and the direction there, degrees clockwise from north.
pub fn along(path: &[Point], at: f64) -> (Point, f64) {
    let mut left = at.max(0.0);
    let mut last = (path.first().copied().unwrap_or([11.2486, 43.7765]), 0.0);
    for w in path.windows(2) {
        let (length, [dx, dy]) = (metres(w[0], w[1]), offset(w[0], w[1]));
        let bearing = dx.atan2(dy).to_degrees().rem_euclid(360.0);
        if left <= length && length > 0.0 {
            let u = left / length;
            return ([w[0][0] + (w[1][0] - w[0][0]) * u, w[0][1] + (w[1][1] - w[0][1]) * u], bearing);
        }
        left -= length;
        last = (w[1], bearing);
    }
    last
}

/// The band of `half` metres on either side of `path`, as a closed ring.
pub fn band(path: &[Point], half: f64) -> Vec<Point> {
    let side = |sign: f64| {
        path.iter().enumerate().map(move |(i, p)| {
            let (before, after) = (path[i.saturating_sub(1)], path[(i + 1).min(path.len() - 1)]);
            let [dx, dy] = offset(before, after);
            let length = dx.hypot(dy).max(1.0);
            moved(*p, -dy / length * half * sign, dx / length * half * sign)
        })
    };
    let mut ring: Vec<Point> = side(1.0).collect();
    ring.extend(side(-1.0).rev());
    ring.extend(ring.first().copied());
    ring
}

/// A number from 0 up to 1 that looks like chance and is always the same for the same `seed` and `of`.
pub fn chance(seed: u64, of: &str) -> f64 {
    // FNV-1a to take in the text, then the finaliser of splitmix64 to spread it over all bits.
    let mut h = of.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((h ^ (h >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}
