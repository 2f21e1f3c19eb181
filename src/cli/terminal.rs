//! Where commands speak: results to standard output, progress and complaints to standard error.

use std::io::{IsTerminal as _, Write as _};

use super::Global;
use crate::diagnostic::{Finding, TextStyle, print_text};
use crate::text::{Language, Source, Words};

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The reader's terminal.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    language: Language,
    colour: bool,
    quiet: bool,
    verbose: bool,
    interactive: bool,
}

impl Terminal {
    /// The terminal as the global options want it.
    pub fn new(global: &Global) -> Self {
        let auto = || std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && std::io::stdout().is_terminal();
        let colour = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => auto(),
        };
        Self {
            language: global.lang.unwrap_or_default(),
            colour,
            quiet: global.quiet,
            verbose: global.verbose > 0,
            interactive: std::io::stderr().is_terminal(),
        }
    }

    /// The reader's language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether somebody watches.
    pub fn is_interactive(&self) -> bool {
        self.interactive && !self.quiet
    }

    /// Whether more is to be said than usual.
    pub fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// A result: a line on standard output.
    pub fn line(&self, words: &Words) {
        self.text(words.in_language(self.language));
        self.text("\n");
    }

    /// A result in one text, as it is. A closed pipe (`| head`) is no error.
    pub fn text(&self, text: &str) {
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// News that `--quiet` leaves out: a line on standard output.
    pub fn news(&self, words: &Words) {
        if !self.quiet {
            self.line(words);
        }
    }

    /// Why a command could not run: a line on standard error.
    pub fn error(&self, words: &Words) {
        let label = if self.language == Language::Chinese { "错误" } else { "error" };
        let (start, end) = if self.colour { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
        let text = format!("{start}{label}{end}: {}\n", words.in_language(self.language));
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// What went otherwise than meant without stopping a command: a line on standard error, unless `--quiet` leaves it out.
    pub fn warning(&self, words: &Words) {
        if self.quiet {
            return;
        }
        let label = if self.language == Language::Chinese { "警告" } else { "warning" };
        let (start, end) = if self.colour { ("\u{1b}[1;33m", "\u{1b}[0m") } else { ("", "") };
        let text = format!("{start}{label}{end}: {}\n", words.in_language(self.language));
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// What to do about an error: a line on standard error below it.
    pub fn error_hint(&self, words: &Words) {
        let label = if self.language == Language::Chinese { "建议" } else { "hint" };
        let _ = std::io::stderr().lock().write_all(format!("  {label}: {}\n", words.in_language(self.language)).as_bytes());
    }

    /// A finding with its source line, on standard output.
    pub fn show_finding(&self, finding: &Finding, source: Option<&Source>) {
        let style = TextStyle { colour: self.colour, language: self.language };
        self.text(&print_text(finding, source, style));
        self.text("\n\n");
    }

    /// A finding for which a command could not run, on standard error: standard output may be data.
    pub fn show_trouble(&self, finding: &Finding, source: Option<&Source>) {
        let style = TextStyle { colour: self.colour, language: self.language };
        let text = print_text(finding, source, style) + "\n\n";
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}
