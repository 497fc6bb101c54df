//! What is decided about a person before chance fills in the rest.

use crate::simulator::person::{CertificateWindow, Feature, PhoneKind, PinState, Scheme, Sex};
use domain::Date;

/// A person to be made.
#[derive(Clone)]
pub(crate) struct Spec {
    pub(crate) key: Option<&'static str>,
    pub(crate) story: Option<(&'static str, &'static str)>,
    pub(crate) features: Vec<Feature>,
    pub(crate) scheme: Scheme,
    pub(crate) birth: Date,
    pub(crate) sex: Sex,
    pub(crate) relation: Relation,
    pub(crate) spelling: Spelling,
    pub(crate) case: Case,
    pub(crate) paper: Paper,
    pub(crate) card: CardSpec,
    pub(crate) high_income: bool,
    pub(crate) late_tenths: u8,
    pub(crate) limit: Option<&'static str>,
    pub(crate) end_missing: bool,
    pub(crate) with_aid: bool,
    pub(crate) card_class: Option<&'static str>,
    pub(crate) dialysis: bool,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Relation {
    Insured,
    Family,
}

/// How the name is spelled on the card and at the insurer (`oqs-interface §5`).
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Spelling {
    Plain,
    /// `●` in place of a character the intermediate server cannot carry.
    Kuromaru,
    /// The same for a character outside the two-byte codes.
    KuromaruRare,
    /// A variant character that comes through.
    Intact,
    /// The insurer registered the ordinary form.
    Replaced,
    ThirdLevel,
    /// The insurer registered the reading with large kana.
    LargeKana,
}

/// What is odd about the eligibility (`checkin-rules §5, §7`).
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Case {
    Plain,
    /// Lost, nothing newer registered.
    Lost(&'static str),
    /// Lost, a newer one of this scheme registered; the patient holds the old paper.
    Superseded(Scheme),
    /// Lost; the new one is found only so many days later. The patient holds the new paper.
    Lag(i32),
    /// Registered for the first time, and only so many days later.
    Newcomer(i32),
    /// A twin with the same numbers and birth date; the paper shows no branch.
    Twin,
    /// The service gives out the data of the person with this index.
    LinkedTo(u32),
    TicketMissing,
    /// The printed ratio is not the registered one.
    RatioDiffers,
    /// 75 reached: from the old scheme into 後期; the patient holds the old paper.
    TurnedSeventyFive,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Paper {
    None,
    Certificate,
    CertificateWithoutBranch,
    Notice,
}

#[derive(Clone, Copy)]
pub(crate) struct CardSpec {
    pub(crate) owned: bool,
    pub(crate) registered: bool,
    pub(crate) usable: bool,
    pub(crate) window: CertificateWindow,
    /// An exact expiry day instead of one drawn inside the window.
    pub(crate) expiry: Option<Date>,
    pub(crate) face_matches: bool,
    pub(crate) pin: PinState,
    pub(crate) phone: Option<PhoneKind>,
}

impl CardSpec {
    pub(crate) const GOOD: CardSpec = CardSpec {
        owned: true,
        registered: true,
        usable: true,
        window: CertificateWindow::W0,
        expiry: None,
        face_matches: true,
        pin: PinState::Known,
        phone: None,
    };
}

impl Spec {
    pub(crate) fn new(scheme: Scheme, birth: Date, sex: Sex) -> Spec {
        Spec {
            key: None,
            story: None,
            features: Vec::new(),
            scheme,
            birth,
            sex,
            relation: Relation::Insured,
            spelling: Spelling::Plain,
            case: Case::Plain,
            paper: Paper::Notice,
            card: CardSpec::GOOD,
            high_income: false,
            late_tenths: 1,
            limit: None,
            end_missing: false,
            with_aid: false,
            card_class: None,
            dialysis: false,
        }
    }

    pub(crate) fn named(mut self, key: &'static str, ja: &'static str, en: &'static str) -> Spec {
        self.key = Some(key);
        self.story = Some((ja, en));
        self
    }

    pub(crate) fn feature(mut self, feature: Feature) -> Spec {
        self.features.push(feature);
        self
    }

    pub(crate) fn case(mut self, case: Case) -> Spec {
        self.case = case;
        self
    }

    pub(crate) fn paper(mut self, paper: Paper) -> Spec {
        self.paper = paper;
        self
    }

    pub(crate) fn spelled(mut self, spelling: Spelling) -> Spec {
        self.spelling = spelling;
        self
    }

    pub(crate) fn window(mut self, window: CertificateWindow) -> Spec {
        self.card.window = window;
        self
    }

    pub(crate) fn card(mut self, change: impl FnOnce(&mut CardSpec)) -> Spec {
        change(&mut self.card);
        self
    }

    pub(crate) fn family(mut self) -> Spec {
        self.relation = Relation::Family;
        self
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Spec)) -> Spec {
        change(&mut self);
        self
    }
}
