//! Which page stands at which address. Adding a page is its file and a line in [`PAGES`].
//!
//! Pages are documents of their own: going from one to another loads it, which a wall, a phone and a manager's laptop do once a
//! day. So there is no router in the browser, and an address means the same with and without script.

use super::{Feeds, Kpis, NotFound, Ops, Phone, Wall};
use leptos::prelude::*;

/// A page, as a record of where it stands and what it shows.
pub struct Page {
    /// Its address; `{…}` stands for one part of any name.
    pub path: &'static str,
    /// The first words of its title.
    pub title: &'static str,
    /// Shows it.
    pub view: fn() -> AnyView,
}

/// Every page.
pub const PAGES: &[Page] = &[
    Page { path: "/", title: "Operations", view: || view! { <Ops /> }.into_any() },
    Page { path: "/incidents/{id}", title: "Incident", view: || view! { <Ops /> }.into_any() },
    Page { path: "/wall", title: "Wall", view: || view! { <Wall /> }.into_any() },
    Page { path: "/wall/{scene}", title: "Wall", view: || view! { <Wall /> }.into_any() },
    Page { path: "/m", title: "Phone", view: || view! { <Phone /> }.into_any() },
    Page { path: "/kpis", title: "KPIs", view: || view! { <Kpis /> }.into_any() },
    Page { path: "/kpis/{id}", title: "KPI", view: || view! { <Kpis /> }.into_any() },
    Page { path: "/feeds", title: "Feeds", view: || view! { <Feeds /> }.into_any() },
    Page { path: "/feeds/{id}", title: "Feed", view: || view! { <Feeds /> }.into_any() },
];

/// The page of an address that leads nowhere.
pub const NOWHERE: Page = Page { path: "", title: "Not found", view: || view! { <NotFound /> }.into_any() };

/// Where this document is: the path of its address.
#[derive(Clone, Debug, Default)]
pub struct Address(pub String);

impl Address {
    /// This document's: on the server, what the request named; in the browser, what the address line says.
    pub fn here() -> Self {
        if let Some(given) = use_context::<Self>() {
            return given;
        }
        #[cfg(feature = "hydrate")]
        return Self(window().location().pathname().unwrap_or_default());
        #[cfg(not(feature = "hydrate"))]
        Self("/".into())
    }
    /// Its page.
    pub fn page(&self) -> &'static Page {
        PAGES.iter().find(|p| self.names(p).is_some()).unwrap_or(&NOWHERE)
    }
    /// The part of it that stands where its page's path has a `{…}`.
    pub fn name(&self) -> Option<String> {
        self.names(self.page()).flatten()
    }
    // None when it is not that page's; else the name in it, if the page's path holds one.
    fn names(&self, page: &Page) -> Option<Option<String>> {
        let (mut here, mut there) = (self.0.trim_end_matches('/').split('/'), page.path.trim_end_matches('/').split('/'));
        let mut name = None;
        loop {
            match (here.next(), there.next()) {
                (None, None) => return Some(name),
                (Some(h), Some(t)) if t.starts_with('{') && !h.is_empty() => name = Some(h.to_owned()),
                (Some(h), Some(t)) if h == t => {}
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_their_pages() {
        for (address, path, name) in [
            ("/", "/", None),
            ("/kpis", "/kpis", None),
            ("/kpis/", "/kpis", None),
            ("/kpis/feeds-fresh", "/kpis/{id}", Some("feeds-fresh")),
            ("/wall/roads", "/wall/{scene}", Some("roads")),
            ("/nowhere", "", None),
            ("/kpis/a/b", "", None),
        ] {
            let a = Address(address.into());
            assert_eq!((a.page().path, a.name().as_deref()), (path, name), "{address}");
        }
    }
}
