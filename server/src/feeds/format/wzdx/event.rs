//! A WZDx road event becomes a [`Situation`].

use super::{
    Feature,
    json::{list, plain, text, words},
    rules,
};
use crate::feeds::format::Decoded;
use app::model::{Body, Certainty, Geometry, Report, Severity, Shape, Situation, SituationKind, Status, Time, Unit, Urgency};
use serde_json::Value;
use std::sync::Arc;

// The enumerations of 4.2, with what 3.1 and 4.1 still allowed beside them.
const EVENT_TYPES: &[&str] = &["work-zone", "detour", "restriction", "incident"];
const DIRECTIONS: &[&str] = &["northbound", "eastbound", "southbound", "westbound", "undefined", "unknown", "inner-loop", "outer-loop"];
const IMPACTS: &[&str] = &[
    "all-lanes-closed",
    "some-lanes-closed",
    "all-lanes-open",
    "alternating-one-way",
    "some-lanes-closed-merge-left",
    "some-lanes-closed-merge-right",
    "all-lanes-open-shift-left",
    "all-lanes-open-shift-right",
    "some-lanes-closed-split",
    "flagging",
    "temporary-traffic-signal",
    "unknown",
];
const LOCATION_METHODS: &[&str] = &["channel-device-method", "sign-method", "junction-method", "other", "unknown"];
const WORK_ZONE_TYPES: &[&str] = &["static", "moving", "planned-moving-area"];
const EVENT_STATUSES: &[&str] = &["planned", "pending", "active", "completed", "cancelled"];
const LANE_STATUSES: &[&str] =
    &["open", "closed", "shift-left", "shift-right", "merge-left", "merge-right", "alternating-flow", "alternating-one-way"];
// Lanes that no car drives in; all others count as lanes in the headline.
const NOT_DRIVEN: &[&str] = &["shoulder", "left-shoulder", "right-shoulder", "sidewalk", "bike-lane", "parking", "median"];

const COPIED: &[&str] = &[
    "beginning_cross_street",
    "ending_cross_street",
    "beginning_milepost",
    "ending_milepost",
    "work_zone_type",
    "location_method",
    "event_status",
    "is_start_date_verified",
    "is_end_date_verified",
    "is_start_position_verified",
    "is_end_position_verified",
    "start_date_accuracy",
    "end_date_accuracy",
    "beginning_accuracy",
    "ending_accuracy",
    "workers_present",
];

/// Reads one road event.
pub fn read(f: &Feature, out: &mut Decoded) {
    f.check_core(&["event_type", "data_source_id", "direction", "road_names"], out);
    let event_type = f.one_of(f.core, "event_type", EVENT_TYPES, out);
    let direction = f.one_of(f.core, "direction", DIRECTIONS, out);
    let impact = f.one_of(f.properties, "vehicle_impact", IMPACTS, out);
    let state = f.one_of(f.properties, "event_status", EVENT_STATUSES, out);
    f.one_of(f.properties, "location_method", LOCATION_METHODS, out);
    f.one_of(f.properties, "work_zone_type", WORK_ZONE_TYPES, out);
    required(f, event_type, impact, out);

    let (from, mut to) = (date(f, "start_date", out), date(f, "end_date", out));
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return out.reject(&rules::ENDS_FIRST, f.id, format!("ends {to}, before it starts {from}"));
    }
    let Ok(positions) = f.positions(&[("LineString", 2), ("MultiPoint", 2)], out) else {
        return;
    };
    let geometry = match text(f.geometry, "type") {
        _ if positions.is_empty() => Geometry::default(),
        Some("LineString") => Geometry(vec![Shape::Line(positions)]),
        _ => Geometry(positions.into_iter().map(Shape::Point).collect()),
    };
    let observed_at = f.observed_at();
    // An event that is called off or done is over, whatever end was once planned.
    if matches!(state, Some("completed" | "cancelled")) {
        let over = observed_at.unwrap_or(f.feed.now);
        to = Some(to.map_or(over, |t| t.min(over)));
    }
    let lanes = lanes(f, out);
    let area = words(f.core, "road_names").or_else(|| words(f.properties, "road_name"));
    let (urgency, certainty) = (urgency(from, to, f.feed.now), certainty(f, from));
    let attributes = attributes(f, direction, impact, lanes.summary, out);
    out.reports.push(Report {
        id: f.id.into(),
        observed_at,
        span: f.span,
        body: Body::Situation(Situation {
            kind: if event_type == Some("work-zone") { SituationKind::WorkZone } else { SituationKind::RoadEvent },
            headline: headline(event_type, area.as_deref(), direction, impact, lanes.closed).into(),
            description: text(f.core, "description").or_else(|| text(f.core, "name")).map(Arc::from),
            language: None,
            status: Status::Actual,
            severity: severity(impact),
            urgency,
            certainty,
            geometry,
            area: area.map(Arc::from),
            from,
            to,
            replaces: Vec::new(),
            cancels: false,
            attributes,
        }),
    });
}

// Section "WorkZoneRoadEvent": what a work zone needs beside its core details.
fn required(f: &Feature, event_type: Option<&str>, impact: Option<&str>, out: &mut Decoded) {
    if event_type != Some("work-zone") || f.feed.major < 4 {
        return;
    }
    if impact.is_none() {
        out.find(&rules::MISSING_WORK, f.id, "vehicle_impact is missing");
    }
    if text(f.properties, "location_method").is_none() {
        out.find(&rules::MISSING_WORK, f.id, "location_method is missing");
    }
    for (flag, older) in [
        ("is_start_date_verified", "start_date_accuracy"),
        ("is_end_date_verified", "end_date_accuracy"),
        ("is_start_position_verified", "beginning_accuracy"),
        ("is_end_position_verified", "ending_accuracy"),
    ] {
        if f.properties[flag].as_bool().is_none() && text(f.properties, older).is_none() {
            out.find(&rules::UNVERIFIED, f.id, format!("neither {flag} nor {older} says how sure it is"));
        }
    }
}

fn date(f: &Feature, name: &str, out: &mut Decoded) -> Option<Time> {
    let Some(written) = text(f.properties, name) else {
        out.find(&rules::DATE, f.id, format!("{name} is missing"));
        return None;
    };
    let time = Time::parse(written);
    if time.is_none() {
        out.find(&rules::DATE, f.id, format!("{name} `{written}` is not an RFC 3339 time"));
    }
    time
}

/// All lanes closed is a road lost (Severe), some a bottleneck (Moderate), everything else a slowing (Minor).
fn severity(impact: Option<&str>) -> Severity {
    match impact {
        Some("all-lanes-closed") => Severity::Severe,
        Some(i) if i.starts_with("some-lanes-closed") => Severity::Moderate,
        None | Some("unknown") => Severity::Unknown,
        Some(i) if IMPACTS.contains(&i) => Severity::Minor,
        Some(_) => Severity::Unknown,
    }
}

fn urgency(from: Option<Time>, to: Option<Time>, now: Time) -> Urgency {
    match (from, to) {
        (_, Some(to)) if to <= now => Urgency::Past,
        (Some(from), _) if from <= now => Urgency::Immediate,
        (Some(from), _) if from.ahead(now).as_secs() <= 3600 => Urgency::Expected,
        (Some(_), _) => Urgency::Future,
        (None, _) => Urgency::Unknown,
    }
}

/// Work seen to have begun is observed; a planned beginning is likely once its time has come, and possible before.
fn certainty(f: &Feature, from: Option<Time>) -> Certainty {
    let begun = from.is_some_and(|t| t <= f.feed.now);
    let verified =
        f.properties["is_start_date_verified"].as_bool().or_else(|| text(f.properties, "start_date_accuracy").map(|a| a == "verified"));
    match (verified, begun) {
        (Some(true), true) => Certainty::Observed,
        (Some(true), false) | (Some(false), true) => Certainty::Likely,
        (Some(false), false) => Certainty::Possible,
        (None, _) => Certainty::Unknown,
    }
}

fn headline(event_type: Option<&str>, road: Option<&str>, direction: Option<&str>, impact: Option<&str>, closed: usize) -> String {
    let what = match event_type {
        Some("work-zone") => "Road works",
        Some("detour") => "Detour",
        Some("restriction") => "Restriction",
        Some("incident") => "Incident",
        _ => "Road event",
    };
    let mut line = what.to_owned();
    if let Some(road) = road {
        line += &format!(" on {}", road.split(", ").next().unwrap_or(road));
    }
    match direction {
        Some(d @ ("northbound" | "eastbound" | "southbound" | "westbound")) => line += &format!(", {d}"),
        Some("inner-loop") => line += ", inner loop",
        Some("outer-loop") => line += ", outer loop",
        _ => {}
    }
    match impact {
        Some("all-lanes-closed") => line += ", closed",
        Some(i) if i.starts_with("some-lanes-closed") => match closed {
            0 => line += ", some lanes closed",
            1 => line += ", 1 lane closed",
            n => line += &format!(", {n} lanes closed"),
        },
        Some("alternating-one-way") => line += ", one way at a time",
        Some("flagging") => line += ", traffic by flag",
        Some("temporary-traffic-signal") => line += ", temporary signal",
        Some(i) if i.starts_with("all-lanes-open-shift") => line += ", lanes shifted",
        _ => {}
    }
    line
}

#[derive(Default)]
struct Lanes {
    closed: usize,
    summary: String,
}

fn lanes(f: &Feature, out: &mut Decoded) -> Lanes {
    let mut found = Lanes::default();
    let mut all: Vec<(i64, &str, &str)> = Vec::new();
    for lane in list(f.properties, "lanes") {
        let status = f.one_of(lane, "status", LANE_STATUSES, out).unwrap_or("unknown");
        let kind = text(lane, "type").unwrap_or("lane");
        found.closed += usize::from(status == "closed" && !NOT_DRIVEN.contains(&kind));
        all.push((lane["order"].as_i64().unwrap_or(i64::MAX), kind, status));
    }
    all.sort_by_key(|(order, ..)| *order);
    found.summary = all.iter().map(|(_, kind, status)| format!("{kind} {status}")).collect::<Vec<_>>().join("; ");
    found
}

fn attributes(f: &Feature, direction: Option<&str>, impact: Option<&str>, lanes: String, out: &mut Decoded) -> Vec<(Arc<str>, Arc<str>)> {
    let mut all: Vec<(Arc<str>, Arc<str>)> = Vec::new();
    let mut add = |name: &str, value: Option<String>| all.extend(value.map(|v| (name.into(), v.into())));
    add("direction", direction.map(str::to_owned));
    add("vehicle_impact", impact.map(str::to_owned));
    add("lanes", Some(lanes).filter(|l| !l.is_empty()));
    // 3.x limits are miles an hour, without saying so; 4.x says kilometres in the name.
    let (limit, unit) = match f.properties.get("reduced_speed_limit_kph") {
        Some(v) => (Some(v), Unit::KilometrePerHour),
        None => (f.properties.get("reduced_speed_limit"), Unit::MilePerHour),
    };
    if let Some(limit) = limit.filter(|v| !v.is_null()) {
        match limit.as_f64().filter(|v| (0.0..=300.0).contains(v)).and_then(|v| unit.convert(v, Unit::KilometrePerHour)) {
            Some(v) => add("reduced_speed_limit", Some(format!("{} km/h", (v * 10.0).round() / 10.0))),
            None => out.find(&rules::BAD_VALUE, f.id, format!("reduced speed limit {limit} is not a speed")),
        }
    }
    let mut restrictions = Vec::new();
    for r in list(f.properties, "restrictions") {
        // 3.x lists bare words.
        let Some(kind) = r.as_str().or_else(|| text(r, "type")) else {
            continue;
        };
        match (plain(&r["value"]), text(r, "unit")) {
            (Some(value), Some(unit)) => restrictions.push(format!("{kind} {value} {unit}")),
            (Some(value), None) => {
                out.find(&rules::BAD_VALUE, f.id, format!("restriction {kind} {value} has no unit; the number is left out"));
                restrictions.push(kind.to_owned());
            }
            _ => restrictions.push(kind.to_owned()),
        }
    }
    add("restrictions", Some(restrictions.join("; ")).filter(|r| !r.is_empty()));
    let work: Vec<&str> = list(f.properties, "types_of_work").filter_map(|w| text(w, "type_name")).collect();
    add("types_of_work", Some(work.join(", ")).filter(|w| !w.is_empty()));
    let workers = &f.properties["worker_presence"];
    for name in ["are_workers_present", "method", "confidence", "worker_presence_last_confirmed_date"] {
        add(name, plain(&workers[name]));
    }
    for name in COPIED {
        add(name, plain(&f.properties[*name]));
    }
    for name in ["name", "creation_date", "data_source_id"] {
        add(name, plain(&f.core[name]));
    }
    let related: Vec<String> =
        list(f.core, "related_road_events").filter_map(|r: &Value| Some(format!("{} {}", text(r, "type")?, text(r, "id")?))).collect();
    add("related_road_events", Some(related.join("; ")).filter(|r| !r.is_empty()));
    all
}
