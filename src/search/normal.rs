//! The form in which texts are compared. `search.js` does the same to what is typed.

use unicode_normalization::UnicodeNormalization as _;

/// A text as it is compared: each character by itself in NFKC, A–Z as a–z, without white space and
/// invisible joiners.
pub fn normal(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(Normal::of).filter(|c| !is_left_out(*c))
}

/// One character in its normal form: itself in nearly all cases.
enum Normal {
    One(Option<char>),
    Many(std::vec::IntoIter<char>),
}

impl Normal {
    fn of(c: char) -> Self {
        match c {
            '\u{4e00}'..='\u{9fff}' | '。' | '、' | '“' | '”' => Self::One(Some(c)),
            '\0'..='\x7f' => Self::One(Some(c.to_ascii_lowercase())),
            '！'..='～' => Self::One(char::from_u32(u32::from(c) - 0xfee0).map(|c| c.to_ascii_lowercase())),
            _ => Self::Many(std::iter::once(c).nfkc().map(|c| c.to_ascii_lowercase()).collect::<Vec<_>>().into_iter()),
        }
    }
}

impl Iterator for Normal {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::One(c) => c.take(),
            Self::Many(all) => all.next(),
        }
    }
}

fn is_left_out(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\0' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn widths_cases_and_spaces_do_not_tell_texts_apart() {
        let of = |text: &str| normal(text).collect::<String>();
        assert_eq!(of("２０２３ 年，ＧＢ（Ａ）"), "2023年,gb(a)");
        assert_eq!(of("政\u{2060}府\n　信息"), "政府信息");
        assert_eq!(of("㍿ ① ﬁ 𠮷 㙍"), "株式会社1fi𠮷㙍");
        assert_eq!(of("開放"), "開放", "traditional characters stay themselves");
    }

    proptest! {
        /// The shortcuts for common characters give what NFKC gives.
        #[test]
        fn shortcuts_change_nothing(text in "[\\x00-\\x7f一-龥！-～。、“”　０-９㈠-㊿]{0,20}") {
            let plain: String = text.chars().flat_map(|c| std::iter::once(c).nfkc().collect::<Vec<_>>()).map(|c| c.to_ascii_lowercase()).filter(|c| !is_left_out(*c)).collect();
            prop_assert_eq!(normal(&text).collect::<String>(), plain);
        }

        /// What is normal already stays as it is.
        #[test]
        fn the_normal_form_is_final(text in any::<String>()) {
            let once: String = normal(&text).collect();
            prop_assert_eq!(normal(&once).collect::<String>(), once);
        }
    }
}
