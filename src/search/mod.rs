//! Reports → a static index in which a browser finds any characters in a row.
//!
//! ```text
//!  title, names, prose ─ normal ─▶ characters ─ pairs ─▶ pair → reports   docs-*.bin
//!                                                        pair → places    places-*.bin
//!  title, names, prose ────────────────────────────────▶ text             text-*.bin
//!  years, kinds, editions, first pair of each file ────▶                  index.bin
//! ```
//!
//! Every pair of neighbouring characters is a key. The reports of a word of two characters are those of
//! its pair; for a longer word the lists of its pairs are intersected, and what is left is told apart by
//! the places of the pairs, or, where few are left, by the text itself. So what is found is what
//! contains the word: exactly, whatever the characters. The keys are sorted and cut into files of
//! a few kilobytes, of which a browser loads those it needs; the first key of each stands in `index.bin`.
//! Reports are numbered newest year first, as they are listed.
//!
//! Texts are compared in the form that [`normal`] gives them: each character by itself in NFKC (`２` is
//! `2`, `（` is `(`), A–Z as a–z, white space and invisible joiners left out. Nothing else is changed:
//! variants and traditional characters are characters of their own.
//!
//! Measured on archives of `make_archive.py` (1,300 characters of prose a report), release build: 1,000 reports
//! 0.2 s of processor time, 2.1 MB in 312 files; 10,000 reports 3.3 s, 20 MB in 2,705 files, 35 MB more memory at
//! the peak. Of that a query of two characters loads some 5 KB with ten reports shown; of four, up to 430 KB
//! where all 10,000 reports have it a dozen times, 170 KB for a common phrase, some tens for a name.
//!
//! All files are compressed with gzip, which browsers undo themselves (`DecompressionStream`), since
//! static hosts do not compress files of unknown kinds. Same site, same bytes. What the index must hold
//! in memory is the index: texts pass through in batches.

mod entry;
mod normal;
mod paragraphs;
mod postings;
mod shards;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;

use rayon::prelude::*;
use serde::Serialize;

use crate::archive::{AgencyKind, ReportIndex};
use crate::site::Site;
use entry::Entry;
use postings::Postings;
use shards::{Shards, TEXT, Texts, compressed};

pub use normal::normal;

/// So many reports are taken in at a time.
const BATCH: usize = 256;
/// How large files are before compression: lists of reports, places, texts.
const DOCS_BYTES: usize = 16 << 10;
const PLACES_BYTES: usize = 32 << 10;
const TEXT_BYTES: usize = 24 << 10;

/// The files of the index, by name.
#[derive(Debug, Default)]
pub struct SearchIndex {
    files: BTreeMap<String, Vec<u8>>,
}

/// What `index.bin` says.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(serde::Deserialize))]
struct Directory {
    /// Stands in the addresses of the other files, so that no browser mixes two versions.
    version: String,
    /// The years, newest first, and how many reports each has.
    years: Vec<(u16, usize)>,
    /// The kinds of agencies, and the kind of each report as a letter: `a` for the first.
    kinds: Vec<String>,
    kind: String,
    /// The editions, and that of each report.
    forms: Vec<String>,
    form: String,
    /// The first pair of each file, one after the other.
    docs: String,
    places: String,
    /// How many reports' texts stand in each file.
    text: Vec<usize>,
}

impl SearchIndex {
    /// The index of a site. `to_html` renders prose as pages show it. `Err` names a file that cannot be read.
    pub fn of(site: &Site, to_html: &(dyn Fn(&str) -> String + Sync)) -> Result<Self, (String, io::Error)> {
        let reports = in_order(site);
        let mut postings = Postings::new(rayon::current_num_threads());
        let mut texts = Texts::new(TEXT_BYTES);
        for (batch, first) in reports.chunks(BATCH).zip((0u32..).step_by(BATCH)) {
            let taken: Vec<Entry> = batch.par_iter().map(|report| Entry::of(site, *report, to_html)).collect::<Result<_, _>>()?;
            postings.add(first, &taken);
            texts.add(taken.iter().map(|entry| entry.json.as_slice()));
        }
        let (docs, places) = postings.finish();
        let docs = Shards::of("docs", docs, DOCS_BYTES);
        let places = Shards::of("places", places, PLACES_BYTES);
        let (text, counts) = texts.finish("text");
        let mut directory = Directory { docs: docs.firsts, places: places.firsts, text: counts, ..Directory::of(site, &reports) };
        let mut files: BTreeMap<String, Vec<u8>> = docs.files.into_iter().chain(places.files).chain(text).collect();
        directory.version = version(&files);
        files.insert("index.bin".to_owned(), compressed(&serde_json::to_vec(&directory).unwrap_or_default(), TEXT));
        Ok(Self { files })
    }

    /// A file by its name below `search/`.
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

impl Directory {
    fn of(site: &Site, reports: &[ReportIndex]) -> Self {
        let archive = &site.archive;
        let kind = |index: &ReportIndex| archive.agency(archive.agency_of(*index)).kind();
        let (kinds, kind) = letters(reports.iter().map(|index| kind(index).name()), AgencyKind::ALL.iter().map(|kind| kind.name()));
        let keys = site.forms.iter().map(|form| form.key.as_str());
        let (forms, form) = letters(reports.iter().map(|index| archive.report(*index).form.key.as_str()), keys);
        let years = archive.years().rev().map(|year| (year, archive.reports_of_year(year).len())).collect();
        Self { version: String::new(), years, kinds, kind, forms, form, docs: String::new(), places: String::new(), text: Vec::new() }
    }
}

/// The reports in the order in which they are listed: newest year first, then by agency.
fn in_order(site: &Site) -> Vec<ReportIndex> {
    let archive = &site.archive;
    archive.years().rev().flat_map(|year| archive.reports_of_year(year).iter().copied()).collect()
}

/// Values as letters: the names that can occur, and one letter for each value.
fn letters<'v>(values: impl Iterator<Item = &'v str>, names: impl Iterator<Item = &'v str>) -> (Vec<String>, String) {
    let names: Vec<&str> = names.collect();
    let letter = |value: &str| {
        let place = names.iter().position(|name| *name == value).and_then(|place| u32::try_from(place).ok());
        place.and_then(|place| char::from_u32('a' as u32 + place)).unwrap_or('?')
    };
    let written = values.map(letter).collect();
    (names.iter().map(|name| (*name).to_owned()).collect(), written)
}

fn version(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut hash = xxhash_rust::xxh3::Xxh3::new();
    for (name, bytes) in files {
        hash.update(name.as_bytes());
        hash.update(bytes);
    }
    format!("{:08x}", hash.digest() >> 32)
}
