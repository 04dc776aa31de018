//! What the map's sources hold, as GeoJSON text (RFC 7946). Freshness is judged here, in Rust, by the one function that judges it.

use crate::live::Live;
use crate::model::{
    Alarm, Freshness, Geometry, Incident, Key, MoverKind, PlaceKind, Position, Severity, Shape, SituationKind, Status, Time, geo::circle,
};
use crate::wire::{CityView, FeedView, Map, Mover, PlaceView, SituationView};
use leptos::prelude::With;
use std::{fmt::Write, sync::Arc};

/// A value of a feature's properties.
enum Prop<'a> {
    Text(&'a str),
    Number(f64),
    Flag(bool),
}

/// A feature collection in the making.
struct Features(String);
impl Features {
    fn new(room: usize) -> Self {
        let mut text = String::with_capacity(64 + room);
        text.push_str(r#"{"type":"FeatureCollection","features":["#);
        Self(text)
    }
    fn add(&mut self, geometry: impl FnOnce(&mut String), props: &[(&str, Prop)]) {
        let out = &mut self.0;
        if out.ends_with('}') {
            out.push(',');
        }
        out.push_str(r#"{"type":"Feature","geometry":"#);
        geometry(out);
        out.push_str(r#","properties":{"#);
        for (i, (name, value)) in props.iter().enumerate() {
            let _ = write!(out, "{}\"{name}\":", if i == 0 { "" } else { "," });
            match value {
                Prop::Text(t) => quote(out, t),
                Prop::Number(n) => {
                    let _ = write!(out, "{n}");
                }
                Prop::Flag(b) => out.push_str(if *b { "true" } else { "false" }),
            }
        }
        out.push_str("}}");
    }
    fn finish(mut self) -> String {
        self.0.push_str("]}");
        self.0
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// What the map is made with, as JSON.
pub fn options(city: &CityView, lines: u32, still: bool, hidden: &[&str]) -> String {
    let [w, s, e, n] = city.bounds.0;
    let mut out = format!(r#"{{"bounds":[{w},{s},{e},{n}],"lines":{lines},"still":{still},"basemap":"#);
    match &city.basemap {
        Some(url) => quote(&mut out, url),
        None => out.push_str("null"),
    }
    out.push_str(r#","hidden":["#);
    for (i, id) in hidden.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        quote(&mut out, id);
    }
    out.push_str("]}");
    out
}

fn spot(out: &mut String, p: Position) {
    let _ = write!(out, r#"{{"type":"Point","coordinates":[{:.6},{:.6}]}}"#, p.lon(), p.lat());
}
fn ring(out: &mut String, ps: &[Position]) {
    out.push('[');
    for (i, p) in ps.iter().enumerate() {
        let _ = write!(out, "{}[{:.6},{:.6}]", if i == 0 { "" } else { "," }, p.lon(), p.lat());
    }
    out.push(']');
}
fn shape(out: &mut String, s: &Shape) {
    match s {
        Shape::Point(p) => spot(out, *p),
        Shape::Line(ps) => {
            out.push_str(r#"{"type":"LineString","coordinates":"#);
            ring(out, ps);
            out.push('}');
        }
        Shape::Polygon(ps) => {
            out.push_str(r#"{"type":"Polygon","coordinates":["#);
            ring(out, ps);
            out.push_str("]}");
        }
        Shape::Circle { center, radius } => shape(out, &Shape::Polygon(circle(*center, *radius, 48))),
    }
}

fn tone(kind: MoverKind) -> &'static str {
    match kind {
        MoverKind::Ambulance | MoverKind::Fire | MoverKind::Police => "unit",
        MoverKind::Service => "service",
        _ => "transit",
    }
}

/// What moves: an arrow where it heads, a dot where that is not known; full, hollow or grey by its own age.
pub fn movers(movers: &Map<Key, Mover>, feeds: &[FeedView], now: Time) -> String {
    let mut out = Features::new(movers.len() * 230);
    for (key, m) in movers.iter() {
        let freshness = mover_freshness(m, feeds, now);
        let tone = tone(m.kind);
        let icon = format!("{} {tone} {}", if m.heading.is_some() { "arrow" } else { "dot" }, freshness.token());
        let rank = f64::from(u8::from(tone != "transit")) * 2.0 + f64::from(u8::from(freshness == Freshness::Fresh));
        let (lon, lat) = m.lon_lat();
        out.add(
            |o| {
                let _ = write!(o, r#"{{"type":"Point","coordinates":[{lon},{lat}]}}"#);
            },
            &[
                ("kind", Prop::Text("mover")),
                ("key", Prop::Text(key.as_str())),
                ("icon", Prop::Text(&icon)),
                ("name", Prop::Text(&m.name)),
                ("heading", Prop::Number(f64::from(m.heading.unwrap_or(0)))),
                ("rank", Prop::Number(rank)),
            ],
        );
    }
    out.finish()
}

/// How old a mover's own position is judged, by the promise of its feed.
pub fn mover_freshness(m: &Mover, feeds: &[FeedView], now: Time) -> Freshness {
    feeds.get(usize::from(m.feed)).map_or(Freshness::Unknown, |f| f.feed.promise.judge(m.observed_at, now))
}

/// The layer a place belongs to; none for what would only clutter.
pub fn place_layer(kind: PlaceKind) -> Option<&'static str> {
    Some(match kind {
        PlaceKind::Hospital => "hospitals",
        PlaceKind::Route => "routes",
        PlaceKind::District => "districts",
        PlaceKind::Stop => return None,
        PlaceKind::Sensor | PlaceKind::RoadSegment | PlaceKind::ChargingSite | PlaceKind::Shelter | PlaceKind::Camera => "sites",
    })
}

/// The places of one layer. `judged` is the freshness of each feed.
pub fn places(layer: &str, places: &Map<Key, PlaceView>, judged: &[Freshness]) -> String {
    let mut out = Features::new(places.len() * 120);
    for (key, p) in places.iter().filter(|(_, p)| place_layer(p.kind) == Some(layer)) {
        let freshness = judged.get(usize::from(p.feed)).copied().unwrap_or(Freshness::Unknown);
        let badge = p.badge.as_deref().unwrap_or("");
        // Nothing old is painted as new: an aged badge carries its mark.
        let badge = match freshness {
            Freshness::Fresh => badge.to_owned(),
            Freshness::Stale if !badge.is_empty() => format!("◔ {badge}"),
            Freshness::Unknown if !badge.is_empty() => "? not known".to_owned(),
            _ => String::new(),
        };
        let label = if badge.is_empty() { p.name.to_string() } else { format!("{}\n{badge}", p.name) };
        let color = p.color.as_ref().map(|c| format!("#{c}"));
        let severity = p.severity.map_or("", Severity::token);
        let tone = if freshness == Freshness::Unknown { "unknown" } else { severity };
        let mut props = vec![
            ("kind", Prop::Text("place")),
            ("key", Prop::Text(key.as_str())),
            ("name", Prop::Text(&p.name)),
            ("label", Prop::Text(&label)),
            ("badge", Prop::Text(&badge)),
            ("severity", Prop::Text(severity)),
            ("tone", Prop::Text(tone)),
            ("freshness", Prop::Text(freshness.token())),
        ];
        if let Some(c) = &color {
            props.push(("color", Prop::Text(c)));
        }
        if layer == "hospitals" {
            if let Some(at) = p.geometry.anchor() {
                out.add(|o| spot(o, at), &props);
            }
        } else {
            for s in &p.geometry.0 {
                out.add(|o| shape(o, s), &props);
            }
        }
    }
    out.finish()
}

/// The layer a situation belongs to.
pub fn situation_layer(kind: SituationKind) -> &'static str {
    match kind {
        SituationKind::Alert => "alerts",
        SituationKind::WorkZone | SituationKind::RoadEvent => "roads",
        SituationKind::ServiceAlert | SituationKind::Emergency | SituationKind::Request => "events",
    }
}

/// The situations of one layer that go on now: every shape, and a mark where it is anchored. Drills are drawn apart and say so.
pub fn situations(layer: &str, all: &Map<Key, SituationView>, judged: &[Freshness], now: Time) -> String {
    let mut out = Features::new(all.len() * 200);
    for (key, s) in all.iter().filter(|(_, s)| situation_layer(s.kind) == layer && s.in_force(now)) {
        let freshness = judged.get(usize::from(s.feed)).copied().unwrap_or(Freshness::Unknown);
        let drill = s.status != Status::Actual;
        let icon = format!("severity {}{}", s.severity.token(), if drill { " drill" } else { "" });
        let tag = if drill { s.status.title().to_uppercase() } else { String::new() };
        let props = || {
            [
                ("kind", Prop::Text("situation")),
                ("key", Prop::Text(key.as_str())),
                ("severity", Prop::Text(s.severity.token())),
                ("drill", Prop::Flag(drill)),
                ("icon", Prop::Text(&icon)),
                ("tag", Prop::Text(&tag)),
                ("freshness", Prop::Text(freshness.token())),
            ]
        };
        for g in s.geometry.0.iter().filter(|g| !matches!(g, Shape::Point(_))) {
            out.add(|o| shape(o, g), &props());
        }
        if let Some(at) = s.anchor() {
            out.add(|o| spot(o, at), &props());
        }
    }
    out.finish()
}

/// Alarms in force and open incidents, where they have a place; an incident stands for the alarm it was opened from.
pub fn alarms(alarms: &Map<Arc<str>, Alarm>, incidents: &Map<Arc<str>, Incident>) -> String {
    let mut out = Features::new(512);
    let mut put = |kind: &str, key: &str, severity: Severity, at: Option<Position>| {
        if let Some(at) = at {
            let icon = format!("alarm {}", severity.token());
            out.add(|o| spot(o, at), &[("kind", Prop::Text(kind)), ("key", Prop::Text(key)), ("icon", Prop::Text(&icon))]);
        }
    };
    for a in alarms.values().filter(|a| a.incident.is_none() && !matches!(a.state, crate::model::AlarmState::Shelved { .. })) {
        put("alarm", &a.id, a.severity, a.position);
    }
    for i in incidents.values().filter(|i| i.is_active()) {
        put("incident", &i.id, i.severity, i.position);
    }
    out.finish()
}

/// A ring around one spot, or nothing.
pub fn selection(at: Option<Position>) -> String {
    let mut out = Features::new(128);
    if let Some(at) = at {
        out.add(|o| spot(o, at), &[]);
    }
    out.finish()
}

/// Where a thing is, and the box around it when it is larger than a spot. Subscribes to what it looks at, but not to movers.
pub fn whereabouts(live: Live, kind: &str, key: &str) -> Option<Geometry> {
    let of = |p: Option<Position>| p.map(Geometry::point);
    match kind {
        "mover" => live.with_movers(|m| m.get(&Key::from(key)).map(Mover::lon_lat)).and_then(|(x, y)| of(Position::new(x, y))),
        "place" => live.places.with(|m| m.get(&Key::from(key)).map(|p| p.geometry.clone())),
        "situation" => live.situations.with(|m| m.get(&Key::from(key)).map(|s| s.geometry.clone())),
        "alarm" => {
            let (at, subject) = live.alarms.with(|m| m.get(key).map(|a| (a.position, a.subject.clone())))?;
            of(at).or_else(|| if &*subject.0 == "alarm" { None } else { whereabouts(live, &subject.0, &subject.1) })
        }
        "incident" => of(live.incidents.with(|m| m.get(key).and_then(|i| i.position))),
        "feed" => live.feeds.with(|f| f.iter().find(|f| f.feed.id.as_str() == key).and_then(|f| f.bounds)).map(|b| {
            let [w, s, e, n] = b.0;
            Geometry(vec![Shape::Line([Position::new(w, s), Position::new(e, n)].into_iter().flatten().collect())])
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Certainty, Urgency};

    fn json(text: &str) -> serde_json::Value {
        serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
    }

    #[test]
    fn every_shape_is_geojson() {
        let p = |x, y| Position::new(x, y).unwrap();
        let situation = SituationView {
            kind: SituationKind::Alert,
            headline: "Say \"no\" \\ twice\n".into(),
            area: None,
            status: Status::Exercise,
            severity: Severity::Severe,
            urgency: Urgency::Immediate,
            certainty: Certainty::Observed,
            geometry: Geometry(vec![
                Shape::Circle { center: p(11.2, 43.7), radius: 500.0 },
                Shape::Polygon(vec![p(1.0, 1.0), p(2.0, 1.0), p(2.0, 2.0), p(1.0, 1.0)]),
                Shape::Line(vec![p(1.0, 1.0), p(2.0, 1.0)]),
            ]),
            from: None,
            to: None,
            observed_at: None,
            feed: 0,
        };
        let all: Map<Key, SituationView> = [(Key::new("a\"b", "1\n2"), situation)].into_iter().collect();
        let made = json(&situations("alerts", &all, &[Freshness::Fresh], Time::from_secs(0)));
        let features = made["features"].as_array().unwrap();
        assert_eq!(features.len(), 4, "three shapes and an anchor");
        assert_eq!(features[0]["geometry"]["coordinates"][0].as_array().unwrap().len(), 49);
        assert_eq!(features[3]["properties"]["tag"], "EXERCISE");
        assert_eq!(features[3]["properties"]["key"], "a\"b/1\n2");
        assert_eq!(json(&situations("roads", &all, &[], Time::from_secs(0)))["features"].as_array().unwrap().len(), 0);
    }

    #[test]
    fn a_mover_without_a_known_feed_is_not_fresh() {
        let m = Mover {
            kind: MoverKind::Bus,
            name: "7".into(),
            lon_e6: 11_250_000,
            lat_e6: 43_770_000,
            heading: None,
            speed_dm: None,
            observed_at: Some(Time::from_secs(100)),
            feed: 3,
        };
        let all: Map<Key, Mover> = [(Key::from("t/1"), m)].into_iter().collect();
        let made = json(&movers(&all, &[], Time::from_secs(100)));
        assert_eq!(made["features"][0]["properties"]["icon"], "dot transit unknown");
        assert_eq!(made["features"][0]["geometry"]["coordinates"], serde_json::json!([11.25, 43.77]));
        assert_eq!(json(&selection(None))["features"], serde_json::json!([]));
    }
}
