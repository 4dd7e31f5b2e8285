# --radio user:hci0: the adapter is taken from the kernel, and from a bluetoothd that has it up; it is
# listened to by commands of mi32's own, and given back at the end.
start_vradio
start_bluetoothd
hciconfig hci0 up
start_mi32 --radio user:hci0
soon "it listens" has /run/mi32.log 'hci0 listens: user channel, passive'
expect "by its own commands" has /run/commands '^scan on passive dup-filter=0'
air "0 A4:C1:38:00:00:01 $(atc A4:C1:38:00:00:01 211 1)"
soon "and hears" has /run/mi32.out '"temperature_c":21.1,'
stop_mi32
expect "the kernel has it again" hciconfig hci0 up
