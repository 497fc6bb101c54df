//! Network lines of a test's own: machines as network namespaces, a switch between them, and the power to cut who talks to whom.
//!
//! A test that wants lines runs itself once more in a network of its own ([`in_own_network`]), so that nothing of it can be seen
//! outside, and nothing is left of it however it ends.

use crate::process::Running;
use std::io::Write;
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};

const INSIDE: &str = "UKETSUKE_TEST_NETWORK";
/// What the switch does: pairs of addresses that are apart are not forwarded, and each packet that is not is counted.
const RULES: &str = "table bridge lines {\n counter cut { }\n set apart {\n  type ipv4_addr . ipv4_addr\n }\n chain forward {\n  \
                     type filter hook forward priority 0;\n  ip saddr . ip daddr @apart counter name cut drop\n }\n}\n";

/// Runs this test program once more for the one test, with a network of its own. True in that second run: then do the work.
///
/// Without root, a namespace of users gives the power over networks; Debian allows that.
pub fn in_own_network(test: &str, environment: &[(&str, &str)]) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        run(Command::new("ip").args(["link", "set", "lo", "up"]));
        return true;
    }
    let mut command = Command::new("unshare");
    if !is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.arg("--net").arg(std::env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]);
    let ended = command.envs(environment.iter().copied()).env(INSIDE, "1").status();
    assert!(ended.expect("unshare (Debian: util-linux) starts").success(), "{test} failed in its own network");
    false
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// A switch with machines on it.
pub struct Switch {
    place: Place,
}

/// A machine: a network namespace of its own, on the switch with one end and on the test with another.
pub struct Machine {
    place: Place,
    number: u8,
}

/// A network namespace, held open by a process that does nothing and does not outlive the test.
struct Place {
    _holder: Running,
    path: String,
}

impl Place {
    fn new() -> Place {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "unshare", "--net", "sh", "-c", "echo here; exec sleep infinity"]);
        let holder = Running::start(&mut command, "here");
        let path = format!("/proc/{}/ns/net", holder.id());
        Place { _holder: holder, path }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net={}", self.path)).arg("--").arg(program);
        command
    }

    fn ip(&self, words: &str) {
        run(self.command("ip").args(words.split(' ')));
    }

    fn nft(&self, rules: &str) -> String {
        let mut command = self.command("nft");
        let mut child =
            command.args(["-f", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("nft starts");
        child.stdin.take().unwrap().write_all(rules.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "nft (Debian: nftables) refused: {rules}");
        String::from_utf8(done.stdout).unwrap()
    }
}

impl Default for Switch {
    fn default() -> Switch {
        Switch::new()
    }
}

impl Switch {
    /// A switch with nothing on it.
    pub fn new() -> Switch {
        let place = Place::new();
        place.ip("link add switch type bridge");
        place.ip("link set switch up");
        place.nft(RULES);
        Switch { place }
    }

    /// A machine on this switch. Each number once.
    pub fn machine(&self, number: u8) -> Machine {
        let machine = Machine { place: Place::new(), number };
        let (switch, here) = (&self.place, &machine.place);
        run(Command::new("ip").args(["link", "add", "test", "type", "veth", "peer", "name", &format!("desk{number}")]));
        let pid = |place: &Place| place._holder.id().to_string();
        run(Command::new("ip").args(["link", "set", "test", "netns", &pid(here)]));
        run(Command::new("ip").args([
            "address",
            "add",
            &format!("10.78.{number}.1/24"),
            "dev",
            &format!("desk{number}"),
        ]));
        run(Command::new("ip").args(["link", "set", &format!("desk{number}"), "up"]));
        here.ip("link set lo up");
        here.ip(&format!("address add {}/24 dev test", machine.desk()));
        here.ip("link set test up");
        here.ip(&format!("link add line type veth peer name port{number}"));
        here.ip(&format!("link set port{number} netns {}", pid(switch)));
        here.ip(&format!("address add {}/24 dev line", machine.address()));
        here.ip("link set line up");
        switch.ip(&format!("link set port{number} master switch"));
        switch.ip(&format!("link set port{number} up"));
        machine
    }

    /// Nothing goes between the two any more, and nobody is told: as when a cable is pulled somewhere in between.
    pub fn cut(&self, one: &Machine, other: &Machine) {
        let (a, b) = (one.address(), other.address());
        self.place.nft(&format!("add element bridge lines apart {{ {a} . {b}, {b} . {a} }}\n"));
    }

    /// Everybody can reach everybody again.
    pub fn heal(&self) {
        self.place.nft("flush set bridge lines apart\n");
    }

    /// How many packets were not forwarded so far because of a cut.
    pub fn lost_packets(&self) -> u64 {
        let told = self.place.nft("list counter bridge lines cut\n");
        let mut words = told.split_whitespace().skip_while(|word| *word != "packets").skip(1);
        words.next().and_then(|count| count.parse().ok()).expect("nft tells the counter")
    }
}

impl Machine {
    /// Where the other machines see it.
    pub fn address(&self) -> Ipv4Addr {
        Ipv4Addr::new(10, 77, 0, self.number)
    }

    /// Where the test sees it, whatever is cut: the screen and the keyboard in front of it.
    pub fn desk(&self) -> Ipv4Addr {
        Ipv4Addr::new(10, 78, self.number, 2)
    }

    /// A program that is to run on this machine.
    pub fn command(&self, program: &std::path::Path) -> Command {
        self.place.command(&program.display().to_string())
    }
}

fn run(command: &mut Command) {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}
