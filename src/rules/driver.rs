//! Runs the rules, places what they find, gives levels and applies waivers.

use rayon::prelude::*;

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

/// Runs the rules of agencies on the whole archive, in parallel. Findings are placed by reading the
/// files they are about again, since the archive keeps no spans.
pub fn check_archive(archive: &Archive, config: &Config, forms: &Forms, files: &dyn Files, today: jiff::civil::Date) -> Vec<Finding> {
    let (levels, _) = Levels::of(config);
    let agencies: Vec<AgencyIndex> = archive.agencies().map(|(index, _)| index).collect();
    let check = |agency: &AgencyIndex| check_agency(&AgencyContext { archive, agency: *agency, config, today }, &levels, forms, files);
    agencies.par_iter().flat_map_iter(check).collect()
}

fn check_agency(context: &AgencyContext<'_>, levels: &Levels, forms: &Forms, files: &dyn Files) -> Vec<Finding> {
    let mut found: Vec<(ReportIndex, Fault)> = Vec::new();
    for rule in RULES {
        if let Check::Agency(check) = rule.check
            && levels.of_rule(rule.name) > Level::Off
        {
            check(context, &mut found);
        }
    }
    found.sort_by_key(|(report, _)| *report);
    let mut findings = Vec::new();
    for faults in found.chunk_by(|a, b| a.0 == b.0) {
        let filed = context.archive.filed(faults[0].0);
        let faults = faults.iter().map(|(_, fault)| fault.clone()).collect();
        findings.extend(place_again(faults, filed, levels, forms, files));
    }
    findings
}

fn place_again(faults: Vec<Fault>, filed: &Filed, levels: &Levels, forms: &Forms, files: &dyn Files) -> Vec<Finding> {
    let path = filed.path();
    let about = (&*filed.agency, filed.report.year);
    // A file that vanished since it was loaded still gets its findings, at its first line.
    let text = files.read(&path).map(|bytes| decode(bytes).text).unwrap_or_default();
    let reading = read(&text, filed.report.year, forms);
    place(faults, &Source::new(path, text), &reading.locations, &filed.report.form, levels, about)
}

/// Applies waivers and reports those that nothing needed. Call it once, with all findings.
pub fn settle(mut findings: Vec<Finding>, archive: &Archive, levels: &Levels, forms: &Forms, files: &dyn Files) -> Vec<Finding> {
    for (filed, unused) in waivers::apply(&mut findings, archive) {
        findings.extend(place_again(unused, filed, levels, forms, files));
    }
    findings
}
