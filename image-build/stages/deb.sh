# The .deb for existing PCs: the same service, without anything that belongs to a whole machine (no reboot, no firewall of its own accord).
# shellcheck shell=bash

make_deb() {
    local tree=$WORK/deb name=uketsuke_${VERSION}_$ARCH.deb
    mkdir -p "$tree/DEBIAN"
    install -D -m 0755 "$PROGRAM" "$tree/usr/bin/uketsuke"
    [ -z "$PRINT_PROGRAM" ] || install -D -m 0755 "$PRINT_PROGRAM" "$tree/usr/bin/uketsuke-print"
    install -D -m 0644 -t "$tree/usr/lib/systemd/system" units/uketsuke.service
    install -D -m 0644 overlay/usr/lib/sysusers.d/uketsuke.conf "$tree/usr/lib/sysusers.d/uketsuke.conf"
    install -D -m 0644 overlay/etc/polkit-1/rules.d/50-uketsuke.rules "$tree/usr/share/polkit-1/rules.d/50-uketsuke.rules"
    install -D -m 0644 deb/firewall.nft "$tree/usr/share/uketsuke/firewall.nft"
    install -D -m 0644 ../appliance/uketsuke.toml "$tree/usr/share/doc/uketsuke/examples/uketsuke.toml"
    install -D -m 0644 ../appliance/print/fonts/OFL.txt "$tree/usr/share/doc/uketsuke/OFL.txt"
    install -D -m 0644 deb/copyright "$tree/usr/share/doc/uketsuke/copyright"
    printf 'uketsuke (%s) %s; urgency=medium\n\n  * Version %s.\n\n -- Uketsuke maintainers <maintainers@uketsuke.example>  %s\n' \
        "$VERSION" "$CHANNEL" "$VERSION" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$WORK/changelog.gz"
    install -D -m 0644 "$WORK/changelog.gz" "$tree/usr/share/doc/uketsuke/changelog.gz"
    sed "s/@VERSION@/$VERSION/; s/@ARCH@/$ARCH/; s/@SIZE@/$(du -sk "$tree/usr" | cut -f 1)/" deb/control.in >"$tree/DEBIAN/control"
    install -m 0755 deb/postinst deb/prerm deb/postrm "$tree/DEBIAN/"
    (cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
    find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    # both suites read it, and it is packed in seconds rather than minutes
    dpkg-deb --root-owner-group -Zzstd -z12 --build "$tree" "$OUT/$name" >/dev/null
}
