//! Runs the rules, places what they find, gives levels and applies waivers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::context::{AgencyContext, ReportContext, Subject};
use super::copied_text;
use super::copies::{Suspicion, suspicions, suspicions_after};
use super::digits::PublishedText;
use super::hidden::{STAR, hide_numbers};
use super::registry::{Check, Levels, find};
use super::waivers;
use crate::archive::{AgencyIndex, Archive, Card, Filed, ReportIndex};
use crate::config::Config;
use crate::diagnostic::{Fault, Finding, Level, Place};
use crate::form::{Form, Forms};
use crate::report::{Locations, read};
use crate::site::Files;
use crate::text::{Lines, Source, Span, Words, decode};

/// Runs the rules of one report on it.
pub fn check_report(context: &ReportContext<'_>, levels: &Levels, faults: &mut Vec<Fault>) {
    for rule in levels.rules_on() {
        if let Check::Report(check) = rule.check {
            check(context, faults);
        }
    }
}

/// Runs the rules of texts on any text that is published.
pub fn check_text(text: &str, levels: &Levels, faults: &mut Vec<Fault>) {
    let text = PublishedText::of(text);
    for rule in levels.rules_on() {
        if let Check::Text(check) = rule.check {
            check(&text, faults);
        }
    }
}

/// Gives faults about one report their level and place.
pub fn place(faults: Vec<Fault>, source: &Source, locations: &Locations, form: &Form, levels: &Levels, about: (&str, u16)) -> Vec<Finding> {
    let about = (about.0, Some(about.1));
    place_by(faults, source, levels, about, |place| locations.resolve(place, form))
}

/// Gives faults about a file that is no report their level and place: spans, or its first line.
pub fn place_in_text(faults: Vec<Fault>, source: &Source, levels: &Levels, about: (&str, Option<u16>)) -> Vec<Finding> {
    place_by(faults, source, levels, about, |place| if let Place::Span(span) = place { span.clone() } else { 0..0 })
}

/// More findings of one rule in one file tell nobody more: the rest is only counted.
const MOST_OF_A_RULE: usize = 100;

fn place_by(
    faults: Vec<Fault>,
    source: &Source,
    levels: &Levels,
    about: (&str, Option<u16>),
    resolve: impl Fn(&Place) -> Span,
) -> Vec<Finding> {
    if faults.is_empty() {
        return Vec::new();
    }
    let lines = Lines::of(&source.text, 2 * faults.len());
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    // No larger than need be: every report of an archive keeps its own.
    let mut findings = Vec::with_capacity(faults.len());
    for fault in faults {
        let level = levels.of_fault(&fault, &source.path);
        if level == Level::Off {
            continue;
        }
        let count = counts.entry(fault.rule).or_default();
        *count += 1;
        if *count > MOST_OF_A_RULE {
            continue;
        }
        let span = resolve(&fault.place);
        let ends = (lines.line_column(span.start), lines.line_column(span.end));
        let mut finding = Finding::at(level, source.path.as_str(), ends, without_numbers(fault));
        finding.agency = Some(about.0.to_owned());
        finding.year = about.1;
        findings.push(finding);
    }
    for (rule, count) in counts.into_iter().filter(|(_, count)| *count > MOST_OF_A_RULE) {
        let more = count - MOST_OF_A_RULE;
        if let Some(last) = findings.iter_mut().rfind(|finding| finding.rule == rule) {
            last.message.zh += &format!("（这个文件里同类问题还有 {more} 处，不再逐一列出）");
            last.message.en += &format!(" (and {more} more of this kind in this file)");
        }
    }
    findings
}

/// Messages that quote the text do not repeat personal numbers: those go into the logs of others.
fn without_numbers(mut fault: Fault) -> Fault {
    for words in std::iter::once(&mut fault.message).chain(&mut fault.hint) {
        for text in [&mut words.zh, &mut words.en] {
            if let Cow::Owned(hidden) = hide_numbers(text, STAR, |_| true) {
                *text = hidden;
            }
        }
    }
    fault
}

/// Runs the rules that look at the archive: an agency at a time, so that after an edit only those are
/// judged again that can have changed.
pub struct Judge<'a> {
    config: &'a Config,
    forms: &'a Forms,
    files: &'a dyn Files,
    today: Date,
    levels: Levels,
}

impl<'a> Judge<'a> {
    /// A judge for a site as it is on a day.
    pub fn new(config: &'a Config, forms: &'a Forms, files: &'a dyn Files, today: Date) -> Self {
        Self { config, forms, files, today, levels: Levels::of(config).0 }
    }

    /// Whose judgement a report of `agency` has part in: its own, that of the body that took over from it, and that of
    /// every body above these.
    pub fn concerned(archive: &Archive, agency: AgencyIndex) -> Vec<AgencyIndex> {
        let mut concerned = archive.lineage(agency);
        if let Some(successor) = archive.successor(agency) {
            let above: Vec<AgencyIndex> = archive.lineage(successor).into_iter().filter(|above| !concerned.contains(above)).collect();
            concerned.extend(above);
        }
        concerned
    }

    /// Runs the rules of agencies on one agency. A rule looks at its reports, at those of the bodies below it and
    /// at those of the bodies that it took over from; it finds fault with the first two only.
    pub fn judge(&self, archive: &Archive, agency: AgencyIndex) -> Vec<(Subject, Fault)> {
        let context = AgencyContext { archive, agency, config: self.config, today: self.today };
        let mut found = Vec::new();
        for rule in self.levels.rules_on() {
            if let Check::Agency(check) = rule.check {
                check(&context, &mut found);
            }
        }
        found.sort_by_key(|(subject, _)| *subject);
        found
    }

    /// Places faults of one subject.
    pub fn place_on(&self, faults: Vec<Fault>, archive: &Archive, subject: Subject) -> Vec<Finding> {
        match subject {
            Subject::Report(report) => self.place(faults, archive.filed(report)),
            Subject::Agency(agency, year) => {
                let agency = &archive.agency(agency).id;
                let source = Source::new(format!("content/{agency}/agency.toml"), "");
                place_in_text(faults, &source, &self.levels, (agency, Some(year)))
            }
            Subject::Card(agency) => {
                let agency = &archive.agency(agency).id;
                let path = format!("content/{agency}/agency.toml");
                let text = self.files.read(&path).map(|bytes| decode(bytes).text).unwrap_or_default();
                let source = Source::new(path, text);
                let resolve = |place: &Place| if let Place::Key(key) = place { Card::place_of(&source.text, key) } else { 0..0 };
                place_by(faults, &source, &self.levels, (agency, None), resolve)
            }
        }
    }

    /// Places faults of a report that is on file by reading its file again, since the archive keeps no
    /// spans.
    pub fn place(&self, faults: Vec<Fault>, filed: &Filed) -> Vec<Finding> {
        let path = filed.path();
        let about = (&*filed.agency, filed.report.year);
        // A file that vanished since it was loaded still gets its findings, at its first line.
        let text = self.files.read(&path).map(|bytes| decode(bytes).text).unwrap_or_default();
        let reading = read(&text, filed.report.year, self.forms);
        place(faults, &Source::new(path, text), &reading.locations, &filed.report.form, &self.levels, about)
    }

    /// Which reports' texts may come from which others; none when the rule is switched off.
    pub fn suspicions(&self, archive: &Archive) -> Vec<Suspicion> {
        if self.levels.is_on(copied_text::RULE.name) { suspicions(archive, self.config.check.copied_text) } else { Vec::new() }
    }

    /// The same after some reports of the archive `old` were edited, whose suspicions were `before`.
    pub fn suspicions_after(&self, archive: &Archive, old: &Archive, before: &[Suspicion], edited: &[ReportIndex]) -> Vec<Suspicion> {
        if !self.levels.is_on(copied_text::RULE.name) {
            return Vec::new();
        }
        suspicions_after(archive, self.config.check.copied_text, old, before, edited)
    }

    /// What is true of the suspicions about one report.
    pub fn judge_copies(&self, archive: &Archive, suspicions: &[Suspicion]) -> Vec<Finding> {
        let Some(first) = suspicions.first() else { return Vec::new() };
        let faults = copied_text::judge(suspicions, archive, self.config, self.files);
        if faults.is_empty() { Vec::new() } else { self.place(faults, archive.filed(first.report)) }
    }

    /// Applies a report's waivers to all findings in its file, and reports those that nothing needed.
    pub fn settle(&self, findings: &mut Vec<Finding>, filed: &Filed) {
        let waivers = &filed.report.details().waivers;
        if waivers.is_empty() {
            return;
        }
        let path = filed.path();
        let is_on = |rule: &str| {
            self.levels.of_fault(&Fault::new(find(rule).map_or("unused-waiver", |rule| rule.name), Place::File, Words::default()), &path)
                > Level::Off
        };
        let unused = waivers::apply(findings, waivers, is_on);
        if !unused.is_empty() {
            findings.extend(self.place(unused, filed));
        }
    }
}
