# A dual-mode controller, as every Raspberry Pi has, comes with Bluetooth LE off: mi32 switches it on,
# says so, and hears; by extended advertising, too.
start_btvirt
btmon >/run/btmon.out &
start_listening --radio hci0
expect "it says that it switched LE on" has /run/mi32.log 'LE was off in it and was switched on'
soon "the kernel was asked to" has /run/btmon.out 'Set Low Energy \(0x000d\)'
hciconfig hci1 up
echo "0 C4:C1:38:11:22:33 $(atc C4:C1:38:11:22:33 217 1)" >/run/frames
advertised() { # the advertiser's value, sent until it is heard
	advertise -x -i 1 /run/frames >>/run/advertise.log 2>&1
	has /run/mi32.out '"temperature_c":21.7,'
}
soon "its value came" advertised
