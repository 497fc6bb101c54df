# Debian's packages, unpacked and configured as one archive. The base is made anew when this file changes.
# shellcheck shell=bash disable=SC2016  # the hooks are expanded by mmdebstrap

bootstrap() {
    local boot format='${Package} ${Version} ${Architecture} ${source:Package} ${source:Version}\n'
    boot=$(read_lists "boot-$ARCH")
    # without a terminal, apt shows no progress of its own; what it does is told line by line
    sources | mmdebstrap --quiet --format=tar --variant=apt --architectures="$ARCH" \
        --include="$(tr ' ' , <<<"$PACKAGES")" \
        --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/info/*' \
        --customize-hook="chroot \"\$1\" dpkg-query --show --showformat '$format' > \"\$1/usr/share/packages.txt\"" \
        --customize-hook="take_apart() { for deb in \"\$1\"/usr/lib/boot-programs/*.deb; do dpkg-deb --show --showformat '$format' \"\$deb\" >> \"\$1/usr/share/packages.txt\" && dpkg-deb -x \"\$deb\" \"\$1/usr/lib/boot-programs\" && rm \"\$deb\"; done; }; mkdir -p \"\$1/usr/lib/boot-programs\"; [ -z '$boot' ] || { (cd \"\$1/usr/lib/boot-programs\" && APT_CONFIG=\$MMDEBSTRAP_APT_CONFIG apt-get -qq -o APT::Sandbox::User=root download $boot) && take_apart \"\$1\"; }" \
        --customize-hook='rm -f "$1"/etc/hostname "$1"/etc/resolv.conf "$1"/var/cache/ldconfig/aux-cache' \
        "$SUITE" "$1" -
}
