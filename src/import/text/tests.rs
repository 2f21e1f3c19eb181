//! The three habits of writers, in small.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::*;

fn blocks(text: &str) -> Vec<Block> {
    read(text.as_bytes()).unwrap().blocks
}

/// Tika: a cell a line after a tab, rows apart by an empty line, a cell with a line break in it.
#[test]
fn tika_prints_a_cell_a_line() {
    let blocks = blocks("二、主动公开\n\t信息内容\n\t商业\n企业\n\n\t规章\n\t\n\n\n三、收到\n");
    assert_eq!(blocks[0].text(), "二、主动公开");
    assert_eq!(blocks[1].text(), "信息内容\t商业\n企业\n规章\t");
    assert_eq!(blocks[2].text(), "三、收到");
}

/// A browser: a row a line.
#[test]
fn browsers_copy_a_row_a_line() {
    let Block::Table(grid) = blocks("规章\t1\t2\t3\n规范性文件\t4\t5\t6\n").remove(0) else { panic!() };
    assert_eq!((grid.rows, grid.cols), (2, 4));
}

/// `pdftotext -layout`: words with positions; page numbers beside a form feed are taken out and noted.
#[test]
fn set_lines_keep_positions() {
    let document = read("  规章     0    12\n- 1 -\n\u{c}行政许可    3\n- 2 -\n\u{c}".as_bytes()).unwrap();
    let Block::Lines(lines) = &document.blocks[0] else { panic!() };
    let words: Vec<_> = lines[0].tokens.iter().map(|t| (t.left, t.text.as_str())).collect();
    assert_eq!(words, [(1.0, "规章"), (5.5, "0"), (8.0, "12")]);
    assert_eq!((lines.len(), document.notes.len()), (2, 2));
    assert_eq!(lines[1].place, Place::Line(3));
}
