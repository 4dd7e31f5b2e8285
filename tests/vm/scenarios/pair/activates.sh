# `mi32 pair` over the air: a thermometer is activated and logged in to, a remote control's key is read.
# The devices' side is computed on the host, with python3-cryptography (../pair.py): both arrive at the
# same key, which is on the disk: a frame that the host encrypts with it is read, after a kill -9 too.
D=A4C1382F876B
R=F82441C5988B
mkfifo /run/air /run/to_host
vradio -g /vm/scenarios/pair/devices.txt - </run/air 2>&1 | tee /run/vradio.log >/run/to_host &
nc -l -p 9000 </run/to_host >/run/air &
soon "the host plays the devices" has /run/vradio.log '^controller hci'
start_listening

lists_remote() {
	as_user mi32 pair >/run/list.out && grep -q "$R" /run/list.out
}
lists_both() {
	lists_remote && grep -q "$D.*not activated" /run/list.out
}
soon "both can be paired" lists_both
expect "the thermometer is paired" as_user mi32 pair --yes $D >/run/pair.out 2>/run/pair.log
expect "with the warning" has /run/pair.log 'takes it away from the Mi Home app'
key=$(sed -n "s/^host key $D //p" /run/vradio.log)
expect "it shows the key that the device has" grep -x "$D $key" /run/pair.out
soon "it has logged in" has /run/vradio.log "^host logged in $D"
expect "and in no log" sh -c '! grep -qi "$1" /run/mi32.log' sh "$key"

measured() {
	echo '0 print measure' >/run/air
	sleep 0.5
	has /run/mi32.out "$D.*\"encrypted\":true.*\"temperature_c\":21.5"
}
soon "a frame that the host encrypted with it is read" measured
kill -9 $mi32_pid
start_listening
soon "and after a sudden end and a new start" measured
soon "the remote control was heard again" lists_remote

expect "the remote control's key is read" as_user mi32 pair --yes $R >/run/pair.out 2>/run/pair.log
expect "it shows the key that the device has" grep -x "$R b853075158487ca39a5b5ea9" /run/pair.out
