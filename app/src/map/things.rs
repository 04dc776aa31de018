//! The map as a list: everything on it, by kind, each row a button that selects it. For the keyboard, for screen readers, and for
//! screens without WebGL.

use super::geojson;
use crate::desk::Desk;
use crate::live::Live;
use crate::model::{AlarmState, PlaceKind, Severity};
use crate::ui::{kept, says, shows};
use leptos::prelude::*;

/// Rows of one group shown at once; the search finds the others.
const SHOWN: usize = 60;
/// How often the vehicles in the list are looked at anew, in seconds.
const LOOK_EVERY_S: i64 = 5;

#[derive(Clone, PartialEq)]
struct Row {
    kind: &'static str,
    key: String,
    name: String,
    note: String,
    severity: Option<Severity>,
}
type Group = (&'static str, usize, Vec<Row>);

/// The list.
#[component]
pub fn Things() -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let open = RwSignal::new(false);
    let search = RwSignal::new(String::new());
    let beat = kept(move || live.now.get().millis().div_euclid(LOOK_EVERY_S * 1000));
    // Without its rows while nobody looks at it: a list of a thousand buses is not for free.
    let groups = kept(move || if open.get() { collect(live, &search.get().to_lowercase(), beat) } else { Vec::new() });
    let row = move |r: Row| {
        let (kind, key) = (r.kind, r.key.clone());
        let pressed = {
            let key = r.key.clone();
            move || if desk.is_selected(kind, &key) { "true" } else { "false" }
        };
        view! {
            <li>
                <button type="button" aria-pressed=says(pressed) on:click=move |_| desk.select(kind, key.as_str())>
                    {r.severity.map(|s| view! { <i class=format!("sev {}", s.token()) aria-hidden="true"></i> })}
                    <span class="name">{r.name}</span>
                    <span class="note">{r.note}</span>
                </button>
            </li>
        }
    };
    let group = move |(title, count, rows): Group| {
        let more = count - rows.len();
        view! {
            <h3>{title}" "<b class="num">{count}</b></h3>
            <ul>{rows.into_iter().map(row).collect_view()}</ul>
            {(more > 0).then(|| view! { <p class="more">{format!("and {more} more: search for them")}</p> })}
        }
    };
    view! {
        <details class="things card" on:toggle=move |e| open.set(is_open(&e))>
            <summary><h2>"Things on the map"</h2></summary>
            <label class="search">
                <span class="hidden">"Search the things on the map"</span>
                <input type="search" placeholder="Search" prop:value=move || search.get() on:input=move |e| search.set(event_target_value(&e)) />
            </label>
            <div class="things-list">{shows(move || groups.get().into_iter().map(group).collect_view())}</div>
        </details>
    }
}

fn is_open(e: &leptos::ev::Event) -> bool {
    use leptos::wasm_bindgen::JsCast;
    e.target().and_then(|t| t.dyn_into::<leptos::web_sys::Element>().ok()).is_some_and(|d| d.has_attribute("open"))
}

fn collect(live: Live, search: &str, beat: Memo<i64>) -> Vec<Group> {
    let now = live.now.get_untracked();
    let mut groups: Vec<Group> = Vec::new();
    let mut group = |title: &'static str, rows: &mut dyn Iterator<Item = Row>| {
        let mut count = 0;
        let mut shown = Vec::new();
        for r in rows.filter(|r| search.is_empty() || r.name.to_lowercase().contains(search) || r.note.to_lowercase().contains(search)) {
            count += 1;
            if shown.len() < SHOWN {
                shown.push(r);
            }
        }
        if count > 0 {
            groups.push((title, count, shown));
        }
    };
    live.incidents.with(|m| {
        group(
            "Incidents",
            &mut m.values().filter(|i| i.is_active()).map(|i| Row {
                kind: "incident",
                key: i.id.to_string(),
                name: i.title.to_string(),
                note: format!("{}, {}", i.severity.word(), i.state.word()),
                severity: Some(i.severity),
            }),
        );
    });
    live.alarms.with(|m| {
        group(
            "Alarms",
            &mut m.values().filter(|a| !matches!(a.state, AlarmState::Shelved { .. })).map(|a| Row {
                kind: "alarm",
                key: a.id.to_string(),
                name: a.title.to_string(),
                note: a.severity.word().to_owned(),
                severity: Some(a.severity),
            }),
        );
    });
    live.situations.with(|m| {
        for layer in ["alerts", "roads", "events"] {
            let title = match layer {
                "alerts" => "Alerts",
                "roads" => "Roads",
                _ => "Calls and services",
            };
            group(
                title,
                &mut m.iter().filter(|(_, s)| geojson::situation_layer(s.kind) == layer && s.in_force(now)).map(|(k, s)| Row {
                    kind: "situation",
                    key: k.to_string(),
                    name: s.headline.to_string(),
                    note: format!("{}, {}, {}", s.kind.title(), s.severity.word(), s.status.title()),
                    severity: Some(s.severity),
                }),
            );
        }
    });
    live.places.with(|m| {
        for kind in PlaceKind::ALL {
            let title = match kind {
                PlaceKind::Hospital => "Hospitals",
                PlaceKind::Sensor => "Sensors",
                PlaceKind::RoadSegment => "Road segments",
                PlaceKind::ChargingSite => "Charging sites",
                PlaceKind::Shelter => "Shelters",
                PlaceKind::Camera => "Cameras",
                PlaceKind::District => "Districts",
                PlaceKind::Route => "Transit routes",
                PlaceKind::Stop => continue,
            };
            group(
                title,
                &mut m.iter().filter(|(_, p)| p.kind == *kind).map(|(k, p)| Row {
                    kind: "place",
                    key: k.to_string(),
                    name: p.name.to_string(),
                    note: p.badge.as_deref().unwrap_or("").to_owned(),
                    severity: p.severity,
                }),
            );
        }
    });
    let _ = beat.get();
    live.feeds.with(|feeds| {
        live.with_movers(|m| {
            group(
                "Vehicles",
                &mut m.iter().map(|(k, v)| Row {
                    kind: "mover",
                    key: k.to_string(),
                    name: v.name.to_string(),
                    note: format!("{}, {}", v.kind.title(), geojson::mover_freshness(v, feeds, now).word()),
                    severity: None,
                }),
            );
        });
    });
    groups
}
