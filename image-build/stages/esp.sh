# The boot partition: Debian's signed programs, our menu, and the file of the boot variables. Updates never write here.
# shellcheck shell=bash

# shellcheck disable=SC2034  # disk.sh and root.sh read them
readonly ESP_MIB=256 SLOT_MIB=1024

make_esp() {
    ESP=$WORK/esp.img
    [ "$ARCH" = amd64 ] || return 0
    local shim grub tree=$WORK/esp
    shim=$(find "$WORK/boot-programs" -name shimx64.efi.signed)
    grub=$(find "$WORK/boot-programs" -name grubx64.efi.signed)
    if [ -z "$shim" ] || [ -z "$grub" ]; then refuse 'build: the signed boot programs did not come with the packages.'; fi
    mkdir -p "$tree/EFI/BOOT" "$tree/EFI/debian" "$tree/uketsuke"
    # the removable path, so that a disk starts in a machine that was never told of it
    cp "$shim" "$tree/EFI/BOOT/BOOTX64.EFI"
    cp "$grub" "$tree/EFI/BOOT/grubx64.efi"
    # where Debian's signed program looks for its menu
    cp boot/grub.cfg "$tree/EFI/debian/grub.cfg"
    grub-script-check "$tree/EFI/debian/grub.cfg"
    grub-editenv "$tree/grubenv" create
    grub-editenv "$tree/grubenv" set 'ORDER=A B' A_OK=1 B_OK=1 A_TRY=0 B_TRY=0
    printf 'provision.toml comes here. It is read once, at the first start.\n' >"$tree/uketsuke/README.TXT"
    find "$tree" -exec touch --date="@$SOURCE_DATE_EPOCH" {} +
    truncate -s "${ESP_MIB}M" "$ESP"
    mkfs.vfat --invariant -i 554B4554 -n UKETSUKE -F 32 "$ESP" >/dev/null
    mcopy -i "$ESP" -s -m -Q "$tree"/* ::/
}
