# Two adapters with one air each: the connection is made by the one whose address is asked for, though
# the other one is up and comes first.
D=A4:C1:38:00:00:01
start_vradio
mkfifo /run/air2
vradio -a 02:00:00:00:00:02 -g /vm/scenarios/gatt/devices.txt - </run/air2 >/run/vradio2.log 2>&1 &
exec 5>/run/air2
soon "a second controller" test -e /sys/class/bluetooth/hci1
hciconfig hci0 up
start_mi32 --radio hci1
soon "hci1 listens" has /run/mi32.log 'hci1 listens:'

probe -a 02:00:00:00:00:02 $D fff0 read+ fff1
tells "read by the second" "1 0 fff1 0006 68656c6c6f"
expect "which has connected" has /run/vradio2.log '^connected'
expect "not the first" has_not /run/vradio.log '^connected'
