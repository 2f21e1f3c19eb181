//! What was read and found, in two files: `reports` has all of it in pieces, `changes` those pieces that are others by
//! now, so that a small edit of a large site does not write all of it again.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use super::Memory;
use crate::load::Loader;
use crate::pack::{Damage, Hash, Pack as _, SealedReader, Unpacker, packed};

/// Which files hold what was read and found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    /// The hash of all that `reports` holds.
    reports: Hash,
    /// The same of `changes`, if there are any.
    changes: Option<Hash>,
}

packed!(Read { reports, changes });

/// What was taken up from the files.
#[derive(Debug)]
pub(in super::super) struct Earlier {
    read: Read,
    /// The length of `reports`.
    length: usize,
    /// The pieces in `changes`, by their places.
    changes: BTreeMap<usize, Vec<u8>>,
}

/// Beyond this share of all pieces, one in so many, they are all written.
const MOST_CHANGES: usize = 4;

impl Memory {
    /// Makes something of what was read and found, given how many pieces there are and a way to read each.
    pub(super) fn with_reports<T>(
        &self,
        read: Read,
        make: impl FnOnce(usize, &(dyn Fn(usize) -> Option<Vec<u8>> + Sync)) -> Option<T>,
    ) -> Result<(T, Earlier), Damage> {
        let file = fs::File::open(self.place.join("reports")).map_err(|_| Damage::Broken)?;
        let length = usize::try_from(file.metadata().map_err(|_| Damage::Broken)?.len()).map_err(|_| Damage::Broken)?;
        let reader = SealedReader::open(file, self.seal("reports"))?;
        let changes = read.changes.map(|hash| self.read_changes(hash)).transpose()?.unwrap_or_default();
        let piece = |place: usize| changes.get(&place).cloned().or_else(|| reader.piece(place));
        let made = if reader.hash() == read.reports { make(reader.len(), &piece) } else { None }.ok_or(Damage::Broken)?;
        Ok((made, Earlier { read, length, changes }))
    }

    fn read_changes(&self, expected: Hash) -> Result<BTreeMap<usize, Vec<u8>>, Damage> {
        let bytes = fs::read(self.place.join("changes")).map_err(|_| Damage::Broken)?;
        let (pieces, hash) = self.seal("changes").open(&bytes)?;
        let (places, pieces) = pieces.split_first().filter(|_| hash == expected).ok_or(Damage::Broken)?;
        let places: Vec<usize> = Unpacker::new(places).get().ok_or(Damage::Broken)?;
        Ok(places.into_iter().zip(pieces.iter().map(|piece| piece.to_vec())).collect())
    }

    /// Writes what a loader has read and found, or what is different in it from what was there `earlier`.
    pub(super) fn write_reports(&self, loader: &Loader, earlier: Option<Earlier>) -> io::Result<Read> {
        if let Some(Earlier { read, length, mut changes }) = earlier
            && loader.pack_changes(|place, piece| drop(changes.insert(place, piece.to_vec())))
            && changes.values().map(Vec::len).sum::<usize>() < length / MOST_CHANGES
        {
            let mut places = Vec::new();
            changes.keys().copied().collect::<Vec<usize>>().pack(&mut places);
            let hash = self.write("changes", |writer| {
                writer.piece(&places)?;
                changes.values().try_for_each(|piece| writer.piece(piece))
            })?;
            return Ok(Read { changes: Some(hash), ..read });
        }
        let reports = self.write("reports", |writer| loader.pack(|piece| writer.piece(piece)))?;
        let _ = fs::remove_file(self.place.join("changes"));
        Ok(Read { reports, changes: None })
    }
}
