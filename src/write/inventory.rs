//! What lies in an output directory after a build: by it a later build sees which files were changed,
//! removed or added by hand, without reading them.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::{Put, Puts, directories_above, path_hash, stamp};
use crate::load::Stamp;
use crate::pack::{Hash, Pack as _, Unpacker, packed};

/// A file as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// Its path below the output, with `/` between its parts.
    path: Box<str>,
    stamp: Stamp,
    hash: Hash,
}

packed!(Entry { path, stamp, hash });

impl Entry {
    fn of(path: &str, puts: &Puts) -> Option<Self> {
        let Put { hash, stamp } = *puts.get(&path_hash(path))?;
        Some(Self { path: path.into(), stamp, hash })
    }
}

/// A directory in which files were written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Directory {
    path: Box<str>,
    stamp: Stamp,
}

packed!(Directory { path, stamp });

/// The files of an output directory, in order of their paths.
#[derive(Debug)]
pub struct Inventory {
    /// When it was taken.
    taken: SystemTime,
    files: Vec<Entry>,
    directories: Vec<Directory>,
}

/// What is not as it was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tampered {
    /// Files that are gone or hold something else.
    pub files: FxHashSet<String>,
    /// Whether something lies there that was not written.
    pub more: bool,
    /// Files that hold what they held though their stamps do not tell, by their places in the inventory, with the stamps
    /// that they have now.
    touched: Vec<(usize, Stamp)>,
    /// Directories whose stamps do not tell.
    stirred: Vec<(usize, Stamp)>,
    /// When they were looked at.
    looked: Option<SystemTime>,
}

impl Tampered {
    /// Whether all is as it was written.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.more
    }

    /// Whether there was something to look into that need not be the next time.
    pub fn is_touched(&self) -> bool {
        !self.touched.is_empty() || !self.stirred.is_empty()
    }
}

/// How many files stand in a piece.
const ENTRIES: usize = 4096;

impl Inventory {
    /// Takes down what lies in an output: of each file that is `expected` there, what it holds being known by hash from
    /// its writing. `None` if one was not put.
    pub fn take(root: &Path, expected: &FxHashSet<String>, puts: &Puts) -> Option<Self> {
        let taken = SystemTime::now();
        let mut paths: Vec<&str> = expected.iter().map(String::as_str).collect();
        paths.par_sort_unstable();
        let entry = |path: &&str| Entry::of(path, puts);
        let files: Option<Vec<Entry>> = paths.par_iter().map(entry).collect();
        let mut directories = directories_of(paths.into_iter());
        directories.par_sort_unstable();
        let directory = |path: &&str| Some(Directory { path: (*path).into(), stamp: stamp(&root.join(path))? });
        let directories: Option<Vec<Directory>> = directories.par_iter().map(directory).collect();
        Some(Self { taken, files: files?, directories: directories? })
    }

    /// Takes down again what lies in an output where files were put and removed; the others are as they were. `None` if
    /// nothing is known of one that was put.
    #[must_use]
    pub fn after(mut self, root: &Path, put: &[String], gone: &FxHashSet<String>, puts: &Puts) -> Option<Self> {
        self.taken = SystemTime::now();
        self.files.retain(|entry| gone.is_empty() || !gone.contains(&*entry.path));
        let known = self.files.len();
        for path in put {
            let entry = Entry::of(path, puts)?;
            match self.files[..known].binary_search_by(|known| (*known.path).cmp(path)) {
                Ok(place) => self.files[place] = entry,
                Err(_) => self.files.push(entry),
            }
        }
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        // Something came or went where files were put, or taken away.
        let stirred: FxHashSet<&str> = directories_of(put.iter().chain(gone).map(String::as_str)).into_iter().collect();
        self.directories.retain(|directory| !stirred.contains(&*directory.path));
        let again = stirred.iter().filter_map(|path| Some(Directory { path: (*path).into(), stamp: stamp(&root.join(path))? }));
        self.directories.extend(again);
        self.directories.sort_by(|a, b| a.path.cmp(&b.path));
        Some(self)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|entry| entry.stamp.length).sum()
    }

    /// The paths of the files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|entry| &*entry.path)
    }

    /// The hash of what was written to a file.
    pub fn hash(&self, path: &str) -> Option<Hash> {
        Some(self.files[self.place(path)?].hash)
    }

    /// The place of a file among [`paths`](Self::paths).
    pub fn place(&self, path: &str) -> Option<usize> {
        self.files.binary_search_by(|entry| (*entry.path).cmp(path)).ok()
    }

    /// What is not as it was.
    pub fn tampered(&self, root: &Path) -> Tampered {
        let looked = SystemTime::now();
        let look = |(place, entry): (usize, &Entry)| match stamp(&root.join(&*entry.path)) {
            Some(stamp) if stamp == entry.stamp && stamp.was_settled(self.taken) => None,
            Some(stamp) if stamp.length == entry.stamp.length => {
                let holds_the_same = fs::read(root.join(&*entry.path)).is_ok_and(|bytes| Hash::of(&bytes) == entry.hash);
                Some((place, holds_the_same.then_some(stamp)))
            }
            _ => Some((place, None)),
        };
        let other: Vec<(usize, Option<Stamp>)> = self.files.par_iter().enumerate().filter_map(look).collect();
        let touched = other.iter().filter_map(|(place, stamp)| Some((*place, (*stamp)?))).collect();
        let files = other.iter().filter(|(_, stamp)| stamp.is_none()).map(|(place, _)| self.files[*place].path.to_string()).collect();
        let stir = |(place, directory): (usize, &Directory)| match stamp(&root.join(&*directory.path)) {
            Some(stamp) if stamp == directory.stamp && stamp.was_settled(self.taken) => None,
            stamp => Some((place, stamp)),
        };
        let stirred: Vec<(usize, Option<Stamp>)> = self.directories.par_iter().enumerate().filter_map(stir).collect();
        let more = stirred.par_iter().any(|(place, _)| self.holds_more(root, &self.directories[*place].path));
        let stirred = stirred.into_iter().filter_map(|(place, stamp)| Some((place, stamp?))).collect();
        Tampered { files, more, touched, stirred, looked: Some(looked) }
    }

    /// Takes note of the stamps of what was looked into and is as it was.
    pub fn take_note(&mut self, tampered: &Tampered) {
        for (place, stamp) in &tampered.touched {
            self.files[*place].stamp = *stamp;
        }
        for (place, stamp) in tampered.stirred.iter().filter(|_| !tampered.more) {
            self.directories[*place].stamp = *stamp;
        }
        self.taken = tampered.looked.filter(|_| tampered.is_empty()).unwrap_or(self.taken);
    }

    /// Whether something lies in a directory that was not written. What begins with a dot at the top is nobody's.
    fn holds_more(&self, root: &Path, directory: &str) -> bool {
        let Ok(entries) = fs::read_dir(root.join(directory)) else { return false };
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { return true };
            let path = if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
            let known = self.place(&path).is_some() || self.directories.binary_search_by(|known| (*known.path).cmp(&path)).is_ok();
            let is_nobodys = directory.is_empty() && name.starts_with('.');
            !known && !is_nobodys
        })
    }

    /// Gives the inventory, packed in pieces, to `piece`.
    pub fn pack<E>(&self, mut piece: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut bytes = Vec::new();
        (self.taken, self.directories.len()).pack(&mut bytes);
        self.directories.iter().for_each(|directory| directory.pack(&mut bytes));
        piece(&bytes)?;
        for entries in self.files.chunks(ENTRIES) {
            bytes.clear();
            entries.len().pack(&mut bytes);
            entries.iter().for_each(|entry| entry.pack(&mut bytes));
            piece(&bytes)?;
        }
        Ok(())
    }

    /// Reads pieces that were packed; `None` if they mean nothing.
    pub fn unpack(pieces: &[&[u8]]) -> Option<Self> {
        let (first, rest) = pieces.split_first()?;
        let (taken, directories) = Unpacker::new(first).get()?;
        let files: Option<Vec<Vec<Entry>>> = rest.par_iter().map(|piece| Unpacker::new(piece).get()).collect();
        Some(Self { taken, directories, files: files?.into_iter().flatten().collect() })
    }
}

/// The directories above some paths, the root too.
fn directories_of<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<&'p str> {
    let mut directories = FxHashSet::default();
    directories.insert("");
    for path in paths {
        // Where one is known, those above it are.
        directories_above(path).take_while(|directory| directories.insert(*directory)).for_each(drop);
    }
    directories.into_iter().collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::write::Output;

    /// An output of three files and its inventory, read from its packed form.
    fn output() -> (tempfile::TempDir, Inventory) {
        let directory = tempfile::tempdir().unwrap();
        let output = Output::open(directory.path()).unwrap();
        let files: FxHashSet<String> = ["a/index.html", "b/c/index.html", "b/data.csv"].map(str::to_owned).into_iter().collect();
        for file in &files {
            output.put(file, file.as_bytes()).unwrap();
        }
        let puts = output.puts();
        output.finish(&files).unwrap();
        let mut pieces = Vec::new();
        let inventory = Inventory::take(directory.path(), &files, &puts).unwrap();
        let take = |piece: &[u8]| {
            pieces.push(piece.to_vec());
            Ok::<_, ()>(())
        };
        inventory.pack(take).unwrap();
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        (directory, Inventory::unpack(&pieces).unwrap())
    }

    fn tampered(root: &Path, inventory: &Inventory) -> (Vec<String>, bool) {
        let Tampered { files, more, .. } = inventory.tampered(root);
        let mut files: Vec<String> = files.into_iter().collect();
        files.sort();
        (files, more)
    }

    #[test]
    fn what_was_changed_by_hand_is_seen() {
        let (directory, inventory) = output();
        let root = directory.path();
        assert!(inventory.tampered(root).is_empty());
        // As many bytes as before, within the same tick.
        fs::write(root.join("a/index.html"), "A/index.html").unwrap();
        fs::remove_file(root.join("b/data.csv")).unwrap();
        assert_eq!(tampered(root, &inventory), (vec!["a/index.html".to_owned(), "b/data.csv".to_owned()], false));
    }

    #[test]
    fn what_was_added_by_hand_is_seen() {
        let (directory, inventory) = output();
        let root = directory.path();
        fs::write(root.join(".nojekyll"), "").unwrap();
        assert!(inventory.tampered(root).is_empty(), "what begins with a dot at the top is left alone");
        fs::write(root.join("b/c/.more"), "").unwrap();
        assert_eq!(tampered(root, &inventory), (vec![], true));
    }

    /// A copy has other times and holds the same.
    #[test]
    fn a_copy_is_the_same() {
        let (directory, mut inventory) = output();
        let file = directory.path().join("a/index.html");
        let bytes = fs::read(&file).unwrap();
        fs::remove_file(&file).unwrap();
        fs::write(&file, bytes).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(150));
        let tampered = inventory.tampered(directory.path());
        assert!(tampered.is_empty() && tampered.is_touched());
        inventory.take_note(&tampered);
        assert!(!inventory.tampered(directory.path()).is_touched());
    }

    /// What is changed by hand while other files are put is not what was put, whether that was there before or not.
    #[test]
    fn what_is_changed_during_a_build_is_seen() {
        let (directory, _) = output();
        for text in ["a/index.html", "another"] {
            let output = Output::open(directory.path()).unwrap();
            output.put("a/index.html", text.as_bytes()).unwrap();
            output.put_with("b/data.csv", |out| out.write_all(text.as_bytes())).unwrap();
            let puts = output.puts();
            fs::write(directory.path().join("a/index.html"), "x".repeat(text.len())).unwrap();
            fs::write(directory.path().join("b/data.csv"), "y".repeat(text.len())).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(150));
            let files: FxHashSet<String> = ["a/index.html", "b/data.csv"].map(str::to_owned).into_iter().collect();
            output.finish(&files).unwrap();
            let inventory = Inventory::take(directory.path(), &files, &puts).unwrap();
            assert_eq!(inventory.tampered(directory.path()).files, files, "{text}");
        }
    }

    /// What was written just before the inventory was taken is read once more, and then no more: its stamp tells now.
    #[test]
    fn what_was_just_written_is_read_once() {
        let (directory, mut inventory) = output();
        // However long the writing took.
        inventory.taken = SystemTime::UNIX_EPOCH;
        let tampered = |inventory: &Inventory| inventory.tampered(directory.path());
        std::thread::sleep(std::time::Duration::from_millis(150));
        let first = tampered(&inventory);
        assert!(first.is_empty() && first.touched.len() == 3);
        inventory.take_note(&first);
        assert!(!tampered(&inventory).is_touched());
        fs::write(directory.path().join("a/index.html"), "A/index.html").unwrap();
        assert_eq!(tampered(&inventory).files.len(), 1);
    }
}
