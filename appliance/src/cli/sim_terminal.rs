//! `uketsuke sim-terminal`: the terminal to practise on as a program of its own, for anyone who integrates.

use crate::clock::Clock;
use crate::demo::INSTITUTION_CODE;
use crate::stop::Stop;
use anyhow::Context;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use sync::simulator::{SimClock, SimConfig, SimEncoding, SimFolders, SimHttps, SimTerminal};

/// Arguments of the simulated terminal.
#[derive(Debug, Args)]
pub struct SimTerminalArguments {
    /// folder of requests
    #[arg(long)]
    req: PathBuf,
    /// folder of results
    #[arg(long)]
    res: PathBuf,
    /// folder of card readings
    #[arg(long)]
    face: PathBuf,
    /// seed of the invented people
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// how many invented people
    #[arg(long, default_value_t = 400)]
    people: usize,
    /// 医療機関コード, 10 digits
    #[arg(long, default_value = INSTITUTION_CODE)]
    institution_code: String,
    /// answer in Shift_JIS
    #[arg(long)]
    shift_jis: bool,
    /// ordinary time to an answer, milliseconds
    #[arg(long, default_value_t = 300)]
    answer_after_ms: u32,
    /// address that refuses connections while the line is cut
    #[arg(long)]
    line: Option<SocketAddr>,
    /// loopback address of the control door: turn its knobs while it runs with `uketsuke sim-control ADDRESS …`, or as JSON over
    /// HTTP (GET /state, PUT /faults, POST /cards, /restart, /release, GET /people)
    #[arg(long)]
    control: Option<SocketAddr>,
    /// address of the HTTPS door
    #[arg(long, requires_all = ["https_certificate", "https_key", "https_client_ca"])]
    https: Option<SocketAddr>,
    /// certificate of the HTTPS door, PEM
    #[arg(long)]
    https_certificate: Option<PathBuf>,
    /// key of the HTTPS door, PEM
    #[arg(long)]
    https_key: Option<PathBuf>,
    /// authorities whose client certificates are accepted, PEM
    #[arg(long)]
    https_client_ca: Option<PathBuf>,
    /// path of the request mailbox
    #[arg(long, default_value = "/requests")]
    https_requests: String,
    /// path of the result mailbox
    #[arg(long, default_value = "/results")]
    https_results: String,
}

/// Runs until the process is told to stop.
pub async fn run(arguments: SimTerminalArguments, say: impl Fn(&str)) -> anyhow::Result<()> {
    let clock = Clock::wall();
    let mut config = SimConfig::new(&arguments.institution_code, SimClock::from_now(move || clock.now()));
    config.seed = arguments.seed;
    config.population_size = arguments.people;
    config.answer_after_ms = arguments.answer_after_ms;
    config.encoding = if arguments.shift_jis { SimEncoding::ShiftJis } else { SimEncoding::Utf8 };
    config.line_listen = arguments.line;
    config.control_listen = arguments.control;
    config.https = https(&arguments)?;
    config.folders = Some(SimFolders { req: arguments.req, res: arguments.res, face: arguments.face });
    let mut stop = Stop::listen()?;
    let terminal = SimTerminal::start(config).await?;
    say("simulated terminal ready");
    for (door, address) in
        [("line", terminal.line_addr()), ("control", terminal.control_addr()), ("https", terminal.https_addr())]
    {
        if let Some(address) = address {
            say(&format!("{door} {address}"));
        }
    }
    stop.ordered().await;
    terminal.stop().await;
    Ok(())
}

fn https(arguments: &SimTerminalArguments) -> anyhow::Result<Option<SimHttps>> {
    let Some(listen) = arguments.https else { return Ok(None) };
    let pem = |path: &Option<PathBuf>, name: &str| {
        let path = path.as_ref().with_context(|| format!("--{name} is needed with --https"))?;
        std::fs::read(path).with_context(|| format!("--{name}: {} cannot be read", path.display()))
    };
    Ok(Some(SimHttps {
        listen,
        certificate_pem: pem(&arguments.https_certificate, "https-certificate")?,
        private_key_pem: pem(&arguments.https_key, "https-key")?,
        client_ca_pem: pem(&arguments.https_client_ca, "https-client-ca")?,
        requests_path: arguments.https_requests.clone(),
        results_path: arguments.https_results.clone(),
    }))
}
