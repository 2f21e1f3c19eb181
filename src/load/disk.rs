//! A site's files on disk.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::site::Files;

/// The files below a directory.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The files below `root`.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.root.join(path))
    }
}
