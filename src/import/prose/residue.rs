//! What is taken out of the prose, so that nothing is left out in silence.

use crate::import::block::{Document, NoteKind, Place};
use crate::text::Words;

/// Why a text is not in the report's prose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResidueKind {
    /// The title: it is in the front matter, or follows from agency and year.
    Title,
    /// Who signed and when: the agency, and a date.
    Signature,
    /// What the page says of itself: index number, date, source.
    Metadata,
    /// Words of the page around the article: print, close, share, previous article.
    Furniture,
    /// A mark that a converter left: "[bookmark: _GoBack]".
    Mark,
    /// A hint of the blank form: "（文字描述）".
    Placeholder,
    /// A number of a head, put right.
    Numbering,
    /// A running head, foot or page number.
    RunningHead,
    /// Deleted in tracked changes.
    Deleted,
    /// A comment in the margin.
    Comment,
    /// Hidden text.
    Hidden,
    /// Text with a line through it.
    Struck,
    /// The name of a sheet, a table of contents.
    Label,
    /// A picture.
    Picture,
    /// A part that could not be read.
    Unread,
    /// Bytes that are no text.
    Undecodable,
    /// Words outside the report's sections.
    Outside,
    /// A row of a table that the form does not know.
    Row,
}

impl ResidueKind {
    /// For people.
    pub fn label(self) -> Words {
        let (zh, en) = match self {
            Self::Title => ("标题", "title"),
            Self::Signature => ("落款", "signature"),
            Self::Metadata => ("页面信息", "page data"),
            Self::Furniture => ("页面文字", "page furniture"),
            Self::Mark => ("转换残留", "converter's mark"),
            Self::Placeholder => ("模板提示", "hint of the form"),
            Self::Numbering => ("编号", "numbering"),
            Self::RunningHead => ("页眉页脚", "running head"),
            Self::Deleted => ("修订中删除", "deleted in tracked changes"),
            Self::Comment => ("批注", "comment"),
            Self::Hidden => ("隐藏文字", "hidden text"),
            Self::Struck => ("划掉的文字", "struck-out text"),
            Self::Label => ("目录、表名", "contents or sheet name"),
            Self::Picture => ("图片", "picture"),
            Self::Unread => ("未能读取", "could not be read"),
            Self::Undecodable => ("无法解码的字节", "undecodable bytes"),
            Self::Outside => ("各部分以外的文字", "text outside the sections"),
            Self::Row => ("表格中未识别的行", "unknown row of a table"),
        };
        Words::new(zh, en)
    }

    /// Whether a person has to look: content that may belong into the report was left out.
    pub fn is_doubtful(self) -> bool {
        matches!(self, Self::Picture | Self::Unread | Self::Undecodable | Self::Outside | Self::Row | Self::Hidden | Self::Struck)
    }

    /// A stable name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Signature => "signature",
            Self::Metadata => "metadata",
            Self::Furniture => "furniture",
            Self::Mark => "mark",
            Self::Placeholder => "placeholder",
            Self::Numbering => "numbering",
            Self::RunningHead => "running-head",
            Self::Deleted => "deleted",
            Self::Comment => "comment",
            Self::Hidden => "hidden",
            Self::Struck => "struck",
            Self::Label => "label",
            Self::Picture => "picture",
            Self::Unread => "unread",
            Self::Undecodable => "undecodable",
            Self::Outside => "outside",
            Self::Row => "row",
        }
    }
}

/// Something taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Residue {
    /// What it is.
    pub kind: ResidueKind,
    /// Its words, as they stood.
    pub text: String,
    /// Where it stood.
    pub place: Place,
}

impl Residue {
    /// A residue.
    pub(crate) fn new(kind: ResidueKind, text: impl Into<String>, place: Place) -> Self {
        Self { kind, text: text.into(), place }
    }
}

/// What the readers passed over.
pub(crate) fn of_reader(document: &Document) -> Vec<Residue> {
    let kind = |kind: NoteKind| match kind {
        NoteKind::Picture => ResidueKind::Picture,
        NoteKind::RunningHead => ResidueKind::RunningHead,
        NoteKind::Deleted => ResidueKind::Deleted,
        NoteKind::Comment => ResidueKind::Comment,
        NoteKind::Hidden => ResidueKind::Hidden,
        NoteKind::Struck => ResidueKind::Struck,
        NoteKind::Undecodable => ResidueKind::Undecodable,
        NoteKind::Unread => ResidueKind::Unread,
        NoteKind::Label => ResidueKind::Label,
    };
    document.notes.iter().map(|note| Residue::new(kind(note.kind), note.text.clone(), note.place)).collect()
}

/// Takes the marks of converters out of a text: "[bookmark: _GoBack]", "[image: 1.png]".
pub(crate) fn without_marks(text: &str, place: Place, residue: &mut Vec<Residue>) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, mark) = rest.split_at(at);
        clean.push_str(before);
        let end = mark.find(']').map(|end| end + 1).filter(|_| ["[bookmark:", "[image:"].iter().any(|known| mark.starts_with(known)));
        match end {
            Some(end) => {
                residue.push(Residue::new(ResidueKind::Mark, &mark[..end], place));
                rest = &mark[end..];
            }
            None => {
                clean.push('[');
                rest = &mark[1..];
            }
        }
    }
    clean.push_str(rest);
    clean
}

/// Whether a paragraph is nothing but a hint of the blank form.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let inside = text.strip_prefix(['（', '(']).and_then(|text| text.strip_suffix(['）', ')']));
    inside.is_some_and(|inside| ["文字描述", "文字叙述", "此处填写"].iter().any(|hint| inside.starts_with(hint)))
}

/// Words that portals set around an article.
pub(crate) fn is_furniture(text: &str) -> bool {
    const STARTS: [&str; 26] = [
        "上一篇",
        "下一篇",
        "上一条",
        "下一条",
        "扫一扫",
        "分享到",
        "打印",
        "【打印",
        "[打印",
        "关闭",
        "【关闭",
        "[关闭",
        "字号",
        "字体",
        "【字体",
        "[字体",
        "当前位置",
        "您所在的位置",
        "您现在的位置",
        "首页",
        "主办单位",
        "主办：",
        "版权所有",
        "网站标识码",
        "返回顶部",
        "收藏",
    ];
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let marks = ["左右滑动", "回到单元格", "查看单元格", "ICP备", "公网安备", "浏览次数", "阅读次数", "点击数", "访问量"];
    let buttons = matches!(plain.as_str(), "打印" | "关闭" | "打印关闭" | "大中小" | "无障碍" | "收藏" | "保存");
    let long = marks[1..3].iter().any(|mark| plain.contains(mark));
    (long || plain.chars().count() <= 60)
        && (buttons || STARTS.iter().any(|start| plain.starts_with(start)) || marks.iter().any(|mark| plain.contains(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_converters_are_taken_out_and_kept_on_the_list() {
        let mut residue = Vec::new();
        let clean = without_marks("[bookmark: _GoBack]坚持[1]依法", Place::Line(3), &mut residue);
        assert_eq!(clean, "坚持[1]依法");
        assert_eq!((residue[0].text.as_str(), residue[0].place), ("[bookmark: _GoBack]", Place::Line(3)));
    }

    #[test]
    fn hints_and_furniture_are_told_from_prose() {
        assert!(is_placeholder("（文字描述，收取信息处理费情况在此处报告。）"));
        assert!(!is_placeholder("（一）主动公开"));
        assert!(is_furniture("上一篇：示例县2019年年报") && is_furniture("【打印本页】 【关闭窗口】"));
        assert!(!is_furniture(
            "打印机房建设完成，全年维护设备二十台次，保障了政务公开平台的运行，群众反映良好，继续推进下一步工作，不断提高水平，力争上游，再创佳绩。"
        ));
    }
}
