use super::healing::{HealingRules, HealingStep, Hold, StepRule};
use super::*;
use HealingStep::{CycleRelay, Reboot, Reopen, Reset, RestartService};

/// A box with readers on a relay each, ticking by the second.
struct Desk {
    supervisor: Supervisor,
    now: u64,
    done: Vec<(u64, String, HealingStep)>,
    calls: Vec<String>,
    leave: Leave,
}

impl Desk {
    fn with(readers: &[&str]) -> Self {
        let mut supervisor = Supervisor::default();
        for reader in readers {
            let kind = DeviceKind::CardReader;
            let rules = HealingRules::of(kind).with(CycleRelay, StepRule::of(CycleRelay));
            supervisor.watch(name(reader), kind, HealthSettings::of(kind), rules, Default::default(), at(0));
            supervisor.hear(&name(reader), Sign::Answering, at(0));
        }
        Self { supervisor, now: 0, done: Vec::new(), calls: Vec::new(), leave: ALL_LEAVE }
    }

    fn hear(&mut self, reader: &str, sign: Sign) {
        let effects = self.supervisor.hear(&name(reader), sign, at(self.now));
        self.take(effects);
    }

    /// Lets so many seconds pass.
    fn wait(&mut self, seconds: u64) {
        for _ in 0..seconds {
            self.now += 1000;
            let effects = self.supervisor.pass_time(self.leave, at(self.now));
            self.take(effects);
        }
    }

    /// Lets time pass until this step begins.
    fn wait_for(&mut self, step: HealingStep) {
        let before = self.done.len();
        for _ in 0..3600 {
            self.wait(1);
            if self.steps()[before..].contains(&step) {
                return;
            }
        }
        panic!("{step:?} never began: {:?}", self.done);
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Do { device, step } => self.done.push((self.now / 1000, device.to_string(), step)),
                Effect::Call { words, .. } => self.calls.push(words.to_string()),
                _ => {}
            }
        }
    }

    fn steps(&self) -> Vec<HealingStep> {
        self.done.iter().map(|(_, _, step)| *step).collect()
    }

    fn state(&self, reader: &str) -> HealthState {
        self.supervisor.health(&name(reader)).unwrap().state()
    }
}

#[test]
fn healing_climbs_from_the_gentlest_step_and_ends_with_a_person() {
    let mut desk = Desk::with(&["a"]);
    desk.hear("a", not_answering());
    desk.wait(3600);
    assert_eq!(desk.steps(), [Reopen, Reopen, Reopen, Reset, Reset, CycleRelay, CycleRelay, RestartService, Reboot]);
    assert_eq!(desk.calls.len(), 1, "called once");
    assert!(desk.calls[0].contains("リレー") && desk.calls[0].contains("rebooting"), "{}", desk.calls[0]);
    let way_ms = desk.supervisor.longest_way_ms();
    assert!(desk.done.last().unwrap().0 * 1000 <= way_ms, "within the longest way of {way_ms} ms");
}

#[test]
fn the_first_step_that_helps_is_the_last() {
    let mut desk = Desk::with(&["a"]);
    desk.hear("a", not_answering());
    desk.wait_for(Reset);
    let before = desk.steps();
    desk.hear("a", Sign::Answering);
    desk.wait(3600);
    assert_eq!(desk.steps(), before);
    let record = desk.supervisor.healer(&name("a")).unwrap().record();
    assert_eq!((record.of(Reset).helped, record.of(Reopen).no_help), (1, 3));
    let words: Vec<_> = record.sentences().iter().map(|words| words.en.clone()).collect();
    assert_eq!(words[0], "Reopening helped 0 of 3 times.");
    assert!(words[1].starts_with("Resetting helped 1 of 1"), "{words:?}");
}

#[test]
fn the_page_can_say_nine_of_ten() {
    let mut desk = Desk::with(&["a"]);
    for round in 0..10 {
        desk.supervisor.ask(&name("a"), CycleRelay, at(desk.now)).unwrap();
        desk.wait(1);
        if round != 4 {
            desk.hear("a", Sign::Detached);
            desk.hear("a", Sign::Answering);
        }
        desk.wait(90);
        desk.hear("a", Sign::Answering);
        desk.wait(3600);
    }
    let record = desk.supervisor.healer(&name("a")).unwrap().record();
    let sentences: Vec<_> = record.sentences().into_iter().filter(|words| words.en.contains("relay")).collect();
    assert_eq!(sentences[0].en, "Re-powering by the relay helped 9 of 10 times.");
    assert_eq!(sentences[0].ja, "リレーによる電源の入れ直し：10回のうち9回で直りました。");
}

#[test]
fn a_reboot_in_vain_is_remembered_over_the_reboot_and_not_repeated() {
    let mut desk = Desk::with(&["a"]);
    desk.hear("a", not_answering());
    desk.wait_for(Reboot);
    let memory = desk.supervisor.memory(&name("a")).unwrap();
    assert_eq!((memory.reboots, memory.reboot_unjudged), (1, true));

    let mut after = Desk::with(&[]);
    let kind = DeviceKind::CardReader;
    let (settings, rules) = (HealthSettings::of(kind), HealingRules::of(kind));
    after.supervisor.watch(name("a"), kind, settings, rules, memory, at(0));
    after.wait(3600);
    assert!(after.steps().contains(&RestartService) && !after.steps().contains(&Reboot), "{:?}", after.steps());
    assert_eq!(after.supervisor.healer(&name("a")).unwrap().record().of(Reboot).no_help, 1);
    after.supervisor.prepare(at(after.now));
    after.wait(3600);
    assert!(!after.steps().contains(&Reboot), "nor before the next opening");

    after.hear("a", Sign::Answering);
    after.wait(700);
    after.hear("a", not_answering());
    after.wait_for(Reboot);
    let memory = after.supervisor.memory(&name("a")).unwrap();
    let mut well = Desk::with(&[]);
    well.supervisor.watch(name("a"), kind, settings, HealingRules::of(kind), memory, at(0));
    well.hear("a", Sign::Answering);
    let tally = well.supervisor.healer(&name("a")).unwrap().record().of(Reboot);
    assert_eq!((tally.helped, tally.no_help), (1, 1));
}

#[test]
fn a_relapse_goes_on_where_it_was() {
    let mut desk = Desk::with(&["a"]);
    for _ in 0..3 {
        desk.hear("a", not_answering());
        desk.wait(20);
        desk.hear("a", Sign::Answering);
        desk.wait(30);
    }
    assert!(desk.steps().contains(&Reset), "{:?}", desk.steps());
    assert!(desk.supervisor.healer(&name("a")).unwrap().record().tallies().any(|(_, tally)| tally.relapsed > 0));
    desk.wait(700);
    desk.hear("a", not_answering());
    let before = desk.done.len();
    desk.wait(2);
    assert_eq!(desk.steps()[before..], [Reopen], "a new incident begins gently");
}

#[test]
fn nothing_is_done_while_a_card_is_being_read() {
    let mut desk = Desk::with(&["a", "b"]);
    desk.hear("a", not_answering());
    desk.hear("a", Sign::ReadBegan);
    desk.wait(50);
    assert_eq!(desk.steps(), []);
    assert_eq!(desk.supervisor.hold(&name("a")), Some(Hold::CardInUse));
    desk.hear("a", Sign::FailedRead { why: ReadFailure::NotSaid });
    desk.wait(2);
    assert_eq!(desk.steps(), [Reopen]);
}

#[test]
fn the_service_stays_while_somebody_reads_next_door() {
    let mut desk = Desk::with(&["a", "b"]);
    desk.hear("a", not_answering());
    for _ in 0..30 {
        desk.hear("b", Sign::ReadBegan);
        desk.wait(50);
        desk.hear("b", Sign::GoodRead);
        desk.hear("b", Sign::ReadBegan);
    }
    assert!(desk.steps().contains(&CycleRelay) && !desk.steps().contains(&RestartService), "{:?}", desk.steps());
    assert_eq!(desk.supervisor.hold(&name("a")), Some(Hold::CardInUse));
    desk.hear("b", Sign::GoodRead);
    desk.wait(1);
    assert_eq!(desk.steps().last(), Some(&RestartService));
}

#[test]
fn power_is_not_cut_where_a_card_may_still_lie() {
    let mut desk = Desk::with(&["a"]);
    desk.hear("a", Sign::CardInserted);
    desk.hear("a", not_answering());
    desk.supervisor.ask(&name("a"), CycleRelay, at(desk.now)).unwrap();
    desk.wait(59);
    assert_eq!(desk.steps(), []);
    desk.wait(2);
    assert_eq!(desk.steps(), [CycleRelay]);
}

#[test]
fn two_readers_are_cut_off_one_after_the_other() {
    let mut desk = Desk::with(&["a", "b"]);
    for reader in ["a", "b"] {
        desk.supervisor.ask(&name(reader), CycleRelay, at(desk.now)).unwrap();
    }
    desk.wait(1);
    assert_eq!(desk.done.len(), 1);
    assert_eq!(desk.supervisor.hold(&name("b")), Some(Hold::AnotherStep));
    desk.hear("a", Sign::Answering);
    desk.wait(1);
    assert_eq!(desk.done.len(), 2);
}

#[test]
fn a_restart_of_the_service_is_a_try_for_all_that_are_ill() {
    let mut desk = Desk::with(&["a", "b", "c"]);
    let gone = Sign::Faulted { fault: DeviceFault::Reader(ReaderFault::ServiceGone) };
    for reader in ["a", "b", "c"] {
        desk.hear(reader, gone);
    }
    desk.wait_for(RestartService);
    assert_eq!(desk.steps().iter().filter(|step| **step == RestartService).count(), 1);
    assert!(!desk.steps().contains(&Reset), "the readers themselves are not at fault");
    for reader in ["a", "b", "c"] {
        assert!(matches!(desk.state(reader), HealthState::Recovering { step: RestartService, .. }));
        desk.hear(reader, Sign::Answering);
        let record = desk.supervisor.healer(&name(reader)).unwrap().record();
        assert_eq!(record.of(RestartService).helped, 1);
    }
}

#[test]
fn without_leave_the_box_is_not_rebooted_and_a_person_knows() {
    let mut desk = Desk::with(&["a"]);
    desk.leave = NO_REBOOT;
    desk.hear("a", not_answering());
    desk.wait(3600);
    assert!(!desk.steps().contains(&Reboot));
    assert_eq!(desk.supervisor.hold(&name("a")), Some(Hold::NotNow));
    assert_eq!(desk.calls.len(), 1);
    desk.leave = ALL_LEAVE;
    desk.wait(1);
    assert_eq!(desk.steps().last(), Some(&Reboot));
}

#[test]
fn before_the_doors_open_everything_is_asked_and_given_another_chance() {
    let mut desk = Desk::with(&["a"]);
    desk.leave = NO_REBOOT;
    desk.hear("a", not_answering());
    desk.wait(4 * 3600);
    let before = desk.done.len();
    let probes = desk.supervisor.prepare(at(desk.now));
    assert_eq!(probes, [Effect::Probe { device: name("a") }]);
    desk.wait(30);
    assert_eq!(desk.steps()[before..][..1], [Reopen]);
    assert_eq!(desk.calls.len(), 1, "the person knows already");
}

#[test]
fn a_step_that_cannot_be_carried_out_is_passed_over() {
    let mut desk = Desk::with(&["a"]);
    desk.hear("a", not_answering());
    desk.wait(1);
    desk.supervisor.refused(&name("a"), at(desk.now));
    desk.wait(1);
    assert_eq!(desk.steps(), [Reopen, Reset]);
    assert_eq!(desk.supervisor.healer(&name("a")).unwrap().record().of(Reopen).refused, 1);
}

#[test]
fn a_face_reader_without_a_relay_calls_a_person_at_once() {
    let mut desk = Desk::with(&[]);
    let kind = DeviceKind::FaceReader;
    desk.supervisor.watch(
        name("face"),
        kind,
        HealthSettings::of(kind),
        HealingRules::of(kind),
        Default::default(),
        at(0),
    );
    for _ in 0..2 {
        desk.hear("face", Sign::ReadExpected { by: at(desk.now) });
        desk.wait(1);
    }
    desk.wait(1);
    assert_eq!(desk.calls.len(), 1);
    assert!(desk.calls[0].contains("顔認証付きカードリーダー"), "{}", desk.calls[0]);
}

#[test]
fn a_restart_by_hand_answers_why_not() {
    let mut desk = Desk::with(&["a"]);
    assert_eq!(desk.supervisor.ask(&name("x"), Reset, at(0)), Err(Refusal::UnknownDevice));
    assert_eq!(desk.supervisor.ask(&name("a"), HealingStep::CycleUsbPort, at(0)), Err(Refusal::NoSuchStep));
    desk.supervisor.ask(&name("a"), CycleRelay, at(0)).unwrap();
    desk.wait(1);
    desk.hear("a", Sign::Answering);
    assert_eq!(desk.supervisor.ask(&name("a"), CycleRelay, at(desk.now)), Err(Refusal::TooOften));
    desk.hear("a", Sign::CardInserted);
    desk.supervisor.ask(&name("a"), Reset, at(desk.now)).unwrap();
    desk.hear("a", Sign::ReadBegan);
    desk.wait(50);
    assert_eq!(desk.steps(), [CycleRelay]);
}

#[test]
fn a_clock_that_goes_back_does_not_stop_healing_for_years() {
    let mut desk = Desk::with(&["a"]);
    desk.now = 10_000 * HOUR;
    desk.hear("a", not_answering());
    desk.wait(60);
    desk.now = HOUR;
    let before = desk.done.len();
    desk.wait(3600);
    assert!(desk.steps()[before..].contains(&Reboot), "{:?}", desk.steps());
}

#[test]
fn a_box_that_learns_the_time_does_not_forget_what_it_did() {
    let mut desk = Desk::with(&["a"]);
    for _ in 0..3 {
        desk.supervisor.ask(&name("a"), CycleRelay, at(desk.now)).unwrap();
        desk.wait(1);
        desk.hear("a", Sign::Answering);
        desk.wait(90);
    }
    assert_eq!(desk.supervisor.ask(&name("a"), CycleRelay, at(desk.now)), Err(Refusal::TooOften));
    desk.now += 50 * 365 * 24 * HOUR;
    desk.wait(1);
    assert_eq!(desk.supervisor.ask(&name("a"), CycleRelay, at(desk.now)), Err(Refusal::TooOften));
    desk.wait(3600);
    assert_eq!(desk.supervisor.ask(&name("a"), CycleRelay, at(desk.now)), Ok(()));
}

#[test]
fn limits_of_the_hardware_cannot_be_set_away() {
    let wild = StepRule { between_ms: 0, per_hour: 200, settle_ms: 0, tries: 0, ..StepRule::of(CycleRelay) };
    let rules = HealingRules::none().with(CycleRelay, wild);
    let rule = rules.of_step(CycleRelay).unwrap();
    assert_eq!((rule.between_ms, rule.per_hour, rule.tries), (60_000, 3, 1));
    assert!(HealingRules::none().with(Reboot, wild).of_step(Reboot).unwrap().per_hour == 1);
}
