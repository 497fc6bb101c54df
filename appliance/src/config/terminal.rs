//! `[terminal]`: which door leads to the qualification terminal.

use serde::Deserialize;
use std::path::PathBuf;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, tag = "door", rename_all = "snake_case")]
pub(super) enum TerminalFile {
    Folder {
        req: PathBuf,
        res: PathBuf,
        face: Option<PathBuf>,
        #[serde(default)]
        shift_jis: bool,
        #[serde(default)]
        remove_own_results: bool,
        #[serde(default = "default_mark")]
        mark: String,
    },
    Https {
        host: String,
        port: u16,
        server_name: Option<String>,
        authorities: PathBuf,
        certificate: PathBuf,
        key: PathBuf,
        requests_path: String,
        results_path: String,
        #[serde(default = "default_mark")]
        mark: String,
    },
}

fn default_mark() -> String {
    "U".to_owned()
}

/// Which door, and where.
#[derive(Clone, Debug)]
pub enum TerminalSettings {
    /// shared folders
    Folder {
        /// requests
        req: PathBuf,
        /// results
        res: PathBuf,
        /// card readings
        face: Option<PathBuf>,
        /// encoding of requests
        shift_jis: bool,
        /// tidy up our own results
        remove_own_results: bool,
    },
    /// HTTPS with mutual TLS
    Https {
        /// host
        host: String,
        /// port
        port: u16,
        /// name the certificate must carry
        server_name: String,
        /// trusted authorities, PEM
        authorities: PathBuf,
        /// our certificate, PEM
        certificate: PathBuf,
        /// our key, PEM
        key: PathBuf,
        /// request mailbox
        requests_path: String,
        /// result mailbox
        results_path: String,
    },
}

pub(super) fn terminal(file: Option<TerminalFile>) -> (Option<TerminalSettings>, String) {
    match file {
        None => (None, default_mark()),
        Some(TerminalFile::Folder { req, res, face, shift_jis, remove_own_results, mark }) => {
            (Some(TerminalSettings::Folder { req, res, face, shift_jis, remove_own_results }), mark)
        }
        Some(TerminalFile::Https {
            host,
            port,
            server_name,
            authorities,
            certificate,
            key,
            requests_path,
            results_path,
            mark,
        }) => {
            let server_name = server_name.unwrap_or_else(|| host.clone());
            let settings = TerminalSettings::Https {
                host,
                port,
                server_name,
                authorities,
                certificate,
                key,
                requests_path,
                results_path,
            };
            (Some(settings), mark)
        }
    }
}
