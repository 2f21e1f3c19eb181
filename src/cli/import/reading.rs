//! One file → bytes → blocks → a report's parts, under a time limit.
//!
//! A hostile file may keep a reader busy; it is read on a thread of its own with a deep stack, and given
//! up after half a minute. Nothing waits for such a thread: it ends with the program.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::archive::Archive;
use crate::form::Forms;
use crate::import::fault::{Fault, Format, Measure};
use crate::import::{Imported, Known, MAX_FILE, assemble, format_of, read as read_format};

use super::outcome::Outcome;
use super::watch::{self, Ended};

/// The longest that reading one file may take.
pub(super) const LIMIT: Duration = Duration::from_secs(25);
const STACK: usize = 64 << 20;

/// A file that was opened and recognised, or not.
pub(super) struct Opened {
    pub(super) path: PathBuf,
    pub(super) sha256: String,
    pub(super) bytes: Arc<[u8]>,
    pub(super) format: Result<Format, Fault>,
}

/// Reads a file's bytes and recognises its format.
pub(super) fn open(path: &Path) -> Opened {
    let too_large = std::fs::metadata(path).is_ok_and(|data| data.len() > MAX_FILE);
    let bytes = if too_large {
        Err(Fault::TooLarge { what: crate::import::fault::Measure::FileBytes, limit: MAX_FILE })
    } else {
        std::fs::read(path).map_err(|error| Fault::Unopened(error.to_string()))
    };
    match bytes {
        Ok(bytes) => {
            let format = format_of(&bytes, &path.to_string_lossy());
            Opened { path: path.to_owned(), sha256: sha256(&bytes), bytes: bytes.into(), format }
        }
        Err(fault) => Opened { path: path.to_owned(), sha256: String::new(), bytes: Arc::default(), format: Err(fault) },
    }
}

/// The SHA-256 of bytes in hexadecimal, as `[[source]]` has it.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads an opened file; `converted` is what LibreOffice made of it, where it was asked.
pub(super) fn read(
    opened: Opened,
    converted: Option<Result<Vec<u8>, Fault>>,
    (forms, archive): (&Arc<Forms>, &Arc<Archive>),
    known: &Known,
) -> Outcome {
    let outcome = Outcome::new(opened.path, opened.sha256, opened.format.as_ref().ok().copied());
    let (bytes, format) = match (opened.format, converted) {
        (Err(fault), _) | (_, Some(Err(fault))) => return outcome.fault(&fault),
        (_, Some(Ok(docx))) => (docx.into(), Format::Docx),
        (Ok(format), None) => (opened.bytes, format),
    };
    if format == Format::Pdf
        && let Err(fault) = survives(&outcome.file)
    {
        return outcome.fault(&fault);
    }
    let (forms, archive, known) = (forms.clone(), archive.clone(), known.clone());
    let work = move || read_format(&bytes, format).map(|document| assemble(document, &forms, &archive, &known));
    match within_limit(work) {
        Ok(imported) => Outcome { imported: Some(imported), ..outcome },
        Err(fault) => outcome.fault(&fault),
    }
}

/// Reads a file and forgets it.
pub(super) fn probe(path: &Path) {
    let opened = open(path);
    if let Ok(format) = opened.format {
        let _ = read_format(&opened.bytes, format);
    }
}

/// A few bytes of PDF can ask for gigabytes of characters, which nothing inside this process could stop.
/// So a PDF is first read by a process of its own that can be ended.
fn survives(path: &Path) -> Result<(), Fault> {
    let Ok(program) = std::env::current_exe() else { return Ok(()) };
    let mut command = Command::new(program);
    command.args(["import", "--probe"]).arg(path);
    match watch::run(command, LIMIT) {
        Ok(()) | Err(Ended::NotStarted(_)) => Ok(()),
        Err(Ended::Late) => Err(Fault::TimedOut { seconds: LIMIT.as_secs() }),
        Err(Ended::Large) => Err(Fault::TooLarge { what: Measure::Memory, limit: watch::MOST_MEMORY }),
    }
}

fn within_limit(work: impl FnOnce() -> Result<Imported, Fault> + Send + 'static) -> Result<Imported, Fault> {
    let (send, receive) = mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        // Nobody may be waiting any more.
        let _ = send.send(work());
    });
    if let Err(error) = thread {
        return Err(Fault::Unopened(error.to_string()));
    }
    match receive.recv_timeout(LIMIT) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(Fault::TimedOut { seconds: LIMIT.as_secs() }),
        // The reader broke down: a fault of this program, but one file must not stop the others.
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(Fault::Crashed),
    }
}
