//! Signed exceptions: findings that a report's `[[waive]]` lets stand.

use super::registry;
use super::unused_waiver;
use crate::diagnostic::{Fault, Finding, Place};
use crate::report::Waiver;

/// Marks those findings of a report that its waivers let stand. Returns a fault for each waiver that
/// nothing needed; a waiver of a rule that is switched off here is no one's mistake.
pub(super) fn apply(findings: &mut [Finding], waivers: &[Waiver], is_on: impl Fn(&str) -> bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (number, waiver) in waivers.iter().enumerate() {
        let mut used = false;
        for finding in findings.iter_mut().filter(|finding| covers(waiver, finding)) {
            finding.waived = Some(waiver.reason.clone());
            used = true;
        }
        let place = Place::Key(format!("waive.{number}").into());
        if registry::find(&waiver.rule).is_none() {
            faults.push(registry::unknown_rule(unused_waiver::RULE.name, &waiver.rule, place));
        } else if !used && is_on(&waiver.rule) {
            faults.push(unused_waiver::fault(waiver, place));
        }
    }
    faults
}

/// A waiver covers findings of its rule; if it names cells, only those that look at one of them.
fn covers(waiver: &Waiver, finding: &Finding) -> bool {
    finding.rule == waiver.rule
        && (waiver.cells.is_empty() || finding.cells.iter().any(|cell| waiver.cells.iter().any(|named| names(named, cell))))
}

/// `applications.received` names every cell of its row.
fn names(named: &str, cell: &str) -> bool {
    cell.strip_prefix(named).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
