//! `vedetta bench ingest`: reports applied and journaled, in batches of a thousand, through the real engine and a real journal.

use super::{
    process::{cpu_seconds, peak_kib, rss_kib},
    report::{Report as Figures, percentile, round},
};
use crate::{
    clock::{Clock, System},
    feeds::format::{self, Context},
    ledger::{Batch, City, Entry, Journal},
    stream::{Engine, Handle, engine::Setup},
};
use app::model::{Body, Bounds, Feed, Fix, MoverKind, Position, Promise, Report, Span, Time};
use app::wire::CityView;
use std::{path::Path, sync::Arc, time::Duration, time::Instant};

const BATCH: usize = 1_000;

/// A feed to measure with.
pub fn feed() -> Feed {
    let text = |s: &str| Arc::<str>::from(s);
    Feed {
        id: "bench".into(),
        title: text("Bench"),
        department: text("Bench"),
        format: text("gtfs-rt"),
        namespace: text("bench"),
        licence: text("none"),
        classification: text("public"),
        promise: Promise::every(Duration::from_secs(3600)),
    }
}

/// A city to measure with.
pub fn city_view(_: Time) -> CityView {
    CityView {
        name: "Bench".into(),
        bounds: Bounds([11.0, 43.0, 12.0, 44.0]),
        timezone: "UTC".into(),
        offset_s: 0,
        basemap: None,
        attribution: "".into(),
        demo: true,
    }
}

/// The `n`th report about a mover of a city of `city` movers.
pub fn report(n: usize, city: usize, at: Time) -> Report {
    let who = n % city;
    let drift = (n / city) as f64 * 1e-5;
    let position = Position::new(11.0 + (who % 1000) as f64 * 1e-3, 43.0 + (who / 1000) as f64 * 1e-3 + drift % 0.5);
    Report {
        id: format!("vehicle-{who}").into(),
        observed_at: Some(at),
        span: Span::new(n, n + 100),
        body: Body::Fix(Fix {
            kind: MoverKind::Bus,
            label: Some(format!("{who}").into()),
            position: position.unwrap_or(Bounds([11.0, 43.0, 12.0, 44.0]).center()),
            heading: Some((n % 360) as f32),
            speed: Some(8.0),
            trip: None,
            attributes: Vec::new(),
        }),
    }
}

/// An engine over an empty journal in `dir`.
pub async fn engine(dir: &Path, stop: tokio_util::sync::CancellationToken) -> Result<(Handle, tokio::task::JoinHandle<()>), String> {
    let journal = Journal::open(dir).await.map_err(|e| e.to_string())?;
    let setup = Setup {
        city: City::new(vec![feed()]),
        journal,
        view: Box::new(city_view),
        clock: Arc::new(System),
        epoch: 1,
        keep: Duration::from_secs(3600),
    };
    let (engine, handle) = Engine::new(setup).await.map_err(|e| e.to_string())?;
    let task = tokio::spawn(engine.run(async move { stop.cancelled().await }));
    Ok((handle, task))
}

/// A folder that is removed again.
pub struct Scratch(pub std::path::PathBuf);
impl Scratch {
    /// Makes one.
    pub fn new() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("vedetta-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(Self(path))
    }
}
impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Measures and prints.
pub fn run(json: bool, reports: usize, city: usize, file: Option<&Path>) -> Result<(), String> {
    let scratch = Scratch::new()?;
    let mut figures = Figures::default();
    // One thread for everything of ours; SQLite has its own: processor seconds count both.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let stop = tokio_util::sync::CancellationToken::new();
        let before = rss_kib("self").unwrap_or(0);
        let (handle, task) = engine(&scratch.0, stop.clone()).await?;
        let batches = reports.div_ceil(BATCH);
        let (mut took, mut making, mut made) = (Vec::with_capacity(batches), 0.0, 0.0);
        let (start, cpu) = (Instant::now(), cpu_seconds("self").unwrap_or(0.0));
        for b in 0..batches {
            // Making the reports is not what is measured: its time is taken off.
            let (t0, c0) = (Instant::now(), cpu_seconds("self").unwrap_or(0.0));
            let at = System.now();
            let list: Vec<Report> = (0..BATCH).map(|i| report(b * BATCH + i, city.max(1), at)).collect();
            let batch =
                Batch { feed: Some("bench".into()), received_at: at, raws: vec!["0".repeat(64).into()], reports: list, ..Batch::default() };
            making += t0.elapsed().as_secs_f64();
            made += cpu_seconds("self").unwrap_or(0.0) - c0;
            let t1 = Instant::now();
            handle.take_and_wait(Entry::Batch(batch), Vec::new()).await;
            took.push(t1.elapsed().as_secs_f64() * 1e3);
        }
        let seconds = start.elapsed().as_secs_f64() - making;
        // The clock of processor time ticks in hundredths: what making took is known only as wall time.
        let cpu = cpu_seconds("self").unwrap_or(0.0) - cpu - making.max(made);
        let done = batches * BATCH;
        took.sort_by(f64::total_cmp);
        figures.add("reports", done, "applied and journaled, in batches of 1000");
        figures.add("things", handle.frozen().city.fixes.len(), "in the city at the end");
        figures.add("seconds", round(seconds, 3), "s");
        figures.add("cpu_seconds", round(cpu, 3), "s of one core, SQLite included");
        figures.add("reports_per_second", round(done as f64 / seconds, 0), "by the clock");
        figures.add("reports_per_cpu_second", round(done as f64 / cpu.max(1e-9), 0), "a core");
        figures.add("batch_p50_ms", round(percentile(&took, 50.0), 3), "ms until committed");
        figures.add("batch_p99_ms", round(percentile(&took, 99.0), 3), "ms until committed");
        figures.add("rss_mib", round((rss_kib("self").unwrap_or(0)) as f64 / 1024.0, 1), "MiB resident at the end");
        figures.add("rss_peak_mib", round(peak_kib("self").unwrap_or(0) as f64 / 1024.0, 1), "MiB at most");
        figures.add("rss_start_mib", round(before as f64 / 1024.0, 1), "MiB before");
        stop.cancel();
        let _ = task.await;
        Ok::<(), String>(())
    })?;
    if let Some(path) = file {
        decode(path, &mut figures)?;
    }
    figures.print(json)
}

fn decode(path: &Path, figures: &mut Figures) -> Result<(), String> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let format = format::by_id("gtfs-rt").ok_or("no gtfs-rt")?;
    let ctx = Context { now: System.now(), gtfs: None };
    let mut took = Vec::new();
    let mut reports = 0;
    for _ in 0..200 {
        let t = Instant::now();
        reports = (format.decode)(&bytes, &ctx).map_err(|r| r.to_string())?.reports.len();
        took.push(t.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    figures.add("decoded_reports", reports, "reports from the file");
    figures.add("decode_min_ms", round(percentile(&took, 0.0), 3), "ms, the quickest of 200 runs");
    figures.add("decode_p50_ms", round(percentile(&took, 50.0), 3), "ms, 200 runs");
    figures.add("decode_p99_ms", round(percentile(&took, 99.0), 3), "ms");
    Ok(())
}
