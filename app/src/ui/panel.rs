//! The frame around a panel, with the four states every panel is drawn in.

use super::{says, shows};
use crate::live::{Link, Live};
use leptos::prelude::*;

/// How it stands with what a panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelState {
    /// Nothing has come yet.
    Loading,
    /// It is the picture of now.
    Live,
    /// It is the last good picture, no longer the one of now.
    Stale,
    /// There is nothing to show, and no link to get it by.
    Failed,
}
impl PanelState {
    const fn token(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Live => "live",
            Self::Stale => "stale",
            Self::Failed => "failed",
        }
    }
}

/// The state of a panel that holds nothing yet (`empty`) or something.
pub fn panel_state(live: Live, empty: bool) -> PanelState {
    match (live.link.get(), empty) {
        (Link::Connecting, true) if !live.complete.get() => PanelState::Loading,
        (Link::Connecting | Link::Live, _) => PanelState::Live,
        (Link::Late, _) | (Link::Lost, false) => PanelState::Stale,
        (Link::Lost, true) if live.complete.get() => PanelState::Stale,
        (Link::Lost, true) => PanelState::Failed,
    }
}

/// A part of the screen with a name, drawn by its state.
#[component]
pub fn Panel(
    /// What it is, for those who do not see it; also its class.
    name: &'static str,
    /// Its heading for assistive technology.
    label: &'static str,
    /// Its state.
    #[prop(into)]
    state: Signal<PanelState>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let live = Live::get();
    let said = move || match state.get() {
        PanelState::Live => None,
        PanelState::Loading => Some("Waiting for the first picture\u{2026}".to_owned()),
        PanelState::Stale => {
            Some(format!("Picture of {}: no newer one has come", live.heard_at.get().clock(live.city.with(|c| c.offset_s))))
        }
        PanelState::Failed => Some("No link to the server. Trying again.".to_owned()),
    };
    view! {
        <section class=format!("panel {name}") data-state=says(move || state.get().token()) aria-label=label>
            <h2 class="hidden">{label}</h2>
            {shows(move || said().map(|text| view! { <p class="panel-state">{text}</p> }))}
            {children()}
        </section>
    }
}
