# The root file system: the base, our own files over it, what is not needed taken away; packed so that the same input gives the same
# bytes, and so that a change of ours touches only the end of the file.
# shellcheck shell=bash

make_root() {
    ROOT=$WORK/root
    mkdir "$ROOT"
    tar -C "$ROOT" -xpf "$BASE"
    mv "$ROOT/usr/lib/boot-programs" "$WORK/boot-programs"
    lay_over
    make_initramfs
    check_inside
    prune
    clamp_times
    SLOT=$WORK/rootfs.squashfs
    # what is not in this build is left out of the order
    while read -r place weight; do
        [ ! -e "$ROOT/$place" ] || printf '%s %s\n' "$place" "$weight"
    done <boot/last-in-file.txt >"$WORK/last-in-file.txt"
    # gzip, because the boot loader reads the kernel out of it; level 6 takes a third of the time of 9 for one part in a hundred more
    mksquashfs "$ROOT" "$SLOT" -comp gzip -Xcompression-level 6 -b 131072 -noappend -no-progress -quiet -no-exports -sort "$WORK/last-in-file.txt" >&2
    [ -s "$SLOT" ] || refuse 'build: mksquashfs made nothing.'
    local size
    size=$(stat -c %s "$SLOT")
    [ "$size" -le $((SLOT_MIB * 1024 * 1024)) ] || refuse "build: the root file system ($size bytes) is larger than a slot ($SLOT_MIB MiB)."
}

# Our files belong to root and are readable; programs can be run. Nothing else is taken from the checkout's modes.
lay_over() {
    local file
    (cd overlay && find . -type f ! -name '*.in') | while read -r file; do
        local mode=0644
        [ ! -x "overlay/$file" ] || mode=0755
        install -D -m "$mode" "overlay/$file" "$ROOT/$file"
    done
    mkdir -p "$ROOT/etc/rauc"
    sed "s/@ARCH@/$ARCH/; s/@MINIMUM@/${MINIMUM_VERSION:-0.0.0}/" overlay/etc/rauc/system.conf.in >"$ROOT/etc/rauc/system.conf"
    install -m 0644 "$AUTHORITY" "$ROOT/etc/rauc/authority.pem"
    install -m 0755 "$PROGRAM" "$ROOT/usr/bin/uketsuke"
    [ -z "$PRINT_PROGRAM" ] || install -m 0755 "$PRINT_PROGRAM" "$ROOT/usr/bin/uketsuke-print"
    install -D -m 0644 ../appliance/print/fonts/OFL.txt "$ROOT/usr/share/doc/uketsuke/OFL.txt"
    install -D -m 0644 deb/copyright "$ROOT/usr/share/doc/uketsuke/copyright"
    install -D -m 0644 -t "$ROOT/usr/lib/systemd/system" units/*.service
    mkdir -p "$ROOT/usr/share/uketsuke"
    # the box shows what it is made of, without any line
    python3 stages/sbom.py "$WORK/packages.txt" ../Cargo.lock "$VERSION" "$ARCH" "$SOURCE_DATE_EPOCH" >"$ROOT/usr/share/uketsuke/sbom.spdx.json"
    lay_vendor_over
    printf '%s\n' uketsuke >"$ROOT/etc/hostname"
    printf '127.0.0.1 localhost\n127.0.1.1 uketsuke\n::1 localhost\n' >"$ROOT/etc/hosts"
    : >"$ROOT/etc/machine-id"
    rm -f "$ROOT/var/lib/dbus/machine-id"
    ln -sf ../run/systemd/resolve/stub-resolv.conf "$ROOT/etc/resolv.conf"
    ln -sf ../usr/share/zoneinfo/Asia/Tokyo "$ROOT/etc/localtime"
    mkdir -p "$ROOT/efi" "$ROOT/media/usb"
    write_release
    # the clock never starts before the day this was made
    touch "$ROOT/usr/lib/clock-epoch"
    inside systemd-sysusers
    systemctl --root="$ROOT" --quiet enable uketsuke.service uketsuke-data.service uketsuke-furnish.service uketsuke-slot.service \
        uketsuke-provision.service uketsuke-first-start.service uketsuke-health.service var.mount efi.mount nftables.service pcscd.socket \
        systemd-networkd.service systemd-resolved.service systemd-timesyncd.service
    systemctl --root="$ROOT" --quiet disable systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer 2>/dev/null || true
    systemctl --root="$ROOT" --quiet mask systemd-firstboot.service systemd-repart.service systemd-machine-id-commit.service ldconfig.service
    systemctl --root="$ROOT" --quiet set-default multi-user.target
    inside passwd --quiet --lock root
    if [ "$DEBUG_SHELL" = yes ]; then
        systemctl --root="$ROOT" --quiet mask getty@tty1.service serial-getty@ttyS0.service
        install -m 0644 boot/debug-shell.service "$ROOT/usr/lib/systemd/system/uketsuke-debug-shell.service"
        systemctl --root="$ROOT" --quiet enable uketsuke-debug-shell.service
    else
        systemctl --root="$ROOT" --quiet mask getty@tty1.service serial-getty@ttyS0.service
    fi
}

write_release() {
    cat >"$ROOT/usr/lib/os-release" <<TEXT
PRETTY_NAME="Uketsuke box $VERSION"
NAME="Uketsuke box"
ID=uketsuke-box
ID_LIKE=debian
VERSION_ID="$VERSION"
VERSION="$VERSION ($CHANNEL)"
VARIANT_ID=$CHANNEL
IMAGE_ID=uketsuke-box-$ARCH
IMAGE_VERSION=$VERSION
TEXT
}

# Only the drivers of the list: a quarter of the usual size, and quicker to start.
make_initramfs() {
    sed -e 's/#.*//' -e '/^[[:space:]]*$/d' boot/initramfs-modules >"$ROOT/etc/initramfs-tools/modules"
    sed -i -e 's/^MODULES=.*/MODULES=list/' -e 's/^COMPRESS=.*/COMPRESS=gzip/' "$ROOT/etc/initramfs-tools/initramfs.conf"
    # for every processor, not for the one of the machine that builds
    printf 'IUCODE_TOOL_INITRAMFS=early\nIUCODE_TOOL_SCANCPUS=no\n' >"$ROOT/etc/default/intel-microcode"
    printf 'AMD64UCODE_INITRAMFS=early\n' >"$ROOT/etc/default/amd64-microcode"
    # as old as the base, or every commit would make megabytes at the beginning of the file new to every box
    SOURCE_DATE_EPOCH=$(stat -c %Y "$ROOT/usr/share/packages.txt") inside update-initramfs -u -k all >/dev/null
    local kernel
    kernel=$(basename "$(find "$ROOT/boot" -maxdepth 1 -name 'vmlinuz-*' | sort | tail -n 1)")
    mv "$ROOT/boot/$kernel" "$ROOT/boot/vmlinuz"
    mv "$ROOT/boot/initrd.img-${kernel#vmlinuz-}" "$ROOT/boot/initrd.img"
    find "$ROOT/boot" -maxdepth 1 -type f ! -name vmlinuz ! -name initrd.img -delete
    rm -f "$ROOT"/vmlinuz* "$ROOT"/initrd.img*
}

# What can be checked where it will run is checked there, now and not at 8:55.
check_inside() {
    inside nft --check --file /etc/nftables.conf || refuse 'build: the firewall does not load inside the image.'
    inside udevadm verify --no-summary /usr/lib/udev/rules.d/80-uketsuke-stick.rules >&2 || refuse 'build: the rule for sticks is not sound inside the image.'
    inside /usr/bin/uketsuke --version >/dev/null || refuse "build: $PROGRAM does not start inside the image."
    if grep -q openssh-server "$ROOT/usr/share/packages.txt"; then refuse 'build: a remote shell came into the image.'; fi
}

prune() {
    rm -rf "$ROOT"/usr/share/{man,info,lintian,bash-completion,zsh,bug,menu,doc-base} "$ROOT"/usr/share/locale/* \
        "$ROOT"/var/cache/* "$ROOT"/var/log/* "$ROOT"/var/lib/apt "$ROOT"/var/lib/dpkg "$ROOT"/var/lib/systemd/deb-systemd-* \
        "$ROOT"/etc/apt "$ROOT"/usr/lib/modules/*/build "$ROOT"/etc/*- "$ROOT"/etc/.pwd.lock "$ROOT"/tmp/* "$ROOT"/var/tmp/*
    prune_drivers
    # what the system expects below /var is laid out on the data partition at the first start
    mkdir -p "$ROOT/usr/share/factory"
    mv "$ROOT/var" "$ROOT/usr/share/factory/var"
    mkdir "$ROOT/var"
}

# Drivers no reception has. Network, USB, serial and storage stay.
prune_drivers() {
    local modules
    for modules in "$ROOT"/usr/lib/modules/*/kernel; do
        (cd "$modules" && rm -rf sound drivers/{media,gpu/drm/{amd,nouveau,radeon,vmwgfx,qxl,gma500,ast,mgag200},infiniband,isdn,iio,staging,bluetooth,net/wireless,net/ethernet/{mellanox,chelsio,qlogic,cavium,netronome,sfc,sun},scsi/{lpfc,qla2xxx,bfa,megaraid,mpt3sas,aacraid,qedf,qedi,bnx2fc,be2iscsi,aic7xxx},nfc,comedi,firewire,leds,parport} \
            fs/{btrfs,xfs,ocfs2,gfs2,jfs,reiserfs,nilfs2,f2fs,ceph,afs,bcachefs,udf,ubifs,ntfs3,orangefs} net/{bluetooth,mac80211,wireless,can,batman-adv,sctp,rds,tipc,9p,ceph,nfc,openvswitch,atm,ax25,appletalk,dccp,decnet})
        inside depmod "$(basename "$(dirname "$modules")")"
    done
}

clamp_times() {
    find "$ROOT" -newermt "@$SOURCE_DATE_EPOCH" -print0 | xargs -0 --no-run-if-empty touch --no-dereference --date="@$SOURCE_DATE_EPOCH"
}

inside() {
    chroot "$ROOT" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" "$@"
}
