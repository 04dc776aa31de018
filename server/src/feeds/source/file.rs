//! Reads a file when it changed: another length or modification time.

use super::{MAX_BYTES, Message, Polled, Source};
use std::{path::PathBuf, time::SystemTime};

/// A file that is looked at.
pub struct File {
    path: PathBuf,
    seen: Option<(u64, Option<SystemTime>)>,
}

impl File {
    /// Looks at `path`.
    pub fn new(path: PathBuf) -> Self {
        Self { path, seen: None }
    }
}

#[async_trait::async_trait]
impl Source for File {
    async fn poll(&mut self) -> Polled {
        match read(&self.path, self.seen).await {
            Ok(Some((bytes, seen))) => {
                self.seen = Some(seen);
                Polled::Message(Message { bytes, capture: None, next: None })
            }
            Ok(None) => Polled::Unchanged,
            Err(why) => Polled::Failed(why),
        }
    }
    fn again(&mut self) {
        self.seen = None;
    }
}

type Seen = (u64, Option<SystemTime>);

async fn read(path: &std::path::Path, seen: Option<Seen>) -> Result<Option<(bytes::Bytes, Seen)>, String> {
    let say = |e: std::io::Error| format!("{}: {e}", path.display());
    let meta = tokio::fs::metadata(path).await.map_err(say)?;
    let now = (meta.len(), meta.modified().ok());
    if seen == Some(now) {
        return Ok(None);
    }
    if meta.len() > MAX_BYTES as u64 {
        return Err(format!("{} is larger than {} MiB", path.display(), MAX_BYTES >> 20));
    }
    Ok(Some((tokio::fs::read(path).await.map_err(say)?.into(), now)))
}
