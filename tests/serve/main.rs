//! The preview server on loopback: what it serves, how fresh it is, what it refuses.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;

mod browser_less;
mod build_watch;
mod client;
mod freshness;
mod laws;
mod process;
mod protocol;
mod safety;
mod storm;
mod troubles;
