//! Every key figure: a table to read, and for each its past.

use super::Frame;
use crate::chart::KpiChart;
use crate::desk::Desk;
use crate::live::Live;
use crate::model::{Freshness, Kpi};
use crate::panels::Drawer;
use crate::ui::{Age, DASH, Mark, kept, quantity};
use crate::ui::{flag, says, shows};
use leptos::prelude::*;

fn made_of(k: &Kpi) -> String {
    let values: u32 = k.inputs.iter().map(|i| i.count).sum();
    match k.inputs.len() {
        0 => "the picture itself".to_owned(),
        1 => format!("{values} values of 1 feed"),
        n => format!("{values} values of {n} feeds"),
    }
}

/// The key figures page.
#[component]
pub fn Kpis() -> impl IntoView {
    super::select_by_address("kpi");
    let live = Live::get();
    let desk = Desk::get();
    let count = kept(move || live.kpis.with(|k| k.len()));
    let row = move |i: usize| {
        let kpi = kept(move || live.kpis.with(|k| k.get(i).cloned()));
        let freshness = kept(move || kpi.with(|k| k.as_ref().map_or(Freshness::Unknown, |k| live.judged(k))));
        let id = kpi.with_untracked(|k| k.as_ref().map(|k| k.id.to_string()).unwrap_or_default());
        let body = move || {
            let k = kpi.try_get()??;
            let known = freshness.get() != Freshness::Unknown;
            let (value, unit) = if known { quantity(&k) } else { (DASH.to_owned(), String::new()) };
            let (id, at) = (k.id.clone(), k.observed_at);
            Some(view! {
                <th scope="row">
                    <button type="button" class="row-title" on:click=move |_| desk.select("kpi", id.clone())>{k.title.to_string()}</button>
                    <small>{k.formula.to_string()}</small>
                </th>
                <td class="num figure">
                    {k.severity.filter(|_| known).map(|s| view! { <Mark severity=Signal::stored(s) /> })}
                    <b>{value}</b>" "<small>{unit}</small>
                </td>
                <td>{k.note.to_string()}</td>
                <td class="num"><Age at=Signal::stored(at) freshness=freshness /></td>
                <td class="num">{made_of(&k)}</td>
            })
        };
        let raw = move || kpi.with(|k| k.as_ref().and_then(|k| k.value).map(|v| v.to_string()).unwrap_or_default());
        view! {
            <tr
                class:is-stale=flag(move || freshness.get() == Freshness::Stale)
                data-testid=format!("kpi-{id}")
                data-freshness=says(move || freshness.get().token())
                data-value=says(raw)
            >
                {shows(body)}
            </tr>
        }
    };
    let chart = move |i: usize| {
        let kpi = kept(move || live.kpis.with(|k| k.get(i).cloned()));
        let title = move || kpi.with(|k| k.as_ref().map(|k| format!("{} {}", k.title, k.unit.sign())).unwrap_or_default());
        view! {
            <li>
                <h3>{shows(title)}</h3>
                <KpiChart kpi=kpi />
            </li>
        }
    };
    view! {
        <div class="page tables">
            <Frame title="Key figures" here="/kpis">
                <main id="main" class="sheet">
                    <h2>"Key figures"</h2>
                    <div class="table-frame" tabindex="0" role="region" aria-label="All key figures">
                        <table>
                            <thead>
                                <tr>
                                    <th scope="col">"Figure"</th>
                                    <th scope="col">"Value"</th>
                                    <th scope="col">"Measured against"</th>
                                    <th scope="col">"Oldest input"</th>
                                    <th scope="col">"Made of"</th>
                                </tr>
                            </thead>
                            <tbody>
                                <For each=move || 0..count.get() key=|i| *i children=row />
                            </tbody>
                        </table>
                    </div>
                    <h2>"The last ten minutes"</h2>
                    <ul class="charts">
                        <For each=move || 0..count.get() key=|i| *i children=chart />
                    </ul>
                    <Drawer />
                </main>
            </Frame>
        </div>
    }
    .into_any()
}
