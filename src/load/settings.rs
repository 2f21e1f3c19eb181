//! `site.toml` and `forms/*.toml`.

use std::fs;
use std::path::Path;

use super::Trouble;
use crate::config::Config;
use crate::diagnostic::{Fault, Finding, Level, Place};
use crate::form::Forms;
use crate::front_matter::UNKNOWN_KEY;
use crate::rules::Levels;
use crate::text::{Source, decode};
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

fn no_site(root: &Path, reason: &str) -> Trouble {
    let place = root.display();
    let message = words!("{place} 不是年报库：读不到 site.toml（{reason}）", "{place} is not a site: cannot read site.toml ({reason})");
    let hint = words!("用 --root 指明年报库所在目录，或用 gongkai init 目录 新建一个", "name the site's directory with --root, or make a new one with `gongkai init DIR`");
    let fault = Fault::new(crate::config::INVALID_CONFIG, Place::File, message).with_hint(hint);
    Trouble { findings: vec![Finding::at_file(Level::Error, "site.toml", fault)], sources: Vec::new() }
}

fn read_source(root: &Path, path: &str) -> Result<Source, String> {
    let bytes = fs::read(root.join(path)).map_err(|error| error.to_string())?;
    Ok(Source::new(path, decode(bytes).text))
}

fn read_forms(root: &Path) -> Result<Forms, Trouble> {
    let mut forms = Forms::builtin();
    let mut trouble = Trouble { findings: Vec::new(), sources: Vec::new() };
    let Ok(entries) = fs::read_dir(root.join("forms")) else { return Ok(forms) };
    let mut names: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| name.ends_with(".toml") && !name.starts_with('.'));
    names.sort_unstable();
    for name in names {
        let path = format!("forms/{name}");
        let faults = match read_source(root, &path) {
            Ok(source) => forms.with(&source.text).map_err(|faults| (faults, source)),
            Err(reason) => {
                let message = words!("读不出来：{reason}", "cannot be read: {reason}");
                Err((vec![Fault::new(crate::form::INVALID_FORM, Place::File, message)], Source::new(path, "")))
            }
        };
        if let Err((faults, source)) = faults {
            trouble.findings.extend(placed(faults, &source));
            trouble.sources.push(source);
        }
    }
    if trouble.findings.is_empty() { Ok(forms) } else { Err(trouble) }
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
