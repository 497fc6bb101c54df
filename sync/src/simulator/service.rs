//! The national service behind the terminal: who is asked for, and what is known about them. Pure: the day is an
//! argument, nothing is remembered.

use super::fold;
use super::person::{Eligibility, Person, Scheme, Validity};
use super::population::Population;
use domain::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// A question by insurance data (`oqs-interface §2.2`).
#[derive(Clone)]
pub(crate) struct Query {
    /// The day whose eligibility is asked.
    pub(crate) on: Date,
    /// Padded either way.
    pub(crate) insurer: String,
    pub(crate) symbol: Option<String>,
    pub(crate) number: String,
    pub(crate) branch: Option<String>,
    pub(crate) birth: Date,
}

/// What the service knows about the question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Finding {
    pub(crate) validity: Validity,
    /// The person found, when exactly one was.
    pub(crate) person: Option<u32>,
    /// Which of the person's eligibilities the answer is about.
    pub(crate) eligibilities: Vec<usize>,
}

/// The service over a population.
pub(crate) struct Service {
    population: Arc<Population>,
    by_number: HashMap<(u32, String), Vec<(u32, usize)>>,
}

impl Service {
    pub(crate) fn new(population: Arc<Population>) -> Service {
        let mut by_number: HashMap<_, Vec<_>> = HashMap::with_capacity(population.people().len() * 5 / 4);
        for person in population.people() {
            for (place, eligibility) in person.national.eligibilities.iter().enumerate() {
                let coverage = &eligibility.coverage;
                let insurer = fold::insurer_value(&coverage.insurer_number).unwrap_or_default();
                let key = (insurer, fold::key(&coverage.number));
                by_number.entry(key).or_default().push((person.index, place));
            }
        }
        Service { population, by_number }
    }

    pub(crate) fn population(&self) -> &Arc<Population> {
        &self.population
    }

    pub(crate) fn person(&self, index: u32) -> &Person {
        &self.population.people()[index as usize]
    }

    /// The person whose data go out for this one: the same, unless the link is wrong (別人).
    pub(crate) fn given_out(&self, person: &Person) -> &Person {
        self.person(person.national.linked_to.unwrap_or(person.index))
    }

    /// Answers a question asked today, as far as registrations are visible today.
    pub(crate) fn ask(&self, query: &Query, today: Date) -> Finding {
        let matches = self.matches(query, today);
        let Some((person, _)) = matches.first().copied() else {
            return Finding { validity: Validity::NotFound, person: None, eligibilities: Vec::new() };
        };
        if matches.iter().any(|(other, _)| *other != person) {
            return Finding { validity: Validity::Ambiguous, person: None, eligibilities: Vec::new() };
        }
        let known = &self.person(person).national.eligibilities;
        let in_force = matches.iter().map(|(_, place)| *place).find(|place| in_force(&known[*place], query.on));
        let place = in_force.unwrap_or(matches[matches.len() - 1].1);
        let validity = match in_force {
            Some(place) => valid_or_ticket_missing(&known[place]),
            None if known.iter().any(|e| visible(e, today) && in_force_later(e, &known[place], query.on)) => {
                Validity::Superseded
            }
            None => Validity::Invalid,
        };
        Finding { validity, person: Some(person), eligibilities: vec![place] }
    }

    /// Answers for a person identified by the card: what is in force, or the last that was.
    pub(crate) fn ask_for(&self, person: u32, on: Date, today: Date) -> Finding {
        let known = &self.person(person).national.eligibilities;
        let seen: Vec<usize> = (0..known.len()).filter(|place| visible(&known[*place], today)).collect();
        let valid: Vec<usize> = seen.iter().copied().filter(|place| in_force(&known[*place], on)).collect();
        let (validity, eligibilities) = match (valid.first(), seen.last()) {
            (Some(first), _) => (valid_or_ticket_missing(&known[*first]), valid.clone()),
            (None, Some(last)) => (Validity::Invalid, vec![*last]),
            (None, None) => (Validity::NotFound, Vec::new()),
        };
        Finding { validity, person: Some(person), eligibilities }
    }

    /// The person these numbers belong to, for the registration of a reference number.
    pub(crate) fn owner(&self, insurer: &str, symbol: Option<&str>, number: &str, branch: Option<&str>) -> Option<u32> {
        let key = (fold::insurer_value(insurer)?, fold::key(number));
        let owners: Vec<u32> = self
            .by_number
            .get(&key)
            .into_iter()
            .flatten()
            .filter(|(person, place)| {
                let eligibility = &self.person(*person).national.eligibilities[*place];
                symbol_fits(eligibility, symbol) && branch_fits(eligibility, branch)
            })
            .map(|(person, _)| *person)
            .collect();
        owners.first().copied().filter(|first| owners.iter().all(|owner| owner == first))
    }

    fn matches(&self, query: &Query, today: Date) -> Vec<(u32, usize)> {
        let Some(insurer) = fold::insurer_value(&query.insurer) else { return Vec::new() };
        let key = (insurer, fold::key(&query.number));
        let found = self.by_number.get(&key).into_iter().flatten().copied();
        found
            .filter(|(person, place)| {
                let eligibility = &self.person(*person).national.eligibilities[*place];
                visible(eligibility, today)
                    && self.person(*person).face.birth_date == query.birth
                    && symbol_fits(eligibility, query.symbol.as_deref())
                    && branch_fits(eligibility, query.branch.as_deref())
            })
            .collect()
    }
}

/// Registered by then (`checkin-rules §5`: lag after changes).
fn visible(eligibility: &Eligibility, today: Date) -> bool {
    eligibility.registered_from <= today
}

/// The loss date is the first day without (`claims-rules §1.2`).
fn in_force(eligibility: &Eligibility, on: Date) -> bool {
    eligibility.acquired_on <= on && eligibility.lost_on.is_none_or(|lost| on < lost)
}

fn in_force_later(candidate: &Eligibility, old: &Eligibility, on: Date) -> bool {
    in_force(candidate, on) && candidate.acquired_on > old.acquired_on
}

fn valid_or_ticket_missing(eligibility: &Eligibility) -> Validity {
    match &eligibility.ticket {
        Some(ticket) if !ticket.registered && eligibility.scheme == Scheme::MEDICAL_AID => Validity::ValidTicketMissing,
        _ => Validity::Valid,
    }
}

/// A question without symbol fits every symbol.
fn symbol_fits(eligibility: &Eligibility, asked: Option<&str>) -> bool {
    match (asked, &eligibility.coverage.symbol) {
        (None, _) => true,
        (Some(asked), Some(symbol)) => fold::key(asked) == fold::key(symbol),
        (Some(_), None) => false,
    }
}

/// A question without branch fits every branch; one digit means two.
fn branch_fits(eligibility: &Eligibility, asked: Option<&str>) -> bool {
    match (asked, &eligibility.coverage.branch) {
        (Some(asked), Some(branch)) => format!("{:0>2}", fold::key(asked)) == *branch,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::person::{HeldDocument, Outcome};
    use super::*;

    const TODAY: Date = Date::literal(2026, 4, 1);

    fn service(size: usize) -> Service {
        Service::new(Arc::new(Population::generate(7, size, TODAY)))
    }

    fn query(person: &Person, paper: &HeldDocument) -> Query {
        Query {
            on: TODAY,
            insurer: paper.coverage.insurer_number.clone(),
            symbol: paper.coverage.symbol.clone(),
            number: paper.coverage.number.clone(),
            branch: paper.coverage.branch.clone(),
            birth: person.face.birth_date,
        }
    }

    #[test]
    fn everybody_is_answered_as_their_truth_says() {
        let service = service(3000);
        let mut asked = 0;
        for person in service.population().people() {
            if let (Some(paper), Some(expected)) = (person.holds.first(), person.truth.by_number) {
                let finding = service.ask(&query(person, paper), TODAY);
                assert_eq!(finding.validity, expected.validity, "{} by number", person.key);
                assert!(finding.person.is_none_or(|found| found == person.index), "{}", person.key);
                asked += 1;
            }
            if let Some(expected) = person.truth.by_card {
                let finding = service.ask_for(person.index, TODAY, TODAY);
                assert_eq!(finding.validity, expected.validity, "{} by card", person.key);
                if expected.validity == Validity::Valid && expected.outcome != Outcome::FollowUp {
                    assert_eq!(finding.eligibilities.first().copied(), person.truth.holds, "{}", person.key);
                }
            }
        }
        assert!(asked > 2000);
    }

    #[test]
    fn a_lagging_registration_is_found_on_its_day() {
        let service = service(0);
        let person = service.population().get("not-found-new-job").expect("cast");
        let question = query(person, &person.holds[0]);
        let from = person.truth.found_from.expect("lags");
        assert_eq!(service.ask(&question, from.plus_days(-1)).validity, Validity::NotFound);
        assert_eq!(service.ask(&question, from).validity, Validity::Valid);
        assert_eq!(service.ask_for(person.index, from, from).validity, Validity::Valid);
    }

    #[test]
    fn padding_width_and_missing_parts_do_not_matter() {
        let service = service(0);
        let person = service.population().get("no-validity-end").expect("cast");
        let exact = query(person, &person.holds[0]);
        let wide: String = exact.number.chars().filter_map(|c| char::from_u32(c as u32 + 0xfee0)).collect();
        let short: u8 = exact.branch.as_deref().expect("a branch").parse().expect("digits");
        for asked in [
            Query { insurer: format!("{:>8}", exact.insurer), ..exact.clone() },
            Query { insurer: format!("{:0>8}", exact.insurer), ..exact.clone() },
            Query { number: wide, ..exact.clone() },
            Query { symbol: None, ..exact.clone() },
            Query { symbol: exact.symbol.as_ref().map(|s| s.replace('－', "-")), ..exact.clone() },
            Query { branch: None, ..exact.clone() },
            Query { branch: Some(short.to_string()), ..exact.clone() },
        ] {
            assert_eq!(service.ask(&asked, TODAY).validity, Validity::Valid);
        }
        for asked in [
            Query { number: format!("0{}", exact.number), ..exact.clone() },
            Query { branch: Some("77".to_owned()), ..exact.clone() },
            Query { symbol: Some("別".to_owned()), ..exact.clone() },
            Query { birth: exact.birth.plus_days(1), ..exact.clone() },
        ] {
            assert_eq!(service.ask(&asked, TODAY).validity, Validity::NotFound);
        }
    }

    #[test]
    fn a_branch_settles_twins() {
        let service = service(0);
        let person = service.population().get("ambiguous-no-branch").expect("cast");
        let mut question = query(person, &person.holds[0]);
        assert_eq!(service.ask(&question, TODAY).validity, Validity::Ambiguous);
        question.branch = person.national.eligibilities[0].coverage.branch.clone();
        let finding = service.ask(&question, TODAY);
        assert_eq!((finding.validity, finding.person), (Validity::Valid, Some(person.index)));
    }

    #[test]
    fn the_day_asked_decides_about_validity() {
        let service = service(0);
        let person = service.population().get("superseded").expect("cast");
        let mut question = query(person, &person.holds[0]);
        question.on = TODAY.plus_days(-60);
        assert_eq!(service.ask(&question, TODAY).validity, Validity::Valid);
    }
}
