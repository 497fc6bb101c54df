//! The one-time code on the screen of the box, and nowhere else: it is never logged.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::Duration;
use web::first_start::OneTimeCode;

/// How often it is looked whether the network has given another address.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How long a line is given to send something before it is offered more.
const LINE_SENDS: Duration = Duration::from_millis(20);
/// How often in a row it may have sent nothing.
const MOST_WAITS: u32 = 100;
/// What the kernel knows of its own addresses.
const OWN_ADDRESSES: &str = "/proc/net/fib_trie";

/// What stands on the consoles: where to go with a browser, and the code to bring.
pub struct Notice {
    consoles: Vec<PathBuf>,
    code: String,
    scheme: &'static str,
    listen: SocketAddr,
    fingerprint: String,
    shown: Option<IpAddr>,
}

impl Notice {
    /// Not shown yet. `fingerprint`: of the certificate, empty without one. Without consoles it goes to standard output, which is then
    /// a person's terminal.
    pub fn new(
        consoles: &[PathBuf],
        code: &OneTimeCode,
        scheme: &'static str,
        listen: SocketAddr,
        fingerprint: String,
    ) -> Notice {
        Notice { consoles: consoles.to_vec(), code: code.shown(), scheme, listen, fingerprint, shown: None }
    }

    /// Shows it on every console that can be written to.
    ///
    /// # Errors
    /// No console can be written to: nobody could ever come in.
    pub fn show(&mut self) -> io::Result<()> {
        self.show_at(self.address())
    }

    /// Shows it again whenever the network gives another address: a new box asks for the first one while it starts, and a cable may be
    /// plugged in later. Never ends.
    pub async fn follow(&mut self) {
        loop {
            tokio::time::sleep(LOOK_AGAIN).await;
            let now = self.address();
            if now.is_some() && now != self.shown {
                self.shown = now;
                let (consoles, text) = (self.consoles.clone(), self.words());
                let _was_shown_before = tokio::task::spawn_blocking(move || put_on(&consoles, &text)).await;
            }
        }
    }

    fn address(&self) -> Option<IpAddr> {
        if self.listen.ip().is_unspecified() { own_address() } else { Some(self.listen.ip()) }
    }

    fn show_at(&mut self, address: Option<IpAddr>) -> io::Result<()> {
        self.shown = address;
        put_on(&self.consoles, &self.words())
    }

    fn words(&self) -> String {
        let place = match self.shown {
            Some(address) => format!("{}://{}/", self.scheme, SocketAddr::new(address, self.listen.port())),
            None => "（アドレスがまだありません。LANのケーブルを差すと、ここに出ます）\n     (no address yet: plug in the cable of the \
                     LAN, and it appears here)"
                .to_owned(),
        };
        let fingerprint = match self.fingerprint.as_str() {
            "" => String::new(),
            digits => format!("  証明書 / certificate SHA-256\n  {digits}\n"),
        };
        format!(
            "\n========================================================\n  受付 Uketsuke\n  1. 同じLANのパソコンで開く / open in a browser on the \
             LAN\n     {place}\n  2. 一回限りのコード / one-time code\n     {code}\n{fingerprint}\
             ========================================================\n",
            code = self.code
        )
    }
}

/// Writes on every console that takes it.
fn put_on(consoles: &[PathBuf], text: &str) -> io::Result<()> {
    if consoles.is_empty() {
        let _closed_pipe_is_fine = io::stdout().lock().write_all(text.as_bytes());
        return Ok(());
    }
    // a terminal without the usual settings needs the carriage return
    let text = text.replace('\n', "\r\n");
    let mut outcome = Ok(());
    let mut is_shown = false;
    for console in consoles {
        let flags = (rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY).bits();
        let opened = OpenOptions::new().write(true).custom_flags(flags.cast_signed()).open(console);
        match opened.and_then(|mut file| write_patiently(&mut file, text.as_bytes())) {
            Ok(()) => is_shown = true,
            Err(error) => {
                tracing::debug!(console = %console.display(), %error, "a console cannot be written to");
                outcome = Err(error);
            }
        }
    }
    if is_shown { Ok(()) } else { outcome }
}

/// A serial line takes a few hundred letters at once, and the rest as it sends them; one that nobody reads may take nothing for ever.
fn write_patiently(line: &mut impl Write, mut rest: &[u8]) -> io::Result<()> {
    let mut waits = 0;
    while !rest.is_empty() {
        match line.write(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => (rest, waits) = (&rest[written..], 0),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock && waits < MOST_WAITS => {
                waits += 1;
                std::thread::sleep(LINE_SENDS);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The address this machine would call others from; on a network that leads nowhere else, the one it has there. Nothing is sent.
fn own_address() -> Option<IpAddr> {
    let towards_others = || {
        let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
        // any address outside, of those kept for examples
        socket.connect("192.0.2.1:9").ok()?;
        Some(socket.local_addr().ok()?.ip()).filter(|address| !address.is_unspecified())
    };
    towards_others().or_else(|| address_in(&std::fs::read_to_string(OWN_ADDRESSES).ok()?))
}

/// The first address of this machine in the kernel's table, those that never leave it apart.
fn address_in(table: &str) -> Option<IpAddr> {
    let mut lines = table.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let Some(address) = line.strip_prefix("|-- ") else { continue };
        let is_own = lines.peek().is_some_and(|next| *next == "/32 host LOCAL");
        let address = address.parse::<Ipv4Addr>().ok().filter(|address| is_own && !address.is_loopback());
        if address.is_some() {
            return address.map(IpAddr::V4);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn notice(consoles: &[PathBuf], code: &OneTimeCode, fingerprint: &str) -> Notice {
        let listen = SocketAddr::from(([192, 168, 1, 5], 8443));
        Notice::new(consoles, code, "https", listen, fingerprint.to_owned())
    }

    #[test]
    fn the_code_stands_on_the_console_with_the_address() {
        let folder = tempfile::tempdir().unwrap();
        let console = folder.path().join("tty");
        std::fs::write(&console, "").unwrap();
        let code = OneTimeCode::make();
        let nowhere = folder.path().join("none/there");
        notice(&[nowhere.clone(), console.clone()], &code, "AB:CD").show().unwrap();
        assert!(notice(&[nowhere], &code, "").show().is_err(), "nobody would see it");
        let shown = std::fs::read_to_string(console).unwrap();
        assert!(shown.contains(&code.shown()) && shown.contains("https://192.168.1.5:8443/"), "{shown}");
        assert!(shown.contains("AB:CD"));
    }

    #[test]
    fn a_box_without_an_address_says_what_to_do_and_shows_no_address_nobody_can_open() {
        let folder = tempfile::tempdir().unwrap();
        let console = folder.path().join("tty");
        std::fs::write(&console, "").unwrap();
        let code = OneTimeCode::make();
        let mut notice = notice(std::slice::from_ref(&console), &code, "");
        notice.show_at(None).unwrap();
        let shown = std::fs::read_to_string(console).unwrap();
        assert!(shown.contains("plug in the cable") && shown.contains("ケーブルを差す"), "{shown}");
        assert!(!shown.contains("://") && shown.contains(&code.shown()), "{shown}");
    }

    /// As a serial line: a little at once, then nothing for a while; `None` for good.
    struct SlowLine {
        sent: Vec<u8>,
        is_full: Option<bool>,
    }

    impl Write for SlowLine {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            let Some(is_full) = self.is_full.as_mut() else { return Err(io::ErrorKind::WouldBlock.into()) };
            *is_full = !*is_full;
            if *is_full {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let taken = text.len().min(16);
            self.sent.extend_from_slice(&text[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_slow_line_gets_the_whole_text_and_a_dead_one_holds_nobody_up() {
        let text = "受付 Uketsuke".repeat(20);
        let mut slow = SlowLine { sent: Vec::new(), is_full: Some(false) };
        write_patiently(&mut slow, text.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(slow.sent).unwrap(), text);
        let mut dead = SlowLine { sent: Vec::new(), is_full: None };
        let refused = write_patiently(&mut dead, text.as_bytes()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::WouldBlock);
    }

    #[test]
    fn on_a_network_that_leads_nowhere_the_kernels_own_table_tells() {
        let table = "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- 192.168.7.0\n        /24 link UNICAST\n     \
                     |-- 192.168.7.20\n        /32 host LOCAL\n";
        assert_eq!(address_in(table), Some(IpAddr::from([192, 168, 7, 20])));
        assert_eq!(address_in("Main:\n     |-- 127.0.0.1\n        /32 host LOCAL\n"), None);
    }
}
