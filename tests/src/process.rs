//! Processes of the product: started, killed, started again on the same data.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;

/// The institution all tests are set in.
pub const INSTITUTION_CODE: &str = "1319999999";

/// The product's binary, built if it is not there yet or is older than its sources.
pub fn uketsuke() -> PathBuf {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        let built = Command::new(env!("CARGO")).args(["build", "--package", "uketsuke", "--bin", "uketsuke"]).status();
        assert!(built.unwrap().success(), "the product does not build");
    });
    let mut folder = std::env::current_exe().unwrap();
    while folder.file_name().is_some_and(|name| name != "debug" && name != "release") {
        folder.pop();
    }
    folder.join("uketsuke")
}

/// A loopback port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A running process that says on its standard output when it is ready. Killed when dropped.
pub struct Running {
    child: Child,
    /// what it said until it was ready
    pub said: Vec<String>,
}

impl Running {
    /// Starts a process and waits until it says a line that contains `ready`.
    pub fn start(command: &mut Command, ready: &str) -> Running {
        let mut child = command.stdout(Stdio::piped()).process_group(0).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        while !said.last().is_some_and(|line: &String| line.contains(ready)) {
            let Some(Ok(line)) = lines.next() else {
                let status = child.wait();
                panic!("the process ended before it was ready: {status:?}, said {said:?}");
            };
            said.push(line);
        }
        std::thread::spawn(move || lines.for_each(drop));
        Running { child, said }
    }

    /// `kill -9`: no goodbye, no flush.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
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

/// A clinic on disk: data folder, terminal folders, configuration.
pub struct Clinic {
    folder: tempfile::TempDir,
    port: u16,
    line: SocketAddr,
    control: SocketAddr,
}

impl Default for Clinic {
    fn default() -> Clinic {
        Clinic::new()
    }
}

impl Clinic {
    /// A new clinic with nothing in it.
    pub fn new() -> Clinic {
        let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let (line, control) = (loopback(free_port()), loopback(free_port()));
        let clinic = Clinic { folder: tempfile::tempdir().unwrap(), port: free_port(), line, control };
        for folder in ["req", "res", "face"] {
            std::fs::create_dir(clinic.path(folder)).unwrap();
        }
        std::fs::write(clinic.path("uketsuke.toml"), clinic.config()).unwrap();
        clinic
    }

    fn config(&self) -> String {
        let path = |name: &str| self.path(name).display().to_string();
        format!(
            "[site]\nname = '見本医院'\nkind = 'clinic'\ninstitution_code = '{INSTITUTION_CODE}'\n\
             [web]\nlisten = '127.0.0.1:{}'\nplain_http = true\n\
             [terminal]\ndoor = 'folder'\nreq = '{}'\nres = '{}'\nface = '{}'\n\
             [links]\nline_probe = '{}'\nprobe_every_s = 1\ndeaf_after_s = 3\n",
            self.port,
            path("req"),
            path("res"),
            path("face"),
            self.line,
        )
    }

    /// A path inside the clinic's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What the line probe connects to.
    pub fn line(&self) -> SocketAddr {
        self.line
    }

    /// Where the pages are.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts the reception.
    pub fn open(&self) -> Running {
        let mut command = Command::new(uketsuke());
        command.arg("serve").arg("--config").arg(self.path("uketsuke.toml")).arg("--data").arg(self.path("data"));
        command.env("UKETSUKE_LOG", "warn");
        Running::start(&mut command, "ready")
    }

    /// Starts the practice terminal as a process of its own, over the clinic's folders.
    pub fn start_terminal(&self) -> Running {
        let mut command = Command::new(uketsuke());
        command.arg("sim-terminal");
        for folder in ["req", "res", "face"] {
            command.arg(format!("--{folder}")).arg(self.path(folder));
        }
        command.args(["--line", &self.line.to_string(), "--control", &self.control.to_string()]);
        Running::start(&mut command, "control ")
    }

    /// Turns knobs of the practice terminal.
    pub fn set_faults(&self, patch: &Value) {
        let url = format!("http://{}/faults", self.control);
        ureq::put(&url).send_json(patch).unwrap();
    }

    /// A token for a program that uses the API. The reception must not be open.
    pub fn api_token(&self) -> String {
        let mut command = Command::new(uketsuke());
        let made = command.args(["api-token", "--name", "test", "--data"]).arg(self.path("data")).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    }

    /// The folder with everything in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}
