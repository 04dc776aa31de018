//! A dozen small pieces every panel is made of. They know the nouns and how to draw them; they know no panel.

mod age;
mod dialog;
mod icon;
mod number;
mod panel;
mod say;
mod sending;
mod severity;
mod sparkline;
mod tabs;
mod theme;

pub use age::{Age, age_text};
pub use dialog::Dialog;
pub use icon::{Glyph, Icon};
pub use number::{DASH, number, quantity};
pub use panel::{Panel, PanelState, panel_state};
pub use say::{flag, kept, says, shows};
pub use sending::SendState;
pub use severity::{Mark, Rated};
pub use sparkline::{Sparkline, trend_path};
pub use tabs::Tabs;
pub use theme::ThemeSwitch;
