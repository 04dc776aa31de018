//! What became of an act, beside the thing it is about: on its way, waiting, refused.

use super::kept;
use super::shows;
use crate::desk::{Desk, Fate};
use leptos::prelude::*;
use std::sync::Arc;

/// One line for each act about `about` that is not done; nothing when there is none.
#[component]
pub fn SendState(
    /// The alarm or incident; empty for acts that make a new one.
    #[prop(into)]
    about: Arc<str>,
) -> impl IntoView {
    let desk = Desk::get();
    let mine = kept(move || desk.outbox.with(|all| all.iter().filter(|s| *s.about == *about).cloned().collect::<Vec<_>>()));
    shows(move || {
        mine.get()
            .into_iter()
            .map(|s| {
                let (id, same) = (s.id.clone(), s.id.clone());
                match s.fate {
                    Fate::Sending => view! { <p class="sending" role="status">{format!("{}: sending\u{2026}", s.label)}</p> }.into_any(),
                    Fate::Waiting => view! {
                        <p class="sending waiting" role="status">
                            <span>{format!("{}: not sent yet, no connection", s.label)}</span>
                            <button type="button" class="link" on:click=move |_| desk.dispatch(&id)>"Send now"</button>
                            <button type="button" class="link" on:click=move |_| desk.discard(&same)>"Discard"</button>
                        </p>
                    }
                    .into_any(),
                    Fate::Refused(why) => view! {
                        <p class="sending refused" role="alert">
                            <span>{format!("{}: not done. {why}", s.label)}</span>
                            <button type="button" class="link" on:click=move |_| desk.dispatch(&id)>"Try again"</button>
                            <button type="button" class="link" on:click=move |_| desk.discard(&same)>"Dismiss"</button>
                        </p>
                    }
                    .into_any(),
                }
            })
            .collect_view()
    })
}
