//! Runs of digits in a text, for the rules about personal numbers: full-width digits are folded, and
//! groups parted by single spaces or hyphens are seen together as well as apart.

use crate::text::Span;

/// A number as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Digits {
    /// Its digits, and a closing X.
    pub(super) digits: String,
    /// Lengths of its groups.
    pub(super) groups: Vec<usize>,
    /// Where it stands.
    pub(super) span: Span,
}

/// A text that is published, with the numbers in it: they are looked for once, however many rules ask.
pub struct PublishedText<'t> {
    pub(super) text: &'t str,
    pub(super) numbers: Vec<Digits>,
}

impl<'t> PublishedText<'t> {
    /// A text and its numbers.
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, numbers: numbers(text) }
    }
}

/// Longer runs are no number of a person, whatever they are.
const LONGEST: usize = 24;

/// All numbers of a text: each group by itself, and groups joined by one and the same separator. A
/// group that touches a letter is part of a code and no number.
fn numbers(text: &str) -> Vec<Digits> {
    let groups = groups(text);
    let mut numbers = Vec::new();
    for (first, group) in groups.iter().enumerate() {
        let alone = Digits { digits: group.digits.clone(), groups: vec![group.digits.len()], span: group.span.clone() };
        let Some(separator) = group.after else {
            numbers.push(alone);
            continue;
        };
        numbers.push(alone.clone());
        let goes_on = |before: usize, next: &Group| next.span.start == before + separator.len_utf8();
        let before = first.checked_sub(1).map(|before| &groups[before]);
        if before.is_some_and(|before| before.after == group.after && goes_on(before.span.end, group)) {
            continue;
        }
        let mut joined = alone;
        for next in groups[first + 1..].iter().take(5) {
            if !goes_on(joined.span.end, next) || joined.digits.len() + next.digits.len() > LONGEST {
                break;
            }
            joined.digits.push_str(&next.digits);
            joined.groups.push(next.digits.len());
            joined.span.end = next.span.end;
            if next.after != group.after {
                numbers.push(joined);
                break;
            }
        }
    }
    numbers.retain(|number| number.digits.len() <= LONGEST);
    numbers
}

#[derive(Debug)]
struct Group {
    digits: String,
    span: Span,
    /// The separator right behind it, if a digit follows that.
    after: Option<char>,
}

/// Groups of fewer digits are in no number of a person.
const SHORTEST_GROUP: usize = 3;

fn groups(text: &str) -> Vec<Group> {
    let bytes = text.as_bytes();
    let mut groups = Vec::new();
    let mut at = 0;
    while let Some(start) = next_run(bytes, at) {
        let (length, mut end) = run(text, start);
        at = end;
        if !(SHORTEST_GROUP..=LONGEST).contains(&length) {
            continue;
        }
        let mut digits: String = text[start..end].chars().filter_map(fold).collect();
        let mut next = text[end..].chars().next();
        let closing = next
            .filter(|c| matches!(c, 'x' | 'X' | 'Ｘ' | 'ｘ'))
            .filter(|_| !text[end..].chars().nth(1).is_some_and(|c| c.is_ascii_alphanumeric()));
        if let Some(closing) = closing.filter(|_| matches!(digits.len(), 3 | 17)) {
            digits.push('X');
            end += closing.len_utf8();
            at = end;
            next = text[end..].chars().next();
        }
        let before = text[..start].chars().next_back();
        let coded = before.is_some_and(is_of_code) || next.is_some_and(is_of_code);
        let after = next
            .filter(|c| matches!(c, ' ' | '-' | '－' | '　'))
            .filter(|c| text[end + c.len_utf8()..].chars().next().and_then(fold).is_some());
        if !coded {
            groups.push(Group { digits, span: start..end, after });
        }
    }
    groups
}

/// How many places are looked at together.
const STRIDE: usize = 32;

/// Where the next run of digits begins that may be long enough for a group: at `from`, where no run is under
/// way, or behind it. Digits are ASCII or, full width, the three bytes EF BC 90 to 99, so that nothing need be
/// decoded; tables and most paragraphs have no run at all, which is seen of many bytes at once.
fn next_run(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(window) = bytes.get(at..).and_then(|rest| rest.first_chunk::<{ STRIDE + 2 }>()) {
        if (0..STRIDE).fold(false, |any, at| any | may_be_in_run([window[at], window[at + 1], window[at + 2]])) {
            break;
        }
        at += STRIDE;
    }
    let of_three = |at: &usize| bytes.get(*at..*at + 3).is_some_and(|three| may_be_in_run([three[0], three[1], three[2]]));
    let mut start = (at..bytes.len()).find(of_three)?;
    // ASCII digits may stand before one of full width.
    while start > from && bytes[start - 1].is_ascii_digit() {
        start -= 1;
    }
    Some(start)
}

/// Whether three bytes are three digits or one of full width.
fn may_be_in_run([a, b, c]: [u8; 3]) -> bool {
    let digits = a.is_ascii_digit() & b.is_ascii_digit() & c.is_ascii_digit();
    digits | ((a == 0xef) & (b == 0xbc) & (0x90..=0x99).contains(&c))
}

/// How many digits begin at a place, and where they end.
fn run(text: &str, start: usize) -> (usize, usize) {
    let digits = text[start..].chars().map_while(|c| fold(c).map(|_| c.len_utf8()));
    digits.fold((0, start), |(count, end), length| (count + 1, end + length))
}

fn fold(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0),
        _ => None,
    }
}

/// Whether a character beside a number makes both a code: Han characters stand beside numbers without a space.
fn is_of_code(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

/// Whether a number is a quantity or part of an address rather than somebody's: a unit or a decimal
/// point follows, it stands in an address of the web, or it is a bare value of a TOML line.
pub(super) fn is_quantity(text: &str, span: &Span) -> bool {
    const UNITS: [&str; 14] = ["元", "万", "亿", "件", "条", "次", "人", "个", "项", "份", "户", "篇", "吨", "平方"];
    let rest = text[span.end..].trim_start_matches(' ');
    let decimal = |c: char| rest.strip_prefix(c).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let money = text[..span.start].trim_end().ends_with(['¥', '￥', '$', '.']);
    UNITS.iter().any(|unit| rest.starts_with(unit)) || decimal('.') || money || in_address(text, span) || is_bare_value(text, span)
}

fn in_address(text: &str, span: &Span) -> bool {
    let start =
        text[..span.start].char_indices().rev().take(200).take_while(|(_, c)| c.is_ascii_graphic()).last().map_or(span.start, |(at, _)| at);
    let before = &text[start..span.start];
    before.contains("://") || before.contains("www.") || before.contains('/') && before.contains('.')
}

fn is_bare_value(text: &str, span: &Span) -> bool {
    let line = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line..span.start];
    if before.len() > 2000 {
        return false;
    }
    let Some((key, value)) = before.split_once('=') else { return false };
    let is_key = !key.trim().is_empty() && key.trim().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    is_key && !value.contains(['"', '\'', '#'])
}

/// Whether the words right before a number say that it is a code of something else.
pub(super) fn is_labelled(text: &str, span: &Span) -> bool {
    const LABELS: [&str; 15] =
        ["代码", "索引号", "标识码", "备案", "网安备", "编号", "编码", "文号", "区划", "档号", "条码", "流水", "订单", "序号", "ISBN"];
    let words = before(text, span, 16);
    LABELS.iter().any(|label| words.contains(label))
}

/// The text before a number on its line, at most so many characters.
pub(super) fn before<'t>(text: &'t str, span: &Span, characters: usize) -> &'t str {
    let start = text[..span.start].char_indices().rev().take(characters).take_while(|(_, c)| !matches!(c, '\n' | '。' | '；')).last();
    &text[start.map_or(span.start, |(at, _)| at)..span.start]
}

/// A number with its middle hidden: 138****5678.
pub(super) fn masked(digits: &str) -> String {
    let keep = if digits.len() >= 15 { (3, 2) } else { (3, 4) };
    digits.chars().enumerate().map(|(at, c)| if at >= keep.0 && at + keep.1 < digits.len() { '*' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Vec<usize>)> {
        numbers(text).into_iter().map(|number| (number.digits, number.groups)).collect()
    }

    #[test]
    fn groups_are_seen_apart_and_together() {
        assert_eq!(
            found("电话138-1234-５678。"),
            [("138".into(), vec![3]), ("13812345678".into(), vec![3, 4, 4]), ("1234".into(), vec![4]), ("5678".into(), vec![4])]
        );
        assert_eq!(found("33010219900101123x，"), [("33010219900101123X".to_owned(), vec![18])]);
    }

    proptest::proptest! {
        /// Looking at many bytes together finds the runs that are found digit by digit.
        #[test]
        fn runs_are_found_as_digit_by_digit(text in "[0-9０５，公 ]{0,20}[公，0-9]{0,60}[公， ]{0,40}[0-9９]{0,5}") {
            let long = |(length, _): &(usize, usize)| *length >= SHORTEST_GROUP;
            let mut due = Vec::new();
            let mut at = 0;
            while let Some(c) = text[at..].chars().next() {
                let found = run(&text, at);
                due.extend(Some((at, found)).filter(|(_, found)| long(found)));
                at = found.1.max(at + c.len_utf8() * usize::from(found.0 == 0));
            }
            let mut runs = Vec::new();
            let mut at = 0;
            while let Some(start) = next_run(text.as_bytes(), at) {
                let found = run(&text, start);
                runs.extend(Some((start, found)).filter(|(_, found)| long(found)));
                at = found.1;
            }
            proptest::prop_assert_eq!(runs, due);
        }
    }

    /// Codes with letters and endless digits are nobody's number.
    #[test]
    fn codes_are_left_out() {
        assert_eq!(found("a13812345678 13812345678b"), []);
        assert_eq!(found(&"1".repeat(100_000)), []);
    }

    #[test]
    fn quantities_and_addresses_are_told_apart() {
        let quantity = |text: &str| numbers(text).iter().all(|number| is_quantity(text, &number.span));
        assert!(quantity("13812345678元") && quantity("fees = [13812345678]") && quantity("见https://a.gov.cn/13812345678.html"));
        assert!(!quantity("contact = \"13812345678\"") && !quantity("请打13812345678"));
    }

    #[test]
    fn the_middle_is_hidden() {
        assert_eq!(masked("13812345678"), "138****5678");
        assert_eq!(masked("330102199001011237"), "330*************37");
    }
}
