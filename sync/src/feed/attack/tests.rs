use super::*;
use crate::feed::{Arrival, Outcome};
use proptest::prelude::*;

fn run(target: &str, data: &[u8]) {
    match target {
        "record" => record(data),
        "frames" => frames(data),
        "messages" => messages(data),
        "pull_request" => pull_request(data),
        "pull_answer" => pull_answer(data),
        "push" => push(data),
        "heartbeat" => heartbeat(data),
        other => panic!("no target {other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn altered_examples_break_no_promise(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        keep in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let examples = examples();
        let Example { target, bytes } = which.get(&examples);
        let mut bytes = bytes.clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if cut {
            bytes.truncate(keep.index(bytes.len()));
        }
        run(target, &bytes);
    }

    #[test]
    fn noise_breaks_no_promise(data in proptest::collection::vec(any::<u8>(), 0..400)) {
        for target in ["record", "frames", "messages", "pull_request", "pull_answer", "push", "heartbeat"] {
            run(target, &data);
        }
    }
}

/// The examples are right, or altering them would prove nothing.
#[test]
fn the_unaltered_examples_are_taken() {
    let taken = |target: &str| examples().into_iter().find(|example| example.target == target).unwrap().bytes;
    let feed = world().feed();
    let mut taking = Taking::start().unwrap();
    let (_, body) = stream(&taken("push")).unwrap();
    let answer = taking.receive(&feed, &body).unwrap().unwrap();
    let PushAnswer::Taken(figures) = answer else { panic!("{answer:?}") };
    assert_eq!((figures.stored, figures.known, figures.forgotten, figures.up_to), (2, 2, 0, 7));
    // The forget record at its end has taken effect.
    assert_eq!(feed.log().read_after(0, usize::MAX).unwrap().records.len(), 3);
    let feed = world().feed();
    let (mut pulling, _) = Pulling::start(&feed, world().peer, 0).unwrap();
    let (_, answer) = stream(&taken("pull_answer")).unwrap();
    pulling.receive(&feed, &answer).unwrap();
    assert_eq!(
        (pulling.end(), pulling.tally().stored, pulling.mark().unwrap().sequence),
        (Some(EndReason::CaughtUp), 2, 7)
    );
    assert!(Serving::start(&feed, &taken("pull_request"), Timestamp::from_ms(0)).is_ok());
}

/// A record that comes again after it was forgotten stays away; a forget record nobody may obey changes nothing.
#[test]
fn only_what_may_be_obeyed_is_forgotten() {
    use crate::seal::Standing;
    let feed = world().feed();
    let record = |index: usize| {
        let bytes = examples().into_iter().filter(|example| example.target == "record").nth(index).unwrap().bytes;
        SealedRecord::parse(bytes).unwrap()
    };
    let arrive = |index, standing| feed.log().append(&[Arrival { record: record(index), standing }], None).unwrap()[0];
    assert_eq!(arrive(0, Standing::Unknown), Outcome::Stored(3));
    assert_eq!(arrive(3, Standing::Revoked), Outcome::Stored(4));
    assert_eq!(arrive(0, Standing::Unknown), Outcome::Known, "a revoked box's wish is kept and not obeyed");
    feed.log().settle(4, Some(Standing::Member(crate::seal::Role::Box))).unwrap();
    assert_eq!(arrive(0, Standing::Unknown), Outcome::Forgotten);
    assert!(feed.log().unchecked(0, 10).unwrap().is_empty());
}

/// Passed over, it would be missing after the update.
#[test]
fn a_record_in_a_newer_form_stops_the_exchange_and_says_who_is_old() {
    let example = examples().into_iter().find(|example| example.target == "push").unwrap().bytes;
    let mut plain = example[1..].to_vec();
    let place = plain.windows(4).rposition(|window| window == b"UKR1").unwrap();
    plain[place + 3] = b'2';
    let feed = world().feed();
    let mut taking = Taking::start().unwrap();
    let body = Compressor::new().unwrap().finish(&plain).unwrap();
    let refused = taking.receive(&feed, &body).unwrap_err();
    assert_eq!(refused, crate::feed::FeedFailure::Version(crate::feed::Side::Here));
    taking.cut(&feed).unwrap();
    assert_eq!(feed.log().position().unwrap().end, 3, "what came before it is kept");
}
