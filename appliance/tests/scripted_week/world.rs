//! The box, its clock, its devices and its people, a few seconds at a time.

use super::devices::{Kind, SimDevice};
use super::script::{self, Event, Manner, Script};
use domain::Timestamp;
use drivers::health::healing::HealingStep;
use drivers::health::{DeviceKind, DeviceName, Effect, HealthSettings, Leave, ReadFailure, Sign, Supervisor};
use drivers::{Moment, ReaderFault};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use uketsuke::schedule::opening::{ReadyLight, to_prepare};
use uketsuke::schedule::{
    ClockWatch, CronLine, Doing, Due, Guards, Line, LineId, ReceptionHours, Runs, SiteZone, Work, may_reboot, plan,
};

const TICK_MS: i64 = 5_000;
const CALM_TICK_MS: i64 = 15_000;
const BOOT_MS: i64 = 90_000;

/// Whether anybody acts on what the supervisor and the schedule say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Care {
    Given,
    Withheld,
}

/// What was seen when the doors opened.
#[derive(Debug)]
pub struct Opened {
    /// dead since before healing for this opening began, and a step would have cured it
    pub revivable_dead: Vec<String>,
    pub light: ReadyLight,
}

/// The week in figures.
#[derive(Default)]
pub struct Story {
    pub openings: Vec<Opened>,
    pub broken_guards: Vec<String>,
    pub illnesses: u32,
    pub helped: BTreeMap<HealingStep, u32>,
    pub ran: Vec<(String, i64)>,
    pub postponed: BTreeSet<&'static str>,
    pub calls: Vec<String>,
    pub reboots: Vec<i64>,
    pub reboots_per_day_most: usize,
}

pub struct World {
    script: Script,
    events: VecDeque<(i64, Event)>,
    care: Care,
    t: i64,
    devices: Vec<SimDevice>,
    /// signs on their way, by time
    coming: BTreeMap<(i64, usize), (usize, Sign)>,
    hours: ReceptionHours,
    zone: SiteZone,
    lines: Vec<Line>,
    runs: Runs,
    supervisor: Supervisor,
    clock: ClockWatch,
    /// running since, or down until
    power: Power,
    rtc_dead_until: i64,
    check_in_until: i64,
    prepared_at: i64,
    repowered_at: i64,
    cuts: BTreeMap<DeviceName, Vec<i64>>,
    was_open: bool,
    may_reboot: bool,
    story: Story,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Power {
    Running { since: i64 },
    Down { until: i64 },
}

fn line(name: &str, cron: &str, work: Work) -> Line {
    let (id, cron) = (LineId::new(name), CronLine::parse(cron).unwrap());
    Line { id, cron, work, patience_ms: Line::USUAL_PATIENCE_MS }
}

impl World {
    pub fn new(script: Script, care: Care) -> World {
        let card = DeviceKind::CardReader;
        let devices = vec![
            SimDevice::new("counter", card),
            SimDevice::new("window", card),
            SimDevice::new("face", DeviceKind::FaceReader),
            SimDevice::new("scanner", DeviceKind::Scanner),
            SimDevice::new("pcscd", DeviceKind::Service),
            SimDevice::new("spare-window", card),
        ];
        let lines = vec![
            line("power", "0 2 * * *", Work::RepowerReaders),
            line("service", "30 2 * * *", Work::RestartService),
            line("reboot", "0 3 * * *", Work::RebootBox),
        ];
        let start = script.start;
        let mut world = World {
            events: script.events.iter().copied().collect(),
            script,
            care,
            t: start,
            devices,
            coming: BTreeMap::new(),
            hours: script::hours(),
            zone: SiteZone::japan(),
            lines,
            runs: Runs::default(),
            supervisor: Supervisor::default(),
            clock: ClockWatch::default(),
            power: Power::Down { until: start },
            rtc_dead_until: 0,
            check_in_until: 0,
            prepared_at: 0,
            repowered_at: 0,
            cuts: BTreeMap::new(),
            was_open: false,
            may_reboot: false,
            story: Story::default(),
        };
        world.boot();
        world
    }

    pub fn live(mut self) -> Story {
        while self.t < self.script.end {
            self.tick();
            self.t += if self.is_calm() { CALM_TICK_MS - self.t % CALM_TICK_MS } else { TICK_MS };
        }
        self.story.reboots_per_day_most = most_within_a_day(&self.story.reboots);
        self.story
    }

    /// Nothing is on its way, so that a slower watch sees as much.
    fn is_calm(&self) -> bool {
        let coming_back = self.devices.iter().any(|device| device.back_at.is_some());
        self.coming.is_empty() && !coming_back && !self.supervisor.is_restarting()
    }

    fn tick(&mut self) {
        self.supply_power();
        self.let_things_happen();
        self.let_devices_come_back();
        if let Power::Running { .. } = self.power {
            self.deliver();
            if self.care == Care::Given && self.t % 60_000 == 0 {
                self.mind_the_schedule();
            }
        }
        if let (Power::Running { .. }, Care::Given) = (self.power, self.care) {
            let leave = self.leave();
            let now = self.moment();
            let effects = self.supervisor.pass_time(leave, now);
            self.take(effects);
        }
        self.watch_the_doors();
    }

    // --- time and power

    fn wall(&self) -> Timestamp {
        let booted = match self.power {
            Power::Running { since } => since,
            Power::Down { until } => until,
        };
        // an empty hardware clock starts in 1970, until the network tells the time
        Timestamp::from_ms(if self.t < self.rtc_dead_until { self.t - booted } else { self.t })
    }

    fn moment(&self) -> Moment {
        Moment(u64::try_from(self.wall().as_ms()).unwrap())
    }

    fn supply_power(&mut self) {
        let (off, on) = self.script.power_cut;
        if self.t == off {
            self.power = Power::Down { until: on };
            self.devices
                .iter_mut()
                .for_each(|device| device.illness = device.illness.filter(|ill| ill.kind == Kind::Defect));
        }
        if let Power::Down { until } = self.power
            && self.t >= until
        {
            if until == on {
                self.rtc_dead_until = self.t + 90_000;
            }
            self.boot();
        }
    }

    fn boot(&mut self) {
        self.power = Power::Running { since: self.t };
        self.clock = ClockWatch::default();
        self.coming.clear();
        let before = std::mem::take(&mut self.supervisor);
        let now = self.moment();
        for device in &self.devices {
            let (name, settings) = (device.name.clone(), HealthSettings::of(device.kind));
            let memory = before.memory(&name).unwrap_or_default();
            self.supervisor.watch(name, device.kind, settings, device.rules.clone(), memory, now);
        }
        (0..self.devices.len()).for_each(|index| self.announce(index));
    }

    // --- the clinic

    fn let_things_happen(&mut self) {
        while let Some((_, event)) = self.events.pop_front_if(|(t, _)| *t <= self.t) {
            match event {
                Event::Illness { device, kind } => self.fall_ill(device, kind),
                Event::Visit { device, manner } => self.visit(device, manner),
            }
        }
    }

    fn fall_ill(&mut self, index: usize, kind: Kind) {
        let (off, on) = self.script.power_cut;
        let without_power = (off..on).contains(&self.t);
        if without_power || self.devices[index].illness.is_some() {
            return;
        }
        self.story.illnesses += 1;
        let sign = self.devices[index].falls_ill(kind, self.t);
        if let Some(sign) = sign {
            self.hear(index, sign);
        }
        if index == script::SERVICE {
            self.each_card_reader(|world, index| {
                let fault = drivers::health::DeviceFault::Reader(ReaderFault::ServiceGone);
                world.hear(index, Sign::Faulted { fault });
            });
        }
    }

    fn visit(&mut self, index: usize, manner: Manner) {
        self.check_in_until = self.check_in_until.max(self.t + 60_000);
        if index == script::FACE {
            return self.visit_face(manner);
        }
        if !self.devices[index].works(self.t) {
            return;
        }
        let steps: &[(i64, Sign)] = match manner {
            Manner::InCase { .. } => {
                let fault = drivers::health::DeviceFault::Reader(ReaderFault::CardMute);
                &[(0, Sign::Faulted { fault }), (15_000, Sign::CardRemoved)]
            }
            Manner::Forgotten => {
                &[(0, Sign::CardInserted), (0, Sign::ReadBegan), (5_000, Sign::GoodRead), (600_000, Sign::CardRemoved)]
            }
            Manner::Plain | Manner::Sunlight => {
                &[(0, Sign::CardInserted), (0, Sign::ReadBegan), (5_000, Sign::GoodRead), (15_000, Sign::CardRemoved)]
            }
        };
        if !matches!(manner, Manner::InCase { .. }) {
            self.devices[index].reading_until = self.t + 5_000;
        }
        steps.iter().for_each(|(after, sign)| self.send(*after, index, *sign));
        if manner == (Manner::InCase { hangs: true }) {
            self.fall_ill(index, Kind::Case);
        }
    }

    fn visit_face(&mut self, manner: Manner) {
        let by = Moment(self.moment().0 + 120_000);
        self.hear(script::FACE, Sign::ReadExpected { by });
        let sign = match manner {
            Manner::Sunlight => Sign::FailedRead { why: ReadFailure::FaceNotMatched },
            _ => Sign::GoodRead,
        };
        self.send(20_000, script::FACE, sign);
    }

    fn send(&mut self, after: i64, index: usize, sign: Sign) {
        let number = self.coming.len();
        self.coming.insert((self.t + after, number), (index, sign));
    }

    fn deliver(&mut self) {
        while let Some(entry) = self.coming.first_entry().filter(|entry| entry.key().0 <= self.t) {
            let (index, sign) = entry.remove();
            // a device that fell ill meanwhile says nothing more of its card
            if self.devices[index].works(self.t) {
                self.hear(index, sign);
            }
        }
    }

    // --- the devices

    fn let_devices_come_back(&mut self) {
        for index in 0..self.devices.len() {
            if self.devices[index].back_at.is_some_and(|back| back <= self.t) {
                self.devices[index].back_at = None;
                self.announce(index);
            }
        }
    }

    /// A device that works says so; one that only speaks when used says nothing.
    fn announce(&mut self, index: usize) {
        let service = self.devices[script::SERVICE].works(self.t);
        let device = &self.devices[index];
        let heard = device.kind != DeviceKind::CardReader || service;
        if heard && device.works(self.t) && !device.kind.is_silent_when_idle() {
            self.hear(index, Sign::Answering);
        }
        if index == script::SERVICE && service {
            self.each_card_reader(World::announce);
        }
    }

    fn each_card_reader(&mut self, act: impl Fn(&mut World, usize)) {
        for index in 0..self.devices.len() {
            if self.devices[index].kind == DeviceKind::CardReader {
                act(self, index);
            }
        }
    }

    fn hear(&mut self, index: usize, sign: Sign) {
        if let Power::Running { .. } = self.power {
            let (name, now) = (self.devices[index].name.clone(), self.moment());
            let effects = self.supervisor.hear(&name, sign, now);
            self.take(effects);
        }
    }

    // --- the box

    fn guards(&self) -> Guards {
        let Power::Running { since } = self.power else { unreachable!("guards are asked by a running box") };
        let uptime_ms = self.t - since;
        Guards {
            hours: self.hours.clone(),
            zone: self.zone.clone(),
            doing: self.doing(),
            booted_at: self.wall().plus_ms(-uptime_ms),
            clock: self.clock.trust(),
        }
    }

    fn doing(&self) -> Doing {
        let within = |(from, to): (i64, i64)| (from..to).contains(&self.t);
        Doing {
            check_ins_open: u32::from(self.t < self.check_in_until || within(self.script.night_patient)),
            jobs_in_flight: 0,
            update_running: within(self.script.update),
            card_being_read: self.supervisor.is_reading(),
            restart_running: self.supervisor.is_restarting(),
        }
    }

    /// The hours are asked once a minute, what is going on at every tick.
    fn leave(&self) -> Leave {
        let doing = self.doing_but_restart();
        let service = !doing.update_running && doing.check_ins_open == 0;
        Leave { service, reboot: self.may_reboot && doing == Doing::default() }
    }

    fn mind_the_schedule(&mut self) {
        let Power::Running { since } = self.power else { return };
        self.clock.look(self.wall(), u64::try_from(self.t - since).unwrap());
        let (guards, now) = (self.guards(), self.wall());
        let alone = Guards { doing: self.doing_but_restart(), ..guards.clone() };
        self.may_reboot = may_reboot(&self.runs, &alone, now).is_ok();
        if let Some(opening) = to_prepare(&guards, self.supervisor.longest_way_ms(), &self.runs, now) {
            self.runs.note_prepared(opening.at);
            self.prepared_at = self.t;
            let effects = self.supervisor.prepare(self.moment());
            self.take(effects);
        }
        let planned = plan(&self.lines, &self.runs, &guards, now);
        self.runs = planned.runs;
        self.story.postponed.extend(planned.postponed.iter().map(|postponed| postponed.reason.code()));
        if let Some(due) = planned.run {
            self.run(&due, &guards);
        }
    }

    fn run(&mut self, due: &Due, guards: &Guards) {
        self.expect_quiet(due.line.as_str(), guards.doing);
        self.story.ran.push((due.line.to_string(), self.t));
        let now = self.moment();
        match due.work {
            Work::RepowerReaders => {
                self.repowered_at = self.t;
                for device in &self.devices {
                    let _has_none_or_was_cut_just_now = self.supervisor.ask(&device.name, HealingStep::CycleRelay, now);
                }
            }
            Work::RestartService => {
                let service = self.devices[script::SERVICE].name.clone();
                let _was_restarted_just_now = self.supervisor.ask(&service, HealingStep::RestartService, now);
            }
            Work::RebootBox => self.reboot(),
        }
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Do { device, step } if self.care == Care::Given => self.carry_out(&device, step),
                Effect::Probe { device } => {
                    let index = self.index(&device);
                    let sign = self.devices[index].answer(self.t);
                    self.hear(index, sign);
                }
                Effect::Ended { ended, .. } if ended.helped == Some(true) => {
                    *self.story.helped.entry(ended.step).or_default() += 1;
                }
                Effect::Call { device, words } => self.story.calls.push(format!("{device}: {words}")),
                _ => {}
            }
        }
    }

    fn carry_out(&mut self, device: &DeviceName, step: HealingStep) {
        let index = self.index(device);
        self.expect_undisturbed(index, step);
        match step {
            HealingStep::Reboot => {
                self.expect_quiet("healing", self.doing_but_restart());
                self.runs.note_reboot(self.wall());
                self.reboot();
            }
            HealingStep::RestartService => {
                self.treat(script::SERVICE, step);
                self.each_card_reader(|world, index| world.treat(index, step));
            }
            _ => {
                if step.cuts_power() {
                    self.cuts.entry(device.clone()).or_default().push(self.t);
                }
                self.treat(index, step);
            }
        }
    }

    fn treat(&mut self, index: usize, step: HealingStep) {
        let sign = self.devices[index].is_treated(step, self.t);
        if let Some(sign) = sign {
            self.hear(index, sign);
        }
    }

    fn reboot(&mut self) {
        self.story.reboots.push(self.t);
        for device in &mut self.devices {
            device.is_treated(HealingStep::Reboot, self.t);
        }
        self.power = Power::Down { until: self.t + BOOT_MS };
    }

    fn index(&self, name: &DeviceName) -> usize {
        self.devices.iter().position(|device| device.name == *name).unwrap()
    }

    // --- what must hold

    fn doing_but_restart(&self) -> Doing {
        Doing { restart_running: false, ..self.doing() }
    }

    fn is_open(&self) -> bool {
        self.hours.is_open(Timestamp::from_ms(self.t), &self.zone)
    }

    fn expect_quiet(&mut self, what: &str, doing: Doing) {
        if self.is_open() || doing != Doing::default() {
            self.story.broken_guards.push(format!("{what} at {}: {doing:?}", self.t));
        }
    }

    fn expect_undisturbed(&mut self, index: usize, step: HealingStep) {
        let t = self.t;
        let reading = |device: &SimDevice| device.illness.is_none() && device.reading_until > t;
        let disturbed =
            if step.is_box_wide() { self.devices.iter().any(reading) } else { reading(&self.devices[index]) };
        if disturbed {
            self.story.broken_guards.push(format!("{step:?} during a reading at {t}"));
        }
        let cuts = self.cuts.get(&self.devices[index].name).map_or(&[][..], Vec::as_slice);
        let within_hour = cuts.iter().filter(|cut| t - **cut < 3_600_000).count();
        let booted = self.story.reboots.iter().any(|reboot| t - reboot < 3_600_000);
        // a box that was just rebooted does not know of the cuts before
        if step.cuts_power() && within_hour >= 3 && !booted {
            self.story.broken_guards.push(format!("{within_hour} cuts within the hour at {t}"));
        }
    }

    fn watch_the_doors(&mut self) {
        let open = self.is_open();
        if open && !self.was_open {
            let revivable_dead = self.revivable_dead();
            let light = ReadyLight::of(self.supervisor.devices());
            self.story.openings.push(Opened { revivable_dead, light });
        }
        self.was_open = open;
    }

    /// Dead since before healing for this opening began. A face reader cannot be asked: for it the last planned re-powering counts.
    /// When nobody cares, what was dead for two hours counts.
    fn revivable_dead(&self) -> Vec<String> {
        let since = |device: &SimDevice| match self.care {
            Care::Withheld => self.t - 7_200_000,
            Care::Given if device.kind.is_silent_when_idle() => self.repowered_at,
            Care::Given => self.prepared_at,
        };
        let dead = |device: &&SimDevice| {
            device.is_revivable() && device.illness.is_some_and(|illness| illness.since < since(device))
        };
        let mut names: Vec<String> =
            self.devices.iter().filter(dead).map(|device| format!("{} {:?}", device.name, device.illness)).collect();
        if let Power::Down { .. } = self.power {
            names.push("the box itself".to_owned());
        }
        names
    }
}

fn most_within_a_day(times: &[i64]) -> usize {
    times.iter().map(|from| times.iter().filter(|t| (0..86_400_000).contains(&(*t - from))).count()).max().unwrap_or(0)
}
