//! What of a timetable stands on the map: a line a route, a spot a stop.

use super::Gtfs;
use app::model::{Body, Geometry, Place, PlaceKind, Position, Report, Shape, Span};
use std::{collections::BTreeMap, sync::Arc};

/// A route is drawn by at most so many of its shapes: the longest one of each direction and headsign.
const SHAPES: usize = 4;

impl Gtfs {
    /// One place a route that has a shape, and one a stop (`location_type` 0 and 1 only) if asked for.
    pub fn places(&self, stops: bool) -> Vec<Report> {
        let mut out = Vec::new();
        for (at, route) in self.routes.rows.iter().enumerate() {
            let lines = self.shapes_at(at as u32);
            if lines.is_empty() {
                continue;
            }
            let mut attributes = vec![attribute("route_id", &route.id)];
            let mut add = |name, value: &Option<Arc<str>>| attributes.extend(value.as_ref().map(|v| attribute(name, v)));
            add("route_short_name", &route.short_name);
            add("route_long_name", &route.long_name);
            add("route_color", &route.colour);
            add("route_text_color", &route.text_colour);
            add("route_url", &route.url);
            add("agency_name", &route.agency);
            attributes.push(("route_type".into(), route.route_type.to_string().into()));
            let geometry = Geometry(lines.into_iter().map(|l| Shape::Line(l.to_vec())).collect());
            out.push(report(&route.id, Place { kind: PlaceKind::Route, name: route.name.clone(), geometry, attributes }));
        }
        for stop in self.stops.rows.iter().filter(|s| stops && s.location_type <= 1) {
            let Some(position) = stop.position else { continue };
            let mut attributes = vec![attribute("stop_id", &stop.id)];
            attributes.extend(stop.code.as_ref().map(|c| attribute("stop_code", c)));
            let geometry = Geometry::point(position);
            out.push(report(&stop.id, Place { kind: PlaceKind::Stop, name: stop.name.clone(), geometry, attributes }));
        }
        out
    }

    /// The lines that draw a route, longest first.
    pub fn route_shapes(&self, route_id: &str) -> Vec<&[Position]> {
        self.routes.place(route_id).map_or_else(Vec::new, |at| self.shapes_at(at))
    }

    fn shapes_at(&self, route: u32) -> Vec<&[Position]> {
        let Some(lines) = self.drawn.get(route as usize) else { return Vec::new() };
        lines.iter().filter_map(|s| self.shapes.at(*s)).map(|l| &**l).collect()
    }

    /// Chooses, once, the shapes that draw each route.
    pub(super) fn draw(&mut self) {
        let lengths: Vec<f64> = self.shapes.rows.iter().map(|l| length(l)).collect();
        let length_of = |s: u32| lengths.get(s as usize).copied().unwrap_or(0.0);
        let mut best: BTreeMap<(u32, Option<bool>, Option<&str>), u32> = BTreeMap::new();
        for trip in &self.trips.rows {
            if let (Some(route), Some(shape)) = (trip.route, trip.shape) {
                let kept = best.entry((route, trip.direction, trip.headsign.as_deref())).or_insert(shape);
                if length_of(shape) > length_of(*kept) {
                    *kept = shape;
                }
            }
        }
        let mut drawn = vec![Vec::new(); self.routes.rows.len()];
        for ((route, ..), shape) in best {
            if let Some(shapes) = drawn.get_mut(route as usize).filter(|s: &&mut Vec<u32>| !s.contains(&shape)) {
                shapes.push(shape);
            }
        }
        for shapes in &mut drawn {
            shapes.retain(|s| self.shapes.at(*s).is_some_and(|l| l.len() > 1));
            shapes.sort_by(|a, b| length_of(*b).total_cmp(&length_of(*a)));
            shapes.truncate(SHAPES);
        }
        self.drawn = drawn;
    }
}

fn report(id: &Arc<str>, place: Place) -> Report {
    Report { id: id.clone(), observed_at: None, span: Span::default(), body: Body::Place(place) }
}
fn attribute(name: &str, value: &Arc<str>) -> (Arc<str>, Arc<str>) {
    (name.into(), value.clone())
}
fn length(line: &[Position]) -> f64 {
    line.windows(2).map(|w| if let [a, b] = w { a.metres_to(*b) } else { 0.0 }).sum()
}

/// The line with fewer positions, none of the left-out ones farther than `metres` from it (Douglas and Peucker, 1973).
///
/// The method can take quadratic time on lines made for it; then the rest of the line is kept as it is.
pub(super) fn simplify(line: &[Position], metres: f64) -> Vec<Position> {
    let (Some(first), Some(last)) = (line.first(), line.len().checked_sub(1)) else { return Vec::new() };
    // Flat coordinates in metres around the first position: right enough over a city.
    let scale = first.lat().to_radians().cos() * 111_195.0;
    let flat: Vec<[f64; 2]> = line.iter().map(|p| [(p.lon() - first.lon()) * scale, (p.lat() - first.lat()) * 111_195.0]).collect();
    let mut keep = vec![false; line.len()];
    for end in [0, last] {
        keep[end] = true;
    }
    let mut work = 40 * line.len();
    let mut open = vec![(0, last)];
    while let Some((a, b)) = open.pop() {
        let inner = b.saturating_sub(a + 1);
        if inner == 0 {
            continue;
        }
        if work < inner {
            keep[a..b].fill(true);
            continue;
        }
        work -= inner;
        let mut farthest = (a, 0.0);
        for i in a + 1..b {
            let d = distance(flat[i], flat[a], flat[b]);
            if d > farthest.1 {
                farthest = (i, d);
            }
        }
        if farthest.1 > metres {
            keep[farthest.0] = true;
            open.extend([(a, farthest.0), (farthest.0, b)]);
        }
    }
    line.iter().zip(&keep).filter(|(_, k)| **k).map(|(p, _)| *p).collect()
}

// From a point to a stretch, in the plane.
fn distance(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let square = dx * dx + dy * dy;
    let along = if square > 0.0 { (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    (p[0] - a[0] - along * dx).hypot(p[1] - a[1] - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_simplified_line_stays_near(raw in prop::collection::vec((11.0..11.1f64, 43.7..43.8f64), 0..60)) {
            let line: Vec<Position> = raw.iter().filter_map(|(x, y)| Position::new(*x, *y)).collect();
            let thin = simplify(&line, 10.0);
            prop_assert_eq!((thin.first(), thin.last()), (line.first(), line.last()));
            prop_assert!(thin.len() <= line.len());
            let flat = |p: &Position| [p.lon() * 111_195.0 * line[0].lat().to_radians().cos(), p.lat() * 111_195.0];
            for p in &line {
                let near = thin.windows(2).map(|w| distance(flat(p), flat(&w[0]), flat(&w[1]))).fold(f64::MAX, f64::min);
                prop_assert!(thin.len() < 2 || near < 10.5, "{near} m");
            }
        }
    }
}
