//! Every source of the picture, on one page.

use super::Frame;
use crate::live::Live;
use crate::model::Freshness;
use crate::panels::{Drawer, FeedTable};
use crate::ui::shows;
use leptos::prelude::*;

/// The feeds page.
#[component]
pub fn Feeds() -> impl IntoView {
    super::select_by_address("feed");
    let live = Live::get();
    let tally = move || {
        let now = live.now.get();
        live.feeds.with(|f| {
            let n = |want| f.iter().filter(|f| f.freshness(now) == want).count();
            format!("{} fresh, {} stale, {} not known", n(Freshness::Fresh), n(Freshness::Stale), n(Freshness::Unknown))
        })
    };
    view! {
        <div class="page tables">
            <Frame title="Feeds" here="/feeds">
                <main id="main" class="sheet">
                    <h2>"Feeds "<small class="num">{shows(tally)}</small></h2>
                    <FeedTable />
                    <Drawer />
                </main>
            </Frame>
        </div>
    }
    .into_any()
}
