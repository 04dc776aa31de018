//! Vedetta's shared half: the nouns, the wire, and everything on screen.
//!
//! Compiled twice: for the server (feature `ssr`), which renders pages and speaks the wire, and for the browser (feature
//! `hydrate`), which takes over from there. Read [`model`] first, then [`wire`], then [`live`].

#![recursion_limit = "256"]

pub mod live;
pub mod model;
pub mod port;
#[cfg(feature = "hydrate")]
pub mod rescue;
pub mod wire;

use leptos::prelude::*;
/// Stub.
#[component]
pub fn App() -> impl IntoView {}
/// Stub.
pub fn shell(_options: LeptosOptions) -> impl IntoView {}
