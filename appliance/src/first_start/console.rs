//! The one-time code on the screen of the box, and nowhere else: it is never logged.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use web::first_start::OneTimeCode;

/// Shows code and address on every console that can be written to; on standard output where none is named, which is then a person's
/// terminal.
///
/// # Errors
/// No console can be written to: nobody could ever come in.
pub fn show_code(
    consoles: &[PathBuf],
    code: &OneTimeCode,
    scheme: &str,
    listen: SocketAddr,
    fingerprint: &str,
) -> io::Result<()> {
    let text = words(code, scheme, listen, fingerprint);
    if consoles.is_empty() {
        let _closed_pipe_is_fine = io::stdout().lock().write_all(text.as_bytes());
        return Ok(());
    }
    let mut outcome = Ok(());
    let mut is_shown = false;
    for console in consoles {
        let flags = (rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY).bits();
        let opened = OpenOptions::new().write(true).custom_flags(flags.cast_signed()).open(console);
        // a terminal without the usual settings needs the carriage return
        match opened.and_then(|mut file| file.write_all(text.replace('\n', "\r\n").as_bytes())) {
            Ok(()) => is_shown = true,
            Err(error) => {
                tracing::debug!(console = %console.display(), %error, "a console cannot be written to");
                outcome = Err(error);
            }
        }
    }
    if is_shown { Ok(()) } else { outcome }
}

fn words(code: &OneTimeCode, scheme: &str, listen: SocketAddr, fingerprint: &str) -> String {
    let address = if listen.ip().is_unspecified() { own_address().unwrap_or(listen.ip()) } else { listen.ip() };
    let address = SocketAddr::new(address, listen.port());
    let fingerprint = match fingerprint {
        "" => String::new(),
        digits => format!("  証明書 / certificate SHA-256\n  {digits}\n"),
    };
    format!(
        "\n========================================================\n  受付 Uketsuke\n  1. 同じLANのパソコンで開く / open in a browser on the LAN\n     \
         {scheme}://{address}/\n  2. 一回限りのコード / one-time code\n     {code}\n{fingerprint}\
         ========================================================\n",
        code = code.shown()
    )
}

/// The address this machine would call others from. Nothing is sent.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // any address outside, of those kept for examples
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|address| !address.is_unspecified())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_code_stands_on_the_console_with_the_address() {
        let folder = tempfile::tempdir().unwrap();
        let console = folder.path().join("tty");
        std::fs::write(&console, "").unwrap();
        let code = OneTimeCode::make();
        let listen = SocketAddr::from(([192, 168, 1, 5], 8443));
        let nowhere = folder.path().join("none/there");
        show_code(&[nowhere.clone(), console.clone()], &code, "https", listen, "AB:CD").unwrap();
        assert!(show_code(&[nowhere], &code, "https", listen, "").is_err(), "nobody would see it");
        let shown = std::fs::read_to_string(console).unwrap();
        assert!(shown.contains(&code.shown()) && shown.contains("https://192.168.1.5:8443/"), "{shown}");
        assert!(shown.contains("AB:CD"));
    }
}
