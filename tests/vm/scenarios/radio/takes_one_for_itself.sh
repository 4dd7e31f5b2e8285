# --radio user:hci0: the adapter is taken from the kernel, and from a bluetoothd that has it up; it is
# listened to by commands of mi32's own, and given back at the end.
start_vradio
start_bluetoothd
hciconfig hci0 up
start_mi32 --radio user:hci0
soon "it listens" has /run/mi32.log 'hci0 listens: user channel, passive'
expect "by its own commands" has /run/commands '^scan on passive dup-filter=0'
soon "and hears" hears 211
stop_mi32
expect "the kernel has it again" hciconfig hci0 up
