#!/bin/bash
# sources.sh FOLDER: unpacks the sources of the libraries that the small targets need, as Debian or
# Ubuntu ships them, to FOLDER/{cmocka,cjson,mbedtls,libsodium}. apt does the download and checks
# the signatures, with a copy of this machine's own list of mirrors in which `deb` says `deb-src`;
# nothing of the system's own configuration changes, and no rights are needed. What is there
# already stays.
set -euo pipefail
packages=(cmocka cjson mbedtls libsodium)
mkdir -p "$1"
cd "$1"

missing=()
for p in "${packages[@]}"; do
    [ -e "$p/.complete" ] || missing+=("$p")
done
[ ${#missing[@]} -gt 0 ] || exit 0

# Mirrors: one-line lists and deb822 files.
mkdir -p apt/parts apt/state/lists/partial apt/cache/archives/partial
: >apt/sources.list
shopt -s nullglob
for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ ! -r "$f" ] || sed -n 's/^deb\([[:space:]]\)/deb-src\1/p' "$f" >>apt/sources.list
done
for f in /etc/apt/sources.list.d/*.sources; do
    sed 's/^Types:.*/Types: deb-src/' "$f" >"apt/parts/${f##*/}"
done
options=(-q -o "Dir::Etc::SourceList=$PWD/apt/sources.list" -o "Dir::Etc::SourceParts=$PWD/apt/parts"
    -o "Dir::State=$PWD/apt/state" -o "Dir::State::status=/var/lib/dpkg/status"
    -o "Dir::Cache=$PWD/apt/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=3
    -o Acquire::Languages=none)

# A mirror of somebody else's packages may have no sources; only ours have to be found.
apt-get "${options[@]}" update || true
for p in "${missing[@]}"; do
    rm -rf "$p" "$p-unpack"
    mkdir "$p-unpack"
    (cd "$p-unpack" && apt-get "${options[@]}" source "$p")
    mv "$p-unpack"/*/ "$p"
    rm -rf "$p-unpack"
    touch "$p/.complete"
done
