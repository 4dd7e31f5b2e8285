# Two adapters at once, with one air each; one is unplugged, the other hears on.
start_vradio
mkfifo /run/air2
vradio -a 02:00:00:00:00:02 - </run/air2 >/run/vradio2.log 2>&1 &
exec 5>/run/air2
soon "a second controller" test -e /sys/class/bluetooth/hci1
start_mi32 --radio hci0,hci1
soon "hci0 listens" has /run/mi32.log 'hci0 listens:'
soon "hci1 listens" has /run/mi32.log 'hci1 listens:'
second_hears() { # TENTHS
	hears "$1" A4:C1:38:00:00:02 3>&5
}
soon "the first hears" hears 211
soon "the second hears" second_hears 212
air '0 unplug'
soon "the first is gone" has /run/mi32.log 'hci0 was unplugged'
soon "the second hears on" second_hears 213
