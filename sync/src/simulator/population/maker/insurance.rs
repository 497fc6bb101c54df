//! What the service has on file about somebody: who insures them, from when until when, and what came before and beside it.

use super::spelling::{Surname, registered_spelling};
use super::{Home, Maker, full_width};
use crate::simulator::age;
use crate::simulator::dice::Dice;
use crate::simulator::fold::half_width_kana;
use crate::simulator::numbers::with_check_digit;
use crate::simulator::person::*;
use crate::simulator::population::spec::{Case, Relation, Spec};
use domain::Date;

impl Maker {
    /// What the service has on file, oldest first.
    pub(super) fn eligibilities(
        &self,
        home: &mut Home,
        spec: &Spec,
        face: &CardFace,
        index: u32,
        dice: &mut Dice,
    ) -> Vec<Eligibility> {
        let today = self.reference;
        let mut first = self.eligibility(home, spec, face, index, dice);
        let mut list = Vec::new();
        match spec.case {
            Case::Lost(reason) => {
                end(&mut first, today.plus_days(-12), reason);
                list.push(first);
            }
            Case::Superseded(scheme) => {
                let changed = today.plus_days(-40);
                end(&mut first, changed, "03");
                let next = self.next(scheme, spec, face, index, changed, dice);
                list.extend([first, next]);
            }
            Case::Lag(days) => {
                let changed = today.plus_days(-14);
                let mut old = self.next(Scheme::Kokuho, spec, face, index, changed.plus_years(-2), dice);
                end(&mut old, changed, "03");
                begin(&mut first, changed);
                first.registered_from = today.plus_days(days);
                list.extend([old, first]);
            }
            Case::Newcomer(days) => {
                begin(&mut first, today.plus_days(-3).max(spec.birth));
                first.registered_from = today.plus_days(days);
                list.push(first);
            }
            Case::TurnedSeventyFive => {
                let birthday = age::seventy_five_on(spec.birth);
                end(&mut first, birthday, "03");
                let next = self.next(Scheme::LATE_ELDERLY, spec, face, index, birthday, dice);
                list.extend([first, next]);
            }
            _ => list.push(first),
        }
        if spec.with_aid {
            list.push(self.aid_beside(spec, face, index, dice));
        }
        list
    }

    /// An eligibility of another scheme, begun on that day.
    fn next(
        &self,
        scheme: Scheme,
        spec: &Spec,
        face: &CardFace,
        index: u32,
        since: Date,
        dice: &mut Dice,
    ) -> Eligibility {
        let insurer = *dice.pick(&self.by_scheme[&scheme]);
        let id = 5_000_000 + index;
        let mut home = Home {
            id,
            surname: Surname { card: String::new(), reading: String::new(), ordinary: String::new() },
            address: face.address.clone(),
            postal_code: "199-0001".to_owned(),
            telephone: String::new(),
            symbol: symbol(dice, scheme, insurer),
            number: number(scheme, id),
            insurer,
            insured_name: Some(face.name.clone()),
            next_branch: 0,
        };
        let spec = Spec { scheme, relation: Relation::Insured, limit: None, ..spec.clone() };
        let mut eligibility = self.eligibility(&mut home, &spec, face, index, dice);
        begin(&mut eligibility, since);
        if scheme == Scheme::LATE_ELDERLY {
            // Nobody has to notify anything: the union registers the 75th birthday ahead.
            eligibility.registered_from = since;
        }
        eligibility
    }

    fn aid_beside(&self, spec: &Spec, face: &CardFace, index: u32, dice: &mut Dice) -> Eligibility {
        let since = self.reference.plus_days(-100);
        let mut aid = self.next(Scheme::MEDICAL_AID, spec, face, index, since, dice);
        if let Some(ticket) = &mut aid.ticket {
            ticket.combined = true;
        }
        aid
    }

    fn eligibility(&self, home: &mut Home, spec: &Spec, face: &CardFace, index: u32, dice: &mut Dice) -> Eligibility {
        let late = spec.scheme == Scheme::LATE_ELDERLY;
        let aid = spec.scheme == Scheme::MEDICAL_AID;
        let acquired = self.acquired(spec, dice);
        let insurer = &self.insurers[home.insurer];
        let (name, reading) = registered_spelling(spec.spelling, face, &home.surname);
        let personal = |body: u32| with_check_digit(&format!("{body:0width$}", width = if late { 7 } else { 6 }));
        let branch = (!late && !aid).then(|| next_branch(home));
        Eligibility {
            scheme: spec.scheme,
            coverage: Coverage {
                insurer_number: insurer.number.clone(),
                insurer_name: insurer.name.clone(),
                symbol: home.symbol.clone().filter(|_| !late && !aid),
                number: if late || aid { personal(index + 400_000) } else { home.number.clone() },
                branch,
                self_insured: (!late && !aid).then_some(spec.relation == Relation::Insured),
            },
            card_class: spec.card_class.unwrap_or_else(|| card_class(spec.scheme)),
            name,
            name_kana: half_width_kana(&reading),
            insured_name: home.insured_name.clone().filter(|_| !late && !aid),
            address: (!dice.per_mille(80)).then(|| home.address.clone()),
            postal_code: Some(home.postal_code.clone()),
            acquired_on: acquired,
            lost_on: None,
            loss_reason: None,
            registered_from: acquired.plus_days(4).min(self.reference),
            valid_from: acquired,
            valid_to: self.valid_to(spec),
            late_elderly_tenths: late.then_some(spec.late_tenths),
            elderly_tenths: (!late && !aid).then_some(if spec.high_income { 3 } else { 2 }),
            limit: spec.limit.map(|class| self.limit(class)),
            ticket: aid.then(|| MedicalTicket {
                registered: spec.case != Case::TicketMissing,
                issue_number: format!("{:08}", 10_000 + index),
                self_pay_yen: 0,
                combined: false,
            }),
        }
    }

    fn acquired(&self, spec: &Spec, dice: &mut Dice) -> Date {
        let earliest = match spec.scheme {
            Scheme::LATE_ELDERLY if age::years(spec.birth, self.reference) >= 75 => age::seventy_five_on(spec.birth),
            _ => spec.birth,
        };
        self.reference.plus_days(-dice.between(200, 3000)).max(earliest)
    }

    fn valid_to(&self, spec: &Spec) -> Option<Date> {
        let seasonal = matches!(spec.scheme, Scheme::Kokuho | Scheme::LATE_ELDERLY | Scheme::Coded("67"));
        (seasonal && !spec.end_missing).then(|| age::next_31_july(self.reference))
    }

    fn limit(&self, class: &'static str) -> LimitCertificate {
        let reduced = matches!(class, "A05" | "A06" | "B05" | "B06" | "B07" | "B08");
        LimitCertificate {
            classification: if reduced { "02" } else { "01" },
            class,
            valid_from: age::next_31_july(self.reference).plus_days(1).plus_years(-1),
            valid_to: Some(age::next_31_july(self.reference)),
        }
    }
}

fn end(eligibility: &mut Eligibility, on: Date, reason: &'static str) {
    eligibility.lost_on = Some(on);
    eligibility.loss_reason = Some(reason);
    if eligibility.acquired_on >= on {
        begin(eligibility, on.plus_years(-1));
    }
}

fn begin(eligibility: &mut Eligibility, on: Date) {
    eligibility.acquired_on = on;
    eligibility.valid_from = on;
    eligibility.registered_from = on.plus_days(4);
}

fn next_branch(home: &mut Home) -> String {
    let branch = format!("{:02}", home.next_branch);
    home.next_branch += 1;
    branch
}

fn card_class(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::MEDICAL_AID => "A1",
        Scheme::Coded("67") => "02",
        Scheme::Coded("63" | "72" | "73" | "74" | "75") => "06",
        Scheme::Coded("07") => "07",
        _ => "01",
    }
}

pub(super) fn symbol(dice: &mut Dice, scheme: Scheme, insurer: usize) -> Option<String> {
    match scheme {
        Scheme::LATE_ELDERLY | Scheme::MEDICAL_AID => None,
        Scheme::Coded("01") => Some(format!("{:08}", 21_000_000 + dice.below(900_000))),
        Scheme::Kokuho | Scheme::Coded("67") => Some(format!("見国－{}", full_width(&format!("{:02}", insurer % 100)))),
        Scheme::KokuhoSociety => Some(format!("見業{}", full_width(&insurer.to_string()))),
        Scheme::Coded("31" | "32" | "33" | "34") => {
            Some(format!("公立見本{}", full_width(&(insurer % 10).to_string())))
        }
        _ => Some(format!("見本{}", full_width(&dice.between(10, 99).to_string()))),
    }
}

pub(super) fn number(scheme: Scheme, household: u32) -> String {
    match scheme {
        Scheme::Kokuho | Scheme::KokuhoSociety | Scheme::Coded("67") => format!("{:07}", household + 817),
        _ => (household + 3001).to_string(),
    }
}
