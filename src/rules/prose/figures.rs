//! Figures in a paragraph: digits, Chinese numerals, 万 and 亿, with their units.

use std::sync::LazyLock;

use crate::form::Vocabulary;
use crate::number::Number;
use crate::text::{Finder, Sieve, Span};

/// One figure of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) struct Figure {
    /// The figure.
    pub(in crate::rules) value: Number,
    /// One in its last printed place: 1.2万 is only good to 0.1万.
    pub(in crate::rules) precision: Number,
    /// Where it stands in the paragraph, its unit included.
    pub(in crate::rules) span: Span,
    /// Where its unit begins.
    pub(in crate::rules) unit: Span,
    /// Whether it is a share in per cent.
    pub(in crate::rules) percent: bool,
    /// Whether it is written in Chinese numerals: "一件" may mean no more than "a case".
    pub(in crate::rules) han: bool,
}

/// The figures of a paragraph's text, in order.
pub(in crate::rules) fn figures(text: &str) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut at = 0;
    // "百分之" begins with a Han digit too.
    while let Some(next) = BEGINNINGS.next(text, at) {
        at = next.start;
        if !text[next.clone()].starts_with(|c: char| c.is_ascii_digit() || is_han_digit(c)) {
            at = next.end;
            continue;
        }
        match figure_at(text, at) {
            Ok(figure) => {
                at = figure.span.end.max(at + 1);
                figures.push(figure);
            }
            Err(next) => at = next.max(at + 1),
        }
    }
    figures
}

/// What figures begin with.
const DIGITS: [&str; 25] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "〇", "零", "一", "二", "两", "三", "四", "五", "六", "七", "八", "九", "十", "百",
    "千",
];

static BEGINNINGS: LazyLock<Sieve> = LazyLock::new(|| DIGITS.into_iter().collect());

fn is_han_digit(c: char) -> bool {
    matches!(c, '〇' | '零' | '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千')
}

/// The figure that begins at a place, or where to look on.
fn figure_at(text: &str, at: usize) -> Result<Figure, usize> {
    if let Some(rest) = text[at..].strip_prefix("百分之") {
        return hundredths(text, at, text.len() - rest.len());
    }
    let first = text[at..].chars().next().unwrap_or(' ');
    let (value, places, end, han) = if first.is_ascii_digit() { arabic(text, at)? } else { chinese(text, at)? };
    // "第3件" is an ordinal, "数十件" no count.
    if text[..at].ends_with('第') || han && text[..at].ends_with(['数', '几', '上', '好']) {
        return Err(end);
    }
    let (value, precision, end) = scaled(text, end, value, Number::ONE.shifted(places)).ok_or(end)?;
    if text[end..].starts_with('%') {
        return Ok(Figure { value, precision, span: at..end + 1, unit: end..end + 1, percent: true, han: false });
    }
    let unit = unit_length(text, end);
    if unit == 0 && han {
        return Err(end);
    }
    Ok(Figure { value, precision, span: at..end + unit, unit: end..end + unit, percent: false, han })
}

/// Digits with thousands separators and decimals: value, decimal places, end.
fn arabic(text: &str, at: usize) -> Result<(Number, u32, usize, bool), usize> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = at + digits(at);
    let mut figure = text[at..end].to_owned();
    let grouped = end - at <= 3;
    while grouped && let Some(rest) = text[end..].strip_prefix('，') {
        let group = text.len() - rest.len();
        if digits(group) != 3 {
            break;
        }
        figure.push_str(&text[group..group + 3]);
        end = group + 3;
    }
    let mut places = 0;
    if text[end..].starts_with('.') && digits(end + 1) > 0 {
        let fraction = digits(end + 1);
        figure.push_str(&text[end..end + 1 + fraction]);
        end += 1 + fraction;
        places = u32::try_from(fraction).unwrap_or(u32::MAX);
        // "1.2.3" is the number of a section.
        if text[end..].starts_with('.') && digits(end + 1) > 0 {
            let more = bytes[end..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
            return Err(end + more);
        }
    }
    let number = Number::parse(&figure).map_err(|_| end)?;
    Ok((number, places, end, false))
}

/// Chinese numerals: "一百二十三", "三十五", "二〇". Value, places, end.
fn chinese(text: &str, at: usize) -> Result<(Number, u32, usize, bool), usize> {
    let length: usize = text[at..].chars().take(24).take_while(|c| is_han_digit(*c)).map(char::len_utf8).sum();
    let end = at + length;
    // "三五件", "十几件" and "二〇二三年" are no exact counts.
    match chinese_number(&text[at..end]) {
        Some(value) => Ok((Number::from(value), 0, end, true)),
        None => Err(end),
    }
}

/// The value of a Chinese numeral below ten thousand.
fn chinese_number(numeral: &str) -> Option<i64> {
    let mut total = 0;
    let mut digit: Option<i64> = None;
    let mut last_place = i64::MAX;
    for c in numeral.chars() {
        match c {
            '零' | '〇' => {
                if digit.is_some() || total == 0 && numeral.chars().count() > 1 {
                    return None;
                }
            }
            '十' | '百' | '千' => {
                let place = match c {
                    '十' => 10,
                    '百' => 100,
                    _ => 1000,
                };
                if place >= last_place || digit.is_none() && !(place == 10 && total == 0) {
                    return None;
                }
                total += digit.take().unwrap_or(1) * place;
                last_place = place;
            }
            c => {
                let value = i64::try_from("一二三四五六七八九".chars().position(|d| d == c).map_or(2, |at| at + 1)).ok()?;
                if digit.replace(value).is_some() {
                    return None;
                }
            }
        }
    }
    Some(total + digit.unwrap_or(0))
}

/// 万, 亿, 千 and 百 behind a figure.
fn scaled(text: &str, end: usize, mut value: Number, mut precision: Number) -> Option<(Number, Number, usize)> {
    let mut end = end;
    while let Some((word, factor)) =
        [("万", 10_000), ("亿", 100_000_000), ("千", 1000), ("百", 100)].iter().find(|(word, _)| text[end..].starts_with(word))
    {
        // "127.082万元" is an amount in its own unit, and 万元 is among the units.
        if text[end..].starts_with("万元") || text[end..].starts_with("亿元") || factor == &100 && text[end..].starts_with("百分") {
            break;
        }
        value = value.checked_mul(Number::from(*factor))?;
        precision = precision.checked_mul(Number::from(*factor))?;
        end += word.len();
    }
    Some((value, precision, end))
}

/// "百分之四十三点六", "百分之9.5".
fn hundredths(text: &str, at: usize, start: usize) -> Result<Figure, usize> {
    let first = text[start..].chars().next().ok_or(start)?;
    let (value, precision, end) = if first.is_ascii_digit() {
        let (value, places, end, _) = arabic(text, start)?;
        (value, Number::ONE.shifted(places), end)
    } else if text[start..].starts_with('百') {
        (Number::from(100), Number::ONE, start + '百'.len_utf8())
    } else {
        let (whole, _, end, _) = chinese(text, start)?;
        match text[end..].strip_prefix('点') {
            Some(rest) => {
                let digits: String = rest
                    .chars()
                    .take(6)
                    .map_while(|c| "零一二三四五六七八九".chars().position(|d| d == c))
                    .map(|d| d.to_string())
                    .collect();
                let value = Number::parse(&format!("{whole}.{digits}")).map_err(|_| end)?;
                let places = u32::try_from(digits.len()).unwrap_or(0);
                (value, Number::ONE.shifted(places), end + '点'.len_utf8() + digits.len() * '一'.len_utf8())
            }
            None => (whole, Number::ONE, end),
        }
    };
    Ok(Figure { value, precision, span: at..end, unit: end..end, percent: true, han: false })
}

/// The length of the longest unit that stands at a place.
fn unit_length(text: &str, at: usize) -> usize {
    static UNITS: LazyLock<Finder> = LazyLock::new(|| {
        let vocabulary = Vocabulary::chinese();
        Finder::of(vocabulary.units.iter().chain(&vocabulary.other_units))
    });
    UNITS.longest_at(text, at).map_or(0, |(unit, _)| unit.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where figures are sought is where they are read.
    #[test]
    fn figures_begin_with_the_digits_that_are_known() {
        let is_digit = |c: &char| c.is_ascii_digit() || is_han_digit(*c);
        let known: std::collections::BTreeSet<char> = DIGITS.iter().flat_map(|digit| digit.chars()).collect();
        assert_eq!(('\0'..=char::MAX).filter(is_digit).collect::<std::collections::BTreeSet<_>>(), known);
    }

    fn read(text: &str) -> Vec<String> {
        let figures = figures(text);
        figures.iter().map(|f| format!("{}{}", f.value.normalised(), if f.percent { "%" } else { &text[f.unit.clone()] })).collect()
    }

    #[test]
    fn digits_separators_and_decimals_are_read() {
        assert_eq!(read("新收12件，经费127.082万元，计1，234条，占43.6%"), ["12件", "127.082万元", "1234条", "43.6%"]);
        assert_eq!(read("办结5，结转2"), ["5", "2"]);
    }

    #[test]
    fn chinese_numerals_are_read_with_their_unit() {
        assert_eq!(read("十二件、二十宗、一百二十三件、一千零五条、两起、零件"), ["12件", "20宗", "123件", "1005条", "2起", "0件"]);
        assert_eq!(read("百分之四十三点六、百分之九、百分之百、百分之9.5"), ["43.6%", "9%", "100%", "9.5%"]);
    }

    #[test]
    fn what_is_no_count_is_no_figure() {
        assert_eq!(read("二〇二三年，三五件，第3件，万市镇，1.2.3节，十分重要"), Vec::<String>::new());
    }

    /// 1.2万 is good to a thousand.
    #[test]
    fn large_units_scale_the_figure_and_its_precision() {
        let figures = figures("访问1.2万件次，共3万条");
        let values: Vec<_> = figures.iter().map(|f| (f.value.normalised().to_string(), f.precision.normalised().to_string())).collect();
        assert_eq!(values, [("12000".to_owned(), "1000".to_owned()), ("30000".to_owned(), "10000".to_owned())]);
    }
}
