//! The prose of small documents.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

fn made(texts: &[&str]) -> Prose {
    let forms = Forms::builtin();
    let blocks = texts.iter().zip(1..).map(|(text, line)| Block::paragraph(*text, Place::Line(line))).collect();
    prose(blocks, forms.get("cn-2021").unwrap(), &forms)
}

fn residue(prose: &Prose) -> Vec<(ResidueKind, &str)> {
    prose.residue.iter().map(|residue| (residue.kind, residue.text.as_str())).collect()
}

/// Title over two lines, sub-heads, a converter's mark, a wrong notation of a number, a signature.
#[test]
fn a_report_is_taken_apart_and_nothing_is_lost() {
    let prose = made(&[
        "示例镇2023年政府信息公开工作",
        "年度报告",
        "一、总体情况",
        "(1） 主动公开",
        "[bookmark: _GoBack]全年公开三条。",
        "二、主动公开政府信息情况",
        "5、 存在的主要问题及改进情况",
        "更新不及时。",
        "六、其他需要报告的事项",
        "无",
        "示例镇人民政府",
        "2024年1月20日",
    ]);
    assert_eq!(prose.title.as_deref(), Some("示例镇2023年政府信息公开工作年度报告"));
    let body = "## 一、总体情况\n\n### （1）主动公开\n\n全年公开三条。\n\n## 二、主动公开政府信息情况\n\n## 五、存在的主要问题及改进情况\n\n更新不及时。\n\n## 六、其他需要报告的事项\n\n无\n";
    assert_eq!(prose.body, body);
    assert_eq!(prose.sections, [0, 1, 4, 5]);
    assert_eq!(
        (prose.signed_by.as_deref(), prose.signed_on.map(|d| d.to_string()).as_deref()),
        (Some("示例镇人民政府"), Some("2024-01-20"))
    );
    assert_eq!(
        residue(&prose),
        [
            (ResidueKind::Mark, "[bookmark: _GoBack]"),
            (ResidueKind::Title, "示例镇2023年政府信息公开工作年度报告"),
            (ResidueKind::Numbering, "5、存在的主要问题及改进情况"),
            (ResidueKind::Signature, "示例镇人民政府"),
            (ResidueKind::Signature, "2024年1月20日"),
        ]
    );
}

/// An introduction above section 一 is prose; page data and buttons are not.
#[test]
fn the_preface_is_kept_and_page_data_is_read() {
    let prose = made(&[
        "发布日期：2024-01-20 来源：示例镇 浏览次数：3",
        "示例镇2023年政府信息公开工作年度报告",
        "根据《条例》的规定，编制本报告。联系电话：0571-1234567。",
        "一、总体情况",
        "甲。",
        "六、其他需要报告的事项",
        "无。",
        "2024年1月19日",
        "【打印】【关闭】",
        "附件：统计表",
    ]);
    assert!(prose.body.starts_with("根据《条例》的规定，编制本报告。联系电话：0571-1234567。\n\n## 一、总体情况\n"));
    assert_eq!(prose.contact.as_deref(), Some("联系电话：0571-1234567"));
    assert_eq!(prose.pairs[0], (Key::Published, "2024-01-20".into()));
    assert!(residue(&prose).contains(&(ResidueKind::Outside, "附件：统计表")));
    assert!(residue(&prose).contains(&(ResidueKind::Furniture, "【打印】【关闭】")));
}

/// Without known sections everything is kept as it stands.
#[test]
fn unknown_texts_are_kept_whole() {
    let prose = made(&["概述", "甲。", "乙。"]);
    assert_eq!(prose.body, "概述\n\n甲。\n\n乙。\n");
}
