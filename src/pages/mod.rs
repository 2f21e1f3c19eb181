//! What pages exist and what each says, as plain serialisable structs.
//!
//! A [`Route`] is a page's identity and address; [`routes`] lists all of a site. Each page kind has a
//! file that turns the site into the page's struct: strings and numbers ready to be shown, links
//! relative to the site's root. Templates write them down and decide nothing.

mod agencies;
mod agency;
mod changes;
mod charts;
mod coverage;
mod data;
pub mod days;
mod figures;
mod frame;
mod home;
mod matrix;
mod quality;
mod report;
mod rolled;
mod route;
mod rule;
mod search;
mod shard;
mod side_by_side;
mod spread;
mod year;
mod yearbook;

pub use crate::text::{percent_decode, percent_encode};
pub use agencies::{AgenciesPage, TreeItem};
pub use agency::{AgencyPage, AgencyRow, ChildCard, Stretch};
pub use changes::{CellChange, Changes, Compared, Passage, Piece, Sentences, Written};
pub use coverage::{Coverage, LateReport, MissingReport, coverage};
pub use data::{DataPage, DataYear};
pub use figures::{Column, KeyFigure, key_figures};
pub use frame::{Crumb, Frame};
pub use home::{HomePage, RecentReport, Sentence, YearSummary, YearsPage, home_page, years_page};
pub use matrix::{Matrix, MatrixCell, MatrixRow};
pub use quality::{AgencyFindings, QualityFinding, QualityPage, RuleFindings};
pub(crate) use report::anchor as report_anchor;
pub use report::{BreakdownItem, FindingItem, PageSection, ReportPage, SectionSource, SourceItem, TimelineItem};
pub(crate) use report::{section_sources, shown_text};
pub use rolled::{RolledRow, RolledUp};
pub use route::{DataFormat, Route, listed, routes, sitemap_parts};
pub use rule::{RuleCounts, RuleEntry, RuleGroup, RulePage, RulePart, catalogue, rule_counts, rule_summary};
pub use search::{Choice, SearchPage};
pub use shard::{Shard, Share};
pub use side_by_side::{SideBySide, SideCell, SideLine};
pub use spread::{KindSpread, Ranked, Ranking};
pub use year::{YearPage, YearPart, YearRow};
pub use yearbook::{YearDigest, Yearbook};

/// The site's own pages below its root, with their i18n names, as the menu shows them; the last only where
/// there is an index to search in.
const MENU: [(&str, &str); 5] =
    [("home", ""), ("years", "years/"), ("agencies", "agencies/"), ("quality", "quality/"), ("search", "search/")];

/// The site's own pages as the menu shows them: the name in i18n and the address below the root. The page to search
/// in is there if the site has an index.
pub fn menu(search: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    MENU.into_iter().filter(move |(name, _)| search || *name != "search")
}
