//! 出现手机号码。
//!
//! A mobile telephone number is published.
//!
//! # 查什么
//!
//! 报告全文、agency.toml 和文本附件里的手机号（1 开头 11 位，可带 +86、空格、连字符）。办公座机、传真、邮编不算。提示里只显示号码首尾。
//!
//! # 为什么
//!
//! 年报的联系方式应是办公电话；手机号是个人信息，人员调动后也成了死号。
//!
//! # 例
//!
//! ```toml
//! contact = "党政办 138****5678"   # 不应写手机号
//! ```
//!
//! # 怎么改
//!
//! 换成办公座机；确为公布的值班手机的，用 [[waive]] 写明。
//!
//! # 依据
//!
//! 《个人信息保护法》第五条、第六条；《政府信息公开条例》第十五条。

use super::digits::{Digits, PublishedText, is_labelled, is_quantity, masked};
use super::{Check, Group, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "mobile-number",
    group: Group::Privacy,
    level: Level::Error,
    source: include_str!("mobile_number.rs"),
    check: Check::Text(check),
};

fn check(published: &PublishedText<'_>, faults: &mut Vec<Fault>) {
    let text = published.text;
    for number in &published.numbers {
        let Some(mobile) = mobile(number) else { continue };
        if is_labelled(text, &number.span) || is_quantity(text, &number.span) {
            continue;
        }
        let shown = masked(mobile);
        let message = words!("出现手机号 {shown}", "a mobile number is published: {shown}");
        let hint = words!(
            "换成办公座机；确为对外公布的，用 [[waive]] 写明",
            "give the office's landline; if it is meant for the public, waive it with the reason"
        );
        faults.push(Fault::new(RULE.name, Place::Span(number.span.clone()), message).with_hint(hint));
    }
}

/// The eleven digits, if a number is one of a mobile telephone.
fn mobile(number: &Digits) -> Option<&str> {
    const GROUPINGS: [&[usize]; 4] = [&[11], &[3, 4, 4], &[3, 8], &[4, 4, 3]];
    let (digits, groups) = (number.digits.as_str(), number.groups.as_slice());
    let bare = match digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86")) {
        Some(rest) if digits.len() > 11 => rest,
        _ => digits,
    };
    let prefix = digits.len() - bare.len();
    let grouping = match groups {
        [first, rest @ ..] if prefix > 0 && *first == prefix => rest.to_vec(),
        [first, rest @ ..] if prefix > 0 && *first > prefix => [&[*first - prefix], rest].concat(),
        groups => groups.to_vec(),
    };
    let second = bare.as_bytes().get(1)?;
    let all_digits = bare.bytes().all(|byte| byte.is_ascii_digit());
    (bare.len() == 11 && all_digits && bare.starts_with('1') && (b'3'..=b'9').contains(second) && GROUPINGS.contains(&grouping.as_slice()))
        .then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_mobile(text: &str) -> bool {
        PublishedText::of(text).numbers.iter().any(|number| mobile(number).is_some())
    }

    #[test]
    fn mobiles_are_known_in_all_groupings() {
        for text in [
            "13812345678",
            "138-1234-5678",
            "138 1234 5678",
            "+86 138 1234 5678",
            "+8613812345678",
            "86-13812345678",
            "008613812345678",
            "１９９１２３４５６７８",
        ] {
            assert!(is_mobile(text), "{text}");
        }
    }

    #[test]
    fn landlines_and_other_numbers_are_none() {
        for text in ["0571-63312345", "12345678901", "123456789012", "0000-8800233", "138 12345 678", "400-820-8820", "2021-01-20 12345"] {
            assert!(!is_mobile(text), "{text}");
        }
    }
}
