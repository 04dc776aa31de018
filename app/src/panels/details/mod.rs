//! The drawer: everything about what is selected, down to the raw message it came in.

mod alarm;
mod incident;
mod kpi;
mod thing;

pub use kpi::KpiFacts;

use crate::desk::Desk;
use crate::ui::shows;
use crate::ui::{Glyph, Icon};
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlElement};

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
    // Whoever opened it by keyboard finds the focus again where it was.
    let before = StoredValue::new_local(None::<HtmlElement>);
    Effect::new(move |was: Option<bool>| {
        let open = desk.selected.with(Option::is_some);
        match (was.unwrap_or(false), open) {
            (false, true) => before.set_value(document().active_element().and_then(|e| e.dyn_into().ok())),
            (true, false) => {
                if let Some(e) = before.try_update_value(Option::take).flatten().filter(|e| e.is_connected()) {
                    let _ = e.focus();
                }
            }
            _ => {}
        }
        open
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
