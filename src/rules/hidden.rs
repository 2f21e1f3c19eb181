//! Puts stars in the place of personal numbers, wherever a text is shown to others than its author: in
//! the log of a check, in a message that quotes, on a page of the site.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::digits::PublishedText;
use super::registry::{Check, Group, RULES};
use crate::diagnostic::{Finding, Place};
use crate::text::Span;

/// What stands for a digit on a terminal and in messages.
pub const STAR: char = '*';
/// What stands for a digit on a page: to Markdown it means nothing.
const CROSS: char = '×';

/// A text in which the numbers that some rules of privacy find have another character for their digits. No
/// character moves.
pub fn hide_numbers<'t>(text: &'t str, sign: char, is_hidden: impl Fn(&str) -> bool) -> Cow<'t, str> {
    covered(text, spans_found(&PublishedText::of(text), is_hidden), sign)
}

/// Where some rules of privacy find numbers.
fn spans_found(published: &PublishedText<'_>, is_asked: impl Fn(&str) -> bool) -> Vec<Span> {
    let mut faults = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.group == Group::Privacy && is_asked(rule.name)) {
        if let Check::Text(check) = rule.check {
            check(published, &mut faults);
        }
    }
    faults.into_iter().filter_map(|fault| if let Place::Span(span) = fault.place { Some(span) } else { None }).collect()
}

/// A text with a sign for each digit in some spans of it.
fn covered(text: &str, mut spans: Vec<Span>, sign: char) -> Cow<'_, str> {
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

/// The findings that say that a number stands where it must not be shown: those of rules of privacy that count.
pub(super) fn exposing<'f>(findings: impl Iterator<Item = &'f Finding>) -> impl Iterator<Item = &'f Finding> {
    let private: Vec<&str> = RULES.iter().filter(|rule| rule.group == Group::Privacy).map(|rule| rule.name).collect();
    findings.filter(move |finding| private.contains(&finding.rule) && finding.counts())
}

/// What must not be shown of a file: the numbers that the rules of privacy whose findings about it count find.
#[derive(Debug)]
pub struct Exposed {
    rules: Vec<&'static str>,
    /// The digits of those that were found in the whole file.
    numbers: BTreeSet<String>,
}

impl Exposed {
    /// What findings about one file say. Numbers are looked for by the same rules where a text is hidden.
    pub fn of(findings: &[Finding]) -> Self {
        let mut rules: Vec<_> = exposing(findings.iter()).map(|finding| finding.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        Self { rules, numbers: BTreeSet::new() }
    }

    /// The same with the numbers that stand in the text of the file. Of a single string of it a rule may not know
    /// them again: the words that make a number an account stand before the quotation mark.
    #[must_use]
    pub fn in_text(self, text: &str) -> Self {
        let published = PublishedText::of(text);
        let spans: BTreeSet<(usize, usize)> = self.spans(&published).into_iter().map(|span| (span.start, span.end)).collect();
        let found = published.numbers.iter().filter(|number| spans.contains(&(number.span.start, number.span.end)));
        Self { numbers: found.map(|number| number.digits.clone()).collect(), ..self }
    }

    fn spans(&self, published: &PublishedText<'_>) -> Vec<Span> {
        spans_found(published, |rule| self.rules.contains(&rule))
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// A text of the file as it may be shown on a page.
    pub fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        let published = PublishedText::of(text);
        let mut spans = self.spans(&published);
        spans.extend(published.numbers.iter().filter(|number| self.numbers.contains(&number.digits)).map(|number| number.span.clone()));
        covered(text, spans, CROSS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Fault, Level};
    use crate::words;

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

    /// What makes a number an account may stand outside the string that holds it.
    #[test]
    fn numbers_of_the_file_are_known_in_its_strings() {
        let finding = Finding::at_file(Level::Error, "a.md", Fault::new("bank-card-number", Place::File, words!("甲", "a")));
        let exposed = Exposed::of(std::slice::from_ref(&finding));
        assert_eq!(exposed.hide("1000000000000008"), "1000000000000008");
        let exposed = exposed.in_text("[[breakdown]]\nparts = { \"账号\" = \"1000000000000008\" }\n");
        assert_eq!(exposed.hide("1000000000000008，1000000000000016"), "××××××××××××××××，1000000000000016");
    }
}
