//! What lies below `content/`: directories and the stamps of their files, seen anew only where
//! something was touched.
//!
//! A directory is looked at as a whole, new directories with all below them. When everything is looked
//! at again, directories that say that nothing came or went are not opened: opening thousands of them
//! would flood whoever watches them. Links are followed, but none that leads back to a directory above
//! it or out of the site: what a link brings in from elsewhere would be published.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rayon::prelude::*;

use super::stamp::Stamp;
use crate::pack::{Hash, Pack, Unpacker, pack_text, packed};
use crate::text::{Words, reason};
use crate::words;

/// A file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct File {
    /// When it was changed and how long it is.
    pub(super) stamp: Stamp,
    /// The hash of what was read of it, if it was.
    pub(super) hash: Option<Hash>,
}

packed!(File { stamp, hash });

impl File {
    fn of(metadata: &Metadata) -> Self {
        Self { stamp: Stamp::of(metadata), hash: None }
    }
}

/// How deep directories may lie below `content/`: no administration has so many levels, and what goes down level by level
/// needs an end.
const DEEPEST: usize = 64;

/// Why something in a directory cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// A link that leads back to a directory above it: `content/…`.
    Loop(String),
    /// A link that leads out of the site.
    Outside,
    /// Neither a file nor a directory: a pipe, a device.
    Special,
    /// A name that is not written in UTF-8.
    Name,
    /// What the system says.
    System(Words),
}

impl Pack for Obstacle {
    fn pack(&self, to: &mut Vec<u8>) {
        match self {
            Self::Loop(above) => (0u8, above.clone()).pack(to),
            Self::Outside => 1u8.pack(to),
            Self::Special => 2u8.pack(to),
            Self::Name => 3u8.pack(to),
            Self::System(words) => (4u8, words.clone()).pack(to),
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some(match from.get::<u8>()? {
            0 => Self::Loop(from.get()?),
            1 => Self::Outside,
            2 => Self::Special,
            3 => Self::Name,
            4 => Self::System(from.get()?),
            _ => return None,
        })
    }
}

/// One directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Directory {
    /// Its files by name.
    pub(super) files: BTreeMap<String, File>,
    /// What cannot be looked at, by name; under the empty name the directory itself.
    pub(super) obstacles: BTreeMap<String, Obstacle>,
    /// Names of the directories in it.
    below: BTreeSet<String>,
    /// Whether a link in it was followed.
    linked: bool,
    /// When something last came or went, if that can be relied on.
    modified: Option<SystemTime>,
}

packed!(Directory { files, obstacles, below, linked, modified });

impl Directory {
    /// Appends names and stamps.
    pub(super) fn pack_stamps(&self, to: &mut Vec<u8>) {
        for (name, file) in &self.files {
            pack_text(name, to);
            file.stamp.pack(to);
        }
        self.obstacles.pack(to);
        self.below.pack(to);
    }
}

/// All directories below `content/`, by path; the empty path is `content/` itself.
#[derive(Debug, Default)]
pub(super) struct Tree {
    root: PathBuf,
    directories: BTreeMap<String, Directory>,
    /// Whether links were followed. Behind a link a file has two paths, and the system tells of changes
    /// to one of them only.
    linked: bool,
}

/// What a new look at a tree has shown. Paths are below `content/`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// Files that were there before and may have another content now.
    pub(super) edited: BTreeSet<String>,
    /// Whether files or directories came or went.
    pub(super) structure: bool,
}

impl Difference {
    /// Whether nothing was different.
    pub(super) fn is_empty(&self) -> bool {
        self.edited.is_empty() && !self.structure
    }
}

impl Tree {
    /// Looks at everything below `content/` of the site at `root`.
    pub(super) fn of(root: &Path) -> Self {
        Self::walked(root, Walk::new(root))
    }

    /// The same for one look: the next opens every directory again.
    pub(super) fn at_once(root: &Path) -> Self {
        Self::walked(root, Walk { is_timed: false, ..Walk::new(root) })
    }

    fn walked(root: &Path, walk: Walk) -> Self {
        let mut tree = Self { root: root.to_owned(), ..Self::default() };
        if tree.absolute("").exists() {
            tree.take(walk.all_below("", &BTreeMap::new()));
        }
        tree
    }

    /// What is known of the directories of the site at `root`.
    pub(super) fn known(root: &Path, directories: BTreeMap<String, Directory>) -> Self {
        let linked = directories.values().any(|directory| directory.linked);
        Self { root: root.to_owned(), directories, linked }
    }

    /// The site's root directory.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    fn take(&mut self, directories: Vec<(String, Directory)>) {
        self.linked |= directories.iter().any(|(_, directory)| directory.linked);
        self.directories.extend(directories);
    }

    /// All directories in order.
    pub(super) fn directories(&self) -> impl Iterator<Item = (&str, &Directory)> {
        self.directories.iter().map(|(path, directory)| (path.as_str(), directory))
    }

    /// The stamp of a file.
    pub(super) fn stamp(&self, path: &str) -> Option<Stamp> {
        self.file(path).map(|file| file.stamp)
    }

    fn file(&self, path: &str) -> Option<&File> {
        let (above, name) = split(path);
        self.directories.get(above)?.files.get(name)
    }

    fn file_mut(&mut self, path: &str) -> Option<&mut File> {
        let (above, name) = split(path);
        self.directories.get_mut(above)?.files.get_mut(name)
    }

    /// The hash of what was read of a file.
    pub(super) fn hash(&self, path: &str) -> Option<Hash> {
        self.file(path)?.hash
    }

    /// Whether a file has another stamp `now`; it is given that one.
    pub(super) fn was_touched(&mut self, path: &str, now: &Self) -> bool {
        let Some((file, stamp)) = self.file_mut(path).zip(now.stamp(path)) else { return false };
        std::mem::replace(&mut file.stamp, stamp) != stamp
    }

    /// Takes over the hashes of what was read before of files that are as they were: all but those that are
    /// `edited`.
    pub(super) fn keep_hashes(&mut self, before: &Self, edited: &BTreeSet<String>) {
        for (path, directory, old) in both(&mut self.directories, &before.directories) {
            for (name, file, old) in both(&mut directory.files, &old.files) {
                file.hash = old.hash.filter(|_| edited.is_empty() || !edited.contains(&join(path, name)));
            }
        }
    }

    /// What is different from how it was `before`, and which files that seem to be the same may have been changed within
    /// a tick of the clock, when they were looked at from the moment `began`.
    pub(super) fn since(&self, before: &Self, began: SystemTime) -> (Difference, Vec<String>) {
        let mut difference = Difference { structure: !self.directories.keys().eq(before.directories.keys()), ..Difference::default() };
        let mut unsettled = Vec::new();
        for (path, directory, old) in both(&self.directories, &before.directories) {
            compare(path, old, directory, &mut difference);
            let doubtful = |(_, file, old): &(&String, &File, &File)| old.stamp == file.stamp && !file.stamp.was_settled(began);
            unsettled.extend(both(&directory.files, &old.files).filter(doubtful).map(|(name, ..)| join(path, name)));
        }
        (difference, unsettled)
    }

    /// Takes note of the hash of what was read of a file.
    pub(super) fn was_read(&mut self, path: &str, hash: Option<Hash>) {
        if let Some(file) = self.file_mut(path) {
            file.hash = hash;
        }
    }

    /// Looks at everything again.
    pub(super) fn refresh_all(&mut self) -> Difference {
        let mut before = std::mem::take(&mut self.directories);
        self.linked = false;
        if self.absolute("").exists() {
            self.take(Walk::new(&self.root).all_below("", &before));
        }
        let mut difference = Difference::default();
        for (path, directory) in &self.directories {
            match before.remove(path) {
                Some(old) => compare(path, &old, directory, &mut difference),
                None => difference.structure = true,
            }
        }
        difference.structure |= !before.is_empty();
        difference
    }

    /// Looks again where something was touched: at a file that is known, else at the directory it is or
    /// was in; at a directory with all below it.
    pub(super) fn refresh<'p>(&mut self, touched: impl IntoIterator<Item = &'p str>) -> Difference {
        if self.linked {
            return self.refresh_all();
        }
        let mut difference = Difference::default();
        let mut again = BTreeSet::new();
        for path in touched.into_iter().filter(|path| !path.split('/').any(is_hidden)) {
            if self.refresh_file(path, &mut difference) {
                continue;
            }
            if self.absolute(path).is_dir() && self.directories.contains_key(path) {
                again.insert((path.to_owned(), true));
            }
            again.insert((self.known_above(path), false));
        }
        let walk = Walk::new(&self.root);
        for (path, deep) in again {
            self.refresh_directory(&walk, &path, deep, &mut difference);
        }
        difference
    }

    /// Looks at a file again; says whether that was all there is to see.
    fn refresh_file(&mut self, path: &str, difference: &mut Difference) -> bool {
        let Ok(metadata) = fs::symlink_metadata(self.absolute(path)) else { return false };
        match self.file_mut(path) {
            Some(file) if metadata.is_file() => {
                *file = File::of(&metadata);
                difference.edited.insert(path.to_owned());
                true
            }
            _ => false,
        }
    }

    /// The nearest directory above a path that is known.
    fn known_above(&self, path: &str) -> String {
        let above =
            std::iter::successors(path.rsplit_once('/').map(|(above, _)| above), |path| path.rsplit_once('/').map(|(above, _)| above));
        above.into_iter().find(|path| self.directories.contains_key(*path)).unwrap_or_default().to_owned()
    }

    /// Looks at a directory again: at what is in it, at what is new with all below it, and, if `deep`,
    /// at everything below it.
    fn refresh_directory(&mut self, walk: &Walk, path: &str, deep: bool, difference: &mut Difference) {
        if !self.absolute(path).is_dir() {
            difference.structure |= self.directories.contains_key(path);
            self.forget(path);
            return;
        }
        let Some(old) = self.directories.get(path).cloned() else {
            difference.structure = true;
            self.take(walk.all_below(path, &BTreeMap::new()));
            return;
        };
        let new = walk.look(path);
        compare(path, &old, &new, difference);
        for gone in old.below.difference(&new.below) {
            self.forget(&join(path, gone));
        }
        for name in &new.below {
            let below = join(path, name);
            if !old.below.contains(name) {
                self.take(walk.all_below(&below, &BTreeMap::new()));
            } else if deep {
                self.refresh_directory(walk, &below, true, difference);
            }
        }
        self.take(vec![(path.to_owned(), new)]);
    }

    /// Forgets a directory and all below it.
    fn forget(&mut self, path: &str) {
        if path.is_empty() {
            self.directories.clear();
            return;
        }
        // '0' is the character after '/'.
        let below = (format!("{path}/"), format!("{path}0"));
        let gone: Vec<String> = self.directories.range(below.0..below.1).map(|(path, _)| path.clone()).collect();
        for path in gone.iter().map(String::as_str).chain([path]) {
            self.directories.remove(path);
        }
    }

    /// Where a path below `content/` is.
    pub(super) fn absolute(&self, path: &str) -> PathBuf {
        absolute(&self.root, path)
    }
}

/// What is different in one directory.
fn compare(path: &str, old: &Directory, new: &Directory, difference: &mut Difference) {
    difference.structure |= old.below != new.below || old.obstacles != new.obstacles || old.linked != new.linked;
    difference.structure |= !old.files.keys().eq(new.files.keys());
    let edited = both(&new.files, &old.files).filter(|(_, file, old)| old.stamp != file.stamp);
    difference.edited.extend(edited.map(|(name, ..)| join(path, name)));
}

/// What is in both of two ordered maps.
fn both<K: Ord, A, B>(a: impl IntoIterator<Item = (K, A)>, b: impl IntoIterator<Item = (K, B)>) -> impl Iterator<Item = (K, A, B)> {
    let mut b = b.into_iter().peekable();
    a.into_iter().filter_map(move |(key, a)| {
        while b.next_if(|(other, _)| *other < key).is_some() {}
        b.next_if(|(other, _)| *other == key).map(|(_, b)| (key, a, b))
    })
}

/// The directory and the name of a path.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

fn absolute(root: &Path, path: &str) -> PathBuf {
    let content = root.join("content");
    if path.is_empty() { content } else { content.join(path) }
}

/// Files that editors and systems leave behind are no one's mistake.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".tmp")
        || name == "Thumbs.db"
        || name.starts_with('#') && name.ends_with('#')
}

/// Looks at directories.
struct Walk {
    root: PathBuf,
    /// Where links may lead to.
    inside: [Option<PathBuf>; 2],
    /// Whether it is noted when something last came or went in a directory.
    is_timed: bool,
}

impl Walk {
    fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), inside: [root.canonicalize().ok(), root.join("content").canonicalize().ok()], is_timed: true }
    }

    /// A directory and all below it; what is known of them is looked at no closer than need be.
    fn all_below(&self, path: &str, known: &BTreeMap<String, Directory>) -> Vec<(String, Directory)> {
        let again = known.get(path).and_then(|directory| self.look_again(path, directory));
        let directory = again.unwrap_or_else(|| self.look(path));
        let below: Vec<String> = directory.below.iter().map(|name| join(path, name)).collect();
        let mut all = vec![(path.to_owned(), directory)];
        all.par_extend(below.par_iter().flat_map_iter(|path| self.all_below(path, known)));
        all
    }

    /// A directory in which nothing came or went, with its files' stamps as they are now.
    fn look_again(&self, path: &str, known: &Directory) -> Option<Directory> {
        let modified = known.modified.filter(|_| !known.linked && known.obstacles.is_empty())?;
        let place = absolute(&self.root, path);
        if fs::metadata(&place).ok()?.modified().ok()? != modified {
            return None;
        }
        let mut directory = known.clone();
        for (name, file) in &mut directory.files {
            let stamp = fs::symlink_metadata(place.join(name)).ok().filter(Metadata::is_file).map(|metadata| Stamp::of(&metadata))?;
            if stamp != file.stamp {
                *file = File { stamp, hash: None };
            }
        }
        Some(directory)
    }

    /// One directory.
    fn look(&self, path: &str) -> Directory {
        let modified = if self.is_timed { self.modified(path) } else { None };
        let mut directory = Directory { modified, ..Directory::default() };
        let mut look = || -> io::Result<()> {
            for entry in fs::read_dir(absolute(&self.root, path))? {
                let entry = entry?;
                let name = match entry.file_name().into_string() {
                    Ok(name) => name,
                    Err(name) => {
                        directory.obstacles.insert(name.to_string_lossy().into_owned(), Obstacle::Name);
                        continue;
                    }
                };
                if !is_hidden(&name)
                    && let Err(obstacle) = self.enter(&mut directory, path, &name, &entry)
                {
                    directory.obstacles.insert(name, obstacle);
                }
            }
            Ok(())
        };
        if let Err(error) = look() {
            directory.obstacles.insert(String::new(), Obstacle::System(reason(&error)));
        }
        directory
    }

    /// When something last came or went in a directory, unless that was a moment ago: then more may come without its time
    /// telling so.
    fn modified(&self, path: &str) -> Option<SystemTime> {
        let stamp = Stamp::of(&fs::metadata(absolute(&self.root, path)).ok()?);
        stamp.modified.filter(|_| cfg!(unix) && stamp.was_settled(SystemTime::now()))
    }

    fn enter(&self, directory: &mut Directory, path: &str, name: &str, entry: &fs::DirEntry) -> Result<(), Obstacle> {
        let system = |error: io::Error| Obstacle::System(reason(&error));
        let kind = entry.file_type().map_err(system)?;
        if kind.is_dir() {
            return descend(directory, path, name);
        }
        let metadata = if kind.is_symlink() {
            self.follow(path, &entry.path())?;
            directory.linked = true;
            fs::metadata(entry.path()).map_err(system)?
        } else {
            entry.metadata().map_err(system)?
        };
        if metadata.is_dir() {
            return descend(directory, path, name);
        }
        if !metadata.is_file() {
            return Err(Obstacle::Special);
        }
        directory.files.insert(name.to_owned(), File::of(&metadata));
        Ok(())
    }

    /// Whether a link in the directory `path` may be followed.
    fn follow(&self, path: &str, link: &Path) -> Result<(), Obstacle> {
        let target = link.canonicalize().map_err(|error| Obstacle::System(reason(&error)))?;
        if !self.inside.iter().flatten().any(|inside| target.starts_with(inside)) {
            return Err(Obstacle::Outside);
        }
        let above = std::iter::successors(Some(path), |path| {
            if path.is_empty() { None } else { Some(path.rsplit_once('/').map_or("", |(above, _)| above)) }
        });
        for above in above {
            if absolute(&self.root, above).canonicalize().is_ok_and(|above| above == target) {
                return Err(Obstacle::Loop(above.to_owned()));
            }
        }
        Ok(())
    }
}

/// Takes note of a directory in the directory `path`.
fn descend(directory: &mut Directory, path: &str, name: &str) -> Result<(), Obstacle> {
    if path.matches('/').count() + 1 >= DEEPEST {
        return Err(Obstacle::System(words!(
            "目录套了 {DEEPEST} 层以上；请把里面的年报移到上面来",
            "it lies more than {DEEPEST} directories deep; move the reports in it further up"
        )));
    }
    directory.below.insert(name.to_owned());
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::time::Duration;

    use super::*;

    /// A look at everything sees what came, what went and what was edited, also in directories that it
    /// does not open.
    #[test]
    fn a_look_at_everything_misses_nothing() {
        let root = tempfile::tempdir().unwrap();
        let path = |path: &str| root.path().join("content").join(path);
        for file in ["a/2022.md", "a/2023.md", "b/2023.md", "c/2023.md"] {
            fs::create_dir_all(path(file).parent().unwrap()).unwrap();
            fs::write(path(file), "1").unwrap();
        }
        std::thread::sleep(Duration::from_millis(200));
        let mut tree = Tree::of(root.path());
        assert!(tree.directories["a"].modified.is_some(), "it need not be opened again");
        assert!(tree.refresh_all().is_empty());
        fs::write(path("a/2022.md"), "12").unwrap();
        let difference = tree.refresh_all();
        assert_eq!(difference, Difference { edited: ["a/2022.md".to_owned()].into(), structure: false });
        fs::write(path("b/2024.md"), "1").unwrap();
        assert!(tree.refresh_all().structure && tree.stamp("b/2024.md").is_some());
        fs::remove_file(path("a/2023.md")).unwrap();
        fs::remove_dir_all(path("c")).unwrap();
        assert!(tree.refresh_all().structure);
        assert_eq!(
            tree.directories().map(|(path, directory)| (path, directory.files.len())).collect::<Vec<_>>(),
            [("", 0), ("a", 1), ("b", 2)]
        );
    }
}
