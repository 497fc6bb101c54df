//! Windows of the user certificate (利用者証明用電子証明書) around its expiry (checkin-rules §6).

use crate::codes;
use crate::date::Date;

/// Since this day an expired certificate still answers for eligibility until the end of W2; before it, expired meant
/// unusable.
pub const GRACE_FROM: Date = Date::literal(2024, 12, 2);

/// Months before expiry from which the reader warns, and months after it in which the grace ends.
const WINDOW_MONTHS: i32 = 3;

codes! {
    /// Where a day lies relative to the expiry of the certificate.
    pub enum CertificateWindow {
        /// Earlier than three months before expiry.
        W0 = "W0",
        /// The three months up to and including the expiry day.
        W1 = "W1",
        /// After expiry, to the end of the month three months later: eligibility yes, medical data no.
        W2 = "W2",
        /// Later: no online use until renewed and registered again.
        W3 = "W3",
    }
}

codes! {
    /// What to tell the patient.
    pub enum CertificateAdvice {
        /// W1: renewal slip.
        RenewSoon = "renew_soon",
        /// W2: renew now.
        RenewNow = "renew_now",
        /// W3: other evidence today; renew and register again.
        OtherEvidence = "other_evidence",
    }
}

/// What still works in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowFacts {
    /// The card answers for eligibility online.
    pub eligibility_online: bool,
    /// Medical data can be shown, given consent.
    pub medical_data: bool,
    /// The reader shows an alert.
    pub reader_alert: bool,
    /// What to tell the patient.
    pub advice: Option<CertificateAdvice>,
}

/// The window of a day for a certificate with this printed or returned expiry date. The reader's answer is final.
pub fn window(expiry: Date, on: Date) -> CertificateWindow {
    if on < advice_from(expiry) {
        CertificateWindow::W0
    } else if on <= expiry {
        CertificateWindow::W1
    } else if on >= GRACE_FROM && on <= end_of_grace(expiry) {
        CertificateWindow::W2
    } else {
        CertificateWindow::W3
    }
}

/// First day of W1: three months before expiry.
pub fn advice_from(expiry: Date) -> Date {
    expiry.plus_months(-WINDOW_MONTHS)
}

/// Last day on which the card answers for eligibility: the end of W2, or the expiry day itself when all of W2 lies
/// before [`GRACE_FROM`].
pub fn last_usable_day(expiry: Date) -> Date {
    let end = end_of_grace(expiry);
    if end >= GRACE_FROM { end } else { expiry }
}

fn end_of_grace(expiry: Date) -> Date {
    expiry.first_of_month().plus_months(WINDOW_MONTHS).end_of_month()
}

impl CertificateWindow {
    /// What still works in this window.
    pub const fn facts(self) -> WindowFacts {
        let (eligibility_online, medical_data, reader_alert, advice) = match self {
            CertificateWindow::W0 => (true, true, false, None),
            CertificateWindow::W1 => (true, true, true, Some(CertificateAdvice::RenewSoon)),
            CertificateWindow::W2 => (true, false, true, Some(CertificateAdvice::RenewNow)),
            CertificateWindow::W3 => (false, false, false, Some(CertificateAdvice::OtherEvidence)),
        };
        WindowFacts { eligibility_online, medical_data, reader_alert, advice }
    }
}

impl CertificateAdvice {
    /// For staff, to hand on to the patient.
    pub const fn ja(self) -> &'static str {
        match self {
            CertificateAdvice::RenewSoon => {
                "電子証明書の有効期限が近づいています。市区町村の窓口で更新できます（無料）。更新の案内をお渡しください。"
            }
            CertificateAdvice::RenewNow => {
                "電子証明書の有効期限が切れています。資格の確認は今はできますが、診療・薬剤情報は見られません。\
                 早めに市区町村の窓口で更新するようお伝えください。更新しないと資格確認書が郵送されます。"
            }
            CertificateAdvice::OtherEvidence => {
                "電子証明書が使えません。カードは本人確認に使い、資格確認書、または資格情報のお知らせ・マイナポータルの画面や\
                 PDFで確認してください。なければ申立書を使えます。更新後は保険証利用の登録がもう一度必要です。"
            }
        }
    }

    /// The same in English.
    pub const fn en(self) -> &'static str {
        match self {
            CertificateAdvice::RenewSoon => {
                "The certificate expires soon. It is renewed free of charge at the city office. Hand out the renewal slip."
            }
            CertificateAdvice::RenewNow => {
                "The certificate has expired. Eligibility can still be confirmed, medical data cannot be shown. Ask the \
                 patient to renew now at the city office; otherwise an eligibility certificate comes by post."
            }
            CertificateAdvice::OtherEvidence => {
                "The certificate cannot be used. Take the card as photo ID and confirm by eligibility certificate, or by \
                 notice or portal screen or PDF with the card; else use the declaration. After renewal the card must be \
                 registered for insurance use again."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CertificateWindow::{W0, W1, W2, W3};

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a day")
    }

    #[test]
    fn the_rows_of_the_table() {
        // expiry, W1 starts, W2 starts, W2 ends (checkin-rules §6)
        let rows = [
            ("2025-02-10", "2024-11-10", "2025-02-11", "2025-05-31"),
            ("2025-11-30", "2025-08-30", "2025-12-01", "2026-02-28"),
            ("2025-12-15", "2025-09-15", "2025-12-16", "2026-03-31"),
        ];
        for (expiry, w1, w2, end) in rows.map(|(a, b, c, d)| (day(a), day(b), day(c), day(d))) {
            assert_eq!(advice_from(expiry), w1);
            assert_eq!(last_usable_day(expiry), end);
            assert_eq!(expiry.plus_days(1), w2);
            for (on, expected) in
                [(w1.plus_days(-1), W0), (w1, W1), (expiry, W1), (w2, W2), (end, W2), (end.plus_days(1), W3)]
            {
                assert_eq!(window(expiry, on), expected, "{expiry} on {on}");
            }
        }
    }

    #[test]
    fn before_the_grace_expired_meant_unusable() {
        // scenario T03: expired yesterday, 2024-12-01
        assert_eq!(window(day("2024-11-30"), day("2024-12-01")), W3);
        assert_eq!(window(day("2024-11-30"), day("2024-12-02")), W2);
        assert_eq!(window(day("2024-08-31"), day("2024-09-01")), W3);
        assert_eq!(last_usable_day(day("2024-08-31")), day("2024-08-31"));
        assert_eq!(window(day("2024-09-01"), day("2024-12-31")), W2);
        assert_eq!(last_usable_day(day("2024-09-01")), day("2024-12-31"));
    }

    #[test]
    fn short_months_and_leap_days() {
        assert_eq!(advice_from(day("2025-05-31")), day("2025-02-28"));
        assert_eq!(advice_from(day("2028-05-31")), day("2028-02-29"));
        assert_eq!(last_usable_day(day("2027-11-30")), day("2028-02-29"));
        assert_eq!(last_usable_day(day("2028-02-29")), day("2028-05-31"));
        // city pages: expiry in February, usable to 31 May
        assert_eq!(last_usable_day(day("2026-02-01")), day("2026-05-31"));
    }

    #[test]
    fn scenarios_t04_and_t05() {
        let expiry = day("2025-02-10");
        let last = window(expiry, day("2025-05-31")).facts();
        assert!(last.eligibility_online && !last.medical_data && last.reader_alert);
        assert_eq!(last.advice, Some(CertificateAdvice::RenewNow));
        let over = window(expiry, day("2025-06-01")).facts();
        assert!(!over.eligibility_online && !over.medical_data);
        assert_eq!(over.advice, Some(CertificateAdvice::OtherEvidence));
    }

    #[test]
    fn windows_never_go_back_once_the_grace_is_in_force() {
        for offset in 0..800 {
            let expiry = GRACE_FROM.plus_days(offset);
            let mut on = expiry.plus_days(-120);
            let mut before = window(expiry, on);
            while on < expiry.plus_days(150) {
                on = on.plus_days(1);
                let now = window(expiry, on);
                assert!(now >= before);
                assert_eq!(now.facts().eligibility_online, on <= last_usable_day(expiry));
                before = now;
            }
            assert_eq!(before, W3);
        }
    }
}
