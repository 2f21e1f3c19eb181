//! What every page has around its content: title, description, place in the menu, breadcrumbs.

use serde::Serialize;

use super::Route;
use crate::archive::AgencyIndex;
use crate::site::Site;

/// The frame of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// The page's title; empty for the home page, whose title is the site's.
    pub title: String,
    /// The entry of the menu that is open: `home`, `years`, `agencies`, `quality`, or nothing.
    pub section: &'static str,
    /// The address below the site's root.
    pub path: String,
    /// The way to the page, outermost first; the page itself is last and has no link.
    pub crumbs: Vec<Crumb>,
}

/// One step on the way to a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Crumb {
    /// What it is called; empty where `name` is to be taken from the theme's strings.
    pub label: String,
    /// The theme's string for pages of the site's own.
    pub name: &'static str,
    /// The address below the site's root; none for the page itself.
    pub link: Option<String>,
}

impl Frame {
    /// A frame without breadcrumbs.
    pub(super) fn new(title: impl Into<String>, section: &'static str, route: &Route) -> Self {
        Self { title: title.into(), section, path: route.path(), crumbs: Vec::new() }
    }

    /// Adds the home page and a page of the menu as the first steps.
    pub(super) fn below(mut self, menu: &[&'static str]) -> Self {
        for name in [&["home"], menu].concat() {
            let link = super::MENU.iter().find(|(entry, _)| *entry == name).map(|(_, link)| (*link).to_owned());
            self.crumbs.push(Crumb { label: String::new(), name, link });
        }
        self
    }

    /// Adds the agencies above and the agency itself.
    pub(super) fn below_agency(mut self, site: &Site, agency: AgencyIndex) -> Self {
        for index in site.archive.lineage(agency) {
            let above = site.archive.agency(index);
            let link = Some(Route::Agency(above.id.to_string()).path());
            self.crumbs.push(Crumb { label: above.short_name().to_owned(), name: "", link });
        }
        self
    }

    /// Adds the page itself.
    pub(super) fn ending(mut self, label: impl Into<String>, name: &'static str) -> Self {
        self.crumbs.push(Crumb { label: label.into(), name, link: None });
        self
    }

    /// Makes the last step the page itself.
    pub(super) fn ending_here(mut self) -> Self {
        if let Some(last) = self.crumbs.last_mut() {
            last.link = None;
        }
        self
    }
}

impl Frame {
    /// The frame of the page for addresses that do not exist.
    pub fn not_found() -> Self {
        Self::new("", "", &Route::NotFound)
    }
}
