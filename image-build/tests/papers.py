"""The papers of an image: every file has its checksum, the checksums their signature, the list of components names the typeface.

    papers.py FOLDER VERSION
"""

import hashlib
import json
import os
import subprocess
import sys


def main(folder, version):
    stem = f"uketsuke-box-{version}-amd64"
    sums = f"{folder}/{stem}.SHA256SUMS"
    named = {}
    with open(sums, encoding="utf-8") as file:
        for line in file:
            digest, name = line.split()
            named[name] = digest
    made = [name for name in os.listdir(folder) if version in name and "SHA256SUMS" not in name]
    assert sorted(named) == sorted(made), (sorted(named), sorted(made))
    for name, digest in named.items():
        with open(f"{folder}/{name}", "rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == digest, f"{name} is not what its checksum says"
    checked = ["openssl", "cms", "-verify", "-binary", "-inform", "PEM", "-in", f"{sums}.sig", "-content", sums, "-noverify", "-out", "/dev/null"]
    subprocess.run(checked, check=True, capture_output=True)
    with open(f"{folder}/{stem}.sbom.spdx.json", encoding="utf-8") as file:
        components = {entry["name"]: entry for entry in json.load(file)["packages"]}
    for name in ("systemd", "rauc", "pcscd", "automerge", "rusqlite"):
        assert components[name]["versionInfo"], name
    assert components["BIZ UDPGothic Regular"]["licenseConcluded"] == "OFL-1.1"
    with open(f"{folder}/{stem}.build-info.json", encoding="utf-8") as file:
        info = json.load(file)
    with open(f"{folder}/{stem}.payload.sha256", encoding="utf-8") as file:
        assert info["root_file_system_sha256"] == file.read().strip()
    print(f"papers: passed; {len(named)} checksums, {len(components)} components")


if __name__ == "__main__":
    main(*sys.argv[1:])
