//! What the person at this screen is doing: what is selected, who they are, which theme, and what they sent that is not yet done.
//!
//! Nothing here is the city's: it belongs to this browser, and what should survive a reload is kept in its local storage.

use crate::browser;
use crate::live::{Link, Live};
use crate::model::{Act, Time};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};

/// A thing somebody pointed at: its kind (`alarm`, `incident`, `kpi`, `feed`, `mover`, `place`, `situation`) and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Its kind.
    pub kind: Arc<str>,
    /// Its key or id.
    pub key: Arc<str>,
}
impl Selected {
    /// The thing of that kind and key.
    pub fn new(kind: impl Into<Arc<str>>, key: impl Into<Arc<str>>) -> Self {
        Self { kind: kind.into(), key: key.into() }
    }
}

/// The look of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    Auto,
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
}
impl Theme {
    /// The token kept and set on the root element; none for [`Theme::Auto`].
    pub const fn token(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::Dark => Some("dark"),
            Self::Light => Some("light"),
        }
    }
    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "as the device",
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
    /// The one a switch goes to.
    pub const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Dark,
            Self::Dark => Self::Light,
            Self::Light => Self::Auto,
        }
    }
}

/// Where to move the map.
#[derive(Clone, Debug, PartialEq)]
pub enum Flight {
    /// To this box: west, south, east, north.
    Box([f64; 4]),
    /// To this spot: longitude, latitude.
    Spot(f64, f64),
}

/// How it stands with something sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It could not be sent yet, and why; it is tried again by itself.
    #[default]
    Waiting,
    /// It is on its way.
    Sending,
    /// The server refused it, and why. Only a person can go on.
    Refused(String),
}

/// An act that is not yet done. It keeps its id through every retry, so that nothing happens twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sending {
    /// Its own id.
    pub id: String,
    /// Who asked for it.
    pub by: String,
    /// What.
    pub act: Act,
    /// In a few words, for people.
    pub label: String,
    /// The alarm or incident it is about; empty when it makes a new one.
    pub about: String,
    /// When it was asked for.
    pub at: Time,
    /// How it stands.
    #[serde(skip)]
    pub fate: Fate,
}

/// The desk. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What is selected.
    pub selected: RwSignal<Option<Selected>>,
    /// The operator's name: `by` of everything sent.
    pub operator: RwSignal<String>,
    /// Whether the name was ever asked for on this browser. True until it is known not to be, so that nothing flashes.
    pub introduced: RwSignal<bool>,
    /// Whether the dialog that asks for the name is open.
    pub asking: RwSignal<bool>,
    /// The look.
    pub theme: RwSignal<Theme>,
    /// Counts how often the colours on screen changed: what is drawn on a canvas is drawn anew then.
    pub look: RwSignal<u32>,
    /// Where the map was last asked to go.
    pub flight: RwSignal<Option<Flight>>,
    /// Layers of the map that are switched off.
    pub hidden: RwSignal<Vec<&'static str>>,
    /// What was sent and is not yet done, oldest first.
    pub outbox: RwSignal<Vec<Sending>>,
    live: Live,
}

const NAME: &str = "vedetta-operator";
const THEME: &str = "vedetta-theme";
const OUTBOX: &str = "vedetta-outbox";
/// Who acts, until they say who they are.
pub const NOBODY_YET: &str = "Operator";

impl Desk {
    /// What waits longer than this is not sent by itself any more: the city has moved on, a person decides.
    pub const TOO_OLD: Duration = Duration::from_secs(30 * 60);
    const RETRY: Duration = Duration::from_secs(5);

    /// An empty desk at `live`.
    pub fn new(live: Live) -> Self {
        Self {
            selected: RwSignal::new(None),
            operator: RwSignal::new(NOBODY_YET.to_owned()),
            introduced: RwSignal::new(true),
            asking: RwSignal::new(false),
            theme: RwSignal::new(Theme::Auto),
            look: RwSignal::new(0),
            flight: RwSignal::new(None),
            hidden: RwSignal::new(Vec::new()),
            outbox: RwSignal::new(Vec::new()),
            live,
        }
    }

    /// The page's desk; provided by the app's root.
    pub fn get() -> Self {
        expect_context()
    }

    /// Takes up what this browser remembers, and starts sending what waits. Browser only, after hydration.
    pub fn start(self) {
        match browser::stored(NAME) {
            Some(name) => self.operator.set(name),
            None => self.introduced.set(false),
        }
        match browser::stored(THEME).as_deref() {
            Some("dark") => self.theme.set(Theme::Dark),
            Some("light") => self.theme.set(Theme::Light),
            _ => {}
        }
        if let Some(kept) = browser::stored(OUTBOX).and_then(|t| crate::packed::read(&t)) {
            self.outbox.set(kept);
        }
        Effect::new(move |first: Option<()>| {
            let theme = self.theme.get();
            browser::root_attribute("data-theme", theme.token());
            self.look.update(|n| *n += 1);
            if first.is_some() {
                browser::store(THEME, theme.token().unwrap_or("auto"));
            }
        });
        browser::on_scheme(move || self.look.update(|n| *n += 1));
        Effect::new(move |_| {
            if self.live.link.get() == Link::Live {
                self.send_waiting();
            }
        });
        set_interval(
            move || {
                if self.live.link.get_untracked() == Link::Live {
                    self.send_waiting();
                }
            },
            Self::RETRY,
        );
    }

    /// Selects a thing.
    pub fn select(self, kind: impl Into<Arc<str>>, key: impl Into<Arc<str>>) {
        self.selected.set(Some(Selected::new(kind, key)));
    }

    /// Whether that thing is selected.
    pub fn is_selected(self, kind: &str, key: &str) -> bool {
        self.selected.with(|s| s.as_ref().is_some_and(|s| &*s.kind == kind && &*s.key == key))
    }

    /// Keeps the operator's name.
    pub fn introduce(self, name: &str) {
        let name = name.trim();
        let name = if name.is_empty() { NOBODY_YET } else { name };
        browser::store(NAME, name);
        self.operator.set(name.to_owned());
        self.introduced.set(true);
    }

    /// Asks the server to do `act`. It stays in the outbox, in plain sight, until the server has written it down or refused it.
    pub fn send(self, act: Act, label: &str, about: &str) {
        let sending = Sending {
            id: browser::new_id(),
            by: self.operator.get_untracked(),
            act,
            label: label.to_owned(),
            about: about.to_owned(),
            at: self.live.now.get_untracked(),
            fate: Fate::Waiting,
        };
        let id = sending.id.clone();
        self.outbox.update(|all| all.push(sending));
        self.keep();
        self.dispatch(&id);
    }

    /// Tries a waiting or refused one again, under the same id.
    pub fn dispatch(self, id: &str) {
        let ready = self.outbox.with_untracked(|all| {
            all.iter().find(|s| s.id == id && s.fate != Fate::Sending).map(|s| (s.id.clone(), s.by.clone(), s.act.clone()))
        });
        let Some((id, by, act)) = ready else { return };
        self.fate(&id, Fate::Sending);
        leptos::task::spawn_local(async move {
            match crate::port::act(id.clone(), by, act).await {
                Ok(Ok(_)) => self.discard(&id),
                Ok(Err(refused)) => self.fate(&id, Fate::Refused(refused.to_string())),
                Err(_) => self.fate(&id, Fate::Waiting),
            }
        });
    }

    /// Forgets one that is not done.
    pub fn discard(self, id: &str) {
        self.outbox.update(|all| all.retain(|s| s.id != id));
        self.keep();
    }

    /// Whether something about that alarm or incident is on its way.
    pub fn busy(self, about: &str) -> bool {
        self.outbox.with(|all| all.iter().any(|s| s.about == about && !matches!(s.fate, Fate::Refused(_))))
    }

    fn fate(self, id: &str, fate: Fate) {
        self.outbox.update(|all| {
            if let Some(s) = all.iter_mut().find(|s| s.id == id) {
                s.fate = fate;
            }
        });
    }

    fn keep(self) {
        let text = self.outbox.with_untracked(crate::packed::write);
        browser::store(OUTBOX, &text);
    }

    fn send_waiting(self) {
        let now = self.live.now.get_untracked();
        let due: Vec<String> = self.outbox.with_untracked(|all| {
            all.iter().filter(|s| s.fate == Fate::Waiting && s.at.age(now) <= Self::TOO_OLD).map(|s| s.id.clone()).collect()
        });
        for id in due {
            self.dispatch(&id);
        }
    }
}
