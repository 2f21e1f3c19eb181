//! A site's theme: files of a built-in theme, under those of `themes/<name>/` and of the root `templates/`.

use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use crate::text::{Words, reason};
use crate::theme::{BUILT_IN, ThemeFiles};
use crate::words;

/// Reads the layers of a site's theme. `Err` says that there is no such theme.
///
/// A theme in `themes/<name>/` lies over the built-in theme of the same name, over the one that its
/// `theme.toml` names (`base = "plain"`), or over the default.
pub fn read_theme(root: &Path, name: &str) -> Result<ThemeFiles, Words> {
    let directory = root.join("themes").join(name);
    let own = is_directory_name(name) && directory.is_dir();
    let base = if own { base_of(&directory, name)? } else { None };
    let mut files = match (ThemeFiles::built_in(base.as_deref().unwrap_or(name)), own) {
        (Some(files), _) => files,
        (None, true) => ThemeFiles::builtin(),
        (None, false) => return Err(unknown_theme(name)),
    };
    if own {
        files.overlay(read_layer(&directory, "", &format!("themes/{name}"))?);
    }
    files.overlay(read_layer(&root.join("templates"), "templates/", "templates")?);
    Ok(files)
}

/// Whether a theme's name can be that of a directory in `themes/`: one that leads elsewhere is no theme's.
pub(super) fn is_directory_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\']) && name != ".." && name != "."
}

fn unknown_theme(name: &str) -> Words {
    let (zh, en) = (BUILT_IN.join("、"), BUILT_IN.join(", "));
    words!(
        "没有主题 {name}：找不到目录 themes/{name}；自带的主题有 {zh}",
        "there is no theme {name}: themes/{name} is missing; the built-in themes are {en}"
    )
}

/// The built-in theme that a theme's `theme.toml` names as the one it changes.
fn base_of(directory: &Path, name: &str) -> Result<Option<String>, Words> {
    let place = format!("themes/{name}/theme.toml");
    let text = match fs::read_to_string(directory.join("theme.toml")) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&place, &error)),
    };
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let reason = error.message();
        words!("{place} 第 {line} 行不是 TOML：{reason}", "{place}, line {line} is no TOML: {reason}")
    })?;
    let all = BUILT_IN.join("、");
    match (table.get("base").and_then(toml::Value::as_str), table.keys().find(|key| *key != "base")) {
        (_, Some(key)) => Err(words!(
            "{place} 不认识 {key}；只有 base，如 base = \"plain\"",
            "{place}: unknown key {key}; there is only base, as in base = \"plain\""
        )),
        (Some(base), None) if BUILT_IN.contains(&base) => Ok(Some(base.to_owned())),
        (base, None) => {
            let base = base.unwrap_or_default();
            Err(words!(
                "{place}：没有自带的主题 {base}；base 可以是 {all}",
                "{place}: there is no built-in theme {base}; base can be {all}"
            ))
        }
    }
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
