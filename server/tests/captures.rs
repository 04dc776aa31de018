//! Real messages, read in place where they are at hand: the folder VEDETTA_FEEDS names, else `shared/feeds` beside the
//! repository. Nothing of them is kept here. Without them these tests say that they were skipped.

#![allow(clippy::print_stdout)] // a skipped test says so on standard output, where the summary looks for it

use app::model::{Body, Report, Time};
use server::feeds::format::{Context, Decoded, by_id, gtfs::Gtfs};
use std::path::{Path, PathBuf};

fn folder(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/feeds");
    let folder = std::env::var_os("VEDETTA_FEEDS").map_or_else(beside, PathBuf::from).join(name);
    if !folder.is_dir() {
        println!("SKIPPED: no captures in {name}: VEDETTA_FEEDS names no folder that holds them");
        return None;
    }
    Some(folder)
}

// Every file under `folder` of that ending.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path, endings));
        } else if path.extension().is_some_and(|e| endings.iter().any(|want| e == *want)) {
            out.push(path);
        }
    }
    out.sort();
    out
}

// As the moment it was taken: its own word for that, where it has one.
fn read(format: &str, path: &Path, gtfs: Option<&Gtfs>) -> Result<Decoded, String> {
    let (bytes, decode) = (std::fs::read(path).unwrap(), by_id(format).unwrap().decode);
    let some_day = Time::parse("2024-01-01T00:00:00Z").unwrap();
    let first = decode(&bytes, &Context { now: some_day, gtfs }).map_err(|e| e.to_string())?;
    decode(&bytes, &Context { now: first.content_at.unwrap_or(some_day).shifted(5_000), gtfs }).map_err(|e| e.to_string())
}

fn count(reports: &[Report], kind: &str) -> usize {
    reports.iter().filter(|r| r.body.kind() == kind).count()
}

#[test]
fn gtfs_realtime_counts_what_is_there() {
    let Some(folder) = folder("gtfs-rt") else { return };
    for (file, kind, want, fewest) in [
        ("king-county/vehicle-positions.pb", "fix", 627, 627),
        ("raba/raba-vehicle-positions.pb", "fix", 22, 22),
        ("raba/raba-trip-updates.pb", "reading", 9, 9),
        ("unitrans/unitrans-vehicle-positions.pb", "fix", 8, 8),
        ("unitrans/unitrans-trip-updates.pb", "reading", 37, 37),
        ("bart/bart-trip-updates.pb", "reading", 91, 91),
        ("bart/bart-alerts.pb", "situation", 1, 1),
        ("brest/alerts.pb", "situation", 12, 12),
        ("empty.pb", "fix", 0, 0),
    ] {
        let said = read("gtfs-rt", &folder.join(file), None).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert_eq!(count(&said.reports, kind), want, "{file}");
        assert!(said.reports.len() >= fewest && (want > 0 || said.reports.is_empty()), "{file}");
        assert_eq!(said.rejected, 0, "{file}: {:?}", said.findings);
    }
    let refused = read("gtfs-rt", &folder.join("invalid.pb"), None).unwrap_err();
    assert!(refused.contains(": "), "says where and why: {refused}");
}

#[test]
fn timetables_name_what_moves() {
    let Some(folder) = folder("gtfs-rt") else { return };
    let zip = |file: &str| Gtfs::read(&std::fs::read(folder.join(file)).unwrap()).unwrap().0;
    let (raba, bart) = (zip("raba/raba.zip"), zip("bart/bart-rt.zip"));
    let said = read("gtfs-rt", &folder.join("raba/raba-vehicle-positions.pb"), Some(&raba)).unwrap();
    let named = said.reports.iter().filter(|r| matches!(&r.body, Body::Fix(f) if f.trip.as_ref().is_some_and(|t| t.route.is_some())));
    assert_eq!((count(&said.reports, "fix"), named.count()), (22, 1), "one of them serves a trip at that hour");
    assert_eq!(count(&read("gtfs-rt", &folder.join("bart/bart-trip-updates.pb"), Some(&bart)).unwrap().reports, "reading"), 91);
    assert!(!raba.places(false).is_empty() && !bart.places(false).is_empty());
}

#[test]
fn every_cap_message_is_read_or_refused_with_a_place() {
    let Some(folder) = folder("cap") else { return };
    let mut read_well = Vec::new();
    for path in files(&folder, &["cap", "atom", "rss", "xml"]) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match read("cap", &path, None) {
            Ok(said) => {
                assert!(!said.reports.is_empty() || !said.links.is_empty() || !said.findings.is_empty(), "{name} says nothing at all");
                assert!(said.reports.iter().all(|r| matches!(&r.body, Body::Situation(s) if !s.headline.is_empty())), "{name}");
                if !said.reports.is_empty() {
                    read_well.push(name);
                }
            }
            Err(why) => assert!(why.contains(": "), "{name}: `{why}` does not say where and why"),
        }
    }
    for alert in ["canada.cap", "earthquake.cap", "weather.atom", "amber.atom"] {
        assert!(read_well.iter().any(|n| n == alert), "{alert} is an alert, read were {read_well:?}");
    }
}

#[test]
fn every_wzdx_example_is_read() {
    let Some(folder) = folder("wzdx") else { return };
    let examples = files(&folder.join("examples"), &["geojson"]);
    assert!(examples.len() >= 11, "{examples:?}");
    for path in examples {
        let said = read("wzdx", &path, None).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(!said.reports.is_empty(), "{} says nothing", path.display());
        assert_eq!(said.rejected, 0, "{}: {:?}", path.display(), said.findings);
        let devices = path.parent().is_some_and(|p| p.ends_with("DeviceFeed"));
        assert_eq!(count(&said.reports, "situation") > 0, !devices, "{}", path.display());
    }
    // Not feeds at all, and no reason to fall over.
    for path in files(&folder.join("schemas"), &["json"]) {
        let _ = read("wzdx", &path, None);
    }
}

#[test]
fn no_capture_harms_the_reader_of_another_format() {
    let folders: Vec<PathBuf> = ["gtfs-rt", "cap", "wzdx"].iter().filter_map(|f| folder(f)).collect();
    for path in folders.iter().flat_map(|f| files(f, &["pb", "cap", "atom", "rss", "geojson"])) {
        for format in server::feeds::format::FORMATS {
            let _ = read(format.id, &path, None);
        }
    }
}
