//! Each test builds a small package in memory.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::*;
use crate::import::block::Block;

/// A .docx of a body, with a numbering and a style part.
fn docx(body: &str) -> Vec<u8> {
    let namespaces = "xmlns:w=\"w\" xmlns:mc=\"mc\" xmlns:wps=\"wps\" xmlns:v=\"v\"";
    let document = format!("<w:document {namespaces}><w:body>{body}</w:body></w:document>");
    let styles = "<w:styles xmlns:w=\"w\"><w:style w:type=\"paragraph\" w:styleId=\"2\"><w:name w:val=\"heading 1\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"9\"><w:name w:val=\"公文标题\"/><w:basedOn w:val=\"2\"/></w:style>\
        <w:style w:type=\"character\" w:styleId=\"old\"><w:rPr><w:strike/></w:rPr></w:style>\
        <w:style w:type=\"character\" w:styleId=\"older\"><w:basedOn w:val=\"old\"/></w:style>\
        <w:style w:type=\"character\" w:styleId=\"plain\"><w:rPr><w:dstrike w:val=\"0\"/></w:rPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"past\"><w:rPr><w:strike/></w:rPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"gone\"><w:rPr><w:dstrike/></w:rPr></w:style></w:styles>";
    let numbering = "<w:numbering xmlns:w=\"w\"><w:abstractNum w:abstractNumId=\"7\">\
        <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCounting\"/><w:lvlText w:val=\"%1、\"/></w:lvl>\
        <w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%2.\"/></w:lvl></w:abstractNum>\
        <w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num></w:numbering>";
    let relation = |id: &str, kind: &str, target: &str| format!("<Relationship Id=\"{id}\" Type=\"http://x/{kind}\" Target=\"{target}\"/>");
    let relations =
        format!("<Relationships>{}{}</Relationships>", relation("a", "styles", "styles.xml"), relation("b", "numbering", "numbering.xml"));
    package(&[
        ("word/document.xml", &document),
        ("word/styles.xml", styles),
        ("word/numbering.xml", numbering),
        ("word/_rels/document.xml.rels", &relations),
    ])
}

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn tc(properties: &str, content: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>")
}

fn texts(body: &str) -> Vec<String> {
    read(&docx(body)).unwrap().blocks.iter().map(Block::text).collect()
}

/// Headings come by style, also by a style based on a heading.
#[test]
fn headings_are_known_by_style() {
    let body = "<w:p><w:pPr><w:pStyle w:val=\"9\"/></w:pPr><w:r><w:t>总体情况</w:t></w:r></w:p>";
    assert!(matches!(read(&docx(body)).unwrap().blocks[0], Block::Heading { level: 1, .. }));
}

/// The numbers that Word prints are part of what the reader saw.
#[test]
fn automatic_numbers_become_text() {
    let item = |level: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = [item(0, "总体"), item(1, "甲"), item(1, "乙"), item(0, "主动"), item(1, "丙")].concat();
    assert_eq!(texts(&body), ["一、总体", "1.甲", "2.乙", "二、主动", "1.丙"]);
}

/// Insertions are taken, deletions are left out and said; a deleted paragraph mark joins two paragraphs.
#[test]
fn tracked_changes_are_taken_as_accepted() {
    let body = "<w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr><w:r><w:t>共</w:t></w:r>\
        <w:del><w:r><w:delText>15</w:delText></w:r></w:del><w:ins><w:r><w:t>16</w:t></w:r></w:ins></w:p><w:p><w:r><w:t>件</w:t></w:r></w:p>";
    let document = read(&docx(body)).unwrap();
    assert_eq!(document.blocks.iter().map(Block::text).collect::<Vec<_>>(), ["共16件"]);
    assert_eq!((document.notes[0].kind, document.notes[0].text.as_str()), (NoteKind::Deleted, "15"));
}

/// A figure struck out by hand stands before the one that replaces it: 9 and 15 are not 915.
#[test]
fn struck_text_is_noted_and_not_read() {
    for line in ["<w:strike/>", "<w:dstrike w:val=\"1\"/>"] {
        let body = format!(
            "<w:p><w:r><w:rPr>{line}</w:rPr><w:t>9</w:t></w:r><w:r><w:rPr><w:strike w:val=\"0\"/></w:rPr><w:t>15</w:t></w:r></w:p>"
        );
        let document = read(&docx(&body)).unwrap();
        assert_eq!(document.blocks[0].text(), "15", "{line}");
        assert_eq!((document.notes[0].kind, document.notes[0].text.as_str()), (NoteKind::Struck, "9"));
    }
}

/// The line may come from the style of the characters or of the paragraph; the run itself has the last word, and the single line
/// of both styles is none.
#[test]
fn text_struck_by_a_style_is_noted_and_not_read() {
    for (paragraph, properties, struck) in [
        ("", "<w:rStyle w:val=\"old\"/>", true),
        ("", "<w:rStyle w:val=\"older\"/>", true),
        ("", "<w:rStyle w:val=\"old\"/><w:strike w:val=\"0\"/>", false),
        ("past", "", true),
        ("past", "<w:strike w:val=\"false\"/>", false),
        ("past", "<w:rStyle w:val=\"old\"/>", false),
        ("gone", "", true),
        ("gone", "<w:rStyle w:val=\"plain\"/>", false),
        ("gone", "<w:rStyle w:val=\"old\"/>", true),
        ("2", "<w:rStyle w:val=\"unknown\"/>", false),
    ] {
        let body = format!(
            "<w:p><w:pPr><w:pStyle w:val=\"{paragraph}\"/></w:pPr><w:r><w:rPr>{properties}</w:rPr><w:t>9</w:t></w:r>\
             <w:r><w:rPr><w:strike w:val=\"0\"/><w:dstrike w:val=\"0\"/></w:rPr><w:t>15</w:t></w:r></w:p>"
        );
        let document = read(&docx(&body)).unwrap();
        assert_eq!(document.blocks[0].text(), if struck { "15" } else { "915" }, "{paragraph} {properties}");
        let notes: Vec<_> = document.notes.iter().map(|note| (note.kind, note.text.as_str())).collect();
        assert_eq!(notes, if struck { vec![(NoteKind::Struck, "9")] } else { vec![] });
    }
}

/// A text box comes twice in the file, for new and old readers; it is taken once.
#[test]
fn text_boxes_are_taken_once() {
    let content = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(text));
    let body = format!(
        "<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{0}</wps:txbx></w:drawing></mc:Choice>\
         <mc:Fallback><w:pict><v:textbox>{0}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        content("框")
    );
    assert_eq!(texts(&body), ["正文", "框"]);
    // Nor does a line through the run that it is anchored in go through it.
    let struck = body.replace("<w:r><mc:", "<w:r><w:rPr><w:strike/></w:rPr><w:t>旧</w:t><mc:");
    assert_eq!(texts(&struck), ["正文", "框"]);
    assert_eq!(read(&docx(&struck)).unwrap().notes[0].text, "旧");
}

/// Merged cells keep their place and extent.
#[test]
fn merged_cells_keep_their_spans() {
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let body = format!(
        "<w:tbl>{}{}</w:tbl>",
        row(&[tc("<w:vMerge w:val=\"restart\"/>", &p("（三）不予公开")), tc("<w:gridSpan w:val=\"2\"/>", &p("甲"))]),
        row(&[tc("<w:vMerge/>", "<w:p/>"), tc("", &p("1")), tc("", &p("2"))]),
    );
    let document = read(&docx(&body)).unwrap();
    let grid = document.grids().next().unwrap();
    let cells: Vec<_> = grid.cells.iter().map(|c| (c.row, c.col, c.rowspan, c.colspan, c.text.as_str())).collect();
    assert_eq!(cells, [(0, 0, 2, 1, "（三）不予公开"), (0, 1, 1, 2, "甲"), (1, 1, 1, 1, "1"), (1, 2, 1, 1, "2")]);
}

/// A table in the only cell of another is that other table's content.
#[test]
fn frames_are_dissolved() {
    let inner = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", tc("", &p("规章")), tc("", &p("3")));
    let body = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", tc("", &format!("{}{inner}<w:p/>", p("二、主动公开"))));
    let document = read(&docx(&body)).unwrap();
    assert_eq!(document.blocks[0].text(), "二、主动公开");
    assert_eq!(document.grids().next().unwrap().text(), "规章\t3");
}

/// A part that unpacks to gigabytes is refused at the cap.
#[test]
fn zip_bombs_are_refused() {
    let bomb = package(&[("word/document.xml", &" ".repeat(49 << 20))]);
    assert!(bomb.len() < 1 << 20);
    assert!(matches!(read(&bomb).unwrap_err(), Fault::TooLarge { .. }));
}

/// Any prefix of a file gives an error or a document, never a panic.
#[test]
fn cut_files_are_told() {
    let whole = docx(&p("正文"));
    for length in (0..whole.len()).step_by(7) {
        assert!(read(&whole[..length]).is_err());
    }
}
