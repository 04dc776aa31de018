//! The configuration of a city: one TOML file, every problem named with its line and a hint.
//!
//! Unknown keys are refused, with the nearest known one. Secrets are named by environment variable, never written here.

use crate::feeds::format;
use app::model::{Bounds, Feed, Promise};
use serde::Deserialize;
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// A city's configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The city itself.
    pub city: City,
    /// Its feeds, in the order they are shown.
    #[serde(default)]
    pub feed: Vec<FeedConfig>,
    /// Where the file stands: relative paths start here.
    #[serde(skip)]
    pub base: PathBuf,
}

/// `[city]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct City {
    /// Its name.
    pub name: Arc<str>,
    /// West, south, east, north.
    pub bbox: [f64; 4],
    /// IANA time zone.
    #[serde(default = "utc")]
    pub timezone: Arc<str>,
    /// BCP 47 tags, the preferred first.
    #[serde(default)]
    pub languages: Vec<String>,
    /// The basemap's address under this server (a PMTiles file); without one, a plain ground.
    pub basemap: Option<Arc<str>>,
    /// What the basemap asks to be said about it.
    #[serde(default)]
    pub attribution: Arc<str>,
    /// A GeoJSON file with the outlines of the districts.
    pub districts: Option<PathBuf>,
    /// True for a demonstration: every screen says so.
    #[serde(default)]
    pub demo: bool,
    /// How long the journal and raw messages are kept.
    #[serde(default = "day", deserialize_with = "duration")]
    pub keep: Duration,
}

/// `[[feed]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedConfig {
    /// Its short name.
    pub id: String,
    /// Its name for people.
    pub title: Arc<str>,
    /// The department that owns it.
    pub department: Arc<str>,
    /// The format it speaks.
    pub format: String,
    /// Where it comes from.
    pub source: Source,
    /// How often it is fetched, and promises to be new.
    #[serde(deserialize_with = "duration")]
    pub every: Duration,
    /// When its values are stale; one and a half of `every` unless said.
    #[serde(default, deserialize_with = "some_duration")]
    pub stale_after: Option<Duration>,
    /// Whose things it talks about; its own id unless said.
    pub namespace: Option<Arc<str>>,
    /// The static GTFS (path or address of a zip) that names its trips and routes.
    pub gtfs: Option<String>,
    /// Terms of use.
    #[serde(default = "unstated")]
    pub licence: Arc<str>,
    /// Who may see it.
    #[serde(default = "public")]
    pub classification: Arc<str>,
}

/// Where a feed comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Source {
    /// Fetched from an address.
    Http(String),
    /// Read from a file, when it changed.
    File(PathBuf),
    /// Captures played as if they were live.
    Replay(Replay),
    /// Delivered to `/api/v1/ingest/{feed}`.
    Push(Push),
}

/// A replay: captures on a timeline, looped.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// The captures, in order of time.
    pub files: Vec<PathBuf>,
    /// When each was taken; without it they follow at the feed's own interval.
    #[serde(default)]
    pub taken_at: Vec<String>,
    /// How many times faster than life.
    #[serde(default = "one")]
    pub speed: f64,
}

/// A pushed feed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// The environment variable that holds its bearer token; without one, only loopback may push.
    pub token_env: Option<String>,
}

fn utc() -> Arc<str> {
    "UTC".into()
}
fn day() -> Duration {
    Duration::from_secs(86_400)
}
fn unstated() -> Arc<str> {
    "not stated".into()
}
fn public() -> Arc<str> {
    "public".into()
}
fn one() -> f64 {
    1.0
}

/// Reads `250ms`, `30s`, `5m`, `2h`, `7d`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let n: u64 = text[..digits].parse().ok()?;
    let ms = match text[digits..].trim() {
        "ms" => n,
        "s" => n.checked_mul(1000)?,
        "m" | "min" => n.checked_mul(60_000)?,
        "h" => n.checked_mul(3_600_000)?,
        "d" => n.checked_mul(86_400_000)?,
        _ => return None,
    };
    (ms > 0).then(|| Duration::from_millis(ms))
}
fn duration<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(d)?;
    parse_duration(&text)
        .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a time span; write it as 500ms, 30s, 5m, 2h or 7d")))
}
fn some_duration<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<Duration>, D::Error> {
    duration(d).map(Some)
}

/// What is wrong in a configuration.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 when it is about the whole file.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub hint: String,
}
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "\n  hint: {}", self.hint) }
    }
}

impl FeedConfig {
    /// The model's view of it.
    pub fn feed(&self) -> Feed {
        let promise = Promise { every: self.every, stale_after: self.stale_after.unwrap_or(self.every.mul_f64(1.5)) };
        Feed {
            id: self.id.as_str().into(),
            title: self.title.clone(),
            department: self.department.clone(),
            format: self.format.as_str().into(),
            namespace: self.namespace.clone().unwrap_or_else(|| self.id.as_str().into()),
            licence: self.licence.clone(),
            classification: self.classification.clone(),
            promise,
        }
    }
}

impl Config {
    /// The demonstration city, embedded. `base` is the address where its feeds are served.
    pub fn demo(base: &str) -> Self {
        let text = include_str!("../config/demo.toml").replace("{demo}", base);
        Self::parse(&text, Path::new("demo.toml")).unwrap_or_else(|problems| {
            // The file is part of the program and read by a test: this cannot be reached by any input.
            panic!("the embedded demo.toml is broken: {}", problems[0])
        })
    }

    /// Reads and checks a file.
    pub fn load(path: &Path) -> Result<Self, Vec<Problem>> {
        let text = std::fs::read_to_string(path).map_err(|e| {
            vec![Problem { file: path.display().to_string(), line: 0, what: format!("cannot be read: {e}"), hint: String::new() }]
        })?;
        Self::parse(&text, path)
    }

    /// Checks a text.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Vec<Problem>> {
        let file = path.display().to_string();
        let mut config: Config = toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(0, |s| line_of(text, s.start));
            vec![Problem { file: file.clone(), line, what: e.message().to_owned(), hint: nearest(e.message()) }]
        })?;
        config.base = path.parent().unwrap_or(Path::new("")).to_owned();
        let problems = config.check(text, &file);
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// Where a path of the configuration stands.
    pub fn path(&self, p: &Path) -> PathBuf {
        if p.is_absolute() { p.to_owned() } else { self.base.join(p) }
    }

    fn check(&self, text: &str, file: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut say = |needle: &str, what: String, hint: String| {
            let line = text.find(needle).map_or(0, |at| line_of(text, at));
            problems.push(Problem { file: file.to_owned(), line, what, hint });
        };
        let [w, s, e, n] = self.city.bbox;
        if !(w < e && s < n && w >= -180.0 && e <= 180.0 && s >= -90.0 && n <= 90.0) {
            say(
                "bbox",
                format!("bbox {:?} is not west, south, east, north in degrees", self.city.bbox),
                "for Florence: [11.154, 43.727, 11.329, 43.833]".into(),
            );
        }
        if jiff::tz::TimeZone::get(&self.city.timezone).is_err() {
            say("timezone", format!("`{}` is not a time zone", self.city.timezone), "use an IANA name such as Europe/Rome".into());
        }
        if let Some(p) = &self.city.districts
            && !self.path(p).is_file()
        {
            say("districts", format!("districts: no file {}", self.path(p).display()), "paths start at the configuration file".into());
        }
        let mut seen = std::collections::BTreeSet::new();
        for f in &self.feed {
            let quoted = format!("\"{}\"", f.id);
            if f.id.is_empty() || !f.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
                say(&quoted, format!("feed id `{}` may hold only a-z, 0-9 and -", f.id), String::new());
            }
            if !seen.insert(f.id.as_str()) {
                say(&quoted, format!("two feeds are called `{}`", f.id), "every feed needs an id of its own".into());
            }
            if format::by_id(&f.format).is_none() {
                let known: Vec<&str> = format::FORMATS.iter().map(|f| f.id).collect();
                say(
                    &format!("\"{}\"", f.format),
                    format!("feed `{}`: no format `{}`", f.id, f.format),
                    closest(&f.format, &known).map_or(format!("known: {}", known.join(", ")), |k| format!("did you mean `{k}`?")),
                );
            }
            if f.feed().promise.stale_after < f.every {
                say(
                    &quoted,
                    format!("feed `{}`: stale_after is shorter than every", f.id),
                    "it would be stale between two messages".into(),
                );
            }
            let files: Vec<&Path> = match &f.source {
                Source::File(p) => vec![p],
                Source::Replay(r) => r.files.iter().map(PathBuf::as_path).collect(),
                _ => Vec::new(),
            };
            for p in files.iter().filter(|p| !self.path(p).is_file()) {
                say(
                    &p.display().to_string(),
                    format!("feed `{}`: no file {}", f.id, self.path(p).display()),
                    "paths start at the configuration file".into(),
                );
            }
            match &f.source {
                Source::Http(url) if !(url.starts_with("http://") || url.starts_with("https://")) => {
                    say(url, format!("feed `{}`: `{url}` is not an http or https address", f.id), String::new());
                }
                Source::Replay(r) if r.files.is_empty() => say(&quoted, format!("feed `{}`: a replay needs files", f.id), String::new()),
                Source::Replay(r) if !r.taken_at.is_empty() && r.taken_at.len() != r.files.len() => {
                    say(&quoted, format!("feed `{}`: taken_at needs one time for each file", f.id), String::new());
                }
                Source::Replay(r) if !(0.1..=1000.0).contains(&r.speed) => {
                    say(&quoted, format!("feed `{}`: speed {} is not within 0.1 and 1000", f.id, r.speed), String::new());
                }
                Source::Push(Push { token_env: Some(name) }) if std::env::var_os(name).is_none() => {
                    say(
                        name,
                        format!("feed `{}`: the environment variable {name} is not set", f.id),
                        "it holds the token senders must give".into(),
                    );
                }
                _ => {}
            }
            if let Some(g) = &f.gtfs
                && !g.starts_with("http")
                && !self.path(Path::new(g)).is_file()
            {
                say(
                    g,
                    format!("feed `{}`: no static GTFS {}", f.id, self.path(Path::new(g)).display()),
                    "paths start at the configuration file".into(),
                );
            }
        }
        problems
    }

    /// The box the map shows at first.
    pub fn bounds(&self) -> Bounds {
        Bounds(self.city.bbox)
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1
}

/// The known word nearest to `word`, if any is near.
pub fn closest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known.iter().map(|k| (strsim::damerau_levenshtein(word, k), *k)).min().filter(|(d, k)| *d <= k.len().div_ceil(3).max(2)).map(|(_, k)| k)
}

// serde says "unknown field `evry`, expected one of `id`, `every`": the words between back quotes are the unknown and the known.
fn nearest(message: &str) -> String {
    let words: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match words.split_first() {
        Some((unknown, known)) if message.starts_with("unknown") => {
            closest(unknown, known).map_or(String::new(), |k| format!("did you mean `{k}`?"))
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_demo_is_sound() {
        assert!(Config::demo("http://127.0.0.1:1").city.demo);
    }

    #[test]
    fn problems_have_a_line_and_a_hint() {
        let text = "[city]\nname = \"X\"\nbbox = [1, 1, 2, 2]\ntimzone = \"UTC\"\n";
        let p = Config::parse(text, Path::new("x.toml")).unwrap_err().remove(0);
        assert_eq!((p.line, p.hint.as_str()), (4, "did you mean `timezone`?"), "{p}");
        let text = "[city]\nname = \"X\"\nbbox = [1, 1, 2, 2]\n[[feed]]\nid = \"a\"\ntitle = \"A\"\ndepartment = \"D\"\nformat = \"capp\"\nevery = \"5s\"\nsource = { http = \"ftp://x\" }\n";
        let ps = Config::parse(text, Path::new("x.toml")).unwrap_err();
        assert_eq!(ps.iter().map(|p| p.line).collect::<Vec<_>>(), [8, 10], "{ps:?}");
        assert_eq!(parse_duration("90s"), Some(Duration::from_secs(90)));
        assert_eq!(parse_duration("s"), None);
        assert_eq!(parse_duration("99999999999999999999d"), None);
    }
}
