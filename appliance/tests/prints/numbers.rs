//! Numbers of blank forms are given once, also across a restart.

use crate::clinic::{desk, desk_with, echo};
use std::collections::BTreeSet;
use uketsuke::prints::{BoxPrints, Typesetter};
use web::port::{IdempotencyKey, NotPrinted, Prints};

#[tokio::test]
async fn no_number_is_given_twice() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (first, clock) = desk(&data);
    let prints = BoxPrints::new(Typesetter::at(echo(folder.path())), &first, None);
    let key = |key: &str| Some(IdempotencyKey(key.to_owned()));
    let mut given = BTreeSet::new();
    for _ in 0..20 {
        let numbers = prints.reserve_forms(None, 5).await.unwrap();
        assert_eq!(numbers.len(), 5);
        assert!(numbers.iter().all(|number| number.starts_with("20260302-") && number.len() <= 20), "{numbers:?}");
        given.extend(numbers);
    }
    assert_eq!(given.len(), 100);
    let kept = prints.reserve_forms(key("a"), 3).await.unwrap();
    assert!(kept.iter().all(|number| !given.contains(number)));
    drop(prints);
    first.stop().await;
    drop(first);

    let second = desk_with(&data, &clock);
    let prints = BoxPrints::new(Typesetter::at(echo(folder.path())), &second, None);
    assert_eq!(prints.reserve_forms(key("a"), 3).await.unwrap(), kept, "a lost reply is given again");
    assert_eq!(prints.reserve_forms(key("a"), 4).await, Err(NotPrinted::KeyReused));
    let after = prints.reserve_forms(None, 5).await.unwrap();
    assert!(after.iter().all(|number| !given.contains(number) && !kept.contains(number)));
    second.stop().await;
    assert_eq!(prints.reserve_forms(None, 5).await, Err(NotPrinted::NoNumbers));
}
