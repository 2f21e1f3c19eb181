//! Pages as portals publish them, in small.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::*;
use crate::import::block::{Block, NoteKind, Runs};
use crate::import::fault::{Fault, Measure};

fn texts(page: &str) -> Vec<String> {
    read(page.as_bytes()).unwrap().blocks.iter().map(Block::text).collect()
}

/// Navigation, scripts and footers are left out; the article is kept, with its meta tags.
#[test]
fn the_article_is_found() {
    let page = "<html><head><meta name=\"PubDate\" content=\"2021-01-20 09:00\"><meta name=ContentSource content=示例镇>\
        <title>年度报告</title><script>var a='<p>假';</script></head><body><div class=\"nav\"><a href=/>首页</a></div>\
        <div class=wrap><h1>示例镇2020年年度报告</h1><div id=zoom><p>　　一、总体情况</p><p>我镇<b>认真</b>落实各项\n要求。</p></div></div>\
        <div class=footer>主办单位：示例县</div></body></html>";
    let document = read(page.as_bytes()).unwrap();
    assert_eq!(document.meta["pubdate"], "2021-01-20 09:00");
    assert_eq!(document.meta["contentsource"], "示例镇");
    let texts: Vec<_> = document.blocks.iter().map(Block::text).collect();
    assert_eq!(texts, ["示例镇2020年年度报告", "　　一、总体情况", "我镇认真落实各项要求。"]);
    let Block::Paragraph { runs: Runs(runs), .. } = &document.blocks[2] else { panic!() };
    assert!(runs[1].strong && runs[1].text == "认真");
}

/// Line breaks stay; unclosed cells and row spans make a grid.
#[test]
fn sloppy_tables_make_a_grid() {
    let page = "<table><tr><td rowspan=2>商业<br>企业<td>&nbsp;<tr><td>1,234</table>";
    let document = read(page.as_bytes()).unwrap();
    let grid = document.grids().next().unwrap();
    let cells: Vec<_> = grid.cells.iter().map(|c| (c.row, c.col, c.rowspan, c.text.as_str())).collect();
    assert_eq!(
        cells,
        [(0, 0, 2, "商业\n企业"), (1, 1, 1, "1,234")][..1].iter().copied().chain([(0, 1, 1, ""), (1, 1, 1, "1,234")]).collect::<Vec<_>>()
    );
}

/// Lists keep their order and depth.
#[test]
fn lists_are_numbered() {
    let page = "<ol start=3><li>甲<ul><li>乙</ul><li>丙</ol>";
    let blocks = read(page.as_bytes()).unwrap().blocks;
    let items: Vec<_> = blocks
        .iter()
        .map(|b| match b {
            Block::ListItem { marker, depth, runs, .. } => (marker.as_str(), *depth, runs.text()),
            _ => panic!(),
        })
        .collect();
    assert_eq!(items, [("3.", 0, "甲".to_owned()), ("", 1, "乙".to_owned()), ("4.", 0, "丙".to_owned())]);
}

/// What is not shown is not imported, but it is said.
#[test]
fn hidden_text_is_noted() {
    let document = read("<p>甲</p><p style='display: none'>乙</p>".as_bytes()).unwrap();
    assert_eq!((document.blocks.len(), document.notes[0].text.as_str()), (1, "乙"));
    let document = read("<table><tr style='display:none'><td>行政许可<td>9<tr><td>行政许可<td>15<td hidden>7</table>".as_bytes()).unwrap();
    assert_eq!(document.blocks[0].text(), "行政许可\t15\t");
    assert_eq!(document.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["行政许可", "9", "7"]);
}

/// A figure that was struck out is not the beginning of the one that replaces it.
#[test]
fn struck_text_is_noted_and_not_read() {
    for old in ["<s>9</s>", "<strike>9</strike>", "<span style='text-decoration:line-through'>9</span>"] {
        let document = read(format!("<table><tr><td>行政许可<td>{old}15</table>").as_bytes()).unwrap();
        assert_eq!(document.blocks[0].text(), "行政许可\t15", "{old}");
        assert_eq!((document.notes[0].kind, document.notes[0].text.as_str()), (NoteKind::Struck, "9"));
    }
}

/// A struck cell is empty, and so are the cells of a struck row, in their places: what replaces them stands beside or below.
#[test]
fn struck_cells_and_rows_are_empty() {
    let line = "style='text-decoration: line-through'";
    for (page, text, notes) in [
        (format!("<tr><td>行政许可<td {line}>9<td>3"), "行政许可\t\t3", &["9"][..]),
        (
            format!("<tr><td>行政许可<td>3<tr {line}><td>行政处罚<td>9<tr><td>行政处罚<td>15"),
            "行政许可\t3\n\t\n行政处罚\t15",
            &["行政处罚", "9"],
        ),
        (format!("<tr {line}><td rowspan=2>甲<td>9<tr><td>15<td>3"), "\t\n15\t3", &["甲", "9"]),
        (format!("<tr><td>行政许可<td>3<tbody {line}><tr><td>行政处罚<td>9"), "行政许可\t3\n\t", &["行政处罚", "9"]),
    ] {
        let document = read(format!("<table>{page}</table>").as_bytes()).unwrap();
        assert_eq!(document.blocks[0].text(), text, "{page}");
        assert!(document.notes.iter().all(|note| note.kind == NoteKind::Struck));
        assert_eq!(document.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), notes);
    }
}

/// An article whose text stands in a layout table is found all the same.
#[test]
fn layout_tables_are_dissolved() {
    let page = "<table><tr><td><table><tr><td>索引号<td>001</table></td></tr><tr><td><p>一、总体情况</p><p>正文。</p>\
        <table><tr><td>规章<td>1<td>2<td>3</tr><tr><td>规范性文件<td>4<td>5<td>6</table></td></tr></table>";
    assert_eq!(texts(page), ["索引号\t001", "一、总体情况", "正文。", "规章\t1\t2\t3\n规范性文件\t4\t5\t6"]);
}

/// What would make the parser run away is refused at once.
#[test]
fn hostile_pages_are_refused() {
    let too_large = |page: &str, expected: Measure| match read(page.as_bytes()).unwrap_err() {
        Fault::TooLarge { what, .. } => assert_eq!(what, expected),
        other => panic!("{other:?}"),
    };
    too_large(&"<div>".repeat(1_000_000), Measure::Depth);
    too_large(&"<br>".repeat(1_000_000), Measure::Elements);
    too_large(&format!("{}{}", "<b x=1>".repeat(200), "<p>x".repeat(100_000)), Measure::Elements);
    too_large(&format!("<table><tr>{}</table>", "<td>1".repeat(10_000)), Measure::Columns);
    assert!(read(b"<table><tr><td colspan=1000000>1<td rowspan=99999999999>2</table>").is_ok());
}
