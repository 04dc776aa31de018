//! Figures, for people or as one JSON object.

use serde_json::{Map, Value};
use std::io::Write;

/// A list of named figures in order.
#[derive(Default)]
pub struct Report(Vec<(&'static str, Value, &'static str)>);

impl Report {
    /// Adds a figure with its unit.
    pub fn add(&mut self, name: &'static str, value: impl Into<Value>, unit: &'static str) {
        self.0.push((name, value.into(), unit));
    }
    /// Writes them to standard output.
    pub fn print(&self, json: bool) -> Result<(), String> {
        let mut out = std::io::stdout().lock();
        let written = if json {
            let map: Map<String, Value> = self.0.iter().map(|(k, v, _)| ((*k).to_owned(), v.clone())).collect();
            writeln!(out, "{}", Value::Object(map))
        } else {
            self.0.iter().try_for_each(|(k, v, unit)| writeln!(out, "{:<28}{v} {unit}", k.replace('_', " ")))
        };
        written.map_err(|e| e.to_string())
    }
}

/// Rounded to `digits` after the point.
pub fn round(v: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (v * scale).round() / scale
}

/// The `p`th percentile (0..=100) of sorted values.
pub fn percentile(sorted: &[f64], p: f64) -> f64 {
    let i = (p / 100.0 * (sorted.len().saturating_sub(1)) as f64).round() as usize;
    sorted.get(i).copied().unwrap_or(0.0)
}
