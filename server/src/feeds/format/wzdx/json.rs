//! Reading JSON from strangers: limits first, then parsing, with a place in every refusal.

use super::super::Refusal;
use serde_json::Value;

/// serde_json's own limit. It is counted here because serde_json does not count it where it only skims text.
const MAX_DEPTH: usize = 128;

/// The bytes as text that is worth parsing: within the limit, UTF-8, no NUL, not nested beyond reason.
pub fn check(bytes: &[u8], max: usize) -> Result<&str, Refusal> {
    if bytes.len() > max {
        return Err(Refusal::new(format!("byte {max}"), format!("{} bytes are more than the {max} that are read", bytes.len())));
    }
    if let Some(at) = bytes.iter().position(|b| *b == 0) {
        return Err(Refusal::new(format!("byte {at}"), "a NUL byte, which JSON text cannot hold"));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| Refusal::new(format!("byte {}", e.valid_up_to()), "not UTF-8 text"))?;
    if text.trim().is_empty() {
        return Err(Refusal::new("byte 0", "empty"));
    }
    depth(bytes)?;
    // A byte order mark is the habit of some exporters; JSON has no room for it.
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn depth(bytes: &[u8]) -> Result<(), Refusal> {
    let (mut depth, mut quoted, mut escaped, mut line, mut line_start) = (0usize, false, false, 1, 0);
    for (i, b) in bytes.iter().enumerate() {
        match b {
            b'\n' => (line, line_start) = (line + 1, i + 1),
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                if depth > MAX_DEPTH {
                    let at = format!("line {line} column {}", i - line_start + 1);
                    return Err(Refusal::new(at, format!("nested more than {MAX_DEPTH} deep")));
                }
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Where serde_json stopped.
pub fn place(e: &serde_json::Error) -> String {
    format!("line {} column {}", e.line(), e.column())
}

/// Why serde_json stopped, and where.
pub fn refusal(e: &serde_json::Error) -> Refusal {
    let why = e.to_string();
    Refusal::new(place(e), why.split(" at line ").next().unwrap_or(&why))
}

/// A non-empty text field.
pub fn text<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    of.get(name)?.as_str().map(str::trim).filter(|s| !s.is_empty())
}

/// The elements of a list field; none when it is not a list.
pub fn list<'v>(of: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    of.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// A list of texts, joined for people.
pub fn words(of: &Value, name: &str) -> Option<String> {
    let all: Vec<&str> = list(of, name).filter_map(Value::as_str).map(str::trim).filter(|s| !s.is_empty()).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// A plain value as text: no quotes around a string, nothing for null or a structure.
pub fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.trim().to_owned()).filter(|s| !s.is_empty()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(if *b { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

/// A record, indented for people; its bytes as they are when they are not JSON.
pub fn show(bytes: &[u8]) -> String {
    serde_json::from_slice::<Value>(bytes)
        .and_then(|v| serde_json::to_string_pretty(&v))
        .unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned())
}
