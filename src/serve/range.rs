//! `Range: bytes=…` → the part of a file that is asked for.

use std::ops::Range;

/// What a request asks for of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// A range of it.
    Some(Range<u64>),
    /// A range that it does not have.
    None,
}

/// Reads a `Range` header for a file of `length` bytes. One range is answered; several, or other units,
/// are answered with the whole file, as they may be.
pub(super) fn part_of(header: Option<&str>, length: u64) -> Part {
    let Some(range) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else { return Part::Whole };
    let Some((first, last)) = range.trim().split_once('-') else { return Part::Whole };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(first) || !digits(last) {
        return Part::Whole;
    }
    // A number too large for a length is as good as the largest.
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    let range = match (first, last) {
        ("", "") => return Part::Whole,
        ("", suffix) => length.saturating_sub(number(suffix))..length,
        (first, "") => number(first)..length,
        (first, last) if number(last) < number(first) => return Part::Whole,
        (first, last) => number(first)..number(last).saturating_add(1).min(length),
    };
    if range.start >= range.end { Part::None } else { Part::Some(range) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        let part = |header| part_of(Some(header), 100);
        assert_eq!(part_of(None, 100), Part::Whole);
        assert_eq!(part("bytes=0-9"), Part::Some(0..10));
        assert_eq!(part("bytes=90-"), Part::Some(90..100));
        assert_eq!(part("bytes=-10"), Part::Some(90..100));
        assert_eq!(part("bytes=-1000"), Part::Some(0..100));
        assert_eq!(part("bytes=50-1000"), Part::Some(50..100));
        assert_eq!(part("bytes=100-"), Part::None);
        assert_eq!(part("bytes=-0"), Part::None);
        for whole in ["bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=", "bytes=-", "bytes=+1-2"] {
            assert_eq!(part(whole), Part::Whole, "{whole}");
        }
        assert_eq!(part_of(Some("bytes=0-"), 0), Part::None);
        assert_eq!(part("bytes=0-99999999999999999999999"), Part::Some(0..100));
    }

    proptest! {
        /// Whatever is asked for, what is answered lies within the file.
        #[test]
        fn a_part_lies_within_the_file(header in "bytes=[0-9]{0,21}-[0-9]{0,21}", length in 0u64..1000) {
            if let Part::Some(range) = part_of(Some(&header), length) {
                prop_assert!(range.start < range.end && range.end <= length);
            }
        }
    }
}
