//! Paths as typed → files to import. Folders are walked; what lies in them but is no document is passed
//! over.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::import::fault::Format;
use crate::import::{MAX_FILE, format_of};
use crate::text::Words;
use crate::words;

const EXTENSIONS: [&str; 16] =
    ["docx", "docm", "doc", "wps", "rtf", "odt", "html", "htm", "shtml", "pdf", "xlsx", "xls", "csv", "tsv", "txt", "md"];

/// What the paths came to.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// The files to import, in order of the arguments, those of a folder by name.
    pub(super) files: Vec<PathBuf>,
    /// What lies in the folders too, but by its name is no document: a report may have come as .zip or .ofd.
    pub(super) passed_over: Vec<PathBuf>,
}

/// The files of the paths typed.
pub(super) fn list(paths: &[PathBuf]) -> Result<Inputs, Words> {
    let mut inputs = Inputs::default();
    for path in paths {
        if path.is_dir() {
            let (documents, others): (Vec<_>, Vec<_>) = walk(path).partition(is_document);
            inputs.files.extend(documents.into_iter().map(DirEntry::into_path));
            inputs.passed_over.extend(others.into_iter().filter(|entry| !is_litter(entry)).map(DirEntry::into_path));
        } else if path.exists() {
            inputs.files.push(path.clone());
        } else {
            let path = path.display();
            return Err(words!("找不到 {path}", "cannot find {path}"));
        }
    }
    Ok(inputs)
}

fn walk(folder: &Path) -> impl Iterator<Item = DirEntry> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_document_folder);
    entries.flatten().filter(|entry| entry.file_type().is_file())
}

/// Hidden folders, and those that browsers save beside a page.
fn is_document_folder(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || !(name.starts_with('.') || entry.file_type().is_dir() && (name.ends_with("_files") || name.ends_with(".files")))
}

/// By the extension, else by the content; locks of open Word files ("~$…") are none.
fn is_document(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.trim().to_ascii_lowercase());
    !is_litter(entry) && (extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str())) || is_document_inside(entry))
}

/// By the content, where the extension says nothing: a .docx without one, an .et or .xlsm.
fn is_document_inside(entry: &DirEntry) -> bool {
    let may_be = entry.metadata().is_ok_and(|data| data.len() <= MAX_FILE);
    let format = may_be.then(|| std::fs::read(entry.path()).ok()).flatten().and_then(|bytes| format_of(&bytes, "").ok());
    format.is_some_and(|format| !matches!(format, Format::Text | Format::Csv | Format::Markdown | Format::Html))
}

/// What programs leave in a folder for themselves: locks of open files, what Windows knows of the folder.
fn is_litter(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    name.starts_with("~$") || name.starts_with('.') || ["thumbs.db", "desktop.ini"].contains(&name.to_ascii_lowercase().as_str())
}
