//! `site.toml` and `forms/*.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Trouble;
use crate::config::Config;
use crate::diagnostic::{Fault, Finding, Level, Place};
use crate::form::Forms;
use crate::front_matter::UNKNOWN_KEY;
use crate::rules::Levels;
use crate::text::{Source, Words, decode, reason};
use crate::words;

/// What holds for the whole site, and what is wrong with it without stopping anything.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What `site.toml` says.
    pub config: Config,
    /// The built-in forms and the site's.
    pub forms: Forms,
    /// Unknown keys and the like.
    pub findings: Vec<Finding>,
}

/// Reads the settings of a site. Without a readable `site.toml`, or with a faulty form, nothing that
/// follows would mean anything.
pub fn read_settings(root: &Path) -> Result<Settings, Trouble> {
    let source = read_source(root, "site.toml").map_err(|reason| no_site(root, &reason))?;
    let (config, mut faults) = Config::read(&source.text);
    faults.extend(Levels::of(&config).1);
    let findings = placed(faults, &source);
    // An unknown key does no harm; anything else would publish the site under a wrong address or name.
    if findings.iter().any(|finding| finding.rule != UNKNOWN_KEY) {
        return Err(Trouble { findings, sources: vec![source] });
    }
    Ok(Settings { config, forms: read_forms(root)?, findings })
}

fn no_site(root: &Path, reason: &Words) -> Trouble {
    let here = root == Path::new(".") || root.as_os_str().is_empty();
    let (place_zh, place_en) = if here {
        ("当前目录".to_owned(), "this directory".to_owned())
    } else {
        (format!("{} ", root.display()), root.display().to_string())
    };
    let (reason_zh, reason_en) = (&reason.zh, &reason.en);
    let message = Words::new(
        format!("{place_zh}不是年报库：读不到 site.toml（{reason_zh}）"),
        format!("{place_en} is not a site: cannot read site.toml ({reason_en})"),
    );
    // Somebody who stands deep in a site is told where it begins.
    let absolute = root.canonicalize().unwrap_or_default();
    let hint = match absolute.ancestors().skip(1).find(|above| above.join("site.toml").is_file()) {
        Some(above) => {
            let above = above.display();
            words!("年报库在 {above}：加 --root {above}，或到那里再运行", "the site is in {above}: add --root {above}, or run it there")
        }
        None => words!(
            "用 --root 指明年报库所在目录，或用 gongkai init 目录 新建一个",
            "name the site's directory with --root, or make a new one with `gongkai init DIR`"
        ),
    };
    let fault = Fault::new(crate::config::INVALID_CONFIG, Place::File, message).with_hint(hint);
    Trouble { findings: vec![Finding::at_file(Level::Error, "site.toml", fault)], sources: Vec::new() }
}

fn read_source(root: &Path, path: &str) -> Result<Source, Words> {
    let bytes = fs::read(root.join(path)).map_err(|error| reason(&error))?;
    Ok(Source::new(path, decode(bytes).text))
}

fn read_forms(root: &Path) -> Result<Forms, Trouble> {
    let mut forms = Forms::builtin();
    let mut trouble = Trouble { findings: Vec::new(), sources: Vec::new() };
    let Ok(entries) = fs::read_dir(root.join("forms")) else { return Ok(forms) };
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| name.to_ascii_lowercase().ends_with(".toml") && !name.starts_with('.'));
    names.sort_unstable();
    let mut keys: BTreeMap<String, String> = BTreeMap::new();
    for name in names {
        let path = format!("forms/{name}");
        let source = read_source(root, &path);
        let faults = match &source {
            Ok(source) => add_form(&mut forms, source, &mut keys),
            Err(reason) => {
                let (zh, en) = (&reason.zh, &reason.en);
                vec![Fault::new(crate::form::INVALID_FORM, Place::File, words!("读不出来：{zh}", "cannot be read: {en}"))]
            }
        };
        if !faults.is_empty() {
            let source = source.unwrap_or_else(|_| Source::new(path, ""));
            trouble.findings.extend(placed(faults, &source));
            trouble.sources.push(source);
        }
    }
    if trouble.findings.is_empty() { Ok(forms) } else { Err(trouble) }
}

/// Adds one form. It may take the place of a built-in one, but not of another of the site's files:
/// `keys` says which file has which.
fn add_form(forms: &mut Forms, source: &Source, keys: &mut BTreeMap<String, String>) -> Vec<Fault> {
    let form = match forms.with(&source.text) {
        Ok(form) => form,
        Err(faults) => return faults,
    };
    let key = &form.key;
    match keys.insert(key.clone(), source.path.clone()) {
        Some(first) => vec![Fault::new(
            crate::form::INVALID_FORM,
            Place::File,
            words!("{first} 里已有格式 {key}", "{first} has the form {key} already"),
        )],
        None => Vec::new(),
    }
}

/// Faults with plain spans as findings at level error.
pub(super) fn placed(faults: Vec<Fault>, source: &Source) -> Vec<Finding> {
    let place = |fault: Fault| {
        let span = match &fault.place {
            Place::Span(span) => span.clone(),
            _ => 0..0,
        };
        let ends = (source.line_column(span.start), source.line_column(span.end));
        Finding::at(Level::Error, source.path.as_str(), ends, fault)
    };
    faults.into_iter().map(place).collect()
}
