//! Printed labels and the many ways in which real documents write them.

use crate::text::is_letter;

/// A label as the official form prints it, and the variants found in the wild.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// Verbatim.
    pub text: String,
    /// Other wordings that mean the same.
    pub variants: Vec<String>,
    short: String,
    normalised: Vec<String>,
}

impl Label {
    /// A label with its variants and, optionally, a short form for headings and messages.
    pub fn new(text: impl Into<String>, short: Option<String>, variants: Vec<String>) -> Self {
        let text = text.into();
        let normalised = std::iter::once(&text).chain(&variants).map(|label| normalise_label(label)).collect();
        let short = short.unwrap_or_else(|| strip_numbering(&text).to_owned());
        Self { text, variants, short, normalised }
    }

    /// The short form: the one given, or the label without its number.
    pub fn short(&self) -> &str {
        &self.short
    }

    /// Whether a text normalised by [`normalise_label`] is this label or one of its variants.
    pub fn is(&self, normalised: &str) -> bool {
        self.normalised.iter().any(|own| own == normalised)
    }
}

/// A label as it is compared: without its number, spaces, brackets, quotation and other marks, so
/// that "(1） 主动公开" and "（一）主动公开" are the same.
pub fn normalise_label(text: &str) -> String {
    strip_numbering(text).chars().filter(|c| is_letter(*c)).flat_map(fold_width).collect()
}

fn fold_width(c: char) -> Option<char> {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(c as u32 - 0xFEE0),
        other => Some(other),
    }
}

const HAN_NUMERALS: &str = "一二三四五六七八九十〇零";

/// Takes a leading number off: "一、", "（三）", "(1）", "5、 ", "2.", "第一、".
pub fn strip_numbering(text: &str) -> &str {
    let text = text.trim_start();
    let opened = text.strip_prefix(['（', '(', '〔', '[']);
    let body = opened.unwrap_or(text).trim_start();
    let body = if opened.is_none() { body.strip_prefix('第').unwrap_or(body) } else { body };
    let digits = body.find(|c: char| !(c.is_numeric() || HAN_NUMERALS.contains(c))).unwrap_or(body.len());
    if digits == 0 {
        return text;
    }
    let rest = body[digits..].trim_start_matches(|c: char| c.is_whitespace() && c != '　');
    let closers: &[char] =
        if opened.is_some() { &['）', ')', '〕', ']'] } else { &['、', '.', '．', '，', ',', '）', ')', ':', '：', '　'] };
    match rest.strip_prefix(closers) {
        // "3.5亿" is a figure, not the number of an item.
        Some(after) if opened.is_some() || !after.starts_with(|c: char| c.is_ascii_digit()) => after.trim_start(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_kinds_come_off() {
        for text in [
            "一、总体情况",
            "一　总体情况",
            "（一）总体情况",
            "(1） 总体情况",
            "5、 总体情况",
            "1.总体情况",
            "１．总体情况",
            "第一、总体情况",
        ] {
            assert_eq!(strip_numbering(text), "总体情况", "{text}");
        }
        for text in ["三类内部事务", "2020年工作", "第二十条第（一）项", "3.5亿元"] {
            assert_eq!(strip_numbering(text), text);
        }
    }

    #[test]
    fn marks_and_spaces_do_not_tell_labels_apart() {
        assert_eq!(normalise_label("3.危及“三安全一稳定”"), normalise_label("3、危及\"三安全\n一稳定\""));
        assert_eq!(normalise_label("商业\n企业"), "商业企业");
        assert_ne!(normalise_label("1.属于国家秘密"), normalise_label("7.属于行政执法案卷"));
    }
}
