//! Page numbers and running heads are taken out of the text and noted.

use std::collections::BTreeMap;

use super::Piece;
use crate::import::block::{Document, NoteKind};

/// All pieces in order, without what repeats at the edges of pages.
pub(super) fn without(pages: Vec<Vec<Piece>>, document: &mut Document) -> Vec<Piece> {
    let edges: Vec<Vec<String>> = pages.iter().map(|page| edge_texts(page)).collect();
    let repeated = repeated(&edges);
    let offset = page_offset(&edges);
    let mut pieces = Vec::new();
    for (number, page) in pages.into_iter().enumerate() {
        let last = page.len().saturating_sub(1);
        for (index, piece) in page.into_iter().enumerate() {
            if let Piece::Line(line) = &piece
                && (index <= 1 || index + 1 >= last)
            {
                let text = line.text();
                if is_page_number(&text, number, offset) || repeated.contains_key(&pattern(&text)) {
                    document.note(NoteKind::RunningHead, text, line.place);
                    continue;
                }
            }
            pieces.push(piece);
        }
    }
    pieces
}

fn edge_texts(page: &[Piece]) -> Vec<String> {
    let line = |piece: &Piece| match piece {
        Piece::Line(line) => Some(line.text()),
        Piece::Table(..) => None,
    };
    [page.first(), page.last()].into_iter().flatten().filter_map(line).collect()
}

/// Lines that stand first or last on at least three pages, and on most, numbers aside.
pub(crate) fn repeated(edges: &[Vec<String>]) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for texts in edges {
        let patterns: std::collections::BTreeSet<String> = texts.iter().map(|text| pattern(text)).collect();
        for pattern in patterns {
            *counts.entry(pattern).or_default() += 1;
        }
    }
    let most = edges.len() / 2;
    counts.retain(|text, count| *count >= 3 && *count > most && text.chars().any(char::is_alphabetic));
    counts
}

/// A line with its digits made alike.
pub(crate) fn pattern(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// What a bare number at the edge of a page differs from the page's index by, if it is the same on at
/// least two pages: only then is a bare number known to be a page number, and no figure.
pub(crate) fn page_offset(edges: &[Vec<String>]) -> Option<i64> {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for (index, texts) in edges.iter().enumerate() {
        let offsets: std::collections::BTreeSet<i64> = texts.iter().filter_map(|text| bare(text)).map(|n| n - at(index)).collect();
        for offset in offsets {
            *counts.entry(offset).or_default() += 1;
        }
    }
    counts.into_iter().filter(|(_, count)| *count >= 2).max_by_key(|(_, count)| *count).map(|(offset, _)| offset)
}

fn at(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

fn bare(text: &str) -> Option<i64> {
    crate::number::normalise(text).parse().ok().filter(|n| (0..1000).contains(n))
}

/// "- 4 -", "— 4 —", "第 4 页", "4/6", "第4页 共6页"; or the bare number of this page.
pub(crate) fn is_page_number(text: &str, index: usize, offset: Option<i64>) -> bool {
    let plain = crate::number::normalise(text);
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let rest: String = plain.chars().filter(|c| !(c.is_ascii_digit() || matches!(c, ',' | '，'))).collect();
    let frames = ["--", "——", "––", "··", "第页", "第页共页", "第页/共页", "共页第页", "————"];
    let framed = (1..=6).contains(&digits) && frames.contains(&rest.as_str());
    framed || (offset.is_some() && bare(text).map(|n| n - at(index)) == offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_known_in_their_usual_dress() {
        for text in ["- 4 -", "— 12 —", "第 4 页", "第4页 共6页", "－４－"] {
            assert!(is_page_number(text, 0, None), "{text}");
        }
        for text in ["2020", "4", "4、结转下年度", "0 0 0 0 0 0 0", "第二十条"] {
            assert!(!is_page_number(text, 3, None), "{text}");
        }
    }

    /// A bare number is a page number only if it counts the pages.
    #[test]
    fn bare_numbers_must_count_the_pages() {
        let edges = |numbers: [&str; 3]| numbers.map(|n| vec![n.to_owned()]);
        assert_eq!(page_offset(&edges(["3", "4", "5"])), Some(3));
        assert_eq!(page_offset(&edges(["0", "0", "7"])), None);
        assert!(is_page_number("4", 1, Some(3)) && !is_page_number("0", 1, Some(3)));
    }
}
