//! Paths as typed → files to import. Folders are walked; what lies in them but is no document is passed
//! over.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::text::Words;
use crate::words;

const EXTENSIONS: [&str; 16] =
    ["docx", "docm", "doc", "wps", "rtf", "odt", "html", "htm", "shtml", "pdf", "xlsx", "xls", "csv", "tsv", "txt", "md"];

/// The files, in order of the arguments, those of a folder by name.
pub(super) fn list(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Words> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(walk(path));
        } else if path.exists() {
            files.push(path.clone());
        } else {
            let path = path.display();
            return Err(words!("找不到 {path}", "cannot find {path}"));
        }
    }
    Ok(files)
}

fn walk(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_document_folder);
    entries.flatten().filter(|entry| entry.file_type().is_file() && is_document(entry)).map(DirEntry::into_path)
}

/// Hidden folders, and those that browsers save beside a page.
fn is_document_folder(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || !(name.starts_with('.') || entry.file_type().is_dir() && (name.ends_with("_files") || name.ends_with(".files")))
}

/// By the extension; locks of open Word files ("~$…") are none.
fn is_document(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    !name.starts_with("~$") && !name.starts_with(".~") && extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}
