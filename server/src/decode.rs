//! What the command line says of formats: `vedetta decode`, `formats` and `rules`. The output of `decode` is a contract: see the
//! README.

use crate::{
    feeds::{
        format::{
            self, Context, Rule,
            gtfs::{self, Gtfs},
        },
        intake,
    },
    web::view,
};
use app::model::{Judgement, Time};
use serde_json::{Value, json};
use std::io::{BufWriter, Write};

/// Decodes `bytes` and writes one object a report or finding, then a summary. An error is one line: why and where.
pub fn decode(format_id: &str, bytes: &[u8], gtfs: Option<&Gtfs>, now: Time, out: &mut dyn Write) -> Result<(), String> {
    let format = format::by_id(format_id).ok_or_else(|| format!("no format `{format_id}`"))?;
    let decoded = (format.decode)(bytes, &Context { now, gtfs }).map_err(|r| r.to_string())?;
    let mut out = BufWriter::new(out);
    let mut counts = [("place", 0), ("fix", 0), ("reading", 0), ("situation", 0)];
    let mut line = |v: &Value| -> Result<(), String> {
        serde_json::to_writer(&mut out, v).map_err(|e| e.to_string())?;
        out.write_all(b"\n").map_err(|e| e.to_string())
    };
    for r in &decoded.reports {
        if let Some(c) = counts.iter_mut().find(|c| c.0 == r.body.kind()) {
            c.1 += 1;
        }
        line(&view::report(r))?;
    }
    for f in &decoded.findings {
        line(&json!({ "kind": "finding", "rule": f.rule, "severity": f.severity, "entity": f.entity, "message": f.message }))?;
    }
    for link in &decoded.links {
        line(&json!({ "kind": "link", "href": link }))?;
    }
    let reports: serde_json::Map<String, Value> = counts.iter().map(|(k, n)| ((*k).into(), (*n).into())).collect();
    line(&json!({
        "kind": "summary",
        "format": format.id,
        "reports": reports,
        "rejected": decoded.rejected,
        "findings": decoded.findings.len(),
    }))?;
    out.flush().map_err(|e| e.to_string())
}

/// `vedetta formats`: what is read, one line each.
pub fn formats(out: &mut dyn Write) -> std::io::Result<()> {
    for f in format::FORMATS {
        writeln!(out, "{:<12}{:<34}{:<52}{:>4} rules", f.id, f.title, f.media_types.join(", "), f.rules.len())?;
    }
    Ok(())
}

/// A set of rules: its id, its title, the rules.
pub type Rulebook = (&'static str, &'static str, &'static [Rule]);

/// Every set of rules: each format's, and the two that belong to none of them.
pub fn rulebooks() -> impl Iterator<Item = Rulebook> {
    let others = [
        ("gtfs", "Static GTFS, the timetable beside a live feed", gtfs::RULES),
        ("intake", "Fetching, whatever the format", intake::RULES),
    ];
    format::FORMATS.iter().map(|f| (f.id, f.title, f.rules)).chain(others)
}

/// `vedetta rules`: what messages are judged by, as Markdown. `only` names one set.
pub fn rules(only: Option<&str>, out: &mut dyn Write) -> std::io::Result<()> {
    if only.is_none() {
        writeln!(out, "# Rules\n")?;
        writeln!(
            out,
            "What Vedetta finds wrong in a message, by rule. A breach becomes a finding on the feed's page and in `vedetta decode`."
        )?;
        writeln!(
            out,
            "An error breaks a \"must\" of the standard, a warning a \"should\". This page is written by `vedetta rules`: change a rule in the"
        )?;
        writeln!(out, "code and run `make bless`.")?;
    }
    for (id, title, rules) in rulebooks().filter(|book| only.is_none_or(|o| o == book.0)) {
        if only.is_none() {
            writeln!(out)?;
        }
        writeln!(out, "## {id}: {title}")?;
        for r in rules {
            let severity = match r.severity {
                Judgement::Error => "error",
                Judgement::Warning => "warning",
            };
            writeln!(out, "\n### {} · {severity} · {}\n\n{}", r.id, r.title, r.text)?;
        }
    }
    Ok(())
}
