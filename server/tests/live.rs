//! The browser's socket, as a browser uses it: a snapshot, then changes without a gap; and what happens to those who come back,
//! who do not read, and who say too much.

mod common;

use app::wire::Down;
use common::{City, Screen, config, fixture, now, push};
use serde_json::{Value, json};
use server::demo;

const TRAMS: &str = "/gtfs-rt/vehicle-positions.pb";

async fn city() -> City {
    City::start(&config(&[push("trams", "gtfs-rt"), push("alerts", "cap"), push("works", "wzdx"), push("beds", "edxl-have")])).await
}
// The demonstration's trams, `s` seconds on: all of them have moved.
async fn trams(city: &City, s: i64) {
    let message = demo::respond(TRAMS, now().shifted(s * 1000), 1, "").unwrap().body;
    assert_eq!(city.push("trams", message).await.0, 202);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_comes_first_and_changes_follow_without_a_gap() {
    let city = city().await;
    city.push("alerts", fixture("cap", "alert-1.2.xml")).await;
    let mut screen = city.screen().await;
    assert!(matches!(screen.next().await, Down::Snapshot { epoch: 7, .. }), "the run's mark, in the first frame");
    for s in 0..5 {
        city.clock.advance(2_000);
        trams(&city, s * 2).await;
        screen.catch_up(&city).await;
    }
    city.push("works", demo::respond("/wzdx/feed.json", now(), 1, "").unwrap().body).await;
    city.push("beds", fixture("edxl-have", "have-1.0.xml")).await;
    city.push("alerts", fixture("cap", "cancel.xml")).await;
    city.act("o", "ada", json!({ "Open": { "title": "T", "severity": "minor", "position": null, "alarm": null } })).await.unwrap();
    city.list_when("incidents", |l| l.len() == 1).await;
    city.list_when("situations", |l| !l.is_empty() && l.iter().all(|s| s["feed"] == "works")).await;
    screen.catch_up(&city).await;
    assert_eq!(screen.snapshots, 1);
    let picture = screen.picture.as_ref().unwrap();
    assert!(picture.movers.len() > 10 && picture.places.len() >= 2 && !picture.situations.is_empty() && picture.incidents.len() == 1);
    // One who comes now starts from the same.
    let mut late = city.screen().await;
    late.next().await;
    late.catch_up(&city).await;
    screen.catch_up(&city).await;
    assert_eq!(late.hash(), screen.hash());
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_is_on_every_screen() {
    let city = city().await;
    let (mut one, mut other) = (city.screen().await, city.screen().await);
    one.next().await;
    other.next().await;
    city.act("o", "ada", json!({ "Open": { "title": "Ponte", "severity": "severe", "position": null, "alarm": null } })).await.unwrap();
    for screen in [&mut one, &mut other] {
        while screen.picture.as_ref().unwrap().incidents.get("I-1").is_none() {
            screen.next().await;
        }
    }
    assert_eq!(one.picture.unwrap().incidents, other.picture.unwrap().incidents);
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_city_beats() {
    let city = city().await;
    let mut screen = city.screen().await;
    screen.next().await;
    let mut beats = 0;
    while beats < 2 {
        beats += usize::from(matches!(screen.next().await, Down::Beat { .. }));
    }
    screen.catch_up(&city).await;
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_in_time_goes_on() {
    let city = city().await;
    trams(&city, 0).await;
    let mut screen = city.screen().await;
    screen.next().await;
    screen.catch_up(&city).await;
    let (epoch, seq) = (screen.epoch, screen.seq);
    let mut witness = city.screen().await;
    witness.next().await;
    let mut screen = {
        // Gone while things happen.
        for s in 1..4 {
            city.clock.advance(2_000);
            trams(&city, s * 2).await;
            witness.catch_up(&city).await;
        }
        while witness.seq <= seq {
            witness.next().await;
        }
        screen.resume(city.address, epoch, seq).await
    };
    assert!(matches!(screen.next().await, Down::Beat { .. }), "the line stands, and it is said at once");
    screen.catch_up(&city).await;
    assert!(screen.seq > seq && screen.snapshots == 0, "it went on, without starting anew");
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_from_elsewhere_starts_anew() {
    let city = city().await;
    trams(&city, 0).await;
    let mut screen = city.screen().await;
    screen.next().await;
    screen.catch_up(&city).await;
    let (epoch, seq) = (screen.epoch, screen.seq);
    // Another run of the server: its numbers mean nothing here.
    let mut screen = screen.resume(city.address, epoch + 1, seq).await;
    assert!(matches!(screen.next().await, Down::Snapshot { .. }));
    screen.catch_up(&city).await;
    // A number this run never reached, and half an answer.
    for query in [format!("?epoch={epoch}&seq={}", seq + 1_000_000), format!("?epoch={epoch}"), "?seq=1".into()] {
        let mut screen = Screen::open(city.address, &query).await;
        let first = loop {
            match screen.frame().await.unwrap() {
                Down::Beat { .. } => {}
                other => break other,
            }
        };
        assert!(matches!(first, Down::Snapshot { .. }), "{query}");
    }
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_gets_the_present_picture_not_the_past() {
    let city = city().await;
    let mut slow = Screen::narrow(city.address).await;
    slow.next().await;
    let mut witness = city.screen().await;
    witness.next().await;
    // Changes of some megabytes each, far more in all than the ring and every buffer on the way hold.
    for round in 0..14 {
        let (status, said) = city.push("works", works(round)).await;
        assert_eq!((status, &said["reports"]), (202, &json!(800)), "{said}");
        witness.catch_up(&city).await;
    }
    assert_eq!(witness.snapshots, 1, "who reads is spared the snapshots");
    slow.catch_up(&city).await;
    assert!(slow.snapshots >= 2, "it fell behind and was given the present picture");
    assert_eq!(slow.hash(), witness.hash());
    city.stop().await;
}

// 800 road works whose lines are another in every round.
fn works(round: usize) -> String {
    let features: Vec<Value> = (0..800)
        .map(|i| {
            let line: Vec<[f64; 2]> =
                (0..100).map(|p| [11.2 + p as f64 / 10_000.0 + i as f64 / 100_000.0, 43.7 + round as f64 / 1_000.0]).collect();
            json!({
                "id": format!("w{i}"), "type": "Feature", "geometry": { "type": "LineString", "coordinates": line },
                "properties": {
                    "core_details": { "event_type": "work-zone", "data_source_id": "s", "road_names": ["Via"], "direction": "northbound" },
                    "start_date": "2026-11-01T06:00:00Z", "end_date": "2026-12-20T18:00:00Z", "vehicle_impact": "some-lanes-closed",
                    "location_method": "other", "is_start_date_verified": true, "is_end_date_verified": true,
                    "is_start_position_verified": true, "is_end_position_verified": true,
                },
            })
        })
        .collect();
    let info = json!({
        "publisher": "P", "version": "4.2", "license": "https://creativecommons.org/publicdomain/zero/1.0/", "update_date": common::NOW,
        "data_sources": [{ "data_source_id": "s", "organization_name": "O" }],
    });
    json!({ "type": "FeatureCollection", "feed_info": info, "features": features }).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_too_much_is_cut_off_alone() {
    let city = city().await;
    let (mut loud, mut quiet) = (city.screen().await, city.screen().await);
    loud.next().await;
    quiet.next().await;
    loud.say(b"a few words are heard and ignored".to_vec()).await;
    loud.say(vec![0; 1 << 20]).await;
    while loud.try_next().await.is_some() {}
    trams(&city, 0).await;
    city.list_when("movers", |l| !l.is_empty()).await;
    quiet.catch_up(&city).await;
    assert!(!quiet.picture.as_ref().unwrap().movers.is_empty());
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_server_lets_its_screens_go() {
    let city = city().await;
    let mut screen = city.screen().await;
    screen.next().await;
    city.stop().await;
    while screen.try_next().await.is_some() {}
}
