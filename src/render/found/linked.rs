//! Linked data (JSON-LD, schema.org) of a page: Report, GovernmentOrganization, Dataset, BreadcrumbList.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::{Sort, Subject};
use crate::archive::{AgencyIndex, ReportIndex};
use crate::pages::{DataFormat, Route, days};
use crate::site::Site;

/// Writes the linked data of a page as it stands in a script element: no text in it can end the element or open a
/// comment.
pub(super) fn script(site: &Site, route: &Route, subject: &Subject, html: &mut String) {
    let mut graph: Vec<Value<'_>> = match (route, subject.sort) {
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
    let data = Value::Object(vec![("@context", "https://schema.org".into()), ("@graph", Value::List(graph))]);
    // Texts and lists of them are always written.
    let json = serde_json::to_string(&data).unwrap_or_default();
    html.extend(json.split('<').enumerate().flat_map(|(place, piece)| [if place == 0 { "" } else { "\\u003c" }, piece]));
}

/// The fields of an object.
type Fields<'t> = Vec<(&'static str, Value<'t>)>;

/// A value of linked data. Fields of an object that say nothing are left out.
enum Value<'t> {
    Nothing,
    Text(Cow<'t, str>),
    Place(usize),
    List(Vec<Value<'t>>),
    Object(Fields<'t>),
}

impl Value<'_> {
    fn says_nothing(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Place(_) | Self::Object(_) => false,
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Place(place) => place.serialize(serializer),
            Self::List(items) => items.serialize(serializer),
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, value) in fields.iter().filter(|(key, value)| *key == "@graph" || !value.says_nothing()) {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'t> From<&'t str> for Value<'t> {
    fn from(text: &'t str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Date> for Value<'_> {
    fn from(day: Date) -> Self {
        day.to_string().into()
    }
}

impl<'t, T: Into<Value<'t>>> From<Option<T>> for Value<'t> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

fn address(site: &Site, route: &Route) -> String {
    site.config.address(&route.path()).unwrap_or_default()
}

fn breadcrumbs<'t>(site: &Site, subject: &'t Subject) -> Value<'t> {
    let item = |(position, (name, route)): (usize, &'t (String, Route))| {
        let place = Value::Place(position + 1);
        Value::Object(vec![
            ("@type", "ListItem".into()),
            ("position", place),
            ("name", name.as_str().into()),
            ("item", address(site, route).into()),
        ])
    };
    let items = subject.crumbs.iter().enumerate().map(item).collect();
    Value::Object(vec![("@type", "BreadcrumbList".into()), ("itemListElement", Value::List(items))])
}

/// The fields of everything that has a page of its own.
fn thing<'t>(kind: &'static str, url: String, name: &'t str) -> Fields<'t> {
    vec![("@type", kind.into()), ("@id", url.clone().into()), ("url", url.into()), ("name", name.into())]
}

/// An agency as others name it.
fn agency_named(site: &Site, index: AgencyIndex) -> Value<'_> {
    let agency = site.archive.agency(index);
    let id = address(site, &Route::Agency(agency.id.to_string()));
    Value::Object(vec![("@type", "GovernmentOrganization".into()), ("@id", id.into()), ("name", agency.name().into())])
}

fn agency(site: &Site, index: AgencyIndex) -> Value<'_> {
    let archive = &site.archive;
    let agency = archive.agency(index);
    let url = address(site, &Route::Agency(agency.id.to_string()));
    let card = agency.card.as_deref();
    let others = card.into_iter().flat_map(|card| card.names().filter(|name| *name != card.name)).map(Value::from).collect();
    let parent = agency.parent.filter(|parent| !archive.agency(*parent).is_group());
    let mut fields = thing("GovernmentOrganization", url, agency.name());
    fields.extend([
        ("alternateName", Value::List(others)),
        ("identifier", card.and_then(|card| card.code.as_deref()).into()),
        ("foundingDate", card.and_then(|card| card.since).into()),
        ("dissolutionDate", card.and_then(|card| card.until).into()),
        ("parentOrganization", parent.map(|parent| agency_named(site, parent)).into()),
    ]);
    Value::Object(fields)
}

fn report<'t>(site: &'t Site, index: ReportIndex, subject: &'t Subject) -> Value<'t> {
    let report = site.archive.report(index);
    let url = address(site, &Route::of_report(site, index));
    let mut fields = thing("Report", url, &subject.title);
    fields.extend([
        // Reports are Chinese, whatever the language of the pages around them.
        ("inLanguage", "zh-CN".into()),
        ("datePublished", report.published.into()),
        ("dateModified", days::last_change(report).filter(|day| Some(*day) != report.published).into()),
        ("temporalCoverage", report.year.to_string().into()),
        ("reportNumber", report.details().document_number.as_deref().into()),
        ("publisher", agency_named(site, site.archive.agency_of(index))),
    ]);
    Value::Object(fields)
}

/// A year of the archive, or all of it.
fn dataset<'t>(site: &'t Site, route: &Route, subject: &'t Subject) -> Value<'t> {
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
    let download = |(file, kind): (Route, &'static str)| {
        let fields = vec![("@type", "DataDownload".into()), ("encodingFormat", kind.into()), ("contentUrl", address(site, &file).into())];
        Value::Object(fields)
    };
    let terms = &site.config.data;
    let url = address(site, route);
    let mut fields = thing("Dataset", url, &subject.title);
    fields.extend([
        ("description", subject.description.as_str().into()),
        ("inLanguage", site.config.language.tag().into()),
        ("temporalCoverage", covered.into()),
        ("license", if terms.licence_url.is_empty() { terms.licence.as_str() } else { terms.licence_url.as_str() }.into()),
        ("distribution", Value::List(files.map(download).collect())),
        ("dateModified", days::last_change_of(site, route).into()),
        ("creator", host(site)),
    ]);
    Value::Object(fields)
}

fn web_site<'t>(site: &'t Site, subject: &'t Subject) -> Value<'t> {
    let url = address(site, &Route::Home);
    let mut fields = thing("WebSite", url, &subject.title);
    fields.extend([
        ("description", subject.description.as_str().into()),
        ("inLanguage", site.config.language.tag().into()),
        ("publisher", host(site)),
    ]);
    Value::Object(fields)
}

/// Who runs the site, if it says so.
fn host(site: &Site) -> Value<'_> {
    let gov = &site.config.gov;
    let name = if gov.host.is_empty() { &gov.site_name } else { &gov.host };
    if name.is_empty() {
        return Value::Nothing;
    }
    let fields = vec![("@type", "GovernmentOrganization".into()), ("name", name.as_str().into()), ("url", gov.portal_url.as_str().into())];
    Value::Object(fields)
}
