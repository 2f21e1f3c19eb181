//! Packed values in a file that says what it is, who wrote it, and whether it is whole.
//!
//! A line of text names the kind of file; behind it stands the hash of the program that wrote it, then
//! pieces, each behind its length and its hash, so that they can be written one by one and read in
//! parallel; at the end the hash of all those hashes.

use std::io::{self, Write};

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::{Hash, Unpacker};

/// What a file has to say of itself to be read.
#[derive(Debug, Clone, Copy)]
pub struct Seal {
    /// What kind of file it is: `manifest`.
    pub kind: &'static str,
    /// The program that wrote it.
    pub program: Hash,
}

/// Why a file cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// Another program wrote it.
    Foreign,
    /// It is not as it was written.
    Broken,
}

/// Stands in the place of a piece's length where no piece follows.
const END: u64 = u64::MAX;

impl Seal {
    fn first_line(&self) -> String {
        format!("gongkai {}\n", self.kind)
    }

    /// The pieces of a sealed file, and the hash of all that it holds.
    pub fn open<'b>(&self, bytes: &'b [u8]) -> Result<(Vec<&'b [u8]>, Hash), Damage> {
        let line = self.first_line();
        let mut from = Unpacker::new(bytes.strip_prefix(line.as_bytes()).ok_or(Damage::Broken)?);
        if from.get::<Hash>().ok_or(Damage::Broken)? != self.program {
            return Err(Damage::Foreign);
        }
        let (pieces, all) = split(&mut from).ok_or(Damage::Broken)?;
        let hashes: Vec<u8> = pieces.iter().flat_map(|(hash, _)| hash.0.to_le_bytes()).collect();
        let whole = Hash::of(&hashes) == all && pieces.par_iter().all(|(hash, piece)| Hash::of(piece) == *hash);
        if whole { Ok((pieces.into_iter().map(|(_, piece)| piece).collect(), all)) } else { Err(Damage::Broken) }
    }
}

/// A piece with the hash that it is said to have.
type Piece<'b> = (Hash, &'b [u8]);

fn split<'b>(from: &mut Unpacker<'b>) -> Option<(Vec<Piece<'b>>, Hash)> {
    let mut pieces = Vec::new();
    loop {
        let Hash(length) = from.get()?;
        let hash = from.get()?;
        if length == END {
            return from.is_at_end().then_some((pieces, hash));
        }
        pieces.push((hash, from.bytes(usize::try_from(length).ok()?)?));
    }
}

/// Writes a sealed file.
#[derive(Debug)]
pub struct SealedWriter<W> {
    out: W,
    hashes: Vec<u8>,
}

impl<W: Write> SealedWriter<W> {
    /// Begins a file.
    pub fn new(mut out: W, seal: Seal) -> io::Result<Self> {
        out.write_all(seal.first_line().as_bytes())?;
        out.write_all(&packed(seal.program))?;
        Ok(Self { out, hashes: Vec::new() })
    }

    /// Writes the next piece.
    pub fn piece(&mut self, bytes: &[u8]) -> io::Result<()> {
        let hash = packed(Hash::of(bytes));
        self.hashes.extend(hash);
        self.out.write_all(&packed(Hash(bytes.len() as u64)))?;
        self.out.write_all(&hash)?;
        self.out.write_all(bytes)
    }

    /// Ends the file; returns the hash of all that it holds.
    pub fn finish(mut self) -> io::Result<(W, Hash)> {
        let all = Hash(xxh3_64(&self.hashes));
        self.out.write_all(&packed(Hash(END)))?;
        self.out.write_all(&packed(all))?;
        self.out.flush()?;
        Ok((self.out, all))
    }
}

fn packed(hash: Hash) -> [u8; 8] {
    hash.0.to_le_bytes()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    const SEAL: Seal = Seal { kind: "test", program: Hash(7) };

    fn sealed(pieces: &[Vec<u8>]) -> Vec<u8> {
        let mut writer = SealedWriter::new(Vec::new(), SEAL).unwrap();
        pieces.iter().for_each(|piece| writer.piece(piece).unwrap());
        writer.finish().unwrap().0
    }

    proptest! {
        /// What was written is there again; a file with any byte changed, or cut anywhere, is refused.
        #[test]
        fn damage_is_noticed(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..4),
            at in any::<prop::sample::Index>(),
            change in 1u8..,
        ) {
            let bytes = sealed(&pieces);
            prop_assert_eq!(SEAL.open(&bytes).unwrap().0, pieces);
            let at = at.index(bytes.len());
            let mut other = bytes.clone();
            other[at] ^= change;
            prop_assert!(SEAL.open(&other).is_err());
            prop_assert!(SEAL.open(&bytes[..at]).is_err());
        }
    }

    #[test]
    fn another_programs_file_is_foreign() {
        let other = Seal { program: Hash(8), ..SEAL };
        assert_eq!(other.open(&sealed(&[])).unwrap_err(), Damage::Foreign);
        assert_eq!(Seal { kind: "other", ..SEAL }.open(&sealed(&[])).unwrap_err(), Damage::Broken);
    }
}
