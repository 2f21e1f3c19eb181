//! A site's theme: the built-in files, under those of `themes/<name>/` and of the root `templates/`.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use crate::text::{Words, reason};
use crate::theme::ThemeFiles;
use crate::words;

/// The name of the theme that is part of the program.
const DEFAULT: &str = "default";

/// Reads the layers of a site's theme. `Err` says that there is no such theme.
pub fn read_theme(root: &Path, name: &str) -> Result<ThemeFiles, Words> {
    let mut files = ThemeFiles::builtin();
    let directory = root.join("themes").join(name);
    let plain_name = !name.is_empty() && !name.contains(['/', '\\']) && name != ".." && name != ".";
    if plain_name && directory.is_dir() {
        files.overlay(read_layer(&directory, "", &format!("themes/{name}"))?);
    } else if name != DEFAULT {
        return Err(words!(
            "没有主题 {name}：找不到目录 themes/{name}；自带的主题是 {DEFAULT}",
            "there is no theme {name}: themes/{name} is missing; the built-in theme is {DEFAULT}"
        ));
    }
    files.overlay(read_layer(&root.join("templates"), "templates/", "templates")?);
    Ok(files)
}

/// Reads a directory as a layer; `prefix` stands before the paths in it, `place` names it in messages.
fn read_layer(directory: &Path, prefix: &str, place: &str) -> Result<ThemeFiles, Words> {
    let mut layer = ThemeFiles::default();
    if !directory.exists() {
        return Ok(layer);
    }
    for entry in WalkDir::new(directory).follow_links(true).sort_by_file_name() {
        let entry = entry.map_err(|error| unreadable(place, &error.into()))?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !entry.file_type().is_file() || hidden {
            continue;
        }
        let relative = entry.path().strip_prefix(directory).unwrap_or(entry.path());
        let path = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        let bytes = fs::read(entry.path()).map_err(|error| unreadable(&format!("{place}/{path}"), &error))?;
        if !layer.insert(&format!("{prefix}{path}"), &bytes) {
            return Err(words!(
                "{place}/{path} 不是 UTF-8 编码，请另存为 UTF-8",
                "{place}/{path} is not written in UTF-8: save it as UTF-8"
            ));
        }
    }
    Ok(layer)
}

/// Why a file of the theme cannot be used: passed over, it would leave another look than the one meant.
fn unreadable(path: &str, error: &std::io::Error) -> Words {
    let Words { zh, en } = reason(error);
    words!("读不了 {path}：{zh}", "cannot read {path}: {en}")
}
