//! Common Alerting Protocol 1.1 and 1.2 (and 1.0, leniently): public warnings.
//!
//! Owns: telling one alert from an index of many. An index is an Atom feed or an RSS channel whose entries hold a whole alert, or
//! carry an alert's elements themselves (as the US National Weather Service does), or only point at one. Must not know who fetches
//! what it points at. What an alert means is in [`alert`], where it applies in [`area`], what is asked of it in [`rules`].

mod alert;
mod area;
mod rules;

use super::xml::{self, Element};
use super::{Context, Decoded, Format, Refusal, clip};
use app::model::report::Attributes;
use app::model::{Body, Certainty, Geometry, Report, Severity, Situation, SituationKind, Status, Time, Urgency};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The format.
pub const FORMAT: Format = Format {
    id: "cap",
    title: "Common Alerting Protocol",
    media_types: &["application/cap+xml", "application/atom+xml", "application/rss+xml"],
    rules: rules::ALL,
    decode,
    show: xml::pretty,
};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const IN_FEED: &[&str] =
    &["author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights", "subtitle", "title", "updated", "entry"];
const IN_ENTRY: &[&str] =
    &["author", "category", "content", "contributor", "id", "link", "published", "rights", "source", "summary", "title", "updated"];
// An element of an index entry that belongs to an alert: in a CAP namespace, of any version.
fn is_cap(ns: &str) -> bool {
    let is = |prefix: &str| ns.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    is("urn:oasis:names:tc:emergency:cap:") || is("http://www.incident.com/cap/")
}
fn is_alert(e: &Element) -> bool {
    &*e.name == "alert" && (e.ns.is_empty() || is_cap(&e.ns))
}

fn decode(raw: &[u8], _: &Context) -> Result<Decoded, Refusal> {
    let root = xml::parse(raw)?;
    let mut out = Decoded::default();
    // `content_at` stays unknown: an index changes when there is news, and a quiet week is no reason to call its feed stale.
    match &*root.name {
        _ if is_alert(&root) => alert::read(&root, root.span, &mut out),
        "feed" if *root.ns == *ATOM => atom(&root, &mut out),
        "rss" | "RDF" => rss(&root, &mut out),
        // An alert under way in an EDXL envelope (EDXL-DE `contentObject`).
        "EDXLDistribution" => root.descendants().filter(|e| is_alert(e)).for_each(|e| alert::read(e, e.span, &mut out)),
        name => {
            let ns = if root.ns.is_empty() { "no namespace".into() } else { format!("namespace {}", root.ns) };
            let why = format!("`{}` in {} is neither a CAP alert nor an Atom or RSS index of alerts", clip(name, 60), clip(&ns, 120));
            return Err(Refusal::new(format!("line {}", root.line), why));
        }
    }
    once(&mut out);
    Ok(out)
}

// ---- indexes

fn atom(feed: &Element, out: &mut Decoded) {
    let missing: Vec<&str> = ["id", "title", "updated"].into_iter().filter(|n| feed.text(n).is_none()).collect();
    if !missing.is_empty() {
        out.find(&rules::INDEX, "feed", format!("the feed has no {}", missing.join(", ")));
    }
    foreign(feed, IN_FEED, out);
    for entry in feed.children("entry").filter(|e| *e.ns == *ATOM) {
        let id = entry.text("id");
        let entity = id.map_or_else(|| entry.place(), |id| clip(id, 200));
        let missing: Vec<&str> = ["id", "title", "updated"].into_iter().filter(|n| own(entry, n).is_none()).collect();
        if !missing.is_empty() {
            out.find(&rules::ENTRY, &*entity, format!("the entry has no {}", missing.join(", ")));
        }
        foreign(entry, IN_ENTRY, out);
        let link = |wanted: fn(&Element) -> bool| entry.children("link").filter(|l| wanted(l)).find_map(|l| l.attribute("href"));
        let href = link(|l| l.attribute("type") == Some("application/cap+xml"))
            .or_else(|| link(|l| l.attribute("rel").is_none_or(|rel| rel == "alternate")));
        let said = Said {
            id: id.map(Arc::from),
            title: own(entry, "title"),
            summary: entry.child("summary").and_then(|s| s.own_text().map(|t| plain(t, s.attribute("type") == Some("html")))),
            at: own(entry, "updated").or(own(entry, "published")).and_then(Time::parse),
            href,
        };
        item(entry, entry.child("content"), said, &entity, out);
    }
    finish(out);
}

fn rss(root: &Element, out: &mut Decoded) {
    // RSS 1.0 puts its items beside the channel, 2.0 into it.
    let channel = root.child("channel").unwrap_or(root);
    let missing: Vec<&str> = ["title", "link", "description"].into_iter().filter(|n| channel.text(n).is_none()).collect();
    if !missing.is_empty() {
        out.find(&rules::INDEX, "channel", format!("the channel has no {}", missing.join(", ")));
    }
    for entry in channel.children("item").chain(root.children("item")) {
        let guid = entry.child("guid");
        let id = guid.and_then(Element::own_text);
        let entity = id.map_or_else(|| entry.place(), |id| clip(id, 200));
        if own(entry, "title").is_none() && own(entry, "description").is_none() {
            out.find(&rules::ENTRY, &*entity, "the item has neither title nor description");
        }
        let enclosed = entry.children("enclosure").find(|e| e.attribute("type") == Some("application/cap+xml"));
        // A guid is an address unless it says it is not (RSS 2.0); only a complete one is taken at its word here.
        let permalink = guid.filter(|g| g.attribute("isPermaLink") != Some("false")).and_then(Element::own_text).filter(|t| is_web(t));
        let said = Said {
            id: id.map(Arc::from),
            title: own(entry, "title"),
            summary: own(entry, "description").map(|t| plain(t, true)),
            at: own(entry, "pubDate").and_then(rfc_2822),
            href: enclosed.and_then(|e| e.attribute("url")).or(own(entry, "link")).or(permalink),
        };
        item(entry, entry.child("encoded"), said, &entity, out);
    }
    finish(out);
}

// What the entry of an index says in the index's own words.
struct Said<'a> {
    id: Option<Arc<str>>,
    title: Option<&'a str>,
    summary: Option<String>,
    at: Option<Time>,
    href: Option<&'a str>,
}

fn item(entry: &Element, content: Option<&Element>, said: Said, entity: &str, out: &mut Decoded) {
    // A whole alert, within the entry or within its content as elements or as escaped text: the best there is.
    let whole = entry.descendants().find(|e| is_alert(e));
    if let Some(whole) = whole {
        alert::read(whole, whole.span, out);
        return;
    }
    let escaped = content.and_then(Element::own_text).filter(|t| t.starts_with('<')).and_then(|t| xml::parse(t.as_bytes()).ok());
    if let Some(whole) = escaped.filter(is_alert) {
        alert::read(&whole, entry.span, out);
        return;
    }
    if entry.children.iter().any(|c| is_cap(&c.ns)) {
        inline(entry, &said, entity, out);
        return;
    }
    match said.href {
        Some(href) if is_web(href) => out.links.push(href.into()),
        Some(href) => out.reject(&rules::LINK, entity, format!("`{href}` is not an absolute http or https address")),
        None => out.reject(&rules::EMPTY_ENTRY, entity, "the entry neither holds an alert nor points to one"),
    }
}

// An entry that carries an alert's elements itself. It is a digest: what it leaves out is no fault.
fn inline(entry: &Element, said: &Said, entity: &str, out: &mut Decoded) {
    // Only the alert's elements: an index has a `category`, a `title` and a `status` of its own.
    let cap = Element {
        children: entry.children.iter().filter(|c| is_cap(&c.ns)).cloned().collect(),
        name: "entry".into(),
        line: entry.line,
        ..Element::default()
    };
    let Some(id) = cap.text("identifier").map(|id| clip(id, 300).into()).or(said.id.clone()) else {
        out.reject(&rules::IDENTIFIER, entity, "neither the entry nor the alert in it has an identifier");
        return;
    };
    let sent = alert::time(&cap, "sent", entity, out).or(said.at);
    let msg_type = cap.text("msgType").unwrap_or("Alert");
    let from = alert::time(&cap, "effective", entity, out).or(sent);
    let to = alert::time(&cap, "expires", entity, out);
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        out.find(&rules::ORDER, entity, "the alert expires before it takes effect");
    }
    let mut attributes = Attributes::new();
    let kept = ["sender", "senderName", "msgType", "scope", "event", "category", "responseType", "onset", "instruction", "contact", "web"];
    for name in kept {
        cap.children(name).filter_map(Element::own_text).for_each(|t| alert::add(&mut attributes, name, t));
    }
    // The address of the whole alert, for people: what is here was complete enough not to fetch it.
    said.href.filter(|h| is_web(h)).into_iter().for_each(|h| alert::add(&mut attributes, "link", h));
    for name in ["geocode", "parameter", "eventCode"] {
        alert::pairs(&cap, name, &mut attributes);
    }
    let headline = cap.text("headline").or(said.title).or(cap.text("event"));
    let description = cap.text("description").or(said.summary.as_deref());
    let status = if cap.text("status").is_some() { alert::status(&cap, entity, out) } else { Status::Actual };
    let body = Body::Situation(Situation {
        kind: SituationKind::Alert,
        headline: headline.map_or_else(|| id.to_string(), |t| alert::line(t, entity, out)).into(),
        description: description.map(|t| alert::paragraphs(t, entity, out).into()),
        language: cap.text("language").map(Arc::from),
        status,
        severity: alert::coded(&cap, "severity", Severity::parse, entity, out),
        urgency: alert::coded(&cap, "urgency", Urgency::parse, entity, out),
        certainty: alert::coded(&cap, "certainty", Certainty::parse, entity, out),
        geometry: Geometry(area::shapes(&cap, entity, out)),
        area: cap.text("areaDesc").map(|t| clip(&alert::tidy(t, false).0, 4000).into()),
        from,
        to,
        // A digest need not repeat the references.
        replaces: if cap.text("references").is_some() { alert::references(&cap, msg_type, entity, out) } else { Vec::new() },
        cancels: msg_type.eq_ignore_ascii_case("Cancel"),
        attributes,
    });
    out.reports.push(Report { id, observed_at: sent, span: entry.span, body });
}

// An index that says every alert itself lists all there are: what it no longer lists was withdrawn. One that only points at alerts,
// or is empty, or could not be read in full, ends nothing: CAP's own word for that is Cancel.
fn finish(out: &mut Decoded) {
    let mut seen = HashSet::new();
    out.links.retain(|link| seen.insert(link.clone()));
    out.complete = !out.reports.is_empty() && out.links.is_empty() && out.rejected == 0;
}

// Of two alerts of one identifier the one sent last stays.
fn once(out: &mut Decoded) {
    let mut last: HashMap<Arc<str>, usize> = HashMap::new();
    let mut older: HashSet<usize> = HashSet::new();
    for (i, report) in out.reports.iter().enumerate() {
        let Some(before) = last.insert(report.id.clone(), i) else { continue };
        if out.reports.get(before).is_some_and(|b| b.observed_at > report.observed_at) {
            last.insert(report.id.clone(), before);
            older.insert(i);
        } else {
            older.insert(before);
        }
    }
    if older.is_empty() {
        return;
    }
    for (i, report) in std::mem::take(&mut out.reports).into_iter().enumerate() {
        if older.contains(&i) {
            out.find(&rules::TWICE, &*report.id, "the identifier stands twice in this message; the alert sent last is kept");
        } else {
            out.reports.push(report);
        }
    }
}

// ---- small readings

// The text of a child of the entry's own vocabulary, not of CAP's.
fn own<'a>(entry: &'a Element, name: &str) -> Option<&'a str> {
    entry.children.iter().filter(|c| c.ns == entry.ns && &*c.name == name).find_map(Element::own_text)
}

fn foreign(e: &Element, names: &[&str], out: &mut Decoded) {
    for child in e.children.iter().filter(|c| c.ns == e.ns && !names.contains(&&*c.name)) {
        out.find(&rules::UNKNOWN_ELEMENT, child.place(), format!("no element of Atom's, in {}", e.name));
    }
}

fn is_web(href: &str) -> bool {
    let after =
        ["http://", "https://"].iter().find_map(|s| href.get(..s.len()).filter(|h| h.eq_ignore_ascii_case(s)).and(href.get(s.len()..)));
    after.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '['))
        && href.len() <= 2048
        && !href.contains(|c: char| c.is_whitespace() || c.is_control())
}

// Summaries are often HTML. Screens show text, so tags become spaces; the raw message keeps them.
fn plain(text: &str, html: bool) -> String {
    if !html || !text.contains('<') {
        return text.into();
    }
    let (mut out, mut inside) = (String::with_capacity(text.len()), false);
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

// RSS writes `Fri, 04 Feb 2011 20:32:08 GMT`.
fn rfc_2822(text: &str) -> Option<Time> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let [day, month, year, clock, zone] = text.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
    let month = MONTHS.iter().position(|m| m.eq_ignore_ascii_case(month))? + 1;
    let zone = match zone {
        "GMT" | "UT" | "UTC" | "Z" => "Z",
        "EST" => "-05:00",
        "EDT" => "-04:00",
        offset => offset,
    };
    Time::parse(&format!("{year}-{month:02}-{day:0>2}T{clock}{zone}"))
}

#[cfg(test)]
mod tests;
