//! Characters with a line through them: what was struck out, by hand or in tracked changes that are shown.

use pdfni::{EdgePart, GlyphPart, Orientation, PagePart};

use super::glyphs::em;

/// How far from the middle of a character's box, in its heights, a line goes through it. Lines under it are further off.
const NEAR: f64 = 0.2;
/// How far, in ems, the ends of such a line may be from those of the text. Rules of tables go on to the edges of cells.
const ENDS: f64 = 0.25;
/// Lines of a page beyond which it is a drawing.
const MAX_LINES: usize = 6_000;
/// No character is so high that a line further than this from its middle goes through it, in points.
const REACH: f64 = 20.0;

/// The page without the characters that are struck out and the lines that strike them, and these characters.
pub(super) fn without_struck(mut page: PagePart) -> (PagePart, String) {
    let is_across = |edge: &EdgePart| edge.orientation == Orientation::Horizontal && edge.left.is_finite() && edge.right.is_finite();
    if page.edges.iter().filter(|edge| is_across(edge)).count() > MAX_LINES {
        return (page, String::new());
    }
    let mut order: Vec<usize> =
        (0..page.glyphs.len()).filter(|at| page.glyphs[*at].upright && middle(&page.glyphs[*at]).is_finite()).collect();
    order.sort_by(|a, b| middle(&page.glyphs[*a]).total_cmp(&middle(&page.glyphs[*b])));
    let mut struck = vec![false; page.glyphs.len()];
    let glyphs = &page.glyphs;
    page.edges.retain(|edge| {
        let at = (edge.top + edge.bottom) / 2.0;
        if !is_across(edge) || !at.is_finite() {
            return true;
        }
        let from = order.partition_point(|glyph| middle(&glyphs[*glyph]) < at - REACH);
        let near = order[from..].iter().take_while(|glyph| middle(&glyphs[**glyph]) <= at + REACH);
        let crossed: Vec<usize> = near.copied().filter(|glyph| crosses(edge, at, &glyphs[*glyph])).collect();
        let fits = is_as_long(edge, &crossed, glyphs);
        if fits {
            crossed.into_iter().for_each(|glyph| struck[glyph] = true);
        }
        !fits
    });
    let mut marks = struck.iter();
    let mut text = String::new();
    page.glyphs.retain(|glyph| {
        let is_struck = marks.next().is_some_and(|struck| *struck);
        if is_struck {
            text.push(glyph.ch);
        }
        !is_struck
    });
    (page, text)
}

fn middle(glyph: &GlyphPart) -> f64 {
    (glyph.top + glyph.bottom) / 2.0
}

fn crosses(edge: &EdgePart, at: f64, glyph: &GlyphPart) -> bool {
    let x = (glyph.left + glyph.right) / 2.0;
    (middle(glyph) - at).abs() < NEAR * (glyph.bottom - glyph.top) && x > edge.left && x < edge.right
}

/// Whether a line begins and ends where the text that it goes through does.
fn is_as_long(edge: &EdgePart, crossed: &[usize], glyphs: &[GlyphPart]) -> bool {
    let first = crossed.iter().map(|glyph| &glyphs[*glyph]).min_by(|a, b| a.left.total_cmp(&b.left));
    let last = crossed.iter().map(|glyph| &glyphs[*glyph]).max_by(|a, b| a.right.total_cmp(&b.right));
    let (Some(first), Some(last)) = (first, last) else { return false };
    (first.left - edge.left).abs() < ENDS * em(first) && (last.right - edge.right).abs() < ENDS * em(last)
}
