#!/bin/bash
# fresh.sh [SUITE]: the two commands on machines that have nothing. A minimal Debian (bookworm unless
# named) is made from this machine's own mirrors, with make, git and sudo; the last commit of this
# tree is cloned into it. Then, each time in a fresh copy:
#
#     as a user who may sudo    make run     until the demo house's first value is on the terminal
#     as root                   make run     the same
#                               make test    all of it
#
# Needs root and about 4 GB in TMPDIR; nothing is left behind.
set -euo pipefail
cd "$(dirname "$0")/.."
suite=${1:-bookworm}
value='[0-9] °C'                # what is waited for: a temperature
[ "$(id -u)" = 0 ] || { echo "It needs root: sudo make test-fresh"; exit 1; }
passed=0 failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/mi32-fresh.XXXXXX")
chmod 755 "$work"
root=$work/root

# Ends what still runs inside the fresh machine, and nothing else.
stop_all() {
    local p signal
    for signal in TERM KILL; do
        for p in /proc/[0-9]*; do
            [ "$(readlink "$p/root" 2>/dev/null)" != "$root" ] || kill -$signal "${p#/proc/}" || true
        done
        sleep 1
    done
}
discard() {
    [ -d "$root" ] || return 0
    stop_all
    umount -l "$root/proc" "$root/dev/pts" "$root/dev" 2>/dev/null || true
    umount -l "$root" 2>/dev/null || true
    rm -rf --one-file-system "$root"
}
trap 'discard; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

make_image() {
    local mirrors=() options=() f own
    shopt -s nullglob
    own=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    for f in /etc/apt/sources.list /etc/apt/sources.list.d/{debian,ubuntu}.sources; do
        [ "$suite" != "$own" ] || [ ! -s "$f" ] || mirrors+=("$f")
    done
    [ ${#mirrors[@]} -gt 0 ] || mirrors=(http://deb.debian.org/debian)
    for f in $(grep -lsiE 'proxy|verify|cainfo|check-' /etc/apt/apt.conf.d/*); do
        options+=("--aptopt=$f")
    done
    mmdebstrap --quiet --variant=minbase --include=make,git,sudo,ca-certificates "${options[@]}" \
        "$suite" "$work/image.tar" "${mirrors[@]}"
    git clone -q --bare --no-hardlinks . "$work/mi32.git"
}

fresh_machine() {
    discard
    mkdir "$root"
    mount --bind "$root" "$root"    # a place of its own, as the root of a machine is
    mount --make-private "$root"
    tar -C "$root" -xf "$work/image.tar" --exclude=./dev
    mkdir -p "$root/dev"
    mount --bind /dev "$root/dev"
    mount --bind /dev/pts "$root/dev/pts"
    mount -t proc proc "$root/proc"
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    chroot "$root" useradd -m -s /bin/bash pi
    echo 'pi ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/pi"
    git clone -q "$work/mi32.git" "$root/home/pi/mi32"
    chroot "$root" chown -R pi: /home/pi/mi32
    cp -r "$root/home/pi/mi32" "$root/root/mi32"
    chroot "$root" chown -R root: /root/mi32
}

# The command line that runs COMMAND there in the tree of that user, as one quoted text.
inside() { # USER COMMAND
    printf '%q ' chroot "$root" env -i TERM=dumb LC_ALL=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        su - "$1" -c "export LC_ALL=C.UTF-8; cd mi32 && $2"
}

verdict() { # NAME STATUS
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
        echo "== ok: $1"
    else
        failed=$((failed + 1))
        echo "== FAILED: $1"
    fi
}

# `make run` on a terminal of its own, until a value stands there. None within 15 minutes, or an end
# by itself, is a failure.
first_value() { # NAME USER
    local log=$work/terminal pid status=1 last=$((SECONDS + 900))
    echo "== $1"
    script -qefc "$(inside "$2" 'make run')" "$log" >/dev/null \
        2>&1 </dev/null &
    pid=$!
    while kill -0 $pid 2>/dev/null && [ $SECONDS -lt $last ] && [ $status != 0 ]; do
        sleep 1
        ! grep -qaE "$value" "$log" || status=0
    done
    stop_all
    wait $pid 2>/dev/null || true
    tail -n "$([ $status = 0 ] && echo 8 || echo 80)" "$log"
    verdict "$1" $status
}

echo "== a fresh $suite"
make_image
fresh_machine
first_value "make run as a user with sudo" pi
fresh_machine
first_value "make run as root" root
echo "== make test as root"
eval "$(inside root 'make test')" </dev/null && status=0 || status=$?
verdict "make test as root" $status

echo "$passed passed, $failed failed"
[ $failed = 0 ]
