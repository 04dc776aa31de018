//! Plays captures as if they were live: in order, at a chosen speed, looped. Their bytes stay as they were taken; whoever reads
//! them moves the times (see [`super::Capture`]).

use super::{Capture, Message, Polled, Source};
use app::model::Time;
use bytes::Bytes;
use std::{path::PathBuf, time::Duration};

/// A timeline of captures.
pub struct Replay {
    files: Vec<(PathBuf, Option<Time>)>,
    every: Duration,
    speed: f64,
    at: usize,
}

impl Replay {
    /// Plays `files` (each with when it was taken, if known), one `every` so often where their times do not say.
    pub fn new(files: Vec<(PathBuf, Option<Time>)>, every: Duration, speed: f64) -> Self {
        Self { files, every, speed, at: 0 }
    }

    // How long until the capture after `i`: the distance of their times, over the speed; after the last, one interval.
    fn wait(&self, i: usize) -> Duration {
        let gap = match (self.files.get(i).and_then(|f| f.1), self.files.get(i + 1).and_then(|f| f.1)) {
            (Some(a), Some(b)) => a.age(b),
            _ => self.every,
        };
        gap.div_f64(self.speed).clamp(Duration::from_millis(50), Duration::from_secs(86_400))
    }
}

#[async_trait::async_trait]
impl Source for Replay {
    async fn poll(&mut self) -> Polled {
        let i = self.at;
        let Some((path, taken_at)) = self.files.get(i).cloned() else { return Polled::Failed("no captures".into()) };
        self.at = (i + 1) % self.files.len();
        match tokio::fs::read(&path).await {
            Ok(bytes) => {
                Polled::Message(Message { bytes: Bytes::from(bytes), capture: Some(Capture { taken_at }), next: Some(self.wait(i)) })
            }
            Err(e) => Polled::Failed(format!("{}: {e}", path.display())),
        }
    }
}
