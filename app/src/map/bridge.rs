//! Rust's end of `public/bridge.js`. The script is loaded by the page, not imported by this code: a page whose map library is broken or
//! blocked still lives.

#[cfg(feature = "hydrate")]
pub use imp::Bridge;

/// On the server there is no map: only its empty element.
#[cfg(not(feature = "hydrate"))]
pub struct Bridge;
#[cfg(not(feature = "hydrate"))]
impl Bridge {
    pub fn create(_: &leptos::web_sys::Element, _: &str, _: impl FnMut(String, String) + 'static) -> Option<Self> {
        None
    }
    pub fn set(&self, _: &str, _: &str) {}
    pub fn show(&self, _: &str, _: bool) {}
    pub fn fly(&self, _: &str) {}
    pub fn restyle(&self) {}
    pub fn remove(&self) {}
}

#[cfg(feature = "hydrate")]
mod imp {
    use js_sys::{Array, Function, Reflect};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};

    /// A map in the page.
    pub struct Bridge {
        calls: JsValue,
        // Called by the map as long as it lives.
        _tell: Closure<dyn FnMut(String, String)>,
    }

    impl Bridge {
        /// Makes a map in `element`; `None` while the script is not there yet.
        pub fn create(element: &web_sys::Element, options: &str, tell: impl FnMut(String, String) + 'static) -> Option<Self> {
            let module = Reflect::get(&js_sys::global(), &"vedettaMap".into()).ok().filter(|m| m.is_object())?;
            let tell = Closure::wrap(Box::new(tell) as Box<dyn FnMut(String, String)>);
            let calls = call(&module, "create", &[element.into(), options.into(), tell.as_ref().clone()])?;
            Some(Self { calls, _tell: tell })
        }
        /// Replaces what a source shows.
        pub fn set(&self, source: &str, geojson: &str) {
            call(&self.calls, "set", &[source.into(), geojson.into()]);
        }
        /// Shows or hides a layer.
        pub fn show(&self, layer: &str, on: bool) {
            call(&self.calls, "show", &[layer.into(), on.into()]);
        }
        /// Flies to a box or a spot.
        pub fn fly(&self, to: &str) {
            call(&self.calls, "fly", &[to.into()]);
        }
        /// Draws everything in the page's present colours.
        pub fn restyle(&self) {
            call(&self.calls, "restyle", &[]);
        }
        /// Takes the map away.
        pub fn remove(&self) {
            call(&self.calls, "remove", &[]);
        }
    }

    fn call(on: &JsValue, name: &str, args: &[JsValue]) -> Option<JsValue> {
        let f = Reflect::get(on, &name.into()).ok()?.dyn_into::<Function>().ok()?;
        f.apply(on, &args.iter().collect::<Array>()).ok()
    }
}
