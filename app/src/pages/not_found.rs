//! An address that leads nowhere.

use super::Frame;
use leptos::prelude::*;

/// The page shown there; the server says 404.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <div class="page tables">
            <Frame title="Not found" here="">
                <main id="main" class="sheet">
                    <h2>"There is no such page"</h2>
                    <p><a href="/">"To operations"</a></p>
                </main>
            </Frame>
        </div>
    }
    .into_any()
}
