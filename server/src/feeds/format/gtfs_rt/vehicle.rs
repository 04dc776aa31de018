//! `VehiclePosition` to a fix, and to a reading of how full the vehicle is.

use super::{Pass, proto, rules};
use app::model::{Body, Fix, MoverKind, Position, Quantity, Reading, Span, Unit};
use std::sync::Arc;

impl Pass<'_> {
    pub(super) fn vehicle(&mut self, entity: &Arc<str>, span: Span, message: &proto::VehiclePosition) {
        let Some((position, raw)) = self.position(entity, message) else { return };
        let described = message.vehicle.as_ref();
        let vehicle_id = described.and_then(|v| self.text(entity, "vehicle.id", &v.id));
        let label = described.and_then(|v| self.text(entity, "vehicle.label", &v.label));
        if vehicle_id.is_none() {
            self.out.find(&rules::W002, &**entity, "vehicle.id is missing");
        }
        let id = vehicle_id.or_else(|| label.clone()).unwrap_or_else(|| entity.clone());
        if !self.vehicles.insert(id.clone()) {
            self.out.find(&rules::E052, &**entity, format!("vehicle `{id}` was told before in this message"));
        }

        let mut attributes = Vec::with_capacity(10);
        attributes.push((self.word("entity.id"), entity.clone()));
        let trip = message.trip.as_ref().map(|t| self.trip(entity, t, &mut attributes));
        let route = trip.as_ref().and_then(|t| self.gtfs?.route(t.route_id.as_deref()?));
        let kind = route.map_or(MoverKind::Transit, |r| r.kind);
        if let Some(plate) = described.and_then(|v| self.text(entity, "vehicle.license_plate", &v.license_plate)) {
            attributes.push((self.word("license_plate"), plate));
        }
        if let Some(stop_id) = self.text(entity, "stop_id", &message.stop_id) {
            if let Some(stop) = self.stop(entity, &stop_id) {
                attributes.push((self.word("stop_name"), stop.name.clone()));
            }
            attributes.push((self.word("stop_id"), stop_id));
        }
        for (field, names, value) in [
            ("current_status", proto::stop_status as fn(i32) -> Option<&'static str>, message.current_status),
            ("congestion_level", proto::congestion, message.congestion_level),
            ("occupancy_status", proto::occupancy, message.occupancy_status),
        ] {
            if let Some(n) = value {
                attributes.push((self.word(field), self.name(names, n)));
            }
        }
        if let Some(n) = message.current_stop_sequence {
            attributes.push((self.word("current_stop_sequence"), n.to_string().into()));
        }
        if let Some(metres) = raw.odometer.filter(|m| m.is_finite()) {
            attributes.push((self.word("odometer"), metres.to_string().into()));
        }

        let fix = Fix {
            kind,
            label,
            position,
            heading: self.heading(entity, raw.bearing),
            speed: self.speed(entity, raw.speed, kind),
            trip,
            attributes,
        };
        let at = self.observed(entity, message.timestamp);
        if let Some(percent) = message.occupancy_percentage {
            let reading = Reading {
                of: id.clone(),
                quantity: Quantity::Occupancy,
                qualifier: None,
                value: Some(f64::from(percent)),
                unit: Unit::Percent,
            };
            self.report(id.clone(), at, span, Body::Fix(fix));
            self.report(format!("{id}#occupancy"), at, span, Body::Reading(reading));
        } else {
            self.report(id, at, span, Body::Fix(fix));
        }
    }

    // Where it is, if that is somewhere; else the record is set aside.
    fn position(&mut self, entity: &str, message: &proto::VehiclePosition) -> Option<(Position, proto::Position)> {
        let raw = message.position.unwrap_or_default();
        let (Some(lon), Some(lat)) = (raw.longitude, raw.latitude) else {
            self.out.reject(&rules::NO_POSITION, entity, "position, latitude or longitude is missing");
            return None;
        };
        match Position::new(degrees(lon), degrees(lat)) {
            None => self.out.reject(&rules::E026, entity, format!("latitude {lat}, longitude {lon}")),
            Some(p) if p.is_null_island() => self.out.reject(&rules::NULL_ISLAND, entity, "latitude 0, longitude 0"),
            Some(p) => return Some((p, raw)),
        }
        None
    }

    fn heading(&mut self, entity: &str, bearing: Option<f32>) -> Option<f32> {
        let bearing = bearing?;
        if !(0.0..=360.0).contains(&bearing) {
            self.out.find(&rules::E027, entity, format!("bearing is {bearing}"));
            return None;
        }
        Some(if bearing == 360.0 { 0.0 } else { bearing })
    }

    fn speed(&mut self, entity: &str, speed: Option<f32>, kind: MoverKind) -> Option<f32> {
        const HIGHEST: f32 = 100.0;
        let speed = speed?;
        let likely = if matches!(kind, MoverKind::Rail | MoverKind::Subway) { HIGHEST } else { 26.0 };
        if !(0.0..=likely).contains(&speed) {
            self.out.find(&rules::W004, entity, format!("speed is {speed} m/s"));
        }
        (0.0..=HIGHEST).contains(&speed).then_some(speed)
    }
}

// The wire has 32-bit floats. The shortest decimal that means the same float is what the publisher wrote: 43.7757, not the
// 43.775699615478516 that a plain widening gives.
fn degrees(raw: f32) -> f64 {
    raw.to_string().parse().unwrap_or(f64::NAN)
}
