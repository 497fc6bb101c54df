"""A box takes updates: what is not genuine is refused; a good one stays; one that does not come up goes back by itself, and every
patient is still there.

    updates.py IMAGE BUNDLES     BUNDLES: a folder with good.raucb, broken.raucb, foreign.raucb, flipped.raucb, truncated.raucb
"""

import contextlib
import glob
import sys
import tempfile
import time

from desk import Desk, patiently
from first_boot import ACCOUNT, PASSWORD, PROVISION, judged_good
from machine import Machine, make_stick

# of ten seconds each: enough for a program that is going to start, and an end for one that is not
JUDGE_TRIES = "12"


def main(image, bundles):
    folder = tempfile.TemporaryDirectory(prefix="stick.")
    stick = f"{folder.name}/stick.img"
    make_stick(stick, sorted(glob.glob(f"{bundles}/*.raucb")))
    credentials = {"uketsuke.provision": PROVISION, "uketsuke.judge-tries": JUDGE_TRIES}
    box = Machine(image, credentials=credentials, stick=stick)
    began = time.monotonic()

    def tell(what):
        print(f"    {time.monotonic() - began:4.0f} s  {what}", flush=True)

    def slot():
        return box.must("sed -n 's/.*rauc.slot=\\([AB]\\).*/\\1/p' /proc/cmdline") + " " + box.must(". /usr/lib/os-release; echo $VERSION_ID")

    def stick_seen():
        """The stick is where the reception looks for updates and keeps backups, as the reception sees it in its own walls."""
        place = box.stick_in_place()
        inside = "nsenter --mount --target $(systemctl show --property MainPID --value uketsuke)"
        assert "good.raucb" in box.must(f"{inside} ls {place}")
        box.must(f"{inside} setpriv --reuid=uketsuke --regid=uketsuke --clear-groups sh -c 'echo x >{place}/kept && rm {place}/kept'")

    def install(name):
        return box.shell(f"rauc install /media/usb/{name}", 900)

    def refused_for(name, reason):
        answer, code = install(f"{name}.raucb")
        assert code != 0 and reason in answer, f"{name}: {code}: {answer[-600:]}"

    @contextlib.contextmanager
    def said(variable, value):
        """A boot variable that says something else for a while."""
        before = box.must(f"grub-editenv /efi/grubenv list | sed -n 's/^{variable}=//p'")
        box.must(f"grub-editenv /efi/grubenv set {variable}={value}")
        yield
        box.must(f"grub-editenv /efi/grubenv set {variable}={before}")

    @contextlib.contextmanager
    def newer_data():
        """Data as a version of many years later leaves them."""
        noted = box.must("cat /var/lib/uketsuke-box/schema")
        assert int(noted) == box.health()["schema"], f"noted of the data: {noted}"
        box.must("echo 99999 >/var/lib/uketsuke-box/schema")
        yield
        box.must(f"echo {noted} >/var/lib/uketsuke-box/schema")

    def restarted(seconds):
        box.wait_for_restart(seconds)
        box.log_in()
        box.wait_for_health(900)

    try:
        box.start()
        box.log_in()
        assert box.wait_for_health(900)["status"] == "pass"
        desk = Desk(box.port)
        patiently(lambda: desk.sign_in(ACCOUNT, PASSWORD), 120)
        visits = {desk.check_in("見本 太郎", "ミホン タロウ"): "見本 太郎"}
        first = slot()
        judged_good(box)
        tell(f"the box serves from {first}; a patient was received")

        stick_seen()
        before = box.must("grub-editenv /efi/grubenv list | grep -v MACHINE_ID")
        for name in ("foreign", "flipped", "truncated"):
            answer, code = install(f"{name}.raucb")
            assert code != 0, f"{name}: was installed: {answer}"
            reason = next((line for line in answer.splitlines() if "LastError" in line), answer[-150:])
            print(f"           {name}: refused: {reason[:200]}", flush=True)
        after = box.must("grub-editenv /efi/grubenv list | grep -v MACHINE_ID")
        # a copy that breaks while it is written has taken the other slot out of the order first; the running one stays
        assert "A_OK=1" in after and "A_TRY=0" in after, (before, after)
        tell("bundles of a stranger, with a flipped byte, and cut short: refused")

        box.must("rauc install /media/usb/good.raucb", 900)
        assert slot() == first, "the running slot changed"
        tell("the good update is installed")
        visits[desk.check_in("更新 次郎", "コウシン ジロウ")] = "更新 次郎"
        box.serial.sendall(b"systemctl reboot\n")
        restarted(600)
        second = slot()
        assert second.startswith("B") and second != first, second
        judged_good(box)
        tell(f"the box serves from {second} and was found fit")

        box.stick_in_place()
        # as while it is being judged: said here, because a real judgement may end before the update is asked for
        with said("B_TRY", "1"):
            refused_for("broken", "still being judged")
        with newer_data():
            refused_for("broken", "older than the data")
        tell("an update while this version is being judged, and one older than the data: refused")

        box.must("rauc install /media/usb/broken.raucb", 900)
        desk = Desk(box.port)
        patiently(lambda: desk.sign_in(ACCOUNT, PASSWORD), 120)
        visits[desk.check_in("故障 三郎", "コショウ サブロウ")] = "故障 三郎"
        box.serial.sendall(b"systemctl reboot\n")
        box.wait_for_restart(600)
        tell("the broken update is installed and started")
        # it says what it lacks, and goes back without anybody's help
        restarted(1200)
        third = slot()
        assert third == second, third
        variables = judged_good(box)
        assert "A_OK=0" in variables and "B_OK=1" in variables, variables
        tell(f"the box went back to {third} by itself")
        desk = Desk(box.port)
        patiently(lambda: desk.sign_in(ACCOUNT, PASSWORD), 120)
        for visit, name in visits.items():
            assert desk.has(visit, name), f"{name} is gone"
        print(f"updates: passed; all {len(visits)} received patients are there", flush=True)
    finally:
        box.remove()
        folder.cleanup()


if __name__ == "__main__":
    main(*sys.argv[1:])
