# Two adapters with one air each, and the same device in both: the connection is made by the one whose
# address is asked for, whichever of them the kernel would take by itself.
D=A4:C1:38:00:00:01
start_vradio -g /vm/scenarios/gatt/devices.txt
mkfifo /run/air2
vradio -a 02:00:00:00:00:02 -g /vm/scenarios/gatt/devices.txt - </run/air2 >/run/vradio2.log 2>&1 &
exec 5>/run/air2
soon "a second controller" test -e /sys/class/bluetooth/hci1
start_mi32 --radio hci0,hci1
soon "hci0 listens" has /run/mi32.log 'hci0 listens:'
soon "hci1 listens" has /run/mi32.log 'hci1 listens:'

probe -a 02:00:00:00:00:02 $D fff0 read+ fff1
tells "read by the second" "1 0 fff1 0006 68656c6c6f"
expect "which has connected" has /run/vradio2.log '^connected'
expect "not the first" has_not /run/vradio.log '^connected'
soon "it has disconnected" has /run/vradio2.log '^disconnected'

probe -a 02:00:00:00:00:01 $D fff0 read+ fff1
tells "read by the first" "1 0 fff1 0006 68656c6c6f"
expect "which has connected" has /run/vradio.log '^connected'
same "times that the second has" "$(count /run/vradio2.log '^connected')" 1
