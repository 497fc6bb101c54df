"""A stranger on the clinic's network: knocks at every port of a box, over a cable of its own, and notes what answers.

It speaks Ethernet itself, so that nothing of the testing machine's own network or firewall stands between.
"""

import os
import socket
import struct
import threading
import time

ADDRESS, BOX = "192.0.2.1", "192.0.2.2"
HARDWARE = bytes.fromhex("525400c0ffee")
# the box's end of the cable, by which its interface is found
BOX_HARDWARE = "52:54:00:0b:0b:0b"
OWN_PORT = 40000


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Stranger:
    """One end of the cable. `found` maps a protocol to the ports that gave any sign of being there."""

    def __init__(self, folder):
        self.own, self.box = os.path.join(folder, "lan.stranger"), os.path.join(folder, "lan.box")
        self.line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.line.bind(self.own)
        self.line.settimeout(0.5)
        self.box_hardware = bytes.fromhex(BOX_HARDWARE.replace(":", ""))
        self.open, self.refusing, self.unreachable = set(), set(), set()
        self.is_known = threading.Event()
        self.is_over = False
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def cable(self):
        """What the emulator plugs in."""
        ends = f"local.type=unix,local.path={self.box},remote.type=unix,remote.path={self.own}"
        return ["-netdev", f"dgram,id=lan,{ends}", "-device", f"virtio-net-pci,netdev=lan,mac={BOX_HARDWARE},romfile="]

    def knock_everywhere(self, seconds):
        """Every port of TCP, twice, so that what was lost the first time is not lost the second; and every port of UDP."""
        deadline = time.monotonic() + seconds
        while not self.is_known.wait(1):
            self._ask_for_box()
            if time.monotonic() > deadline:
                raise TimeoutError("the box does not answer on the stranger's cable")
        for round_ in (1, 2):
            for port in range(1, 65536):
                if port not in self.open | self.refusing:
                    self._send(6, self._knock(port))
                if round_ == 1:
                    self._send(17, struct.pack("!HHHH", OWN_PORT, port, 9, 0) + b"?")
                if time.monotonic() > deadline:
                    raise TimeoutError(f"only {port} ports were tried")
        # what is still under way
        time.sleep(3)

    def leave(self):
        self.is_over = True
        self.listener.join()
        self.line.close()

    def _listen(self):
        while not self.is_over:
            try:
                frame = self.line.recv(4096)
            except (TimeoutError, ConnectionError):
                continue
            kind = frame[12:14]
            if kind == b"\x08\x06":
                self._hear_arp(frame[14:42])
            elif kind == b"\x08\x00" and frame[26:30] == socket.inet_aton(BOX):
                self._hear(frame[14:])

    def _hear_arp(self, packet):
        operation, sender, target = packet[6:8], packet[14:18], packet[24:28]
        if operation == b"\0\x02" and sender == socket.inet_aton(BOX):
            self.is_known.set()
        if operation == b"\0\x01" and target == socket.inet_aton(ADDRESS):
            self._send_arp(2, packet[8:14], sender)

    def _hear(self, packet):
        protocol, content = packet[9], packet[(packet[0] & 15) * 4:]
        if protocol == 6:
            port, flags = struct.unpack("!H", content[0:2])[0], content[13]
            (self.refusing if flags & 0x04 else self.open).add(port)
        elif protocol == 17:
            self.open.add(f"udp/{struct.unpack('!H', content[0:2])[0]}")
        elif protocol == 1 and content[0] == 3:
            inner = content[8:]
            port = inner[(inner[0] & 15) * 4:]
            self.unreachable.add(struct.unpack("!H", port[2:4])[0])

    def _ask_for_box(self):
        self._send_arp(1, b"\xff" * 6, socket.inet_aton(BOX))

    def _send_arp(self, operation, hardware, address):
        packet = struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + HARDWARE + socket.inet_aton(ADDRESS)
        packet += (b"\0" * 6 if operation == 1 else hardware) + address
        self._put(hardware + HARDWARE + b"\x08\x06" + packet)

    def _knock(self, port):
        header = struct.pack("!HHIIBBHHH", OWN_PORT, port, port, 0, 0x50, 0x02, 1024, 0, 0)
        pseudo = socket.inet_aton(ADDRESS) + socket.inet_aton(BOX) + struct.pack("!BBH", 0, 6, len(header))
        return header[:16] + struct.pack("!H", checksum(pseudo + header)) + header[18:]

    def _send(self, protocol, content):
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(content), 0, 0, 64, protocol, 0)
        header += socket.inet_aton(ADDRESS) + socket.inet_aton(BOX)
        header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
        self._put(self.box_hardware + HARDWARE + b"\x08\x00" + header + content)

    def _put(self, frame):
        try:
            self.line.sendto(frame, self.box)
        except TimeoutError:
            pass  # the box is busy; there is a second round
        except (ConnectionError, FileNotFoundError):
            time.sleep(0.1)  # the box is off
