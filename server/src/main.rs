//! The `vedetta` command. Reads the command line, the machine's clock and its chance, and hands them to the library.

use clap::{Parser, Subcommand};
use server::{
    bench, clock,
    config::Config,
    decode,
    feeds::format::gtfs::Gtfs,
    run::{self, Options},
};
use std::{
    io::{IsTerminal, Read, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};
use tokio_util::sync::CancellationToken;

/// A command centre for a city's daily operation: one live picture that can be trusted.
#[derive(Parser)]
#[command(name = "vedetta", version)]
struct Cli {
    #[command(subcommand)]
    command: Cmd,
}

#[derive(Subcommand)]
enum Cmd {
    /// Serves a city; without a configuration, the demonstration city.
    Serve {
        /// The city's configuration.
        #[arg(long)]
        config: Option<PathBuf>,
        /// Where to listen. Loopback unless told otherwise.
        #[arg(long, default_value = "127.0.0.1:3000")]
        listen: SocketAddr,
        /// Where data is kept.
        #[arg(long, default_value = "data")]
        data: PathBuf,
        /// Where the built site stands.
        #[arg(long, default_value = "target/site", env = "VEDETTA_SITE")]
        site: PathBuf,
    },
    /// Validates a configuration: every problem with file, line and a hint.
    Check {
        /// The configuration.
        #[arg(long)]
        config: PathBuf,
    },
    /// Lists the formats it reads.
    Formats,
    /// Prints the rules that messages are judged by, as Markdown.
    Rules {
        /// Only this format's: an id of `vedetta formats`, or `gtfs` or `intake`.
        #[arg(long)]
        format: Option<String>,
    },
    /// Says what a file of a format says: JSON Lines.
    Decode {
        /// The format: an id of `vedetta formats`.
        #[arg(long)]
        format: String,
        /// The static GTFS that names trips and routes.
        #[arg(long, value_name = "GTFS.zip")]
        r#static: Option<PathBuf>,
        /// The moment to judge times by (RFC 3339); now, unless said.
        #[arg(long, value_name = "TIME")]
        now: Option<String>,
        /// The file; `-` is standard input.
        file: PathBuf,
    },
    /// Measures itself on this machine.
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// Reports applied and journaled a second.
    Ingest {
        /// One JSON object instead of lines for people.
        #[arg(long)]
        json: bool,
        /// Reports in all.
        #[arg(long, default_value_t = 1_000_000)]
        reports: usize,
        /// Distinct things they are about: the size of the city.
        #[arg(long, default_value_t = 50_000)]
        city: usize,
        /// Also decodes this GTFS-Realtime file again and again.
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Changes sent to many live clients.
    Fanout {
        /// One JSON object instead of lines for people.
        #[arg(long)]
        json: bool,
        /// Clients.
        #[arg(long, default_value_t = 1_000)]
        clients: usize,
        /// Changes a second.
        #[arg(long, default_value_t = 100)]
        rate: u32,
        /// Seconds measured.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// The server half of `fanout`, started by it as a process of its own.
    #[command(hide = true)]
    FanoutServer {
        /// Changes a second.
        #[arg(long)]
        rate: u32,
        /// Where its data goes.
        #[arg(long)]
        data: PathBuf,
    },
}

fn main() -> ExitCode {
    let env = tracing_subscriber::EnvFilter::try_from_env("VEDETTA_LOG").unwrap_or_else(|_| "warn,server=info".into());
    tracing_subscriber::fmt().with_env_filter(env).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).init();
    match Cli::parse().command {
        Cmd::Serve { config, listen, data, site } => serve(config, listen, data, site),
        Cmd::Check { config } => check(&config),
        Cmd::Formats => done(decode::formats(&mut std::io::stdout()).map_err(|e| e.to_string()), 1),
        Cmd::Rules { format } => rules(format.as_deref()),
        Cmd::Decode { format, r#static, now, file } => decode(&format, r#static, now, &file),
        Cmd::Bench { what } => done(measure(what), 1),
    }
}

fn done(result: Result<(), String>, code: u8) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // The reader went away (`| head`): nobody is left to be told.
        Err(why) if why.contains("Broken pipe") => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "vedetta: {why}");
            ExitCode::from(code)
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| format!("no runtime: {e}"))
}

#[allow(clippy::disallowed_methods)] // the one place that draws chance
fn chance() -> u64 {
    fastrand::u64(1..)
}

fn serve(config: Option<PathBuf>, listen: SocketAddr, data: PathBuf, site: PathBuf) -> ExitCode {
    let run = || -> Result<(), String> {
        if let Some(path) = &config {
            Config::load(path).map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        }
        if !site.join("pkg").is_dir() {
            tracing::warn!("{} holds no built site: pages come without style and script; run `make site`", site.display());
        }
        runtime()?.block_on(async {
            let listener = tokio::net::TcpListener::bind(listen).await.map_err(|e| format!("cannot listen on {listen}: {e}"))?;
            let stop = CancellationToken::new();
            tokio::spawn(signals(stop.clone()));
            let options = Options { config, data, site, listener, clock: Arc::new(clock::System), seed: chance(), stop };
            run::run(options, |address| {
                let mut out = std::io::stdout();
                let _ = writeln!(out, "http://{address}");
                let _ = out.flush();
            })
            .await
        })
    };
    done(run(), 1)
}

async fn signals(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    if let Ok(mut term) = signal(SignalKind::terminate()) {
        tokio::select! {
            _ = term.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        stop.cancel();
    }
}

fn check(config: &std::path::Path) -> ExitCode {
    match Config::load(config) {
        Ok(c) => done(writeln!(std::io::stdout(), "{}: good, {} feeds", config.display(), c.feed.len()).map_err(|e| e.to_string()), 1),
        Err(problems) => {
            for p in problems {
                let _ = writeln!(std::io::stderr(), "{p}");
            }
            ExitCode::from(2)
        }
    }
}

fn rules(format: Option<&str>) -> ExitCode {
    let known: Vec<&str> = decode::rulebooks().map(|b| b.0).collect();
    match format.filter(|f| !known.contains(f)) {
        Some(f) => done(Err(unknown("rules of", f, &known)), 2),
        None => done(decode::rules(format, &mut std::io::stdout()).map_err(|e| e.to_string()), 1),
    }
}

fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    let hint = server::config::closest(word, known).map_or(String::new(), |k| format!(" (did you mean `{k}`?)"));
    format!("no {what} `{word}`{hint}; known: {}", known.join(", "))
}

fn decode(format: &str, gtfs: Option<PathBuf>, now: Option<String>, file: &std::path::Path) -> ExitCode {
    let usage = |why: String| done(Err(why), 2);
    if server::feeds::format::by_id(format).is_none() {
        let known: Vec<&str> = server::feeds::format::FORMATS.iter().map(|f| f.id).collect();
        return usage(unknown("format", format, &known));
    }
    use server::clock::Clock;
    let now = match now.as_deref().map(app::model::Time::parse) {
        None => clock::System.now(),
        Some(Some(t)) => t,
        Some(None) => return usage("--now must be an RFC 3339 time such as 2026-01-01T12:00:00Z".into()),
    };
    let read = |path: &std::path::Path| -> Result<Vec<u8>, String> {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).map(|_| bytes).map_err(|e| format!("standard input: {e}"))
        } else {
            std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
        }
    };
    let gtfs = match gtfs.map(|p| read(&p).and_then(|b| Gtfs::read(&b).map(|(g, _)| g).map_err(|e| format!("{}: {e}", p.display())))) {
        None => None,
        Some(Ok(g)) => Some(g),
        Some(Err(why)) => return done(Err(why), 1),
    };
    let result = read(file).and_then(|bytes| {
        decode::decode(format, &bytes, gtfs.as_ref(), now, &mut std::io::stdout().lock())
            .map_err(|e| if e.contains("Broken pipe") { e } else { format!("{}: {e}", file.display()) })
    });
    done(result, 1)
}

fn measure(what: Bench) -> Result<(), String> {
    match what {
        Bench::Ingest { json, reports, city, file } => bench::ingest::run(json, reports, city, file.as_deref()),
        Bench::Fanout { json, clients, rate, seconds } => runtime()?.block_on(bench::fanout::run(json, clients, rate, seconds)),
        Bench::FanoutServer { rate, data } => runtime()?.block_on(bench::fanout::server(rate, data)),
    }
}
