//! The numbers a city is steered by, each with its unit, its target, its past and its age.

use crate::desk::Desk;
use crate::live::Live;
use crate::model::{Freshness, Kpi};
use crate::ui::{Age, DASH, Mark, Panel, Sparkline, kept, panel_state, quantity};
use crate::ui::{says, shows};
use leptos::prelude::*;

/// All KPIs in a row; each opens what it is made of.
#[component]
pub fn KpiStrip() -> impl IntoView {
    let live = Live::get();
    let count = kept(move || live.kpis.with(|k| k.len()));
    let state = Signal::derive(move || panel_state(live, count.get() == 0));
    view! {
        <Panel name="kpi-strip" label="Key figures" state=state>
            <ul>
                <For each=move || 0..count.get() key=|i| *i let:i>
                    <li><KpiTile place=i /></li>
                </For>
            </ul>
            <Show when=move || count.get() == 0>
                <p class="empty">"No key figures yet."</p>
            </Show>
        </Panel>
    }
}

/// One KPI, by its place in the list.
#[component]
pub fn KpiTile(
    /// Which.
    place: usize,
    /// Whether it can be opened.
    #[prop(default = true)]
    touchable: bool,
) -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let kpi = kept(move || live.kpis.with(|k| k.get(place).cloned()));
    let get = move |f: fn(&Kpi) -> String| move || kpi.try_with(|k| k.as_ref().map(f)).flatten().unwrap_or_default();
    let freshness = kept(move || kpi.with(|k| k.as_ref().map_or(Freshness::Unknown, |k| live.judged(k))));
    let observed = kept(move || kpi.with(|k| k.as_ref().and_then(|k| k.observed_at)));
    let trend = kept(move || kpi.with(|k| k.as_ref().map(|k| k.trend.clone()).unwrap_or_default()));
    let severity =
        kept(move || kpi.with(|k| k.as_ref().and_then(|k| k.severity).filter(|_| k.as_ref().is_some_and(|k| k.value.is_some()))));
    let id = kpi.with_untracked(|k| k.as_ref().map(|k| k.id.to_string()).unwrap_or_default());
    let mine = id.clone();
    let selected = kept(move || desk.is_selected("kpi", &mine));
    // A value of unknown age is no value: the dash stands for it, whatever the number was.
    let shown = move || match (freshness.get(), kpi.get()) {
        (Freshness::Unknown, _) | (_, None) => (DASH.to_owned(), String::new()),
        (_, Some(k)) => quantity(&k),
    };
    let value = kept(move || shown());
    let title = get(|k| k.title.to_string());
    let class = move || format!("kpi is-{}{}", freshness.get().token(), if selected.get() { " selected" } else { "" });
    let inner = view! {
        <span class="kpi-title">{shows(title)}</span>
        <span class="kpi-value num">
            {shows(move || severity.get().filter(|_| freshness.get() != Freshness::Unknown).map(|s| view! { <Mark severity=Signal::stored(s) /> }))}
            <b>{shows(move || value.get().0)}</b>
            <small>{shows(move || value.get().1)}</small>
        </span>
        <Sparkline trend=trend />
        <span class="kpi-foot">
            <span class="kpi-note" title=says(get(|k| k.note.to_string()))>{shows(get(|k| k.note.to_string()))}</span>
            <Age at=observed freshness=freshness />
        </span>
    };
    let hook = format!("kpi-{id}");
    let raw = get(|k| k.value.map(|v| v.to_string()).unwrap_or_default());
    let fresh = move || freshness.get().token();
    if touchable {
        view! {
            <button
                type="button"
                class=says(class)
                data-testid=hook
                data-freshness=says(fresh)
                data-value=says(raw)
                aria-expanded=says(move || if selected.get() { "true" } else { "false" })
                on:click=move |_| if selected.get_untracked() { desk.selected.set(None) } else { desk.select("kpi", id.as_str()) }
            >
                {inner}
            </button>
        }
        .into_any()
    } else {
        view! { <div class=says(class) data-testid=hook data-freshness=says(fresh) data-value=says(raw)>{inner}</div> }.into_any()
    }
}
