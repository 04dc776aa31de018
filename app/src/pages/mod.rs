//! The pages: three designed sizes (operations on a laptop, the wall, the phone), and the tables behind them.

mod address;
mod feeds;
mod kpis;
mod not_found;
mod ops;
mod phone;
mod wall;

pub use address::{Address, NOWHERE, PAGES, Page};
pub use feeds::Feeds;
pub use kpis::Kpis;
pub use not_found::NotFound;
pub use ops::Ops;
pub use phone::Phone;
pub use wall::Wall;

use crate::desk::Desk;
use crate::live::Live;
use crate::panels::{Clock, Domains, LinkLine, Operator};
use crate::ui::shows;
use crate::ui::{Glyph, Icon, ThemeSwitch};
use leptos::prelude::*;

/// Where one can go, in the rail at the left.
const PLACES: &[(&str, &str, Glyph)] = &[
    ("/", "Operations", Glyph::Map),
    ("/kpis", "Key figures", Glyph::Chart),
    ("/feeds", "Feeds", Glyph::Feed),
    ("/wall", "Wall", Glyph::Screen),
    ("/m", "Phone", Glyph::Phone),
];

/// The header and the rail every laptop page has.
#[component]
fn Frame(
    /// The page's name.
    title: &'static str,
    /// Its address in the rail.
    here: &'static str,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    let live = Live::get();
    let city = move || live.city.with(|c| c.name.to_string());
    let link = |(to, name, glyph): &(&'static str, &'static str, Glyph)| {
        view! {
            <a href=*to aria-label=*name title=*name aria-current=(*to == here).then_some("page")>
                <Icon glyph=*glyph />
            </a>
        }
    };
    view! {
        <a class="skip" href="#main">"To the content"</a>
        <header class="top">
            <a class="brand" href="/" aria-label="Vedetta, operations"><Icon glyph=Glyph::Tower /></a>
            <h1>{shows(city)}<small>{title}</small></h1>
            {shows(move || live.city.with(|c| c.demo).then(|| view! { <span class="demo">"DEMO"</span> }))}
            <Domains />
            <div class="picture">
                <Clock />
                <LinkLine />
            </div>
            <ThemeSwitch />
            <Operator />
        </header>
        <nav class="rail" aria-label="Pages">{PLACES.iter().map(link).collect_view()}</nav>
        {children()}
    }
}

/// Selects what the address names: `/kpis/{id}` opens that KPI.
fn select_by_address(kind: &'static str) {
    let desk = Desk::get();
    if let Some(id) = Address::here().name() {
        desk.select(kind, id);
    }
}
