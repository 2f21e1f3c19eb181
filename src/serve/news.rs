//! What the server tells whoever started it.

use std::net::SocketAddr;
use std::time::Duration;

use super::problem::Problem;
use crate::diagnostic::Finding;
use crate::load::Changed;
use crate::site::{Files, Findings};

/// One piece of news.
pub enum News<'n> {
    /// Reports are being read: how many are done, how many there are.
    Reading {
        /// Read so far.
        done: usize,
        /// In all.
        total: usize,
    },
    /// The site was loaded.
    Loaded {
        /// How many reports it has.
        reports: usize,
        /// What is wrong with them.
        findings: &'n Findings,
        /// How long it took.
        took: Duration,
    },
    /// The server answers.
    Serving {
        /// Where it listens.
        address: SocketAddr,
        /// The address of the home page.
        url: &'n str,
        /// The port that was asked for, if another program has it.
        busy: Option<u16>,
    },
    /// The system does not watch all directories: changes are found by looking at everything.
    Limited,
    /// Something is shown that was not before.
    Changed {
        /// What may be different.
        changed: &'n Changed,
        /// Whether templates, static files or strings are.
        theme: bool,
        /// Findings that were not there before.
        appeared: Vec<Finding>,
        /// How many findings are there no more.
        gone: usize,
        /// The site's files, for the lines concerned.
        files: &'n dyn Files,
        /// How long it took from being heard of to being shown.
        took: Duration,
    },
    /// The site cannot be shown as it is on disk.
    Problems(&'n [Problem]),
    /// It can again.
    Mended,
}

/// Whoever started the server.
pub trait Observer: Send + Sync {
    /// Hears a piece of news.
    fn hear(&self, news: News<'_>);
}
