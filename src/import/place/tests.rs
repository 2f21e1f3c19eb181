//! Tables as offices fill them in, in small.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::import::fault::Format;
use crate::import::read;

const HEAD: &str = "<tr><td rowspan=3><td colspan=7>申请人情况<tr><td rowspan=2>自然人<td colspan=5>法人或其他组织<td rowspan=2>总计\
    <tr><td>商业企业<td>科研机构<td>社会公益组织<td>法律服务机构<td>其他";

fn placed(html: &str) -> Placed {
    let document = read(html.as_bytes(), Format::Html).unwrap();
    place(&document.blocks, &Forms::builtin(), None, Some(2021))
}

/// The cells of a row of the form, as they would be printed, and why each is in doubt.
fn row(placed: &Placed, table: &str, key: &str) -> (String, Vec<String>) {
    let form = &placed.form;
    let at = form.tables.iter().position(|of| of.key == table).unwrap();
    let row = form.tables[at].rows.iter().position(|row| row.key == key).unwrap();
    let ids = table::cells_of(form, at, row);
    let show = |id: &CellId| match &placed.cells[id.index()] {
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.to_string(),
        Cell::NotApplicable => "/".to_owned(),
        Cell::Blank | Cell::Absent => "-".to_owned(),
    };
    let doubts = placed.doubts.iter().filter(|doubt| doubt.cells.iter().any(|cell| ids.contains(cell)));
    (ids.iter().map(show).collect::<Vec<_>>().join(" "), doubts.map(|doubt| doubt.reason.zh.clone()).collect())
}

/// One cell with words in it does not take the other six of its row along, nor its own words.
#[test]
fn words_in_a_cell_leave_the_row_its_figures() {
    let page = format!(
        "<table>{HEAD}<tr><td>一、本年新收政府信息公开申请数量<td>5（含上年结转1件）<td>1<td>0<td>0<td>0<td>0<td>6\
         <tr><td>二、上年结转政府信息公开申请数量<td>0<td>0<td>.5<td>待填<td>0<td>0<td>0</table>"
    );
    let placed = placed(&page);
    let (figures, doubts) = row(&placed, "applications", "received");
    assert_eq!(figures, "5（含上年结转1件） 1 0 0 0 0 6");
    assert_eq!(doubts, ["“5（含上年结转1件）”里不只有数字，照录"]);
    let (figures, doubts) = row(&placed, "applications", "carried_in");
    assert_eq!(figures, "0 0 .5 待填 0 0 0");
    assert_eq!(doubts, ["“.5”不是数字，照录", "“待填”不是数字，照录"]);
    assert!(placed.unplaced.is_empty());
}

/// The same in a sheet, where every row is as wide as the widest table.
#[test]
fn words_in_a_cell_of_a_wide_sheet_leave_the_row_its_figures() {
    let wide = |row: &str| format!("<tr>{row}{}", "<td>".repeat(5));
    let page = format!(
        "<table>{HEAD}{}{}</table>",
        wide("<td>一、本年新收政府信息公开申请数量<td>#REF!<td>1<td>0<td>0<td>0<td>0<td>6"),
        wide("<td>二、上年结转政府信息公开申请数量<td>0<td>0<td>0<td>0<td>0<td>0<td>0")
    );
    assert_eq!(row(&placed(&page), "applications", "received").0, "#REF! 1 0 0 0 0 6");
}

/// The same in a row of one figure, and in the one line of table 四, where fifteen cells were lost.
#[test]
fn words_in_a_cell_leave_the_other_tables_their_figures() {
    let five = "<td>结果维持<td>结果纠正<td>其他结果<td>尚未审结<td>总计";
    let page = format!(
        "<table><tr><td>信息内容<td>本年处理决定数量<tr><td>行政许可<td>约5<tr><td>行政处罚<td>7</table>\
         <table><tr><td colspan=5>行政复议<td colspan=10>行政诉讼<tr>{}<td colspan=5>未经复议直接起诉<td colspan=5>复议后起诉\
         <tr>{five}{five}<tr><td>1<td>0<td>0<td>0<td>1（注）{}</table>",
        five.replace("<td>", "<td rowspan=2>"),
        "<td>0".repeat(10)
    );
    let placed = placed(&page);
    assert_eq!(row(&placed, "proactive", "licensing"), ("约5".into(), vec!["“约5”不是数字，照录".into()]));
    assert_eq!(row(&placed, "proactive", "penalties").0, "7");
    assert_eq!(row(&placed, "disputes", "review").0, "1 0 0 0 1（注）");
    assert_eq!(row(&placed, "disputes", "litigation_direct"), ("0 0 0 0 0".into(), Vec::new()));
}

/// 总计 left empty by the office: one line says so, and no row is said to have a sum that fails.
#[test]
fn a_column_left_empty_is_said_once() {
    let figures = |first: u32| format!("<td>{first}{}<td>", "<td>0".repeat(5));
    let page = format!(
        "<table>{HEAD}<tr><td>一、本年新收政府信息公开申请数量{}<tr><td>二、上年结转政府信息公开申请数量{}\
         <tr><td rowspan=2>三、本年度办理结果<td>（一）予以公开{}<tr><td>（七）总计{}<tr><td>四、结转下年度继续办理{}</table>",
        figures(5),
        figures(0),
        figures(5),
        figures(5),
        figures(0)
    );
    let placed = placed(&page);
    let (received, doubts) = row(&placed, "applications", "received");
    assert_eq!((received.as_str(), doubts), ("5 0 0 0 0 0 -", vec!["“总计”列一格也没有填；请与原件核对有无错位".to_owned()]));
    let of_table = placed.doubts.iter().filter(|doubt| doubt.spot.table == 1).count();
    assert_eq!(of_table, 1, "{:?}", placed.doubts);
}

/// A header that gives the unit as yuan is the column's header: 251000 yuan are not 251000 万元.
#[test]
fn a_header_with_another_unit_is_known() {
    let placed = placed(
        "<table><tr><td>信息内容<td>本年新制作数量<td>本年新公开数量<td>对外公开总数量<tr><td>规章<td>0<td>0<td>0\
         <tr><td>信息内容<td>采购项目数量<td>采购总金额（元）<tr><td>政府集中采购<td>2<td>251000</table>",
    );
    assert_eq!(placed.form.key, "cn-2019");
    assert_eq!(row(&placed, "proactive", "procurement"), ("2 25.1".into(), Vec::new()));
    let placed = self::placed(
        "<table><tr><td>信息内容<td>本年处理决定数量<tr><td>行政处罚<td>7<tr><td>行政强制<td>0\
         <tr><td>信息内容<td>本年收费金额（单位：元）<tr><td>行政事业性收费<td>125000</table>",
    );
    assert_eq!(placed.form.key, "cn-2021");
    assert_eq!(row(&placed, "proactive", "fees"), ("12.5".into(), Vec::new()));
    assert!(placed.unplaced.is_empty(), "{:?}", placed.unplaced);
}

/// Columns in another order than the form's are placed by their headers, and that is said.
#[test]
fn columns_in_another_order_are_placed_by_their_headers() {
    let head = HEAD.replace("<td>商业企业<td>科研机构", "<td>科研机构<td>商业企业");
    let placed = placed(&format!("<table>{head}<tr><td>一、本年新收政府信息公开申请数量<td>1<td>2<td>3<td>4<td>5<td>6<td>21</table>"));
    let (received, doubts) = row(&placed, "applications", "received");
    assert_eq!(received, "1 3 2 4 5 6 21");
    assert!(doubts[0].contains("次序与格式不同"), "{doubts:?}");
}

/// A column of the office's own behind the last one leaves the row its figures; a column that was left out
/// leaves the others theirs.
#[test]
fn columns_too_many_or_too_few_are_placed_by_their_headers() {
    let head = HEAD.replace("<td rowspan=2>总计", "<td rowspan=2>总计<td rowspan=2>上年");
    let placed = placed(&format!("<table>{head}<tr><td>一、本年新收政府信息公开申请数量<td>1<td>2<td>3<td>4<td>5<td>6<td>21<td>9</table>"));
    let (received, doubts) = row(&placed, "applications", "received");
    assert_eq!((received.as_str(), doubts.len()), ("1 2 3 4 5 6 21", 1));
    assert!(doubts[0].contains("多出 1 格") && doubts[0].ends_with("：9"), "{doubts:?}");

    let head = HEAD.replace("<td>法律服务机构", "").replace("colspan=5", "colspan=4").replace("colspan=7", "colspan=6");
    let placed = self::placed(&format!("<table>{head}<tr><td>一、本年新收政府信息公开申请数量<td>1<td>2<td>3<td>4<td>6<td>16</table>"));
    let (received, doubts) = row(&placed, "applications", "received");
    assert_eq!((received.as_str(), doubts[0].as_str()), ("1 2 3 4 - 6 16", "这一行少了 1 格，按列标题的位置放置"));
}

/// The same where there are only lines of text.
#[test]
fn a_header_with_another_unit_is_known_in_text() {
    let text = "二、主动公开政府信息情况\n\n第二十条第（一）项\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n\
        行政规范性文件\t1\t0\t5\n第二十条第（五）项\n信息内容\t本年处理决定数量\n行政许可\t7\n第二十条第（六）项\n信息内容\t本年处理决定数量\n\
        行政处罚\t8\n行政强制\t0\n第二十条第（八）项\n信息内容\t本年收费金额（单位：元）\n行政事业性收费\t5000\n";
    for text in [text.to_owned(), text.replace('\t', "   ")] {
        let document = read(text.as_bytes(), Format::Text).unwrap();
        let placed = place(&document.blocks, &Forms::builtin(), None, Some(2021));
        assert_eq!(row(&placed, "proactive", "fees"), ("0.5".into(), Vec::new()));
    }
}

/// The unit of money in a header line is that of the amounts: the projects beside them stay a count.
#[test]
fn a_unit_of_money_is_no_unit_of_the_count_beside_it() {
    let text = "二、主动公开政府信息情况\n第二十条第（一）项\n信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量\n规章\t0\t0\t0\n\
        规范性文件\t1\t1\t5\n第二十条第（五）项\n信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政许可\t7\t0\t3\n\
        其他对外管理服务事项\t7\t0\t3\n第二十条第（六）项\n信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政处罚\t8\t0\t1\n\
        行政强制\t0\t0\t0\n第二十条第（八）项\n信息内容\t上一年项目数量\t本年增/减\n行政事业性收费\t5\t0\n第二十条第（九）项\n";
    for (head, figures, expected) in [
        ("信息内容\t采购项目数量\t采购总金额（万元）", "15\t127.082", "15 127.082"),
        ("信息内容\t采购项目数量（个）\t采购总金额（元）", "15\t251000", "15 25.1"),
        ("信息内容（单位：元）\t采购项目数量\t采购总金额（万元）", "15\t127.082", "15 127.082"),
    ] {
        for gap in ["\t", "   "] {
            let text = format!("{text}{head}\n政府集中采购\t{figures}\n").replace('\t', gap);
            let document = read(text.as_bytes(), Format::Text).unwrap();
            let placed = place(&document.blocks, &Forms::builtin(), None, Some(2020));
            assert_eq!(row(&placed, "proactive", "procurement"), (expected.to_owned(), Vec::new()), "{head}");
        }
    }
}

/// In a grid the count may stand below a header of its own that names money too.
#[test]
fn a_count_below_a_header_that_names_money_is_a_count() {
    let placed = placed(
        "<table><tr><td>信息内容<td>本年新制作数量<td>本年新公开数量<td>对外公开总数量<tr><td>规章<td>0<td>0<td>0\
         <tr><td>信息内容<td>采购项目数量（万元）<td>采购总金额（万元）<tr><td>政府集中采购<td>2<td>25.1</table>",
    );
    assert_eq!(row(&placed, "proactive", "procurement"), ("2 25.1".into(), Vec::new()));
}

/// Two rows that changed places are both read, the one that is out of order with a doubt.
#[test]
fn a_row_out_of_order_is_placed_by_its_label() {
    let figures = |first: u32| format!("<td>{first}{}<td>{first}", "<td>0".repeat(5));
    let page = format!(
        "<table>{HEAD}<tr><td>二、上年结转政府信息公开申请数量{}<tr><td>一、本年新收政府信息公开申请数量{}\
         <tr><td rowspan=2>三、本年度办理结果<td>（一）予以公开{}<tr><td>（七）总计{}<tr><td>四、结转下年度继续办理{}</table>",
        figures(1),
        figures(5),
        figures(6),
        figures(6),
        figures(0)
    );
    let placed = placed(&page);
    assert_eq!(row(&placed, "applications", "received").0, "5 0 0 0 0 0 5");
    let (carried_in, doubts) = row(&placed, "applications", "carried_in");
    assert_eq!((carried_in.as_str(), doubts), ("1 0 0 0 0 0 1", vec!["这一行的次序与格式不同，按标签填入".to_owned()]));
}

/// A web page whose header rows span other columns than the figures: the grid says nothing, and no figure is
/// placed by it.
#[test]
fn a_header_with_wrong_spans_places_nothing() {
    let head = "<tr><td rowspan=3><td colspan=7>申请人情况<td>备注<tr><td rowspan=2>自然人<td>法人或其他组织<td rowspan=2>总计<td colspan=5>\
        <tr><td>商业企业<td>科研机构<td>社会公益组织<td>法律服务机构<td>其他";
    let placed = placed(&format!("<table>{head}<tr><td>一、本年新收政府信息公开申请数量<td>1<td>2<td>3<td>4<td>5<td>6<td>21<td>9</table>"));
    let (received, doubts) = row(&placed, "applications", "received");
    assert_eq!(received, "- - - - - - -");
    assert!(doubts[0].contains("无法对应，未填（原文：1、2、3、4、5、6、21、9）"), "{doubts:?}");
}

/// A table of an office's own that has two of the form's rows, but other columns: no doubt is about no cell.
#[test]
fn every_doubt_is_about_cells() {
    let placed = placed(
        "<table><tr><td>项目<td>2020年<td>2021年<td>增减<tr><td>行政许可<td>1<td>2<td>+1<tr><td>行政处罚<td>5<td>3<td>-2</table>\
         <table><tr><td>信息内容<td>本年收费金额（单位：万元）<tr><td>行政事业性收费<td>0</table>",
    );
    assert!(placed.doubts.iter().all(|doubt| !doubt.cells.is_empty()), "{:?}", placed.doubts);
}

/// A stub before the one line of table 四, with a word of the office's own or without, is no figure.
#[test]
fn a_stub_before_the_line_of_figures_is_passed_over() {
    let five = "<td>结果维持<td>结果纠正<td>其他结果<td>尚未审结<td>总计";
    for stub in ["件数", ""] {
        let page = format!(
            "<table><tr><td rowspan=3><td colspan=5>行政复议<td colspan=10>行政诉讼<tr>{}<td colspan=5>未经复议直接起诉<td colspan=5>复议后起诉\
             <tr>{five}{five}<tr><td>{stub}<td>1<td>0<td>0<td>0<td>1{}</table>",
            five.replace("<td>", "<td rowspan=2>"),
            "<td>0".repeat(10)
        );
        assert_eq!(row(&placed(&page), "disputes", "review"), ("1 0 0 0 1".into(), Vec::new()), "{stub:?}");
    }
}

/// Table 四 in one table a group: the heading of the next is no label of the row above, though that begins with a
/// blank, and each group keeps its own figures.
#[test]
fn a_heading_is_no_label_of_the_row_above() {
    let five = "<td>结果维持<td>结果纠正<td>其他结果<td>尚未审结<td>总计";
    let table = |group: &str, line: &str| format!("<table><tr><td colspan=5>{group}<tr>{five}<tr>{line}</table>");
    for (line, review) in [("<td><td>1<td>0<td>2<td>3", "- 1 0 2 3"), ("<td>1<td>0<td>2<td>3<td>", "1 0 2 3 -")] {
        let placed = placed(
            &[
                table("行政复议", line),
                table("未经复议直接起诉", "<td>0<td>0<td>2<td>0<td>2"),
                table("复议后起诉", "<td>0<td>0<td>0<td>4<td>4"),
            ]
            .concat(),
        );
        assert_eq!(row(&placed, "disputes", "review").0, review);
        assert_eq!(row(&placed, "disputes", "litigation_direct").0, "0 0 2 0 2");
        assert_eq!(row(&placed, "disputes", "litigation_after_review").0, "0 0 0 4 4");
    }
}

/// A page break between the figures of a row and its label: they are one row.
#[test]
fn a_label_below_a_page_break_is_that_of_the_figures_above() {
    let zeros = "<td>0".repeat(7);
    let page = format!(
        "<table>{HEAD}<tr><td>一、本年新收政府信息公开申请数量{zeros}<tr><td><td>1<td>0<td>0<td>0<td>0<td>0<td>1</table>\
         <table><tr><td>二、上年结转政府信息公开申请数量{}<tr><td>四、结转下年度继续办理{zeros}</table>",
        "<td>".repeat(7)
    );
    assert_eq!(row(&placed(&page), "applications", "carried_in"), ("1 0 0 0 0 0 1".into(), Vec::new()));
}

/// A blank cell between the label and the figures, which the header lacks, shifts no figure and loses no total; a
/// remark behind a blank figure is no figure.
#[test]
fn a_blank_before_the_figures_shifts_none() {
    let label = "<tr><td>一、本年新收政府信息公开申请数量";
    let placed = placed(&format!("<table>{HEAD}{label}<td><td>1<td>2<td>3<td>4<td>5<td>6<td>21</table>"));
    assert_eq!(row(&placed, "applications", "received"), ("1 2 3 4 5 6 21".into(), Vec::new()));

    let head = HEAD.replace("<td colspan=7>申请人情况", "<td colspan=7>申请人情况<td rowspan=3>备注");
    for cells in ["<td><td>1<td>2<td>3<td>4<td>5<td>15<td>9", "<td><td>1<td>2<td>3<td>4<td>5<td>6<td>21<td>"] {
        let placed = self::placed(&format!("<table>{head}{label}{cells}</table>"));
        let (received, doubts) = row(&placed, "applications", "received");
        assert_eq!(received, "- - - - - - -", "{cells}");
        assert!(doubts[0].contains("无法对应，未填"), "{doubts:?}");
    }
    let placed = self::placed(&format!("<table>{head}{label}<td>1<td>2<td>3<td>4<td>5<td>6<td>21<td>9</table>"));
    assert_eq!(row(&placed, "applications", "received").0, "1 2 3 4 5 6 21");
}

/// A row out of order whose label two rows of the form have fills neither of them: it stands once in the document.
#[test]
fn a_row_out_of_order_fills_one_row_of_the_form_at_most() {
    let placed = placed(
        "<table><tr><td>统计指标<td>单位<td>统计数<tr><td>四、行政复议数量<td>件<td>48<tr><td>（一）维持具体行政行为数<td>件<td>49\
         <tr><td>（三）其他情形数<td>件<td>50<tr><td>五、行政诉讼数量<td>件<td>51\
         <tr><td>（一）维持具体行政行为或者驳回原告诉讼请求数<td>件<td>52<tr><td>（三）其他情形数<td>件<td>53\
         <tr><td>六、举报投诉数量<td>件<td>54<tr><td>（二）被依法纠错数<td>件<td>777</table>",
    );
    assert_eq!(placed.form.key, "cn-2014");
    let figures: Vec<String> = placed.cells.iter().filter_map(Cell::number).map(|number| number.to_string()).collect();
    assert_eq!(figures, ["48", "49", "50", "51", "52", "53", "54"]);
    assert!(placed.doubts.iter().filter(|doubt| doubt.reason.zh.contains("被依法纠错数")).count() >= 2, "{:?}", placed.doubts);
    assert!(placed.unplaced.iter().any(|(_, text)| text.contains("777")), "{:?}", placed.unplaced);
}

/// A blank figure at the head of the line of table 四 is no stub, whatever stands behind the line; and no stub is a
/// figure where a figure is missing.
#[test]
fn the_first_figure_of_a_line_is_no_stub() {
    let five = "<td>结果维持<td>结果纠正<td>其他结果<td>尚未审结<td>总计";
    let page = |stub: &str, line: &str, remark: &str| {
        format!(
            "<table><tr>{stub}<td colspan=5>行政复议<td colspan=10>行政诉讼{remark}<tr>{}<td colspan=5>未经复议直接起诉\
             <td colspan=5>复议后起诉<tr>{five}{five}<tr>{line}</table>",
            five.replace("<td>", "<td rowspan=2>")
        )
    };
    let zeros = |count: usize| "<td>0".repeat(count);
    let of = |page: &str| row(&placed(page), "disputes", "litigation_after_review").0;
    let (stub, remark) = ("<td rowspan=3>", "<td rowspan=3>备注");
    for page in [
        page("", &format!("<td>{}<td>无", zeros(14)), remark),
        page("", &format!("<td>{}<td>3", zeros(14)), ""),
        page(stub, &format!("<td>件数{}", zeros(14)), ""),
    ] {
        assert_eq!(of(&page), "- - - - -", "{page}");
    }
    assert_eq!(of(&page(stub, &format!("<td>{}<td>7<td>", zeros(13)), "")), "0 0 0 7 -");
    assert_eq!(of(&page(stub, &format!("<td>件数{}<td>7", zeros(14)), "")), "0 0 0 0 7");
}

/// A column that goes by another name is no column of the office's own: a row of a wide sheet keeps its figures.
#[test]
fn a_renamed_column_of_a_wide_sheet_keeps_its_figures() {
    for (name, other) in [("法律服务机构", "律师事务所"), ("总计", "全部")] {
        let head = HEAD.replace(name, other);
        let figures = "<td>1<td>2<td>3<td>4<td>5<td>6<td>21<td><td>";
        let placed = placed(&format!("<table>{head}<tr><td>一、本年新收政府信息公开申请数量{figures}</table>"));
        assert_eq!(row(&placed, "applications", "received").0, "1 2 3 4 5 6 21", "{other}");
    }
}

/// Table 四 in one table a group, of which the first cannot be read: the others are not taken for it.
#[test]
fn a_group_that_cannot_be_read_is_not_filled_by_the_next() {
    let five = "<td>结果维持<td>结果纠正<td>其他结果<td>尚未审结<td>总计";
    let table = |group: &str, line: &str| format!("<table><tr><td colspan=5>{group}<tr>{five}<tr>{line}</table>");
    let direct = table("未经复议直接起诉", "<td>0<td>0<td>2<td>0<td>2");
    let after = table("复议后起诉", "<td>0<td>0<td>0<td>4<td>4");
    for line in ["<td>约1<td>0<td>0<td>2<td>3", "<td>1<td>0<td>0<td>2<td>3<td>9"] {
        let placed = placed(&format!("{}{direct}{after}", table("行政复议", line)));
        assert_eq!(row(&placed, "disputes", "review"), ("- - - - -".into(), vec!["没有找到“行政复议”，留空".to_owned()]));
        assert_eq!(row(&placed, "disputes", "litigation_direct").0, "0 0 2 0 2");
        assert_eq!(row(&placed, "disputes", "litigation_after_review").0, "0 0 0 4 4");
    }
}

/// The same where the table below has its stub in three columns: the label stands before the figures, not at a blank
/// among them.
#[test]
fn a_label_below_a_page_break_stands_before_the_figures() {
    let page = format!(
        "<table>{}<tr><td colspan=3><td>1<td><td>0<td>0<td>0<td>0<td>1</table>\
         <table><tr><td><td><td>一、本年新收政府信息公开申请数量{}</table>",
        HEAD.replace("<td rowspan=3>", "<td rowspan=3 colspan=3>"),
        "<td>".repeat(7)
    );
    assert_eq!(row(&placed(&page), "applications", "received").0, "1 - 0 0 0 0 1");
}

/// The column header 其他 of a wide sheet is not the row 其他 that the sheet lacks.
#[test]
fn a_column_header_is_no_row_out_of_order() {
    let label = "<tr><td>一、本年新收政府信息公开申请数量";
    let head = HEAD.replace("<td>其他", &format!("<td>其他{}", "<td>".repeat(9)));
    let placed = placed(&format!("<table>{head}{label}<td>1<td>2<td>3<td>4<td>5<td>6<td>21</table>"));
    assert_eq!(row(&placed, "applications", "received").0, "1 2 3 4 5 6 21");
    assert_eq!(row(&placed, "applications", "other.other").1, ["没有找到“3.其他”，留空"]);
}
