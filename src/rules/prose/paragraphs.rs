//! Markdown → paragraphs of plain, normalised text, each byte of which knows its place in the file.
//!
//! Tables, code, HTML and addresses of links are left out; full-width digits and ASCII punctuation are
//! folded, since reports mix them; white space goes, as Chinese needs none.

use std::borrow::Cow;

use memchr::memmem;

use crate::text::{Span, han_length, whole_lines};

/// The prose of a report as its rules read it.
#[derive(Debug, Default)]
pub struct Prose {
    /// Its paragraphs, headings included.
    pub(in crate::rules) paragraphs: Vec<Paragraph>,
}

impl Prose {
    /// The prose that stands in `text[span]`.
    pub fn of(text: &str, span: Span) -> Self {
        Self { paragraphs: paragraphs(text, span) }
    }
}

/// One paragraph, list item or heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::rules) struct Paragraph {
    /// Whether it is a heading.
    pub(in crate::rules) heading: bool,
    /// Its text, normalised.
    pub(in crate::rules) text: String,
    /// Where the text comes from: runs in order, each to the next one's start.
    runs: Vec<Run>,
}

/// A stretch of a paragraph's text and where it comes from in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// Where it begins in the paragraph's text.
    at: u32,
    /// Where it begins in the file.
    from: u32,
    /// Whether it stands in the file byte for byte; if not, all of it comes from one character there.
    verbatim: bool,
}

impl Paragraph {
    /// A range of the text as a range of the file, whose text is `file`.
    pub(in crate::rules) fn in_file(&self, range: Span, file: &str) -> Span {
        if self.runs.is_empty() {
            return 0..0;
        }
        let start = self.origin(range.start);
        let mut last = range.end.max(range.start + 1).min(self.text.len()) - 1;
        while !self.text.is_char_boundary(last) {
            last -= 1;
        }
        let last = self.origin(last);
        start..last + file[last..].chars().next().map_or(0, char::len_utf8)
    }

    /// The offset in the file of the character that begins at `at` in the text.
    pub(in crate::rules) fn origin(&self, at: usize) -> usize {
        let run = self.runs.partition_point(|run| run.at as usize <= at).saturating_sub(1);
        let Run { at: start, from, verbatim } = self.runs[run];
        from as usize + if verbatim { at - start as usize } else { 0 }
    }

    /// Adds a character that stands in the file at `from`, as it is or in another form.
    fn push(&mut self, c: char, from: usize, verbatim: bool) {
        self.begin(from, verbatim);
        self.text.push(c);
    }

    /// Adds text that stands in the file at `from`, as it is.
    fn push_verbatim(&mut self, text: &str, from: usize) {
        self.begin(from, true);
        self.text.push_str(text);
    }

    /// Notes where what is added next comes from.
    fn begin(&mut self, from: usize, verbatim: bool) {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let at = self.text.len();
        let goes_on = verbatim && self.runs.last().is_some_and(|run| run.verbatim && run.from as usize + at - run.at as usize == from);
        if !goes_on {
            self.runs.push(Run { at: narrow(at), from: narrow(from), verbatim });
        }
    }

    /// The same paragraph with some years replaced by other words: "2022年" by "上年". A replacement comes from
    /// where the year stood.
    pub(in crate::rules) fn with_years(&self, replacements: &[(String, &str)]) -> Cow<'_, Self> {
        let mut out = Self { heading: self.heading, ..Self::default() };
        let mut at = 0;
        for sign in memmem::find_iter(self.text.as_bytes(), YEAR) {
            let end = sign + YEAR.len();
            let Some((word, by)) = replacements.iter().find(|(word, _)| self.text[at..end].ends_with(word.as_str())) else { continue };
            let start = end - word.len();
            out.append(self, at..start);
            // The ends of the replacement are the ends of the year, for what is quoted.
            let places = [self.origin(start), self.origin(sign)];
            let last = by.chars().count() - 1;
            by.chars().enumerate().for_each(|(index, c)| out.push(c, places[usize::from(index == last)], false));
            at = end;
        }
        if at == 0 {
            return Cow::Borrowed(self);
        }
        out.append(self, at..self.text.len());
        Cow::Owned(out)
    }

    /// Adds a stretch of another paragraph.
    fn append(&mut self, other: &Self, range: Span) {
        let first = other.runs.partition_point(|run| run.at as usize <= range.start).saturating_sub(1);
        for (index, run) in other.runs.iter().enumerate().skip(first) {
            let start = range.start.max(run.at as usize);
            let end = range.end.min(other.runs.get(index + 1).map_or(other.text.len(), |next| next.at as usize));
            if start >= end {
                return;
            }
            self.push_verbatim(&other.text[start..end], other.origin(start));
        }
    }
}

/// What years end in.
const YEAR: &[u8] = "年".as_bytes();

/// The paragraphs of `text[span]`, headings included.
fn paragraphs(text: &str, span: Span) -> Vec<Paragraph> {
    let mut reader = Reader::default();
    let mut at = span.start;
    for line in whole_lines(&text[span]) {
        reader.line(line, at);
        at += line.len();
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    done: Vec<Paragraph>,
    open: Paragraph,
    fence: Option<&'static str>,
    comment: bool,
}

impl Reader {
    fn line(&mut self, line: &str, at: usize) {
        let body = line.trim();
        if let Some(fence) = self.fence {
            if body.starts_with(fence) {
                self.fence = None;
            }
            return;
        }
        if let Some(fence) = ["```", "~~~"].into_iter().find(|fence| body.starts_with(fence)) {
            self.break_off();
            self.fence = Some(fence);
            return;
        }
        if body.is_empty() || body.starts_with('|') {
            self.break_off();
            return;
        }
        let indent = line.len() - line.trim_start().len();
        if body.starts_with('#') {
            self.break_off();
            let title = body.trim_start_matches('#');
            self.open.heading = true;
            self.inline(title.trim_end_matches('#'), at + indent + body.len() - title.len());
            self.break_off();
            return;
        }
        let marker = marker_length(body);
        if marker > 0 {
            self.break_off();
        }
        self.inline(&body[marker..], at + indent + marker);
    }

    /// Takes the text of a line without its marks.
    fn inline(&mut self, text: &str, at: usize) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let here = at + text.len() - rest.len();
            let plain = if self.comment { 0 } else { plain_length(rest) };
            if plain > 0 {
                self.open.push_verbatim(&rest[..plain], here);
                rest = &rest[plain..];
                continue;
            }
            let skipped = self.markup(rest);
            if skipped > 0 {
                rest = &rest[skipped..];
                continue;
            }
            rest = &rest[c.len_utf8()..];
            if let Some(folded) = self.fold(c, rest) {
                self.open.push(folded, here, folded == c);
            }
        }
    }

    /// How many bytes of markup stand here.
    fn markup(&mut self, rest: &str) -> usize {
        if self.comment {
            let end = rest.find("-->");
            self.comment = end.is_none();
            return end.map_or(rest.len(), |end| end + 3);
        }
        let bytes = rest.as_bytes();
        match bytes[0] {
            b'*' | b'`' | b'~' => 1,
            b'\\' if bytes.get(1).is_some_and(u8::is_ascii_punctuation) => 1,
            b'!' if bytes.get(1) == Some(&b'[') => 2,
            b'[' => 1,
            // The address of a link; without its end the bracket is only a bracket.
            b']' if bytes.get(1) == Some(&b'(') => rest.bytes().take(512).position(|byte| byte == b')').map_or(1, |end| end + 1),
            b']' => 1,
            b'<' if rest.starts_with("<!--") => {
                self.comment = true;
                4
            }
            b'<' if bytes.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/') => {
                rest.bytes().take(512).position(|byte| byte == b'>').map_or(1, |end| end + 1)
            }
            b'&' if rest.starts_with("&nbsp;") => 6,
            _ => 0,
        }
    }

    /// A character as it is compared; white space only parts digits from digits.
    fn fold(&self, c: char, rest: &str) -> Option<char> {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        Some(match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '．' => '.',
            '％' => '%',
            '(' => '（',
            ')' => '）',
            ',' => '，',
            ':' => '：',
            ';' => '；',
            '?' => '？',
            '!' => '！',
            '\u{200b}' | '\u{feff}' | '\u{2060}' => return None,
            c if c.is_whitespace() => {
                let between = digit(self.open.text.chars().next_back()) && digit(rest.trim_start().chars().next());
                return between.then_some(' ');
            }
            c => c,
        })
    }

    fn break_off(&mut self) {
        if !self.open.text.is_empty() {
            self.done.push(std::mem::take(&mut self.open));
        }
        self.open.heading = false;
    }

    fn finish(mut self) -> Vec<Paragraph> {
        self.break_off();
        self.done
    }
}

/// How many bytes at the start are taken as they are: Han characters, the marks between them, ASCII letters
/// and digits, which are nearly all of a report.
fn plain_length(text: &str) -> usize {
    let mut at = 0;
    loop {
        at += han_length(&text[at..]);
        at += match &text.as_bytes()[at..] {
            [b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z', ..] => 1,
            // 、。《》“”—…（），：；？！ and their like, but not the wide space, the wide point and the wide per cent.
            [0xe3, 0x80, 0x81..=0xbf, ..] | [0xe2, 0x80, 0x90..=0xa7, ..] => 3,
            [0xef, 0xbc, 0x81..=0x84 | 0x86..=0x8d | 0x8f | 0x9a..=0x9f, ..] => 3,
            _ => return at,
        };
    }
}

/// The length of a list or quotation mark at the start of a line.
fn marker_length(body: &str) -> usize {
    let rest = body.trim_start_matches('>');
    let quoted = body.len() - rest.len();
    let rest = rest.trim_start();
    let start = if quoted > 0 { body.len() - rest.len() } else { 0 };
    for bullet in ["- ", "* ", "+ "] {
        if rest.starts_with(bullet) {
            return start + bullet.len();
        }
    }
    let digits = rest.bytes().take(9).take_while(u8::is_ascii_digit).count();
    let ordered = digits > 0 && (rest[digits..].starts_with(". ") || rest[digits..].starts_with(") "));
    if ordered { start + digits + 2 } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<(bool, String)> {
        paragraphs(text, 0..text.len()).into_iter().map(|p| (p.heading, p.text)).collect()
    }

    #[test]
    fn markup_goes_and_widths_are_folded() {
        let text = "## 一、总体情况\n\n新收 **１２** 件(见[表](a.pdf))，\n办结 3 件。\n- 第一<br>条\n1. 第二条\n";
        let expected = [(true, "一、总体情况"), (false, "新收12件（见表），办结3件。"), (false, "第一条"), (false, "第二条")];
        assert_eq!(plain(text), expected.map(|(heading, text)| (heading, text.to_owned())));
    }

    #[test]
    fn tables_code_and_comments_are_no_prose() {
        assert_eq!(plain("| 甲 | 1件 |\n```\n2件\n```\n<!-- 3件\n4件 -->5件\n"), [(false, "5件".to_owned())]);
    }

    /// What is taken as it stands would be taken so one character at a time too.
    #[test]
    fn plain_characters_are_no_marks_and_fold_to_themselves() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            if plain_length(&text) > 0 {
                let mut reader = Reader::default();
                assert_eq!((plain_length(&text), reader.markup(&text), reader.fold(c, "")), (text.len(), 0, Some(c)), "{c}");
            }
        }
        assert_eq!(plain_length("公开（A，1）、“甲”。 "), "公开（A，1）、“甲”。".len());
    }

    /// Replacing years is replacing words; what stays keeps its place.
    #[test]
    fn years_are_replaced_and_the_rest_keeps_its_place() {
        let text = "２０22年**新收** ( 12 ) 件，2023年年底12022年、2021年";
        let paragraph = paragraphs(text, 0..text.len()).remove(0);
        let years = [("2022年".to_owned(), "本年"), ("2021年".to_owned(), "上年"), ("2023年".to_owned(), "下年")];
        let replaced = paragraph.with_years(&years);
        assert_eq!(replaced.text, "本年新收（12）件，下年年底1本年、上年");
        let quote = |word: &str| {
            let at = replaced.text.find(word).unwrap_or_default();
            &text[replaced.in_file(at..at + word.len(), text)]
        };
        assert_eq!(
            [quote("新收"), quote("（12）"), quote("年底"), quote("件，下年"), quote("本年")],
            ["新收", "( 12 )", "年底", "件，2023年", "２０22年"]
        );
        assert!(matches!(paragraph.with_years(&[("2020年".to_owned(), "上年")]), Cow::Borrowed(_)));
    }

    /// "12 3" is two figures, "新收 12" is not.
    #[test]
    fn spaces_part_digits_only() {
        assert_eq!(plain("新收 12 3 件"), [(false, "新收12 3件".to_owned())]);
    }

    #[test]
    fn every_character_knows_its_place() {
        let text = "2022年新收 **１２** 件";
        let paragraph = paragraphs(text, 0..text.len()).remove(0);
        let at = paragraph.text.find("12件").unwrap_or_default();
        assert_eq!(&text[paragraph.in_file(at..at + 2, text)], "１２");
        let paragraph = paragraph.with_years(&[("2022年".to_owned(), "上年")]);
        assert_eq!(paragraph.text, "上年新收12件");
        assert_eq!(&text[paragraph.in_file(0..6, text)], "2022年");
        assert_eq!(&text[paragraph.in_file(6..paragraph.text.len(), text)], "新收 **１２** 件");
    }
}
