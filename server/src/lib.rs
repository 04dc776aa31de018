//! Vedetta's server. One folder a stage; read alphabetically they are the flow:
//!
//! [`feeds`] collects and normalises, [`ledger`] remembers, [`rules`] derives, [`stream`] publishes, [`web`] serves.
//! [`run`] puts them together. `demo` is a city to try it on; `bench` measures.

#![recursion_limit = "256"]

pub mod bench;
pub mod clock;
pub mod config;
pub mod decode;
pub mod demo;
pub mod feeds;
pub mod ledger;
pub mod rules;
pub mod run;
pub mod stream;
pub mod web;
