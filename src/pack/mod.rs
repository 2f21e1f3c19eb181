//! Values ⇄ bytes, close together and quick to read: the notation in which a build remembers what it
//! has read and written.
//!
//! Numbers take a byte for each seven bits, texts stand behind their length. Nothing in the bytes says
//! what they mean: who reads them has to be the same program that wrote them, which a [`Seal`] makes sure
//! of. Bytes that mean nothing are read as `None`, never as a panic.

mod sealed;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::civil::Date;

pub use sealed::{Damage, Seal, SealedReader, SealedWriter};

/// What can be written as bytes and read from them again.
pub trait Pack: Sized {
    /// Appends the value.
    fn pack(&self, to: &mut Vec<u8>);

    /// Reads a value; `None` if the bytes mean none.
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self>;
}

/// Bytes that are read from their beginning on.
#[derive(Debug, Clone, Copy)]
pub struct Unpacker<'b> {
    rest: &'b [u8],
}

impl<'b> Unpacker<'b> {
    /// All of some bytes.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next value.
    pub fn get<T: Pack>(&mut self) -> Option<T> {
        T::unpack(self)
    }

    /// The next `count` bytes.
    pub fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(bytes)
    }

    /// The next text.
    pub fn text(&mut self) -> Option<&'b str> {
        let length = self.get()?;
        std::str::from_utf8(self.bytes(length)?).ok()
    }

    /// The number of values that follow. Each takes a byte at least: a larger number is none.
    pub fn count(&mut self) -> Option<usize> {
        self.get().filter(|count| *count <= self.rest.len())
    }

    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }
}

/// Appends a text as [`Unpacker::text`] reads it.
pub fn pack_text(text: &str, to: &mut Vec<u8>) {
    text.len().pack(to);
    to.extend_from_slice(text.as_bytes());
}

impl Pack for u64 {
    fn pack(&self, to: &mut Vec<u8>) {
        let mut left = *self;
        while left >= 0x80 {
            to.push((left & 0x7f) as u8 | 0x80);
            left >>= 7;
        }
        to.push(left as u8);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = from.fixed()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

/// Numbers that are packed as others.
macro_rules! pack_as_u64 {
    ($($number:ty),*) => {$(
        impl Pack for $number {
            fn pack(&self, to: &mut Vec<u8>) {
                (*self as u64).pack(to);
            }

            fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
                Self::try_from(u64::unpack(from)?).ok()
            }
        }
    )*};
}

pack_as_u64!(u8, u16, u32, usize);

impl Pack for i64 {
    fn pack(&self, to: &mut Vec<u8>) {
        // Small numbers of either sign take few bytes.
        ((self << 1) ^ (self >> 63)).cast_unsigned().pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let value = u64::unpack(from)?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }
}

/// A number that takes eight bytes whatever it is: a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hash(pub u64);

impl Hash {
    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxhash_rust::xxh3::xxh3_64(bytes))
    }
}

impl Pack for Hash {
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.0.to_le_bytes());
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        from.fixed().map(u64::from_le_bytes).map(Self)
    }
}

impl Pack for bool {
    fn pack(&self, to: &mut Vec<u8>) {
        to.push(u8::from(*self));
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        match from.fixed()? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }
}

/// Texts that own what they hold.
macro_rules! pack_as_text {
    ($($text:ty),*) => {$(
        impl Pack for $text {
            fn pack(&self, to: &mut Vec<u8>) {
                pack_text(self, to);
            }

            fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
                from.text().map(Self::from)
            }
        }
    )*};
}

pack_as_text!(String, Box<str>, Arc<str>);

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        self.is_some().pack(to);
        if let Some(value) = self {
            value.pack(to);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        if from.get()? { from.get().map(Some) } else { Some(None) }
    }
}

/// Collections: the number of their items, then these in order.
macro_rules! pack_as_list {
    ($([$($of:tt)+] $list:ty),*) => {$(
        impl<$($of)+> Pack for $list {
            fn pack(&self, to: &mut Vec<u8>) {
                self.len().pack(to);
                self.iter().for_each(|item| item.pack(to));
            }

            fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
                let count = from.count()?;
                (0..count).map(|_| from.get()).collect()
            }
        }
    )*};
}

pack_as_list!([T: Pack] Vec<T>, [T: Pack + Ord] BTreeSet<T>);

impl<T: Pack> Pack for Box<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        (**self).pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        from.get().map(Self::new)
    }
}

impl Pack for Range<usize> {
    fn pack(&self, to: &mut Vec<u8>) {
        (self.start, self.end).pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        from.get().map(|(start, end)| start..end)
    }
}

impl<A: Pack, B: Pack> Pack for (A, B) {
    fn pack(&self, to: &mut Vec<u8>) {
        self.0.pack(to);
        self.1.pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some((from.get()?, from.get()?))
    }
}

impl<K: Pack + Ord, V: Pack> Pack for BTreeMap<K, V> {
    fn pack(&self, to: &mut Vec<u8>) {
        self.len().pack(to);
        for (key, value) in self {
            key.pack(to);
            value.pack(to);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let count = from.count()?;
        (0..count).map(|_| from.get()).collect()
    }
}

impl Pack for Date {
    fn pack(&self, to: &mut Vec<u8>) {
        i64::from(self.year()).pack(to);
        to.extend([self.month().cast_unsigned(), self.day().cast_unsigned()]);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let year = i16::try_from(i64::unpack(from)?).ok()?;
        let [month, day] = from.fixed()?;
        Self::new(year, month.cast_signed(), day.cast_signed()).ok()
    }
}

impl Pack for SystemTime {
    fn pack(&self, to: &mut Vec<u8>) {
        let (before, distance) = match self.duration_since(UNIX_EPOCH) {
            Ok(since) => (false, since),
            Err(error) => (true, error.duration()),
        };
        before.pack(to);
        distance.as_secs().pack(to);
        distance.subsec_nanos().pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let before: bool = from.get()?;
        let (seconds, nanoseconds): (u64, u32) = (from.get()?, from.get()?);
        let distance = Duration::new(seconds, nanoseconds.min(999_999_999));
        if before { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
    }
}

/// Packs a struct field by field, in the order given; a field that is left out does not compile.
macro_rules! packed {
    ($type:ident { $($field:ident),* $(,)? }) => {
        impl $crate::pack::Pack for $type {
            fn pack(&self, to: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($crate::pack::Pack::pack($field, to);)*
            }

            fn unpack(from: &mut $crate::pack::Unpacker<'_>) -> Option<Self> {
                Some(Self { $($field: from.get()?),* })
            }
        }
    };
}
pub(crate) use packed;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    type Everything = (((u64, i64), (u16, bool)), ((String, Option<Box<str>>), (Vec<u32>, BTreeMap<String, u8>)));

    fn any_value() -> impl Strategy<Value = Everything> {
        let numbers = (any::<(u64, i64)>(), any::<(u16, bool)>());
        let others = (("\\PC{0,9}", prop::option::of("[一-龥]{0,3}".prop_map(Box::from))), any::<(Vec<u32>, BTreeMap<String, u8>)>());
        (numbers, others)
    }

    proptest! {
        /// What was packed is read again as it was, to the last byte.
        #[test]
        fn unpacking_undoes_packing(value in any_value(), seconds in any::<i32>(), nanoseconds in 0u32..1_000_000_000) {
            let mut bytes = Vec::new();
            value.pack(&mut bytes);
            let distance = Duration::new(u64::from(seconds.unsigned_abs()), nanoseconds);
            let time = if seconds < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
            time.pack(&mut bytes);
            let mut from = Unpacker::new(&bytes);
            prop_assert_eq!(from.get::<Everything>(), Some(value));
            prop_assert_eq!(from.get::<SystemTime>(), Some(time));
            prop_assert!(from.rest.is_empty());
        }

        /// Bytes of any kind are read as something or as nothing; nobody's memory is asked for.
        #[test]
        fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = Unpacker::new(&bytes).get::<Everything>();
            let _ = Unpacker::new(&bytes).get::<(Vec<Vec<u64>>, Date)>();
        }
    }

    #[test]
    fn small_numbers_take_a_byte() {
        let mut bytes = Vec::new();
        (127u64, (-64i64, 0usize)).pack(&mut bytes);
        assert_eq!(bytes.len(), 3);
        assert_eq!(Unpacker::new(&bytes).get::<(u64, (i64, usize))>().unwrap(), (127, (-64, 0)));
    }
}
