//! Exact decimals: reading figures as people print them, adding, printing.
//!
//! A [`Number`] is a decimal; no binary float ever holds a figure. Those that are read have at most 15
//! digits before the point and 10 behind it, which leaves room to add thousands of them exactly. Two readers:
//! [`Number::parse`] takes the plain notation of a report's front matter and nothing else;
//! [`Number::read`] takes what stands in published documents ("１，234.50 万") apart from its unit.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use rust_decimal::Decimal;

use crate::pack::{Pack, Unpacker};

mod loose;

pub use loose::{Loose, normalise};

/// An exact decimal figure.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Number(Decimal);

/// Sixteen bytes, which keep the places behind the point.
impl Pack for Number {
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend(self.0.serialize());
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let bytes: [u8; 16] = from.bytes(16)?.try_into().ok()?;
        Some(Self(Decimal::deserialize(bytes)))
    }
}

/// Why a text is not a plain number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// It has an exponent, underscores, a radix prefix, a bare point or a plus sign.
    NotPlain,
    /// It has more than 15 digits before the point or 10 behind it.
    TooLong,
    /// It is not a number at all.
    NotANumber,
}

/// More digits before the point than any figure of any government, and as many as spreadsheets and
/// programs that read JSON hold exactly.
const MOST_WHOLE: usize = 15;
/// More digits behind the point than money has, even in 万元. With [`MOST_WHOLE`] it makes 25 of the 28
/// digits that a decimal holds.
const MOST_PLACES: usize = 10;

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// One.
    pub const ONE: Self = Self(Decimal::ONE);

    /// The figure with its point moved to the left: 1 by two places is 0.01. Beyond 28 places it is zero.
    pub fn shifted(self, places: u32) -> Self {
        if places == 0 {
            return self;
        }
        Decimal::try_from_i128_with_scale(self.0.mantissa(), self.0.scale().saturating_add(places)).map_or(Self::ZERO, Self)
    }

    /// Reads plain notation: an optional minus, digits, optionally a point and digits.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        // Nearly all figures are whole and short.
        if matches!(text.len(), 1..=MOST_WHOLE) && text.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self::from(text.bytes().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))));
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !fraction.is_none_or(all_digits) {
            return Err(not_plain(text));
        }
        if whole.len() > MOST_WHOLE || fraction.is_some_and(|places| places.len() > MOST_PLACES) {
            return Err(NumberError::TooLong);
        }
        Decimal::from_str_exact(text).map(Self).map_err(|_| NumberError::TooLong)
    }

    /// Whether the figure has no fraction (3.0 has none).
    pub fn is_integer(self) -> bool {
        self.0.fract().is_zero()
    }

    /// Whether the figure is below zero.
    pub fn is_negative(self) -> bool {
        self.0 < Decimal::ZERO
    }

    /// Whether the figure is zero.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// The figure without its sign.
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The figure as a small whole number, if it is one and carries no decimal places ("3.0" is not).
    pub fn as_small(self) -> Option<i64> {
        if self.0.scale() != 0 {
            return None;
        }
        i64::try_from(self.0.mantissa()).ok()
    }

    /// The exact sum, or `None` where it has more digits than can be held.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.is_zero() || other.is_zero() {
            return Some(if self.is_zero() { other } else { self });
        }
        // The library rounds what does not fit; a sum that kept all decimal places was not rounded.
        let places = self.0.scale().max(other.0.scale());
        self.0.checked_add(other.0).filter(|sum| sum.scale() == places).map(Self)
    }

    /// The exact product, or `None` where it has more digits than can be held.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        if self.is_zero() || other.is_zero() {
            return Some(Self::ZERO);
        }
        let places = self.0.scale() + other.0.scale();
        self.0.checked_mul(other.0).filter(|product| product.scale() == places).map(Self)
    }

    /// `self / other` rounded half up to `places` decimals, for shares and changes shown to people;
    /// `None` when `other` is zero.
    pub fn ratio(self, other: Self, places: u32) -> Option<Self> {
        if let Some(ratio) = self.small_ratio(other, places) {
            return Some(ratio);
        }
        let quotient = self.0.checked_div(other.0)?;
        let rounded = quotient.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        Some(Self(rounded))
    }

    /// The ratio of small counts, as nearly all are, which whole numbers divide faster than decimals.
    fn small_ratio(self, other: Self, places: u32) -> Option<Self> {
        const LARGEST: i64 = 1 << 40;
        let is_count = |number: &i64| (0..LARGEST).contains(number);
        let (part, whole) = (self.as_small().filter(is_count)?, other.as_small().filter(is_count)?);
        let scale = [1, 10].get(usize::try_from(places).ok()?)?;
        let (times, rest) = ((part * scale).checked_div(whole)?, part * scale % whole);
        if rest == 0 && times % scale == 0 {
            return Some(Self::from(times / scale));
        }
        Some(Self(Decimal::new(times + i64::from(rest * 2 >= whole), places)))
    }

    /// The figure without trailing zeros after the point, as it is shown ("127.10" → "127.1").
    pub fn normalised(self) -> Self {
        Self(self.0.normalize())
    }
}

/// Tells a number in other notation (so that the message can say "write it plainly") from a word.
fn not_plain(text: &str) -> NumberError {
    let body = text.trim_start_matches(['+', '-']);
    let starts_like_one = body.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let looks_numeric = body.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-'));
    if starts_like_one && looks_numeric { NumberError::NotPlain } else { NumberError::NotANumber }
}

impl From<i64> for Number {
    fn from(n: i64) -> Self {
        Self(Decimal::from(n))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nearly all figures are small counts, which the decimal prints slowly.
        match i64::try_from(self.0.mantissa()) {
            Ok(whole) if self.0.scale() == 0 && !(whole == 0 && self.0.is_sign_negative()) => whole.fmt(f),
            _ => self.0.fmt(f),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The exact sum. One that has more digits than can be held, which takes thousands of figures larger than
/// any government has, is the largest decimal, which no figure can equal: it is never rounded to something
/// that would make a wrong sum look right.
impl Add for Number {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let beyond = || if self.is_negative() && other.is_negative() { Decimal::MIN } else { Decimal::MAX };
        self.checked_add(other).unwrap_or_else(|| Self(beyond()))
    }
}

impl Sub for Number {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Number {
    type Output = Self;
    /// The figure with the other sign; zero has none.
    fn neg(self) -> Self {
        if self.is_zero() { self } else { Self(-self.0) }
    }
}

impl Sum for Number {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_notation_is_kept_to_the_digit() {
        for text in ["0", "127.082", "-3", "10000000", "127.10", "999999999999999.9999999999"] {
            assert_eq!(Number::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn other_notations_are_refused_and_told_apart() {
        for text in ["1e3", "0x10", "1_000", ".5", "5.", "+1"] {
            assert_eq!(Number::parse(text), Err(NumberError::NotPlain), "{text}");
        }
        for text in ["", "无", "15件", "-", "inf"] {
            assert_eq!(Number::parse(text), Err(NumberError::NotANumber), "{text}");
        }
        for text in ["123456789012345678901234567890", "1234567890123456", "0.00000000001"] {
            assert_eq!(Number::parse(text), Err(NumberError::TooLong), "{text}");
        }
    }

    /// What a blank among zeros should be is 0, not −0.
    #[test]
    fn zero_has_no_sign() {
        assert_eq!((-Number::ZERO).to_string(), "0");
        assert_eq!((-Number::parse("0.00").unwrap()).to_string(), "0.00");
        assert_eq!((Number::ZERO - Number::ZERO).to_string(), "0");
    }

    #[test]
    fn sums_are_exact_where_floats_are_not() {
        let sum: Number = ["0.1", "0.2"].into_iter().map(|t| Number::parse(t).unwrap()).sum();
        assert_eq!(sum, Number::parse("0.3").unwrap());
    }

    /// Figures add up to the last digit; a sum that cannot be held is not rounded to one that looks right.
    #[test]
    fn sums_are_never_rounded() {
        let number = |text: &str| Number::parse(text).unwrap();
        let (large, least) = (number("999999999999999"), number("0.0000000001"));
        assert_eq!((large + least).to_string(), "999999999999999.0000000001");
        let sum: Number = (0..5000).map(|_| large + least).sum();
        assert_eq!(sum.to_string(), "4999999999999995000.0000005000");
        let beyond = Number(Decimal::MAX);
        assert_eq!(beyond.checked_add(least), None);
        assert_eq!(Number(Decimal::from_str_exact("9999999999999999999999999999").unwrap()).checked_add(number("0.01")), None);
        assert_eq!((number("0.10") + number("0.20")).to_string(), "0.30");
        assert_eq!(Number::ZERO + number("0.20"), number("0.2"));
    }

    proptest! {
        /// Counts are divided as other figures are, to the digits that are printed.
        #[test]
        fn counts_have_the_ratio_that_decimals_have(part in 0i64..100_000, whole in prop_oneof![1i64..200, 1i64..1_000_000], places in 0u32..2) {
            let ratio = Number::from(part).small_ratio(Number::from(whole), places).unwrap();
            let quotient = Decimal::from(part).checked_div(Decimal::from(whole)).unwrap();
            let rounded = quotient.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
            prop_assert_eq!(ratio.to_string(), Number(rounded).to_string());
        }

        /// Adding and taking away again gives the figure back, to the digit.
        #[test]
        fn subtracting_undoes_adding(a in any::<i64>(), b in any::<i64>(), places in (0u32..9, 0u32..9)) {
            let (a, b) = (Number(Decimal::new(a, places.0)), Number(Decimal::new(b, places.1)));
            prop_assert_eq!(a + b - b, a);
        }

        /// What is printed is read again as the same figure.
        #[test]
        fn reading_undoes_printing(mantissa in -999_999_999_999_999i64..=999_999_999_999_999, scale in 0u32..=10) {
            let number = Number(Decimal::new(mantissa, scale));
            prop_assert_eq!(Number::parse(&number.to_string()).unwrap(), number);
        }
    }
}
