#!/bin/sh
# Installs the other stores into a scratch folder, never into the tree: sh tests/peers/install.sh FOLDER
set -eu
folder=${1:?"usage: sh tests/peers/install.sh FOLDER"}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
command -v npm >/dev/null || { echo "npm is missing: apt-get install nodejs npm" >&2; exit 1; }
mkdir -p "$folder"
cp "$here"/package.json "$here"/*.mjs "$folder"/
cd "$folder"
# LevelDB comes built; the one part that would be compiled is for a storage that is not used here
npm install --ignore-scripts --no-audit --no-fund
echo "installed; now: cargo xtask bench sync --peers $folder"
