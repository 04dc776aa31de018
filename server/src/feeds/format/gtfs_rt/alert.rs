//! `Alert` to a situation: the words, the lines and stops it concerns, when, and where that is on the map.

use super::{Pass, proto, rules};
use app::model::{Body, Certainty, Geometry, Severity, Shape, Situation, SituationKind, Span, Status, Urgency, report::Attributes};
use std::sync::Arc;

/// An alert for every stop of a network is not drawn at every stop.
const SHAPES: usize = 50;
const POSITIONS: usize = 5000;
const ENTITIES: usize = 50;
/// A network has so many routes and stops, and a hostile message more.
const SELECTORS: usize = 20_000;
const TRANSLATIONS: usize = 32;

impl Pass<'_> {
    pub(super) fn alert(&mut self, entity: &Arc<str>, span: Span, alert: &proto::Alert) {
        let mut attributes = vec![(self.word("entity.id"), entity.clone())];
        for (field, names, value) in [
            ("cause", proto::cause as fn(i32) -> Option<&'static str>, alert.cause),
            ("effect", proto::effect, alert.effect),
            ("severity_level", proto::severity, alert.severity_level),
        ] {
            if let Some(n) = value {
                attributes.push((self.word(field), self.name(names, n)));
            }
        }
        let header = self.words(entity, "header_text", alert.header_text.as_ref(), &mut attributes);
        let description = self.words(entity, "description_text", alert.description_text.as_ref(), &mut attributes);
        let url = self.words(entity, "url", alert.url.as_ref(), &mut attributes);
        attributes.extend(url.map(|(url, _)| (self.word("url"), url)));
        let (from, to) = self.periods(entity, alert, &mut attributes);
        let (geometry, area) = self.informed(entity, alert, &mut attributes);

        let language = header.as_ref().or(description.as_ref()).and_then(|(_, language)| language.clone());
        let (said, more) = (header.map(|h| h.0), description.map(|d| d.0));
        // Without any words the effect is still worth saying.
        let effect = || alert.effect.and_then(proto::effect).unwrap_or("SERVICE_ALERT").replace('_', " ").to_lowercase().into();
        let headline = said.as_ref().or(more.as_ref()).map_or_else(effect, one_line);
        // Some publishers write everything into the header: what the headline cuts off is kept in the description.
        let cut = said.filter(|said| *said != headline && more.as_ref().is_none_or(|m| !m.contains(&**said)));
        let description = match (cut, more) {
            (Some(said), Some(more)) => Some(format!("{said}\n\n{more}").into()),
            (cut, more) => cut.or(more).filter(|text| *text != headline),
        };
        let situation = Situation {
            kind: SituationKind::ServiceAlert,
            headline,
            description,
            language,
            status: Status::Actual,
            severity: match alert.severity_level {
                Some(2) => Severity::Minor,
                Some(3) => Severity::Moderate,
                Some(4) => Severity::Severe,
                _ => Severity::Unknown,
            },
            urgency: Urgency::Unknown,
            certainty: Certainty::Unknown,
            geometry,
            area,
            from,
            to,
            replaces: Vec::new(),
            cancels: false,
            attributes,
        };
        // Alerts carry no time of their own.
        self.report(entity.clone(), self.header_at, span, Body::Situation(situation));
    }

    // The text in the feed's own language (without a tag), else the first one; the others become attributes.
    fn words(
        &mut self,
        entity: &str,
        field: &str,
        texts: Option<&proto::TranslatedString>,
        attributes: &mut Attributes,
    ) -> Option<(Arc<str>, Option<Arc<str>>)> {
        let all: Vec<_> = texts?
            .translation
            .iter()
            .take(TRANSLATIONS)
            .filter_map(|t| Some((self.text(entity, field, &t.text)?, self.text(entity, "language", &t.language))))
            .collect();
        let own = all.iter().position(|(_, language)| language.is_none()).unwrap_or(0);
        for (n, (text, language)) in all.iter().enumerate() {
            if n != own {
                attributes.push((format!("{field}[{}]", language.as_deref().unwrap_or("")).into(), text.clone()));
            }
        }
        all.into_iter().nth(own)
    }

    // From the earliest start to the latest end; each period is kept as an attribute.
    fn periods(
        &mut self,
        entity: &str,
        alert: &proto::Alert,
        attributes: &mut Attributes,
    ) -> (Option<app::model::Time>, Option<app::model::Time>) {
        let mut spans = Vec::new();
        for period in alert.active_period.iter().take(SELECTORS) {
            let seconds = |s: Option<u64>| s.filter(|s| *s != 0).map(|s| i64::try_from(s).unwrap_or(i64::MAX));
            let from = self.posix(entity, "active_period.start", seconds(period.start));
            let to = self.posix(entity, "active_period.end", seconds(period.end));
            spans.push((from, to));
        }
        for (from, to) in spans.iter().take(ENTITIES) {
            let side = |t: &Option<app::model::Time>| t.map_or_else(|| "..".to_owned(), |t| t.to_string());
            attributes.push((self.word("active_period"), format!("{}/{}", side(from), side(to)).into()));
        }
        // One open side makes the whole open; no period at all is "as long as it is listed".
        let from = spans.iter().map(|(from, _)| *from).min().flatten();
        let to = if spans.iter().any(|(_, to)| to.is_none()) { None } else { spans.iter().filter_map(|(_, to)| *to).max() };
        (from, to)
    }

    // Whom it concerns, in names; where that is.
    fn informed(&mut self, entity: &Arc<str>, alert: &proto::Alert, attributes: &mut Attributes) -> (Geometry, Option<Arc<str>>) {
        let (mut geometry, mut area) = (Geometry::default(), Vec::new());
        if alert.informed_entity.is_empty() {
            self.out.find(&rules::E032, &**entity, "no informed_entity");
        }
        let mut empty = 0;
        for (n, selector) in alert.informed_entity.iter().enumerate().take(SELECTORS) {
            let said = self.selector(entity, selector, &mut geometry, &mut area);
            if said.is_empty() {
                empty += 1;
            } else if n < ENTITIES {
                attributes.push((self.word("informed_entity"), said.join(", ").into()));
            }
        }
        if empty > 0 {
            self.out.find(&rules::E033, &**entity, format!("{empty} informed_entity without a specifier"));
        }
        if let Some(more) = alert.informed_entity.len().checked_sub(ENTITIES).filter(|n| *n > 0) {
            attributes.push((self.word("informed_entity"), format!("and {more} more").into()));
        }
        let named = area.iter().take(8).map(|a: &Arc<str>| &**a).collect::<Vec<_>>().join(", ");
        let more = if area.len() > 8 { ", ..." } else { "" };
        (geometry, (!named.is_empty()).then(|| format!("{named}{more}").into()))
    }

    // One selector in words; adds what it selects to the geometry and the area.
    fn selector(
        &mut self,
        entity: &Arc<str>,
        selector: &proto::EntitySelector,
        geometry: &mut Geometry,
        area: &mut Vec<Arc<str>>,
    ) -> Vec<String> {
        let mut said = Vec::new();
        let mut place = |name: Arc<str>| {
            if area.len() <= 8 && !area.contains(&name) {
                area.push(name);
            }
        };
        if let Some(id) = self.text(entity, "agency_id", &selector.agency_id) {
            let name = self.gtfs.and_then(|g| g.agency(&id)).cloned();
            if name.is_none() && self.gtfs.is_some() {
                self.out.find(&rules::E034, &**entity, format!("agency_id `{id}`"));
            }
            said.push(named("agency", &id, name.as_deref()));
        }
        let mut descriptor = selector.trip.clone().unwrap_or_default();
        if descriptor.route_id.is_none() {
            descriptor.route_id = selector.route_id.clone();
        }
        // Alerts say no schedule relationship; that is not left open but not asked.
        descriptor.schedule_relationship.get_or_insert(0);
        let trip = self.trip(entity, &descriptor, &mut Vec::new());
        if let Some(id) = &trip.route_id {
            said.push(named("route", id, trip.route.as_deref()));
            place(trip.route.clone().unwrap_or_else(|| id.clone()));
            // A stop on a route is a spot, not the whole line.
            if selector.stop_id.is_none() {
                for line in self.gtfs.map_or_else(Vec::new, |g| g.route_shapes(id)) {
                    draw(geometry, Shape::Line(line.to_vec()));
                }
            }
        }
        if let Some(id) = &trip.trip_id {
            said.push(named("trip", id, trip.headsign.as_deref()));
        }
        if let Some(id) = self.text(entity, "stop_id", &selector.stop_id) {
            let stop = self.stop(entity, &id);
            said.push(named("stop", &id, stop.map(|s| &*s.name)));
            place(stop.map_or_else(|| id.clone(), |s| s.name.clone()));
            if let Some(at) = stop.and_then(|s| s.position) {
                draw(geometry, Shape::Point(at));
            }
        }
        if let Some(n) = selector.route_type {
            said.push(format!("route_type {n}"));
        }
        if let Some(n) = selector.direction_id {
            said.push(format!("direction_id {n}"));
        }
        said
    }
}

fn named(kind: &str, id: &str, name: Option<&str>) -> String {
    match name {
        Some(name) if name != id => format!("{kind} {name} ({id})"),
        _ => format!("{kind} {id}"),
    }
}

// Adds a shape once, within what a map bears.
fn draw(geometry: &mut Geometry, shape: Shape) {
    let size = |s: &Shape| if let Shape::Line(line) = s { line.len() } else { 1 };
    let drawn: usize = geometry.0.iter().map(size).sum();
    if geometry.0.len() < SHAPES && drawn + size(&shape) <= POSITIONS && !geometry.0.contains(&shape) {
        geometry.0.push(shape);
    }
}

// The first line of a text, at most 200 characters.
fn one_line(text: &Arc<str>) -> Arc<str> {
    if text.len() <= 200 && !text.contains('\n') {
        return text.clone();
    }
    let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default().trim();
    let mut short: String = line.chars().take(200).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short.into()
}
