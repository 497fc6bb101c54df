//! What somebody wants the card to be.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::holder::Holder;
use super::printed::Printed;
use super::profile::Profile;

/// An order for an emulated card. The same order gives the same card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardOrder {
    /// Which kind.
    pub profile: Profile,
    /// Which of the many cards of this kind.
    pub seed: u64,
    /// The day it is used on; expiry is counted from it.
    pub today: Date,
    /// Whose card; `None` invents somebody.
    pub holder: Option<Holder>,
}

/// The days of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) issued: Date,
    /// Last day of the certificates.
    pub(super) certificates_end: Date,
}

impl CardOrder {
    /// A card of this kind used today, of somebody invented.
    pub fn new(profile: Profile, seed: u64, today: Date) -> Self {
        Self { profile, seed, today, holder: None }
    }

    /// What will be printed on the card, without making it.
    pub fn printed(&self) -> Printed {
        let mut random = self.random();
        let (days, holder) = self.days_and_holder(&mut random);
        Printed::new(holder, days, &mut random)
    }

    pub(super) fn random(&self) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.seed)
    }

    /// Certificates end on the fifth birthday after their issue (`my-number-card §9`). Where the profile says when they
    /// end, an invented holder has the birthday that goes with it; a given holder's birthday is then not asked.
    pub(super) fn days_and_holder(&self, random: &mut ChaCha8Rng) -> (Days, Holder) {
        match self.fixed_end() {
            Some(end) => {
                let holder = self.holder.clone().unwrap_or_else(|| Holder::invented(random, end));
                (Days { issued: end.saturating_sub(54.months()), certificates_end: end }, holder)
            }
            None => {
                let issued = self.today.saturating_sub(400.days());
                let birthday = self.today.saturating_sub(90.days());
                let holder = self.holder.clone().unwrap_or_else(|| Holder::invented(random, birthday));
                (Days { issued, certificates_end: fifth_birthday_after(issued, holder.birth) }, holder)
            }
        }
    }

    fn fixed_end(&self) -> Option<Date> {
        let shift: Span = match self.profile {
            Profile::Expiring => 30.days(),
            Profile::InGrace => -30.days(),
            Profile::PastGrace => -150.days(),
            _ => return None,
        };
        Some(self.today.saturating_add(shift))
    }
}

impl Printed {
    pub(super) fn new(holder: Holder, days: Days, random: &mut ChaCha8Rng) -> Self {
        let security_code = format!("{:04}", random.random_range(0..10_000));
        Self { holder, card_expiry: days.certificates_end.saturating_add(5.years()), security_code }
    }
}

fn fifth_birthday_after(day: Date, birth: Date) -> Date {
    let birthdays = (0_i16..).map(|age| birth.saturating_add(i64::from(age).years()));
    birthdays.take(200).filter(|birthday| *birthday > day).nth(4).unwrap_or(day.saturating_add(5.years()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn certificates_end_on_the_fifth_birthday_after_their_issue() {
        assert_eq!(fifth_birthday_after(date(2024, 4, 10), date(1980, 4, 11)), date(2028, 4, 11));
        assert_eq!(fifth_birthday_after(date(2024, 4, 11), date(1980, 4, 11)), date(2029, 4, 11));
        assert_eq!(fifth_birthday_after(date(2024, 3, 1), date(2000, 2, 29)), date(2029, 2, 28));
    }

    #[test]
    fn the_same_order_gives_the_same_card_and_another_seed_another() {
        let order = |seed| CardOrder::new(Profile::Normal, seed, date(2026, 11, 20));
        let printed = |seed| order(seed).printed().surface_code();
        assert_eq!(printed(1), printed(1));
        assert_ne!(printed(1), printed(2));
        let chip = crate::emulated::Chip::issue(&order(1)).expect("issued");
        assert_eq!(chip.printed(), &order(1).printed(), "what is printed on the card itself");
    }

    #[test]
    fn an_invented_holder_has_the_birthday_that_goes_with_the_expiry() {
        let order = CardOrder::new(Profile::InGrace, 5, date(2026, 11, 20));
        let (days, holder) = order.days_and_holder(&mut order.random());
        assert_eq!(days.certificates_end, date(2026, 10, 21));
        assert_eq!((holder.birth.month(), holder.birth.day()), (10, 21));
    }
}
