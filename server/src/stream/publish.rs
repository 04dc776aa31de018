//! Cuts what screens see out of the city, and finds what changed since last time.
//!
//! Looks only at what the city marked as touched; what is derived (KPIs, alarms) is computed and compared. The law: the picture
//! before, with the changes applied, equals the picture after.

use crate::{
    ledger::{City, city::FeedState},
    rules::{alarm, badge, kpi},
    stream::trend::Trends,
};
use app::model::{FeedHealth, Fix, Key, Observed, Place, Situation, Time};
use app::wire::{Change, CityView, FeedView, Map, Mover, Picture, PlaceView, SituationView};
use std::{collections::BTreeSet, sync::Arc};

/// How many findings of a feed screens get; the rest is asked for.
const SHOWN_FINDINGS: usize = 3;

/// The picture as it was last published.
pub struct Publisher {
    /// The picture.
    pub picture: Picture,
}

impl Publisher {
    /// A publisher of `city` that has published nothing.
    pub fn new(city: CityView) -> Self {
        Self { picture: Picture::empty(city) }
    }

    /// What changed since last time. With `derive`, KPIs and alarms are computed too.
    pub fn changes(&mut self, city: &mut City, trends: &Trends, now: Time, derive: bool) -> Vec<Change> {
        let dirty = city.take_dirty();
        let mut changes = Vec::new();
        for i in dirty.feeds {
            if let Some(f) = city.feeds.get(i) {
                let view = feed_view(f);
                if self.picture.feeds.get(i) != Some(&view) {
                    changes.push(Change::Feed(i as u16, view));
                }
            }
        }
        let feed = |o: &app::model::Source| city.feed_index(&o.feed).unwrap_or(0) as u16;
        compare(
            &mut changes,
            dirty.fixes,
            &self.picture.movers,
            |k| city.fixes.get(k).map(|o| mover(o, feed(o.source()))),
            Change::Mover,
            Change::MoverGone,
        );
        compare(
            &mut changes,
            dirty.places,
            &self.picture.places,
            |k| city.places.get(k).map(|o| place(city, k, o, feed(o.source()), now)),
            Change::Place,
            Change::PlaceGone,
        );
        compare(
            &mut changes,
            dirty.situations,
            &self.picture.situations,
            // A withdrawal is remembered, not shown.
            |k| city.situations.get(k).filter(|o| !o.dated().0.cancels).map(|o| situation(o, feed(o.source()))),
            Change::Situation,
            Change::SituationGone,
        );
        for id in dirty.incidents {
            match city.incidents.get(&id) {
                Some(i) if self.picture.incidents.get(&id) != Some(&**i) => changes.push(Change::Incident((**i).clone())),
                None if self.picture.incidents.contains_key(&id) => changes.push(Change::IncidentGone(id)),
                _ => {}
            }
        }
        if derive {
            for (i, rule) in kpi::KPIS.iter().enumerate() {
                let mut k = (rule.compute)(city, now).kpi(rule, now);
                k.trend = trends.of(rule.id);
                if self.picture.kpis.get(i).is_none_or(|old| differs(old, &k)) {
                    changes.push(Change::Kpi(i as u16, k));
                }
            }
            let alarms: Map<Arc<str>, _> = alarm::alarms(city, now).into_iter().map(|a| (a.id.clone(), a)).collect();
            for (id, _) in self.picture.alarms.iter().filter(|(id, _)| !alarms.contains_key(*id)) {
                changes.push(Change::AlarmGone(id.clone()));
            }
            for (id, a) in alarms {
                if self.picture.alarms.get(&id) != Some(&a) {
                    changes.push(Change::Alarm(a));
                }
            }
            // What a badge says ages without being touched.
            for (k, o) in city
                .places
                .iter()
                .filter(|(k, o)| o.dated().0.kind == app::model::PlaceKind::Hospital && self.picture.places.contains_key(*k))
            {
                let view = place(city, k, o, feed(o.source()), now);
                if self.picture.places.get(k) != Some(&view) {
                    changes.push(Change::Place(k.clone(), view));
                }
            }
        }
        for c in &changes {
            self.picture.apply(c.clone());
        }
        changes
    }
}

// A KPI that only became a second older need not travel: screens count the age themselves, from `observed_at` when it moved on.
fn differs(old: &app::model::Kpi, new: &app::model::Kpi) -> bool {
    if old.inputs.is_empty() && new.inputs.is_empty() {
        // Known by Vedetta itself: always of now. Once a trend step is often enough to say so.
        let mut same = new.clone();
        same.observed_at = old.observed_at;
        return *old != same;
    }
    old != new
}

fn compare<V: PartialEq + Clone>(
    changes: &mut Vec<Change>,
    touched: BTreeSet<Key>,
    shown: &Map<Key, V>,
    view: impl Fn(&Key) -> Option<V>,
    came: impl Fn(Key, V) -> Change,
    gone: impl Fn(Key) -> Change,
) {
    for k in touched {
        match (view(&k), shown.get(&k)) {
            (Some(v), Some(old)) if *old == v => {}
            (Some(v), _) => changes.push(came(k, v)),
            (None, Some(_)) => changes.push(gone(k)),
            (None, None) => {}
        }
    }
}

fn feed_view(f: &FeedState) -> FeedView {
    let mut health: FeedHealth = f.health.clone();
    health.findings.truncate(SHOWN_FINDINGS);
    FeedView { feed: f.feed.clone(), health, bounds: f.bounds }
}

/// A mover as the map needs it.
pub fn mover(o: &Observed<Fix>, feed: u16) -> Mover {
    let (fix, observed_at) = o.dated();
    let route = fix.trip.as_ref().and_then(|t| t.route.as_deref().or(t.route_id.as_deref()));
    let label = fix.label.as_deref();
    let name = match (route, label) {
        (Some(r), Some(l)) => format!("{r} · {l}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    };
    Mover {
        kind: fix.kind,
        name: name.into(),
        lon_e6: (fix.position.lon() * 1e6).round() as i32,
        lat_e6: (fix.position.lat() * 1e6).round() as i32,
        heading: fix.heading.map(|h| (h.round() as u16) % 360),
        speed_dm: fix.speed.map(|s| (s * 10.0).round() as u16),
        observed_at,
        feed,
    }
}

fn place(city: &City, key: &Key, o: &Observed<Place>, feed: u16, now: Time) -> PlaceView {
    let (p, _) = o.dated();
    let (badge, severity) = badge::badge(city, key, p.kind, now);
    let color = p.attributes.iter().find(|(k, _)| &**k == "route_color").map(|(_, v)| v.clone());
    PlaceView { kind: p.kind, name: p.name.clone(), geometry: p.geometry.clone(), badge, severity, color, feed }
}

fn situation(o: &Observed<Situation>, feed: u16) -> SituationView {
    let (s, observed_at) = o.dated();
    SituationView {
        kind: s.kind,
        headline: s.headline.clone(),
        area: s.area.clone(),
        status: s.status,
        severity: s.severity,
        urgency: s.urgency,
        certainty: s.certainty,
        geometry: s.geometry.clone(),
        from: s.from,
        to: s.to,
        observed_at,
        feed,
    }
}
