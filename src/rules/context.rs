//! What a rule may look at.

use super::Prose;
use crate::archive::{AgencyIndex, Archive, Card, ReportIndex};
use crate::config::Config;
use crate::report::{Body, Locations, Report};
use crate::text::Span;

/// Tells whether a page of the site exists, by its path without slashes at the ends. Links in prose
/// are checked before the archive is built, so the loader answers from the directory listing.
pub type PageNames<'a> = &'a dyn Fn(&str) -> bool;

/// One report while its file is at hand.
pub struct ReportContext<'a> {
    /// The report.
    pub report: &'a Report,
    /// The decoded text of its file.
    pub text: &'a str,
    /// The sections of its prose, as spans of `text`.
    pub body: &'a Body,
    /// The whole prose, as a span of `text`.
    pub prose: Span,
    /// The same as paragraphs of plain text.
    pub words: &'a Prose,
    /// Where its cells and keys stand.
    pub locations: &'a Locations,
    /// The id of its agency.
    pub agency: &'a str,
    /// What is known of the agency.
    pub card: Option<&'a Card>,
    /// Names of the files beside it.
    pub attachments: &'a [String],
    /// The pages that exist.
    pub pages: PageNames<'a>,
    /// The site's configuration.
    pub config: &'a Config,
}

impl ReportContext<'_> {
    /// The prose.
    pub fn prose_text(&self) -> &str {
        &self.text[self.prose.clone()]
    }
}

/// What a rule of agencies finds fault with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A report.
    Report(ReportIndex),
    /// An agency for a year of which it has no report: its `agency.toml`.
    Agency(AgencyIndex, u16),
    /// What the `agency.toml` of an agency says.
    Card(AgencyIndex),
}

/// One agency in its archive.
pub struct AgencyContext<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// The agency.
    pub agency: AgencyIndex,
    /// The site's configuration.
    pub config: &'a Config,
    /// The day on which it is checked.
    pub today: jiff::civil::Date,
}
