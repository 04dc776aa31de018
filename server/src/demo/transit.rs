//! The demo's three GTFS-Realtime feeds: positions, trip updates, service alerts.

use super::{
    city::{chance, city},
    gtfs::stop_id,
    proto::*,
    traffic::{Block, Seen, fleet},
};
use app::model::Time;
use prost::Message;

/// How many stops ahead a trip update foretells.
const AHEAD: usize = 4;

/// Where every vehicle is.
pub fn vehicle_positions(seed: u64, now: Time) -> Vec<u8> {
    let entity = fleet().iter().map(|block| {
        let seen = block.seen(seed, now);
        let [lon, lat] = seen.point;
        let vehicle = VehiclePosition {
            trip: trip(block, &seen),
            position: Position { latitude: lat as f32, longitude: lon as f32, bearing: seen.bearing as f32, speed: seen.speed as f32 },
            current_stop_sequence: seen.next as u32 + 1,
            current_status: if seen.stopped { 1 } else { 2 },
            timestamp: secs(seen.at),
            stop_id: stop_id(block.line, block.stop(seen.next, seen.back)),
            vehicle: descriptor(block),
            occupancy_percentage: occupancy(seed, block, &seen),
        };
        FeedEntity { id: format!("v-{}", block.vehicle()), trip_update: None, vehicle: Some(vehicle), alert: None }
    });
    message(now, entity.collect())
}

/// How late every trip runs.
pub fn trip_updates(seed: u64, now: Time) -> Vec<u8> {
    let entity = fleet().iter().map(|block| {
        let seen = block.seen(seed, now);
        let delay = seen.delay as i32;
        let times = block.times(seen.back);
        let stops = times.iter().enumerate().skip(seen.next).take(AHEAD).map(|(i, (arrival, departure))| {
            // By the timetable's whole seconds, as the static GTFS has them.
            let at = |t: f64| StopTimeEvent { delay, time: (seen.start.millis() / 1000) + t.round() as i64 + seen.delay };
            StopTimeUpdate {
                stop_sequence: i as u32 + 1,
                arrival: at(*arrival),
                departure: at(*departure),
                stop_id: stop_id(block.line, block.stop(i, seen.back)),
                schedule_relationship: 0,
            }
        });
        let update = TripUpdate {
            trip: trip(block, &seen),
            stop_time_update: stops.collect(),
            vehicle: descriptor(block),
            timestamp: secs(seen.at),
            delay,
        };
        FeedEntity { id: format!("t-{}", block.vehicle()), trip_update: Some(update), vehicle: None, alert: None }
    });
    message(now, entity.collect())
}

/// What passengers are told. Two last all day; the third comes at 35 and goes at 55 minutes past every hour.
pub fn alerts(now: Time) -> Vec<u8> {
    let (day, hour) = (start_of(now, 86_400), start_of(now, 3600));
    let mut entity = vec![
        alert(
            "tram-t1-frequenza",
            (day, day + 86_400),
            route("T1"),
            (9, 2, 3),
            [
                (
                    "it",
                    "Tramvia T1: servizio ridotto",
                    "Per manutenzione all'armamento in viale Morgagni i tram della linea T1 passano ogni dieci minuti. È possibile usare le linee 14 e 20.",
                ),
                (
                    "en",
                    "Tram T1: reduced service",
                    "Track maintenance in Viale Morgagni: trams on line T1 run every ten minutes. Lines 14 and 20 can be used instead.",
                ),
            ],
        ),
        alert(
            "linea-12-deviazione",
            (day, day + 86_400),
            route("12"),
            (10, 4, 3),
            [
                (
                    "it",
                    "Linea 12: deviazione per lavori",
                    "Il Lungarno Vespucci è chiuso. I bus della linea 12 passano da via della Scala.",
                ),
                ("en", "Line 12: detour for road works", "Lungarno Vespucci is closed. Buses on line 12 run through Via della Scala."),
            ],
        ),
    ];
    if (35..55).contains(&(secs(now) / 60 % 60)) {
        entity.push(alert(
            &format!("linea-6-ritardi-{hour}"),
            (hour + 35 * 60, hour + 55 * 60),
            route("6"),
            (6, 3, 4),
            [
                (
                    "it",
                    "Linea 6: forti ritardi",
                    "Per un incidente in Piazza San Marco la linea 6 subisce forti ritardi in entrambe le direzioni.",
                ),
                ("en", "Line 6: major delays", "A collision at Piazza San Marco causes major delays on line 6 in both directions."),
            ],
        ));
    }
    message(now, entity)
}

fn message(now: Time, entity: Vec<FeedEntity>) -> Vec<u8> {
    let header = FeedHeader { gtfs_realtime_version: "2.0".to_owned(), incrementality: 0, timestamp: secs(now) };
    FeedMessage { header, entity }.encode_to_vec()
}

fn trip(block: &Block, seen: &Seen) -> TripDescriptor {
    TripDescriptor {
        trip_id: seen.trip.clone(),
        start_date: seen.start_date.clone(),
        schedule_relationship: 0,
        route_id: block.line.id.clone(),
        direction_id: u32::from(seen.back),
    }
}

fn descriptor(block: &Block) -> VehicleDescriptor {
    VehicleDescriptor { id: block.vehicle(), label: block.label() }
}

// Fuller in the middle of the line and in the two rush hours (06:30 and 16:30 UTC), each vehicle in its own way.
fn occupancy(seed: u64, block: &Block, seen: &Seen) -> u32 {
    let hour = (secs(seen.at) % 86_400) as f64 / 3600.0;
    let rush = [6.5, 16.5].iter().map(|h| (-(hour - h) * (hour - h) / 3.0).exp()).sum::<f64>();
    let middle = 1.0 - (seen.next as f64 / block.line.stops.len().max(1) as f64 * 2.0 - 1.0).abs();
    let own = chance(seed, &format!("crowd {}", seen.trip));
    ((10.0 + 35.0 * rush + 30.0 * middle + 25.0 * own).round() as u32).min(100)
}

type Texts = [(&'static str, &'static str, &'static str); 2];

fn alert(
    id: &str,
    (start, end): (u64, u64),
    informed: Vec<EntitySelector>,
    (cause, effect, severity): (i32, i32, i32),
    texts: Texts,
) -> FeedEntity {
    let translated = |pick: fn(&(&'static str, &'static str, &'static str)) -> &'static str| TranslatedString {
        translation: texts.iter().map(|t| Translation { text: pick(t).to_owned(), language: t.0.to_owned() }).collect(),
    };
    let alert = Alert {
        active_period: vec![TimeRange { start, end }],
        informed_entity: informed,
        cause,
        effect,
        header_text: translated(|t| t.1),
        description_text: translated(|t| t.2),
        severity_level: severity,
    };
    FeedEntity { id: id.to_owned(), trip_update: None, vehicle: None, alert: Some(alert) }
}

fn route(id: &str) -> Vec<EntitySelector> {
    let known = city().lines.iter().any(|l| l.id == id);
    known.then(|| EntitySelector { route_id: Some(id.to_owned()), stop_id: None }).into_iter().collect()
}

fn secs(t: Time) -> u64 {
    (t.millis() / 1000).max(0) as u64
}
fn start_of(t: Time, period: u64) -> u64 {
    secs(t) / period * period
}
