//! Signed exceptions: findings that a report's `[[waive]]` lets stand.

use rustc_hash::FxHashMap;

use super::registry;
use super::unused_waiver;
use crate::archive::{Archive, Filed};
use crate::diagnostic::{Fault, Finding, Place};
use crate::report::Waiver;

/// Marks the findings that are waived. Returns, for each report, waivers that nothing needed.
pub(super) fn apply<'a>(findings: &mut [Finding], archive: &'a Archive) -> Vec<(&'a Filed, Vec<Fault>)> {
    let mut by_report: FxHashMap<(String, u16), Vec<usize>> = FxHashMap::default();
    for (index, finding) in findings.iter().enumerate() {
        if let (Some(agency), Some(year)) = (&finding.agency, finding.year) {
            by_report.entry((agency.clone(), year)).or_default().push(index);
        }
    }
    let mut unused = Vec::new();
    for (_, filed) in archive.reports().filter(|(_, filed)| !filed.report.details().waivers.is_empty()) {
        let found = by_report.get(&(filed.agency.to_string(), filed.report.year)).map_or(&[][..], Vec::as_slice);
        let faults = apply_to(findings, found, &filed.report.details().waivers);
        if !faults.is_empty() {
            unused.push((filed, faults));
        }
    }
    unused
}

fn apply_to(findings: &mut [Finding], found: &[usize], waivers: &[Waiver]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (number, waiver) in waivers.iter().enumerate() {
        let mut used = false;
        for index in found.iter().filter(|index| covers(waiver, &findings[**index])).copied().collect::<Vec<_>>() {
            findings[index].waived = Some(waiver.reason.clone());
            used = true;
        }
        let place = Place::Key(format!("waive.{number}").into());
        if registry::find(&waiver.rule).is_none() {
            faults.push(registry::unknown_rule(unused_waiver::RULE.name, &waiver.rule, place));
        } else if !used {
            faults.push(unused_waiver::fault(waiver, place));
        }
    }
    faults
}

/// A waiver covers findings of its rule; if it names cells, only those that look at one of them.
fn covers(waiver: &Waiver, finding: &Finding) -> bool {
    finding.rule == waiver.rule && (waiver.cells.is_empty() || finding.cells.iter().any(|cell| waiver.cells.iter().any(|named| names(named, cell))))
}

/// `applications.received` names every cell of its row.
fn names(named: &str, cell: &str) -> bool {
    cell.strip_prefix(named).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
