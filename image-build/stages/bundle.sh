# The update bundle: one slot's file system, signed. Its envelope differs each time (salt, signing time); the payload does not, and its
# hash is published.
# shellcheck shell=bash

make_bundle() {
    [ "$ARCH" = amd64 ] || return 0
    local content=$WORK/bundle name=uketsuke-box-$VERSION-$ARCH.raucb
    mkdir "$content"
    ln "$SLOT" "$content/rootfs.img"
    install -m 0755 bundle/hook "$content/hook"
    # the number of the newest migration: what this version makes of the data, and can open
    local schema
    schema=$(find ../appliance/migrations -name 'V*__*.sql' | sed 's|.*/V\([0-9]*\)__.*|\1|' | sort -n | tail -n 1)
    sed "s/@ARCH@/$ARCH/; s/@VERSION@/$VERSION/; s/@SCHEMA@/$schema/; s/@BUILD@/$(git -C "$HERE" rev-parse HEAD)/" bundle/manifest.raucm.in >"$content/manifest.raucm"
    rm -f "$OUT/$name"
    rauc --cert="$KEYS/signer.pem" --key="$KEYS/signer.key" bundle "$content" "$OUT/$name" >/dev/null
    rauc --keyring="$AUTHORITY" info "$OUT/$name" >/dev/null
    sha256sum "$SLOT" | cut -d ' ' -f 1 >"$OUT/uketsuke-box-$VERSION-$ARCH.payload.sha256"
}
