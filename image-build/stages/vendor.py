"""Reads a vendor's file, and writes what of it belongs into the image. Nothing is written unless all of it is right."""

import ipaddress
import os
import re
import sys
import tomllib

HOST = re.compile(r"^(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$")


def line_of(text, section, key):
    """Line on which a key of a section stands, or the section, or the first."""
    inside, found = not section, 1
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[([^]]+)\]", line)
        if header:
            inside = header.group(1).strip() == section
            found = number if inside else found
        elif inside and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return number
    return found


def text_of(most):
    def check(value, _):
        if not isinstance(value, str) or not 1 <= len(value) <= most or any(ord(c) < 32 for c in value):
            raise ValueError(f"a text of 1 to {most} characters on one line")
        return value
    return check


def host(value, _):
    if isinstance(value, str):
        name = value.rsplit(":", 1) if value.count(":") == 1 else [value]
        port_is_fine = len(name) == 1 or (name[1].isdigit() and 0 < int(name[1]) < 65536)
        if port_is_fine and HOST.match(name[0]):
            return value
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            pass
    raise ValueError('a host name or address, with a port after a colon where one is wanted, such as "hub.example.jp:8944"')


def hosts(value, folder):
    if not isinstance(value, list) or not 1 <= len(value) <= 8:
        raise ValueError('a list of 1 to 8 host names, such as ["ntp.nict.jp"]')
    return [host(one, folder) for one in value]


def fingerprint(value, _):
    if isinstance(value, str) and re.fullmatch(r"[0-9a-fA-F]{64}", value):
        return value.lower()
    raise ValueError("the SHA-256 of the hub's certificate: 64 hexadecimal digits")


def pem(value, folder):
    path = os.path.join(folder, value) if isinstance(value, str) else ""
    try:
        with open(path, encoding="ascii") as file:
            content = file.read()
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"a certificate file beside this one; {value!r} cannot be read") from None
    if "-----BEGIN CERTIFICATE-----" not in content or "PRIVATE KEY" in content:
        raise ValueError("a file of certificates in PEM form, without any private key")
    return content


KEYS = {
    ("vendor", "name"): text_of(80),
    ("vendor", "support"): text_of(200),
    ("vendor", "escrow_certificate"): pem,
    ("hub", "address"): host,
    ("hub", "fingerprint"): fingerprint,
    ("time", "servers"): hosts,
    ("updates", "authority"): pem,
}
NEEDED = [("vendor", "name"), ("vendor", "support")]


def read(path):
    try:
        with open(path, "rb") as file:
            raw = file.read()
        text = raw.decode("utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise SystemExit(f"build: {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SystemExit(f"build: {path} is not UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SystemExit(f"build: {path}: not TOML: {error}.") from None
    problems, values = [], {}
    folder = os.path.dirname(os.path.abspath(path))
    sections = sorted({section for section, _ in KEYS})
    for section, content in document.items():
        if section not in sections or not isinstance(content, dict):
            problems.append((line_of(text, section, section), section, f"not known; allowed are {', '.join(f'[{s}]' for s in sections)}"))
            continue
        for key, value in content.items():
            check = KEYS.get((section, key))
            if check is None:
                allowed = ", ".join(k for s, k in KEYS if s == section)
                problems.append((line_of(text, section, key), f"{section}.{key}", f"not known; allowed in [{section}] are {allowed}"))
                continue
            try:
                values[section, key] = check(value, folder)
            except ValueError as error:
                problems.append((line_of(text, section, key), f"{section}.{key}", f"has to be {error}"))
    for section, key in NEEDED:
        if key not in document.get(section, {}):
            problems.append((line_of(text, section, key), f"{section}.{key}", "is missing"))
    if ("hub", "address") in values and ("hub", "fingerprint") not in values:
        problems.append((line_of(text, "hub", "address"), "hub.fingerprint", "is missing: without it a box cannot know its hub"))
    if problems:
        lines = [f"build: {path}:{line}: {key}: {why}." for line, key, why in sorted(problems)]
        raise SystemExit("\n".join([*lines, "Nothing was made."]))
    return values


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write(values, folder):
    share = os.path.join(folder, "root/usr/share/uketsuke")
    os.makedirs(share)
    lines = ["# Whose box this is. Made from the vendor's file when the image was built."]
    for section in ("vendor", "hub", "time"):
        keys = [(key, values[section, key]) for s, key in KEYS if s == section and (section, key) in values and KEYS[s, key] is not pem]
        if keys:
            lines.append(f"\n[{section}]")
        for key, value in keys:
            lines.append(f"{key} = " + (quoted(value) if isinstance(value, str) else "[" + ", ".join(map(quoted, value)) + "]"))
    with open(os.path.join(share, "vendor.toml"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    if ("time", "servers") in values:
        drop_in = os.path.join(folder, "root/etc/systemd/timesyncd.conf.d")
        os.makedirs(drop_in)
        with open(os.path.join(drop_in, "vendor.conf"), "w", encoding="utf-8") as file:
            file.write("[Time]\nNTP=" + " ".join(values["time", "servers"]) + "\n")
    for key, name in ((("vendor", "escrow_certificate"), "root/usr/share/uketsuke/escrow.pem"), (("updates", "authority"), "authority.pem")):
        if key in values:
            with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                file.write(values[key])


if __name__ == "__main__":
    write(read(sys.argv[1]), sys.argv[2])
