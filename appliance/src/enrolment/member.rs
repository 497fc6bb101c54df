//! The screen, disk and keys of this box while it lets somebody in.

use super::Enrolment;
use super::screen::Asked;
use crate::desk::{FeedInput, Input};
use domain::Timestamp;
use std::io;
use sync::facility::join::conversation::WelcomerDesk;
use sync::facility::join::welcomer::{Grants, Request};
use sync::facility::{BoxId, Role, Statement};
use tokio::sync::oneshot;
use web::port::DigitsOf;
use x25519_dalek::PublicKey;

/// One conversation.
pub(super) struct MemberDesk<'a> {
    enrolment: &'a Enrolment,
    /// whoever began the conversation is told that the digits are there
    begun: Option<oneshot::Sender<()>>,
    asked: Option<(Asked, BoxId, String)>,
}

impl<'a> MemberDesk<'a> {
    /// A box that comes with a code.
    pub fn letting_in(enrolment: &'a Enrolment) -> MemberDesk<'a> {
        MemberDesk { enrolment, begun: None, asked: None }
    }

    /// A hub that is called.
    pub fn calling(enrolment: &'a Enrolment, begun: oneshot::Sender<()>) -> MemberDesk<'a> {
        MemberDesk { enrolment, begun: Some(begun), asked: None }
    }

    /// Who was asked about, if the conversation came so far. The question goes.
    pub fn take_asked(&mut self) -> Option<(BoxId, String)> {
        self.asked.take().map(|(_, id, name)| (id, name))
    }
}

impl Grants for MemberDesk<'_> {
    fn grants_for(&mut self, newcomer: BoxId, key: &PublicKey) -> Vec<u8> {
        // An empty grant opens for nobody: the newcomer refuses it, and asks again.
        self.enrolment.vault().welcome(newcomer, key).unwrap_or_default()
    }
}

impl WelcomerDesk for MemberDesk<'_> {
    fn statements(&mut self) -> Vec<Statement> {
        self.enrolment.vault().statements()
    }

    fn ask(&mut self, request: &Request) -> oneshot::Receiver<bool> {
        let of = if request.role == Role::Hub { DigitsOf::NewHub } else { DigitsOf::NewBox };
        let (asked, later) = self.enrolment.screen.ask(of, &request.name, request.digits.to_string());
        self.asked = Some((asked, request.newcomer, request.name.clone()));
        if let Some(begun) = self.begun.take() {
            // who waited for it may have gone; the question stands on the screen all the same
            let _ = begun.send(());
        }
        later
    }

    fn keep(&mut self, statement: &Statement) -> io::Result<()> {
        let input = |reply| Input::Feed(FeedInput::State(Box::new(statement.clone()), reply));
        let kept = tokio::task::block_in_place(|| self.enrolment.desk.inbox().send_waiting(input));
        if matches!(kept, Some(Ok(()))) { Ok(()) } else { Err(io::ErrorKind::Other.into()) }
    }

    fn now(&self) -> Timestamp {
        self.enrolment.now()
    }
}
