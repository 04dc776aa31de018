//! GTFS-Realtime 2.0: where vehicles are, how late trips run, what is wrong with the service.
//!
//! Owns: the walk over a message and what is common to its three kinds of record ([`vehicle`], [`trip_update`], [`alert`]). Must
//! not know: where the bytes come from. The outermost message is walked by hand, not by a protobuf library, so that every entity
//! keeps its stretch of bytes (the pedigree of each report) and a bad one is set aside without taking the message with it.

mod alert;
mod proto;
pub mod rules;
mod show;
mod trip_update;
mod vehicle;

use super::{Context, Decoded, Format, Refusal, gtfs};
use app::model::{Body, Report, Span, Time, Trip};
use prost::Message;
use std::{collections::HashSet, sync::Arc};

/// The format.
pub const FORMAT: Format = Format {
    id: "gtfs-rt",
    title: "GTFS-Realtime",
    media_types: &["application/x-protobuf", "application/protobuf", "application/x-google-protobuf", "application/vnd.google.protobuf"],
    rules: rules::RULES,
    decode,
    show: show::show,
};

const MESSAGE: usize = 64 << 20;
const ENTITIES: usize = 200_000;
// An empty nested message costs two bytes on the wire and a hundred in memory; this bounds what one record can ask for.
const ENTITY: usize = 1 << 20;
const TEXT: usize = 64 << 10;

fn decode(bytes: &[u8], ctx: &Context) -> Result<Decoded, Refusal> {
    let Outline { header, entities, over } = walk(bytes)?;
    let mut pass = Pass::new(ctx);
    pass.header(&header);
    for &(start, end) in &entities {
        pass.entity(Span::new(start, end), bytes.get(start..end).unwrap_or_default());
    }
    if over > 0 {
        pass.out.rejected += over;
        pass.out.find(&rules::UNREADABLE, "", format!("{over} records beyond the first {ENTITIES} are not read"));
    }
    Ok(pass.finish())
}

// A message's header and where its entities stand.
struct Outline {
    header: proto::FeedHeader,
    entities: Vec<(usize, usize)>,
    over: usize,
}

// Walks the fields of the outermost message.
fn walk(bytes: &[u8]) -> Result<Outline, Refusal> {
    let refuse = |at: usize, why: String| Err(Refusal::new(format!("byte {at}"), why));
    if bytes.len() > MESSAGE {
        return refuse(MESSAGE, format!("the message is {} bytes long; at most {MESSAGE} are read", bytes.len()));
    }
    let mut header: Option<proto::FeedHeader> = None;
    let (mut entities, mut over) = (Vec::new(), 0);
    let mut at = 0;
    while at < bytes.len() {
        let began = at;
        let Some(tag) = varint(bytes, &mut at) else { return refuse(began, "a field's number is cut off or too long".into()) };
        let (field, wire) = (tag >> 3, tag & 7);
        let length = match wire {
            0 if field > 2 => varint(bytes, &mut at).map(|_| 0),
            1 if field > 2 => Some(8),
            2 => varint(bytes, &mut at),
            5 if field > 2 => Some(4),
            _ => return refuse(began, format!("not a GTFS-Realtime message: field {field} of wire type {wire}")),
        };
        let end = length.and_then(|n| at.checked_add(usize::try_from(n).ok()?)).filter(|end| *end <= bytes.len());
        let Some(end) = end else {
            return refuse(began, format!("the message is cut off: field {field} reaches beyond its last byte, {}", bytes.len()));
        };
        match field {
            0 => return refuse(began, "not a GTFS-Realtime message: field 0".into()),
            // A field that comes twice is merged, as protobuf has it.
            1 => {
                let known = header.get_or_insert_default();
                if let Err(e) = known.merge(bytes.get(at..end).unwrap_or_default()) {
                    return refuse(at, format!("the header cannot be read: {e}"));
                }
            }
            2 if entities.len() < ENTITIES => entities.push((at, end)),
            2 => over += 1,
            _ => {}
        }
        at = end;
    }
    match header {
        Some(header) if header.version.is_some() || header.timestamp.is_some() => Ok(Outline { header, entities, over }),
        Some(_) => refuse(0, "not a GTFS-Realtime message: its header has neither version nor timestamp".into()),
        None => refuse(bytes.len(), "not a GTFS-Realtime message: it ends without a header".into()),
    }
}

// A protobuf varint; `None` when cut off or longer than ten bytes.
fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

// One pass over a message: what comes out, and what records share.
struct Pass<'a> {
    out: Decoded,
    now: Time,
    gtfs: Option<&'a gtfs::Gtfs>,
    header_at: Option<Time>,
    // Field and enum names as shared texts: each is allocated once a message, not once a vehicle.
    words: Vec<(&'static str, Arc<str>)>,
    vehicles: HashSet<Arc<str>>,
    // Records that leave their schedule relationship open: how many, and the first.
    open: (usize, Option<Arc<str>>),
}

impl<'a> Pass<'a> {
    fn new(ctx: &Context<'a>) -> Self {
        Self {
            out: Decoded::default(),
            now: ctx.now,
            gtfs: ctx.gtfs,
            header_at: None,
            words: Vec::new(),
            vehicles: HashSet::new(),
            open: (0, None),
        }
    }

    fn header(&mut self, header: &proto::FeedHeader) {
        let version = header.version.as_deref().map(String::from_utf8_lossy);
        let two = version.as_deref().is_none_or(|v| !v.starts_with("1."));
        match version.as_deref() {
            Some("1.0" | "2.0") => {}
            Some(other) => self.out.find(&rules::E038, "header", format!("gtfs_realtime_version is `{other}`")),
            None => self.out.find(&rules::E038, "header", "gtfs_realtime_version is missing"),
        }
        match header.incrementality {
            None if two => self.out.find(&rules::E049, "header", "incrementality is missing"),
            None | Some(0) => {}
            Some(1) => self.out.find(&rules::DIFFERENTIAL, "header", "incrementality is DIFFERENTIAL"),
            Some(n) => self.out.find(&rules::DIFFERENTIAL, "header", format!("incrementality is {n}, which nobody knows")),
        }
        self.out.complete = matches!(header.incrementality, None | Some(0));
        match header.timestamp {
            None if two => self.out.find(&rules::E048, "header", "timestamp is missing"),
            None => self.out.find(&rules::W001, "header", "timestamp is missing"),
            some => self.header_at = self.stamp("header", "timestamp", some),
        }
        if let Some(at) = self.header_at
            && at.age(self.now).as_secs() > 65
        {
            self.out.find(&rules::W008, "header", format!("made {} before {}", app::model::time::ago(at.age(self.now)), self.now));
        }
        self.out.content_at = self.header_at;
    }

    fn entity(&mut self, span: Span, bytes: &[u8]) {
        let place = || format!("byte {}", span.start);
        if bytes.len() > ENTITY {
            return self.out.reject(&rules::UNREADABLE, place(), format!("{} bytes are more than a record may have", bytes.len()));
        }
        let entity = match proto::FeedEntity::decode(bytes) {
            Ok(entity) => entity,
            Err(e) => return self.out.reject(&rules::UNREADABLE, place(), e.to_string()),
        };
        let id = self.text("", "id", &entity.id).unwrap_or_else(|| place().into());
        if entity.is_deleted == Some(true) {
            if self.out.complete {
                self.out.reject(&rules::E039, &*id, "is_deleted is set");
            }
            return;
        }
        if entity.vehicle.is_none() && entity.trip_update.is_none() && entity.alert.is_none() {
            return self.out.reject(&rules::EMPTY, &*id, "neither trip_update nor vehicle nor alert");
        }
        if let Some(vehicle) = &entity.vehicle {
            self.vehicle(&id, span, vehicle);
        }
        if let Some(update) = &entity.trip_update {
            self.trip_update(&id, span, update);
        }
        if let Some(alert) = &entity.alert {
            self.alert(&id, span, alert);
        }
    }

    fn finish(mut self) -> Decoded {
        if let (count, Some(first)) = self.open {
            self.out.find(&rules::W009, &*first, format!("schedule_relationship is left open here and {} more times", count - 1));
        }
        // Only the first few findings are kept and shown: errors go before warnings, each in the message's order.
        self.out.findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
        self.out
    }

    fn report(&mut self, id: impl Into<Arc<str>>, observed_at: Option<Time>, span: Span, body: Body) {
        self.out.reports.push(Report { id: id.into(), observed_at, span, body });
    }

    // The shared text of a name the standard knows.
    fn word(&mut self, word: &'static str) -> Arc<str> {
        if let Some((_, text)) = self.words.iter().find(|(w, _)| std::ptr::eq(*w, word) || *w == word) {
            return text.clone();
        }
        let text: Arc<str> = word.into();
        self.words.push((word, text.clone()));
        text
    }

    // An enum's name, or its number where the standard has grown.
    fn name(&mut self, name: fn(i32) -> Option<&'static str>, number: i32) -> Arc<str> {
        match name(number) {
            Some(name) => self.word(name),
            None => number.to_string().into(),
        }
    }

    // A protobuf text made sound; `None` when missing or blank.
    fn text(&mut self, entity: &str, field: &str, raw: &proto::Text) -> Option<Arc<str>> {
        let raw = raw.as_deref().map(<[u8]>::trim_ascii).filter(|raw| !raw.is_empty())?;
        let short = raw.get(..TEXT).unwrap_or(raw);
        // Line breaks and tabs are no harm; other control characters are, on a screen and in a log.
        let harm = |b: u8| b < 0x20 && !matches!(b, b'\n' | b'\t') || b == 0x7f;
        match std::str::from_utf8(short) {
            Ok(text) if short.len() == raw.len() && !raw.iter().any(|b| harm(*b)) => Some(text.into()),
            read => {
                // A carriage return before a line break is how some systems end a line, and no fault.
                let fault = read.is_err() || short.len() < raw.len() || raw.iter().any(|b| harm(*b) && *b != b'\r');
                if fault {
                    self.out.find(&rules::TEXT, entity, format!("{field} is not sound UTF-8 text of at most {TEXT} bytes"));
                }
                let text = String::from_utf8_lossy(short).replace("\r\n", "\n");
                Some(text.chars().map(|c| if c.is_ascii() && harm(c as u8) { ' ' } else { c }).collect::<String>().into())
            }
        }
    }

    // POSIX seconds as a time; `None` when missing or no sensible time.
    fn posix(&mut self, entity: &str, field: &str, seconds: Option<i64>) -> Option<Time> {
        const SENSIBLE: std::ops::Range<i64> = 946_684_800..4_102_444_800;
        let seconds = seconds?;
        if !SENSIBLE.contains(&seconds) {
            self.out.find(&rules::E001, entity, format!("{field} is {seconds}"));
            return None;
        }
        Some(Time::from_secs(seconds))
    }

    // The time a record was made.
    fn stamp(&mut self, entity: &str, field: &str, seconds: Option<u64>) -> Option<Time> {
        let at = self.posix(entity, field, seconds.map(|s| i64::try_from(s).unwrap_or(i64::MAX)))?;
        if let Some(header) = self.header_at.filter(|h| *h < at) {
            self.out.find(&rules::E012, entity, format!("{field} is {at}, the header's {header}"));
        }
        if at.ahead(self.now).as_secs() > 60 {
            self.out.find(&rules::E050, entity, format!("{field} is {at}, now is {}", self.now));
        }
        Some(at)
    }

    // When a record was so: by itself, else by the header.
    fn observed(&mut self, entity: &str, seconds: Option<u64>) -> Option<Time> {
        if seconds.is_none() {
            self.out.find(&rules::W001, entity, "timestamp is missing; the header's is taken");
        }
        // A record whose own time is senseless is not given a fresher one.
        if seconds.is_some() { self.stamp(entity, "timestamp", seconds) } else { self.header_at }
    }

    // A trip as far as it is known, judged against the timetable; its dates and relationship go to `more`.
    fn trip(&mut self, entity: &Arc<str>, trip: &proto::TripDescriptor, more: &mut app::model::report::Attributes) -> Trip {
        let mut known = Trip {
            trip_id: self.text(entity, "trip_id", &trip.trip_id),
            route_id: self.text(entity, "route_id", &trip.route_id),
            ..Trip::default()
        };
        match trip.schedule_relationship {
            Some(n) => more.push((self.word("schedule_relationship"), self.name(proto::trip_relationship, n))),
            None => self.left_open(entity),
        }
        if let Some(date) = self.text(entity, "start_date", &trip.start_date) {
            if date.len() != 8 || !date.bytes().all(|b| b.is_ascii_digit()) {
                self.out.find(&rules::E021, &**entity, format!("start_date is `{date}`"));
            }
            more.push((self.word("start_date"), date));
        }
        if let Some(time) = self.text(entity, "start_time", &trip.start_time) {
            if !is_clock(&time) {
                self.out.find(&rules::E020, &**entity, format!("start_time is `{time}`"));
            }
            more.push((self.word("start_time"), time));
        }
        if let Some(direction) = trip.direction_id {
            more.push((self.word("direction_id"), direction.to_string().into()));
        }
        if let Some(gtfs) = self.gtfs {
            self.join(entity, trip, &mut known, gtfs);
        }
        known
    }

    // Gives a trip the names of the timetable.
    fn join(&mut self, entity: &str, trip: &proto::TripDescriptor, known: &mut Trip, gtfs: &gtfs::Gtfs) {
        let facts = known.trip_id.as_deref().and_then(|id| gtfs.trip(id));
        let added = matches!(trip.schedule_relationship, Some(1 | 6 | 8));
        if let Some(id) = &known.trip_id {
            match (facts.is_some(), trip.schedule_relationship) {
                (false, _) if !added => self.out.find(&rules::E003, entity, format!("trip_id `{id}`")),
                (true, Some(1)) => self.out.find(&rules::E016, entity, format!("trip_id `{id}`")),
                _ => {}
            }
        }
        let told = known.route_id.as_deref().and_then(|id| gtfs.route(id));
        if let (Some(id), None) = (&known.route_id, told) {
            self.out.find(&rules::E004, entity, format!("route_id `{id}`"));
        }
        let by_trip = facts.and_then(|f| f.route);
        if let (Some(told), Some(by_trip)) = (told, by_trip)
            && told.id != by_trip.id
        {
            self.out.find(&rules::E035, entity, format!("the trip is of route `{}`, not `{}`", by_trip.id, told.id));
        }
        if let Some(route) = told.or(by_trip) {
            known.route_id.get_or_insert_with(|| route.id.clone());
            known.route = Some(route.name.clone());
        }
        known.headsign = facts.and_then(|f| f.headsign).cloned();
    }

    fn left_open(&mut self, entity: &Arc<str>) {
        self.open.0 += 1;
        self.open.1.get_or_insert_with(|| entity.clone());
    }

    // The stop of that id, judged against the timetable.
    fn stop(&mut self, entity: &str, id: &str) -> Option<&'a gtfs::Stop> {
        let gtfs = self.gtfs?;
        let stop = gtfs.stop(id);
        if stop.is_none() && gtfs.counts()[2] > 0 {
            self.out.find(&rules::E011, entity, format!("stop_id `{id}`"));
        }
        stop
    }
}

// `H:MM:SS` or `HH:MM:SS`, the hours past 24 too.
fn is_clock(text: &str) -> bool {
    let mut parts = text.split(':');
    let mut number = |most: u32| parts.next().and_then(|p| p.parse::<u32>().ok()).is_some_and(|n| n <= most);
    number(99) && number(59) && number(59) && parts.next().is_none()
}

#[cfg(test)]
mod tests;
