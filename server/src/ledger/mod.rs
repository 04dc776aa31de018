//! Stage 2: remember. The city in memory ([`city`]), the journal on disk ([`journal`]). Knows only the model.

pub mod city;
pub mod entry;
pub mod journal;

pub use city::City;
pub use entry::{Batch, Entry};
pub use journal::Journal;
