//! 出现银行卡号。
//!
//! A bank card number is published.
//!
//! # 查什么
//!
//! 报告全文、agency.toml 和文本附件里 13 至 19 位、通过 Luhn 校验、且开头是银行卡号段或前面写着卡号、账号的数字。身份证号、信用代码、备案号、金额不算。提示里只显示号码首尾。
//!
//! # 为什么
//!
//! 补贴、采购类附件里常夹带收款账号，属于敏感个人信息。
//!
//! # 例
//!
//! ```text
//! 户名：张某，卡号：6222 **** **** 0000
//! ```
//!
//! # 怎么改
//!
//! 删去或隐去中间各位；已经发布的立即撤换。
//!
//! # 依据
//!
//! 《个人信息保护法》第二十八条；《政府信息公开条例》第十五条。

use super::digits::{PublishedText, before, is_labelled, is_quantity, masked};
use super::personal_id_number::is_identity;
use super::{Check, Group, Rule};
use crate::diagnostic::{Fault, Level, Place};
use crate::words;

/// The rule.
pub(super) const RULE: Rule = Rule {
    name: "bank-card-number",
    group: Group::Privacy,
    level: Level::Error,
    source: include_str!("bank_card_number.rs"),
    check: Check::Text(check),
};

/// Words before a number that make it an account whatever it begins with.
const ACCOUNT: [&str; 8] = ["卡号", "账号", "帐号", "账户", "帐户", "银行", "一卡通", "存折"];

fn check(published: &PublishedText<'_>, faults: &mut Vec<Fault>) {
    let text = published.text;
    for number in &published.numbers {
        let digits = number.digits.as_str();
        if !is_card_length(&number.groups) || !passes_luhn(digits) || is_identity(number) {
            continue;
        }
        let words_before = before(text, &number.span, 16);
        let account = ACCOUNT.iter().any(|word| words_before.contains(word));
        let a_card = account || has_card_prefix(digits) && !is_labelled(text, &number.span);
        if !a_card || is_quantity(text, &number.span) {
            continue;
        }
        let shown = masked(digits);
        let message = words!("出现银行卡号 {shown}", "a bank card number is published: {shown}");
        let hint =
            words!("删去，或隐去中间各位；已公开的立即撤换", "delete it or hide its middle; if it was published, replace that at once");
        faults.push(Fault::new(RULE.name, Place::Span(number.span.clone()), message).with_hint(hint));
    }
}

/// One run, or groups of four with a rest.
fn is_card_length(groups: &[usize]) -> bool {
    let length: usize = groups.iter().sum();
    let in_fours = groups.len() > 1 && groups[..groups.len() - 1].iter().all(|group| *group == 4) && groups[groups.len() - 1] <= 4;
    let six_and_rest = groups.len() == 2 && groups[0] == 6;
    (13..=19).contains(&length) && (groups.len() == 1 || in_fours || six_and_rest)
}

/// Number ranges of the card schemes: 62 UnionPay, 4 Visa, 51–55 Mastercard, 34, 35, 36, 37, 60, 9 domestic.
fn has_card_prefix(digits: &str) -> bool {
    let two: u32 = digits.get(..2).and_then(|prefix| prefix.parse().ok()).unwrap_or(0);
    let length = digits.len();
    two == 62 && length >= 16
        || two / 10 == 4 && matches!(length, 13 | 16 | 19)
        || matches!(two, 51..=55) && length == 16
        || matches!(two, 34 | 37) && length == 15
        || matches!(two, 35 | 36) && length == 16
        || two == 60 && length >= 16
        || two / 10 == 9 && length >= 16
}

fn passes_luhn(digits: &str) -> bool {
    let mut sum = 0;
    for (place, c) in digits.chars().rev().enumerate() {
        let Some(digit) = c.to_digit(10) else { return false };
        let doubled = if place % 2 == 1 { digit * 2 } else { digit };
        sum += if doubled > 9 { doubled - 9 } else { doubled };
    }
    sum % 10 == 0 && digits.chars().any(|c| c != '0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        let mut faults = Vec::new();
        check(&PublishedText::of(text), &mut faults);
        faults.len()
    }

    /// Test numbers of the schemes; none is anybody's.
    #[test]
    fn cards_are_known_by_range_and_check_digit() {
        assert_eq!(found("卡号 6200 0000 0000 0005，4111111111111111"), 2);
        assert_eq!(found("6200000000000004"), 0);
        assert_eq!(found("账号：1000000000000008"), 1);
    }

    #[test]
    fn other_long_numbers_are_no_cards() {
        for text in [
            "1000000000000008",
            "统一社会信用代码 6200000000000005",
            "4111111111111111元",
            "浙公网安备 33011102000123号",
            "fees = [4111111111111111]",
        ] {
            assert_eq!(found(text), 0, "{text}");
        }
    }
}
