# A dual-mode controller, as every Raspberry Pi has, comes with Bluetooth LE off: mi32 switches it on,
# says so, and hears; by extended advertising, too. When another program switches it off, again.
start_btvirt
btmon >/run/btmon.out &
start_listening --radio hci0
expect "it says that it switched LE on" has /run/mi32.log 'LE was off in it and was switched on'
soon "the kernel was asked to" has /run/btmon.out 'Set Low Energy \(0x000d\)'
hciconfig hci1 up
advertised() { # TENTHS: the advertiser's value, sent until it is heard
	echo "0 C4:C1:38:11:22:33 $(atc C4:C1:38:11:22:33 "$1" "$1")" >/run/frames
	advertise -x -i 1 /run/frames >>/run/advertise.log 2>&1
	has /run/mi32.out "\"temperature_c\":$(($1 / 10))\.$(($1 % 10)),"
}
soon "its value came" advertised 217

switched='Set Low Energy \(0x000d\) plen 4$' # the answers
before=$(count /run/btmon.out "$switched")
sleep 100 2>/dev/null | btmgmt -i hci0 le off >/run/btmgmt.log 2>&1 & # which ends with its input
soon "switched off by another program, and on again" counts_at_least /run/btmon.out "$switched" $((before + 2))
soon "its value came" advertised 218
