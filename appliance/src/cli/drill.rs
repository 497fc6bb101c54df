//! `uketsuke drill-clinic`: the program of a drill. The box that begins it writes its password as the first line of its standard
//! input and keeps that open; the end of the input is the end of the drill, in whatever way the box went.

use crate::demo::{self, DemoSettings, DrillAccount};
use crate::drill::ACCOUNT;
use anyhow::{Context, ensure};
use clap::Args;
use rustix::process::{Signal, getpid, kill_process};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;

/// Seed of the invented people.
const SEED: u64 = 1;

/// Arguments of `drill-clinic`.
#[derive(Debug, Args)]
pub struct DrillArguments {
    /// where its pages are served
    #[arg(long)]
    listen: SocketAddr,
    /// without TLS, as the pages of the box
    #[arg(long)]
    http: bool,
    /// its own folder, which goes with it
    #[arg(long)]
    data: PathBuf,
}

/// Serves until the input ends.
pub async fn run(arguments: DrillArguments, say: impl Fn(&str)) -> anyhow::Result<()> {
    let mut password = String::new();
    std::io::stdin().read_line(&mut password).context("standard input cannot be read")?;
    let password = password.trim().to_owned();
    ensure!(!password.is_empty(), "no password on standard input: drills are begun on the page of the box");
    let settings = DemoSettings {
        listen: arguments.listen,
        plain_http: arguments.http,
        data: arguments.data,
        seed: SEED,
        virtual_reader: false,
        drill: Some(DrillAccount { name: ACCOUNT.to_owned(), password }),
    };
    let mut served = pin!(demo::run(settings, say));
    tokio::select! {
        ended = &mut served => return ended.map(|_| ()),
        () = end_of_input() => {}
    }
    // the same way a service manager would end it, so that its store is closed before its program goes
    kill_process(getpid(), Signal::TERM).context("the drill could not be told to end")?;
    served.await.map(|_| ())
}

async fn end_of_input() {
    let (sender, ended) = tokio::sync::oneshot::channel();
    // a thread of its own: the end of the program waits for none of the runtime's
    std::thread::spawn(move || {
        let _unreadable_is_the_end_too = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        let _served_no_longer = sender.send(());
    });
    let _ended_in_any_case = ended.await;
}
