//! What the pages of the first start ask for, done in the data folder.

use super::founding::found;
use super::joining::{self, Begun, Joining, prepare_to_join};
use super::restoring::{self, Restored};
use super::settings::{self, Place, settings_text};
use super::staging::Staging;
use super::{FirstStartFailure, keep_spare, media, spare_in};
use crate::enrolment::{place, read_code};
use domain::text::Text;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use web::port::{
    BackupSeen, FirstChecked, FirstChoice, FirstStart, FirstStartView, FirstStep, JoinFacility, NotDone, Pending,
    RestoreBackup,
};

/// A box without settings. Clones are handles on the same.
#[derive(Clone)]
pub struct Wizard(Arc<Inner>);

struct Inner {
    data: PathBuf,
    place: Place,
    state: Mutex<State>,
    one_at_a_time: tokio::sync::Mutex<()>,
    end: watch::Sender<End>,
}

/// How near the end is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// the box has settings
    pub is_done: bool,
    /// somebody saw the page that says so
    pub was_seen: bool,
}

#[derive(Default)]
enum Under {
    #[default]
    Nothing,
    /// a backup lies in the place apart, compared
    Compared(RestoreBackup, Box<Restored>),
    /// talking to another box
    Joining(Joining),
    /// over
    Done { elsewhere: Option<String> },
}

#[derive(Default)]
struct State {
    under: Under,
    said: Option<Text>,
}

impl Wizard {
    /// Over a data folder that holds nothing that counts. Goes on with what was cut off; what is half made is thrown away.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub async fn open(data: &Path, place: Place) -> Result<Wizard, FirstStartFailure> {
        let wizard = Wizard(Arc::new(Inner {
            data: data.to_owned(),
            place,
            state: Mutex::default(),
            one_at_a_time: tokio::sync::Mutex::default(),
            end: watch::Sender::default(),
        }));
        let staging = Staging::of(data);
        if joining::take_who_is_in(&staging).await? {
            wizard.0.done(None);
        } else if joining::begun(&staging).is_none() {
            staging.discard()?;
        }
        Ok(wizard)
    }

    /// Tells how near the end is.
    pub fn end(&self) -> watch::Receiver<End> {
        self.0.end.subscribe()
    }

    /// Closes what is open; to be called before the process ends.
    pub async fn close(&self) {
        self.0.stop_talking().await;
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn done(&self, elsewhere: Option<String>) {
        self.state().under = Under::Done { elsewhere };
        self.end.send_modify(|end| end.is_done = true);
    }

    async fn stop_talking(&self) {
        let under = std::mem::take(&mut self.state().under);
        match under {
            Under::Joining(joining) => joining.close().await,
            under @ Under::Done { .. } => self.state().under = under,
            Under::Nothing | Under::Compared(..) => {}
        }
    }

    async fn check(self: Arc<Self>, choice: FirstChoice) -> Result<FirstChecked, FirstStartFailure> {
        let _alone = self.one_at_a_time.lock().await;
        self.is_free()?;
        match choice {
            FirstChoice::New(new) => {
                settings_text(&new.site, self.place)?;
                Ok(FirstChecked { warnings: settings::warnings(&new.site), backup: None })
            }
            FirstChoice::Join(join) => {
                place(&join.address).map_err(|why| FirstStartFailure::Refused(NotDone { at: "address", why }))?;
                read_code(&join.code)
                    .map_err(|refused| FirstStartFailure::Refused(NotDone { at: "join_code", ..refused }))?;
                settings_text(&join.site, self.place)?;
                Ok(FirstChecked { warnings: settings::warnings(&join.site), backup: None })
            }
            FirstChoice::Restore(wanted) => self.compare(wanted).await,
            FirstChoice::Spare(_) => Ok(FirstChecked::default()),
        }
    }

    async fn compare(self: &Arc<Self>, wanted: RestoreBackup) -> Result<FirstChecked, FirstStartFailure> {
        let (inner, backup) = (self.clone(), wanted.clone());
        let own = wanted.site.as_ref().map(|site| settings_text(site, self.place)).transpose()?;
        let staged = tokio::task::spawn_blocking(move || restoring::stage(&inner.data, &backup, own.as_deref())).await;
        let restored = staged.map_err(std::io::Error::other)??;
        let warnings = wanted.site.as_ref().map(settings::warnings).unwrap_or_default();
        let checked = FirstChecked { warnings, backup: Some(restored.found.clone()) };
        self.state().under = Under::Compared(wanted, Box::new(restored));
        Ok(checked)
    }

    /// Nothing may be begun beside a conversation, or after the end.
    fn is_free(&self) -> Result<(), FirstStartFailure> {
        let is_free = matches!(self.state().under, Under::Nothing | Under::Compared(..));
        if is_free && joining::begun(&Staging::of(&self.data)).is_none() {
            return Ok(());
        }
        Err(super::refused(
            "",
            "ほかの操作が進んでいます。最初の設定の画面を開き直してください。何も変更していません。",
            "Something else is under way. Open the page of the first start again. Nothing was changed.",
        ))
    }

    async fn carry_out(self: Arc<Self>, choice: FirstChoice) -> Result<(), FirstStartFailure> {
        let _alone = self.one_at_a_time.lock().await;
        self.is_free()?;
        self.state().said = None;
        match choice {
            FirstChoice::New(new) => {
                found(&self.data, &new, self.place).await?;
                self.done(None);
            }
            FirstChoice::Join(join) => self.join(join).await?,
            FirstChoice::Restore(wanted) => self.take_backup(wanted).await?,
            FirstChoice::Spare(spare) => keep_spare(&self.data, &spare)?,
        }
        Ok(())
    }

    async fn take_backup(self: &Arc<Self>, wanted: RestoreBackup) -> Result<(), FirstStartFailure> {
        let is_compared = matches!(&self.state().under, Under::Compared(compared, _) if *compared == wanted);
        if !is_compared {
            self.compare(wanted).await?;
        }
        let under = std::mem::take(&mut self.state().under);
        let Under::Compared(_, restored) = under else { return Err(std::io::Error::other("no backup").into()) };
        let Restored { staging, config, .. } = *restored;
        staging.count()?;
        let here = self.place;
        let is_here = config.listen.port() == here.listen.port() && config.plain_http == here.plain_http;
        let scheme = if config.plain_http { "http" } else { "https" };
        self.done((!is_here).then(|| format!("{scheme}://…:{}/", config.listen.port())));
        Ok(())
    }

    async fn join(self: &Arc<Self>, join: JoinFacility) -> Result<(), FirstStartFailure> {
        prepare_to_join(&self.data, &join, None, self.place).await?;
        let begun = Begun { address: join.address, box_name: join.box_name };
        let called = self.call(begun, &join.code).await;
        // the form has everything still: what was prepared for it goes, unless the other box knows of this one
        if called.is_err() && !joining::has_met(&Staging::of(&self.data)) {
            self.drop_joining().await?;
        }
        called
    }

    async fn call(self: &Arc<Self>, begun: Begun, code: &str) -> Result<(), FirstStartFailure> {
        let staging = Staging::of(&self.data);
        self.stop_talking().await;
        let joining = Joining::open(&staging)?;
        let mut entered = joining.enrolment.entered();
        let called = joining.call(&staging, &begun, code).await;
        if called.is_err() {
            joining.close().await;
            return called;
        }
        self.state().under = Under::Joining(joining);
        let inner = self.clone();
        tokio::spawn(async move {
            if entered.wait_for(|entered| *entered).await.is_ok() {
                inner.is_in().await;
            }
        });
        Ok(())
    }

    /// The other box has let this one in.
    async fn is_in(&self) {
        let _alone = self.one_at_a_time.lock().await;
        let under = std::mem::take(&mut self.state().under);
        let joining = match under {
            Under::Joining(joining) => joining,
            other => {
                self.state().under = other;
                return;
            }
        };
        match joining.take(&Staging::of(&self.data)).await {
            Ok(()) => self.done(None),
            Err(error) => self.state().said = Some(FirstStartFailure::from(error).told().why),
        }
    }

    async fn drop_joining(&self) -> Result<(), FirstStartFailure> {
        self.stop_talking().await;
        Ok(Staging::of(&self.data).discard()?)
    }

    fn step(&self) -> (FirstStep, Option<Text>) {
        let staging = Staging::of(&self.data);
        let begun = || {
            let begun = joining::begun(&staging)?;
            Some(FirstStep::JoinBegun { address: begun.address, has_met: joining::has_met(&staging) })
        };
        let state = self.state();
        let said = state.said.clone();
        match &state.under {
            Under::Done { elsewhere } => (FirstStep::Done { elsewhere: elsewhere.clone() }, None),
            Under::Joining(joining) => {
                let screen = joining.enrolment.screen();
                let question = screen.questions().into_iter().next();
                match (question, screen.is_entering(), screen.said()) {
                    (_, true, _) | (None, false, None) => (FirstStep::Joining, None),
                    (Some(question), false, _) => (FirstStep::Digits(question), None),
                    (None, false, said) => (begun().unwrap_or_default(), said),
                }
            }
            Under::Nothing | Under::Compared(..) => (begun().unwrap_or_default(), said),
        }
    }
}

impl FirstStart for Wizard {
    fn view(&self) -> FirstStartView {
        let (step, said) = self.0.step();
        FirstStartView { step, spare: spare_in(&self.0.data), said }
    }

    fn backups(&self) -> Vec<BackupSeen> {
        media::backups_seen()
    }

    fn check(&self, choice: FirstChoice) -> Pending<'_, Result<FirstChecked, Vec<NotDone>>> {
        let checking = self.0.clone().check(choice);
        Box::pin(async move { checking.await.map_err(|failure| vec![failure.told()]) })
    }

    fn carry_out(&self, choice: FirstChoice) -> Pending<'_, Result<(), Vec<NotDone>>> {
        // somebody who closes the browser meanwhile stops nothing half way
        let doing = tokio::spawn(self.0.clone().carry_out(choice));
        Box::pin(async move { told(doing.await) })
    }

    fn answer(&self, question: &str, same: bool) -> bool {
        match &self.0.state().under {
            Under::Joining(joining) => joining.enrolment.screen().answer(question, same),
            _ => false,
        }
    }

    fn go_on(&self, address: String, code: String) -> Pending<'_, Result<(), Vec<NotDone>>> {
        let inner = self.0.clone();
        let doing = tokio::spawn(async move {
            let _alone = inner.one_at_a_time.lock().await;
            let Some(begun) = joining::begun(&Staging::of(&inner.data)) else { return Ok(()) };
            inner.state().said = None;
            inner.call(Begun { address, ..begun }, &code).await
        });
        Box::pin(async move { told(doing.await) })
    }

    fn give_up(&self) -> Pending<'_, Result<(), Vec<NotDone>>> {
        let inner = self.0.clone();
        let doing = tokio::spawn(async move {
            let _alone = inner.one_at_a_time.lock().await;
            inner.state().said = None;
            inner.drop_joining().await
        });
        Box::pin(async move { told(doing.await) })
    }

    fn was_seen(&self) {
        self.0.end.send_modify(|end| end.was_seen = true);
    }
}

fn told(done: Result<Result<(), FirstStartFailure>, tokio::task::JoinError>) -> Result<(), Vec<NotDone>> {
    let done = done.unwrap_or_else(|error| Err(std::io::Error::other(error).into()));
    done.map_err(|failure| vec![failure.told()])
}
