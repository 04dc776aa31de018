//! Simple strokes on a grid of 24.

use leptos::prelude::*;

/// What a sign means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// Vedetta: a look-out tower.
    Tower,
    /// Operations.
    Map,
    /// KPIs.
    Chart,
    /// Feeds.
    Feed,
    /// The wall.
    Screen,
    /// The phone.
    Phone,
    /// Close.
    Close,
    /// Show the whole city.
    Fit,
    /// The theme.
    Contrast,
    /// A list.
    List,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Tower => "M6 21V10L4.5 8.5V4H8v2.5h2.5V4h3v2.5H16V4h3.5v4.5L18 10v11zM12 21v-5M12 11.5v.1",
            Self::Map => "M3.5 6.5l5.5-2 6 2 5.5-2v13l-5.5 2-6-2-5.5 2zM9 4.5v13M15 6.5v13",
            Self::Chart => "M4 4v16h16M8 15l3.5-4 3 2.5L19.5 8",
            Self::Feed => "M4.5 5A14.5 14.5 0 0119 19.5M4.5 11a8.5 8.5 0 018.5 8.5M5.5 18.5v.1",
            Self::Screen => "M3.5 5h17v11h-17zM9 20h6M12 16v4",
            Self::Phone => "M7.5 3h9v18h-9zM11 18h2",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Fit => "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
            Self::Contrast => "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 3.5v17M12 8l5.5-2M12 12h8.5M12 16l5.5 2",
            Self::List => "M8.5 6H20M8.5 12H20M8.5 18H20M4 6v.1M4 12v.1M4 18v.1",
        }
    }
}

/// A sign. Decoration only: the words stand beside it or in the control's label.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=glyph.path()></path>
        </svg>
    }
}
