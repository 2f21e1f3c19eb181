//! `[check]`: levels of rules, by path if need be; deadlines of publication; thresholds.

use jiff::civil::Date;

use super::YEARS;
use crate::diagnostic::Level;
use crate::front_matter::{DeValue, Fields};
use crate::text::Span;
use crate::words;

/// A day of the year after the report year by which a report must be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// Month, 1 to 12.
    pub month: i8,
    /// Day of the month.
    pub day: i8,
}

/// A deadline and the reports it holds for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineRule {
    /// The kind of agency, as in `agency.toml`; all kinds without one.
    pub kind: Option<String>,
    /// The report years; all without limits.
    pub from: Option<u16>,
    /// The last report year.
    pub until: Option<u16>,
    /// The day.
    pub deadline: Deadline,
    /// Where it stands in `site.toml`.
    pub span: Span,
}

/// The level of one rule: name, level, place in `site.toml`.
pub type RuleLevel = (String, Level, Span);

/// Levels for a part of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The path below `content/`, `*` for any name, `**` for any names: `shili/*/2016.md`, `shili/jiuhe`.
    pub path: String,
    /// The levels there.
    pub levels: Vec<RuleLevel>,
}

/// From what share of a report's prose on, in per cent, text counts as copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopiedText {
    /// From the same body's report of the year before.
    pub last_year: u8,
    /// From the same body's older reports.
    pub earlier: u8,
    /// From another body's report.
    pub others: u8,
}

/// What change of a key figure counts as sharp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharpChange {
    /// How many times as large, or as small, it must have become.
    pub factor: u32,
    /// Smaller changes are never sharp.
    pub least: u32,
}

/// How reports are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Rules whose level differs from the usual one.
    pub levels: Vec<RuleLevel>,
    /// Levels for parts of the archive; later ones win.
    pub overrides: Vec<Override>,
    /// The first report year of the archive; before it nothing is owed.
    pub first_year: Option<u16>,
    /// Deadlines; later ones win.
    pub deadlines: Vec<DeadlineRule>,
    /// The first report year for which the confidentiality review must be on record.
    pub review_from: u16,
    /// Thresholds of `copied-text`.
    pub copied_text: CopiedText,
    /// Thresholds of `sharp-change`.
    pub sharp_change: SharpChange,
}

impl Default for Check {
    fn default() -> Self {
        Self {
            levels: Vec::new(),
            overrides: Vec::new(),
            first_year: None,
            deadlines: Vec::new(),
            review_from: 2019,
            copied_text: CopiedText { last_year: 50, earlier: 50, others: 50 },
            sharp_change: SharpChange { factor: 5, least: 100 },
        }
    }
}

impl Check {
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
        let usual = Self::default();
        let mut deadlines = read_deadlines(fields);
        deadlines.extend(read_deadline_rules(fields));
        Self {
            levels: read_levels(fields),
            overrides: read_overrides(fields),
            first_year: read_first_year(fields),
            deadlines,
            review_from: fields.integer("review_from").unwrap_or(usual.review_from),
            copied_text: read_copied_text(fields, usual.copied_text),
            sharp_change: read_sharp_change(fields, usual.sharp_change),
        }
    }

    /// The day by which an agency of `kind` (as in `agency.toml`) must have published its report of
    /// `year`. Unless set otherwise: governments by March 31, all others by January 31; before 2019
    /// everyone by March 31, the reports of 2018 included (政府信息公开条例 art. 49, and the Regulations of 2008).
    pub fn deadline(&self, kind: &str, year: u16) -> Date {
        let holds = |rule: &&DeadlineRule| {
            rule.kind.as_ref().is_none_or(|name| name == kind)
                && rule.from.is_none_or(|from| from <= year)
                && rule.until.is_none_or(|until| year <= until)
        };
        let set = self.deadlines.iter().rev().find(holds).map(|rule| rule.deadline);
        let march = Deadline { month: 3, day: 31 };
        let usual = if year <= 2018 || kind == "government" { march } else { Deadline { month: 1, day: 31 } };
        let deadline = set.unwrap_or(usual);
        let following = i16::try_from(year).unwrap_or(i16::MAX - 1) + 1;
        // February 29 falls on the 28th where there is none.
        let days = [deadline.day, deadline.day - 1];
        days.into_iter().find_map(|day| Date::new(following, deadline.month, day).ok()).unwrap_or(Date::MAX)
    }
}

fn read_first_year(fields: &mut Fields<'_, '_>) -> Option<u16> {
    let year: u16 = fields.integer("first_year")?;
    if !YEARS.contains(&year) {
        let span = fields.span("first_year").unwrap_or(0..1);
        fields.fault(span, words!("first_year 应为四位年份，如 2019，不是 {year}", "first_year is a year such as 2019, not {year}"));
        return None;
    }
    Some(year)
}

fn read_levels(fields: &mut Fields<'_, '_>) -> Vec<RuleLevel> {
    let Some(mut table) = fields.table("levels") else { return Vec::new() };
    let mut levels = Vec::new();
    for (rule, value, span) in table.entries() {
        match value.get_ref().as_str().and_then(Level::parse) {
            Some(level) => levels.push((rule.to_owned(), level, span)),
            None => table.fault(span, words!("级别应为 error、warning、info 或 off", "a level is error, warning, info or off")),
        }
    }
    fields.absorb(table.finish());
    levels
}

fn read_overrides(fields: &mut Fields<'_, '_>) -> Vec<Override> {
    let mut overrides = Vec::new();
    for (mut item, span) in fields.tables("override") {
        let path = item.required_string("path", span.clone()).unwrap_or_default();
        let levels = read_levels(&mut item);
        if levels.is_empty() {
            item.fault(span, words!("[[check.override]] 没有 levels", "[[check.override]] has no levels"));
        }
        let path = path.trim_start_matches("content/").trim_matches('/').to_owned();
        overrides.push(Override { path, levels });
        fields.absorb(item.finish());
    }
    overrides
}

/// `deadlines = { government = "03-31" }`, for all years; or, by report year,
/// `deadlines = { department = { "2019" = "02-28" } }`.
fn read_deadlines(fields: &mut Fields<'_, '_>) -> Vec<DeadlineRule> {
    let Some(mut table) = fields.table("deadlines") else { return Vec::new() };
    let mut deadlines = Vec::new();
    for (kind, value, span) in table.entries() {
        let rule =
            |year: Option<u16>, deadline, span| DeadlineRule { kind: Some(kind.to_owned()), from: year, until: year, deadline, span };
        match value.get_ref() {
            DeValue::Table(years) => {
                for (year, value) in years.iter() {
                    let at = table.shift(value.span());
                    match (year.get_ref().parse().ok(), value.get_ref().as_str().and_then(parse_deadline)) {
                        (Some(year), Some(deadline)) => deadlines.push(rule(Some(year), deadline, at)),
                        _ => table.fault(
                            at,
                            words!(
                                "应写成 年度 = \"月-日\"，如 \"2019\" = \"02-28\"",
                                "write YEAR = \"MM-DD\", such as \"2019\" = \"02-28\""
                            ),
                        ),
                    }
                }
            }
            value => match value.as_str().and_then(parse_deadline) {
                Some(deadline) => deadlines.push(rule(None, deadline, span)),
                None => table.fault(span, not_a_deadline()),
            },
        }
    }
    fields.absorb(table.finish());
    // A deadline for one year is the exception to the one for all, whatever their order.
    deadlines.sort_by_key(|rule| rule.from.is_some());
    deadlines
}

fn read_deadline_rules(fields: &mut Fields<'_, '_>) -> Vec<DeadlineRule> {
    let mut rules = Vec::new();
    for (mut item, span) in fields.tables("deadline") {
        let (kind, from, until) = (item.string("kind"), item.integer("from"), item.integer("until"));
        let at = item.span("kind").unwrap_or_else(|| span.clone());
        match item.required_string("date", span.clone()).as_deref().map(parse_deadline) {
            Some(Some(deadline)) => rules.push(DeadlineRule { kind, from, until, deadline, span: at }),
            Some(None) => item.fault(item.span("date").unwrap_or(span), not_a_deadline()),
            None => {}
        }
        fields.absorb(item.finish());
    }
    rules
}

fn not_a_deadline() -> crate::text::Words {
    words!("截止日应写成 \"月-日\"，如 \"01-31\"", "a deadline is written \"MM-DD\", such as \"01-31\"")
}

fn parse_deadline(text: &str) -> Option<Deadline> {
    let (month, day) = text.split_once('-')?;
    let deadline = Deadline { month: month.parse().ok()?, day: day.parse().ok()? };
    Date::new(2024, deadline.month, deadline.day).ok().map(|_| deadline)
}

fn read_copied_text(fields: &mut Fields<'_, '_>, usual: CopiedText) -> CopiedText {
    let Some(mut table) = fields.table("copied_text") else { return usual };
    let mut percent = |key: &str, usual: u8| {
        let Some(percent) = table.integer::<u8>(key) else { return usual };
        if !(1..=100).contains(&percent) {
            let span = table.span(key).unwrap_or(0..1);
            table.fault(span, words!("应为 1 到 100 的百分数，不是 {percent}", "must be a percentage from 1 to 100, not {percent}"));
            return usual;
        }
        percent
    };
    let read = CopiedText {
        last_year: percent("last_year", usual.last_year),
        earlier: percent("earlier", usual.earlier),
        others: percent("others", usual.others),
    };
    fields.absorb(table.finish());
    read
}

fn read_sharp_change(fields: &mut Fields<'_, '_>, usual: SharpChange) -> SharpChange {
    let Some(mut table) = fields.table("sharp_change") else { return usual };
    let read = SharpChange {
        factor: table.integer("factor").filter(|factor| *factor > 1).unwrap_or(usual.factor),
        least: table.integer("least").unwrap_or(usual.least),
    };
    fields.absorb(table.finish());
    read
}
