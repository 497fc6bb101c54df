//! The thin shell around the machines: whose turn it is, what is kept before what is sent, and who is asked.

use super::channel::Channel;
use super::code::{Code, Invitation};
use super::failure::JoinFailure;
use super::handshake::{Confirmed, Entering, Inviting, Progress};
use super::message::{MAX_EARLY_MESSAGE, MAX_FIRST_MESSAGE, MAX_MESSAGE, Message, Presentation};
use super::newcomer::{Joined, Joining, Pending};
use super::welcomer::{Grants, Request, Welcoming, resume};
use crate::facility::id::FacilityId;
use crate::facility::identity::BoxIdentity;
use crate::facility::membership::Membership;
use crate::facility::statement::Statement;
use domain::Timestamp;
use rand::CryptoRng;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// On which side of the code this machine is.
pub enum By<'a> {
    /// The code was typed in here.
    Entering(&'a Code),
    /// The code was made here; all conversations share the one invitation.
    Inviting(&'a Mutex<Option<Invitation>>),
}

/// The newcomer's screen and disk.
pub trait NewcomerDesk {
    /// Shows the facility's label and the digits.
    fn show(&mut self, confirmed: &Confirmed);
    /// Asks a person whether the digits just shown are the same on the other screen; yes or no comes later. `None` where nobody is
    /// asked on this side, and the person before the other screen decides alone.
    fn confirm(&mut self) -> Option<oneshot::Receiver<bool>> {
        None
    }
    /// Durable when this returns.
    fn keep_pending(&mut self, pending: &Pending) -> io::Result<()>;
    /// Durable when this returns, all at once; the pending one goes.
    fn keep_joined(&mut self, joined: &Joined) -> io::Result<()>;
}

/// The member box's screen, disk and keys.
pub trait WelcomerDesk: Grants {
    /// All statements that are kept.
    fn statements(&mut self) -> Vec<Statement>;
    /// Asks a person; yes or no comes later.
    fn ask(&mut self, request: &Request) -> oneshot::Receiver<bool>;
    /// Durable when this returns, and on its way to the other members. Harmless when it is kept already.
    fn keep(&mut self, statement: &Statement) -> io::Result<()>;
    /// The instant of now.
    fn now(&self) -> Timestamp;
}

/// A new box or hub comes in.
pub async fn join<S: AsyncRead + AsyncWrite + Unpin>(
    mut channel: Channel<S>,
    by: By<'_>,
    identity: &BoxIdentity,
    name: &str,
    desk: &mut impl NewcomerDesk,
    now: impl Fn() -> Timestamp,
    chance: &mut impl CryptoRng,
) -> Result<Joined, JoinFailure> {
    let presentation = Presentation::Newcomer { introduction: identity.introduction(), name: name.to_owned() };
    let outcome = async {
        let confirmed = confirm(&mut channel, &by, presentation, None, now, chance).await?;
        let joining = Joining::new(&confirmed)?;
        desk.show(&confirmed);
        if let Some(answer) = desk.confirm() {
            answered(answer, channel.patience.person).await?;
        }
        desk.keep_pending(joining.pending()).map_err(|error| JoinFailure::NotKept(error.kind()))?;
        channel.send(&Message::Ready).await?;
        fetch(&mut channel, &joining, identity, desk).await
    };
    let outcome = outcome.await;
    channel.ended(outcome).await
}

/// A newcomer that was cut off asks again, in a new session.
pub async fn join_again<S: AsyncRead + AsyncWrite + Unpin>(
    mut channel: Channel<S>,
    pending: Pending,
    identity: &BoxIdentity,
    desk: &mut impl NewcomerDesk,
) -> Result<Joined, JoinFailure> {
    let (joining, ask) = Joining::resume(identity, pending, channel.session());
    channel.send(&ask).await?;
    let outcome = fetch(&mut channel, &joining, identity, desk).await;
    channel.ended(outcome).await
}

async fn fetch<S: AsyncRead + AsyncWrite + Unpin>(
    channel: &mut Channel<S>,
    joining: &Joining,
    identity: &BoxIdentity,
    desk: &mut impl NewcomerDesk,
) -> Result<Joined, JoinFailure> {
    let deadline = channel.patience.person + channel.patience.machine;
    let joined = joining.receive(identity, channel.receive(MAX_MESSAGE, deadline).await?)?;
    desk.keep_joined(&joined).map_err(|error| JoinFailure::NotKept(error.kind()))?;
    // in, whether they hear it or not
    let _ = channel.put(&Message::Kept).await;
    channel.hang_up().await;
    Ok(joined)
}

/// A member box lets somebody in. `label` is what the newcomer's screen calls the facility. The admission is kept when this returns
/// without error; an error after the approval means that the newcomer may have to ask again.
pub async fn welcome<S: AsyncRead + AsyncWrite + Unpin>(
    mut channel: Channel<S>,
    by: By<'_>,
    identity: &BoxIdentity,
    facility: FacilityId,
    label: &str,
    desk: &mut impl WelcomerDesk,
    chance: &mut impl CryptoRng,
) -> Result<(), JoinFailure> {
    let outcome = welcomed(&mut channel, &by, identity, facility, label, desk, chance).await;
    channel.ended(outcome).await
}

async fn welcomed<S: AsyncRead + AsyncWrite + Unpin>(
    channel: &mut Channel<S>,
    by: &By<'_>,
    identity: &BoxIdentity,
    facility: FacilityId,
    label: &str,
    desk: &mut impl WelcomerDesk,
    chance: &mut impl CryptoRng,
) -> Result<(), JoinFailure> {
    let mut first = None;
    if let By::Inviting(_) = by {
        match channel.receive(MAX_FIRST_MESSAGE, channel.patience.machine).await? {
            Message::Vouch(heard) => return vouched(channel, facility, heard, desk).await,
            Message::Resume(asked) => {
                let statements = desk.statements();
                let membership = Membership::evaluate(facility, &statements);
                let answer = resume(&asked, identity, &membership, channel.session(), statements, desk)?;
                return hand_over(channel, &answer).await;
            }
            message => first = Some(message),
        }
    }
    let introduction = identity.introduction();
    let presentation = Presentation::Member { facility, introduction, label: label.to_owned() };
    let confirmed = confirm(channel, by, presentation, first, || desk.now(), chance).await?;
    let mut welcoming = Welcoming::new(confirmed, identity, &Membership::evaluate(facility, &desk.statements()))?;
    let person = channel.patience.person;
    let answer = answered(desk.ask(welcoming.request()), person);
    // Two people compare at the same time: the digits stand on both screens until both have said yes, or one of them no.
    let ready = async { welcoming.receive(channel.receive(MAX_EARLY_MESSAGE, person).await?) };
    tokio::try_join!(answer, ready)?;
    let membership = Membership::evaluate(facility, &desk.statements());
    let approved = welcoming.approve(identity, &membership, desk.now())?;
    if let Some(admission) = &approved.admission {
        desk.keep(admission).map_err(|error| JoinFailure::NotKept(error.kind()))?;
    }
    let statements = desk.statements();
    hand_over(channel, &approved.welcome(identity, statements, desk)).await
}

async fn answered(answer: oneshot::Receiver<bool>, patience: Duration) -> Result<(), JoinFailure> {
    match timeout(patience, answer).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(JoinFailure::Declined),
        Ok(Err(_)) | Err(_) => Err(JoinFailure::NotApproved),
    }
}

/// A member tells another, that does not know it yet, how it came to be one: whoever admitted it may be gone before he could.
pub async fn vouch<S: AsyncRead + AsyncWrite + Unpin>(
    mut channel: Channel<S>,
    statements: Vec<Statement>,
) -> Result<(), JoinFailure> {
    let outcome = hand_over(&mut channel, &Message::Vouch(statements)).await;
    channel.ended(outcome).await
}

/// Keeps what is new and counts; anybody may bring it, for it is signed.
async fn vouched<S: AsyncRead + AsyncWrite + Unpin>(
    channel: &mut Channel<S>,
    facility: FacilityId,
    heard: Vec<Statement>,
    desk: &mut impl WelcomerDesk,
) -> Result<(), JoinFailure> {
    let kept = desk.statements();
    let before = Membership::evaluate(facility, &kept);
    let together = Membership::evaluate(facility, kept.iter().chain(&heard));
    let news = heard.iter().filter(|one| together.counts(one.hash()) && !before.counts(one.hash()));
    for statement in news {
        desk.keep(statement).map_err(|error| JoinFailure::NotKept(error.kind()))?;
    }
    channel.put(&Message::Kept).await?;
    channel.hang_up().await;
    Ok(())
}

async fn hand_over<S: AsyncRead + AsyncWrite + Unpin>(
    channel: &mut Channel<S>,
    welcome: &Message,
) -> Result<(), JoinFailure> {
    channel.send(welcome).await?;
    match channel.receive(MAX_EARLY_MESSAGE, channel.patience.machine).await? {
        Message::Kept => Ok(()),
        Message::Refuse(failure) => Err(failure),
        _ => Err(JoinFailure::OutOfTurn),
    }
}

/// The handshake, on whichever side of the code. `first` is what was heard already.
async fn confirm<S: AsyncRead + AsyncWrite + Unpin>(
    channel: &mut Channel<S>,
    by: &By<'_>,
    presentation: Presentation,
    first: Option<Message>,
    now: impl Fn() -> Timestamp,
    chance: &mut impl CryptoRng,
) -> Result<Confirmed, JoinFailure> {
    match by {
        By::Entering(code) => {
            let (mut side, hello) = Entering::start(code, channel.session(), presentation, chance);
            channel.send(&hello).await?;
            exchange(channel, None, |message| side.receive(message)).await
        }
        By::Inviting(shared) => {
            let mut side = Inviting::new(channel.session(), presentation);
            let hear = |message| {
                let mut invitation = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let invitation = invitation.as_mut().ok_or(JoinFailure::NoCode)?;
                side.receive(message, invitation, now(), chance)
            };
            exchange(channel, first, hear).await
        }
    }
}

/// Back and forth until one side of the handshake is done.
async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    channel: &mut Channel<S>,
    mut first: Option<Message>,
    mut hear: impl FnMut(Message) -> Result<Progress, JoinFailure>,
) -> Result<Confirmed, JoinFailure> {
    loop {
        let message = match first.take() {
            Some(message) => message,
            None => channel.receive(MAX_EARLY_MESSAGE, channel.patience.machine).await?,
        };
        let progress = hear(message)?;
        if let Some(message) = progress.send {
            channel.send(&message).await?;
        }
        if let Some(confirmed) = progress.confirmed {
            return Ok(confirmed);
        }
    }
}
