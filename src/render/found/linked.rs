//! Linked data (JSON-LD, schema.org) of a page: Report, GovernmentOrganization, Dataset, BreadcrumbList.

use serde_json::{Value, json};

use super::{Sort, Subject};
use crate::archive::{AgencyIndex, ReportIndex};
use crate::pages::{DataFormat, Route, days};
use crate::site::Site;

/// The linked data of a page as it stands in a script element: no text in it can end the element or open a
/// comment.
pub(super) fn script(site: &Site, route: &Route, subject: &Subject) -> String {
    let mut graph: Vec<Value> = match (route, subject.sort) {
        (_, Sort::Article(index)) => vec![report(site, index, subject)],
        (Route::Home, _) => vec![web_site(site, subject)],
        (Route::Agency(id), _) => {
            let index = site.archive.find_agency(id).filter(|index| !site.archive.agency(*index).is_group());
            index.map(|index| agency(site, index)).into_iter().collect()
        }
        (Route::Year(_) | Route::YearPart { .. } | Route::Data, _) => vec![dataset(site, route, subject)],
        _ => Vec::new(),
    };
    if subject.crumbs.len() > 1 {
        graph.push(breadcrumbs(site, subject));
    }
    json!({ "@context": "https://schema.org", "@graph": graph }).to_string().replace('<', "\\u003c")
}

fn address(site: &Site, route: &Route) -> String {
    site.config.address(&route.path()).unwrap_or_default()
}

/// An object whose fields without a value are left out.
fn filled(fields: Vec<(&str, Value)>) -> Value {
    let there = |value: &Value| !value.is_null() && value.as_str() != Some("") && value.as_array().is_none_or(|items| !items.is_empty());
    fields.into_iter().filter(|(_, value)| there(value)).map(|(key, value)| (key.to_owned(), value)).collect()
}

fn breadcrumbs(site: &Site, subject: &Subject) -> Value {
    let item = |(position, (name, route)): (usize, &(String, Route))| json!({ "@type": "ListItem", "position": position + 1, "name": name, "item": address(site, route) });
    let items: Vec<Value> = subject.crumbs.iter().enumerate().map(item).collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

/// An agency as others name it.
fn agency_named(site: &Site, index: AgencyIndex) -> Value {
    let agency = site.archive.agency(index);
    json!({ "@type": "GovernmentOrganization", "@id": address(site, &Route::Agency(agency.id.to_string())), "name": agency.name() })
}

fn agency(site: &Site, index: AgencyIndex) -> Value {
    let archive = &site.archive;
    let agency = archive.agency(index);
    let url = address(site, &Route::Agency(agency.id.to_string()));
    let card = agency.card.as_deref();
    let others: Vec<&str> = card.map(|card| card.names().filter(|name| *name != card.name).collect()).unwrap_or_default();
    let parent = agency.parent.filter(|parent| !archive.agency(*parent).is_group());
    filled(vec![
        ("@type", json!("GovernmentOrganization")),
        ("@id", json!(url)),
        ("url", json!(url)),
        ("name", json!(agency.name())),
        ("alternateName", json!(others)),
        ("identifier", json!(card.and_then(|card| card.code.as_deref()))),
        ("foundingDate", json!(card.and_then(|card| card.since).map(|day| day.to_string()))),
        ("dissolutionDate", json!(card.and_then(|card| card.until).map(|day| day.to_string()))),
        ("parentOrganization", json!(parent.map(|parent| agency_named(site, parent)))),
    ])
}

fn report(site: &Site, index: ReportIndex, subject: &Subject) -> Value {
    let report = site.archive.report(index);
    let url = address(site, &Route::of_report(site, index));
    let changed = days::last_change(report).filter(|day| Some(*day) != report.published);
    filled(vec![
        ("@type", json!("Report")),
        ("@id", json!(url)),
        ("url", json!(url)),
        ("name", json!(subject.title)),
        // Reports are Chinese, whatever the language of the pages around them.
        ("inLanguage", json!("zh-CN")),
        ("datePublished", json!(report.published.map(|day| day.to_string()))),
        ("dateModified", json!(changed.map(|day| day.to_string()))),
        ("temporalCoverage", json!(report.year.to_string())),
        ("reportNumber", json!(report.details().document_number)),
        ("publisher", agency_named(site, site.archive.agency_of(index))),
    ])
}

/// A year of the archive, or all of it.
fn dataset(site: &Site, route: &Route, subject: &Subject) -> Value {
    let years: Vec<u16> = match route {
        Route::Year(year) | Route::YearPart { year, .. } => vec![*year],
        _ => site.archive.years().collect(),
    };
    let covered = match years.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, .., last] => format!("{first}/{last}"),
    };
    let formats = [(DataFormat::Csv, "text/csv"), (DataFormat::Json, "application/json")];
    let files = years.iter().rev().flat_map(|year| formats.map(|(format, kind)| (Route::YearData { year: *year, format }, kind)));
    let files: Vec<Value> =
        files.map(|(file, kind)| json!({ "@type": "DataDownload", "encodingFormat": kind, "contentUrl": address(site, &file) })).collect();
    let terms = &site.config.data;
    let url = address(site, route);
    filled(vec![
        ("@type", json!("Dataset")),
        ("@id", json!(url)),
        ("url", json!(url)),
        ("name", json!(subject.title)),
        ("description", json!(subject.description)),
        ("inLanguage", json!(site.config.language.tag())),
        ("temporalCoverage", json!(covered)),
        ("license", json!(if terms.licence_url.is_empty() { &terms.licence } else { &terms.licence_url })),
        ("distribution", json!(files)),
        ("dateModified", json!(days::last_change_of(site, route).map(|day| day.to_string()))),
        ("creator", host(site)),
    ])
}

fn web_site(site: &Site, subject: &Subject) -> Value {
    let url = address(site, &Route::Home);
    filled(vec![
        ("@type", json!("WebSite")),
        ("@id", json!(url)),
        ("url", json!(url)),
        ("name", json!(subject.title)),
        ("description", json!(subject.description)),
        ("inLanguage", json!(site.config.language.tag())),
        ("publisher", host(site)),
    ])
}

/// Who runs the site, if it says so.
fn host(site: &Site) -> Value {
    let gov = &site.config.gov;
    let name = if gov.host.is_empty() { &gov.site_name } else { &gov.host };
    if name.is_empty() {
        return Value::Null;
    }
    filled(vec![("@type", json!("GovernmentOrganization")), ("name", json!(name)), ("url", json!(gov.portal_url))])
}
