//! The table with the reader on it: orders carried out, and what is printed on the card.

use super::order::{self, Order};
use super::service::OwnService;
use crate::demo::dealt::Dealt;
use drivers::emulated::{CardKnobs, CardOrder, Place, Printed, Profile, Sex};
use serde_json::json;

/// A running card, and the service it may have for itself.
pub struct Table {
    pub knobs: CardKnobs,
    pub service: Option<OwnService>,
    pub seed: u64,
    pub today: jiff::civil::Date,
    /// data, on standard output
    pub say: fn(&str),
    /// words for people, on standard error
    pub tell: fn(&str),
}

impl Table {
    /// Carries an order out; `false` when it was the last one.
    pub fn follow(&mut self, line: &str) -> bool {
        match line.parse::<Order>() {
            Ok(Order::Quit) => return false,
            Ok(order) => self.carry_out(order),
            Err(order::NoOrder) if line.trim().is_empty() => {}
            Err(order::NoOrder) => {
                (self.tell)("そのような指示はありません。使えるのは次のとおりです。 / No such order. There are:");
                (self.tell)(order::HELP);
            }
        }
        true
    }

    fn carry_out(&mut self, order: Order) {
        match order {
            Order::Insert => self.knobs.insert(),
            Order::Pull => self.knobs.pull(),
            Order::Swap { profile, seed } => {
                self.swap(&CardOrder::new(profile, seed.unwrap_or(self.seed), self.today));
            }
            Order::Deal(dealt) => self.deal(&dealt),
            Order::Silence(silent) => self.knobs.silence(silent),
            Order::Slow(delay) => self.knobs.delay(delay),
            Order::Service(on) => self.switch_service(on),
            Order::Status => (self.say)(&self.status()),
            Order::Help => (self.tell)(order::HELP),
            Order::Quit => {}
        }
    }

    fn deal(&self, dealt: &Dealt) {
        match dealt.order(self.today) {
            Some(order) => self.swap(&order),
            None => (self.tell)(
                "カードを作れません。種類か生年月日が正しくありません。 / No card: profile or birth date cannot be right.",
            ),
        }
    }

    fn swap(&self, order: &CardOrder) {
        match self.knobs.swap(order) {
            Ok(()) => self.show_card(),
            Err(error) => (self.tell)(&error.to_string()),
        }
    }

    fn switch_service(&mut self, on: bool) {
        let Some(service) = &mut self.service else {
            return (self.tell)(
                "リーダーのサービスは --own-service を付けたときだけ操作できます。 / The reader service obeys with --own-service only.",
            );
        };
        let done = if on { service.run() } else { service.kill() };
        if let Err(error) = done {
            (self.tell)(&format!(
                "リーダーのサービスを操作できません。 / The reader service does not obey. ({error:#})"
            ));
        }
    }

    fn status(&self) -> String {
        let log = self.knobs.log();
        let place = match self.knobs.place() {
            Place::Out => "out",
            Place::Seeking => "seeking",
            Place::In => "in",
        };
        json!({
            "place": place,
            "profile": self.knobs.profile().name(),
            "commands": log.commands,
            "secrets_presented": log.secrets_presented,
            "forbidden_touches": log.forbidden(),
        })
        .to_string()
    }

    /// Says what is printed on the card.
    pub fn show_card(&self) {
        let profile = self.knobs.profile();
        let words = profile.description();
        (self.tell)(&format!("練習用カード：{} / practice card: {} ({})", words.ja, words.en, profile.name()));
        if has_a_face(profile) {
            (self.tell)(&face(&self.knobs.printed()));
        }
    }
}

/// Phones and other cards have nothing to type off.
fn has_a_face(profile: Profile) -> bool {
    !matches!(profile, Profile::PhoneAndroid | Profile::PhoneIphone | Profile::Foreign)
}

fn face(printed: &Printed) -> String {
    let holder = &printed.holder;
    let sex = match holder.sex {
        Sex::Male => "男 / male",
        Sex::Female => "女 / female",
        Sex::NotApplicable => "適用不能 / not applicable",
        Sex::Unknown => "不明 / unknown",
    };
    format!(
        "  氏名 / name                    {}\n  住所 / address                 {}\n  \
         生年月日 / birth date          {}    {sex}\n  \
         有効期限 / card expires        {}    セキュリティコード / security code {}\n  \
         照合番号B / surface code       {}\n  架空の人です。 / Nobody's data: the person is invented.",
        holder.name,
        holder.address,
        holder.birth,
        printed.card_expiry,
        printed.security_code,
        printed.surface_code(),
    )
}
