//! What is true about a person, stated from the case it was made for.

use super::super::spec::{Case, Paper, Spec};
use crate::simulator::age;
use crate::simulator::person::*;
use domain::Date;

/// The eligibility whose paper the patient holds.
pub(super) fn shown(spec: &Spec, eligibilities: &[Eligibility]) -> Option<usize> {
    match (spec.paper, spec.case) {
        (Paper::None, _) => None,
        (_, Case::Lag(_)) => Some(eligibilities.len() - 1),
        _ => Some(0),
    }
}

/// The burden ratio in tenths under this eligibility.
pub(super) fn share(face: &CardFace, eligibility: &Eligibility, today: Date) -> u8 {
    if eligibility.scheme == Scheme::MEDICAL_AID {
        0
    } else if let Some(tenths) = eligibility.late_elderly_tenths {
        tenths
    } else if today >= age::seventy_from(face.birth_date) {
        eligibility.elderly_tenths.unwrap_or(2)
    } else if today <= age::preschool_until(face.birth_date) {
        2
    } else {
        3
    }
}

pub(super) fn printed_share(spec: &Spec, face: &CardFace, eligibility: &Eligibility, today: Date) -> Option<u8> {
    let elderly = today >= age::seventy_from(face.birth_date).plus_months(2);
    let printed = eligibility.late_elderly_tenths.or(eligibility.elderly_tenths.filter(|_| elderly));
    match (spec.case, printed) {
        (Case::RatioDiffers, Some(tenths)) => Some(if tenths == 3 { 2 } else { 3 }),
        (_, printed) => printed,
    }
}

pub(super) fn truth(spec: &Spec, face: &CardFace, eligibilities: &[Eligibility], today: Date) -> Truth {
    use Outcome::{Confirmed, Corrected, FollowUp};
    let (by_number, by_card) = match spec.case {
        Case::Plain => ((Validity::Valid, Confirmed), (Validity::Valid, Confirmed)),
        Case::Lost(_) => ((Validity::Invalid, FollowUp), (Validity::Invalid, FollowUp)),
        Case::Superseded(_) | Case::TurnedSeventyFive => {
            ((Validity::Superseded, FollowUp), (Validity::Valid, Corrected))
        }
        Case::Lag(_) => ((Validity::NotFound, FollowUp), (Validity::Invalid, FollowUp)),
        Case::Newcomer(_) => ((Validity::NotFound, FollowUp), (Validity::NotFound, FollowUp)),
        Case::Twin => ((Validity::Ambiguous, FollowUp), (Validity::Valid, Confirmed)),
        Case::LinkedTo(_) => ((Validity::Valid, FollowUp), (Validity::Valid, FollowUp)),
        Case::TicketMissing => ((Validity::ValidTicketMissing, FollowUp), (Validity::ValidTicketMissing, FollowUp)),
        Case::RatioDiffers => ((Validity::Valid, Corrected), (Validity::Valid, Corrected)),
    };
    let expect = |(validity, outcome)| Expectation { validity, outcome };
    let readable =
        spec.card.owned && spec.card.registered && spec.card.usable && spec.card.window != CertificateWindow::W3;
    let holds = match spec.case {
        Case::Lost(_) => None,
        Case::Superseded(_) | Case::TurnedSeventyFive | Case::Lag(_) => Some(1),
        _ => Some(0),
    };
    let lag = match spec.case {
        Case::Lag(days) | Case::Newcomer(days) => Some(today.plus_days(days)),
        _ => None,
    };
    Truth {
        by_number: (spec.paper != Paper::None).then(|| expect(by_number)),
        by_card: readable.then(|| expect(by_card)),
        holds,
        share_tenths: holds.map(|at| if spec.with_aid { 0 } else { share(face, &eligibilities[at], today) }),
        found_from: lag,
    }
}

pub(super) fn story(spec: &Spec, japanese: bool) -> String {
    if let Some((ja, en)) = spec.story {
        return if japanese { ja } else { en }.to_owned();
    }
    let words: Vec<&str> =
        spec.features.iter().map(|feature| if japanese { feature.label_ja() } else { feature.label_en() }).collect();
    match (words.is_empty(), japanese) {
        (true, true) => "特記なし".to_owned(),
        (true, false) => "nothing special".to_owned(),
        (false, true) => words.join("・"),
        (false, false) => words.join(", "),
    }
}
