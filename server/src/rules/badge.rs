//! The number worth a glance beside a place's symbol.

use crate::ledger::City;
use app::model::{Freshness, Key, PlaceKind, Quantity, Severity, Time};
use std::sync::Arc;

/// Beds of a hospital, summed over bed kinds; `None` where nothing is reported.
pub struct Beds {
    /// Free.
    pub free: f64,
    /// In all, where every free figure has its whole.
    pub total: Option<f64>,
    /// The worst freshness of what went in.
    pub freshness: Freshness,
    /// The oldest moment of what went in.
    pub observed_at: Option<Time>,
}

/// Beds free at a place. A figure without a bed kind is the hospital's own sum: the kinds are not added to it.
pub fn beds(city: &City, place: &Key, now: Time) -> Option<Beds> {
    let whole_only = city.readings_of(place).any(|o| {
        let (r, _) = o.dated();
        r.quantity == Quantity::BedsFree && r.qualifier.is_none()
    });
    let (mut free, mut total, mut totals, mut figures) = (0.0, 0.0, 0, 0);
    let mut freshness = None;
    let mut oldest: Option<Time> = None;
    for o in city.readings_of(place) {
        let feed = city.feed(&o.source().feed)?;
        let (r, fresh) = o.judged(&feed.feed.promise, now);
        if whole_only != r.qualifier.is_none() {
            continue;
        }
        match (r.quantity, r.value) {
            (Quantity::BedsFree, Some(v)) => {
                free += v;
                figures += 1;
                freshness = Some(freshness.map_or(fresh, |f: Freshness| f.and(fresh)));
                oldest = match (oldest, o.observed_at()) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
            (Quantity::BedsTotal, Some(v)) => {
                total += v;
                totals += 1;
            }
            _ => {}
        }
    }
    (figures > 0).then(|| Beds {
        free,
        total: (totals == figures && total > 0.0).then_some(total),
        freshness: freshness.unwrap_or(Freshness::Unknown),
        observed_at: oldest,
    })
}

/// How bad a hospital's bed situation is: none free is Severe, under one in twenty Moderate.
pub fn beds_severity(b: &Beds) -> Option<Severity> {
    match (b.free, b.total) {
        (free, _) if free <= 0.0 => Some(Severity::Severe),
        (free, Some(total)) if free / total < 0.05 => Some(Severity::Moderate),
        _ => None,
    }
}

/// The badge of a place, and how bad it is.
pub fn badge(city: &City, key: &Key, kind: PlaceKind, now: Time) -> (Option<Arc<str>>, Option<Severity>) {
    if kind != PlaceKind::Hospital {
        return (None, None);
    }
    match beds(city, key, now) {
        Some(b) if b.freshness == Freshness::Unknown => (Some("beds not known".into()), Some(Severity::Unknown)),
        Some(b) => {
            let old = if b.freshness == Freshness::Stale { " (stale)" } else { "" };
            let text = match b.total {
                Some(t) => format!("{:.0} of {t:.0} beds free{old}", b.free),
                None => format!("{:.0} beds free{old}", b.free),
            };
            (Some(text.into()), beds_severity(&b))
        }
        None => (None, None),
    }
}
