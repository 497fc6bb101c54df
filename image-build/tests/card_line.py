"""The emulated card of the product, carried into the emulated reader of a virtual machine.

    uketsuke sim-card --(virtual reader's protocol)--> here --(the emulator's card protocol)--> USB reader of the machine
"""

import socket
import struct
import subprocess
import threading

# messages of the emulator's protocol: type, reader, length
INIT, ERROR, READER_ADD, ATR, APDU = 1, 2, 3, 5, 7
MAGIC, VERSION = b"VSCD", 2
POWER_ON, ASK_ATR = b"\x01", b"\x04"


def receive(line, count):
    data = b""
    while len(data) < count:
        more = line.recv(count - len(data))
        if not more:
            raise ConnectionError("the other end is gone")
        data += more
    return data


class CardLine:
    """One card in one reader, from `insert` to `remove`. What is printed on the card stands in `printed`."""

    def __init__(self, program, socket_path):
        self.socket_path = socket_path
        self.desk = socket.create_server(("127.0.0.1", 0))
        self.desk.settimeout(60)
        port = self.desk.getsockname()[1]
        self.program = subprocess.Popen(
            [program, "sim-card", "--port", str(port)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        self.printed = []
        threading.Thread(target=self._note, daemon=True).start()
        self.commands = 0
        self.card = self.reader = None

    def _note(self):
        for line in self.program.stderr:
            self.printed.append(line.rstrip())

    def insert(self):
        self.card, _ = self.desk.accept()
        self.card.settimeout(60)
        self.card.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = socket.socket(socket.AF_UNIX)
        self.reader.connect(self.socket_path)
        self._tell(INIT, MAGIC + struct.pack("!II", VERSION, 0))
        threading.Thread(target=self._carry, daemon=True).start()

    def _carry(self):
        try:
            while True:
                kind, _, length = struct.unpack("!III", receive(self.reader, 12))
                content = receive(self.reader, length)
                if kind == INIT:
                    self._tell(READER_ADD, b"box\0")
                    self._command(POWER_ON)
                    self._tell(ATR, self._ask(ASK_ATR))
                elif kind == APDU:
                    self.commands += 1
                    self._tell(APDU, self._ask(content))
        except OSError:
            pass  # the machine was cut off, or the card was taken out

    def _tell(self, kind, content):
        self.reader.sendall(struct.pack("!III", kind, 0, len(content)) + content)

    def _command(self, content):
        self.card.sendall(struct.pack("!H", len(content)) + content)

    def _ask(self, content):
        self._command(content)
        return receive(self.card, struct.unpack("!H", receive(self.card, 2))[0])

    def remove(self):
        self.program.kill()
        self.program.wait()
        for line in (self.card, self.reader, self.desk):
            if line:
                line.close()
