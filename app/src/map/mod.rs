//! The map: an empty element the browser fills, its switches and legend, and beside it the same things as a list for everybody who does
//! not use the map.
//!
//! Movers bypass the reactive tree: at most [`MOVERS_EVERY`] what moved is written as GeoJSON and handed over, and only while
//! somebody can see it.

mod bridge;
pub mod geojson;
mod layers;
mod things;

pub use layers::{LAYERS, Layer, SCENES, Scene};
pub use things::Things;

use crate::browser;
use crate::desk::{Desk, Flight};
use crate::live::Live;
use crate::model::{Freshness, Severity, Time};
use crate::ui::{Glyph, Icon, kept};
use crate::ui::{says, shows};
use bridge::Bridge;
use leptos::{html, prelude::*};
use std::time::Duration;

/// How often movers are drawn at most.
const MOVERS_EVERY: Duration = Duration::from_millis(250);
/// Freshness changes by itself: movers that stand still are judged anew this often, counted in [`MOVERS_EVERY`].
const JUDGED_EVERY: u32 = 20;
/// How long the page waits for the bridge's script.
const PATIENCE: u32 = 100;

/// The map of the city.
#[component]
pub fn CityMap(
    /// The height of a screen, in CSS pixels, this map's texts are designed for; on a taller one they grow. None: they stay as they are.
    #[prop(optional)]
    lines: Option<u32>,
    /// Whether it can be moved and touched.
    #[prop(default = true)]
    touchable: bool,
    /// Layers left out.
    #[prop(into, optional)]
    without: Signal<Vec<&'static str>>,
) -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let node = NodeRef::<html::Div>::new();
    let bridge: StoredValue<Option<Bridge>, LocalStorage> = StoredValue::new_local(None);
    let attached = RwSignal::new(false);
    let ready = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    let drawn = RwSignal::new(0usize);
    let moved = RwSignal::new(0u32);
    let with = move |f: &dyn Fn(&Bridge)| {
        bridge.try_with_value(|b| {
            if let Some(b) = b {
                f(b);
            }
        });
    };
    let is_hidden = move |id: &str| desk.hidden.with(|h| h.contains(&id)) || without.with(|w| w.contains(&id));

    let tell = move |what: String, detail: String| match what.as_str() {
        "ready" => {
            ready.try_set(true);
            trouble.try_set(None);
        }
        "failed" => drop(trouble.try_set(Some(detail))),
        // A kind has no space in it; a key may.
        "picked" => match detail.split_once(' ') {
            Some((kind, key)) => desk.select(kind.to_owned(), key.to_owned()),
            None => desk.selected.set(None),
        },
        _ => {}
    };
    let attach = move |tries: u32| attach(tries, live, node, lines, touchable, bridge, attached, trouble, tell, is_hidden);
    Effect::new(move |_| {
        if node.get().is_some() && !attached.get_untracked() {
            attach(0);
        }
    });
    on_cleanup(move || with(&|b| b.remove()));

    // What stands and what goes on: drawn when it changes, or when a feed's freshness does.
    let judged = kept(move || {
        let now = live.now.get();
        live.feeds.with(|f| f.iter().map(|f| f.freshness(now)).collect::<Vec<Freshness>>())
    });
    // What is in force changes with the clock: looked at once a minute.
    let minute = kept(move || live.now.get().millis().div_euclid(60_000));
    let source = move |id: &'static str, make: fn(Live, &[Freshness], Memo<i64>) -> String| {
        Effect::new(move |before: Option<String>| {
            if !attached.get() {
                return String::new();
            }
            let text = judged.with(|j| make(live, j, minute));
            if before.as_ref() != Some(&text) {
                with(&|b| b.set(id, &text));
            }
            text
        });
    };
    source("hospitals", |l, j, _| l.places.with(|p| geojson::places("hospitals", p, j)));
    source("sites", |l, j, _| l.places.with(|p| geojson::places("sites", p, j)));
    source("routes", |l, _, _| l.places.with(|p| geojson::places("routes", p, &[])));
    source("districts", |l, _, _| l.places.with(|p| geojson::places("districts", p, &[])));
    source("alerts", |l, j, m| l.situations.with(|s| geojson::situations("alerts", s, j, at(m))));
    source("roads", |l, j, m| l.situations.with(|s| geojson::situations("roads", s, j, at(m))));
    source("events", |l, j, m| l.situations.with(|s| geojson::situations("events", s, j, at(m))));
    source("alarms", |l, _, _| l.alarms.with(|a| l.incidents.with(|i| geojson::alarms(a, i))));

    // What moves.
    let dirty = StoredValue::new(true);
    Effect::new(move |_| {
        live.movers_changed.track();
        dirty.set_value(true);
    });
    let idle = StoredValue::new(0u32);
    let draw_movers = move || {
        let rests = idle.try_get_value().unwrap_or(0) + 1;
        let due = dirty.try_get_value() == Some(true) || rests >= JUDGED_EVERY;
        idle.try_set_value(if due { 0 } else { rests });
        if !due || browser::hidden() || !ready.try_get_untracked().unwrap_or(false) || is_hidden_untracked(desk, without, "movers") {
            return;
        }
        let moving = dirty.try_get_value() == Some(true);
        dirty.try_set_value(false);
        let now = live.now.get_untracked();
        let (text, count) = live.feeds.with_untracked(|feeds| live.with_movers(|m| (geojson::movers(m, feeds, now), m.len())));
        with(&|b| b.set("movers", &text));
        if drawn.get_untracked() != count {
            drawn.set(count);
        }
        if moving {
            moved.update(|n| *n = n.wrapping_add(1));
            // A selected vehicle takes its ring along.
            if let Some(s) = desk.selected.get_untracked().filter(|s| &*s.kind == "mover") {
                let at = untrack(|| geojson::whereabouts(live, &s.kind, &s.key)).and_then(|g| g.anchor());
                with(&|b| b.set("selection", &geojson::selection(at)));
            }
        }
    };
    Effect::new(move |_| {
        if attached.get()
            && let Ok(ticking) = set_interval_with_handle(draw_movers, MOVERS_EVERY)
        {
            on_cleanup(move || ticking.clear());
        }
    });

    // What people do.
    Effect::new(move |_| {
        let at = desk
            .selected
            .get()
            .filter(|s| &*s.kind != "feed")
            .and_then(|s| geojson::whereabouts(live, &s.kind, &s.key))
            .and_then(|g| g.anchor());
        if attached.get() {
            with(&|b| b.set("selection", &geojson::selection(at)));
        }
    });
    Effect::new(move |_| {
        if attached.get() {
            for l in LAYERS {
                let on = !is_hidden(l.id);
                with(&|b| b.show(l.id, on));
            }
        }
    });
    Effect::new(move |before: Option<u32>| {
        let look = desk.look.get();
        if before.is_some_and(|b| b != look) {
            with(&|b| b.restyle());
        }
        look
    });
    Effect::new(move |_| {
        if let (true, Some(flight)) = (attached.get(), desk.flight.get()) {
            let to = match flight {
                Flight::Box([w, s, e, n]) => format!("[{w},{s},{e},{n}]"),
                Flight::Spot(lon, lat) => format!("[{lon},{lat}]"),
            };
            with(&|b| b.fly(&to));
        }
    });

    let attribution = move || live.city.with(|c| c.attribution.to_string());
    view! {
        <div
            class="map"
            node_ref=node
            role="group"
            aria-label=says(move || format!("Map of {}", live.city.with(|c| c.name.to_string())))
            data-testid="map"
            data-ready=says(move || if ready.get() { "true" } else { "false" })
            data-movers=says(move || drawn.get().to_string())
            data-moved=says(move || moved.get().to_string())
        ></div>
        {shows(move || {
            let said = match (trouble.get(), ready.get()) {
                (Some(why), _) => Some(format!("{why} Everything on it is in the list “Things on the map”.")),
                (None, false) => Some("Drawing the map\u{2026}".to_owned()),
                _ => None,
            };
            said.map(|text| view! { <p class="map-state" class:failed=trouble.get_untracked().is_some() role="status">{text}</p> })
        })}
        <p class="attribution">{shows(attribution)}</p>
    }
}

fn at(minute: Memo<i64>) -> Time {
    Time::from_secs(minute.get() * 60)
}

fn is_hidden_untracked(desk: Desk, without: Signal<Vec<&'static str>>, id: &str) -> bool {
    desk.hidden.try_with_untracked(|h| h.contains(&id)).unwrap_or(true) || without.try_with_untracked(|w| w.contains(&id)).unwrap_or(true)
}

// Makes the map; tries again while the bridge's script is still on its way.
#[allow(clippy::too_many_arguments)]
fn attach(
    tries: u32,
    live: Live,
    node: NodeRef<html::Div>,
    lines: Option<u32>,
    touchable: bool,
    bridge: StoredValue<Option<Bridge>, LocalStorage>,
    attached: RwSignal<bool>,
    trouble: RwSignal<Option<String>>,
    tell: impl FnMut(String, String) + Copy + 'static,
    is_hidden: impl Fn(&str) -> bool + Copy + 'static,
) {
    let Some(element) = node.try_get_untracked().flatten() else { return };
    let options = untrack(|| {
        let city = live.city.get();
        let hidden: Vec<_> = LAYERS.iter().map(|l| l.id).filter(|id| is_hidden(id)).collect();
        geojson::options(&city, lines.unwrap_or(0), !touchable, &hidden)
    });
    match Bridge::create(&element, &options, tell) {
        Some(b) => {
            bridge.set_value(Some(b));
            attached.set(true);
        }
        None if tries < PATIENCE => set_timeout(
            move || attach(tries + 1, live, node, lines, touchable, bridge, attached, trouble, tell, is_hidden),
            Duration::from_millis(100),
        ),
        None => drop(trouble.try_set(Some("The map's program could not be loaded.".to_owned()))),
    }
}

/// Switches for the layers, and a button for the whole city.
#[component]
pub fn LayerBar() -> impl IntoView {
    let desk = Desk::get();
    let live = Live::get();
    let one = move |l: &'static Layer| {
        let on = move || !desk.hidden.with(|h| h.contains(&l.id));
        let flip = move |_| {
            desk.hidden.update(|h| match h.iter().position(|id| *id == l.id) {
                Some(i) => {
                    h.swap_remove(i);
                }
                None => h.push(l.id),
            });
        };
        view! {
            <button type="button" aria-pressed=says(move || if on() { "true" } else { "false" }) on:click=flip>
                <i class=format!("sym {}", l.symbol) aria-hidden="true"></i>
                {l.title}
            </button>
        }
    };
    view! {
        <div class="layers card" role="group" aria-label="Layers of the map">
            {LAYERS.iter().filter(|l| l.switchable).map(one).collect_view()}
            <button
                type="button"
                class="icon-button"
                aria-label="Show the whole city"
                title="Show the whole city"
                on:click=move |_| desk.flight.set(Some(Flight::Box(live.city.with_untracked(|c| c.bounds.0))))
            >
                <Icon glyph=Glyph::Fit />
            </button>
        </div>
    }
}

/// What the marks mean: severity, freshness, movers, lines and areas.
#[component]
pub fn Legend() -> impl IntoView {
    let severity = Severity::ALL.iter().rev().map(|s| {
        let word = if *s == Severity::Unknown { "Not known" } else { s.word() };
        view! { <li><i class=format!("sev {}", s.token()) aria-hidden="true"></i>{word}</li> }
    });
    let others = [
        ("sym arrow", "Bus, tram, train"),
        ("sym arrow unit", "Ambulance, fire, police"),
        ("sym arrow service", "Service vehicle"),
        ("sym arrow stale", "Old position"),
        ("sym arrow gone", "Too old to say"),
        ("sym hospital", "Hospital"),
        ("sym area", "Alert area"),
        ("sym drill", "Drill or test"),
        ("sym road", "Road trouble"),
        ("sym hatched", "Stale value"),
    ];
    let others = others.into_iter().map(|(class, word)| view! { <li><i class=class aria-hidden="true"></i>{word}</li> });
    view! {
        <details class="legend card">
            <summary>"Legend"</summary>
            <ul>{severity.collect_view()}</ul>
            <ul>{others.collect_view()}</ul>
        </details>
    }
}
