//! A clinic on disk: data folder, terminal, configuration; the reception and the practice terminal as processes of their own.

use crate::process::{Running, free_port, uketsuke};
use crate::trust;
use serde_json::Value;
use std::fs::{File, OpenOptions};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The institution all tests are set in.
pub const INSTITUTION_CODE: &str = "1319999999";

/// How the reception reaches its terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// shared folders
    Folder,
    /// HTTPS with mutual TLS
    Https,
}

/// A clinic with nothing in it yet.
pub struct Clinic {
    folder: tempfile::TempDir,
    door: Door,
    is_encrypted: bool,
    log_level: &'static str,
    port: u16,
    terminal_port: u16,
    line: SocketAddr,
    control: SocketAddr,
    site: &'static str,
    /// a program that runs the box and the terminal on another day, by the clock in a file
    on_a_day: Option<PathBuf>,
}

impl Default for Clinic {
    fn default() -> Clinic {
        Clinic::new(Door::Folder)
    }
}

impl Clinic {
    /// A new clinic, its pages unencrypted on loopback.
    pub fn new(door: Door) -> Clinic {
        let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let clinic = Clinic {
            folder: tempfile::tempdir().unwrap(),
            door,
            is_encrypted: false,
            log_level: "warn",
            port: free_port(),
            terminal_port: free_port(),
            line: loopback(free_port()),
            control: loopback(free_port()),
            site: "kind = 'clinic'\n",
            on_a_day: None,
        };
        for folder in ["req", "res", "face"] {
            std::fs::create_dir(clinic.path(folder)).unwrap();
        }
        trust::write_into(clinic.folder());
        clinic
    }

    /// The same with its pages over TLS, as at a real counter.
    pub fn encrypted(self) -> Clinic {
        Clinic { is_encrypted: true, ..self }
    }

    /// The same with every process logging at this level.
    pub fn logging(self, log_level: &'static str) -> Clinic {
        Clinic { log_level, ..self }
    }

    /// The same as a site of its own kind and equipment: lines of the configuration.
    pub fn as_site(self, site: &'static str) -> Clinic {
        Clinic { site, ..self }
    }

    /// The same on another day: the box and the terminal are run by this program, with the clock of [`Clinic::set_clock`].
    pub fn on_a_day(self, program: &str, moment: &str) -> Clinic {
        let clinic = Clinic { on_a_day: Some(program.into()), ..self };
        clinic.set_clock(moment);
        clinic
    }

    /// Sets the clock of box and terminal, from where it goes on: `2025-11-17T08:30:00+09:00`.
    pub fn set_clock(&self, moment: &str) {
        let written = self.path("clock.new");
        std::fs::write(&written, moment).unwrap();
        std::fs::rename(&written, self.path("clock")).unwrap();
    }

    fn config(&self) -> String {
        format!(
            "[site]\nname = '見本医院'\n{}institution_code = '{INSTITUTION_CODE}'\n\
             [web]\nlisten = '127.0.0.1:{}'\nplain_http = {}\n\
             [terminal]\n{}\n\
             [links]\nline_probe = '{}'\nprobe_every_s = 1\ndeaf_after_s = 3\n[prints]\ndowntime_pack = false\n",
            self.site,
            self.port,
            !self.is_encrypted,
            self.terminal_config(),
            self.line,
        )
    }

    fn terminal_config(&self) -> String {
        let path = |name: &str| self.path(name).display().to_string();
        match self.door {
            Door::Folder => {
                format!("door = 'folder'\nreq = '{}'\nres = '{}'\nface = '{}'", path("req"), path("res"), path("face"),)
            }
            Door::Https => format!(
                "door = 'https'\nhost = 'localhost'\nport = {}\nauthorities = '{}'\ncertificate = '{}'\nkey = '{}'\n\
                 requests_path = '/requests'\nresults_path = '/results'",
                self.terminal_port,
                path("authority.pem"),
                path("box.pem"),
                path("box.key"),
            ),
        }
    }

    /// A path inside the clinic's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What the line probe connects to.
    pub fn line(&self) -> SocketAddr {
        self.line
    }

    /// Where the practice terminal takes orders.
    pub fn control(&self) -> SocketAddr {
        self.control
    }

    /// Where the pages are.
    pub fn url(&self) -> String {
        let scheme = if self.is_encrypted { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// Starts the reception.
    pub fn open(&self) -> Running {
        std::fs::write(self.path("uketsuke.toml"), self.config()).unwrap();
        let mut command = self.uketsuke("reception.log");
        command.arg("serve").arg("--config").arg(self.path("uketsuke.toml")).arg("--data").arg(self.path("data"));
        Running::start(&mut command, "ready")
    }

    /// Starts the practice terminal as a process of its own, over the clinic's folders and over HTTPS.
    pub fn start_terminal(&self) -> Running {
        let mut command = self.uketsuke("terminal.log");
        command.arg("sim-terminal");
        for folder in ["req", "res", "face"] {
            command.arg(format!("--{folder}")).arg(self.path(folder));
        }
        command.args(["--line", &self.line.to_string(), "--control", &self.control.to_string()]);
        if self.on_a_day.is_some() {
            return Running::start(&mut command, "ready");
        }
        command.arg("--https").arg(format!("127.0.0.1:{}", self.terminal_port));
        for (name, file) in [("certificate", "terminal.pem"), ("key", "terminal.key"), ("client-ca", "authority.pem")] {
            command.arg(format!("--https-{name}")).arg(self.path(file));
        }
        Running::start(&mut command, "https ")
    }

    /// The product, with what it says on standard error kept in a file of the clinic's folder, after what is there already.
    fn uketsuke(&self, log: &str) -> Command {
        let log: File = OpenOptions::new().create(true).append(true).open(self.path(log)).unwrap();
        let mut command = Command::new(self.on_a_day.clone().unwrap_or_else(uketsuke));
        command.env("UKETSUKE_LOG", self.log_level).env("ON_A_DAY", self.path("clock")).stderr(log);
        command
    }

    /// Turns knobs of the practice terminal.
    pub fn set_faults(&self, patch: &Value) {
        ureq::put(format!("http://{}/faults", self.control)).send_json(patch).unwrap();
    }

    /// Asks the control door of the practice terminal to do something.
    pub fn tell_terminal(&self, path: &str, order: &Value) {
        ureq::post(format!("http://{}{path}", self.control)).send_json(order).unwrap();
    }

    /// What the practice terminal says of itself.
    pub fn terminal_state(&self) -> Value {
        ureq::get(format!("http://{}/state", self.control)).call().unwrap().body_mut().read_json().unwrap()
    }

    /// A token for a program that uses the API. The reception must not be open.
    pub fn api_token(&self) -> String {
        let mut command = self.uketsuke("token.log");
        let made = command.args(["api-token", "--name", "test", "--data"]).arg(self.path("data")).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    }

    /// The folder with everything in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}
