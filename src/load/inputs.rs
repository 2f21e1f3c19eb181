//! What a site was read from, as it was: by it a later build sees whether anything is different without
//! reading it again.
//!
//! A file whose stamp is as it was is as it was, unless it was changed within a tick of its file system's
//! clock before it was read: such files, and files with another stamp, are read and their hashes compared. So
//! a fresh checkout, in which every file is new, is the same site. Settings, forms and themes are few:
//! they are read each time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::civil::Date;
use rayon::prelude::*;
use walkdir::WalkDir;

use super::changes::Changed;
use super::kept::{Kept, below_content};
use super::settings::read_settings;
use super::stamp::Stamp;
use super::theme::is_directory_name;
use super::tree::{Difference, Directory, Tree};
use super::{Loaded, Loader, Progress, Stages};
use crate::archive::AgencyKind;
use crate::config::{Config, YEARS};
use crate::pack::{Hash, Pack as _, Unpacker};
use crate::text::decode;

/// What a site was read from.
#[derive(Debug)]
pub struct Inputs {
    /// What lies below `content/`.
    pub(super) tree: Tree,
    /// What lay there when the site was read, once it has been looked at again.
    before: Option<Tree>,
    /// What is different.
    difference: Difference,
    /// When it was looked at.
    began: SystemTime,
    /// The hash of settings, forms and theme.
    settings: Hash,
}

/// How a site is now, against how it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// The same.
    Same,
    /// The same, in files that have been touched.
    Touched,
    /// Something is different.
    Different,
}

/// How many pieces there are, and what reads one; `None` is one that cannot be read.
pub type Pieces<'p> = (usize, &'p (dyn Fn(usize) -> Option<Vec<u8>> + Sync));

/// How many directories stand in a piece.
const DIRECTORIES: usize = 512;

impl Inputs {
    /// Gives what a loader has read, packed in pieces, to `piece`.
    pub fn pack<E>(loader: &Loader, settings: Hash, mut piece: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let Some(kept) = &loader.kept else { return Ok(()) };
        pack(kept.tree(), loader.began, settings, &mut piece)
    }

    /// The same for what was looked at again.
    pub fn pack_again<E>(&self, mut piece: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        pack(&self.tree, self.began, self.settings, &mut piece)
    }

    /// Reads pieces that were packed for the site at `root`; `None` if they mean nothing.
    pub fn unpack(root: &Path, pieces: &[&[u8]]) -> Option<Self> {
        let (first, rest) = pieces.split_first()?;
        let (began, settings) = Unpacker::new(first).get()?;
        let directories: Option<Vec<Vec<(String, Directory)>>> = rest.par_iter().map(|piece| Unpacker::new(piece).get()).collect();
        let directories: BTreeMap<String, Directory> = directories?.into_iter().flatten().collect();
        let (before, difference) = (None, Difference::default());
        Some(Self { tree: Tree::known(root, directories), before, difference, began, settings })
    }

    /// Whether the settings are others now, by their hash.
    pub fn are_under(&self, settings: Hash) -> bool {
        self.settings == settings
    }

    /// Looks at everything again, and takes note of how it is now. `published` gives the hash of a file below
    /// `content/` that was published as it was.
    pub fn look_again(&mut self, published: impl Fn(&str) -> Option<Hash> + Sync) -> Now {
        let began = SystemTime::now();
        let mut now = Tree::at_once(self.tree.root());
        let (mut difference, unsettled) = now.since(&self.tree, self.began);
        let doubtful: Vec<&String> = difference.edited.iter().chain(&unsettled).collect();
        let known = |path: &str| self.tree.hash(path).or_else(|| published(path));
        let holds_the_same = |path: &String| {
            let hash = known(path)?;
            fs::read(self.tree.absolute(path)).is_ok_and(|bytes| Hash::of(&bytes) == hash).then(|| path.clone())
        };
        let same: Vec<String> = doubtful.into_par_iter().filter_map(holds_the_same).collect();
        difference.edited.extend(unsettled);
        let mut touched = false;
        for path in &same {
            difference.edited.remove(path);
            touched |= self.tree.was_touched(path, &now);
        }
        now.keep_hashes(&self.tree, &difference.edited);
        let different = !difference.is_empty();
        (self.before, self.difference, self.began) = (Some(std::mem::replace(&mut self.tree, now)), difference, began);
        match (different, touched) {
            (true, _) => Now::Different,
            (false, true) => Now::Touched,
            (false, false) => Now::Same,
        }
    }
}

fn pack<E>(tree: &Tree, began: SystemTime, settings: Hash, piece: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
    let mut bytes = Vec::new();
    (began, settings).pack(&mut bytes);
    piece(&bytes)?;
    let directories: Vec<(&str, &Directory)> = tree.directories().collect();
    for directories in directories.chunks(DIRECTORIES) {
        bytes.clear();
        directories.len().pack(&mut bytes);
        for (path, directory) in directories {
            crate::pack::pack_text(path, &mut bytes);
            directory.pack(&mut bytes);
        }
        piece(&bytes)?;
    }
    Ok(())
}

/// A hash of everything below `content/` as it stands there: of names and stamps, not of what is in the files.
pub fn content_stamp(root: &Path) -> Hash {
    stamp_of(&Tree::at_once(root))
}

fn stamp_of(tree: &Tree) -> Hash {
    let mut bytes = Vec::new();
    for (path, directory) in tree.directories() {
        crate::pack::pack_text(path, &mut bytes);
        directory.pack_stamps(&mut bytes);
    }
    Hash::of(&bytes)
}

impl Loader {
    /// Gives what was read, packed in pieces, to `piece`, for [`take_up`](Self::take_up).
    pub fn pack<E>(&self, piece: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        self.kept.iter().try_for_each({
            let mut piece = piece;
            move |kept| kept.pack(&mut piece)
        })
    }

    /// Gives those pieces that are others than they were when they were taken up to `piece`, each with its place. `false` if
    /// all may be.
    pub fn pack_changes(&self, piece: impl FnMut(usize, &[u8])) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.pack_changes(piece))
    }

    /// Loads a site that was read from `inputs` on the day `then` and packed, by reading what is different. `None` if
    /// the pieces mean nothing.
    pub fn take_up(&mut self, inputs: Inputs, then: Date, pieces: Pieces<'_>, progress: Progress<'_>) -> Option<Loaded> {
        let mut stages = Stages::default();
        let settings = read_settings(&self.root).ok()?;
        let Inputs { tree, before, difference, began, .. } = inputs;
        let today = std::mem::replace(&mut self.today, then);
        let kept = stages.time("recall", || Kept::unpack(before.unwrap_or_default(), settings, pieces, &self.world(progress)));
        (self.today, self.began, self.troubled) = (today, began, false);
        let mut kept = kept?;
        kept.is_now(tree);
        let world = self.world(progress);
        let mut changed = Changed::default();
        if !difference.is_empty() {
            changed = kept.take_in(difference, &world, &mut stages);
        }
        if today != then {
            let before = kept.findings.clone();
            let judged = kept.judge_all(&world, &mut stages);
            // The day itself stands on no page: only what it makes late, missing or impossible.
            if before != kept.findings || has_made_late(&kept.config, then, today) {
                changed = judged;
            }
        }
        Some(self.keep(kept, stages, changed, None))
    }

    /// Whether some files, by their paths below the root, are as they were when the site was last looked at.
    pub fn are_as_read<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> bool {
        let Some(kept) = &self.kept else { return false };
        paths.into_iter().all(|path| {
            let now = fs::metadata(self.root.join(path)).ok().map(|metadata| Stamp::of(&metadata));
            kept.tree().stamp(below_content(path)) == now
        })
    }

    /// The [`content_stamp`] of what was read.
    pub fn content_stamp(&self) -> Option<Hash> {
        self.kept.as_ref().map(|kept| stamp_of(kept.tree()))
    }
}

/// Whether a report that could still come in time on one day cannot on another.
fn has_made_late(config: &Config, then: Date, today: Date) -> bool {
    let deadlines = AgencyKind::ALL.iter().flat_map(|kind| YEARS.map(|year| config.check.deadline(kind.name(), year)));
    deadlines.into_iter().any(|deadline| (then <= deadline) != (today <= deadline))
}

/// A hash of what holds for the whole site: `site.toml`, the forms, the theme.
pub fn settings_hash(root: &Path) -> Hash {
    let mut bytes = Vec::new();
    let site = fs::read(root.join("site.toml")).unwrap_or_default();
    let theme = Config::read(&decode(site.clone()).text).0.theme;
    Hash::of(&site).pack(&mut bytes);
    let mut places: Vec<PathBuf> = vec![root.join("forms"), root.join("templates")];
    places.extend(is_directory_name(&theme).then(|| root.join("themes").join(theme)));
    for (number, place) in places.iter().enumerate() {
        for entry in WalkDir::new(place).follow_links(true).sort_by_file_name() {
            let path = entry.as_ref().map_or_else(|error| error.path().map(Path::to_owned), |entry| Some(entry.path().to_owned()));
            let path = path.unwrap_or_default();
            if path.is_dir() {
                continue;
            }
            let hash = fs::read(&path).map(|bytes| Hash::of(&bytes)).map_err(|error| error.kind());
            (number, path.strip_prefix(place).unwrap_or(&path).as_os_str().as_encoded_bytes().to_vec()).pack(&mut bytes);
            hash.ok().pack(&mut bytes);
        }
    }
    Hash::of(&bytes)
}
