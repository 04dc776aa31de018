//! Puts the stages together: restore what was known, start the engine, one task a feed, and the web.

use crate::{
    clock::SharedClock,
    config::{Config, Source as SourceConfig},
    demo,
    feeds::{
        format::{self, gtfs::Gtfs},
        intake::{Intake, sha256},
        source::{self, Source},
    },
    ledger::{Batch, Entry, Journal, journal::RawMessage},
    stream::{Engine, Handle, engine::Setup},
    web::{self, Pushed, Web},
};
use app::model::{Body, Feed, Geometry, Place, PlaceKind, Position, Promise, Report, Shape, Span, Time, feed::FeedId};
use app::wire::CityView;
use arc_swap::ArcSwapOption;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How a server is to run.
pub struct Options {
    /// The configuration; `None` is the demonstration city.
    pub config: Option<PathBuf>,
    /// Where data is kept.
    pub data: PathBuf,
    /// Where the built site stands.
    pub site: PathBuf,
    /// The socket it serves on, already bound.
    pub listener: TcpListener,
    /// The clock.
    pub clock: SharedClock,
    /// A number nobody can guess: marks this run and spreads what must not happen at once.
    pub seed: u64,
    /// Ends the server.
    pub stop: CancellationToken,
}

/// The feed that stands for what the server itself lays on the map: outlines and lines that no feed keeps up.
const GROUND: &str = "ground";

/// Runs a server until it is stopped. `ready` is called once the first picture can be served.
pub async fn run(options: Options, ready: impl FnOnce(SocketAddr)) -> Result<(), String> {
    let Options { config, data, site, listener, clock, seed, stop } = options;
    let address = listener.local_addr().map_err(|e| format!("no address: {e}"))?;
    let config = match config {
        Some(path) => Config::load(&path).map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?,
        None => Config::demo(&serve_demo(clock.clone(), stop.clone()).await?),
    };
    let mut journal = Journal::open(&data).await.map_err(|e| format!("the journal in {}: {e}", data.display()))?;
    let mut feeds: Vec<Feed> = config.feed.iter().map(|f| f.feed()).collect();
    let ground = ground(&config)?;
    if !ground.is_empty() || config.feed.iter().any(|f| f.gtfs.is_some()) {
        feeds.push(ground_feed(&config));
    }
    let city = journal.restore(feeds.clone()).await.map_err(|e| format!("the journal in {}: {e}", data.display()))?;
    let archive = journal.archive().await.map_err(|e| e.to_string())?;
    let setup = Setup { city, journal, view: view(&config), clock: clock.clone(), epoch: seed, keep: config.city.keep };
    let (engine, handle) = Engine::new(setup).await.map_err(|e| e.to_string())?;
    let stopping = stop.clone();
    let writer = tokio::spawn(engine.run(async move { stopping.cancelled().await }));

    let client = source::http::client()?;
    let mut push = BTreeMap::new();
    let tasks = tokio_util::task::TaskTracker::new();
    let statics = Statics {
        engine: handle.clone(),
        clock: clock.clone(),
        client: client.clone(),
        ground: Arc::new(tokio::sync::Mutex::new(ground)),
        read: Arc::default(),
    };
    statics.publish().await;
    for (i, (f, feed)) in config.feed.iter().zip(feeds).enumerate() {
        let Some(format) = format::by_id(&f.format) else { continue };
        let gtfs = Arc::new(ArcSwapOption::empty());
        let intake = Intake { feed: Arc::new(feed), format, gtfs: gtfs.clone(), engine: handle.clone(), clock: clock.clone() };
        let source: Option<Box<dyn Source>> = match &f.source {
            SourceConfig::Http(url) => Some(Box::new(source::http::Http::new(client.clone(), url))),
            SourceConfig::File(p) => Some(Box::new(source::file::File::new(config.path(p)))),
            SourceConfig::Replay(r) => {
                let times = r.taken_at.iter().map(|t| Time::parse(t)).chain(std::iter::repeat(None));
                let files = r.files.iter().map(|p| config.path(p)).zip(times).collect();
                Some(Box::new(source::replay::Replay::new(files, f.every, r.speed)))
            }
            SourceConfig::Push(p) => {
                let token = p.token_env.as_ref().and_then(|name| std::env::var(name).ok());
                push.insert(f.id.clone(), Pushed { intake: intake.clone(), token });
                None
            }
        };
        let (statics, wanted) = (
            statics.clone(),
            f.gtfs.as_ref().map(|g| if g.starts_with("http") { g.clone() } else { config.path(Path::new(g)).display().to_string() }),
        );
        let mut rng = fastrand::Rng::with_seed(seed ^ i as u64);
        let stop = stop.clone();
        tasks.spawn(async move {
            stop.run_until_cancelled_owned(async move {
                if let Some(wanted) = wanted {
                    // Names first, so that the first picture has them; a feed whose GTFS cannot be had goes on without.
                    statics.load(&wanted, &intake.feed.namespace, &gtfs).await;
                }
                if let Some(source) = source {
                    intake.run(source, move || rng.f64()).await;
                }
            })
            .await;
        });
    }

    let web = Web { engine: handle.clone(), archive, clock, push: Arc::new(push), clients: Arc::default(), site: Arc::new(site) };
    let app = web::router(web).into_make_service_with_connect_info::<SocketAddr>();
    let serving = stop.clone();
    let server = tokio::spawn(async move {
        use axum::serve::ListenerExt;
        // A change is a few hundred bytes and must go now, not when more has gathered.
        let listener = listener.tap_io(|tcp| drop(tcp.set_nodelay(true)));
        tokio::select! {
            served = axum::serve(listener, app) => served,
            () = serving.cancelled() => Ok(()),
        }
    });
    first_picture(&handle, &config).await;
    ready(address);
    // Without its engine a server could only show what was: it ends, and whoever runs it starts it again.
    let served = tokio::select! {
        served = server => served.map_err(|e| e.to_string())?.map_err(|e| format!("serving ended: {e}")),
        () = handle.frames.ended.cancelled() => Ok(()),
    };
    stop.cancel();
    tasks.close();
    tasks.wait().await;
    writer.await.map_err(|e| format!("the engine failed: {e}"))?;
    served
}

// The first picture is ready when every feed had its say once, or after a few seconds for those that have none.
async fn first_picture(handle: &Handle, config: &Config) {
    let (_, mut watch) = handle.snapshot_and_subscribe();
    let polled = |f: &&crate::config::FeedConfig| !matches!(f.source, SourceConfig::Push(_));
    let all = async {
        loop {
            let frozen = handle.frozen();
            let heard =
                |id: &str| frozen.city.feed(&FeedId::from(id)).is_some_and(|f| f.health.last_contact.is_some() || f.health.failures > 0);
            if config.feed.iter().filter(polled).all(|f| heard(&f.id)) || watch.changed().await.is_err() {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(5), all).await;
}

fn view(config: &Config) -> Box<dyn Fn(Time) -> CityView + Send> {
    let city = config.city.clone();
    let bounds = config.bounds();
    let zone = jiff::tz::TimeZone::get(&city.timezone).ok();
    Box::new(move |now| CityView {
        name: city.name.clone(),
        bounds,
        timezone: city.timezone.clone(),
        offset_s: zone
            .as_ref()
            .and_then(|z| Some(z.to_offset(jiff::Timestamp::from_millisecond(now.millis()).ok()?).seconds()))
            .unwrap_or(0),
        basemap: city.basemap.clone(),
        attribution: city.attribution.clone(),
        demo: city.demo,
    })
}

fn ground_feed(config: &Config) -> Feed {
    Feed {
        id: GROUND.into(),
        title: "Outlines and transit lines".into(),
        department: config.city.name.clone(),
        format: "static".into(),
        namespace: GROUND.into(),
        licence: "as its files state".into(),
        classification: "public".into(),
        // It promises nothing but to stand; it is renewed when the server starts.
        promise: Promise { every: Duration::from_secs(10 * 365 * 86_400), stale_after: Duration::from_secs(10 * 365 * 86_400) },
    }
}

// The districts' outlines, from a GeoJSON file.
fn ground(config: &Config) -> Result<Vec<(Report, Arc<str>)>, String> {
    let Some(path) = &config.city.districts else { return Ok(Vec::new()) };
    let path = config.path(path);
    let text = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let json: serde_json::Value = serde_json::from_slice(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    let sha = sha256(&text);
    let ring = |r: &serde_json::Value| -> Option<Shape> {
        let positions = r.as_array()?.iter().filter_map(|p| Position::new(p.get(0)?.as_f64()?, p.get(1)?.as_f64()?));
        Some(Shape::Polygon(positions.collect()))
    };
    let features = json["features"].as_array().ok_or_else(|| format!("{}: not a FeatureCollection", path.display()))?;
    let mut out = Vec::new();
    for (i, f) in features.iter().enumerate() {
        let (g, p) = (&f["geometry"], &f["properties"]);
        let coordinates = g["coordinates"].as_array().map(Vec::as_slice).unwrap_or_default();
        let rings = match g["type"].as_str() {
            Some("Polygon") => coordinates.first().and_then(ring).into_iter().collect(),
            Some("MultiPolygon") => coordinates.iter().filter_map(|poly| ring(poly.get(0)?)).collect(),
            _ => Vec::new(),
        };
        let name =
            ["name", "NAME", "title"].iter().find_map(|k| p[*k].as_str()).map_or_else(|| format!("District {}", i + 1), str::to_owned);
        let place = Place { kind: PlaceKind::District, name: name.into(), geometry: Geometry(rings), attributes: Vec::new() };
        out.push((
            Report { id: format!("district:{i}").into(), observed_at: None, span: Span::default(), body: Body::Place(place) },
            sha.clone(),
        ));
    }
    Ok(out)
}

/// What stands still: static GTFS and outlines, loaded once and laid on the map as the ground feed's places.
#[derive(Clone)]
struct Statics {
    engine: Handle,
    clock: SharedClock,
    client: reqwest::Client,
    ground: Arc<tokio::sync::Mutex<Vec<(Report, Arc<str>)>>>,
    // Feeds that name the same file share what was read of it.
    read: Arc<tokio::sync::Mutex<BTreeMap<String, Arc<Gtfs>>>>,
}

impl Statics {
    async fn load(&self, wanted: &str, namespace: &str, slot: &ArcSwapOption<Gtfs>) {
        let mut read = self.read.lock().await;
        if !read.contains_key(wanted) {
            match self.fetch(wanted, namespace).await {
                Ok(gtfs) => drop(read.insert(wanted.to_owned(), Arc::new(gtfs))),
                Err(why) => tracing::warn!("static GTFS {wanted}: {why}; trips go without names"),
            }
        }
        slot.store(read.get(wanted).cloned());
    }

    async fn fetch(&self, wanted: &str, namespace: &str) -> Result<Gtfs, String> {
        // A neighbour of the same server may not be up in the first instant: three tries, then without names.
        let mut failed = String::new();
        for wait in [0, 1, 4] {
            tokio::time::sleep(Duration::from_secs(wait)).await;
            let bytes = if wanted.starts_with("http") {
                source::http::fetch(&self.client, wanted).await
            } else {
                tokio::fs::read(wanted).await.map(Into::into).map_err(|e| e.to_string())
            };
            let read = match bytes {
                Ok(bytes) => {
                    let work = tokio::task::spawn_blocking(move || {
                        let sha = sha256(&bytes);
                        Gtfs::read(&bytes).map(|g| (g, sha))
                    });
                    work.await.map_err(|_| "it could not be read".to_owned()).and_then(|r| r.map_err(|e| e.to_string()))
                }
                Err(why) => Err(why),
            };
            match read {
                Ok(((gtfs, findings), sha)) => {
                    if let Some(first) = findings.first() {
                        tracing::info!("static GTFS {wanted}: {} findings, the first {}: {}", findings.len(), first.rule, first.message);
                    }
                    let lines = gtfs.places(false);
                    let mut ground = self.ground.lock().await;
                    ground.extend(lines.into_iter().map(|mut r| {
                        r.id = format!("{namespace}:{}", r.id).into();
                        r.span = Span::default();
                        (r, sha.clone())
                    }));
                    drop(ground);
                    self.publish().await;
                    return Ok(gtfs);
                }
                Err(why) => failed = why,
            }
        }
        Err(failed)
    }

    async fn publish(&self) {
        let ground = self.ground.lock().await;
        if ground.is_empty() {
            return;
        }
        let mut batch = Batch { feed: Some(GROUND.into()), received_at: self.clock.now(), complete: true, ..Batch::default() };
        for (report, sha) in ground.iter() {
            let n = batch.raws.iter().position(|r| r == sha).unwrap_or_else(|| {
                batch.raws.push(sha.clone());
                batch.raws.len() - 1
            });
            batch.reports.push(report.clone());
            batch.raw_of.push(n as u16);
        }
        self.engine.take_and_wait(Entry::Batch(batch), Vec::<RawMessage>::new()).await;
    }
}

/// Serves the demonstration's feeds on a loopback port of their own, as a city's systems would.
async fn serve_demo(clock: SharedClock, stop: CancellationToken) -> Result<String, String> {
    use axum::{Router, extract::Request, http::StatusCode, response::IntoResponse};
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|e| format!("the demonstration's feeds: {e}"))?;
    let base = format!("http://{}", listener.local_addr().map_err(|e| e.to_string())?);
    let own = base.clone();
    let app =
        Router::new().fallback(async move |request: Request| match demo::respond(request.uri().path(), clock.now(), DEMO_SEED, &own) {
            Some(r) => ([(axum::http::header::CONTENT_TYPE, r.media_type)], r.body).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        });
    tokio::spawn(async move {
        tokio::select! {
            _ = axum::serve(listener, app) => {}
            () = stop.cancelled() => {}
        }
    });
    Ok(base)
}

/// The demonstration is the same for everybody.
const DEMO_SEED: u64 = 1865;
