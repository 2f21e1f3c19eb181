//! Text → text that can stand in XML or HTML, between tags or in an attribute.

use std::fmt::{self, Write};

/// Writes text with what markup would misread escaped. Characters that XML knows no way to write
/// (control characters) are left out.
pub(super) fn write_escaped(text: &str, out: &mut impl Write) -> fmt::Result {
    let mut rest = text;
    while let Some((at, special)) = first_special(rest) {
        out.write_str(&rest[..at])?;
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

/// The first character that cannot stand there as it is, and where it is. Few bytes can begin one.
fn first_special(text: &str) -> Option<(usize, char)> {
    let may_begin = |byte: &u8| *byte < b' ' || matches!(*byte, b'&' | b'<' | b'>' | b'"' | 0x7f | 0xc2 | 0xef);
    let mut from = 0;
    loop {
        let at = from + text.as_bytes()[from..].iter().position(may_begin)?;
        let c = text[at..].chars().next()?;
        if is_special(c) {
            return Some((at, c));
        }
        from = at + c.len_utf8();
    }
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

    proptest::proptest! {
        /// No special character is overlooked.
        #[test]
        fn special_characters_are_found(text in "[甲，“é\u{80}\u{9f}\u{a0}\u{fffe}\u{ffff}\u{1}\n&<>\"\u{7f}a]{0,12}") {
            proptest::prop_assert_eq!(first_special(&text), text.char_indices().find(|(_, c)| is_special(*c)));
        }
    }

    #[test]
    fn what_markup_would_misread_is_escaped_and_what_xml_cannot_write_is_left_out() {
        assert_eq!(escaped("甲<b>&\"乙\"\u{1}\u{b}\n丙"), "甲&lt;b&gt;&amp;&quot;乙&quot;\n丙");
    }
}
