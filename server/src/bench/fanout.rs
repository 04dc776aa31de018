//! `vedetta bench fanout`: a server process of its own, a thousand loopback clients in this one. Every client applies what it
//! gets and must end with the server's own picture.

use super::{
    ingest::{Scratch, engine, report},
    process::{cpu_seconds, rss_kib},
    report::{Report as Figures, percentile, round},
};
use crate::{
    clock::{Clock, System},
    ledger::{Batch, Entry, Journal},
    web::{self, Web},
};
use app::wire::{Down, Joiner, Picture};
use futures_util::StreamExt;
use std::{
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio_tungstenite::tungstenite::{Message, protocol::WebSocketConfig};

/// The city of the bench.
const MOVERS: usize = 1_000;

/// The server half: an engine with `rate` changes a second from when a line comes on standard input until the next one.
pub async fn server(rate: u32, data: PathBuf) -> Result<(), String> {
    let stop = tokio_util::sync::CancellationToken::new();
    let (handle, task) = engine(&data, stop.clone()).await?;
    let archive = Journal::open(&data.join("archive")).await.map_err(|e| e.to_string())?.archive().await.map_err(|e| e.to_string())?;
    let web = Web {
        engine: handle.clone(),
        archive,
        clock: Arc::new(System),
        push: Arc::default(),
        clients: Arc::default(),
        site: Arc::new(data.clone()),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let app = web::router(web).into_make_service_with_connect_info::<std::net::SocketAddr>();
    let listener = axum::serve::ListenerExt::tap_io(listener, |tcp| drop(tcp.set_nodelay(true)));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let give = |from: usize, n: usize| {
        let at = System.now();
        let reports = (from..from + n).map(|i| report(i, MOVERS, at)).collect();
        let batch = Batch { feed: Some("bench".into()), received_at: at, raws: vec!["0".repeat(64).into()], reports, ..Batch::default() };
        handle.take_and_wait(Entry::Batch(batch), Vec::new())
    };
    give(0, MOVERS).await;
    let mut out = tokio::io::stdout();
    let _ = out.write_all(format!("{address}\n").as_bytes()).await;
    let _ = out.flush().await;
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let _ = lines.next_line().await; // all clients are there: begin
    let mut n = MOVERS;
    let mut beat = tokio::time::interval(Duration::from_millis(10));
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let (start, first) = (Instant::now(), n);
    let mut more = std::pin::pin!(lines.next_line());
    loop {
        tokio::select! {
            _ = &mut more => break,
            _ = beat.tick() => {
                let due = first + (start.elapsed().as_secs_f64() * f64::from(rate)) as usize;
                if due > n {
                    give(n, due - n).await;
                    n = due;
                }
            }
        }
    }
    let _ = out.write_all(format!("{}\n", n - first).as_bytes()).await;
    let _ = out.flush().await;
    let _ = lines_end().await; // until the other side is done
    stop.cancel();
    let _ = task.await;
    Ok(())
}

async fn lines_end() -> std::io::Result<usize> {
    tokio::io::stdin().read_to_end(&mut Vec::new()).await
}

#[derive(Default)]
struct Shared {
    live: AtomicU64,
    frames: AtomicU64,
    measuring: AtomicBool,
    // The changes are over: every picture is hashed at every number, since the server may still publish by itself (a trend).
    settling: AtomicBool,
    // The number every client must reach; 0 until it is known.
    goal: AtomicU64,
}

/// Measures and prints.
pub async fn run(json: bool, clients: usize, rate: u32, seconds: u64) -> Result<(), String> {
    let scratch = Scratch::new()?;
    let exe = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut child = tokio::process::Command::new(exe)
        .args(["bench", "fanout-server", "--rate", &rate.to_string(), "--data"])
        .arg(&scratch.0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|e| format!("the server half: {e}"))?;
    let pid = child.id().ok_or("the server half ended")?.to_string();
    let mut stdin = child.stdin.take().ok_or("no pipe")?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no pipe")?).lines();
    let mut line = async || lines.next_line().await.map_err(|e| e.to_string())?.ok_or("the server half ended".to_owned());
    let address = line().await?;
    let before = rss_kib(&pid).unwrap_or(0);

    let shared = Arc::new(Shared::default());
    let mut tasks = Vec::new();
    for _ in 0..clients {
        tasks.push(tokio::spawn(client(format!("ws://{address}/live"), shared.clone())));
        // A ramp, not a wall: the listen queue holds a few hundred.
        if tasks.len() % 50 == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    let deadline = Instant::now() + Duration::from_secs(30);
    while shared.live.load(Ordering::Relaxed) < clients as u64 {
        if Instant::now() > deadline {
            return Err(format!("only {} of {clients} clients connected", shared.live.load(Ordering::Relaxed)));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let connected = rss_kib(&pid).unwrap_or(0);

    stdin.write_all(b"begin\n").await.map_err(|e| e.to_string())?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (cpu, frames, start) = (cpu_seconds(&pid).unwrap_or(0.0), shared.frames.load(Ordering::Relaxed), Instant::now());
    shared.measuring.store(true, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let took = start.elapsed().as_secs_f64();
    let cpu = cpu_seconds(&pid).unwrap_or(0.0) - cpu;
    let frames = shared.frames.load(Ordering::Relaxed) - frames;
    let loaded = rss_kib(&pid).unwrap_or(0);
    shared.measuring.store(false, Ordering::Relaxed);
    stdin.write_all(b"end\n").await.map_err(|e| e.to_string())?;
    let changes = line().await?;
    shared.settling.store(true, Ordering::Relaxed);

    // The last change is published a tick later; then every picture must be the server's.
    tokio::time::sleep(Duration::from_millis(700)).await;
    let state = reqwest::get(format!("http://{address}/api/v1/picture")).await.map_err(|e| e.to_string())?;
    let state: serde_json::Value = serde_json::from_slice(&state.bytes().await.map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
    let (seq, hash) = (state["seq"].as_u64().unwrap_or(0), state["hash"].as_str().unwrap_or("").to_owned());
    shared.goal.store(seq, Ordering::Relaxed);
    let (mut equal, mut lags) = (0, Vec::new());
    for task in tasks {
        if let Ok(Ok(Ok((states, lag)))) = tokio::time::timeout(Duration::from_secs(10), task).await {
            equal += usize::from(states.iter().any(|(at, h)| *at == seq && format!("{h:016x}") == hash));
            lags.extend(lag);
        }
    }
    drop(stdin);
    let _ = tokio::time::timeout(Duration::from_secs(5), child.wait()).await;
    lags.sort_by(f64::total_cmp);
    let per = |after: u64| round(after.saturating_sub(before) as f64 / clients.max(1) as f64, 1);
    let mut figures = Figures::default();
    figures.add("clients", clients, "on loopback");
    figures.add("changes", changes.parse::<u64>().unwrap_or(0), "in all");
    figures.add("changes_per_second", rate, "asked for");
    figures.add("seconds", round(took, 2), "s measured");
    figures.add("frames", frames, "frames received by all clients in that time");
    figures.add("cpu_seconds", round(cpu, 2), "s of the server process");
    figures.add("cpu_percent_of_a_core", round(100.0 * cpu / took, 1), "%");
    figures.add("rss_mib", round(before as f64 / 1024.0, 1), "MiB before any client");
    figures.add("kib_per_connection_idle", per(connected), "KiB");
    figures.add("kib_per_connection_loaded", per(loaded), "KiB");
    figures.add("latency_p50_ms", round(percentile(&lags, 50.0), 2), "ms from the tick to a client having applied it");
    figures.add("latency_p99_ms", round(percentile(&lags, 99.0), 2), "ms");
    figures.add("equal_pictures", equal, "clients that ended with the server's state hash");
    figures.print(json)?;
    if equal == clients { Ok(()) } else { Err(format!("{} of {clients} clients ended with another picture", clients - equal)) }
}

// One browser: what its picture's hash was at each number while settling, and how late each frame came.
async fn client(url: String, shared: Arc<Shared>) -> Result<(Vec<(u64, u64)>, Vec<f64>), String> {
    let config = WebSocketConfig::default().read_buffer_size(4 << 10);
    let (mut socket, _) = tokio_tungstenite::connect_async_with_config(url, Some(config), true).await.map_err(|e| e.to_string())?;
    let mut joiner = Joiner::default();
    let (mut picture, mut lags, mut at_seq, mut states) = (None::<Picture>, Vec::new(), 0, Vec::new());
    loop {
        if shared.settling.load(Ordering::Relaxed)
            && states.last().is_none_or(|(seq, _)| *seq != at_seq)
            && let Some(p) = &picture
        {
            states.push((at_seq, p.hash()));
        }
        let goal = shared.goal.load(Ordering::Relaxed);
        if goal != 0 && at_seq >= goal {
            break;
        }
        let message = match tokio::time::timeout(Duration::from_millis(500), socket.next()).await {
            Err(_) => continue, // silence: look at the goal again
            Ok(Some(Ok(Message::Binary(m)))) => m,
            Ok(Some(Ok(_))) => continue,
            Ok(Some(Err(e))) => return Err(e.to_string()),
            Ok(None) => return Err("closed".into()),
        };
        let Some(frame) = joiner.push(&message) else { continue };
        match Down::decode(&frame).map_err(|e| format!("{e:?}"))? {
            Down::Snapshot { seq, picture: p, .. } => {
                if picture.replace(p).is_none() {
                    shared.live.fetch_add(1, Ordering::Relaxed);
                }
                at_seq = seq;
            }
            Down::Delta { seq, at, changes } => {
                if seq != at_seq + 1 {
                    return Err(format!("a gap: {at_seq} then {seq}"));
                }
                at_seq = seq;
                if let Some(p) = &mut picture {
                    changes.into_iter().for_each(|c| p.apply(c));
                }
                if shared.measuring.load(Ordering::Relaxed) {
                    lags.push((System.now().millis() - at.millis()) as f64);
                }
            }
            Down::Beat { .. } => continue,
        }
        shared.frames.fetch_add(1, Ordering::Relaxed);
    }
    Ok((states, lags))
}
