//! Tabs after the ARIA pattern: one stop for the Tab key, arrow keys between them.

use super::{says, shows};
use leptos::prelude::*;

/// A row of tabs; the panels beside it show themselves by `chosen`.
#[component]
pub fn Tabs(
    /// What they are tabs of.
    label: &'static str,
    /// Id and title of each.
    tabs: Vec<(&'static str, &'static str)>,
    /// The chosen one's id.
    chosen: RwSignal<&'static str>,
    /// A number beside a title.
    #[prop(into)]
    count: Callback<&'static str, Option<usize>>,
) -> impl IntoView {
    let ids: Vec<_> = tabs.iter().map(|t| t.0).collect();
    let step = move |by: isize| {
        let at = ids.iter().position(|t| *t == chosen.get_untracked()).unwrap_or(0) as isize;
        let next = (at + by).rem_euclid(ids.len().max(1) as isize) as usize;
        if let Some(id) = ids.get(next) {
            chosen.set(id);
            focus(id);
        }
    };
    let keys = move |e: leptos::ev::KeyboardEvent| match e.key().as_str() {
        "ArrowRight" => step(1),
        "ArrowLeft" => step(-1),
        _ => {}
    };
    let one = move |(id, title): (&'static str, &'static str)| {
        let on = move || chosen.get() == id;
        view! {
            <button
                type="button"
                role="tab"
                id=format!("tab-{id}")
                aria-controls=format!("panel-{id}")
                aria-selected=says(move || if on() { "true" } else { "false" })
                tabindex=says(move || if on() { "0" } else { "-1" })
                on:click=move |_| chosen.set(id)
            >
                {title}
                {shows(move || count.run(id).map(|n| view! { <b class="num">{n}</b> }))}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=keys>
            {tabs.into_iter().map(one).collect_view()}
        </div>
    }
}

fn focus(id: &str) {
    if let Some(e) = document().get_element_by_id(&format!("tab-{id}")) {
        use leptos::wasm_bindgen::JsCast;
        if let Ok(e) = e.dyn_into::<leptos::web_sys::HtmlElement>() {
            let _ = e.focus();
        }
    }
}
