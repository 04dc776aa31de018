//! A WZDx field device becomes a [`Place`]; what a traffic sensor measures becomes [`Reading`]s of it.

use super::{
    Feature,
    json::{plain, text, words},
    rules,
};
use crate::feeds::format::Decoded;
use app::model::{Body, Geometry, Place, PlaceKind, Quantity, Reading, Report, Time, Unit};
use serde_json::Value;
use std::sync::Arc;

const TYPES: &[&str] = &[
    "arrow-board",
    "camera",
    "dynamic-message-sign",
    "flashing-beacon",
    "hybrid-sign",
    "location-marker",
    "traffic-sensor",
    "traffic-signal",
];
const STATUSES: &[&str] = &["ok", "warning", "error", "unknown"];

/// Reads one field device.
pub fn read(f: &Feature, out: &mut Decoded) {
    f.check_core(&["device_type", "data_source_id", "device_status", "update_date", "has_automatic_location"], out);
    let kind = f.one_of(f.core, "device_type", TYPES, out);
    f.one_of(f.core, "device_status", STATUSES, out);
    let Ok(positions) = f.positions(&[("Point", 1)], out) else {
        return;
    };

    let mut attributes: Vec<(Arc<str>, Arc<str>)> = Vec::new();
    let mut add = |name: &str, value: Option<String>| attributes.extend(value.map(|v| (name.into(), v.into())));
    // The list fields first in words, then every plain field of the device in the standard's own name.
    for name in ["status_messages", "road_names", "road_event_ids"] {
        add(name, words(f.core, name));
    }
    for (name, value) in [f.core, f.properties].into_iter().filter_map(Value::as_object).flatten().take(60) {
        if !matches!(name.as_str(), "name" | "update_date") {
            add(name, plain(value));
        }
    }
    let observed_at = f.observed_at();
    let name = text(f.core, "name").map_or_else(|| format!("{} {}", kind.unwrap_or("device").replace('-', " "), f.id), str::to_owned);
    let place = Place {
        kind: if kind == Some("camera") { PlaceKind::Camera } else { PlaceKind::Sensor },
        name: name.into(),
        geometry: positions.first().map_or_else(Geometry::default, |p| Geometry::point(*p)),
        attributes,
    };
    out.reports.push(Report { id: f.id.into(), observed_at, span: f.span, body: Body::Place(place) });
    if kind == Some("traffic-sensor") {
        readings(f, observed_at, out);
    }
}

fn readings(f: &Feature, updated: Option<Time>, out: &mut Decoded) {
    let at = text(f.properties, "collection_interval_end_date").and_then(Time::parse).or(updated);
    for (name, quantity, from, unit, most) in [
        ("average_speed_kph", Quantity::Speed, Unit::KilometrePerHour, Unit::KilometrePerHour, 500.0),
        ("occupancy_percent", Quantity::Occupancy, Unit::Percent, Unit::Percent, 100.0),
    ] {
        let Some(written) = f.properties.get(name).filter(|v| !v.is_null()) else {
            continue;
        };
        let Some(value) = written.as_f64().filter(|v| (0.0..=most).contains(v)).and_then(|v| from.convert(v, unit)) else {
            out.find(&rules::BAD_VALUE, f.id, format!("{name} {written} is out of range"));
            continue;
        };
        let body = Reading { of: f.id.into(), quantity, qualifier: None, value: Some(value), unit };
        out.reports.push(Report {
            id: format!("{}/{}", f.id, quantity.token()).into(),
            observed_at: at,
            span: f.span,
            body: Body::Reading(body),
        });
    }
}
