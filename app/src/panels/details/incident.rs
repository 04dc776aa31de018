//! An incident: where it stands, what can be done, and everything anybody did and said, with names and times.

use crate::desk::Desk;
use crate::live::Live;
use crate::model::{Act, IncidentState, time::ago};
use crate::ui::{Mark, SendState, kept};
use crate::ui::{flag, shows};
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn IncidentFacts(id: Arc<str>) -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let incident = {
        let id = id.clone();
        kept(move || live.incidents.with(|m| m.get(&id).cloned()))
    };
    let active = kept(move || incident.with(|i| i.as_ref().is_some_and(|i| i.is_active())));
    let about = id.clone();
    let head = move || {
        let Some(i) = incident.get() else {
            return view! { <h2>"This incident was put away"</h2> }.into_any();
        };
        let offset = live.city.with(|c| c.offset_s);
        let opened = i.opened_at;
        let (take, resolve, mine) = (i.id.clone(), i.id.clone(), i.id.clone());
        let busy = Signal::derive(move || desk.busy(&mine));
        let log = i.log.iter().map(|e| {
            view! {
                <li>
                    <span class="num">{e.at.clock(offset)}</span>
                    <b>{e.by.to_string()}</b>
                    <span>{e.text.to_string()}</span>
                </li>
            }
        });
        let alarm = i.alarm.clone();
        view! {
            <p class="tag">
                <Mark severity=Signal::stored(i.severity) />
                {format!("{} · {} · {}", i.severity.word(), i.state.word(), i.id)}
            </p>
            <h2>{i.title.to_string()}</h2>
            <dl>
                <dt>"Opened"</dt>
                <dd class="num">{opened.clock(offset)}<span class="age">{shows(move || format!("{} ago", ago(opened.age(live.now.get()))))}</span></dd>
                <dt>"Owner"</dt>
                <dd>{i.owner.as_deref().unwrap_or("nobody yet").to_owned()}</dd>
                {alarm.map(|a| {
                    view! {
                        <dt>"From"</dt>
                        <dd><button type="button" class="link" on:click=move |_| desk.select("alarm", a.clone())>"its alarm"</button></dd>
                    }
                })}
            </dl>
            <div class="do">
                {(i.state == IncidentState::Open).then(|| view! {
                    <button type="button" class="primary" disabled=flag(move || busy.get()) on:click=move |_| desk.send(Act::Acknowledge { incident: take.clone() }, "Take", &take)>
                        "Take"
                    </button>
                })}
                {(i.state != IncidentState::Resolved).then(|| view! {
                    <button type="button" disabled=flag(move || busy.get()) on:click=move |_| desk.send(Act::Resolve { incident: resolve.clone() }, "Resolve", &resolve)>
                        "Resolve"
                    </button>
                })}
            </div>
            <h3>"Log"</h3>
            <ol class="log">{log.collect_view()}</ol>
        }
        .into_any()
    };
    let note = RwSignal::new(String::new());
    let submit = move |e: leptos::ev::SubmitEvent| {
        e.prevent_default();
        let text = note.get_untracked().trim().to_owned();
        if !text.is_empty() {
            desk.send(Act::Note { incident: id.clone(), text: text.as_str().into() }, "Note", &id);
            note.set(String::new());
        }
    };
    view! {
        {shows(head)}
        <SendState about=about />
        <form class="add-note" on:submit=submit hidden=flag(move || !active.get())>
            <label>
                <span class="hidden">"Add a note"</span>
                <input type="text" maxlength="500" placeholder="Add a note" prop:value=move || note.get() on:input=move |e| note.set(event_target_value(&e)) />
            </label>
            <button type="submit" class="small">"Note"</button>
        </form>
    }
}
