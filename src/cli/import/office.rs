//! Word 97, WPS, RTF and OpenDocument files → .docx, by LibreOffice where it is installed.
//!
//! Starting LibreOffice takes seconds, so many files are converted in one go; a file that makes it hang
//! or crash is then tried alone, so that it cannot take others with it.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::import::fault::{Fault, Format};

use super::reading::Opened;
use super::watch;

/// Files in one go.
const BATCH: usize = 20;
/// The longest that one file may take, start included.
const LIMIT: Duration = Duration::from_secs(28);
/// What each further file of a batch adds.
const EACH: Duration = Duration::from_secs(4);

/// For each opened file, what LibreOffice made of it; `None` for those that do not need it.
pub(super) fn convert_all(opened: &[Opened]) -> Vec<Option<Result<Vec<u8>, Fault>>> {
    let mut results: Vec<Option<Result<Vec<u8>, Fault>>> = opened.iter().map(|_| None).collect();
    let needed: Vec<usize> = (0..opened.len()).filter(|at| extension(&opened[*at]).is_some()).collect();
    if needed.is_empty() {
        return results;
    }
    let Some(program) = find_program() else {
        for at in needed {
            results[at] = opened[at].format.clone().ok().map(|format| Err(Fault::NeedsOffice(format)));
        }
        return results;
    };
    for batch in needed.chunks(BATCH) {
        let mut left: Vec<usize> = Vec::new();
        let converted = convert(&program, opened, batch).unwrap_or_default();
        for (at, docx) in batch.iter().zip(converted.into_iter().chain(std::iter::repeat_with(|| None))) {
            match docx {
                Some(docx) => results[*at] = Some(Ok(docx)),
                None => left.push(*at),
            }
        }
        for at in left {
            results[at] = Some(alone(&program, opened, at));
        }
    }
    results
}

fn alone(program: &Path, opened: &[Opened], at: usize) -> Result<Vec<u8>, Fault> {
    match convert(program, opened, &[at]) {
        Ok(mut converted) => converted.pop().flatten().ok_or_else(|| Fault::OfficeFailed("no output".to_owned())),
        Err(error) => Err(Fault::OfficeFailed(error.to_string())),
    }
}

/// The extension by which LibreOffice is to know the file.
fn extension(opened: &Opened) -> Option<&'static str> {
    match opened.format {
        Ok(Format::Doc) => Some("doc"),
        Ok(Format::Rtf) => Some("rtf"),
        Ok(Format::Odt) => Some("odt"),
        _ => None,
    }
}

/// `GONGKAI_SOFFICE`, or `soffice` or `libreoffice` on the path, or where the installers put it.
fn find_program() -> Option<PathBuf> {
    if let Some(program) = std::env::var_os("GONGKAI_SOFFICE") {
        return Some(PathBuf::from(program)).filter(|path| path.is_file());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).flat_map(|folder| ["soffice", "libreoffice", "soffice.exe"].map(|name| folder.join(name)));
    let installed = ["/Applications/LibreOffice.app/Contents/MacOS/soffice", "C:\\Program Files\\LibreOffice\\program\\soffice.exe"];
    on_path.chain(installed.map(PathBuf::from)).find(|candidate| candidate.is_file())
}

/// Converts some files in one run, in a folder of their own with a profile of their own.
fn convert(program: &Path, opened: &[Opened], batch: &[usize]) -> io::Result<Vec<Option<Vec<u8>>>> {
    let folder = Folder::new()?;
    let input = folder.0.join("in");
    let output = folder.0.join("out");
    std::fs::create_dir_all(&input)?;
    std::fs::create_dir_all(&output)?;
    let mut names = Vec::new();
    for at in batch {
        let name = input.join(format!("{at}.{}", extension(&opened[*at]).unwrap_or("doc")));
        std::fs::write(&name, &opened[*at].bytes)?;
        names.push(name);
    }
    let profile = format!("-env:UserInstallation=file://{}", folder.0.join("profile").display());
    let mut command = Command::new(program);
    command.arg(profile).args(["--headless", "--norestore", "--nolockcheck", "--convert-to", "docx:MS Word 2007 XML", "--outdir"]);
    command.arg(&output).args(&names);
    let more = u32::try_from(batch.len().saturating_sub(1)).unwrap_or(0);
    watch::run(command, LIMIT + EACH * more).map_err(|ended| io::Error::other(ended.to_string()))?;
    Ok(batch.iter().map(|at| std::fs::read(output.join(format!("{at}.docx"))).ok()).collect())
}

/// A folder that goes away with its value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Self> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("gongkai-import-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
