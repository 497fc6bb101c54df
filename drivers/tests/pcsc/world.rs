//! A small world of its own: a reader service, its two virtual readers, cards, and the watch under test.

use std::cell::RefCell;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use drivers::emulated::{CardKnobs, CardOrder, EmulatedCard, Profile};
use drivers::pcsc::{OwnHolds, Patience, PcscCards, PcscReader, PcscWatch};
use drivers::reader::{Clock, Heard, Moment, ReaderEvent, ReaderName, ReaderPort, Subscription};

const INSIDE: &str = "UKETSUKE_TEST_INSIDE";
/// Nothing in these worlds takes this long.
const PATIENCE: Duration = Duration::from_secs(30);
/// Private folders and a private loopback interface, then the test program itself.
const PREPARE: &str = r#"
mount -t tmpfs tmpfs /run && mkdir /run/pcscd && ip link set lo up || exit 99
# a driver on a USB bus looks for its card on a host of this name
printf '127.0.0.1 localhost usb\n' > /run/hosts && mount --bind /run/hosts /etc/hosts || exit 99
exec "$@"
"#;
const PORT: u16 = 35963;

/// The names the service gives the two slots.
pub const SLOTS: [&str; 2] = ["Virtual PCD 00 00", "Virtual PCD 00 01"];

pub struct World {
    folder: tempfile::TempDir,
    daemon: RefCell<Option<Child>>,
    holds: OwnHolds,
}

/// A card in one of the slots; it is taken out when this is dropped.
pub struct CardInSlot {
    pub knobs: CardKnobs,
    thread: Option<JoinHandle<()>>,
}

/// Somebody who listens to one reader.
pub struct Listener(Subscription);

/// Runs the story in a world of its own: this same test in a new process with its own namespaces.
pub fn alone<Story: FnOnce(&World)>(story: Story) {
    if std::env::var_os(INSIDE).is_some() {
        return story(&World::new());
    }
    let type_name = std::any::type_name::<Story>();
    let (_crate_name, path) = type_name.split_once("::").unwrap();
    let test = path.trim_end_matches("::{{closure}}");
    let output = Command::new("unshare")
        .args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--"])
        .args(["sh", "-c", PREPARE, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(INSIDE, "1")
        .output()
        .expect("unshare (Debian: util-linux) starts");
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && told.contains("1 passed"), "{test}: {}\n{told}", output.status);
}

/// Waits for a condition; what is waited for stands in the message when it never comes.
pub fn until<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let give_up = Instant::now() + PATIENCE;
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(Instant::now() < give_up, "never came: {what}");
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

impl World {
    fn new() -> Self {
        let world =
            Self { folder: tempfile::tempdir().unwrap(), daemon: RefCell::default(), holds: OwnHolds::default() };
        std::fs::create_dir(world.configuration()).unwrap();
        world.with_readers();
        world
    }

    /// Two slots from the next start of the service on.
    pub fn with_readers(&self) {
        let entry = format!(
            "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:{PORT}\n\
             LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID {PORT}\n"
        );
        std::fs::write(self.configuration().join("vpcd"), entry).unwrap();
    }

    /// No reader at all from the next start of the service on.
    pub fn without_readers(&self) {
        std::fs::remove_file(self.configuration().join("vpcd")).unwrap();
    }

    /// The service reads every file in here.
    fn configuration(&self) -> PathBuf {
        self.folder.path().join("configuration")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log-of-the-service")
    }

    /// Starts the service and waits until it answers.
    pub fn start_service(&self) {
        drop(self.start_service_with(Command::new("pcscd")));
    }

    /// As above, with a program that becomes or runs the service in the foreground; its standard input.
    pub fn start_service_with(&self, mut program: Command) -> ChildStdin {
        let log = std::fs::File::create(self.log_file()).unwrap();
        program.args(["--foreground", "--debug", "--config"]).arg(self.configuration()).stdin(Stdio::piped());
        let daemon = program.stdout(log.try_clone().unwrap()).stderr(log).spawn();
        let mut daemon = daemon.expect("pcscd (Debian: pcscd) starts");
        let input = daemon.stdin.take().unwrap();
        *self.daemon.borrow_mut() = Some(daemon);
        until("the service", || std::os::unix::net::UnixStream::connect("/run/pcscd/pcscd.comm").ok());
        input
    }

    /// Ends the service with a signal, `TERM` or `KILL`, and waits until it is gone.
    pub fn stop_service(&self, signal: &str) {
        let mut daemon = self.daemon.borrow_mut().take().unwrap();
        let kill = Command::new("kill").args(["-s", signal, &daemon.id().to_string()]).status();
        assert!(kill.unwrap().success());
        daemon.wait().unwrap();
    }

    /// Freezes the service. Its threads stop one after the other: when this returns, none of them answers any more.
    pub fn freeze_service(&self) {
        let id = self.signal_service("STOP");
        until("every thread of the service stands still", || {
            let threads = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
            let mut states = threads.flatten().filter_map(|thread| {
                let stat = std::fs::read_to_string(thread.path().join("stat")).ok()?;
                stat.rsplit_once(") ")?.1.chars().next()
            });
            states.all(|state| state == 'T').then_some(())
        });
    }

    /// Lets a frozen service go on.
    pub fn thaw_service(&self) {
        self.signal_service("CONT");
    }

    fn signal_service(&self, signal: &str) -> u32 {
        let id = self.daemon.borrow().as_ref().unwrap().id();
        assert!(Command::new("kill").args(["-s", signal, &id.to_string()]).status().unwrap().success());
        id
    }

    /// A card of this profile in the first slot.
    pub fn card(&self, profile: Profile) -> CardInSlot {
        self.card_in(0, &order(profile, 1))
    }

    pub fn card_in(&self, slot: u16, order: &CardOrder) -> CardInSlot {
        CardInSlot::put(order, SocketAddr::from((Ipv4Addr::LOCALHOST, PORT + slot)))
    }

    pub fn watch(&self) -> PcscWatch {
        PcscWatch::start(clock(), self.holds.clone()).unwrap()
    }

    /// Card work of the program under test.
    pub fn cards(&self) -> PcscCards {
        PcscCards::new(self.holds.clone(), patience())
    }

    /// Card work of some other program.
    pub fn stranger(&self) -> PcscCards {
        PcscCards::new(OwnHolds::default(), patience())
    }

    /// What the service wrote, for a failing test.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.log_file()).unwrap()).into_owned()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- the service's log ---\n{}", self.log());
        }
        if let Some(mut daemon) = self.daemon.borrow_mut().take() {
            let _ended_already = daemon.kill();
            let _reaped = daemon.wait();
        }
    }
}

/// Waiting times for tests: long enough on a busy machine, short enough for a card that never answers.
pub fn patience() -> Patience {
    Patience { exchange: Duration::from_secs(3), connect: Duration::from_secs(4), busy: Duration::from_millis(900) }
}

/// The practice cards of these tests are used on this day.
pub fn order(profile: Profile, seed: u64) -> CardOrder {
    CardOrder::new(profile, seed, jiff::civil::date(2026, 11, 20))
}

pub fn slot_name(slot: usize) -> ReaderName {
    ReaderName::parse(SLOTS[slot]).unwrap()
}

fn clock() -> Clock {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = *START.get_or_init(Instant::now);
    Clock::new(move || Moment(u64::try_from(start.elapsed().as_millis()).unwrap()))
}

impl CardInSlot {
    pub fn put(order: &CardOrder, reader: SocketAddr) -> Self {
        let card = EmulatedCard::issue(order).unwrap();
        let knobs = card.knobs();
        let thread = std::thread::spawn(move || card.run(reader));
        Self { knobs, thread: Some(thread) }
    }
}

impl Drop for CardInSlot {
    fn drop(&mut self) {
        self.knobs.stop();
        self.thread.take().unwrap().join().unwrap();
    }
}

/// The reader of this name, once the watch has seen it.
pub fn reader(watch: &PcscWatch, name: &str) -> PcscReader {
    let readers = watch.readers();
    until(name, || readers.borrow().iter().find(|reader| reader.name().as_str() == name).cloned())
}

/// Listens from now on and waits until the reader is in a state the story starts from.
pub fn listener_once(reader: &PcscReader, what: &str, fits: impl Fn(&drivers::ReaderState) -> bool) -> Listener {
    until(what, || {
        let listener = reader.subscribe();
        fits(&listener.start().state).then_some(Listener(listener))
    })
}

impl Listener {
    /// The next event.
    pub fn hear(&mut self) -> ReaderEvent {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let heard = runtime.block_on(async { tokio::time::timeout(PATIENCE, self.0.next()).await });
        match heard.expect("never heard anything") {
            Heard::Event(observation) => observation.event,
            other => panic!("{other:?}"),
        }
    }

    /// The next event, which is an insertion: its number.
    pub fn hear_insertion(&mut self) -> u64 {
        match self.hear() {
            ReaderEvent::CardInserted(card) => card.insertion.0,
            other => panic!("{other:?}"),
        }
    }
}
