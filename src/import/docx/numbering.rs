//! numbering.xml: the words that Word prints before a numbered paragraph ("一、", "（二）", "3.").
//!
//! They are no text in the file, but they are text to the reader: section titles are often numbered
//! this way, and would be lost.

use std::collections::BTreeMap;

use crate::import::xml::{Element, Tree};

#[derive(Debug, Clone, Default)]
struct Level {
    format: String,
    text: String,
    start: u32,
}

#[derive(Debug, Default)]
struct Instance {
    abstract_id: String,
    starts: BTreeMap<u8, u32>,
}

/// What stands before a numbered paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    /// The words; empty for a bullet.
    pub(super) text: String,
    /// Nesting, from 0.
    pub(super) depth: u8,
}

/// The numbering definitions and their counters.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    levels: BTreeMap<(String, u8), Level>,
    instances: BTreeMap<String, Instance>,
    counters: BTreeMap<(String, u8), u32>,
    begun: std::collections::BTreeSet<String>,
}

impl Numbering {
    /// Reads the part.
    pub(super) fn read(tree: Option<&Tree<'_>>) -> Self {
        let mut numbering = Self::default();
        let Some(root) = tree.map(|tree| tree.top()).and_then(|top| top.child("numbering")) else { return numbering };
        for element in root.children() {
            match element.name() {
                "abstractNum" => numbering.read_abstract(element),
                "num" => numbering.read_instance(element),
                _ => {}
            }
        }
        numbering
    }

    fn read_abstract(&mut self, element: Element<'_>) {
        let Some(id) = element.attribute("abstractNumId") else { return };
        for level in element.children().filter(|e| e.name() == "lvl") {
            let Some(depth) = level.attribute("ilvl").and_then(|l| l.parse().ok()) else { continue };
            let value = |name: &str| level.child(name).and_then(|e| e.attribute("val"));
            let start = value("start").and_then(|s| s.parse().ok()).unwrap_or(1);
            let format = value("numFmt").unwrap_or_else(|| "decimal".to_owned());
            let text = value("lvlText").unwrap_or_default();
            self.levels.insert((id.clone(), depth), Level { format, text, start });
        }
    }

    fn read_instance(&mut self, element: Element<'_>) {
        let Some(id) = element.attribute("numId") else { return };
        let Some(abstract_id) = element.child("abstractNumId").and_then(|a| a.attribute("val")) else { return };
        let overrides = element.children().filter(|e| e.name() == "lvlOverride");
        let starts = overrides.filter_map(|o| {
            let depth = o.attribute("ilvl")?.parse().ok()?;
            Some((depth, o.child("startOverride")?.attribute("val")?.parse().ok()?))
        });
        self.instances.insert(id, Instance { abstract_id, starts: starts.collect() });
    }

    /// Counts one paragraph and says what stands before it; `None` for "no numbering".
    pub(super) fn next(&mut self, id: &str, depth: u8) -> Option<Marker> {
        let instance = self.instances.get(id)?;
        let abstract_id = instance.abstract_id.clone();
        let level = self.levels.get(&(abstract_id.clone(), depth))?.clone();
        if self.begun.insert(id.to_owned()) {
            for (depth, start) in instance.starts.clone() {
                self.counters.insert((abstract_id.clone(), depth), start.saturating_sub(1));
            }
        }
        let counter = self.counters.entry((abstract_id.clone(), depth)).or_insert(level.start.saturating_sub(1));
        *counter = counter.saturating_add(1);
        self.counters.retain(|(other, deeper), _| *other != abstract_id || *deeper <= depth);
        match level.format.as_str() {
            "bullet" => Some(Marker { text: String::new(), depth }),
            "none" => None,
            _ => Some(Marker { text: self.fill(&abstract_id, &level.text), depth }).filter(|m| !m.text.is_empty()),
        }
    }

    /// "%1.%2" → "3.1".
    fn fill(&self, abstract_id: &str, pattern: &str) -> String {
        let mut text = String::new();
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            let depth = chars.peek().and_then(|d| d.to_digit(10)).filter(|d| c == '%' && *d >= 1);
            match depth {
                Some(depth) => {
                    chars.next();
                    text.push_str(&self.number(abstract_id, u8::try_from(depth - 1).unwrap_or(0)));
                }
                None => text.push(c),
            }
        }
        text
    }

    fn number(&self, abstract_id: &str, depth: u8) -> String {
        let key = (abstract_id.to_owned(), depth);
        let level = self.levels.get(&key).cloned().unwrap_or_default();
        let n = self.counters.get(&key).copied().unwrap_or(level.start.max(1));
        print_number(n, &level.format)
    }
}

/// A number in one of Word's number formats.
fn print_number(n: u32, format: &str) -> String {
    let letter = |base: u8| char::from(base + u8::try_from((n.max(1) - 1) % 26).unwrap_or(0)).to_string();
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "ideographDigital"
        | "japaneseCounting"
        | "taiwaneseCountingThousand"
        | "taiwaneseCounting" => chinese(n),
        "decimalFullWidth" | "decimalFullWidth2" => n.to_string().chars().filter_map(|c| char::from_u32(c as u32 + 0xfee0)).collect(),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if (1..=20).contains(&n) => {
            char::from_u32(0x2460 + n - 1).unwrap_or('①').to_string()
        }
        "decimalEnclosedParen" => format!("({n})"),
        "ideographTraditional" => "甲乙丙丁戊己庚辛壬癸".chars().nth((n.max(1) as usize - 1) % 10).unwrap_or('甲').to_string(),
        "lowerLetter" => letter(b'a'),
        "upperLetter" => letter(b'A'),
        "lowerRoman" => roman(n).to_lowercase(),
        "upperRoman" => roman(n),
        "decimalZero" => format!("{n:02}"),
        _ => n.to_string(),
    }
}

/// 1 → 一, 12 → 十二, 25 → 二十五, 103 → 一百零三; above 999 in digits.
fn chinese(n: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |d: u32| DIGITS[(d % 10) as usize];
    let below_hundred = |n: u32| match (n / 10, n % 10) {
        (0, ones) => digit(ones).to_owned(),
        (1, 0) => "十".to_owned(),
        (1, ones) => format!("十{}", digit(ones)),
        (tens, 0) => format!("{}十", digit(tens)),
        (tens, ones) => format!("{}十{}", digit(tens), digit(ones)),
    };
    match (n / 100, n % 100) {
        (0, rest) => below_hundred(rest),
        (hundreds @ 1..=9, 0) => format!("{}百", digit(hundreds)),
        (hundreds @ 1..=9, rest @ 1..=9) => format!("{}百零{}", digit(hundreds), digit(rest)),
        (hundreds @ 1..=9, rest) if rest < 20 => format!("{}百一{}", digit(hundreds), below_hundred(rest)),
        (hundreds @ 1..=9, rest) => format!("{}百{}", digit(hundreds), below_hundred(rest)),
        _ => n.to_string(),
    }
}

fn roman(mut n: u32) -> String {
    const SIGNS: [(u32, &str); 9] = [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    if n > 399 {
        return n.to_string();
    }
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while n >= value {
            text.push_str(sign);
            n -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_word_prints_them() {
        let cases = [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (25, "二十五"), (103, "一百零三"), (115, "一百一十五")];
        for (n, expected) in cases {
            assert_eq!(chinese(n), expected);
        }
        assert_eq!(print_number(3, "decimalEnclosedCircle"), "③");
        assert_eq!(print_number(4, "lowerRoman"), "iv");
    }
}
