use super::*;

fn asked(line: &str) -> Result<Task, Refusal> {
    parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
}

fn demo_of(line: &str) -> DemoOptions {
    match asked(line) {
        Ok(Task::Demo(options)) => options,
        other => panic!("not a demo: {other:?}"),
    }
}

fn phases_of(line: &str) -> Vec<&'static str> {
    match asked(line) {
        Ok(Task::Test(phases)) => phases.iter().map(|phase| phase.name).collect(),
        other => panic!("not a test: {other:?}"),
    }
}

fn refused(line: &str) -> String {
    match asked(line) {
        Err(refusal) => {
            assert_eq!(refusal.exit_code, 2, "misuse of {line:?}");
            refusal.text
        }
        Ok(task) => panic!("{line:?} was understood as {task:?}"),
    }
}

#[test]
fn nothing_and_every_form_of_help_show_the_help() {
    for line in ["", "help", "--help", "-h", "demo --help", "test -h", "test --only fmt --help"] {
        assert_eq!(asked(line), Ok(Task::Help), "{line:?}");
    }
}

#[test]
fn demo_is_a_development_build_without_words_of_its_own() {
    assert_eq!(demo_of("demo"), DemoOptions { profile: Profile::Debug, for_product: vec![] });
}

#[test]
fn demo_keeps_the_profile_and_passes_the_rest_on() {
    let options = demo_of("demo --http --port 9000 --release --data=/srv/clinic --seed 7 -- --virtual-reader --port x");
    assert_eq!(options.profile, Profile::Release);
    assert_eq!(
        options.for_product,
        ["--http", "--port", "9000", "--data", "/srv/clinic", "--seed", "7", "--virtual-reader", "--port", "x"]
    );
    assert_eq!(demo_of("demo --release --debug").profile, Profile::Debug, "the later word counts");
}

#[test]
fn the_virtual_reader_is_asked_for_by_its_flag() {
    assert!(!demo_of("demo --http").with_virtual_reader());
    let options = demo_of("demo --virtual-reader --http");
    assert!(options.with_virtual_reader());
    assert_eq!(options.for_product, ["--virtual-reader", "--http"]);
    assert!(refused("demo --virtual-raeder").contains("did you mean `--virtual-reader`?"));
}

#[test]
fn demo_refuses_a_bad_value_before_building() {
    assert!(refused("demo --port 70000").contains("--port needs a port number from 1 to 65535, not `70000`"));
    assert!(refused("demo --port 0").contains("not `0`"));
    assert!(refused("demo --port").contains("--port needs a port number from 1 to 65535 after it"));
    assert!(refused("demo --seed=-1").contains("whole number"));
    assert!(refused("demo --data --http").contains("--data needs a folder, not `--http`"));
    assert!(refused("demo --data=").contains("--data needs a folder"));
    assert!(refused("demo --http=yes").contains("--http takes no value"));
}

#[test]
fn a_slip_of_the_fingers_is_answered_with_the_word_that_was_meant() {
    assert!(refused("dmeo").contains("unknown command `dmeo`: did you mean `demo`?"));
    assert!(refused("demo --prot 9000").contains("did you mean `--port`?"));
    assert!(refused("demo --relase").contains("did you mean `--release`?"));
    assert!(refused("test --lsit").contains("did you mean `--list`?"));
    assert!(refused("test --only clipy").contains("unknown phase `clipy`: did you mean `clippy`?"));
    assert!(refused("test fmt").contains("unknown test flag `fmt`"));
}

#[test]
fn a_stranger_is_answered_with_everything_known_and_the_way_to_help() {
    let text = refused("deploy-everything");
    assert!(text.contains("known are demo, test, bench, help"), "{text}");
    assert!(text.contains("cargo xtask help"), "{text}");
}

#[test]
fn test_runs_every_phase_in_order() {
    assert_eq!(phases_of("test"), ["fmt", "clippy", "build", "test", "doc"]);
}

#[test]
fn test_only_takes_names_in_any_form_and_keeps_the_order_of_the_phases() {
    assert_eq!(phases_of("test --only doc fmt"), ["fmt", "doc"]);
    assert_eq!(phases_of("test --only doc,fmt,fmt"), ["fmt", "doc"]);
    assert_eq!(phases_of("test --only=clippy --only test"), ["clippy", "test"]);
    assert!(refused("test --only").contains("fmt, clippy, build, test, doc"));
    assert!(refused("test --only=,").contains("--only needs"));
}

#[test]
fn test_list_lists_and_runs_nothing() {
    assert_eq!(asked("test --list"), Ok(Task::List));
    assert_eq!(asked("test --only fmt --list"), Ok(Task::List));
    assert!(refused("test --list fmt").contains("unknown test flag `fmt`"));
}

#[test]
fn bench_passes_every_word_on() {
    assert_eq!(asked("bench"), Ok(Task::Bench(vec![])));
    assert_eq!(
        asked("bench -- --help --patients 1"),
        Ok(Task::Bench(vec!["--help".into(), "--patients".into(), "1".into()]))
    );
    assert_eq!(asked("bench --only search"), Ok(Task::Bench(vec!["--only".into(), "search".into()])));
}

#[test]
fn the_help_names_every_command_and_flag() {
    for word in COMMANDS.iter().chain(&DEMO_FLAGS).chain(&TEST_FLAGS).filter(|word| **word != "--help") {
        assert!(HELP.contains(word), "{word} is not in the help");
    }
}
