#!/bin/bash
# libgpiod2.sh OUT: builds gpio_probe into the folder OUT as on Debian 13, whose libgpiod is version 2:
# the room relay, our port for GPIO and the probe, in a chroot of that release. The chroot is made once
# by mmdebstrap from this machine's own archive (some 100 MB of packages) and kept in $VM_CACHE, by
# default ~/.cache/vm-run. Exits with 77 where it cannot be done, and says why.
set -euo pipefail
tree=$(cd "$(dirname "$0")/../.." && pwd)
out=$1
suite=trixie
cache=${VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vm-run}
root=$cache/chroot-$suite

cannot() {
    echo "NOT RUN: $*"
    exit 77
}
[ "$(id -u)" = 0 ] || cannot "a chroot needs root"
command -v mmdebstrap >/dev/null || cannot "mmdebstrap is missing"

make_chroot() {
    local uri options=() file
    uri=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
        sed -n 's, main$,,p' | grep -m 1 '/debian/\?$') || cannot "no Debian archive is configured"
    for file in $(grep -lsiE 'proxy|verify|cainfo|check-' /etc/apt/apt.conf.d/* || true); do
        options+=("--aptopt=$file")
    done
    rm -rf --one-file-system "$root.new" "$root"
    mmdebstrap --quiet --variant=minbase --mode=root --skip=cleanup/apt/lists "${options[@]}" \
        --include=gcc,libc6-dev,libgpiod-dev "$suite" "$root.new" \
        "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" >&2 ||
        cannot "mmdebstrap cannot make a chroot of $suite here"
    mv "$root.new" "$root"
}

mkdir -p "$cache" "$out"
exec 9>"$cache/chroot.lock"
flock 9
[ -d "$root" ] || make_chroot

# Only what is compiled goes in, and the program comes out: nothing is mounted.
work=$(mktemp -d "$root/tmp/mi32.XXXXXX")
trap 'rm -rf "$work"' EXIT
tar -C "$tree" -cf - src/base src/port src/relay ports/linux tests/vm/gpio_probe.c | tar -C "$work" -xf -
chroot "$root" /bin/sh -ec 'cd "$1" && gcc -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -Isrc -Iports \
    src/relay/*.c src/base/timers.c ports/linux/gpio.c ports/linux/gpio_line_v2.c tests/vm/gpio_probe.c \
    -lgpiod -o gpio_probe' sh "/tmp/$(basename "$work")"
cp "$work/gpio_probe" "$out/gpio_probe"
