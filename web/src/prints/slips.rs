//! Slips a patient takes home.

use super::{JA, day_of, person};
use crate::pages::slip::for_patient;
use crate::port::VisitView;
use crate::show;
use domain::Date;
use domain::case::AttemptOutcome;
use domain::certificate::{CertificateWindow, last_usable_day, window};
use domain::decision::FollowUpKind;
use domain::follow_up::claim_close;
use domain::text::Text;
use domain::visit::VisitStatus;
use paper::{Advice, Line, Refund, TakeHome, Topic};

fn line(text: &Text) -> Line {
    Line { ja: text.ja.to_string(), en: text.en.to_string() }
}

/// P-C.
pub(super) fn take_home(view: &VisitView, number: Option<u32>, today: Date) -> TakeHome {
    let day = view.state.visit_date().unwrap_or(today);
    let open = view.follow_ups.iter().filter_map(|follow_up| for_patient(follow_up.kind));
    let reports = view.follow_ups.iter().any(|follow_up| follow_up.kind == FollowUpKind::ReportNumber);
    let until = claim_close(day).plus_days(-1);
    TakeHome {
        form_no: view.state.declaration.as_ref().map(|form| form.form_no.clone()).unwrap_or_default(),
        day: day_of(view),
        number,
        name: person(view).0,
        lines: open.map(|text| line(&text)).collect(),
        until: if reports && until >= today { show::day(JA, until) } else { String::new() },
        paid_in_full: view.status == VisitStatus::FullCharge,
        code: view.slip.clone(),
    }
}

/// Whether the certificate on the card has to be renewed, as far as it is known.
pub(super) fn needs_renewal(view: &VisitView) -> bool {
    let on = view.state.visit_date();
    let soon =
        view.state.certificate_expiry.zip(on).is_some_and(|(expiry, on)| window(expiry, on) != CertificateWindow::W0);
    soon || view.follow_ups.iter().any(|follow_up| follow_up.kind == FollowUpKind::CertificateSlip)
}

/// Whether a PIN was forgotten or locked.
pub(super) fn pin_failed(view: &VisitView) -> bool {
    let failed = |outcome| matches!(outcome, AttemptOutcome::Locked | AttemptOutcome::Forgotten);
    view.state.attempts.iter().any(|attempt| failed(attempt.outcome))
}

/// An advice slip, for a patient or for anybody.
pub(super) fn advice(topic: Topic, view: Option<&VisitView>, today: Date) -> Advice {
    let expiry = view.and_then(|view| view.state.certificate_expiry).filter(|_| topic == Topic::Certificate);
    Advice {
        topic,
        name: view.map(|view| person(view).0).unwrap_or_default(),
        standing: expiry.map(|expiry| standing(expiry, today)).unwrap_or_default(),
    }
}

/// When the certificate runs out, and the patient's own last usable day (REQ-42).
fn standing(expiry: Date, today: Date) -> Vec<Line> {
    let both = |ja: String, en: String| Line { ja, en };
    let last = last_usable_day(expiry);
    let expires = if expiry >= today {
        both(
            format!("電子証明書の期限は {} です。", show::day(JA, expiry)),
            format!("Your certificate runs out on {expiry}."),
        )
    } else {
        both(
            format!("電子証明書の期限は {} に切れています。", show::day(JA, expiry)),
            format!("Your certificate ran out on {expiry}."),
        )
    };
    let usable = if last >= today {
        both(
            format!("更新しない場合、健康保険証として使えるのは {} までです。", show::day(JA, last)),
            format!("If it is not renewed, the card serves as insurance card until {last}."),
        )
    } else {
        both(
            "いまは健康保険証として使えません。更新のあと、もう一度「保険証利用の登録」が必要です。".to_owned(),
            "It does not serve as insurance card now. After renewal, register it for insurance use again.".to_owned(),
        )
    };
    vec![expires, usable]
}

/// Whether money goes back, or will once the insurance is confirmed.
pub(super) fn refund_is_due(view: &VisitView) -> bool {
    view.status == VisitStatus::FullCharge
        || view.follow_ups.iter().any(|follow_up| follow_up.kind == FollowUpKind::Refund)
}

/// The refund slip. What it promises follows what is known: an answer, or only the charge.
pub(super) fn refund(view: &VisitView, number: Option<u32>) -> Refund {
    let (name, kana, birth) = person(view);
    let due = view.follow_ups.iter().find(|follow_up| follow_up.kind == FollowUpKind::Refund);
    let confirmed = view.decision.accepted.as_ref().is_some_and(|accepted| !accepted.provisional);
    let reason = match due {
        Some(_) if confirmed => Text::new(
            "保険の資格が確認できました。お預かりした額との差額をお返しします。",
            "Your insurance is confirmed. The difference to what you paid is given back.",
        ),
        _ => Text::new(
            "保険の資格が確認でき次第、お預かりした額との差額をお返しします。",
            "As soon as your insurance is confirmed, the difference to what you paid is given back.",
        ),
    };
    Refund {
        day: day_of(view),
        number,
        name,
        kana,
        birth,
        reason: line(&reason),
        share: view
            .decision
            .ratio
            .tenths
            .filter(|_| confirmed)
            .map(|share| show::tenths(JA, share))
            .unwrap_or_default(),
        asked: view.state.ratio_charged().map(|share| show::tenths(JA, share)).unwrap_or_default(),
        code: view.slip.clone(),
    }
}
