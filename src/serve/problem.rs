//! What keeps a page from being shown as it is on disk: a file that cannot be read, broken settings, a
//! broken template. Said in plain words, with the place and the line concerned.

use std::path::Path;

use crate::diagnostic::Finding;
use crate::front_matter::{INVALID_FRONT_MATTER, parse, split};
use crate::load::Trouble;
use crate::render::RenderError;
use crate::site::Files;
use crate::text::{Words, decode};
use crate::theme::TemplateError;
use crate::words;

/// Something that keeps pages from being shown as they are on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub message: Words,
    /// What to do next.
    pub hint: Option<Words>,
    /// The file below the site's root, the line and the column; 0 for a file as a whole.
    pub place: Option<(String, u32, u32)>,
    /// The line concerned.
    pub line: Option<String>,
}

impl Problem {
    /// From a finding; `files` has the line concerned.
    pub(super) fn of_finding(finding: &Finding, files: Option<&dyn Files>) -> Self {
        let text = files.and_then(|files| files.read(&finding.path).ok()).map(|bytes| decode(bytes).text);
        let line = text.and_then(|text| text.lines().nth(finding.start.line as usize - 1).map(|line| line.trim().to_owned()));
        Self {
            message: finding.message.clone(),
            hint: finding.hint.clone(),
            place: Some((finding.path.clone(), finding.start.line, finding.start.column)),
            line: line.filter(|line| !line.is_empty()),
        }
    }

    /// From settings that cannot be read.
    pub(super) fn of_trouble(trouble: &Trouble) -> Vec<Self> {
        let of = |finding: &Finding| {
            let source = trouble.sources.iter().find(|source| source.path == finding.path);
            let line =
                source.and_then(|source| source.text.lines().nth(finding.start.line as usize - 1)).map(|line| line.trim().to_owned());
            Self { line: line.filter(|line| !line.is_empty()), ..Self::of_finding(finding, None) }
        };
        trouble.findings.iter().map(of).collect()
    }

    /// From a theme that cannot be found.
    pub(super) fn of_words(message: &Words) -> Self {
        Self { message: message.clone(), hint: None, place: Some(("site.toml".to_owned(), 0, 0)), line: None }
    }

    /// From an error in a template of the theme `theme`.
    pub(super) fn of_template(error: &TemplateError, root: &Path, theme: &str) -> Self {
        let (zh, en) = (&error.message.zh, &error.message.en);
        let name = &error.template;
        // The place where the site's own version of a template lies; the built-in ones have no file.
        let own = [format!("templates/{name}"), format!("themes/{theme}/templates/{name}"), format!("themes/{theme}/{name}")];
        let file = own.into_iter().find(|path| root.join(path).is_file());
        let number = |at: usize| u32::try_from(at).unwrap_or(0);
        Self {
            message: words!("模板 {name}：{zh}", "template {name}: {en}"),
            hint: Some(words!("改好模板并保存，页面会自己恢复", "mend the template and save it; the page comes back by itself")),
            place: Some((file.unwrap_or_else(|| name.clone()), number(error.line), number(error.column))),
            line: error.source.as_ref().map(|line| line.trim().to_owned()),
        }
    }

    /// From a page that cannot be rendered.
    pub(super) fn of_render(error: &RenderError, root: &Path, theme: &str) -> Self {
        match error {
            RenderError::Template(error) => Self::of_template(error, root, theme),
            RenderError::Read(path, error) => Self {
                message: words!("读不了 {path}：{error}", "cannot read {path}: {error}"),
                hint: None,
                place: Some((path.clone(), 0, 0)),
                line: None,
            },
        }
    }

    /// The problems of a report whose front matter is broken: where TOML ends cannot be told, so nothing
    /// of it can be trusted. None if it can be read, however wrong it is.
    pub(super) fn of_front_matter(findings: &[Finding], files: &dyn Files) -> Vec<Self> {
        let Some(finding) = findings.iter().find(|finding| finding.rule == INVALID_FRONT_MATTER) else { return Vec::new() };
        let Ok(bytes) = files.read(&finding.path) else { return Vec::new() };
        let text = decode(bytes).text;
        let (parts, unsplit) = split(&text);
        let syntax = parse(&text[parts.toml.clone()], parts.toml.start, INVALID_FRONT_MATTER).1;
        if unsplit.is_none() && syntax.is_empty() {
            return Vec::new();
        }
        let broken = |finding: &&Finding| unsplit.iter().chain(&syntax).any(|fault| fault.message == finding.message);
        findings.iter().filter(broken).map(|finding| Self::of_finding(finding, Some(files))).collect()
    }

    /// The place for people: `content/a/2023.md:12`.
    pub fn place_text(&self) -> Option<String> {
        self.place.as_ref().map(|(path, line, _)| if *line == 0 { path.clone() } else { format!("{path}:{line}") })
    }
}
