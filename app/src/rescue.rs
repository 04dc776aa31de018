//! When the browser's code cannot go on: say so, and start again once. A frozen wall that looks alive is the worst failure.

use leptos::prelude::{document, window};

const MARK: &str = "vedetta-reloaded-at";
/// A page that reloaded itself this recently (ms) does not do so again: it says what is wrong instead.
const AGAIN_AFTER: f64 = 60_000.0;

/// Reloads the page, unless it did so within the last minute. `why` is shown until then.
pub fn reload_once(why: &str) {
    let window = window();
    let storage = window.session_storage().ok().flatten();
    let last = storage.as_ref().and_then(|s| s.get_item(MARK).ok().flatten()).and_then(|t| t.parse::<f64>().ok());
    let now = js_sys::Date::now();
    let again = last.is_some_and(|t| now - t < AGAIN_AFTER);
    if let Some(body) = document().body() {
        let text = if again { "Stopped. Reload this page." } else { "Starting again." };
        let _ = body.set_attribute("data-stopped", &format!("{text} ({why})"));
    }
    if !again {
        if let Some(s) = storage {
            let _ = s.set_item(MARK, &now.to_string());
        }
        let _ = window.location().reload();
    }
}

/// From now on a panic is logged, shown across the page, and answered by one reload.
pub fn on_panic() {
    std::panic::set_hook(Box::new(|info| {
        leptos::logging::error!("{info}");
        reload_once("an internal error");
    }));
}
