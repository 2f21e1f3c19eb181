//! Display width: a Han character takes two columns of a terminal or a monospaced editor.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that `text` takes in a monospaced Chinese font (quotation marks “” count two there).
pub fn display_width(text: &str) -> usize {
    text.width_cjk()
}

/// Whether a character is written without spaces around it: Han, kana, full-width forms, CJK marks.
pub fn is_wide(c: char) -> bool {
    c.width_cjk() == Some(2) && !c.is_ascii()
}

/// Whether a character is Chinese whatever stands around it: Han, the marks of CJK, full-width forms. Quotation
/// marks and dashes, which other languages have too, are not.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// How many bytes at the start of a text are Han characters of the main block, U+4E00 to U+9FFF: in UTF-8 three
/// bytes each, the first two of which tell.
pub fn han_length(text: &str) -> usize {
    let mut rest = text.as_bytes();
    // Two at a time, where both are told by their first bytes.
    while let [0xe5..=0xe9, _, _, 0xe5..=0xe9, _, _, after @ ..] | [0xe5..=0xe9, _, _, after @ ..] | [0xe4, 0xb8..=0xbf, _, after @ ..] =
        rest
    {
        rest = after;
    }
    text.len() - rest.len()
}

/// Whether a character is one of words. Han characters and the marks between them, which nearly all prose
/// is made of, are told apart without a look at the tables of Unicode.
pub fn is_letter(c: char) -> bool {
    match c {
        '\u{4e00}'..='\u{9fff}' => true,
        '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3011}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{2010}'..='\u{201f}' => {
            false
        }
        c => c.is_alphanumeric(),
    }
}

/// `text` followed by as many spaces as fill `width` columns.
pub fn pad_to(text: &str, width: usize) -> String {
    let mut padded = text.to_owned();
    padded.extend(std::iter::repeat_n(' ', width.saturating_sub(display_width(text))));
    padded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chinese quotation marks are drawn as wide as a character in Chinese fonts.
    #[test]
    fn width_counts_han_and_their_marks_as_two() {
        assert_eq!(display_width("总计 7"), 6);
        assert_eq!(display_width("“引号”"), 8);
        assert_eq!(pad_to("总计", 6), "总计  ");
    }

    /// The short cut says what Unicode says.
    #[test]
    fn letters_are_those_of_unicode() {
        assert_eq!(('\0'..=char::MAX).find(|c| is_letter(*c) != c.is_alphanumeric()), None);
    }

    #[test]
    fn han_is_told_by_its_bytes() {
        for c in '\0'..=char::MAX {
            let due = if ('\u{4e00}'..='\u{9fff}').contains(&c) { 6 } else { 0 };
            assert_eq!(han_length(&format!("{c}中。")), due, "{c}");
        }
        for (text, due) in [("公开，", 6), ("公开", 6), ("公不公开", 12), ("公开公㐀公", 9), ("", 0)] {
            assert_eq!(han_length(text), due, "{text}");
        }
    }

    #[test]
    fn wide_characters_are_those_set_without_spaces() {
        assert!(is_wide('万') && is_wide('，') && is_wide('（'));
        assert!(!is_wide('a') && !is_wide('1') && !is_wide('.'));
    }
}
