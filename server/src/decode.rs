//! `vedetta decode`: what a file says, as JSON Lines. Its output is a contract: see the README.

use crate::{
    feeds::format::{self, Context, gtfs::Gtfs},
    web::view,
};
use app::model::Time;
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
