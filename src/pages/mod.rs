//! What pages exist and what each says, as plain serialisable structs.
//!
//! A [`Route`] is a page's identity and address; [`routes`] lists all of a site. Each page kind has a
//! file that turns the site into the page's struct: strings and numbers ready to be shown, links
//! relative to the site's root. Templates write them down and decide nothing.

mod agencies;
mod agency;
mod coverage;
mod figures;
mod frame;
mod home;
mod quality;
mod report;
mod route;
mod year;

pub use agencies::{AgenciesPage, TreeItem};
pub use agency::{AgencyPage, AgencyRow, ChildCard, Stretch};
pub use coverage::{Coverage, LateReport, MissingReport, coverage};
pub use figures::{Column, KeyFigure, key_figures};
pub use frame::{Crumb, Frame};
pub use home::{HomePage, RecentReport, YearSummary, YearsPage, home_page, years_page};
pub use quality::{AgencyFindings, QualityFinding, QualityPage, RuleFindings};
pub(crate) use report::anchor as report_anchor;
pub use report::{BreakdownItem, FindingItem, PageSection, ReportPage, SectionSource, SourceItem, TimelineItem};
pub use route::{Route, percent_decode, percent_encode, routes};
pub use year::{YearPage, YearRow};

/// The site's own pages below its root, with their i18n names, as the menu shows them.
pub const MENU: [(&str, &str); 4] = [("home", ""), ("years", "years/"), ("agencies", "agencies/"), ("quality", "quality/")];
