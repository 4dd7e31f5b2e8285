# The other radio: BlueZ's own emulator, a controller written by others. Adapters are chosen by name.
start_btvirt -L
hciconfig hci1 up
start_listening --radio hci0
cat >/run/frames <<-END
	0 C4:C1:38:11:22:33 $(atc C4:C1:38:11:22:33 217 1)
	50 C4:C1:38:11:22:33 $(atc C4:C1:38:11:22:33 218 2)
	50 C4:C1:38:11:22:34 $(atc C4:C1:38:11:22:34 219 1)
END
advertised() { # all of it, sent until it is heard
	advertise -i 1 /run/frames >>/run/advertise.log 2>&1
	for value in 21.7 21.8 21.9; do
		has /run/mi32.out "\"temperature_c\":$value," || return 1
	done
}
soon "all values came" advertised
expect "from a random address" has /run/mi32.out '"mac":"C4C138112234"'
