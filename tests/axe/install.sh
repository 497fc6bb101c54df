#!/bin/sh
# Fetches axe-core into a scratch folder, never into the tree: sh tests/axe/install.sh FOLDER
# Its checksum stands in package-lock.json. Its licence is MPL-2.0; it is used as a tool and not given on.
set -eu
folder=${1:?"usage: sh tests/axe/install.sh FOLDER"}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
command -v npm >/dev/null || { echo "npm is missing: apt-get install nodejs npm" >&2; exit 1; }
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
if [ -f "$folder/node_modules/axe-core/axe.min.js" ] && cmp -s "$here/package-lock.json" "$folder/package-lock.json"; then exit 0; fi
cp "$here/package.json" "$here/package-lock.json" "$folder"/
cd "$folder"
npm ci --ignore-scripts --no-audit --no-fund --silent
