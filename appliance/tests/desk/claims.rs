//! The claims of a month: what would be sent, frozen, changed afterwards, come back, and written into files.

use crate::support::counter::{Counter, clock_at, staff};
use crate::support::patients::{born, card, certificate_as_printed, check_in, declaration, shows};
use domain::Date;
use domain::claim::{ClaimBasis, ClaimWarning, Month, NotClaimed, ReturnOutcome, ReturnReason};
use domain::decision::FollowUpKind;
use domain::declaration::InsuranceKind;
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::VisitId;
use domain::number::PublicPayerNumber;
use domain::public_payer::PublicPayer;
use domain::visit::{
    FollowUpAssigned, FollowUpSnoozed, FullChargeAsked, MoneyNoted, MoneyWay, PublicPayersTaken, VisitCommand, Voided,
};
use web::port::*;

const DAY: Date = Date::literal(2026, 11, 16);

fn november() -> Month {
    Month::of(DAY)
}

fn open() -> Counter {
    Counter::first(&clock_at(DAY, 8, 55))
}

impl Counter {
    async fn claims(&self, command: ClaimCommand) {
        self.submit(DeskCommand::Claims(command)).await;
    }

    async fn grown_up(&self, name: &str, commands: Vec<VisitCommand>) -> VisitId {
        self.submit(check_in(None, born(name, "ミホン ハナコ", GROWN), commands)).await.visit.unwrap()
    }

    fn month(&self, filter: ClaimFilter) -> ClaimMonth {
        let by = staff().author;
        self.desk.claims(&ClaimQuery { month: november(), filter, after: None, limit: 50, by }).unwrap()
    }

    fn claim(&self, visit: &VisitId) -> ClaimItem {
        self.desk.claim(visit).unwrap().unwrap()
    }

    fn file(&self, encoding: FileEncoding) -> ClaimFilePart {
        let query =
            ClaimFileQuery { month: november(), layout: "standard".to_owned(), encoding: Some(encoding), after: None };
        self.desk.claim_file(&query).unwrap().unwrap()
    }
}

const GROWN: Date = Date::literal(1980, 5, 5);

#[tokio::test]
async fn every_visit_of_the_month_stands_with_its_basis_and_what_stands_out() {
    let clinic = open();
    let known = clinic.grown_up("見本　花子", vec![certificate_as_printed("06010391", "3405")]).await;
    let wrong_digit = clinic.grown_up("見本　太郎", vec![certificate_as_printed("06010392", "3406")]).await;
    let nothing = clinic.grown_up("無手　一", vec![card()]).await;
    let voided = clinic.grown_up("誤り　次", vec![certificate_as_printed("06010391", "3407")]).await;
    clinic.edit(&voided, VisitCommand::Void(Voided { reason: "二重".to_owned() })).await;

    let month = clinic.month(ClaimFilter::All);
    assert_eq!(month.items.len(), 4);
    assert_eq!((month.totals.all(), month.totals.current, month.totals.hold, month.totals.not_claimed), (4, 2, 1, 1));
    assert_eq!(clinic.claim(&known).line.warnings, [ClaimWarning::NotConfirmed]);
    assert!(clinic.claim(&wrong_digit).line.warnings.contains(&ClaimWarning::CheckDigit));
    assert_eq!(clinic.claim(&nothing).line.basis, ClaimBasis::Hold);
    assert_eq!(clinic.claim(&voided).line.not_claimed, Some(NotClaimed::Voided));
    let needing: Vec<VisitId> = clinic.month(ClaimFilter::NeedsSomebody).items.into_iter().map(|i| i.visit).collect();
    assert_eq!(needing, [wrong_digit, nothing]);
    assert_eq!(month.totals.needs_somebody, 2);
    let first = clinic
        .desk
        .claims(&ClaimQuery { month: november(), filter: ClaimFilter::All, after: None, limit: 3, by: staff().author })
        .unwrap();
    assert_eq!((first.items.len(), first.next.is_some()), (3, true));
}

#[tokio::test]
async fn what_changes_after_the_freeze_is_never_silent() {
    let clinic = open();
    let declared = clinic.grown_up("見本　花子", vec![card(), certificate_as_printed("06010391", "3405")]).await;
    clinic.claims(ClaimCommand::Freeze(november())).await;
    let frozen = clinic.month(ClaimFilter::All);
    assert!(frozen.is_frozen && frozen.totals.after_freeze == 0);
    let twice = clinic.try_to(DeskCommand::Claims(ClaimCommand::Freeze(november()))).await;
    assert!(matches!(twice, Err(SubmitError::Refused { .. })));

    let payer = PublicPayer { payer: PublicPayerNumber::parse("54016027").unwrap().value, recipient: None };
    let taken = VisitCommand::TakePublicPayers(PublicPayersTaken { payers: vec![payer] });
    clinic.edit(&declared, taken).await;
    let late = clinic.grown_up("後から　来た", vec![certificate_as_printed("06010391", "77")]).await;
    let after = clinic.month(ClaimFilter::AfterFreeze);
    let marks: Vec<_> = after.items.iter().map(|item| (item.visit.clone(), item.since_freeze)).collect();
    assert_eq!(marks, [(declared.clone(), SinceFreeze::Changed), (late, SinceFreeze::Added)]);
    assert_eq!(after.totals.after_freeze, 2);
    // what is new to this person, until they say that they have seen it
    assert_eq!(after.totals.changed, 1);
    clinic.claims(ClaimCommand::Looked { month: november(), mark: after.mark }).await;
    assert_eq!(clinic.month(ClaimFilter::Changed).items, []);

    let silent = ClaimCommand::Reopen { month: november(), reason: " ".to_owned() };
    assert!(clinic.try_to(DeskCommand::Claims(silent)).await.is_err());
    clinic.claims(ClaimCommand::Reopen { month: november(), reason: "公費の追加".to_owned() }).await;
    clinic.claims(ClaimCommand::Freeze(november())).await;
    let again = clinic.month(ClaimFilter::All);
    assert_eq!((again.totals.after_freeze, again.events.len()), (0, 3));
    assert_eq!(again.events[1].reason.as_deref(), Some("公費の追加"));
}

#[tokio::test]
async fn a_returned_claim_leads_back_to_its_visit() {
    let clinic = open();
    let visit = clinic.grown_up("見本　花子", vec![certificate_as_printed("06010391", "3405")]).await;
    let enter =
        |on| ClaimCommand::EnterReturn { visit: visit.clone(), on, reason: ReturnReason::AfterLoss, note: None };
    let too_early = clinic.try_to(DeskCommand::Claims(enter(DAY.plus_days(-1)))).await;
    assert!(matches!(too_early, Err(SubmitError::Refused { at, .. }) if at == "on"));
    clinic.claims(enter(DAY)).await;
    let (claim, name) = clinic.month(ClaimFilter::All).returned.remove(0);
    assert_eq!((&claim.entered.visit, name.as_deref(), claim.is_open()), (&visit, Some("見本　花子"), true));
    let (outcome, note) = (ReturnOutcome::SentAgain, "番号を訂正".to_owned());
    clinic.claims(ClaimCommand::SettleReturn { month: november(), id: claim.id, outcome, note }).await;
    assert!(!clinic.month(ClaimFilter::All).returned[0].0.is_open());
}

#[tokio::test]
async fn the_rows_are_the_same_when_they_are_made_anew() {
    let clinic = open();
    let visit = clinic.grown_up("見本　花子", vec![certificate_as_printed("06010391", "3405")]).await;
    clinic.grown_up("無手　一", vec![card()]).await;
    clinic.claims(ClaimCommand::Freeze(november())).await;
    clinic.edit(&visit, VisitCommand::Void(Voided { reason: "誤り".to_owned() })).await;
    assert!(clinic.rows().iter().any(|line| line.starts_with("claim_frozen")));
    let totals = clinic.month(ClaimFilter::All).totals;
    let clinic = clinic.rows_made_anew_are_the_same().await;
    assert_eq!(clinic.month(ClaimFilter::All).totals, totals);
}

#[tokio::test]
async fn files_carry_every_claim_and_name_what_letters_cannot_be_written() {
    let clinic = open();
    clinic.grown_up("𠮷田　花子", vec![certificate_as_printed("06010391", "3405")]).await;
    let utf8 = String::from_utf8(clinic.file(FileEncoding::Utf8WithMark).bytes).unwrap();
    let lines: Vec<&str> = utf8.strip_prefix('\u{FEFF}').unwrap().split("\r\n").collect();
    assert!(lines[0].starts_with("受診日,患者番号,氏名,") && lines[0].ends_with(",受付ID,書けない文字"));
    assert!(lines[1].contains("𠮷田　花子") && lines[1].contains(",06010391,,3405,"), "{}", lines[1]);
    assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());

    let sjis = clinic.file(FileEncoding::ShiftJis);
    assert_eq!(sjis.unwritable.len(), 1);
    assert!(sjis.unwritable[0].ja.contains("U+20BB7"));
    let (text, _, failed) = encoding_rs::SHIFT_JIS.decode(&sjis.bytes);
    assert!(!failed && text.contains("〓田　花子") && text.contains("氏名:U+20BB7"));
}

#[tokio::test]
async fn follow_ups_are_given_to_somebody_wait_and_close_with_their_money() {
    let clinic = open();
    let visit = clinic.grown_up("無手　一", vec![shows(EvidenceKind::None)]).await;
    let asked = VisitCommand::AskFullCharge(FullChargeAsked { reason: "証がない".to_owned() });
    clinic.edit(&visit, asked).await;
    let kind = FollowUpKind::Refund;
    let refund = || {
        let query = FollowUpQuery { kind: Some(kind), limit: 10, ..FollowUpQuery::default() };
        clinic.desk.follow_up_list(&query).unwrap()
    };
    assert_eq!(refund().items.len(), 1);
    let to = Some("受付".to_owned());
    clinic.edit(&visit, VisitCommand::AssignFollowUp(FollowUpAssigned { kind, to: to.clone() })).await;
    let until = DAY.plus_days(60);
    let reason = "本人の都合".to_owned();
    let past = FollowUpSnoozed { kind, until: DAY, reason: reason.clone() };
    let refused = DeskCommand::Visit { visit: visit.clone(), commands: vec![VisitCommand::SnoozeFollowUp(past)] };
    assert!(clinic.try_to(refused).await.is_err());
    let snoozed = FollowUpSnoozed { kind, until, reason };
    clinic.edit(&visit, VisitCommand::SnoozeFollowUp(snoozed)).await;
    let noted = |way| VisitCommand::NoteMoney(MoneyNoted { kind, yen: 2_100, way });
    clinic.edit(&visit, noted(None)).await;
    let list = refund();
    let item = &list.items[0];
    assert_eq!((item.assigned.clone(), item.follow_up.due, item.yen, item.is_due), (to, until, Some(2_100), false));
    assert!(list.counts.iter().any(|count| count.kind == kind && count.yen == 2_100));
    assert!(clinic.claim(&visit).line.warnings.contains(&ClaimWarning::FullCharge));
    clinic.edit(&visit, noted(Some(MoneyWay::Cash))).await;
    assert_eq!(refund().items, []);
    assert!(!clinic.claim(&visit).line.warnings.contains(&ClaimWarning::FullCharge));
}

#[tokio::test]
async fn the_directory_is_replaced_and_a_subsidy_is_asked_for_again() {
    let clinic = open();
    let contact = |number: &str| InsurerContact {
        insurer_number: number.to_owned(),
        name: "架空健保".to_owned(),
        phone: "03-0000-0000".to_owned(),
    };
    clinic.submit(DeskCommand::ImportInsurers(vec![contact("01130012")])).await;
    clinic.submit(DeskCommand::ImportInsurers(vec![contact("06010392")])).await;
    assert_eq!(clinic.desk.insurers().unwrap(), [contact("06010392")]);
    let visit = clinic.grown_up("見本　太郎", vec![certificate_as_printed("06010392", "3406")]).await;
    let list = clinic.desk.follow_up_list(&FollowUpQuery { limit: 50, ..FollowUpQuery::default() }).unwrap();
    let check = list.items.iter().find(|item| item.kind() == FollowUpKind::CheckInsurerNumber).unwrap();
    assert_eq!(check.phone, Some(("架空健保".to_owned(), "03-0000-0000".to_owned())));

    let payer = PublicPayer { payer: PublicPayerNumber::parse("54016027").unwrap().value, recipient: None };
    let taken = VisitCommand::TakePublicPayers(PublicPayersTaken { payers: vec![payer] });
    clinic.edit(&visit, taken).await;
    let patient = clinic.claim(&visit).patient;
    let comes_again = check_in(patient.as_ref(), PersonFace::EMPTY, vec![certificate_as_printed("06010391", "3406")]);
    let again = clinic.submit(comes_again).await.visit.unwrap();
    let asked = |clinic: &Counter| {
        clinic.view(&again).follow_ups.iter().any(|follow_up| follow_up.kind == FollowUpKind::AskSubsidy)
    };
    assert!(asked(&clinic) && clinic.claim(&again).line.warnings.contains(&ClaimWarning::SubsidyNotShown));
    clinic.edit(&again, VisitCommand::TakePublicPayers(PublicPayersTaken { payers: Vec::new() })).await;
    assert!(clinic.claim(&again).insurer_differs_in_month);
}

#[tokio::test]
async fn a_company_is_no_insurer() {
    let clinic = open();
    let kinds = [InsuranceKind::Employee, InsuranceKind::NationalHealth, InsuranceKind::Unknown];
    let mut found = Vec::new();
    for kind in kinds {
        let visit = clinic.grown_up("申立　人", vec![card(), declaration("申立　人", GROWN, kind)]).await;
        let line = clinic.claim(&visit).line;
        assert!(line.basis != ClaimBasis::Unknown || line.remark_lines[0].starts_with("不詳　住所："), "{line:?}");
        found.push((line.basis, line.warnings.contains(&ClaimWarning::CompanyButPerhapsKokuho)));
    }
    // the claim order only reaches ③ when nobody could be asked
    assert!(found.iter().all(|(basis, warned)| *basis == ClaimBasis::Unknown || !warned), "{found:?}");
    assert!(!found[1].1);
}
