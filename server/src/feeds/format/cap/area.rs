//! Where an alert applies: CAP's `area` blocks (section 3.2.4) made geometry and words.

use super::rules;
use crate::feeds::format::{Decoded, Rule, clip, xml::Element};
use app::model::{Position, Shape};

/// CAP writes radii in kilometres; half the Earth's girth bounds any circle on it.
const FARTHEST_KM: f64 = 20_038.0;

/// The shapes below `parent` (an `area`, or an index entry that carries them itself), bad ones found and left out.
pub fn shapes(parent: &Element, entity: &str, out: &mut Decoded) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for e in &parent.children {
        let (Some(text), read) = (e.own_text(), reader(&e.name)) else { continue };
        let Some(read) = read else { continue };
        match read(text, entity, out) {
            Ok(shape) => shapes.push(shape),
            Err((rule, why)) => out.find(rule, entity, format!("{}: {why}", e.place())),
        }
    }
    shapes
}

/// The numbers of a shape, bit by bit: two shapes of the same numbers are one shape.
pub fn numbers(shape: &Shape) -> Vec<u64> {
    let of = |p: &Position| [p.lon().to_bits(), p.lat().to_bits()];
    match shape {
        Shape::Point(p) => of(p).to_vec(),
        Shape::Line(ps) | Shape::Polygon(ps) => ps.iter().flat_map(of).collect(),
        Shape::Circle { center, radius } => of(center).into_iter().chain([radius.to_bits()]).collect(),
    }
}

type Bad = (&'static Rule, String);
type Read = fn(&str, &str, &mut Decoded) -> Result<Shape, Bad>;

fn reader(name: &str) -> Option<Read> {
    match name {
        "polygon" => Some(polygon),
        "circle" => Some(circle),
        _ => None,
    }
}

fn polygon(text: &str, entity: &str, out: &mut Decoded) -> Result<Shape, Bad> {
    let mut ring = text.split_whitespace().map(|pair| position(pair, &rules::POLYGON)).collect::<Result<Vec<_>, _>>()?;
    if let (Some(first), Some(last)) = (ring.first().copied(), ring.last().copied())
        && ring.len() > 2
        && first != last
    {
        ring.push(first);
        out.find(&rules::POLYGON_OPEN, entity, "the polygon's last position does not repeat its first; closed");
    }
    if ring.len() < 4 {
        return Err((&rules::POLYGON, format!("{} positions; a ring has at least four, its first repeated last", ring.len())));
    }
    Ok(Shape::Polygon(ring))
}

fn circle(text: &str, _: &str, _: &mut Decoded) -> Result<Shape, Bad> {
    let bad = || (&rules::CIRCLE, format!("`{}` is not `latitude,longitude radius`", clip(text, 60)));
    let (center, radius) = text.split_once(char::is_whitespace).ok_or_else(bad)?;
    let center = position(center, &rules::CIRCLE)?;
    let km: f64 = radius.trim().parse().map_err(|_| bad())?;
    if !(0.0..=FARTHEST_KM).contains(&km) {
        return Err((&rules::CIRCLE, format!("a radius of {km} km")));
    }
    Ok(if km == 0.0 { Shape::Point(center) } else { Shape::Circle { center, radius: km * 1000.0 } })
}

// `latitude,longitude`. `rule` is the one to cite when it is not even that.
fn position(pair: &str, rule: &'static Rule) -> Result<Position, Bad> {
    let numbers = pair.split_once(',').and_then(|(a, b)| Some((a.parse::<f64>().ok()?, b.parse::<f64>().ok()?)));
    let Some((lat, lon)) = numbers.filter(|(a, b)| a.is_finite() && b.is_finite()) else {
        return Err((rule, format!("`{}` is not `latitude,longitude`", clip(pair, 40))));
    };
    Position::new(lon, lat).ok_or_else(|| {
        let swapped = Position::new(lat, lon).is_some();
        let rule = if swapped { &rules::SWAPPED } else { &rules::RANGE };
        (rule, format!("latitude {lat}, longitude {lon}"))
    })
}
