//! The page to search in: what can be chosen. The finding is done by `search.js` in the browser.

use serde::Serialize;

use super::{Frame, Route};
use crate::archive::AgencyKind;
use crate::site::Site;

/// The page to search in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SearchPage {
    /// Its frame.
    pub frame: Frame,
    /// How many reports can be found.
    pub reports: usize,
    /// The years, newest first.
    pub years: Vec<u16>,
    /// The kinds of agencies that have reports.
    pub kinds: Vec<Choice>,
    /// The editions that reports are in.
    pub forms: Vec<Choice>,
}

/// Something to be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The key that the index knows it by.
    pub key: String,
    /// What it is called.
    pub label: String,
}

impl SearchPage {
    /// The page of a site.
    pub fn of(site: &Site) -> Self {
        let (archive, language) = (&site.archive, site.config.language);
        let has_reports = |kind: &AgencyKind| archive.agencies().any(|(_, agency)| agency.kind() == *kind && !agency.reports.is_empty());
        let kind = |kind: AgencyKind| Choice { key: kind.name().to_owned(), label: kind.label().in_language(language).to_owned() };
        let forms = site.forms.iter().filter(|form| archive.reports().any(|(_, filed)| filed.report.form.key == form.key));
        Self {
            frame: Frame::new("", "search", &Route::Search).below(&["search"]).ending_here(),
            reports: archive.reports().len(),
            years: archive.years().rev().collect(),
            kinds: AgencyKind::ALL.into_iter().filter(has_reports).map(kind).collect(),
            forms: forms.map(|form| Choice { key: form.key.clone(), label: form.title.in_language(language).to_owned() }).collect(),
        }
    }
}
