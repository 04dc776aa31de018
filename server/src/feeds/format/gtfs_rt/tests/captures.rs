//! Real messages, read in place where they are at hand; nothing of them is kept here.

use super::*;

// The folder of captures: VEDETTA_FEEDS, else `shared/feeds` beside the repository.
fn capture(name: &str) -> Option<Vec<u8>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/feeds");
    let folder = std::env::var_os("VEDETTA_FEEDS").map_or_else(beside, PathBuf::from).join("gtfs-rt");
    let read = std::fs::read(folder.join(name)).ok();
    if read.is_none() {
        eprintln!("skipped: no capture {name}; VEDETTA_FEEDS names the folder of captures");
    }
    read
}
// A capture, read as of its own header.
fn of(name: &str, gtfs: Option<&gtfs::Gtfs>) -> Option<Decoded> {
    let bytes = capture(name)?;
    let at = walk(&bytes).unwrap().header.timestamp.unwrap();
    let out = decode(&bytes, &Context { now: Time::from_secs(at as i64 + 5), gtfs }).unwrap();
    // For people who want to look: SHOW=1 with --nocapture.
    if std::env::var_os("SHOW").is_some() {
        eprintln!("== {name}: {} reports, {} rejected, {} findings", out.reports.len(), out.rejected, out.findings.len());
        out.findings.iter().for_each(|f| eprintln!("{} {}: {}", f.rule, f.entity, f.message));
        out.reports.iter().for_each(|r| eprintln!("{}", serde_json::to_string(r).unwrap()));
    }
    Some(out)
}
fn kinds(out: &Decoded) -> [usize; 3] {
    ["fix", "reading", "situation"].map(|k| out.reports.iter().filter(|r| r.body.kind() == k).count())
}
fn fixes(out: &Decoded) -> impl Iterator<Item = &app::model::Fix> {
    out.reports.iter().filter_map(|r| if let Body::Fix(f) = &r.body { Some(f) } else { None })
}

#[test]
fn king_county() {
    let Some(out) = of("king-county/vehicle-positions.pb", None) else { return };
    assert_eq!((kinds(&out), out.rejected, out.complete), ([627, 0, 0], 0, true));
    assert!(fixes(&out).all(|f| f.trip.is_some() && f.position.lat() > 47.0 && f.position.lat() < 48.0));
    assert!(out.reports.iter().all(|r| r.observed_at.is_some()));
}

#[test]
fn raba_with_its_timetable() {
    let Some(zip) = capture("raba/raba.zip") else { return };
    let (gtfs, found) = gtfs::Gtfs::read(&zip).unwrap();
    assert!(found.iter().all(|f| &*f.rule != "GTFS-001"), "{found:?}");
    let Some(out) = of("raba/raba-vehicle-positions.pb", Some(&gtfs)) else { return };
    assert_eq!((kinds(&out), out.rejected), ([22, 0, 0], 0));
    // Only one of them serves a trip at that hour, and it is named.
    let trips: Vec<_> = fixes(&out).filter_map(|f| f.trip.as_ref().map(|t| (f.kind, t.route.as_deref(), t.headsign.as_deref()))).collect();
    assert_eq!(trips, [(MoverKind::Bus, Some("99X"), Some("Southbound"))]);
    let Some(out) = of("raba/raba-trip-updates.pb", Some(&gtfs)) else { return };
    assert_eq!(kinds(&out)[1], 9);
    let places = gtfs.places(false);
    assert!(!places.is_empty() && gtfs.places(true).len() > places.len());
}

#[test]
fn unitrans() {
    let Some(out) = of("unitrans/unitrans-vehicle-positions.pb", None) else { return };
    assert_eq!(kinds(&out), [8, 0, 0]);
    let Some(out) = of("unitrans/unitrans-trip-updates.pb", None) else { return };
    assert_eq!(kinds(&out)[1], 37);
    // Its trips claim delays of half a day beside stops that are on time; the stops are believed.
    assert!(out.findings.iter().any(|f| &*f.rule == "GTFS-RT-007"));
    let delays = out.reports.iter().filter_map(|r| if let Body::Reading(r) = &r.body { r.value } else { None });
    assert!(delays.clone().count() > 30 && delays.clone().all(|d| d.abs() < 3600.0));
}

#[test]
fn bart() {
    let Some(zip) = capture("bart/bart-rt.zip") else { return };
    let (gtfs, found) = gtfs::Gtfs::read(&zip).unwrap();
    let Some(out) = of("bart/bart-trip-updates.pb", Some(&gtfs)) else { return };
    assert_eq!(kinds(&out)[..2], [0, 91], "{found:?}");
    let Some(out) = of("bart/bart-alerts.pb", Some(&gtfs)) else { return };
    assert_eq!(kinds(&out), [0, 0, 1]);
    // A header of three sentences: the headline is cut, no word is lost.
    let Body::Situation(s) = &out.reports[0].body else { panic!() };
    assert!(s.headline.ends_with('…') && s.description.as_ref().unwrap().len() > s.headline.len());
}

#[test]
fn brest() {
    let Some(out) = of("brest/alerts.pb", None) else { return };
    assert_eq!(kinds(&out), [0, 0, 12]);
    let words: Vec<&str> =
        out.reports.iter().filter_map(|r| if let Body::Situation(s) = &r.body { Some(&*s.headline) } else { None }).collect();
    assert!(words.iter().all(|w| !w.is_empty()) && words.iter().any(|w| w.contains("Déviation")), "{words:?}");
}

#[test]
fn empty_and_invalid() {
    let (Some(empty), Some(invalid)) = (capture("empty.pb"), capture("invalid.pb")) else { return };
    let ctx = Context { now: now(), gtfs: None };
    assert!(decode(&empty, &ctx).unwrap().reports.is_empty());
    assert!(decode(&invalid, &ctx).is_err());
}

#[test]
#[ignore = "a measurement: run it alone, in release, with --nocapture"]
fn how_long_a_city_takes() {
    let Some(bytes) = capture("king-county/vehicle-positions.pb") else { return };
    let ctx = Context { now: now(), gtfs: None };
    let mut times: Vec<_> = (0..200)
        .map(|_| {
            let began = std::time::Instant::now();
            assert_eq!(decode(&bytes, &ctx).unwrap().reports.len(), 627);
            began.elapsed()
        })
        .collect();
    times.sort();
    eprintln!("{} bytes: median {:?}, fastest {:?}, slowest {:?}", bytes.len(), times[100], times[0], times[199]);
}
