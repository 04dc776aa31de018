//! The sources of the picture, judged in the open: what each promised, when it last spoke, what is wrong with what it said.

use super::SidePanel;
use crate::desk::{Desk, Flight};
use crate::live::Live;
use crate::model::{Freshness, time::ago};
use crate::ui::{Age, Panel, kept, panel_state};
use crate::ui::{flag, says, shows};
use crate::wire::FeedView;
use leptos::prelude::*;

/// The panel.
pub const PANEL: SidePanel = SidePanel { id: "feeds", title: "Feeds", count: not_fresh, view: || view! { <Feeds /> }.into_any() };

// Beside the tab: how many are not fresh, since that is what one looks for.
fn not_fresh(live: Live) -> usize {
    let now = live.now.get();
    live.feeds.with(|f| f.iter().filter(|f| f.freshness(now) != Freshness::Fresh).count())
}

// The list never changes its order nor its length while a server runs: rows are keyed by their place.
fn places(live: Live) -> Memo<usize> {
    kept(move || live.feeds.with(|f| f.len()))
}

struct Row {
    feed: Memo<Option<FeedView>>,
    freshness: Memo<Freshness>,
}
fn row(live: Live, i: usize) -> Row {
    let feed = kept(move || live.feeds.with(|f| f.get(i).cloned()));
    let freshness = kept(move || {
        let now = live.now.get();
        feed.with(|f| f.as_ref().map_or(Freshness::Unknown, |f| f.freshness(now)))
    });
    Row { feed, freshness }
}

fn open(desk: Desk, f: &FeedView) {
    desk.select("feed", f.feed.id.as_str());
    if let Some(b) = f.bounds {
        desk.flight.set(Some(Flight::Box(b.0)));
    }
}

fn trouble(f: &FeedView) -> Option<String> {
    let h = &f.health;
    match (&h.failure, h.rejected, h.finding_count) {
        (Some(why), ..) if h.failures > 1 => Some(format!("{why} ({} times in a row)", h.failures)),
        (Some(why), ..) => Some(why.to_string()),
        (None, 0, 0) => None,
        (None, rejected, findings) => Some(format!("{findings} findings, {rejected} records set aside")),
    }
}

#[component]
fn Feeds() -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let count = places(live);
    let state = Signal::derive(move || panel_state(live, count.get() == 0));
    let one = move |i: usize| {
        let Row { feed, freshness } = row(live, i);
        let id = feed.with_untracked(|f| f.as_ref().map(|f| f.feed.id.to_string()).unwrap_or_default());
        let mine = id.clone();
        let selected = kept(move || desk.is_selected("feed", &mine));
        let body = move || {
            let f = feed.try_get()??;
            let (shown, basis) = (f.clone(), f.health.basis());
            Some(view! {
                <i class=says(move || format!("fresh-dot {}", freshness.get().token())) aria-hidden="true"></i>
                <h3>
                    <button type="button" class="row-title" aria-expanded=says(move || if selected.get() { "true" } else { "false" }) on:click=move |_| open(desk, &shown)>
                        {f.feed.title.to_string()}
                    </button>
                </h3>
                <span class="when num">
                    <Age at=Signal::stored(basis) freshness=freshness />
                </span>
                <p class="how">
                    <span>{format!("{} · {} · every {}", f.feed.department, f.feed.format, ago(f.feed.promise.every))}</span>
                    <span class="owner">{shows(move || freshness.get().word())}</span>
                </p>
                {trouble(&f).map(|t| view! { <p class="why trouble" title=t.clone()>{t.clone()}</p> })}
            })
        };
        view! {
            <li
                class="row feed"
                class:selected=flag(move || selected.get())
                class:is-stale=flag(move || freshness.get() == Freshness::Stale)
                data-testid=format!("feed-{id}")
                data-freshness=says(move || freshness.get().token())
            >
                {shows(body)}
            </li>
        }
    };
    view! {
        <Panel name="feeds" label="Feeds" state=state>
            <ul class="queue">
                <For each=move || 0..count.get() key=|i| *i children=one />
            </ul>
        </Panel>
    }
}

/// All feeds as a table, with everything promised and everything found.
#[component]
pub fn FeedTable() -> impl IntoView {
    let live = Live::get();
    let desk = Desk::get();
    let count = places(live);
    let one = move |i: usize| {
        let Row { feed, freshness } = row(live, i);
        let id = feed.with_untracked(|f| f.as_ref().map(|f| f.feed.id.to_string()).unwrap_or_default());
        let body = move || {
            let f = feed.try_get()??;
            let (shown, h) = (f.clone(), f.health.clone());
            let basis = h.basis();
            let good = h.last_good;
            Some(view! {
                <th scope="row">
                    <button type="button" class="row-title" on:click=move |_| open(desk, &shown)>{f.feed.title.to_string()}</button>
                    <small>{format!("{} · {}", f.feed.id, f.feed.format)}</small>
                </th>
                <td>{f.feed.department.to_string()}<small>{format!("{} · {}", f.feed.licence, f.feed.classification)}</small></td>
                <td class="num"><i class=says(move || format!("fresh-dot {}", freshness.get().token())) aria-hidden="true"></i>{shows(move || freshness.get().word())}</td>
                <td class="num"><Age at=Signal::stored(basis) freshness=freshness /></td>
                <td class="num">{format!("every {}", ago(f.feed.promise.every))}<small>{format!("stale after {}", ago(f.feed.promise.stale_after))}</small></td>
                <td class="num">{shows(move || good.map_or("never".to_owned(), |t| format!("{} ago", ago(t.age(live.now.get())))))}</td>
                <td class="num">{h.messages}<small>{format!("{} reports, {} set aside", h.reports, h.rejected)}</small></td>
                <td>{trouble(&f).unwrap_or_else(|| "none".to_owned())}</td>
            })
        };
        view! {
            <tr
                class:is-stale=flag(move || freshness.get() == Freshness::Stale)
                data-testid=format!("feed-{id}")
                data-freshness=says(move || freshness.get().token())
            >
                {shows(body)}
            </tr>
        }
    };
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="All feeds">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Feed"</th>
                        <th scope="col">"Owner"</th>
                        <th scope="col">"Freshness"</th>
                        <th scope="col">"Age"</th>
                        <th scope="col">"Promised"</th>
                        <th scope="col">"Last good"</th>
                        <th scope="col">"Messages"</th>
                        <th scope="col">"Trouble"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || 0..count.get() key=|i| *i children=one />
                </tbody>
            </table>
        </div>
    }
}
