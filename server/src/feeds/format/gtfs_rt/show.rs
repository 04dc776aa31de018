//! A record as text for people: every known field by its name, enums by theirs, times as RFC 3339 too.

use super::{super::clip, proto, walk};
use app::model::Time;
use prost::Message;
use std::fmt::Write;

/// Shows one entity; of a whole message, its header and first entities.
pub(super) fn show(bytes: &[u8]) -> String {
    let mut out = Text::default();
    // An entity read as a message fails at its id, which is no header; so the message is tried first.
    if let Ok(message) = walk(bytes) {
        out.put("header", |o| {
            o.text("gtfs_realtime_version", &message.header.version);
            o.named("incrementality", message.header.incrementality, proto::incrementality);
            o.time("timestamp", message.header.timestamp);
        });
        for (start, end) in message.entities.iter().take(50) {
            out.put("entity", |o| o.raw(bytes.get(*start..*end).unwrap_or_default()));
        }
        if let Some(more) = message.entities.len().checked_sub(50).filter(|n| *n > 0) {
            out.line(&format!("... and {more} more"));
        }
    } else {
        out.raw(bytes);
    }
    out.text
}

// Indented lines, up to a size a screen can bear.
#[derive(Default)]
struct Text {
    text: String,
    depth: usize,
}
impl Text {
    fn line(&mut self, line: &str) {
        const MOST: usize = 256 << 10;
        if self.text.len() < MOST {
            let _ = writeln!(self.text, "{:1$}{line}", "", self.depth * 2);
        }
    }
    fn put(&mut self, name: &str, inner: impl FnOnce(&mut Self)) {
        self.line(name);
        self.depth += 1;
        inner(self);
        self.depth -= 1;
    }
    fn value(&mut self, name: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.line(&format!("{name}: {value}"));
        }
    }
    fn text(&mut self, name: &str, raw: &proto::Text) {
        self.value(name, raw.as_deref().map(|raw| clip(&String::from_utf8_lossy(raw), 4000)));
    }
    fn named(&mut self, name: &str, number: Option<i32>, names: fn(i32) -> Option<&'static str>) {
        self.value(name, number.map(|n| names(n).map_or_else(|| n.to_string(), str::to_owned)));
    }
    fn time(&mut self, name: &str, seconds: Option<u64>) {
        self.value(name, seconds.map(|s| format!("{s} ({})", Time::from_secs(i64::try_from(s).unwrap_or(i64::MAX)))));
    }

    fn raw(&mut self, bytes: &[u8]) {
        match proto::FeedEntity::decode(bytes) {
            Ok(entity) => self.entity(&entity),
            Err(e) => {
                self.line(&format!("{} bytes that cannot be read: {e}", bytes.len()));
                for row in bytes.chunks(32).take(64) {
                    let hex: Vec<String> = row.iter().map(|b| format!("{b:02x}")).collect();
                    self.line(&hex.join(" "));
                }
            }
        }
    }
    fn entity(&mut self, entity: &proto::FeedEntity) {
        self.text("id", &entity.id);
        self.value("is_deleted", entity.is_deleted);
        if let Some(v) = &entity.vehicle {
            self.put("vehicle", |o| o.vehicle(v));
        }
        if let Some(u) = &entity.trip_update {
            self.put("trip_update", |o| o.trip_update(u));
        }
        if let Some(a) = &entity.alert {
            self.put("alert", |o| o.alert(a));
        }
    }
    fn vehicle(&mut self, v: &proto::VehiclePosition) {
        self.trip(v.trip.as_ref());
        self.descriptor(v.vehicle.as_ref());
        if let Some(p) = &v.position {
            self.put("position", |o| {
                o.value("latitude", p.latitude);
                o.value("longitude", p.longitude);
                o.value("bearing", p.bearing);
                o.value("odometer", p.odometer);
                o.value("speed", p.speed);
            });
        }
        self.value("current_stop_sequence", v.current_stop_sequence);
        self.text("stop_id", &v.stop_id);
        self.named("current_status", v.current_status, proto::stop_status);
        self.time("timestamp", v.timestamp);
        self.named("congestion_level", v.congestion_level, proto::congestion);
        self.named("occupancy_status", v.occupancy_status, proto::occupancy);
        self.value("occupancy_percentage", v.occupancy_percentage);
    }
    fn trip(&mut self, trip: Option<&proto::TripDescriptor>) {
        let Some(t) = trip else { return };
        self.put("trip", |o| {
            o.text("trip_id", &t.trip_id);
            o.text("route_id", &t.route_id);
            o.value("direction_id", t.direction_id);
            o.text("start_time", &t.start_time);
            o.text("start_date", &t.start_date);
            o.named("schedule_relationship", t.schedule_relationship, proto::trip_relationship);
        });
    }
    fn descriptor(&mut self, vehicle: Option<&proto::VehicleDescriptor>) {
        let Some(v) = vehicle else { return };
        self.put("vehicle", |o| {
            o.text("id", &v.id);
            o.text("label", &v.label);
            o.text("license_plate", &v.license_plate);
        });
    }
    fn trip_update(&mut self, u: &proto::TripUpdate) {
        self.trip(u.trip.as_ref());
        self.descriptor(u.vehicle.as_ref());
        self.time("timestamp", u.timestamp);
        self.value("delay", u.delay);
        for stop in &u.stop_time_update {
            self.put("stop_time_update", |o| {
                o.value("stop_sequence", stop.stop_sequence);
                o.text("stop_id", &stop.stop_id);
                o.event("arrival", stop.arrival);
                o.event("departure", stop.departure);
                o.named("schedule_relationship", stop.schedule_relationship, proto::stop_relationship);
            });
        }
    }
    fn event(&mut self, name: &str, event: Option<proto::StopTimeEvent>) {
        let Some(e) = event else { return };
        self.put(name, |o| {
            o.value("delay", e.delay);
            o.value("time", e.time.map(|t| format!("{t} ({})", Time::from_secs(t))));
            o.value("uncertainty", e.uncertainty);
        });
    }
    fn alert(&mut self, a: &proto::Alert) {
        for period in &a.active_period {
            self.put("active_period", |o| {
                o.time("start", period.start);
                o.time("end", period.end);
            });
        }
        for e in &a.informed_entity {
            self.put("informed_entity", |o| {
                o.text("agency_id", &e.agency_id);
                o.text("route_id", &e.route_id);
                o.value("route_type", e.route_type);
                o.trip(e.trip.as_ref());
                o.text("stop_id", &e.stop_id);
                o.value("direction_id", e.direction_id);
            });
        }
        self.named("cause", a.cause, proto::cause);
        self.named("effect", a.effect, proto::effect);
        self.named("severity_level", a.severity_level, proto::severity);
        for (name, texts) in [("url", &a.url), ("header_text", &a.header_text), ("description_text", &a.description_text)] {
            for translation in texts.iter().flat_map(|t| &t.translation) {
                self.put(name, |o| {
                    o.text("language", &translation.language);
                    o.text("text", &translation.text);
                });
            }
        }
    }
}
