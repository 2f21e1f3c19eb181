//! Page labels (网页标签) of 国办发〔2017〕47号 by sort of page.
//!
//! Every page carries the site's three. A page of the column adds its four. An article carries both and
//! adds its own: title, day and source are demanded, keywords, author, description and address offered.
//! `Image` is left out: reports have none. What `[gov]` leaves empty, and the day of a report that has none,
//! are left out: a made-up one would be false.

use std::borrow::Cow;

use super::{Sort, Subject};
use crate::pages::Route;
use crate::site::Site;
use crate::theme::Strings;

/// A label: its name and content.
type Label<'t> = (&'static str, Cow<'t, str>);

/// The labels of a page, in the order of the notice.
pub(super) fn labels<'t>(site: &'t Site, strings: &'t Strings, route: &Route, subject: &'t Subject) -> Vec<Label<'t>> {
    let gov = &site.config.gov;
    let mut labels: Vec<Label<'t>> = [("SiteName", &gov.site_name), ("SiteDomain", &gov.site_domain), ("SiteIDCode", &gov.site_id_code)]
        .map(|(name, content)| (name, content.into()))
        .into();
    if subject.sort != Sort::Nothing {
        labels.extend(column(site, strings, subject));
    }
    let described = [("Keywords", Cow::from(&subject.keywords)), ("Description", Cow::from(&subject.description))];
    match subject.sort {
        Sort::Article(index) => {
            let (archive, report) = (&site.archive, site.archive.report(index));
            let agency = archive.agency(archive.agency_of(index)).name();
            let [keywords, description] = described;
            labels.extend([
                ("ArticleTitle", subject.title.as_str().into()),
                // Only the day is known; the notice wants hours and minutes.
                ("PubDate", report.published.map(|day| format!("{day} 00:00")).unwrap_or_default().into()),
                ("ContentSource", agency.into()),
                keywords,
                ("Author", agency.into()),
                description,
                ("Url", site.config.address(&route.path()).unwrap_or_default().into()),
            ]);
        }
        Sort::Front | Sort::Column => labels.extend(described),
        Sort::Nothing => {}
    }
    labels.retain(|(_, content)| !content.is_empty());
    labels
}

/// The labels of the column that a page is, or that an article stands in.
fn column<'t>(site: &'t Site, strings: &'t Strings, subject: &'t Subject) -> [Label<'t>; 4] {
    let config = &site.config;
    let set = |set: &'t str, otherwise: &'t str| if set.is_empty() { otherwise } else { set };
    let kind = set(&config.gov.column_type, strings.get("found.column_type"));
    let (name, description, keywords) = if subject.sort == Sort::Column {
        (subject.title.as_str(), subject.description.as_str().into(), subject.keywords.as_str().into())
    } else {
        let whole = set(&config.gov.column_name, &config.title);
        let about = if config.description.is_empty() {
            strings.fill("found.home", &[("site", &config.title)]).into()
        } else {
            config.description.as_str().into()
        };
        (whole, about, [whole, ",", strings.get("found.keywords")].concat().into())
    };
    [("ColumnName", name.into()), ("ColumnDescription", description), ("ColumnKeywords", keywords), ("ColumnType", kind.into())]
}
