"""A disk with a cache that a power cut empties: what was flushed is there, of everything else any part may be.

The emulator writes a log of what reached the disk and when it was asked to flush (the format of Linux's dm-log-writes). The machine runs on
a copy; after a cut, what a real disk would have kept is written to the disk itself.
"""

import os
import struct
import subprocess

SECTOR = 512
HEADER = struct.Struct("<QQQQ")
FLUSH, FUA, DISCARD = 1, 2, 4


class ForgetfulDisk:
    def __init__(self, disk, chance):
        self.disk, self.chance = disk, chance
        self.running, self.log = disk + ".running", disk + ".log"

    def plug_in(self):
        """What the emulator is told in place of the disk, fresh for each start."""
        subprocess.run(["cp", "--sparse=always", self.disk, self.running], check=True)
        with open(self.log, "wb"):
            pass
        parts = ["if=none", "id=disk", "driver=blklogwrites", f"file.driver=raw,file.file.driver=file,file.file.filename={self.running}"]
        parts += ["log.driver=file", f"log.filename={self.log}", f"log-sector-size={SECTOR}"]
        return ",".join(parts)

    def unplug(self, process):
        """Stops the emulator, and leaves on the disk what a real one would have kept. Says how much of what was not flushed went."""
        # whatever anybody was told is saved was flushed before this moment; stopping flushes as well, which the plug would not
        until = os.path.getsize(self.log)
        if process.poll() is None:
            process.terminate()
            process.wait(60)
        entries = list(self._entries())
        safe = max((number for number, (at, flags, *_) in enumerate(entries) if flags & FLUSH and at < until), default=-1)
        open_, lost = 0, 0
        with open(self.log, "rb") as log, open(self.disk, "r+b") as disk:
            for number, (at, flags, sector, count) in enumerate(entries):
                if not count:
                    continue
                kept = count
                if number > safe and not flags & FUA:
                    # nothing of it, all of it, or its beginning: sectors are whole
                    kept = self.chance.choice([0, count, self.chance.randint(0, count)])
                    open_, lost = open_ + 1, lost + (kept < count)
                log.seek(at + SECTOR)
                disk.seek(sector * SECTOR)
                disk.write(log.read(kept * SECTOR))
        os.remove(self.running)
        os.remove(self.log)
        return f"{lost} of {open_} writes lost"

    def _entries(self):
        """Place in the log, flags, sector and number of sectors of each entry, in the order they were asked for."""
        size = os.path.getsize(self.log)
        with open(self.log, "rb") as log:
            # the first sector speaks of the log itself
            at = SECTOR
            while at + HEADER.size <= size:
                log.seek(at)
                sector, count, flags, _ = HEADER.unpack(log.read(HEADER.size))
                if not count and not flags:
                    return
                if flags & DISCARD:
                    # what a disk may keep and need not
                    count = 0
                yield at, flags, sector, count
                at += SECTOR + count * SECTOR
