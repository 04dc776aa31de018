//! Dark, light, or as the device says.

use super::says;
use super::{Glyph, Icon};
use crate::desk::Desk;
use leptos::prelude::*;

/// A button that goes through the themes.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let desk = Desk::get();
    let label = move || format!("Theme: {}", desk.theme.get().word());
    view! {
        <button type="button" class="icon-button" aria-label=says(label) title=says(label) on:click=move |_| desk.theme.update(|t| *t = t.next())>
            <Icon glyph=Glyph::Contrast />
        </button>
    }
}
