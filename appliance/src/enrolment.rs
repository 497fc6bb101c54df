//! Coming into a facility and letting others in, while the reception goes on.
//!
//! Everything that is under way lives in memory, and one screen shows it: the code that is open, digits to compare, what came of it.
//! What has to outlive a power cut is the joining itself (whom this box talked to), and that is kept by the conversation.

mod calling;
mod member;
mod newcomer;
mod screen;

pub use calling::place;
pub(crate) use calling::read_code;
pub use screen::Screen;

use crate::desk::{FeedInput, Input, RunningDesk};
use crate::store::PlaceRow;
use crate::vault::{Vault, chance};
use domain::Timestamp;
use domain::text::Text;
use newcomer::PENDING;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use sync::facility::join::channel::{Channel, Patience};
use sync::facility::join::conversation::{By, welcome};
use sync::facility::join::newcomer::Pending;
use sync::facility::join::{Invitation, JoinFailure};
use sync::facility::key_file;
use sync::facility::statement::Said;
use sync::terminal::StaffText;
use tokio::net::TcpStream;
use tokio::sync::watch;
use web::port::{NotDone, OpenCode};

/// Enrolments under way on one box.
pub struct Enrolment {
    desk: RunningDesk,
    folder: PathBuf,
    invitation: Mutex<Option<Invitation>>,
    screen: Arc<Screen>,
    /// this box was let in somewhere: the process has to start anew
    entered: watch::Sender<bool>,
    /// counts addresses that were written down
    placed: watch::Sender<u64>,
}

impl Enrolment {
    /// Nothing under way. `folder`: the data folder.
    pub fn new(desk: RunningDesk, folder: PathBuf, screen: Arc<Screen>) -> Enrolment {
        let (entered, placed) = (watch::Sender::new(false), watch::Sender::new(0));
        Enrolment { desk, folder, invitation: Mutex::default(), screen, entered, placed }
    }

    /// What people see of it.
    pub fn screen(&self) -> &Arc<Screen> {
        &self.screen
    }

    /// Becomes true when this box was let into another facility: its record has to be opened anew.
    pub fn entered(&self) -> watch::Receiver<bool> {
        self.entered.subscribe()
    }

    /// Changes when it became known where somebody is.
    pub fn placed(&self) -> watch::Receiver<u64> {
        self.placed.subscribe()
    }

    /// A new code; one made before is void.
    ///
    /// # Errors
    /// This box may let nobody in, or there is no randomness.
    pub fn make_code(&self) -> Result<(), NotDone> {
        if !self.vault().is_member() {
            return Err(not_done("", &JoinFailure::NoRight.staff()));
        }
        let mut random = chance().map_err(|_| not_done("", &JoinFailure::NotKept(io::ErrorKind::Other).staff()))?;
        *self.invitation() = Some(Invitation::make(self.now(), &mut random));
        self.screen.say(None);
        Ok(())
    }

    /// Takes the code back.
    pub fn withdraw_code(&self) {
        self.invitation().take();
        self.screen.say(None);
    }

    /// The code that is open.
    pub fn open_code(&self) -> Option<OpenCode> {
        let (now, invitation) = (self.now(), self.invitation());
        let open = invitation.as_ref().filter(|invitation| invitation.is_open(now))?;
        Some(OpenCode { code: open.code().shown(), until: open.good_until() })
    }

    /// A joining that was cut off after the digits.
    pub fn unfinished(&self) -> Option<Pending> {
        let bytes = key_file::read(&self.folder.join(PENDING)).ok()?;
        Pending::decode(&bytes).ok()
    }

    /// Talks to somebody who wants to come in, on a fresh connection.
    pub async fn talk(&self, stream: TcpStream) {
        let mut desk = member::MemberDesk::letting_in(self);
        let outcome = async {
            let mut random = chance().map_err(|_| JoinFailure::NotKept(io::ErrorKind::Other))?;
            let channel = Channel::accept(stream, Patience::default(), &mut random).await?;
            let (vault, by) = (self.vault().clone(), By::Inviting(&self.invitation));
            let label = self.label();
            welcome(channel, by, vault.identity(), vault.facility(), &label, &mut desk, &mut random).await
        };
        let outcome = outcome.await;
        match (&outcome, desk.take_asked()) {
            (Ok(()), Some((_, name))) => self.screen.say(Some(let_in(&name))),
            // A stranger who only knocks changes nothing on the screen; one who tried a code does.
            (Err(failure), asked) if asked.is_some() || tried_a_code(failure) => {
                self.screen.say(Some(text(&failure.staff())));
            }
            _ => {}
        }
        if let Err(failure) = outcome {
            tracing::info!(%failure, "nobody was let in");
        }
    }

    fn vault(&self) -> &Arc<Vault> {
        self.desk.vault()
    }

    fn now(&self) -> Timestamp {
        self.desk.clock().now()
    }

    fn invitation(&self) -> MutexGuard<'_, Option<Invitation>> {
        self.invitation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the facility was founded as.
    pub fn label(&self) -> String {
        let statements = self.vault().statements();
        let founding = statements.iter().find(|one| matches!(one.said(), Said::Founded { .. }));
        match founding.and_then(|one| one.said().name()) {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => self.vault().facility().to_string()[..6].to_owned(),
        }
    }

    async fn remember_place(&self, place: PlaceRow) {
        let kept = self.desk.inbox().send(|reply| Input::Feed(FeedInput::Place(place, reply))).await;
        match kept {
            Some(Ok(())) => self.placed.send_modify(|count| *count = count.wrapping_add(1)),
            _ => tracing::warn!("where the other one is could not be written down; it has to be found on the network"),
        }
    }
}

fn let_in(name: &str) -> Text {
    Text::new(format!("「{name}」を登録しました。"), format!("“{name}” is registered."))
}

const fn tried_a_code(failure: &JoinFailure) -> bool {
    matches!(
        failure,
        JoinFailure::WrongCode { .. } | JoinFailure::CodeVoid | JoinFailure::CodeExpired | JoinFailure::CodeUsed
    )
}

/// In the words of the pages.
pub(crate) fn text(staff: &StaffText) -> Text {
    Text::new(staff.ja.to_string(), staff.en.to_string())
}

pub(crate) fn not_done(at: &'static str, staff: &StaffText) -> NotDone {
    NotDone { at, why: text(staff) }
}
