# --radio user:hci0: the adapter is taken from the kernel, and from a bluetoothd that has it up; it is
# listened to by commands of mi32's own, and given back at the end. Blocked by rfkill, and unplugged, it
# is waited for.
start_vradio
start_bluetoothd
hciconfig hci0 up
block() { # 1 or 0
	echo "$1" | tee /sys/class/rfkill/*/soft
}
block 1
start_mi32 --radio user:hci0
soon "blocked: said, with what helps" has /run/mi32.log 'is blocked by rfkill.*rfkill unblock bluetooth'
block 0
soon "it listens" has /run/mi32.log 'hci0 listens: user channel, passive'
expect "nobody else can use it" sh -c '! hciconfig hci0 down'
expect "by its own commands" has /run/commands '^scan on passive dup-filter=0'
soon "and hears" hears 211
air '0 unplug'
soon "unplugged: said" has /run/mi32.log 'hci0 was unplugged'
wait $vradio_pid || true
start_vradio
soon "back: it listens" counts /run/mi32.log 'hci0 listens: user channel' 2
soon "and hears" hears 212
stop_mi32
soon "the kernel has it again" hciconfig hci0 up
