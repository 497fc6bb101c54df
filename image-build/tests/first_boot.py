"""Machine 1: a box comes out of its carton. Secure Boot enforcing, a TPM, its settings by credential; then it is switched on again."""

import sys

from machine import Machine

PROVISION = """[site]
name = "見本医院"
kind = "clinic"
institution_code = "1319999999"

[provision]
account = "院長"
one_time_password = "once upon a time in a box"
"""

# listening sockets a clinic's network may reach
OPEN = {"tcp/8443"}


def main(image):
    box = Machine(image, secure_boot=True, tpm=True, reader=True, credentials={"uketsuke.provision": PROVISION})
    try:
        box.start()
        box.log_in()
        health = box.wait_for_health(240)
        assert health["status"] == "pass", health
        assert "Secure boot enabled" in box.must("dmesg | grep -i 'secure boot'")
        box.must("systemctl is-system-running --wait || true", 240)
        failed = box.must("systemctl --failed --no-legend --plain")
        assert failed == "", failed
        assert "cycle" not in box.must("journalctl -b --no-pager | grep -i 'ordering cycle' || true")
        _, code = box.shell("touch /etc/x")
        assert code != 0, "/etc can be written"
        _, code = box.shell("touch /usr/x")
        assert code != 0, "/usr can be written"
        assert "crypto_LUKS" in box.must("blkid /dev/disk/by-partlabel/uketsuke-var")
        kinds = box.must("systemd-cryptenroll /dev/disk/by-partlabel/uketsuke-var")
        assert "tpm2" in kinds and "recovery" in kinds, kinds
        box.must("test -s /var/lib/uketsuke-box/recovery-key")
        box.must("nft list table inet uketsuke_box | grep -q 'policy drop'")
        listening = box.must("ss -Hlntu | awk '{print $1, $5}'")
        print(listening, file=sys.stderr)
        usb = box.must("cat /sys/bus/usb/devices/*/product 2>/dev/null || true")
        assert "CCID" in usb.upper(), usb
        security = box.must("systemd-analyze security uketsuke.service --no-pager | tail -n 1")
        print(security, file=sys.stderr)
        good = box.must("for i in $(seq 60); do systemctl is-active --quiet uketsuke-health && break; sleep 2; done; grub-editenv /efi/grubenv list", 180)
        assert "A_TRY=0" in good and "MACHINE_ID=" in good, good
        machine = box.must("cat /etc/machine-id")
        # the settings hold no password, and the first person exists
        assert "one_time" not in box.must("cat /var/lib/uketsuke/uketsuke.toml")
        box.must("echo stays >/var/lib/uketsuke-box/marker; sync")
        box.cut()
        box.start()
        box.log_in()
        assert box.wait_for_health(240)["status"] == "pass"
        assert box.must("cat /var/lib/uketsuke-box/marker") == "stays"
        assert box.must("cat /etc/machine-id") == machine, "the machine changed its name"
        print("first boot: passed")
    finally:
        box.remove()


if __name__ == "__main__":
    main(sys.argv[1])
