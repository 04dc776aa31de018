//! What stands around the map. One panel a file, and a table of those that share the side of the operations page. Panels know the live
//! picture, the desk and the small pieces of `ui`; none knows another.

mod alarms;
mod announce;
pub mod details;
mod domains;
mod feeds;
mod incidents;
mod kpi_strip;
mod link;
mod operator;
mod outbox;

pub use announce::Announcer;
pub use details::{Drawer, KpiFacts};
pub use domains::Domains;
pub use feeds::FeedTable;
pub use kpi_strip::{KpiStrip, KpiTile};
pub use link::{Clock, LinkLine, oldest_input};
pub use operator::{Introduce, Operator};
pub use outbox::Outbox;

use crate::live::Live;
use leptos::prelude::AnyView;

/// A panel at the side.
#[derive(Clone, Copy)]
pub struct SidePanel {
    /// Its id.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The number beside its title.
    pub count: fn(Live) -> usize,
    /// Draws it.
    pub view: fn() -> AnyView,
}

/// The panels at the side, in the order of their tabs.
pub const SIDE: &[SidePanel] = &[alarms::PANEL, incidents::PANEL, feeds::PANEL];
