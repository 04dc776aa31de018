//! The journal on disk: SQLite in WAL mode, one writer, group commit.
//!
//! An entry is committed before it counts (a command is answered only then); raw messages are kept, compressed, in the same
//! transaction as the reports they carried, so that no value stands without its pedigree. A checkpoint of the whole city now and
//! then keeps restarts short. Knows nothing of rules or screens.

use super::{City, Entry};
use app::model::{Feed, Time};
use sqlx::{
    ConnectOptions, Connection, Row, SqliteConnection, SqlitePool,
    sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

const SCHEMA: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS checkpoint (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS raw (sha256 TEXT PRIMARY KEY, received_at INTEGER NOT NULL, feed TEXT NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS raw_by_time ON raw (received_at)",
    "CREATE TABLE IF NOT EXISTS kpi_sample (kpi TEXT NOT NULL, at INTEGER NOT NULL, value REAL, freshness INTEGER NOT NULL, PRIMARY KEY (kpi, at)) WITHOUT ROWID",
];
/// The layout of what is stored. Data of another layout is refused by name, never misread.
const LAYOUT: i64 = 1;

/// Why the journal could not do something.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// SQLite said no: the disk is full, the file is damaged or held by another process.
    #[error("{0}")]
    Sql(#[from] sqlx::Error),
    /// The data directory could not be made.
    #[error("cannot make {0}: {1}")]
    Dir(PathBuf, std::io::Error),
    /// The data is of another version.
    #[error(
        "{0} holds data of layout {1}, this program reads layout {LAYOUT}: start with another --data, or use the program that wrote it"
    )]
    Layout(PathBuf, i64),
    /// An entry in it cannot be read.
    #[error("entry {0} of the journal cannot be read")]
    Damaged(i64),
}

/// A raw message to be kept.
#[derive(Clone, Debug)]
pub struct RawMessage {
    /// SHA-256 in hex.
    pub sha256: Arc<str>,
    /// Its feed.
    pub feed: Arc<str>,
    /// When it came.
    pub received_at: Time,
    /// Its bytes.
    pub bytes: bytes::Bytes,
}

/// One value of a KPI's history.
#[derive(Clone, Debug)]
pub struct KpiSample {
    /// Which.
    pub kpi: Arc<str>,
    /// When.
    pub at: Time,
    /// The value, if known.
    pub value: Option<f64>,
    /// 0 fresh, 1 stale, 2 unknown.
    pub freshness: i64,
}

/// The writer. There is one; readers use [`Archive`].
pub struct Journal {
    db: SqliteConnection,
    seq: i64,
    durable: bool,
    path: PathBuf,
}

impl Journal {
    /// Opens or makes the journal in `dir`.
    pub async fn open(dir: &Path) -> Result<Self, JournalError> {
        std::fs::create_dir_all(dir).map_err(|e| JournalError::Dir(dir.to_owned(), e))?;
        let path = dir.join("vedetta.db");
        let mut db = options(&path).create_if_missing(true).connect().await?;
        let (layout,): (i64,) = sqlx::query_as("PRAGMA user_version").fetch_one(&mut db).await?;
        let (tables,): (i64,) = sqlx::query_as("SELECT count(*) FROM sqlite_master").fetch_one(&mut db).await?;
        if tables > 0 && layout != LAYOUT {
            return Err(JournalError::Layout(path, layout));
        }
        for statement in SCHEMA {
            sqlx::query(statement).execute(&mut db).await?;
        }
        sqlx::query(&format!("PRAGMA user_version = {LAYOUT}")).execute(&mut db).await?;
        let (seq,): (i64,) =
            sqlx::query_as("SELECT max(coalesce((SELECT max(seq) FROM entry), 0), coalesce((SELECT max(seq) FROM checkpoint), 0))")
                .fetch_one(&mut db)
                .await?;
        Ok(Self { db, seq, durable: true, path })
    }

    /// The number of the last entry.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// The city with these feeds as the journal tells it: the last checkpoint, and every entry since. The feeds come before the
    /// entries, which mean nothing without them: before the first checkpoint the journal alone does not know whose they are.
    pub async fn restore(&mut self, feeds: Vec<Feed>) -> Result<City, JournalError> {
        let last = sqlx::query("SELECT seq, body FROM checkpoint ORDER BY seq DESC LIMIT 1").fetch_optional(&mut self.db).await?;
        let (mut city, from) = match last {
            Some(row) => {
                let seq: i64 = row.get(0);
                let city = zstd::decode_all(row.get::<&[u8], _>(1)).ok().and_then(|b| postcard::from_bytes(&b).ok());
                (city.ok_or(JournalError::Damaged(seq))?, seq)
            }
            None => (City::default(), 0),
        };
        city.configure(feeds);
        self.replay(from, &mut city).await?;
        Ok(city)
    }

    /// Applies every entry after `from` to `city`.
    pub async fn replay(&mut self, from: i64, city: &mut City) -> Result<usize, JournalError> {
        use futures_util::TryStreamExt;
        let mut rows = sqlx::query("SELECT seq, body FROM entry WHERE seq > ? ORDER BY seq").bind(from).fetch(&mut self.db);
        let mut count = 0;
        while let Some(row) = rows.try_next().await? {
            let entry = Entry::decode(row.get::<&[u8], _>(1)).ok_or_else(|| JournalError::Damaged(row.get(0)))?;
            // A refused command was never journaled; one that is refused now meets a city configured differently.
            let _ = city.apply(entry);
            count += 1;
        }
        Ok(count)
    }

    /// Writes a group of entries and the raw messages they came from, as one commit. Nothing of it is kept when it fails.
    pub async fn append(
        &mut self,
        entries: &[(Time, Vec<u8>)],
        raws: &[RawMessage],
        samples: &[KpiSample],
        durable: bool,
    ) -> Result<(), JournalError> {
        // A command must survive a power cut (FULL); a feed's message must survive a crash of this program (NORMAL), the next one follows.
        if durable != self.durable {
            let mode = if durable { "PRAGMA synchronous = FULL" } else { "PRAGMA synchronous = NORMAL" };
            sqlx::query(mode).execute(&mut self.db).await?;
            self.durable = durable;
        }
        let mut tx = self.db.begin().await?;
        let mut seq = self.seq;
        for (at, body) in entries {
            seq += 1;
            sqlx::query("INSERT INTO entry (seq, at, body) VALUES (?, ?, ?)")
                .bind(seq)
                .bind(at.millis())
                .bind(body.as_slice())
                .execute(&mut *tx)
                .await?;
        }
        for raw in raws {
            // The same bytes again only become younger: they are kept once.
            let known = sqlx::query("UPDATE raw SET received_at = ? WHERE sha256 = ?")
                .bind(raw.received_at.millis())
                .bind(&*raw.sha256)
                .execute(&mut *tx)
                .await?;
            if known.rows_affected() == 0 {
                let body = zstd::encode_all(&*raw.bytes, 3).unwrap_or_default();
                sqlx::query("INSERT INTO raw (sha256, received_at, feed, size, body) VALUES (?, ?, ?, ?, ?)")
                    .bind(&*raw.sha256)
                    .bind(raw.received_at.millis())
                    .bind(&*raw.feed)
                    .bind(raw.bytes.len() as i64)
                    .bind(body)
                    .execute(&mut *tx)
                    .await?;
            }
        }
        for s in samples {
            sqlx::query("INSERT OR REPLACE INTO kpi_sample (kpi, at, value, freshness) VALUES (?, ?, ?, ?)")
                .bind(&*s.kpi)
                .bind(s.at.millis())
                .bind(s.value)
                .bind(s.freshness)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        self.seq = seq;
        Ok(())
    }

    /// Writes the whole city down, so that a restart begins here.
    pub async fn checkpoint(&mut self, city: &City, at: Time) -> Result<(), JournalError> {
        let body = postcard::to_extend(city, Vec::new()).unwrap_or_default();
        let body = zstd::encode_all(&*body, 1).unwrap_or_default();
        let mut tx = self.db.begin().await?;
        sqlx::query("INSERT OR REPLACE INTO checkpoint (seq, at, body) VALUES (?, ?, ?)")
            .bind(self.seq)
            .bind(at.millis())
            .bind(body)
            .execute(&mut *tx)
            .await?;
        // The one before stays, in case this one turns out damaged.
        sqlx::query("DELETE FROM checkpoint WHERE seq NOT IN (SELECT seq FROM checkpoint ORDER BY seq DESC LIMIT 2)")
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Deletes what is older than `keep`, but nothing a restart or a shown value's pedigree needs.
    pub async fn prune(&mut self, city: &City, now: Time, keep: Duration) -> Result<(), JournalError> {
        let before = now.shifted(-i64::try_from(keep.as_millis()).unwrap_or(i64::MAX)).millis();
        let mut tx = self.db.begin().await?;
        sqlx::query("DELETE FROM entry WHERE at < ? AND seq <= (SELECT coalesce(min(seq), 0) FROM checkpoint)")
            .bind(before)
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM kpi_sample WHERE at < ?").bind(before).execute(&mut *tx).await?;
        let shown: BTreeSet<&str> = referenced(city).collect();
        let old = sqlx::query("SELECT sha256 FROM raw WHERE received_at < ?").bind(before).fetch_all(&mut *tx).await?;
        for row in old {
            let sha: &str = row.get(0);
            if !shown.contains(sha) {
                sqlx::query("DELETE FROM raw WHERE sha256 = ?").bind(sha).execute(&mut *tx).await?;
            }
        }
        tx.commit().await?;
        sqlx::query("PRAGMA incremental_vacuum").execute(&mut self.db).await?;
        Ok(())
    }

    /// A reader beside this writer.
    pub async fn archive(&self) -> Result<Archive, JournalError> {
        let pool = SqlitePoolOptions::new().max_connections(2).connect_with(reading(&self.path)).await?;
        Ok(Archive { pool })
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .pragma("wal_autocheckpoint", "4000")
        .disable_statement_logging()
}

fn reading(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(Duration::from_secs(5)).disable_statement_logging()
}

fn referenced(city: &City) -> impl Iterator<Item = &str> {
    let fixes = city.fixes.values().map(|o| &*o.source().raw);
    let places = city.places.values().map(|o| &*o.source().raw);
    let readings = city.readings.values().map(|o| &*o.source().raw);
    let situations = city.situations.values().map(|o| &*o.source().raw);
    let last = city.feeds.iter().filter_map(|f| f.health.last_raw.as_deref());
    fixes.chain(places).chain(readings).chain(situations).chain(last)
}

/// Reads what is kept, beside the writer and without disturbing it.
#[derive(Clone)]
pub struct Archive {
    pool: SqlitePool,
}

impl Archive {
    /// The raw message of that SHA-256, with the feed it came by; `None` when it is not (or no longer) kept.
    pub async fn raw(&self, sha256: &str) -> Result<Option<(String, Vec<u8>)>, JournalError> {
        let row = sqlx::query("SELECT feed, body FROM raw WHERE sha256 = ?").bind(sha256).fetch_optional(&self.pool).await?;
        Ok(row.and_then(|r| Some((r.get::<String, _>(0), zstd::decode_all(r.get::<&[u8], _>(1)).ok()?))))
    }
    /// The history of a KPI from `from` up to `to`, oldest first: time, value, freshness (0 fresh, 1 stale, 2 unknown).
    pub async fn series(&self, kpi: &str, from: Time, to: Time) -> Result<Vec<(Time, Option<f64>, i64)>, JournalError> {
        let rows =
            sqlx::query("SELECT at, value, freshness FROM kpi_sample WHERE kpi = ? AND at >= ? AND at <= ? ORDER BY at LIMIT 100000")
                .bind(kpi)
                .bind(from.millis())
                .bind(to.millis())
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.iter().map(|r| (Time::from_millis(r.get(0)), r.get(1), r.get(2))).collect())
    }
}
