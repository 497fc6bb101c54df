//! Boxes of one facility, each a process of its own: they come in by a code and digits compared by people, see each other's check-ins,
//! and a lost one is put out.
#![allow(clippy::unwrap_used)]

use serde_json::json;
use tests::counter::{Counter, let_in};

#[test]
fn a_second_counter_comes_in_by_code_sees_the_same_patients_and_is_put_out_when_lost() {
    let (one, mut two) = (Counter::open(), Counter::open());
    one.check_in("見本 一郎");
    two.check_in("見本 二郎");

    let refused =
        two.run(&["facility", "join", "000-000-000", "--at", &one.address().to_string(), "--name", "第2窓口"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("No code was made"), "{refused:?}");
    let code = let_in(&one, &two, "第2窓口");

    let both = ["見本 一郎", "見本 二郎"];
    two.waits_for("the other's patients, and its own brought along", || two.names() == both);
    one.waits_for("the newcomer's patients", || one.names() == both);
    one.check_in("見本 三郎");
    two.waits_for("a check-in at the first counter", || two.names().len() == 3);
    assert_eq!(two.run(&["sync", "now", "--wait", "60"]).status.code(), Some(0), "{}", two.sync());
    let shown = one.run(&["facility", "show"]);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("第2窓口"));

    // It is called otherwise from now on, on both.
    let newcomer = two.sync()["members"][0]["member"].as_str().unwrap().to_owned();
    assert!(one.run(&["facility", "rename", &newcomer, "ドライブスルー"]).status.success());
    two.waits_for("its new name", || two.sync()["members"][0]["name"] == "ドライブスルー");
    let first = one.sync()["members"][0]["member"].as_str().unwrap().to_owned();
    let taken = one.run(&["facility", "rename", &first, "ドライブスルー"]);
    assert!(String::from_utf8_lossy(&taken.stderr).contains("has this name already"), "{taken:?}");

    let three = Counter::open();
    let again = ["facility", "join", &code, "--at", &one.address().to_string(), "--name", "第3窓口"];
    let refused = three.run(&again);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("already used"), "{refused:?}");

    // Plugged off and on again, it finds the others by itself.
    two.kill();
    one.check_in("見本 四郎");
    one.waits_for("what is not yet elsewhere", || one.sync()["lag"].as_u64().is_some_and(|lag| lag > 0));
    assert_eq!(one.run(&["sync", "status"]).status.code(), Some(2));
    two.start();
    two.waits_for("what happened meanwhile", || two.names().len() == 4);

    let lost = two.sync()["members"][0]["member"].as_str().unwrap().to_owned();
    assert!(one.run(&["facility", "revoke", &lost, "--reason", "lost"]).status.success());
    one.check_in("見本 五郎");
    two.waits_for("the word that it was put out", || !two.sync()["stopped"].is_null());
    assert!(two.sync()["stopped"]["ja"].as_str().unwrap().contains("登録を取り消されました"));
    assert_eq!(two.run(&["sync", "status"]).status.code(), Some(3));
    assert_eq!(two.names().len(), 4, "nothing more comes");
    assert_eq!(one.sync()["former"][0]["put_out"][0]["reason"], "lost");
    two.check_in("見本 六郎");
    assert_eq!(two.names().len(), 5, "reception goes on");
}

#[test]
fn three_boxes_of_which_one_is_let_in_over_the_api_show_the_same_board() {
    let (one, two, three) = (Counter::open(), Counter::open(), Counter::open());
    let_in(&one, &two, "第2窓口");
    two.waits_for("the facility", || two.sync()["members"].as_array().is_some_and(|all| all.len() == 2));

    // The third is let in by the second.
    let code = two.post("/sync/code", &json!({}))["code"]["code"].as_str().unwrap().to_owned();
    let address = two.address().to_string();
    let begun = three.post("/sync/join", &json!({"address": address, "code": code, "name": "第3窓口"}));
    let question = |shown: &serde_json::Value| {
        let question = &shown["questions"][0];
        Some((question["question"].as_str()?.to_owned(), question["digits"].as_str()?.to_owned()))
    };
    let there = question(&begun).unwrap();
    two.waits_for("the newcomer", || question(&two.sync()).is_some());
    let here = question(&two.sync()).unwrap();
    assert_eq!(here.1, there.1);
    two.post("/sync/answer", &json!({"question": here.0, "same": true}));
    assert_eq!(one.sync()["members"].as_array().unwrap().len(), 2, "nobody is in before both have said yes");
    three.post("/sync/answer", &json!({"question": there.0, "same": true}));
    for counter in [&one, &two, &three] {
        counter.waits_for("three members", || counter.sync()["members"].as_array().is_some_and(|all| all.len() == 3));
    }
    one.check_in("見本 一郎");
    two.check_in("見本 二郎");
    three.check_in("見本 三郎");
    let all = ["見本 一郎", "見本 三郎", "見本 二郎"];
    for counter in [&one, &two, &three] {
        counter.waits_for("the same board", || counter.names() == all);
    }
}
