//! The few things asked of the browser itself. On the server every answer is "there is none", so that the rest of the screen's
//! code is the same on both sides.

/// What this browser remembers under `key`.
pub fn stored(key: &str) -> Option<String> {
    imp::storage()?.get(key)
}

/// Has this browser remember `value` under `key`. It may refuse (private mode, full): then nothing is remembered.
pub fn store(key: &str, value: &str) {
    if let Some(s) = imp::storage() {
        s.set(key, value);
    }
}

/// Sets or removes an attribute of the page's root element.
pub fn root_attribute(name: &str, value: Option<&str>) {
    imp::root_attribute(name, value);
}

/// Whether nobody can see the page now.
pub fn hidden() -> bool {
    imp::hidden()
}

/// An id nobody else chose: a random UUID where the browser makes them.
pub fn new_id() -> String {
    imp::new_id()
}

/// Calls `f` whenever the device goes from dark to light or back.
pub fn on_scheme(f: impl FnMut() + 'static) {
    imp::on_scheme(f);
}

/// A colour of the page, by the name of its token, as it is at `element`.
pub fn token_color(element: &leptos::web_sys::Element, name: &str) -> Option<(u8, u8, u8)> {
    let text = imp::token(element, &format!("--{name}"))?;
    let hex = text.trim().strip_prefix('#').filter(|h| h.len() == 6)?;
    let part = |i| u8::from_str_radix(hex.get(i..i + 2)?, 16).ok();
    Some((part(0)?, part(2)?, part(4)?))
}

/// Asks where this device is; `f` gets longitude and latitude, or nothing when that is refused, unknown, or takes over 8 s.
pub fn locate(f: impl FnOnce(Option<(f64, f64)>) + 'static) {
    imp::locate(f);
}

#[cfg(not(feature = "hydrate"))]
mod imp {
    pub struct Storage;
    impl Storage {
        pub fn get(&self, _: &str) -> Option<String> {
            None
        }
        pub fn set(&self, _: &str, _: &str) {}
    }
    pub fn storage() -> Option<Storage> {
        None
    }
    pub fn root_attribute(_: &str, _: Option<&str>) {}
    pub fn hidden() -> bool {
        false
    }
    pub fn new_id() -> String {
        String::new()
    }
    pub fn on_scheme(_: impl FnMut() + 'static) {}
    pub fn token(_: &leptos::web_sys::Element, _: &str) -> Option<String> {
        None
    }
    pub fn locate(f: impl FnOnce(Option<(f64, f64)>) + 'static) {
        f(None);
    }
}

#[cfg(feature = "hydrate")]
mod imp {
    use js_sys::{Function, Reflect};
    use std::{cell::RefCell, rc::Rc};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};

    pub struct Storage(web_sys::Storage);
    impl Storage {
        pub fn get(&self, key: &str) -> Option<String> {
            self.0.get_item(key).ok().flatten()
        }
        pub fn set(&self, key: &str, value: &str) {
            let _ = self.0.set_item(key, value);
        }
    }
    pub fn storage() -> Option<Storage> {
        web_sys::window()?.local_storage().ok().flatten().map(Storage)
    }
    pub fn root_attribute(name: &str, value: Option<&str>) {
        let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
        if let Some(root) = root {
            let _ = match value {
                Some(v) => root.set_attribute(name, v),
                None => root.remove_attribute(name),
            };
        }
    }
    pub fn hidden() -> bool {
        web_sys::window().and_then(|w| w.document()).is_some_and(|d| d.visibility_state() == web_sys::VisibilityState::Hidden)
    }
    pub fn new_id() -> String {
        // `crypto.randomUUID` exists only on https and localhost; a phone on the van's own network may have neither.
        let uuid = || -> Option<String> {
            let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
            let make = Reflect::get(&crypto, &"randomUUID".into()).ok()?.dyn_into::<Function>().ok()?;
            make.call0(&crypto).ok()?.as_string()
        };
        uuid().unwrap_or_else(|| {
            let part = || (js_sys::Math::random() * 4_294_967_296.0) as u32;
            format!("{:x}-{:08x}{:08x}", js_sys::Date::now() as u64, part(), part())
        })
    }
    pub fn on_scheme(f: impl FnMut() + 'static) {
        // Listened to as long as the page lives.
        let f = Closure::wrap(Box::new(f) as Box<dyn FnMut()>).into_js_value();
        if let Some(query) = web_sys::window().and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok().flatten()) {
            query.set_onchange(Some(f.unchecked_ref()));
            // Kept, because a query nobody holds may be collected and then says nothing.
            std::mem::forget(query);
        }
    }
    pub fn token(element: &web_sys::Element, name: &str) -> Option<String> {
        web_sys::window()?.get_computed_style(element).ok().flatten()?.get_property_value(name).ok()
    }
    pub fn locate(f: impl FnOnce(Option<(f64, f64)>) + 'static) {
        // Called at most once, by whichever of the two callbacks comes.
        let f = Rc::new(RefCell::new(Some(f)));
        let g = f.clone();
        let found = Closure::once_into_js(move |p: JsValue| {
            let get = |name: &str| {
                let coords = Reflect::get(&p, &"coords".into()).ok()?;
                Reflect::get(&coords, &name.into()).ok()?.as_f64()
            };
            if let Some(f) = f.borrow_mut().take() {
                f(get("longitude").zip(get("latitude")));
            }
        });
        let h = g.clone();
        let failed = Closure::once_into_js(move |_: JsValue| {
            if let Some(f) = g.borrow_mut().take() {
                f(None);
            }
        });
        let ask = || -> Option<()> {
            let geolocation = web_sys::window()?.navigator().geolocation().ok()?;
            let options = web_sys::PositionOptions::new();
            options.set_timeout(8_000);
            options.set_enable_high_accuracy(true);
            geolocation
                .get_current_position_with_error_callback_and_options(found.unchecked_ref(), Some(failed.unchecked_ref()), &options)
                .ok()
        };
        let give_up = move || {
            if let Some(f) = h.borrow_mut().take() {
                f(None);
            }
        };
        // The browser's own time limit does not run while it asks for permission: nobody's call for help waits for that answer.
        match ask() {
            Some(()) => leptos::prelude::set_timeout(give_up, std::time::Duration::from_millis(8_500)),
            None => give_up(),
        }
    }
}
