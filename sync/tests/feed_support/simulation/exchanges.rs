//! Pulls and pushes, a few bytes at a time, and what must be true after each.

use super::*;

impl World {
    pub(super) fn start_pull(&mut self) {
        let Some((asker, server)) = self.pair() else { return };
        let live = self.chance(30);
        let exchange = self.pull(asker, server, live);
        self.exchanges.extend(exchange.map(Exchange::Pull));
    }

    pub(super) fn pull(&mut self, asker: usize, server: usize, live: bool) -> Option<Pull> {
        let (asking, serving) = (&self.nodes[asker], &self.nodes[server]);
        let (pulling, request) = Pulling::start(&asking.feed, serving.id, u32::from(live)).unwrap();
        if self.rng.next_u32() % 100 < 4 {
            self.fire(Fault::DroppedRequest);
            return None;
        }
        let (asking, serving) = (&self.nodes[asker], &self.nodes[server]);
        let clock = Timestamp::from_ms(1_800_000_000_000 + serving.skew_ms);
        let head = asking.log.pulled(serving.id).unwrap().cursor.head().map_or(0, |mark| mark.sequence);
        let (machine, wire) = Serving::start(&serving.feed, &request, clock).unwrap();
        let machine = machine.asked_by(&serving.feed, asking.id).unwrap();
        Some(Pull { asker, server, serving: Some(machine), pulling, wire, live, before: head })
    }

    pub(super) fn start_push(&mut self) {
        let Some((pusher, taker)) = self.pair() else { return };
        let exchange = self.push(pusher, taker);
        self.exchanges.extend(exchange.map(Exchange::Push));
    }

    pub(super) fn push(&mut self, pusher: usize, taker: usize) -> Option<PushExchange> {
        let peer = self.nodes[taker].id;
        let run = self.runs_seen.get(&(pusher, peer)).copied();
        let push = Push::next(&self.nodes[pusher].feed, peer, run).unwrap()?;
        if self.rng.next_u32() % 100 < 4 {
            self.fire(Fault::DroppedRequest);
            return None;
        }
        if self.chance(15) {
            self.late_pushes.push((taker, peer, push.body.clone()));
        }
        Some(PushExchange { pusher, taker, push, sent: 0, taking: Taking::start().unwrap(), answer: None })
    }

    /// A little more of some exchange.
    pub(super) fn advance(&mut self) {
        if self.exchanges.is_empty() {
            return;
        }
        let index = self.below(self.exchanges.len());
        let exchange = self.exchanges.swap_remove(index);
        let going_on = match exchange {
            Exchange::Pull(pull) => self.advance_pull(pull).map(Exchange::Pull),
            Exchange::Push(push) => self.advance_push(push).map(Exchange::Push),
        };
        self.exchanges.extend(going_on);
    }

    pub(super) fn advance_pull(&mut self, mut pull: Pull) -> Option<Pull> {
        if pull.wire.is_empty() {
            self.serve(&mut pull);
        }
        if !pull.wire.is_empty() {
            let some = 1 + self.below(pull.wire.len());
            let bytes: Vec<u8> = pull.wire.drain(..some).collect();
            pull.pulling.receive(&self.nodes[pull.asker].feed, &bytes).unwrap();
            self.look_at_header(&mut pull);
        }
        if pull.pulling.end() == Some(EndReason::CaughtUp) {
            self.check_pulled(&pull);
        }
        pull.pulling.end().is_none().then_some(pull)
    }

    pub(super) fn serve(&mut self, pull: &mut Pull) {
        let feed = self.nodes[pull.server].feed.clone();
        let Some(serving) = &mut pull.serving else { return };
        let ending = match serving.step(&feed).unwrap() {
            ServingStep::Send(bytes) => {
                pull.wire.extend(bytes);
                None
            }
            ServingStep::CaughtUp if pull.live => {
                pull.wire.extend(serving.keep_alive().unwrap());
                self.rng.next_u32().is_multiple_of(4).then_some(EndReason::CaughtUp)
            }
            ServingStep::CaughtUp => Some(EndReason::CaughtUp),
            ServingStep::End(reason) => Some(reason),
        };
        if let (Some(reason), true) = (ending, pull.serving.is_some()) {
            let serving = pull.serving.take().unwrap();
            pull.wire.extend(serving.end(reason).unwrap());
        }
    }

    pub(super) fn look_at_header(&mut self, pull: &mut Pull) {
        let Some(run) = pull.pulling.peer_run() else { return };
        if (run.clock.as_ms() - 1_800_000_000_000).abs() > 30 * 60 * 1_000 {
            self.fire(Fault::Skew);
        }
        let peer = self.nodes[pull.server].id;
        if let Some(term) = run.run {
            let earlier = self.runs_seen.insert((pull.asker, peer), term);
            if earlier.is_some_and(|earlier| earlier != term) {
                self.fire(Fault::OtherRun);
            }
        }
        let Some(reached) = pull.pulling.mark().map(|mark| mark.sequence) else { return };
        if reached < std::mem::replace(&mut pull.before, 0) {
            self.fire(Fault::RestoredServer);
        }
    }

    /// A pull that has caught up left nothing out.
    pub(super) fn check_pulled(&mut self, pull: &Pull) {
        let reached = pull.pulling.mark().map_or(0, |mark| mark.sequence);
        self.look_at_what_was_left_out(pull.asker, pull.server);
        let here = self.hashes(pull.asker);
        let page = self.nodes[pull.server].log.read_after(0, usize::MAX).unwrap();
        let mut missing: BTreeSet<RecordHash> = BTreeSet::new();
        for logged in page.records.iter().filter(|logged| logged.sequence <= reached) {
            let excused = self.forgotten_ever.contains(&logged.record.header().document);
            let hash = logged.record.hash();
            if !excused && !self.forged.contains(&hash) && !here.contains(&hash) {
                missing.insert(hash);
            }
        }
        assert!(missing.is_empty() || missing.is_subset(&self.known(pull.asker)), "a pull skipped a record");
    }

    pub(super) fn advance_push(&mut self, mut exchange: PushExchange) -> Option<PushExchange> {
        if let Some(answer) = exchange.answer.take() {
            self.answer(exchange, answer);
            return None;
        }
        let rest = &exchange.push.body[exchange.sent..];
        let some = 1 + below(&mut self.rng, rest.len());
        let answer = exchange.taking.receive(&self.nodes[exchange.taker].feed, &rest[..some]).unwrap();
        exchange.sent += some;
        if let Some(answer) = answer {
            self.check_acknowledged(&exchange, &answer);
            if self.chance(4) {
                self.fire(Fault::DroppedAnswer);
                return None;
            }
            exchange.answer = Some(answer);
        }
        Some(exchange)
    }

    /// An acknowledgement is a promise about everything up to its number.
    pub(super) fn check_acknowledged(&self, exchange: &PushExchange, answer: &PushAnswer) {
        let PushAnswer::Taken(taken) = answer else { return };
        let there = self.known(exchange.taker);
        let page = self.nodes[exchange.pusher].log.read_after(0, usize::MAX).unwrap();
        for logged in page.records.iter().filter(|logged| logged.sequence <= taken.up_to) {
            let excused = self.forgotten_ever.contains(&logged.record.header().document);
            let forged = self.forged.contains(&logged.record.hash());
            assert!(excused || forged || there.contains(&logged.record.hash()), "acknowledged and not kept");
        }
    }

    pub(super) fn answer(&mut self, exchange: PushExchange, answer: PushAnswer) {
        let (pusher, peer) = (exchange.pusher, self.nodes[exchange.taker].id);
        if self.chance(10) {
            let run = self.nodes[pusher].log.position().unwrap().terms.current().unwrap();
            self.late_answers.push((pusher, peer, run, exchange.push, answer));
            return;
        }
        self.take_answer(pusher, peer, &exchange.push, &answer);
    }

    pub(super) fn take_answer(&mut self, pusher: usize, peer: BoxId, push: &Push, answer: &PushAnswer) {
        match push.answered(&self.nodes[pusher].feed, peer, answer).unwrap() {
            Pushed::Acknowledged => {}
            Pushed::WentBack => self.fire(Fault::RestoredTaker),
            Pushed::Restarted(run) => {
                run.map(|run| self.runs_seen.insert((pusher, peer), run));
                self.fire(Fault::OtherRun);
            }
        }
    }
}
