//! Commands on a visit, checked against the rules and turned into facts.

mod answers;

use super::command::{Refused, VisitCommand};
use super::standing::VisitStatus;
use super::state::VisitState;
use super::{
    Accepted, CardReportedLost, Carried, DisasterModeNoted, FamilyJoined, FollowUpSnoozed, FullChargeAsked, MoneyNoted,
    Placed, PublicPayersNamed, PublicPayersTaken, RatioChosen, UnchangedSaid, VisitFact,
};
use crate::coverage::{Coverage, LONGEST_OVERRIDE_REASON};
use crate::date::Timestamp;
use crate::decision::{Decision, FollowUpKind};
use crate::link::Links;
use crate::public_payer::PublicPayer;
use crate::rule::RulePack;
use crate::text::Text;
use crate::waiting::short_words;

/// Longest a follow-up may wait, days.
const LONGEST_SNOOZE_DAYS: i32 = 180;
/// Most yen of one refund or collection.
const MOST_YEN: u32 = 9_999_999;

/// Applies commands in order and returns the facts they make, acceptance and late re-decision included. Either every
/// command applies or none does.
pub fn apply(
    state: &VisitState,
    commands: Vec<VisitCommand>,
    rules: &RulePack,
    now: Timestamp,
    links: &Links,
) -> Result<Vec<VisitFact>, Refused> {
    let mut progress = Progress { state: state.clone(), facts: Vec::new(), rules, now, links };
    for command in commands {
        progress.command(command)?;
    }
    progress.accept_if_settled();
    Ok(progress.facts)
}

struct Progress<'a> {
    state: VisitState,
    facts: Vec<VisitFact>,
    rules: &'a RulePack,
    now: Timestamp,
    links: &'a Links,
}

impl Progress<'_> {
    fn command(&mut self, command: VisitCommand) -> Result<(), Refused> {
        self.check_phase(&command)?;
        match command {
            VisitCommand::Open(opened) => self.add(VisitFact::Opened(opened)),
            VisitCommand::Place(placed) => self.place(placed)?,
            VisitCommand::JoinFamily(joined) => self.join_family(joined)?,
            VisitCommand::ComeFrom(came) => self.add(VisitFact::CameFrom(came)),
            VisitCommand::TakePerson(taken) => self.add(VisitFact::PersonTaken(taken)),
            VisitCommand::LinkPatient(linked) => self.add(VisitFact::PatientLinked(linked)),
            VisitCommand::Present(document) => {
                reasoned_number(&document.presented.coverage)?;
                self.add(VisitFact::DocumentPresented(document));
            }
            VisitCommand::ReportAttempt(failed) => self.add(VisitFact::AttemptFailed(failed)),
            VisitCommand::NoteCompanion(came) => self.add(VisitFact::CompanionCame(came)),
            VisitCommand::NoteCard(seen) => self.add(VisitFact::CardSeen(seen)),
            VisitCommand::ReportLostCard(lost) => self.report_lost_card(lost),
            VisitCommand::SayUnchanged => {
                self.add(VisitFact::UnchangedSaid(UnchangedSaid { links: self.links.clone() }))
            }
            VisitCommand::Decide(decided) => {
                required("reason", &decided.reason)?;
                self.add(VisitFact::StaffDecided(decided));
            }
            VisitCommand::TakeDeclaration(taken) => {
                if let Some((at, why)) = taken.declaration.unsigned_by_name() {
                    return Err(Refused::At { at, why });
                }
                self.add(VisitFact::DeclarationTaken(taken));
            }
            VisitCommand::Ask(asked) => self.add(VisitFact::QuestionAsked(asked)),
            VisitCommand::TakeAnswer(received) => self.take_answer(received),
            VisitCommand::TakeFailure(failed) => self.add(VisitFact::QuestionFailed(failed)),
            VisitCommand::TakeSilence(silent) => self.take_silence(silent),
            VisitCommand::EnterLookup(entered) => self.enter_lookup(entered)?,
            VisitCommand::TakePublicPayers(taken) => self.take_public_payers(taken)?,
            VisitCommand::NamePublicPayers(named) => self.name_public_payers(named)?,
            VisitCommand::NoteDisasterMode(noted) => self.note_disaster_mode(noted),
            VisitCommand::ChooseRatio(chosen) => self.choose_ratio(chosen)?,
            VisitCommand::AskFullCharge(asked) => self.ask_full_charge(asked)?,
            VisitCommand::Leave(left) => {
                required("reason", &left.reason)?;
                self.add(VisitFact::LeftWithoutCare(left));
            }
            VisitCommand::CloseFollowUp(closed) => self.add(VisitFact::FollowUpClosed(closed)),
            VisitCommand::AssignFollowUp(assigned) => self.add(VisitFact::FollowUpAssigned(assigned)),
            VisitCommand::SnoozeFollowUp(snoozed) => self.snooze(snoozed)?,
            VisitCommand::NoteMoney(noted) => self.note_money(noted)?,
            VisitCommand::Void(voided) => {
                required("reason", &voided.reason)?;
                self.add(VisitFact::Voided(voided));
            }
            VisitCommand::Settle(settled, facts) => {
                required("reason", &settled.reason)?;
                self.add(VisitFact::Settled(settled));
                facts.into_iter().for_each(|fact| self.add(fact));
            }
            VisitCommand::Merge(merged) => {
                required("reason", &merged.reason)?;
                self.add(VisitFact::Merged(merged));
            }
            VisitCommand::UndoMerge(undone) => {
                required("reason", &undone.reason)?;
                self.add(VisitFact::MergeUndone(undone));
            }
            VisitCommand::KeepApart(kept) => {
                required("reason", &kept.reason)?;
                self.add(VisitFact::KeptApart(kept));
            }
            VisitCommand::Carry(carried) => self.carry(carried),
        }
        Ok(())
    }

    fn check_phase(&self, command: &VisitCommand) -> Result<(), Refused> {
        let opening = matches!(command, VisitCommand::Open(_));
        if opening == self.state.opened.is_some() {
            return Err(Refused::StateChanged(Text::new(
                "受付の状態が変わっています。画面を更新してください。",
                "The visit has changed. Reload the page.",
            )));
        }
        // Answers are always taken: late truth finds even a visit that was ended.
        let from_outside = matches!(
            command,
            VisitCommand::TakeAnswer(_) | VisitCommand::TakeFailure(_) | VisitCommand::TakeSilence(_)
        );
        let about_the_record = matches!(
            command,
            VisitCommand::Settle(..) | VisitCommand::UndoMerge(_) | VisitCommand::KeepApart(_) | VisitCommand::Carry(_)
        );
        let why = match self.state.status() {
            VisitStatus::Voided => Text::new("この受付は取り消されています。", "This visit was voided."),
            VisitStatus::Merged => Text::new(
                "この受付は別の受付にまとめられています。まとめ先の受付で操作してください。",
                "This visit goes on in another one. Open that one.",
            ),
            _ => return Ok(()),
        };
        if from_outside || about_the_record { Ok(()) } else { Err(Refused::StateChanged(why)) }
    }

    /// An answer that was heard at the other visit decides this one too, past the same gate.
    fn carry(&mut self, carried: Carried) {
        if self.state.merges.has_carried(&carried.fact) {
            return;
        }
        let answer = match &*carried.what {
            VisitFact::AnswerReceived(received) => Some(&received.answer),
            _ => None,
        };
        if answer.is_some_and(|answer| self.speaks_of_somebody_else(answer)) {
            return;
        }
        let (is_answer, before) = (answer.is_some(), self.state.clone());
        let before_coverage = self.went_by();
        self.add(VisitFact::Carried(carried));
        if is_answer {
            self.re_decide(&before, before_coverage.as_ref());
        }
    }

    /// Said twice, it is kept once, unless more is known the second time.
    fn report_lost_card(&mut self, lost: CardReportedLost) {
        if self.state.card_lost.as_ref() != Some(&lost) {
            self.add(VisitFact::CardLost(lost));
        }
    }

    fn place(&mut self, placed: Placed) -> Result<(), Refused> {
        let place = placed.place.as_deref().map_or(Ok(None), short_words);
        let place = place.map_err(|why| Refused::At { at: "place", why })?;
        self.add(VisitFact::Placed(Placed { place, ..placed }));
        Ok(())
    }

    fn join_family(&mut self, joined: FamilyJoined) -> Result<(), Refused> {
        let brought_by = joined.brought_by.as_deref().map_or(Ok(None), short_words);
        let brought_by = brought_by.map_err(|why| Refused::At { at: "brought_by", why })?;
        self.add(VisitFact::FamilyJoined(FamilyJoined { brought_by, ..joined }));
        Ok(())
    }

    fn add(&mut self, fact: VisitFact) {
        self.state.take(self.now, fact.clone());
        self.facts.push(fact);
    }

    /// The numbers the desk has gone by so far: those of the claim, else those on the paper it accepted, although the national service
    /// has called them old since.
    fn went_by(&self) -> Option<Coverage> {
        let accepted = self.state.accepted.as_ref().map(|accepted| accepted.acceptance.evidence);
        let paper = || self.state.presented.iter().find(|paper| Some(paper.kind) == accepted);
        let claimed = self.decision().and_then(|decision| decision.claim.coverage);
        claimed.or_else(|| paper().map(|paper| paper.coverage.clone()))
    }

    fn decision(&self) -> Option<Decision> {
        self.state.decide(self.rules, self.now, self.links)
    }

    fn note_disaster_mode(&mut self, noted: DisasterModeNoted) {
        let open = self.state.opened.as_ref().map(|opened| opened.site.disaster_mode_open);
        if open != Some(noted.open) {
            self.add(VisitFact::DisasterModeNoted(noted));
        }
    }

    /// Numbers that look odd are taken: staff had the certificate in hand, and the page goes on saying what is odd.
    fn take_public_payers(&mut self, taken: PublicPayersTaken) -> Result<(), Refused> {
        not_too_many(&taken.payers)?;
        if taken.payers != self.state.public_payers || !self.state.payers_named.is_empty() {
            self.add(VisitFact::PublicPayersTaken(taken));
        }
        Ok(())
    }

    /// What somebody compared already is not asked about again.
    fn name_public_payers(&mut self, named: PublicPayersNamed) -> Result<(), Refused> {
        not_too_many(&named.payers)?;
        if named.payers != self.state.payers_named && named.payers != self.state.public_payers {
            self.add(VisitFact::PublicPayersNamed(named));
        }
        Ok(())
    }

    fn choose_ratio(&mut self, chosen: RatioChosen) -> Result<(), Refused> {
        if chosen.tenths > 3 {
            return Err(refused("ratio", "負担割合は0〜3割から選んでください。", "Choose a share from 0 to 3 tenths."));
        }
        required("reason", &chosen.reason)?;
        self.add(VisitFact::RatioChosen(chosen));
        Ok(())
    }

    fn ask_full_charge(&mut self, asked: FullChargeAsked) -> Result<(), Refused> {
        required("reason", &asked.reason)?;
        let charge = self.decision().map(|decision| decision.full_charge);
        if let Some(charge) = charge.filter(|charge| !charge.may_be_asked) {
            return Err(Refused::At { at: "full_charge", why: charge.reason });
        }
        self.add(VisitFact::FullChargeAsked(asked));
        Ok(())
    }

    fn snooze(&mut self, snoozed: FollowUpSnoozed) -> Result<(), Refused> {
        required("reason", &snoozed.reason)?;
        let today = self.now.date_in_japan();
        if !(1..=LONGEST_SNOOZE_DAYS).contains(&today.days_until(snoozed.until)) {
            return Err(refused(
                "until",
                "明日から180日以内の日付を入力してください。",
                "Give a day from tomorrow on, within 180 days.",
            ));
        }
        self.add(VisitFact::FollowUpSnoozed(snoozed));
        Ok(())
    }

    fn note_money(&mut self, noted: MoneyNoted) -> Result<(), Refused> {
        if !matches!(noted.kind, FollowUpKind::Refund | FollowUpKind::Collect) {
            return Err(refused(
                "kind",
                "返金か追加徴収だけに金額があります。",
                "Only refunds and collections have an amount.",
            ));
        }
        if noted.yen == 0 || noted.yen > MOST_YEN {
            return Err(refused("yen", "金額は1円から9,999,999円までです。", "An amount from 1 to 9,999,999 yen."));
        }
        self.add(VisitFact::MoneyNoted(noted));
        Ok(())
    }

    /// Once the rules accept what is there, the check-in is accepted in the same breath.
    fn accept_if_settled(&mut self) {
        let goes_on_elsewhere = self.state.merges.merged_into().is_some();
        let ended = self.state.left_without_care.is_some() || self.state.voided.is_some() || goes_on_elsewhere;
        if self.state.accepted.is_some() || ended {
            return;
        }
        let Some(decision) = self.decision() else { return };
        let Some(acceptance) = decision.accepted else { return };
        let links = self.links.clone();
        self.add(VisitFact::Accepted(Accepted {
            acceptance,
            ratio_tenths: self.state.ratio_chosen.or(decision.ratio.tenths),
            ratio_basis: decision.ratio.basis,
            claim_basis: decision.claim.basis,
            links,
            rules_version: decision.rules_version,
            rules_fired: decision.rules_fired,
        }));
    }
}

fn not_too_many(payers: &[PublicPayer]) -> Result<(), Refused> {
    if payers.len() > PublicPayer::MOST {
        return Err(refused("public_payers", "公費は4つまでです。", "At most four public payers."));
    }
    Ok(())
}

fn required(at: &'static str, text: &str) -> Result<(), Refused> {
    if text.trim().is_empty() {
        return Err(refused(at, "理由を入力してください。", "Please give a reason."));
    }
    Ok(())
}

/// Nobody goes by a number whose check digit does not fit without saying why (claims-rules §3.4).
fn reasoned_number(coverage: &Coverage) -> Result<(), Refused> {
    let reason = coverage.override_reason.as_deref().unwrap_or_default().trim();
    if coverage.has_wrong_check_digit() && reason.is_empty() {
        return Err(refused(
            "override_reason",
            "検証番号が合わない番号をそのまま使う理由を入力してください。",
            "Give a reason for using a number whose check digit does not fit.",
        ));
    }
    if reason.chars().count() > LONGEST_OVERRIDE_REASON {
        return Err(refused("override_reason", "理由は200文字までです。", "A reason of at most 200 characters."));
    }
    Ok(())
}

fn refused(at: &'static str, ja: &str, en: &str) -> Refused {
    Refused::At { at, why: Text::new(ja, en) }
}
