//! A hub as its own process with many boxes: what it holds in memory, and what it works for each push.

#[path = "../../../../../sync/hub/tests/support/database.rs"]
#[allow(clippy::unwrap_used, missing_docs, reason = "shared with the hub's tests")]
mod database;

use super::Stage;
use super::simulated::{SimulatedBox, SimulatedClinic};
use crate::table::{Row, Verdict};
use anyhow::{Context, ensure};
use database::Database;
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync::facility::Introduction;
use tests::process::{Running, uketsuke_hub};
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uketsuke::clock::Clock;
use uketsuke_hub::store::{Store, facilities};

/// Boxes of one clinic: one that writes, and two that look.
const BOXES_OF_A_CLINIC: u32 = 3;
/// Clinics that push at once.
const PUSHING: u32 = 8;
/// Most memory for each connected box, bytes.
const MEMORY_BAR: f64 = 1024.0 * 1024.0;
/// Longest wait for a line to stand.
const PATIENCE: Duration = Duration::from_secs(120);

/// The day of ten thousand facilities.
const FACILITIES: f64 = 10_000.0;
const VISITS_A_DAY: f64 = 150.0;
const RECORDS_OF_A_VISIT: f64 = 6.0;
/// The part of the day's visits that come in its busiest hour.
const BUSIEST_HOUR: f64 = 0.2;

/// Where the store is.
enum Place<'a> {
    Folder(&'a Path),
    Database(&'a str),
}

/// What pushing took.
struct Pushed {
    pushes: u32,
    wall_s: f64,
    hub_cpu_s: f64,
    database_cpu_s: f64,
}

/// Memory with SQLite; pushes with SQLite, and with PostgreSQL and one, two and four processes.
pub fn measure(stage: &Stage) -> anyhow::Result<Vec<Row>> {
    let mut rows = vec![memory(stage)?];
    let folder = stage.passing()?;
    let sqlite = pushes(stage, &Place::Folder(folder.path()), 1)?;
    rows.push(pushes_row("SQLite", 1, &sqlite));
    let mut one_process = None;
    for processes in [1, 2, 4] {
        let database = Database::new();
        let pushed = pushes(stage, &Place::Database(&database.url), processes)?;
        rows.push(pushes_row("PostgreSQL", processes, &pushed));
        one_process.get_or_insert(pushed);
    }
    rows.extend(one_process.map(|pushed| the_day(&pushed)));
    Ok(rows)
}

impl Place<'_> {
    fn open(&self, runtime: Handle) -> anyhow::Result<Store> {
        Ok(match self {
            Place::Folder(folder) => Store::open_folder(folder)?,
            Place::Database(url) => Store::open_database(url, runtime)?,
        })
    }

    fn arguments(&self) -> [String; 2] {
        match self {
            Place::Folder(folder) => ["--data".to_owned(), folder.display().to_string()],
            Place::Database(url) => ["--database".to_owned(), (*url).to_owned()],
        }
    }

    /// Enrols so many clinics while no hub runs.
    fn enrol(&self, stage: &Stage, clinics: u32) -> anyhow::Result<(Introduction, Vec<SimulatedClinic>)> {
        let store = self.open(stage.runtime.handle().clone())?;
        let (hub, now) = (store.write(facilities::identity)?.introduction(), Clock::wall().now());
        let mut all = Vec::new();
        for seed in 0..clinics {
            let clinic = SimulatedClinic::found(seed, BOXES_OF_A_CLINIC, &hub, now)?;
            store.write(|sql| clinic.enrol(sql, now))?;
            all.push(clinic);
        }
        Ok((hub, all))
    }
}

/// A hub that serves, and where boxes call it.
fn start(place: &Place<'_>) -> anyhow::Result<(Running, SocketAddr)> {
    let mut command = Command::new("sh");
    // it says on standard error that it serves; and it may have as many connections as the system allows
    command.args(["-c", "ulimit -n \"$(ulimit -Hn)\"; exec \"$@\" 2>&1", "hub"]).arg(uketsuke_hub()).arg("serve");
    command.args(place.arguments()).args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]).env("NO_COLOR", "1");
    let hub = Running::start(&mut command, "the hub serves");
    let said = hub.said();
    let words = said.iter().flat_map(|line| line.split_whitespace());
    let boxes = words.filter_map(|word| word.strip_prefix("boxes=")).next().context("the hub tells no address")?;
    Ok((hub, boxes.parse()?))
}

/// Opens a live line and waits until it stands.
async fn stand(one: &SimulatedBox) -> anyhow::Result<()> {
    let (client, mut answered) = (one.client.clone(), one.client.peer_run());
    tokio::spawn(async move { while client.live().await.is_ok() {} });
    timeout(PATIENCE, answered.wait_for(Option::is_some)).await.context("a line does not stand")??;
    Ok(())
}

fn memory(stage: &Stage) -> anyhow::Result<Row> {
    let folder = stage.passing()?;
    let place = Place::Folder(folder.path());
    let clinics = stage.sizes.boxes.div_ceil(BOXES_OF_A_CLINIC);
    let (hub, mut clinics) = place.enrol(stage, clinics)?;
    let (process, address) = start(&place)?;
    let before = resident(process.id())?;
    let boxes = stage.runtime.block_on(async {
        let mut boxes = Vec::new();
        for clinic in &mut clinics {
            for which in 0..BOXES_OF_A_CLINIC as usize {
                let one = clinic.start(which, &hub, address)?;
                stand(&one).await?;
                boxes.push(one);
            }
        }
        anyhow::Ok(boxes)
    })?;
    let after = resident(process.id())?;
    let each = (after - before) / boxes.len() as f64;
    Ok(Row {
        what: format!("Hub, memory for each of {} connected boxes", boxes.len()),
        measured: format!("{:.0} kB (all of it {:.0} MB)", each / 1024.0, after / 1024.0 / 1024.0),
        bar: "≤ 1 MB",
        verdict: Verdict::of(each <= MEMORY_BAR),
        numbers: json!({ "bytes_per_box": each, "before_bytes": before, "after_bytes": after, "boxes": boxes.len() }),
    })
}

fn pushes(stage: &Stage, place: &Place<'_>, processes: usize) -> anyhow::Result<Pushed> {
    let (hub, clinics) = place.enrol(stage, PUSHING)?;
    let running = (0..processes).map(|_| start(place)).collect::<anyhow::Result<Vec<_>>>()?;
    let database = match place {
        Place::Folder(_) => None,
        Place::Database(url) => Some(postmaster(url)?),
    };
    let work = || -> anyhow::Result<(f64, f64)> {
        let hubs = running.iter().map(|(hub, _)| processor_s(hub.id())).sum::<anyhow::Result<f64>>()?;
        Ok((hubs, database.map_or(Ok(0.0), family_s)?))
    };
    let each = stage.sizes.pushes;
    let (took, before) = stage.runtime.block_on(async {
        let mut ready = Vec::new();
        for (nth, mut clinic) in clinics.into_iter().enumerate() {
            let at = |which: usize| running[(nth + which) % processes].1;
            let writer = clinic.start(0, &hub, at(0))?;
            let lookers = [clinic.start(1, &hub, at(1))?, clinic.start(2, &hub, at(2))?];
            for one in &lookers {
                stand(one).await?;
            }
            let records = (0..each).map(|n| clinic.change(&writer, n)).collect::<anyhow::Result<Vec<_>>>()?;
            writer.client.hello().await?;
            ready.push((Arc::new(writer), lookers, records));
        }
        let before = work()?;
        let begun = Instant::now();
        let mut pushing = JoinSet::new();
        for (writer, _, records) in &mut ready {
            let (writer, records) = (writer.clone(), std::mem::take(records));
            pushing.spawn(async move {
                for record in records {
                    writer.push(record).await?;
                }
                anyhow::Ok(())
            });
        }
        while let Some(ended) = pushing.join_next().await {
            ended??;
        }
        anyhow::Ok((begun.elapsed(), before))
    })?;
    let after = work()?;
    let pushed = Pushed {
        pushes: each * PUSHING,
        wall_s: took.as_secs_f64(),
        hub_cpu_s: after.0 - before.0,
        database_cpu_s: after.1 - before.1,
    };
    ensure!(pushed.hub_cpu_s > 0.0, "too few pushes to see what they cost");
    Ok(pushed)
}

fn pushes_row(store: &str, processes: usize, pushed: &Pushed) -> Row {
    let pushes = f64::from(pushed.pushes);
    let (per_core, per_second) = (pushes / (pushed.hub_cpu_s + pushed.database_cpu_s), pushes / pushed.wall_s);
    Row {
        what: format!("Hub on {store}, {processes} process(es), {PUSHING} clinics push, two boxes of each look on"),
        measured: format!(
            "{per_core:.0} pushes/s for each busy core ({:.2} ms of the hub, {:.2} ms of the database); {per_second:.0}/s here",
            pushed.hub_cpu_s * 1e3 / pushes,
            pushed.database_cpu_s * 1e3 / pushes,
        ),
        bar: "",
        verdict: Verdict::Told,
        numbers: json!({
            "processes": processes, "pushes": pushes, "pushes_per_s_core": per_core, "pushes_per_s": per_second,
            "hub_cpu_s": pushed.hub_cpu_s, "database_cpu_s": pushed.database_cpu_s,
        }),
    }
}

/// The arithmetic is shown, so that it can be done again with other numbers.
fn the_day(pushed: &Pushed) -> Row {
    let each_s = (pushed.hub_cpu_s + pushed.database_cpu_s) / f64::from(pushed.pushes);
    let a_day = FACILITIES * VISITS_A_DAY * RECORDS_OF_A_VISIT;
    let busiest_s = a_day * BUSIEST_HOUR / 3_600.0;
    let cores = busiest_s * each_s;
    Row {
        what: "The day of 10,000 facilities, by arithmetic".to_owned(),
        measured: format!(
            "10,000 × 150 visits × 6 records = {a_day:.0} pushes; × {:.2} ms = {:.1} core-hours; busiest hour, a fifth of it: \
             {busiest_s:.0}/s × {:.2} ms = {cores:.1} cores",
            each_s * 1e3,
            a_day * each_s / 3_600.0,
            each_s * 1e3,
        ),
        bar: "",
        verdict: Verdict::Told,
        numbers: json!({ "pushes_a_day": a_day, "core_s_a_push": each_s, "cores_in_busiest_hour": cores }),
    }
}

/// Resident memory of a process, bytes.
fn resident(process: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0)
}

/// Fields of `/proc/PID/stat` after the name, which may contain anything.
fn stat(process: u32) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = text.rsplit_once(") ").context("a strange stat")?;
    Ok(fields.split(' ').map(str::to_owned).collect())
}

/// Processor time of a process so far, all its threads, also those that have ended.
fn processor_s(process: u32) -> anyhow::Result<f64> {
    let fields = stat(process)?;
    let ticks = fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
    Ok(ticks / 100.0)
}

/// … of a process and its children that live.
fn family_s(parent: u32) -> anyhow::Result<f64> {
    let mut sum = processor_s(parent)?;
    for entry in std::fs::read_dir("/proc")? {
        let Some(process) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // One that has just ended is not there any more.
        if stat(process).is_ok_and(|fields| fields[1] == parent.to_string()) {
            sum += processor_s(process).unwrap_or(0.0);
        }
    }
    Ok(sum)
}

/// The database server that has its socket in the folder of this address.
fn postmaster(url: &str) -> anyhow::Result<u32> {
    let folder = url.split_once('@').and_then(|(_, rest)| rest.split_once('/')).context("a strange address")?.0;
    let file = format!("{}/data/postmaster.pid", folder.replace("%2F", "/"));
    let text = std::fs::read_to_string(file)?;
    Ok(text.lines().next().context("an empty pid file")?.parse()?)
}
