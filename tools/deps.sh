#!/bin/bash
# deps.sh [--check] LIST...: installs the Debian or Ubuntu packages that a job needs.
#
# A list is build, run, test or fresh; each takes in the ones it stands on. Where everything is there
# already this costs a dpkg query and needs no rights. Otherwise apt is asked once, through sudo for
# an ordinary user. --check installs nothing and fails when something is missing.
#
# One package a word: `a|b` is the first of the two that the system knows (names differ between
# releases), `a?` is left out where it does not exist.
set -euo pipefail

packages_of() {
    case $1 in
    build) echo "gcc libc6-dev make cmake pkg-config libevent-dev libmosquitto-dev libcjson-dev libedit-dev
        libgpiod-dev libssl-dev" ;;
    run) echo "$(packages_of build) libcap2-bin" ;;
    test) echo "$(packages_of run) git python3 python3-cryptography python3-jinja2 diffutils file procps strace
        clang libclang-rt-dev? clang-tidy clang-format-14|clang-format cppcheck valgrind
        libcmocka-dev lua5.4 mandoc libmbedtls-dev libsodium-dev mosquitto mosquitto-clients openssl
        gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf
        gcc-xtensa-lx106 picolibc-xtensa-lx106-elf qemu-system-misc qemu-system-riscv?
        dpkg-dev xz-utils bzip2 patch qemu-system-x86 cpio kmod zstd mmdebstrap" ;;
    fresh) echo "git mmdebstrap" ;;
    *) echo "deps.sh: no list called '$1'" >&2; exit 2 ;;
    esac
}

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

known() {
    apt-cache show --no-all-versions "$1" >/dev/null 2>&1
}

# Prints what of the wanted packages is missing, alternatives resolved.
missing() {
    local word name names have
    have=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' 2>/dev/null) "
    for word in "$@"; do
        IFS='|' read -ra names <<<"${word%\?}"
        for name in "${names[@]}"; do
            [[ $have != *" installed=$name "* ]] || continue 2
        done
        for name in "${names[@]}"; do
            if known "$name"; then
                echo "$name"
                continue 2
            fi
        done
        [[ $word == *\? ]] || echo "${names[0]}"
    done
}

check=0
if [ "${1:-}" = --check ]; then
    check=1
    shift
fi
words=()
for list in "$@"; do
    read -ra more <<<"$(packages_of "$list" | tr '\n' ' ')"
    words+=("${more[@]}")
done

if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian or Ubuntu system: packages like these must be there:" >&2
    echo "  ${words[*]}" >&2
    exit 0
fi
mapfile -t need < <(missing "${words[@]}" | sort -u)
[ ${#need[@]} -gt 0 ] || exit 0
if [ $check = 1 ]; then
    echo "Missing packages: ${need[*]}" >&2
    exit 1
fi

fail() { # WHY
    echo "$1 As root:" >&2
    echo "  apt-get install --no-install-recommends ${need[*]}" >&2
    exit 1
}
sudo=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "Missing packages, and no sudo here."
    sudo=(sudo)
fi
as_root() {
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive "$@"
}
install() {
    as_root apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "${need[@]}"
}
refresh() {
    as_root apt-get -q -o DPkg::Lock::Timeout=300 update
    mapfile -t need < <(missing "${words[@]}" | sort -u)    # names can be resolved only now
}

echo "Installing what is missing: ${need[*]}"
as_root true || fail "Not granted."
compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null || refresh || fail "The lists of packages cannot be had."
install || { refresh && install; } || fail "Not all was installed."
