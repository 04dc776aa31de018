//! Hand-made messages, mutated ones, and real captures where they are at hand.

use super::{proto::*, *};
use app::model::{MoverKind, Quantity, Severity, Shape, Situation, SituationKind, Unit};
use proptest::prelude::*;
use prost::Message;
use std::path::PathBuf;

const NOW: &str = "2026-11-22T10:41:30Z";
fn now() -> Time {
    Time::parse(NOW).unwrap()
}
fn secs(at: &str) -> u64 {
    (Time::parse(at).unwrap().millis() / 1000) as u64
}
fn t(text: &str) -> Text {
    Some(text.as_bytes().to_vec())
}
fn timetable() -> gtfs::Gtfs {
    gtfs::Gtfs::read(&gtfs::tests::zip_with("", None)).unwrap().0
}
fn read(bytes: &[u8], gtfs: Option<&gtfs::Gtfs>) -> Decoded {
    decode(bytes, &Context { now: now(), gtfs }).unwrap()
}

// A message, written as feeds write it: fields 1 and 2 of the outermost one.
fn message(header: FeedHeader, entities: &[FeedEntity]) -> Vec<u8> {
    let mut out = Vec::new();
    prost::encoding::message::encode(1, &header, &mut out);
    entities.iter().for_each(|e| prost::encoding::message::encode(2, e, &mut out));
    out
}
fn header() -> FeedHeader {
    FeedHeader { version: t("2.0"), incrementality: Some(0), timestamp: Some(secs("2026-11-22T10:41:20Z")) }
}
fn trip() -> TripDescriptor {
    TripDescriptor { trip_id: t("t1-1041"), start_date: t("20261122"), schedule_relationship: Some(0), ..Default::default() }
}
fn vehicle(id: &str, lat: f32, lon: f32) -> FeedEntity {
    let vehicle = VehiclePosition {
        trip: Some(trip()),
        position: Some(Position { latitude: Some(lat), longitude: Some(lon), ..Default::default() }),
        timestamp: Some(secs("2026-11-22T10:41:15Z")),
        vehicle: Some(VehicleDescriptor { id: t(id), label: t("T1/12"), ..Default::default() }),
        ..Default::default()
    };
    FeedEntity { id: t(&format!("e-{id}")), vehicle: Some(vehicle), ..Default::default() }
}
fn update(trip: TripDescriptor, stops: Vec<StopTimeUpdate>) -> FeedEntity {
    let timestamp = Some(secs("2026-11-22T10:41:10Z"));
    let id = trip.trip_id.clone();
    FeedEntity {
        id,
        trip_update: Some(TripUpdate { trip: Some(trip), stop_time_update: stops, timestamp, ..Default::default() }),
        ..Default::default()
    }
}
fn stop(sequence: u32, id: &str, delay: Option<i32>, time: Option<&str>) -> StopTimeUpdate {
    let arrival = StopTimeEvent { delay, time: time.map(|t| secs(t) as i64), uncertainty: None };
    let schedule_relationship = Some(0);
    StopTimeUpdate { stop_sequence: Some(sequence), stop_id: t(id), arrival: Some(arrival), schedule_relationship, ..Default::default() }
}
fn texts(all: &[(&str, Option<&str>)]) -> Option<TranslatedString> {
    let translation = all.iter().map(|(text, language)| Translation { text: t(text), language: language.and_then(t) }).collect();
    Some(TranslatedString { translation })
}

// The fixtures, by file name. Written by BLESS=1; see their README.
fn fixtures() -> Vec<(&'static str, Vec<u8>)> {
    let mut tram = vehicle("12", 43.7757, 11.2477);
    let v = tram.vehicle.as_mut().unwrap();
    v.position = Some(Position { bearing: Some(118.0), speed: Some(8.5), ..v.position.unwrap() });
    (v.stop_id, v.current_status, v.occupancy_status, v.occupancy_percentage) = (t("UNI"), Some(2), Some(2), Some(74));
    let good = message(header(), &[tram, vehicle("13", 43.7747, 11.2503)]);

    let mut gone = trip();
    (gone.trip_id, gone.schedule_relationship) = (t("t1-1051"), Some(3));
    let stops = vec![stop(1, "ALA", None, Some("2026-11-22T10:41:00Z")), stop(2, "UNI", None, Some("2026-11-22T10:44:30Z"))];
    let updates = message(header(), &[update(trip(), stops), update(gone, Vec::new())]);

    let alert = Alert {
        active_period: vec![
            TimeRange { start: Some(secs("2026-11-22T09:00:00Z")), end: Some(secs("2026-11-22T12:00:00Z")) },
            TimeRange { start: Some(secs("2026-11-23T09:00:00Z")), end: Some(secs("2026-11-23T12:00:00Z")) },
        ],
        informed_entity: vec![
            EntitySelector { route_id: t("T1"), ..Default::default() },
            EntitySelector { stop_id: t("UNI"), ..Default::default() },
        ],
        cause: Some(9),
        effect: Some(3),
        header_text: texts(&[("Maintenance at Unità", Some("en")), ("Manutenzione a Unità", None)]),
        description_text: texts(&[("Expect ten minutes more.", Some("en")), ("Dieci minuti in più.", None)]),
        url: texts(&[("https://example.org/t1", None)]),
        severity_level: Some(3),
    };
    let alerts = message(header(), &[FeedEntity { id: t("a1"), alert: Some(alert), ..Default::default() }]);

    let mut turned = vehicle("turned", 43.77, 11.25);
    turned.vehicle.as_mut().unwrap().position.as_mut().unwrap().bearing = Some(400.0);
    let mut untimed = vehicle("untimed", 43.77, 11.25);
    untimed.vehicle.as_mut().unwrap().timestamp = None;
    let mut placeless = vehicle("placeless", 43.77, 11.25);
    placeless.vehicle.as_mut().unwrap().position = None;
    let mut letters = vehicle("letters", 43.77, 11.25);
    letters.vehicle.as_mut().unwrap().vehicle.as_mut().unwrap().label = Some(b"Citt\xe0\x07".to_vec());
    let empty = FeedEntity { id: t("empty"), ..Default::default() };
    let off = [vehicle("nan", f32::NAN, 11.25), vehicle("pole", 95.0, 11.25), vehicle("null", 0.0, 0.0)];
    let mut bad = message(header(), &[&off[..], &[turned, untimed, placeless, letters, empty]].concat());
    bad.extend([0x12, 3, 0x0a, 0x7f, b'x']);

    let truncated = good[..good.len() - 9].to_vec();
    vec![
        ("positions.pb", good),
        ("trip-updates.pb", updates),
        ("alerts.pb", alerts),
        ("bad-records.pb", bad),
        ("truncated.pb", truncated),
        ("static.zip", gtfs::tests::zip_with("", None)),
    ]
}
fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/gtfs-rt").join(name)).unwrap()
}

#[test]
fn fixtures_are_what_this_file_describes() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/gtfs-rt");
    for (name, bytes) in fixtures() {
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(folder.join(name), &bytes).unwrap();
        }
        // How a zip packs is its library's affair; what is in it is ours.
        if name.ends_with(".zip") {
            assert_eq!(gtfs::Gtfs::read(&fixture(name)).unwrap().0.counts(), timetable().counts());
        } else {
            assert_eq!(fixture(name), bytes, "{name}: BLESS=1 writes it anew");
        }
    }
}

#[test]
fn positions_are_joined_with_the_timetable() {
    let (gtfs, bytes) = (timetable(), fixture("positions.pb"));
    let out = read(&bytes, Some(&gtfs));
    assert_eq!((out.findings.as_slice(), out.rejected, out.complete), (&[][..], 0, true));
    assert_eq!(out.content_at, Time::parse("2026-11-22T10:41:20Z"));
    assert_eq!(out.reports.iter().map(|r| &*r.id).collect::<Vec<_>>(), ["12", "12#occupancy", "13"]);
    let Body::Fix(fix) = &out.reports[0].body else { panic!() };
    assert_eq!(out.reports[0].observed_at, Time::parse("2026-11-22T10:41:15Z"));
    assert_eq!((fix.kind, fix.position.lon(), fix.position.lat()), (MoverKind::Tram, 11.2477, 43.7757));
    assert_eq!((fix.heading, fix.speed, fix.label.as_deref()), (Some(118.0), Some(8.5), Some("T1/12")));
    let trip = fix.trip.as_ref().unwrap();
    assert_eq!((trip.route.as_deref(), trip.route_id.as_deref(), trip.headsign.as_deref()), (Some("T1"), Some("T1"), Some("Careggi")));
    for (name, value) in [("stop_name", "Unità"), ("current_status", "IN_TRANSIT_TO"), ("start_date", "20261122"), ("entity.id", "e-12")] {
        assert!(fix.attributes.contains(&(name.into(), value.into())), "{name} in {:?}", fix.attributes);
    }
    let Body::Reading(full) = &out.reports[1].body else { panic!() };
    assert_eq!((&*full.of, full.quantity, full.value, full.unit), ("12", Quantity::Occupancy, Some(74.0), Unit::Percent));
    let shown = show::show(out.reports[0].span.of(&bytes));
    assert!(shown.contains("    latitude: 43.7757\n") && shown.contains("current_status: IN_TRANSIT_TO"), "{shown}");
    assert!(shown.contains("(2026-11-22T10:41:15Z)") && show::show(&bytes).contains("incrementality: FULL_DATASET"), "{shown}");
}

#[test]
fn delays_come_from_times_when_not_given() {
    let (gtfs, bytes) = (timetable(), fixture("trip-updates.pb"));
    let out = read(&bytes, Some(&gtfs));
    assert_eq!(out.findings, []);
    let Body::Reading(delay) = &out.reports[0].body else { panic!() };
    // The first stop is past; at the second, 10:44:30 UTC is ninety seconds after 11:43:00 in Florence.
    assert_eq!(
        (&*out.reports[0].id, &*delay.of, delay.value, delay.qualifier.as_deref()),
        ("trip:t1-1041#delay", "trip:t1-1041", Some(90.0), Some("UNI"))
    );
    let Body::Reading(gone) = &out.reports[1].body else { panic!() };
    assert_eq!(gone.value, None);
    let Body::Situation(s) = &out.reports[2].body else { panic!() };
    assert_eq!(
        (&*out.reports[2].id, &*s.headline, s.severity),
        ("trip:t1-1051#cancelled", "T1: trip t1-1051 to Careggi cancelled", Severity::Minor)
    );
    // Without the timetable the times say nothing.
    let Body::Reading(delay) = &read(&bytes, None).reports[0].body else { panic!() };
    assert_eq!(delay.value, None);
}

#[test]
fn alerts_keep_their_words_and_find_their_place() {
    let out = read(&fixture("alerts.pb"), Some(&timetable()));
    assert_eq!(out.findings, []);
    let Body::Situation(s) = &out.reports[0].body else { panic!() };
    assert_eq!(
        (s.kind, &*s.headline, s.description.as_deref()),
        (SituationKind::ServiceAlert, "Manutenzione a Unità", Some("Dieci minuti in più."))
    );
    assert_eq!((s.severity, s.language.as_deref(), s.area.as_deref()), (Severity::Moderate, None, Some("T1, Unità")));
    assert_eq!((s.from, s.to), (Time::parse("2026-11-22T09:00:00Z"), Time::parse("2026-11-23T12:00:00Z")));
    assert!(matches!(s.geometry.0.as_slice(), [Shape::Line(_), Shape::Point(_)]), "{:?}", s.geometry);
    for (name, value) in [
        ("header_text[en]", "Maintenance at Unità"),
        ("effect", "SIGNIFICANT_DELAYS"),
        ("url", "https://example.org/t1"),
        ("informed_entity", "route T1"),
        ("informed_entity", "stop Unità (UNI)"),
        ("active_period", "2026-11-22T09:00:00Z/2026-11-22T12:00:00Z"),
    ] {
        assert!(s.attributes.contains(&(name.into(), value.into())), "{name} in {:?}", s.attributes);
    }
}

#[test]
fn bad_records_are_set_aside_and_the_rest_counts() {
    let out = read(&fixture("bad-records.pb"), None);
    let found: Vec<(&str, &str)> = out.findings.iter().map(|f| (&*f.rule, &*f.entity)).collect();
    let want = [
        ("E026", "e-nan"),
        ("E026", "e-pole"),
        ("GTFS-RT-006", "e-null"),
        ("E027", "e-turned"),
        ("GTFS-RT-005", "e-placeless"),
        ("GTFS-RT-003", "e-letters"),
        ("GTFS-RT-002", "empty"),
        ("GTFS-RT-001", "byte 514"),
        ("W001", "e-untimed"),
    ];
    assert_eq!(found, want);
    assert_eq!((out.rejected, out.reports.len()), (6, 3));
    let Body::Fix(letters) = &out.reports[2].body else { panic!() };
    assert_eq!(letters.label.as_deref(), Some("Citt\u{fffd} "));
}

#[test]
fn what_is_no_message_is_refused_with_a_place() {
    let refused = |bytes: &[u8]| decode(bytes, &Context { now: now(), gtfs: None }).unwrap_err().to_string();
    assert!(refused(&fixture("truncated.pb")).contains("cut off"));
    assert!(refused(b"").starts_with("byte 0:") && refused(b"not valid pb data").starts_with("byte 0:"));
    assert!(refused(b"<html>").starts_with("byte 0:") && refused(b"{\"a\":1}").starts_with("byte 0:"));
    assert!(refused(&[0x0a, 2, 0x0a, 9]).contains("header"));
    assert!(refused(&[0x0a, 0]).contains("neither version nor timestamp"));
    assert!(refused(&[0x12, 0]).contains("without a header"));
}

#[test]
fn headers_are_judged() {
    let rules = |h: FeedHeader| -> Vec<String> { read(&message(h, &[]), None).findings.iter().map(|f| f.rule.to_string()).collect() };
    assert_eq!(rules(header()), Vec::<String>::new());
    assert_eq!(rules(FeedHeader { version: t("3.0"), ..header() }), ["E038"]);
    assert_eq!(rules(FeedHeader { incrementality: None, timestamp: None, ..header() }), ["E049", "E048"]);
    assert_eq!(rules(FeedHeader { incrementality: Some(1), ..header() }), ["GTFS-RT-004"]);
    assert_eq!(rules(FeedHeader { timestamp: Some(secs(NOW) * 1000), ..header() }), ["E001"]);
    assert_eq!(rules(FeedHeader { timestamp: Some(secs(NOW) + 90), ..header() }), ["E050"]);
    assert_eq!(rules(FeedHeader { timestamp: Some(secs(NOW) - 90), ..header() }), ["W008"]);
    assert!(!read(&message(FeedHeader { incrementality: Some(1), ..header() }, &[]), None).complete);
}

#[test]
fn stops_are_judged_each_rule_once() {
    let rules = |stops: Vec<StopTimeUpdate>| -> Vec<String> {
        read(&message(header(), &[update(trip(), stops)]), None).findings.iter().map(|f| f.rule.to_string()).collect()
    };
    let at = |n: u32, s: &str| stop(n, "ALA", None, Some(s));
    let (early, late) = ("2026-11-22T10:50:00Z", "2026-11-22T10:55:00Z");
    assert_eq!(rules(vec![at(1, early), at(2, late)]), Vec::<String>::new());
    assert_eq!(rules(vec![at(1, late), at(1, early), at(1, early)]), ["E036", "E022"]);
    assert_eq!(rules(vec![at(2, early), at(1, late)]), ["E002"]);
    assert_eq!(rules(Vec::new()), ["E041"]);
    let blank = StopTimeUpdate { schedule_relationship: Some(0), ..Default::default() };
    assert_eq!(rules(vec![blank.clone(); 3]), ["E040", "E043"]);
    assert_eq!(rules(vec![StopTimeUpdate { schedule_relationship: None, ..at(1, early) }]), ["W009"]);
    let backwards = StopTimeUpdate { departure: at(1, early).arrival, ..at(1, late) };
    assert_eq!(rules(vec![backwards]), ["E025"]);
    assert_eq!(rules(vec![stop(1, "ALA", None, None)]), ["E044"]);
    assert_eq!(rules(vec![StopTimeUpdate { schedule_relationship: Some(2), ..at(1, early) }]), ["E042"]);
}

#[test]
fn the_stops_word_goes_before_the_trips() {
    let mut run = update(trip(), vec![stop(1, "ALA", Some(50), Some("2026-11-22T10:50:00Z"))]);
    let delay = |run: &FeedEntity| {
        let out = read(&message(header(), std::slice::from_ref(run)), None);
        let Body::Reading(delay) = &out.reports[0].body else { panic!() };
        (delay.value, out.findings.iter().map(|f| f.rule.to_string()).collect::<Vec<_>>())
    };
    run.trip_update.as_mut().unwrap().delay = Some(53_267);
    assert_eq!(delay(&run), (Some(50.0), vec!["GTFS-RT-007".to_owned()]));
    run.trip_update.as_mut().unwrap().stop_time_update[0].schedule_relationship = Some(1);
    assert_eq!(delay(&run).0, Some(53_267.0));
}

#[test]
fn a_record_too_large_is_set_aside() {
    let mut large = vehicle("large", 43.77, 11.25);
    large.vehicle.as_mut().unwrap().stop_id = Some(vec![b'a'; ENTITY]);
    let out = read(&message(header(), &[large, vehicle("small", 43.77, 11.25)]), None);
    assert_eq!((out.rejected, out.reports.len(), &*out.findings[0].rule), (1, 1, "GTFS-RT-001"));
}

#[test]
fn every_rule_has_a_name_and_a_paragraph() {
    let ids: HashSet<&str> = rules::RULES.iter().chain(gtfs::RULES).map(|r| r.id).collect();
    assert_eq!(ids.len(), rules::RULES.len() + gtfs::RULES.len());
    assert!(rules::RULES.iter().chain(gtfs::RULES).all(|r| r.text.len() > 120 && !r.text.contains("  ")));
}

proptest! {
    #[test]
    fn what_is_encoded_is_read(lat in -89.0..89.0f32, lon in 1.0..179.0f32, bearing in 0.0..359.0f32, late in -9999..9999i32, id in "[a-zA-Z0-9]{1,12}") {
        let mut there = vehicle(&id, lat, lon);
        there.vehicle.as_mut().unwrap().position.as_mut().unwrap().bearing = Some(bearing);
        let mut run = update(trip(), vec![stop(1, "ALA", Some(late), None)]);
        run.id = t("run");
        let bytes = message(header(), &[there, run]);
        let out = read(&bytes, None);
        let Body::Fix(fix) = &out.reports[0].body else { panic!() };
        prop_assert_eq!((&*out.reports[0].id, fix.heading), (id.as_str(), Some(bearing)));
        prop_assert!((fix.position.lat() as f32 - lat).abs() < 1e-5 && (fix.position.lon() as f32 - lon).abs() < 1e-5);
        let Body::Reading(delay) = &out.reports[1].body else { panic!() };
        prop_assert_eq!(delay.value, Some(f64::from(late)));
        // Each report leads back to its own bytes.
        let back = FeedEntity::decode(out.reports[1].span.of(&bytes)).unwrap();
        prop_assert_eq!(back.id, t("run"));
    }
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes, &Context { now: now(), gtfs: None });
        show::show(&bytes);
    }
    #[test]
    fn no_mutation_panics(which in 0..5usize, hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = fixture(fixtures()[which].0);
        for (at, with) in hits { let at = at.index(bytes.len()); bytes[at] = with; }
        let gtfs = timetable();
        if let Ok(out) = decode(&bytes, &Context { now: now(), gtfs: Some(&gtfs) }) {
            for r in &out.reports { show::show(r.span.of(&bytes)); }
            let finite = |s: &Situation| s.geometry.positions().all(|p| p.lat().is_finite());
            let sound = out.reports.iter().all(|r| if let Body::Situation(s) = &r.body { finite(s) } else { true });
            prop_assert!(sound);
        }
    }
}

mod captures;
