//! Text → the same in HTML.

/// Adds a text as it stands in HTML, between tags or in an attribute.
pub fn escape_html(mut text: &str, out: &mut String) {
    out.reserve(text.len());
    while let Some(at) = special(text.as_bytes()) {
        let (plain, rest) = text.split_at(at);
        out.push_str(plain);
        out.push_str(match rest.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            _ => "&quot;",
        });
        text = rest.get(1..).unwrap_or_default();
    }
    out.push_str(text);
}

/// The first byte that cannot stand in HTML as it is. Hardly a text has one: sixteen are looked at at once.
fn special(bytes: &[u8]) -> Option<usize> {
    let is_special = |byte: u8| (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"');
    let is_plain = |chunk: &[u8; 16]| !chunk.iter().fold(false, |any, byte| any | is_special(*byte));
    let (chunks, rest) = bytes.as_chunks();
    let plain = chunks.iter().take_while(|chunk| is_plain(chunk)).count();
    // The rest is shorter than that: it is looked at with some of what stands before it.
    if plain == chunks.len() && (rest.is_empty() || bytes.last_chunk().is_some_and(is_plain)) {
        return None;
    }
    let plain = plain * 16;
    bytes[plain..].iter().position(|byte| is_special(*byte)).map(|at| plain + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Every sign that HTML gives a meaning is written as an entity, wherever it stands in a text of any length.
        #[test]
        fn nothing_in_a_text_is_markup(text in "[甲乙丙a-z&<>\"']{0,60}") {
            let mut out = String::new();
            escape_html(&text, &mut out);
            let expected = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
            prop_assert_eq!(out, expected);
        }
    }
}
