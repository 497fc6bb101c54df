//! The named characters at the first places: tests and demonstrations deal them by key.

use super::maker::Maker;
use super::spec::{Case, Paper, Spec, Spelling};
use crate::simulator::person::{CertificateWindow, Feature, PhoneKind, PinState, Scheme, Sex};
use domain::Date;

const SOCIETY: Scheme = Scheme::Coded("06");
const KYOKAI: Scheme = Scheme::Coded("01");

/// Adds the cast. The order is part of the promise: indices do not move.
pub(crate) fn add(maker: &mut Maker) {
    let today = maker.reference;
    let aged = |years: i32| today.plus_years(-years).plus_days(-100);
    let valid = maker.single(
        Spec::new(SOCIETY, aged(37), Sex::Female)
            .named("valid-face", "顔認証で問題なく有効", "valid by face, nothing odd")
            .paper(Paper::Certificate),
    );
    turning_points(maker, today);
    troubles(maker, &aged, valid);
    twins(maker, aged(31));
    cards(maker, &aged);
    aid_and_elderly(maker, &aged);
    names(maker, &aged);
}

fn turning_points(maker: &mut Maker, today: Date) {
    let last_month = today.first_of_month().plus_months(-1);
    // Born on the 10th: 70 on the 9th of last month, so the new ratio began on the 1st of this month.
    maker.single(
        Spec::new(Scheme::Kokuho, last_month.plus_years(-70).plus_days(9), Sex::Male)
            .named("turned-70-last-month", "先月70歳になり、今月から2割", "turned 70 last month: 20 % from this month")
            .feature(Feature::SeventyEdge),
    );
    maker.single(
        Spec::new(SOCIETY, today.plus_years(-75), Sex::Female)
            .named("turned-75-today", "今日75歳、後期高齢者へ", "75 today: now in the scheme of the late elderly")
            .feature(Feature::SeventyFiveEdge)
            .case(Case::TurnedSeventyFive)
            .paper(Paper::Certificate),
    );
    let school = maker.school_start();
    let mut home = maker.home(SOCIETY, Spelling::Plain);
    maker.member(&mut home, Spec::new(SOCIETY, today.plus_years(-36), Sex::Male).feature(Feature::FamilyWithChildren));
    maker.member(
        &mut home,
        Spec::new(SOCIETY, school.plus_years(-6).plus_days(1), Sex::Female)
            .named("child-school-edge", "4月2日生まれ、まだ就学前（2割）", "born on 2 April: still before school, 20 %")
            .feature(Feature::PreschoolEdge)
            .family(),
    );
    maker.member(
        &mut home,
        Spec::new(SOCIETY, school.plus_years(-6), Sex::Male)
            .named("child-at-school", "4月1日生まれ、就学済み（3割）", "born on 1 April: at school, 30 %")
            .feature(Feature::PreschoolEdge)
            .family(),
    );
}

fn troubles(maker: &mut Maker, aged: &impl Fn(i32) -> Date, valid: u32) {
    maker.single(
        Spec::new(SOCIETY, aged(45), Sex::Male)
            .named("invalid-lost-job", "退職で資格喪失、新資格なし", "lost with the job, nothing newer registered")
            .feature(Feature::Invalid)
            .case(Case::Lost("99"))
            .paper(Paper::Certificate),
    );
    maker.single(
        Spec::new(KYOKAI, aged(28), Sex::Female)
            .named("not-found-new-job", "転職直後、登録待ち", "new job, registration still under way")
            .feature(Feature::RegistrationLag)
            .case(Case::Lag(9))
            .paper(Paper::Certificate),
    );
    maker.single(
        Spec::new(SOCIETY, aged(52), Sex::Male)
            .named("superseded", "古い資格の書類、新しい資格あり", "holds the old paper, a newer eligibility exists")
            .feature(Feature::Superseded)
            .case(Case::Superseded(Scheme::Kokuho))
            .paper(Paper::Certificate),
    );
    maker.single(
        Spec::new(KYOKAI, aged(41), Sex::Male)
            .named("wrong-person", "別人の情報が返る", "the service answers with another person's data")
            .feature(Feature::WrongPerson)
            .case(Case::LinkedTo(valid))
            .paper(Paper::Certificate),
    );
    maker.single(
        Spec::new(Scheme::Kokuho, aged(72), Sex::Female)
            .named("ratio-differs", "券面3割・回答2割", "paper says 30 %, the answer 20 %")
            .feature(Feature::RatioDiffers)
            .case(Case::RatioDiffers)
            .paper(Paper::Certificate),
    );
    maker.single(
        Spec::new(Scheme::Kokuho, aged(58), Sex::Male)
            .named("no-validity-end", "有効終了日が返らない", "the answer carries no end of validity")
            .feature(Feature::ValidityEndMissing)
            .with(|spec| spec.end_missing = true),
    );
}

fn twins(maker: &mut Maker, birth: Date) {
    let mut home = maker.home(Scheme::Kokuho, Spelling::Plain);
    for (key, ja, en, sex) in [
        ("ambiguous-no-branch", "双子、書類に枝番なし", "a twin, no branch number on the paper", Sex::Male),
        ("ambiguous-twin", "双子のもう一人", "the other twin", Sex::Female),
    ] {
        let spec = Spec::new(Scheme::Kokuho, birth, sex)
            .named(key, ja, en)
            .feature(Feature::Ambiguous)
            .feature(Feature::NoBranch)
            .case(Case::Twin)
            .paper(Paper::CertificateWithoutBranch);
        maker.member(&mut home, spec);
    }
}

fn cards(maker: &mut Maker, aged: &impl Fn(i32) -> Date) {
    for (key, ja, en, window) in [
        ("cert-w1", "電子証明書の期限が近い", "certificate about to expire", CertificateWindow::W1),
        ("cert-w2", "期限切れ後3か月以内", "certificate expired, still in the grace period", CertificateWindow::W2),
        ("cert-w3", "期限切れ、猶予も過ぎた", "certificate expired, grace period over", CertificateWindow::W3),
    ] {
        maker.single(Spec::new(KYOKAI, aged(33), Sex::Female).named(key, ja, en).window(window));
    }
    maker.single(
        Spec::new(KYOKAI, aged(63), Sex::Male)
            .named("pin-locked", "暗証番号ロック、顔は通る", "PIN locked, the face matches")
            .feature(Feature::PinLocked)
            .card(|card| card.pin = PinState::Locked),
    );
    maker.single(
        Spec::new(SOCIETY, aged(68), Sex::Female)
            .named("face-mismatch", "顔認証が通らず暗証番号も忘れた", "face does not match, PIN forgotten: visual only")
            .feature(Feature::FaceMismatch)
            .feature(Feature::PinForgotten)
            .card(|card| {
                card.face_matches = false;
                card.pin = PinState::Forgotten;
            }),
    );
    maker.single(
        Spec::new(SOCIETY, aged(26), Sex::Male)
            .named("phone-user", "スマホのみ持参", "brings the phone")
            .feature(Feature::Phone)
            .card(|card| card.phone = Some(PhoneKind::Iphone)),
    );
    maker.single(
        Spec::new(Scheme::Kokuho, aged(55), Sex::Female)
            .named("certificate-only", "資格確認書だけ", "no card, 資格確認書 only")
            .feature(Feature::NoCard)
            .paper(Paper::Certificate)
            .card(|card| card.owned = false),
    );
    maker.single(
        Spec::new(Scheme::Kokuho, aged(40), Sex::Male)
            .named("card-unregistered", "利用登録のないカード", "card not registered for insurance use")
            .feature(Feature::NotRegisteredForUse)
            .paper(Paper::Certificate)
            .card(|card| card.registered = false),
    );
    maker.single(
        Spec::new(Scheme::Kokuho, aged(34), Sex::Female)
            .named("dv-protected", "自己情報不開示", "disclosure blocked: no address, card not usable")
            .feature(Feature::Protected)
            .paper(Paper::Certificate)
            .card(|card| card.usable = false),
    );
}

fn aid_and_elderly(maker: &mut Maker, aged: &impl Fn(i32) -> Date) {
    maker.single(
        Spec::new(Scheme::MEDICAL_AID, aged(60), Sex::Male)
            .named("medical-aid-unregistered", "医療扶助、医療券が未登録", "medical aid, ticket not registered yet")
            .feature(Feature::TicketMissing)
            .case(Case::TicketMissing),
    );
    maker.single(Spec::new(Scheme::MEDICAL_AID, aged(66), Sex::Female).named(
        "medical-aid",
        "医療扶助のみ、医療券あり",
        "medical aid alone, ticket registered",
    ));
    maker.single(
        Spec::new(KYOKAI, aged(48), Sex::Male)
            .named("insurance-and-aid", "社保と医療扶助の併用", "employees' insurance and medical aid")
            .feature(Feature::InsuranceAndAid)
            .with(|spec| spec.with_aid = true),
    );
    maker.single(
        Spec::new(Scheme::LATE_ELDERLY, aged(82), Sex::Female)
            .named("late-elderly", "後期高齢者2割", "late elderly, 20 %")
            .paper(Paper::Certificate)
            .with(|spec| spec.late_tenths = 2),
    );
}

fn names(maker: &mut Maker, aged: &impl Fn(i32) -> Date) {
    for (key, ja, en, spelling, feature) in [
        ("kuromaru", "氏名が●で届く", "the name arrives with ●", Spelling::Kuromaru, Feature::Kuromaru),
        (
            "small-kana",
            "ジュン→ジユンで登録",
            "small kana registered as large",
            Spelling::LargeKana,
            Feature::LargeKana,
        ),
        ("third-level-kanji", "德がそのまま届く", "德 arrives intact", Spelling::ThirdLevel, Feature::ThirdLevelKanji),
    ] {
        let spec = Spec::new(Scheme::Kokuho, aged(50), Sex::Female).named(key, ja, en);
        maker.single(spec.spelled(spelling).feature(feature));
    }
}
