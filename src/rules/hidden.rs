//! Puts stars in the place of personal numbers, wherever a text is shown to others than its author: in
//! the log of a check, in a message that quotes, on a page of the site.

use std::borrow::Cow;

use super::digits::PublishedText;
use super::registry::{Check, Group, RULES, find};
use crate::diagnostic::{Finding, Place};

/// What stands for a digit on a terminal and in messages.
pub const STAR: char = '*';
/// What stands for a digit on a page: to Markdown it means nothing.
const CROSS: char = '×';

/// A text in which the numbers that some rules of privacy find have another character for their digits. No
/// character moves.
pub fn hide_numbers<'t>(text: &'t str, sign: char, is_hidden: impl Fn(&str) -> bool) -> Cow<'t, str> {
    let published = PublishedText::of(text);
    let mut faults = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.group == Group::Privacy && is_hidden(rule.name)) {
        if let Check::Text(check) = rule.check {
            check(&published, &mut faults);
        }
    }
    let mut spans: Vec<_> =
        faults.into_iter().filter_map(|fault| if let Place::Span(span) = fault.place { Some(span) } else { None }).collect();
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    spans.sort_by_key(|span| span.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        let start = span.start.max(at);
        out.push_str(&text[at..start]);
        at = span.end.max(at);
        out.extend(text[start..at].chars().map(|c| if matches!(c, '0'..='9' | '０'..='９') { sign } else { c }));
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

/// The rules of privacy whose findings about a file count: what they find there must not be shown.
#[derive(Debug)]
pub struct Exposed(Vec<&'static str>);

impl Exposed {
    /// Those among the findings about one file.
    pub fn of(findings: &[Finding]) -> Self {
        let is_private = |name: &str| find(name).is_some_and(|rule| rule.group == Group::Privacy);
        let mut names: Vec<_> =
            findings.iter().filter(|finding| finding.counts() && is_private(finding.rule)).map(|finding| finding.rule).collect();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A text of the file as it may be shown on a page.
    pub fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_empty() { Cow::Borrowed(text) } else { hide_numbers(text, CROSS, |rule| self.0.contains(&rule)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stars take the place of the digits that the rules asked for find, and all else stays where it is.
    #[test]
    fn numbers_are_hidden_where_they_stand() {
        let text = "申请人（33018319850712001X，电话 139 1234 ５６７８），办公电话 0571-12345678，新收5件";
        let hidden = hide_numbers(text, STAR, |_| true);
        assert_eq!(hidden, "申请人（*****************X，电话 *** **** ****），办公电话 0571-12345678，新收5件");
        assert_eq!(hidden.chars().count(), text.chars().count());
        assert!(hide_numbers(text, CROSS, |rule| rule == "personal-id-number").contains("139 1234 ５６７８"));
        assert!(matches!(hide_numbers("新收5件", STAR, |_| true), Cow::Borrowed(_)));
    }
}
