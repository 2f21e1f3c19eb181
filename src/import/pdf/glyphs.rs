//! Characters with positions → lines → text.

use pdfni::GlyphPart;

use crate::import::block::raised;
use crate::import::lines::{TextLine, Token};

/// Characters of one line, left to right.
pub(super) struct GlyphLine<'g> {
    pub(super) glyphs: Vec<&'g GlyphPart>,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// Groups characters into lines by their vertical middle.
pub(super) fn lines_of<'g>(glyphs: impl Iterator<Item = &'g GlyphPart>) -> Vec<GlyphLine<'g>> {
    let mut glyphs: Vec<&GlyphPart> = glyphs.filter(|glyph| !glyph.ch.is_whitespace() && is_sound(glyph)).collect();
    glyphs.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let mut lines: Vec<GlyphLine<'_>> = Vec::new();
    for glyph in glyphs {
        let height = (glyph.bottom - glyph.top).max(1.0);
        match lines.last_mut() {
            Some(line) if middle(glyph) - line_middle(line) < height * 0.45 => {
                line.top = line.top.min(glyph.top);
                line.bottom = line.bottom.max(glyph.bottom);
                line.glyphs.push(glyph);
            }
            _ => lines.push(GlyphLine { glyphs: vec![glyph], top: glyph.top, bottom: glyph.bottom }),
        }
    }
    for line in &mut lines {
        line.glyphs.sort_by(|a, b| a.left.total_cmp(&b.left));
        // Bold faked by drawing each character twice, a hair apart.
        line.glyphs.dedup_by(|b, a| a.ch == b.ch && (b.left - a.left).abs() < em(a) * 0.2);
    }
    lines
}

fn is_sound(glyph: &GlyphPart) -> bool {
    [glyph.left, glyph.right, glyph.top, glyph.bottom].iter().all(|edge| edge.is_finite())
}

fn middle(glyph: &GlyphPart) -> f64 {
    (glyph.top + glyph.bottom) / 2.0
}

fn line_middle(line: &GlyphLine<'_>) -> f64 {
    let sum: f64 = line.glyphs.iter().map(|glyph| middle(glyph)).sum();
    sum / line.glyphs.len().max(1) as f64
}

/// The size of a character's font.
pub(super) fn em(glyph: &GlyphPart) -> f64 {
    glyph.font_size.filter(|size| size.is_finite() && *size > 0.5).unwrap_or(glyph.bottom - glyph.top).max(1.0)
}

/// The text inside a box: lines apart by line feeds.
pub(super) fn text_of(glyphs: &[GlyphPart], [left, top, right, bottom]: [f64; 4]) -> String {
    let inside = |glyph: &&GlyphPart| {
        let (x, y) = ((glyph.left + glyph.right) / 2.0, middle(glyph));
        glyph.upright && x >= left && x < right && y >= top && y < bottom
    };
    let lines = lines_of(glyphs.iter().filter(inside));
    lines.iter().map(line_text).collect::<Vec<_>>().join("\n")
}

fn line_text(line: &GlyphLine<'_>) -> String {
    tokens(line, 1.0, 0.0).iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// A line's words with positions in ems of `size`, from `origin`.
pub(super) fn text_line(line: &GlyphLine<'_>, size: f64, origin: f64) -> TextLine {
    TextLine { tokens: tokens(line, size, origin), ..TextLine::default() }
}

fn tokens(line: &GlyphLine<'_>, size: f64, origin: f64) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut before: Option<&GlyphPart> = None;
    let mut base: Option<&GlyphPart> = None;
    for glyph in &line.glyphs {
        let gap = before.map_or(0.0, |before| (glyph.left - before.right) / em(glyph));
        // What stands apart is no mark: a figure in a smaller type beside its label is a figure.
        let follows = |base: &&GlyphPart| gap < 0.9 && gap.abs() * em(glyph) < em(base) * 0.3;
        base = base.filter(follows);
        let is_raised = base.is_some_and(|base| is_mark(glyph, base));
        // Two sizes are no one figure, though which of them is the mark cannot be told.
        let is_other_size = !is_raised && base.is_some_and(|base| are_of_two_sizes(glyph, base));
        if !is_raised {
            base = Some(glyph);
        }
        let text = if is_raised { raised(glyph.ch.encode_utf8(&mut [0; 4])) } else { plain(glyph.ch).to_string() };
        let at = |edge: f64| ((edge - origin) / size) as f32;
        match tokens.last_mut() {
            Some(token) if gap < 0.9 => {
                if is_other_size || gap > 0.2 && before.is_some_and(|before| is_narrow(before.ch) && is_narrow(glyph.ch)) {
                    token.text.push(' ');
                }
                token.text.push_str(&text);
                token.right = at(glyph.right);
            }
            _ => tokens.push(Token { left: at(glyph.left), right: at(glyph.right), text }),
        }
        before = Some(glyph);
    }
    tokens
}

/// Whether a digit is the small raised mark of a note behind another character.
fn is_mark(glyph: &GlyphPart, base: &GlyphPart) -> bool {
    let is_high = glyph.bottom < base.bottom - em(base) * 0.15 && middle(glyph) < middle(base) - em(base) * 0.1;
    glyph.ch.is_ascii_digit() && em(glyph) < em(base) * 0.8 && is_high
}

/// Whether two digits are of sizes as different as a mark's from its base's.
fn are_of_two_sizes(a: &GlyphPart, b: &GlyphPart) -> bool {
    a.ch.is_ascii_digit() && b.ch.is_ascii_digit() && em(a).min(em(b)) < em(a).max(em(b)) * 0.8
}

fn is_narrow(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// Characters of the radical blocks, which some writers of PDF put for the ordinary ones.
pub(crate) fn plain(c: char) -> char {
    use unicode_normalization::char::decompose_compatible;
    const SUPPLEMENT: &str =
        "⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟⺟母";
    match c {
        '\u{2e80}'..='\u{2eff}' => {
            let mut chars = SUPPLEMENT.chars();
            while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
                if from == c {
                    return to;
                }
            }
            c
        }
        // Its compatibility mapping is the traditional form.
        '\u{2f3e}' => '户',
        '\u{2f00}'..='\u{2fdf}' => {
            let mut plain = c;
            decompose_compatible(c, |part| plain = part);
            plain
        }
        other => other,
    }
}
