//! The reports changed last → an Atom feed (RFC 4287), of the site or of an agency and the bodies below it.
//!
//! Entries are identified by the addresses of their reports, dated by publication and revisions at midnight in
//! Beijing: the same archive gives the same feed.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::xml::escaped;
use crate::archive::{AgencyIndex, ReportIndex};
use crate::pages::{Route, days};
use crate::site::Site;
use crate::theme::Strings;

/// How many reports a feed names.
const MOST: usize = 50;

/// The feed of an agency, or of the site without one; `None` if there is nothing to tell or no host to tell it
/// from.
pub(super) fn feed(site: &Site, strings: &Strings, agency: Option<AgencyIndex>) -> Option<Vec<u8>> {
    let newest = days::newest(site, agency, MOST);
    let updated = newest.first()?.0;
    let (own, about) = match agency {
        Some(index) => {
            let id = site.archive.agency(index).id.to_string();
            (Route::AgencyFeed(id.clone()), Route::Agency(id))
        }
        None => (Route::Feed, Route::Home),
    };
    let (own, about) = (site.config.address(&own.path())?, site.config.address(&about.path())?);
    let name = agency.map_or(&*site.config.title, |index| site.archive.agency(index).name());
    let subtitle = strings.fill("found.feed", &[("name", name)]);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<id>{}</id>\n<title>{}</title>\n<subtitle>{}</subtitle>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n<updated>{}</updated>\n",
        site.config.language.tag(),
        escaped(&own),
        escaped(name),
        escaped(&subtitle),
        escaped(&own),
        escaped(&about),
        at_midnight(updated),
    );
    for (day, index) in newest {
        write_entry(site, strings, (day, index), &mut xml)?;
    }
    xml.push_str("</feed>\n");
    Some(xml.into_bytes())
}

fn write_entry(site: &Site, strings: &Strings, (day, index): (Date, ReportIndex), xml: &mut String) -> Option<()> {
    let (archive, report) = (&site.archive, site.archive.report(index));
    let agency = archive.agency(archive.agency_of(index)).name();
    let url = escaped(&site.config.address(&Route::of_report(site, index).path())?);
    let title = archive.title(index);
    let mut summary = super::found::report_description(site, strings, index, &title);
    for revision in &report.details().revisions {
        let day = revision.date.map(|day| day.to_string()).unwrap_or_default();
        summary += &strings.fill("found.revised", &[("date", &day), ("note", &revision.note)]);
    }
    let published = report.published.map(|day| format!("<published>{}</published>", at_midnight(day))).unwrap_or_default();
    // Writing to memory cannot fail.
    let _ = writeln!(
        xml,
        "<entry><id>{url}</id><title>{}</title><link rel=\"alternate\" type=\"text/html\" href=\"{url}\"/>{published}<updated>{}</updated><author><name>{}</name></author><category term=\"{}\"/><summary>{}</summary></entry>",
        escaped(&title),
        at_midnight(day),
        escaped(agency),
        report.year,
        escaped(&summary),
    );
    Some(())
}

/// A day as Atom writes times. Days before the year 0 or beyond 9999 are no days of reports.
fn at_midnight(day: Date) -> String {
    format!("{day}T00:00:00+08:00")
}
