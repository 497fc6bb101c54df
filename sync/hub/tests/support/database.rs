//! A PostgreSQL server of the tests' own: in a scratch folder, on a socket nobody else sees, started as a user that is not root.

// Each test program uses a part.
#![allow(dead_code)]

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tempfile::TempDir;

static RUNNING: Mutex<Weak<Server>> = Mutex::new(Weak::new());
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A running server; stopped when the last test lets go of it.
pub struct Server {
    folder: TempDir,
}

/// One empty database.
pub struct Database {
    pub url: String,
    name: String,
    pub server: Arc<Server>,
}

impl Database {
    /// A new one, on the server that all tests of this program share.
    pub fn new() -> Database {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let server = running.upgrade().unwrap_or_else(|| Arc::new(Server::start()));
        *running = Arc::downgrade(&server);
        drop(running);
        Database::on(server)
    }

    /// A new one on this server.
    pub fn on(server: Arc<Server>) -> Database {
        let name = format!("hub_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        server.sql("postgres", &format!("CREATE DATABASE {name}"));
        let url = format!("postgres://postgres@{}/{name}", server.folder().display().to_string().replace('/', "%2F"));
        Database { url, name, server }
    }

    /// Everything that stands in it, as text.
    pub fn dump(&self) -> Vec<u8> {
        let socket = self.server.folder().display().to_string();
        run(&program("pg_dump"), &["--host", &socket, "--username", "postgres", &self.name])
    }
}

impl Server {
    /// Starts one.
    pub fn start() -> Server {
        let folder = tempfile::Builder::new().prefix("hub-pg").tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        let server = Server { folder };
        let data = server.data();
        as_nobody_special(
            &program("initdb"),
            &[
                "--pgdata",
                &data,
                "--username",
                "postgres",
                "--auth",
                "trust",
                "--no-sync",
                "--encoding",
                "UTF8",
                "--locale",
                "C",
            ],
        );
        server.control(&["start", "--wait", "--silent", "--log", &format!("{}/log", server.folder().display())]);
        server
    }

    /// Stops it and starts it again, as an update of the database does.
    pub fn restart(&self) {
        self.control(&[
            "restart",
            "--wait",
            "--silent",
            "--mode",
            "fast",
            "--log",
            &format!("{}/log", self.folder().display()),
        ]);
    }

    fn control(&self, arguments: &[&str]) {
        let options = format!("-k {} -h '' -c fsync=off -c max_connections=200", self.folder().display());
        let data = self.data();
        as_nobody_special(&program("pg_ctl"), &[&["--pgdata", &data, "--options", &options], arguments].concat());
    }

    fn sql(&self, database: &str, statement: &str) {
        let socket = self.folder().display().to_string();
        run(
            &program("psql"),
            &["--quiet", "--host", &socket, "--username", "postgres", "--command", statement, database],
        );
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn data(&self) -> String {
        self.folder().join("data").display().to_string()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.control(&["stop", "--silent", "--mode", "immediate"]);
        // Its files belong to another user.
        as_nobody_special(Path::new("rm"), &["-rf", &self.data()]);
    }
}

/// The newest PostgreSQL that Debian installed.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("the Debian package `postgresql` is installed");
    let programs = versions.filter_map(|version| Some(version.ok()?.path().join("bin").join(name)));
    programs.filter(|path| path.exists()).max().expect("the Debian package `postgresql` is installed")
}

/// The server refuses to run as root.
fn as_nobody_special(program: &Path, arguments: &[&str]) {
    if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
        let program = program.display().to_string();
        run(Path::new("runuser"), &[&["-u", "postgres", "--", &program], arguments].concat());
    } else {
        run(program, arguments);
    }
}

fn run(program: &Path, arguments: &[&str]) -> Vec<u8> {
    let done =
        Command::new(program).args(arguments).current_dir("/").stdin(std::process::Stdio::null()).output().unwrap();
    assert!(done.status.success(), "{program:?}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}
