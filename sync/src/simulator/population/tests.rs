use super::*;
use crate::simulator::age;
use crate::simulator::numbers::passes;
use crate::simulator::person::{CertificateWindow, DocumentKind, Outcome, Scheme, Validity};
use std::collections::HashSet;

const TODAY: Date = Date::literal(2026, 4, 1);

fn people() -> Population {
    Population::generate(1, Population::DEFAULT, TODAY)
}

#[test]
fn every_class_is_there_even_in_the_smallest_population() {
    for (seed, today) in
        [(1, TODAY), (2, Date::literal(2025, 12, 31)), (3, Date::literal(2026, 2, 28)), (4, Date::literal(2028, 2, 29))]
    {
        let population = Population::generate(seed, 0, today);
        assert_eq!(population.people().len(), Population::MIN);
        for feature in Feature::ALL {
            assert!(population.with(feature).count() >= 1, "{feature:?} on {today}");
        }
        for scheme in Scheme::ALL {
            let insured = |person: &&Person| person.national.eligibilities.iter().any(|e| e.scheme == scheme);
            assert!(population.people().iter().filter(insured).count() >= 1, "{scheme:?}");
        }
        for window in [CertificateWindow::W0, CertificateWindow::W1, CertificateWindow::W2, CertificateWindow::W3] {
            assert!(population.people().iter().any(|person| person.card.window == window), "{window:?}");
        }
        let limits: HashSet<&str> = population.people().iter().filter_map(limit_class).collect();
        assert_eq!(limits.len(), 16);
        let truths = population.people().iter().flat_map(|person| [person.truth.by_number, person.truth.by_card]);
        let truths: Vec<_> = truths.flatten().collect();
        for validity in [
            Validity::Valid,
            Validity::Invalid,
            Validity::Superseded,
            Validity::NotFound,
            Validity::Ambiguous,
            Validity::ValidTicketMissing,
        ] {
            assert!(truths.iter().any(|truth| truth.validity == validity), "{validity:?}");
        }
        for outcome in [Outcome::Confirmed, Outcome::Corrected, Outcome::FollowUp] {
            assert!(truths.iter().any(|truth| truth.outcome == outcome), "{outcome:?}");
        }
        for kind in [DocumentKind::EligibilityCertificate, DocumentKind::EligibilityNotice, DocumentKind::MedicalTicket]
        {
            assert!(population.people().iter().flat_map(|p| &p.holds).any(|paper| paper.kind == kind), "{kind:?}");
        }
    }
}

fn limit_class(person: &Person) -> Option<&str> {
    person.national.eligibilities.iter().find_map(|e| e.limit.as_ref()).map(|limit| limit.class)
}

#[test]
fn the_same_seed_makes_the_same_people_and_more_people_change_nobody() {
    let text = |population: &Population| serde_json::to_string(population.people()).expect("serialises");
    assert_eq!(text(&people()), text(&people()));
    assert_ne!(text(&people()), text(&Population::generate(2, Population::DEFAULT, TODAY)));
    let large = Population::generate(1, 1500, TODAY);
    let first = serde_json::to_string(&large.people()[..Population::DEFAULT]).expect("serialises");
    assert_eq!(first, text(&people()));
}

#[test]
fn every_number_is_well_formed() {
    for person in Population::generate(9, 2000, TODAY).people() {
        for eligibility in &person.national.eligibilities {
            let coverage = &eligibility.coverage;
            let insurer = &coverage.insurer_number;
            assert!(passes(insurer), "{}: {insurer}", person.key);
            let prefecture: u8 = insurer[insurer.len() - 6..][..2].parse().expect("digits");
            assert!((1..=47).contains(&prefecture), "{insurer}");
            match eligibility.scheme {
                Scheme::LATE_ELDERLY => {
                    assert!(coverage.number.len() == 8 && coverage.symbol.is_none() && coverage.branch.is_none());
                }
                Scheme::MEDICAL_AID => assert!(coverage.number.len() == 7 && passes(&coverage.number)),
                _ => assert!(coverage.branch.as_ref().is_some_and(|branch| branch.len() == 2)),
            }
            assert!(coverage.number.chars().count() <= 20);
            assert!(coverage.symbol.as_ref().is_none_or(|symbol| symbol.chars().count() <= 20));
            assert!(eligibility.lost_on.is_none_or(|lost| lost > eligibility.acquired_on), "{}", person.key);
            assert!(eligibility.name_kana.chars().all(|c| c == ' ' || ('｡'..='ﾟ').contains(&c)), "{}", person.key);
            assert!(eligibility.name.contains('　'));
        }
    }
}

#[test]
fn numbers_belong_to_one_household() {
    let population = Population::generate(3, 3000, TODAY);
    let mut owners = HashMap::new();
    for person in population.people() {
        for eligibility in &person.national.eligibilities {
            let coverage = &eligibility.coverage;
            let key = (coverage.insurer_number.clone(), coverage.symbol.clone(), coverage.number.clone());
            let owner = *owners.entry(key).or_insert(person.household);
            assert_eq!(owner, person.household, "{}", person.key);
        }
    }
}

#[test]
fn windows_follow_the_month_end_rule() {
    for person in people().people() {
        let expiry = person.card.certificate_expiry;
        let window = if TODAY > age::grace_until(expiry) {
            CertificateWindow::W3
        } else if TODAY > expiry {
            CertificateWindow::W2
        } else if TODAY >= expiry.plus_months(-3) {
            CertificateWindow::W1
        } else {
            CertificateWindow::W0
        };
        assert_eq!(window, person.card.window, "{}", person.key);
    }
}

#[test]
fn the_cast_is_who_it_says() {
    let population = people();
    let share = |key: &str| population.get(key).expect(key).truth.share_tenths;
    assert_eq!(share("valid-face"), Some(3));
    assert_eq!(share("turned-70-last-month"), Some(2));
    assert_eq!(share("child-school-edge"), Some(2));
    assert_eq!(share("child-at-school"), Some(3));
    assert_eq!(share("late-elderly"), Some(2));
    assert_eq!(share("medical-aid"), Some(0));
    assert_eq!(share("invalid-lost-job"), None);
    let turned = population.get("turned-70-last-month").expect("cast");
    assert_eq!(age::seventy_from(turned.face.birth_date), TODAY);
    assert_eq!(population.get("turned-75-today").expect("cast").face.birth_date, Date::literal(1951, 4, 1));
    assert_eq!(population.get("child-school-edge").expect("cast").face.birth_date, Date::literal(2020, 4, 2));
    let kuromaru = population.get("kuromaru").expect("cast");
    let registered = &kuromaru.national.eligibilities[0].name;
    assert!(registered.contains('●') && !kuromaru.face.name.contains('●'));
    assert_eq!(registered.chars().count(), kuromaru.face.name.chars().count());
    let small = population.get("cert-w3").expect("cast");
    assert!(small.truth.by_card.is_none() && small.truth.by_number.is_some());
    assert_eq!(population.cast()[0].key, "valid-face");
    assert!(population.cast().iter().all(|person| !person.key.starts_with('p')
        || person.key.contains('-')
        || person.has(Feature::FamilyWithChildren)));
}

#[test]
fn names_cannot_be_mistaken_for_real_people() {
    let heads = [
        "見本",
        "仮",
        "例",
        "架",
        "試",
        "写",
        "雛形",
        "絵空",
        "幻",
        "想",
        "虚",
        "模",
        "髙仮",
        "濵架",
        "德見本",
        "𠮷例",
    ];
    for person in Population::generate(5, 1000, TODAY).people() {
        assert!(heads.iter().any(|head| person.face.name.starts_with(head)), "{}", person.key);
        assert!(!format!("{person:?}").contains(&person.face.name));
    }
}

#[test]
fn a_hundred_thousand_are_made() {
    let population = Population::generate(1, 100_000, TODAY);
    assert_eq!(population.people().len(), 100_000);
    let keys: HashSet<&str> = population.people().iter().map(|person| person.key.as_str()).collect();
    assert_eq!(keys.len(), 100_000);
}
