//! Formulas of relations, links and indicators: text → terms with places.
//!
//! `sum = sum`, `sum <= sum`, `sum >= sum`, `sum <=> sum` (zero together). A sum is names joined by
//! `+` and `-`; `0` stands for an empty sum. A name may end in `*` for "all that begin so", may begin with
//! `last.` (last year's report), and a left side of `<=` may be `max(names)`: each of them.

use super::Comparison;
use crate::text::{Span, Words};
use crate::words;

/// A parsed formula: names are not resolved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Formula {
    pub(super) left: Vec<Name>,
    pub(super) comparison: Comparison,
    pub(super) right: Vec<Name>,
    /// Whether the left side is `max(…)`: the formula holds for each of its names by itself.
    pub(super) each_left: bool,
}

/// One name of a formula, with its byte range in the formula's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) negative: bool,
    pub(super) last: bool,
    pub(super) path: String,
    pub(super) span: Span,
}

/// What is wrong, and where in the formula.
pub(super) type FormulaError = (Span, Words);

/// Parses a comparison of two sums.
pub(super) fn parse(text: &str) -> Result<Formula, FormulaError> {
    const OPERATORS: [(&str, Comparison, bool); 4] = [
        ("<=>", Comparison::ZeroTogether, false),
        ("<=", Comparison::AtMost, false),
        (">=", Comparison::AtMost, true),
        ("=", Comparison::Equal, false),
    ];
    let found = OPERATORS.iter().find_map(|(sign, comparison, swap)| Some((text.find(sign)?, sign.len(), *comparison, *swap)));
    let Some((at, length, comparison, swap)) = found else {
        return Err((0..text.len(), words!("公式里没有 =、<=、>= 或 <=>", "the formula has no =, <=, >= or <=>")));
    };
    let (left_text, right_text) = (&text[..at], &text[at + length..]);
    let (maximum, shift) = maximum(left_text);
    let left = sum(maximum.unwrap_or(left_text), shift)?;
    let right = sum(right_text, at + length)?;
    let each_left = maximum.is_some();
    if each_left && (comparison != Comparison::AtMost || swap) {
        return Err((0..at, words!("max(…) 只能用在 <= 左边", "max(…) only stands left of <=")));
    }
    let (left, right) = if swap { (right, left) } else { (left, right) };
    Ok(Formula { left, comparison, right, each_left })
}

/// The inside of `max(…)` and where it begins.
fn maximum(text: &str) -> (Option<&str>, usize) {
    let start = text.len() - text.trim_start().len();
    match text.trim().strip_prefix("max(").and_then(|rest| rest.strip_suffix(')')) {
        Some(inside) => (Some(inside), start + "max(".len()),
        None => (None, 0),
    }
}

/// Parses names joined by `+` and `-`; spans are shifted by `offset`.
pub(super) fn sum(text: &str, offset: usize) -> Result<Vec<Name>, FormulaError> {
    let mut names = Vec::new();
    let mut negative = false;
    let mut at = 0;
    for piece in text.split_inclusive(['+', '-', '−']) {
        let sign = piece.chars().next_back().filter(|c| matches!(c, '+' | '-' | '−'));
        let word = piece.trim_end_matches(['+', '-', '−']);
        let start = at + word.len() - word.trim_start().len();
        let name = word.trim();
        let span = offset + start..offset + start + name.len();
        match name {
            "" => return Err((span.start..span.start + 1, words!("公式里缺一项", "a term is missing in the formula"))),
            "0" => {}
            _ if !is_path(name) => {
                return Err((span, words!("公式里的“{name}”不是行或列的名字", "`{name}` is not the name of a row or column")));
            }
            _ => {
                let last = name.strip_prefix("last.");
                names.push(Name { negative, last: last.is_some(), path: last.unwrap_or(name).to_owned(), span });
            }
        }
        negative = matches!(sign, Some('-' | '−'));
        at += piece.len();
    }
    Ok(names)
}

fn is_path(name: &str) -> bool {
    name.split('.').all(|part| {
        let word = part.strip_suffix('*').unwrap_or(part);
        !part.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn names(names: &[Name]) -> Vec<String> {
        names.iter().map(|n| format!("{}{}{}", if n.negative { "-" } else { "+" }, if n.last { "last." } else { "" }, n.path)).collect()
    }

    #[test]
    fn sums_signs_and_last_year_are_read() {
        let formula = parse("last.in_force + issued - repealed = in_force").unwrap();
        assert_eq!(names(&formula.left), ["+last.in_force", "+issued", "-repealed"]);
        assert_eq!(names(&formula.right), ["+in_force"]);
        assert_eq!(formula.comparison, Comparison::Equal);
    }

    #[test]
    fn at_least_is_at_most_turned_round_and_zero_is_empty() {
        let formula = parse("previous_items + change >= 0").unwrap();
        assert!(formula.left.is_empty());
        assert_eq!(names(&formula.right), ["+previous_items", "+change"]);
        assert_eq!(formula.comparison, Comparison::AtMost);
    }

    #[test]
    fn the_largest_of_several_is_each_of_them() {
        let formula = parse("max(channels.*) <= disclosed").unwrap();
        assert!(formula.each_left);
        assert_eq!(names(&formula.left), ["+channels.*"]);
    }

    /// Errors point at the name, not at the formula.
    #[test]
    fn errors_point_at_the_culprit() {
        assert_eq!(parse("a + = b").unwrap_err().0, 4..5);
        assert_eq!(parse("a + b!c = d").unwrap_err().0, 4..7);
        assert!(parse("a b").unwrap_err().1.zh.contains("没有 ="));
    }
}
