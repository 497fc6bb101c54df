# A vendor's own things: name, support, hub, time servers, and whose updates its boxes take. No secrets: one image serves all its clinics.
# shellcheck shell=bash

read_vendor() {
    VENDOR_FILES=$WORK/vendor
    mkdir "$VENDOR_FILES"
    [ -z "$VENDOR" ] || python3 stages/vendor.py "$VENDOR" "$VENDOR_FILES" || exit 2
}

lay_vendor_over() {
    [ -z "$VENDOR" ] || cp -r "$VENDOR_FILES"/root/. "$ROOT/"
}

# Keys that say where an update comes from. For dev they are made here and kept in the cache; others are brought, and never copied.
ensure_signing_keys() {
    if [ -z "$KEYS" ]; then
        KEYS=$CACHE/dev-keys
        [ -e "$KEYS/signer.pem" ] || make_dev_keys
    fi
    local name
    for name in signer.pem signer.key authority.pem; do
        [ -r "$KEYS/$name" ] || refuse "build: $KEYS/$name is missing or cannot be read."
    done
    openssl verify -purpose any -CAfile "$KEYS/authority.pem" "$KEYS/signer.pem" >/dev/null ||
        refuse "build: $KEYS/signer.pem was not issued by $KEYS/authority.pem."
    AUTHORITY=$WORK/authority.pem
    cat "$KEYS/authority.pem" >"$AUTHORITY"
    # boxes of a vendor take the vendor's updates as well
    [ ! -e "$VENDOR_FILES/authority.pem" ] || cat "$VENDOR_FILES/authority.pem" >>"$AUTHORITY"
}

make_dev_keys() {
    local folder=$KEYS.part
    rm -rf "$folder"
    mkdir -p "$folder"
    (
        cd "$folder" || exit 1
        umask 077
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7300 -subj '/CN=Uketsuke DEV authority, not for clinics' \
            -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -keyout authority.key -out authority.pem
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=Uketsuke DEV signer' -keyout signer.key -out signer.csr
        printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,codeSigning\n' >signer.ext
        openssl x509 -req -in signer.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 7300 -extfile signer.ext -out signer.pem
    ) >/dev/null 2>&1
    mv "$folder" "$KEYS"
    echo '    made development keys; images signed with them are not for clinics' >&2
}

# The program, and the one that prints when it stands beside it.
find_programs() {
    if [ -z "$PROGRAM" ]; then
        local triple=x86_64-unknown-linux-gnu target=$CACHE/target
        [ "$ARCH" = amd64 ] || triple=aarch64-unknown-linux-gnu
        (cd .. && RUSTFLAGS="--remap-path-prefix=$PWD=/uketsuke --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo" \
            cargo build --release --locked --package uketsuke --bin uketsuke --package uketsuke-print --bin uketsuke-print --target "$triple" --target-dir "$target") >&2
        PROGRAM=$target/$triple/release/uketsuke
    fi
    [ -x "$PROGRAM" ] || refuse "build: $PROGRAM is not a program."
    PRINT_PROGRAM=$(dirname "$PROGRAM")/uketsuke-print
    [ -x "$PRINT_PROGRAM" ] || PRINT_PROGRAM=''
}
