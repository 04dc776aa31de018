//! The phone, in the rain: my task first, big targets, and what waits to be sent in plain sight. Reads as plain HTML before any code runs.

use crate::browser;
use crate::desk::{Desk, NOBODY_YET};
use crate::live::{Link, Live, in_order};
use crate::model::{Act, AlarmState, Incident, IncidentState, Position, Severity, time::ago};
use crate::panels::{Announcer, Introduce, KpiTile, Operator, Outbox, oldest_input};
use crate::ui::{Mark, Rated, SendState, kept};
use crate::ui::{flag, says, shows};
use leptos::prelude::*;
use std::{cmp::Reverse, sync::Arc, time::Duration};

/// How long "Need help" is held, so that no pocket calls for help.
const HOLD: Duration = Duration::from_secs(2);

/// The parts of the page, for the bar at its foot.
const PARTS: &[(&str, &str)] = &[("task", "Task"), ("nearby", "Alarms"), ("report", "Report"), ("city", "City")];

// My task: what I own, the gravest first; else the gravest that nobody has.
fn task(live: Live, me: &str) -> Option<Incident> {
    live.incidents.with(|m| {
        let mine = |i: &&Incident| me != NOBODY_YET && i.owner.as_deref() == Some(me);
        let active = || m.values().filter(|i| i.is_active());
        active()
            .filter(mine)
            .max_by_key(|i| (i.severity, i.opened_at))
            .or_else(|| active().min_by_key(|i| (i.state, Reverse(i.severity), i.opened_at)))
            .cloned()
    })
}

fn position(at: Option<(f64, f64)>) -> Option<Position> {
    at.and_then(|(lon, lat)| Position::new(lon, lat))
}

/// The phone page.
#[component]
pub fn Phone() -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let city = move || live.city.with(|c| c.name.to_string());
    let offset = move || live.city.with(|c| c.offset_s);
    let waiting = move || desk.outbox.with(|o| o.len());
    let linked = move || {
        let link = match live.link.get() {
            Link::Live => "Live",
            Link::Connecting => "Connecting",
            Link::Late => "◔ Slow network",
            Link::Lost => "◔ No network",
        };
        match waiting() {
            0 => link.to_owned(),
            n => format!("{link} · {n} waiting"),
        }
    };
    let age = move || format!("picture {} old", ago(live.heard_at.get().age(live.now.get())));
    let mine = kept(move || task(live, &desk.operator.get()));
    let figures = kept(move || live.kpis.with(|k| k.len()));
    let alarms = kept(move || {
        live.alarms.with(|m| {
            let mine = m.values().filter(|a| !matches!(a.state, AlarmState::Shelved { .. }));
            in_order(mine.map(|a| ([-(a.severity as i64), -a.since.millis(), 0], a.id.clone())).collect())
        })
    });
    let here = RwSignal::new("task");
    let part = move |(id, title): &(&'static str, &'static str)| {
        let id = *id;
        view! { <a href=format!("#{id}") aria-current=move || (here.get() == id).then_some("location") on:click=move |_| here.set(id)>{*title}</a> }
    };
    let oldest = move || oldest_input(live).map(|(name, age, f)| format!("Oldest input: {name}, {age}, {}", f.word()));
    view! {
        <div class="page phone" data-link=says(move || live.link.get().token())>
            <header class="top">
                <h1>{shows(city)}</h1>
                <span class=says(move || format!("link {}", live.link.get().token())) data-testid="link" data-state=says(move || live.link.get().token())>{shows(linked)}</span>
                <span class="who">{shows(move || desk.operator.get())}</span>
                <span class="num" data-testid="clock" title=says(move || live.heard_at.get().clock(offset()))>{shows(age)}</span>
                <Operator />
            </header>
            <main id="main">
                <Introduce />
                <section id="task" aria-labelledby="task-title">
                    <h2 id="task-title">"My task"</h2>
                    {shows(move || match mine.get() {
                        Some(i) => view! { <Task incident=i /> }.into_any(),
                        None => view! { <p class="empty">"No open incident."</p> }.into_any(),
                    })}
                </section>
                <section aria-label="Ask for help"><Help /></section>
                <Outbox />
                <section id="nearby" aria-labelledby="nearby-title">
                    <h2 id="nearby-title">"Alarms "<b class="num">{shows(move || alarms.with(|a| a.len()))}</b></h2>
                    <ul class="cards">
                        <For each=move || alarms.get() key=|id| id.clone() children=|id| view! { <AlarmCard id=id /> } />
                    </ul>
                    <Show when=move || alarms.with(|a| a.is_empty())><p class="empty">"No alarm stands."</p></Show>
                </section>
                <section id="report" aria-labelledby="report-title">
                    <h2 id="report-title">"Report an incident"</h2>
                    <Report />
                </section>
                <section id="city" aria-labelledby="city-title">
                    <h2 id="city-title">"The city now"</h2>
                    <ul class="tiles">
                        <For each=move || 0..figures.get() key=|i| *i let:i>
                            <li><KpiTile place=i touchable=false /></li>
                        </For>
                    </ul>
                    <p class="oldest">{shows(oldest)}</p>
                </section>
            </main>
            <nav aria-label="Parts of this page">{PARTS.iter().map(part).collect_view()}</nav>
            <Announcer />
        </div>
    }
    .into_any()
}

#[component]
fn Task(incident: Incident) -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let i = incident;
    let offset = live.city.with_untracked(|c| c.offset_s);
    let opened = i.opened_at;
    let (id, take, scene, done) = (i.id.clone(), i.id.clone(), i.id.clone(), i.id.clone());
    let busy = {
        let id = i.id.clone();
        Signal::derive(move || desk.busy(&id))
    };
    let locating = RwSignal::new(false);
    let on_scene = move |_| {
        locating.set(true);
        let id = scene.clone();
        let at = live.now.get_untracked().clock(offset);
        browser::locate(move |found| {
            let place = position(found).map_or("position not known".to_owned(), |p| format!("at {:.5}, {:.5}", p.lat(), p.lon()));
            locating.try_set(false);
            desk.send(Act::Note { incident: id.clone(), text: format!("On scene {at}, {place}").into() }, "On scene", &id);
        });
    };
    let steps = i.log.iter().rev().take(4).rev().map(|e| {
        view! { <li><span>{e.text.to_string()}</span><small>{format!("{} · {}", e.by, e.at.clock(offset))}</small></li> }
    });
    let open = i.state == IncidentState::Open;
    view! {
        <article class="task" data-testid="incident" data-id=id.to_string() data-state=i.state.word().to_lowercase()>
            <p class="tag"><Mark severity=Signal::stored(i.severity) />{format!("{} · {} · {}", i.severity.word(), i.state.word(), i.id)}</p>
            <h3>{i.title.to_string()}</h3>
            <p>{shows(move || format!("Opened {} ago", ago(opened.age(live.now.get()))))}" · "{i.owner.as_deref().map_or("nobody has it".to_owned(), |o| format!("with {o}"))}</p>
            <ol class="steps">{steps.collect_view()}</ol>
        </article>
        <SendState about=id.clone() />
        <div class="big">
            {open.then(|| view! {
                <button type="button" class="primary" disabled=flag(move || busy.get()) on:click=move |_| desk.send(Act::Acknowledge { incident: take.clone() }, "Take", &take)>
                    "Take"<small>"I work on it"</small>
                </button>
            })}
            <button type="button" class:primary=!open disabled=flag(move || locating.get()) on:click=on_scene>
                "On scene"<small>{shows(move || if locating.get() { "finding the position\u{2026}" } else { "sends place and time" })}</small>
            </button>
            {(!open).then(|| view! {
                <button type="button" disabled=flag(move || busy.get()) on:click=move |_| desk.send(Act::Resolve { incident: done.clone() }, "Resolve", &done)>
                    "Done"<small>"the incident is over"</small>
                </button>
            })}
        </div>
    }
}

/// Held for two seconds it opens an Extreme incident with this device's position.
#[component]
fn Help() -> impl IntoView {
    let desk = Desk::get();
    let held = StoredValue::new(None::<TimeoutHandle>);
    let holding = RwSignal::new(false);
    let called = RwSignal::new(false);
    let release = move || {
        holding.set(false);
        if let Some(timer) = held.try_get_value().flatten() {
            timer.clear();
        }
        held.set_value(None);
    };
    let press = move || {
        if holding.get_untracked() {
            return;
        }
        holding.set(true);
        let call = move || {
            release();
            called.set(true);
            browser::locate(move |found| {
                let who = desk.operator.get_untracked();
                let act = Act::Open {
                    title: format!("{who} needs help").into(),
                    severity: Severity::Extreme,
                    position: position(found),
                    alarm: None,
                };
                desk.send(act, "Need help", "");
            });
        };
        held.set_value(set_timeout_with_handle(call, HOLD).ok());
    };
    let key = |e: &leptos::ev::KeyboardEvent| matches!(e.key().as_str(), "Enter" | " ");
    view! {
        <div class="big">
            <button
                type="button"
                class="help"
                class:holding=flag(move || holding.get())
                on:pointerdown=move |_| press()
                on:pointerup=move |_| release()
                on:pointerleave=move |_| release()
                on:pointercancel=move |_| release()
                on:contextmenu=move |e| e.prevent_default()
                on:keydown=move |e| if key(&e) && !e.repeat() { press() }
                on:keyup=move |e| if key(&e) { release() }
                on:blur=move |_| release()
            >
                "Need help"
                <small>{shows(move || match (holding.get(), called.get()) {
                    (true, _) => "keep holding\u{2026}",
                    (false, true) => "called; see what waits to be sent",
                    (false, false) => "hold two seconds",
                })}</small>
            </button>
        </div>
    }
}

#[component]
fn Report() -> impl IntoView {
    let desk = Desk::get();
    let title = RwSignal::new(String::new());
    let severity = RwSignal::new(Severity::Moderate);
    let here = RwSignal::new(true);
    let submit = move |e: leptos::ev::SubmitEvent| {
        e.prevent_default();
        let text = title.get_untracked().trim().to_owned();
        if text.is_empty() {
            return;
        }
        title.set(String::new());
        let severity = severity.get_untracked();
        let send = move |found| {
            let act = Act::Open { title: text.as_str().into(), severity, position: position(found), alarm: None };
            desk.send(act, &format!("Report “{text}”"), "");
        };
        if here.get_untracked() { browser::locate(send) } else { send(None) }
    };
    let choices =
        Severity::ALL.iter().rev().map(|s| view! { <option value=s.token() selected=*s == Severity::Moderate>{s.word()}</option> });
    view! {
        <form class="report" on:submit=submit>
            <label>
                "What is the matter"
                <input type="text" maxlength="200" required prop:value=move || title.get() on:input=move |e| title.set(event_target_value(&e)) />
            </label>
            <label>
                "How bad"
                <select on:change=move |e| severity.set(Severity::parse(&event_target_value(&e)).unwrap_or_default())>{choices.collect_view()}</select>
            </label>
            <label class="check">
                <input type="checkbox" checked on:change=move |e| here.set(event_target_checked(&e)) />
                "With my position"
            </label>
            <button type="submit" class="primary">"Report"</button>
            <SendState about="" />
        </form>
    }
}

#[component]
fn AlarmCard(id: Arc<str>) -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let key = id.clone();
    let about = id.clone();
    let alarm = kept(move || live.alarms.with(|m| m.get(&id).cloned()));
    let body = move || {
        let a = alarm.try_get()??;
        let (since, id, take) = (a.since, a.id.clone(), a.id.clone());
        let busy = Signal::derive(move || desk.busy(&id));
        let unowned = a.is_standing();
        Some(view! {
            <p class="tag"><Mark severity=Signal::stored(a.severity) /><Rated severity=a.severity urgency=a.urgency certainty=a.certainty /></p>
            <h3>{a.title.to_string()}</h3>
            <p>{a.reason.to_string()}</p>
            <p class="foot num">
                <span>{shows(move || format!("{} ago", ago(since.age(live.now.get()))))}</span>
                <span>{a.owner().map_or("nobody has it".to_owned(), |o| format!("with {o}"))}</span>
                {unowned.then(|| view! {
                    <button type="button" disabled=flag(move || busy.get()) on:click=move |_| desk.send(Act::TakeAlarm { alarm: take.clone() }, "Take", &take)>"Take"</button>
                })}
            </p>
        })
    };
    view! {
        <li data-testid="alarm" data-id=key.to_string()>
            {shows(body)}
            <SendState about=about />
        </li>
    }
}
