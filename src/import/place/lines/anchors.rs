//! Where the form's labels stand in the text: unbroken ones first, then those broken over lines.

use std::ops::Range;

use crate::form::{Label, normalise_label};
use crate::import::place::align::common;

use super::Anchor;
use super::stream::Stream;

/// Occurrences of labels beyond which a text is no report: the chain is quadratic in them.
pub(super) const MOST_OCCURRENCES: usize = 4_000;

/// Items before the first or behind the last found label in which others are looked for.
const WINDOW: usize = 240;

/// Occurrences of the labels in the form's order: as many as possible, close together.
pub(super) fn chain(stream: &Stream, labels: &[&Label]) -> Vec<Option<Anchor>> {
    let mut found: Vec<(usize, Anchor)> = Vec::new();
    for (row, label) in labels.iter().enumerate() {
        for text in std::iter::once(&label.text).chain(&label.variants) {
            let text = normalise_label(text);
            let short = text.chars().count() < 5;
            found.extend(
                stream.occurrences(&text).into_iter().filter(|anchor| !short || stream.stands_alone(anchor)).map(|anchor| (row, anchor)),
            );
        }
    }
    if found.len() > MOST_OCCURRENCES {
        return vec![None; labels.len()];
    }
    found.sort_by_key(|(row, anchor)| (anchor.start, *row));
    // The best chain that ends with each occurrence.
    let mut best: Vec<(i64, Option<usize>)> = Vec::with_capacity(found.len());
    for (at, (row, anchor)) in found.iter().enumerate() {
        let before = (0..at).filter(|other| found[*other].0 < *row && found[*other].1.end <= anchor.start);
        let gap = |other: usize| i64::try_from(anchor.start - found[other].1.end).unwrap_or(i64::MAX).min(900);
        let previous =
            before.map(|other| (best[other].0 - gap(other), other)).max_by_key(|(score, _)| *score).filter(|(score, _)| *score > 0);
        best.push((1_000 + previous.map_or(0, |(score, _)| score), previous.map(|(_, other)| other)));
    }
    let mut anchors = vec![None; labels.len()];
    let mut at = (0..found.len()).max_by_key(|at| best[*at].0);
    while let Some(index) = at {
        let (row, anchor) = &found[index];
        anchors[*row] = Some(anchor.clone());
        at = best[index].1;
    }
    anchors
}

/// Looks for labels that are broken over lines, between their found neighbours.
pub(super) fn find_broken(stream: &Stream, labels: &[&Label], anchors: &mut [Option<Anchor>]) {
    for row in 0..labels.len() {
        if anchors[row].is_some() {
            continue;
        }
        let before = anchors[..row].iter().flatten().next_back().map(|anchor| anchor.end);
        let after = anchors[row..].iter().flatten().next().map(|anchor| anchor.start);
        let from = before.or_else(|| Some(after?.saturating_sub(WINDOW))).unwrap_or(0);
        let to = after.unwrap_or(from + WINDOW).min(stream.items.len());
        let wanted: Vec<char> = normalise_label(&labels[row].text).chars().collect();
        anchors[row] = broken(stream, &wanted, from..to);
    }
}

/// The tightest stretch that holds most of a label's characters in order.
fn broken(stream: &Stream, wanted: &[char], range: Range<usize>) -> Option<Anchor> {
    let chars: Vec<(usize, char)> = range.filter_map(|at| stream.char_at(at).map(|c| (at, c))).collect();
    let first: Vec<char> = wanted.iter().take(3).copied().collect();
    let starts = (0..chars.len()).filter(|at| first.first() == Some(&chars[*at].1));
    let stretch = |start: usize| {
        let end = (start + wanted.len() * 2).min(chars.len());
        let text: Vec<char> = chars[start..end].iter().map(|(_, c)| *c).collect();
        let score = common(wanted, &text);
        let length = (1..=text.len()).find(|length| common(wanted, &text[..*length]) == score).unwrap_or(text.len());
        (score, chars[start].0..chars[start + length - 1].0 + 1)
    };
    let (score, anchor) = starts.map(stretch).max_by_key(|(score, anchor)| (*score, std::cmp::Reverse(anchor.len())))?;
    let enough = if wanted.len() < 4 { score == wanted.len() } else { score * 4 >= wanted.len() * 3 };
    enough.then_some(anchor)
}
