//! The nouns of a city: what feeds report, what rules derive from it, what people do about it.
//!
//! Owns: the types both sides share, their units, their laws. Must not know: Leptos, the web, tokio, or what time it is
//! (every judgement takes `now`). Read [`report`] first (what comes in), then [`observed`] (why nothing loses its age),
//! then [`kpi`], [`alarm`] and [`incident`] (what comes out).

pub mod alarm;
pub mod command;
pub mod feed;
pub mod geo;
pub mod incident;
pub mod kpi;
pub mod observed;
pub mod report;
pub mod severity;
pub mod time;
pub mod unit;

pub use alarm::{Alarm, AlarmState};
pub use command::{Act, Command, Refused};
pub use feed::{Feed, FeedHealth, Finding, Judgement, Outcome};
pub use geo::{Bounds, Geometry, Position, Shape};
pub use incident::{Incident, IncidentState, LogEntry};
pub use kpi::{Kpi, KpiInput};
pub use observed::{Freshness, Observed, Promise, Source};
pub use report::{Body, Fix, Key, MoverKind, Place, PlaceKind, Reading, Report, Situation, SituationKind, Span, Status, Trip};
pub use severity::{Certainty, Severity, Urgency};
pub use time::Time;
pub use unit::{Quantity, Unit};
