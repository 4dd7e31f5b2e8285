# 19,500 adverts of 100 sensors in 60.7 s, 321 a second: the same number at every stage, from the air to
# what each one came to.
sent=19500
awk -v n=$sent 'BEGIN { print "0 scan"; for (i = 0; i < n; i++)
	printf "%d A4:C1:38:00:00:%02X 10161a18a4c1380000%02x%04x32460bb8%02x\n",
		i == 0 ? 1000 : i % 9 == 0 ? 4 : 3, i % 100, i % 100, 200 + i / 100 % 100, i / 100 % 256 }' >/run/frames

start_mi32
vradio -L /run/commands /run/frames >/run/vradio.log 2>&1 &
soon "mi32 listens" has /run/mi32.log 'hci0 listens:'
start=$(cut -d . -f 1 /proc/uptime)
count_of() { # NAME: a number of MI32Radio
	mi32_says MI32Radio | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}
LIMIT=180
received_all() {
	sleep 1
	[ "$(count_of Received)" = $sent ]
}
soon "received" received_all
took=$(($(cut -d . -f 1 /proc/uptime) - start))
echo "it took $took s, so $((sent / took)) adverts/s"
same "handed on" "$(count_of Adverts)" $sent
same "lost" "$(count_of Lost)" 0
same "malformed" "$(count_of Malformed)" 0
same "came to be ok" "$(count_of ok)" $sent
same "values told" "$(count /run/mi32.out '"change":"values"')" $sent
