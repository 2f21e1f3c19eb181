//! 出现居民身份证号。
//!
//! A resident identity number is published.
//!
//! # 查什么
//!
//! 报告全文、agency.toml 和文本附件里的 18 位身份证号（校验码、省份代码、出生日期都对）和 15 位老号。全角数字、分组空格也认。统一社会信用代码、索引号、备案号不算。提示里只显示号码首尾。
//!
//! # 为什么
//!
//! 身份证号是敏感个人信息，随年报公开即构成泄露；公示类附件里最常见。
//!
//! # 例
//!
//! ```markdown
//! 补助对象张某（身份证号 110101199003070000）   <!-- 校验码对得上的真号会被指出 -->
//! ```
//!
//! # 怎么改
//!
//! 删去，或隐去中间各位；已经发布的立即撤换，git 历史里的也要清除。
//!
//! # 依据
//!
//! 《个人信息保护法》第二十八条；《政府信息公开条例》第十五条；GB 11643。

use super::digits::{Digits, PublishedText, is_labelled, is_quantity, masked};
use super::{Check, Group, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "personal-id-number",
    group: Group::Privacy,
    level: Level::Error,
    source: include_str!("personal_id_number.rs"),
    check: Check::Text(check),
};

fn check(published: &PublishedText<'_>, faults: &mut Vec<Fault>) {
    let text = published.text;
    for number in &published.numbers {
        if !is_identity(number) || is_labelled(text, &number.span) || is_quantity(text, &number.span) {
            continue;
        }
        let shown = masked(&number.digits);
        let message = words!("出现身份证号 {shown}", "an identity number is published: {shown}");
        let hint =
            words!("删去，或隐去中间各位；已公开的立即撤换", "delete it or hide its middle; if it was published, replace that at once");
        faults.push(Fault::new(RULE.name, Place::Span(number.span.clone()), message).with_hint(hint));
    }
}

/// Whether a number is an identity number, of 18 digits or of the old 15.
pub(super) fn is_identity(number: &Digits) -> bool {
    let grouped = [&[18][..], &[15], &[6, 8, 4], &[6, 4, 4, 4], &[6, 6, 3]].contains(&number.groups.as_slice());
    let digits = number.digits.as_str();
    grouped
        && is_province(digits)
        && match digits.len() {
            18 => is_birth_date(&digits[6..14]) && has_check_digit(digits),
            15 => !digits.contains('X') && is_birth_date(&format!("19{}", &digits[6..12])),
            _ => false,
        }
}

fn is_province(digits: &str) -> bool {
    let code = digits.get(..2).and_then(|code| code.parse::<u8>().ok()).unwrap_or(0);
    matches!(code, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81 | 82 | 83)
}

fn is_birth_date(digits: &str) -> bool {
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<i16>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0..4), part(4..6), part(6..8)) else { return false };
    let date = jiff::civil::Date::new(year, i8::try_from(month).unwrap_or(0), i8::try_from(day).unwrap_or(0));
    (1880..=2100).contains(&year) && date.is_ok()
}

/// GB 11643: the weighted sum of the first 17 digits modulo 11 gives the last character.
fn has_check_digit(digits: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.chars().zip(WEIGHTS).filter_map(|(c, weight)| Some(c.to_digit(10)? * weight)).sum();
    let due = "10X98765432".chars().nth((sum % 11) as usize);
    digits.chars().nth(17) == due
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_id(text: &str) -> bool {
        PublishedText::of(text).numbers.iter().any(is_identity)
    }

    /// The numbers are made up; only their arithmetic is right.
    #[test]
    fn province_date_and_check_digit_must_be_right() {
        assert!(is_id("11010519491231002X") && is_id("440524188001010014") && is_id("110105 19491231 002X"));
        assert!(!is_id("110105194912310021"), "check digit");
        assert!(!is_id("99010519491231002X"), "province");
        assert!(!is_id("110105194913310025"), "month");
        assert!(is_id("110105491231002") && !is_id("110105491331002"));
    }
}
