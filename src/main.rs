//! The program: everything is in the library, so that tests and tools can use it.

use std::process::ExitCode;

/// Pages are made of many small strings on all cores; the system's allocator takes a third longer. Without
/// transparent huge pages it holds a third less memory in the same time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    gongkai::cli::run(std::env::args_os()).into()
}
