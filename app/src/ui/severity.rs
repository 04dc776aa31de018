//! Severity: always colour, shape and word together. The same five marks everywhere: octagon, triangle, diamond, disc, dashed ring.

use super::says;
use crate::model::{Certainty, Severity, Urgency};
use leptos::prelude::*;

/// The mark alone, with its word for those who do not see it.
#[component]
pub fn Mark(
    /// How bad.
    #[prop(into)]
    severity: Signal<Severity>,
) -> impl IntoView {
    view! {
        <i class=says(move || format!("sev {}", severity.get().token())) role="img" aria-label=says(move || word(severity.get())) title=says(move || word(severity.get()))></i>
    }
}

fn word(s: Severity) -> &'static str {
    match s {
        Severity::Unknown => "Severity not known",
        s => s.word(),
    }
}

/// How bad, how soon, how sure, in words: `Severe · Immediate · Observed`.
#[component]
pub fn Rated(
    /// How bad.
    severity: Severity,
    /// How soon.
    urgency: Urgency,
    /// How sure.
    certainty: Certainty,
) -> impl IntoView {
    let rest = match (urgency, certainty) {
        (Urgency::Unknown, Certainty::Unknown) => "urgency, certainty not known".to_owned(),
        (Urgency::Unknown, c) => format!("urgency not known · {}", c.word()),
        (u, Certainty::Unknown) => format!("{} · certainty not known", u.word()),
        (u, c) => format!("{} · {}", u.word(), c.word()),
    };
    view! { <span class="rated">{format!("{} · {rest}", word(severity))}</span> }
}
