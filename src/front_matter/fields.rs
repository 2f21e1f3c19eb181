//! Typed access to a TOML table that remembers what was asked for, so that what remains is unknown.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{UNKNOWN_KEY, nearest};
use crate::diagnostic::{Fault, Place};
use crate::text::{Span, Words, excerpt};
use crate::words;

/// One table being read. Values of a wrong type become faults and read as absent;
/// [`finish`](Self::finish) reports the keys that nobody asked for.
#[derive(Debug)]
pub struct Fields<'t, 's> {
    table: &'t DeTable<'s>,
    offset: usize,
    rule: &'static str,
    asked: Vec<String>,
    faults: Vec<Fault>,
}

impl<'t, 's> Fields<'t, 's> {
    /// Reads `table`, whose spans are relative to `offset`; wrong types are faults of `rule`.
    pub fn new(table: &'t DeTable<'s>, offset: usize, rule: &'static str) -> Self {
        Self { table, offset, rule, asked: Vec::new(), faults: Vec::new() }
    }

    /// The value of a key, whatever its type.
    pub fn raw(&mut self, key: &str) -> Option<&'t Spanned<DeValue<'s>>> {
        self.asked.push(key.to_owned());
        self.table.get(key)
    }

    /// Where a key's value stands in the file.
    pub fn span(&self, key: &str) -> Option<Span> {
        self.table.get(key).map(|value| self.shift(value.span()))
    }

    /// A string.
    pub fn string(&mut self, key: &str) -> Option<String> {
        let value = self.raw(key)?;
        let text = value.get_ref().as_str().map(str::to_owned);
        self.or_wrong(text, key, value, "文字（加引号）", "a quoted string")
    }

    /// A string that may be left out but not be blank.
    pub fn filled_string(&mut self, key: &str) -> Option<String> {
        let text = self.string(key)?;
        if text.trim().is_empty() {
            let span = self.span(key).unwrap_or(0..1);
            self.fault(span, words!("{key} 是空的；填上，或删去这一行", "{key} is empty: fill it in or delete the line"));
            return None;
        }
        Some(text)
    }

    /// A string that must be there and not be blank; when it is not, a fault at `place`.
    pub fn required_string(&mut self, key: &str, place: Span) -> Option<String> {
        match self.string(key) {
            Some(text) if !text.trim().is_empty() => Some(text),
            Some(_) => {
                let span = self.span(key).unwrap_or(place);
                self.fault(span, words!("{key} 是空的", "{key} is empty"));
                None
            }
            None => {
                if !self.table.contains_key(key) {
                    self.fault(place, words!("缺少 {key}", "{key} is missing"));
                }
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &str) -> Option<bool> {
        let value = self.raw(key)?;
        self.or_wrong(value.get_ref().as_bool(), key, value, " true 或 false", "true or false")
    }

    /// A whole number that fits.
    pub fn integer<T: TryFrom<i64>>(&mut self, key: &str) -> Option<T> {
        let value = self.raw(key)?;
        let number =
            value.get_ref().as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok()).and_then(|n| T::try_from(n).ok());
        self.or_wrong(number, key, value, "整数", "a whole number")
    }

    /// A date (`2021-01-20`), written as a TOML date or as a string.
    pub fn date(&mut self, key: &str) -> Option<jiff::civil::Date> {
        let value = self.raw(key)?;
        let date = match value.get_ref() {
            DeValue::Datetime(d) => d.date.and_then(|d| {
                jiff::civil::Date::new(i16::try_from(d.year).ok()?, i8::try_from(d.month).ok()?, i8::try_from(d.day).ok()?).ok()
            }),
            DeValue::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if date.is_none()
            && let Some(meant) = value.get_ref().as_str().and_then(date_in_words)
        {
            let found = describe(value.get_ref());
            let message = Words::new(format!("{key} 应为日期，这里是{}", found.zh), format!("{key} must be a date, found {}", found.en));
            let fault = Fault::new(self.rule, Place::Span(self.shift(value.span())), message);
            self.faults.push(fault.with_hint(words!("写成 {meant}，不加引号", "write {meant} without quotation marks")));
            return None;
        }
        self.or_wrong(date, key, value, "日期，如 2021-01-20", "a date such as 2021-01-20")
    }

    /// An array of strings; a single string counts as an array of one.
    pub fn strings(&mut self, key: &str) -> Vec<String> {
        self.spanned_strings(key).into_iter().map(|(text, _)| text).collect()
    }

    /// An array of strings with the place of each.
    pub fn spanned_strings(&mut self, key: &str) -> Vec<(String, Span)> {
        let Some(value) = self.raw(key) else { return Vec::new() };
        let items = match value.get_ref() {
            DeValue::String(text) => return vec![(text.to_string(), self.shift(value.span()))],
            DeValue::Array(items) => items,
            _ => {
                self.or_wrong(None::<()>, key, value, "文字数组，如 [\"…\", \"…\"]", "an array of strings");
                return Vec::new();
            }
        };
        let mut strings = Vec::new();
        for item in items.iter() {
            let text = item.get_ref().as_str().map(str::to_owned);
            let text = self.or_wrong(text, key, item, "文字（加引号）的数组", "an array of quoted strings");
            strings.extend(text.map(|text| (text, self.shift(item.span()))));
        }
        strings
    }

    /// A table below this one.
    pub fn table(&mut self, key: &str) -> Option<Fields<'t, 's>> {
        let value = self.raw(key)?;
        let table = value.get_ref().as_table();
        let (offset, rule) = (self.offset, self.rule);
        self.or_wrong(table, key, value, "表", "a table").map(|table| Fields::new(table, offset, rule))
    }

    /// An array of tables (`[[key]]`), each with its place.
    pub fn tables(&mut self, key: &str) -> Vec<(Fields<'t, 's>, Span)> {
        let Some(value) = self.raw(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            self.or_wrong(None::<()>, key, value, "表的数组（[[…]]）", "an array of tables ([[…]])");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            let span = self.shift(item.span());
            match item.get_ref().as_table() {
                Some(table) => tables.push((Fields::new(table, self.offset, self.rule), span)),
                None => self.fault(span, words!("{key} 的每一项应为表", "each item of {key} must be a table")),
            }
        }
        tables
    }

    /// Keys, values and the values' places, in file order; all of them count as asked for.
    pub fn entries(&mut self) -> Vec<(&'t str, &'t Spanned<DeValue<'s>>, Span)> {
        self.asked.clear();
        let entries = self.table.iter().map(|(key, value)| (key.get_ref().as_ref(), value, self.shift(value.span()))).collect();
        self.asked.push("*".to_owned());
        entries
    }

    /// Records a fault of this reader's rule.
    pub fn fault(&mut self, span: Span, message: Words) {
        self.faults.push(Fault::new(self.rule, Place::Span(span), message));
    }

    /// Takes over the faults of a table below this one.
    pub fn absorb(&mut self, faults: Vec<Fault>) {
        self.faults.extend(faults);
    }

    /// All faults, those for unknown keys included. `more` names further keys that others read.
    pub fn finish_knowing(mut self, more: &[&str]) -> Vec<Fault> {
        if self.asked.iter().any(|key| key == "*") {
            return self.faults;
        }
        for (key, _) in self.table.iter() {
            let name: &str = key.get_ref().as_ref();
            if self.asked.iter().any(|key| key == name) || more.contains(&name) {
                continue;
            }
            let known = self.asked.iter().map(String::as_str).chain(more.iter().copied());
            let span = key.span().start + self.offset..key.span().end + self.offset;
            self.faults.push(unknown_key(name, span, known));
        }
        self.faults
    }

    /// All faults, those for unknown keys included.
    pub fn finish(self) -> Vec<Fault> {
        self.finish_knowing(&[])
    }

    /// A span of this table's values as a span of the file.
    pub fn shift(&self, span: Span) -> Span {
        span.start + self.offset..span.end + self.offset
    }

    fn or_wrong<T>(&mut self, value: Option<T>, key: &str, raw: &Spanned<DeValue<'s>>, zh: &str, en: &str) -> Option<T> {
        if value.is_none() {
            let found = describe(raw.get_ref());
            let (found_zh, found_en) = (found.zh, found.en);
            let message = Words::new(format!("{key} 应为{zh}，这里是{found_zh}"), format!("{key} must be {en}, found {found_en}"));
            self.fault(self.shift(raw.span()), message);
        }
        value
    }
}

/// A day as people write it: 2024年1月20日, 2024/1/20, 2024.1.20.
fn date_in_words(text: &str) -> Option<jiff::civil::Date> {
    let plain = crate::number::normalise(text);
    let numbers: Vec<&str> = plain.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect();
    let [year, month, day] = numbers[..] else { return None };
    jiff::civil::Date::new(year.parse().ok().filter(|year| *year >= 1900)?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn unknown(name: &str) -> Words {
    let shown = excerpt(name);
    words!("不认识的键“{shown}”", "unknown key `{shown}`")
}

/// The fault for a key that means nothing, with the nearest known one.
pub(crate) fn unknown_key<'k>(name: &str, span: Span, known: impl IntoIterator<Item = &'k str>) -> Fault {
    let fault = Fault::new(UNKNOWN_KEY, Place::Span(span), unknown(name));
    match nearest(name, known) {
        Some(near) => fault.with_hint(words!("是不是 {near}？", "did you mean {near}?")),
        None => fault.with_hint(words!("删去它，或对照 README 的键表改名", "delete it, or see the keys in the README")),
    }
}

/// A value in plain words: its type, and what it is where that is short.
pub(crate) fn describe(value: &DeValue<'_>) -> Words {
    let number = |digits: &str| {
        let digits = excerpt(digits);
        words!("数字 {digits}", "the number {digits}")
    };
    match value {
        DeValue::String(text) if text.is_empty() => Words::new("空的文字", "an empty string"),
        DeValue::String(text) => {
            let text = excerpt(text);
            words!("文字“{text}”", "the string `{text}`")
        }
        DeValue::Integer(digits) => number(digits.as_str()),
        DeValue::Float(digits) => number(digits.as_str()),
        DeValue::Boolean(truth) => words!(" {truth}", "{truth}"),
        DeValue::Datetime(time) if time.date.is_none() => words!("时刻 {time}", "the time {time}"),
        DeValue::Datetime(time) => words!("日期 {time}", "the date {time}"),
        DeValue::Array(_) => Words::new("数组", "an array"),
        DeValue::Table(_) => Words::new("表", "a table"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::front_matter::{INVALID_FRONT_MATTER, parse};

    fn with_fields<R>(toml: &str, read: impl FnOnce(Fields<'_, '_>) -> R) -> R {
        let (table, faults) = parse(toml, 0, INVALID_FRONT_MATTER);
        assert!(faults.is_empty(), "{faults:?}");
        read(Fields::new(table.get_ref(), 0, INVALID_FRONT_MATTER))
    }

    #[test]
    fn a_wrong_type_is_said_and_the_rest_is_read() {
        with_fields("title = 3\nyear = 2020\npublished = 2021-01-20\n", |mut fields| {
            assert_eq!(fields.string("title"), None);
            assert_eq!(fields.integer::<u16>("year"), Some(2020));
            assert_eq!(fields.date("published"), Some(jiff::civil::date(2021, 1, 20)));
            let faults = fields.finish();
            assert_eq!(faults.len(), 1);
            assert_eq!(faults[0].message.zh, "title 应为文字（加引号），这里是数字 3");
        });
    }

    /// A day written in another way is said with the way it should be written.
    #[test]
    fn a_day_in_words_is_put_right_in_the_hint() {
        for day in ["2024年1月20日", "2024/1/20", "２０２４．１．２０"] {
            with_fields(&format!("published = \"{day}\"\n"), |mut fields| {
                assert_eq!(fields.date("published"), None);
                let faults = fields.finish();
                assert_eq!(faults.len(), 1);
                assert!(faults[0].hint.as_ref().unwrap().zh.contains("2024-01-20"), "{faults:?}");
            });
        }
    }

    /// In an array the wrong element is pointed at.
    #[test]
    fn a_wrong_element_is_pointed_at() {
        with_fields("aliases = [\"甲\", 3]\n", |mut fields| {
            assert_eq!(fields.strings("aliases"), ["甲"]);
            let faults = fields.finish();
            assert_eq!((faults.len(), &faults[0].place), (1, &Place::Span(18..19)));
        });
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        with_fields("titel = \"x\"\n", |mut fields| {
            assert_eq!(fields.string("title"), None);
            let faults = fields.finish();
            assert_eq!(faults[0].rule, UNKNOWN_KEY);
            assert!(faults[0].hint.as_ref().unwrap().zh.contains("title"));
        });
    }
}
