//! The prose of two reports: section by section, sentence by sentence, and word by word where sentences are
//! nearly the same.

use std::ops::Range;

use super::parts::{Comparer, Part, Text, Texts};
use crate::form::Form;
use crate::report::Body;

/// The sentences of a report's prose without the marks of Markdown: enough for comparing, not for
/// showing. A report is compared with the one before and with the one after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentences {
    /// The sentences, one behind the other.
    words: String,
    /// Where each stands.
    sentences: Vec<Text>,
    /// Which of them are those of each section of the form.
    sections: Vec<Range<usize>>,
}

/// A piece of a changed passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Stands in both.
    Same(&'t str),
    /// Stood in last year's only.
    Gone(&'t str),
    /// Stands in this year's only.
    New(&'t str),
}

/// A changed passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Index of the section in this year's form.
    pub section: usize,
    /// Which pieces are its.
    pub pieces: Range<usize>,
}

impl Sentences {
    /// The prose of a report in `form` whose file has `text` with the sections of `body`.
    pub fn of(text: &str, body: &Body, form: &Form) -> Self {
        let mut read = Self { words: String::with_capacity(text.len()), ..Self::default() };
        for section in 0..form.sections.len() {
            let first = read.sentences.len();
            if let Some(section) = body.section(section) {
                read.read(&text[section.content.clone()]);
            }
            read.sections.push(first..read.sentences.len());
        }
        read
    }

    /// The sentences of a section.
    fn section(&self, section: usize) -> Texts<'_, '_> {
        let range = self.sections.get(section).cloned().unwrap_or_default();
        Texts { whole: &self.words, each: &self.sentences[range] }
    }

    /// Sentences with the marks that end them; a clause that ends in ； is one too, and a line before an empty one.
    fn read(&mut self, markdown: &str) {
        let mut start = self.words.len();
        for line in markdown.lines() {
            let line = line.trim().trim_start_matches(['#', '>']).trim_start();
            let line = line.strip_prefix("- ").unwrap_or(line);
            if line.is_empty() {
                start = self.end(start);
                continue;
            }
            let mut rest = line;
            while let Some((before, mark, after)) = next_mark(rest) {
                match mark {
                    "*" | "`" => self.words.push_str(before),
                    "|" => {
                        self.words.push_str(before);
                        self.words.push(' ');
                    }
                    end => {
                        self.words.push_str(&rest[..before.len() + end.len()]);
                        start = self.end(start);
                    }
                }
                rest = after;
            }
            self.words.push_str(rest);
        }
        self.end(start);
    }

    /// Ends the sentence that begins at `start`; says where the next one does.
    fn end(&mut self, start: usize) -> usize {
        if self.words[start..].trim_start().is_empty() {
            self.words.truncate(start);
        } else {
            self.sentences.push(Text::at(start..self.words.len(), &self.words));
        }
        self.words.len()
    }
}

/// What stands before a mark of Markdown or one that ends a sentence, the mark, and what stands behind it.
fn next_mark(text: &str) -> Option<(&str, &str, &str)> {
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        let long = match byte {
            b'*' | b'`' | b'|' => 1,
            // The marks of Chinese begin like this; other Han characters are passed over whole.
            0xE3 | 0xEF if matches!(text.get(at..at + 3), Some("。" | "；" | "！" | "？")) => 3,
            0xE0.. => {
                at += 3;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let (before, rest) = text.split_at(at);
        let (mark, after) = rest.split_at(long);
        return Some((before, mark, after));
    }
    None
}

/// Prose while its sections are compared. Lengths are in bytes.
#[derive(Default)]
pub(super) struct Comparison<'t> {
    pub(super) same: usize,
    pub(super) whole: usize,
    pub(super) passages: Vec<Passage>,
    pub(super) pieces: Vec<Piece<'t>>,
    comparer: Comparer,
    words: [Vec<Text>; 2],
}

impl<'t> Comparison<'t> {
    /// Compares a section of this year's report with that of last year's, if it has one.
    pub(super) fn section(&mut self, section: usize, now: &'t Sentences, last: Option<(&'t Sentences, usize)>) {
        let before = last.map_or(Texts { whole: "", each: &[] }, |(last, section)| last.section(section));
        let after = now.section(section);
        self.whole += after.joined().len();
        for part in self.comparer.parts(before, after) {
            let first = self.pieces.len();
            match part {
                Part::Same(same) => {
                    self.same += after.some(same).joined().len();
                    continue;
                }
                Part::Other(gone, new) if new.is_empty() => self.pieces.push(Piece::Gone(before.some(gone).joined())),
                Part::Other(gone, new) if gone.is_empty() => self.pieces.push(Piece::New(after.some(new).joined())),
                Part::Other(gone, new) => self.replaced(before.some(gone), after.some(new)),
            }
            self.passages.push(Passage { section, pieces: first..self.pieces.len() });
        }
    }

    /// Sentences in the place of others: those in the same position that are nearly the same are compared
    /// word by word, the others stand as gone and new.
    fn replaced(&mut self, before: Texts<'t, '_>, after: Texts<'t, '_>) {
        for at in 0..before.each.len().max(after.each.len()) {
            match (before.get(at), after.get(at)) {
                (Some(old), Some(new)) if nearly_the_same(old, new) => self.word_by_word(old, new),
                (old, new) => {
                    self.pieces.extend(old.map(Piece::Gone));
                    self.pieces.extend(new.map(Piece::New));
                }
            }
        }
    }

    fn word_by_word(&mut self, old: &'t str, new: &'t str) {
        let [before, after] = &mut self.words;
        let (before, after) = (words(old, before), words(new, after));
        for part in joined(self.comparer.parts(before, after)) {
            match part {
                Part::Same(words) => {
                    let words = after.some(words).joined();
                    self.same += words.len();
                    self.pieces.push(Piece::Same(words));
                }
                Part::Other(gone, new) => {
                    self.pieces.extend((!gone.is_empty()).then(|| Piece::Gone(before.some(gone).joined())));
                    self.pieces.extend((!new.is_empty()).then(|| Piece::New(after.some(new).joined())));
                }
            }
        }
    }
}

/// Whether two sentences begin and end alike for at least two fifths of the longer.
fn nearly_the_same(old: &str, new: &str) -> bool {
    let longer = old.len().max(new.len());
    if longer >= 1500 {
        return false;
    }
    let start = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let start = old.floor_char_boundary(start);
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.bytes().rev().zip(new.bytes().rev()).take_while(|(a, b)| a == b).count();
    let end = old.len() - old.ceil_char_boundary(old.len() - end);
    (start + end) * 5 >= longer * 2
}

/// The same with a word or two between longer changes counted among them: a lone 的 that two phrases have
/// in common is chance, and tears both apart for the reader.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let is_long = |part: &Part| matches!(part, Part::Other(gone, new) if gone.len().max(new.len()) > 1);
    let mut out: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        if let [.., Part::Other(gone, new), Part::Same(same)] = &mut out[..]
            && let Part::Other(next_gone, next_new) = &part
            && same.len() <= 2
            && is_long(&part)
            && gone.len().max(new.len()) > 1
        {
            (gone.end, new.end) = (next_gone.end, next_new.end);
            out.pop();
            continue;
        }
        out.push(part);
    }
    out
}

/// Numbers and Latin words as a whole, everything else character by character.
fn words<'t, 'e>(whole: &'t str, each: &'e mut Vec<Text>) -> Texts<'t, 'e> {
    let of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'%' | b',');
    each.clear();
    let mut rest = whole;
    while let Some(first) = rest.chars().next() {
        let start = whole.len() - rest.len();
        let long = rest.bytes().take_while(of_word).count();
        let lone = long <= 1;
        let long = if lone { first.len_utf8() } else { long };
        each.push(if lone { Text::character(first, start) } else { Text::at(start..start + long, whole) });
        rest = &rest[long..];
    }
    Texts { whole, each }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn compared<'t>(old: &'t str, new: &'t str) -> Vec<Piece<'t>> {
        let mut comparison = Comparison::default();
        comparison.word_by_word(old, new);
        comparison.pieces
    }

    fn sentences(text: &str) -> Vec<String> {
        let mut sentences = Sentences::default();
        sentences.read(text);
        sentences.sentences.iter().map(|sentence| sentences.words[sentence.span.clone()].to_owned()).collect()
    }

    /// What two phrases have in common by chance does not tear them apart; figures stay apart.
    #[test]
    fn chance_does_not_tear_phrases_apart() {
        let expected = [Piece::Same("本年"), Piece::Gone("加强了培训的力度"), Piece::New("改进了平台的功能"), Piece::Same("。")];
        assert_eq!(compared("本年加强了培训的力度。", "本年改进了平台的功能。"), expected);
        let figures = compared("受理120件、办结35件。", "受理135件、办结40件。");
        assert_eq!(figures.iter().filter(|piece| matches!(piece, Piece::Same(_))).count(), 3, "{figures:?}");
    }

    #[test]
    fn words_keep_numbers_whole() {
        let mut each = Vec::new();
        let words = words("共127.082万元3%", &mut each);
        let texts: Vec<&str> = (0..words.each.len()).filter_map(|at| words.get(at)).collect();
        assert_eq!(texts, ["共", "127.082", "万", "元", "3%"]);
    }

    /// Characters are alike as a whole: 一 and 丁 have their first bytes in common.
    #[test]
    fn sentences_are_nearly_the_same_by_characters() {
        assert!(nearly_the_same("甲乙一丙丁", "甲乙二丙丁"));
        assert!(nearly_the_same("甲一二三丁", "甲四五六丁"));
        assert!(!nearly_the_same("一二三四五", "丁七丈万丌"));
        assert!(!nearly_the_same("甲一二三四丁", "甲五六七八丁"));
    }

    /// Marks of Markdown are no words; a line that ends goes on in the next, an empty line ends a sentence.
    #[test]
    fn sentences_end_at_marks_and_empty_lines() {
        assert_eq!(sentences("甲。乙；\n\n丙"), ["甲。", "乙；", "丙"]);
        assert_eq!(
            sentences("### （一）**主动**公开\n\n- 甲、\n`乙`！丙，丁？\n\n> |戊|\n"),
            ["（一）主动公开", "甲、乙！", "丙，丁？", " 戊 "]
        );
        assert_eq!(sentences("\n \n　\n**\n"), [""; 0]);
    }

    proptest! {
        /// Sentences are what they were by the plain way: marks taken out first, then split.
        #[test]
        fn sentences_are_those_of_the_plain_text(text in "([#>-]{0,2} {0,2}[甲、。；！？，*`| 　\\r]{0,8}\n){0,8}") {
            let lines = text.lines().map(|line| line.trim().trim_start_matches(['#', '>']).trim_start());
            let lines = lines.map(|line| line.strip_prefix("- ").unwrap_or(line));
            let plain: String = lines.map(|line| if line.is_empty() { "\n".to_owned() } else { line.replace(['*', '`'], "").replace('|', " ") }).collect();
            let split = plain.split_inclusive(['。', '；', '！', '？', '\n']).map(|sentence| sentence.trim_matches('\n'));
            let expected: Vec<&str> = split.filter(|sentence| !sentence.trim().is_empty()).collect();
            prop_assert_eq!(sentences(&text), expected);
        }

        /// Every word of both sentences is in a piece, in order.
        #[test]
        fn pieces_make_up_both_sentences(old in "[甲乙丙1a,。 ]{0,20}", new in "[甲乙丙1a,。 ]{0,20}") {
            let pieces = compared(&old, &new);
            let of = |is: fn(&Piece<'_>) -> bool| -> String {
                let texts = pieces.iter().filter(|piece| is(piece)).map(|piece| match piece {
                    Piece::Same(text) | Piece::Gone(text) | Piece::New(text) => *text,
                });
                texts.collect()
            };
            prop_assert_eq!(of(|piece| !matches!(piece, Piece::Gone(_))), new.as_str());
            // What stands in both is told by its place in the second: it is the same text in the first.
            prop_assert_eq!(of(|piece| !matches!(piece, Piece::New(_))), old.as_str());
        }
    }
}
