//! `gongkai` (公开, "to disclose") turns a git repository of government information-disclosure annual
//! reports (政府信息公开工作年度报告) into a checked, indexed static website.
//!
//! ```text
//!  content/*.md ─┐                                        ┌─ build: every route, written
//!  site.toml ────┼─ load ─▶ Site ─▶ rules ─▶ findings      │
//!  themes/ ──────┤         (archive, config, theme)        ├─ render(&site, &route) ─▶ bytes
//!  forms/*.toml ─┘              ▲                          │
//!  Word, HTML, PDF ─ import ─▶ Report ─ print ─▶ .md       └─ serve: the one route asked for
//!                               │
//!                               └─ export ─▶ csv, json
//! ```
//!
//! # Floors
//!
//! A module uses only floors above it in this list; `tests/floors.rs` holds the order.
//!
//! | floor | holds |
//! |---|---|
//! | [`pack`] | values ⇄ bytes, for what a build remembers |
//! | [`text`] | source files, byte spans, line and column, display width, messages in two languages |
//! | [`number`] | exact decimals: reading "１，234.50", adding, printing |
//! | [`diagnostic`] | faults and findings; their printers |
//! | [`front_matter`] | `+++` split, TOML to spanned raw values; syntax only |
//! | [`form`] | the language of forms and the built-in editions |
//! | [`config`] | `site.toml` |
//! | [`report`] | one report: cells, sections; `read` and `print`, inverse to each other |
//! | [`archive`] | all agencies and reports, immutable; by agency, by year, as a tree, roll-ups |
//! | [`site`] | one read-only view of everything a page may speak of |
//! | [`rules`] | one rule a file: manual page, declaration, check; a slice of all rules |
//! | [`import`] | foreign files → neutral blocks and grids → placed on the form → a report |
//! | [`chart`] | figures → inline SVG with title, description and table |
//! | [`export`] | archive → bytes, one column list for all formats |
//! | [`pages`] | what pages exist (`Route` ⇄ path) and what each says, as plain serialisable structs |
//! | [`search`] | prose, titles and names → a static index of characters for browsers |
//! | [`theme`] | templates and assets in memory, pure filters |
//! | [`render`] | `(&Site, &Route) → bytes` |
//! | [`load`], [`write`], [`serve`], [`cli`] | the rim: the only reader, the only writer, the preview server, one file a command |
//!
//! The world is at the rim: only loading, writing, serving and the command line touch disk, network,
//! clock and environment. A page is a pure function of a [`site::Site`] and a route.
//!
//! [`write`]: mod@write

pub mod archive;
pub mod chart;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod export;
pub mod form;
pub mod front_matter;
pub mod import;
pub mod load;
pub mod number;
pub mod pack;
pub mod pages;
pub mod render;
pub mod report;
pub mod rules;
pub mod search;
pub mod serve;
pub mod site;
pub mod text;
pub mod theme;
pub mod write;
