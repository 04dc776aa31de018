//! An alarm: what, how sure, since when, why; what can be done; and the thing it is about.

use super::thing::Facts;
use crate::desk::Desk;
use crate::live::Live;
use crate::model::{Act, AlarmState, time::ago};
use crate::ui::{Mark, Rated, SendState, kept};
use crate::ui::{flag, shows};
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub(super) fn AlarmFacts(id: Arc<str>) -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let alarm = {
        let id = id.clone();
        kept(move || live.alarms.with(|m| m.get(&id).cloned()))
    };
    let subject = kept(move || alarm.with(|a| a.as_ref().map(|a| a.subject.clone())));
    let about = id.clone();
    let head = move || {
        let Some(a) = alarm.get() else {
            return view! { <h2>"This alarm is over"</h2><p class="empty">"Its cause is gone."</p> }.into_any();
        };
        let (since, id) = (a.since, a.id.clone());
        let busy = Signal::derive(move || desk.busy(&id));
        let offset = live.city.with(|c| c.offset_s);
        let owner = match &a.state {
            AlarmState::Standing => "nobody yet".to_owned(),
            AlarmState::Acknowledged { by, at } => format!("{by}, since {}", at.clock(offset)),
            AlarmState::Shelved { by, until } => format!("shelved by {by} until {}", until.clock(offset)),
        };
        let (take, open) = (a.clone(), a.clone());
        let standing = a.is_standing();
        let incident = a.incident.clone();
        view! {
            <p class="tag">
                <Mark severity=Signal::stored(a.severity) />
                <Rated severity=a.severity urgency=a.urgency certainty=a.certainty />
            </p>
            <h2>{a.title.to_string()}</h2>
            <dl>
                <dt>"Since"</dt>
                <dd class="num">{since.clock(offset)}<span class="age">{shows(move || format!("{} ago", ago(since.age(live.now.get()))))}</span></dd>
                <dt>"Why"</dt>
                <dd>{a.reason.to_string()}</dd>
                <dt>"Rule"</dt>
                <dd>{a.rule.to_string()}</dd>
                <dt>"Owner"</dt>
                <dd>{owner}</dd>
            </dl>
            <div class="do">
                {standing.then(|| view! {
                    <button type="button" class="primary" disabled=flag(move || busy.get()) on:click=move |_| desk.send(Act::TakeAlarm { alarm: take.id.clone() }, "Take", &take.id)>
                        "Take"
                    </button>
                })}
                {match incident {
                    Some(i) => {
                        let label = format!("Incident {i}");
                        view! { <button type="button" on:click=move |_| desk.select("incident", i.clone())>{label}</button> }.into_any()
                    }
                    None => view! {
                        <button
                            type="button"
                            disabled=flag(move || busy.get())
                            on:click=move |_| {
                                let act = Act::Open { title: open.title.clone(), severity: open.severity, position: open.position, alarm: Some(open.id.clone()) };
                                desk.send(act, "Open incident", &open.id);
                            }
                        >
                            "Open incident"
                        </button>
                    }
                    .into_any(),
                }}
            </div>
        }
        .into_any()
    };
    view! {
        {shows(head)}
        <SendState about=about />
        {shows(move || subject.get().filter(|s| &*s.0 != "alarm" && &*s.0 != "kpi").map(|(kind, key)| view! { <hr /><Facts kind=kind key=key within=true /> }))}
        {shows(move || subject.get().filter(|s| &*s.0 == "kpi").map(|(_, key)| view! { <hr /><super::KpiFacts id=key /> }))}
    }
}
