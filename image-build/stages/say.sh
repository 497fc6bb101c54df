# What the person at the terminal reads.
# shellcheck shell=bash

# A refusal: what is wrong, and what to do. Ends with status 2.
refuse() {
    printf '%s\n' "$@" >&2
    exit 2
}

# Runs a long step and says when it began and how long it took.
step() {
    local name=$1 started=$SECONDS
    shift
    printf '==> %s\n' "$name" >&2
    "$@"
    printf '<== %s: %d s\n' "$name" $((SECONDS - started)) >&2
}

say_what_was_made() {
    printf '\nMade in %d s, in %s:\n' "$SECONDS" "$OUT" >&2
    (cd "$OUT" && du --apparent-size --block-size=1K -- * | awk '{ printf "  %9s KiB  %s\n", $1, $2 }') >&2
}
