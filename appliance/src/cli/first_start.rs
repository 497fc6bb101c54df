//! `uketsuke first-start`: the pages of a box without settings, then its reception at the same address.

use super::serve;
use crate::first_start::{Notice, Place, SETTINGS, Standing, Wizard, standing};
use crate::reception::Ended;
use crate::serve::{self as serving, ServerCertificate};
use crate::service_manager::ServiceManager;
use crate::stop::Stop;
use anyhow::{Context, bail, ensure};
use clap::Args;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use web::first_start::OneTimeCode;
use web::{Closing, WebSettings};

/// How long the last page has to load what belongs to it.
const READ_IT: Duration = Duration::from_secs(3);
/// Longest wait for somebody to look at the last page.
const LOOK_AT_IT: Duration = Duration::from_secs(30);

/// Where the pages are, and where the code is shown.
#[derive(Debug, Args)]
pub struct FirstStartArguments {
    /// data folder
    #[arg(long, default_value = "/var/lib/uketsuke")]
    data: PathBuf,
    /// where the pages are served, and the reception afterwards
    #[arg(long, default_value = "0.0.0.0:8443")]
    listen: SocketAddr,
    /// plain HTTP instead of HTTPS; on loopback alone
    #[arg(long)]
    http: bool,
    /// terminal on which the one-time code is shown, such as /dev/tty1; may be given more than once. Without it: standard output
    #[arg(long)]
    console: Vec<PathBuf>,
    /// end with success when the box has settings, for a service manager that starts the reception then
    #[arg(long)]
    exit_when_done: bool,
}

/// Serves the first start where it is wanted, and the reception afterwards.
pub async fn run(arguments: FirstStartArguments, say: fn(&str)) -> anyhow::Result<Ended> {
    let data = arguments.data.clone();
    ensure!(
        !arguments.http || arguments.listen.ip().is_loopback(),
        "--http: 暗号化しない画面はこの機械の中だけです。--listen 127.0.0.1:ポート としてください / plain HTTP is for loopback alone: \
         use --listen 127.0.0.1:PORT"
    );
    std::fs::create_dir_all(&data).with_context(|| format!("{}: cannot be made", data.display()))?;
    match standing(&data).with_context(|| format!("{}: cannot be used", data.display()))? {
        Standing::Settled => {}
        Standing::RecordAlone => bail!(
            "{folder} には受付の記録がありますが、設定（{SETTINGS}）がありません。記録は無事です。上書きしないよう、何もしていません。\
             バックアップの設定を {SETTINGS} として戻すか、空のデータフォルダで始めてください / {folder} holds a record and no settings \
             ({SETTINGS}). The record is safe; nothing was done, so that it is not overwritten. Put the settings back, or begin with an \
             empty data folder.",
            folder = data.display()
        ),
        Standing::New => {
            if !wizard(&arguments, &data, say).await? {
                return Ok(Ended::Stopped);
            }
        }
    }
    if arguments.exit_when_done {
        return Ok(Ended::Stopped);
    }
    serve(data.join(SETTINGS), data).await
}

/// Serves the pages until the box has settings (true), or the process is told to stop.
async fn wizard(arguments: &FirstStartArguments, data: &Path, say: fn(&str)) -> anyhow::Result<bool> {
    let place = Place { listen: arguments.listen, plain_http: arguments.http };
    let wizard = Wizard::open(data, place).await?;
    let mut end = wizard.end();
    if end.borrow().is_done {
        return Ok(true);
    }
    let listener = TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("{} cannot be listened on; is the port in use?", arguments.listen))?;
    let (tls, scheme, fingerprint) = if arguments.http {
        (None, "http", String::new())
    } else {
        let certificate = ServerCertificate::in_folder(data)?;
        (Some(certificate.acceptor()?), "https", certificate.fingerprint()?)
    };
    let mut stop = Stop::listen()?;
    let code = OneTimeCode::make();
    let address = listener.local_addr()?;
    let mut notice = Notice::new(&arguments.console, &code, scheme, address, fingerprint);
    notice.show().context("the one-time code can be shown on no console; see --console")?;
    say(&format!("first start {scheme}://{address}"));
    let (closer, closing) = Closing::new();
    let settings = WebSettings { secure_cookies: !arguments.http, closing: closing.clone(), ..WebSettings::default() };
    let app = web::first_start::router(Arc::new(wizard.clone()), code, settings);
    let manager = ServiceManager::of_this_process();
    manager.ready();
    let close = async {
        let is_done = tokio::select! {
            () = stop.ordered() => false,
            ended = end.wait_for(|end| end.is_done) => ended.is_ok(),
            () = notice.follow() => false,
        };
        if is_done {
            let is_seen = tokio::time::timeout(LOOK_AT_IT, end.wait_for(|end| end.was_seen)).await.is_ok();
            if is_seen {
                tokio::time::sleep(READ_IT).await;
            }
        }
        closer.close();
        is_done
    };
    let ((), is_done) = tokio::join!(serving::serve(listener, app, tls, closing), close);
    wizard.close().await;
    Ok(is_done)
}
