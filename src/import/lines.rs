//! Lines of set text (a PDF page, `pdftotext`): words with positions, of which paragraphs are made.
//!
//! Formats that only know lines do not tell where a paragraph or a cell ends. Readers keep the lines;
//! the placer first takes out those that belong to a table, and the rest becomes paragraphs here.
//! Positions are in ems (the width of one Han character), so that both formats are alike.

use super::block::{Block, Place, Runs};

/// A stretch of text without a wide gap in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Left edge in ems.
    pub left: f32,
    /// Right edge in ems.
    pub right: f32,
    /// The text.
    pub text: String,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TextLine {
    /// Its words, left to right.
    pub tokens: Vec<Token>,
    /// White space above it, in line heights beyond the usual; a new page counts as none.
    pub gap: f32,
    /// Where it stands.
    pub place: Place,
}

/// Floats of positions are never compared for figures, so equality is by value.
impl Eq for Token {}
impl Eq for TextLine {}

impl TextLine {
    /// The text, words apart by one space unless both sides are Han.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for token in &self.tokens {
            join(&mut text, &token.text);
        }
        text
    }

    fn left(&self) -> f32 {
        self.tokens.first().map_or(0.0, |token| token.left)
    }

    fn right(&self) -> f32 {
        self.tokens.last().map_or(0.0, |token| token.right)
    }
}

/// Appends the next stretch of a paragraph: a space only between two words of letters or digits.
fn join(text: &mut String, next: &str) {
    if let (Some(last), Some(first)) = (text.chars().next_back(), next.chars().next())
        && !super::block::is_blank_char(last)
        && !crate::text::is_wide(last)
        && !crate::text::is_wide(first)
    {
        text.push(' ');
    }
    text.push_str(next);
}

/// The edges of the text block, from the lines themselves.
struct Margins {
    left: f32,
    right: f32,
    /// The usual white space between lines.
    gap: f32,
}

impl Margins {
    fn of(lines: &[&TextLine]) -> Self {
        let mut lefts: Vec<f32> = lines.iter().map(|line| line.left()).collect();
        lefts.sort_by(f32::total_cmp);
        // Lines that were wrapped begin at the margin; a tenth of all lines is enough to know it.
        let left = lefts.get(lefts.len() / 10).copied().unwrap_or(0.0);
        let right = lines.iter().map(|line| line.right()).fold(0.0, f32::max);
        let mut gaps: Vec<f32> = lines.iter().map(|line| line.gap).collect();
        gaps.sort_by(f32::total_cmp);
        let gap = gaps.get(gaps.len() / 3).copied().unwrap_or(0.0);
        Self { left, right, gap }
    }
}

/// Makes paragraphs of lines.
pub fn paragraphs(lines: &[TextLine]) -> Vec<Block> {
    let lines: Vec<&TextLine> = lines.iter().filter(|line| !line.text().trim().is_empty()).collect();
    let margins = Margins::of(&lines);
    let mut blocks = Vec::new();
    let mut open: Option<(String, Place)> = None;
    let mut last: Option<&TextLine> = None;
    for line in lines {
        let text = line.text();
        match (&mut open, last) {
            (Some((paragraph, _)), Some(last)) if continues(last, line, &margins) => join(paragraph, text.trim()),
            _ => {
                blocks.extend(open.take().map(|(text, place)| Block::Paragraph { runs: Runs::plain(text), place }));
                open = Some((text.trim().to_owned(), line.place));
            }
        }
        last = Some(line);
    }
    blocks.extend(open.map(|(text, place)| Block::Paragraph { runs: Runs::plain(text), place }));
    blocks
}

/// Whether `line` goes on with the paragraph of the line before it.
fn continues(last: &TextLine, line: &TextLine, margins: &Margins) -> bool {
    let full = last.right() >= margins.right - 2.6;
    let indented = line.left() > margins.left + 1.2;
    let indented_alike = (line.left() - last.left()).abs() < 0.8 && last.left() > margins.left + 4.0;
    let text = line.text();
    let last_text = last.text();
    let ended = last_text.trim_end().ends_with(['。', '；', '：', '！', '？']);
    // A centred title over two lines: both stand away from the margin, and the first does not end.
    let title = indented_alike && !ended;
    full && (!indented || title) && line.gap < margins.gap + 1.0 && !(begins_item(&text) && ended)
}

/// "一、", "（二）", "3." at the start of a line.
fn begins_item(text: &str) -> bool {
    let stripped = crate::form::strip_numbering(text);
    stripped.len() < text.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(left: f32, text: &str) -> TextLine {
        let width = text.chars().count() as f32;
        let tokens = vec![Token { left, right: left + width, text: text.into() }];
        TextLine { tokens, gap: 0.0, place: Place::Unknown }
    }

    /// A paragraph ends where the next line is indented or its own last line is short.
    #[test]
    fn wrapped_lines_are_joined() {
        let lines = [
            line(2.0, "二〇二〇年我镇认真落实各项要求"),
            line(0.0, "加大公开力度，取得了一些成效，现"),
            line(0.0, "报告如下。"),
            line(2.0, "（一）主动公开"),
            line(2.0, "全年公开信息十条。"),
        ];
        let texts: Vec<_> = paragraphs(&lines).iter().map(Block::text).collect();
        let first = "二〇二〇年我镇认真落实各项要求加大公开力度，取得了一些成效，现报告如下。";
        assert_eq!(texts, [first, "（一）主动公开", "全年公开信息十条。"]);
    }
}
