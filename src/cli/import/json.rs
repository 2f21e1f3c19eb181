//! The outcome as one JSON object, for programs.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::import::block::Place;
use crate::import::place::Spot;
use crate::import::{Imported, place::Doubt};
use crate::text::{Language, Words};

use super::outcome::{Outcome, State};

/// Prints everything.
pub(super) fn print(outcomes: &[Outcome], passed_over: &[PathBuf], language: Language) -> String {
    let count = |is: &dyn Fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
    let value = json!({
        "files": outcomes.iter().map(|outcome| file(outcome, language)).collect::<Vec<_>>(),
        "written": count(&|outcome| matches!(outcome.state, State::Written | State::Replaced)),
        "doubtful": count(&|outcome| !outcome.failed() && outcome.is_doubtful()),
        "failed": count(&Outcome::failed),
        "passed_over": passed_over.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
    });
    // Serialising a value of strings and integers cannot fail.
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

fn file(outcome: &Outcome, language: Language) -> Value {
    let imported = outcome.imported.as_ref();
    let (message, hint) = match &outcome.state {
        State::Failed(message, hint) => (Some(message), hint.as_ref()),
        State::Undecided(message) => (Some(message), None),
        _ => (None, None),
    };
    let text = |words: &Words| words.in_language(language).to_owned();
    json!({
        "file": outcome.file.display().to_string(),
        "sha256": outcome.sha256,
        "format": outcome.format.map(|format| format!("{format:?}").to_lowercase()),
        "status": outcome.state.name(),
        "message": message.map(text),
        "hint": hint.map(text),
        "path": outcome.target,
        "agency": outcome.agency.as_ref().map(|(id, _)| id),
        "agency_name": outcome.agency.as_ref().map(|(_, name)| name),
        "names": imported.map(|imported| &imported.names),
        "year": imported.and_then(|imported| imported.year),
        "form": imported.map(|imported| &imported.form.key),
        "title": imported.and_then(|imported| imported.title.as_ref()),
        "published": imported.and_then(|imported| imported.published).map(|date| date.to_string()),
        "sections": imported.map(sections),
        "cells": imported.map(|imported| json!({ "placed": imported.found, "of": imported.cells.len(), "in_doubt": outcome.doubted() })),
        "doubts": imported.map(|imported| imported.doubts.iter().map(|doubt| doubt_value(doubt, imported, language)).collect::<Vec<_>>()),
        "questions": imported.map(|imported| imported.questions.iter().map(text).collect::<Vec<_>>()),
        "notes": imported.map(|imported| notes(imported, language)),
        "residue": imported.map(residue),
        "findings": outcome.findings.iter().map(|finding| json!({
            "rule": finding.rule, "level": finding.level.name(), "path": finding.path, "line": finding.start.line,
            "column": finding.start.column, "message": text(&finding.message), "hint": finding.hint.as_ref().map(text), "cells": finding.cells,
        })).collect::<Vec<_>>(),
        "markdown": outcome.markdown,
        "diff": outcome.diff,
    })
}

fn sections(imported: &Imported) -> Vec<&str> {
    imported.sections.iter().map(|index| imported.form.sections[*index].key.as_str()).collect()
}

fn doubt_value(doubt: &Doubt, imported: &Imported, language: Language) -> Value {
    let cells: Vec<String> = doubt.cells.iter().map(|cell| imported.form.cell_key(*cell)).collect();
    json!({ "cells": cells, "at": spot(doubt.spot, language), "reason": doubt.reason.in_language(language) })
}

fn notes(imported: &Imported, language: Language) -> Vec<Value> {
    let note = |note: &crate::import::place::CellNote| json!({ "cell": imported.form.cell_key(note.cell), "at": spot(note.spot, language), "note": note.note.in_language(language) });
    imported.notes.iter().map(note).collect()
}

fn residue(imported: &Imported) -> Vec<Value> {
    let value = |residue: &crate::import::prose::Residue| json!({ "kind": residue.kind.name(), "text": residue.text, "place": place(residue.place), "in_doubt": residue.kind.is_doubtful() });
    imported.residue.iter().map(value).collect()
}

fn spot(spot: Spot, language: Language) -> Value {
    let mut value = place(spot.place);
    if spot.table > 0 {
        value["table"] = json!(spot.table);
        value["row"] = json!(spot.row);
    }
    value["text"] = json!(Imported::spot(spot).in_language(language));
    value
}

fn place(place: Place) -> Value {
    match place {
        Place::Unknown => json!({}),
        Place::Page(n) => json!({ "page": n }),
        Place::Line(n) => json!({ "line": n }),
        Place::Paragraph(n) => json!({ "paragraph": n }),
        Place::Row(n) => json!({ "sheet_row": n }),
    }
}
