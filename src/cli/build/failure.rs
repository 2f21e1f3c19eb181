//! Why a site could not be written, and what to say of it.

use std::io;

use super::super::cannot_write;
use crate::render::RenderError;
use crate::text::{Words, reason};
use crate::theme::TemplateError;
use crate::words;
use crate::write::WriteError;

/// Why a site could not be written.
pub(super) enum Failure {
    Words(Words),
    Template(TemplateError),
    Read(String, io::Error),
    Write(WriteError),
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::Template(error) => Self::Template(error),
            RenderError::Read(path, error) => Self::Read(path, error),
        }
    }
}

impl Failure {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Words(words) => words.clone(),
            Self::Template(error) => template_words(error),
            Self::Read(path, error) => {
                let Words { zh, en } = reason(error);
                words!("读不了 {path}：{zh}", "cannot read {path}: {en}")
            }
            Self::Write(WriteError::Foreign(path)) => {
                let path = path.display();
                words!(
                    "{path} 里有不是 gongkai 生成的文件，不敢动它；请换一个 --output，或先清空",
                    "{path} holds files that gongkai did not make; choose another --output or empty it first"
                )
            }
            Self::Write(WriteError::Taken(path)) => {
                let path = path.display();
                words!(
                    "{path} 在这次生成期间已由另一次运行写好，这次的结果没有放进去；请再运行一次 gongkai build",
                    "{path} was made by another run while this one was at work; run `gongkai build` again"
                )
            }
            Self::Write(WriteError::Io(path, error)) => cannot_write(&path.display(), error),
        }
    }
}

fn template_words(error: &TemplateError) -> Words {
    let place = error.place();
    let line = error.source.as_ref().map(|line| format!("\n  {}", line.trim())).unwrap_or_default();
    let (zh, en) = (&error.message.zh, &error.message.en);
    words!("模板 {place}：{zh}{line}", "template {place}: {en}{line}")
}
