//! The clinic's past: people who were here three weeks ago, so that return visits can be practised. Made once, by the same desk
//! that will serve them, under a clock set back.

use crate::clock::Clock;
use crate::config::Config;
use crate::desk::{DeskSettings, RunningDesk};
use crate::store::StoreLocation;
use anyhow::Context;
use domain::age::{AgeBand, age_band};
use domain::case::{Flow, Presented};
use domain::coverage::{Coverage, PersonalFamily, Sex};
use domain::eligibility::{AskedBy, EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace};
use domain::evidence::EvidenceKind;
use domain::fact::Author;
use domain::number::{BranchNumber, InsuredNumber, InsuredSymbol, InsurerNumber};
use domain::visit::{AnswerReceived, DocumentPresented, VisitCommand};
use domain::{Date, Timestamp};
use std::path::Path;
use sync::simulator::{Eligibility, Person, Population, Sex as SimSex};
use web::port::{Account, CheckIn, Desk, DeskCommand};

/// How many days ago.
const DAYS_AGO: i32 = 21;
/// How many people were here.
const PEOPLE: usize = 60;

/// Makes the past unless the record has one already.
pub async fn make_once(data: &Path, config: &Config, population: &Population, clock: &Clock) -> anyhow::Result<()> {
    let location = StoreLocation::founded_by(data, &config.site_name, &config.courier.maker.institution_code);
    let location = location.context("the data folder cannot be used")?;
    let day = clock.now().date_in_japan().plus_days(-DAYS_AGO);
    let then = Clock::by_hand(Timestamp::in_japan(day, 9, 0, 0));
    let settings = DeskSettings { site: config.site.clone(), rules: config.rules.clone(), patience: config.patience };
    let desk = RunningDesk::start(&location, settings, then.clone()).context("the record cannot be opened")?;
    let known = desk.readers().read(|reading| reading.documents()).context("the record cannot be read")?;
    if known.is_empty() {
        fill(&desk, &then, population, day).await?;
    }
    desk.stop().await;
    Ok(())
}

async fn fill(desk: &RunningDesk, then: &Clock, population: &Population, day: Date) -> anyhow::Result<()> {
    let staff = Account::new(Author::new("demo-past"), "demo");
    for (number, person) in regulars(population).take(PEOPLE).enumerate() {
        let Some(eligibility) = then_valid(person, day) else { continue };
        then.set(then.now().plus_ms(4 * 60_000));
        let check_in = past_visit(person, eligibility, day, number);
        desk.submit(&staff, None, DeskCommand::CheckIn(Box::new(check_in)))
            .await
            .context("the past could not be made")?;
    }
    Ok(())
}

/// Every second person of the population has been here before; newborn and new arrivals have not.
fn regulars(population: &Population) -> impl Iterator<Item = &Person> {
    population.people().iter().filter(|person| person.index % 2 == 0)
}

/// The eligibility that was valid and known to the national service then.
fn then_valid(person: &Person, day: Date) -> Option<&Eligibility> {
    if person.face.birth_date >= day || person.national.linked_to.is_some() {
        return None;
    }
    person.national.eligibilities.iter().find(|eligibility| {
        eligibility.acquired_on <= day
            && eligibility.lost_on.is_none_or(|lost| day < lost)
            && eligibility.registered_from <= day
            && !eligibility.coverage.insurer_number.starts_with("12")
    })
}

fn past_visit(person: &Person, eligibility: &Eligibility, day: Date, number: usize) -> CheckIn {
    let face = face(person);
    let answer = OnlineAnswer {
        status: EligibilityStatus::Valid,
        asked_by: Some(AskedBy::Card),
        confirmed_for: day,
        obtained_at: None,
        results: vec![EligibilityResult {
            person: face.clone(),
            coverage: coverage(eligibility, age_band(person.face.birth_date, day)),
        }],
        consents: Vec::new(),
        reference_number: None,
        note: None,
    };
    CheckIn {
        patient: None,
        patient_number: Some(format!("{:05}", 10_001 + number)),
        person: face,
        flow: Flow::Window,
        counter: None,
        commands: vec![
            VisitCommand::Present(DocumentPresented { presented: Presented::bare(EvidenceKind::MynaCardFace) }),
            VisitCommand::TakeAnswer(AnswerReceived { question: None, answer }),
        ],
    }
}

fn face(person: &Person) -> PersonFace {
    PersonFace {
        name: Some(person.face.name.clone()),
        name_kana: Some(person.face.reading.replace('　', " ")),
        birth_date: Some(person.face.birth_date),
        sex: Some(match person.face.sex {
            SimSex::Male => Sex::Male,
            SimSex::Female => Sex::Female,
        }),
        address: Some(person.face.address.clone()),
    }
}

fn coverage(eligibility: &Eligibility, band: AgeBand) -> Coverage {
    let numbers = &eligibility.coverage;
    Coverage {
        insurer_number: InsurerNumber::parse(&numbers.insurer_number).ok().map(|checked| checked.value),
        insurer_name: Some(numbers.insurer_name.clone()),
        insured_symbol: numbers.symbol.as_deref().and_then(|s| InsuredSymbol::parse(s).ok()).map(|c| c.value),
        insured_number: InsuredNumber::parse(&numbers.number).ok().map(|checked| checked.value),
        branch_number: numbers.branch.as_deref().and_then(|b| BranchNumber::parse(b).ok()).map(|c| c.value),
        personal_family: numbers
            .self_insured
            .map(|own| if own { PersonalFamily::SelfInsured } else { PersonalFamily::Dependant }),
        card_classification: Some(eligibility.card_class.to_owned()),
        ratio_tenths: match band {
            AgeBand::LateElderly => eligibility.late_elderly_tenths,
            AgeBand::From70To74 => eligibility.elderly_tenths,
            AgeBand::Preschool | AgeBand::SchoolTo69 => None,
        },
        acquired_on: Some(eligibility.acquired_on),
        valid_from: Some(eligibility.valid_from),
        valid_to: eligibility.valid_to,
        ..Coverage::EMPTY
    }
}
