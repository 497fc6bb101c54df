"""An update of the program alone changes little of a slot: by the hashes of blocks of 4 KiB, wherever they lie, less than 2 in 100 of
everything outside the programs themselves may be new.

    small_updates.py OLDER.raucb NEWER.raucb [PROGRAM…]      PROGRAM: each one that NEWER holds and OLDER does not
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zlib

BLOCK = 4096
# how the slots are packed: see the root file system's stage
PACKED_AT_ONCE, LEVEL = 131072, 6
MOST = 0.02


def blocks(bundle):
    """The hash of each block of the slot a bundle carries."""
    with tempfile.TemporaryDirectory(prefix="slot.") as folder:
        taken = subprocess.run(["unsquashfs", "-no-progress", "-quiet", "-dest", f"{folder}/content", bundle, "rootfs.img"], capture_output=True, text=True)
        assert taken.returncode == 0, f"{bundle}: the slot could not be taken out: {taken.stderr}"
        with open(f"{folder}/content/rootfs.img", "rb") as slot:
            return [hashlib.blake2b(block, digest_size=16).digest() for block in iter(lambda: slot.read(BLOCK), b"")]


def packed_size(program):
    """What a program takes in a slot."""
    total = 0
    with open(program, "rb") as file:
        for part in iter(lambda: file.read(PACKED_AT_ONCE), b""):
            total += min(len(part), len(zlib.compress(part, LEVEL)))
    return total


def main(older, newer, *programs):
    has, gets = set(blocks(older)), blocks(newer)
    new = sum(block not in has for block in gets)
    own = sum(-(-packed_size(program) // BLOCK) for program in programs)
    # a program shares no blocks with the one before it as a rule; where it does, the rest is not made to look smaller than it is
    rest = max(new - own, 0) / len(gets)
    print(f"    of {len(gets) * BLOCK >> 20} MiB new: {new * BLOCK / (1 << 20):.1f} MiB ({new / len(gets):.1%}); the programs {', '.join(os.path.basename(p) for p in programs) or '(none)'}:"
          f" {own * BLOCK / (1 << 20):.1f} MiB; everything else {rest:.2%}", flush=True)
    assert gets, f"{newer}: the slot is empty"
    assert rest < MOST, f"{rest:.1%} outside the programs is new: something that changes no longer lies at the end of the file (boot/last-in-file.txt)"
    print("small updates: passed", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
