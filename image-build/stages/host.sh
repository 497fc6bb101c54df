# The machine that builds: what it must have, and where it gets packages from.
# shellcheck shell=bash

# command, Debian package
TOOLS='mmdebstrap mmdebstrap
mksquashfs squashfs-tools
mformat mtools
mkfs.vfat dosfstools
sfdisk fdisk
rauc rauc
openssl openssl
python3 python3
zstd zstd
dpkg-deb dpkg
git git'

# shellcheck disable=SC2034  # doctor reads it
# For the tests in machines of their own; building works without.
TEST_TOOLS='qemu-system-x86_64 qemu-system-x86
swtpm swtpm
shellcheck shellcheck
lintian lintian'

missing_packages() {
    local command package
    while read -r command package; do
        command -v "$command" >/dev/null 2>&1 || printf '%s\n' "$package"
    done <<<"$1"
    [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || echo debian-archive-keyring
}

refuse_without_tools() {
    local missing
    missing=$(missing_packages "$TOOLS" | sort -u | tr '\n' ' ')
    [ -z "$missing" ] || refuse "build: this machine lacks: $missing" "Install them with:" "  apt-get install --yes --no-install-recommends $missing"
    python3 -c 'import tomllib' 2>/dev/null || refuse 'build: python3 is older than 3.11, which cannot read TOML.'
    [ "$ARCH" = amd64 ] || arch-test "$ARCH" >/dev/null 2>&1 ||
        refuse "build: this machine cannot run $ARCH programs, which unpacking its packages needs." \
            '  apt-get install --yes --no-install-recommends qemu-user-static binfmt-support arch-test'
}

# Lines for apt: the archive, its updates and its security fixes, from where this machine gets its own.
sources() {
    local main security
    main=${MIRROR:-$(mirror_of Debian)}
    security=${MIRROR:+${MIRROR%/}-security}
    security=${security:-$(mirror_of Debian-Security)}
    [ -n "$main" ] || refuse 'build: this machine has no Debian archive in its apt configuration. Name one with --mirror URL.'
    printf 'deb %s %s main non-free-firmware\n' "$main" "$SUITE"
    printf 'deb %s %s-updates main non-free-firmware\n' "$main" "$SUITE"
    [ -z "$security" ] || printf 'deb %s %s-security main non-free-firmware\n' "$security" "$SUITE"
}

mirror_of() {
    # shellcheck disable=SC2016  # the words are apt's, not the shell's
    apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk -v label="$1" '$1 == label && !found { print $2; found = 1 }'
}
