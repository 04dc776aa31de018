//! Vedetta's server. One folder a stage; read alphabetically they are the flow:
//! `feeds` collects and normalises, `ledger` remembers, `rules` derives, `stream` publishes, `web` serves.
pub mod demo;
pub mod feeds;
