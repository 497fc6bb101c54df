//! Face readers are heard of only when somebody uses them: by when the first reading of the day should have come is shown.

use super::place::{devices, hardware, japan, open, until_device};
use uketsuke::clock::Clock;
use uketsuke::schedule::RecordedReboot;

#[tokio::test(flavor = "multi_thread")]
async fn from_the_opening_on_the_page_knows_by_when_a_reading_is_expected() {
    let data = tempfile::tempdir().unwrap();
    // 2026-11-23 is a Monday
    let clock = Clock::by_hand(japan(23, 8, 0));
    let settings = "[[face_reader]]\nname = '顔'\nreading_by = '09:30'\n[hours]\nmon = '09:00-18:00'\n";
    let reception = open(settings, data.path(), &clock, hardware(&RecordedReboot::default()));
    let devices = devices(&reception);
    let before = until_device(&devices, "顔", "the reader", |_| true).await;
    assert_eq!(before.expected_by, None, "nobody is there yet");
    clock.set(japan(23, 9, 1));
    let open = until_device(&devices, "顔", "the time", |item| item.expected_by.is_some()).await;
    assert_eq!(open.expected_by, Some(japan(23, 9, 30)));
    reception.desk.stop().await;
}
