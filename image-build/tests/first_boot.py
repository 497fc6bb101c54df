"""A new box on the counter: Secure Boot enforcing, a TPM, a card reader, its settings by credential. A patient is received through the
pages; a stranger knocks at every port; then the plug is pulled and the box is switched on again.

    first_boot.py IMAGE [UKETSUKE]      UKETSUKE: the program whose emulated card lies in the reader; without it the reader stays empty
"""

import sys
import time

from card_line import CardLine
from desk import Desk, patiently
from machine import Machine
from stranger import BOX, BOX_HARDWARE

ACCOUNT, PASSWORD = "院長", "once upon a time in a box"
PROVISION = f"""[site]
name = "見本医院"
kind = "clinic"
institution_code = "1319999999"

[readers]
pcsc = true

[provision]
account = "{ACCOUNT}"
one_time_password = "{PASSWORD}"
"""

# what the firewall lets a clinic's network see; whatever does not listen there now may say so
PAGES, EXCHANGE, DRILLS, DISCOVERY = 8443, 8444, 8445, 5353


def look_at_system(box):
    assert "Secure boot enabled" in box.must("dmesg | grep -i 'secure boot'")
    box.must("systemctl is-system-running --wait || true", 900)
    failed = box.must("systemctl --failed --no-legend --plain")
    assert failed == "", failed + "\n" + box.must("for unit in $(systemctl --failed --no-legend --plain | cut -d' ' -f1); do journalctl -b --no-pager -n 12 -u $unit; done")
    assert "cycle" not in box.must("journalctl -b --no-pager | grep -i 'ordering cycle' || true")
    for place in ("/etc/x", "/usr/x", "/x"):
        _, code = box.shell(f"touch {place}")
        assert code != 0, f"{place} can be written"
    exposure = box.must("systemd-analyze security uketsuke.service --no-pager | tail -n 1")
    print(f"    {exposure}", flush=True)
    assert float(exposure.split(":")[1].split()[0]) <= 2.0, exposure


def look_at_data(box):
    assert "crypto_LUKS" in box.must("blkid /dev/disk/by-partlabel/uketsuke-var")
    kinds = box.must("systemd-cryptenroll /dev/disk/by-partlabel/uketsuke-var")
    assert "tpm2" in kinds and "recovery" in kinds, kinds
    box.must("test -s /var/lib/uketsuke-box/recovery-key")
    # neither the settings nor the folder of the data hold the password of the first time
    assert "one_time" not in box.must("cat /var/lib/uketsuke/uketsuke.toml")


def judged_good(box):
    """The version was found fit, so that its tries are not counted any more."""
    box.must("for i in $(seq 150); do systemctl is-active --quiet uketsuke-health && break; sleep 2; done; systemctl is-active uketsuke-health", 900)
    variables = box.must("grub-editenv /efi/grubenv list")
    assert "MACHINE_ID=" in variables, variables
    return variables


def look_from_outside(box):
    interface = box.must(f"ip -o link | grep {BOX_HARDWARE} | cut -d: -f2 | tr -d ' '")
    box.must(f"ip address add {BOX}/24 dev {interface} && ip link set {interface} up")
    box.stranger.knock_everywhere(900)
    seen, refused, unreachable = box.stranger.open, box.stranger.refusing, box.stranger.unreachable
    print(f"    65,535 ports of TCP and UDP: open {sorted(seen, key=str)}, closed but not hidden {sorted(refused | unreachable)}", flush=True)
    assert PAGES in seen, "a stranger does not reach the pages"
    assert seen - {f"udp/{DISCOVERY}"} <= {PAGES, EXCHANGE, DRILLS}, seen
    assert refused <= {EXCHANGE, DRILLS} and unreachable <= {DISCOVERY}, (refused, unreachable)


def look_at_reader(box, desk, card):
    usb = box.must("cat /sys/bus/usb/devices/*/product 2>/dev/null || true")
    assert "CCID" in usb.upper(), usb
    if card is None:
        print("    SKIPPED: no card was read, because no program was named", flush=True)
        return
    card.insert()

    def read():
        page = desk.read_card()
        assert card.commands > 0, "nobody asked the card anything"
        return page

    deadline = time.monotonic() + 180
    while True:
        try:
            read()
            break
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(2)
    print(f"    the card in the reader answered {card.commands} commands of the reception", flush=True)


def main(image, program=None):
    box = Machine(image, secure_boot=True, tpm=True, reader=True, stranger=True, credentials={"uketsuke.provision": PROVISION})
    card = None
    began = time.monotonic()

    def tell(what):
        print(f"    {time.monotonic() - began:4.0f} s  {what}", flush=True)

    try:
        box.start()
        box.log_in()
        tell("the first start came so far that it takes commands")
        health = box.wait_for_health(900)
        assert health["status"] == "pass", health
        tell("the reception answers")
        look_at_system(box)
        look_at_data(box)
        variables = judged_good(box)
        assert "A_TRY=0" in variables, variables
        tell("sealed, read-only, no unit failed, found fit")
        desk = Desk(box.port)
        patiently(lambda: desk.sign_in(ACCOUNT, PASSWORD), 120)
        visit = desk.check_in("見本 花子", "ミホン ハナコ")
        tell("a patient was received through the pages")
        card = CardLine(program, box.card_socket) if program else None
        look_at_reader(box, desk, card)
        look_from_outside(box)
        tell("a stranger knocked everywhere")
        machine = box.must("cat /etc/machine-id")
        box.cut()
        box.start()
        box.log_in()
        assert box.wait_for_health(900)["status"] == "pass"
        tell("the plug was pulled; the second start unlocked the data")
        desk = Desk(box.port)
        patiently(lambda: desk.sign_in(ACCOUNT, PASSWORD), 120)
        assert desk.has(visit, "見本 花子"), "a received patient is gone"
        assert box.must("cat /etc/machine-id") == machine, "the machine changed its name"
        print("first boot: passed", flush=True)
    finally:
        if card:
            card.remove()
        box.remove()


if __name__ == "__main__":
    main(*sys.argv[1:])
