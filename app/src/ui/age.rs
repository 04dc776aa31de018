//! How old something is, and whether that is too old: a clock mark when stale, a question mark when not known.

use super::{says, shows};
use crate::live::Live;
use crate::model::{Freshness, Time, time::ago};
use leptos::prelude::*;

/// `3 min`, or `not known`.
pub fn age_text(at: Option<Time>, now: Time) -> String {
    at.map_or_else(|| "not known".to_owned(), |t| ago(t.age(now)))
}

/// An age with its mark. It moves with the picture's clock.
#[component]
pub fn Age(
    /// The moment it speaks for.
    #[prop(into)]
    at: Signal<Option<Time>>,
    /// How that is judged.
    #[prop(into)]
    freshness: Signal<Freshness>,
) -> impl IntoView {
    let live = Live::get();
    let words = move || {
        let age = age_text(at.get(), live.now.get());
        match freshness.get() {
            Freshness::Fresh => age,
            Freshness::Stale => format!("◔ {age}"),
            Freshness::Unknown if at.get().is_some() => format!("? {age}"),
            Freshness::Unknown => "? not known".to_owned(),
        }
    };
    let title = move || format!("{}, {} old", freshness.get().word(), age_text(at.get(), live.now.get()));
    view! { <span class=says(move || format!("age {}", freshness.get().token())) title=says(title)>{shows(words)}</span> }
}
