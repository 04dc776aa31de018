//! The index over a hand-made timetable of one tram line, over broken ones, and over real ones where they are at hand.

use super::{super::zip_guard::tests::zip_of, *};
use crate::feeds::format::Refusal;
use app::model::{Body, Finding, PlaceKind, Shape};
use proptest::prelude::*;

/// The files of a timetable of Florence's tram T1, as small as one can be.
pub const T1: &[(&str, &str)] = &[
    ("agency.txt", "agency_id,agency_name,agency_url,agency_timezone\nG,Tramvia,https://example.org,Europe/Rome\n"),
    (
        "routes.txt",
        "route_id,agency_id,route_short_name,route_long_name,route_type,route_color\nT1,G,T1,Careggi - Villa Costanza,0,e2001a\nT2,G,,Aeroporto,0,red\n",
    ),
    (
        "stops.txt",
        "stop_id,stop_code,stop_name,stop_lat,stop_lon,location_type\nALA,101,Alamanni,43.7757,11.2477,0\nUNI,102,Unità,43.7747,11.2503,0\n",
    ),
    (
        "shapes.txt",
        "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\ns1,43.7747,11.2503,3\ns1,43.7757,11.2477,1\ns1,43.7752,11.2490,2\n",
    ),
    (
        "trips.txt",
        "route_id,service_id,trip_id,trip_headsign,direction_id,shape_id\nT1,D,t1-1041,Careggi,0,s1\nT1,D,t1-1051,Careggi,0,s1\n",
    ),
    (
        "stop_times.txt",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1-1041,11:43:00,11:43:20,UNI,2\nt1-1041,11:41:00,11:41:20,ALA,1\n",
    ),
];

/// A zip of these files, one of them exchanged.
pub fn zip_with(folder: &str, other: Option<(&str, &str)>) -> Vec<u8> {
    let files: Vec<(String, &str)> = T1
        .iter()
        .map(|(name, body)| (format!("{folder}{name}"), other.filter(|(n, _)| n == name).map_or(*body, |(_, b)| b)))
        .filter(|(_, body)| !body.is_empty())
        .collect();
    zip_of(&files.iter().map(|(n, b)| (n.as_str(), b.as_bytes())).collect::<Vec<_>>())
}
fn read(folder: &str, other: Option<(&str, &str)>) -> Result<(Gtfs, Vec<Finding>), Refusal> {
    Gtfs::read(&zip_with(folder, other))
}
fn rules_of(found: &[Finding]) -> Vec<(&str, &str)> {
    found.iter().map(|f| (&*f.rule, &*f.entity)).collect()
}

#[test]
fn ids_become_names() {
    let (gtfs, found) = read("", None).unwrap();
    assert_eq!(rules_of(&found), [("GTFS-007", "routes.txt")], "the colour `red`");
    assert_eq!(gtfs.counts(), [2, 2, 2, 1, 2]);
    let route = gtfs.route("T1").unwrap();
    assert_eq!((&*route.name, route.kind, route.colour.as_deref()), ("T1", MoverKind::Tram, Some("E2001A")));
    assert_eq!(&*gtfs.route("T2").unwrap().name, "Aeroporto");
    assert_eq!(&*gtfs.stop("UNI").unwrap().name, "Unità");
    let trip = gtfs.trip("t1-1041").unwrap();
    assert_eq!((&*trip.route.unwrap().id, &**trip.headsign.unwrap(), trip.direction), ("T1", "Careggi", Some(0)));
    assert_eq!(gtfs.scheduled(trip, Some(2), None), Some((Some(42_180), Some(42_200))));
    assert_eq!(gtfs.scheduled(trip, None, Some("ALA")), Some((Some(42_060), Some(42_080))));
    assert_eq!(gtfs.scheduled(trip, Some(3), None), None);
    assert_eq!(gtfs.scheduled(gtfs.trip("t1-1051").unwrap(), Some(1), None), None);
}

#[test]
fn delays_know_the_zone_and_the_service_day() {
    let (gtfs, _) = read("", None).unwrap();
    let at = |t: &str| app::model::Time::parse(t).unwrap().millis() / 1000;
    // 11:41 in Florence is 10:41 UTC in winter, 09:41 in summer.
    assert_eq!(gtfs.delay(42_060, at("2026-11-22T10:42:30Z"), Some("20261122")), Some(90));
    assert_eq!(gtfs.delay(42_060, at("2026-07-22T09:40:00Z"), None), Some(-60));
    // 24:10 of the day before is ten past midnight.
    assert_eq!(gtfs.delay(87_000, at("2026-11-22T23:12:00Z"), None), Some(120));
    // The clocks went back at three that night; noon did not notice.
    assert_eq!(gtfs.instant(3600, "20261025"), Some(at("2026-10-25T00:00:00Z")));
    assert_eq!((gtfs.delay(0, i64::MAX, None), gtfs.delay(0, i64::MIN, Some("20261122"))), (None, None));
}

#[test]
fn routes_are_drawn_and_stops_on_request() {
    let (gtfs, _) = read("", None).unwrap();
    let places = gtfs.places(false);
    let [only] = places.as_slice() else { panic!("{places:?}") };
    let Body::Place(place) = &only.body else { panic!() };
    assert_eq!((&*only.id, place.kind, &*place.name), ("T1", PlaceKind::Route, "T1"));
    // Out of order in the file, and the middle point is within ten metres of the line.
    let [Shape::Line(line)] = place.geometry.0.as_slice() else { panic!("{:?}", place.geometry) };
    assert_eq!(line.iter().map(|p| p.lon()).collect::<Vec<_>>(), [11.2477, 11.2503]);
    assert!(place.attributes.contains(&("route_color".into(), "E2001A".into())));
    assert_eq!(gtfs.places(true).len(), 3);
    let (gtfs, found) = read("", Some(("shapes.txt", ""))).unwrap();
    assert!(gtfs.places(false).is_empty() && rules_of(&found).contains(&("GTFS-005", "shapes.txt")));
}

#[test]
fn slips_cost_a_row_and_are_said_once() {
    let (gtfs, found) = read("florence/", None).unwrap();
    assert!(gtfs.route("T1").is_some() && found.iter().any(|f| &*f.rule == "GTFS-002" && f.message.contains("florence/")));
    let rows = "route_id,service_id,trip_id\nT9,D,a\nT1,D,b\nT1,D,b\nT1,D,\n";
    let (gtfs, found) = read("", Some(("trips.txt", rows))).unwrap();
    assert!(gtfs.trip("a").unwrap().route.is_none() && gtfs.trip("b").unwrap().route.is_some());
    for rule in ["GTFS-001", "GTFS-004", "GTFS-006"] {
        assert!(rules_of(&found).contains(&(rule, "trips.txt")), "{rule} in {found:?}");
    }
    // What makes careless readers panic: letters of two bytes in a colour, hours beyond counting.
    let rows = "route_id,route_type,route_color\nT1,x,aéaaa\n";
    assert_eq!(read("", Some(("routes.txt", rows))).unwrap().0.route("T1").unwrap().colour, None);
    let rows = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1-1041,4294967295:00:00,,ALA,1\n";
    assert!(read("", Some(("stop_times.txt", rows))).is_ok());
    for missing in ["routes.txt", "trips.txt"] {
        assert!(read("", Some((missing, ""))).err().unwrap().at.contains(missing));
    }
}

#[test]
fn a_bomb_inside_is_refused_with_its_file() {
    let mut bomb = String::from("shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n");
    bomb.extend(std::iter::repeat_n('\n', 8 << 20));
    let refusal = read("", Some(("shapes.txt", &bomb))).err().unwrap();
    assert!(refusal.at == "shapes.txt" && refusal.why.contains("bomb"), "{refusal}");
    // One row without an end, of noise that does not pack.
    let mut seed = 1u32;
    let noise: String = (0..3 << 20)
        .map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'a' + (seed >> 24) as u8 % 26)
        })
        .collect();
    assert!(read("", Some(("stops.txt", &noise))).err().unwrap().why.contains("longer"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_panics(which in 0..T1.len(), text in "([a-z0-9_,:.\"\n-]{0,60}|\\PC{0,40})", keep in any::<bool>()) {
        let (name, body) = T1[which];
        let header = body.lines().next().unwrap();
        let text = if keep { format!("{header}\n{text}") } else { text };
        if let Ok((gtfs, _)) = read("", Some((name, &text))) { gtfs.places(true); }
    }
}
