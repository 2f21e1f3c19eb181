//! The front matter beside the tables: breakdowns, originals, revisions, review, waivers.

use jiff::civil::Date;

use super::Cell;
use super::tables::read_cell;
use crate::front_matter::Fields;
use crate::pack::packed;
use crate::text::{Span, excerpt};
use crate::words;

/// Supplementary figures of the prose: a whole and its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// What is counted.
    pub label: String,
    /// The whole.
    pub total: Cell,
    /// The unit.
    pub unit: Option<String>,
    /// The parts, in order.
    pub parts: Vec<(String, Cell)>,
    /// Whether the parts are only some of the whole.
    pub partial: bool,
}

packed!(Breakdown { label, total, unit, parts, partial });

/// Where the report came from: the original file or page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Original {
    /// The file beside the report.
    pub file: Option<String>,
    /// The address it was taken from.
    pub url: Option<String>,
    /// The file's SHA-256, in hexadecimal.
    pub sha256: Option<String>,
    /// What it is.
    pub title: Option<String>,
}

packed!(Original { file, url, sha256, title });

/// A change after publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// When.
    pub date: Option<Date>,
    /// What changed.
    pub note: String,
}

packed!(Revision { date, note });

/// The confidentiality review (保密审查).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Review {
    /// Who did it.
    pub by: Option<String>,
    /// When.
    pub date: Option<Date>,
}

packed!(Review { by, date });

/// A signed exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The rule it lets pass.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Only for findings about these cells, if any are named.
    pub cells: Vec<String>,
}

packed!(Waiver { rule, reason, cells });

/// What few reports have, or what only their own page shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// Further paths below the site's root that lead to this report.
    pub aliases: Vec<String>,
    /// The document number (文号).
    pub document_number: Option<String>,
    /// The index number (索引号).
    pub index_number: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Supplementary figures.
    pub breakdowns: Vec<Breakdown>,
    /// Originals.
    pub originals: Vec<Original>,
    /// Changes after publication.
    pub revisions: Vec<Revision>,
    /// The confidentiality review.
    pub review: Option<Review>,
    /// Signed exceptions.
    pub waivers: Vec<Waiver>,
}

packed!(Details { aliases, document_number, index_number, contact, breakdowns, originals, revisions, review, waivers });

impl Details {
    /// No details.
    pub const EMPTY: Self = Self {
        aliases: Vec::new(),
        document_number: None,
        index_number: None,
        contact: None,
        breakdowns: Vec::new(),
        originals: Vec::new(),
        revisions: Vec::new(),
        review: None,
        waivers: Vec::new(),
    };
}

/// Reads the details of a report; their places are noted in `spans`.
pub(super) fn read_details(fields: &mut Fields<'_, '_>, text: &str, spans: &mut Vec<(String, Span)>) -> Details {
    let aliases = fields.spanned_strings("aliases");
    spans.extend(aliases.iter().enumerate().map(|(number, (_, span))| (format!("aliases.{number}"), span.clone())));
    Details {
        aliases: aliases.into_iter().map(|(alias, _)| alias).collect(),
        document_number: fields.filled_string("document_number"),
        index_number: fields.filled_string("index_number"),
        contact: fields.filled_string("contact"),
        breakdowns: read_breakdowns(fields, text, spans),
        originals: read_originals(fields, spans),
        revisions: read_revisions(fields, spans),
        review: read_review(fields, spans),
        waivers: read_waivers(fields, spans),
    }
}

fn read_breakdowns(fields: &mut Fields<'_, '_>, text: &str, spans: &mut Vec<(String, Span)>) -> Vec<Breakdown> {
    let mut breakdowns = Vec::new();
    for (mut item, span) in fields.tables("breakdown") {
        let label = item.required_string("label", span.clone()).unwrap_or_default();
        let mut faults = Vec::new();
        let total = match item.raw("total") {
            Some(value) => read_cell(value, item.span("total").unwrap_or(span.clone()), (text, None), &mut faults),
            None => {
                item.fault(span.clone(), words!("缺少 total", "total is missing"));
                Cell::Absent
            }
        };
        spans.push((format!("breakdown.{}", breakdowns.len()), item.span("total").unwrap_or(span)));
        let unit = item.string("unit");
        let partial = item.boolean("partial").unwrap_or(false);
        let mut parts = Vec::new();
        if let Some(mut table) = item.table("parts") {
            for (key, value, key_span) in table.entries() {
                parts.push((key.to_owned(), read_cell(value, key_span, (text, None), &mut faults)));
            }
            item.absorb(table.finish());
        }
        breakdowns.push(Breakdown { label, total, unit, parts, partial });
        fields.absorb(item.finish());
        fields.absorb(faults);
    }
    breakdowns
}

fn read_originals(fields: &mut Fields<'_, '_>, spans: &mut Vec<(String, Span)>) -> Vec<Original> {
    let mut originals = Vec::new();
    for (mut item, span) in fields.tables("source") {
        let original =
            Original { file: item.string("file"), url: item.string("url"), sha256: item.string("sha256"), title: item.string("title") };
        check_original(&mut item, &original, &span);
        spans.push((format!("source.{}", originals.len()), item.span("file").unwrap_or(span)));
        originals.push(original);
        fields.absorb(item.finish());
    }
    originals
}

/// An original must be somewhere, and what identifies it must be what it says.
fn check_original(item: &mut Fields<'_, '_>, original: &Original, span: &Span) {
    if original.file.is_none() && original.url.is_none() {
        item.fault(span.clone(), words!("写明 file（报告旁边的文件）或 url（网址）", "name the `file` beside the report or its `url`"));
    }
    let is_sum = |sum: &&String| sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
    if let (Some(sum), Some(at)) = (original.sha256.as_ref().filter(|sum| !is_sum(sum)), item.span("sha256")) {
        let shown = excerpt(sum);
        item.fault(at, words!("sha256 应为 64 位十六进制数，不是“{shown}”", "sha256 must be 64 hexadecimal digits, not `{shown}`"));
    }
    let is_web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    if let (Some(url), Some(at)) = (original.url.as_ref().filter(|url| !is_web(url)), item.span("url")) {
        let shown = excerpt(url);
        item.fault(
            at,
            words!("url 应以 https:// 或 http:// 开头，不是“{shown}”", "url must begin with https:// or http://, not `{shown}`"),
        );
    }
}

fn read_revisions(fields: &mut Fields<'_, '_>, spans: &mut Vec<(String, Span)>) -> Vec<Revision> {
    let mut revisions = Vec::new();
    for (mut item, span) in fields.tables("revision") {
        let date = item.date("date");
        spans.push((format!("revision.{}", revisions.len()), item.span("date").unwrap_or_else(|| span.clone())));
        let note = item.required_string("note", span).unwrap_or_default();
        revisions.push(Revision { date, note });
        fields.absorb(item.finish());
    }
    revisions
}

fn read_review(fields: &mut Fields<'_, '_>, spans: &mut Vec<(String, Span)>) -> Option<Review> {
    let mut item = fields.table("review")?;
    let review = Review { by: item.string("by"), date: item.date("date") };
    spans.extend(item.span("date").map(|span| ("review.date".to_owned(), span)));
    fields.absorb(item.finish());
    Some(review)
}

fn read_waivers(fields: &mut Fields<'_, '_>, spans: &mut Vec<(String, Span)>) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    for (mut item, span) in fields.tables("waive") {
        let rule = item.required_string("rule", span.clone());
        let reason = item.required_string("reason", span.clone());
        let cells = item.strings("cells");
        let at = item.span("rule").unwrap_or(span);
        fields.absorb(item.finish());
        // A waiver without its reason is no waiver: the fault above says so, and the finding stays.
        if let (Some(rule), Some(reason)) = (rule, reason) {
            spans.push((format!("waive.{}", waivers.len()), at));
            waivers.push(Waiver { rule, reason, cells });
        }
    }
    waivers
}
