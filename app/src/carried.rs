//! What a person did on the page before its code arrived (typed, scrolled), carried over to the page that takes its place.

use leptos::prelude::{document, window};
use leptos::web_sys::{Event, HtmlElement, HtmlInputElement};
use wasm_bindgen::JsCast;

/// What was done.
pub struct Carried {
    scrolled: f64,
    // What the fields hold, in the order of the page: it is the same page.
    typed: Vec<String>,
    focused: Option<usize>,
}

fn fields() -> Vec<HtmlInputElement> {
    let Ok(list) = document().query_selector_all("input") else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.get(i)?.dyn_into().ok()).collect()
}

impl Carried {
    /// Looks at the page as it is.
    pub fn take() -> Self {
        let active = document().active_element();
        let fields = fields();
        let focused = fields.iter().position(|f| active.as_ref() == Some(f.as_ref()));
        Self { scrolled: window().scroll_y().unwrap_or(0.0), typed: fields.iter().map(HtmlInputElement::value).collect(), focused }
    }

    /// Does it again on the page as it is now.
    pub fn give(self) {
        let fields = fields();
        for (field, typed) in fields.iter().zip(&self.typed) {
            if !typed.is_empty() && field.value() != *typed && field.type_() == "text" {
                field.set_value(typed);
                if let Ok(event) = Event::new("input") {
                    let _ = field.dispatch_event(&event);
                }
            }
        }
        if let Some(field) = self.focused.and_then(|i| fields.get(i)) {
            let _ = AsRef::<HtmlElement>::as_ref(field).focus();
        }
        window().scroll_to_with_x_and_y(0.0, self.scrolled);
    }
}
