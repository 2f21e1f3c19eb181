//! A site's theme: the built-in files, under those of `themes/<name>/` and of the root `templates/`.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use crate::text::Words;
use crate::theme::ThemeFiles;
use crate::words;

/// The name of the theme that is part of the program.
const DEFAULT: &str = "default";

/// Reads the layers of a site's theme. `Err` says that there is no such theme.
pub fn read_theme(root: &Path, name: &str) -> Result<ThemeFiles, Words> {
    let mut files = ThemeFiles::builtin();
    let directory = root.join("themes").join(name);
    let plain_name = !name.is_empty() && !name.contains(['/', '\\']) && name != "..";
    if plain_name && directory.is_dir() {
        files.overlay(read_layer(&directory, ""));
    } else if name != DEFAULT {
        return Err(words!(
            "没有主题 {name}：找不到目录 themes/{name}；自带的主题是 {DEFAULT}",
            "there is no theme {name}: themes/{name} is missing; the built-in theme is {DEFAULT}"
        ));
    }
    files.overlay(read_layer(&root.join("templates"), "templates/"));
    Ok(files)
}

/// Reads a directory as a layer; `prefix` stands before the paths in it.
fn read_layer(directory: &Path, prefix: &str) -> ThemeFiles {
    let mut layer = ThemeFiles::default();
    for entry in WalkDir::new(directory).follow_links(true).sort_by_file_name().into_iter().flatten() {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !entry.file_type().is_file() || hidden {
            continue;
        }
        let relative = entry.path().strip_prefix(directory).unwrap_or(entry.path());
        let path = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        if let Ok(bytes) = fs::read(entry.path()) {
            layer.insert(&format!("{prefix}{path}"), &bytes);
        }
    }
    layer
}
