# The adapter is not there at first, comes, is unplugged and comes back, while mi32 runs; each is said
# once, with what helps.
start_mi32
soon "it waits for an adapter" has /run/mi32.log 'There is no Bluetooth adapter.*Plug one in'
start_vradio
soon "it listens" has /run/mi32.log 'hci0 listens:'
soon "and hears" hears 211
for round in 2 3; do
	air '0 unplug'
	soon "unplugged: said, with what helps" counts /run/mi32.log 'was unplugged.*Plug it in again' $((round - 1))
	wait $vradio_pid || true
	start_vradio
	soon "back: it listens" counts /run/mi32.log 'hci0 listens:' $round
	soon "and hears" hears 21$round
done
same "times it was said to be absent" "$(count /run/mi32.log 'There is no Bluetooth adapter')" 1
same "to listen" "$(count /run/mi32.log 'hci0 listens:')" 3
same "to be unplugged" "$(count /run/mi32.log 'was unplugged')" 2
