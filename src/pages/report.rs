//! A report: its sections, key figures, findings, sources, neighbours.

use std::borrow::Cow;
use std::io;

use serde::Serialize;

use super::figures::key_figures;
use super::{Changes, Frame, KeyFigure, Route};
use crate::archive::ReportIndex;
use crate::chart::shown;
use crate::diagnostic::Finding;
use crate::report::{Body, Cell, Report, Scope};
use crate::rules::{Exposed, Group, RULES};
use crate::site::Site;
use crate::text::{Span, decode};

/// The page of a report. Prose and tables are put in as HTML by the render floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportPage {
    /// Its frame.
    pub frame: Frame,
    /// The report's title.
    pub title: String,
    /// The agency: name and address.
    pub agency: (String, String),
    /// The report year.
    pub year: u16,
    /// The edition it is in.
    pub form: String,
    /// The notice that the edition rests on.
    pub basis: String,
    /// Whether it gives figures for a whole area.
    pub area: bool,
    /// The day of publication.
    pub published: Option<String>,
    /// 文号.
    pub document_number: Option<String>,
    /// 索引号.
    pub index_number: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Key figures against last year.
    pub figures: Vec<KeyFigure>,
    /// Whether personal numbers are hidden on the page.
    pub hidden: bool,
    /// Findings that count.
    pub findings: Vec<FindingItem>,
    /// Findings that the agency has explained.
    pub waived: Vec<FindingItem>,
    /// The sections, in order.
    pub sections: Vec<PageSection>,
    /// What changed against last year's report, if there is one; put in by the render floor, which
    /// reads last year's text.
    pub changes: Option<Changes>,
    /// Supplementary figures.
    pub breakdowns: Vec<BreakdownItem>,
    /// Originals.
    pub sources: Vec<SourceItem>,
    /// Publication, review and revisions, by day.
    pub timeline: Vec<TimelineItem>,
    /// The report of the year before: year and address.
    pub previous: Option<(u16, String)>,
    /// The report of the year after.
    pub next: Option<(u16, String)>,
}

/// One section of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageSection {
    /// The anchor: `s1`.
    pub id: String,
    /// The heading; empty for what stands before the first.
    pub title: String,
    /// The prose as HTML.
    pub prose: String,
    /// The official table as HTML.
    pub table: Option<String>,
    /// The table's caption.
    pub caption: String,
    /// Findings about the table's cells.
    pub notes: Vec<FindingItem>,
    /// Where the prose stands in the report's file, and which table belongs here.
    #[serde(skip)]
    pub source: SectionSource,
}

/// What the render floor needs to fill a section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SectionSource {
    /// The prose, as a span of the file.
    pub prose: Option<Span>,
    /// Index of the form's table.
    pub table: Option<usize>,
}

/// One finding on the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingItem {
    /// Its number on the page, from 1.
    pub number: usize,
    /// The number in a circle: ①.
    pub mark: String,
    /// `error`, `warning` or `info`.
    pub level: &'static str,
    /// The rule's name.
    pub rule: &'static str,
    /// The address of the rule's page.
    pub rule_link: String,
    /// What is wrong.
    pub message: String,
    /// The sum that would mend it; other hints are for those who write reports.
    pub hint: Option<String>,
    /// The anchor of the cell it looks at.
    pub anchor: Option<String>,
    /// The reason for waiving it.
    pub waived: Option<String>,
    /// The full key of the cell it looks at.
    #[serde(skip)]
    pub cell: Option<String>,
}

/// A supplementary breakdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BreakdownItem {
    /// What is counted.
    pub label: String,
    /// The whole.
    pub total: String,
    /// The unit.
    pub unit: String,
    /// The parts: label, figure.
    pub parts: Vec<(String, String)>,
    /// Whether the parts are only some of the whole.
    pub partial: bool,
}

/// An original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceItem {
    /// What it is called.
    pub name: String,
    /// The address: of the file below the site's root, or elsewhere.
    pub link: Option<String>,
    /// Whether the address is on another site.
    pub elsewhere: bool,
    /// The SHA-256 of the file.
    pub sha256: Option<String>,
}

/// A day in the report's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimelineItem {
    /// The day.
    pub date: Option<String>,
    /// `review`, `published` or `revision`.
    pub event: &'static str,
    /// Who did it, or what changed.
    pub note: String,
}

impl ReportPage {
    /// The page of a report whose file has `text` with the sections of `body`. Its strings are those of the site
    /// [as it may be shown](crate::rules::as_shown).
    pub fn of(site: &Site, index: ReportIndex, text: &str, body: &Body) -> Self {
        let (archive, language) = (&site.archive, site.config.language);
        let report = archive.report(index);
        let agency_index = archive.agency_of(index);
        let agency = archive.agency(agency_index);
        let details = report.details();
        let last = archive.previous(index).map(|last| archive.report(last));
        let figures = key_figures(&report.form, language, |i| report.sum(&i.terms), |i| report.comparable_sum(i, last?));
        let (waived, findings): (Vec<&Finding>, Vec<&Finding>) = site
            .findings_of(index)
            .filter(|finding| finding.counts() || finding.waived.is_some())
            .partition(|finding| finding.waived.is_some());
        let findings: Vec<FindingItem> =
            findings.into_iter().zip(1..).map(|(finding, number)| item(site, report, finding, number)).collect();
        let exposed = Exposed::of(site.findings.of_file(&archive.filed(index).path()));
        let title = archive.title(index);
        let route = Route::of_report(site, index);
        let near = |index: ReportIndex| (archive.report(index).year, Route::of_report(site, index).path());
        Self {
            frame: Frame::new(&*title, "agencies", &route)
                .below(&["agencies"])
                .below_agency(site, agency_index)
                .ending(report.year.to_string(), ""),
            title,
            agency: (agency.name().to_owned(), Route::Agency(agency.id.to_string()).path()),
            year: report.year,
            form: report.form.title.in_language(language).to_owned(),
            basis: report.form.basis.clone(),
            area: report.scope == Scope::Area,
            published: report.published.map(|date| date.to_string()),
            document_number: details.document_number.clone(),
            index_number: details.index_number.clone(),
            contact: details.contact.clone(),
            figures,
            hidden: !exposed.is_empty(),
            sections: sections(report, text, body, &findings),
            findings,
            waived: waived.into_iter().zip(1..).map(|(finding, number)| item(site, report, finding, number)).collect(),
            changes: None,
            breakdowns: breakdowns(report),
            sources: sources(report, &route),
            timeline: timeline(report),
            previous: archive.previous(index).map(near),
            next: archive.next(index).map(near),
        }
    }
}

fn item(site: &Site, report: &Report, finding: &Finding, number: usize) -> FindingItem {
    let language = site.config.language;
    let cell = finding.cells.first().filter(|key| report.form.cell(key).is_some()).cloned();
    FindingItem {
        number,
        mark: circled(number),
        level: finding.level.name(),
        rule: finding.rule,
        rule_link: Route::Rule(finding.rule.to_owned()).path(),
        message: finding.message.in_language(language).to_owned(),
        hint: finding.hint.as_ref().filter(|_| is_about_sums(finding)).map(|hint| hint.in_language(language).to_owned()),
        anchor: cell.as_deref().map(anchor),
        waived: finding.waived.clone(),
        cell,
    }
}

/// Whether a finding's hint is for readers too: the sum that would mend it. The others tell a clerk what to
/// write; they are shown by `check`, in the preview and on the page of all findings.
fn is_about_sums(finding: &Finding) -> bool {
    let group = RULES.iter().find(|rule| rule.name == finding.rule).map(|rule| rule.group);
    group == Some(Group::Sums) && !finding.cells.is_empty()
}

/// The anchor of a cell.
pub(crate) fn anchor(cell: &str) -> String {
    format!("c-{}", cell.replace('.', "-"))
}

fn circled(number: usize) -> String {
    u32::try_from(number)
        .ok()
        .filter(|number| *number <= 20)
        .and_then(|number| char::from_u32('①' as u32 + number - 1))
        .map_or_else(|| format!("({number})"), String::from)
}

/// The form's sections in order, each with its prose and table; sections that the form does not know, or
/// that stand there a second time, follow the one they stand behind.
fn sections(report: &Report, text: &str, body: &Body, findings: &[FindingItem]) -> Vec<PageSection> {
    let form = &report.form;
    let mut sections = Vec::new();
    if !text[body.preface.clone()].trim().is_empty() {
        sections.push(plain_section(String::new(), Some(body.preface.clone()), 0));
    }
    let is_further = |at: &usize| {
        let known = body.sections[*at].section;
        known.is_none() || body.sections[..*at].iter().any(|before| before.section == known)
    };
    let further_after = |known: Option<usize>| {
        let start = known.map_or(0, |known| known + 1);
        (start..body.sections.len()).take_while(is_further).map(|at| &body.sections[at])
    };
    for section in further_after(None) {
        sections.push(plain_section(text[section.heading.clone()].to_owned(), Some(section.content.clone()), sections.len()));
    }
    for (index, section) in form.sections.iter().enumerate() {
        let at = body.sections.iter().position(|section| section.section == Some(index));
        let written = at.map(|at| &body.sections[at]);
        let number = section.number.as_ref().map(|number| format!("{number}、")).unwrap_or_default();
        let title = written.map_or_else(|| format!("{number}{}", section.title.text), |written| text[written.heading.clone()].to_owned());
        let mut page = plain_section(title, written.map(|written| written.content.clone()), sections.len());
        if let Some(table) = section.table {
            page.caption = form.tables[table].caption.clone();
            page.source.table = Some(table);
            page.notes = findings.iter().filter(|finding| is_in_table(report, finding, table)).cloned().collect();
        }
        if written.is_some() || section.table.is_some() {
            sections.push(page);
        }
        for section in at.into_iter().flat_map(|at| further_after(Some(at))) {
            sections.push(plain_section(text[section.heading.clone()].to_owned(), Some(section.content.clone()), sections.len()));
        }
    }
    sections
}

/// The text of a report's file as it may be shown: without the personal numbers that were found in it. The
/// archive keeps no prose. `Err` names the file that cannot be read.
pub(crate) fn shown_text(site: &Site, index: ReportIndex) -> Result<String, (String, io::Error)> {
    let path = site.archive.filed(index).path();
    let exposed = Exposed::of(site.findings.of_file(&path));
    let text = decode(site.files.read(&path).map_err(|error| (path, error))?).text;
    // What hides nothing is the text itself, and is not copied.
    Ok(match exposed.hide(&text) {
        Cow::Owned(hidden) => hidden,
        Cow::Borrowed(_) => text,
    })
}

/// The sections of a report's page: anchor, heading, where the prose stands in the file.
pub(crate) fn section_sources(report: &Report, text: &str, body: &Body) -> impl Iterator<Item = (String, String, Option<Span>)> + use<> {
    sections(report, text, body, &[]).into_iter().map(|section| (section.id, section.title, section.source.prose))
}

fn plain_section(title: String, prose: Option<Span>, before: usize) -> PageSection {
    PageSection {
        id: format!("s{}", before + 1),
        title,
        prose: String::new(),
        table: None,
        caption: String::new(),
        notes: Vec::new(),
        source: SectionSource { prose, table: None },
    }
}

fn is_in_table(report: &Report, finding: &FindingItem, table: usize) -> bool {
    let cell = finding.cell.as_deref().and_then(|key| report.form.cell(key));
    cell.is_some_and(|cell| report.form.place(cell).table == table)
}

fn breakdowns(report: &Report) -> Vec<BreakdownItem> {
    let figure = |cell: &Cell| match cell {
        Cell::Number(number) => shown(*number),
        Cell::Text(text) => text.to_string(),
        _ => "—".to_owned(),
    };
    let breakdowns = report.details().breakdowns.iter();
    breakdowns
        .map(|breakdown| BreakdownItem {
            label: breakdown.label.clone(),
            total: figure(&breakdown.total),
            unit: breakdown.unit.clone().unwrap_or_default(),
            parts: breakdown.parts.iter().map(|(label, cell)| (label.clone(), figure(cell))).collect(),
            partial: breakdown.partial,
        })
        .collect()
}

fn sources(report: &Report, route: &Route) -> Vec<SourceItem> {
    let originals = report.details().originals.iter();
    originals
        .map(|original| {
            let file = original.file.as_ref().map(|file| route.path() + &super::percent_encode(file));
            let url = original.url.as_ref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
            let name = [&original.title, &original.file, &original.url].into_iter().flatten().next();
            SourceItem {
                name: name.cloned().unwrap_or_default(),
                elsewhere: file.is_none() && url.is_some(),
                link: file.or_else(|| url.cloned()),
                sha256: original.sha256.clone(),
            }
        })
        .collect()
}

fn timeline(report: &Report) -> Vec<TimelineItem> {
    let details = report.details();
    let mut items = Vec::new();
    if let Some(review) = &details.review {
        let note = review.by.clone().unwrap_or_default();
        items.push(TimelineItem { date: review.date.map(|date| date.to_string()), event: "review", note });
    }
    if let Some(published) = report.published {
        items.push(TimelineItem { date: Some(published.to_string()), event: "published", note: String::new() });
    }
    for revision in &details.revisions {
        let date = revision.date.map(|date| date.to_string());
        items.push(TimelineItem { date, event: "revision", note: revision.note.clone() });
    }
    items.sort_by(|a, b| a.date.cmp(&b.date));
    items
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::form::Forms;
    use crate::report::read;

    static FORMS: LazyLock<Forms> = LazyLock::new(Forms::builtin);

    proptest! {
        /// No prose is lost and none is shown twice: sections may be missing, repeated, out of order, unknown.
        #[test]
        fn all_prose_is_on_the_page_once(order in prop::collection::vec(0usize..8, 0..10), preface in any::<bool>()) {
            let titles: Vec<String> = FORMS.get("cn-2021").unwrap().sections.iter().map(|section| section.title.text.clone()).collect();
            let mut text = "+++\n+++\n".to_owned();
            if preface {
                text.push_str("前言\n");
            }
            for (number, title) in order.iter().enumerate() {
                let title = titles.get(*title).map_or("附件", String::as_str);
                text.push_str(&format!("## {title}\n第{number}段\n"));
            }
            let reading = read(&text, 2023, &FORMS);
            let page = sections(&reading.report, &text, &reading.body, &[]);
            let mut shown: Vec<&str> = page.iter().filter_map(|section| Some(text[section.source.prose.clone()?].trim())).collect();
            let mut written: Vec<&str> = text.lines().filter(|line| line.starts_with(['第', '前'])).collect();
            shown.sort_unstable();
            written.sort_unstable();
            prop_assert_eq!(shown, written);
        }
    }
}
