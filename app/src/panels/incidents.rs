//! What people work on: opened from an alarm or by hand, taken, noted, resolved, with everything anybody did in order.

use super::SidePanel;
use crate::desk::{Desk, Flight};
use crate::live::{Live, in_order};
use crate::model::{Act, IncidentState, Severity, time::ago};
use crate::ui::{Mark, Panel, PanelState, SendState, kept, panel_state};
use crate::ui::{flag, says, shows};
use leptos::prelude::*;
use std::sync::Arc;

/// The panel.
pub const PANEL: SidePanel = SidePanel { id: "incidents", title: "Incidents", count: active, view: || view! { <Incidents /> }.into_any() };

fn active(live: Live) -> usize {
    live.incidents.with(|m| m.values().filter(|i| i.is_active()).count())
}

#[component]
fn Incidents() -> impl IntoView {
    let live = Live::get();
    let order = move |active: bool| {
        kept(move || {
            live.incidents.with(|m| {
                let mine = m.values().filter(|i| i.is_active() == active);
                in_order(mine.map(|i| ([i.state as i64, -(i.severity as i64), -i.opened_at.millis()], i.id.clone())).collect())
            })
        })
    };
    let (open, done) = (order(true), order(false));
    let state = Signal::derive(move || panel_state(live, live.incidents.with(|m| m.is_empty())));
    view! {
        <Panel name="incidents" label="Incidents" state=state>
            <ByHand />
            <ul class="queue">
                <For each=move || open.get() key=|id| id.clone() children=|id| view! { <Row id=id /> } />
            </ul>
            <Show when=move || open.with(|q| q.is_empty()) && state.get() == PanelState::Live>
                <p class="empty">"Nothing is being worked on."</p>
            </Show>
            <Show when=move || !done.with(|s| s.is_empty())>
                <details class="shelf">
                    <summary>{shows(move || format!("Resolved {}", done.with(|s| s.len())))}</summary>
                    <ul class="queue">
                        <For each=move || done.get() key=|id| id.clone() children=|id| view! { <Row id=id /> } />
                    </ul>
                </details>
            </Show>
        </Panel>
    }
}

/// Opens an incident nobody's feed reported.
#[component]
fn ByHand() -> impl IntoView {
    let desk = Desk::get();
    let title = RwSignal::new(String::new());
    let severity = RwSignal::new(Severity::Moderate);
    let submit = move |e: leptos::ev::SubmitEvent| {
        e.prevent_default();
        let text = title.get_untracked().trim().to_owned();
        if !text.is_empty() {
            let act = Act::Open { title: text.as_str().into(), severity: severity.get_untracked(), position: None, alarm: None };
            desk.send(act, &format!("Open “{text}”"), "");
            title.set(String::new());
        }
    };
    let choices =
        Severity::ALL.iter().rev().map(|s| view! { <option value=s.token() selected=*s == Severity::Moderate>{s.word()}</option> });
    view! {
        <form class="by-hand" on:submit=submit>
            <label>
                <span class="hidden">"What is the matter"</span>
                <input type="text" maxlength="200" required placeholder="Open an incident by hand" prop:value=move || title.get() on:input=move |e| title.set(event_target_value(&e)) />
            </label>
            <label>
                <span class="hidden">"How bad"</span>
                <select on:change=move |e| severity.set(Severity::parse(&event_target_value(&e)).unwrap_or_default())>{choices.collect_view()}</select>
            </label>
            <button type="submit" class="small">"Open"</button>
            <SendState about="" />
        </form>
    }
}

#[component]
fn Row(id: Arc<str>) -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let incident = {
        let id = id.clone();
        kept(move || live.incidents.with(|m| m.get(&id).cloned()))
    };
    let selected = {
        let id = id.clone();
        kept(move || desk.is_selected("incident", &id))
    };
    let key = id.clone();
    let state = move || incident.try_get().flatten().map(|i| i.state.word().to_lowercase());
    let body = move || {
        let i = incident.try_get()??;
        let (id, taking) = (i.id.clone(), i.id.clone());
        let busy = {
            let id = i.id.clone();
            Signal::derive(move || desk.busy(&id))
        };
        let opened = i.opened_at;
        let at = i.position;
        let show = move |_| {
            if untrack(|| desk.is_selected("incident", &id)) {
                desk.selected.set(None);
                return;
            }
            desk.select("incident", id.clone());
            if let Some(p) = at {
                desk.flight.set(Some(Flight::Spot(p.lon(), p.lat())));
            }
        };
        let said = i.log.last().map(|e| format!("{}: {}", e.by, e.text)).unwrap_or_default();
        let owner = i.owner.as_ref().map(|o| o.to_string());
        Some(view! {
            <Mark severity=Signal::stored(i.severity) />
            <h3>
                <button type="button" class="row-title" aria-expanded=says(move || if selected.get() { "true" } else { "false" }) on:click=show>
                    {i.title.to_string()}
                </button>
            </h3>
            <span class="when num">{shows(move || ago(opened.age(live.now.get())))}</span>
            <p class="why" title=said.clone()>{said.clone()}</p>
            <p class="how">
                <span>{format!("{} · {} · {}", i.id, i.state.word(), i.severity.word())}</span>
                {owner.map(|o| view! { <span class="owner">{o}</span> })}
            </p>
            <div class="do">
                {(i.state == IncidentState::Open).then(|| view! {
                    <button
                        type="button"
                        class="small"
                        disabled=flag(move || busy.get())
                        on:click=move |_| desk.send(Act::Acknowledge { incident: taking.clone() }, "Take", &taking)
                    >
                        "Take"
                    </button>
                })}
            </div>
            <SendState about=i.id.clone() />
        })
    };
    view! {
        <li class="row" class:selected=flag(move || selected.get()) data-testid="incident" data-id=key.to_string() data-state=says(move || state().unwrap_or_default())>
            {shows(body)}
        </li>
    }
}
