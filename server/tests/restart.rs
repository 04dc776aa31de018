//! The built program: what it remembers after being killed, and how its commands answer.

mod common;

use app::model::Time;
use common::{PATIENCE, act_at, answer, config, feed, fixture, fixtures, push};
use serde_json::{Value, json};
use server::{
    clock::{Clock, System},
    demo,
};
use std::{
    path::Path,
    process::{Output, Stdio},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
};

const VEDETTA: &str = env!("CARGO_BIN_EXE_vedetta");

// The program, serving over `dir`. Dropping it kills it.
struct Server {
    child: Child,
    base: String,
    client: reqwest::Client,
}

impl Server {
    async fn start(dir: &Path) -> Self {
        let mut child = Command::new(VEDETTA)
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(dir.join("city.toml"))
            .arg("--data")
            .arg(dir.join("data"))
            .arg("--site")
            .arg(dir.join("site"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        tokio::time::timeout(PATIENCE, out.read_line(&mut line)).await.expect("it never said where it serves").unwrap();
        let base = line.trim().to_owned();
        assert!(base.starts_with("http://127.0.0.1:"), "`{base}`");
        Self { child, base, client: reqwest::Client::new() }
    }
    // As a power cut does it.
    async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
    // As an operating system asks it.
    async fn terminate(mut self) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("it did not end when asked to").unwrap();
        assert_eq!(ended.code(), Some(0), "it ends well when asked to");
    }
    async fn json(&self, path: &str) -> Value {
        let (status, _, body) = answer(self.client.get(format!("{}{path}", self.base))).await;
        assert_eq!(status, 200, "{path}");
        serde_json::from_slice(&body).unwrap()
    }
    async fn push(&self, feed: &str, body: Vec<u8>) {
        assert_eq!(answer(self.client.post(format!("{}/api/v1/ingest/{feed}", self.base)).body(body)).await.0, 202);
    }
    async fn act(&self, id: &str, act: Value) -> Result<String, Value> {
        act_at(&self.client, &self.base, id, "ada", act).await
    }
    // A list without what only the present moment says.
    async fn list(&self, name: &str) -> Vec<Value> {
        let mut list = self.json(&format!("/api/v1/{name}")).await[name].as_array().unwrap().clone();
        list.iter_mut().for_each(|v| drop(v.as_object_mut().unwrap().remove("freshness")));
        list
    }
    // A list, once it has as many: what was taken in is shown at the next tick, and every tick is a frame.
    async fn list_of(&self, name: &str, many: usize) -> Vec<Value> {
        let address = self.base.trim_start_matches("http://").parse().unwrap();
        let mut screen = common::Screen::open(address, "").await;
        loop {
            let list = self.list(name).await;
            if list.len() >= many {
                return list;
            }
            screen.next().await;
        }
    }
}

fn open(title: &str) -> Value {
    json!({ "Open": { "title": title, "severity": "severe", "position": [11.25, 43.77], "alarm": null } })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let feeds = [push("trams", "gtfs-rt"), push("beds", "edxl-have"), feed("alerts", "cap", "{ push = {} }", "1h")];
    std::fs::write(dir.path().join("city.toml"), config(&feeds).replace("stale_after = \"1h\"", "stale_after = \"10h\"")).unwrap();
    let now = System.now();
    let message = |path: &str| demo::respond(path, now, 1, "http://x").unwrap().body;

    let server = Server::start(dir.path()).await;
    let epoch = server.json("/api/v1/picture").await["epoch"].clone();
    server.push("trams", message("/gtfs-rt/vehicle-positions.pb")).await;
    server.push("beds", message("/have/hospitals.xml")).await;
    server.push("alerts", fixture("cap", "alert-1.2.xml").into()).await;
    let movers = server.list_of("movers", 10).await;
    let places = server.list_of("places", 3).await;
    assert_eq!(server.act("1", open("Ponte chiuso")).await.unwrap(), "I-1");
    assert_eq!(server.act("2", json!({ "Acknowledge": { "incident": "I-1" } })).await.unwrap(), "I-1");
    assert_eq!(server.act("3", json!({ "Note": { "incident": "I-1", "text": "Squadra sul posto" } })).await.unwrap(), "I-1");
    // Answered is written down: whatever comes now, it is kept.
    server.kill().await;

    let server = Server::start(dir.path()).await;
    assert_ne!(server.json("/api/v1/picture").await["epoch"], epoch, "another run has another mark");
    let incidents = server.list("incidents").await;
    assert_eq!(incidents.len(), 1);
    let i = &incidents[0];
    assert_eq!(
        (&i["id"], &i["title"], &i["state"], &i["owner"]),
        (&json!("I-1"), &json!("Ponte chiuso"), &json!("acknowledged"), &json!("ada"))
    );
    let log: Vec<&str> = i["log"].as_array().unwrap().iter().map(|e| e["text"].as_str().unwrap()).collect();
    assert_eq!(log, ["Opened", "Acknowledged", "Squadra sul posto"]);
    assert_eq!(
        (server.list("movers").await, server.list("places").await),
        (movers.clone(), places.clone()),
        "the last good picture, as it was"
    );
    let feeds = server.list("feeds").await;
    assert!(feeds.iter().all(|f| f["messages"] == 1 && f["last_good"].is_string()), "{feeds:?}");
    let raw = movers[0]["raw"].as_str().unwrap();
    let (status, _, bytes) = answer(server.client.get(format!("{}{raw}", server.base))).await;
    assert_eq!((status, bytes), (200, message("/gtfs-rt/vehicle-positions.pb").into()), "and the bytes it came in");
    // A screen that heard no answer asks again: it is done once.
    assert_eq!(server.act("1", open("Ponte chiuso")).await.unwrap(), "I-1");
    assert_eq!(server.act("4", open("Albero caduto")).await.unwrap(), "I-2", "numbers go on");
    server.terminate().await;

    // Asked to stop, it wrote a checkpoint; killed over that, it still has everything.
    for _ in 0..2 {
        let server = Server::start(dir.path()).await;
        let incidents = server.list("incidents").await;
        assert_eq!(incidents.iter().map(|i| i["id"].as_str().unwrap()).collect::<Vec<_>>(), ["I-1", "I-2"]);
        assert_eq!((server.list("movers").await, server.list("places").await), (movers.clone(), places.clone()));
        server.kill().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_no_longer_configured_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("city.toml");
    std::fs::write(&file, config(&[push("trams", "gtfs-rt"), push("beds", "edxl-have")])).unwrap();
    let now = System.now();
    let server = Server::start(dir.path()).await;
    server.push("trams", demo::respond("/gtfs-rt/vehicle-positions.pb", now, 1, "").unwrap().body).await;
    server.push("beds", demo::respond("/have/hospitals.xml", now, 1, "").unwrap().body).await;
    let places = server.list_of("places", 3).await;
    server.list_of("movers", 10).await;
    server.kill().await;
    std::fs::write(&file, config(&[push("beds", "edxl-have")])).unwrap();
    for _ in 0..2 {
        let server = Server::start(dir.path()).await;
        assert_eq!((server.list("movers").await.len(), server.list("places").await), (0, places.clone()));
        server.terminate().await;
    }
}

async fn vedetta(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(VEDETTA).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // One that refuses its arguments does not wait for input.
    let _ = stdin.write_all(input).await;
    drop(stdin);
    child.wait_with_output().await.unwrap()
}
fn said(out: &Output) -> (i32, String, String) {
    let text = |b: &[u8]| String::from_utf8(b.to_vec()).unwrap();
    (out.status.code().unwrap(), text(&out.stdout), text(&out.stderr))
}

#[tokio::test]
async fn decode_answers_as_promised() {
    let file = fixtures("gtfs-rt").join("positions.pb");
    let zip = fixtures("gtfs-rt").join("static.zip");
    let (file, zip) = (file.to_str().unwrap(), zip.to_str().unwrap());
    let args = ["decode", "--format", "gtfs-rt", "--static", zip, "--now", common::NOW];
    let (code, out, err) = said(&vedetta(&[&args[..], &[file]].concat(), b"").await);
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.iter().map(|l| l["kind"].as_str().unwrap()).collect::<Vec<_>>(), ["fix", "reading", "fix", "summary"]);
    assert!(lines[..3].iter().all(|l| l["id"].is_string() && Time::parse(l["observed_at"].as_str().unwrap()).is_some()));
    assert_eq!(lines[0]["trip"]["route"], "T1");
    let want = json!({ "kind": "summary", "format": "gtfs-rt", "reports": { "place": 0, "fix": 2, "reading": 1, "situation": 0 }, "rejected": 0, "findings": 0 });
    assert_eq!(lines[3], want);
    // The same from standard input.
    assert_eq!(said(&vedetta(&[&args[..], &["-"]].concat(), &fixture("gtfs-rt", "positions.pb")).await).1, out);

    // Bad records are findings, and no reason to fail.
    let bad = fixtures("cap").join("bad-records.xml");
    let (code, out, _) = said(&vedetta(&["decode", "--format", "cap", "--now", common::NOW, bad.to_str().unwrap()], b"").await);
    let findings: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).filter(|l: &Value| l["kind"] == "finding").collect();
    assert_eq!((code, findings.len()), (0, 29));
    assert!(findings.iter().all(
        |f| ["rule", "entity", "message"].iter().all(|k| f[k].is_string()) && (f["severity"] == "error" || f["severity"] == "warning")
    ));
}

#[tokio::test]
async fn decode_fails_as_promised() {
    for (format, file, at) in [
        ("cap", "broken.xml", "line 2"),
        ("wzdx", "broken-document.json", "line 5"),
        ("gtfs-rt", "truncated.pb", "byte 100"),
        ("edxl-have", "broken.xml", "line 5"),
    ] {
        let path = fixtures(format).join(file);
        let (code, out, err) = said(&vedetta(&["decode", "--format", format, path.to_str().unwrap()], b"").await);
        assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 1), "{format}: {err}");
        assert!(err.contains(file) && err.contains(at), "says why and where: {err}");
    }
    let (code, out, err) = said(&vedetta(&["decode", "--format", "cap", "/no/such/file"], b"").await);
    assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 1), "{err}");
    for wrong in [
        &["decode", "--format", "gtfsrt", "-"][..],
        &["decode", "--format", "cap", "--now", "yesterday", "-"],
        &["decode", "--format", "cap"],
        &["decode", "-"],
        &["deocde"],
        &["decode", "--frmat", "cap", "-"],
        &[],
    ] {
        let (code, out, err) = said(&vedetta(wrong, b"").await);
        assert!(code == 2 && out.is_empty() && !err.is_empty(), "{wrong:?}: {code} {out} {err}");
    }
    assert!(said(&vedetta(&["decode", "--format", "gtfsrt", "-"], b"").await).2.contains("did you mean `gtfs-rt`?"));
}

#[tokio::test]
async fn formats_lists_the_table() {
    let (code, out, err) = said(&vedetta(&["formats"], b"").await);
    assert_eq!((code, err.as_str(), out.lines().count()), (0, "", server::feeds::format::FORMATS.len()));
    for (line, f) in out.lines().zip(server::feeds::format::FORMATS) {
        assert_eq!(line.split_whitespace().next(), Some(f.id));
        assert!(line.contains(f.title) && line.contains(f.media_types[0]) && line.ends_with(&format!("{} rules", f.rules.len())), "{line}");
    }
}

#[tokio::test]
async fn check_names_every_problem_with_line_and_hint() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("city.toml");
    let check = async |text: &str| {
        std::fs::write(&file, text).unwrap();
        said(&vedetta(&["check", "--config", file.to_str().unwrap()], b"").await)
    };
    let (code, out, err) = check(&config(&[push("a", "cap"), push("b", "wzdx")])).await;
    assert!(code == 0 && out.contains("good, 2 feeds") && err.is_empty(), "{code} {out} {err}");
    let (code, out, err) = check("[city]\nname = \"X\"\nbbox = [1, 1, 2, 2]\ntimzone = \"UTC\"\n").await;
    assert!(code == 2 && out.is_empty() && err.contains("city.toml:4: ") && err.contains("did you mean `timezone`?"), "{code} {out} {err}");
    let two = config(&[push("a", "capp"), feed("b", "cap", "{ http = \"ftp://x\" }", "5s"), push("b", "cap")]);
    let (code, _, err) = check(&two).await;
    assert_eq!(code, 2);
    for part in ["city.toml:9: ", "no format `capp`", "did you mean `cap`?", "`ftp://x` is not", "two feeds are called `b`"] {
        assert!(err.contains(part), "no `{part}` in:\n{err}");
    }
    assert_eq!(check("[city").await.0, 2);
    assert_eq!(said(&vedetta(&["check", "--config", "/no/such/file"], b"").await).0, 2);
    // The configurations that ship are good where what they read is at hand; the demonstration is served below its own address.
    let (code, _, err) = said(&vedetta(&["serve", "--config", file.to_str().unwrap(), "--listen", "127.0.0.1:0"], b"").await);
    assert!(code == 1 && err.contains("city.toml:"), "a bad configuration is no city: {code} {err}");
}
