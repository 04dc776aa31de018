use super::{super::Context, *};
use app::model::{Body, Certainty, PlaceKind, Quantity, Severity, Shape, Situation, SituationKind, Unit, Urgency};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn at(now: &str) -> Context<'static> {
    Context { now: Time::parse(now).unwrap(), gtfs: None }
}
fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/wzdx").join(name)).unwrap()
}
fn read(name: &str) -> Decoded {
    decode(&fixture(name), &at("2026-03-02T08:00:00Z")).unwrap()
}
fn situation(d: &Decoded, i: usize) -> &Situation {
    match &d.reports[i].body {
        Body::Situation(s) => s,
        other => panic!("{other:?}"),
    }
}
fn attribute<'a>(all: &'a [(std::sync::Arc<str>, std::sync::Arc<str>)], name: &str) -> &'a str {
    all.iter().find(|(n, _)| &**n == name).map_or("", |(_, v)| v)
}

#[test]
fn a_work_zone_is_read_in_full() {
    let d = read("good-4.2.json");
    assert_eq!((d.findings.as_slice(), d.rejected, d.reports.len(), d.complete), (&[][..], 0, 3, true));
    assert_eq!(d.content_at, None, "an old update_date is no silence");
    let s = situation(&d, 0);
    assert_eq!(&*s.headline, "Road works on Viale Francesco Redi, westbound, 1 lane closed");
    assert_eq!(
        (s.kind, s.severity, s.urgency, s.certainty),
        (SituationKind::WorkZone, Severity::Moderate, Urgency::Immediate, Certainty::Observed)
    );
    assert_eq!(d.reports[0].observed_at, Time::parse("2026-03-02T07:55:00Z"));
    assert!(matches!(&s.geometry.0[..], [Shape::Line(ps)] if ps.len() == 3));
    for (name, value) in [
        ("lanes", "general open; general closed; sidewalk closed"),
        ("reduced_speed_limit", "30 km/h"),
        ("restrictions", "reduced-width 250 centimeters; no-parking"),
        ("are_workers_present", "yes"),
        ("data_source_id", "strade"),
    ] {
        assert_eq!(attribute(&s.attributes, name), value, "{name}");
    }
    let bridge = situation(&d, 1);
    assert_eq!((bridge.severity, bridge.urgency, bridge.certainty), (Severity::Severe, Urgency::Future, Certainty::Likely));
    assert_eq!((bridge.geometry.0.len(), bridge.area.as_deref()), (2, Some("Via Por Santa Maria, Ponte Vecchio")));
    assert_eq!(d.reports[1].observed_at, Time::parse("2026-03-02T08:00:00Z"), "without its own date it is as old as the feed");
    let detour = situation(&d, 2);
    assert_eq!((detour.kind, detour.urgency), (SituationKind::RoadEvent, Urgency::Expected));
}

#[test]
fn a_record_can_be_cut_out_of_the_message() {
    let raw = fixture("good-4.2.json");
    for report in read("good-4.2.json").reports {
        let shown = show_of(report.span.of(&raw));
        assert!(shown.starts_with("{\n") && shown.contains(&*report.id), "{shown}");
    }
}
fn show_of(bytes: &[u8]) -> String {
    (FORMAT.show)(bytes)
}

#[test]
fn older_versions_are_read() {
    let d = read("good-4.0.json");
    assert_eq!((d.findings.len(), d.reports.len()), (0, 1));
    assert_eq!(situation(&d, 0).from, Time::parse("2026-03-01T05:00:00Z"));
    let d = read("good-3.1.json");
    assert_eq!((d.findings.as_slice(), d.reports.len()), (&[][..], 1));
    assert_eq!(&*d.reports[0].id, "fi-vecchio-3");
    let s = situation(&d, 0);
    assert_eq!((s.severity, attribute(&s.attributes, "reduced_speed_limit")), (Severity::Minor, "40.2 km/h"));
}

#[test]
fn devices_become_places_and_readings() {
    let d = read("devices-4.2.json");
    assert_eq!(d.findings, []);
    let kinds: Vec<_> = d.reports.iter().map(|r| r.body.kind()).collect();
    assert_eq!(kinds, ["place", "place", "reading", "reading", "place"]);
    let Body::Place(camera) = &d.reports[0].body else { panic!() };
    assert_eq!((camera.kind, attribute(&camera.attributes, "status_messages")), (PlaceKind::Camera, "Lente appannata"));
    let Body::Reading(speed) = &d.reports[2].body else { panic!() };
    assert_eq!((speed.quantity, speed.value, speed.unit, &*speed.of), (Quantity::Speed, Some(27.5), Unit::KilometrePerHour, "sen-redi"));
}

#[test]
fn every_bad_record_is_found_and_costs_only_itself() {
    let d = read("bad-records.json");
    let of = |entity: &str| d.findings.iter().filter(|f| &*f.entity == entity).map(|f| &*f.rule).collect::<Vec<_>>();
    for (entity, rules) in [
        ("feed_info", &["WZDX-002", "WZDX-004", "WZDX-005"][..]),
        ("features[1]", &["WZDX-007"]),
        ("features[2]", &["WZDX-008"]),
        ("good", &["WZDX-009"]),
        ("bare", &["WZDX-010"]),
        ("half-core", &["WZDX-011", "WZDX-011", "WZDX-012"]),
        ("a-point", &["WZDX-013"]),
        ("one-position", &["WZDX-013"]),
        ("words", &["WZDX-013"]),
        ("off-globe", &["WZDX-014"]),
        ("swapped", &["WZDX-014"]),
        ("antarctic", &["WZDX-015"]),
        ("backwards", &["WZDX-017"]),
        ("no-dates", &["WZDX-016", "WZDX-016"]),
        ("no-impact", &["WZDX-018", "WZDX-018", "WZDX-019"]),
        ("new-words", &["WZDX-020", "WZDX-020"]),
        ("bad-numbers", &["WZDX-021", "WZDX-021"]),
    ] {
        assert_eq!(of(entity), rules, "{entity}");
    }
    let kept: Vec<&str> = d.reports.iter().map(|r| &*r.id).collect();
    assert_eq!(kept, ["good", "half-core", "antarctic", "no-dates", "no-impact", "new-words", "bad-numbers"]);
    assert_eq!(d.rejected, 10);
    assert!(situation(&d, 2).geometry.0.is_empty(), "nothing is drawn in Antarctica");
    assert_eq!(situation(&d, 5).severity, Severity::Unknown);
}

#[test]
fn a_feed_that_says_nothing_of_itself_is_still_read() {
    let d = decode(br#"{"type":"FeatureCollection","features":[]}"#, &at("2026-03-02T08:00:00Z")).unwrap();
    assert_eq!(d.findings.iter().map(|f| &*f.rule).collect::<Vec<_>>(), ["WZDX-001"]);
}

#[test]
fn slips_of_exporters_are_forgiven() {
    let text = String::from_utf8(fixture("good-4.2.json")).unwrap();
    let marked = format!("\u{feff}{text}");
    let d = decode(marked.as_bytes(), &at("2026-03-02T08:00:00Z")).unwrap();
    assert_eq!(d.reports.len(), 3);
    assert!(d.reports[0].span.of(marked.as_bytes()).starts_with(b"{\"id\": \"fi-redi-1\""));
    let d = decode(text.replace("\"fi-redi-1\"", "17").as_bytes(), &at("2026-03-02T08:00:00Z")).unwrap();
    assert_eq!((&*d.reports[0].id, &*d.findings[0].rule, d.findings.len()), ("17", "WZDX-022", 1));
}

#[test]
fn one_monstrous_feature_costs_only_itself() {
    let text = String::from_utf8(fixture("good-4.2.json")).unwrap();
    let monster = format!("\"features\": [\n{{\"a\":[{}0]}},", "0,".repeat(MAX_RECORD / 2));
    let d = decode(text.replacen("\"features\": [", &monster, 1).as_bytes(), &at("2026-03-02T08:00:00Z")).unwrap();
    assert_eq!((d.reports.len(), d.rejected, &*d.findings[0].rule), (3, 1, "WZDX-007"));
}

#[test]
fn what_cannot_be_read_is_refused_with_a_place() {
    let deep = "[".repeat(100_000);
    let inside = format!("{{\"type\":\"FeatureCollection\",\n\"features\":[{}]}}", "{\"a\":".repeat(100_000));
    let broken = fixture("broken-document.json");
    for (bytes, at_, why) in [
        (&b""[..], "byte 0", "empty"),
        (b"{\"type\":\0}", "byte 8", "NUL"),
        (b"\xff\xfe{", "byte 0", "UTF-8"),
        (b"<xml/>", "line 1", "one JSON object"),
        (b"[]", "line 1", "one JSON object"),
        (b"{\"type\":\"Feature\"}", "type", "FeatureCollection"),
        (b"{\"type\":\"FeatureCollection\"}", "features", "missing"),
        (b"{\"type\":\"FeatureCollection\",\"features\":{}}", "features", "expected an array"),
        (deep.as_bytes(), "line 1 column 129", "nested"),
        (inside.as_bytes(), "line 2 column", "nested"),
        (&broken, "line 5 column", "control character"),
    ] {
        let r = decode(bytes, &at("2026-03-02T08:00:00Z")).unwrap_err();
        assert!(r.at.contains(at_) && r.why.contains(why), "{r}");
    }
    assert!(decode(&vec![b' '; MAX_BYTES + 1], &at("2026-03-02T08:00:00Z")).unwrap_err().why.contains("more than"));
}

#[test]
fn rules_are_numbered_and_explained() {
    for (i, rule) in rules::RULES.iter().enumerate() {
        assert_eq!(rule.id, format!("WZDX-{:03}", i + 1));
        assert!(rule.text.len() > 80 && !rule.text.contains("  "), "{}", rule.id);
    }
}

// The official examples, read in place where the folder of captures stands.
#[test]
fn the_official_examples_are_read() {
    let feeds =
        std::env::var_os("VEDETTA_FEEDS").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/feeds"), PathBuf::from);
    let mut read = 0;
    for folder in ["WorkZoneFeed", "DeviceFeed"] {
        let Ok(files) = std::fs::read_dir(feeds.join("wzdx/examples").join(folder)) else {
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            let d = decode(&std::fs::read(&path).unwrap(), &at("2021-12-06T15:00:00Z")).unwrap();
            assert!(!d.reports.is_empty() && d.rejected == 0, "{path:?}: {:?}", d.findings);
            // One official camera stands in Antarctica: its two numbers are swapped, and that is to be found.
            let want: &[&str] = if path.ends_with("camera_error_example.geojson") { &["WZDX-015"] } else { &[] };
            assert_eq!(d.findings.iter().map(|f| &*f.rule).collect::<Vec<_>>(), want, "{path:?}: {:?}", d.findings);
            read += 1;
        }
    }
    if read == 0 {
        eprintln!("skipped: no WZDx examples under {} (set VEDETTA_FEEDS)", feeds.display());
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes, &at("2026-03-02T08:00:00Z"));
        let _ = show_of(&bytes);
    }
    #[test]
    fn no_mutation_panics(which in 0..3usize, cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), end in any::<prop::sample::Index>()) {
        let mut bytes = fixture(["good-4.2.json", "bad-records.json", "devices-4.2.json"][which]);
        for (at, with) in cuts {
            let at = at.index(bytes.len());
            bytes[at] = with;
        }
        if end.index(4) == 0 {
            bytes.truncate(end.index(bytes.len()));
        }
        if let Ok(d) = decode(&bytes, &at("2026-03-02T08:00:00Z")) {
            for r in &d.reports {
                prop_assert!(r.span.end as usize <= bytes.len());
            }
        }
    }
    // Any value in any field of a feature: read, found wanting, or set aside, never a panic.
    #[test]
    fn no_value_in_a_field_panics(field in 0..12usize, value in prop_oneof![Just("null"), Just("[]"), Just("{}"), Just("-1e308"), Just("\"\""), Just("[[1,2],[3]]"), Just("\"é\\u0000\""), Just("18446744073709551615")]) {
        let name = ["id", "core_details", "event_type", "road_names", "direction", "lanes", "restrictions", "start_date", "coordinates", "geometry", "worker_presence", "data_sources"][field];
        let text = String::from_utf8(fixture("good-4.2.json")).unwrap();
        let mutated = text.replace(&format!("\"{name}\": "), &format!("\"{name}\": {value}, \"was\": "));
        let _ = decode(mutated.as_bytes(), &at("2026-03-02T08:00:00Z"));
    }
}
