//! One person of every class, after the cast.

use super::maker::Maker;
use super::spec::{Case, Paper, Spec, Spelling};
use crate::simulator::person::{CertificateWindow, Feature, PhoneKind, PinState, Scheme, Sex};
use domain::Date;

/// Adds one of every class.
pub(crate) fn add(maker: &mut Maker) {
    schemes(maker);
    limit_classes(maker);
    late_elderly(maker);
    children(maker);
    seventy(maker);
    seventy_five(maker);
    certificates(maker);
    spellings(maker);
    cases(maker);
    abilities(maker);
}

impl Maker {
    /// The latest 1 April on or before the reference date.
    pub(crate) fn school_start(&self) -> Date {
        let april = Date::new(self.reference.year(), 4, 1).unwrap_or(self.reference);
        if april <= self.reference { april } else { april.plus_years(-1) }
    }
}

fn aged(maker: &Maker, years: i32) -> Date {
    maker.reference.plus_years(-years).plus_days(-60)
}

fn schemes(maker: &mut Maker) {
    for scheme in Scheme::ALL {
        let years = match scheme {
            Scheme::LATE_ELDERLY => 79,
            Scheme::Coded("63" | "67" | "72" | "73" | "74" | "75") => 66,
            Scheme::Coded("07") => 24,
            _ => 39,
        };
        let birth = aged(maker, years);
        maker.single(Spec::new(scheme, birth, Sex::Male).paper(Paper::Certificate));
    }
}

fn limit_classes(maker: &mut Maker) {
    let (young, elderly, late) = (aged(maker, 47), aged(maker, 72), aged(maker, 80));
    for (scheme, birth, classes) in [
        (Scheme::Coded("01"), young, &["A01", "A02", "A03", "A04", "A05", "A06"][..]),
        (Scheme::Kokuho, elderly, &["B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08"]),
        (Scheme::LATE_ELDERLY, late, &["B09", "B10"]),
    ] {
        for class in classes {
            let high = matches!(*class, "B01" | "B02" | "B03");
            let mut spec = Spec::new(scheme, birth, Sex::Female).feature(Feature::LimitClass);
            if high {
                spec = spec.feature(Feature::HighIncome);
            }
            maker.single(spec.with(|spec| {
                spec.limit = Some(class);
                spec.high_income = high;
                spec.late_tenths = if *class == "B09" { 2 } else { 1 };
            }));
        }
    }
}

fn late_elderly(maker: &mut Maker) {
    for tenths in 1..=3 {
        let birth = aged(maker, 77 + i32::from(tenths));
        let spec = Spec::new(Scheme::LATE_ELDERLY, birth, Sex::Male).paper(Paper::Certificate);
        maker.single(spec.with(|spec| spec.late_tenths = tenths));
    }
    let birth = aged(maker, 68);
    maker.single(Spec::new(Scheme::LATE_ELDERLY, birth, Sex::Female).feature(Feature::LateElderlyByDisability));
    let birth = aged(maker, 84);
    maker.single(
        Spec::new(Scheme::LATE_ELDERLY, birth, Sex::Female)
            .feature(Feature::ValidityEndMissing)
            .with(|spec| spec.end_missing = true),
    );
    let birth = aged(maker, 78);
    let spec = Spec::new(Scheme::LATE_ELDERLY, birth, Sex::Male).paper(Paper::Certificate).case(Case::RatioDiffers);
    maker.single(spec.feature(Feature::RatioDiffers));
}

fn children(maker: &mut Maker) {
    let school = maker.school_start();
    let six = school.plus_years(-6);
    let leap = (0..8).find_map(|back| Date::new(six.year() + 1 - back, 2, 29)).unwrap_or(six);
    let births = [six.plus_days(-1), six, six.plus_days(1), six.plus_years(1), six.plus_years(1).plus_days(1), leap];
    let mut home = maker.home(Scheme::Coded("06"), Spelling::Plain);
    let parent = aged(maker, 38);
    maker.member(&mut home, Spec::new(Scheme::Coded("06"), parent, Sex::Female).feature(Feature::FamilyWithChildren));
    for birth in births {
        let spec = Spec::new(Scheme::Coded("06"), birth, Sex::Male).feature(Feature::PreschoolEdge).family();
        maker.member(&mut home, spec.card(|card| card.pin = PinState::Forgotten));
    }
    let newborn = maker.reference.plus_days(-3);
    let spec = Spec::new(Scheme::Coded("06"), newborn, Sex::Female).family().paper(Paper::Certificate);
    maker.member(&mut home, spec.feature(Feature::NeverRegistered).case(Case::Newcomer(9)).card(|c| c.owned = false));
}

fn seventy(maker: &mut Maker) {
    let today = maker.reference;
    let month = today.first_of_month().plus_years(-70);
    let births = [
        month.plus_months(-1),
        month.plus_months(-1).plus_days(1),
        month,
        month.plus_days(1),
        month.plus_months(1),
        month.plus_months(1).plus_days(1),
        today.plus_years(-70),
        today.plus_years(-70).plus_days(1),
    ];
    for (place, birth) in births.into_iter().enumerate() {
        let scheme = if place % 2 == 0 { Scheme::Kokuho } else { Scheme::Coded("01") };
        maker.single(Spec::new(scheme, birth, Sex::Female).feature(Feature::SeventyEdge).paper(Paper::Certificate));
    }
}

fn seventy_five(maker: &mut Maker) {
    let today = maker.reference.plus_years(-75);
    for birth in [today.plus_days(-1), today.plus_days(-20), today.plus_days(1), today.plus_days(20)] {
        let turned = birth <= today;
        let spec = Spec::new(Scheme::Kokuho, birth, Sex::Male).feature(Feature::SeventyFiveEdge);
        let case = if turned { Case::TurnedSeventyFive } else { Case::Plain };
        maker.single(spec.case(case).paper(Paper::Certificate));
    }
}

fn certificates(maker: &mut Maker) {
    let today = maker.reference;
    let birth = aged(maker, 44);
    for window in [CertificateWindow::W0, CertificateWindow::W1, CertificateWindow::W2, CertificateWindow::W3] {
        maker.single(Spec::new(Scheme::Coded("01"), birth, Sex::Male).window(window));
    }
    // The last day, the first day after it, and a certificate whose grace ended with last month.
    for (window, expiry) in [
        (CertificateWindow::W1, today),
        (CertificateWindow::W2, today.plus_days(-1)),
        (CertificateWindow::W2, today.first_of_month().plus_months(-3)),
        (CertificateWindow::W3, today.first_of_month().plus_months(-3).plus_days(-1)),
    ] {
        let spec = Spec::new(Scheme::Kokuho, birth, Sex::Female).window(window);
        maker.single(spec.card(|card| card.expiry = Some(expiry)));
    }
}

fn spellings(maker: &mut Maker) {
    let birth = aged(maker, 57);
    for (spelling, feature) in [
        (Spelling::Kuromaru, Feature::Kuromaru),
        (Spelling::KuromaruRare, Feature::Kuromaru),
        (Spelling::Intact, Feature::VariantIntact),
        (Spelling::Replaced, Feature::VariantReplaced),
        (Spelling::ThirdLevel, Feature::ThirdLevelKanji),
        (Spelling::LargeKana, Feature::LargeKana),
    ] {
        for scheme in [Scheme::Kokuho, Scheme::Coded("06")] {
            let spec = Spec::new(scheme, birth, Sex::Male).paper(Paper::Certificate);
            maker.single(spec.spelled(spelling).feature(feature));
        }
    }
}

fn cases(maker: &mut Maker) {
    let birth = aged(maker, 49);
    let society = Scheme::Coded("06");
    for (case, feature) in [
        (Case::Lost("02"), Feature::Invalid),
        (Case::Lost("03"), Feature::Invalid),
        (Case::Lost("99"), Feature::Invalid),
        (Case::Superseded(Scheme::Coded("01")), Feature::Superseded),
        (Case::Superseded(Scheme::KokuhoSociety), Feature::Superseded),
        (Case::Lag(1), Feature::RegistrationLag),
        (Case::Lag(30), Feature::RegistrationLag),
        (Case::Newcomer(5), Feature::NeverRegistered),
        (Case::LinkedTo(0), Feature::WrongPerson),
    ] {
        maker.single(Spec::new(society, birth, Sex::Female).case(case).feature(feature).paper(Paper::Certificate));
    }
    let spec = Spec::new(Scheme::MEDICAL_AID, birth, Sex::Male).case(Case::TicketMissing);
    maker.single(spec.feature(Feature::TicketMissing));
    let spec = Spec::new(Scheme::Coded("01"), birth, Sex::Female).feature(Feature::InsuranceAndAid);
    maker.single(spec.with(|spec| spec.with_aid = true));
    for class in ["03", "05"] {
        let spec = Spec::new(Scheme::Kokuho, birth, Sex::Male).paper(Paper::Certificate);
        maker.single(spec.with(|spec| spec.card_class = Some(class)));
    }
    let spec = Spec::new(Scheme::Kokuho, birth, Sex::Male).feature(Feature::SpecificDisease);
    maker.single(spec.with(|spec| spec.dialysis = true));
    let spec = Spec::new(Scheme::Coded("33"), birth, Sex::Male).feature(Feature::NoBranch);
    maker.single(spec.paper(Paper::CertificateWithoutBranch));
}

fn abilities(maker: &mut Maker) {
    let birth = aged(maker, 61);
    let base = |feature| Spec::new(Scheme::Coded("01"), birth, Sex::Female).feature(feature);
    let specs = [
        base(Feature::PinLocked).card(|card| card.pin = PinState::Locked),
        base(Feature::PinForgotten).card(|card| card.pin = PinState::Forgotten),
        base(Feature::NoPin).card(|card| card.pin = PinState::None),
        base(Feature::FaceMismatch).card(|card| card.face_matches = false),
        base(Feature::Phone).card(|card| card.phone = Some(PhoneKind::Android)),
        base(Feature::NoCard).paper(Paper::Certificate).card(|card| card.owned = false),
        base(Feature::NotRegisteredForUse).card(|card| card.registered = false),
        base(Feature::Protected).paper(Paper::Certificate).card(|card| card.usable = false),
        base(Feature::NoPapers).paper(Paper::None),
        base(Feature::NoPapers).paper(Paper::None).window(CertificateWindow::W3),
    ];
    for spec in specs {
        maker.single(spec);
    }
}
