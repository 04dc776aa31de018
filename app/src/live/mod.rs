//! From the wire to the screen: one [`Live`] a page, which holds the picture as signals and says how good the link is.
//!
//! Movers do not go through signals: ten thousand of them would each wake the reactive tree. They stay in a plain map that the
//! map layer reads when [`Live::movers_changed`] fires.

mod link;
#[cfg(feature = "hydrate")]
mod socket;

pub use link::Link;

use crate::model::{Alarm, Freshness, Incident, Key, Kpi, Time};
use crate::wire::{Change, CityView, FeedView, Map, Mover, Picture, PlaceView, Seed, SituationView};
use leptos::prelude::*;
use std::{sync::Arc, time::Duration};

/// The live picture, as everything on a page sees it. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Live {
    /// The city.
    pub city: RwSignal<CityView>,
    /// Its feeds, in their order.
    pub feeds: RwSignal<Vec<FeedView>>,
    /// The KPIs, in their order.
    pub kpis: RwSignal<Vec<Kpi>>,
    /// What stands.
    pub places: RwSignal<Map<Key, PlaceView>>,
    /// What goes on.
    pub situations: RwSignal<Map<Key, SituationView>>,
    /// What asks for a response.
    pub alarms: RwSignal<Map<Arc<str>, Alarm>>,
    /// What people work on.
    pub incidents: RwSignal<Map<Arc<str>, Incident>>,
    /// The server's time as well as this page knows it: moves once a second.
    pub now: RwSignal<Time>,
    /// How good the link is.
    pub link: RwSignal<Link>,
    /// When the last frame came, by the server's clock.
    pub heard_at: RwSignal<Time>,
    movers: StoredValue<Map<Key, Mover>>,
    /// Fires when any mover came, moved or left.
    pub movers_changed: Trigger,
    /// Whether the first whole picture has come by the socket.
    pub complete: RwSignal<bool>,
}

impl Live {
    /// A page's picture as rendered by the server, until the socket takes over.
    pub fn from_seed(seed: Seed) -> Self {
        Self {
            city: RwSignal::new(seed.city),
            feeds: RwSignal::new(seed.feeds),
            kpis: RwSignal::new(seed.kpis),
            places: RwSignal::new(Map::new()),
            situations: RwSignal::new(Map::new()),
            alarms: RwSignal::new(seed.alarms.into_iter().map(|a| (a.id.clone(), a)).collect()),
            incidents: RwSignal::new(seed.incidents.into_iter().map(|i| (i.id.clone(), i)).collect()),
            now: RwSignal::new(seed.at),
            link: RwSignal::new(Link::Connecting),
            heard_at: RwSignal::new(seed.at),
            movers: StoredValue::new(Map::new()),
            movers_changed: Trigger::new(),
            complete: RwSignal::new(false),
        }
    }

    /// The page's picture; provided by the app's root.
    pub fn get() -> Self {
        expect_context()
    }

    /// Starts the socket and the clock. Browser only, after hydration.
    #[cfg(feature = "hydrate")]
    pub fn start(self) {
        socket::start(self);
    }

    /// Looks at all movers, without subscribing to anything.
    pub fn with_movers<T>(&self, f: impl FnOnce(&Map<Key, Mover>) -> T) -> T {
        self.movers.with_value(f)
    }

    /// A feed by its place in the list.
    pub fn feed(&self, i: u16) -> Option<FeedView> {
        self.feeds.with(|f| f.get(usize::from(i)).cloned())
    }

    /// How far a KPI may be trusted here and now: the server's judgement, which itself grows old when no newer one comes.
    pub fn judged(&self, kpi: &Kpi) -> Freshness {
        let arrived = match self.link.get() {
            Link::Connecting | Link::Live => Freshness::Fresh,
            Link::Late | Link::Lost if self.heard_at.get().age(self.now.get()) > Self::FORGET_KPIS => Freshness::Unknown,
            Link::Late | Link::Lost => Freshness::Stale,
        };
        kpi.freshness.and(arrived)
    }
    /// Without a word from the server for so long, its KPIs say nothing about now.
    const FORGET_KPIS: Duration = Duration::from_secs(300);

    /// The freshness of something a feed keeps up (a place, a situation): that of the feed.
    pub fn feed_freshness(&self, i: u16) -> Freshness {
        let now = self.now.get();
        self.feeds.with(|f| f.get(usize::from(i)).map_or(Freshness::Unknown, |f| f.freshness(now)))
    }

    /// Replaces everything.
    pub fn replace(&self, p: Picture) {
        self.city.maybe_update(|c| set(c, p.city));
        self.feeds.set(p.feeds);
        self.kpis.set(p.kpis);
        self.places.set(p.places);
        self.situations.set(p.situations);
        self.alarms.set(p.alarms);
        self.incidents.set(p.incidents);
        self.movers.set_value(p.movers);
        self.movers_changed.notify();
        self.complete.set(true);
    }

    /// Takes in what changed. Each signal fires at most once, and only when something under it changed.
    pub fn apply(&self, changes: Vec<Change>) {
        let mut moved = false;
        let mut sections: [Vec<Change>; 6] = Default::default();
        self.movers.update_value(|movers| {
            for change in changes {
                let section = match change {
                    Change::Mover(k, m) => {
                        movers.insert(k, m);
                        moved = true;
                        continue;
                    }
                    Change::MoverGone(k) => {
                        movers.remove(&k);
                        moved = true;
                        continue;
                    }
                    Change::City(c) => {
                        self.city.set(c);
                        continue;
                    }
                    Change::Feed(..) => 0,
                    Change::Kpi(..) => 1,
                    Change::Place(..) | Change::PlaceGone(_) => 2,
                    Change::Situation(..) | Change::SituationGone(_) => 3,
                    Change::Alarm(_) | Change::AlarmGone(_) => 4,
                    Change::Incident(_) | Change::IncidentGone(_) => 5,
                };
                sections[section].push(change);
            }
        });
        let [feeds, kpis, places, situations, alarms, incidents] = sections;
        update(self.feeds, feeds, |list, c| {
            if let Change::Feed(i, f) = c {
                put(list, i, f);
            }
        });
        update(self.kpis, kpis, |list, c| {
            if let Change::Kpi(i, k) = c {
                put(list, i, k);
            }
        });
        update(self.places, places, |map, c| match c {
            Change::Place(k, p) => drop(map.insert(k, p)),
            Change::PlaceGone(k) => drop(map.remove(&k)),
            _ => {}
        });
        update(self.situations, situations, |map, c| match c {
            Change::Situation(k, s) => drop(map.insert(k, s)),
            Change::SituationGone(k) => drop(map.remove(&k)),
            _ => {}
        });
        update(self.alarms, alarms, |map, c| match c {
            Change::Alarm(a) => drop(map.insert(a.id.clone(), a)),
            Change::AlarmGone(id) => drop(map.remove(&id)),
            _ => {}
        });
        update(self.incidents, incidents, |map, c| match c {
            Change::Incident(i) => drop(map.insert(i.id.clone(), i)),
            Change::IncidentGone(id) => drop(map.remove(&id)),
            _ => {}
        });
        if moved {
            self.movers_changed.notify();
        }
    }
}

/// Ids by rank, lowest first; among equals by id, so that no list ever flickers. One function for every queue.
pub fn in_order(mut ranked: Vec<([i64; 3], Arc<str>)>) -> Vec<Arc<str>> {
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, id)| id).collect()
}

fn set<T: PartialEq>(slot: &mut T, value: T) -> bool {
    let changed = *slot != value;
    *slot = value;
    changed
}
fn put<T>(list: &mut Vec<T>, i: u16, item: T) {
    match list.get_mut(usize::from(i)) {
        Some(slot) => *slot = item,
        None => list.push(item),
    }
}
fn update<T: Send + Sync + 'static>(signal: RwSignal<T>, changes: Vec<Change>, mut f: impl FnMut(&mut T, Change)) {
    if !changes.is_empty() {
        signal.update(|value| changes.into_iter().for_each(|c| f(value, c)));
    }
}
