#![allow(clippy::unwrap_used)]
use crate::config::Config;
use crate::devices::RebootWay;
use domain::{Date, Timestamp};

const SITE: &str = "[site]\nname = '見本医院'\nkind = 'clinic'\ninstitution_code = '1310000016'\n";

fn parse(extra: &str) -> anyhow::Result<Config> {
    Config::parse(&format!("{SITE}{extra}"))
}

#[test]
fn no_section_is_no_hardware() {
    assert!(parse("").unwrap().devices.is_empty());
}

#[test]
fn a_whole_site_is_understood() {
    let text = "
[readers]
guide = '/etc/uketsuke/guide.toml'
[[readers.reader]]
name = '窓口'
system_name = 'ACS ACR39U'
usb = '1-1.2'
usb_other_half = '2-1.2'
[[face_reader]]
name = '顔認証'
reading_by = '09:30'
[[scanner]]
name = '読取機'
path = '/dev/serial/by-id/usb-scanner'
[[relay]]
name = '電源'
path = '/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0'
dialect = 'feedback'
channel = 1
relays = 2
wiring = 'nc'
device = '顔認証'
[hours]
mon = '09:00-12:30, 15:00-18:30'
[hours.days]
'2026-12-28' = ''
[[restart]]
line = '30 3 * * *'
what = 'repower_readers'
[[restart]]
line = '0 4 * * sun'
what = 'reboot_box'
[reboot]
by = 'command'
command = ['/usr/bin/systemctl', 'reboot']
";
    let devices = parse(text).unwrap().devices;
    assert_eq!(devices.faces[0].reading_by, Some(570));
    assert_eq!(devices.service_unit(), Some("pcscd.service"));
    assert_eq!(devices.restarts.len(), 2);
    assert!(matches!(&devices.reboot, RebootWay::Command(command) if command.len() == 2));
    let (hours, at) =
        (devices.hours.clone().unwrap(), |day| Timestamp::in_japan(Date::literal(2026, 12, day), 10, 0, 0));
    assert!(hours.is_open(at(21), &devices.zone) && !hours.is_open(at(28), &devices.zone));
    assert!(devices.relay_of(&devices.faces[0].name).is_some());
}

#[test]
fn cards_are_recognised_only_where_the_settings_say_so() {
    for (text, recognises) in [
        ("", false),
        ("[readers]\n", false),
        ("[readers]\nrecognise = false\n", false),
        ("[readers]\nrecognise = true\n", true),
    ] {
        assert_eq!(parse(text).unwrap().devices.recognises_cards(), recognises, "{text}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    let relay = "[[relay]]\nname = 'r'\npath = '/dev/relay'\ndialect = 'plain'\nchannel = 1\nwiring = 'nc'\n";
    for (extra, named) in [
        ("[readers]\nrecognize = true\n".to_owned(), "recognize"),
        ("[readers]\npcsc = false\n[[readers.reader]]\nname = 'a'\n".to_owned(), "readers.pcsc"),
        ("[readers]\npcsc = false\nrecognise = true\n".to_owned(), "readers.recognise"),
        ("[readers]\nunit = '-x'\n".to_owned(), "readers.unit"),
        ("[readers]\n[[readers.reader]]\nname = 'a'\nusb = '../1'\n".to_owned(), "readers.reader.usb"),
        ("[readers]\n[[readers.reader]]\nname = 'a'\nusb_other_half = '2-1'\n".to_owned(), "usb_other_half"),
        ("[readers]\n[[readers.reader]]\nname = 'pcscd'\n".to_owned(), "pcscd"),
        ("[[face_reader]]\nname = ''\n".to_owned(), "face_reader.name"),
        ("[[face_reader]]\nname = 'f'\nreading_by = '9h'\n".to_owned(), "face_reader.reading_by"),
        ("[[face_reader]]\nname = 'f'\nfiles = ' '\n".to_owned(), "face_reader.files"),
        (
            "[[face_reader]]\nname = 'f'\nfiles = '_1a'\n[[face_reader]]\nname = 'g'\nfiles = '_1ab'\n".to_owned(),
            "face_reader.files",
        ),
        ("[update]\nlocks = ['update.lock']\n".to_owned(), "update.locks"),
        ("[[scanner]]\nname = 's'\npath = 'ttyUSB0'\n".to_owned(), "scanner.path"),
        ("[[scanner]]\nname = 's'\npath = '/dev/s'\nbaud = 1\n".to_owned(), "scanner.baud"),
        (relay.replace("plain", "loud"), "relay.dialect"),
        (relay.replace("'nc'", "'both'"), "relay.wiring"),
        (relay.replace("channel = 1", "channel = 9"), "relay.channel"),
        (relay.replace("channel = 1", "channel = 2\nrelays = 1"), "relay.relays"),
        (relay.replace("/dev/relay", "/dev/ttyUSB0"), "relay.path"),
        (format!("{relay}device = 'nobody'\n"), "relay.device"),
        ("[hours]\nmon = '9-12'\n".to_owned(), "hours.mon"),
        ("[hours]\nzone = 'Mars/Base'\n".to_owned(), "hours.zone"),
        ("[hours.days]\n'2026-02-30' = ''\n".to_owned(), "hours.days"),
        ("[[restart]]\nline = '* * *'\nwhat = 'reboot_box'\n".to_owned(), "restart.line"),
        ("[[restart]]\nline = '0 3 * * *'\nwhat = 'everything'\n".to_owned(), "restart.what"),
        ("[[restart]]\nline = '0 3 * * *'\nwhat = 'reboot_box'\n".to_owned(), "reboot.by"),
        ("[[restart]]\nline = '0 3 * * *'\nwhat = 'repower_readers'\n".to_owned(), "restart.what"),
        ("[[restart]]\nline = '0 3 * * *'\nwhat = 'restart_service'\n".to_owned(), "readers.unit"),
        ("[reboot]\nby = 'hammer'\n".to_owned(), "reboot.by"),
        ("[reboot]\nby = 'command'\ncommand = ['reboot']\n".to_owned(), "reboot.command"),
        ("[reboot]\nby = 'logind'\ncommand = ['/x']\n".to_owned(), "reboot.command"),
    ] {
        let error = format!("{:#}", parse(&extra).expect_err(&extra));
        assert!(error.contains(named), "{extra}: {error}");
    }
}

#[test]
fn a_name_stands_for_one_device() {
    let twice = "[[face_reader]]\nname = 'a'\n[[scanner]]\nname = 'a'\npath = '/dev/s'\n";
    let error = format!("{:#}", parse(twice).expect_err("twice"));
    assert!(error.contains("another device"), "{error}");
}
