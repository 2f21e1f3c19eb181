//! Packed values in a file that says what it is, who wrote it, and whether it is whole.
//!
//! A line of text names the kind of file; behind it stands the hash of the program that wrote it, then
//! pieces, each behind its length and its hash, so that they can be written one by one and read in
//! parallel; at the end the hash of all those hashes.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

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
        let reader = SealedReader::open(Cursor::new(bytes), *self)?;
        let piece = |(start, length, hash): &Framed| {
            let start = usize::try_from(*start).ok()?;
            bytes.get(start..start + length).filter(|piece| Hash::of(piece) == *hash)
        };
        let pieces: Option<Vec<&[u8]>> = reader.pieces.par_iter().map(piece).collect();
        Ok((pieces.ok_or(Damage::Broken)?, reader.all))
    }
}

/// Where a piece begins, its length and its hash.
type Framed = (u64, usize, Hash);

/// A sealed file whose pieces are read when they are asked for.
#[derive(Debug)]
pub struct SealedReader<F> {
    file: Mutex<F>,
    pieces: Vec<Framed>,
    all: Hash,
}

impl<F: Read + Seek> SealedReader<F> {
    /// Looks at the frame of a sealed file.
    pub fn open(mut file: F, seal: Seal) -> Result<Self, Damage> {
        let length = file.seek(SeekFrom::End(0)).map_err(|_| Damage::Broken)?;
        let line = seal.first_line();
        let mut at = line.len() as u64;
        if read_at(&mut file, 0, line.len(), length).ok_or(Damage::Broken)? != line.as_bytes() {
            return Err(Damage::Broken);
        }
        if hash_at(&mut file, &mut at, length).ok_or(Damage::Broken)? != seal.program {
            return Err(Damage::Foreign);
        }
        let (pieces, all) = frame(&mut file, at, length).ok_or(Damage::Broken)?;
        let hashes: Vec<u8> = pieces.iter().flat_map(|(.., hash)| packed(*hash)).collect();
        if Hash::of(&hashes) == all { Ok(Self { file: Mutex::new(file), pieces, all }) } else { Err(Damage::Broken) }
    }

    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The hash of all that the file holds.
    pub fn hash(&self) -> Hash {
        self.all
    }

    /// A piece; `None` if there is no such piece or it is not as it was written.
    pub fn piece(&self, place: usize) -> Option<Vec<u8>> {
        let (start, length, hash) = *self.pieces.get(place)?;
        let bytes = read_at(&mut *self.file.lock().unwrap_or_else(PoisonError::into_inner), start, length, u64::MAX)?;
        (Hash::of(&bytes) == hash).then_some(bytes)
    }
}

/// The pieces of a file, and the hash of all, from behind the name of the program.
fn frame(file: &mut (impl Read + Seek), mut at: u64, length: u64) -> Option<(Vec<Framed>, Hash)> {
    let mut pieces = Vec::new();
    loop {
        let Hash(of_piece) = hash_at(file, &mut at, length)?;
        let hash = hash_at(file, &mut at, length)?;
        if of_piece == END {
            return (at == length).then_some((pieces, hash));
        }
        pieces.push((at, usize::try_from(of_piece).ok()?, hash));
        at = at.checked_add(of_piece).filter(|at| *at <= length)?;
    }
}

fn hash_at(file: &mut (impl Read + Seek), at: &mut u64, length: u64) -> Option<Hash> {
    let bytes = read_at(file, *at, 8, length)?;
    *at += 8;
    Unpacker::new(&bytes).get()
}

/// Some bytes of a file of a length.
fn read_at(file: &mut (impl Read + Seek), start: u64, count: usize, length: u64) -> Option<Vec<u8>> {
    start.checked_add(count as u64).filter(|end| *end <= length)?;
    let mut bytes = vec![0; count];
    file.seek(SeekFrom::Start(start)).ok()?;
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
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
        let all = Hash::of(&self.hashes);
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
            prop_assert_eq!(&SEAL.open(&bytes).unwrap().0, &pieces);
            let at = at.index(bytes.len());
            let mut other = bytes.clone();
            other[at] ^= change;
            prop_assert!(SEAL.open(&other).is_err());
            prop_assert!(SEAL.open(&bytes[..at]).is_err());
            let read = |bytes: &[u8]| {
                let reader = SealedReader::open(Cursor::new(bytes.to_vec()), SEAL).ok()?;
                (0..reader.len()).map(|place| reader.piece(place)).collect::<Option<Vec<_>>>()
            };
            prop_assert_eq!(read(&bytes), Some(pieces));
            prop_assert_eq!((read(&other), read(&bytes[..at])), (None, None));
        }
    }

    #[test]
    fn another_programs_file_is_foreign() {
        let other = Seal { program: Hash(8), ..SEAL };
        assert_eq!(other.open(&sealed(&[])).unwrap_err(), Damage::Foreign);
        assert_eq!(Seal { kind: "other", ..SEAL }.open(&sealed(&[])).unwrap_err(), Damage::Broken);
    }
}
