//! Where things are: WGS 84, longitude before latitude, degrees.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point on the ground. Always finite and within the globe: it can only be made by [`Position::new`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    lon: f64,
    lat: f64,
}

impl Position {
    /// Longitude and latitude in degrees; `None` when not finite or outside ±180, ±90.
    pub fn new(lon: f64, lat: f64) -> Option<Self> {
        (lon.abs() <= 180.0 && lat.abs() <= 90.0).then_some(Self { lon, lat })
    }
    /// Degrees east.
    pub const fn lon(self) -> f64 {
        self.lon
    }
    /// Degrees north.
    pub const fn lat(self) -> f64 {
        self.lat
    }
    /// Exactly 0, 0: what a receiver without a fix reports, in the Gulf of Guinea.
    pub fn is_null_island(self) -> bool {
        self.lon == 0.0 && self.lat == 0.0
    }
    /// Great-circle distance in metres (haversine, mean Earth radius).
    pub fn metres_to(self, other: Self) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let (dlat, dlon) = (b - a, (other.lon - self.lon).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * 6_371_008.8 * h.sqrt().min(1.0).asin()
    }
    /// Initial bearing towards `other`, degrees clockwise from north, 0 to 360.
    pub fn bearing_to(self, other: Self) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let dlon = (other.lon - self.lon).to_radians();
        let deg = (dlon.sin() * b.cos()).atan2(a.cos() * b.sin() - a.sin() * b.cos() * dlon.cos()).to_degrees();
        deg.rem_euclid(360.0)
    }
}

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        [self.lon, self.lat].serialize(s)
    }
}
impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let [lon, lat] = <[f64; 2]>::deserialize(d)?;
        Position::new(lon, lat).ok_or_else(|| serde::de::Error::custom(format!("[{lon}, {lat}] is not a longitude and latitude")))
    }
}

/// One shape of a thing's geometry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// A spot.
    Point(Position),
    /// A path of two or more positions.
    Line(Vec<Position>),
    /// An area: its outer ring, first position repeated last.
    Polygon(Vec<Position>),
    /// Everything within `radius` metres of `center` (CAP `circle`).
    Circle {
        /// The middle.
        center: Position,
        /// Metres.
        radius: f64,
    },
}

/// All shapes of a thing; empty when its place is not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Geometry(pub Vec<Shape>);

impl Geometry {
    /// A single point.
    pub fn point(p: Position) -> Self {
        Self(vec![Shape::Point(p)])
    }
    /// Every position of every shape; a circle gives its four extremes.
    pub fn positions(&self) -> impl Iterator<Item = Position> + '_ {
        self.0.iter().flat_map(|shape| -> Vec<Position> {
            match shape {
                Shape::Point(p) => vec![*p],
                Shape::Line(ps) | Shape::Polygon(ps) => ps.clone(),
                Shape::Circle { center, radius } => circle(*center, *radius, 4),
            }
        })
    }
    /// The box around it; `None` when empty.
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::of(self.positions())
    }
    /// A spot to put its symbol and to fly to: the middle position of a line, the middle of the box of anything else.
    pub fn anchor(&self) -> Option<Position> {
        match self.0.as_slice() {
            [Shape::Point(p)] => Some(*p),
            [Shape::Line(ps)] => ps.get(ps.len() / 2).copied(),
            _ => self.bounds().map(|b| b.center()),
        }
    }
}

/// A circle on the ground as a closed ring of `n` positions.
pub fn circle(center: Position, radius: f64, n: usize) -> Vec<Position> {
    let dlat = (radius / 111_195.0).abs();
    let dlon = dlat / center.lat().to_radians().cos().max(0.01);
    (0..=n)
        .filter_map(|i| {
            let a = std::f64::consts::TAU * (i % n) as f64 / n as f64;
            Position::new((center.lon() + dlon * a.sin()).clamp(-180.0, 180.0), (center.lat() + dlat * a.cos()).clamp(-90.0, 90.0))
        })
        .collect()
}

/// A box: west, south, east, north, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bounds(pub [f64; 4]);

impl Bounds {
    /// The smallest box around all of `positions`.
    pub fn of(positions: impl IntoIterator<Item = Position>) -> Option<Self> {
        positions.into_iter().fold(None, |b: Option<Self>, p| {
            let [w, s, e, n] = b.map_or([p.lon, p.lat, p.lon, p.lat], |b| b.0);
            Some(Self([w.min(p.lon), s.min(p.lat), e.max(p.lon), n.max(p.lat)]))
        })
    }
    /// Whether `p` lies within, borders included.
    pub fn contains(&self, p: Position) -> bool {
        let [w, s, e, n] = self.0;
        p.lon >= w && p.lon <= e && p.lat >= s && p.lat <= n
    }
    /// Whether any part of `other` lies within.
    pub fn meets(&self, other: &Self) -> bool {
        let ([w, s, e, n], [w2, s2, e2, n2]) = (self.0, other.0);
        w <= e2 && w2 <= e && s <= n2 && s2 <= n
    }
    /// The middle of the box.
    pub fn center(&self) -> Position {
        let [w, s, e, n] = self.0;
        Position { lon: (w + e) / 2.0, lat: (s + n) / 2.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position() -> impl Strategy<Value = Position> {
        (-180.0..180.0f64, -85.0..85.0f64).prop_map(|(lon, lat)| Position::new(lon, lat).unwrap())
    }

    proptest! {
        #[test]
        fn distance_is_symmetric_and_bounded(a in position(), b in position()) {
            let (ab, ba) = (a.metres_to(b), b.metres_to(a));
            prop_assert!((ab - ba).abs() < 1e-3 && (0.0..20_100_000.0).contains(&ab));
        }
        #[test]
        fn bounds_hold_what_they_are_of(ps in prop::collection::vec(position(), 1..20)) {
            let b = Bounds::of(ps.iter().copied()).unwrap();
            prop_assert!(ps.iter().all(|p| b.contains(*p)) && b.contains(b.center()));
        }
    }

    #[test]
    fn nothing_off_the_globe() {
        for (lon, lat) in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (181.0, 0.0), (0.0, -91.0)] {
            assert_eq!(Position::new(lon, lat), None);
        }
        assert!(Position::new(0.0, 0.0).unwrap().is_null_island());
    }
}
