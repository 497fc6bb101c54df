//! The desk: one inbox, one writer, one transaction for everything that waits together.

mod account;
mod adoption;
mod answer;
mod apart;
mod apart_view;
mod board_shown;
mod bundle;
mod card;
mod check_in;
mod claims;
mod consents;
mod counters;
mod disaster;
mod effect;
mod forgetting;
mod forgetting_shown;
mod found_cards;
mod inbox;
mod job;
mod line;
mod log;
mod lost_cards;
mod patient;
mod people;
mod port;
mod queue_shown;
mod reading;
mod recognition;
mod record_shown;
mod reply;
mod round;
mod tablets;
mod trail;
mod updating;
mod visit;
mod who;
mod work;
mod writer;

pub use answer::{Heard, HeardWhat, PersonHeard};
pub use inbox::{AccountInput, FeedInput, HandOver, Inbox, Input, Intended, PeopleDeclined, PeopleWork};
pub use log::StoreLog;
pub use people::machine_session;
pub use reading::Readers;
pub use reply::Reply;

use crate::claim_file::Layouts;
use crate::clock::Clock;
use crate::metrics::Figures;
use crate::recognition::Recognition;
use crate::schedule::is_impossible;
use crate::store::{Checkpointer, StoreError, StoreLocation, Stored, Writing};
use crate::update::Agent;
use crate::vault::Vault;
use domain::Timestamp;
use domain::case::Site;
use domain::link::Links;
use domain::rule::RulePack;
use rusqlite::TransactionBehavior;
use std::sync::{Arc, RwLock};
use sync::feed::Term;
use sync::outbox::Patience;
use sync::seal::Month;
use tokio::sync::watch;
use web::port::{Backups, Board, Devices, Drill, Facility, Inside, LinkReport, Practice, Prints};

/// What the desk must know of its site.
#[derive(Clone, Debug)]
pub struct DeskSettings {
    /// the site
    pub site: Site,
    /// the dated rules
    pub rules: RulePack,
    /// how long to wait for the outside
    pub patience: Patience,
}

/// A running desk. Clones are handles on the same desk; the writer ends when the last handle is gone.
#[derive(Clone)]
pub struct RunningDesk {
    inbox: Inbox,
    readers: Arc<Readers>,
    revisions: watch::Receiver<u64>,
    links: Arc<RwLock<LinkReport>>,
    settings: Arc<DeskSettings>,
    clock: Clock,
    recognition: Arc<Recognition>,
    vault: Arc<Vault>,
    people: Arc<people::PeopleMemory>,
    practice: Option<Arc<dyn Practice>>,
    devices: Option<Arc<dyn Devices>>,
    facility: Option<Arc<dyn Facility>>,
    backups: Option<Arc<dyn Backups>>,
    prints: Option<Arc<dyn Prints>>,
    drill: Option<Arc<dyn Drill>>,
    inside: Option<Arc<dyn Inside>>,
    figures: Arc<Figures>,
    updates: Option<Agent>,
    layouts: Layouts,
    board_of_today: Arc<reading::Lasting<Board>>,
}

impl RunningDesk {
    /// Opens the store and starts the writer. No card is recognised.
    pub fn start(location: &StoreLocation, settings: DeskSettings, clock: Clock) -> Stored<RunningDesk> {
        RunningDesk::start_recognising(location, settings, clock, Recognition::new(location.folder(), false))
    }

    /// The same, with what is to be known of cards that come again.
    pub fn start_recognising(
        location: &StoreLocation,
        settings: DeskSettings,
        clock: Clock,
        recognition: Recognition,
    ) -> Stored<RunningDesk> {
        let mut connection = location.open_writer()?;
        open_log(&mut connection, location.vault(), clock.now())?;
        fill_claims(&mut connection, location.vault(), &settings.rules)?;
        let last_links = crate::store::Reading::over(&connection, location.vault()).last_links()?;
        let links = Arc::new(RwLock::new(LinkReport {
            links: at_start(last_links),
            probed_at: None,
            unpicked: (0, 0),
            clock_impossible: is_impossible(clock.now()),
        }));
        let (sender, revisions) = watch::channel(1);
        let settings = Arc::new(settings);
        let checkpointer = Checkpointer::start(location)?;
        let recognition = Arc::new(recognition);
        let figures: Arc<Figures> = Arc::default();
        let writer = writer::Writer::new(
            writer::OpenStore { connection, checkpointer, vault: location.vault().clone() },
            settings.clone(),
            clock.clone(),
            links.clone(),
            sender,
            recognition.clone(),
            figures.clone(),
        )?;
        let running = RunningDesk {
            inbox: writer.start(),
            readers: Arc::new(Readers::new(location.clone())),
            revisions,
            links,
            settings,
            clock,
            recognition,
            vault: location.vault().clone(),
            people: Arc::default(),
            practice: None,
            devices: None,
            facility: None,
            backups: None,
            prints: None,
            drill: None,
            inside: None,
            figures,
            updates: None,
            layouts: Layouts::in_folder(location.folder()),
            board_of_today: Arc::default(),
        };
        running.reload_notices();
        Ok(running)
    }

    /// The same desk with practice controls: practice cards count.
    pub fn with_practice(mut self, practice: Arc<dyn Practice>) -> RunningDesk {
        self.recognition.practise();
        self.practice = Some(practice);
        self
    }

    /// The same desk with the devices of the box.
    pub fn with_devices(mut self, devices: Arc<dyn Devices>) -> RunningDesk {
        self.devices = Some(devices);
        self
    }

    /// The same desk with the other boxes and the hub.
    pub fn with_facility(mut self, facility: Arc<dyn Facility>) -> RunningDesk {
        self.facility = Some(facility);
        self
    }

    /// The same desk with backups of the box.
    pub fn with_backups(mut self, backups: Arc<dyn Backups>) -> RunningDesk {
        self.backups = Some(backups);
        self
    }

    /// The same desk with what sets papers.
    pub fn with_prints(mut self, prints: Arc<dyn Prints>) -> RunningDesk {
        self.prints = Some(prints);
        self
    }

    /// The same desk with drills beside it.
    pub fn with_drill(mut self, drill: Arc<dyn Drill>) -> RunningDesk {
        self.drill = Some(drill);
        self
    }

    /// The same desk with the box seen from inside.
    pub fn with_inside(mut self, inside: Arc<dyn Inside>) -> RunningDesk {
        self.inside = Some(inside);
        self
    }

    /// What was counted of its work since it was started.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// The same desk with updates of the box.
    pub fn with_updates(mut self, updates: Agent) -> RunningDesk {
        self.updates = Some(updates);
        self
    }

    /// What looks after updates, where the box does that by itself.
    pub fn update_agent(&self) -> Option<&Agent> {
        self.updates.as_ref()
    }

    /// Finishes what waits and closes the store. A process that ends while the writer still works would tear the cryptography away
    /// under it. Whatever is handed in afterwards is told that nothing was kept.
    pub async fn stop(&self) {
        self.write_views().await;
        if self.inbox.send(Input::Stop).await.is_none() {
            tracing::debug!("the desk had stopped already");
        }
        self.readers.close();
        self.board_of_today.close();
    }

    /// The way in for everything that is not a person: answers, links, the courier.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// Connections that only read.
    pub fn readers(&self) -> &Arc<Readers> {
        &self.readers
    }

    /// The links as the desk sees them, and whether the clock of this moment can be right.
    pub fn link_report(&self) -> LinkReport {
        let report = self.links.read().map_or_else(|poisoned| poisoned.into_inner().clone(), |report| report.clone());
        LinkReport { clock_impossible: is_impossible(self.clock.now()), ..report }
    }

    /// Notes probe time and unpicked requests; link states themselves change through the inbox.
    pub fn note_probe(&self, change: impl FnOnce(&mut LinkReport)) {
        match self.links.write() {
            Ok(mut report) => change(&mut report),
            Err(poisoned) => change(&mut poisoned.into_inner()),
        }
    }

    /// Tells when there is a newer revision.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.revisions.clone()
    }

    /// Settings the desk was started with.
    pub fn settings(&self) -> &DeskSettings {
        &self.settings
    }

    /// What is known of cards that come again.
    pub fn card_recognition(&self) -> &Arc<Recognition> {
        &self.recognition
    }

    /// Identity, members and keys of this box.
    pub fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    /// The record as a log, for the feed.
    pub fn log(&self) -> StoreLog {
        StoreLog::new(self.vault.id(), self.readers.clone(), self.inbox.clone())
    }

    /// The one clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// A fresh term, before anything is read or written; who belongs to the facility; what this box founded; and keys for the others.
// Immediate: whoever begins by reading is not waited for when it comes to write, as while another process still closes the record.
fn open_log(connection: &mut rusqlite::Connection, vault: &Vault, now: Timestamp) -> Stored<()> {
    let mut term = [0; 16];
    getrandom::fill(&mut term).map_err(|error| StoreError::Key(error.to_string()))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let writing = Writing::inside(&transaction, vault);
    let before = vault.ring_before()?;
    if let Some(ring) = &before {
        writing.move_in(ring, now)?;
    }
    writing.begin_term(Term::from_bytes(term))?;
    let logged = writing.reading().statements()?;
    for statement in vault.own_seeds().filter(|seed| !logged.contains(seed)) {
        writing.state(statement)?;
    }
    vault.hear(logged);
    vault.begin_chain(Month::of(now.date_in_japan()))?;
    writing.begin_run(now)?;
    writing.grant_what_is_due()?;
    let doomed = writing.reading().doomed_keys()?;
    transaction.commit()?;
    forgetting::destroy(connection, vault, &doomed)?;
    if before.is_some() {
        vault.forget_before()?;
    }
    Ok(())
}

/// The claims of visits from before there was a list of them.
fn fill_claims(connection: &mut rusqlite::Connection, vault: &Vault, rules: &RulePack) -> Stored<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let reader = sync::replica::Writer::from_random([0; 16]);
    crate::store::fill_claims(&Writing::inside(&transaction, vault), rules, &reader)?;
    Ok(transaction.commit()?)
}

/// After a start nobody has looked at the links yet; a link that was down stays down until it is seen to work.
fn at_start(last: Links) -> Links {
    let mut links = Links::UNKNOWN;
    for link in domain::link::Link::ALL {
        if last.get(*link).is_down() {
            *links.get_mut(*link) = last.get(*link).clone();
        }
    }
    links
}
