//! "其中：甲 n 条，乙 n 条": wholes and their parts within one sentence.

use super::figures::Figure;
use super::sentence::{Line, SENTENCE_ENDS};
use crate::form::Role;
use crate::number::Number;
use crate::text::Span;

/// A whole and the parts that a sentence gives of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) struct List {
    /// From the whole to the last part, in the paragraph's text.
    pub(in crate::rules) quote: Span,
    /// The whole.
    pub(in crate::rules) whole: Number,
    /// The parts' sum.
    pub(in crate::rules) sum: Number,
    /// Where the whole and the parts stand.
    pub(in crate::rules) figures: Vec<Span>,
    /// Their unit.
    pub(in crate::rules) unit: String,
}

/// The lists of a paragraph whose parts do not add up, where a complete list was meant.
pub(in crate::rules) fn lists(line: &Line<'_>) -> Vec<List> {
    let openings = line.words.iter().filter(|word| word.is(Role::OfWhich) && line.text[word.start..word.end] == *"其中");
    openings.filter_map(|word| list(line, word.start, word.end)).collect()
}

fn list(line: &Line<'_>, before: usize, after: usize) -> Option<List> {
    let end = end_of_list(line.text, after);
    let sentence = line.text[..before].rfind(SENTENCE_ENDS).unwrap_or(0);
    let of = |from: usize, to: usize| {
        line.figures.iter().skip_while(move |figure| figure.span.start < from).take_while(move |figure| figure.span.end <= to)
    };
    let whole = of(sentence, before).last().filter(|figure| !figure.unit.is_empty() && !figure.percent && !figure.han)?;
    let unit = &line.text[whole.unit.clone()];
    let same = |figure: &&Figure| line.text[figure.unit.clone()] == *unit && !figure.percent;
    let parts: Vec<&Figure> = of(after, end).filter(same).filter(|figure| is_outside(&line.text[after..figure.span.start])).collect();
    let open = |from: usize, to: usize, role| line.within(role, from, to).next().is_some();
    if parts.is_empty()
        || open(whole.span.end, end, Role::Rough)
        || open(whole.span.end, end, Role::RoughAfter)
        || open(after, end, Role::Comparison)
        || rough(line, whole)
    {
        return None;
    }
    let sum: Number = parts.iter().map(|figure| figure.value).sum();
    // Parts may be of all that was counted before them, not of the last figure only.
    let all: Number = of(sentence, before).filter(same).map(|figure| figure.value).sum();
    let complete = is_complete(line, after, end, &parts) && !open(before, end, Role::OpenList);
    let wrong = sum > all.max(whole.value) || complete && sum < whole.value;
    let last = parts.last()?.span.end;
    let places = std::iter::once(whole).chain(parts.iter().copied()).map(|figure| figure.span.clone()).collect();
    wrong.then(|| List { quote: whole.span.start..last, whole: whole.value, sum, figures: places, unit: unit.to_owned() })
}

/// Whether a list means to give all parts: it stands behind a colon and is not short, or it ends with
/// what is left; and nothing follows it.
fn is_complete(line: &Line<'_>, after: usize, end: usize, parts: &[&Figure]) -> bool {
    let colon = line.text[after..].starts_with('：');
    let rest = line.within(Role::Rest, after, end).next().is_some();
    let last = parts.last().map_or(after, |figure| figure.span.end);
    let nothing_follows = line.text[last..end].chars().count() <= 1;
    nothing_follows && (colon && parts.len() >= 3 || rest && parts.len() >= 2)
}

fn rough(line: &Line<'_>, figure: &Figure) -> bool {
    line.touches(Role::Rough, figure.span.start, true) || line.touches(Role::RoughAfter, figure.unit.start, false)
}

/// Whether a text leaves no bracket open: figures in brackets explain a part.
fn is_outside(text: &str) -> bool {
    text.matches('（').count() <= text.matches('）').count()
}

/// Where a list ends: at the end of its sentence, of its half, or of the brackets around it.
fn end_of_list(text: &str, after: usize) -> usize {
    let mut depth = 0usize;
    for (at, c) in text[after..].char_indices().take(1500) {
        match c {
            '（' => depth += 1,
            '）' if depth == 0 => return after + at,
            '）' => depth -= 1,
            '；' => return after + at,
            c if SENTENCE_ENDS.contains(&c) => return after + at,
            _ => {}
        }
    }
    text[after..].char_indices().nth(1500).map_or(text.len(), |(at, _)| after + at)
}
