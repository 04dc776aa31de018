//! Stage 5: serve. Pages, the live socket, the API for others. No other stage knows this module.

pub mod api;
mod details;
mod guard;
pub mod live;
mod pages;
mod port;
pub mod view;

use crate::{clock::SharedClock, feeds::intake::Intake, ledger::journal::Archive, stream::Handle};
use axum::{Router, middleware, routing};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, atomic::AtomicUsize},
};

/// What the handlers share.
#[derive(Clone)]
pub struct Web {
    /// The picture.
    pub engine: Handle,
    /// What is kept on disk.
    pub archive: Archive,
    /// The clock.
    pub clock: SharedClock,
    /// The feeds that are pushed, by id, each with the token its senders must give.
    pub push: Arc<BTreeMap<String, Pushed>>,
    /// Open live sockets.
    pub clients: Arc<AtomicUsize>,
    /// Where the built site stands: WASM, styles, fonts, basemap.
    pub site: Arc<PathBuf>,
}

/// A feed that is pushed.
pub struct Pushed {
    /// How it is read.
    pub intake: Intake,
    /// The bearer token; without one only loopback may push.
    pub token: Option<String>,
}

/// A pushed message may be so large.
const MAX_PUSH: usize = 16 << 20;

// What a person asks is short.
fn small() -> axum::extract::DefaultBodyLimit {
    axum::extract::DefaultBodyLimit::max(64 << 10)
}

/// Everything that is served.
pub fn router(web: Web) -> Router {
    let ingest = routing::post(api::ingest).layer(axum::extract::DefaultBodyLimit::max(MAX_PUSH));
    let api = Router::new()
        .route("/healthz", routing::get(async || "ok\n"))
        .route("/readyz", routing::get(api::ready))
        .route("/metrics", routing::get(api::metrics))
        .route("/live", routing::any(live::upgrade))
        .route("/api/v1/feeds", routing::get(api::feeds))
        .route("/api/v1/places", routing::get(api::places))
        .route("/api/v1/movers", routing::get(api::movers))
        .route("/api/v1/situations", routing::get(api::situations))
        .route("/api/v1/kpis", routing::get(api::kpis))
        .route("/api/v1/kpis/{id}/series", routing::get(api::series))
        .route("/api/v1/alarms", routing::get(api::alarms))
        .route("/api/v1/incidents", routing::get(api::incidents))
        .route("/api/v1/ingest/{feed}", ingest)
        .route("/api/v1/raw/{sha256}", routing::get(api::raw))
        .route("/do/act", routing::post(port::act).layer(small()))
        .route("/do/details", routing::post(port::details).layer(small()))
        .route("/api/v1/picture", routing::get(api::picture))
        .with_state(web.clone());
    api.merge(pages::router(web)).layer(middleware::from_fn(guard::same_site)).layer(middleware::from_fn(guard::headers))
}
