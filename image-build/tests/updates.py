"""A box takes updates: what is not genuine is refused; a good one stays; one that does not come up goes back by itself, and every
patient is still there.

    updates.py IMAGE BUNDLES     BUNDLES: a folder with good.raucb, broken.raucb, foreign.raucb, flipped.raucb, truncated.raucb
"""

import subprocess
import sys
import tempfile
import time

from desk import Desk, patiently
from first_boot import ACCOUNT, PASSWORD, PROVISION, judged_good
from machine import Machine

# of ten seconds each: enough for a program that is going to start, and an end for one that is not
JUDGE_TRIES = "12"


def main(image, bundles):
    folder = tempfile.TemporaryDirectory(prefix="stick.")
    stick = f"{folder.name}/stick.img"
    subprocess.run(["mksquashfs", bundles, stick, "-noI", "-noD", "-noF", "-noX", "-noappend", "-no-progress", "-quiet"], check=True)
    credentials = {"uketsuke.provision": PROVISION, "uketsuke.judge-tries": JUDGE_TRIES}
    box = Machine(image, credentials=credentials, extra_disk=stick)
    began = time.monotonic()

    def tell(what):
        print(f"    {time.monotonic() - began:4.0f} s  {what}", flush=True)

    def slot():
        return box.must("sed -n 's/.*rauc.slot=\\([AB]\\).*/\\1/p' /proc/cmdline") + " " + box.must(". /usr/lib/os-release; echo $VERSION_ID")

    def plug_in_stick():
        box.must("mkdir -p /run/stick && mount -t squashfs -o ro /dev/vdb /run/stick")

    def install(name):
        return box.shell(f"rauc install /run/stick/{name}", 900)

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

        plug_in_stick()
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

        box.must("rauc install /run/stick/good.raucb", 900)
        assert slot() == first, "the running slot changed"
        tell("the good update is installed")
        visits[desk.check_in("更新 次郎", "コウシン ジロウ")] = "更新 次郎"
        box.serial.sendall(b"systemctl reboot\n")
        restarted(600)
        second = slot()
        assert second.startswith("B") and second != first, second
        plug_in_stick()
        _, code = install("broken.raucb") if box.shell("systemctl is-active --quiet uketsuke-health")[1] else (None, 1)
        assert code != 0, "an update was taken while this version was still being judged"
        judged_good(box)
        tell(f"the box serves from {second} and was found fit")

        box.must("rauc install /run/stick/broken.raucb", 900)
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
