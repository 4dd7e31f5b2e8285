#!/bin/bash
# installed.sh DESTDIR PREFIX: after `make install` on the machine itself (no DESTDIR, root, and a
# PREFIX where systemd looks) makes the service's user and has systemd read the unit; says how to
# start it.
set -euo pipefail
[ -z "$1" ] && [ "$(id -u)" = 0 ] && command -v systemctl >/dev/null || exit 0
case ${2%/} in
/usr | /usr/local) ;;
*) exit 0 ;;
esac
! command -v systemd-sysusers >/dev/null || systemd-sysusers "${2%/}/lib/sysusers.d/mi32.conf"
[ ! -d /run/systemd/system ] || systemctl daemon-reload
echo "As a service: systemctl enable --now mi32"
