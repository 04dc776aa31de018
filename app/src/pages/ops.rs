//! Operations: the map, what asks for a response at its side, the key figures under it.

use super::Frame;
use crate::map::{CityMap, LayerBar, Legend, Things};
use crate::panels::{Announcer, Drawer, Introduce, KpiStrip, Outbox, SIDE, SidePanel};
use crate::ui::flag;
use crate::{live::Live, ui::Tabs};
use leptos::prelude::*;

/// The operations page.
#[component]
pub fn Ops() -> impl IntoView {
    super::select_by_address("incident");
    let live = Live::get();
    let first = SIDE.first().map_or("", |p| p.id);
    let opened = crate::desk::Desk::get().selected.with_untracked(|s| s.as_ref().is_some_and(|s| &*s.kind == "incident"));
    let chosen = RwSignal::new(if opened { "incidents" } else { first });
    let count = Callback::new(move |id: &'static str| SIDE.iter().find(|p| p.id == id).map(|p| (p.count)(live)));
    let panel = move |p: &SidePanel| {
        let id = p.id;
        view! {
            <div role="tabpanel" id=format!("panel-{id}") aria-labelledby=format!("tab-{id}") hidden=flag(move || chosen.get() != id)>
                {(p.view)()}
            </div>
        }
    };
    view! {
        <div class="page ops">
            <Frame title="Operations" here="/">
                <main id="main" class="ground" aria-label="Map">
                    <CityMap />
                    <LayerBar />
                    <Legend />
                    <Things />
                    <Drawer />
                </main>
                <aside class="side" aria-label="Queues">
                    <Tabs label="Queues" tabs=SIDE.iter().map(|p| (p.id, p.title)).collect() chosen=chosen count=count />
                    {SIDE.iter().map(panel).collect_view()}
                    <div class="side-foot">
                        <Outbox />
                        <Introduce />
                    </div>
                </aside>
                <footer class="figures"><KpiStrip /></footer>
                <Announcer />
            </Frame>
        </div>
    }
    .into_any()
}
