"""A virtual machine around an image: started, talked to over its serial line, asked over its network, and cut off without warning.

No hardware virtualisation is needed. Every wait has an end, because an emulated machine that hangs would hang the tests.
"""

import base64
import codecs
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request

from forgetful_disk import ForgetfulDisk
from stranger import Stranger

FIRMWARE = "/usr/share/OVMF"
END = "UKETSUKE-END"
# what a service says to the console, in the middle of whatever a command prints
SAID_BY_SERVICE = re.compile(r"\[ *\d+\.\d{6}\] \S+\[\d+\]: [^\n]*\n?")


class Stuck(Exception):
    """Something did not happen in time. Carries the end of what the machine said."""


def make_stick(place, files):
    """A stick as people buy them: one FAT file system without partitions."""
    room = sum(os.path.getsize(file) for file in files) + (64 << 20)
    with open(place, "wb") as stick:
        stick.truncate(-(-room // (1 << 20)) << 20)
    subprocess.run(["mkfs.vfat", "-F", "32", "-n", "STICK", place], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["mcopy", "-i", place, *files, "::/"], check=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Machine:
    """One box: its disk, its TPM, its firmware's memory. `start` and `cut` may follow each other any number of times.

    `chance`: the disk forgets what was not flushed when the plug is pulled, as far as chance will have it.
    """

    def __init__(self, image, *, secure_boot=False, tpm=False, credentials=None, reader=False, stranger=False, stick=None, screen=False, size_gib=8, chance=None):
        self.folder = tempfile.mkdtemp(prefix="machine.")
        self.disk = os.path.join(self.folder, "disk.img")
        if image.endswith(".zst"):
            subprocess.run(["zstd", "--quiet", "--decompress", "--sparse", image, "-o", self.disk], check=True)
        else:
            subprocess.run(["cp", "--sparse=always", image, self.disk], check=True)
        os.truncate(self.disk, size_gib << 30)
        self.forgetful = ForgetfulDisk(self.disk, chance) if chance else None
        # what the last cut took
        self.lost = ""
        self.secure_boot, self.tpm, self.reader, self.stick = secure_boot, tpm, reader, stick
        self.screen = screen
        self.stranger = Stranger(self.folder) if stranger else None
        self.card_socket = os.path.join(self.folder, "card")
        self.credentials = credentials or {}
        self.memory = os.path.join(self.folder, "firmware.fd")
        shutil.copy(f"{FIRMWARE}/OVMF_VARS_4M{'.ms' if secure_boot else ''}.fd", self.memory)
        self.port = free_port()
        self.serial_log = os.path.join(self.folder, "serial.log")
        self.qemu = self.swtpm = self.serial = None
        self.said = ""

    def start(self):
        serial = os.path.join(self.folder, "serial")
        command = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-smp", "2", "-m", "1536"]
        # a processor under which this firmware was seen to start the kernel; others hang
        command += ["-cpu", "Haswell", "-display", "none", "-nodefaults", "-no-user-config"]
        if self.secure_boot:
            command += ["-machine", "q35,smm=on", "-global", "driver=cfi.pflash01,property=secure,value=on"]
        else:
            command += ["-machine", "q35"]
        code = "OVMF_CODE_4M.secboot.fd" if self.secure_boot else "OVMF_CODE_4M.fd"
        command += ["-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={FIRMWARE}/{code}"]
        command += ["-drive", f"if=pflash,format=raw,unit=1,file={self.memory}"]
        drive = self.forgetful.plug_in() if self.forgetful else f"if=none,id=disk,format=raw,file={self.disk}"
        command += ["-drive", drive, "-device", "virtio-blk-pci,drive=disk,bootindex=1"]
        command += ["-netdev", f"user,id=net,hostfwd=tcp:127.0.0.1:{self.port}-:8443", "-device", "virtio-net-pci,netdev=net,romfile="]
        command += ["-device", "i6300esb", "-action", "watchdog=reset"]
        command += ["-object", "rng-random,id=rng,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=rng"]
        command += ["-chardev", f"socket,id=serial,path={serial},server=on,wait=off,logfile={self.serial_log},logappend=on"]
        command += ["-serial", "chardev:serial"]
        if self.screen:
            command += ["-device", "VGA,romfile="]
        if self.stick or self.reader:
            command += ["-device", "qemu-xhci"]
        if self.stick:
            command += ["-drive", f"if=none,id=stick,format=raw,file={self.stick}", "-device", "usb-storage,drive=stick,removable=on"]
        if self.reader:
            command += ["-device", "usb-ccid"]
            command += ["-chardev", f"socket,id=card,path={self.card_socket},server=on,wait=off", "-device", "ccid-card-passthru,chardev=card"]
        if self.stranger:
            command += self.stranger.cable()
        for name, value in self.credentials.items():
            encoded = base64.b64encode(value.encode()).decode()
            command += ["-smbios", f"type=11,value=io.systemd.credential.binary:{name}={encoded}"]
        if self.tpm:
            command += self._start_tpm()
        # it complains of features this processor has and the emulation lacks
        with open(os.path.join(self.folder, "emulator.log"), "ab") as log:
            self.qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log)
        deadline = time.monotonic() + 20
        while True:
            self.serial = socket.socket(socket.AF_UNIX)
            try:
                self.serial.connect(serial)
                break
            except OSError:
                self.serial.close()
                if time.monotonic() > deadline or self.qemu.poll() is not None:
                    with open(os.path.join(self.folder, "emulator.log"), encoding="utf-8", errors="replace") as log:
                        raise Stuck(f"qemu did not start: {log.read()[-2000:]}") from None
                time.sleep(0.1)
        self.said = ""
        # a letter may come in pieces
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def _start_tpm(self):
        state, path = os.path.join(self.folder, "tpm"), os.path.join(self.folder, "tpm.sock")
        os.makedirs(state, exist_ok=True)
        if os.path.exists(path):
            os.remove(path)
        self.swtpm = subprocess.Popen(["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={state}", "--ctrl", f"type=unixio,path={path}", "--terminate"])
        deadline = time.monotonic() + 10
        while not os.path.exists(path):
            if time.monotonic() > deadline:
                raise Stuck("the TPM's emulator did not start")
            time.sleep(0.05)
        return ["-chardev", f"socket,id=tpm,path={path}", "-tpmdev", "emulator,id=tpm0,chardev=tpm", "-device", "tpm-crb,tpmdev=tpm0"]

    def cut(self):
        """The plug is pulled."""
        if self.forgetful and self.qemu:
            self.lost = self.forgetful.unplug(self.qemu)
        for process in (self.qemu, self.swtpm):
            if process and process.poll() is None:
                process.kill()
                process.wait()
        if self.serial:
            self.serial.close()
        self.qemu = self.swtpm = self.serial = None

    def remove(self):
        self.cut()
        if self.stranger:
            self.stranger.leave()
        shutil.rmtree(self.folder, ignore_errors=True)

    def wait_for(self, pattern, seconds):
        """Reads the serial line until it says something; gives the match."""
        deadline = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.said)
            if found:
                self.said = self.said[found.end():]
                return found
            if time.monotonic() > deadline or self.qemu.poll() is not None:
                raise Stuck(f"no {pattern!r} in {seconds} s; the machine said last:\n{self._tail()}")
            self.said += self._read()

    def _read(self):
        self.serial.settimeout(1)
        try:
            return self.decoder.decode(self.serial.recv(65536)).replace("\r", "")
        except TimeoutError:
            return ""

    def _tail(self):
        with open(self.serial_log, encoding="utf-8", errors="replace") as log:
            return log.read()[-4000:]

    def wait_for_restart(self, seconds):
        """The firmware begins anew, by the machine's own will."""
        self.wait_for(r"BdsDxe: starting", seconds)

    def log_in(self, seconds=900):
        """Waits for the shell that images built with --debug-shell have."""
        self.wait_for(r"bash-[0-9.]+# ?", seconds)
        self.serial.sendall(b"stty -echo cols 500; PS1=''; dmesg -n 1\n")
        self.must("true")

    def shell(self, line, seconds=240):
        """What a command prints, and its exit code."""
        # in two halves, so that the terminal's echo of the line is not taken for its end
        half = len(END) // 2
        self.serial.sendall(f"{line}\nprintf '\\n%s%s-%s-\\n' {END[:half]} {END[half:]} $?\n".encode())
        deadline = time.monotonic() + seconds
        text = ""
        while not (found := re.search(rf"\n{END}-(\d+)-\n", text)):
            if time.monotonic() > deadline or self.qemu.poll() is not None:
                raise Stuck(f"{line!r} did not end in {seconds} s; the machine said last:\n{self._tail()}")
            text += self._read()
        return SAID_BY_SERVICE.sub("", text[: found.start()]).strip(), int(found.group(1))

    def must(self, line, seconds=240):
        text, code = self.shell(line, seconds)
        if code != 0:
            raise AssertionError(f"{line!r} ended with {code}: {text}")
        return text

    def stick_in_place(self):
        """Waits until the box has mounted what is plugged in, by itself; gives the place."""
        self.must("for i in $(seq 120); do mountpoint -q /media/usb && break; sleep 1; done; mountpoint -q /media/usb", 600)
        return "/media/usb"

    def boot_variables(self):
        """The boot loader's, as they stand on the disk of a machine that is off."""
        return subprocess.run(["mtype", "-i", f"{self.disk}@@1M", "::/grubenv"], check=True, capture_output=True).stdout

    def set_boot_variables(self, content):
        """Writes the file of the boot loader's variables of a machine that is off: bytes, or variables by name; None takes it away."""
        if content is None:
            subprocess.run(["mdel", "-i", f"{self.disk}@@1M", "::/grubenv"], check=True)
            return
        place = os.path.join(self.folder, "grubenv")
        if isinstance(content, bytes):
            with open(place, "wb") as file:
                file.write(content)
        else:
            if os.path.exists(place):
                os.remove(place)
            subprocess.run(["grub-editenv", place, "create"], check=True)
            subprocess.run(["grub-editenv", place, "set", *(f"{name}={value}" for name, value in content.items())], check=True)
        subprocess.run(["mcopy", "-o", "-i", f"{self.disk}@@1M", place, "::/grubenv"], check=True)

    def overwrite(self, partition, mebibytes):
        """Nothing but zeros at the beginning of a partition of a machine that is off."""
        table = json.loads(subprocess.run(["sfdisk", "--json", self.disk], check=True, capture_output=True).stdout)["partitiontable"]
        start = next(entry["start"] for entry in table["partitions"] if entry.get("name") == partition)
        with open(self.disk, "r+b") as disk:
            disk.seek(start * 512)
            disk.write(bytes(mebibytes << 20))

    def health(self):
        """What the reception says of itself, over the network; None while it says nothing."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with urllib.request.urlopen(f"https://127.0.0.1:{self.port}/healthz", context=context, timeout=10) as answer:
                return json.load(answer)
        except (OSError, ValueError):
            return None

    def wait_for_health(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.qemu.poll() is None:
            health = self.health()
            if health:
                return health
            time.sleep(1)
        raise Stuck(f"the reception did not answer in {seconds} s; the machine said last:\n{self._tail()}")
