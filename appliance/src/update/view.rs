//! The port behind the page and the API.

use super::agent::{Agent, Inner};
use super::state::{Past, Phase};
use super::words;
use domain::Timestamp;
use domain::text::Text;
use sync::update::Slot;
use web::port::{Account, PastUpdate, Pending, UpdateWish, Updates, UpdatesView};

const DAY_MS: i64 = 86_400_000;

impl Updates for Agent {
    fn view(&self) -> UpdatesView {
        self.0.view()
    }

    fn wish(&self, _by: &Account, wish: UpdateWish) -> Pending<'_, Result<(), Text>> {
        let agent = self.clone();
        Box::pin(async move {
            let done = tokio::task::spawn_blocking(move || agent.fulfil(wish)).await;
            done.unwrap_or_else(|_| Err(words::nothing_ready()))
        })
    }
}

impl Agent {
    /// Does what is wanted, as far as it can be done at once; the rest happens by itself. Blocks.
    ///
    /// # Errors
    /// Why not; nothing was changed then.
    pub fn fulfil(&self, wish: UpdateWish) -> Result<(), Text> {
        match wish {
            UpdateWish::Check => {
                self.step();
                Ok(())
            }
            UpdateWish::Install => {
                self.0.decide(|_, _| Ok((true, None)))?;
                let agent = self.clone();
                // the installation takes minutes; how it goes is seen on the page
                std::thread::spawn(move || agent.step());
                Ok(())
            }
            UpdateWish::AsPlanned => self.0.decide(|_, _| Ok((false, None))),
            UpdateWish::Postpone(days) => self.0.decide(|ready_at, now| {
                let until = now.plus_ms(i64::from(days) * DAY_MS);
                let cap = self.0.settings.postpone_days;
                if days == 0 || until > ready_at.plus_ms(i64::from(cap) * DAY_MS) {
                    return Err(words::beyond_cap(cap));
                }
                Ok((false, Some(until.as_ms())))
            }),
        }
    }
}

impl Inner {
    /// Changes when what is ready is installed: whether it is asked for now, and until when it is put off.
    fn decide(
        &self,
        decision: impl FnOnce(Timestamp, Timestamp) -> Result<(bool, Option<i64>), Text>,
    ) -> Result<(), Text> {
        let (state, now) = (self.state(), self.clock.now());
        let decided = decision(Timestamp::from_ms(state.since_ms), now);
        let phase = match state.phase {
            Phase::Ready { offer, .. } => {
                let (asked, postponed_ms) = decided?;
                Phase::Ready { offer, asked, postponed_ms }
            }
            Phase::Restarting { offer, from, boot, .. } => {
                let (asked, postponed_ms) = decided?;
                if postponed_ms.is_some() {
                    return Err(words::nothing_ready());
                }
                Phase::Restarting { offer, from, boot, asked }
            }
            _ => return Err(words::nothing_ready()),
        };
        // since when it is ready does not change: the days it can be put off count from there
        self.change(|state, _| state.phase = phase).map_err(|error| words::not_kept(&error))?;
        self.wait_no_longer();
        Ok(())
    }

    fn view(&self) -> UpdatesView {
        let (state, now, standing) = (self.state(), self.clock.now(), self.installer.standing());
        let (_, zone) = self.around.hours();
        let ready_at = Timestamp::from_ms(state.since_ms);
        let (mut postponed_until, mut postponable_until, mut is_asked) = (None, None, false);
        if let Phase::Ready { asked, postponed_ms, .. } = &state.phase {
            is_asked = *asked;
            postponed_until = postponed_ms.map(Timestamp::from_ms).filter(|until| *until > now);
            postponable_until = Some(ready_at.plus_ms(i64::from(self.settings.postpone_days) * DAY_MS));
        }
        if let Phase::Restarting { asked, .. } = &state.phase {
            is_asked = *asked;
        }
        let fetched = match &state.phase {
            Phase::Offered { offer } => {
                let here = std::fs::metadata(self.part(offer.hash)).map_or(0, |about| about.len());
                Some((here, offer.bytes))
            }
            _ => None,
        };
        UpdatesView {
            running: self.settings.running.0.to_string(),
            slot: standing.and_then(|standing| standing.slot).map(|slot| match slot {
                Slot::A => "A".to_owned(),
                Slot::B => "B".to_owned(),
            }),
            is_proven: standing.map(|standing| standing.is_proven),
            stage: words::stage(&state.phase),
            since: (state.phase != Phase::Idle).then_some(ready_at),
            offered: state.offer().map(|offer| offer.version.to_string()),
            state: words::state(&state.phase),
            reason: self.waits().map(|(why, _)| why),
            next: words::next(&state.phase),
            fetched,
            window: self.settings.window.text(),
            next_window: self.settings.window.next(now, &zone),
            postponed_until,
            postponable_until,
            is_asked,
            history: state.history.iter().map(past).collect(),
        }
    }
}

fn past(past: &Past) -> PastUpdate {
    PastUpdate {
        at: Timestamp::from_ms(past.at_ms),
        version: past.version.to_string(),
        outcome: past.outcome.code(),
        why: past.text(),
    }
}
