//! Vedetta measures itself: the work done, the time and processor it took, the memory it held, on this machine.

pub mod fanout;
pub mod ingest;
mod process;
mod report;
