use super::{city::*, proto::FeedMessage, traffic::fleet, *};
use crate::feeds::format::{Context, wzdx};
use prost::Message;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read as _,
    path::{Path, PathBuf},
    process::Command,
};

const SEED: u64 = 7;
const BASE: &str = "http://127.0.0.1:4000";

fn now() -> Time {
    Time::parse("2026-03-02T07:31:00Z").unwrap()
}
fn body(path: &str, now: Time) -> Vec<u8> {
    respond(path, now, SEED, BASE).unwrap().body
}
fn text(path: &str, now: Time) -> String {
    String::from_utf8(body(path, now)).unwrap()
}
fn message(path: &str, now: Time) -> FeedMessage {
    FeedMessage::decode(&*body(path, now)).unwrap()
}
fn inside([lon, lat]: Point) -> bool {
    let [w, s, e, n] = BOUNDS;
    lon >= w && lon <= e && lat >= s && lat <= n
}
/// The text of every element of that name, in order; fails on XML that is not well-formed.
fn elements(xml: &str, name: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut found, mut open, mut depth) = (Vec::new(), false, 0);
    loop {
        use quick_xml::events::Event;
        match reader.read_event().unwrap() {
            Event::Start(e) => {
                e.attributes().for_each(|a| drop(a.unwrap()));
                open = e.name().as_ref() == name.as_bytes();
                depth += 1;
            }
            Event::End(_) => {
                open = false;
                depth -= 1;
            }
            Event::Text(t) if open => found.push(t.decode().unwrap().into_owned()),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    found
}

#[test]
fn the_ground_is_florence() {
    let city = city();
    assert!(city.lines.len() >= 14 && city.works.len() > 8 && city.river.len() > 10);
    for line in &city.lines {
        assert!(line.path.iter().all(|p| inside(*p)), "{}", line.id);
        assert!(line.stops.windows(2).all(|w| w[0].at < w[1].at), "{}", line.id);
        let end = line.stops.last().unwrap().at;
        assert!((end - line.length()).abs() < line.length() * 0.01, "{}: {end} of {}", line.id, line.length());
    }
    assert!((100..=140).contains(&fleet().len()), "{}", fleet().len());
}

#[test]
fn the_same_seed_and_moment_give_the_same_bytes() {
    for path in PATHS {
        assert_eq!(body(path, now()), body(path, now()), "{path}");
        assert!(!body(path, now()).is_empty(), "{path}");
    }
    let other = respond("/gtfs-rt/vehicle-positions.pb", now(), SEED + 1, BASE).unwrap().body;
    assert_ne!(body("/gtfs-rt/vehicle-positions.pb", now()), other);
    for path in ["", "/", "/cap/", "/cap/nothing.xml", "/cap/../wzdx/feed.json", "/gtfs"] {
        assert!(respond(path, now(), SEED, BASE).is_none(), "{path}");
    }
}

#[test]
fn everybody_drives_and_nobody_flies() {
    let place = |e: &proto::FeedEntity| {
        let p = &e.vehicle.as_ref().unwrap().position;
        [f64::from(p.longitude), f64::from(p.latitude)]
    };
    let (mut moved, mut all) = (0, 0);
    // Through rush hour, over midnight UTC, at arbitrary seconds.
    for start in ["2026-03-02T07:31:00Z", "2026-03-02T23:59:20Z", "2026-08-15T12:07:33Z"] {
        let mut at = Time::parse(start).unwrap();
        let mut before = message("/gtfs-rt/vehicle-positions.pb", at);
        for _ in 0..40 {
            at = at.shifted(5000);
            let after = message("/gtfs-rt/vehicle-positions.pb", at);
            for (a, b) in before.entity.iter().zip(&after.entity) {
                let (from, to) = (place(a), place(b));
                assert_eq!(a.id, b.id);
                assert!(inside(from), "{} at {from:?}", a.id);
                let went = metres(from, to);
                assert!(went < 200.0, "{} went {went} m in 5 s at {at}", a.id);
                moved += usize::from(went > 5.0);
                all += 1;
            }
            before = after;
        }
    }
    assert!(moved * 2 > all, "{moved} of {all} moved");
    let speeds: Vec<f32> =
        message("/gtfs-rt/vehicle-positions.pb", now()).entity.iter().map(|e| e.vehicle.as_ref().unwrap().position.speed).collect();
    let driving: Vec<f32> = speeds.into_iter().filter(|s| *s > 1.0).collect();
    let mean = driving.iter().sum::<f32>() / driving.len() as f32 * 3.6;
    assert!((18.0..38.0).contains(&mean), "{mean} km/h");
    assert!(driving.iter().all(|s| *s < 14.0));
}

#[test]
fn a_few_vehicles_deliver_late() {
    let m = message("/gtfs-rt/vehicle-positions.pb", now());
    let age = |e: &proto::FeedEntity| m.header.timestamp - e.vehicle.as_ref().unwrap().timestamp;
    assert_eq!(m.entity.iter().filter(|e| age(e) >= 180).count(), 5);
    assert!(m.entity.iter().all(|e| age(e) < 12 || (180..=481).contains(&age(e))));
}

/// Rows of a file of the static GTFS. No field that is looked at here is quoted.
fn rows(zip: &[u8], name: &str) -> Vec<Vec<String>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text.lines().skip(1).map(|l| l.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn realtime_and_timetable_agree() {
    let zip = gtfs_zip();
    let trips: BTreeMap<String, String> = rows(&zip, "trips.txt").into_iter().map(|r| (r[2].clone(), r[0].clone())).collect();
    let stops: BTreeSet<String> = rows(&zip, "stops.txt").into_iter().map(|r| r[0].clone()).collect();
    let clock = |t: &str| t.split(':').fold(0i64, |n, p| n * 60 + p.parse::<i64>().unwrap());
    let times: BTreeMap<(String, String), (String, i64, i64)> = rows(&zip, "stop_times.txt")
        .into_iter()
        .map(|r| ((r[0].clone(), r[4].clone()), (r[3].clone(), clock(&r[1]), clock(&r[2]))))
        .collect();
    assert_eq!(rows(&zip, "routes.txt").len(), city().lines.len());
    for start in ["2026-03-02T07:31:00Z", "2026-03-02T00:00:30Z", "2026-03-02T23:59:50Z"] {
        let at = Time::parse(start).unwrap();
        let positions = message("/gtfs-rt/vehicle-positions.pb", at);
        for e in &positions.entity {
            let v = e.vehicle.as_ref().unwrap();
            assert_eq!(trips.get(&v.trip.trip_id), Some(&v.trip.route_id), "{}", v.trip.trip_id);
            assert!(stops.contains(&v.stop_id));
        }
        let updates = message("/gtfs-rt/trip-updates.pb", at);
        let running: BTreeSet<_> = updates.entity.iter().map(|e| e.trip_update.as_ref().unwrap().trip.trip_id.clone()).collect();
        assert_eq!(running.len(), fleet().len(), "a trip runs once");
        for u in updates.entity.iter().filter_map(|e| e.trip_update.as_ref()) {
            let d = &u.trip.start_date;
            let day = Time::parse(&format!("{}-{}-{}", &d[..4], &d[4..6], &d[6..])).unwrap().millis() / 1000;
            let mut last = 0;
            for s in &u.stop_time_update {
                let (stop, arrival, departure) = &times[&(u.trip.trip_id.clone(), s.stop_sequence.to_string())];
                assert_eq!(stop, &s.stop_id);
                assert_eq!(
                    (day + arrival + u.delay as i64, day + departure + u.delay as i64),
                    (s.arrival.time, s.departure.time),
                    "{}",
                    u.trip.trip_id
                );
                assert!(s.arrival.time >= last && s.departure.time >= s.arrival.time);
                last = s.departure.time;
            }
        }
    }
}

#[test]
fn service_alerts_come_and_go_in_two_languages() {
    let count =
        |minute: i64| message("/gtfs-rt/alerts.pb", Time::parse("2026-03-02T07:00:00Z").unwrap().shifted(minute * 60_000)).entity.len();
    assert_eq!([count(0), count(34), count(35), count(54), count(55)], [2, 2, 3, 3, 2]);
    for e in message("/gtfs-rt/alerts.pb", now()).entity {
        let alert = e.alert.unwrap();
        let languages: Vec<_> = alert.header_text.translation.iter().map(|t| &*t.language).collect();
        assert_eq!((languages, alert.informed_entity.len()), (vec!["it", "en"], 1));
    }
}

#[test]
fn road_works_are_read_without_findings() {
    for day in 0..30 {
        let at = now().shifted(day * 86_400_000);
        let d = (wzdx::FORMAT.decode)(&body("/wzdx/feed.json", at), &Context { now: at, gtfs: None }).unwrap();
        assert_eq!((d.findings.as_slice(), d.rejected, d.reports.len()), (&[][..], 0, 9), "{at}");
        let in_force = d.reports.iter().filter(|r| matches!(&r.body, app::model::Body::Situation(s) if s.in_force(at))).count();
        assert_eq!(in_force, 8, "{at}");
    }
}

#[test]
fn warnings_are_listed_and_linked() {
    let mut counts = BTreeSet::new();
    for minute in 0..60 {
        let at = now().shifted(minute * 60_000);
        let index = text("/cap/index.atom", at);
        let ids: Vec<String> =
            elements(&index, "id").iter().filter_map(|id| Some(id.strip_prefix("tag:")?.split_once(':')?.1.to_owned())).collect();
        counts.insert(ids.len());
        for id in &ids {
            assert!(index.contains(&format!("href=\"{BASE}/cap/{id}.xml\"")));
            let xml = text(&format!("/cap/{id}.xml"), at);
            assert_eq!(elements(&xml, "identifier"), [id.as_str()]);
            let sent = &elements(&xml, "sent")[0];
            assert!(sent.ends_with("-00:00") && Time::parse(sent).unwrap() <= at, "{sent}");
            assert!(elements(&xml, "expires").iter().all(|t| Time::parse(t).unwrap() > at), "{id} has expired at {at}");
            // What is not issued anew does not change, and an index a few minutes old still leads somewhere.
            assert_eq!(text(&format!("/cap/{id}.xml"), at.shifted(300_000)), xml);
            for polygon in elements(&xml, "polygon") {
                let pairs: Vec<&str> = polygon.split(' ').collect();
                assert!(pairs.len() >= 4 && pairs.first() == pairs.last());
                for pair in pairs {
                    let (lat, lon) = pair.split_once(',').unwrap();
                    assert!(inside([lon.parse().unwrap(), lat.parse().unwrap()]), "{pair}");
                }
            }
        }
    }
    assert_eq!(counts, BTreeSet::from([3, 4]), "the fourth comes and goes");
    let watch = text("/cap/IT-FI-arno-1772431200.xml", now());
    assert_eq!(elements(&watch, "references"), ["sala@protezionecivile.firenze.example,IT-FI-arno-1772409600,2026-03-02T00:00:00-00:00"]);
}

#[test]
fn beds_drift_smoothly() {
    let free = |at: Time| -> Vec<i64> {
        elements(&text("/have/hospitals.xml", at), "AvailableCount").iter().map(|n| n.parse().unwrap()).collect()
    };
    let all = elements(&text("/have/hospitals.xml", now()), "BaselineCount");
    let mut seen = BTreeSet::new();
    for minute in 0..240 {
        let at = now().shifted(minute * 60_000);
        let (a, b) = (free(at), free(at.shifted(60_000)));
        // The last house writes its two counts once an hour, and jumps then: that is its part in the play.
        for ((a, b), all) in a.iter().zip(&b).zip(&all[..all.len() - 2]) {
            let all: i64 = all.parse().unwrap();
            assert!((0..=all).contains(a) && (a - b).abs() <= 1 + all / 20, "{a} then {b} of {all}");
        }
        seen.insert(a);
    }
    assert!(seen.len() > 20, "nothing happened in four hours");
    assert_eq!(elements(&text("/have/hospitals.xml", now()), "xnl:NameElement").len(), 7);
}

// HAVE imports schemas that are not at hand (and GML through one of them): they are stood in for by ones that take
// anything, so what is judged is HAVE's own vocabulary, its order and its values.
#[test]
fn hospitals_are_valid_edxl_have() {
    let feeds =
        std::env::var_os("VEDETTA_FEEDS").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/feeds"), PathBuf::from);
    let Ok(schema) = std::fs::read_to_string(feeds.join("edxl-have-xsd/edxl-have.xsd")) else {
        eprintln!("skipped: no HAVE schema under {} (set VEDETTA_FEEDS)", feeds.display());
        return;
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped: xmllint is not installed");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let stub = |file: &str, namespace: &str, kind: &str| {
        let text = format!(
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='{namespace}'><xs:complexType name='{kind}'>\
             <xs:sequence><xs:any processContents='skip' minOccurs='0' maxOccurs='unbounded'/></xs:sequence>\
             <xs:anyAttribute processContents='skip'/></xs:complexType></xs:schema>"
        );
        std::fs::write(dir.path().join(file), text).unwrap();
    };
    stub("xPIL.xsd", "urn:oasis:names:tc:ciq:xpil:3", "OrganisationDetailsType");
    stub("geo-oasis.xsd", "urn:oasis:names:tc:emergency:EDXL:HAVE:1.0:geo-oasis", "WhereType");
    std::fs::write(dir.path().join("edxl-have.xsd"), schema).unwrap();
    for hour in 0..24 {
        std::fs::write(dir.path().join("have.xml"), body("/have/hospitals.xml", now().shifted(hour * 3_600_000))).unwrap();
        let mut xmllint = Command::new("xmllint");
        let ran = xmllint.current_dir(dir.path()).args(["--nonet", "--noout", "--schema", "edxl-have.xsd", "have.xml"]).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }
}

// The demo is written from the standards, the decoders too: where both are right they have nothing to say to each other.
#[test]
fn every_reader_reads_the_demo_without_findings() {
    use crate::feeds::format::by_id;
    for (path, format) in [
        ("/gtfs-rt/vehicle-positions.pb", "gtfs-rt"),
        ("/gtfs-rt/trip-updates.pb", "gtfs-rt"),
        ("/gtfs-rt/alerts.pb", "gtfs-rt"),
        ("/cap/index.atom", "cap"),
        ("/wzdx/feed.json", "wzdx"),
        ("/have/hospitals.xml", "edxl-have"),
    ] {
        let Some(format) = by_id(format) else {
            eprintln!("skipped: {path}: no reader for {format}");
            continue;
        };
        for minute in [0, 11, 40, 1018] {
            let at = now().shifted(minute * 60_000);
            let d = (format.decode)(&body(path, at), &Context { now: at, gtfs: None }).unwrap();
            assert_eq!((d.findings.as_slice(), d.rejected), (&[][..], 0), "{path} at {at}");
            assert!(d.reports.len() + d.links.len() >= 2, "{path} at {at}");
            for link in &d.links {
                let d = (format.decode)(&body(link.strip_prefix(BASE).unwrap(), at), &Context { now: at, gtfs: None }).unwrap();
                assert_eq!((d.findings.as_slice(), d.reports.is_empty()), (&[][..], false), "{link} at {at}");
            }
        }
    }
}
