//! The program itself: what it says, which port it takes, how it ends.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::client::{Events, get};
use crate::common::TestSite;

/// A running program; it is ended when the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts `gongkai serve` and reads what it says until it serves; returns the address and all lines.
fn start(site: &TestSite, arguments: &[&str]) -> (Running, std::net::SocketAddr, Vec<String>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.args(["serve", "--root", site.root().to_str().unwrap()]).args(arguments).stdout(Stdio::piped());
    let mut running = Running(command.spawn().unwrap());
    let mut reader = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let mut lines = Vec::new();
    let address = loop {
        let line = reader.next().unwrap_or_else(|| panic!("it ended: {lines:?}")).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()?.parse().ok());
        lines.push(line);
        if let Some(address) = address {
            break address;
        }
    };
    // What it says later must not fill the pipe.
    std::thread::spawn(move || reader.count());
    (running, address, lines)
}

#[test]
fn a_busy_port_gets_the_next_free_one_and_says_so() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let site = TestSite::with_report();
    let (_running, address, lines) = start(&site, &["--port", &port.to_string()]);
    assert!(address.port() > port && address.ip().is_loopback());
    assert!(lines.iter().any(|line| line.contains(&format!("端口 {port} 被占用"))), "{lines:?}");
    assert_eq!(get(address, "/shili/2023/").status, 200);
}

/// Ctrl-C ends it at once, with browsers that wait for events.
#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_at_once() {
    let site = TestSite::with_report();
    let (mut running, address, _) = start(&site, &["--port", "0"]);
    let mut browsers: Vec<Events> = (0..5).map(|_| Events::of(address, "/", "")).collect();
    browsers.iter_mut().for_each(|events| drop(events.next("panel")));
    let start = Instant::now();
    Command::new("kill").args(["-INT", &running.0.id().to_string()]).status().unwrap();
    let status = running.0.wait().unwrap();
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(status.code(), Some(0));
}

#[test]
fn where_there_is_no_site_it_says_so_and_ends() {
    let directory = tempfile::tempdir().unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_gongkai")).args(["serve", "--root", directory.path().to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("不是年报库"), "{output:?}");
}
