//! Text → text that can stand in XML or HTML, between tags or in an attribute.

use std::fmt::{self, Write};

/// Writes text with what markup would misread escaped. Characters that XML knows no way to write
/// (control characters) are left out.
pub(super) fn write_escaped(text: &str, out: &mut impl Write) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(is_special) {
        out.write_str(&rest[..at])?;
        let special = rest[at..].chars().next().unwrap_or_default();
        out.write_str(match special {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            _ => "",
        })?;
        rest = &rest[at + special.len_utf8()..];
    }
    out.write_str(rest)
}

fn is_special(c: char) -> bool {
    matches!(c, '&' | '<' | '>' | '"' | '\u{fffe}' | '\u{ffff}') || c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// The text escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    // Writing to memory cannot fail.
    let _ = write_escaped(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markup_would_misread_is_escaped_and_what_xml_cannot_write_is_left_out() {
        assert_eq!(escaped("甲<b>&\"乙\"\u{1}\u{b}\n丙"), "甲&lt;b&gt;&amp;&quot;乙&quot;\n丙");
    }
}
