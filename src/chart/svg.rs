//! The elements of a drawing.

use std::fmt::Write as _;

use super::{Caption, WIDTH};
use crate::text::display_width;

/// A drawing that is being written. Lengths are tenths of a pixel.
pub(super) struct Svg {
    out: String,
}

/// Where a text is hung up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    /// Opens a drawing of `height` pixels with the caption's title and a description.
    pub(super) fn new(caption: Caption<'_>, height: i64, description: &str) -> Self {
        let mut out = String::with_capacity(2048);
        let id = caption.id;
        let _ = write!(
            out,
            "<svg class=\"chart-svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">"
        );
        escape(&caption.title(), &mut out);
        let _ = write!(out, "</title><desc id=\"{id}-d\">");
        escape(description, &mut out);
        out.push_str("</desc>");
        Self { out }
    }

    pub(super) fn bar(&mut self, class: &str, at: (i64, i64), size: (i64, i64)) {
        self.out.extend(["<rect class=\"", class]);
        self.lengths([("\" x=\"", at.0), ("\" y=\"", at.1), ("\" width=\"", size.0), ("\" height=\"", size.1)]);
        self.out.push_str("\"/>");
    }

    pub(super) fn line(&mut self, class: &str, from: (i64, i64), to: (i64, i64)) {
        self.out.extend(["<path class=\"", class]);
        self.lengths([("\" d=\"M", from.0), (" ", from.1), ("L", to.0), (" ", to.1)]);
        self.out.push_str("\"/>");
    }

    pub(super) fn text(&mut self, class: &str, at: (i64, i64), anchor: Anchor, text: &str) {
        self.out.extend(["<text class=\"", class]);
        self.lengths([("\" x=\"", at.0), ("\" y=\"", at.1)]);
        self.out.push_str(match anchor {
            Anchor::Start => "\">",
            Anchor::Middle => "\" text-anchor=\"middle\">",
            Anchor::End => "\" text-anchor=\"end\">",
        });
        escape(text, &mut self.out);
        self.out.push_str("</text>");
    }

    /// Writes lengths in pixels, each behind a text.
    fn lengths<const N: usize>(&mut self, lengths: [(&str, i64); N]) {
        let mut digits = itoa::Buffer::new();
        for (before, tenths) in lengths {
            self.out.extend([before, digits.format(tenths / 10)]);
            if tenths % 10 != 0 {
                self.out.extend([".", digits.format(tenths % 10)]);
            }
        }
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }
}

/// The width of a text in pixels at 12 px: half a character's height for each column it takes.
pub(super) fn text_width(text: &str) -> i64 {
    i64::try_from(display_width(text)).unwrap_or(0) * 13 / 2
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}
