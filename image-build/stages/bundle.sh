# The update bundle: one slot's file system, signed. Its envelope differs each time (salt, signing time); the payload does not, and its
# hash is published.
# shellcheck shell=bash

make_bundle() {
    [ "$ARCH" = amd64 ] || return 0
    local content=$WORK/bundle name=uketsuke-box-$VERSION-$ARCH.raucb
    mkdir "$content"
    ln "$SLOT" "$content/rootfs.img"
    # the number of the newest migration: what this version makes of the data, and can open
    local schema
    schema=$(find ../appliance/migrations -name 'V*__*.sql' | sed 's|.*/V\([0-9]*\)__.*|\1|' | sort -n | tail -n 1)
    sed "s/@SCHEMA@/$schema/" bundle/hook >"$content/hook"
    chmod 0755 "$content/hook"
    sed "s/@ARCH@/$ARCH/; s/@VERSION@/$VERSION/; s/@SCHEMA@/$schema/; s/@BUILD@/$(git -C "$HERE" rev-parse HEAD)/" bundle/manifest.raucm.in >"$content/manifest.raucm"
    rm -f "$OUT/$name"
    rauc --cert="$KEYS/signer.pem" --key="$KEYS/signer.key" bundle "$content" "$OUT/$name" >/dev/null 2>"$WORK/rauc.log" ||
        refuse 'build: the bundle could not be made:' "$(cat "$WORK/rauc.log")"
    # as a box will look at it
    printf '[system]\ncompatible=uketsuke-box-%s\nbootloader=noop\n[keyring]\npath=%s\ncheck-purpose=codesign\n' "$ARCH" "$AUTHORITY" >"$WORK/rauc.conf"
    rauc --conf="$WORK/rauc.conf" info "$OUT/$name" >/dev/null 2>"$WORK/rauc.log" || refuse "build: the bundle does not verify:" "$(cat "$WORK/rauc.log")"
    sha256sum "$SLOT" | cut -d ' ' -f 1 >"$OUT/uketsuke-box-$VERSION-$ARCH.payload.sha256"
}
