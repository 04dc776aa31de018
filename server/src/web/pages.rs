//! Pages, server functions and the files of the site.

use super::Web;
use app::{
    pages::{Address, PAGES},
    port::Port,
};
use axum::{
    Router,
    http::{HeaderValue, header, request::Parts},
};
use leptos::prelude::*;
use std::sync::Arc;
use tower_http::{compression::CompressionLayer, services::ServeDir, set_header::SetResponseHeaderLayer};

/// The router of everything a browser shows.
pub fn router(web: Web) -> Router {
    // Fails only when it was done before, as a second server in one test process does.
    let _ = any_spawner::Executor::init_tokio();
    let options =
        LeptosOptions::builder().output_name("vedetta").site_root(web.site.to_string_lossy().into_owned()).site_pkg_dir("pkg").build();
    let site = web.site.clone();
    let door = {
        let port: Arc<dyn Port> = Arc::new(web);
        move || {
            if let Some(parts) = use_context::<Parts>() {
                provide_context(Address(parts.uri.path().to_owned()));
            }
            provide_context(port.clone());
        }
    };
    let shell = {
        let options = options.clone();
        move || app::shell(options.clone())
    };
    // Built files have no fingerprint in their names: a browser must ask whether they changed. Compressed once, at build time.
    let files = |dir: &str| {
        let dir = ServeDir::new(site.join(dir)).precompressed_br().precompressed_gzip().append_index_html_on_directories(false);
        tower::ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-cache")))
            .service(dir)
    };
    let page = || leptos_axum::render_app_to_stream_with_context(door.clone(), shell.clone());
    let pages = PAGES.iter().fold(Router::new(), |router, p| router.route(p.path, axum::routing::get(page())));
    let not_found = leptos_axum::render_app_to_stream_with_context(door.clone(), shell.clone());
    let root = ServeDir::new(site.as_path()).append_index_html_on_directories(false);
    pages
        .nest_service("/pkg", files("pkg"))
        .nest_service("/vendor", files("vendor"))
        .nest_service("/fonts", files("fonts"))
        .nest_service("/basemap", files("basemap"))
        .fallback_service(root.not_found_service(axum::routing::get(not_found)))
        .layer(CompressionLayer::new().br(true).gzip(true))
}
