//! The wall: read from six metres, by many, touched by nobody. All its sizes follow the height of the screen.

use crate::desk::Desk;
use crate::live::{Link, Live};
use crate::map::{CityMap, SCENES, Scene};
use crate::model::{AlarmState, Severity, time::ago};
use crate::panels::{Domains, KpiTile, oldest_input};
use crate::ui::Mark;
use crate::ui::{kept, says, shows};
use leptos::prelude::*;
use std::{cmp::Reverse, sync::Arc};

/// As many key figures as fit beside the map.
const FIGURES: usize = 6;
/// The height, in CSS pixels, the map's texts are designed for.
const LINES: u32 = 720;

#[derive(Clone, PartialEq)]
struct Focus {
    kind: &'static str,
    id: Arc<str>,
    severity: Severity,
    rated: String,
    title: String,
    since: crate::model::Time,
    owner: Option<String>,
    more: String,
}

// What the whole room should look at: the gravest open incident, else the gravest alarm; nothing below Moderate.
fn focus(live: Live) -> Option<Focus> {
    let incident = live.incidents.with(|m| {
        let worst = m.values().filter(|i| i.is_active()).max_by_key(|i| (i.severity, Reverse(i.state), i.opened_at))?;
        Some(Focus {
            kind: "incident",
            id: worst.id.clone(),
            severity: worst.severity,
            rated: format!("Incident {} · {} · {}", worst.id, worst.severity.word(), worst.state.word()),
            title: worst.title.to_string(),
            since: worst.opened_at,
            owner: worst.owner.as_ref().map(|o| o.to_string()),
            more: worst.log.last().map(|e| e.text.to_string()).unwrap_or_default(),
        })
    });
    let alarm = live.alarms.with(|m| {
        let open = m.values().filter(|a| a.incident.is_none() && !matches!(a.state, AlarmState::Shelved { .. }));
        let worst = open.max_by_key(|a| (a.severity, a.is_standing(), a.urgency, a.since))?;
        Some(Focus {
            kind: "alarm",
            id: worst.id.clone(),
            severity: worst.severity,
            rated: format!("{} · {} · {}", worst.severity.word(), worst.urgency.word(), worst.certainty.word()),
            title: worst.title.to_string(),
            since: worst.since,
            owner: worst.owner().map(str::to_owned),
            more: worst.reason.to_string(),
        })
    });
    let graver = match (incident, alarm) {
        (Some(i), Some(a)) => Some(if a.severity > i.severity { a } else { i }),
        (i, a) => i.or(a),
    };
    graver.filter(|f| f.severity >= Severity::Moderate || f.severity == Severity::Unknown)
}

/// The wall page, in the scene its address names.
#[component]
pub fn Wall() -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let named = super::Address::here().name().unwrap_or_default();
    let scene = SCENES.iter().position(|s| s.id == named).unwrap_or(0);
    let show = move || SCENES.get(scene).copied().unwrap_or(Scene { id: "", title: "", without: &[] });
    let focused = kept(move || focus(live));
    // Its ring on the map.
    Effect::new(move |_| {
        let target = focused.with(|f| f.as_ref().map(|f| (f.kind, f.id.clone())));
        match target {
            Some((kind, id)) => desk.select(kind, id),
            None => desk.selected.set(None),
        }
    });
    let offset = move || live.city.with(|c| c.offset_s);
    let city = move || live.city.with(|c| c.name.to_string());
    let clock = move || {
        let at = if live.link.get() == Link::Lost { live.heard_at.get() } else { live.now.get() };
        at.clock(offset()).chars().take(5).collect::<String>()
    };
    let card = move || {
        focused.get().map(|f| {
            let since = f.since;
            view! {
                <section class=format!("focus {}", f.severity.token()) aria-label="In focus">
                    <p class="tag"><Mark severity=Signal::stored(f.severity) />{f.rated}{shows(move || format!(" · {} ago", ago(since.age(live.now.get()))))}</p>
                    <h2>{f.title}</h2>
                    <p>"Owner "<b>{f.owner.unwrap_or_else(|| "nobody yet".to_owned())}</b></p>
                    <p class="more">{f.more}</p>
                </section>
            }
        })
    };
    let figures = kept(move || live.kpis.with(|k| k.len().min(FIGURES)));
    let heartbeat = move || format!("{} · heartbeat {}", live.link.get().word(), live.heard_at.get().clock(offset()));
    let oldest = move || oldest_input(live).map(|(name, age, f)| format!("oldest input {age}, {}: {name}", f.word()));
    view! {
        <div class="page wall" data-link=says(move || live.link.get().token())>
            <header class="top">
                <h1>{shows(city)}<small>{shows(move || show().title)}</small></h1>
                {shows(move || live.city.with(|c| c.demo).then(|| view! { <span class="demo">"DEMO"</span> }))}
                <Domains />
                <time class="clock num" data-testid="clock">{shows(clock)}</time>
            </header>
            <main id="main">
                <CityMap lines=LINES touchable=false without=Signal::derive(move || show().without.to_vec()) />
                {shows(card)}
                {shows(move || (live.link.get() == Link::Lost).then(|| view! {
                    <p class="lost" role="alert">{shows(move || format!("No link since {}. This is the last good picture.", live.heard_at.get().clock(offset())))}</p>
                }))}
            </main>
            <aside aria-label="Key figures">
                <ul>
                    <For each=move || 0..figures.get() key=|i| *i let:i>
                        <li><KpiTile place=i touchable=false /></li>
                    </For>
                </ul>
            </aside>
            <footer>
                <span class=says(move || format!("link {}", live.link.get().token())) data-testid="link" data-state=says(move || live.link.get().token())><i aria-hidden="true"></i>{shows(heartbeat)}</span>
                <span class="oldest">{shows(oldest)}</span>
                <span class="scene">{shows(move || format!("scene {} of {}", scene + 1, SCENES.len()))}</span>
            </footer>
        </div>
    }
    .into_any()
}
