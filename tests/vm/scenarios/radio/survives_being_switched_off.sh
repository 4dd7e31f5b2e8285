# Another program switches the adapter off; rfkill blocks it: each is said once with what helps, and
# listening goes on by itself when it can.
start_vradio
start_listening
block() { # 1 or 0
	echo "$1" | tee /sys/class/rfkill/*/soft
}
soon "it hears" hears 211
hciconfig hci0 down
soon "switched off: said" has /run/mi32.log 'was switched off by another program.*rfkill block'
soon "mi32 has switched it on" counts /run/mi32.log 'hci0 listens:' 2
soon "and hears" hears 212
block 1
soon "blocked: said, with what helps" has /run/mi32.log 'is blocked by rfkill.*rfkill unblock bluetooth'
sleep 7 # more than one further try
same "times it was said" "$(count /run/mi32.log 'blocked by rfkill')" 1
block 0
soon "unblocked: it listens" counts /run/mi32.log 'hci0 listens:' 3
soon "and hears" hears 213
