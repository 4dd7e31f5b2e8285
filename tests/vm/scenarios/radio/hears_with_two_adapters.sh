# Two adapters at once, with one air each; one is unplugged, the other hears on.
start_vradio
mkfifo /run/air2
vradio -a 02:00:00:00:00:02 - </run/air2 >/run/vradio2.log 2>&1 &
exec 5>/run/air2
soon "a second controller" test -e /sys/class/bluetooth/hci1
start_mi32 --radio hci0,hci1
soon "hci0 listens" has /run/mi32.log 'hci0 listens:'
soon "hci1 listens" has /run/mi32.log 'hci1 listens:'
air "0 A4:C1:38:00:00:01 $(atc A4:C1:38:00:00:01 211 1)"
echo "0 A4:C1:38:00:00:02 $(atc A4:C1:38:00:00:02 212 1)" >&5
soon "the first hears" has /run/mi32.out '"temperature_c":21.1,'
soon "the second hears" has /run/mi32.out '"temperature_c":21.2,'
air '0 unplug'
soon "the first is gone" has /run/mi32.log 'hci0 was unplugged'
echo "0 A4:C1:38:00:00:02 $(atc A4:C1:38:00:00:02 213 2)" >&5
soon "the second hears on" has /run/mi32.out '"temperature_c":21.3,'
