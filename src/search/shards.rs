//! Lists and texts → files of a few kilobytes, compressed.

use std::io::Write as _;

use flate2::{Compression, GzBuilder};
use rayon::prelude::*;

use super::postings::{Lists, varint};

/// A file's name and bytes.
pub(super) type File = (String, Vec<u8>);

/// Lists by pair, cut into files. Each has the number of its pairs; for each pair the distance from the
/// one before (0 at the start, its own key) and the length of its list; then the lists.
#[derive(Debug)]
pub(super) struct Shards {
    pub(super) files: Vec<File>,
    /// The two characters of each file's first pair, one after the other.
    pub(super) firsts: String,
}

impl Shards {
    /// Files of about `size` bytes before compression; a long list has one of its own.
    pub(super) fn of(name: &str, lists: Lists, size: usize) -> Self {
        let mut groups: Vec<&[(u64, Vec<u8>)]> = Vec::new();
        let (mut start, mut bytes) = (0, 0);
        for (at, (_, list)) in lists.iter().enumerate() {
            if at > start && bytes + list.len() > size {
                groups.push(&lists[start..at]);
                (start, bytes) = (at, 0);
            }
            bytes += list.len() + 4;
        }
        groups.extend(Some(&lists[start..]).filter(|rest| !rest.is_empty()));
        let character = |key: u64| u32::try_from(key).ok().and_then(char::from_u32).unwrap_or_default();
        let firsts =
            groups.iter().filter_map(|group| group.first()).flat_map(|(pair, _)| [character(pair >> 21), character(pair & 0x1f_ffff)]);
        let write = |(at, group): (usize, &&[(u64, Vec<u8>)])| (format!("{name}-{at}.bin"), compressed(&written(group), NUMBERS));
        Self { firsts: firsts.collect(), files: groups.par_iter().enumerate().map(write).collect() }
    }
}

fn written(group: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    varint(&mut bytes, group.len() as u64);
    let mut last = 0;
    for (pair, list) in group {
        varint(&mut bytes, pair - last);
        varint(&mut bytes, list.len() as u64);
        last = *pair;
    }
    group.iter().for_each(|(_, list)| bytes.extend_from_slice(list));
    bytes
}

/// Texts of reports, as JSON arrays of a few each.
#[derive(Debug)]
pub(super) struct Texts {
    size: usize,
    open: Vec<u8>,
    in_open: usize,
    files: Vec<Vec<u8>>,
    counts: Vec<usize>,
}

impl Texts {
    /// No texts yet; files will have about `size` bytes before compression.
    pub(super) fn new(size: usize) -> Self {
        Self { size, open: Vec::new(), in_open: 0, files: Vec::new(), counts: Vec::new() }
    }

    /// Takes in the texts of reports that follow those before.
    pub(super) fn add<'j>(&mut self, texts: impl Iterator<Item = &'j [u8]>) {
        let mut full = Vec::new();
        for text in texts {
            if self.in_open > 0 && self.open.len() + text.len() > self.size {
                full.push(self.close());
            }
            self.open.push(if self.in_open == 0 { b'[' } else { b',' });
            self.open.extend_from_slice(text);
            self.in_open += 1;
        }
        self.files.extend(full.par_iter().map(|text| compressed(text, TEXT)).collect::<Vec<_>>());
    }

    fn close(&mut self) -> Vec<u8> {
        self.open.push(b']');
        self.counts.push(std::mem::take(&mut self.in_open));
        std::mem::take(&mut self.open)
    }

    /// The files, and how many reports each has.
    pub(super) fn finish(mut self, name: &str) -> (Vec<File>, Vec<usize>) {
        if self.in_open > 0 {
            let last = compressed(&self.close(), TEXT);
            self.files.push(last);
        }
        let named = |(at, bytes)| (format!("{name}-{at}.bin"), bytes);
        (self.files.into_iter().enumerate().map(named).collect(), self.counts)
    }
}

/// How hard text is pressed: there is much to be found twice in it.
pub(super) const TEXT: Compression = Compression::new(6);
/// How hard lists of numbers are pressed: more effort makes them a hundredth smaller and takes four tenths more time.
const NUMBERS: Compression = Compression::new(2);

/// Bytes in gzip, without a time in it.
pub(super) fn compressed(bytes: &[u8], effort: Compression) -> Vec<u8> {
    let mut writer = GzBuilder::new().write(Vec::with_capacity(bytes.len() / 2), effort);
    // Writing to memory cannot fail.
    let _ = writer.write_all(bytes);
    writer.finish().unwrap_or_default()
}
