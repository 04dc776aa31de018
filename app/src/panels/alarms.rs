//! The alarm queue, worst first, under the operator's own load (ISA-18.2, EEMUA 191: what one person can bear is measured in the open).

use super::SidePanel;
use crate::desk::Desk;
use crate::live::{Live, in_order};
use crate::model::{Act, Alarm, AlarmState, time::ago};
use crate::ui::{Mark, Panel, Rated, SendState, kept, panel_state};
use crate::ui::{flag, says, shows};
use leptos::prelude::*;
use std::{sync::Arc, time::Duration};

/// The panel.
pub const PANEL: SidePanel = SidePanel { id: "alarms", title: "Alarms", count: standing, view: || view! { <Alarms /> }.into_any() };

/// EEMUA 191: more than this many new alarms in ten minutes is more than one operator can follow.
const BEARABLE: usize = 10;
const WINDOW: Duration = Duration::from_secs(600);
/// How long an alarm is shelved.
const SHELF_MS: i64 = 30 * 60_000;

fn is_shelved(a: &Alarm) -> bool {
    matches!(a.state, AlarmState::Shelved { .. })
}
fn standing(live: Live) -> usize {
    live.alarms.with(|m| m.values().filter(|a| !is_shelved(a)).count())
}

#[component]
fn Alarms() -> impl IntoView {
    let live = Live::get();
    let order = move |shelved: bool| {
        kept(move || {
            live.alarms.with(|m| {
                let mine = m.values().filter(|a| is_shelved(a) == shelved);
                in_order(mine.map(|a| ([-(a.severity as i64), -a.since.millis(), 0], a.id.clone())).collect())
            })
        })
    };
    let (queue, shelf) = (order(false), order(true));
    let recent = move || {
        let now = live.now.get();
        live.alarms.with(|m| m.values().filter(|a| a.since.age(now) <= WINDOW).count())
    };
    let unowned = move || live.alarms.with(|m| m.values().filter(|a| a.is_standing()).count());
    let state = Signal::derive(move || panel_state(live, live.alarms.with(|m| m.is_empty())));
    view! {
        <Panel name="alarms" label="Alarms" state=state>
            <dl class="load num">
                <div><dt>"Standing"</dt><dd>{shows(move || standing(live))}</dd></div>
                <div class:over=flag(move || { recent() > BEARABLE })>
                    <dt>"Last 10 min"</dt>
                    <dd>{shows(recent)}" "<small>{format!("of {BEARABLE}")}</small></dd>
                </div>
                <div><dt>"Unowned"</dt><dd>{shows(unowned)}</dd></div>
            </dl>
            <ul class="queue">
                <For each=move || queue.get() key=|id| id.clone() children=|id| view! { <Row id=id /> } />
            </ul>
            <Show when=move || queue.with(|q| q.is_empty()) && state.get() == crate::ui::PanelState::Live>
                <p class="empty">"No alarm stands."</p>
            </Show>
            <Show when=move || !shelf.with(|s| s.is_empty())>
                <details class="shelf">
                    <summary>{shows(move || format!("Shelved {}", shelf.with(|s| s.len())))}</summary>
                    <ul class="queue">
                        <For each=move || shelf.get() key=|id| id.clone() children=|id| view! { <Row id=id /> } />
                    </ul>
                </details>
            </Show>
        </Panel>
    }
}

/// One alarm. What can be done about it unfolds when it is selected; taking it never needs that.
#[component]
fn Row(id: Arc<str>) -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let alarm = {
        let id = id.clone();
        kept(move || live.alarms.with(|m| m.get(&id).cloned()))
    };
    let selected = {
        let id = id.clone();
        kept(move || desk.is_selected("alarm", &id))
    };
    let key = id.clone();
    let body = move || {
        let a = alarm.try_get()??;
        let (id, taking, shelving, opening) = (a.id.clone(), a.clone(), a.clone(), a.clone());
        let busy = {
            let id = a.id.clone();
            Signal::derive(move || desk.busy(&id))
        };
        let since = a.since;
        let owner = match &a.state {
            AlarmState::Standing => None,
            AlarmState::Acknowledged { by, .. } => Some(by.to_string()),
            AlarmState::Shelved { by, until } => Some(format!("shelved until {} by {by}", hm(live, *until))),
        };
        let take = move |_| desk.send(Act::TakeAlarm { alarm: taking.id.clone() }, "Take", &taking.id);
        let open = move |_| {
            let act = Act::Open {
                title: opening.title.clone(),
                severity: opening.severity,
                position: opening.position,
                alarm: Some(opening.id.clone()),
            };
            desk.send(act, "Open incident", &opening.id);
        };
        let shelve = move |_| {
            let until = live.now.get_untracked().shifted(SHELF_MS);
            desk.send(Act::ShelveAlarm { alarm: shelving.id.clone(), until }, "Shelve 30 min", &shelving.id);
        };
        let unowned = owner.is_none();
        let incident = a.incident.clone();
        Some(view! {
            <Mark severity=Signal::stored(a.severity) />
            <h3>
                <button type="button" class="row-title" aria-expanded=says(move || if selected.get() { "true" } else { "false" }) on:click=move |_| toggle(live, desk, &id)>
                    {a.title.to_string()}
                </button>
            </h3>
            <span class="when num">{shows(move || ago(since.age(live.now.get())))}</span>
            <p class="why" title=a.reason.to_string()>{a.reason.to_string()}</p>
            <p class="how">
                <Rated severity=a.severity urgency=a.urgency certainty=a.certainty />
                {owner.map(|o| view! { <span class="owner">{o}</span> })}
            </p>
            <div class="do">
                {unowned.then(|| view! { <button type="button" class="small" disabled=flag(move || busy.get()) on:click=take>"Take"</button> })}
                <Show when=move || selected.get()>
                    {match incident.clone() {
                        Some(i) => {
                            let label = format!("Incident {i}");
                            view! { <button type="button" class="small" on:click=move |_| desk.select("incident", i.clone())>{label}</button> }.into_any()
                        }
                        None => view! { <button type="button" class="small" disabled=flag(move || busy.get()) on:click=open.clone()>"Open incident"</button> }.into_any(),
                    }}
                    <button type="button" class="small" disabled=flag(move || busy.get()) on:click=shelve.clone()>"Shelve 30 min"</button>
                </Show>
            </div>
            <SendState about=a.id.clone() />
        })
    };
    view! {
        <li class="row" class:selected=flag(move || selected.get()) data-testid="alarm" data-id=key.to_string()>
            {shows(body)}
        </li>
    }
}

fn toggle(live: Live, desk: Desk, id: &Arc<str>) {
    if untrack(|| desk.is_selected("alarm", id)) {
        desk.selected.set(None);
    } else {
        desk.select("alarm", id.clone());
        if let Some(p) = live.alarms.with_untracked(|m| m.get(id).and_then(|a| a.position)) {
            desk.flight.set(Some(crate::desk::Flight::Spot(p.lon(), p.lat())));
        }
    }
}

fn hm(live: Live, t: crate::model::Time) -> String {
    t.clock(live.city.with_untracked(|c| c.offset_s)).chars().take(5).collect()
}
