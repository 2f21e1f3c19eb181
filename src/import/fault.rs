//! Why a file could not be read at all: one clear message each, and what to do next.

use crate::text::{Words, words};

/// The formats that `import` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Word 2007 and later, WPS, LibreOffice: a zip of XML.
    Docx,
    /// Word 97 to 2003, and WPS's own format: a compound file.
    Doc,
    /// Rich text.
    Rtf,
    /// OpenDocument text.
    Odt,
    /// A web page.
    Html,
    /// A PDF.
    Pdf,
    /// Excel 2007 and later.
    Xlsx,
    /// Excel 97 to 2003.
    Xls,
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// Comma- or tab-separated values.
    Csv,
}

impl Format {
    /// The format's name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docx => "Word (.docx)",
            Self::Doc => "Word 97 / WPS (.doc, .wps)",
            Self::Rtf => "RTF",
            Self::Odt => "OpenDocument (.odt)",
            Self::Html => "HTML",
            Self::Pdf => "PDF",
            Self::Xlsx => "Excel (.xlsx)",
            Self::Xls => "Excel 97 (.xls)",
            Self::Text => "text",
            Self::Markdown => "Markdown",
            Self::Csv => "CSV",
        }
    }
}

/// A quantity that is capped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Bytes of the file.
    FileBytes,
    /// Bytes after unpacking.
    UnpackedBytes,
    /// Columns of one table.
    Columns,
    /// Cells of one table.
    Cells,
    /// Elements inside one another.
    Depth,
    /// Elements in all.
    Elements,
    /// Pages.
    Pages,
    /// Bytes of memory.
    Memory,
}

impl Measure {
    fn words(self) -> Words {
        let (zh, en) = match self {
            Self::FileBytes => ("文件大小", "file size"),
            Self::UnpackedBytes => ("解压后大小", "size after unpacking"),
            Self::Columns => ("一个表格的列数", "columns of one table"),
            Self::Cells => ("一个表格的单元格数", "cells of one table"),
            Self::Depth => ("嵌套层数", "levels of nesting"),
            Self::Elements => ("元素个数", "elements"),
            Self::Pages => ("页数", "pages"),
            Self::Memory => ("读取所需内存", "memory to read it"),
        };
        Words::new(zh, en)
    }
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The file is empty, or has nothing but white space.
    Empty,
    /// The content is of no known format.
    Unrecognised,
    /// A password is needed.
    Encrypted(Format),
    /// The file is cut short or damaged.
    Damaged {
        /// What it claims to be.
        format: Format,
        /// What the reader saw.
        detail: String,
    },
    /// A PDF of pictures.
    NoTextLayer {
        /// Its pages.
        pages: usize,
    },
    /// A cap was reached.
    TooLarge {
        /// Of what there was too much.
        what: Measure,
        /// The cap.
        limit: u64,
    },
    /// The format needs LibreOffice.
    NeedsOffice(Format),
    /// LibreOffice was asked and failed.
    OfficeFailed(String),
    /// Reading took too long.
    TimedOut {
        /// The limit in seconds.
        seconds: u64,
    },
    /// The file could not be opened.
    Unopened(String),
    /// The reader itself broke down.
    Crashed,
}

impl Fault {
    /// A damaged file.
    pub(crate) fn damaged(format: Format, detail: impl std::fmt::Display) -> Self {
        Self::Damaged { format, detail: detail.to_string() }
    }

    /// What happened, in one sentence.
    pub fn message(&self) -> Words {
        match self {
            Self::Empty => Words::new("文件是空的", "the file is empty"),
            Self::Unrecognised => Words::new("无法识别文件内容的格式", "the content is of no format that can be imported"),
            Self::Encrypted(format) => {
                let name = format.name();
                words!("{name} 文件已加密", "the {name} file is encrypted")
            }
            Self::Damaged { format, detail } => {
                let name = format.name();
                words!("{name} 文件不完整或已损坏（{detail}）", "the {name} file is cut short or damaged ({detail})")
            }
            Self::NoTextLayer { pages } => {
                words!("PDF 共 {pages} 页，没有文字层，是扫描件", "the PDF has {pages} pages and no text: it is a scan")
            }
            Self::TooLarge { what, limit } => too_large(*what, *limit),
            Self::NeedsOffice(format) => {
                let name = format.name();
                words!("{name} 格式需要 LibreOffice 转换，但没有找到 soffice", "{name} needs LibreOffice, and no soffice was found")
            }
            Self::OfficeFailed(detail) => words!("LibreOffice 转换失败：{detail}", "LibreOffice could not convert it: {detail}"),
            Self::TimedOut { seconds } => words!("读取超过 {seconds} 秒，已放弃", "reading took longer than {seconds} s and was given up"),
            Self::Crashed => Words::new("读取时程序出错", "the reader broke down"),
            Self::Unopened(detail) => words!("无法打开文件：{detail}", "the file cannot be opened: {detail}"),
        }
    }

    /// What the user can do next.
    pub fn hint(&self) -> Words {
        let (zh, en) = match self {
            Self::Empty | Self::Unopened(_) => ("请检查文件后重试", "check the file and try again"),
            Self::Unrecognised => (
                "可导入：docx、doc、wps、rtf、odt、html、pdf、xlsx、xls、csv、txt、md",
                "these can be imported: docx, doc, wps, rtf, odt, html, pdf, xlsx, xls, csv, txt, md",
            ),
            Self::Crashed => ("请把这个文件报告给 gongkai 的开发者", "please report this file to the makers of gongkai"),
            Self::Encrypted(_) => ("请去掉密码后另存，再导入", "save it without the password, then import it"),
            Self::Damaged { .. } => {
                ("请用原来的软件打开并另存一份，或重新下载", "open and save it again in its own program, or download it again")
            }
            Self::NoTextLayer { .. } => {
                ("请先做文字识别（OCR），或找 Word、网页版本导入", "run text recognition (OCR) first, or import the Word or web version")
            }
            Self::TooLarge { .. } | Self::TimedOut { .. } => {
                ("这不像一份年度报告；请只导入报告本身", "this does not look like an annual report; import the report alone")
            }
            Self::NeedsOffice(_) => (
                "请安装 LibreOffice（Debian/Ubuntu：apt-get install libreoffice-writer），或另存为 docx 后导入",
                "install LibreOffice (Debian/Ubuntu: apt-get install libreoffice-writer), or save it as docx first",
            ),
            Self::OfficeFailed(_) => ("请在 Word 或 WPS 中另存为 docx 后导入", "save it as docx in Word or WPS, then import that"),
        };
        Words::new(zh, en)
    }
}

fn too_large(what: Measure, limit: u64) -> Words {
    let Words { zh, en } = what.words();
    if matches!(what, Measure::FileBytes | Measure::UnpackedBytes | Measure::Memory) {
        let megabytes = limit >> 20;
        return words!("{zh}超过上限 {megabytes} MB", "{en} above the limit of {megabytes} MB");
    }
    words!("{zh}超过上限 {limit}", "more than {limit} {en}")
}
