//! `agency.toml`: what an agency is called, what it is, since when and until when it reports.

use jiff::civil::Date;
use toml::de::DeValue;

use crate::diagnostic::Fault;
use crate::front_matter::{Fields, parse};
use crate::pack::{Pack, Unpacker, packed};
use crate::text::{Span, Words};
use crate::words;

/// The rule that reports faults of `agency.toml`.
pub const INVALID_AGENCY: &str = "invalid-agency";

/// What sort of body an agency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AgencyKind {
    /// A people's government at county level or above.
    Government,
    /// A government's general office.
    Office,
    /// A department.
    Department,
    /// The government of a township or town.
    Township,
    /// A subdistrict office.
    Subdistrict,
    /// A body led from above (税务局, 气象局).
    Vertical,
    /// Anything else.
    Other,
}

impl AgencyKind {
    /// All kinds, in the order of lists.
    pub const ALL: [Self; 7] =
        [Self::Government, Self::Office, Self::Department, Self::Township, Self::Subdistrict, Self::Vertical, Self::Other];

    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Government => "government",
            Self::Office => "office",
            Self::Department => "department",
            Self::Township => "township",
            Self::Subdistrict => "subdistrict",
            Self::Vertical => "vertical",
            Self::Other => "other",
        }
    }

    /// The name for people.
    pub fn label(self) -> Words {
        match self {
            Self::Government => Words::new("政府", "Government"),
            Self::Office => Words::new("政府办公室", "General office"),
            Self::Department => Words::new("部门", "Department"),
            Self::Township => Words::new("乡镇", "Township"),
            Self::Subdistrict => Words::new("街道", "Subdistrict"),
            Self::Vertical => Words::new("垂直管理机构", "Vertical body"),
            Self::Other => Words::new("其他", "Other"),
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Pack for AgencyKind {
    fn pack(&self, to: &mut Vec<u8>) {
        crate::pack::pack_text(self.name(), to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Self::parse(from.text()?)
    }
}

/// What one `agency.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The full official name.
    pub name: String,
    short_name: Option<String>,
    /// What sort of body it is.
    pub kind: AgencyKind,
    /// Further names, former ones among them.
    pub aliases: Vec<String>,
    /// Directories below the site's root that it had before.
    pub moved_from: Vec<String>,
    /// The code of the organisation.
    pub code: Option<String>,
    /// The code of its administrative division.
    pub region_code: Option<String>,
    /// Its place among its siblings; those without one follow by name of directory.
    pub order: Option<i64>,
    /// The first day it existed.
    pub since: Option<Date>,
    /// The last day it existed.
    pub until: Option<Date>,
    /// The id of the agency that took over.
    pub succeeded_by: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Whether it ever reports by itself.
    pub owes_report: bool,
}

packed!(Card { name, short_name, kind, aliases, moved_from, code, region_code, order, since, until, succeeded_by, contact, owes_report });

impl Card {
    /// A card with nothing but a name and a kind.
    pub fn named(name: impl Into<String>, kind: AgencyKind) -> Self {
        Self {
            name: name.into(),
            short_name: None,
            kind,
            aliases: Vec::new(),
            moved_from: Vec::new(),
            code: None,
            region_code: None,
            order: None,
            since: None,
            until: None,
            succeeded_by: None,
            contact: None,
            owes_report: true,
        }
    }

    /// Reads an `agency.toml`. `fallback` is the name for an agency whose file has none.
    pub fn read(text: &str, fallback: &str) -> (Self, Vec<Fault>) {
        let (toml, mut faults) = parse(text, 0, INVALID_AGENCY);
        let mut fields = Fields::new(toml.get_ref(), 0, INVALID_AGENCY);
        let name = fields.required_string("name", 0..text.find('\n').unwrap_or(text.len()));
        let card = Self {
            name: name.unwrap_or_else(|| fallback.to_owned()),
            short_name: fields.filled_string("short_name"),
            kind: read_kind(&mut fields),
            aliases: fields.strings("aliases"),
            moved_from: fields.strings("moved_from"),
            code: fields.filled_string("code"),
            region_code: fields.filled_string("region_code"),
            order: fields.integer("order"),
            since: read_day(&mut fields, "since", false),
            until: read_day(&mut fields, "until", true),
            succeeded_by: fields.filled_string("succeeded_by"),
            contact: fields.filled_string("contact"),
            owes_report: fields.boolean("owes_report").unwrap_or(true),
        };
        if let (Some(since), Some(until)) = (card.since, card.until)
            && since > until
        {
            let span = fields.span("until").unwrap_or(0..1);
            fields.fault(span, words!("until（{until}）早于 since（{since}）", "until ({until}) is before since ({since})"));
        }
        faults.extend(fields.finish());
        (card, faults)
    }

    /// Where a key's value stands in the text of an `agency.toml`; its beginning if it is not there.
    pub fn place_of(text: &str, key: &str) -> Span {
        let (toml, _) = parse(text, 0, INVALID_AGENCY);
        Fields::new(toml.get_ref(), 0, INVALID_AGENCY).span(key).unwrap_or(0..0)
    }

    /// The name for lists and menus; the full one, if no short one is given.
    pub fn short_name(&self) -> &str {
        self.short_name.as_deref().unwrap_or(&self.name)
    }

    /// All names it is known by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [self.name.as_str()].into_iter().chain(self.short_name.as_deref()).chain(self.aliases.iter().map(String::as_str))
    }

    /// Whether it owes a report for `year`: it existed at the year's end, or at least in that year and
    /// was abolished within it only after reporting became due.
    pub fn owes(&self, year: u16) -> bool {
        let year = i16::try_from(year).unwrap_or(i16::MAX);
        let founded = self.since.is_none_or(|since| since.year() <= year);
        let there = self.until.is_none_or(|until| until.year() > year || until.year() == year && until.month() == 12 && until.day() == 31);
        self.owes_report && founded && there
    }
}

fn read_kind(fields: &mut Fields<'_, '_>) -> AgencyKind {
    let Some(name) = fields.string("kind") else { return AgencyKind::Other };
    AgencyKind::parse(&name).unwrap_or_else(|| {
        let known = AgencyKind::ALL.map(AgencyKind::name).join("、");
        let span = fields.span("kind").unwrap_or(0..1);
        fields.fault(span, words!("kind 应为 {known} 之一，不是 {name}", "kind must be one of {known}, not {name}"));
        AgencyKind::Other
    })
}

/// A day, or a year: its first day, or its last day for `until`.
fn read_day(fields: &mut Fields<'_, '_>, key: &str, last: bool) -> Option<Date> {
    let whole_year = |year: i16| if last { Date::new(year, 12, 31).ok() } else { Date::new(year, 1, 1).ok() };
    let year = match fields.raw(key)?.get_ref() {
        DeValue::Integer(year) => year.as_str().parse().ok(),
        DeValue::String(text) if text.len() == 4 => text.parse().ok(),
        _ => None,
    };
    // Bodies older than the country's archives, or of the next century, are slips of the finger.
    let day = match year.filter(|year| (1000..2200).contains(year)) {
        Some(year) => whole_year(year),
        None => fields.date(key),
    };
    day.filter(|day| {
        let likely = (1000..2200).contains(&day.year());
        if !likely {
            let span = fields.span(key).unwrap_or(0..1);
            fields.fault(span, words!("{key} 的年份 {day} 不合情理", "the year of {key}, {day}, cannot be right"));
        }
        likely
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn founded_and_abolished_bodies_owe_only_what_they_saw_end() {
        let (card, faults) = Card::read("name = \"示例县旧河镇人民政府\"\nkind = \"township\"\nsince = 2016\nuntil = 2019-06-30\n", "旧河");
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!([2015, 2016, 2018, 2019].map(|year| card.owes(year)), [false, true, true, false]);
        let (card, _) = Card::read("name = \"甲\"\nuntil = 2019\n", "甲");
        assert_eq!([2019, 2020].map(|year| card.owes(year)), [true, false]);
    }

    /// A year with a digit too many, a name that is blank: said, and not believed.
    #[test]
    fn unlikely_years_and_blank_names_are_said() {
        for line in ["since = 20191", "since = -5", "until = 9999-01-01", "short_name = \"\"", "succeeded_by = \" \""] {
            let (card, faults) = Card::read(&format!("name = \"示例镇\"\n{line}\n"), "shili");
            assert_eq!(faults.len(), 1, "{line}: {faults:?}");
            assert_eq!((card.since, card.until, card.short_name()), (None, None, "示例镇"), "{line}");
        }
    }

    #[test]
    fn faults_are_said_and_the_directory_lends_its_name() {
        let (card, faults) = Card::read("kind = \"city\"\nnmae = \"x\"\n", "wanshi");
        assert_eq!(card.name, "wanshi");
        assert_eq!(faults.len(), 3, "{faults:#?}");
    }
}
