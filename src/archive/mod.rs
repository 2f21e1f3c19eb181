//! All agencies and reports of a site, immutable: by agency, by year, as a tree.
//!
//! Built from the cards of agencies ([`Card`], one `agency.toml` each) and the reports on file
//! ([`Filed`]); both are shared. After an edit of reports that are there already, a new archive shares
//! the tree and the indexes too ([`Archive::with`]).

mod build;
mod card;
mod moved;
mod roll_up;
mod sketch;

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::config::YEARS;
use crate::report::Report;

pub use card::{AgencyKind, Card, INVALID_AGENCY};
pub use moved::{Kept, Lost, Moved};
pub use roll_up::RollUp;
pub use sketch::{PASSAGE, Sketch, passages};

/// An agency's place in the archive: agencies stand in tree order, parents before children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AgencyIndex(pub u32);

/// A report's place in the archive: by agency in tree order, then by year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReportIndex(pub u32);

/// A report on file.
#[derive(Debug, Clone, PartialEq)]
pub struct Filed {
    /// The id of its agency: `fuyang/wanshi`.
    pub agency: Arc<str>,
    /// Whether its file is `<year>/index.md`, with attachments beside it.
    pub in_directory: bool,
    /// The report.
    pub report: Report,
    /// Names of the files beside it, in order; only reports in a directory have any.
    pub attachments: Vec<String>,
    /// A sample of its own words.
    pub sketch: Sketch,
}

/// Names below the site's root that the site itself uses: no agency can have them.
pub const RESERVED_NAMES: &[&str] = &[
    "404",
    "404.html",
    "agencies",
    "assets",
    "data",
    "feed.xml",
    "index.html",
    "quality",
    "robots.txt",
    "rules",
    "search",
    "sitemap.xml",
    "years",
];

/// Names that the site gives to files beside each agency's page: no directory can have them.
pub const RESERVED_BELOW: &[&str] = &["data.csv", "data.json", "feed.xml", "index.html"];

/// Whether a name below the site's root is the site's own, in capitals or not.
pub fn is_reserved(name: &str) -> bool {
    // Servers that do not tell capitals apart would serve one page for the other.
    let lower = name.to_ascii_lowercase();
    RESERVED_NAMES.contains(&&*lower) || is_reserved_below(&lower) || lower.starts_with("sitemap-") && lower.ends_with(".xml")
}

/// A report year, if a name is one.
pub fn year_of(name: &str) -> Option<u16> {
    let digits = name.len() == 4 && name.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| name.parse().ok()).flatten().filter(|year| YEARS.contains(year))
}

/// Whether a name anywhere below the site's root is the site's own, in capitals or not.
pub fn is_reserved_below(name: &str) -> bool {
    RESERVED_BELOW.iter().any(|reserved| name.eq_ignore_ascii_case(reserved))
}

impl Filed {
    /// The path of its file below the site's root.
    pub fn path(&self) -> String {
        let (agency, year) = (&self.agency, self.report.year);
        ["content/", agency, "/", &year.to_string(), if self.in_directory { "/index.md" } else { ".md" }].concat()
    }
}

/// An agency, or a plain group of agencies.
#[derive(Debug, Clone, PartialEq)]
pub struct Agency {
    /// Its id, the path of its directory below `content/`.
    pub id: Arc<str>,
    /// What its `agency.toml` says; `None` for a plain group or an agency that nobody described.
    pub card: Option<Arc<Card>>,
    /// The agency or group above it.
    pub parent: Option<AgencyIndex>,
    /// Those directly below it, in order.
    pub children: Vec<AgencyIndex>,
    /// Its reports, oldest first.
    pub reports: Vec<ReportIndex>,
    /// Steps from the top.
    pub depth: u16,
}

impl Agency {
    /// The full official name; without a card, the directory's name.
    pub fn name(&self) -> &str {
        self.card.as_ref().map_or_else(|| self.directory(), |card| &card.name)
    }

    /// The name for lists and menus.
    pub fn short_name(&self) -> &str {
        self.card.as_ref().map_or_else(|| self.directory(), |card| card.short_name())
    }

    /// What sort of body it is.
    pub fn kind(&self) -> AgencyKind {
        self.card.as_ref().map_or(AgencyKind::Other, |card| card.kind)
    }

    /// Whether it is only a directory that groups others.
    pub fn is_group(&self) -> bool {
        self.card.is_none() && self.reports.is_empty()
    }

    /// The last part of its id.
    pub fn directory(&self) -> &str {
        self.id.rsplit('/').next().unwrap_or(&self.id)
    }

    /// Whether a report of `year` is owed.
    pub fn owes(&self, year: u16) -> bool {
        self.card.as_ref().is_some_and(|card| card.owes(year))
    }
}

/// All agencies and reports.
#[derive(Debug, Clone, Default)]
pub struct Archive {
    tree: Arc<Tree>,
    reports: Vec<Arc<Filed>>,
    moved: Arc<Moved>,
}

/// Which agencies and reports there are: all that editing the reports themselves leaves as it is.
#[derive(Debug, Default)]
struct Tree {
    agencies: Vec<Agency>,
    by_id: FxHashMap<Arc<str>, AgencyIndex>,
    by_year: BTreeMap<u16, Vec<ReportIndex>>,
    agency_of: Vec<AgencyIndex>,
    /// Agencies that others took over, by these.
    predecessors: FxHashMap<AgencyIndex, Vec<AgencyIndex>>,
}

impl Tree {
    /// The agency that took over from one.
    fn successor(&self, agency: &Agency) -> Option<AgencyIndex> {
        self.by_id.get(agency.card.as_ref()?.succeeded_by.as_deref()?).copied()
    }
}

impl Archive {
    /// All agencies and groups in tree order.
    pub fn agencies(&self) -> impl ExactSizeIterator<Item = (AgencyIndex, &Agency)> {
        self.tree.agencies.iter().enumerate().map(|(index, agency)| (AgencyIndex(narrow(index)), agency))
    }

    /// An agency.
    pub fn agency(&self, index: AgencyIndex) -> &Agency {
        &self.tree.agencies[index.0 as usize]
    }

    /// An agency by its id.
    pub fn find_agency(&self, id: &str) -> Option<AgencyIndex> {
        self.tree.by_id.get(id).copied()
    }

    /// The agency that took over from one, as its card says.
    pub fn successor(&self, index: AgencyIndex) -> Option<AgencyIndex> {
        self.tree.successor(self.agency(index))
    }

    /// The agencies whose cards name this one as the one that took over, in tree order.
    pub fn predecessors(&self, index: AgencyIndex) -> &[AgencyIndex] {
        self.tree.predecessors.get(&index).map_or(&[], Vec::as_slice)
    }

    /// The agencies at the top of the tree.
    pub fn roots(&self) -> impl Iterator<Item = AgencyIndex> {
        self.agencies().filter(|(_, agency)| agency.parent.is_none()).map(|(index, _)| index)
    }

    /// An agency and those above it, from the top down.
    pub fn lineage(&self, index: AgencyIndex) -> Vec<AgencyIndex> {
        let mut line: Vec<AgencyIndex> = std::iter::successors(Some(index), |at| self.agency(*at).parent).collect();
        line.reverse();
        line
    }

    /// All agencies below one, in tree order, itself left out.
    pub fn descendants(&self, index: AgencyIndex) -> impl Iterator<Item = AgencyIndex> {
        let depth = self.agency(index).depth;
        let below = self.tree.agencies[index.0 as usize + 1..].iter().take_while(move |agency| agency.depth > depth).count();
        (index.0 + 1..index.0 + 1 + u32::try_from(below).unwrap_or(0)).map(AgencyIndex)
    }

    /// All reports: by agency in tree order, then by year.
    pub fn reports(&self) -> impl ExactSizeIterator<Item = (ReportIndex, &Filed)> {
        self.reports.iter().enumerate().map(|(index, filed)| (ReportIndex(narrow(index)), &**filed))
    }

    /// A report on file.
    pub fn filed(&self, index: ReportIndex) -> &Filed {
        &self.reports[index.0 as usize]
    }

    /// A report.
    pub fn report(&self, index: ReportIndex) -> &Report {
        &self.filed(index).report
    }

    /// The agency of a report.
    pub fn agency_of(&self, index: ReportIndex) -> AgencyIndex {
        self.tree.agency_of[index.0 as usize]
    }

    /// An agency's report of a year.
    pub fn find_report(&self, agency: AgencyIndex, year: u16) -> Option<ReportIndex> {
        let reports = &self.agency(agency).reports;
        let found = reports.binary_search_by_key(&year, |index| self.report(*index).year).ok()?;
        Some(reports[found])
    }

    /// The same agency's report of the year before.
    pub fn previous(&self, index: ReportIndex) -> Option<ReportIndex> {
        self.find_report(self.agency_of(index), self.report(index).year.checked_sub(1)?)
    }

    /// The same agency's report of the year after.
    pub fn next(&self, index: ReportIndex) -> Option<ReportIndex> {
        self.find_report(self.agency_of(index), self.report(index).year.checked_add(1)?)
    }

    /// The years that have reports, oldest first.
    pub fn years(&self) -> impl DoubleEndedIterator<Item = u16> {
        self.tree.by_year.keys().copied()
    }

    /// The reports of a year, by agency in tree order.
    pub fn reports_of_year(&self, year: u16) -> &[ReportIndex] {
        self.tree.by_year.get(&year).map_or(&[], Vec::as_slice)
    }

    /// Former addresses of agencies and reports.
    pub fn moved(&self) -> &Moved {
        &self.moved
    }

    /// A report's title: its own, or the agency's name, the year and the form's fixed words.
    pub fn title(&self, index: ReportIndex) -> String {
        let report = self.report(index);
        match &report.title {
            Some(title) => title.to_string(),
            None => {
                let name = self.agency(self.agency_of(index)).name();
                format!("{name}{}年{}", report.year, report.form.report_title.text)
            }
        }
    }
}

/// An index of an archive; no archive comes near four thousand million reports.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
