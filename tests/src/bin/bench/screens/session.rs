//! The program at work, and people signed in at its counters.

use anyhow::{Context, bail, ensure};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tests::process::{Running, free_port, uketsuke};
use tests::program::{Outcome, Program};
use ureq::Body;
use ureq::http::Response;

/// The account that measures.
const ACCOUNT: &str = "measure";
const PASSWORD: &str = "measure-pages-2026";

/// Names are told apart by them.
const KANA: [&str; 10] = ["ア", "イ", "ウ", "エ", "オ", "カ", "キ", "ク", "ケ", "コ"];

/// The program, serving a record on loopback.
pub struct Reception {
    url: String,
    token: String,
    _running: Running,
    _folder: tempfile::TempDir,
}

impl Reception {
    /// Starts it over a record nobody else has open.
    pub fn open(record: &Path) -> anyhow::Result<Reception> {
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("uketsuke.toml");
        let port = free_port();
        let written = format!(
            "[site]\nname = '見本医院'\nkind = 'clinic'\ninstitution_code = '1319999999'\n[web]\nlisten = '127.0.0.1:{port}'\nplain_http = true\n\
             [sync]\nlisten = '127.0.0.1:{}'\ndiscovery = false\n[prints]\ndowntime_pack = false\n",
            free_port()
        );
        std::fs::write(&config, written)?;
        let made = Command::new(uketsuke()).args(["api-token", "--name", "measure", "--data"]).arg(record).output()?;
        ensure!(made.status.success(), "no token was made: {}", String::from_utf8_lossy(&made.stderr));
        let token = String::from_utf8(made.stdout)?.trim().to_owned();
        let mut command = Command::new(uketsuke());
        command.arg("serve").arg("--config").arg(&config).arg("--data").arg(record);
        command.env("UKETSUKE_LOG", "error").stderr(Stdio::inherit());
        let running = Running::start(&mut command, "ready");
        Ok(Reception { url: format!("http://127.0.0.1:{port}"), token, _running: running, _folder: folder })
    }

    /// A caller of the API.
    pub fn program(&self) -> Program {
        Program::new(&self.url, &self.token)
    }

    /// Receives somebody by this name, as another counter would: a person of their own, for alike ones would have to be compared.
    pub fn check_in(&self, nth: u32, name: &str) -> anyhow::Result<()> {
        let key = format!("measure-{nth}-{}", std::process::id());
        let letter = |of: u32| KANA[of as usize % KANA.len()];
        let kana = format!("ケイソク {}{}{}", letter(nth / 100), letter(nth / 10), letter(nth));
        match self.program().check_in(&key, name, &kana) {
            Outcome::Kept(_) => Ok(()),
            other => bail!("the check-in was not kept: {other:?}"),
        }
    }

    /// Somebody signs in; the first makes the account.
    pub fn sign_in(&self) -> anyhow::Result<Session> {
        let mut session = Session { agent: agent(None), url: self.url.clone(), cookie: String::new() };
        let (status, _) = session.open("/set-up")?;
        let is_first = status == 200;
        let path = if is_first { "/set-up" } else { "/sign-in" };
        let (_, page) = session.open(path)?;
        let csrf = hidden(&page, "csrf").context("the page has no form")?;
        let mut form = vec![("csrf", csrf.as_str()), ("next", "/"), ("account", ACCOUNT), ("password", PASSWORD)];
        form.extend(is_first.then_some(("password_again", PASSWORD)));
        session.post(path, &form)?;
        if session.get("/")?.0 != 200 {
            ensure!(is_first, "{ACCOUNT} could not sign in: was this record filled by an older bench?");
            return self.sign_in();
        }
        Ok(session)
    }
}

fn agent(patience: Option<Duration>) -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).timeout_global(patience);
    config.build().into()
}

fn revision_of(page: &str) -> u64 {
    let rest = page.split_once("data-revision=\"").map_or("", |(_, rest)| rest);
    rest.split('"').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn hidden(page: &str, name: &str) -> Option<String> {
    let begin = format!("name=\"{name}\" value=\"");
    let rest = &page[page.find(&begin)? + begin.len()..];
    Some(rest[..rest.find('"')?].to_owned())
}

/// The name that the screens look for.
#[derive(Clone, Default)]
pub struct Marker(Arc<Mutex<String>>);

impl Marker {
    /// From now on this one.
    pub fn set(&self, name: &str) {
        name.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn get(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Somebody signed in at a counter.
pub struct Session {
    agent: ureq::Agent,
    url: String,
    cookie: String,
}

impl Session {
    /// A page: status and text.
    pub fn get(&self, path: &str) -> anyhow::Result<(u16, String)> {
        let reply = self.agent.get(format!("{}{path}", self.url)).header("Cookie", &self.cookie).call()?;
        read(reply)
    }

    fn open(&mut self, path: &str) -> anyhow::Result<(u16, String)> {
        let reply = self.agent.get(format!("{}{path}", self.url)).header("Cookie", &self.cookie).call()?;
        self.take_cookies(&reply);
        read(reply)
    }

    fn post(&mut self, path: &str, form: &[(&str, &str)]) -> anyhow::Result<()> {
        let request = self.agent.post(format!("{}{path}", self.url)).header("Cookie", &self.cookie);
        let reply = request.header("Origin", &self.url).send_form(form.iter().copied())?;
        self.take_cookies(&reply);
        let status = reply.status().as_u16();
        ensure!(status < 400, "{path} answered {status}");
        Ok(())
    }

    fn take_cookies(&mut self, reply: &Response<Body>) {
        for header in reply.headers().get_all("set-cookie") {
            let Some(pair) = header.to_str().ok().and_then(|cookie| cookie.split(';').next()) else { continue };
            let name = pair.split('=').next().unwrap_or_default();
            let others =
                self.cookie.split("; ").filter(|known| !known.is_empty() && known.split('=').next() != Some(name));
            self.cookie = others.chain([pair]).collect::<Vec<_>>().join("; ");
        }
    }

    /// Listens on a thread of its own, and whenever it is told of something new loads the board; says when the board shows the name
    /// that is looked for.
    pub fn watch_board(self, marker: Marker, seen: Sender<(String, Instant)>) -> anyhow::Result<()> {
        let events = agent(None).get(format!("{}/events", self.url)).header("Cookie", &self.cookie).call()?;
        ensure!(events.status().as_u16() == 200, "no events");
        std::thread::spawn(move || {
            let lines = BufReader::new(events.into_body().into_reader()).lines();
            let told = lines.map_while(Result::ok);
            let (mut shown, mut last) = (0, String::new());
            for told in told.filter_map(|line| line.strip_prefix("data:")?.trim().parse::<u64>().ok()) {
                // as the script of the page: what is on the screen already is not asked for again
                if told <= shown {
                    continue;
                }
                let Ok((_, page)) = self.get("/") else { return };
                shown = shown.max(told).max(revision_of(&page));
                let name = marker.get();
                // each screen says once that it shows the name
                if name.is_empty() || name == last || !page.contains(&name) {
                    continue;
                }
                last.clone_from(&name);
                if seen.send((name, Instant::now())).is_err() {
                    return;
                }
            }
        });
        Ok(())
    }
}

fn read(reply: Response<Body>) -> anyhow::Result<(u16, String)> {
    let status = reply.status().as_u16();
    Ok((status, reply.into_body().read_to_string()?))
}
