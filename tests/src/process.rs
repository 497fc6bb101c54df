//! Processes of the product: started, told to stop, killed. None outlives the test that started it, panics included.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, Once};
use std::time::SystemTime;

/// The product's own binary, no older than its sources. `cargo test --workspace` has built it already, because its package has
/// tests beside it; only who tests this package alone may have to wait for it here.
pub fn uketsuke() -> PathBuf {
    static MADE_SURE: Once = Once::new();
    let program = profile_folder().join("uketsuke");
    MADE_SURE.call_once(|| {
        if !is_fresh(&program) {
            build(&program);
        }
    });
    program
}

/// The hub's own binary, likewise.
pub fn uketsuke_hub() -> PathBuf {
    static MADE_SURE: Once = Once::new();
    let program = profile_folder().join("uketsuke-hub");
    MADE_SURE.call_once(|| {
        if !is_fresh(&program) {
            build(&program);
        }
    });
    program
}

/// Where cargo puts what it builds with the profile of this test.
fn profile_folder() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().find(|folder| folder.join("deps").is_dir()).unwrap().to_owned()
}

/// Whether the program is there and younger than every source cargo says it was made from.
fn is_fresh(program: &Path) -> bool {
    let age = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let sources = std::fs::read_to_string(program.with_extension("d"));
    let (Some(made), Ok(sources)) = (age(program), sources) else { return false };
    sources_in(&sources).all(|source| age(&source).is_some_and(|changed: SystemTime| changed <= made))
}

/// The sources in a rule `program: source source …`, where a space inside a path is escaped.
fn sources_in(rule: &str) -> impl Iterator<Item = PathBuf> {
    let sources = rule.split_once(": ").map_or("", |(_, sources)| sources).replace("\\ ", "\0");
    let paths: Vec<PathBuf> = sources.split_whitespace().map(|path| path.replace('\0', " ").into()).collect();
    paths.into_iter()
}

/// Builds the program beside this test: with this package named as well, cargo takes the libraries the tests were built with.
fn build(program: &Path) {
    let mut cargo = Command::new(env!("CARGO"));
    let name = program.file_name().unwrap().to_str().unwrap();
    cargo.args(["build", "--package", "tests", "--package", name, "--bin", name, "--target-dir"]);
    cargo.arg(program.ancestors().nth(2).unwrap());
    cargo.args(program.ancestors().nth(1).unwrap().ends_with("release").then_some("--release"));
    let of_this_test = |name: &String| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    std::env::vars().map(|(name, _)| name).filter(of_this_test).for_each(|name| {
        cargo.env_remove(name); // build scripts watch them, and would run again here and once more outside
    });
    assert!(cargo.status().unwrap().success(), "the product does not build");
}

/// A loopback port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A running process that says on its standard output when it is ready. Killed when dropped, with all its children.
pub struct Running {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
}

impl Running {
    /// Starts a process and waits until it says a line that contains `ready`.
    pub fn start(command: &mut Command, ready: &str) -> Running {
        let mut child = command.stdout(Stdio::piped()).process_group(0).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let running = Running { child, said: Arc::default() };
        loop {
            let Some(Ok(line)) = lines.next() else {
                panic!("the process ended before it was ready; it said {:?}", running.said());
            };
            let is_ready = line.contains(ready);
            running.said.lock().unwrap().push(line);
            if is_ready {
                break;
            }
        }
        let said = running.said.clone();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| said.lock().unwrap().push(line)));
        running
    }

    /// What it said on its standard output so far.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    /// `kill -9`: no goodbye, no flush.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends a signal by its name (`TERM`, `INT`) and waits for the end.
    pub fn stop_by(mut self, signal: &str) -> ExitStatus {
        let sent = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A browser is a family of processes: the whole group goes.
        let group = format!("-{}", self.child.id());
        let _already_gone = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _already_waited_for = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn a_test_that_panics_leaves_no_process_behind() {
        let (sender, receiver) = std::sync::mpsc::channel();
        let test = std::thread::spawn(move || {
            let mut family = Command::new("sh");
            family.args(["-c", "sleep 600 & echo child $!; wait"]);
            let family = Running::start(&mut family, "child");
            sender.send(family.said()[0].strip_prefix("child ").unwrap().to_owned()).unwrap();
            panic!("on purpose");
        });
        assert!(test.join().is_err());
        let grandchild = PathBuf::from("/proc").join(receiver.recv().unwrap());
        let is_gone = || std::fs::read_to_string(grandchild.join("stat")).map_or(true, |stat| stat.contains(") Z "));
        let deadline = Instant::now() + Duration::from_secs(10);
        while !is_gone() {
            assert!(Instant::now() < deadline, "still there: {}", grandchild.display());
            std::thread::yield_now();
        }
    }

    #[test]
    fn the_rule_of_a_program_names_its_sources() {
        let sources: Vec<PathBuf> = sources_in("/t/debug/uketsuke: /a/main.rs /b\\ c/lib.rs\n").collect();
        assert_eq!(sources, [PathBuf::from("/a/main.rs"), PathBuf::from("/b c/lib.rs")]);
        assert!(!is_fresh(Path::new("/nowhere/uketsuke")));
    }

    #[test]
    fn a_program_older_than_a_source_is_not_fresh() {
        let folder = tempfile::tempdir().unwrap();
        let (program, source) = (folder.path().join("uketsuke"), folder.path().join("main.rs"));
        std::fs::write(&source, "").unwrap();
        std::fs::write(&program, "").unwrap();
        std::fs::write(program.with_extension("d"), format!("{}: {}\n", program.display(), source.display())).unwrap();
        assert!(is_fresh(&program));
        let later = SystemTime::now() + Duration::from_secs(60);
        std::fs::File::options().append(true).open(&source).unwrap().set_modified(later).unwrap();
        assert!(!is_fresh(&program));
    }
}
