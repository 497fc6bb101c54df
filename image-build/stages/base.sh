# The base: Debian's packages as one archive, kept between builds as long as what it was made of stays the same.
# shellcheck shell=bash

make_base() {
    wanted_packages
    # said before anything is fetched
    [ -e "$LOCK" ] || [ "$CHANNEL" = dev ] || refuse "build: $LOCK is missing. Make it with --update-lock and commit it."
    keep_as "$(age)"
    if [ -e "$BASE" ]; then
        echo "    taken from the cache: nothing it is made of has changed" >&2
    else
        SOURCE_DATE_EPOCH=$(age) bootstrap "$BASE.part"
        mv "$BASE.part" "$BASE"
    fi
    tar -xOf "$BASE" ./usr/share/packages.txt >"$WORK/packages.txt"
    compare_with_lock
}

wanted_packages() {
    LOCK=lock/$SUITE-$ARCH.lock
    PACKAGES=$(read_lists base "hardware-$ARCH")
    [ "$DEBUG_SHELL" = no ] || PACKAGES="$PACKAGES $(read_lists debug)"
}

# The base is as old as the list of its versions, or as what it is made of where there is none, so that it is not made anew for every commit.
age() {
    local epoch
    epoch=$(sed -n 's/^# of //p' "$LOCK" 2>/dev/null || true)
    epoch=${epoch:-$(git -C "$HERE" log -1 --format=%ct -- packages stages/bootstrap.sh)}
    echo "${epoch:-$SOURCE_DATE_EPOCH}"
}

# Names the base by everything it is made of.
keep_as() { # age
    local made_of
    made_of=$(printf '%s\n' "$SUITE" "$ARCH" "$1" "$PACKAGES" "$(read_lists "boot-$ARCH")" "$(sources)" \
        "$(cat stages/bootstrap.sh "$LOCK" 2>/dev/null)" | sha256sum | cut -c 1-24)
    BASE=$CACHE/base-$SUITE-$ARCH-$made_of.tar
}

read_lists() {
    local list
    for list in "$@"; do
        [ ! -e "packages/$list.list" ] || sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "packages/$list.list"
    done | xargs
}

# The archive of today, whatever was kept before, and a list of the versions that came of it.
write_lock() {
    wanted_packages
    mkdir -p lock
    SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH bootstrap "$CACHE/base-today.part"
    tar -xOf "$CACHE/base-today.part" ./usr/share/packages.txt >"$WORK/packages.txt"
    { printf '# of %s\n' "$SOURCE_DATE_EPOCH" && cut -d ' ' -f 1-3 "$WORK/packages.txt"; } >"$WORK/lock"
    local difference
    difference=$(diff <(sed '/^#/d' "$LOCK" 2>/dev/null) <(sed '/^#/d' "$WORK/lock") | grep '^[<>]' || true)
    printf '%s\n' "${difference:-    no version has changed}" >&2
    cp "$WORK/lock" "$LOCK"
    # the next build with this list takes the base it was written from
    keep_as "$SOURCE_DATE_EPOCH"
    mv "$CACHE/base-today.part" "$BASE"
    echo "    wrote $LOCK: look at the difference and commit it" >&2
}

# Versions are written down, so that a rebuild says what moved. A released build does not go on over a difference nobody looked at.
compare_with_lock() {
    [ -e "$LOCK" ] || return 0
    local difference
    difference=$(diff <(sed '/^#/d' "$LOCK") <(cut -d ' ' -f 1-3 "$WORK/packages.txt") | grep '^[<>]' || true)
    # what only the shell for tests brings along is not written down
    [ "$DEBUG_SHELL" = no ] || difference=$(not_for_tests <<<"$difference")
    [ -n "$difference" ] || return 0
    printf '%s\n' "    packages differ from $LOCK (< written down, > the archive today):" "$difference" >&2
    [ "$CHANNEL" = dev ] ||
        refuse 'build: a released image is made of the versions written down. Look at the difference, then --update-lock and commit.'
}

# Lines about packages that are written down, in this version or another.
not_for_tests() {
    awk 'NR == FNR { written[$1] = 1; next } $1 == "<" || $2 in written' "$LOCK" -
}
