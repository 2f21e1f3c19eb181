//! A theme's files, before they are compiled.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::TemplateError;
use crate::text::Language;
use crate::words;

static DEFAULT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");
static PLAIN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/plain");

/// The themes that are part of the program, by name. All but the first lie over the first: what they do
/// not have themselves is taken from it.
pub const BUILT_IN: [&str; 2] = ["default", "plain"];

/// The files of a theme, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThemeFiles {
    /// Templates: `report.html` → text.
    pub templates: BTreeMap<String, String>,
    /// Static files: `style.css` → bytes.
    pub statics: BTreeMap<String, Vec<u8>>,
    /// Strings: `zh-CN.toml` → text.
    pub i18n: BTreeMap<String, String>,
}

impl ThemeFiles {
    /// The default theme that is part of the program.
    pub fn builtin() -> Self {
        let mut files = Self::default();
        files.insert_directory(&DEFAULT);
        files
    }

    /// A theme of [`BUILT_IN`] by its name.
    pub fn built_in(name: &str) -> Option<Self> {
        let mut files = BUILT_IN.contains(&name).then(Self::builtin)?;
        if name == "plain" {
            // Plain does without scripts, and so without the page that would be nothing without one.
            files.statics.retain(|name, _| !name.ends_with(".js"));
            files.templates.remove("search.html");
            let mut layer = Self::default();
            layer.insert_directory(&PLAIN);
            files.overlay(layer);
        }
        Some(files)
    }

    /// Whether there is a page to search in, and the script that does it.
    pub fn offer_search(&self) -> bool {
        self.templates.contains_key("search.html") && self.statics.contains_key("search.js")
    }

    /// The static files that are published: all that a site brings, and of the program's own those that a template
    /// names. Without `search` there is no page to search in, and nothing that it alone needs.
    pub(super) fn published(&self, search: bool) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        let shown = move |template: &str| search || template != "search.html";
        let is_named = move |name: &str| self.templates.iter().any(|(template, text)| shown(template) && text.contains(name));
        self.statics.iter().filter(move |(name, bytes)| !is_built_in(name, bytes) || is_named(name))
    }

    fn insert_directory(&mut self, directory: &Dir<'_>) {
        for file in directory.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            self.insert(&path, file.contents());
        }
        for below in directory.dirs() {
            self.insert_directory(below);
        }
    }

    /// Adds or replaces a file by its path in the theme (`templates/report.html`). Files elsewhere are left
    /// out. `false` says that a template or strings are not text in UTF-8: the file was not taken.
    pub fn insert(&mut self, path: &str, bytes: &[u8]) -> bool {
        let text = || std::str::from_utf8(bytes).ok().map(|text| text.trim_start_matches('\u{feff}').to_owned());
        let is_text = path.starts_with("static/") || !(path.starts_with("templates/") || path.starts_with("i18n/")) || text().is_some();
        if let Some(name) = path.strip_prefix("templates/") {
            self.templates.extend(text().map(|text| (name.to_owned(), text)));
        } else if let Some(name) = path.strip_prefix("static/") {
            self.statics.insert(name.to_owned(), bytes.to_vec());
        } else if let Some(name) = path.strip_prefix("i18n/") {
            self.i18n.extend(text().map(|text| (name.to_owned(), text)));
        }
        is_text
    }

    /// Lays another layer over this one. Strings are replaced one by one, other files as a whole.
    pub fn overlay(&mut self, layer: Self) {
        self.templates.extend(layer.templates);
        self.statics.extend(layer.statics);
        for (name, text) in layer.i18n {
            let merged = match self.i18n.get(&name) {
                Some(below) => merge(below, &text),
                None => text,
            };
            self.i18n.insert(name, merged);
        }
    }

    /// The strings of a language.
    pub fn strings(&self, language: Language) -> Result<toml::Table, TemplateError> {
        let name = format!("{}.toml", language.tag());
        let text = self.i18n.get(&name).map_or("", String::as_str);
        text.parse().map_err(|error: toml::de::Error| {
            let (line, reason) =
                (error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1), error.message());
            let wrong = TemplateError::at_file(format!("i18n/{name}"), words!("不是 TOML：{reason}", "it is no TOML: {reason}"));
            TemplateError { line, column: usize::from(line > 0), ..wrong }
        })
    }
}

/// Whether a static file is the program's own.
fn is_built_in(name: &str, bytes: &[u8]) -> bool {
    [&DEFAULT, &PLAIN].into_iter().filter_map(|theme| theme.get_file(format!("static/{name}"))).any(|file| file.contents() == bytes)
}

/// A table with the strings of another put over it; a text that cannot be read is left to be reported
/// when the strings are asked for.
fn merge(below: &str, above: &str) -> String {
    let (Ok(mut merged), Ok(above_table)) = (below.parse::<toml::Table>(), above.parse::<toml::Table>()) else {
        return above.to_owned();
    };
    merge_tables(&mut merged, above_table);
    merged.to_string()
}

fn merge_tables(below: &mut toml::Table, above: toml::Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => merge_tables(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// What a theme brings is published; what it leaves of the program's own is not.
    #[test]
    fn only_what_is_used_of_the_built_in_files_is_published() {
        let names = |files: &ThemeFiles, search| files.published(search).map(|(name, _)| name.clone()).collect::<Vec<_>>().join(" ");
        let mut files = ThemeFiles::builtin();
        assert_eq!(names(&files, true), "reading.js search.js style.css table.js");
        assert_eq!(names(&files, false), "reading.js style.css table.js");
        assert_eq!(names(&ThemeFiles::built_in("plain").unwrap(), true), "style.css");
        files.insert("templates/year.html", b"");
        files.insert("static/crest.svg", b"<svg/>");
        assert_eq!(names(&files, false), "crest.svg reading.js style.css");
        files.insert("static/table.js", b"// the site's own");
        assert_eq!(names(&files, false), "crest.svg reading.js style.css table.js");
    }

    #[test]
    fn a_layer_replaces_single_files_and_strings() {
        let mut files = ThemeFiles::default();
        files.insert("templates/a.html", b"1");
        files.insert("templates/b.html", b"2");
        files.insert("i18n/zh-CN.toml", "[menu]\nhome = \"首页\"\nyears = \"按年度\"\n".as_bytes());
        let mut layer = ThemeFiles::default();
        layer.insert("templates/b.html", b"3");
        assert!(!layer.insert("templates/c.html", b"caf\xe9"), "what is not UTF-8 is not passed over in silence");
        layer.insert("i18n/zh-CN.toml", "[menu]\nhome = \"主页\"\n".as_bytes());
        files.overlay(layer);
        assert_eq!(files.templates["a.html"], "1");
        assert_eq!(files.templates["b.html"], "3");
        let strings = files.strings(Language::Chinese).unwrap();
        assert_eq!(strings["menu"]["home"].as_str(), Some("主页"));
        assert_eq!(strings["menu"]["years"].as_str(), Some("按年度"));
    }
}
