//! What is struck out in the cells of an .xlsx: the reader of cells tells the font of a cell, but not those of the runs
//! inside it. They are marked in the parts before they are read.

use std::io::{Cursor, Read, Write};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::import::fault::{Fault, Format};

/// Before a run that is struck out, before one whose own font is not, and behind either. No text has these characters.
const STRUCK: char = '\u{fdd0}';
const PLAIN: char = '\u{fdd1}';
const END: char = '\u{fdd2}';

/// The package with its runs marked, if anything in it may be struck out. Its parts must not exceed the caps.
pub(super) fn marked(bytes: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let damaged = |error: &dyn std::fmt::Display| Fault::damaged(Format::Xlsx, error);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut parts = Vec::new();
    let mut may_be_struck = false;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|error| damaged(&error))?;
        let name = file.name().map_err(|error| damaged(&error))?.into_owned();
        let has_runs = name.ends_with("sharedStrings.xml") || name.contains("/worksheets/sheet");
        if !has_runs && !name.ends_with("styles.xml") {
            continue;
        }
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(|error| damaged(&error))?;
        let Ok(text) = String::from_utf8(content) else { continue };
        may_be_struck |= text.contains("strike");
        if has_runs && text.contains("rPr") {
            parts.push((index, name, with_marks(&text)));
        }
    }
    if !may_be_struck || parts.is_empty() {
        return Ok(None);
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let written = match parts.iter().find(|(at, ..)| *at == index) {
            Some((_, name, text)) => {
                writer.start_file(name.as_str(), SimpleFileOptions::default()).and_then(|()| Ok(writer.write_all(text.as_bytes())?))
            }
            None => archive.by_index_raw(index).and_then(|file| writer.raw_copy_file(file)),
        };
        written.map_err(|error| damaged(&error))?;
    }
    Ok(Some(writer.finish().map_err(|error| damaged(&error))?.into_inner()))
}

/// A part with marks around the text of each run that has a font of its own.
fn with_marks(source: &str) -> String {
    let source = source.trim_start_matches('\u{feff}');
    let mut reader = Reader::from_str(source);
    reader.config_mut().allow_dangling_amp = true;
    let (mut out, mut copied) = (String::with_capacity(source.len() * 2), 0);
    // Whether the run under way has a font of its own, and whether that is struck out.
    let mut font: Option<bool> = None;
    let mut text: Option<(usize, bool)> = None;
    loop {
        let before = reader.buffer_position() as usize;
        // A damaged part is told by the reader of cells.
        let Ok(event) = reader.read_event() else { break };
        let after = reader.buffer_position() as usize;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let raw = source.get(before..after).unwrap_or_default();
                match tag.local_name().as_ref() {
                    "r" | "rPh" => font = None,
                    "rPr" => font = Some(false),
                    "strike" => font = font.map(|_| !["\"0\"", "'0'", "false"].iter().any(|off| raw.contains(off))),
                    "t" if !raw.ends_with("/>") => text = Some((after, raw.contains("preserve"))),
                    _ => {}
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => {
                    if let (Some(is_struck), Some((start, preserved))) = (font, text.take()) {
                        let inside = source.get(start..before).unwrap_or_default();
                        let inside = if preserved { inside } else { inside.trim_matches([' ', '\t', '\r', '\n']) };
                        out.push_str(source.get(copied..start).unwrap_or_default());
                        out.extend([if is_struck { STRUCK } else { PLAIN }]);
                        out.push_str(inside);
                        out.push(END);
                        copied = before;
                    }
                }
                "r" => font = None,
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    out.push_str(source.get(copied..).unwrap_or_default());
    out
}

/// The text of a cell apart from what is struck out in it; `of_cell` is what the font of the cell says, which holds for what
/// has no font of its own.
pub(super) fn parted(text: &str, of_cell: bool) -> (String, String) {
    let (mut kept, mut struck) = (String::new(), String::new());
    let mut is_struck = of_cell;
    for c in text.chars() {
        match c {
            STRUCK => is_struck = true,
            PLAIN => is_struck = false,
            END => is_struck = of_cell,
            c if is_struck => struck.push(c),
            c => kept.push(c),
        }
    }
    (kept, struck)
}
