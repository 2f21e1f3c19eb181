//! What needs a real PDF is tested with the documents in `tests/`.
#![expect(clippy::unwrap_used, reason = "tests")]

use pdfni::{EdgePart, GlyphPart, Orientation};

use super::*;

/// A file that was cut, one that is none, and one of nothing.
#[test]
fn broken_files_are_told() {
    for bytes in [&b"%PDF-1.7\n1 0 obj"[..], b"%PDF-1.7\n%%EOF", b""] {
        assert!(matches!(read(bytes).unwrap_err(), Fault::Damaged { .. }));
    }
}

/// A character of ten points at `left`, its box from 100 to 112 down the page.
fn glyph(ch: char, left: f64) -> GlyphPart {
    GlyphPart { ch, left, right: left + 6.0, top: 100.0, bottom: 112.0, font_size: Some(10.0), upright: true, rot: 0 }
}

fn line_at(top: f64, left: f64, right: f64) -> EdgePart {
    EdgePart { orientation: Orientation::Horizontal, left, right, top, bottom: top }
}

/// A line through figures strikes them out: in a PDF with its tracked changes shown, 77 stands before 138. An underline and a
/// rule that goes on beyond the figures do not.
#[test]
fn struck_characters_are_taken_out() {
    let glyphs: Vec<GlyphPart> = "77138".chars().zip(0..).map(|(ch, at)| glyph(ch, 20.0 + 6.0 * f64::from(at))).collect();
    let through = line_at(106.5, 20.0, 32.0);
    for (edges, kept, struck) in [
        (vec![through.clone(), line_at(110.6, 32.0, 50.0)], "138", "77"),
        (vec![line_at(110.6, 20.0, 32.0)], "77138", ""),
        (vec![line_at(106.0, 10.0, 300.0)], "77138", ""),
    ] {
        let page = PagePart { width: 600.0, height: 800.0, glyphs: glyphs.clone(), edges, norm_rotate: 0, graphics: Vec::new() };
        let (page, text) = strike::without_struck(page);
        assert_eq!((page.glyphs.iter().map(|glyph| glyph.ch).collect::<String>().as_str(), text.as_str()), (kept, struck));
        assert!(!page.edges.iter().any(|edge| edge.top == through.top));
    }
}

/// The small raised 1 behind 331 is the mark of a note.
#[test]
fn raised_digits_are_no_part_of_a_figure() {
    let mark = GlyphPart { right: 41.0, bottom: 107.0, font_size: Some(5.8), ..glyph('1', 38.0) };
    let glyphs = [glyph('3', 20.0), glyph('3', 26.0), glyph('1', 32.0), mark];
    assert_eq!(glyphs::text_of(&glyphs, [0.0, 0.0, 600.0, 800.0]), "331¹");
}

/// Figures in a smaller type beside their label are figures, however high they stand; so is one right behind words that
/// stands no higher than they do.
#[test]
fn small_figures_beside_a_label_are_no_marks() {
    let label = |ch, left| GlyphPart { right: left + 16.0, bottom: 119.0, font_size: Some(16.0), ..glyph(ch, left) };
    let small = |ch, left, top| GlyphPart { right: left + 5.0, top, bottom: top + 10.8, font_size: Some(9.0), ..glyph(ch, left) };
    let page = [0.0, 0.0, 600.0, 800.0];
    for (left, top, expected) in
        [(200.0, 101.0, "数量 15 27"), (61.0, 101.0, "数量 15 27"), (52.5, 104.1, "数量15 27"), (52.5, 100.0, "数量¹⁵ 27")]
    {
        let glyphs = [
            label('数', 20.0),
            label('量', 36.0),
            small('1', left, top),
            small('5', left + 5.0, top),
            small('2', 300.0, top),
            small('7', 305.0, top),
        ];
        assert_eq!(glyphs::text_of(&glyphs, page), expected, "{left} {top}");
    }
    // A table in two sizes: the second column is not the mark of the first.
    let glyphs = [label('3', 20.0), small('4', 42.0, 101.0), small('5', 47.0, 101.0)];
    assert_eq!(glyphs::text_of(&glyphs, page), "3 45");
    // Where it stands at once behind, but no higher, it is neither a mark nor a part of the figure: the gap makes a doubt.
    let glyphs = [label('3', 20.0), small('4', 36.5, 104.1), small('5', 41.5, 104.1), label('6', 47.0)];
    assert_eq!(glyphs::text_of(&glyphs, page), "3 45 6");
}
