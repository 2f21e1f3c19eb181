//! A page → the lines of its head that machines read: page labels of 国办发〔2017〕47号, canonical address,
//! Open Graph, feeds, linked data.
//!
//! All of it follows from the route and the archive, so that a theme needs one line (`{{ found | safe }}`)
//! and cannot get the labels wrong. Where `base_url` has no host there are no addresses to give: labels
//! stay, the rest is left out.

mod labels;
mod linked;
#[cfg(test)]
pub(super) mod tests;

use super::xml::write_escaped;
use crate::archive::{Archive, ReportIndex};
use crate::pages::{Route, days, rule_summary};
use crate::rules::find;
use crate::site::Site;
use crate::theme::Strings;

/// What a page is about, in words.
struct Subject {
    title: String,
    description: String,
    keywords: String,
    sort: Sort,
    /// The way to the page: names and addresses, outermost first, the page itself last.
    crumbs: Vec<(String, Route)>,
}

/// What sort of page it is, as the notice tells them apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// The front page of the column.
    Front,
    /// A page of the column that lists things.
    Column,
    /// An article: a report.
    Article(ReportIndex),
    /// A page that is about nothing, such as that for unknown addresses.
    Nothing,
}

/// The lines of a page's head, as HTML. `has_news` says whether any report of the site is dated.
pub(super) fn head(site: &Site, strings: &Strings, route: &Route, has_news: bool) -> String {
    let subject = subject(site, strings, route);
    let mut html = String::with_capacity(4 << 10);
    for (name, content) in labels::labels(site, strings, route, &subject) {
        meta("name", name, &content, &mut html);
    }
    if subject.sort == Sort::Nothing {
        return html;
    }
    let Some(address) = site.config.address(&route.path()) else { return html };
    element(&["<link rel=\"canonical\" href=\"", "\">\n"], &[&address], &mut html);
    open_graph(site, &subject, &address, &mut html);
    let root = route.root("");
    for (title, feed) in feeds(site, route, has_news) {
        let parts = ["<link rel=\"alternate\" type=\"application/atom+xml\" title=\"", "\" href=\"", "\">\n"];
        element(&parts, &[&title, &format!("{root}{}", feed.path())], &mut html);
    }
    html.push_str("<script type=\"application/ld+json\">");
    linked::script(site, route, &subject, &mut html);
    html.push_str("</script>\n");
    html
}

/// Writes an element: what stands between its texts, and the texts, which may hold anything.
fn element(parts: &[&str], texts: &[&str], html: &mut String) {
    let mut texts = texts.iter();
    for part in parts {
        html.push_str(part);
        // Writing to memory cannot fail.
        let _ = texts.next().map(|text| write_escaped(text, html));
    }
}

fn meta(kind: &str, name: &str, content: &str, html: &mut String) {
    element(&["<meta ", "=\"", "\" content=\"", "\">\n"], &[kind, name, content], html);
}

fn open_graph(site: &Site, subject: &Subject, address: &str, html: &mut String) {
    let is_article = matches!(subject.sort, Sort::Article(_));
    let mut property = |name: &str, content: &str| meta("property", name, content, html);
    property("og:type", if is_article { "article" } else { "website" });
    property("og:title", &subject.title);
    property("og:url", address);
    property("og:site_name", &site.config.title);
    property("og:locale", if site.config.language.tag() == "en" { "en_GB" } else { "zh_CN" });
    if !subject.description.is_empty() {
        property("og:description", &subject.description);
    }
    if let Sort::Article(index) = subject.sort {
        let report = site.archive.report(index);
        let changed = days::last_change(report).filter(|day| Some(*day) != report.published);
        for (name, day) in [("article:published_time", report.published), ("article:modified_time", changed)] {
            let _ = day.map(|day| property(name, &day.to_string()));
        }
    }
}

/// The feeds that a page belongs to, nearest last: title and route.
fn feeds(site: &Site, route: &Route, has_news: bool) -> Vec<(String, Route)> {
    let mut feeds = Vec::new();
    if !has_news {
        return feeds;
    }
    feeds.push((site.config.title.clone(), Route::Feed));
    let agency = match route {
        Route::Agency(id) | Route::Report { agency: id, .. } => site.archive.find_agency(id),
        _ => None,
    };
    if let Some(index) = agency.filter(|index| days::has_news(site, Some(*index))) {
        let agency = site.archive.agency(index);
        feeds.push((agency.name().to_owned(), Route::AgencyFeed(agency.id.to_string())));
    }
    feeds
}

fn subject(site: &Site, strings: &Strings, route: &Route) -> Subject {
    let archive = &site.archive;
    let config = &site.config;
    let general = strings.get("found.keywords").to_owned();
    let named = |name: &str| format!("{name},{general}");
    let home = || (strings.get("menu.home").to_owned(), Route::Home);
    let listed = |sort, title: String, description, crumbs: Vec<(String, Route)>| Subject {
        keywords: named(&title),
        title,
        description,
        sort,
        crumbs: std::iter::once(home()).chain(crumbs).collect(),
    };
    let column = |title: &str, about: &str| {
        let title = strings.get(title).to_owned();
        let description = strings.fill(about, &[("site", &config.title)]);
        listed(Sort::Column, title.clone(), description, vec![(title, route.clone())])
    };
    match route {
        Route::Home => {
            let front = if config.gov.column_name.is_empty() { &config.title } else { &config.gov.column_name };
            let description = if config.description.is_empty() {
                strings.fill("found.home", &[("site", &config.title)])
            } else {
                config.description.clone()
            };
            Subject { title: config.title.clone(), description, keywords: named(front), sort: Sort::Front, crumbs: vec![home()] }
        }
        Route::Years => column("years.title", "found.years"),
        Route::Agencies => column("agencies.title", "found.agencies"),
        Route::Search => column("search.title", "found.search"),
        Route::Quality => column("quality.title", "found.quality"),
        Route::Rule(name) => match find(name) {
            Some(rule) => {
                let summary = rule_summary(rule, config.language);
                let crumbs = vec![(strings.get("menu.quality").to_owned(), Route::Quality), (name.clone(), route.clone())];
                let description = strings.fill("found.rule", &[("rule", name), ("summary", &summary)]);
                listed(Sort::Column, format!("{summary} {name}"), description, crumbs)
            }
            None => nothing(),
        },
        Route::Data => column("data.title", "found.data"),
        Route::Year(year) | Route::YearPart { year, .. } => {
            let text = year.to_string();
            let reports = archive.reports_of_year(*year).len().to_string();
            let part = match route {
                Route::YearPart { agency, .. } => archive.find_agency(agency).map(|index| archive.agency(index).name()),
                _ => None,
            };
            let mut crumbs = vec![(strings.get("menu.years").to_owned(), Route::Years), (text.clone(), Route::Year(*year))];
            let mut title = strings.fill("year.title", &[("year", &text)]);
            if let Some(part) = part {
                title = format!("{title} - {part}");
                crumbs.push((part.to_owned(), route.clone()));
            }
            let description = strings.fill("found.year", &[("year", &text), ("reports", &reports)]);
            listed(Sort::Column, title, description, crumbs)
        }
        Route::Agency(id) => match archive.find_agency(id) {
            Some(index) => {
                let agency = archive.agency(index);
                let reports = agency.reports.len().to_string();
                let about = if agency.is_group() || agency.reports.is_empty() { "found.group" } else { "found.agency" };
                let description = strings.fill(about, &[("agency", agency.name()), ("reports", &reports)]);
                listed(Sort::Column, agency.name().to_owned(), description, lineage(archive, strings, id))
            }
            None => nothing(),
        },
        Route::Report { agency, year } => match archive.find_agency(agency).and_then(|found| archive.find_report(found, *year)) {
            Some(index) => {
                let mut crumbs = lineage(archive, strings, agency);
                crumbs.push((year.to_string(), route.clone()));
                let title = archive.title(index);
                let description = report_description(site, strings, index, &title);
                let name = archive.agency(archive.agency_of(index)).name();
                let keywords = named(&format!("{name},{}", strings.fill("common.year_report", &[("year", &year.to_string())])));
                Subject { keywords, ..listed(Sort::Article(index), title, description, crumbs) }
            }
            None => nothing(),
        },
        _ => nothing(),
    }
}

fn nothing() -> Subject {
    Subject { title: String::new(), description: String::new(), keywords: String::new(), sort: Sort::Nothing, crumbs: Vec::new() }
}

/// The page of agencies, the agencies above and the agency itself.
fn lineage(archive: &Archive, strings: &Strings, id: &str) -> Vec<(String, Route)> {
    let mut crumbs = vec![(strings.get("menu.agencies").to_owned(), Route::Agencies)];
    let line = archive.find_agency(id).map(|index| archive.lineage(index)).unwrap_or_default();
    crumbs.extend(line.into_iter().map(|index| {
        let agency = archive.agency(index);
        (agency.short_name().to_owned(), Route::Agency(agency.id.to_string()))
    }));
    crumbs
}

/// A report in one sentence: its title and its first key figures.
pub(super) fn report_description(site: &Site, strings: &Strings, index: ReportIndex, title: &str) -> String {
    const MOST: usize = 3;
    let report = site.archive.report(index);
    let figure = |indicator: &crate::form::Indicator| {
        let (label, value) = (indicator.label.in_language(site.config.language), report.sum(&indicator.terms)?);
        let (value, unit) = (crate::chart::shown(value), indicator.unit.in_language(site.config.language));
        Some(strings.fill("found.figure", &[("label", label), ("value", &value), ("unit", unit)]))
    };
    let figures: Vec<String> = report.form.indicators.iter().filter_map(figure).take(MOST).collect();
    if figures.is_empty() {
        return title.to_owned();
    }
    strings.fill("found.report", &[("title", title), ("figures", &figures.join(strings.get("found.and")))])
}
