//! A question in the way of everything else: the browser's own `<dialog>`, which keeps the focus inside and closes on Escape.

use leptos::{html, prelude::*};

/// A modal dialog, open while `open` is true.
#[component]
pub fn Dialog(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: String,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            match open.get() {
                true if !dialog.open() => drop(dialog.show_modal()),
                false if dialog.open() => dialog.close(),
                _ => {}
            }
        }
    });
    let label = title.clone();
    view! {
        <dialog class="dialog" node_ref=node aria-label=label on:close=move |_| open.set(false)>
            <h2>{title}</h2>
            {children()}
        </dialog>
    }
}
