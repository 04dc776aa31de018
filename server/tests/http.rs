//! What the server answers over HTTP, and what it makes of feeds that misbehave. Every test runs a server of its own.

mod common;

use async_compression::tokio::write::{BrotliEncoder, GzipEncoder};
use axum::http::header;
use bytes::Bytes;
use common::{City, Stub, answer, config, feed, fixture, push};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

const CAP: &str = "alert-1.2.xml";

async fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzipEncoder::new(Vec::new());
    out.write_all(bytes).await.unwrap();
    out.shutdown().await.unwrap();
    out.into_inner()
}
fn ids(list: &[Value]) -> Vec<&str> {
    list.iter().map(|v| v["id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_that_it_lives_and_how_it_does() {
    let city = City::start(&config(&[push("trams", "gtfs-rt")])).await;
    assert_eq!(city.get("/healthz").await.0, 200);
    assert_eq!(city.get("/readyz").await.0, 200);
    assert_eq!(city.push("trams", fixture("gtfs-rt", "positions.pb")).await.0, 202);
    city.list_when("movers", |l| l.len() == 2).await;
    let (status, headers, body) = city.get("/metrics").await;
    assert_eq!((status, headers[header::CONTENT_TYPE].to_str().unwrap()), (200, "text/plain; version=0.0.4"));
    let text = String::from_utf8(body.to_vec()).unwrap();
    for line in [
        "vedetta_known{kind=\"fix\"} 2",
        "vedetta_known{kind=\"reading\"} 1",
        "vedetta_journal_ok 1",
        "vedetta_feed_messages_total{feed=\"trams\"} 1",
        "vedetta_feed_freshness{feed=\"trams\"} 0",
    ] {
        assert!(text.lines().any(|l| l == line), "no `{line}` in:\n{text}");
    }
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(text.contains(&format!("# TYPE {}", name.split('{').next().unwrap())), "{name} has no type");
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
    assert_eq!(headers["x-content-type-options"], "nosniff");
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_and_drawn() {
    let city = City::start(&config(&[push("trams", "gtfs-rt"), push("alerts", "cap"), push("beds", "edxl-have")])).await;
    let before = city.json("/api/v1/feeds").await["at"].as_str().unwrap().to_owned();
    city.push("alerts", fixture("cap", CAP)).await;
    city.push("beds", fixture("edxl-have", "have-1.0.xml")).await;
    city.clock.advance(10_000);
    city.push("trams", fixture("gtfs-rt", "positions.pb")).await;
    let movers = city.list_when("movers", |l| l.len() == 2).await;
    assert_eq!(ids(&movers), ["trams/12", "trams/13"]);
    let m = &movers[0];
    assert_eq!((&m["observed_at"], &m["received_at"]), (&json!("2026-11-22T10:41:15Z"), &json!("2026-11-22T10:41:40Z")));
    assert_eq!((&m["freshness"], &m["feed"], &m["position"]), (&json!("fresh"), &json!("trams"), &json!([11.2477, 43.7757])));

    let list = async |query: &str| {
        let (name, _) = query.split_once('?').unwrap();
        city.json(&format!("/api/v1/{query}")).await[name].as_array().unwrap().len()
    };
    assert_eq!(list("movers?bbox=11.249,43.77,11.26,43.78").await, 1, "only the one within");
    assert_eq!(list("movers?bbox=11.2477,43.7757,11.2477,43.7757").await, 1, "borders count");
    assert_eq!(list("movers?bbox=12,43,13,44").await, 0);
    assert_eq!((list("movers?kind=transit").await + list("movers?kind=tram").await, list("movers?kind=bus").await), (2, 0));
    assert_eq!((list("movers?department=Dept%20trams").await, list("movers?department=Dept%20beds").await), (2, 0));
    assert_eq!((list("places?kind=hospital").await, list("places?kind=camera").await), (2, 0));
    assert_eq!(list("situations?bbox=11.2,43.7,11.3,43.8&kind=alert").await, 1);
    assert_eq!(list("situations?bbox=10,40,10.1,40.1").await, 0);
    assert_eq!((list(&format!("situations?since={before}")).await, list("situations?since=2026-11-22T10:41:31Z").await), (1, 0));
    assert_eq!(list("movers?since=2026-11-22T10:41:31Z").await, 2, "since asks for when it came, not when it was");
    let beds = city.json("/api/v1/places?kind=hospital").await["places"][1]["readings"].clone();
    assert!(beds.as_array().unwrap().iter().any(|r| r["quantity"] == "beds-free" && r["value"] == 7.0 && r["observed_at"].is_string()));

    for bad in ["bbox=1,2,3", "bbox=a,b,c,d", "bbox=12,43,11,44", "bbox=NaN,43,11,44", "bbox=", "since=yesterday"] {
        let (status, _, body) = city.get(&format!("/api/v1/movers?{bad}")).await;
        assert_eq!(status, 400, "{bad}");
        assert!(serde_json::from_slice::<Value>(&body).unwrap()["error"].is_string(), "{bad}");
    }

    for (name, types) in [("movers", vec!["Point"]), ("places", vec!["Point"]), ("situations", vec!["GeometryCollection"])] {
        let (status, headers, body) =
            answer(city.request("GET", &format!("/api/v1/{name}")).header(header::ACCEPT, "application/geo+json")).await;
        assert_eq!((status, headers[header::CONTENT_TYPE].to_str().unwrap()), (200, "application/geo+json"), "{name}");
        let json: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(json["type"], "FeatureCollection");
        let features = json["features"].as_array().unwrap();
        assert!(!features.is_empty(), "{name}");
        for f in features {
            assert_eq!(f["type"], "Feature");
            assert!(f["id"].is_string() && f["properties"]["feed"].is_string() && f["properties"].get("geometry").is_none());
            assert!(types.contains(&f["geometry"]["type"].as_str().unwrap()), "{name}: {f}");
        }
        if name == "situations" {
            // A circle is a ring in GeoJSON; every ring is closed.
            for g in features[0]["geometry"]["geometries"].as_array().unwrap() {
                let ring = g["coordinates"][0].as_array().unwrap();
                assert!(g["type"] == "Polygon" && ring.len() >= 4 && ring.first() == ring.last(), "{g}");
            }
        }
    }
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_inputs_and_a_history() {
    let city = City::start(&config(&[push("beds", "edxl-have")])).await;
    city.push("beds", fixture("edxl-have", "have-1.0.xml")).await;
    let kpis = city
        .until("/api/v1/kpis", |v| {
            v["kpis"].as_array().filter(|l| l.iter().any(|k| k["id"] == "hospital-beds-free" && !k["value"].is_null())).cloned()
        })
        .await;
    for k in &kpis {
        assert!(k["formula"].as_str().is_some_and(|f| !f.is_empty()) && k["freshness"].is_string(), "{k}");
    }
    let beds = kpis.iter().find(|k| k["id"] == "hospital-beds-free").unwrap();
    assert_eq!((&beds["inputs"][0]["feed"], &beds["inputs"][0]["count"], &beds["unit"]), (&json!("beds"), &json!(2), &json!("1")));
    // Two hours later the same number is no longer fresh, and says so.
    city.clock.advance(2 * 3_600_000);
    city.until("/api/v1/kpis", |v| {
        v["kpis"].as_array()?.iter().find(|k| k["id"] == "hospital-beds-free" && k["freshness"] == "stale").map(drop)
    })
    .await;
    assert_eq!(city.get("/api/v1/kpis/no-such/series").await.0, 404);
    assert_eq!(city.get("/api/v1/kpis/feeds-fresh/series?from=x").await.0, 400);
    assert_eq!(city.get("/api/v1/kpis/feeds-fresh/series?step=x").await.0, 400);
    let (status, headers, body) = answer(city.request("GET", "/api/v1/kpis/feeds-fresh/series").header(header::ACCEPT, "text/csv")).await;
    assert_eq!((status, headers[header::CONTENT_TYPE].to_str().unwrap()), (200, "text/csv; charset=utf-8"));
    assert!(body.starts_with(b"time,value,freshness\n"));
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_leads_to_the_bytes_it_came_in() {
    let city = City::start(&config(&[push("alerts", "cap")])).await;
    let sent = fixture("cap", CAP);
    city.push("alerts", sent.clone()).await;
    let raw = city.list_when("situations", |l| l.len() == 1).await[0]["raw"].as_str().unwrap().to_owned();
    let (status, headers, body) = city.get(&raw).await;
    assert_eq!((status, body), (200, sent));
    let said = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert!(said("content-disposition").starts_with("attachment; filename=\"alerts-"), "{headers:?}");
    assert_eq!((said("content-type").as_str(), said("x-content-type-options").as_str()), ("application/cap+xml", "nosniff"));
    assert!(said("content-security-policy").contains("sandbox"));
    assert_eq!(city.get(&raw.to_uppercase().replace("/API/V1/RAW/", "/api/v1/raw/")).await.0, 200, "hex is hex");
    assert_eq!(city.get(&format!("/api/v1/raw/{}", "0".repeat(64))).await.0, 404);
    for bad in ["x", "../../etc/passwd", &"g".repeat(64), &"0".repeat(63)] {
        assert_eq!(city.get(&format!("/api/v1/raw/{}", bad.replace('/', "%2F"))).await.0, 400, "{bad}");
    }
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pushing_is_answered_for_what_it_was() {
    // The variable is there anyway, on every machine that builds: no test may change the environment of the others.
    let token = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let guarded = feed("guarded", "cap", "{ push = { token_env = \"CARGO_MANIFEST_DIR\" } }", "10s");
    let city = City::start(&config(&[push("alerts", "cap"), guarded])).await;
    let (status, said) = city.push("alerts", fixture("cap", CAP)).await;
    assert_eq!((status, said), (202, json!({ "reports": 1, "rejected": 0, "findings": 0 })));
    let (status, said) = city.push("alerts", fixture("cap", "bad-records.xml")).await;
    assert_eq!((status, &said["reports"], &said["rejected"], &said["findings"]), (202, &json!(1), &json!(4), &json!(29)));
    let (status, said) = city.push("alerts", "<alert><nonsense").await;
    assert!(status == 400 && said["error"].as_str().unwrap().contains("line 1"), "says where: {said}");
    assert_eq!(city.push("nobody", "x").await.0, 404);
    assert_eq!(city.push("alerts", vec![b' '; (16 << 20) + 1]).await.0, 413);

    let with = |auth: Option<String>| {
        let request = city.request("POST", "/api/v1/ingest/guarded").body(fixture("cap", CAP));
        answer(auth.into_iter().fold(request, |r, a| r.header(header::AUTHORIZATION, a)))
    };
    for wrong in
        [None, Some("Bearer ".into()), Some("Bearer wrong".into()), Some(format!("Basic {token}")), Some(format!("Bearer {token}x"))]
    {
        assert_eq!(with(wrong.clone()).await.0, 401, "{wrong:?}");
    }
    assert_eq!(with(Some(format!("Bearer {token}"))).await.0, 202);
    assert_eq!(answer(city.request("GET", "/api/v1/ingest/alerts")).await.0, 405);
    // What could not be read shows at the feed, and can be looked at.
    let sick = city.feed_when("alerts", |f| !f["failure"].is_null()).await;
    assert_eq!(city.get(&format!("/api/v1/raw/{}", sick["last_raw"].as_str().unwrap())).await.2, "<alert><nonsense");
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_may_neither_act_nor_listen() {
    let city = City::start(&config(&[push("alerts", "cap")])).await;
    let open: app::model::Act =
        serde_json::from_value(json!({ "Open": { "title": "T", "severity": "minor", "position": null, "alarm": null } })).unwrap();
    let body = postcard::to_extend(&("x1", "eve", open), Vec::new()).unwrap();
    let act = |name: &'static str, value: String| {
        let request = city.request("POST", "/do/act").header(header::CONTENT_TYPE, app::port::PACKED).body(body.clone());
        answer(request.header(name, value))
    };
    assert_eq!(act("origin", "http://evil.example".into()).await.0, 403);
    assert_eq!(act("origin", "null".into()).await.0, 403);
    assert_eq!(act("sec-fetch-site", "cross-site".into()).await.0, 403);
    assert_eq!(answer(city.request("POST", "/api/v1/ingest/alerts").header("origin", "http://evil.example").body("x")).await.0, 403);
    assert_eq!(city.json("/api/v1/incidents").await["incidents"], json!([]), "nothing was done");
    // Reading is free: what is shown is not secret from a link.
    assert_eq!(answer(city.request("GET", "/healthz").header("sec-fetch-site", "cross-site")).await.0, 200);

    let listen = async |origin: &str| {
        use tokio_tungstenite::tungstenite::{Error, client::IntoClientRequest};
        let mut request = format!("ws://{}/live", city.address).into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        match tokio_tungstenite::connect_async(request).await {
            Ok((_, response)) => response.status().as_u16(),
            Err(Error::Http(response)) => response.status().as_u16(),
            Err(e) => panic!("{e}"),
        }
    };
    assert_eq!(listen("http://evil.example").await, 403);
    assert_eq!(listen(&format!("http://{}.evil.example", city.address)).await, 403);
    assert_eq!(listen(&format!("http://{}", city.address)).await, 101);
    assert_eq!(act("origin", format!("http://{}", city.address)).await.0, 200);
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_do_is_done_once_or_refused_with_a_reason() {
    let city = City::start(&config(&[push("alerts", "cap")])).await;
    let open = || json!({ "Open": { "title": "Ponte chiuso", "severity": "severe", "position": [11.25, 43.77], "alarm": null } });
    assert_eq!(city.act("a", "ada", open()).await.unwrap(), "I-1");
    assert_eq!(city.act("a", "ada", open()).await.unwrap(), "I-1", "sent twice, done once");
    assert_eq!(city.act("b", "ada", json!({ "Acknowledge": { "incident": "I-1" } })).await.unwrap(), "I-1");
    assert_eq!(
        city.act("c", "bo", json!({ "Acknowledge": { "incident": "I-1" } })).await.unwrap_err(),
        json!({ "Conflict": "ada already has it." })
    );
    assert_eq!(
        city.act("d", "bo", json!({ "Note": { "incident": "I-9", "text": "?" } })).await.unwrap_err(),
        json!({ "Unknown": "incident I-9" })
    );
    assert!(city.act("e", "  ", json!({ "Note": { "incident": "I-1", "text": "x" } })).await.unwrap_err().get("Invalid").is_some());
    assert!(city.act("f", "bo", json!({ "Note": { "incident": "I-1", "text": " " } })).await.unwrap_err().get("Invalid").is_some());
    let late = json!({ "ShelveAlarm": { "alarm": "feed:alerts", "until": "2026-12-22T10:00:00Z" } });
    assert!(city.act("g", "bo", late).await.unwrap_err().get("Invalid").is_some(), "a shelf has an end within a day");
    city.act("h", "ada", json!({ "Resolve": { "incident": "I-1" } })).await.unwrap();
    let said = city.list_when("incidents", |l| l.iter().any(|i| i["state"] == "resolved")).await;
    let log: Vec<&str> = said[0]["log"].as_array().unwrap().iter().map(|e| e["text"].as_str().unwrap()).collect();
    assert_eq!((said.len(), log, &said[0]["owner"]), (1, vec!["Opened", "Acknowledged", "Resolved"], &json!("ada")));
    for nonsense in ["", "{", "{\"id\":1}", "[]"] {
        let request = city.request("POST", "/do/act").header(header::CONTENT_TYPE, "application/json").body(nonsense);
        let (status, ..) = answer(request).await;
        assert!((400..600).contains(&status), "{nonsense}: {status}");
    }
    assert_eq!(city.get("/healthz").await.0, 200);
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_changed_is_fetched() {
    let stub = Stub::start().await;
    stub.set("/cap", 200, &[("etag", "\"one\"")], fixture("cap", CAP));
    let city = City::start(&config(&[feed("alerts", "cap", &stub.source("/cap"), "50ms")])).await;
    stub.until(|s| s.unchanged.get("/cap").is_some_and(|n| *n >= 3)).await;
    let feed = city.feed_when("alerts", |f| f["messages"] == 1).await;
    assert_eq!((&feed["failure"], &feed["freshness"]), (&Value::Null, &json!("fresh")));
    // Contact counts though nothing new is said.
    city.clock.advance(60_000);
    city.feed_when("alerts", |f| f["last_contact"] == "2026-11-22T10:42:30Z" && f["last_good"] == common::NOW).await;
    stub.set("/cap", 200, &[("etag", "\"two\"")], fixture("cap", "alert-1.1.xml"));
    city.feed_when("alerts", |f| f["messages"] == 2).await;
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn compressed_messages_are_read() {
    let stub = Stub::start().await;
    let cap = fixture("cap", CAP);
    let mut brotli = BrotliEncoder::new(Vec::new());
    brotli.write_all(&cap).await.unwrap();
    brotli.shutdown().await.unwrap();
    stub.set("/gzip", 200, &[("content-encoding", "gzip")], gzip(&cap).await);
    stub.set("/br", 200, &[("content-encoding", "br")], brotli.into_inner());
    stub.set("/odd", 200, &[("content-encoding", "compress")], cap.clone());
    let feeds = ["gzip", "br", "odd"].map(|id| feed(id, "cap", &stub.source(&format!("/{id}")), "100ms"));
    let city = City::start(&config(&feeds)).await;
    let list = city.list_when("situations", |l| l.len() == 2).await;
    assert_eq!(ids(&list), ["br/IT-FI-2026-0412", "gzip/IT-FI-2026-0412"]);
    assert_eq!(city.get(list[1]["raw"].as_str().unwrap()).await.2, cap, "kept as it reads, not as it travelled");
    city.feed_when("odd", |f| f["failure"].as_str().is_some_and(|w| w.contains("compress"))).await;
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_feed_keeps_its_last_good_picture() {
    let stub = Stub::start().await;
    stub.set("/cap", 200, &[], fixture("cap", CAP));
    let city = City::start(&config(&[feed("alerts", "cap", &stub.source("/cap"), "50ms")])).await;
    city.list_when("situations", |l| l.len() == 1).await;
    stub.set("/cap", 503, &[], "maintenance");
    let sick = city.feed_when("alerts", |f| f["failures"].as_u64() >= Some(2)).await;
    assert!(sick["failure"].as_str().unwrap().contains("503"), "{sick}");
    assert_eq!(sick["freshness"], "fresh", "within its promise it is still good");
    city.clock.advance(2 * 3_600_000);
    let list = city.list_when("situations", |l| l.iter().all(|s| s["freshness"] == "stale")).await;
    assert_eq!(ids(&list), ["alerts/IT-FI-2026-0412"], "old and marked, but there");
    city.list_when("alarms", |l| l.iter().any(|a| a["id"] == "feed:alerts")).await;
    // Answers again: well again, and the alarm is gone.
    stub.set("/cap", 200, &[], fixture("cap", CAP));
    city.feed_when("alerts", |f| f["failure"].is_null() && f["freshness"] == "fresh").await;
    city.list_when("alarms", |l| l.iter().all(|a| a["id"] != "feed:alerts")).await;
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_nobody_can_read_is_not_made_good_by_not_changing() {
    let stub = Stub::start().await;
    stub.set("/cap", 200, &[("etag", "\"bad\"")], fixture("cap", "broken.xml"));
    let city = City::start(&config(&[feed("alerts", "cap", &stub.source("/cap"), "50ms")])).await;
    let sick = city.feed_when("alerts", |f| f["failures"].as_u64() >= Some(3)).await;
    assert!(sick["failure"].as_str().unwrap().contains("DOCTYPE"), "{sick}");
    assert_eq!((&sick["freshness"], &sick["last_contact"]), (&json!("unknown"), &Value::Null));
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_messages_harm_only_their_own_feed() {
    let stub = Stub::start().await;
    let bomb = gzip(&vec![0; 65 << 20]).await;
    assert!(bomb.len() < 1 << 20);
    let mut garbage = vec![0u8; 10 << 20];
    fastrand::Rng::with_seed(4).fill(&mut garbage);
    let deep = format!("{{\"feed_info\":{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let doctype = "<?xml version=\"1.0\"?>\n<!DOCTYPE alert [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<alert>&x;</alert>";
    let bad: [(&str, &str, &[(&'static str, &str)], Bytes); 10] = [
        ("doctype", "cap", &[], doctype.into()),
        ("bomb", "cap", &[("content-encoding", "gzip")], bomb.into()),
        ("torn", "cap", &[("content-encoding", "gzip")], Bytes::from_static(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abcdef")),
        ("garbage-xml", "cap", &[], garbage.clone().into()),
        ("garbage-pb", "gtfs-rt", &[], garbage.clone().into()),
        ("garbage-json", "wzdx", &[], garbage.clone().into()),
        ("garbage-have", "edxl-have", &[], garbage.into()),
        ("deep", "wzdx", &[], deep.into()),
        ("deep-xml", "cap", &[], "<a>".repeat(100_000).into()),
        ("nothing", "gtfs-rt", &[], Bytes::new()),
    ];
    let mut feeds = vec![feed("good", "cap", &stub.source("/good"), "100ms")];
    stub.set("/good", 200, &[], fixture("cap", CAP));
    for (id, format, headers, body) in &bad {
        stub.set(&format!("/{id}"), 200, headers, body.clone());
        feeds.push(feed(id, format, &stub.source(&format!("/{id}")), "100ms"));
    }
    let city = City::start(&config(&feeds)).await;
    for (id, ..) in bad.iter().filter(|b| b.0 != "nothing") {
        let sick = city.feed_when(id, |f| f["failures"].as_u64() >= Some(1)).await;
        let why = sick["failure"].as_str().unwrap();
        assert!(!why.is_empty() && why.len() < 1000 && !why.contains('\n'), "{id}: {why}");
        match *id {
            "bomb" => assert!(why.contains("larger than 64 MiB"), "{why}"),
            "doctype" => assert!(why.contains("DOCTYPE"), "{why}"),
            _ => {}
        }
        assert_eq!(sick["freshness"], "unknown", "{id}");
    }
    let good = city.feed_when("good", |f| f["messages"].as_u64() >= Some(1)).await;
    assert_eq!((&good["failure"], &good["freshness"]), (&Value::Null, &json!("fresh")));
    assert_eq!(ids(&city.list_when("situations", |l| !l.is_empty()).await), ["good/IT-FI-2026-0412"]);
    assert_eq!((city.get("/healthz").await.0, city.get("/readyz").await.0), (200, 200));
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_timetable_costs_only_the_names() {
    let whole = fixture("gtfs-rt", "static.zip");
    let stub = Stub::start().await;
    stub.set("/good.zip", 200, &[], whole.clone());
    stub.set("/torn.zip", 200, &[], whole.slice(..whole.len() / 2));
    let with = |id: &str, zip: &str| format!("{}gtfs = \"{}{zip}\"\n", feed(id, "gtfs-rt", &stub.source("/pb"), "100ms"), stub.base);
    stub.set("/pb", 200, &[], fixture("gtfs-rt", "positions.pb"));
    let city = City::start(&config(&[with("named", "/good.zip"), with("nameless", "/torn.zip")])).await;
    let movers = city.list_when("movers", |l| l.len() == 4).await;
    let routes: Vec<(&str, &Value)> = movers.iter().map(|m| (m["feed"].as_str().unwrap(), &m["trip"]["route"])).collect();
    assert_eq!(routes.iter().filter(|r| r.0 == "named" && *r.1 == "T1").count(), 2, "{routes:?}");
    assert_eq!(routes.iter().filter(|r| r.0 == "nameless" && r.1.is_null()).count(), 2, "{routes:?}");
    let lines = city.list_when("places", |l| l.iter().any(|p| p["type"] == "route")).await;
    assert!(lines.iter().all(|p| p["feed"] == "ground"));
    city.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_read_again_when_it_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("alert.xml");
    std::fs::write(&file, fixture("cap", CAP)).unwrap();
    let city = City::start(&config(&[feed("alerts", "cap", &format!("{{ file = {:?} }}", file.display().to_string()), "50ms")])).await;
    city.feed_when("alerts", |f| f["messages"] == 1).await;
    std::fs::write(&file, fixture("cap", "cancel.xml")).unwrap();
    // The cancellation is remembered and not shown; what it cancels is gone.
    city.feed_when("alerts", |f| f["messages"] == 2).await;
    assert!(city.list_when("situations", |l| l.is_empty()).await.is_empty());
    std::fs::remove_file(&file).unwrap();
    city.feed_when("alerts", |f| f["failure"].as_str().is_some_and(|w| w.contains("alert.xml"))).await;
    city.stop().await;
}
