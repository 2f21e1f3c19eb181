//! Runs the rules, places what they find, gives levels and applies waivers.

use jiff::civil::Date;

use super::context::{AgencyContext, ReportContext};
use super::registry::{Check, Levels, RULES};
use super::waivers;
use crate::archive::{AgencyIndex, Archive, Filed, ReportIndex};
use crate::config::Config;
use crate::diagnostic::{Fault, Finding, Level};
use crate::form::{Form, Forms};
use crate::report::{Locations, read};
use crate::site::Files;
use crate::text::{Source, decode};

/// Runs the rules of one report on it.
pub fn check_report(context: &ReportContext<'_>, levels: &Levels, faults: &mut Vec<Fault>) {
    for rule in RULES {
        if let Check::Report(check) = rule.check
            && levels.of_rule(rule.name) > Level::Off
        {
            check(context, faults);
        }
    }
}

/// Gives faults about one report their level and place.
pub fn place(faults: Vec<Fault>, source: &Source, locations: &Locations, form: &Form, levels: &Levels, about: (&str, u16)) -> Vec<Finding> {
    let placed = |fault: Fault| {
        let level = levels.of_rule(fault.rule);
        (level > Level::Off).then(|| {
            let span = locations.resolve(&fault.place, form);
            let ends = (source.line_column(span.start), source.line_column(span.end));
            let mut finding = Finding::at(level, source.path.as_str(), ends, fault);
            finding.agency = Some(about.0.to_owned());
            finding.year = Some(about.1);
            finding
        })
    };
    faults.into_iter().filter_map(placed).collect()
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

    /// Whose judgement a report of `agency` has part in: its own and that of every body above it.
    pub fn concerned(archive: &Archive, agency: AgencyIndex) -> Vec<AgencyIndex> {
        archive.lineage(agency)
    }

    /// Runs the rules of agencies on one agency. A rule looks at its reports and at those of the bodies
    /// below it, and finds fault with nothing else.
    pub fn judge(&self, archive: &Archive, agency: AgencyIndex) -> Vec<(ReportIndex, Fault)> {
        let context = AgencyContext { archive, agency, config: self.config, today: self.today };
        let mut found = Vec::new();
        for rule in RULES {
            if let Check::Agency(check) = rule.check
                && self.levels.of_rule(rule.name) > Level::Off
            {
                check(&context, &mut found);
            }
        }
        found.sort_by_key(|(report, _)| *report);
        found
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

    /// Applies a report's waivers to all findings in its file, and reports those that nothing needed.
    pub fn settle(&self, findings: &mut Vec<Finding>, filed: &Filed) {
        let waivers = &filed.report.details().waivers;
        if waivers.is_empty() {
            return;
        }
        let unused = waivers::apply(findings, waivers);
        if !unused.is_empty() {
            findings.extend(self.place(unused, filed));
        }
    }
}
