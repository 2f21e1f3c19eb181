//! `[[statement]]`: which words of a sentence speak of which cells.
//!
//! A statement lists the words ("新收", "上[一]年[度]结转") and the formula of the cells that a figure
//! behind them gives. Outcomes such as "维持" mean something only under another statement ("行政复议"):
//! their formulas stand in `within`, by the key of that statement.

use std::collections::BTreeMap;

use super::super::resolve;
use super::super::{Table, Term};
use crate::front_matter::{DeValue, Fields};
use crate::text::{Span, Words};
use crate::words;

/// Several sums of cells, any of which a figure may give: both usual readings of 受理 are right.
pub type Readings = Vec<Vec<Term>>;

/// What a statement's words need around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// They mean the form's subject unless the sentence speaks of something else (予以公开).
    Usual,
    /// They mean it only where the sentence speaks of the form's subject (收到, 办结).
    Needed,
    /// They are a subject of their own (行政复议).
    Own,
}

/// Words and the cells they speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name, for `within`; several statements may share one.
    pub key: String,
    /// The words before a figure, optional parts written out.
    pub words: Vec<String>,
    /// Words that say by themselves that there is none.
    pub none: Vec<String>,
    /// What its words need around them.
    pub topic: Topic,
    /// The cells by themselves.
    pub formulas: Readings,
    /// The cells under another statement, by its key.
    pub within: Vec<(String, Readings)>,
    /// Wholes that a share in per cent behind the figure may be of.
    pub shares: Readings,
    /// Units that a figure may have; none means the usual units of cases.
    pub units: Vec<String>,
    /// Words before which, in the same clause, the statement is about other matters.
    pub not_after: Vec<String>,
    /// Whether the figure may also stand before the words: "3件不予公开".
    pub reversed: bool,
    /// Whether "没有" before the words, or "均未发生" behind them, makes them zero.
    pub negatable: bool,
    /// Keys of statements that mean something smaller among this one's parts: of the applications
    /// handled (办结), those received this year (新收) are not all that were received.
    pub not_parts: Vec<String>,
    /// Whether a new matter begins with it behind the parts of a whole: "其中网络52件，信函30件，办结83件".
    pub ends_list: bool,
}

impl Statement {
    /// Reads one `[[statement]]`.
    pub(super) fn read(fields: &mut Fields<'_, '_>, tables: &[Table], span: &Span) -> Self {
        Self {
            key: fields.string("key").unwrap_or_default(),
            words: read_words(fields, "words"),
            none: read_words(fields, "none"),
            topic: read_topic(fields),
            formulas: read_formulas(fields, "formula", tables),
            within: read_within(fields, tables),
            shares: read_formulas(fields, "share_of", tables),
            units: fields.strings("units"),
            not_after: fields.strings("not_after"),
            reversed: fields.boolean("reversed").unwrap_or(false),
            negatable: fields.boolean("negatable").unwrap_or(false),
            not_parts: fields.strings("not_parts"),
            ends_list: fields.boolean("ends_list").unwrap_or(false),
        }
        .checked(fields, span)
    }

    fn checked(self, fields: &mut Fields<'_, '_>, span: &Span) -> Self {
        if self.words.is_empty() && self.none.is_empty() {
            fields.fault(span.clone(), words!("[[statement]] 没有 words", "[[statement]] has no words"));
        }
        if self.formulas.is_empty() && self.within.is_empty() {
            fields.fault(span.clone(), words!("[[statement]] 没有 formula，也没有 within", "[[statement]] has neither formula nor within"));
        }
        self
    }
}

fn read_topic(fields: &mut Fields<'_, '_>) -> Topic {
    match fields.string("topic").as_deref() {
        None => Topic::Usual,
        Some("needed") => Topic::Needed,
        Some("own") => Topic::Own,
        Some(other) => {
            let span = fields.span("topic").unwrap_or(0..1);
            fields.fault(span, words!("topic 应为 needed 或 own，不是 {other}", "topic must be needed or own, not {other}"));
            Topic::Usual
        }
    }
}

fn read_words(fields: &mut Fields<'_, '_>, key: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (pattern, span) in fields.spanned_strings(key) {
        match spellings(&pattern) {
            Ok(spellings) => all.extend(spellings),
            Err(message) => fields.fault(span, message),
        }
    }
    all
}

/// More spellings of one pattern than anyone would list.
const MOST_SPELLINGS: usize = 256;

/// Writes out the optional parts: "结转[至|到]下年[度]" has six spellings.
pub(super) fn spellings(pattern: &str) -> Result<Vec<String>, Words> {
    let mut all = vec![String::new()];
    let mut rest = pattern;
    while let Some(open) = rest.find('[') {
        let close = rest[open..].find(']').map(|at| open + at);
        let Some(close) = close else {
            return Err(words!("“{pattern}”缺少 ]", "`{pattern}` lacks a ]"));
        };
        let choices: Vec<&str> = std::iter::once("").chain(rest[open + 1..close].split('|')).collect();
        let before = &rest[..open];
        all = all.iter().flat_map(|start| choices.iter().map(move |choice| format!("{start}{before}{choice}"))).collect();
        if all.len() > MOST_SPELLINGS {
            return Err(words!("“{pattern}”的写法太多", "`{pattern}` has too many spellings"));
        }
        rest = &rest[close + 1..];
    }
    for spelling in &mut all {
        spelling.push_str(rest);
    }
    if all.iter().any(|spelling| spelling.trim().is_empty()) {
        return Err(words!("“{pattern}”可能是空的", "`{pattern}` may be empty"));
    }
    Ok(all)
}

fn read_formulas(fields: &mut Fields<'_, '_>, key: &str, tables: &[Table]) -> Readings {
    let mut readings = Vec::new();
    for (text, span) in fields.spanned_strings(key) {
        readings.extend(read_formula(fields, &text, span, tables));
    }
    readings
}

fn read_formula(fields: &mut Fields<'_, '_>, text: &str, span: Span, tables: &[Table]) -> Option<Vec<Term>> {
    match resolve::cells(tables, text) {
        Ok(terms) => Some(terms),
        Err((at, message)) => {
            // Just behind the opening quote.
            let start = span.start + 1;
            fields.fault(start + at.start..start + at.end, message);
            None
        }
    }
}

fn read_within(fields: &mut Fields<'_, '_>, tables: &[Table]) -> Vec<(String, Readings)> {
    let Some(mut table) = fields.table("within") else { return Vec::new() };
    let mut within: BTreeMap<String, Readings> = BTreeMap::new();
    for (key, value, span) in table.entries() {
        let texts: Vec<(String, Span)> = match value.get_ref() {
            DeValue::String(text) => vec![(text.to_string(), span)],
            DeValue::Array(items) => {
                items.iter().filter_map(|item| Some((item.get_ref().as_str()?.to_owned(), table.shift(item.span())))).collect()
            }
            _ => {
                table.fault(span, words!("within 的值应为公式", "the values of `within` must be formulas"));
                continue;
            }
        };
        for (text, span) in texts {
            let terms = read_formula(&mut table, &text, span, tables);
            within.entry(key.to_owned()).or_default().extend(terms);
        }
    }
    fields.absorb(table.finish());
    within.into_iter().collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn optional_parts_are_written_out() {
        assert_eq!(spellings("上[一]年").unwrap(), ["上年", "上一年"]);
        assert_eq!(spellings("转[至|到]下年[度]").unwrap(), ["转下年", "转下年度", "转至下年", "转至下年度", "转到下年", "转到下年度"]);
        assert!(spellings("上[一").is_err() && spellings("[甲]").is_err());
        assert!(spellings("[a][b][c][d][e][f][g][h][i]x").is_err());
    }
}
