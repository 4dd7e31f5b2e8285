# Every operation on a device, through the kernel's L2CAP as a user without rights, while mi32 listens:
# connect by address and type, find by short and long UUID within a service or any, read and write in
# one PDU and in many, with response and without, subscribe to notifications and indications, disconnect.
D=A4:C1:38:00:00:01
start_vradio -g /vm/scenarios/gatt/devices.txt
start_listening

probe $D fff0 read fff1 write fff2 0102 silent fff2 03 read+ fff1
tells "read and written" "1 0 fff1 0006 68656c6c6f" "2 0 fff2 0008 " "2 0 fff2 0008 " "1 0 fff1 0006 68656c6c6f"
expect "with a response" has /run/vradio.log '^write fff2 0102$'
soon "and without" has /run/vradio.log '^writecmd fff2 03$'
soon "then disconnected" counts /run/vradio.log '^disconnected' 1

probe $D any read ebe0ccc1-7a0a-4b0c-8a1a-6ff2997da3a6 read+ 2a00
tells "found in any service, by short and long UUIDs" \
	"1 0 ebe0ccc1-7a0a-4b0c-8a1a-6ff2997da3a6 0021 0102030405" "1 0 2a00 0003 70656572"
probe $D ebe0ccb0-7a0a-4b0c-8a1a-6ff2997da3a6 write ebe0ccb7-7a0a-4b0c-8a1a-6ff2997da3a6 8085286302 \
	read+ ebe0ccb7-7a0a-4b0c-8a1a-6ff2997da3a6
tells "in a service of 128 bits" "2 0 ebe0ccb7-7a0a-4b0c-8a1a-6ff2997da3a6 0024 " \
	"1 0 ebe0ccb7-7a0a-4b0c-8a1a-6ff2997da3a6 0024 8085286302"

long=$(seq 1 500 | awk '{ printf "%02x", $1 % 251 }')
probe $D fff0 write fff5 $long read+ fff5
tells "500 bytes, written and read in parts" "2 0 fff5 0010 " "1 0 fff5 0010 $long"

probe $D fff0 subscribe fff3 subscribe fff4 say subscribed await 4 read fff1 disconnect >/dev/null &
wait_for $LIMIT has /run/probe.out '^subscribed'
for value in 01 02; do
	air "0 notify fff3 aa$value"
	air "100 notify fff4 bb$value"
done
soon "the values were confirmed" counts /run/vradio.log '^confirm fff4' 2
soon "and the connection ended" has /run/probe.out '^5 2'
for line in "3 0 fff3 000a " "3 0 fff4 000d " "103 0 fff3 000a aa01" "103 0 fff3 000a aa02" \
	"103 0 fff4 000d bb01" "103 0 fff4 000d bb02" "1 0 fff1 0006 68656c6c6f"; do
	same "times it was told: $line" "$(grep -cxF "$line" /run/probe.out)" 1
done
expect "subscribed by the right bits" has /run/vradio.log '^subscribe fff3 0100$'
expect "each" has /run/vradio.log '^subscribe fff4 0200$'

probe C4:C1:38:00:00:02/random 1812 read 2a4d subscribe+ 2a4d &
soon "both of one UUID are subscribed to" counts /run/vradio.log '^subscribe 2a4d 0100' 2
air '0 notify 2a4d 05'
soon "the value came" has /run/probe.out '^103 0 2a4d 0003 05$'
soon "and the job ended with it" has /run/probe.out '^3 0 2a4d 0003 05$'

soon "mi32 has gone on listening" hears 211 A4:C1:38:00:00:99
