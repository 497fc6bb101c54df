//! Two processes in two network namespaces find each other over a cable, also after it was pulled. This file is its own harness, because
//! it is both the test and the program in the namespaces.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use sync::facility::discovery::{Discovery, MULTICAST_PORT, Places, Salt};
use sync::facility::{BoxId, FacilityId};

const NAME: &str = "two_processes_find_each_other_over_a_cable_also_after_it_was_pulled";
const AS_A_BOX: &str = "--as-a-box";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match &words[..] {
        [as_a_box, own, other] if as_a_box == AS_A_BOX => nearby(own.parse().unwrap(), other.parse().unwrap()),
        [list, ..] if list == "--list" => println!("{NAME}: test"),
        words if words.iter().all(|word| word.starts_with('-') || NAME.contains(word.as_str())) => {
            two_processes_find_each_other_over_a_cable_also_after_it_was_pulled();
            println!("test {NAME} ... ok");
        }
        _ => {}
    }
}

fn id(n: u8) -> BoxId {
    BoxId::from_bytes([n; 16])
}

/// Announces one box and tells whether the other is heard, one line per change, until its standard input ends.
fn nearby(own: u8, other: u8) {
    std::thread::spawn(|| {
        std::io::stdin().read_to_end(&mut Vec::new()).ok();
        std::process::exit(0);
    });
    let facility = FacilityId::from_bytes([1; 16]);
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let mut discovery = Discovery::start(&Places { port: MULTICAST_PORT, interfaces: Vec::new() }).unwrap();
        discovery.announce(id(own), facility, Salt([own; 8]), 4000, false).unwrap();
        let mut seen = discovery.sightings();
        let mut told = None;
        loop {
            let heard = seen.borrow_and_update().of(facility, [id(other)]).contains_key(&id(other));
            if told.replace(heard) != Some(heard) {
                println!("heard: {heard}");
                std::io::stdout().flush().unwrap();
            }
            seen.changed().await.unwrap();
        }
    });
}

/// A user namespace with two network namespaces `a` and `b` and a cable between them.
struct Cable {
    shell: Child,
    say: ChildStdin,
    hear: BufReader<ChildStdout>,
}

impl Cable {
    fn lay() -> Cable {
        let mut shell = Command::new("timeout")
            .args(["180", "unshare", "--user", "--map-root-user", "--net", "--mount", "sh"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (say, hear) = (shell.stdin.take().unwrap(), BufReader::new(shell.stdout.take().unwrap()));
        let mut cable = Cable { shell, say, hear };
        cable.run("set -e; mount -t tmpfs none /run; ip netns add a; ip netns add b");
        cable.run("ip link add va netns a type veth peer name vb netns b");
        for (end, n) in [("a", 1), ("b", 2)] {
            cable.run(&format!("ip -n {end} link set lo up; ip -n {end} addr add 10.9.0.{n}/24 dev v{end}; ip -n {end} link set v{end} up"));
        }
        cable
    }

    fn tell(&mut self, line: &str) {
        writeln!(self.say, "{line}").unwrap();
        self.say.flush().unwrap();
    }

    fn run(&mut self, line: &str) {
        self.tell(line);
        self.tell("echo done");
        assert_eq!(self.line(), "done", "{line}");
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.hear.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// A box in namespace `end`; the lines of `b` are heard here, `a` is only there to be found.
    fn start(&mut self, end: &str, own: u8, other: u8, heard: &str) {
        let program = std::env::current_exe().unwrap().display().to_string();
        let ids = format!("{AS_A_BOX} {own} {other}");
        self.tell(&format!("mkfifo /run/{end}; ip netns exec {end} {program} {ids} < /run/{end} {heard} &"));
        // held open: the box ends when this end of it is closed, with the shell
        self.tell(&format!("exec {own}>/run/{end}"));
    }

    fn heard(&mut self, wanted: &str) {
        loop {
            let line = self.line();
            assert!(line.starts_with("heard:"), "the box ended: {line:?}");
            if line.trim_start_matches("heard: ") == wanted {
                return;
            }
        }
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.shell.kill().ok();
        self.shell.wait().ok();
    }
}

fn two_processes_find_each_other_over_a_cable_also_after_it_was_pulled() {
    let mut cable = Cable::lay();
    cable.start("a", 3, 4, ">/dev/null");
    cable.start("b", 4, 3, "");
    cable.heard("false");
    cable.heard("true");
    cable.tell("ip -n b link set vb down");
    cable.heard("false");
    cable.tell("ip -n b link set vb up");
    cable.heard("true");
}
