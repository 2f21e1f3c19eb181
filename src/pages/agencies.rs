//! The tree of agencies.

use serde::Serialize;

use super::{Frame, Route};
use crate::archive::Agency;
use crate::site::Site;

/// The tree of agencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgenciesPage {
    /// Its frame.
    pub frame: Frame,
    /// How many agencies there are, groups not counted.
    pub agencies: usize,
    /// Agencies and groups in tree order.
    pub tree: Vec<TreeItem>,
}

/// One line of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TreeItem {
    /// The agency's name.
    pub name: String,
    /// Its address.
    pub link: String,
    /// What sort of body it is; nothing for a group.
    pub kind: Option<String>,
    /// How many reports it has.
    pub reports: usize,
    /// The years of its first and latest report.
    pub span: Option<(u16, u16)>,
    /// The year in which it was abolished, if it was.
    pub abolished: Option<i16>,
    /// Whether others stand below it: a list opens after it.
    pub opens: bool,
    /// How many lists end after it.
    pub closes: Vec<()>,
}

impl AgenciesPage {
    /// The tree of a site.
    pub fn of(site: &Site) -> Self {
        let archive = &site.archive;
        let agencies: Vec<&Agency> = archive.agencies().map(|(_, agency)| agency).collect();
        let item = |(at, agency): (usize, &&Agency)| {
            let next = agencies.get(at + 1).map_or(0, |next| next.depth);
            let years = || agency.reports.iter().map(|report| archive.report(*report).year);
            TreeItem {
                name: agency.name().to_owned(),
                link: Route::Agency(agency.id.to_string()).path(),
                kind: (!agency.is_group()).then(|| agency.kind().label().in_language(site.config.language).to_owned()),
                reports: agency.reports.len(),
                span: years().min().zip(years().max()),
                abolished: agency.card.as_ref().and_then(|card| card.until).map(jiff::civil::Date::year),
                opens: next > agency.depth,
                closes: vec![(); usize::from(agency.depth.saturating_sub(next))],
            }
        };
        Self {
            frame: Frame::new("", "agencies", &Route::Agencies).below(&["agencies"]).ending_here(),
            agencies: agencies.iter().filter(|agency| !agency.is_group()).count(),
            tree: agencies.iter().enumerate().map(item).collect(),
        }
    }
}
