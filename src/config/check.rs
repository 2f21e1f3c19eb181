//! `[check]`: levels of rules and deadlines of publication.

use jiff::civil::Date;

use crate::diagnostic::Level;
use crate::front_matter::Fields;
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

/// How reports are checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Check {
    /// Rules whose level differs from the usual one: name, level, place in `site.toml`.
    pub levels: Vec<(String, Level, Span)>,
    /// The first report year of the archive; before it nothing is owed.
    pub first_year: Option<u16>,
    /// Deadlines by kind of agency, in file order.
    pub deadlines: Vec<(String, Deadline)>,
}

impl Check {
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
        Self { levels: read_levels(fields), first_year: fields.integer("first_year"), deadlines: read_deadlines(fields) }
    }

    /// The day by which an agency of `kind` (as in `agency.toml`) must have published its report of
    /// `year`. Unless set otherwise: governments by March 31, all others by January 31; before 2019
    /// everyone by March 31, the reports of 2018 included (政府信息公开条例 art. 49, and the Regulations of 2008).
    pub fn deadline(&self, kind: &str, year: u16) -> Date {
        let set = self.deadlines.iter().find(|(name, _)| name == kind).map(|(_, deadline)| *deadline);
        let march = Deadline { month: 3, day: 31 };
        let usual = if year <= 2018 || kind == "government" { march } else { Deadline { month: 1, day: 31 } };
        let deadline = set.unwrap_or(usual);
        let following = i16::try_from(year).unwrap_or(i16::MAX - 1) + 1;
        Date::new(following, deadline.month, deadline.day).unwrap_or(Date::MAX)
    }
}

fn read_levels(fields: &mut Fields<'_, '_>) -> Vec<(String, Level, Span)> {
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

fn read_deadlines(fields: &mut Fields<'_, '_>) -> Vec<(String, Deadline)> {
    let Some(mut table) = fields.table("deadlines") else { return Vec::new() };
    let mut deadlines = Vec::new();
    for (kind, value, span) in table.entries() {
        match value.get_ref().as_str().and_then(parse_deadline) {
            Some(deadline) => deadlines.push((kind.to_owned(), deadline)),
            None => table.fault(span, words!("截止日应写成 \"月-日\"，如 \"01-31\"", "a deadline is written \"MM-DD\", such as \"01-31\"")),
        }
    }
    fields.absorb(table.finish());
    deadlines
}

fn parse_deadline(text: &str) -> Option<Deadline> {
    let (month, day) = text.split_once('-')?;
    let deadline = Deadline { month: month.parse().ok()?, day: day.parse().ok()? };
    Date::new(2024, deadline.month, deadline.day).ok().map(|_| deadline)
}
