//! What this browser still has to send: nothing anybody did is ever lost in silence.

use crate::desk::{Desk, Fate};
use crate::live::Live;
use crate::ui::shows;
use leptos::prelude::*;

/// Everything that is not done yet; nothing at all when there is nothing.
#[component]
pub fn Outbox() -> impl IntoView {
    let desk = Desk::get();
    let live = Live::get();
    let row = move |s: crate::desk::Sending| {
        let (id, same) = (s.id.clone(), s.id.clone());
        let fate = match &s.fate {
            Fate::Sending => "sending\u{2026}".to_owned(),
            Fate::Refused(why) => format!("not done: {why}"),
            Fate::Waiting if s.at.age(live.now.get()) > Desk::TOO_OLD => "too old to be sent by itself".to_owned(),
            Fate::Waiting => "waiting for the network".to_owned(),
        };
        let sending = s.fate == Fate::Sending;
        view! {
            <li>
                <span class="what">{s.label.clone()}</span>
                <span class="when num">{s.at.clock(live.city.with(|c| c.offset_s))}</span>
                <span class="fate">{fate}</span>
                <span class="do">
                    <button type="button" class="small" disabled=sending on:click=move |_| desk.dispatch(&id)>"Send now"</button>
                    <button type="button" class="small" disabled=sending on:click=move |_| desk.discard(&same)>"Discard"</button>
                </span>
            </li>
        }
    };
    view! {
        <Show when=move || desk.outbox.with(|o| !o.is_empty())>
            <section class="outbox" aria-label="Waiting to be sent" data-testid="outbox">
                <h2>"Waiting to be sent"</h2>
                <ul>{shows(move || desk.outbox.get().into_iter().map(row).collect_view())}</ul>
            </section>
        </Show>
    }
}
