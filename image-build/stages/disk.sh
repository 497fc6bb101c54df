# The disk image: a partition table with fixed names and numbers, both slots filled; the data partition is made at the first start.
# shellcheck shell=bash

make_disk() {
    [ "$ARCH" = amd64 ] || return 0
    IMAGE=$WORK/disk.img
    local name=uketsuke-box-$VERSION-$ARCH.img
    truncate -s $(((ESP_MIB + 2 * SLOT_MIB + 2) * 1024 * 1024)) "$IMAGE"
    sfdisk --quiet --no-tell-kernel "$IMAGE" <<TABLE
label: gpt
label-id: 5E5A0B0C-1E0D-4F6E-9A55-0C5A7B1D0001
unit: sectors
first-lba: 2048
start=2048, size=$((ESP_MIB * 2048)), type=uefi, name=uketsuke-esp, uuid=5E5A0B0C-1E0D-4F6E-9A55-0C5A7B1D0011
size=$((SLOT_MIB * 2048)), type=linux, name=uketsuke-a, uuid=5E5A0B0C-1E0D-4F6E-9A55-0C5A7B1D0012
size=$((SLOT_MIB * 2048)), type=linux, name=uketsuke-b, uuid=5E5A0B0C-1E0D-4F6E-9A55-0C5A7B1D0013
TABLE
    put "$ESP" 2048
    put "$SLOT" $((2048 + ESP_MIB * 2048))
    put "$SLOT" $((2048 + (ESP_MIB + SLOT_MIB) * 2048))
    # several times as quick as sha256sum on machines without instructions for it
    openssl dgst -sha256 -r "$IMAGE" | cut -d ' ' -f 1 >"$WORK/image.sha256"
    # the slots are packed already: what is left to pack is the emptiness around them
    zstd --quiet --force -T0 -3 "$IMAGE" -o "$OUT/$name.zst"
}

put() { # file, first sector
    dd if="$1" of="$IMAGE" bs=512 seek="$2" conv=notrunc,sparse status=none
}
