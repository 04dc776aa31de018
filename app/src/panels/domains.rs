//! The city's departments at a glance: how many alarms each has, the worst of them, and whether its feeds can be trusted.

use crate::live::Live;
use crate::model::{AlarmState, Freshness, Severity};
use crate::ui::{kept, shows};
use leptos::prelude::*;
use std::sync::Arc;

#[derive(Clone, PartialEq)]
struct Domain {
    name: Arc<str>,
    alarms: usize,
    worst: Option<Severity>,
    freshness: Freshness,
}

fn domains(live: Live) -> Vec<Domain> {
    let now = live.now.get();
    live.feeds.with(|feeds| {
        let mut all: Vec<Domain> = Vec::new();
        for f in feeds {
            let freshness = f.freshness(now);
            match all.iter_mut().find(|d| d.name == f.feed.department) {
                Some(d) => d.freshness = d.freshness.and(freshness),
                None => all.push(Domain { name: f.feed.department.clone(), alarms: 0, worst: None, freshness }),
            }
        }
        live.alarms.with(|alarms| {
            for a in alarms.values().filter(|a| !matches!(a.state, AlarmState::Shelved { .. })) {
                // A thing belongs to whoever owns the feed that reports its namespace.
                let (kind, key) = (&*a.subject.0, &*a.subject.1);
                let namespace = key.split_once('/').map_or(key, |(ns, _)| ns);
                let owner = feeds.iter().find(|f| if kind == "feed" { f.feed.id.as_str() == key } else { &*f.feed.namespace == namespace });
                let name: Arc<str> = owner.map_or_else(|| "Other".into(), |f| f.feed.department.clone());
                let d = match all.iter().position(|d| d.name == name) {
                    Some(i) => &mut all[i],
                    None => {
                        all.push(Domain { name, alarms: 0, worst: None, freshness: Freshness::Fresh });
                        let last = all.len() - 1;
                        &mut all[last]
                    }
                };
                d.alarms += 1;
                d.worst = d.worst.max(Some(a.severity));
            }
        });
        all
    })
}

/// The departments, in the order their feeds are configured.
#[component]
pub fn Domains() -> impl IntoView {
    let live = Live::get();
    let all = kept(move || domains(live));
    let one = |d: Domain| {
        let said = match (d.alarms, d.worst) {
            (0, _) => format!("{}: no alarms, feeds {}", d.name, d.freshness.word()),
            (n, Some(s)) => format!("{}: {n} alarms, worst {}, feeds {}", d.name, s.word(), d.freshness.word()),
            (n, None) => format!("{}: {n} alarms", d.name),
        };
        let mark = match d.worst {
            Some(s) => format!("sev {}", s.token()),
            None => format!("fresh-dot {}", d.freshness.token()),
        };
        view! {
            <li title=said.clone()>
                <i class=mark aria-hidden="true"></i>
                <span aria-hidden="true">{d.name.to_string()}</span>
                {(d.alarms > 0).then(|| view! { <b class="num" aria-hidden="true">{d.alarms}</b> })}
                <span class="hidden">{said.clone()}</span>
            </li>
        }
    };
    view! { <ul class="domains" aria-label="Departments">{shows(move || all.get().into_iter().map(one).collect_view())}</ul> }
}
