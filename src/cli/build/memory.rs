//! What a build remembers of itself, so that the next one need not do again what would come out the same.
//!
//! Beside `site.toml` lies `.gongkai-cache/`, with a directory for each output that the site was built
//! into: `manifest` says under which options and with what result it was built and which files lie there,
//! `inputs` what it was made of, `reports` and `changes` what was read and found in that. It is never published,
//! can be deleted at any time, and tells git to pass it over. It lies with the site and not with the user, so that
//! a continuous integration can keep it together with the output, and whoever removes the site removes it too.
//!
//! The manifest is the last file that a build writes and the first that the next one removes, so that there
//! is none about an output that is not whole. The program is part of what it is about: another one may make
//! other pages of the same files.

mod reports;

use std::fs;
use std::io::{self, BufWriter, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::civil::Date;
use xxhash_rust::xxh3::Xxh3Default;

use super::super::{Terminal, cannot_write};
use crate::diagnostic::Tally;
use crate::load::{Inputs, Loaded, Loader, Now, Stamp, content_stamp, settings_hash};
use crate::pack::{Damage, Hash, Pack as _, Seal, SealedWriter, Unpacker, packed};
use crate::pages::Shard;
use crate::site::Site;
use crate::words;
use crate::write::{Inventory, Output, Tampered};
use reports::Read;

pub(super) use reports::Earlier;

/// Where builds remember.
pub(super) const DIRECTORY: &str = ".gongkai-cache";

/// What a build has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Outcome {
    /// How many reports the site has.
    pub(super) reports: usize,
    /// Findings that count.
    pub(super) tally: Tally,
    /// Findings that were waived.
    pub(super) waived: usize,
}

packed!(Outcome { reports, tally, waived });

impl Outcome {
    pub(super) fn of(site: &Site) -> Self {
        Self { reports: site.archive.reports().len(), tally: site.findings.tally(), waived: site.findings.waived() }
    }
}

/// What a build was asked for, and what came of it.
#[derive(Debug)]
struct About {
    /// The output directory.
    output: String,
    no_search: bool,
    /// The shard of the site that it holds; empty for the whole.
    shard: String,
    today: Date,
    outcome: Outcome,
    /// The hash of all that `inputs` holds.
    inputs: Hash,
    read: Read,
}

packed!(About { output, no_search, shard, today, outcome, inputs, read });

/// What a build finds of what the last one left.
pub(super) enum Found {
    /// Everything as it was.
    Same,
    /// Something different, in the content, the day or the output: `inputs` knows of the first.
    Different(Tampered),
    /// Other settings or options: everything is to be built.
    Otherwise,
}

/// What is remembered of the last build into an output directory.
pub(super) struct Remembered {
    about: About,
    inputs: Inputs,
    /// What lies in the output.
    pub(super) inventory: Inventory,
}

impl Remembered {
    /// The site as it is now, loaded by reading what is different; what cannot be used is said.
    pub(super) fn take_up(self, memory: &Memory, loader: &mut Loader, terminal: &Terminal) -> Option<(Loaded, Earlier, Inventory)> {
        let Self { about, inputs, inventory } = self;
        let taken_up = memory.with_reports(about.read, |count, piece| loader.take_up(inputs, about.today, (count, piece), &|_, _| ()));
        let taken_up = taken_up.inspect_err(|damage| memory.say(*damage, terminal));
        let (loaded, earlier) = taken_up.ok()?;
        Some((loaded, earlier, inventory))
    }

    /// What it came to.
    pub(super) fn outcome(&self) -> Outcome {
        self.about.outcome
    }
}

/// What a build is to be, and where it is remembered.
#[derive(Debug, Clone)]
pub(super) struct Task {
    /// The site's root.
    pub(super) root: PathBuf,
    /// The output directory.
    pub(super) output: PathBuf,
    /// Whether the site is to have no index to search in, whatever it says.
    pub(super) no_search: bool,
    /// The shard of the site that is built, if not all of it is.
    pub(super) shard: Option<Shard>,
    /// The day it is.
    pub(super) today: Date,
}

impl Task {
    /// The shard in words; none for the whole.
    fn shard(&self) -> String {
        self.shard.map(|shard| shard.to_string()).unwrap_or_default()
    }
}

/// The place where the builds into one output directory are remembered.
pub(super) struct Memory {
    task: Task,
    /// The output directory below the root, or from the root of the file system.
    output: String,
    place: PathBuf,
    program: Program,
}

impl Memory {
    /// The memory of builds like this one; none if the program cannot tell which one it is.
    pub(super) fn of(task: Task) -> Option<Self> {
        let root = task.root.canonicalize().ok()?;
        let output = super::real_place(&task.output)?;
        let output = output.strip_prefix(&root).unwrap_or(&output).to_str()?.to_owned();
        let place = task.root.join(DIRECTORY).join(format!("{:016x}", Hash::of(output.as_bytes()).0));
        let program = Program::of(&std::env::current_exe().ok()?, &program_note(&task.root)).ok()?;
        Some(Self { task, output, place, program })
    }

    /// What is remembered of the last build; what cannot be used is said.
    pub(super) fn recall(&self, terminal: &Terminal) -> Option<Remembered> {
        // Of an output that is gone everything is to be built, whatever is remembered.
        if !Output::is_there(&self.task.output) {
            return None;
        }
        match self.read() {
            Ok(remembered) => remembered,
            Err(damage) => {
                self.say(damage, terminal);
                None
            }
        }
    }

    /// Says that what is remembered cannot be used.
    pub(super) fn say(&self, damage: Damage, terminal: &Terminal) {
        let place = self.place.display();
        terminal.warning(&match damage {
            Damage::Foreign => words!(
                "{place} 是另一个版本的 gongkai 留下的，这次全部重新生成",
                "{place} was left by another version of gongkai: everything is built again"
            ),
            Damage::Broken => {
                words!("{place} 已损坏，这次全部重新生成", "{place} is damaged: everything is built again")
            }
        });
    }

    fn read(&self) -> Result<Option<Remembered>, Damage> {
        let manifest = match fs::read(self.place.join("manifest")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            manifest => manifest.map_err(|_| Damage::Broken)?,
        };
        let (pieces, _) = self.seal("manifest").open(&manifest)?;
        let (first, rest) = pieces.split_first().ok_or(Damage::Broken)?;
        let about: About = Unpacker::new(first).get().ok_or(Damage::Broken)?;
        let inputs = || {
            let inputs = fs::read(self.place.join("inputs")).map_err(|_| Damage::Broken)?;
            let (pieces, hash) = self.seal("inputs").open(&inputs)?;
            Inputs::unpack(&self.task.root, &pieces).filter(|_| hash == about.inputs).ok_or(Damage::Broken)
        };
        let inventory = || Inventory::unpack(rest).filter(|_| about.output == self.output).ok_or(Damage::Broken);
        let (inputs, inventory) = rayon::join(inputs, inventory);
        let (inputs, inventory) = (inputs?, inventory?);
        Ok(Some(Remembered { about, inputs, inventory }))
    }

    /// What a build would find different from how the last one left it.
    pub(super) fn compare(&self, remembered: &mut Remembered) -> Found {
        let Remembered { about, inputs, inventory } = remembered;
        let Task { root, output, no_search, shard, today } = &self.task;
        let is_same_task = (about.no_search, &about.shard) == (*no_search, &self.task.shard());
        if !is_same_task || !inputs.are_under(settings_hash(root)) {
            return Found::Otherwise;
        }
        let (now, tampered) = rayon::join(|| inputs.look_again(|path| inventory.hash(path)), || inventory.tampered(output));
        inventory.take_note(&tampered);
        if now == Now::Different || !tampered.is_empty() || about.today != *today {
            // A shard's pages are not told from others'.
            return if shard.is_none() { Found::Different(tampered) } else { Found::Otherwise };
        }
        if now == Now::Touched || tampered.is_touched() {
            // Else what was touched would have to be read each time. If this fails, it will be.
            let _ = self.keep_touched(remembered);
        }
        Found::Same
    }

    fn keep_touched(&self, remembered: &mut Remembered) -> io::Result<()> {
        self.forget()?;
        remembered.about.inputs = self.write("inputs", |writer| remembered.inputs.pack_again(|piece| writer.piece(piece)))?;
        self.write_manifest(&remembered.about, &remembered.inventory)
    }

    /// The hash of the settings, for [`note`](Self::note): to be taken before a build reads anything.
    pub(super) fn settings(&self) -> Hash {
        settings_hash(&self.task.root)
    }

    /// Forgets the last build: the output is about to be written to.
    pub(super) fn forget(&self) -> io::Result<()> {
        match fs::remove_file(self.place.join("manifest")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Takes note of what was read under settings of a hash.
    pub(super) fn note(&self, settings: Hash, loader: &Loader, earlier: Option<Earlier>) -> io::Result<Noted> {
        make(&self.task.root)?;
        fs::create_dir_all(&self.place)?;
        fs::write(self.place.join("output"), &self.output)?;
        let program_note = program_note(&self.task.root);
        if !program_note.exists() {
            // There was no place for it before.
            self.program.keep(&program_note);
        }
        let inputs = self.write("inputs", |writer| Inputs::pack(loader, settings, |piece| writer.piece(piece)))?;
        let read = self.write_reports(loader, earlier)?;
        Ok(Noted { settings, inputs, read, content: None })
    }

    /// Remembers a build when all is in place, unless something was changed while it was at work: nobody knows
    /// whether pages say what was there before or after. `is_as_read` tells whether the files are as they were read, if
    /// that is known.
    pub(super) fn keep(&self, noted: &Noted, is_as_read: Option<bool>, outcome: Outcome, inventory: Option<&Inventory>) -> io::Result<()> {
        let Task { root, no_search, today, .. } = &self.task;
        let is_as_read = is_as_read.unwrap_or_else(|| Some(content_stamp(root)) == noted.content);
        let undisturbed = is_as_read && settings_hash(root) == noted.settings;
        let Some(inventory) = inventory.filter(|_| undisturbed) else { return Ok(()) };
        let (output, no_search, shard, today) = (self.output.clone(), *no_search, self.task.shard(), *today);
        let Noted { inputs, read, .. } = *noted;
        self.write_manifest(&About { output, no_search, shard, today, outcome, inputs, read }, inventory)?;
        self.prune();
        Ok(())
    }

    fn write_manifest(&self, about: &About, inventory: &Inventory) -> io::Result<()> {
        let write = |writer: &mut SealedWriter<_>| {
            let mut bytes = Vec::new();
            about.pack(&mut bytes);
            writer.piece(&bytes)?;
            inventory.pack(|piece| writer.piece(piece))
        };
        self.write("manifest", write).map(|_| ())
    }

    fn seal(&self, kind: &'static str) -> Seal {
        Seal { kind, program: self.program.hash }
    }

    /// Writes a file beside its place and puts it there; returns the hash of all that it holds.
    fn write(&self, kind: &'static str, write: impl FnOnce(&mut SealedWriter<BufWriter<fs::File>>) -> io::Result<()>) -> io::Result<Hash> {
        let beside = self.place.join(format!("{kind}-{}.tmp", std::process::id()));
        let put = || {
            let mut writer = SealedWriter::new(BufWriter::with_capacity(1 << 20, fs::File::create(&beside)?), self.seal(kind))?;
            write(&mut writer)?;
            let (_, hash) = writer.finish()?;
            fs::rename(&beside, self.place.join(kind))?;
            Ok(hash)
        };
        put().inspect_err(|_| drop(fs::remove_file(&beside)))
    }

    /// Removes what is remembered of outputs that are no more.
    fn prune(&self) {
        let others = fs::read_dir(self.task.root.join(DIRECTORY)).into_iter().flatten().flatten().map(|entry| entry.path());
        for other in others.filter(|other| *other != self.place && other.is_dir()) {
            let is_gone = fs::read_to_string(other.join("output")).is_ok_and(|output| !self.task.root.join(output).exists());
            if is_gone {
                let _ = fs::remove_dir_all(other);
            }
        }
    }
}

/// What was noted of the inputs of a build that is at work.
pub(super) struct Noted {
    settings: Hash,
    inputs: Hash,
    read: Read,
    /// The stamp of all content, where all of it was read.
    content: Option<Hash>,
}

impl Noted {
    /// The same where all content was read, which had a stamp before.
    pub(super) fn of_all(self, content: Option<Hash>) -> Self {
        Self { content, ..self }
    }
}

/// Says why a build will not be remembered.
pub(super) fn not_remembered(root: &Path, error: &io::Error, terminal: &Terminal) {
    let mut words = cannot_write(&root.join(DIRECTORY).display(), error);
    words.zh += "；下次要全部重新生成";
    words.en += "; the next build will do everything again";
    terminal.warning(&words);
}

/// Makes the directory, and says in it to git and to programs that make backups that it is of no account.
fn make(root: &Path) -> io::Result<()> {
    let directory = root.join(DIRECTORY);
    fs::create_dir_all(&directory)?;
    for (name, text) in [(".gitignore", "*\n"), ("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n")] {
        if !directory.join(name).exists() {
            fs::write(directory.join(name), text)?;
        }
    }
    Ok(())
}

/// The program as it was when its hash was taken.
struct Program {
    path: String,
    /// Where all files have one time, as in images that are made alike each time, a stamp tells little.
    version: String,
    stamp: Stamp,
    /// When that was.
    taken: SystemTime,
    hash: Hash,
}

packed!(Program { path, version, stamp, taken, hash });

/// Where the hash of the program is noted.
fn program_note(root: &Path) -> PathBuf {
    root.join(DIRECTORY).join("program")
}

impl Program {
    /// A program. It is noted in a file, if there is a place for it: to read a large program takes longer than to see
    /// that nothing has changed.
    fn of(path: &Path, note: &Path) -> io::Result<Self> {
        let version = env!("CARGO_PKG_VERSION");
        let (taken, stamp) = (SystemTime::now(), Stamp::of(&fs::metadata(path)?));
        let noted: Option<Self> = fs::read(note).ok().and_then(|bytes| Unpacker::new(&bytes).get());
        let is_it = |noted: &Self| {
            Path::new(&noted.path) == path && noted.version == version && noted.stamp == stamp && stamp.was_settled(noted.taken)
        };
        if let Some(noted) = noted.filter(is_it) {
            return Ok(noted);
        }
        let hash = hash_of(path)?;
        let program = Self { path: path.to_string_lossy().into_owned(), version: version.to_owned(), stamp, taken, hash };
        program.keep(note);
        Ok(program)
    }

    /// Notes it. Where it cannot be noted, it is worked out again.
    fn keep(&self, note: &Path) {
        let mut bytes = Vec::new();
        self.pack(&mut bytes);
        let _ = fs::write(note, bytes);
    }
}

fn hash_of(path: &Path) -> io::Result<Hash> {
    let mut file = fs::File::open(path)?;
    let mut hash = Xxh3Default::new();
    let mut bytes = vec![0; 1 << 18];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(Hash(hash.digest())),
            count => hash.update(&bytes[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// A program that is as it was is not read again; another in its place is, whatever its length and its time, and
    /// what another version has noted is not believed.
    #[test]
    fn another_program_has_another_hash() {
        let directory = tempfile::tempdir().unwrap();
        let [path, note] = ["gongkai", "note"].map(|name| directory.path().join(name));
        fs::write(&path, "one").unwrap();
        std::thread::sleep(std::time::Duration::from_millis(150));
        let program_hash = || Program::of(&path, &note).unwrap().hash;
        let one = program_hash();
        let change = |change: fn(&mut Program)| {
            let mut noted: Program = Unpacker::new(&fs::read(&note).unwrap()).get().unwrap();
            change(&mut noted);
            noted.keep(&note);
        };
        change(|noted| noted.hash = Hash(7));
        assert_eq!(program_hash(), Hash(7), "what is noted is believed");
        change(|noted| noted.version = "0".to_owned());
        assert_eq!(program_hash(), one);
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, "two").unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
        assert_eq!(program_hash(), hash_of(&path).unwrap());
        fs::write(&note, "damaged").unwrap();
        assert_eq!(program_hash(), hash_of(&path).unwrap());
    }
}
