//! Whether what is on screen is the picture of now: the link, the picture's clock, and its oldest input. Never out of sight.

use crate::live::{Link, Live};
use crate::model::{Freshness, time::ago};
use crate::ui::{says, shows};
use leptos::prelude::*;

/// The input that is furthest behind what it promised: its name, age and freshness.
pub fn oldest_input(live: Live) -> Option<(String, String, Freshness)> {
    let now = live.now.get();
    live.feeds.with(|feeds| {
        let behind = |f: &crate::wire::FeedView| match f.health.basis() {
            // Never heard: behind everything that ever spoke.
            None => f64::MAX,
            Some(t) => t.age(now).as_secs_f64() / f.feed.promise.stale_after.as_secs_f64().max(1.0),
        };
        let worst = feeds.iter().max_by(|a, b| behind(a).total_cmp(&behind(b)))?;
        let age = worst.health.basis().map_or("not known".to_owned(), |t| ago(t.age(now)));
        Some((worst.feed.title.to_string(), age, worst.freshness(now)))
    })
}

fn linked(live: Live) -> String {
    match live.link.get() {
        Link::Live => Link::Live.word().to_owned(),
        Link::Connecting => "Connecting".to_owned(),
        l => format!("{} {}", l.word(), ago(live.heard_at.get().age(live.now.get()))),
    }
}

/// `Live · oldest input 3 min`.
#[component]
pub fn LinkLine() -> impl IntoView {
    let live = Live::get();
    let oldest = move || {
        oldest_input(live).map(|(name, age, freshness)| {
            let mark = match freshness {
                Freshness::Fresh => "",
                Freshness::Stale => "◔ ",
                Freshness::Unknown => "? ",
            };
            view! { <span class="oldest" title=name.clone()>{format!(" · oldest input {mark}{age}")}<span class="oldest-name">{format!(": {name}")}</span></span> }
        })
    };
    view! {
        <span class=says(move || format!("link {}", live.link.get().token())) data-testid="link" data-state=says(move || live.link.get().token())>
            <i aria-hidden="true"></i>
            <b>{shows(move || linked(live))}</b>
            {shows(oldest)}
        </span>
    }
}

/// The time of the picture, in the city. It stands still when the picture does.
#[component]
pub fn Clock() -> impl IntoView {
    let live = Live::get();
    let at = move || match live.link.get() {
        Link::Lost => live.heard_at.get(),
        _ => live.now.get(),
    };
    let text = move || at().clock(live.city.with(|c| c.offset_s));
    view! { <time class="clock num" data-testid="clock" datetime=says(move || at().to_string()) title=says(move || live.city.with(|c| c.timezone.to_string()))>{shows(text)}</time> }
}
