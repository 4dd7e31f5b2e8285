#!/bin/bash
# run.sh [ARGUMENTS OF mi32 run]: starts the program that was just built, with a Bluetooth adapter on
# what it hears, without one on the demo house, which keeps its files apart.
set -euo pipefail
cd "$(dirname "$0")/.."
program=build/mi32
rights=cap_net_admin,cap_net_raw+ep

if ! compgen -G '/sys/class/bluetooth/*' >/dev/null; then
    echo "No Bluetooth adapter here: playing the demo house (mi32 run --radio demo)."
    exec "$program" run --radio demo "$@"
fi

# A program file loses its rights when it is built anew.
if [ "$(id -u)" != 0 ] && ! PATH=$PATH:/usr/sbin:/sbin getcap "$program" 2>/dev/null | grep -q cap_net_raw; then
    echo "Bluetooth needs two rights for $program:"
    echo "  sudo setcap $rights $program"
    sudo setcap "$rights" "$program" ||
        echo "Not granted. The radio stays closed until the command above has been run."
fi
exec "$program" run "$@"
