//! The ways out: the terminal, the line, the other boxes and the hub.

use super::say::{Part, Said, moment};
use super::{Patient, Running};
use crate::config::{Config, TerminalSettings};
use domain::link::{Link, LinkStatus};
use rustix::fs::Access;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::path::Path;
use std::time::Duration;
use web::port::Desk;

const TERMINAL: Part = Part::new("terminal", "資格確認端末", "The terminal");
const LINE: Part = Part::new("line", "回線", "The line");
const BOXES: Part = Part::new("boxes", "ほかの受付機・中継", "Other boxes, hub");

/// Longest wait for a connection.
const LIMIT: Duration = Duration::from_secs(4);

pub(super) fn terminal(patient: &Patient<'_>) -> Said {
    let Ok(config) = &patient.config else { return unknown(&TERMINAL) };
    match &config.terminal {
        None => TERMINAL.aside("設定にありません（端末のない施設）。", "None in the settings: a site without one."),
        Some(TerminalSettings::Folder { req, res, face, .. }) => folders(patient, req, res, face.as_deref()),
        Some(TerminalSettings::Https { host, port, .. }) => match reached((host.as_str(), *port)) {
            Ok(()) => heard_from(patient, format!("{host}:{port}")),
            Err(error) => TERMINAL
                .bad(
                    format!("{host}:{port} につながりません（{error}）。"),
                    format!("{host}:{port} is not reached ({error})."),
                )
                .because("端末か、間のネットワーク機器が止まっています。", "The terminal or something between is off.")
                .cure(
                    "端末の電源とLANケーブルを確かめてください。受付は次の手順で続けられます。",
                    "Check its power and the LAN cable. Check-in goes on by the other steps.",
                ),
        },
    }
}

/// Only looked at, never written into: a stray file there is a question to the national service.
fn folders(patient: &Patient<'_>, req: &Path, res: &Path, face: Option<&Path>) -> Said {
    let wanted = [
        (Some(req), Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK),
        (Some(res), Access::READ_OK | Access::EXEC_OK),
        (face, Access::READ_OK | Access::EXEC_OK),
    ];
    let wanted = wanted.into_iter().filter_map(|(path, access)| Some((path?, access)));
    let wrong: Vec<String> = wanted.filter_map(|(path, access)| cannot(path, access)).collect();
    if wrong.is_empty() {
        return heard_from(patient, format!("{}, {}", req.display(), res.display()));
    }
    let wrong = wrong.join("; ");
    TERMINAL
        .bad(format!("使えないフォルダ：{wrong}"), format!("Folders that cannot be used: {wrong}"))
        .because(
            "端末の電源が切れているか、共有が外れたか、権限がありません。",
            "The terminal is off, the share is not mounted, or this user may not.",
        )
        .cure(
            "端末の電源とLANを確かめ、共有をつなぎ直し、サービスの利用者に読み書きを許してください。受付は次の手順で続けられます。",
            "Check power and LAN, mount the share again, and let the service's user read and write. Check-in goes on by the other steps.",
        )
}

fn cannot(path: &Path, access: Access) -> Option<String> {
    let error = match rustix::fs::access(path, access) {
        Ok(()) => std::fs::read_dir(path).err()?,
        Err(error) => error.into(),
    };
    Some(format!("{} ({error})", path.display()))
}

/// The way is open; whether the terminal does its work, only the running reception knows.
fn heard_from(patient: &Patient<'_>, place: String) -> Said {
    let Some(desk) = patient.desk else {
        return TERMINAL.good(format!("{place}：使えます。"), format!("{place}: can be used."));
    };
    let report = desk.link_report();
    let state = report.links.get(Link::Terminal);
    match (state.is_down(), report.unpicked) {
        (false, (0, _)) => TERMINAL.good(format!("{place}：使えます。"), format!("{place}: can be used.")),
        (is_down, (count, _)) => {
            let since = state.since.map(moment).unwrap_or_default();
            let (ja, en) = (
                format!("{place}：置いた照会が {count} 件、取られていません（{since}から）。"),
                format!("{place}: {count} questions lie there and are not fetched (since {since})."),
            );
            let said = if is_down { TERMINAL.bad(ja, en) } else { TERMINAL.look(ja, en) };
            said.because("端末の連携ソフトが止まっています。", "The terminal's own program does not run.").cure(
                "端末の画面を見て、連携アプリケーションを起動し直してください。照会は失われません。",
                "Look at the terminal's screen and restart its linking program. No question is lost.",
            )
        }
    }
}

pub(super) fn line(patient: &Patient<'_>) -> Said {
    let Ok(config) = &patient.config else { return unknown(&LINE) };
    let Some(address) = config.line_probe else {
        return LINE.aside(
            "確かめる先が設定にありません（[links] line_probe）。",
            "No address to try stands in the settings ([links] line_probe).",
        );
    };
    let is_up = patient.desk.map(|desk| desk.link_report().links.get(Link::Line).clone());
    match (is_up, reached(address)) {
        (Some(state), Ok(())) if state.status == LinkStatus::Down => LINE.look(
            format!("{address} に今つながりました。{} から切れていた記録です。", state.since.map(moment).unwrap_or_default()),
            format!("{address} was reached just now; it is on record as down since {}.", state.since.map(moment).unwrap_or_default()),
        ),
        (_, Ok(())) => LINE.good(format!("{address} につながります。"), format!("{address} is reached.")),
        (_, Err(error)) => LINE
            .bad(format!("{address} につながりません（{error}）。"), format!("{address} is not reached ({error})."))
            .because("ルーター、ONU、回線事業者のいずれかです。", "The router, the line's own box, or the provider.")
            .cure(
                "ルーターとONUの灯りを見て、電源を入れ直してください。受付は回線なしで続けられます。",
                "Look at the lamps of router and line box and power them off and on. Check-in goes on without the line.",
            ),
    }
}

fn reached(address: impl ToSocketAddrs) -> std::io::Result<()> {
    let mut last = std::io::Error::from(std::io::ErrorKind::NotFound);
    for address in address.to_socket_addrs()?.collect::<Vec<SocketAddr>>() {
        match TcpStream::connect_timeout(&address, LIMIT) {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

pub(super) fn boxes(patient: &Patient<'_>) -> Said {
    let Some(facility) = patient.desk.and_then(Desk::facility) else {
        let has_others = patient.config.as_ref().is_ok_and(|config: &&Config| config.sync.is_some());
        return match (has_others, &patient.running) {
            (true, Running::Beside(_)) => {
                BOXES.aside("uketsuke sync status で見られます。", "See uketsuke sync status.")
            }
            (true, _) => BOXES.aside("サービスが動いている間だけ分かります。", "Known only while the service runs."),
            (false, _) => BOXES.aside("ほかの受付機は設定にありません。", "No others stand in the settings."),
        };
    };
    let view = facility.view();
    if let Some(why) = &view.stopped {
        return BOXES
            .bad(why.ja.clone(), why.en.clone())
            .because(
                "この箱は施設から外されたか、別の機器に写されました。",
                "This box was put out, or moved to another machine.",
            )
            .cure("画面「同期」の指示に従ってください。", "Do what the page “Boxes” says.");
    }
    let others: Vec<_> = view.others().collect();
    if others.is_empty() {
        return BOXES.aside("この箱だけの施設です。", "This box is alone.");
    }
    let away: Vec<&str> = others
        .iter()
        .filter(|member| !member.exchange.as_ref().is_some_and(|peer| peer.connected))
        .map(|member| member.name.as_str())
        .collect();
    let (lag, since) = view.lag();
    if away.is_empty() && lag == 0 {
        return BOXES.good(
            format!("{}台すべてに全部が届いています。", others.len()),
            format!("All {} are reached and have everything.", others.len()),
        );
    }
    let since = since.map(moment).unwrap_or_else(|| "-".to_owned());
    BOXES
        .look(
            format!("つながらない：{}。届いていない記録 {lag} 件（{since}から）", away.join("、")),
            format!("Not reached: {}. {lag} records are not elsewhere (since {since})", away.join(", ")),
        )
        .because("相手の電源が切れているか、LANが切れています。", "They are off, or the LAN is cut.")
        .cure(
            "相手の電源とLANを確かめてください。つながると自動で届きます。それまで、この箱のディスクだけが新しい記録を持ちます。",
            "Check their power and the LAN; it goes on by itself. Until then only this box has the newest records.",
        )
}

fn unknown(part: &Part) -> Said {
    part.aside("設定を読めないため、分かりません。", "Not known: the settings cannot be read.")
}
