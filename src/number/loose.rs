//! Figures as published documents print them: full-width digits, thousands separators, spaces, units.

use super::{Number, NumberError};

/// A figure read from a published document, and what had to be passed over to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loose {
    /// The figure, exact.
    pub number: Number,
    /// What stood behind the figure, trimmed: "万元", "件", or nothing.
    pub unit: String,
    /// Whether the text differed from plain notation other than by its unit.
    pub normalised: bool,
}

/// Full-width digits and marks to ASCII, spaces of any kind removed, and marks that show nothing, such as
/// those of direction that come with figures copied from elsewhere; all else is kept.
pub fn normalise(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
        })
        .map(|c| match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
            '．' => '.',
            '，' => ',',
            '－' | '−' => '-',
            other => other,
        })
        .collect()
}

impl Number {
    /// Reads a figure with an optional unit behind it: "１，234.50 万元" is 1234.50 and "万元". A plus sign, which
    /// changes (本年增/减) are printed with, goes.
    ///
    /// Separators must stand where thousands do: "1,23" is refused, since it may be two figures, and so
    /// is a gap between digits.
    pub fn read(text: &str) -> Result<Loose, NumberError> {
        if has_gap(text) {
            return Err(NumberError::NotANumber);
        }
        let plain = normalise(text);
        let plain = plain.strip_prefix(['+', '＋']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(&plain);
        let end = plain.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-'))).unwrap_or(plain.len());
        let (figure, unit) = plain.split_at(end);
        let ungrouped = ungroup(figure).ok_or(NumberError::NotANumber)?;
        let number = Self::parse(&ungrouped)?;
        let normalised = ungrouped != text.trim().trim_end_matches(unit).trim_end();
        Ok(Loose { number, unit: unit.to_owned(), normalised })
    }
}

/// Whether spaces or line breaks part digits from digits: "1 2".
fn has_gap(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let next = words.peek().and_then(|next| next.chars().next());
        if word.ends_with(char::is_numeric) && next.is_some_and(char::is_numeric) {
            return true;
        }
    }
    false
}

/// Takes out thousands separators, if each parts off three digits.
fn ungroup(figure: &str) -> Option<String> {
    let (whole, fraction) = figure.split_once('.').map_or((figure, None), |(w, f)| (w, Some(f)));
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next()?;
    let mut grouped = false;
    for group in groups {
        grouped = true;
        if group.len() != 3 {
            return None;
        }
    }
    if grouped && !(1..=3).contains(&first.len()) || fraction.is_some_and(|f| f.contains(',')) {
        return None;
    }
    Some(figure.replace(',', ""))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn read(text: &str) -> (String, String, bool) {
        let loose = Number::read(text).unwrap();
        (loose.number.to_string(), loose.unit, loose.normalised)
    }

    #[test]
    fn full_width_digits_and_separators_are_read() {
        assert_eq!(read("１，234.50"), ("1234.50".into(), String::new(), true));
        assert_eq!(read(" 15 "), ("15".into(), String::new(), false));
        assert_eq!(read("127.082万元"), ("127.082".into(), "万元".into(), false));
        assert_eq!(read("\u{202a}5\u{202c}").0, "5");
    }

    #[test]
    fn a_plus_sign_before_a_figure_goes() {
        assert_eq!(read("+3"), ("3".into(), String::new(), true));
        assert_eq!(read("＋１２项").0, "12");
        assert!(Number::read("+-3").is_err() && Number::read("++3").is_err());
    }

    #[test]
    fn a_separator_in_the_wrong_place_is_not_guessed_at() {
        assert!(Number::read("1,23").is_err());
        assert!(Number::read("12,3456").is_err());
        assert!(Number::read("—").is_err());
    }

    /// "1 2" may be two figures: it does not become 12.
    #[test]
    fn a_gap_between_digits_is_not_closed() {
        assert!(Number::read("1 2").is_err());
        assert!(Number::read("1\n2").is_err());
        assert_eq!(read(" 15 件"), ("15".into(), "件".into(), false));
    }
}
