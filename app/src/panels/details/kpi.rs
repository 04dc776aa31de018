//! A KPI explained: its formula, every input with its feed, age and freshness, and its past.

use crate::chart::KpiChart;
use crate::desk::Desk;
use crate::live::Live;
use crate::model::{Freshness, KpiInput, time::ago};
use crate::ui::shows;
use crate::ui::{DASH, Mark, age_text, kept, quantity};
use leptos::prelude::*;
use std::sync::Arc;

/// What a KPI is made of.
#[component]
pub fn KpiFacts(
    /// Its id.
    id: Arc<str>,
) -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let kpi = kept(move || live.kpis.with(|k| k.iter().find(|k| k.id == id).cloned()));
    let title = move |input: &KpiInput| {
        live.feeds.with(|f| f.iter().find(|f| f.feed.id == input.feed).map_or_else(|| input.feed.to_string(), |f| f.feed.title.to_string()))
    };
    let input = move |i: KpiInput| {
        let (feed, name) = (i.feed.clone(), title(&i));
        let mark = match i.freshness {
            Freshness::Fresh => "",
            Freshness::Stale => "◔ ",
            Freshness::Unknown => "? ",
        };
        view! {
            <li class:is-stale=i.freshness == Freshness::Stale data-freshness=i.freshness.token()>
                <button type="button" class="link" on:click=move |_| desk.select("feed", feed.as_str())>{name}</button>
                <span class="num">{format!("{} values", i.count)}</span>
                <span class=format!("age num {}", i.freshness.token())>{shows(move || format!("{mark}{}", age_text(i.at, live.now.get())))}</span>
            </li>
        }
    };
    let head = move || {
        let Some(k) = kpi.get() else { return view! { <h2>"There is no such key figure"</h2> }.into_any() };
        let freshness = live.judged(&k);
        let (value, unit) = if freshness == Freshness::Unknown { (DASH.to_owned(), String::new()) } else { quantity(&k) };
        let at = k.observed_at;
        let word = freshness.word();
        view! {
            <h2>{k.title.to_string()}</h2>
            <p class="big num">
                {k.severity.filter(|_| freshness != Freshness::Unknown).map(|s| view! { <Mark severity=Signal::stored(s) /> })}
                <b>{value}</b>
                <small>{unit}</small>
            </p>
            <dl>
                <dt>"Now"</dt>
                <dd>{k.note.to_string()}</dd>
                <dt>"Trust"</dt>
                <dd>{shows(move || format!("{word}, oldest input {}", at.map_or("not known".to_owned(), |t| format!("{} old", ago(t.age(live.now.get()))))))}</dd>
                <dt>"Formula"</dt>
                <dd>{k.formula.to_string()}</dd>
            </dl>
            <h3>"Made of"</h3>
            {k.inputs.is_empty().then(|| view! { <p class="empty">"The picture itself, not a feed's values."</p> })}
            <ul class="inputs">{k.inputs.into_iter().map(input).collect_view()}</ul>
        }
        .into_any()
    };
    view! {
        <div class="kpi-facts">
            {shows(head)}
            <KpiChart kpi=kpi />
        </div>
    }
}
