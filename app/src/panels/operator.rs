//! Who sits here. Asked once on each browser; their name is on everything they do.

use crate::desk::{Desk, NOBODY_YET};
use crate::ui::Dialog;
use crate::ui::{says, shows};
use leptos::prelude::*;

fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|w| w.chars().next());
    let last = words.last().and_then(|w| w.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The operator's initials; touching them asks for the name.
#[component]
pub fn Operator() -> impl IntoView {
    let desk = Desk::get();
    let open = desk.asking;
    let typed = RwSignal::new(String::new());
    let label = move || format!("You act as {}. Change the name", desk.operator.get());
    let submit = move |e: leptos::ev::SubmitEvent| {
        e.prevent_default();
        desk.introduce(&typed.get_untracked());
        open.set(false);
    };
    Effect::new(move |_| {
        if open.get() {
            let name = desk.operator.get_untracked();
            typed.set(if name == NOBODY_YET { String::new() } else { name });
        }
    });
    view! {
        <div class="operator">
            <button type="button" class="avatar" aria-label=says(label) title=says(label) on:click=move |_| open.set(true)>
                {shows(move || initials(&desk.operator.get()))}
            </button>
            <Dialog open=open title="Who is at this desk?">
                <form on:submit=submit>
                    <label>
                        "Your name, as it stands in the log"
                        <input type="text" maxlength="60" autocomplete="name" prop:value=move || typed.get() on:input=move |e| typed.set(event_target_value(&e)) />
                    </label>
                    <div class="do">
                        <button type="submit" class="primary">"Save"</button>
                        <button type="button" on:click=move |_| open.set(false)>"Cancel"</button>
                    </div>
                </form>
            </Dialog>
        </div>
    }
}

/// Asks for the name in the page, once on each browser; gone as soon as it is answered.
#[component]
pub fn Introduce() -> impl IntoView {
    let desk = Desk::get();
    view! {
        <Show when=move || !desk.introduced.get()>
            <p class="introduce">
                <span>"You act as "<b>{NOBODY_YET}</b></span>
                <button type="button" class="small primary" on:click=move |_| desk.asking.set(true)>"Say who you are"</button>
                <button type="button" class="small" on:click=move |_| desk.introduce(NOBODY_YET)>"Keep it"</button>
            </p>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn initials_of_names() {
        for (name, want) in [("Operator", "O"), ("giulia maria Meli", "GM"), ("", ""), ("  Élise  ", "É")] {
            assert_eq!(super::initials(name), want);
        }
    }
}
