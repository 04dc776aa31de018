//! The drawer: everything about what is selected, down to the raw message it came in.

mod alarm;
mod incident;
mod kpi;
mod thing;

pub use kpi::KpiFacts;

use crate::desk::Desk;
use crate::ui::shows;
use crate::ui::{Glyph, Icon};
use leptos::prelude::*;

/// Open while something is selected; Escape closes it.
#[component]
pub fn Drawer() -> impl IntoView {
    let desk = Desk::get();
    Effect::new(move |_| {
        let keys = window_event_listener(leptos::ev::keydown, move |e| {
            if e.key() == "Escape" {
                desk.selected.set(None);
            }
        });
        on_cleanup(move || keys.remove());
    });
    let body = move || {
        let s = desk.selected.get()?;
        let (kind, key) = (s.kind, s.key);
        let inner = match &*kind {
            "alarm" => view! { <alarm::AlarmFacts id=key /> }.into_any(),
            "incident" => view! { <incident::IncidentFacts id=key /> }.into_any(),
            "kpi" => view! { <KpiFacts id=key /> }.into_any(),
            _ => view! { <thing::Facts kind=kind key=key /> }.into_any(),
        };
        Some(view! {
            <section class="drawer card" aria-label="Details" data-testid="details">
                <button type="button" class="icon-button close" aria-label="Close the details" title="Close (Esc)" on:click=move |_| desk.selected.set(None)>
                    <Icon glyph=Glyph::Close />
                </button>
                {inner}
            </section>
        })
    };
    view! { <div class="drawer-place">{shows(body)}</div> }
}
