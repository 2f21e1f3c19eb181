//! The HTML of prose → what a reader sees of it, a line for each paragraph, item or cell.

/// Elements that stand in the middle of a line of text.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s",
    "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];
/// What the renderer writes for a reference to a footnote; its number is no part of the text.
const REFERENCE: &str = "<sup class=\"footnote-reference\">";

/// Appends the text of an element's content, its paragraphs on lines of their own.
pub(super) fn append(html: &str, out: &mut String) {
    let mut rest = html;
    loop {
        let (text, tag) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        append_text(text, out);
        if tag.is_empty() {
            break;
        }
        let end = match tag.starts_with(REFERENCE) {
            true => tag.find("</sup>").map_or(tag.len(), |at| at + "</sup>".len()),
            false => tag_end(tag),
        };
        let name = tag[1..end].trim_start_matches('/');
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if !INLINE.contains(&name) {
            end_line(out);
        }
        rest = &tag[end..];
    }
    end_line(out);
}

/// Ends a line that has something in it.
pub(super) fn end_line(out: &mut String) {
    let length = out.trim_end_matches(' ').len();
    out.truncate(length);
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// The length of a tag; `>` within quotes does not end it.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// Appends text with its entities undone and each stretch of white space as one space.
fn append_text(text: &str, out: &mut String) {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        let c = match c {
            '&' => match entity(&text[at..]) {
                Some((c, length)) => {
                    // The ampersand itself is taken already; what follows is ASCII.
                    chars.nth(length - 2);
                    c
                }
                None => c,
            },
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if c != ' ' || !(out.is_empty() || out.ends_with([' ', '\n'])) {
            out.push(c);
        }
    }
}

/// The entities that the renderer and the sanitiser write.
fn entity(text: &str) -> Option<(char, usize)> {
    const KNOWN: [(&str, char); 7] =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&#x27;", '\''), ("&nbsp;", ' ')];
    KNOWN.iter().find(|(name, _)| text.starts_with(name)).map(|(name, c)| (*c, name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        let mut out = String::new();
        append(html, &mut out);
        out
    }

    #[test]
    fn paragraphs_stand_on_lines_of_their_own() {
        assert_eq!(
            text("<p>全年<strong>公开</strong>信息\n12 条。</p>\n<ul>\n<li>一</li>\n<li>二</li>\n</ul>\n"),
            "全年公开信息 12 条。\n一\n二\n"
        );
        assert_eq!(text("<table><tr><td>甲</td><td>乙</td></tr></table>"), "甲\n乙\n");
    }

    #[test]
    fn entities_are_undone_and_attributes_are_no_text() {
        assert_eq!(text("<p>a &lt; b &amp;amp; <a href=\"x\" title=\"1>2\">链接</a>&nbsp;&copy</p>"), "a < b &amp; 链接 &copy\n");
        assert_eq!(text("<p>公开<sup class=\"footnote-reference\"><a href=\"#1\">1</a></sup>。</p>"), "公开。\n");
        assert_eq!(text("文字 <"), "文字\n");
    }
}
