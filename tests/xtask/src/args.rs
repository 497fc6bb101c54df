//! What was asked on the command line.

use crate::nearest::nearest;
use crate::phases::{self, Phase};
use crate::refusal::Refusal;

/// The text of `cargo xtask help`.
pub const HELP: &str = "\
cargo xtask demo [flags] [-- more]   build and serve a demonstration clinic on https://127.0.0.1:8443
    --http         plain HTTP on the loopback address instead of HTTPS
    --port N       another port
    --data DIR     where the clinic is kept
    --seed N       which invented population is dealt
    --virtual-reader   cards in a virtual reader behind a real pcscd, apart from the machine's own
    --release      optimised: slower to build, for judging speed (the default is --debug)
    -- more        anything else for `uketsuke demo`, passed on untouched

cargo xtask test [flags]             every check, as on the build server: format, lints, build, tests, docs
    --only NAME…   just these phases, by name or comma-separated
    --list         the phases and the cargo commands behind them

cargo xtask bench [anything]         the speed table, on an optimised build; all words go to the bench program

cargo xtask help                     this text

On Debian, missing system packages are installed by apt-get when run as root, otherwise named.
";

const COMMANDS: [&str; 4] = ["demo", "test", "bench", "help"];
const DEMO_FLAGS: [&str; 8] =
    ["--http", "--port", "--data", "--seed", "--virtual-reader", "--release", "--debug", "--help"];
const TEST_FLAGS: [&str; 3] = ["--only", "--list", "--help"];

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    Demo(DemoOptions),
    /// The chosen phases, in their fixed order.
    Test(Vec<&'static Phase>),
    /// Words for the bench program.
    Bench(Vec<String>),
    List,
    Help,
}

/// How the demonstration is built, and the words for `uketsuke demo`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct DemoOptions {
    pub profile: Profile,
    pub for_product: Vec<String>,
}

impl DemoOptions {
    /// Whether the demonstration wants a real reader service with a virtual reader.
    pub fn with_virtual_reader(&self) -> bool {
        self.for_product.iter().any(|word| word == "--virtual-reader")
    }
}

/// Which cargo profile the demonstration uses.
///
/// The development profile is the default: on two cores its first build needs roughly two thirds of the time of the
/// optimised one and a later change under a second instead of half a minute, while a desk of one notices no difference.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    #[default]
    Debug,
    Release,
}

/// The words after `cargo xtask`.
pub fn words() -> Result<Vec<String>, Refusal> {
    std::env::args_os()
        .skip(1)
        .map(|word| word.into_string().map_err(|word| Refusal::misuse(format!("not readable as UTF-8: {word:?}"))))
        .collect()
}

/// Understands the words, or says which one is wrong and what it probably should be.
pub fn parse(words: &[String]) -> Result<Task, Refusal> {
    let Some((command, rest)) = words.split_first() else {
        return Ok(Task::Help);
    };
    match command.as_str() {
        "demo" => demo(rest),
        "test" => test(rest),
        "bench" => Ok(Task::Bench(rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest).to_vec())),
        "help" | "--help" | "-h" => Ok(Task::Help),
        other => Err(unknown("command", other, &COMMANDS)),
    }
}

fn demo(words: &[String]) -> Result<Task, Refusal> {
    let mut options = DemoOptions::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (flag, mut value) = split_flag(word);
        match flag {
            "--" => options.for_product.extend(words.by_ref().cloned()),
            "--help" | "-h" => return Ok(Task::Help),
            "--release" | "--debug" | "--http" | "--virtual-reader" => {
                refuse_value(flag, value)?;
                match flag {
                    "--release" => options.profile = Profile::Release,
                    "--debug" => options.profile = Profile::Debug,
                    _ => options.for_product.push(flag.to_owned()),
                }
            }
            "--port" | "--data" | "--seed" => {
                value = value.or_else(|| words.next().map(String::as_str));
                let value = checked_value(flag, value)?;
                options.for_product.extend([flag.to_owned(), value]);
            }
            other => return Err(unknown("demo flag", other, &DEMO_FLAGS)),
        }
    }
    Ok(Task::Demo(options))
}

fn test(words: &[String]) -> Result<Task, Refusal> {
    let mut chosen: Option<Vec<&str>> = None;
    let mut choosing = false;
    let mut list = false;
    for word in words {
        let (flag, value) = split_flag(word);
        match flag {
            "--only" => {
                choosing = true;
                chosen.get_or_insert_default().extend(value.into_iter().flat_map(|names| names.split(',')));
            }
            "--list" => {
                refuse_value(flag, value)?;
                (choosing, list) = (false, true);
            }
            "--help" | "-h" => return Ok(Task::Help),
            name if choosing && !name.starts_with('-') => chosen.get_or_insert_default().extend(name.split(',')),
            other => return Err(unknown("test flag", other, &TEST_FLAGS)),
        }
    }
    let phases = chosen.map_or_else(|| Ok(phases::ALL.iter().collect()), |names| named_phases(&names))?;
    Ok(if list { Task::List } else { Task::Test(phases) })
}

/// The phases called so, each once, in the order in which they make sense.
fn named_phases(names: &[&str]) -> Result<Vec<&'static Phase>, Refusal> {
    let known = phases::ALL.each_ref().map(|phase| phase.name);
    let names: Vec<&str> = names.iter().copied().filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(Refusal::misuse(format!("--only needs the name of a phase: {}", known.join(", "))));
    }
    if let Some(stranger) = names.iter().find(|name| !known.contains(name)) {
        return Err(unknown("phase", stranger, &known));
    }
    Ok(phases::ALL.iter().filter(|phase| names.contains(&phase.name)).collect())
}

/// `--port=8443` as flag and value; anything else as it is.
fn split_flag(word: &str) -> (&str, Option<&str>) {
    match word.split_once('=') {
        Some((flag, value)) if flag.starts_with("--") => (flag, Some(value)),
        _ => (word, None),
    }
}

/// Checks a value before minutes of building are spent on it.
fn checked_value(flag: &str, value: Option<&str>) -> Result<String, Refusal> {
    let (wanted, fits): (_, fn(&str) -> bool) = match flag {
        "--port" => ("a port number from 1 to 65535", |value| value.parse::<u16>().is_ok_and(|port| port > 0)),
        "--seed" => ("a whole number from 0 to 18446744073709551615", |value| value.parse::<u64>().is_ok()),
        _ => ("a folder", |value| !value.is_empty() && !value.starts_with("--")),
    };
    match value {
        Some(value) if fits(value) => Ok(value.to_owned()),
        Some(value) => Err(Refusal::misuse(format!("{flag} needs {wanted}, not `{value}`"))),
        None => Err(Refusal::misuse(format!("{flag} needs {wanted} after it"))),
    }
}

fn refuse_value(flag: &str, value: Option<&str>) -> Result<(), Refusal> {
    value.map_or(Ok(()), |value| Err(Refusal::misuse(format!("{flag} takes no value, but `{value}` was given"))))
}

fn unknown(kind: &str, word: &str, known: &[&str]) -> Refusal {
    let hint = match nearest(word, known) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("known are {}", known.join(", ")),
    };
    Refusal::misuse(format!("unknown {kind} `{word}`: {hint}"))
}

#[cfg(test)]
mod tests;
