//! "其中：甲 n 条，乙 n 条": wholes and their parts within one sentence.

use super::figures::Figure;
use super::sentence::{Line, SENTENCE_ENDS};
use crate::form::{Narrative, Role, Vocabulary};
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
pub(in crate::rules) fn lists(line: &Line<'_>, narrative: &Narrative) -> Vec<List> {
    let mut found = Vec::new();
    let (mut until, mut nested) = (0, 0);
    for word in line.words.iter().filter(|word| word.is(Role::OfWhich) && line.text[word.start..word.end] == *"其中") {
        // Within a list another may explain a part; more than a few are no list that anybody wrote.
        if word.start < until {
            nested += 1;
        } else {
            (until, nested) = (end_of_list(line.text, word.end), 0);
        }
        if nested <= MOST_NESTED {
            found.extend(list(line, narrative, word.start..word.end));
        }
    }
    found
}

const MOST_NESTED: usize = 3;

fn list(line: &Line<'_>, narrative: &Narrative, word: Span) -> Option<List> {
    let (before, after) = (word.start, word.end);
    let end = end_of_list(line.text, after);
    let end = new_matter(line, narrative, after..end).unwrap_or(end);
    let sentence = start_of_sentence(line.text, before);
    let whole = line.figures_within(sentence, before).last().filter(|figure| !figure.unit.is_empty() && !figure.percent && !figure.han)?;
    let unit = &line.text[whole.unit.clone()];
    let same = |figure: &&Figure| line.text[figure.unit.clone()] == *unit && !figure.percent;
    let mut depth = Depth { at: after, open: 0 };
    let parts: Vec<&Figure> =
        line.figures_within(after, end).iter().filter(same).filter(|figure| depth.is_outside(line.text, figure.span.start)).collect();
    let open = |from: usize, to: usize, role| line.within(role, from, to).next().is_some();
    let rough_part = open(whole.span.end, end, Role::Rough) || open(whole.span.end, end, Role::RoughAfter);
    if parts.is_empty() || rough_part || open(after, end, Role::Comparison) || rough(line, whole) {
        return None;
    }
    let sum: Number = parts.iter().map(|figure| figure.value).sum();
    // Parts may be of all that was counted before them, not of the last figure only.
    let all: Number = line.figures_within(sentence, before).iter().filter(same).map(|figure| figure.value).sum();
    let complete = is_complete(line, after, end, &parts) && !open(before, end, Role::OpenList);
    // Where the first parts make up the whole, what follows them is something else.
    let mut so_far = Number::ZERO;
    let made_up = parts.iter().any(|figure| {
        so_far = so_far + figure.value;
        so_far == whole.value || so_far == all
    });
    // 不同渠道和方式公开相同信息计1条: what was published in several ways is one of the whole.
    let over = sum > all.max(whole.value) && !are_channels(line.text, after, &parts, whole.value);
    let wrong = !made_up && (over || complete && sum < whole.value);
    let last = parts.last()?.span.end;
    let places = std::iter::once(whole).chain(parts.iter().copied()).map(|figure| figure.span.clone()).collect();
    wrong.then(|| List { quote: whole.span.start..last, whole: whole.value, sum, figures: places, unit: unit.to_owned() })
}

/// Whether all parts are ways of publishing, none of them larger than the whole.
fn are_channels(text: &str, after: usize, parts: &[&Figure], whole: Number) -> bool {
    let starts = std::iter::once(after).chain(parts.iter().map(|part| part.span.end));
    let is_channel = |label: &str| Vocabulary::chinese().channels.iter().any(|word| label.contains(word.as_str()));
    starts.zip(parts).all(|(start, part)| part.value <= whole && is_channel(&text[start..part.span.start]))
}

/// Where a new matter begins behind the first part of a list: "……信函30件，|办结83件".
fn new_matter(line: &Line<'_>, narrative: &Narrative, list: Span) -> Option<usize> {
    let figures = line.figures_within(list.start, list.end);
    for pair in figures.windows(2) {
        let (from, to) = (pair[0].span.end, pair[1].span.start);
        let first = line.words.partition_point(|hit| hit.start < from);
        for hit in line.words[first..].iter().take_while(|hit| hit.end <= to) {
            let mark = line.mark_before(hit.start).max(from);
            let begins = |index: usize| {
                let statement = &narrative.statements[index];
                let told = statement.not_after.iter().any(|word| line.text[mark..hit.start].contains(word.as_str()));
                // "予以公开答复40件" is a part: there 答复 says nothing of its own.
                statement.ends_list && (!hit.is(Role::Neutral) || told || mark > from && line.is_filled(mark, hit.start, None))
            };
            if hit.statements().any(begins) {
                return Some(line.text[..mark].trim_end_matches(['，', '、']).len());
            }
        }
    }
    None
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

/// Brackets that are open at a place; places are asked for in order. Figures in brackets explain a part.
struct Depth {
    at: usize,
    open: usize,
}

impl Depth {
    fn is_outside(&mut self, text: &str, place: usize) -> bool {
        for c in text[self.at..place].chars() {
            match c {
                '（' => self.open += 1,
                '）' => self.open = self.open.saturating_sub(1),
                _ => {}
            }
        }
        self.at = place;
        self.open == 0
    }
}

/// Longer sentences than any that lists the parts of a whole, in bytes and in characters.
const LONGEST_BEFORE: usize = 3000;
const LONGEST_LIST: usize = 1500;

/// Where the sentence before a list begins.
fn start_of_sentence(text: &str, before: usize) -> usize {
    let mut floor = before.saturating_sub(LONGEST_BEFORE);
    while !text.is_char_boundary(floor) {
        floor += 1;
    }
    text[floor..before].rfind(SENTENCE_ENDS).map_or(floor, |at| floor + at)
}

/// Where a list ends: at the end of its sentence, of its half, or of the brackets around it.
fn end_of_list(text: &str, after: usize) -> usize {
    let mut depth = 0usize;
    for (at, c) in text[after..].char_indices().take(LONGEST_LIST) {
        match c {
            '（' => depth += 1,
            '）' if depth == 0 => return after + at,
            '）' => depth -= 1,
            '；' => return after + at,
            c if SENTENCE_ENDS.contains(&c) => return after + at,
            _ => {}
        }
    }
    text[after..].char_indices().nth(LONGEST_LIST).map_or(text.len(), |(at, _)| after + at)
}
