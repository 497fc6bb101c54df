# What goes with the image: its components, how it was made, checksums, and the signature over them.
# shellcheck shell=bash

make_papers() {
    local stem=uketsuke-box-$VERSION-$ARCH
    cut -d ' ' -f 1-3 "$WORK/packages.txt" >"$OUT/$stem.packages.txt"
    python3 stages/sbom.py "$WORK/packages.txt" ../Cargo.lock "$VERSION" "$ARCH" "$SOURCE_DATE_EPOCH" >"$OUT/$stem.sbom.spdx.json"
    cat >"$OUT/$stem.build-info.json" <<JSON
{
  "version": "$VERSION",
  "channel": "$CHANNEL",
  "arch": "$ARCH",
  "suite": "$SUITE",
  "commit": "$(git -C "$HERE" rev-parse HEAD)",
  "changed_since_commit": $([ -z "$(git -C "$HERE" status --porcelain)" ] && echo false || echo true),
  "source_date_epoch": $SOURCE_DATE_EPOCH,
  "base_sha256": "$(sha256sum "$BASE" | cut -d ' ' -f 1)",
  "root_file_system_sha256": "$(sha256sum "$SLOT" | cut -d ' ' -f 1)",
  "disk_image_sha256": "$(cat "$WORK/image.sha256" 2>/dev/null)"
}
JSON
    (cd "$OUT" && sha256sum -- "$stem".* "uketsuke_${VERSION}_$ARCH.deb" >"$stem.SHA256SUMS")
    openssl cms -sign -binary -in "$OUT/$stem.SHA256SUMS" -signer "$KEYS/signer.pem" -inkey "$KEYS/signer.key" \
        -outform PEM -out "$OUT/$stem.SHA256SUMS.sig" -nosmimecap
}
