"""What a power cut may leave behind: a slot that cannot be read, boot variables that are damaged, empty or gone. The box serves each time.

    slots.py IMAGE
"""

import sys
import time

from first_boot import PROVISION, judged_good
from machine import Machine

BLANK = b"# GRUB Environment Block\n".ljust(1024, b"#")
DAMAGED = bytes(range(256)) * 4


def main(image):
    box = Machine(image, credentials={"uketsuke.provision": PROVISION})
    began = time.monotonic()

    def tell(what):
        print(f"    {time.monotonic() - began:4.0f} s  {what}", flush=True)

    def serves_from(slot):
        box.start()
        box.log_in()
        assert box.wait_for_health(900)["status"] == "pass"
        line = box.must("cat /proc/cmdline")
        assert f"rauc.slot={slot}" in line, line
        variables = judged_good(box)
        for name in ("ORDER=", "A_OK=", "B_OK=", "A_TRY=", "B_TRY=", "MACHINE_ID="):
            assert name in variables, f"{name} is missing: {variables}"
        machine = box.must("cat /var/lib/uketsuke-box/machine-id; sync")
        box.cut()
        return variables, machine

    try:
        box.overwrite("uketsuke-b", 64)
        box.set_boot_variables({"ORDER": "B A", "A_OK": "1", "B_OK": "1", "A_TRY": "0", "B_TRY": "0"})
        variables, machine = serves_from("A")
        assert "B_TRY=1" in variables, variables
        tell("slot B cannot be read and was first in order: A serves")
        for what, content in (("damaged", DAMAGED), ("empty", b""), ("blank", BLANK), ("gone", None)):
            box.set_boot_variables(content)
            variables, now = serves_from("A")
            assert now == machine, "the machine changed its name"
            assert f"MACHINE_ID={machine}" in variables, variables
            assert box.boot_variables().startswith(b"# GRUB Environment Block"), "the file was not made whole"
            tell(f"the boot variables were {what}: A serves, and they are whole again")
        # tries used up everywhere: from the beginning, and no prompt
        box.set_boot_variables({"ORDER": "A B", "A_OK": "1", "B_OK": "0", "A_TRY": "3", "B_TRY": "3"})
        serves_from("A")
        tell("every try was used up: A serves")
        print("slots: passed", flush=True)
    finally:
        box.remove()


if __name__ == "__main__":
    main(sys.argv[1])
