use super::*;
use crate::card::gate::Refusal;
use std::collections::BTreeSet;

fn every_failure() -> Vec<CardFailure> {
    let broken = |counter| CardFailure::SurfaceCodeBrokenOff { wire: WireError::TimedOut, counter };
    let rest = [
        CardFailure::OtherCard,
        CardFailure::OldResidentCard,
        CardFailure::UnknownToken,
        CardFailure::PhoneAsksForPin,
        CardFailure::NoAuthenticationCertificate,
        CardFailure::NoAttributes,
        CardFailure::SurfaceCodeWrong { tries_left: 9 },
        CardFailure::SurfaceCodeLocked,
        CardFailure::LastTryNotConfirmed,
        broken(BrokenOff::NoTryLost),
        broken(BrokenOff::TryLost { tries_left: 4 }),
        broken(BrokenOff::TryLost { tries_left: 0 }),
        broken(BrokenOff::Unknown),
        CardFailure::Garbled(GarbledPart::TokenName),
        CardFailure::Oversized(GarbledPart::Certificate),
        CardFailure::Refused(Refusal::UnlistedFile),
    ];
    WireError::ALL.into_iter().map(CardFailure::Wire).chain(rest).collect()
}

#[test]
fn every_failure_has_its_own_words() {
    let all = every_failure();
    let distinct = |of: fn(&CardFailure) -> Cow<'static, str>| all.iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(|failure| failure.text().what_happened.ja), all.len());
    assert_eq!(distinct(|failure| failure.text().what_happened.en), all.len());
}

#[test]
fn both_languages_are_complete_sentences_in_their_own_script() {
    for failure in every_failure() {
        let text = failure.text();
        for Words { ja, en } in [text.what_happened, text.what_is_safe, text.do_now, text.for_technician] {
            assert!(ja.ends_with('。'), "{ja}");
            assert!(en.ends_with('.') && en.is_ascii(), "{en}");
        }
    }
}

#[test]
fn the_number_of_tries_is_told() {
    let told = CardFailure::SurfaceCodeWrong { tries_left: 9 }.to_string();
    assert!(told.contains("あと9回") && told.contains("after 9 more"), "{told}");
    let status = CardFailure::UnexpectedStatus { status: 0x6F00 }.text().for_technician;
    assert!(status.ja.contains("6F00") && status.en.contains("6F00"));
}

#[test]
fn nobody_is_told_to_type_a_pin() {
    for failure in every_failure() {
        let now = failure.text().do_now;
        assert!(!now.ja.contains("暗証") && !now.en.contains("PIN"), "{failure:?}");
    }
}
