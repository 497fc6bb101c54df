//! `uketsuke facility`: who belongs to the facility; letting a box in, coming in, putting one out. While the service is stopped.

use super::{plain_desk, say, tell};
use crate::clock::Clock;
use crate::desk::{FeedInput, Input, RunningDesk};
use crate::store::StoreLocation;
use crate::vault::{Vault, chance};
use anyhow::{Context, bail};
use clap::Subcommand;
use domain::Timestamp;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use sync::facility::join::channel::{Channel, Patience};
use sync::facility::join::conversation::{By, NewcomerDesk, WelcomerDesk, join, join_again, welcome};
use sync::facility::join::handshake::Confirmed;
use sync::facility::join::newcomer::{Joined, Pending};
use sync::facility::join::welcomer::{Grants, Request};
use sync::facility::join::{Code, Invitation, JoinFailure, Welcome};
use sync::facility::statement::{Reason, Said};
use sync::facility::{BoxId, Role, Statement, key_file, revocation};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use x25519_dalek::PublicKey;

const PENDING: &str = "joining.key";

#[derive(Debug, Subcommand)]
pub(super) enum FacilityCommand {
    /// Show who belongs to the facility.
    Show {
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Let another box or a hub in: shows a code, compares digits, asks.
    Invite {
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
        /// where the newcomer calls
        #[arg(long, default_value = "0.0.0.0:8445")]
        listen: SocketAddr,
    },
    /// Come into the facility of another box that shows a code.
    Join {
        /// address and port of the inviting box
        address: String,
        /// what people call this box
        #[arg(long)]
        name: String,
        /// the code on the other screen; left out to go on after a cut
        #[arg(long)]
        code: Option<String>,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Put a lost or retired box out.
    Revoke {
        /// its id, as `show` prints it
        id: String,
        /// lost, replaced, copied or retired
        #[arg(long)]
        reason: String,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
}

pub(super) async fn run(command: FacilityCommand) -> anyhow::Result<()> {
    match command {
        FacilityCommand::Show { data } => show(&data).await,
        FacilityCommand::Invite { data, listen } => invite(&data, listen).await,
        FacilityCommand::Join { address, name, code, data } => enter(&data, &address, &name, code.as_deref()).await,
        FacilityCommand::Revoke { id, reason, data } => put_out(&data, &id, &reason).await,
    }
}

async fn show(data: &Path) -> anyhow::Result<()> {
    let desk = plain_desk(data)?;
    let (vault, membership) = (desk.vault(), desk.vault().membership());
    say(&format!("施設 / Facility: {} {}", vault.facility(), label(vault)));
    for (id, member) in membership.members() {
        let here = if id == vault.id() { " *" } else { "" };
        let role = if member.introduction.role() == Role::Box { "受付機 / box" } else { "中継 / hub" };
        say(&format!("{id} {role} {}{here}", member.name));
    }
    for (id, former) in membership.former() {
        say(&format!("{id} 登録取消 / put out: {}", former.name));
    }
    if !vault.is_member() {
        say("この機器は登録されていません。 / This box is not a member.");
    }
    desk.stop().await;
    Ok(())
}

/// What the facility was founded as.
fn label(vault: &Vault) -> String {
    let statements = vault.statements();
    let founding = statements.iter().find(|one| matches!(one.said(), Said::Founded { .. }));
    founding.and_then(|one| one.said().name()).unwrap_or_default().to_owned()
}

async fn invite(data: &Path, listen: SocketAddr) -> anyhow::Result<()> {
    let desk = plain_desk(data)?;
    let listener = TcpListener::bind(listen).await.context("the address cannot be listened on")?;
    let invitation = Invitation::make(desk.clock().now(), &mut chance()?);
    say(&format!("登録コード / code: {}", invitation.code().shown()));
    let invitation = Mutex::new(Some(invitation));
    let outcome = loop {
        let (stream, _) = listener.accept().await?;
        match let_in(&desk, stream, &invitation).await {
            Err(failure) if is_open(&invitation, desk.clock().now()) => {
                let text = failure.staff();
                tell(&format!("{} / {}", text.ja, text.en));
            }
            outcome => break outcome,
        }
    };
    desk.stop().await;
    told(outcome)?;
    say("登録しました。 / Let in.");
    Ok(())
}

fn is_open(invitation: &Mutex<Option<Invitation>>, now: Timestamp) -> bool {
    invitation.lock().is_ok_and(|invitation| invitation.as_ref().is_some_and(|one| one.is_open(now)))
}

async fn let_in(
    desk: &RunningDesk,
    stream: TcpStream,
    invitation: &Mutex<Option<Invitation>>,
) -> Result<(), JoinFailure> {
    let mut chance = chance().map_err(|_| JoinFailure::NotKept(io::ErrorKind::Other))?;
    let channel = Channel::accept(stream, Patience::default(), &mut chance).await?;
    let vault = desk.vault().clone();
    let mut screen = Screen { desk: desk.clone(), vault: vault.clone() };
    let by = By::Inviting(invitation);
    welcome(channel, by, vault.identity(), vault.facility(), &label(&vault), &mut screen, &mut chance).await
}

/// The member's screen and disk.
struct Screen {
    desk: RunningDesk,
    vault: Arc<Vault>,
}

impl Grants for Screen {
    fn grants_for(&mut self, newcomer: BoxId, key: &PublicKey) -> Vec<u8> {
        self.vault.welcome(newcomer, key).unwrap_or_default()
    }
}

impl WelcomerDesk for Screen {
    fn statements(&mut self) -> Vec<Statement> {
        self.vault.statements()
    }

    fn ask(&mut self, request: &Request) -> oneshot::Receiver<bool> {
        let (answer, later) = oneshot::channel();
        tell(&format!("「{}」 {}", request.name, request.digits));
        tell("両方の画面の数字が同じなら yes を入力 / type yes if both screens show the same digits:");
        tokio::task::spawn_blocking(move || answer.send(typed().is_some_and(|line| line == "yes")));
        later
    }

    fn keep(&mut self, statement: &Statement) -> io::Result<()> {
        let input = |reply| Input::Feed(FeedInput::State(Box::new(statement.clone()), reply));
        let kept = tokio::task::block_in_place(|| self.desk.inbox().send_waiting(input));
        if matches!(kept, Some(Ok(()))) { Ok(()) } else { Err(io::ErrorKind::Other.into()) }
    }

    fn now(&self) -> Timestamp {
        self.desk.clock().now()
    }
}

async fn enter(data: &Path, address: &str, name: &str, code: Option<&str>) -> anyhow::Result<()> {
    let location = StoreLocation::in_folder(data)?;
    let vault = location.vault();
    let mut screen = Newcomer { folder: data.to_owned(), vault: vault.clone() };
    let stream = TcpStream::connect(address).await.context("the other box cannot be reached")?;
    let channel = told(Channel::connect(stream, Patience::default()).await)?;
    let clock = Clock::wall();
    let joined = match (code, pending(data)?) {
        (Some(code), _) => {
            let code = Code::typed(code).context("登録コードは9桁の数字です。 / A code has nine digits.")?;
            let by = By::Entering(&code);
            join(channel, by, vault.identity(), name, &mut screen, || clock.now(), &mut chance()?).await
        }
        (None, Some(pending)) => join_again(channel, pending, vault.identity(), &mut screen).await,
        (None, None) => bail!("--code: 登録コードを入力してください。 / Give the code on the other screen."),
    };
    told(joined)?;
    say("施設に登録されました。サービスを開始してください。 / This box is in. Start the service.");
    Ok(())
}

fn pending(data: &Path) -> anyhow::Result<Option<Pending>> {
    match key_file::read(&data.join(PENDING)) {
        Ok(bytes) => Ok(Pending::decode(&bytes).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The newcomer's screen and disk.
struct Newcomer {
    folder: PathBuf,
    vault: Arc<Vault>,
}

impl NewcomerDesk for Newcomer {
    fn show(&mut self, confirmed: &Confirmed) {
        say(&format!("照合の数字 / digits: {}", confirmed.digits));
    }

    fn keep_pending(&mut self, pending: &Pending) -> io::Result<()> {
        key_file::write(&self.folder.join(PENDING), &pending.encode())
    }

    fn keep_joined(&mut self, joined: &Joined) -> io::Result<()> {
        let Welcome::Box { statements, grants } = &joined.welcome else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let keys = self.vault.read_welcome(joined.facility, statements, grants);
        let entered = keys.and_then(|keys| Vault::enter(&self.folder, joined.facility, statements, keys));
        entered.map_err(io::Error::other)?;
        std::fs::remove_file(self.folder.join(PENDING))
    }
}

async fn put_out(data: &Path, id: &str, reason: &str) -> anyhow::Result<()> {
    let id = BoxId::from_hex(id).context("the id of a box has 32 digits and letters, as `facility show` prints it")?;
    let reason = match reason {
        "lost" => Reason::Lost,
        "replaced" => Reason::Replaced,
        "copied" => Reason::Copied,
        "retired" => Reason::Retired,
        _ => bail!("--reason: lost, replaced, copied or retired"),
    };
    let desk = plain_desk(data)?;
    let vault = desk.vault();
    let now = desk.clock().now();
    let decided = revocation::revoke(vault.identity(), &vault.membership(), id, reason, &*vault.clone(), now);
    let decided = decided.map_err(|refused| {
        let text = refused.staff();
        anyhow::anyhow!("{} / {}", text.ja, text.en)
    })?;
    let (statement, old) = (Box::new(decided.statement), decided.rotate);
    // From then on it is out; the new keys go to those who remain, with the next thing that is written.
    desk.inbox().send(|reply| Input::Feed(FeedInput::State(statement, reply))).await.context("the desk stopped")??;
    vault.replace(&old)?;
    desk.stop().await;
    let again = plain_desk(data)?;
    again.stop().await;
    say("登録を取り消し、鍵を替えました。 / Put out, and the keys were changed.");
    Ok(())
}

fn told<T>(outcome: Result<T, JoinFailure>) -> anyhow::Result<T> {
    outcome.map_err(|failure| {
        let text = failure.staff();
        anyhow::anyhow!("{} / {}", text.ja, text.en)
    })
}

fn typed() -> Option<String> {
    let mut line = String::new();
    io::stdin().read_line(&mut line).ok()?;
    Some(line.trim().to_owned())
}
