//! Page labels (网页标签) of 国办发〔2017〕47号 by sort of page.
//!
//! Every page carries the site's three. A page of the column adds its four. An article carries both and
//! adds its own: title, day and source are demanded, keywords, author, description and address offered.
//! `Image` is left out: reports have none. What `[gov]` leaves empty, and the day of a report that has none,
//! are left out: a made-up one would be false.

use super::{Sort, Subject};
use crate::pages::Route;
use crate::site::Site;
use crate::theme::Strings;

/// The labels of a page, in the order of the notice: name and content.
pub(super) fn labels(site: &Site, strings: &Strings, route: &Route, subject: &Subject) -> Vec<(&'static str, String)> {
    let gov = &site.config.gov;
    let mut labels =
        vec![("SiteName", gov.site_name.clone()), ("SiteDomain", gov.site_domain.clone()), ("SiteIDCode", gov.site_id_code.clone())];
    if subject.sort != Sort::Nothing {
        labels.extend(column(site, strings, subject));
    }
    match subject.sort {
        Sort::Article(index) => {
            let (archive, report) = (&site.archive, site.archive.report(index));
            let agency = archive.agency(archive.agency_of(index)).name().to_owned();
            labels.extend([
                ("ArticleTitle", subject.title.clone()),
                // Only the day is known; the notice wants hours and minutes.
                ("PubDate", report.published.map(|day| format!("{day} 00:00")).unwrap_or_default()),
                ("ContentSource", agency.clone()),
                ("Keywords", subject.keywords.clone()),
                ("Author", agency),
                ("Description", subject.description.clone()),
                ("Url", site.config.address(&route.path()).unwrap_or_default()),
            ]);
        }
        Sort::Front | Sort::Column => {
            labels.extend([("Keywords", subject.keywords.clone()), ("Description", subject.description.clone())]);
        }
        Sort::Nothing => {}
    }
    labels.retain(|(_, content)| !content.is_empty());
    labels
}

/// The labels of the column that a page is, or that an article stands in.
fn column(site: &Site, strings: &Strings, subject: &Subject) -> [(&'static str, String); 4] {
    let config = &site.config;
    let set = |set: &str, otherwise: &str| if set.is_empty() { otherwise.to_owned() } else { set.to_owned() };
    let whole = set(&config.gov.column_name, &config.title);
    let kind = set(&config.gov.column_type, strings.get("found.column_type"));
    let (name, description, keywords) = if subject.sort == Sort::Column {
        (subject.title.clone(), subject.description.clone(), subject.keywords.clone())
    } else {
        let about =
            if config.description.is_empty() { strings.fill("found.home", &[("site", &config.title)]) } else { config.description.clone() };
        let keywords = format!("{whole},{}", strings.get("found.keywords"));
        (whole, about, keywords)
    };
    [("ColumnName", name), ("ColumnDescription", description), ("ColumnKeywords", keywords), ("ColumnType", kind)]
}
