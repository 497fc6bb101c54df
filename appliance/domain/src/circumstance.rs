//! What follows from a case before any step is weighed: the questions every rung of the ladder asks.

use crate::age::late_elderly_from;
use crate::case::{AttemptOutcome, Case, Companion, Flow, Presented};
use crate::certificate::{self, CertificateWindow};
use crate::coverage::Coverage;
use crate::date::Date;
use crate::eligibility::{AskedBy, EligibilityResult, EligibilityStatus, OnlineAnswer, PersonMatch, match_person};
use crate::evidence::{EvidenceKind, Standing};
use crate::link::{Cause, CouldNotAsk, Links, WhyNotBetter};
use crate::lookup::{Lookup, SearchedBy};
use crate::rule::{RuleId, RulePack};
use crate::scheme::{Scheme, SchemeGroup};

/// A case with what follows from it.
pub struct Circumstances<'a> {
    /// the case
    pub case: &'a Case,
    /// the rules in force
    pub rules: &'a RulePack,
    /// certificate window on the visit date
    pub window: Option<CertificateWindow>,
    /// whether the answer speaks of the person at the desk
    pub person: PersonMatch,
    /// the answer, unless it speaks of another person or of another day; of a look-up when there is a newer one
    pub answer: Option<&'a OnlineAnswer>,
    /// the look-up that answer comes from
    pub looked_up: Option<&'a Lookup>,
    /// the links as this visit found them
    pub links: Links,
    /// why the card (or the phone) at the desk cannot confirm online; absent while it still may, or when none is there
    pub why_not_online: Option<WhyNotBetter>,
}

impl<'a> Circumstances<'a> {
    /// Looks at a case.
    pub fn of(case: &'a Case, rules: &'a RulePack) -> Circumstances<'a> {
        let window = case.certificate_expiry.map(|expiry| window(expiry, case.visit_date, rules));
        let person = person_of(case);
        let of_this_visit = |answer: &&OnlineAnswer| answer.confirmed_for == case.visit_date;
        let usable = |answer: &&OnlineAnswer| of_this_visit(answer) && person != PersonMatch::Different;
        let looked_up = case.lookup.as_ref().filter(|lookup| usable(&&lookup.answer));
        let answer = looked_up.map(|lookup| &lookup.answer).or(case.online.as_ref().filter(usable));
        let links =
            case.could_not_ask.as_ref().map_or_else(|| case.links.clone(), |failed| case.links.as_found(failed));
        let mut seen = Circumstances { case, rules, window, person, answer, looked_up, links, why_not_online: None };
        seen.why_not_online = seen.find_why_not_online();
        seen
    }

    /// The day of the visit.
    pub fn day(&self) -> Date {
        self.case.visit_date
    }

    /// Whether a dated rule is in force on the day of the visit.
    pub fn in_force(&self, id: RuleId) -> bool {
        self.rules.in_force(id, self.day())
    }

    /// Whether somebody came instead of the patient, who may not use the patient's card.
    pub fn is_proxy(&self) -> bool {
        self.case.companion == Some(Companion::Proxy)
    }

    /// Whether the patient's own card is at the desk. A card with somebody else's photo is not.
    pub fn card_present(&self) -> bool {
        self.case.card_present() && !card_of_another(self.case)
    }

    /// Whether the patient was asked and has nothing to show.
    pub fn nothing_to_show(&self) -> bool {
        let counts = |kind: EvidenceKind| !matches!(kind.standing(), Standing::AddOn | Standing::Nothing);
        self.case.presented(EvidenceKind::None).is_some() && !self.case.presented.iter().any(|p| counts(p.kind))
    }

    /// The answer if it says "eligible" for the day of the visit, however it was asked.
    pub fn valid_answer(&self) -> Option<&'a OnlineAnswer> {
        self.answer.filter(|answer| answer.is_valid_on(self.day()))
    }

    /// The valid answer the box heard itself; what staff copied from a screen is not one.
    pub fn heard_valid(&self) -> Option<&'a OnlineAnswer> {
        self.valid_answer().filter(|_| self.looked_up.is_none())
    }

    /// The valid answer that also identified the person: by card, phone or consent, on a way this site may use.
    pub fn identified(&self) -> Option<&'a OnlineAnswer> {
        self.heard_valid().filter(|_| !self.asked_by_number() && !self.only_ways_not_allowed())
    }

    /// Whether this site may use a way of reaching the national service.
    pub fn way_allowed(&self, kind: EvidenceKind) -> bool {
        match kind {
            EvidenceKind::LimitedApp => self.case.site.limited_check_exempt,
            EvidenceKind::DisasterMode => self.case.site.disaster_mode_open,
            _ => true,
        }
    }

    fn only_ways_not_allowed(&self) -> bool {
        let mut ways = self.case.presented.iter().map(|p| p.kind).filter(|kind| kind.is_online()).peekable();
        ways.peek().is_some() && ways.all(|kind| !self.way_allowed(kind))
    }

    /// The valid answer to a query by number.
    pub fn valid_query(&self) -> Option<&'a OnlineAnswer> {
        self.heard_valid().filter(|_| self.asked_by_number())
    }

    /// Whether a query by number confirmed this paper, and not some other insurance.
    pub fn query_confirms(&self, paper: &Coverage) -> bool {
        let Some(answer) = self.valid_query() else { return false };
        let confirmed = answer.main_result().map(|result| &result.coverage).filter(|c| c.has_numbers());
        !paper.has_numbers() || confirmed.is_none_or(|confirmed| confirmed.same_insured(paper))
    }

    /// Whether the national service has called the insurance on this paper lost, or did not find its number.
    pub fn denies(&self, paper: &Coverage) -> bool {
        use EligibilityStatus::{Invalid, NotFound, Superseded};
        let Some(answer) = self.answer.filter(|a| matches!(a.status, Invalid | NotFound | Superseded)) else {
            return false;
        };
        let named = answer.main_result().map(|result| &result.coverage).filter(|c| c.has_numbers());
        named.map_or(self.asked_by_number(), |named| named.same_insured(paper))
    }

    /// The business answer, valid or not.
    pub fn status(&self) -> Option<EligibilityStatus> {
        self.answer.map(|answer| answer.status)
    }

    /// Whether the person is entitled to medical assistance alone and its ticket is not registered yet (code 6).
    pub fn ticket_missing(&self) -> bool {
        self.valid_answer()
            .is_some_and(|a| a.status == EligibilityStatus::ValidTicketMissing && a.insurance().is_none())
    }

    /// Whether asking has ended in something that settles nothing: 無効, superseded, not found, ambiguous, or another
    /// person's data.
    pub fn answer_unusable(&self) -> bool {
        self.person == PersonMatch::Different || (self.answer.is_some() && self.valid_answer().is_none())
    }

    /// Whether an answer is there that speaks of another day than the visit.
    pub fn answer_of_another_day(&self) -> bool {
        let any = self.case.online.is_some() || self.case.lookup.is_some();
        self.person != PersonMatch::Different && any && self.answer.is_none()
    }

    /// Whether the last question was put by number, so that the card itself may still know better.
    pub fn asked_by_number(&self) -> bool {
        let identifies = |kind: EvidenceKind| kind.shows_card() || kind.is_phone() || kind.is_online();
        let nothing_identifies = || !self.case.presented.iter().any(|p| identifies(p.kind));
        if let Some(lookup) = self.looked_up {
            return lookup.searched_by == SearchedBy::Number;
        }
        let asked_by = match &self.case.online {
            Some(answer) => answer.asked_by,
            None if self.case.answer_withheld => self.case.withheld_asked_by,
            None => return false,
        };
        asked_by.map_or_else(nothing_identifies, |asked_by| asked_by == AskedBy::Number)
    }

    /// Whether the card itself, or what stands for it, was asked about and gave nothing that helps.
    pub fn card_answered_in_vain(&self) -> bool {
        self.answer_unusable() && !self.asked_by_number() && self.looked_up.is_none()
    }

    /// Why a question by number could not be put as it was typed; no link is to blame.
    pub fn question_rejected(&self) -> Option<&'a CouldNotAsk> {
        let failed = self.case.could_not_ask.as_ref().filter(|failed| failed.cause == Cause::Data)?;
        self.answer.is_none().then_some(failed)
    }

    /// Whether the card with its certificate is past its last usable day.
    pub fn certificate_over(&self) -> bool {
        self.window == Some(CertificateWindow::W3)
    }

    /// Whether the certificate is past its expiry, in the grace period or after it.
    pub fn certificate_expired(&self) -> bool {
        matches!(self.window, Some(CertificateWindow::W2 | CertificateWindow::W3))
    }

    /// Whether the PIN is known to be unusable.
    pub fn pin_unusable(&self) -> bool {
        self.case.attempt(EvidenceKind::MynaCardPin).is_some()
    }

    /// Whether the visual check, which stands in for face and PIN, has been tried in vain too.
    pub fn identification_exhausted(&self) -> bool {
        self.case.attempt(EvidenceKind::MynaCardVisual).is_some()
    }

    /// The birth date of the person: as shown at the desk, else as in the answer.
    pub fn birth_date(&self) -> Option<Date> {
        let returned = || self.answer.and_then(OnlineAnswer::main_result).and_then(|r| r.person.birth_date);
        self.case.person.birth_date.or_else(returned)
    }

    /// What papers, screens and phones say of an insurance, in the order they were presented. Additions (高齢受給者証 and
    /// the like) are left out: their numbers may be the insured person's, not the patient's (claims-rules §2.1).
    pub fn papers(&self) -> impl Iterator<Item = &'a Presented> {
        let carries = |p: &&Presented| p.kind.is_document() || p.kind.is_phone();
        self.case.presented.iter().filter(carries).filter(|p| p.coverage.has_numbers())
    }

    /// The first presented insurance with numbers. Medical assistance stands beside an insurance and is not one.
    pub fn presented_numbers(&self) -> Option<&'a Coverage> {
        self.papers().map(|p| &p.coverage).find(|c| !c.is_medical_assistance())
    }

    /// The insurance on file, when it has the numbers a claim needs.
    pub fn on_file(&self) -> Option<&'a Coverage> {
        self.case.stored.as_ref().map(|stored| &stored.coverage).filter(|c| c.has_numbers())
    }

    /// Whether the insurance on file was left behind at 75: since then 後期高齢者医療 insures everybody but people on public
    /// assistance (claims-rules §6). It was last confirmed before, so its numbers are former ones.
    pub fn outgrown_on_file(&self) -> bool {
        let (Some(stored), Some(birth)) = (&self.case.stored, self.birth_date()) else { return false };
        let start = late_elderly_from(birth).latest();
        let of_another_scheme = !matches!(
            stored.coverage.scheme().group(),
            SchemeGroup::LateElderly | SchemeGroup::PublicAssistance | SchemeGroup::Unknown
        );
        of_another_scheme && self.day() >= start && stored.confirmed_on.is_none_or(|day| day < start)
    }

    /// The scheme of a presented paper, for rules that differ by insurer.
    pub fn scheme_of(&self, presented: &Presented) -> Scheme {
        match presented.coverage.scheme() {
            Scheme::Unknown => self.case.stored.as_ref().map_or(Scheme::Unknown, |s| s.coverage.scheme()),
            scheme => scheme,
        }
    }

    /// Every insurance known of the person, best first: answered, shown, on file.
    pub fn known_coverages(&self) -> impl Iterator<Item = &'a Coverage> {
        let returned = self.answer.and_then(OnlineAnswer::main_result).map(|result| &result.coverage);
        returned.into_iter().chain(self.papers().map(|paper| &paper.coverage)).chain(self.on_file())
    }

    /// The best known scheme of the person: answered, else shown, else on file.
    pub fn scheme(&self) -> Scheme {
        let returned = self.answer.and_then(OnlineAnswer::main_result).map(|r| r.coverage.scheme());
        let shown = self.papers().map(|p| p.coverage.scheme());
        let on_file = self.case.stored.as_ref().map(|s| s.coverage.scheme());
        returned.into_iter().chain(shown).chain(on_file).find(|s| *s != Scheme::Unknown).unwrap_or(Scheme::Unknown)
    }

    /// The transitional rule for expired papers that applies to a scheme, in force or not (checkin-rules §4 step 7).
    pub fn transitional_rule(&self, scheme: Scheme) -> RuleId {
        let everyone = RuleId::TransitionalExpiredAll;
        let special = match scheme.group() {
            SchemeGroup::National => RuleId::TransitionalExpiredKokuho,
            SchemeGroup::LateElderly => RuleId::TransitionalExpired75,
            _ => everyone,
        };
        if self.in_force(everyone) { everyone } else { special }
    }

    /// Whether numbers can be put to the national service right now.
    pub fn query_possible(&self) -> bool {
        self.links.broken_for_query().is_none()
    }

    /// Whether a reader can be brought together with the card: not at sites or counters without one, not in the patient's home or a
    /// facility.
    pub fn reader_within_reach(&self) -> bool {
        !self.case.site.without_reader && !matches!(self.case.flow, Flow::HomeVisit | Flow::Facility)
    }

    fn card_unreadable(&self) -> bool {
        self.case.attempts.iter().any(|a| a.outcome == AttemptOutcome::Unreadable && a.kind.shows_card())
    }

    fn find_why_not_online(&self) -> Option<WhyNotBetter> {
        if self.identified().is_some() {
            return None;
        }
        match (self.card_present(), self.case.phone_present()) {
            (true, _) => self.why_not_card(),
            (false, true) => self.why_not_phone(),
            (false, false) => None,
        }
    }

    fn why_not_card(&self) -> Option<WhyNotBetter> {
        if self.card_answered_in_vain() {
            return because(Cause::Data);
        }
        if self.certificate_over() {
            return because(Cause::Certificate);
        }
        if let Some(broken) = self.links.broken_for_card() {
            return Some(broken);
        }
        if !self.reader_within_reach() {
            return because(Cause::Reader);
        }
        let unregistered = self.case.card_registered == Some(false) && self.pin_unusable();
        if self.card_unreadable() || unregistered {
            return because(Cause::Card);
        }
        if self.is_proxy() || self.identification_exhausted() {
            return because(Cause::Patient);
        }
        None
    }

    fn why_not_phone(&self) -> Option<WhyNotBetter> {
        if self.card_answered_in_vain() {
            return because(Cause::Data);
        }
        if !self.in_force(RuleId::Phone) || !self.case.site.phone_reader {
            return because(Cause::Reader);
        }
        if let Some(broken) = self.links.broken_for_card() {
            return Some(broken);
        }
        let failed = self.case.attempts.iter().any(|attempt| attempt.kind.is_phone());
        if failed || self.is_proxy() { because(Cause::Patient) } else { None }
    }
}

/// The window, with the start of the grace taken from the rules in force.
fn window(expiry: Date, day: Date, rules: &RulePack) -> CertificateWindow {
    match certificate::window(expiry, day) {
        CertificateWindow::W2 if !rules.in_force(RuleId::CertGraceThreeMonths, day) => CertificateWindow::W3,
        window => window,
    }
}

fn because(cause: Cause) -> Option<WhyNotBetter> {
    Some(WhyNotBetter { cause, since: None })
}

/// Whether the photo on the card turned out to be somebody else's (checkin-rules §3.1).
pub(crate) fn card_of_another(case: &Case) -> bool {
    case.attempts.iter().any(|attempt| attempt.outcome == AttemptOutcome::OtherPerson)
}

fn person_of(case: &Case) -> PersonMatch {
    if card_of_another(case) {
        return PersonMatch::Different;
    }
    if case.answer_withheld && case.online.is_none() {
        return PersonMatch::Different;
    }
    let matches = |result: &EligibilityResult| match_person(&case.person, &result.person);
    let answers = || case.lookup.iter().map(|lookup| &lookup.answer).chain(&case.online);
    if answers().flat_map(|answer| &answer.results).any(|result| matches(result) == PersonMatch::Different) {
        return PersonMatch::Different;
    }
    answers().find_map(OnlineAnswer::main_result).map_or(PersonMatch::CannotTell, matches)
}
