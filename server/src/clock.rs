//! What time it is, handed in. Only [`System`] looks at the machine; a test holds a [`Manual`].

use app::model::Time;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Time;
}

/// A clock shared by everything that may know the time.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
pub struct System;
impl Clock for System {
    #[allow(clippy::disallowed_methods)] // the one place that reads it
    fn now(&self) -> Time {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Time::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock a test moves.
#[derive(Clone, Default)]
pub struct Manual(Arc<AtomicI64>);
impl Manual {
    /// A clock that stands at `t`.
    pub fn at(t: Time) -> Self {
        Self(Arc::new(AtomicI64::new(t.millis())))
    }
    /// Moves it on by `ms`.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}
impl Clock for Manual {
    fn now(&self) -> Time {
        Time::from_millis(self.0.load(Ordering::SeqCst))
    }
}
