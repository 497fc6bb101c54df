# The base: Debian's packages as one archive, kept between builds as long as what it was made of stays the same.
# shellcheck shell=bash disable=SC2016  # the hooks are expanded by mmdebstrap

make_base() {
    PACKAGES=$(read_lists base "hardware-$ARCH")
    [ "$DEBUG_SHELL" = no ] || PACKAGES="$PACKAGES $(read_lists debug)"
    local made_of
    made_of=$(printf '%s\n' "$SUITE" "$ARCH" "$SOURCE_DATE_EPOCH" "$PACKAGES" "$(read_lists "boot-$ARCH")" "$(sources)" \
        "$(cat stages/base.sh "lock/$SUITE-$ARCH.lock" 2>/dev/null)" | sha256sum | cut -c 1-24)
    BASE=$CACHE/base-$SUITE-$ARCH-$made_of.tar
    if [ -e "$BASE" ]; then
        echo "    taken from the cache: nothing it is made of has changed" >&2
    else
        bootstrap "$BASE.part"
        mv "$BASE.part" "$BASE"
    fi
    compare_with_lock
}

read_lists() {
    local list
    for list in "$@"; do
        [ ! -e "packages/$list.list" ] || sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "packages/$list.list"
    done | xargs
}

bootstrap() {
    local boot
    boot=$(read_lists "boot-$ARCH")
    # without a terminal, apt shows no progress of its own; what it does is told line by line
    sources | mmdebstrap --quiet --format=tar --variant=apt --architectures="$ARCH" \
        --include="$(tr ' ' , <<<"$PACKAGES")" \
        --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/info/*' \
        --customize-hook="take_apart() { for deb in \"\$1\"/usr/lib/boot-programs/*.deb; do dpkg-deb -x \"\$deb\" \"\$1/usr/lib/boot-programs\" && rm \"\$deb\"; done; }; mkdir -p \"\$1/usr/lib/boot-programs\"; [ -z '$boot' ] || { (cd \"\$1/usr/lib/boot-programs\" && APT_CONFIG=\$MMDEBSTRAP_APT_CONFIG apt-get -qq -o APT::Sandbox::User=root download $boot) && take_apart \"\$1\"; }" \
        --customize-hook='chroot "$1" dpkg-query --show --showformat "\${Package} \${Version} \${Architecture} \${source:Package} \${source:Version}\n" > "$1/usr/share/packages.txt"' \
        --customize-hook='rm -f "$1"/etc/hostname "$1"/etc/resolv.conf "$1"/var/cache/ldconfig/aux-cache' \
        "$SUITE" "$1" -
}

# Versions are written down, so that a rebuild says what moved. A released build does not go on over a difference nobody looked at.
compare_with_lock() {
    local lock=lock/$SUITE-$ARCH.lock now=$WORK/packages.txt
    tar -xOf "$BASE" ./usr/share/packages.txt >"$now"
    mkdir -p lock
    if [ "$UPDATE_LOCK" = yes ]; then
        cut -d ' ' -f 1-3 "$now" >"$lock"
        echo "    wrote $lock: look at the difference and commit it" >&2
        return
    fi
    if [ ! -e "$lock" ]; then
        [ "$CHANNEL" = dev ] || refuse "build: $lock is missing. Make it with --update-lock and commit it."
        return
    fi
    local difference
    difference=$(diff "$lock" <(cut -d ' ' -f 1-3 "$now") | grep '^[<>]' || true)
    [ -n "$difference" ] || return 0
    printf '%s\n' "    packages differ from $lock (< written down, > the archive today):" "$difference" >&2
    [ "$CHANNEL" = dev ] ||
        refuse 'build: a released image is made of the versions written down. Look at the difference, then --update-lock and commit.'
}
