//! Opens the door the configuration names.

use crate::config::TerminalSettings;
use anyhow::Context;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use sync::terminal::encoding::Charset;
use sync::terminal::{FolderDoor, FolderSettings, HttpsDoor, HttpsSettings, SuffixMark, TerminalDoor};

/// Opens a door. Nothing is sent yet.
pub fn open(settings: &TerminalSettings, mark: SuffixMark) -> anyhow::Result<Arc<dyn TerminalDoor>> {
    Ok(match settings {
        TerminalSettings::Folder { req, res, face, shift_jis, remove_own_results } => {
            let mut folder = FolderSettings::new("terminal", req.clone(), res.clone(), mark);
            folder.face_dir = face.clone();
            folder.charset = if *shift_jis { Charset::ShiftJis } else { Charset::Utf8 };
            folder.remove_own_results = *remove_own_results;
            folder.poll = Duration::from_millis(700);
            Arc::new(FolderDoor::new(folder))
        }
        TerminalSettings::Https {
            host,
            port,
            server_name,
            authorities,
            certificate,
            key,
            requests_path,
            results_path,
        } => {
            let mut https = HttpsSettings::new("terminal", host, *port, mark);
            https.server_name = server_name.clone();
            https.authorities_pem = pem(authorities, "terminal.authorities")?;
            https.certificate_pem = pem(certificate, "terminal.certificate")?;
            https.key_pem = pem(key, "terminal.key")?;
            https.requests_path = requests_path.clone();
            https.results_path = results_path.clone();
            Arc::new(HttpsDoor::new(https).context("terminal: the certificates cannot be used")?)
        }
    })
}

fn pem(path: &Path, setting: &str) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{setting}: {} cannot be read", path.display()))
}
