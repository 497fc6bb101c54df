//! The claims of a month: what would be sent, frozen, changed afterwards, come back, and written into files.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::case::{Flow, Presented, Site, SiteKind};
use domain::claim::{ClaimBasis, ClaimWarning, Month, NotClaimed, ReturnOutcome, ReturnReason};
use domain::coverage::Coverage;
use domain::decision::FollowUpKind;
use domain::declaration::{Declaration, InsuranceKind};
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::{Author, VisitId};
use domain::number::{InsuredNumber, InsurerNumber, PublicPayerNumber};
use domain::public_payer::PublicPayer;
use domain::rule::RulePack;
use domain::visit::{
    DeclarationTaken, DocumentPresented, FollowUpAssigned, FollowUpSnoozed, FullChargeAsked, MoneyNoted, MoneyWay,
    PublicPayersTaken, VisitCommand, Voided,
};
use domain::{Date, Timestamp};
use sync::outbox::Patience;
use tempfile::TempDir;
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, RunningDesk};
use uketsuke::store::{StoreLocation, Writing, rebuild};
use web::port::*;

const DAY: Date = Date::literal(2026, 11, 16);

struct Clinic {
    folder: TempDir,
    desk: RunningDesk,
}

fn november() -> Month {
    Month::of(DAY)
}

fn staff() -> Account {
    Account::new(Author::new("staff-1"), "受付")
}

impl Clinic {
    fn open() -> Clinic {
        let folder = tempfile::tempdir().unwrap();
        let location = StoreLocation::in_folder(folder.path()).unwrap();
        let settings = DeskSettings {
            site: Site::of(SiteKind::Clinic),
            rules: RulePack::built_in(),
            patience: Patience::default(),
        };
        let clock = Clock::by_hand(Timestamp::in_japan(DAY, 8, 55, 0));
        Clinic { desk: RunningDesk::start(&location, settings, clock).unwrap(), folder }
    }

    async fn submit(&self, command: DeskCommand) -> Result<Saved, SubmitError> {
        self.desk.submit(&staff(), None, command).await
    }

    async fn claims(&self, command: ClaimCommand) {
        self.submit(DeskCommand::Claims(command)).await.unwrap();
    }

    async fn check_in(&self, name: &str, birth: Date, commands: Vec<VisitCommand>) -> VisitId {
        let person = PersonFace {
            name: Some(name.to_owned()),
            name_kana: Some("ミホン ハナコ".to_owned()),
            birth_date: Some(birth),
            ..PersonFace::EMPTY
        };
        let flow = Flow::Window;
        let check_in = CheckIn { patient: None, patient_number: None, person, flow, counter: None, commands };
        self.submit(DeskCommand::CheckIn(Box::new(check_in))).await.unwrap().visit.unwrap()
    }

    async fn add(&self, visit: &VisitId, command: VisitCommand) -> Result<Saved, SubmitError> {
        self.submit(DeskCommand::Visit { visit: visit.clone(), commands: vec![command] }).await
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

fn certificate(insurer: &str, number: &str) -> VisitCommand {
    let coverage = Coverage {
        insurer_number: Some(InsurerNumber::parse_overridden(insurer).unwrap().value),
        insured_number: Some(InsuredNumber::parse(number).unwrap().value),
        override_reason: Some("証の印字のとおり".to_owned()),
        ..Coverage::EMPTY
    };
    let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
    VisitCommand::Present(DocumentPresented { presented })
}

fn card() -> VisitCommand {
    VisitCommand::Present(DocumentPresented { presented: Presented::bare(EvidenceKind::MynaCardFace) })
}

fn declaration(name: &str, birth: Date, kind: InsuranceKind) -> VisitCommand {
    let declaration = Declaration {
        form_no: "20261116-001".to_owned(),
        text_version: "1".to_owned(),
        document_issued: None,
        insurance_kind: kind,
        insurer_name: None,
        workplace: Some("架空製作所".to_owned()),
        issued_when: None,
        ratio_tenths: Some(3),
        name: name.to_owned(),
        name_kana: None,
        birth_date: birth,
        sex: None,
        address: Some("東京都見本区架空1-2-3".to_owned()),
        postal_code: None,
        phone: Some("03-0000-0000".to_owned()),
        other_contact: None,
        remembered_symbol: None,
        remembered_number: None,
        consent_contact: true,
        consent_requery: true,
        signature: None,
        paper: None,
    };
    VisitCommand::TakeDeclaration(DeclarationTaken { declaration })
}

const GROWN: Date = Date::literal(1980, 5, 5);

#[tokio::test]
async fn every_visit_of_the_month_stands_with_its_basis_and_what_stands_out() {
    let clinic = Clinic::open();
    let known = clinic.check_in("見本　花子", GROWN, vec![certificate("06010391", "3405")]).await;
    let wrong_digit = clinic.check_in("見本　太郎", GROWN, vec![certificate("06010392", "3406")]).await;
    let nothing = clinic.check_in("無手　一", GROWN, vec![card()]).await;
    let voided = clinic.check_in("誤り　次", GROWN, vec![certificate("06010391", "3407")]).await;
    clinic.add(&voided, VisitCommand::Void(Voided { reason: "二重".to_owned() })).await.unwrap();

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
    let clinic = Clinic::open();
    let declared = clinic.check_in("見本　花子", GROWN, vec![card(), certificate("06010391", "3405")]).await;
    clinic.claims(ClaimCommand::Freeze(november())).await;
    let frozen = clinic.month(ClaimFilter::All);
    assert!(frozen.is_frozen && frozen.totals.after_freeze == 0);
    let twice = clinic.submit(DeskCommand::Claims(ClaimCommand::Freeze(november()))).await;
    assert!(matches!(twice, Err(SubmitError::Refused { .. })));

    let payer = PublicPayer { payer: PublicPayerNumber::parse("54016027").unwrap().value, recipient: None };
    let taken = VisitCommand::TakePublicPayers(PublicPayersTaken { payers: vec![payer] });
    clinic.add(&declared, taken).await.unwrap();
    let late = clinic.check_in("後から　来た", GROWN, vec![certificate("06010391", "77")]).await;
    let after = clinic.month(ClaimFilter::AfterFreeze);
    let marks: Vec<_> = after.items.iter().map(|item| (item.visit.clone(), item.since_freeze)).collect();
    assert_eq!(marks, [(declared.clone(), SinceFreeze::Changed), (late, SinceFreeze::Added)]);
    assert_eq!(after.totals.after_freeze, 2);
    // what is new to this person, until they say that they have seen it
    assert_eq!(after.totals.changed, 1);
    clinic.claims(ClaimCommand::Looked { month: november(), mark: after.mark }).await;
    assert_eq!(clinic.month(ClaimFilter::Changed).items, []);

    let silent = ClaimCommand::Reopen { month: november(), reason: " ".to_owned() };
    assert!(clinic.submit(DeskCommand::Claims(silent)).await.is_err());
    clinic.claims(ClaimCommand::Reopen { month: november(), reason: "公費の追加".to_owned() }).await;
    clinic.claims(ClaimCommand::Freeze(november())).await;
    let again = clinic.month(ClaimFilter::All);
    assert_eq!((again.totals.after_freeze, again.events.len()), (0, 3));
    assert_eq!(again.events[1].reason.as_deref(), Some("公費の追加"));
}

#[tokio::test]
async fn a_returned_claim_leads_back_to_its_visit() {
    let clinic = Clinic::open();
    let visit = clinic.check_in("見本　花子", GROWN, vec![certificate("06010391", "3405")]).await;
    let enter =
        |on| ClaimCommand::EnterReturn { visit: visit.clone(), on, reason: ReturnReason::AfterLoss, note: None };
    let too_early = clinic.submit(DeskCommand::Claims(enter(DAY.plus_days(-1)))).await;
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
    let clinic = Clinic::open();
    let visit = clinic.check_in("見本　花子", GROWN, vec![certificate("06010391", "3405")]).await;
    clinic.check_in("無手　一", GROWN, vec![card()]).await;
    clinic.claims(ClaimCommand::Freeze(november())).await;
    clinic.add(&visit, VisitCommand::Void(Voided { reason: "誤り".to_owned() })).await.unwrap();
    let dump = |clinic: &Clinic| clinic.desk.readers().read(|reading| reading.dump_read_model()).unwrap();
    let (before, totals) = (dump(&clinic), clinic.month(ClaimFilter::All).totals);
    assert!(before.iter().any(|line| line.starts_with("claim_frozen")));
    let location = StoreLocation::in_folder(clinic.folder.path()).unwrap();
    let mut connection = location.open_writer().unwrap();
    let transaction = connection.transaction().unwrap();
    let writer = sync::replica::Writer::from_random([7; 16]);
    let now = Timestamp::in_japan(DAY, 12, 0, 0);
    rebuild(&Writing::inside(&transaction, location.vault()), &RulePack::built_in(), &writer, now).unwrap();
    transaction.commit().unwrap();
    assert_eq!(dump(&clinic), before);
    assert_eq!(clinic.month(ClaimFilter::All).totals, totals);
}

#[tokio::test]
async fn files_carry_every_claim_and_name_what_letters_cannot_be_written() {
    let clinic = Clinic::open();
    clinic.check_in("𠮷田　花子", GROWN, vec![certificate("06010391", "3405")]).await;
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
    let clinic = Clinic::open();
    let visit = clinic
        .check_in(
            "無手　一",
            GROWN,
            vec![VisitCommand::Present(DocumentPresented { presented: Presented::bare(EvidenceKind::None) })],
        )
        .await;
    let asked = VisitCommand::AskFullCharge(FullChargeAsked { reason: "証がない".to_owned() });
    clinic.add(&visit, asked).await.unwrap();
    let kind = FollowUpKind::Refund;
    let refund = || {
        let query = FollowUpQuery { kind: Some(kind), limit: 10, ..FollowUpQuery::default() };
        clinic.desk.follow_up_list(&query).unwrap()
    };
    assert_eq!(refund().items.len(), 1);
    let to = Some("受付".to_owned());
    clinic.add(&visit, VisitCommand::AssignFollowUp(FollowUpAssigned { kind, to: to.clone() })).await.unwrap();
    let until = DAY.plus_days(60);
    let reason = "本人の都合".to_owned();
    let past = FollowUpSnoozed { kind, until: DAY, reason: reason.clone() };
    assert!(clinic.add(&visit, VisitCommand::SnoozeFollowUp(past)).await.is_err());
    let snoozed = FollowUpSnoozed { kind, until, reason };
    clinic.add(&visit, VisitCommand::SnoozeFollowUp(snoozed)).await.unwrap();
    let noted = |way| VisitCommand::NoteMoney(MoneyNoted { kind, yen: 2_100, way });
    clinic.add(&visit, noted(None)).await.unwrap();
    let list = refund();
    let item = &list.items[0];
    assert_eq!((item.assigned.clone(), item.follow_up.due, item.yen, item.is_due), (to, until, Some(2_100), false));
    assert!(list.counts.iter().any(|count| count.kind == kind && count.yen == 2_100));
    assert!(clinic.claim(&visit).line.warnings.contains(&ClaimWarning::FullCharge));
    clinic.add(&visit, noted(Some(MoneyWay::Cash))).await.unwrap();
    assert_eq!(refund().items, []);
    assert!(!clinic.claim(&visit).line.warnings.contains(&ClaimWarning::FullCharge));
}

#[tokio::test]
async fn the_directory_is_replaced_and_a_subsidy_is_asked_for_again() {
    let clinic = Clinic::open();
    let contact = |number: &str| InsurerContact {
        insurer_number: number.to_owned(),
        name: "架空健保".to_owned(),
        phone: "03-0000-0000".to_owned(),
    };
    clinic.submit(DeskCommand::ImportInsurers(vec![contact("01130012")])).await.unwrap();
    clinic.submit(DeskCommand::ImportInsurers(vec![contact("06010392")])).await.unwrap();
    assert_eq!(clinic.desk.insurers().unwrap(), [contact("06010392")]);
    let visit = clinic.check_in("見本　太郎", GROWN, vec![certificate("06010392", "3406")]).await;
    let list = clinic.desk.follow_up_list(&FollowUpQuery { limit: 50, ..FollowUpQuery::default() }).unwrap();
    let check = list.items.iter().find(|item| item.kind() == FollowUpKind::CheckInsurerNumber).unwrap();
    assert_eq!(check.phone, Some(("架空健保".to_owned(), "03-0000-0000".to_owned())));

    let payer = PublicPayer { payer: PublicPayerNumber::parse("54016027").unwrap().value, recipient: None };
    let taken = VisitCommand::TakePublicPayers(PublicPayersTaken { payers: vec![payer] });
    clinic.add(&visit, taken).await.unwrap();
    let patient = clinic.claim(&visit).patient;
    let check_in = CheckIn {
        patient,
        patient_number: None,
        person: PersonFace::EMPTY,
        flow: Flow::Window,
        counter: None,
        commands: vec![certificate("06010391", "3406")],
    };
    let again = clinic.submit(DeskCommand::CheckIn(Box::new(check_in))).await.unwrap().visit.unwrap();
    let asked = |clinic: &Clinic| {
        let view = clinic.desk.visit(&again).unwrap().unwrap();
        view.follow_ups.iter().any(|follow_up| follow_up.kind == FollowUpKind::AskSubsidy)
    };
    assert!(asked(&clinic) && clinic.claim(&again).line.warnings.contains(&ClaimWarning::SubsidyNotShown));
    clinic.add(&again, VisitCommand::TakePublicPayers(PublicPayersTaken { payers: Vec::new() })).await.unwrap();
    assert!(clinic.claim(&again).insurer_differs_in_month);
}

#[tokio::test]
async fn a_company_is_no_insurer() {
    let clinic = Clinic::open();
    let kinds = [InsuranceKind::Employee, InsuranceKind::NationalHealth, InsuranceKind::Unknown];
    let mut found = Vec::new();
    for kind in kinds {
        let visit = clinic.check_in("申立　人", GROWN, vec![card(), declaration("申立　人", GROWN, kind)]).await;
        let line = clinic.claim(&visit).line;
        assert!(line.basis != ClaimBasis::Unknown || line.remark_lines[0].starts_with("不詳　住所："), "{line:?}");
        found.push((line.basis, line.warnings.contains(&ClaimWarning::CompanyButPerhapsKokuho)));
    }
    // the claim order only reaches ③ when nobody could be asked
    assert!(found.iter().all(|(basis, warned)| *basis == ClaimBasis::Unknown || !warned), "{found:?}");
    assert!(!found[1].1);
}
