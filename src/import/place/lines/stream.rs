//! The text of a document's lines as one sequence of characters and figures, each with its line.

use std::ops::Range;

use crate::import::block::{Block, Place};
use crate::import::lines::{TextLine, Token};
use crate::import::place::figure::is_value;

use super::Anchor;
use super::anchors::MOST_OCCURRENCES;

/// One item of the text.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Char(char),
    Figure { text: String, middle: f32 },
}

/// The text of all line blocks as a sequence.
pub(super) struct Stream {
    /// Each with its line.
    pub(super) items: Vec<(Item, usize)>,
    /// For each item, which word it is part of.
    pub(super) words: Vec<usize>,
    /// For each line: its block, its index in it, its place.
    pub(super) lines: Vec<(usize, usize, Place)>,
    /// For each line: its text.
    pub(super) texts: Vec<String>,
}

impl Stream {
    pub(super) fn of(blocks: &[Block]) -> Self {
        let mut stream = Self { items: Vec::new(), words: Vec::new(), lines: Vec::new(), texts: Vec::new() };
        for (block, content) in blocks.iter().enumerate() {
            if let Block::Lines(lines) = content {
                for (index, line) in lines.iter().enumerate() {
                    stream.push(line, block, index);
                }
            }
        }
        stream
    }

    fn push(&mut self, line: &TextLine, block: usize, index: usize) {
        let at = self.lines.len();
        self.lines.push((block, index, line.place));
        self.texts.push(line.text());
        for (in_words, piece) in line.tokens.iter().flat_map(told_pieces) {
            // The stroke of 本年增 / 减 is no "not applicable".
            let may_be_figure = !in_words || piece.text.contains(|c: char| c.is_numeric());
            if may_be_figure && is_value(&piece.text) {
                self.items.push((Item::Figure { middle: (piece.left + piece.right) / 2.0, text: piece.text }, at));
            } else {
                let chars = piece.text.chars().filter(|c| c.is_alphanumeric());
                self.items.extend(chars.map(|c| (Item::Char(c), at)));
            }
            let word = self.words.last().map_or(0, |word| word + 1);
            self.words.resize(self.items.len(), word);
        }
    }

    pub(super) fn char_at(&self, index: usize) -> Option<char> {
        match self.items.get(index)?.0 {
            Item::Char(c) => Some(c),
            Item::Figure { .. } => None,
        }
    }

    /// All places where a text stands, figures of the same line between its characters not counted.
    pub(super) fn occurrences(&self, text: &str) -> Vec<Anchor> {
        let wanted: Vec<char> = text.chars().collect();
        let Some(first) = wanted.first() else { return Vec::new() };
        let starts = (0..self.items.len()).filter(|at| self.char_at(*at) == Some(*first));
        starts.filter_map(|start| self.matches_at(start, &wanted)).take(MOST_OCCURRENCES).collect()
    }

    fn matches_at(&self, start: usize, wanted: &[char]) -> Option<Anchor> {
        let mut at = start;
        for (index, c) in wanted.iter().enumerate() {
            if index > 0 && self.char_at(at).is_none() {
                return None;
            }
            if self.char_at(at) != Some(*c) {
                return None;
            }
            at += 1;
        }
        Some(start..at)
    }

    /// Whether a range is a word of its own, but for the number of an item before it.
    pub(super) fn stands_alone(&self, anchor: &Anchor) -> bool {
        let word = self.words[anchor.start];
        let mut before = (0..anchor.start).rev().take(6).take_while(|at| self.words[*at] == word).filter_map(|at| self.char_at(at));
        let ends = self.words.get(anchor.end).is_none_or(|next| *next != self.words[anchor.end - 1]);
        ends && before.all(|c| c.is_numeric() || "一二三四五六七八九十".contains(c))
    }

    /// The letters and digits of a line, figures left out.
    pub(super) fn line_text(&self, line: usize) -> String {
        let start = self.items.partition_point(|(_, at)| *at < line);
        self.items[start..]
            .iter()
            .take_while(|(_, at)| *at == line)
            .filter_map(|(item, _)| if let Item::Char(c) = item { Some(*c) } else { None })
            .collect()
    }

    pub(super) fn figures(&self, range: Range<usize>) -> Vec<(usize, String, f32)> {
        let figure = |at: usize| match &self.items[at] {
            (Item::Figure { text, middle }, line) => Some((*line, text.clone(), *middle)),
            _ => None,
        };
        range.filter_map(figure).collect()
    }
}

/// Whether a token has words beside figures and marks.
fn has_words(token: &Token) -> bool {
    token.text.split_whitespace().any(|piece| !is_value(piece))
}

/// A token's pieces, each with whether the token has words.
fn told_pieces(token: &Token) -> impl Iterator<Item = (bool, Token)> + use<> {
    let in_words = has_words(token);
    pieces(token).into_iter().map(move |piece| (in_words, piece))
}

/// A token's pieces, apart by white space, with positions in proportion.
fn pieces(token: &Token) -> Vec<Token> {
    let length = token.text.chars().count().max(1) as f32;
    let width = (token.right - token.left) / length;
    let mut pieces: Vec<Token> = Vec::new();
    let mut open = false;
    for (index, c) in token.text.chars().enumerate() {
        let left = token.left + width * index as f32;
        if c.is_whitespace() {
            open = false;
        } else if let Some(piece) = pieces.last_mut().filter(|_| open) {
            piece.text.push(c);
            piece.right = left + width;
        } else {
            pieces.push(Token { left, right: left + width, text: c.to_string() });
            open = true;
        }
    }
    pieces
}
