//! `TripUpdate` to a reading of its delay, and to a situation when the trip is cancelled.

use super::{super::Rule, Pass, proto, rules};
use app::model::{
    Body, Certainty, Geometry, Quantity, Reading, Severity, Situation, SituationKind, Span, Status, Time, Trip, Unit, Urgency,
};
use std::{cmp::Ordering, sync::Arc};

/// No trip calls at more; beyond, stops are read but not judged.
const STOPS: usize = 2000;
const CANCELED: i32 = 3;
const DELETED: i32 = 7;

impl Pass<'_> {
    pub(super) fn trip_update(&mut self, entity: &Arc<str>, span: Span, update: &proto::TripUpdate) {
        let descriptor = update.trip.clone().unwrap_or_default();
        let mut attributes = vec![(self.word("entity.id"), entity.clone())];
        let trip = self.trip(entity, &descriptor, &mut attributes);
        if trip.trip_id.is_none() {
            self.out.find(&rules::W006, &**entity, "trip.trip_id is missing");
        }
        let gone = matches!(descriptor.schedule_relationship, Some(CANCELED | DELETED));
        self.judge_stops(entity, update, gone);
        let at = self.observed(entity, update.timestamp);

        let of: Arc<str> = format!("trip:{}", trip.trip_id.as_ref().unwrap_or(entity)).into();
        let (value, stop) = if gone { (None, None) } else { self.delay(entity, update, &trip, &descriptor) };
        let reading = Reading { of: of.clone(), quantity: Quantity::Delay, qualifier: stop, value, unit: Unit::Second };
        self.report(format!("{of}#delay"), at, span, Body::Reading(reading));

        if gone {
            let headline = headline(&trip, entity);
            let situation = Situation {
                kind: SituationKind::ServiceAlert,
                headline: headline.into(),
                description: None,
                language: Some(self.word("en")),
                status: Status::Actual,
                severity: Severity::Minor,
                urgency: Urgency::Unknown,
                certainty: Certainty::Unknown,
                geometry: Geometry::default(),
                area: trip.route.clone(),
                from: None,
                to: None,
                replaces: Vec::new(),
                cancels: false,
                attributes: with_trip(self, attributes, &trip),
            };
            self.report(format!("{of}#cancelled"), at, span, Body::Situation(situation));
        }
    }

    // How late the trip is, and at which stop that is said: the next stop's word, else the last one's, else the trip's own. The
    // specification puts stops before the trip, and feeds exist whose stops are right while the trip's own delay is hours off.
    fn delay(
        &mut self,
        entity: &str,
        update: &proto::TripUpdate,
        trip: &Trip,
        descriptor: &proto::TripDescriptor,
    ) -> (Option<f64>, Option<Arc<str>>) {
        let own = update.delay.map(i64::from);
        let date = descriptor.start_date.as_deref().and_then(|d| std::str::from_utf8(d).ok());
        let seen = Stops { gtfs: self.gtfs, trip: trip.trip_id.as_deref(), date };
        // "Next" as the message saw it: played back later, it still says what it said.
        let when = self.header_at.unwrap_or(self.now).millis() / 1000;
        let mut last = None;
        for stop in &update.stop_time_update {
            let Some((seconds, due)) = seen.delay(stop) else { continue };
            last = Some((seconds, stop));
            if due.is_none_or(|due| due >= when) {
                break;
            }
        }
        match last {
            Some((seconds, stop)) => {
                if let Some(own) = own.filter(|own| own.abs_diff(seconds) > 900) {
                    self.out.find(&rules::CONTRADICTION, entity, format!("the trip is {own} s late, its stop {seconds} s"));
                }
                (Some(seconds as f64), self.text(entity, "stop_id", &stop.stop_id))
            }
            None => (own.map(|s| s as f64), None),
        }
    }

    // Judges the stops, each rule at most once a trip: what is wrong at one stop is mostly wrong at all.
    fn judge_stops(&mut self, entity: &Arc<str>, update: &proto::TripUpdate, gone: bool) {
        if update.stop_time_update.is_empty() && !gone {
            self.out.find(&rules::E041, &**entity, "no stop_time_update");
        }
        let mut broken: Vec<&'static Rule> = Vec::new();
        let mut before: Option<&proto::StopTimeUpdate> = None;
        for (n, stop) in update.stop_time_update.iter().enumerate().take(STOPS) {
            for (rule, what) in breaches(before, stop).into_iter().flatten() {
                if !broken.iter().any(|b| b.id == rule.id) {
                    broken.push(rule);
                    self.out.find(rule, &**entity, format!("stop_time_update {n}: {what}"));
                }
            }
            before = Some(stop);
            for event in [stop.arrival, stop.departure].into_iter().flatten() {
                self.posix(entity, "stop_time_update time", event.time);
            }
            if stop.schedule_relationship.is_none() {
                self.left_open(entity);
            }
            if let Some(id) = stop.stop_id.as_deref().and_then(|id| std::str::from_utf8(id).ok()).filter(|_| self.gtfs.is_some()) {
                self.stop(entity, id);
            }
        }
    }
}

// What one stop, after the one before, does wrong.
fn breaches(before: Option<&proto::StopTimeUpdate>, stop: &proto::StopTimeUpdate) -> [Option<(&'static Rule, &'static str)>; 6] {
    let (arrival, departure) = (stop.arrival, stop.departure);
    let (came, left) = (arrival.and_then(|e| e.time), departure.and_then(|e| e.time));
    let nowhere = stop.stop_sequence.is_none() && stop.stop_id.as_ref().is_none_or(Vec::is_empty);
    let untold = arrival.is_none() && departure.is_none();
    let blank = [arrival, departure].into_iter().flatten().any(|e| e.delay.is_none() && e.time.is_none());
    let order = before.and_then(|b| Some(b.stop_sequence?.cmp(&stop.stop_sequence?)));
    let gone = before.and_then(|b| b.departure.and_then(|e| e.time).or(b.arrival.and_then(|e| e.time)));
    [
        nowhere.then_some((&rules::E040, "neither stop_sequence nor stop_id")),
        match stop.schedule_relationship {
            Some(2) if !untold => Some((&rules::E042, "NO_DATA with an arrival or departure")),
            None | Some(0 | 3) if untold => Some((&rules::E043, "neither arrival nor departure")),
            _ => None,
        },
        blank.then_some((&rules::E044, "an event with neither delay nor time")),
        came.zip(left).is_some_and(|(came, left)| left < came).then_some((&rules::E025, "leaves before it arrives")),
        match order {
            Some(Ordering::Equal) => Some((&rules::E036, "the stop_sequence of the stop before")),
            Some(Ordering::Greater) => Some((&rules::E002, "a lower stop_sequence than the stop before")),
            _ => None,
        },
        gone.zip(came.or(left)).is_some_and(|(gone, now)| now < gone).then_some((&rules::E022, "earlier than the stop before")),
    ]
}

// What is needed to understand the stops of one trip.
struct Stops<'a> {
    gtfs: Option<&'a super::gtfs::Gtfs>,
    trip: Option<&'a str>,
    date: Option<&'a str>,
}
impl Stops<'_> {
    // How late the trip is at a stop, and when, in POSIX seconds, it is done there, as far as that can be known.
    fn delay(&self, stop: &proto::StopTimeUpdate) -> Option<(i64, Option<i64>)> {
        if matches!(stop.schedule_relationship, Some(1 | 2)) {
            return None;
        }
        let id = stop.stop_id.as_deref().and_then(|id| std::str::from_utf8(id).ok());
        let planned = || {
            let gtfs = self.gtfs?;
            let (arrival, departure) = gtfs.scheduled(gtfs.trip(self.trip?)?, stop.stop_sequence, id)?;
            Some((gtfs, arrival, departure))
        };
        let late = |event: &proto::StopTimeEvent, leaving: bool| {
            event.delay.map(i64::from).or_else(|| {
                let (gtfs, arrival, departure) = planned()?;
                let seconds = if leaving { departure.or(arrival) } else { arrival.or(departure) };
                gtfs.delay(seconds?, sensible(event.time?)?, self.date)
            })
        };
        let by = stop.arrival.and_then(|e| Some((late(&e, false)?, false)));
        let (seconds, leaving) = by.or_else(|| stop.departure.and_then(|e| Some((late(&e, true)?, true))))?;
        let told = stop.departure.and_then(|e| e.time).or(stop.arrival.and_then(|e| e.time));
        // Delays without times, as small feeds give them: the timetable says when the stop is due.
        let due = told.or_else(|| {
            let (gtfs, arrival, departure) = planned()?;
            let planned = if leaving { departure.or(arrival) } else { arrival.or(departure) };
            gtfs.instant(planned?, self.date?).map(|t| t.saturating_add(seconds))
        });
        Some((seconds, due))
    }
}

// A time far outside the calendar would make a delay of centuries.
fn sensible(seconds: i64) -> Option<i64> {
    (Time::from_secs(seconds).millis() / 1000 == seconds && seconds > 946_684_800 && seconds < 4_102_444_800).then_some(seconds)
}

fn headline(trip: &Trip, entity: &str) -> String {
    let line = trip.route.as_ref().or(trip.route_id.as_ref()).map(|r| format!("{r}: ")).unwrap_or_default();
    let to = trip.headsign.as_ref().map(|h| format!(" to {h}")).unwrap_or_default();
    format!("{line}trip {}{to} cancelled", trip.trip_id.as_deref().unwrap_or(entity))
}

fn with_trip(pass: &mut Pass<'_>, mut attributes: Vec<(Arc<str>, Arc<str>)>, trip: &Trip) -> Vec<(Arc<str>, Arc<str>)> {
    let fields = [("trip_id", &trip.trip_id), ("route_id", &trip.route_id), ("trip_headsign", &trip.headsign)];
    attributes.extend(fields.into_iter().filter_map(|(name, value)| Some((pass.word(name), value.clone()?))));
    attributes
}
