"""A box out of its carton, without settings anywhere: it shows a one-time code on its screen, the pages of the first start answer on the
LAN, "new facility" is chosen, and the reception takes over. Then the plug is pulled, and the box is a reception again.

    first_start.py IMAGE
"""

import http.client
import re
import sys
import time

from desk import Desk, Refused, hidden, patiently
from first_boot import ACCOUNT, PASSWORD, PAGES, judged_good
from machine import Machine

# as the emulator's own network gives it
ADDRESS = r"10\.0\.2\.15"
CODE = r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}"
NEW = {
    "site_name": "見本医院", "kind": "clinic", "institution_code": "1319999999", "phone": "03-1234-5678",
    "account": ACCOUNT, "password": PASSWORD, "password_again": PASSWORD,
}


def send(desk, path, fields):
    """Fills in the form at a path and sends it; where the answer leads."""
    page = desk.get(path)
    return desk.post(path, {"csrf": hidden(page, "csrf")} | fields)[0]


def refused_with(status, what):
    try:
        what()
    except Refused as refused:
        assert f"answered {status}" in str(refused), refused
    else:
        raise AssertionError(f"was not refused with {status}")


def shown_code(box, seconds):
    """The code beside the address in the clinic's network, which a box is given a while after it was switched on."""
    deadline = time.monotonic() + seconds
    beginning = rf"https://{ADDRESS}:{PAGES}/\s.{{0,200}}?({CODE})"
    while True:
        with open(box.serial_log, encoding="utf-8", errors="replace") as log:
            said = log.read()
        # to its last line: what comes later would get between a command and its answer
        if found := re.search(beginning + r"\s.{0,600}?={20}=*\s", said, re.DOTALL):
            return found.group(1)
        if time.monotonic() > deadline:
            raise AssertionError("the screen shows no address with a code; the machine said last:\n" + box.must("journalctl -b --no-pager -n 30"))
        if re.search(beginning, said, re.DOTALL):
            # an emulated line that nobody uses keeps its last letters to itself
            box.must("true")
        time.sleep(1)


def screen_of(box):
    """What stands on the screen, as somebody before it reads it; letters without a shape on it count for nothing."""
    return box.must("cat /dev/vcs1 | tr -c '[:print:]' ' '")


def look_at_unit(box, code):
    box.must("systemctl is-active uketsuke-first-start")
    _, code_of_reception = box.shell("systemctl is-active --quiet uketsuke")
    assert code_of_reception != 0, "a reception without settings runs"
    box.must("test $(stat -c %U /proc/$(systemctl show --property MainPID --value uketsuke-first-start)) = uketsuke")
    exposure = box.must("systemd-analyze security uketsuke-first-start.service --no-pager | tail -n 1")
    assert float(exposure.split(":")[1].split()[0]) <= 2.0, exposure
    screen = screen_of(box)
    assert code in screen, screen
    # only who stands before the box knows it
    for word in (code, code.replace("-", "")):
        _, found = box.shell(f"journalctl -b --no-pager | grep -qF {word}")
        assert found == 1, "the code stands in the log"
        files = box.must(f"grep -rlsF {word} /var/lib /run/uketsuke /run/systemd || true")
        assert files == "", f"the code stands in {files}"


def nothing_failed(box):
    box.must("systemctl is-system-running --wait || true", 900)
    failed = box.must("systemctl --failed --no-legend --plain")
    assert failed == "", failed + "\n" + box.must("for unit in $(systemctl --failed --no-legend --plain | cut -d' ' -f1); do journalctl -b --no-pager -n 12 -u $unit; done")


def set_up(desk, code):
    """From the code to the last page, as a browser does it; with a wrong code and a wrong field on the way."""
    assert "/first-start" in patiently(lambda: desk.get("/first-start"), 300)
    # nothing else is served, and nothing is shown to somebody without the code
    for path in ("/sign-in", "/healthz"):
        refused_with(404, lambda path=path: desk.get(path))
    refused_with(303, lambda: desk.get("/first-start/new"))
    refused_with(422, lambda: send(desk, "/first-start", {"code": "00000-00000"}))
    assert send(desk, "/first-start", {"code": code.lower().replace("-", " ")}) == "/first-start"
    refused_with(422, lambda: send(desk, "/first-start/new", NEW | {"institution_code": "13199"}))
    assert send(desk, "/first-start/new", NEW) == "/first-start/check"
    page = desk.get("/first-start/check")
    assert NEW["site_name"] in page and PASSWORD not in page, page
    send(desk, "/first-start/check", {})
    try:
        return desk.get("/first-start")
    except (OSError, http.client.HTTPException, Refused):
        # the reception may have taken over already
        return ""


def main(image):
    box = Machine(image, screen=True)
    began = time.monotonic()

    def tell(what):
        print(f"    {time.monotonic() - began:4.0f} s  {what}", flush=True)

    def answers_as_reception():
        assert box.wait_for_health(900)["status"] == "pass"
        desk = Desk(box.port)
        patiently(lambda: desk.sign_in(ACCOUNT, PASSWORD), 120)
        return desk

    try:
        box.start()
        box.log_in()
        code = shown_code(box, 900)
        tell("the screen shows where to go, and a one-time code")
        look_at_unit(box, code)
        judged_good(box)
        nothing_failed(box)
        tell("on the screen and in no log; no unit failed; a box without settings is found fit")
        set_up(Desk(box.port), code)
        tell("a new facility was chosen in the browser, after a wrong code and a mistyped field")
        desk = answers_as_reception()
        visit = desk.check_in("初日 一郎", "ショニチ イチロウ")
        tell("the reception took over; signed in, and a patient was received")
        refused_with(404, lambda: desk.get("/first-start"))
        box.must("systemctl is-active uketsuke")
        _, still = box.shell("systemctl is-active --quiet uketsuke-first-start")
        assert still != 0, "the first start is still there"
        settings = box.must("cat /var/lib/uketsuke/uketsuke.toml")
        assert PASSWORD not in settings and NEW["institution_code"] in settings, settings
        nothing_failed(box)
        box.cut()
        box.start()
        box.log_in()
        desk = answers_as_reception()
        assert desk.has(visit, "初日 一郎"), "a received patient is gone"
        _, still = box.shell("systemctl is-active --quiet uketsuke-first-start")
        assert still != 0 and not re.search(CODE, screen_of(box)), "the first start came again"
        judged_good(box)
        assert "reception" in box.must("cat /var/lib/uketsuke-box/worked-before")
        tell("the plug was pulled: a reception again, without a code, and the patient is there")
        print("first start: passed", flush=True)
    finally:
        box.remove()


if __name__ == "__main__":
    main(sys.argv[1])
