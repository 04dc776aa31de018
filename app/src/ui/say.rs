//! What changes on screen, behind one type each.
//!
//! Leptos compiles its machinery anew for every closure it is given. A hundred closures of three types cost the browser a fraction of
//! a hundred types: texts are [`says`], yes-or-no attributes [`flag`], everything else [`shows`]; what is computed and kept, [`kept`].

use leptos::prelude::*;
use std::{
    borrow::Cow,
    sync::{Arc, Mutex},
};

type Shared<T> = Arc<dyn Fn() -> T + Send + Sync>;

/// A text that changes, for an attribute.
pub fn says<T: Into<Cow<'static, str>>>(f: impl Fn() -> T + Send + Sync + 'static) -> Shared<Cow<'static, str>> {
    Arc::new(move || f().into())
}

/// A yes or no that changes.
pub fn flag(f: impl Fn() -> bool + Send + Sync + 'static) -> Shared<bool> {
    Arc::new(f)
}

/// A value computed from others, kept until one of them changes. Like `Memo::new`, compiled once for each type of value instead of
/// once for each closure.
pub fn kept<T: PartialEq + Send + Sync + 'static>(f: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    let f: Box<dyn Fn() -> T + Send + Sync> = Box::new(f);
    Memo::new(move |_| f())
}

/// A part of the page that changes.
pub fn shows<V: IntoView + 'static>(f: impl Fn() -> V + Send + 'static) -> Arc<Mutex<dyn FnMut() -> AnyView + Send>> {
    Arc::new(Mutex::new(move || f().into_any()))
}
