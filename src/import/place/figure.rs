//! A printed cell → a figure, and what has to be said about it.
//!
//! A number with a known unit is converted and noted; what could be read in two ways is kept and
//! doubted; what is no number is kept as printed. A blank stays blank.

use crate::form::Kind;
use crate::number::{Number, NumberError};
use crate::report::Cell;
use crate::text::{Words, excerpt};
use crate::words;

use super::rows::SourceCell;

/// What was read of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) cell: Cell,
    /// Why the cell is in doubt.
    pub(super) doubt: Option<Words>,
    /// What was changed without doubt: a unit taken off, a separator.
    pub(super) note: Option<Words>,
    /// The only doubt is a gap between its digits.
    pub(super) gap: bool,
}

impl Figure {
    fn sure(cell: Cell) -> Self {
        Self { cell, doubt: None, note: None, gap: false }
    }

    fn doubted(cell: Cell, doubt: Words) -> Self {
        Self { cell, doubt: Some(doubt), note: None, gap: false }
    }
}

/// Units that count things: any of them in a cell of counts means the same.
const COUNTING: [&str; 15] = ["件", "条", "个", "项", "份", "宗", "次", "起", "人", "人次", "篇", "部", "类", "家", "期"];

/// An amount in 万元 from which one may suspect that it is in yuan, if nothing tells the unit.
const HUGE: i64 = 10_000;

/// Whether a text shows nothing.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(crate::import::block::is_blank_char)
}

/// A text without the marks of footnotes: "3 ①", "①②3", "12²", "5*".
pub(super) fn without_marks(text: &str) -> &str {
    let circled = |c: char| ('①'..='⑳').contains(&c) || crate::import::block::is_blank_char(c);
    let is_mark = |c: char| circled(c) || matches!(c, '⁰'..='⁹' | '¹' | '²' | '³' | '*' | '＊' | '※');
    let short = text.trim_end_matches(is_mark);
    let figure = short.trim_start_matches(circled);
    match figure.chars().next() {
        None => "",
        Some(first) if first.is_ascii_digit() || matches!(figure, "未填" | "不适用") => figure,
        Some(_) => short,
    }
}

/// Whether a text can stand in a cell of figures: a number with or without a unit, or a mark for none.
pub(super) fn is_value(text: &str) -> bool {
    let plain = crate::number::normalise(without_marks(text));
    let mark = matches!(plain.as_str(), "未填" | "不适用" | "/" | "／" | "\\" | "—" | "——" | "-" | "–" | "--" | "无" | "零" | "○" | "〇");
    mark || is_blank(text) || is_number(&plain)
}

/// Whether a cell holds nothing but the unit of the figure beside it.
pub(super) fn is_unit_cell(cell: &SourceCell) -> bool {
    let text = cell.text.trim();
    cell.is_label() && !text.contains(char::is_numeric) && is_value(&format!("1{text}"))
}

fn is_number(plain: &str) -> bool {
    let body = plain.trim_start_matches(['+', '＋', '-', '增', '减', '↑', '↓']);
    let digits = body.chars().filter(char::is_ascii_digit).count();
    let end = body.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(body.len());
    digits > 0 && body.starts_with(|c: char| c.is_ascii_digit()) && is_unit(&body[end..])
}

fn is_unit(unit: &str) -> bool {
    unit.is_empty() || factor(unit).is_some()
}

/// What a unit multiplies a figure by, in pieces or in yuan.
fn factor(unit: &str) -> Option<&'static str> {
    let unit = unit.trim_start_matches('(').trim_end_matches(')').trim_start_matches('（').trim_end_matches('）');
    match unit {
        "元" | "元整" | "人民币元" => Some("1"),
        "百元" => Some("100"),
        "千元" => Some("1000"),
        "万" | "万元" | "万元整" | "万元人民币" => Some("10000"),
        "百万元" => Some("1000000"),
        "亿" | "亿元" => Some("100000000"),
        _ => {
            let counted = unit.strip_prefix('万').filter(|rest| COUNTING.contains(rest)).map(|_| "10000");
            counted.or_else(|| COUNTING.contains(&unit).then_some("1"))
        }
    }
}

/// Reads a cell that holds `kind` in `unit`; `head_unit` is the unit that the source's own header
/// names, where it names one.
pub(super) fn read(text: &str, kind: Kind, unit: Option<&str>, head_unit: Option<&str>) -> Figure {
    let text = text.trim_matches(crate::import::block::is_blank_char);
    if text.is_empty() {
        return Figure::sure(Cell::Blank);
    }
    let plain = crate::number::normalise(without_marks(text));
    if plain.is_empty() {
        return Figure::doubted(
            Cell::Blank,
            words!("此格只有注号“{text}”，当作空白", "there is only the mark “{text}” here; taken as blank"),
        );
    }
    match plain.as_str() {
        "/" | "／" | "不适用" => return Figure::sure(Cell::NotApplicable),
        "未填" => return Figure::sure(Cell::Blank),
        "\\" | "—" | "——" | "-" | "–" | "--" | "无" => {
            let doubt = words!("原件此格为“{text}”，记为“/”（不适用）", "the original has “{text}” here, kept as \"/\" (not applicable)");
            return Figure::doubted(Cell::NotApplicable, doubt);
        }
        _ => {}
    }
    let (sign, body) = signed(&plain, kind);
    match Number::read(body) {
        Ok(loose) => number(text, (sign, loose.number, &loose.unit), kind, unit, head_unit),
        Err(error) => Figure::doubted(as_printed(text), unreadable(text, error)),
    }
}

/// Takes a sign in words off: "增3", "减2", "+3".
fn signed(plain: &str, kind: Kind) -> (bool, &str) {
    if let Some(rest) = plain.strip_prefix(['+', '＋']) {
        return (false, rest);
    }
    if kind != Kind::Signed {
        return (false, plain);
    }
    if let Some(rest) = plain.strip_prefix(['减', '↓']) {
        return (true, rest.trim_start_matches('少'));
    }
    (false, plain.trim_start_matches(['增', '↑']).trim_start_matches('加'))
}

/// Words kept for a figure, without the breaks of lines that a narrow cell makes.
fn as_printed(text: &str) -> Cell {
    Cell::Text(text.lines().map(str::trim).collect::<String>().into())
}

fn unreadable(text: &str, error: NumberError) -> Words {
    let text = excerpt(&text.replace('\n', ""));
    match error {
        NumberError::TooLong => words!("“{text}”位数太多，照录", "“{text}” has too many digits and is kept as printed"),
        _ => words!("“{text}”不是数字，照录", "“{text}” is not a number and is kept as printed"),
    }
}

fn number(
    text: &str,
    (negative, number, printed): (bool, Number, &str),
    kind: Kind,
    unit: Option<&str>,
    head_unit: Option<&str>,
) -> Figure {
    let number = if negative { -number } else { number };
    let printed_unit = if printed.is_empty() { head_unit.unwrap_or("") } else { printed };
    let kept = |reason: fn(String) -> Words| Figure::doubted(as_printed(text), reason(excerpt(&text.replace('\n', ""))));
    if !is_unit(printed_unit) && unit != Some(printed_unit) {
        return kept(|text| words!("“{text}”里不只有数字，照录", "“{text}” holds more than a figure and is kept as printed"));
    }
    let Some(converted) = convert(number, printed_unit, kind, unit) else {
        return kept(|text| words!("“{text}”的单位无法换算，照录", "the unit of “{text}” cannot be converted; kept as printed"));
    };
    let cell = Cell::Number(converted);
    if gap_inside(without_marks(text)) {
        let shown: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let doubt = words!("“{shown}”中间有空格或换行，读作 {converted}", "“{shown}” has a gap inside; read as {converted}");
        return Figure { gap: true, ..Figure::doubted(cell, doubt) };
    }
    if converted.is_negative() && kind != Kind::Signed {
        let doubt = words!("“{text}”是负数", "“{text}” is negative");
        return Figure::doubted(cell, doubt);
    }
    if kind == Kind::Amount && printed_unit.is_empty() && converted >= Number::from(HUGE) {
        let own = unit.unwrap_or_default();
        let doubt = words!(
            "“{text}”没有写单位，当作 {own}；若是元，请换算",
            "“{text}” names no unit and is taken in {own}; convert it if it is in yuan"
        );
        return Figure::doubted(cell, doubt);
    }
    let changed = converted.to_string() != text;
    let note = changed.then(|| words!("“{text}”记为 {converted}", "“{text}” is kept as {converted}"));
    Figure { cell, doubt: None, note, gap: false }
}

/// A figure in the form's own unit.
fn convert(number: Number, printed: &str, kind: Kind, unit: Option<&str>) -> Option<Number> {
    if printed.is_empty() || Some(printed) == unit {
        return Some(number);
    }
    let factor = factor(printed)?;
    let money = printed.contains('元') || (printed == "万" || printed == "亿") && kind == Kind::Amount;
    if money != (kind == Kind::Amount) {
        return None;
    }
    let in_pieces = number.checked_mul(Number::parse(factor).ok()?)?;
    let scaled = match unit {
        Some("万元") => in_pieces.checked_mul(Number::parse("0.0001").ok()?)?,
        _ => in_pieces,
    };
    let unchanged = scaled == number;
    Some(if unchanged { number } else { scaled.normalised() })
}

/// Whether white space stands between two digits: one figure broken in two, or two figures.
fn gap_inside(text: &str) -> bool {
    let mut last_digit = false;
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = last_digit;
            continue;
        }
        let digit = c.is_numeric() || matches!(c, '.' | '．' | ',' | '，');
        if gap && digit {
            return true;
        }
        (last_digit, gap) = (digit, false);
    }
    false
}

/// The unit of money that a header names: "采购总金额（元）", "本年收费金额（单位：千元）".
pub(super) fn head_unit(header: &str) -> Option<&'static str> {
    const UNITS: [&str; 6] = ["万元", "元", "百元", "千元", "百万元", "亿元"];
    let plain: String = header.chars().filter(|c| !c.is_whitespace()).collect();
    let named = plain.split(['（', '(']).skip(1).filter_map(|part| part.split(['）', ')']).next());
    let units = named.map(|part| part.rsplit(['：', ':']).next().unwrap_or_default().trim_start_matches("人民币"));
    units.filter_map(|unit| UNITS.into_iter().find(|known| *known == unit)).next().or_else(|| plain.contains("万元").then_some("万元"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, kind: Kind, unit: &str) -> String {
        let figure = read(text, kind, Some(unit), None);
        let cell = match figure.cell {
            Cell::Number(number) => number.to_string(),
            Cell::Blank => "blank".into(),
            Cell::NotApplicable => "/".into(),
            Cell::Text(text) => format!("text {text}"),
            Cell::Absent => "absent".into(),
        };
        format!("{cell}{}{}", if figure.doubt.is_some() { " ?" } else { "" }, if figure.note.is_some() { " !" } else { "" })
    }

    /// A cell as printed, its kind, and what becomes of it: ` ?` is a doubt, ` !` a note.
    #[test]
    fn cells_are_read_as_printed_or_doubted() {
        let counts = [
            ("0", "0"),
            (" 15 ", "15"),
            ("１２", "12 !"),
            ("1,234", "1234 !"),
            ("3件", "3 !"),
            ("1.2万件", "12000 !"),
            ("", "blank"),
            ("\u{a0}", "blank"),
            ("　", "blank"),
            ("/", "/"),
            ("—", "/ ?"),
            ("无", "/ ?"),
            ("1 2", "12 ?"),
            ("1\n2", "12 ?"),
            ("-3", "-3 ?"),
            ("十二", "text 十二 ?"),
            ("O", "text O ?"),
            ("3元", "text 3元 ?"),
            ("17\n1\n（注\n）", "text 171（注） ?"),
            ("1,23", "text 1,23 ?"),
            ("5.5", "5.5"),
            ("3 ①", "3 !"),
            ("12²", "12 !"),
            ("5*", "5 !"),
            ("①②3", "3 !"),
            ("①", "blank ?"),
            ("①未填", "blank"),
        ];
        for (text, expected) in counts {
            assert_eq!(show(text, Kind::Count, "件"), expected, "{text:?}");
        }
        for (text, expected) in [("减2", "-2 !"), ("-4", "-4"), ("+3", "3 !"), ("增加5", "5 !")] {
            assert_eq!(show(text, Kind::Signed, "项"), expected, "{text:?}");
        }
        for (text, expected) in [
            ("127.082万元", "127.082 !"),
            ("251000元", "25.1 !"),
            ("1.5亿元", "15000 !"),
            ("12.50", "12.50"),
            ("3件", "text 3件 ?"),
            ("251000", "251000 ?"),
        ] {
            assert_eq!(show(text, Kind::Amount, "万元"), expected, "{text:?}");
        }
    }

    /// A header that names yuan holds for the cells below it.
    #[test]
    fn the_header_may_name_the_unit() {
        for (header, unit) in [
            ("采购总金额（元）", Some("元")),
            ("本年收费金额\n（单位: 人民币元）", Some("元")),
            ("采购总金额(千元)", Some("千元")),
            ("本年收费金额（单位：万元）", Some("万元")),
            ("采购总金额", None),
            ("本年新公开数量（单元）", None),
        ] {
            assert_eq!(head_unit(header), unit, "{header}");
        }
        let figure = read("251000", Kind::Amount, Some("万元"), Some("元"));
        assert_eq!(figure.cell.number().map(|n| n.to_string()).as_deref(), Some("25.1"));
        assert!(figure.note.is_some());
    }

    #[test]
    fn labels_are_told_from_values() {
        for text in ["0", "1,234", "127.082万元", "/", "无", "", "-3", "增2"] {
            assert!(is_value(text), "{text}");
        }
        for text in ["规章", "1.属于国家秘密", "（一）", "2020年", "第二十条"] {
            assert!(!is_value(text), "{text}");
        }
    }
}
