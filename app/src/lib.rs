//! Vedetta's shared half: the nouns, the wire, and everything on screen.
//!
//! Compiled twice: for the server (feature `ssr`), which renders pages and speaks the wire, and for the browser (feature
//! `hydrate`), which takes over from there. Read [`model`] first, then [`wire`], then [`live`]; then [`desk`] (what this person is
//! doing), [`panels`] and [`pages`].

#![recursion_limit = "512"]

mod browser;
#[cfg(feature = "hydrate")]
mod carried;
pub mod chart;
pub mod desk;
pub mod live;
pub mod map;
pub mod model;
mod packed;
pub mod pages;
pub mod panels;
pub mod port;
#[cfg(feature = "hydrate")]
pub mod rescue;
pub mod ui;
pub mod wire;

use desk::Desk;
use leptos::prelude::*;
use live::Live;
use std::sync::Arc;
use wire::Seed;

/// The document around the app. No inline script but Leptos' own, so that a strict content security policy needs one nonce.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    // Nobody to ask when the routes are listed by running the app once, without a request.
    let seed = use_context::<Arc<dyn port::Port>>().map_or_else(Seed::empty, |port| port.seed());
    let packed = packed::write(&seed);
    let title = format!("{} · {} · Vedetta", pages::Address::here().page().title, seed.city.name);
    provide_context(seed);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <title>{title}</title>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="dark light" />
                <meta name="theme-color" content="#10161d" media="(prefers-color-scheme: dark)" />
                <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
                <meta name="description" content="One live picture of the city" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="stylesheet" href="/fonts/inter.css" />
                <link rel="stylesheet" href="/vendor/maplibre-gl.css" />
                <link rel="stylesheet" href="/pkg/vedetta.css" />
                <script type="module" src="/bridge.js"></script>
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                // Data, not a program: browsers do not run this type, and it holds letters and digits only.
                <script type="application/octet-stream" id="seed">{packed}</script>
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The app: the live picture and the desk, and a page by its address.
#[component]
pub fn App() -> impl IntoView {
    let live = Live::from_seed(seed());
    provide_context(live);
    let desk = Desk::new(live);
    provide_context(desk);
    Effect::new(move |_| {
        #[cfg(feature = "hydrate")]
        live.start();
        desk.start();
    });
    (pages::Address::here().page().view)()
}

// What the page starts from. On the server: what the shell took, so that page and seed are of one moment.
#[cfg(not(feature = "hydrate"))]
fn seed() -> Seed {
    use_context::<Seed>().unwrap_or_else(Seed::empty)
}

// In the browser: what the server wrote into the page, packed like everything on the wire. (Leptos' own way is JSON, whose reader
// for all these types would weigh as much as the map, the charts and the socket together.)
#[cfg(feature = "hydrate")]
fn seed() -> Seed {
    let text = document().get_element_by_id("seed").and_then(|e| e.text_content());
    text.and_then(|t| packed::read(&t)).unwrap_or_else(Seed::empty)
}

/// Takes over a page the server rendered: builds it anew from the same seed, in the same instant, and puts it in its place.
///
/// Not hydration, which would walk the server's page and attach to it: that code would double the download, and a page that
/// differs by one character from what the browser expects would fail. What a person did before this ran (typed, scrolled,
/// focused) is carried over.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    rescue::on_panic();
    let before = carried::Carried::take();
    document().body().inspect(|b| b.set_inner_html(""));
    leptos::mount::mount_to_body(App);
    before.give();
}
