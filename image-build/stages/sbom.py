"""Components of the image as an SPDX 2.3 document: Debian packages and Rust crates, with versions and where they come from."""

import hashlib
import json
import sys
import time
import tomllib
from urllib.parse import quote

packages_file, cargo_lock, version, arch, epoch = sys.argv[1:6]


def component(name, release, purl, supplier):
    token = hashlib.sha256(purl.encode()).hexdigest()[:16]
    return {
        "SPDXID": f"SPDXRef-{token}",
        "name": name,
        "versionInfo": release,
        "supplier": supplier,
        "downloadLocation": "NOASSERTION",
        "licenseConcluded": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}],
    }


components = []
with open(packages_file, encoding="utf-8") as file:
    for line in file:
        name, release, architecture, *_ = line.split()
        purl = f"pkg:deb/debian/{quote(name)}@{quote(release, safe='')}?arch={architecture}"
        components.append(component(name, release, purl, "Organization: Debian"))
with open(cargo_lock, "rb") as file:
    for crate in tomllib.load(file)["package"]:
        if "source" in crate:
            purl = f"pkg:cargo/{quote(crate['name'])}@{quote(crate['version'], safe='')}"
            entry = component(crate["name"], crate["version"], purl, "NOASSERTION")
            if "checksum" in crate:
                entry["checksums"] = [{"algorithm": "SHA256", "checksumValue": crate["checksum"]}]
            components.append(entry)

# the typeface of the papers is part of their program, and has a licence of its own
with open("../appliance/print/fonts/BIZUDPGothic-Regular.ttf", "rb") as file:
    typeface = component("BIZ UDPGothic Regular", "NOASSERTION", "pkg:github/googlefonts/morisawa-biz-ud-gothic", "Organization: The BIZ UDGothic Project Authors")
    typeface["licenseConcluded"] = "OFL-1.1"
    typeface["copyrightText"] = "2022 The BIZ UDGothic Project Authors"
    typeface["checksums"] = [{"algorithm": "SHA256", "checksumValue": hashlib.sha256(file.read()).hexdigest()}]
    components.append(typeface)

box = component("uketsuke-box", version, f"pkg:generic/uketsuke-box@{version}?arch={arch}", "Organization: Uketsuke maintainers")
named = hashlib.sha256(json.dumps(components, sort_keys=True).encode()).hexdigest()
document = {
    "spdxVersion": "SPDX-2.3",
    "dataLicense": "CC0-1.0",
    "SPDXID": "SPDXRef-DOCUMENT",
    "name": f"uketsuke-box-{version}-{arch}",
    "documentNamespace": f"urn:uketsuke:sbom:{version}:{arch}:{named}",
    "creationInfo": {
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(epoch))),
        "creators": ["Tool: image-build"],
    },
    "packages": [box, *components],
    "relationships": [
        {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": box["SPDXID"]},
        *({"spdxElementId": box["SPDXID"], "relationshipType": "CONTAINS", "relatedSpdxElement": c["SPDXID"]} for c in components),
    ],
}
json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
print()
