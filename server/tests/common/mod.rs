//! What the tests of the whole server share: a server of their own on a free port, feeds whose answers the test decides, and a
//! screen that listens. Nothing here waits for time to pass: whoever waits, waits for the server's next frame.

#![allow(dead_code)] // every test binary uses another part of it

pub mod dice;

use app::model::Time;
use app::wire::{Down, Joiner, Picture};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use server::{
    clock::{Manual, SharedClock},
    run::{Options, run},
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{oneshot, watch},
    task::JoinHandle,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite};
use tokio_util::sync::CancellationToken;

/// The moment the tests' cities live at, and the fixtures were made for.
pub const NOW: &str = "2026-11-22T10:41:30Z";
/// [`NOW`].
pub fn now() -> Time {
    Time::parse(NOW).unwrap()
}
/// Whoever waits longer than this waits for something that will not come. Far above what anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The folder of a format's fixtures.
pub fn fixtures(format: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(format)
}
/// A fixture's bytes.
pub fn fixture(format: &str, file: &str) -> Bytes {
    std::fs::read(fixtures(format).join(file)).unwrap().into()
}

/// A configuration: a city around Florence, with these feeds.
pub fn config(feeds: &[String]) -> String {
    format!("[city]\nname = \"Test\"\nbbox = [11.1, 43.7, 11.4, 43.9]\ntimezone = \"Europe/Rome\"\n{}", feeds.concat())
}
/// A feed of a configuration.
pub fn feed(id: &str, format: &str, source: &str, every: &str) -> String {
    format!(
        "[[feed]]\nid = \"{id}\"\ntitle = \"Feed {id}\"\ndepartment = \"Dept {id}\"\nformat = \"{format}\"\nsource = {source}\nevery = \"{every}\"\nstale_after = \"1h\"\n"
    )
}
/// A push feed without a token.
pub fn push(id: &str, format: &str) -> String {
    feed(id, format, "{ push = {} }", "10s")
}

/// A running server with data of its own.
pub struct City {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its clock.
    pub clock: Manual,
    /// Its configuration and data.
    pub dir: Arc<tempfile::TempDir>,
    stop: CancellationToken,
    task: JoinHandle<Result<(), String>>,
    client: reqwest::Client,
}

/// An answer: status, headers, body.
pub type Answer = (u16, HeaderMap, Bytes);

impl City {
    /// Starts one.
    pub async fn start(config: &str) -> Self {
        Self::start_in(Arc::new(tempfile::tempdir().unwrap()), config, 7).await
    }
    /// Starts one over data that may already be there. `seed` marks the run.
    pub async fn start_in(dir: Arc<tempfile::TempDir>, config: &str, seed: u64) -> Self {
        let path = dir.path().join("city.toml");
        std::fs::write(&path, config).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let clock = Manual::at(now());
        let shared: SharedClock = Arc::new(clock.clone());
        let stop = CancellationToken::new();
        let options = Options {
            config: Some(path),
            data: dir.path().join("data"),
            site: dir.path().join("site"),
            listener,
            clock: shared,
            seed,
            stop: stop.clone(),
        };
        let (ready, wait) = oneshot::channel();
        let task = tokio::spawn(run(options, move |address| {
            let _ = ready.send(address);
        }));
        let address = match wait.await {
            Ok(address) => address,
            Err(_) => panic!("the server did not start: {:?}", task.await),
        };
        Self { address, clock, dir, stop, task, client: reqwest::Client::new() }
    }
    /// Stops it and waits until it has.
    pub async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap().unwrap();
    }

    /// An address of it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
    /// A request to be finished and sent by [`answer`].
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method.parse().unwrap(), self.url(path))
    }
    /// Gets a path.
    pub async fn get(&self, path: &str) -> Answer {
        answer(self.request("GET", path)).await
    }
    /// Gets a path that answers JSON.
    pub async fn json(&self, path: &str) -> Value {
        let (status, _, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }
    /// Pushes a message to a feed.
    pub async fn push(&self, feed: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
        let (status, _, body) = answer(self.request("POST", &format!("/api/v1/ingest/{feed}")).body(body)).await;
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }
    /// Acts as a screen does: the id it concerned, or the refusal.
    pub async fn act(&self, id: &str, by: &str, act: Value) -> Result<String, Value> {
        act_at(&self.client, &self.url(""), id, by, act).await
    }
    /// A screen of this server.
    pub async fn screen(&self) -> Screen {
        Screen::open(self.address, "").await
    }
    /// Run, number and hash of the server's picture.
    pub async fn picture(&self) -> (u64, u64, String) {
        let said = self.json("/api/v1/picture").await;
        let text = |name: &str| said[name].as_str().unwrap().to_owned();
        (text("epoch").parse().unwrap(), said["seq"].as_u64().unwrap(), text("hash"))
    }
    /// What `look` finds in a JSON answer, as soon as it finds it: asked again whenever the server has something new to say.
    pub async fn until<T>(&self, path: &str, look: impl Fn(&Value) -> Option<T>) -> T {
        let mut screen = self.screen().await;
        let mut last = Value::Null;
        let waiting = async {
            loop {
                last = self.json(path).await;
                if let Some(found) = look(&last) {
                    return found;
                }
                screen.next().await;
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(found) => found,
            Err(_) => panic!("{path} never said what was waited for; last: {last:#}"),
        }
    }
    /// A feed as the API shows it, once `is` holds of it.
    pub async fn feed_when(&self, id: &str, is: impl Fn(&Value) -> bool) -> Value {
        let of = |v: &Value| v["feeds"].as_array()?.iter().find(|f| f["id"] == id).cloned();
        self.until("/api/v1/feeds", |v| of(v).filter(|f| is(f))).await
    }
    /// The items of a list whose every item has an `id`: once `is` holds of them.
    pub async fn list_when(&self, name: &str, is: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        self.until(&format!("/api/v1/{name}"), |v| v[name].as_array().filter(|l| is(l)).cloned()).await
    }
}

/// Sends a request.
pub async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.bytes().await.unwrap())
}

/// Acts through the server function a screen calls.
pub async fn act_at(client: &reqwest::Client, base: &str, id: &str, by: &str, act: Value) -> Result<String, Value> {
    let act: app::model::Act = serde_json::from_value(act).unwrap();
    let body = postcard::to_extend(&(id, by, act), Vec::new()).unwrap();
    let request = client.post(format!("{base}/do/act")).header(header::CONTENT_TYPE, "application/x-postcard").body(body);
    let (status, _, body) = answer(request).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let said: Result<String, app::model::Refused> = postcard::from_bytes(&body).unwrap();
    said.map_err(|refused| serde_json::to_value(refused).unwrap())
}

/// A screen: holds a picture as the browser does, and insists on the rules of the wire.
pub struct Screen {
    ws: WebSocketStream<MaybeTlsStream<TcpStream>>,
    joiner: Joiner,
    /// The run of the server it listens to.
    pub epoch: u64,
    /// The number it has.
    pub seq: u64,
    /// The picture it has; none before the first snapshot.
    pub picture: Option<Picture>,
    /// Snapshots it got.
    pub snapshots: usize,
}

impl Screen {
    /// Connects; `query` resumes (`?epoch=…&seq=…`).
    pub async fn open(address: SocketAddr, query: &str) -> Self {
        let (ws, _) = tokio_tungstenite::connect_async(format!("ws://{address}/live{query}")).await.unwrap();
        Self { ws, joiner: Joiner::default(), epoch: 0, seq: 0, picture: None, snapshots: 0 }
    }
    /// Lets go and comes back where it left off, or as `epoch` and `seq` say.
    pub async fn resume(self, address: SocketAddr, epoch: u64, seq: u64) -> Self {
        let next = Self::open(address, &format!("?epoch={epoch}&seq={seq}")).await;
        Self { ws: next.ws, joiner: Joiner::default(), snapshots: 0, ..self }
    }
    /// Connects with a receive buffer of a few kilobytes: what it does not read soon piles up at the server.
    pub async fn narrow(address: SocketAddr) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(8 << 10).unwrap();
        let tcp = MaybeTlsStream::Plain(socket.connect(address).await.unwrap());
        let (ws, _) = tokio_tungstenite::client_async(format!("ws://{address}/live"), tcp).await.unwrap();
        Self { ws, joiner: Joiner::default(), epoch: 0, seq: 0, picture: None, snapshots: 0 }
    }
    /// Reads until it has what the server has, and insists that both hold the same picture.
    pub async fn catch_up(&mut self, city: &City) {
        loop {
            let (epoch, seq, hash) = city.picture().await;
            while self.seq < seq {
                self.next().await;
            }
            // The server may have gone on meanwhile: then it is asked again.
            if self.seq == seq {
                assert_eq!((self.epoch, self.hash()), (epoch, hash), "a screen holds what the server holds");
                return;
            }
        }
    }
    /// The next frame, as it came; `None` when the server closed.
    pub async fn frame(&mut self) -> Option<Down> {
        let waiting = async {
            loop {
                match self.ws.next().await? {
                    Ok(tungstenite::Message::Binary(piece)) => {
                        if let Some(frame) = self.joiner.push(&piece) {
                            return Some(Down::decode(&frame).expect("a frame that can be read"));
                        }
                    }
                    Ok(tungstenite::Message::Close(_)) | Err(_) => return None,
                    Ok(_) => {}
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("the server fell silent")
    }
    /// The next frame, taken in; `None` when the server closed.
    pub async fn try_next(&mut self) -> Option<Down> {
        let down = self.frame().await?;
        match down.clone() {
            Down::Snapshot { epoch, seq, picture, .. } => {
                (self.epoch, self.seq, self.picture) = (epoch, seq, Some(picture));
                self.snapshots += 1;
            }
            Down::Delta { seq, changes, .. } => {
                assert_eq!(seq, self.seq + 1, "numbers follow without a gap");
                self.seq = seq;
                let picture = self.picture.as_mut().expect("a snapshot comes before the first delta");
                changes.into_iter().for_each(|c| picture.apply(c));
            }
            Down::Beat { seq, .. } => assert_eq!(seq, self.seq, "a beat names the last change"),
        }
        Some(down)
    }
    /// The next frame, taken in.
    pub async fn next(&mut self) -> Down {
        self.try_next().await.expect("the server closed the line")
    }
    /// Says something.
    pub async fn say(&mut self, bytes: Vec<u8>) {
        // It may be refused while it is being said: then the line is closed, which the caller looks at.
        let _ = self.ws.send(tungstenite::Message::Binary(bytes.into())).await;
    }
    /// The hash of the picture it holds, as `/api/v1/picture` says it.
    pub fn hash(&self) -> String {
        format!("{:016x}", self.picture.as_ref().map_or(0, Picture::hash))
    }
}

/// A city's systems: answers by path, decided by the test.
#[derive(Clone)]
pub struct Stub {
    /// Its address.
    pub base: String,
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    seen: watch::Sender<Seen>,
}
/// What a stub was asked.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Requests, by path.
    pub hits: BTreeMap<String, usize>,
    /// Requests answered 304, by path.
    pub unchanged: BTreeMap<String, usize>,
}

impl Stub {
    /// Starts one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stub = Self { base, answers: Arc::default(), seen: watch::Sender::new(Seen::default()) };
        let own = stub.clone();
        let app = Router::new().fallback(move |request: Request| {
            let answer = own.answer(&request);
            async move { answer }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        stub
    }
    fn answer(&self, request: &Request) -> Response {
        let path = request.uri().path().to_owned();
        let known = self.answers.lock().unwrap().get(&path).cloned();
        let tag = known.as_ref().and_then(|(_, h, _)| h.get(header::ETAG));
        let same = tag.is_some() && tag == request.headers().get(header::IF_NONE_MATCH);
        self.seen.send_modify(|seen| {
            *seen.hits.entry(path.clone()).or_default() += 1;
            *seen.unchanged.entry(path.clone()).or_default() += usize::from(same);
        });
        match known {
            Some((_, headers, _)) if same => (StatusCode::NOT_MODIFIED, headers).into_response(),
            Some((status, headers, body)) => (StatusCode::from_u16(status).unwrap(), headers, Body::from(body)).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
    /// Answers `path` with this from now on.
    pub fn set(&self, path: &str, status: u16, headers: &[(&'static str, &str)], body: impl Into<Bytes>) {
        let headers = headers.iter().map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_str(v).unwrap())).collect::<HeaderMap>();
        self.answers.lock().unwrap().insert(path.to_owned(), (status, headers, body.into()));
    }
    /// The source of a feed that polls `path`.
    pub fn source(&self, path: &str) -> String {
        format!("{{ http = \"{}{path}\" }}", self.base)
    }
    /// Waits until it was asked what is asked for.
    pub async fn until(&self, is: impl FnMut(&Seen) -> bool) -> Seen {
        let mut seen = self.seen.subscribe();
        let found = tokio::time::timeout(PATIENCE, seen.wait_for(is)).await.expect("the stub was never asked that");
        found.unwrap().clone()
    }
}
