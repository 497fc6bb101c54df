//! A card in a reader of a real `pcscd`, read because somebody at the desk asked.

use super::place::{devices, hardware, open, until_device};
use super::world::{CardInSlot, SLOTS, World, alone};
use domain::Date;
use drivers::emulated::Profile;
use std::sync::Arc;
use uketsuke::clock::Clock;
use uketsuke::schedule::RecordedReboot;
use web::port::{CardQuestion, CardSaid, Devices};

fn question(surface_code: Option<String>) -> CardQuestion {
    CardQuestion { device: SLOTS[0].to_owned(), surface_code, last_try_confirmed: false, recognise: false }
}

async fn read_with_and_without(devices: &Arc<dyn Devices>, card: &CardInSlot) {
    until_device(devices, SLOTS[0], "the card", |item| item.state.ja.contains("カードあり")).await;
    let printed = card.knobs.printed();
    let certificate_only = devices.read_card(question(None)).await.unwrap();
    assert!(certificate_only.person.is_none() && certificate_only.is_test);
    let said: CardSaid = devices.read_card(question(Some(printed.surface_code()))).await.unwrap();
    let person = said.person.expect("the number was right");
    let birth = printed.holder.birth;
    let birth = Date::new(birth.year(), birth.month().unsigned_abs(), birth.day().unsigned_abs());
    assert_eq!(person.birth_date, birth);
    assert_eq!(person.name.as_deref(), Some(printed.holder.name.as_str()));
    assert_eq!(person.address.as_deref(), Some(printed.holder.address.as_str()));
    assert!(said.is_test, "a practice card is never believed");
    until_device(devices, SLOTS[0], "the reading noted", |item| item.last_good_read.is_some()).await;
}

async fn told_why(devices: &Arc<dyn Devices>, card: &CardInSlot) {
    let mut wrong = card.knobs.printed().surface_code();
    let last = if wrong.ends_with('0') { "1" } else { "0" };
    wrong.replace_range(13.., last);
    let said = devices.read_card(question(Some(wrong))).await.unwrap();
    assert!(said.person.is_none() && said.tries_left.is_some_and(|tries| tries > 0) && !said.remarks.is_empty());
    let unreadable = devices.read_card(question(Some("12".to_owned()))).await;
    assert!(unreadable.unwrap_err().ja.contains("14桁"), "no try was spent on it");
    let elsewhere = CardQuestion { device: "だれか".to_owned(), ..question(None) };
    assert!(devices.read_card(elsewhere).await.is_err());
}

fn at_the_desk(world: &World, profile: Profile) {
    world.start_service();
    let card = world.card(profile);
    let data = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let reception = open("[readers]\n", data.path(), &Clock::wall(), hardware(&RecordedReboot::default()));
        let devices = devices(&reception);
        read_with_and_without(&devices, &card).await;
        told_why(&devices, &card).await;
        reception.desk.stop().await;
    });
    drop(card);
}

#[test]
fn a_card_is_read_because_somebody_asked() {
    alone(|world| at_the_desk(world, Profile::Normal));
}
