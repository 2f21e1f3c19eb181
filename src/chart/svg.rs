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
        let _ = write!(
            self.out,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            Tenths(at.0),
            Tenths(at.1),
            Tenths(size.0),
            Tenths(size.1)
        );
    }

    pub(super) fn line(&mut self, class: &str, from: (i64, i64), to: (i64, i64)) {
        let _ =
            write!(self.out, "<path class=\"{class}\" d=\"M{} {}L{} {}\"/>", Tenths(from.0), Tenths(from.1), Tenths(to.0), Tenths(to.1));
    }

    pub(super) fn text(&mut self, class: &str, at: (i64, i64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let _ = write!(self.out, "<text class=\"{class}\" x=\"{}\" y=\"{}\"{anchor}>", Tenths(at.0), Tenths(at.1));
        escape(text, &mut self.out);
        self.out.push_str("</text>");
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

struct Tenths(i64);

impl std::fmt::Display for Tenths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0 / 10, self.0 % 10) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, tenth) => write!(f, "{whole}.{tenth}"),
        }
    }
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
