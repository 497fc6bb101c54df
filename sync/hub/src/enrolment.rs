//! How a facility comes to this hub: a code made here is typed in on one of its boxes, both screens show the same digits, a person
//! approves on the box. The hub is the newcomer; it gets statements, never keys.

use crate::chance::chance;
use crate::registry::Registry;
use crate::store::facilities::{Quota, enrol};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use sync::facility::FacilityId;
use sync::facility::join::channel::{Channel, Patience};
use sync::facility::join::conversation::{By, NewcomerDesk, join};
use sync::facility::join::handshake::Confirmed;
use sync::facility::join::message::Presentation;
use sync::facility::join::newcomer::{Joined, Pending};
use sync::facility::join::{Invitation, JoinFailure, Welcome};
use tokio::net::TcpStream;

/// What the admin's page shows of an enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing happened yet.
    Waiting,
    /// A box knew the code: these digits have to be the same on its screen.
    Compare {
        /// how the facility calls itself
        label: String,
        /// the digits
        digits: String,
    },
    /// In.
    Enrolled(FacilityId),
    /// Not in.
    Failed(JoinFailure),
}

/// The one open code of this process. It is good at this process only: the box has to call the same address.
pub struct Enrolment {
    registry: Arc<Registry>,
    name: String,
    invitation: Mutex<Option<Invitation>>,
    progress: Mutex<Progress>,
}

impl Enrolment {
    /// No code yet. `name`: how the facility's screens shall call this hub.
    pub fn new(registry: Arc<Registry>, name: String) -> Enrolment {
        Enrolment { registry, name, invitation: Mutex::default(), progress: Mutex::new(Progress::Waiting) }
    }

    /// A new code; one made before is void.
    ///
    /// # Errors
    /// No randomness.
    pub fn make_code(&self) -> Result<String, crate::store::StoreFailure> {
        let invitation = Invitation::make(self.registry.clock(), &mut chance()?);
        let code = invitation.code().shown();
        *lock(&self.invitation) = Some(invitation);
        *lock(&self.progress) = Progress::Waiting;
        Ok(code)
    }

    /// The code that is open, for the screen.
    pub fn open_code(&self) -> Option<String> {
        let now = self.registry.clock();
        let invitation = lock(&self.invitation);
        invitation.as_ref().filter(|invitation| invitation.is_open(now)).map(|invitation| invitation.code().shown())
    }

    /// What happened since the code was made.
    pub fn progress(&self) -> Progress {
        lock(&self.progress).clone()
    }

    /// Talks to somebody who wants to enrol, on a fresh connection.
    ///
    /// # Errors
    /// Why nobody was enrolled; the other side has been told.
    pub async fn talk(&self, stream: TcpStream, patience: Patience) -> Result<FacilityId, JoinFailure> {
        let failed = |_| JoinFailure::NotKept(io::ErrorKind::Other);
        let mut random = chance().map_err(failed)?;
        let channel = Channel::accept(stream, patience, &mut random).await?;
        let mut desk = Desk { enrolment: self, confirmed: false };
        let (identity, registry) = (self.registry.identity(), &self.registry);
        let by = By::Inviting(&self.invitation);
        let joined = join(channel, by, identity, &self.name, &mut desk, || registry.clock(), &mut random).await;
        // A stranger who did not know the code changes nothing on the page.
        if let (true, Err(failure)) = (desk.confirmed, &joined) {
            *lock(&self.progress) = Progress::Failed(*failure);
        }
        joined.map(|joined| joined.facility)
    }
}

struct Desk<'a> {
    enrolment: &'a Enrolment,
    confirmed: bool,
}

impl NewcomerDesk for Desk<'_> {
    fn show(&mut self, confirmed: &Confirmed) {
        self.confirmed = true;
        let label = match &confirmed.theirs {
            Presentation::Member { label, .. } => label.clone(),
            Presentation::Newcomer { name, .. } => name.clone(),
        };
        *lock(&self.enrolment.progress) = Progress::Compare { label, digits: confirmed.digits.to_string() };
    }

    /// Nothing: a hub that was cut off here is enrolled again with a new code, and the box then finds it admitted already.
    fn keep_pending(&mut self, _: &Pending) -> io::Result<()> {
        Ok(())
    }

    fn keep_joined(&mut self, joined: &Joined) -> io::Result<()> {
        let Welcome::Hub { statements } = &joined.welcome else { return Err(io::ErrorKind::InvalidData.into()) };
        let registry = &self.enrolment.registry;
        tokio::task::block_in_place(|| {
            let now = registry.clock();
            registry.store().write(|sql| enrol(sql, joined.facility, statements, Quota::default(), now))?;
            // The box may call the next moment.
            registry.reload(Some(joined.facility)).map_err(|_| crate::store::StoreFailure::Damaged("members"))
        })
        .map_err(|failure| io::Error::other(failure.to_string()))?;
        *lock(&self.enrolment.progress) = Progress::Enrolled(joined.facility);
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
