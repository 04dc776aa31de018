//! Says new alarms aloud, to those who listen with a screen reader: only Extreme and Severe ones, politely, once each.

use crate::live::Live;
use crate::model::{AlarmState, Severity};
use crate::ui::shows;
use leptos::prelude::*;
use std::sync::Arc;

/// A live region nobody sees.
#[component]
pub fn Announcer() -> impl IntoView {
    let live = Live::get();
    let said = RwSignal::new(String::new());
    Effect::new(move |known: Option<Vec<Arc<str>>>| {
        let grave: Vec<Arc<str>> = live.alarms.with(|m| {
            m.values()
                .filter(|a| a.severity >= Severity::Severe && !matches!(a.state, AlarmState::Shelved { .. }))
                .map(|a| a.id.clone())
                .collect()
        });
        // What was there when the page came is on the page; only what is new is news.
        if let Some(known) = known {
            let news: Vec<String> = live.alarms.with_untracked(|m| {
                grave
                    .iter()
                    .filter(|id| !known.contains(id))
                    .filter_map(|id| m.get(id))
                    .map(|a| format!("{} alarm: {}.", a.severity.word(), a.title))
                    .collect()
            });
            if !news.is_empty() {
                said.set(news.join(" "));
            }
        }
        grave
    });
    view! { <p class="hidden" aria-live="polite" data-testid="announcer">{shows(move || said.get())}</p> }
}
