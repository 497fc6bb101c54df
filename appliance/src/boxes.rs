//! The other boxes and the hub, as pages, API and command line see them: exchange and enrolment put together.
//!
//! Exchange runs where the settings have a `[sync]` part and where the box has been let in or let somebody in; a box that is alone
//! opens no port until somebody makes a code or enters one.

mod control;
mod naming;
mod rotation;
mod view;

pub use control::{Asked, FormerReport, MemberReport, PeerReport, QuestionReport, Report, ask};

use crate::desk::RunningDesk;
use crate::enrolment::{Enrolment, Screen, not_done, text};
use crate::exchange::{Exchange, SyncSettings};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use sync::facility::revocation::{self, NotRevoked};
use sync::facility::statement::Reason;
use sync::seal::BoxId;
use sync::terminal::StaffText;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;
use web::port::{Account, Facility, FacilityView, NotDone, Pending, PutOutReason};

/// The other boxes and the hub. Everything ends when this is dropped.
pub struct Boxes(Arc<Shared>, Vec<JoinHandle<()>>);

struct Shared {
    desk: RunningDesk,
    settings: SyncSettings,
    enrolment: Arc<Enrolment>,
    changes: watch::Sender<u64>,
    exchange: RwLock<Option<Arc<Exchange>>>,
    /// why exchange could not be started
    failed: RwLock<Option<StaffText>>,
    starting: Mutex<()>,
}

impl Boxes {
    /// Starts what is wanted: exchange, where the settings have it or the box is not alone. `when_needed` are the settings of a box that
    /// has none, should somebody come in.
    pub async fn start(
        settings: Option<SyncSettings>,
        when_needed: SyncSettings,
        desk: &RunningDesk,
        folder: &Path,
    ) -> Boxes {
        let changes = watch::Sender::new(0);
        let screen = Screen::new(changes.clone());
        let enrolment = Arc::new(Enrolment::new(desk.clone(), folder.to_owned(), screen));
        let is_wanted = settings.is_some();
        let shared = Arc::new(Shared {
            desk: desk.clone(),
            settings: settings.unwrap_or(when_needed),
            enrolment,
            changes,
            exchange: RwLock::default(),
            failed: RwLock::default(),
            starting: Mutex::default(),
        });
        let has_others = desk.vault().membership().members().any(|(id, _)| id != desk.vault().id());
        if is_wanted || has_others {
            // said on the page; reception goes on without
            let _ = shared.running().await;
        }
        let watching = vec![
            tokio::spawn(shared.clone().rotate_what_is_due()),
            tokio::spawn(shared.clone().tell_of_members()),
            tokio::spawn(shared.clone().call_who_was_placed()),
        ];
        Boxes(shared, watching)
    }

    /// Answers the command line.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub fn listen_in(&mut self, folder: &Path) -> std::io::Result<()> {
        self.1.push(control::listen(self.0.clone(), folder)?);
        Ok(())
    }

    /// For pages and API.
    pub fn port(&self) -> Arc<dyn Facility> {
        self.0.clone()
    }

    /// Becomes true when this box was let into another facility: its record has to be opened anew.
    pub fn entered(&self) -> watch::Receiver<bool> {
        self.0.enrolment.entered()
    }

    /// The running exchange.
    pub fn exchange(&self) -> Option<Arc<Exchange>> {
        self.0.exchange()
    }

    /// Ends the exchange, and writes down what was used.
    pub async fn close(self) {
        if let Some(exchange) = self.0.exchange() {
            exchange.keep().await;
        }
    }
}

impl Drop for Boxes {
    fn drop(&mut self) {
        self.1.iter().for_each(JoinHandle::abort);
        self.0.exchange.write().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Shared {
    fn exchange(&self) -> Option<Arc<Exchange>> {
        self.exchange.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The exchange, started if it does not run yet.
    async fn running(&self) -> Result<Arc<Exchange>, NotDone> {
        let _one_at_a_time = self.starting.lock().await;
        if let Some(exchange) = self.exchange() {
            return Ok(exchange);
        }
        let (settings, enrolment) = (self.settings.clone(), Some(self.enrolment.clone()));
        let listen = settings.listen;
        match Exchange::enrolling(settings, &self.desk, enrolment, self.changes.clone()).await {
            Ok(exchange) => {
                let exchange = Arc::new(exchange);
                *self.exchange.write().unwrap_or_else(PoisonError::into_inner) = Some(exchange.clone());
                self.failed.write().unwrap_or_else(PoisonError::into_inner).take();
                self.changed();
                Ok(exchange)
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "no exchange with other boxes; reception goes on"
                );
                let why = cannot_listen(listen);
                let refused = not_done("", &why);
                *self.failed.write().unwrap_or_else(PoisonError::into_inner) = Some(why);
                self.changed();
                Err(refused)
            }
        }
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Who belongs to the facility may change by what another box writes.
    async fn tell_of_members(self: Arc<Self>) {
        let mut members = self.desk.vault().changed();
        while members.changed().await.is_ok() {
            self.changed();
        }
    }

    /// Where a hub is becomes known with its approval.
    async fn call_who_was_placed(self: Arc<Self>) {
        let mut placed = self.enrolment.placed();
        while placed.changed().await.is_ok() {
            if let Some(exchange) = self.exchange() {
                exchange.looked_at_again();
            }
        }
    }

    async fn make_code_now(&self) -> Result<(), NotDone> {
        let exchange = self.running().await?;
        self.enrolment.make_code()?;
        exchange.looked_at_again();
        Ok(())
    }

    /// The only box on this network that awaits somebody, where none was named.
    async fn join_now(&self, address: &str, code: &str, name: &str) -> Result<(), NotDone> {
        let exchange = self.running().await?;
        let found = exchange.inviting();
        let address = match (address.trim(), found.as_slice()) {
            ("", [one]) => one.to_string(),
            (typed, _) => typed.to_owned(),
        };
        self.enrolment.join(&address, code, name).await
    }

    async fn enrol_hub_now(&self, address: &str, code: &str) -> Result<(), NotDone> {
        self.running().await?;
        self.enrolment.enrol_hub(address, code).await
    }

    async fn put_out_now(&self, id: &str, reason: PutOutReason) -> Result<(), NotDone> {
        let id = BoxId::from_hex(id).ok_or_else(|| not_done("id", &NotRevoked::NotAMember.staff()))?;
        let (vault, now) = (self.desk.vault(), self.desk.clock().now());
        let reason = match reason {
            PutOutReason::Lost => Reason::Lost,
            PutOutReason::Replaced => Reason::Replaced,
            PutOutReason::Copied => Reason::Copied,
            PutOutReason::Retired => Reason::Retired,
        };
        let decided = revocation::revoke(vault.identity(), &vault.membership(), id, reason, &**vault, now);
        let decided = decided.map_err(|refused| not_done("id", &refused.staff()))?;
        self.carry_out(id, decided).await
    }
}

fn cannot_listen(at: std::net::SocketAddr) -> StaffText {
    StaffText::new(
        format!(
            "ほかの受付機とやり取りするためのポート（{at}）を開けません。受付は続けられ、記録はこの受付機に保存されています。設定の [sync] listen を確かめて、受付機を再起動してください。"
        ),
        format!(
            "The port for other boxes ({at}) cannot be opened. Check-in goes on and everything is saved here. Look at [sync] listen in the \
             settings, then restart the box."
        ),
    )
}

impl Facility for Shared {
    fn view(&self) -> FacilityView {
        self.look()
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn sync_now(&self) {
        if let Some(exchange) = self.exchange() {
            exchange.now();
        }
    }

    fn make_code(&self) -> Pending<'_, Result<(), NotDone>> {
        Box::pin(self.make_code_now())
    }

    fn withdraw_code(&self) {
        self.enrolment.withdraw_code();
        if let Some(exchange) = self.exchange() {
            exchange.announce_again();
        }
    }

    fn answer(&self, question: &str, same: bool) -> bool {
        self.enrolment.screen().answer(question, same)
    }

    fn join(&self, address: &str, code: &str, name: &str) -> Pending<'_, Result<(), NotDone>> {
        let (address, code, name) = (address.to_owned(), code.to_owned(), name.to_owned());
        Box::pin(async move { self.join_now(&address, &code, &name).await })
    }

    fn enrol_hub(&self, address: &str, code: &str) -> Pending<'_, Result<(), NotDone>> {
        let (address, code) = (address.to_owned(), code.to_owned());
        Box::pin(async move { self.enrol_hub_now(&address, &code).await })
    }

    fn put_out(&self, id: &str, reason: PutOutReason) -> Pending<'_, Result<(), NotDone>> {
        let id = id.to_owned();
        Box::pin(async move { self.put_out_now(&id, reason).await })
    }

    fn rename(&self, by: Option<&Account>, id: &str, name: &str) -> Pending<'_, Result<(), NotDone>> {
        let (by, id, name) = (by.cloned(), id.to_owned(), name.to_owned());
        Box::pin(async move { self.rename_now(by.as_ref(), &id, &name).await })
    }
}

fn failure_words(failure: &sync::feed::FeedFailure) -> domain::text::Text {
    text(&failure.text())
}
