//! What the system says of a process: processor seconds and resident memory, from /proc.

use std::fs;

/// Processor seconds used so far, user and system, by `pid` (`self` for this one).
pub fn cpu_seconds(pid: &str) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything; the fields after it are numbers.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0) // Linux reports USER_HZ, which is 100 on every platform it serves here
}

/// Resident memory of `pid` in KiB.
pub fn rss_kib(pid: &str) -> Option<u64> {
    status(pid, "VmRSS:")
}

/// The most resident memory `pid` ever had, in KiB.
pub fn peak_kib(pid: &str) -> Option<u64> {
    status(pid, "VmHWM:")
}

fn status(pid: &str, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|l| l.strip_prefix(field))?.split_whitespace().next()?.parse().ok()
}
